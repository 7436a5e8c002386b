package extract

import (
	_ "embed"
	"math"
	"strings"
	"sync"
	"unicode"
)

// trigramList has the most frequent triples of letters of each language, made
// by make_langs.mjs: script, language, triples parted by bars.
//
//go:embed trigrams.txt
var trigramList string

const (
	// guessRunes is how much of a text is looked at: more does not tell more.
	guessRunes = 1500
	// minTriples is how many triples a text must have for a guess.
	minTriples = 90
	// knownShare is the least share of a text's triples that the language which
	// is guessed must know: a list of names or of codes is in no language.
	knownShare = 0.2
	// overTag is by how much the mean logarithm of a triple's frequency must be
	// better in another language for a page's own word to be set aside. Between
	// languages that are hardly told apart (Malay and Indonesian, Bokmål and
	// Nynorsk, Croatian and Serbian) it is less, so that the page decides.
	overTag = 0.3
)

// trigrams is the list as it is looked up.
type trigrams struct {
	langs []string
	at    map[string]int      // language -> index in langs
	of    map[uint64][]weight // triple -> the languages that have it
}

type weight struct {
	lang int
	gain float64 // logarithm of the triple's frequency over that of an unknown one
}

// The frequencies are not in the list, but the ranks are, and the frequency of
// triples falls about as the inverse of the rank. A triple that is not in the
// list is taken to be as frequent as one at rank unknownRank would be.
const unknownRank = 1200

var trigramTable = sync.OnceValue(func() *trigrams {
	t := &trigrams{at: map[string]int{}, of: map[uint64][]weight{}}
	for line := range strings.Lines(trigramList) {
		f := strings.SplitN(strings.TrimSuffix(line, "\n"), "\t", 3)
		script, tag := f[0], f[1]
		name := script + " " + tag // Serbian and Uzbek are written in two scripts
		l := len(t.langs)
		t.langs = append(t.langs, tag)
		t.at[name] = l
		for rank, triple := range strings.Split(f[2], "|") {
			r := []rune(triple)
			k := tripleKey(r[0], r[1], r[2])
			t.of[k] = append(t.of[k], weight{l, math.Log(unknownRank / float64(rank+4))})
		}
	}
	return t
})

func tripleKey(a, b, c rune) uint64 { return uint64(a)<<42 | uint64(b)<<21 | uint64(c) }

// langGuess is what the triples of a text say of its language.
type langGuess struct {
	t      *trigrams
	script string
	mean   []float64 // by language: mean gain of a triple
	best   int       // -1: no language is likely
}

// guessLanguage looks at the triples of a text in one script, which is Latin,
// Cyrillic, Arabic or Devanagari.
func guessLanguage(text, script string) langGuess {
	t := trigramTable()
	g := langGuess{t: t, script: script, mean: make([]float64, len(t.langs)), best: -1}
	known := make([]int, len(t.langs))
	n, seen := 0, 0
	a, b := ' ', ' '
	for _, c := range text {
		if seen++; seen > guessRunes {
			break
		}
		switch {
		case unicode.IsLetter(c) || unicode.IsMark(c) || c == '\'':
			c = unicode.ToLower(c)
		default:
			c = ' '
		}
		if b == ' ' && c == ' ' {
			continue
		}
		if a != ' ' || b != ' ' || n == 0 {
			n++
			for _, w := range t.of[tripleKey(a, b, c)] {
				g.mean[w.lang] += w.gain
				known[w.lang]++
			}
		}
		a, b = b, c
	}
	if n < minTriples {
		return g
	}
	for l := range g.mean {
		g.mean[l] /= float64(n)
		if float64(known[l]) >= knownShare*float64(n) && (g.best < 0 || g.mean[l] > g.mean[g.best]) {
			g.best = l
		}
	}
	return g
}

// language is the guess; "" where no language is likely.
func (g langGuess) language() string {
	if g.best < 0 {
		return ""
	}
	return g.t.langs[g.best]
}

// against is the language of the guess if it speaks so clearly that a page
// which names another is mistaken; else "".
func (g langGuess) against(tag string) string {
	if g.best < 0 {
		return ""
	}
	if tag == "no" {
		tag = "nb"
	}
	l, ok := g.t.at[g.script+" "+tag]
	if !ok || g.best == l || g.mean[g.best]-g.mean[l] < overTag {
		return ""
	}
	return g.t.langs[g.best]
}
