package tagger

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// word is a token and what the features ask of it.
type word struct {
	start, end int
	low        uint32 // hash of the text in lower case
	raw        uint32 // hash of the text as written
	shape      uint32 // hash of the shape, repeated classes once
	long       uint32 // hash of the shape letter by letter
	coarse     uint16 // cluster, 0 if unknown
	fine       uint16
	lists      uint32 // classes of the lists that have a name over this word
	capital    bool   // begins with an upper-case letter, or has one after digits
	letter     bool   // begins with a letter
	upper      bool   // letters, none of them in lower case
	glued      bool   // no blank before it
	sport      bool   // a word of reports on sports
}

// sentence is a run of tokens, [from, to).
type sentence struct{ from, to int }

// dotted are words that keep the dot behind them.
var dotted = wordSet("mr mrs ms dr jr sr st gen sen rep gov col lt corp inc co ltd prof rev capt sgt maj vs no bros adm cmdr hon ft mt dept jan feb aug sept oct nov dec")

func wordSet(s string) map[string]bool {
	m := map[string]bool{}
	for _, w := range strings.Fields(s) {
		m[w] = true
	}
	return m
}

func inWord(c rune) bool { return unicode.IsLetter(c) || unicode.IsDigit(c) || unicode.IsMark(c) }

// wordEnd gives where the word that begins at i ends. Hyphens part words;
// apostrophes, ampersands, at signs and the dots of abbreviations do not.
func wordEnd(s string, i int) int {
	from := i
	for i < len(s) {
		c, n := utf8.DecodeRuneInString(s[i:])
		if inWord(c) {
			i += n
			continue
		}
		if i+n >= len(s) {
			break
		}
		next, _ := utf8.DecodeRuneInString(s[i+n:])
		last, _ := utf8.DecodeLastRuneInString(s[from:i])
		join := false
		switch c {
		case '&', '@', '_':
			join = inWord(next)
		case ',', '/', ':':
			join = unicode.IsDigit(next) && unicode.IsDigit(last)
		case '.':
			one := i-from == utf8.RuneLen(last) || i-from >= 3 && s[i-1-utf8.RuneLen(last)] == '.'
			join = inWord(next) && (one || unicode.IsDigit(next) && unicode.IsDigit(last) || unicode.IsLower(next) && unicode.IsLower(last))
		case '\'', '’':
			join = inWord(next) && !possessive(s[i+n:])
		}
		if !join {
			break
		}
		i += n
	}
	if i < len(s) && s[i] == '.' && i-from <= 8 {
		w := s[from:i]
		c, n := utf8.DecodeRuneInString(w)
		if n == len(w) && unicode.IsUpper(c) || strings.Contains(w, ".") && unicode.IsLetter(c) || dotted[strings.ToLower(w)] && unicode.IsUpper(c) {
			i++
		}
	}
	return i
}

// possessive reports whether the text after an apostrophe is an s alone.
func possessive(s string) bool {
	if s == "" || s[0] != 's' && s[0] != 'S' {
		return false
	}
	c, _ := utf8.DecodeRuneInString(s[1:])
	return len(s) == 1 || !inWord(c)
}

// tokenize appends the words of a text and its sentences. A line break ends a
// sentence, and so do a full stop, a question or an exclamation mark before a
// capital letter.
func tokenize(s string, words []word, sents []sentence) ([]word, []sentence) {
	from := len(words)
	flush := func() {
		if len(words) > from {
			sents = append(sents, sentence{from, len(words)})
			from = len(words)
		}
	}
	glued := false
	for i := 0; i < len(s); {
		c, n := utf8.DecodeRuneInString(s[i:])
		if c == '\n' {
			flush()
		}
		if unicode.IsSpace(c) {
			i += n
			glued = false
			continue
		}
		start := i
		switch {
		case inWord(c):
			i = wordEnd(s, i)
		case (c == '\'' || c == '’') && glued && possessive(s[i+n:]):
			i += n + 1
		default:
			i += n
		}
		w := word{start: start, end: i, glued: glued}
		w.describe(s[start:i])
		words = append(words, w)
		glued = true
		if (c == '.' || c == '!' || c == '?') && len(words)-from > 2 && capitalFollows(s[i:]) {
			flush()
		}
	}
	flush()
	return words, sents
}

// capitalFollows reports whether blanks and quotation marks, and then a
// capital letter, come next.
func capitalFollows(s string) bool {
	blank := false
	for i, c := range s {
		switch {
		case unicode.IsSpace(c):
			blank = true
		case strings.ContainsRune("\"'”’)“‘(", c):
		default:
			return blank && unicode.IsUpper(c) && i > 0
		}
	}
	return false
}

// describe sets what is known from a word's letters alone.
func (w *word) describe(s string) {
	low, raw, shape, long := seed, seed, seed, seed
	var lastClass byte
	letters, lower, n := 0, 0, 0
	var buf [utf8.UTFMax]byte
	for i, c := range s {
		class := byte('.')
		lc := c
		switch {
		case unicode.IsUpper(c) || unicode.IsTitle(c):
			class = 'X'
			letters++
			lc = unicode.ToLower(c)
			w.capital = w.capital || i == 0 || lower == 0
		case unicode.IsLetter(c):
			class = 'x'
			letters++
			lower++
		case unicode.IsDigit(c):
			class = 'd'
		case c < utf8.RuneSelf:
			class = byte(c)
		}
		if i == 0 {
			w.letter = class == 'X' || class == 'x'
		}
		if c == '’' {
			lc = '\''
		}
		if lc < utf8.RuneSelf {
			low = (low ^ uint32(lc)) * prime
		} else {
			for _, b := range buf[:utf8.EncodeRune(buf[:], lc)] {
				low = (low ^ uint32(b)) * prime
			}
		}
		raw = (raw ^ uint32(c)) * prime
		if class != lastClass {
			shape = (shape ^ uint32(class)) * prime
			lastClass = class
		}
		if n < 10 {
			long = (long ^ uint32(class)) * prime
			n++
		}
	}
	w.low, w.raw, w.shape, w.long = finish(low), finish(raw), finish(shape), finish(long)
	w.upper = letters > 1 && lower == 0
}

const (
	seed  uint32 = 2166136261
	prime uint32 = 16777619
)

// finish spreads the bits of a hash; it never gives 0, which marks an empty
// place in a table.
func finish(h uint32) uint32 {
	h ^= h >> 16
	h *= 0x85ebca6b
	h ^= h >> 13
	h *= 0xc2b2ae35
	h ^= h >> 16
	if h == 0 {
		return 1
	}
	return h
}

// hashLower is the hash of a text in lower case, as words have it.
func hashLower(s string) uint32 {
	var w word
	w.describe(s)
	return w.low
}

// mix joins hashes to one.
func mix(h, x uint32) uint32 {
	h ^= x + 0x9e3779b9 + h<<6 + h>>2
	return h * 0x85ebca6b
}
