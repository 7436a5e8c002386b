package indexer

import "unicode/utf8"

// A sieve lets analyze leave out words that cannot be any of those that are
// wanted, before it folds and stems them: that is most of its cost, and few
// words of a text begin as one of a query does. It relies on this: but for
// Arabic, whose stems lose what a word begins with, a word's stem has the
// first two letters of the folded word, except that y may become i ("dying").
type sieve struct {
	first [sieveRunes]bool // whether words that are written with this first are let through
	pairs [32]uint32       // of two ASCII letters, whether words that begin so are; by their lowest five bits
	han   map[rune]bool    // the same for ideographs; nil lets all through
	toks  []token          // what was let through, kept to be used again
	n     int              // words met, those left out included
	at    []int            // of each word let through, how many were met before it
}

// sieveRunes are those that a sieve looks up: Latin, Greek and Cyrillic.
const sieveRunes = 0x530

// firstFolded is what a word that begins with a rune begins with when folded;
// 0 if that depends on what follows.
var firstFolded = func() (t [sieveRunes]rune) {
	for i := range t {
		if r := rune(i); isWord(r) {
			if f, _ := utf8.DecodeRuneInString(fold(string(r))); f != utf8.RuneError {
				t[i] = f
			}
		}
	}
	return t
}()

// newSieve makes a sieve for texts of a language that lets words through
// whose folded form or stem may be, or begin with, one of the wanted.
func newSieve(lang string, wanted []string) *sieve {
	s := &sieve{}
	runes := map[rune]bool{}
	for _, w := range wanted {
		r, _ := utf8.DecodeRuneInString(w)
		runes[r] = true
	}
	for _, w := range wanted {
		switch {
		case lang == "ar" || len(w) < 2 || w[0] >= utf8.RuneSelf || w[1] >= utf8.RuneSelf:
			s.pair(w[0], ^uint32(0))
		case w[1] == 'i':
			s.pair(w[0], bit('i')|bit('y'))
		default:
			s.pair(w[0], bit(w[1]))
		}
	}
	for i, f := range firstFolded {
		s.first[i] = f == 0 || runes[f] || lang == "ar"
	}
	if stemmers[lang] == nil {
		s.han = runes // folding leaves them as they are
	}
	return s
}

func bit(c byte) uint32 { return 1 << (c & 31) }

func (s *sieve) pair(first byte, second uint32) { s.pairs[first&31] |= second }

// drops says of a word as written whether it can be none of the wanted.
func (s *sieve) drops(word string) bool {
	r := rune(word[0])
	if r >= utf8.RuneSelf {
		r, _ = utf8.DecodeRuneInString(word)
	} else if len(word) > 1 && word[1] < utf8.RuneSelf && s.pairs[r&31]&bit(word[1]) == 0 {
		return true
	}
	switch {
	case r < sieveRunes:
		return !s.first[r]
	case s.han != nil && r >= 0x4e00 && r <= 0x9fff:
		return !s.han[r]
	}
	return false
}
