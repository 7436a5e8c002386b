package indexer

import (
	"strings"
	"sync"
	"unicode"
	"unicode/utf8"

	"github.com/blevesearch/snowballstem"
	"github.com/blevesearch/snowballstem/arabic"
	"github.com/blevesearch/snowballstem/dutch"
	"github.com/blevesearch/snowballstem/english"
	"github.com/blevesearch/snowballstem/french"
	"github.com/blevesearch/snowballstem/german"
	"github.com/blevesearch/snowballstem/italian"
	"github.com/blevesearch/snowballstem/portuguese"
	"github.com/blevesearch/snowballstem/russian"
	"github.com/blevesearch/snowballstem/spanish"
	"golang.org/x/text/unicode/norm"
)

// stemmers are the languages that have fields of their own; all others share
// the field of otherLang, where words are not stemmed.
var stemmers = map[string]func(*snowballstem.Env) bool{
	"ar": arabic.Stem, "de": german.Stem, "en": english.Stem, "es": spanish.Stem, "fr": french.Stem,
	"it": italian.Stem, "nl": dutch.Stem, "pt": portuguese.Stem, "ru": russian.Stem,
}

const otherLang = "xx"

func langKey(lang string) string {
	lang, _, _ = strings.Cut(strings.ToLower(lang), "-")
	if stemmers[lang] != nil {
		return lang
	}
	return otherLang
}

// token is one word: where it stands, its folded form, and its stem.
type token struct {
	start, end int
	word, stem string
}

func isSingle(r rune) bool {
	if r < 0x0e00 { // before Thai
		return false
	}
	return unicode.In(r, unicode.Han, unicode.Hiragana, unicode.Katakana, unicode.Thai, unicode.Lao, unicode.Khmer, unicode.Myanmar) || r == 'ー'
}

func isWord(r rune) bool { return unicode.IsLetter(r) || unicode.IsDigit(r) || unicode.IsMark(r) }

// fold makes letters lower case and takes accents and vowel points away.
func fold(s string) string {
	ascii := true
	for i := 0; i < len(s); i++ {
		if s[i] >= utf8.RuneSelf {
			ascii = false
			break
		}
	}
	if ascii {
		return strings.ToLower(s)
	}
	var b strings.Builder
	for _, r := range norm.NFKD.String(s) {
		switch {
		case r >= 0x300 && r <= 0x36f, r >= 0x591 && r <= 0x5c7, r >= 0x64b && r <= 0x65f, r == 0x670, r == 0x640:
		case r == 'ß', r == 'ẞ':
			b.WriteString("ss")
		case r == 'ø', r == 'Ø':
			b.WriteByte('o')
		case r == 'ł', r == 'Ł':
			b.WriteByte('l')
		case r == 'æ', r == 'Æ':
			b.WriteString("ae")
		case r == 'œ', r == 'Œ':
			b.WriteString("oe")
		default:
			b.WriteRune(unicode.ToLower(r))
		}
	}
	return norm.NFC.String(b.String())
}

// wordForms are what a word as written is folded and stemmed to.
type wordForms struct{ word, stem string }

// formCache remembers the forms of words of one language: a text has few words
// that were not met before, and stemming costs twenty times a look-up. When it
// is full, the words met since it was half full stay.
type formCache struct {
	mu     sync.Mutex
	m, old map[string]wordForms
	env    *snowballstem.Env
}

// maxForms is how many words each half of a cache has at most.
const maxForms = 1 << 14

// formCaches has some caches for each language, so that analyses on several
// cores need not wait for each other.
var formCaches = func() map[string]*[4]formCache {
	out := map[string]*[4]formCache{otherLang: {}}
	for l := range stemmers {
		out[l] = &[4]formCache{}
	}
	return out
}()

func lockForms(lang string) *formCache {
	l := formCaches[lang]
	for i := range l {
		if l[i].mu.TryLock() {
			return &l[i]
		}
	}
	l[0].mu.Lock()
	return &l[0]
}

func (c *formCache) forms(lang, as string) wordForms {
	if f, ok := c.m[as]; ok {
		return f
	}
	if f, ok := c.old[as]; ok {
		c.keep(as, f)
		return f
	}
	w := fold(as)
	f := wordForms{w, w}
	if stem := stemmers[lang]; stem != nil && w != "" {
		if c.env == nil {
			c.env = snowballstem.NewEnv("")
		}
		c.env.SetCurrent(w)
		stem(c.env)
		if s := c.env.Current(); s != "" {
			f.stem = s
		}
	}
	if f.word == as {
		f.word = strings.Clone(as) // do not keep the text
	}
	if f.stem == f.word {
		f.stem = f.word
	}
	if len(as) > 64 {
		return f // not a word that comes again
	}
	c.keep(as, f)
	return f
}

func (c *formCache) keep(as string, f wordForms) {
	if len(c.m) >= maxForms || c.m == nil {
		c.old, c.m = c.m, make(map[string]wordForms, 1024)
	}
	c.m[strings.Clone(as)] = f
}

// Classes of ASCII characters.
const (
	classOther = iota
	classWord
	classQuote
)

var asciiClass = func() (t [utf8.RuneSelf]uint8) {
	for c := range t {
		switch {
		case c >= '0' && c <= '9', c >= 'a' && c <= 'z', c >= 'A' && c <= 'Z':
			t[c] = classWord
		case c == '\'':
			t[c] = classQuote
		}
	}
	return t
}()

// analyze parts text into words. The index, the evaluator and the highlighter
// all use it, so what one finds the others find.
func analyze(lang, text string) []token { return analyzeSome(lang, text, nil) }

// analyzeSome is analyze without the words that the sieve, if there is one,
// drops; its answer holds until the sieve is used again.
func analyzeSome(lang, text string, only *sieve) []token {
	if formCaches[lang] == nil {
		lang = otherLang
	}
	cache := lockForms(lang)
	defer cache.mu.Unlock()
	var out []token
	if only != nil {
		out, only.n, only.at = only.toks[:0], 0, only.at[:0]
	} else {
		out = make([]token, 0, len(text)/6+1)
	}
	start := -1
	apostrophe := false // the word that begins now follows one
	end := func(to int) {
		if start < 0 {
			return
		}
		if only != nil && to-start > 1 && only.drops(text[start:to]) && !beside(text, start, to) { // a single letter may be no word
			only.n++
			start = -1
			return
		}
		f := cache.forms(lang, text[start:to])
		if f.word != "" && (!apostrophe || f.word != "s") {
			out = append(out, token{start: start, end: to, word: f.word, stem: f.stem})
			if only != nil {
				only.at = append(only.at, only.n)
				only.n++
			}
		}
		start = -1
	}
	for i := 0; i < len(text); {
		if c := text[i]; c < utf8.RuneSelf {
			if asciiClass[c] == classWord {
				if start < 0 {
					start = i
				}
			} else {
				had := start >= 0
				if had && (c == '+' || c == '#') {
					if to := codeEnd(text, start, i); to > i {
						end(to)
						i = to
						continue
					}
				}
				end(i)
				apostrophe = had && asciiClass[c] == classQuote
			}
			i++
			continue
		}
		r, n := utf8.DecodeRuneInString(text[i:])
		switch {
		case isSingle(r):
			end(i)
			apostrophe = false
			start = i
			end(i + n)
		case isWord(r):
			if start < 0 {
				start = i
			}
		default:
			had := start >= 0
			end(i)
			apostrophe = had && r == '’'
		}
		i += n
	}
	end(len(text))
	if only != nil {
		only.toks = out
	}
	return out
}

// exactMark begins the index terms that are words unlike their stems, for
// prefixes.
const exactMark = "="
