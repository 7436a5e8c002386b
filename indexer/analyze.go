package indexer

import (
	"strings"
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

// analyze parts text into words. The index, the evaluator and the highlighter
// all use it, so what one finds the others find.
func analyze(lang, text string) []token {
	stem := stemmers[lang]
	var out []token
	start := -1
	apostrophe := false // the word that begins now follows one
	end := func(to int) {
		if start < 0 {
			return
		}
		w := fold(text[start:to])
		if w != "" && (!apostrophe || w != "s") {
			t := token{start: start, end: to, word: w, stem: w}
			if stem != nil {
				env := snowballstem.NewEnv(w)
				stem(env)
				if c := env.Current(); c != "" {
					t.stem = c
				}
			}
			out = append(out, t)
		}
		start = -1
	}
	for i, r := range text {
		switch {
		case isSingle(r):
			end(i)
			apostrophe = false
			start = i
			end(i + utf8.RuneLen(r))
		case isWord(r):
			if start < 0 {
				start = i
			}
		default:
			had := start >= 0
			end(i)
			apostrophe = had && (r == '\'' || r == '’')
		}
	}
	end(len(text))
	return out
}

// exactMark begins the index terms that are words unlike their stems, for
// prefixes.
const exactMark = "="
