package indexer

import (
	"strings"
	"unicode/utf8"

	"dateline/indexer/segment"
)

// Some words are written in several ways: Wi-Fi is wifi, F-35 is F35, and U.S.
// is US. The words of a text stay what they are, so that positions, lengths and
// phrases do not depend on it; but two words with a hyphen between them, and
// letters with full stops, are also posted as one word. A word of a query finds
// that form too, and a query written so looks for it or for its words in a row.
//
// Abbreviations have one more form, of those in capitals only: U.S. must not
// find every "us", nor U.N. every Spanish "un".

// extra is another form of words of a text, which are those from first on.
type extra struct {
	token
	first, n int
}

const (
	capsMark    = "^" // begins the terms of what is written in capitals
	maxJoined   = 24  // bytes of a word made of two
	maxCaps     = 4   // letters of what may be an abbreviation without full stops
	maxInitials = 6   // and with them

	joinHyphen   = '-'
	joinFullStop = '.'
)

// joint says what alone is between two words: a hyphen, a full stop, or 0.
func joint(text string, a, b *token) rune {
	switch b.start - a.end {
	case 1:
		if c := text[a.end]; c == joinHyphen || c == joinFullStop {
			return rune(c)
		}
	case 3:
		if gap := text[a.end:b.start]; gap == "\u2010" || gap == "\u2011" {
			return joinHyphen
		}
	}
	return 0
}

// beside tells whether a hyphen is right before or after a part of a text.
func beside(text string, start, end int) bool {
	after, before := text[end:], text[:start]
	return strings.HasPrefix(after, "-") || strings.HasPrefix(after, "\u2010") || strings.HasPrefix(after, "\u2011") ||
		strings.HasSuffix(before, "-") || strings.HasSuffix(before, "\u2010") || strings.HasSuffix(before, "\u2011")
}

func capital(c byte) bool { return c >= 'A' && c <= 'Z' }

func digits(s string) bool { return strings.Trim(s, "0123456789") == "" }

// initial tells whether a token is one letter of the alphabet.
func initial(text string, t token) bool {
	c := text[t.start]
	return t.end == t.start+1 && (capital(c) || c >= 'a' && c <= 'z')
}

// extras gives the other forms of the words of a text.
func extras(lang, text string, toks []token) (out []extra) {
	for i := range toks {
		t := &toks[i] // copying costs more than what follows
		if n := t.end - t.start; n > 1 && n <= maxCaps && capital(text[t.start]) && strings.IndexFunc(text[t.start:t.end], notCapital) < 0 {
			out = append(out, extra{token{t.start, t.end, t.word, capsMark + t.word}, i, 1})
		}
		if i+1 < len(toks) {
			switch joint(text, t, &toks[i+1]) {
			case joinHyphen:
				out = hyphened(out, lang, text, toks, i)
			case joinFullStop:
				out = initials(out, lang, text, toks, i)
			}
		}
	}
	return out
}

func notCapital(r rune) bool { return r < 'A' || r > 'Z' }

// joined tells what is between a token and the one before it.
func joined(text string, toks []token, i int) rune {
	if i <= 0 || i >= len(toks) {
		return 0
	}
	return joint(text, &toks[i-1], &toks[i])
}

// hyphened appends the form of two words, not of three, that have a hyphen
// between them. Numbers are no beginning of a word: 20-year, 2025-26.
func hyphened(out []extra, lang, text string, toks []token, i int) []extra {
	a, b := toks[i], toks[i+1]
	first, second := text[a.start:a.end], text[b.start:b.end]
	if joined(text, toks, i) == joinHyphen || joined(text, toks, i+2) == joinHyphen || len(first)+len(second) > maxJoined ||
		digits(first) || single(first) || single(second) {
		return out
	}
	f := formsOf(lang, first+second)
	return append(out, extra{token{a.start, b.end, f.word, f.stem}, i, 2})
}

// initials appends the forms of letters with full stops between them, as many
// as there are.
func initials(out []extra, lang, text string, toks []token, i int) []extra {
	if joined(text, toks, i) == joinFullStop {
		return out
	}
	word, n := "", 0
	for ; n == 0 || joined(text, toks, i+n) == joinFullStop; n++ {
		t := toks[i+n]
		if n == maxInitials || !initial(text, t) {
			return out
		}
		word += t.word
	}
	f := formsOf(lang, word)
	start, end := toks[i].start, toks[i+n-1].end
	return append(out, extra{token{start, end, f.word, f.stem}, i, n}, extra{token{start, end, word, capsMark + word}, i, n})
}

// single tells whether a word is one sign of a script without spaces.
func single(word string) bool {
	r, _ := utf8.DecodeRuneInString(word)
	return isSingle(r)
}

// formsOf is what a word is folded and stemmed to.
func formsOf(lang, word string) wordForms {
	if formCaches[lang] == nil {
		lang = otherLang
	}
	cache := lockForms(lang)
	defer cache.mu.Unlock()
	return cache.forms(lang, word)
}

// isCaps tells a form of what is written in capitals from the others.
func (e extra) isCaps() bool { return strings.HasPrefix(e.stem, capsMark) }

// whole gives the form of a query that is nothing but such words; of an
// abbreviation that in capitals.
func whole(lang, text string, toks []token) (form token, ok bool) {
	for _, e := range extras(lang, text, toks) {
		if e.n > 1 && e.n == len(toks) {
			form, ok = e.token, true
		}
	}
	return form, ok
}

// countExtras counts the forms in a text that a single word, or the beginning
// of one, finds.
func countExtras(es []extra, want token, prefix bool) (n int) {
	for _, e := range es {
		if !e.isCaps() && tokenMatches(e.token, want, prefix) {
			n++
		}
	}
	return n
}

// countForm counts in a text what the form of a whole query finds.
func countForm(toks []token, es []extra, form token) (n int) {
	for _, t := range toks {
		if t.stem == form.stem {
			n++
		}
	}
	for _, e := range es {
		if e.stem == form.stem {
			n++
		}
	}
	return n
}

// either appends the articles with a form, and those that find appends. What
// both find is in each part as often as the one that finds more says.
func (r *run) either(field string, form token, find func() error) error {
	at := len(r.posts)
	r.term(field, form.stem)
	mid := len(r.posts)
	where := make(map[uint32]int, mid-at)
	for i, p := range r.posts[at:] {
		where[p.ord] = at + i
	}
	if err := find(); err != nil {
		return err
	}
	kept := mid
	for _, p := range r.posts[mid:] {
		if i, ok := where[p.ord]; ok {
			f := r.posts[i].freq
			r.posts[i].freq = segment.NewFreq(max(f.Title(), p.freq.Title()), max(f.Lead(), p.freq.Lead()), max(f.Body(), p.freq.Body()))
			continue
		}
		r.posts[kept] = p
		kept++
	}
	r.posts = r.posts[:kept]
	return nil
}

// codeEnd gives where a word ends that begins at start and of which the
// letters end at i: "C++" and "C#" are not "C".
func codeEnd(text string, start, i int) int {
	if i-start > 2 || !strings.ContainsAny(text[start:start+1], "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ") {
		return i
	}
	end := i + 1
	if text[i] == '+' {
		if !strings.HasPrefix(text[end:], "+") {
			return i
		}
		end++
	}
	if r, _ := utf8.DecodeRuneInString(text[end:]); isWord(r) || r == '+' || r == '#' {
		return i
	}
	return end
}
