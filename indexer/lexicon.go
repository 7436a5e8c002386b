package indexer

import (
	"cmp"
	"encoding/binary"
	"math/bits"
	"slices"
	"unicode/utf8"
)

// Limits of the words that a lexicon takes: what is longer is no word that
// anybody types.
const (
	maxWordRunes = 32
	maxWordBytes = 96
)

// lexicon is a set of words, numbered in the order in which they came, with a
// count of each. It keeps them one after the other, with what tells at a
// glance that a word is not like another: how long it is and which letters it
// has. Looking at all of them for those that are nearly some word then takes
// less time than walking an automaton, and adding one costs nothing.
type lexicon struct {
	text   []byte
	end    []uint32 // in text, by number
	count  []uint32
	runes  []uint8
	letter []uint32 // see letters
	head   []uint32 // see head
	slots  []uint32 // open addressing; number + 1, 0 is free
}

func (l *lexicon) len() int { return len(l.end) }

func (l *lexicon) word(n uint32) []byte {
	from := uint32(0)
	if n > 0 {
		from = l.end[n-1]
	}
	return l.text[from:l.end[n]]
}

func (l *lexicon) slot(word string) (slot uint64, n uint32, ok bool) {
	mask := uint64(len(l.slots) - 1)
	for slot = hashTerm(word) & mask; ; slot = (slot + 1) & mask {
		k := l.slots[slot]
		if k == 0 {
			return slot, 0, false
		}
		if string(l.word(k-1)) == word {
			return slot, k - 1, true
		}
	}
}

// find gives the number of a word.
func (l *lexicon) find(word string) (uint32, bool) {
	if len(l.slots) == 0 {
		return 0, false
	}
	_, n, ok := l.slot(word)
	return n, ok
}

// add gives the number of a word, taking it if it is new; ok is false for
// what is too long to be one.
func (l *lexicon) add(word string) (n uint32, ok bool) {
	if l.slots == nil {
		l.slots = make([]uint32, 256)
	}
	slot, n, ok := l.slot(word)
	if ok {
		return n, true
	}
	runes := utf8.RuneCountInString(word)
	if len(word) > maxWordBytes || runes > maxWordRunes {
		return 0, false
	}
	l.text = append(l.text, word...)
	l.end = append(l.end, uint32(len(l.text)))
	l.count = append(l.count, 0)
	l.runes = append(l.runes, uint8(runes))
	l.letter = append(l.letter, letters(word))
	l.head = append(l.head, head(word))
	l.slots[slot] = uint32(len(l.end))
	if 4*len(l.end) > 3*len(l.slots) {
		l.slots = make([]uint32, 2*len(l.slots))
		for i := range l.end {
			s, _, _ := l.slot(string(l.word(uint32(i))))
			l.slots[s] = uint32(i + 1)
		}
	}
	return uint32(len(l.end) - 1), true
}

// letters tells which letters a word has: a bit for each from a to z, and six
// for all others. An edit changes at most two of the bits.
func letters(word string) uint32 {
	var set uint32
	for _, r := range word {
		if r >= 'a' && r <= 'z' {
			set |= 1 << (r - 'a')
		} else {
			set |= 1 << (26 + uint32(r)%6)
		}
	}
	return set
}

// prefixed calls fn with each word that begins so.
func (l *lexicon) prefixed(start string, fn func(n uint32)) {
	if start == "" {
		return
	}
	want, mask := head(start), ^uint32(0)<<(8*(4-min(4, len(start))))
	for i, h := range l.head {
		if (h^want)&mask != 0 {
			continue
		}
		if w := l.word(uint32(i)); len(w) >= len(start) && string(w[:len(start)]) == start {
			fn(uint32(i))
		}
	}
}

// head is the first four bytes of a word.
func head(word string) uint32 {
	var b [4]byte
	copy(b[:], word)
	return binary.BigEndian.Uint32(b[:])
}

// near calls fn with each word that is at most limit edits from the speller's,
// or begins with what is if the speller is one of prefixes.
func (l *lexicon) near(s *speller, fn func(n uint32, distance int)) {
	want, length, limit := letters(string(s.want)), len(s.want), s.limit
	most, mask := 2*limit, ^uint32(0)
	if s.prefix { // an edit can spare one of the letters that are wanted
		most, mask = limit, want
	}
	for i, has := range l.letter {
		// The letters first: few words pass, so the processor guesses right.
		if bits.OnesCount32((want^has)&mask) > most {
			continue
		}
		if d := int(l.runes[i]) - length; d < -limit || d > limit && !s.prefix {
			continue
		}
		if d := s.distance(l.word(uint32(i))); d <= limit {
			fn(uint32(i), d)
		}
	}
}

// speller measures how many letters must be changed, added, left out or
// swapped with their neighbour (optimal string alignment) to make one word of
// another. It is for one goroutine.
type speller struct {
	want   []rune
	ascii  []byte // want, if it is ASCII alone
	limit  int
	prefix bool // measure to the nearest beginning of a word
	rows   [3][]uint8
}

func newSpeller(word string, limit int, prefix bool) *speller {
	s := &speller{want: []rune(word), limit: limit, prefix: prefix}
	for i := range s.rows {
		s.rows[i] = make([]uint8, len(s.want)+1)
	}
	if isASCII(word) {
		s.ascii = []byte(word)
	}
	return s
}

func isASCII[T string | []byte](s T) bool {
	for i := 0; i < len(s); i++ {
		if s[i] >= utf8.RuneSelf {
			return false
		}
	}
	return true
}

