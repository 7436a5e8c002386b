package tagger

import "unicode"

// lexicons are the word lists that features ask, beside the text itself.
type lexicons struct {
	words   *table // hash of a lower-case word -> coarse cluster<<16 | fine cluster
	names   *table // hash of a listed name's words -> classes, as bits
	longest int    // words of the longest listed name
}

// How a word is written elsewhere in the article.
const (
	seenLower   = 1 << iota // in lower case
	seenCapital             // with a capital, within a sentence
	seenFirst               // with a capital, as the first word of a sentence
)

// article is a tokenized article and what features need of it.
type article struct {
	lex   *lexicons
	words []word
	sents []sentence
	cases map[uint32]uint8 // hash of a lower-case word -> how it is written
	sport int              // words of sports
	// Of the sentence that is looked at:
	s     []word
	head  bool  // a line in title case
	caps  bool  // a line in capitals
	run   []int // per word: index into runs, or -1
	runs  []run
	topic uint32 // how much it, and the article, is about sports
}

// run is a sequence of capitalised words, [from, to).
type run struct{ from, to int }

const maxName = 6 // words of a listed name that are looked up

func (a *article) reset() {
	a.words, a.sents = a.words[:0], a.sents[:0]
	a.sport = 0
	if a.cases == nil {
		a.cases = map[uint32]uint8{}
	}
	clear(a.cases)
}

// add tokenizes a text of the article; it gives the sentences.
func (a *article) add(text string) []sentence {
	n := len(a.sents)
	a.words, a.sents = tokenize(text, a.words, a.sents)
	for _, st := range a.sents[n:] {
		ws := a.words[st.from:st.to]
		for i := range ws {
			w := &ws[i]
			v, ok := a.lex.words.get(w.low)
			if ok {
				w.coarse, w.fine = uint16(v>>16), uint16(v)
			}
			if _, ok := sport.get(w.low); ok {
				w.sport = true
				a.sport++
			}
		}
		head, caps := manner(ws)
		for i, w := range ws {
			switch {
			case !w.letter || caps:
			case !w.capital:
				a.cases[w.low] |= seenLower
			case head:
			case i == 0:
				a.cases[w.low] |= seenFirst
			default:
				a.cases[w.low] |= seenCapital
			}
		}
		a.look(ws)
	}
	return a.sents[n:]
}

// look marks the words that listed names cover.
func (a *article) look(ws []word) {
	for i := range ws {
		if !ws[i].capital {
			continue
		}
		h := seed
		for k := i; k < len(ws) && k < i+a.lex.longest; k++ {
			h = mix(h, ws[k].low)
			v, ok := a.lex.names.get(finish(h))
			if !ok {
				continue
			}
			if k > i {
				v |= v << 16 // of several words, which is surer
			}
			for j := i; j <= k; j++ {
				ws[j].lists |= v
			}
		}
	}
}

// manner reports whether a line is in title case, or in capitals.
func manner(ws []word) (head, caps bool) {
	long, capital, letters, upper := 0, 0, 0, 0
	for _, w := range ws {
		if !w.letter {
			continue
		}
		letters++
		if w.upper {
			upper++
		}
		if w.end-w.start > 3 {
			long++
			if w.capital {
				capital++
			}
		}
	}
	caps = letters > 3 && upper*10 >= letters*7
	head = !caps && long > 3 && capital*10 >= long*8
	return head, caps
}

