package main

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"unicode"

	"github.com/blevesearch/bleve/v2/analysis"
	_ "github.com/blevesearch/bleve/v2/analysis/lang/en" // the analyzer "en"
	"github.com/blevesearch/bleve/v2/registry"
	"github.com/blevesearch/snowballstem"
	"github.com/blevesearch/snowballstem/english"
	"golang.org/x/text/unicode/norm"
)

// splitWords is the bench's own reading of a text, so that it does not check
// the index by the index's code: letters and digits make words, accents and
// case do not matter, and the s of a possessive is no word.
func splitWords(text string, fn func(word string)) {
	text = foldText(text)
	start, quoted := -1, false
	end := func(i int, r rune) {
		had := start >= 0
		if had {
			if w := text[start:i]; w != "s" || !quoted {
				fn(w)
			}
		}
		start, quoted = -1, had && (r == '\'' || r == '’')
	}
	for i, r := range text {
		if r >= 'a' && r <= 'z' || r >= '0' && r <= '9' || r >= 0x80 && (unicode.IsLetter(r) || unicode.IsDigit(r) || unicode.IsMark(r)) {
			if start < 0 {
				start = i
			}
			continue
		}
		end(i, r)
	}
	end(len(text), ' ')
}

// foldText takes accents and capitals away.
func foldText(text string) string {
	ascii := true
	for i := range len(text) {
		if text[i] >= 0x80 {
			ascii = false
			break
		}
	}
	if !ascii {
		text = strings.Map(func(r rune) rune {
			if unicode.Is(unicode.Mn, r) {
				return -1
			}
			return r
		}, norm.NFKD.String(text))
	}
	return strings.ToLower(text)
}

var (
	hyphenChain = regexp.MustCompile(`(?:^|[^\pL\pN\pM])([\pL\pN\pM]+(?:-[\pL\pN\pM]+)+)`)
	stopChain   = regexp.MustCompile(`[\pL\pN\pM]+(?:\.[\pL\pN\pM]+)+`)
)

// joinedWords are the words that the index also finds as one: two with a
// hyphen between them, and letters with full stops.
func joinedWords(text string, fn func(word string)) {
	if !strings.ContainsAny(text, "-.") {
		return
	}
	text = foldText(text)
	for _, m := range hyphenChain.FindAllStringSubmatchIndex(text, -1) {
		parts := strings.Split(text[m[2]:m[3]], "-")
		quoted := strings.HasSuffix(text[:m[2]], "'") || strings.HasSuffix(text[:m[2]], "’")
		if len(parts) == 2 && len(parts[0])+len(parts[1]) <= 24 && strings.Trim(parts[0], "0123456789") != "" && (parts[0] != "s" || !quoted) {
			fn(parts[0] + parts[1])
		}
	}
	for _, m := range stopChain.FindAllString(text, -1) {
		parts := strings.Split(m, ".")
		if len(parts) <= 6 && !slices.ContainsFunc(parts, func(p string) bool { return len(p) != 1 || p < "a" || p > "z" }) {
			fn(strings.Join(parts, ""))
		}
	}
}

// stems gives a word's stem by the index's algorithm (Snowball English) and by
// that of the engines beside it (Porter's first one, by bleve's analyzer "en").
type stems struct {
	env *snowballstem.Env
	en  analysis.Analyzer
}

func newStems() (*stems, error) {
	en, err := registry.NewCache().AnalyzerNamed("en")
	if err != nil {
		return nil, fmt.Errorf("bleve's analyzer: %w", err)
	}
	return &stems{snowballstem.NewEnv(""), en}, nil
}

func (s *stems) snowball(word string) string {
	s.env.SetCurrent(word)
	english.Stem(s.env)
	if out := s.env.Current(); out != "" {
		return out
	}
	return word
}

// luceneStops are what Lucene's English analyzer drops and bleve's does not.
var luceneStops = []string{"will"}

// porter gives "" for a stop word.
func (s *stems) porter(word string) string {
	if slices.Contains(luceneStops, word) {
		return ""
	}
	t := s.en.Analyze([]byte(word))
	if len(t) != 1 {
		return ""
	}
	return string(t[0].Term)
}

// agreed are the words that both algorithms put together with the same other
// words of a vocabulary: for those, all engines must find the same articles.
func (s *stems) agreed(vocabulary map[string]int) map[string]bool {
	type group struct {
		other string
		same  bool
	}
	one, two := map[string]*group{}, map[string]*group{}
	a, b := make(map[string]string, len(vocabulary)), make(map[string]string, len(vocabulary))
	note := func(m map[string]*group, key, other string) {
		if g := m[key]; g == nil {
			m[key] = &group{other, true}
		} else if g.other != other {
			g.same = false
		}
	}
	for w := range vocabulary {
		a[w], b[w] = s.snowball(w), s.porter(w)
		note(one, a[w], b[w])
		note(two, b[w], a[w])
	}
	out := map[string]bool{}
	for w := range vocabulary {
		if b[w] != "" && one[a[w]].same && two[b[w]].same {
			out[w] = true
		}
	}
	return out
}