// distance is limit+1 if it is more than the limit.
func (s *speller) distance(word []byte) int {
	if s.ascii == nil || !isASCII(word) {
		return s.byTable(word)
	}
	for d := range s.limit + 1 {
		if s.within(s.ascii, word, d) {
			return d
		}
	}
	return s.limit + 1
}

// within tells whether d edits are enough. Two words that are not alike are
// told apart by their first letters, so it is much faster than a table.
func (s *speller) within(a, b []byte, d int) bool {
	for len(a) > 0 && len(b) > 0 && a[0] == b[0] {
		a, b = a[1:], b[1:]
	}
	if len(a) <= d && (s.prefix || len(b) <= d) {
		return true // change or leave out all that is left
	}
	if d == 0 {
		return false
	}
	if len(a) > 0 && len(b) > 0 {
		if s.within(a[1:], b[1:], d-1) {
			return true
		}
		if len(a) > 1 && len(b) > 1 && a[0] == b[1] && a[1] == b[0] && s.within(a[2:], b[2:], d-1) {
			return true
		}
	}
	return len(a) > 0 && s.within(a[1:], b, d-1) || len(b) > 0 && s.within(a, b[1:], d-1)
}

// byTable is the distance of words with letters of several bytes.
func (s *speller) byTable(word []byte) int {
	n := len(s.want)
	if n > 200 {
		return s.limit + 1
	}
	two, one, now := s.rows[0], s.rows[1], s.rows[2]
	for j := range one {
		one[j] = uint8(j)
	}
	best := int(one[n])
	var before rune
	for i := 1; len(word) > 0; i++ {
		c, size := rune(word[0]), 1
		if c >= utf8.RuneSelf {
			c, size = utf8.DecodeRune(word)
		}
		word = word[size:]
		if i > n+s.limit {
			if s.prefix {
				break
			}
			return s.limit + 1
		}
		now[0] = uint8(i)
		least := now[0]
		for j, e := range s.want {
			d := one[j]
			if c != e {
				d = min(d, one[j+1], now[j]) + 1
				if j > 0 && i > 1 && c == s.want[j-1] && before == e {
					d = min(d, two[j-1]+1)
				}
			}
			now[j+1] = d
			least = min(least, d)
		}
		best = min(best, int(now[n]))
		two, one, now = one, now, two
		if int(least) > s.limit {
			if s.prefix {
				break
			}
			return s.limit + 1
		}
		before = c
	}
	if !s.prefix {
		best = int(one[n])
	}
	return min(best, s.limit+1)
}

// typoLimit is how many edits are taken for a slip in a word of so many
// letters that is still being typed, or was chosen from a list.
func typoLimit(runes int) int {
	switch {
	case runes < 4:
		return 0
	case runes < 8:
		return 1
	}
	return 2
}

// wordLists is a lexicon that knows a list of numbers for each word.
type wordLists struct {
	lexicon
	lists []numbers
}

// numbers is a list of numbers, kept as their differences.
type numbers struct {
	b    []byte
	last uint32
}

func (l *numbers) add(v uint32) {
	l.b = binary.AppendVarint(l.b, int64(v)-int64(l.last))
	l.last = v
}

func (l *numbers) each(fn func(uint32)) {
	v := int64(0)
	for at := 0; at < len(l.b); {
		if c := l.b[at]; c < 0x80 { // most differences are small
			v += int64(c>>1) ^ -int64(c&1)
			at++
		} else {
			d, n := binary.Varint(l.b[at:])
			at += n
			v += d
		}
		fn(uint32(v))
	}
}

func (l *numbers) has(v uint32) (found bool) {
	l.each(func(x uint32) { found = found || x == v })
	return found
}

// put adds a number to the list of a word, whose lists are of growing numbers
// or told apart by the caller.
func (l *wordLists) put(word string, v uint32) {
	n, ok := l.add(word)
	if !ok {
		return
	}
	if int(n) == len(l.lists) {
		l.lists = append(l.lists, numbers{})
	}
	l.lists[n].add(v)
	l.count[n]++
}

// nearly gives the numbers that are in the lists of words like each of those
// wanted, and by how many edits in all. The last word may be one that is not
// ended yet.
func (l *wordLists) nearly(want []token) map[uint32]int {
	var out map[uint32]int
	for i, t := range want {
		limit := typoLimit(utf8.RuneCountInString(t.word))
		have := map[uint32]int{}
		l.near(newSpeller(t.word, limit, i == len(want)-1), func(k uint32, d int) {
			l.lists[k].each(func(v uint32) {
				if was, ok := have[v]; !ok || d < was {
					have[v] = d
				}
			})
		})
		for v, d := range have {
			if was, ok := out[v]; i == 0 || ok {
				have[v] = was + d
			} else {
				delete(have, v)
			}
		}
		out = have
	}
	return out
}

// nearWord is a word of a lexicon that is like one that was typed.
type nearWord struct {
	word     string
	number   uint32
	distance int
	count    int
}

// better orders the words that are alike: the nearest first, then the most
// frequent.
func better(a, b nearWord) int {
	return cmp.Or(cmp.Compare(a.distance, b.distance), cmp.Compare(b.count, a.count), cmp.Compare(a.word, b.word))
}

// best keeps the n best.
func best(l []nearWord, n int) []nearWord {
	slices.SortFunc(l, better)
	return l[:min(n, len(l))]
}