// begin makes a sentence the one that is looked at, and gives its islands:
// the words that may belong to a name, and those between them. Words outside
// of islands belong to none, and are not looked at further.
func (a *article) begin(st sentence, islands []sentence) []sentence {
	a.s = a.words[st.from:st.to]
	a.head, a.caps = manner(a.s)
	hits := 0
	for i := range a.s {
		if a.s[i].sport {
			hits++
		}
	}
	a.topic = sporty(hits, len(a.s))<<2 | sporty(a.sport, len(a.words))
	a.runs = a.runs[:0]
	a.run = a.run[:0]
	last := -1 // the last capitalised word
	for i := range a.s {
		a.run = append(a.run, -1)
		if !a.s[i].capital {
			continue
		}
		if n := len(a.runs) - 1; last >= 0 && last == i-1 {
			a.runs[n].to = i + 1
		} else if last == i-2 && last >= 0 && a.s[i].glued && a.s[i-1].glued && !a.s[i-1].letter {
			a.run[i-1] = n
			a.runs[n].to = i + 1
		} else {
			a.runs = append(a.runs, run{i, i + 1})
		}
		a.run[i] = len(a.runs) - 1
		if n := len(islands) - 1; last >= 0 && i-last <= maxBridge+1 {
			islands[n].to = i + 1
		} else {
			islands = append(islands, sentence{i, i + 1})
		}
		last = i
	}
	return islands
}

// maxBridge is how many words in lower case a name may have between two that
// are capitalised: "Trinidad and the island of Tobago" would be beyond it.
const maxBridge = 3

// maxFeatures is above what features can give.
const maxFeatures = 96

const outside = 0x7fffffff // the hash of what is before or behind a sentence

func (a *article) at(i int) *word {
	if i < 0 || i >= len(a.s) {
		return &beyond
	}
	return &a.s[i]
}

var beyond = word{low: outside, raw: outside, shape: outside, long: outside}

// features appends the hashes of the features of word i of the sentence.
// The text is needed for beginnings and endings of the word.
func (a *article) features(text string, i int, f []uint32) []uint32 {
	w := a.at(i)
	return a.around(i, w.own(text[w.start:w.end], f))
}

// own appends the features that a word has wherever it stands.
func (w *word) own(s string, f []uint32) []uint32 {
	put := func(id, x uint32) { f = append(f, finish(mix(seed^id, x))) }
	put(0, 0)
	put(1, w.low)
	put(2, w.raw)
	put(11, w.shape)
	put(12, w.long)
	f = affixes(s, f)
	if w.fine != 0 {
		put(60, uint32(w.coarse))
		put(61, uint32(w.fine))
	}
	if w.lists != 0 {
		f = w.listed(0, f)
	}
	return f
}

// listed appends the classes of the lists that have a word, which stands d
// words behind the one that is looked at.
func (w *word) listed(d int, f []uint32) []uint32 {
	f = append(f, finish(mix(seed^uint32(80+d), w.lists)))
	for b := w.lists; b != 0; b &= b - 1 {
		f = append(f, finish(mix(mix(seed^uint32(90+d), b&-b), 1)))
	}
	return f
}

