package indexer

import "unicode/utf8"

// A sieve lets analyze leave out words that cannot be any of those that are
// wanted, before it folds and stems them: that is most of its cost, and few
// words of a text begin as one of a query does. It relies on this: but for
// Arabic, whose stems lose what a word begins with, a word's stem has the
// first letter of the folded word.
type sieve struct {
	first [sieveRunes]bool // whether words that are written with this first are let through
	han   map[rune]bool    // the same for ideographs; nil lets all through
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
	for i, f := range firstFolded {
		s.first[i] = f == 0 || runes[f] || lang == "ar"
	}
	if stemmers[lang] == nil {
		s.han = runes // folding leaves them as they are
	}
	return s
}

// drops says of a word as written whether it can be none of the wanted.
func (s *sieve) drops(word string) bool {
	r := rune(word[0])
	if r >= utf8.RuneSelf {
		r, _ = utf8.DecodeRuneInString(word)
	}
	switch {
	case r < sieveRunes:
		return !s.first[r]
	case s.han != nil && r >= 0x4e00 && r <= 0x9fff:
		return !s.han[r]
	}
	return false
}