// around appends the features that a word has by what stands around it.
func (a *article) around(i int, f []uint32) []uint32 {
	id := uint32(0)
	put := func(x uint32) { f = append(f, finish(mix(seed^id, x))); id++ }
	put2 := func(x, y uint32) { f = append(f, finish(mix(mix(seed^id, x), y))); id++ }
	put3 := func(x, y, z uint32) { f = append(f, finish(mix(mix(mix(seed^id, x), y), z))); id++ }
	w, p1, n1, p2, n2 := a.at(i), a.at(i-1), a.at(i+1), a.at(i-2), a.at(i+2)

	id = 3
	put(p1.low)
	put(n1.low)
	put(p2.low)
	put(n2.low)
	put2(p1.low, w.low)
	put2(w.low, n1.low)
	put2(p2.low, p1.low)
	put2(n1.low, n2.low)
	id = 13
	put(p1.shape)
	put(n1.shape)
	put3(p1.shape, w.shape, n1.shape)
	put2(w.shape, p1.low)
	put2(w.shape, n1.low)
	put3(p2.shape, p1.shape, w.shape)
	put3(w.shape, n1.shape, n2.shape)

	for d := -2; d <= 2; d++ {
		id = uint32(60 + 2*d)
		if v := a.at(i + d); d != 0 && v.fine != 0 {
			put(uint32(v.coarse))
			put(uint32(v.fine))
		}
	}
	id = 70
	put2(uint32(p1.coarse), uint32(w.coarse))
	put2(uint32(w.coarse), uint32(n1.coarse))
	put2(uint32(p1.coarse), w.shape)
	put2(uint32(n1.coarse), w.shape)
	put3(uint32(p1.coarse), uint32(n1.coarse), w.shape)

	for d := -1; d <= 1; d += 2 {
		if v := a.at(i + d); v.lists != 0 {
			f = v.listed(d, f)
		}
	}

	line := uint32(0)
	if i == 0 {
		line |= 1
	}
	if a.caps {
		line |= 2
	}
	if a.head {
		line |= 4
	}
	id = 100
	put2(line, w.shape)
	if line > 1 {
		put2(line, w.low)
		put2(line, w.lists)
	}
	id = 105
	if c := a.cases[w.low]; c != 0 {
		put(uint32(c))
		put2(uint32(c), line)
	}

	id = 107
	t := a.topic | 1<<8
	put2(t, w.shape)
	put2(t, w.lists)
	put3(t, uint32(p1.coarse), uint32(n1.coarse))

	if r := a.run[i]; r >= 0 {
		f = a.runFeatures(a.runs[r], i, f)
	} else {
		// Between names: what the runs around it are.
		id = 140
		before, after := i-1, i+1
		for before >= 0 && a.run[before] < 0 {
			before--
		}
		for after < len(a.s) && a.run[after] < 0 {
			after++
		}
		b, n := a.at(before), a.at(after)
		put2(w.low, b.low)
		put2(w.low, n.low)
		put3(w.low, uint32(b.coarse), uint32(n.coarse))
		put3(w.low, uint32(i-before), uint32(after-i))
	}
	return f
}

// affixes appends beginnings and endings of one to five letters.
func affixes(s string, f []uint32) []uint32 {
	var low [48]rune
	n := 0
	for _, c := range s {
		if n == len(low) {
			break
		}
		low[n] = unicode.ToLower(c)
		n++
	}
	h := seed
	for k := 0; k < 5 && k < n-1; k++ {
		h = (h ^ uint32(low[k])) * prime
		f = append(f, finish(mix(30+uint32(k), h)))
	}
	h = seed
	for k := 0; k < 5 && k < n-1; k++ {
		h = (h ^ uint32(low[n-1-k])) * prime
		f = append(f, finish(mix(40+uint32(k), h)))
	}
	return f
}

// runFeatures appends what a word knows of the capitalised words around it:
// how many they are, its place among them, the first and the last, and what
// stands before and behind them.
func (a *article) runFeatures(r run, i int, f []uint32) []uint32 {
	id := uint32(110)
	put2 := func(x, y uint32) { f = append(f, finish(mix(mix(seed^id, x), y))); id++ }
	put3 := func(x, y, z uint32) { f = append(f, finish(mix(mix(mix(seed^id, x), y), z))); id++ }
	n := min(r.to-r.from, 5)
	place := uint32(min(i-r.from, 3)) | uint32(min(r.to-1-i, 3))<<4
	first, last := a.at(r.from), a.at(r.to-1)
	before, after := a.at(r.from-1), a.at(r.to)
	put2(place, uint32(n))
	put2(place, before.low)
	put2(place, after.low)
	put3(place, uint32(before.coarse), uint32(after.coarse))
	put2(uint32(n), mix(uint32(before.fine), uint32(after.fine)))
	put2(place, last.low)
	put2(place, first.low)
	put2(place, uint32(last.fine)|1<<20)
	put2(place, uint32(first.fine)|1<<21)
	put3(place, first.lists, last.lists)
	put2(mix(before.low, after.low), uint32(n))
	far := a.at(r.from - 2)
	put3(far.low, before.low, uint32(n))
	far = a.at(r.to + 1)
	put3(after.low, far.low, uint32(n))
	return f
}
