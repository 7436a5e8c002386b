package indexer

import (
	"strings"
	"sync"

	"github.com/blevesearch/bleve/v2/analysis/lang/ar"
	"github.com/blevesearch/bleve/v2/analysis/lang/de"
	"github.com/blevesearch/bleve/v2/analysis/lang/en"
	"github.com/blevesearch/bleve/v2/analysis/lang/es"
	"github.com/blevesearch/bleve/v2/analysis/lang/fr"
	"github.com/blevesearch/bleve/v2/analysis/lang/it"
	"github.com/blevesearch/bleve/v2/analysis/lang/nl"
	"github.com/blevesearch/bleve/v2/analysis/lang/pt"
	"github.com/blevesearch/bleve/v2/analysis/lang/ru"

	"dateline"
)

// A stop word of a query must be in an article like any other word, so that
// totals are what they say, but it says nothing of what is asked for: beside
// other words it adds nothing to a score. The lists are those of the Snowball
// project, one for each language that has a stemmer.
var stopWords = sync.OnceValue(func() map[string]map[string]bool {
	out := map[string]map[string]bool{}
	for lang, list := range map[string][]byte{
		"ar": ar.ArabicStopWords, "de": de.GermanStopWords, "en": en.EnglishStopWords,
		"es": es.SpanishStopWords, "fr": fr.FrenchStopWords, "it": it.ItalianStopWords,
		"nl": nl.DutchStopWords, "pt": pt.PortugueseStopWords, "ru": ru.RussianStopWords,
	} {
		out[lang] = map[string]bool{}
		for line := range strings.Lines(string(list)) {
			line, _, _ = strings.Cut(line, "|") // a comment
			line, _, _ = strings.Cut(line, "#")
			if w := analyze(lang, line); len(w) == 1 {
				out[lang][w[0].word] = true
			}
		}
	}
	return out
})

// isStopWord tells whether text is a single word and, in the language, one that
// says nothing.
func isStopWord(lang, text string) bool {
	list := stopWords()[lang]
	if list == nil {
		return false
	}
	w := analyze(lang, text)
	return len(w) == 1 && list[w[0].word]
}

// stopIn gives the languages of the view in which a word is a stop word, as
// bits.
func (v *view) stopIn(text string) (mask uint64) {
	for i, l := range v.langs {
		if isStopWord(l, text) {
			mask |= 1 << i
		}
	}
	return mask
}

// telling gives the languages in which a query has words that are not stop
// words, as bits: there its stop words add nothing.
func (v *view) telling(n dateline.Node) (mask uint64) {
	list := func(l []dateline.Node) {
		for _, c := range l {
			mask |= v.telling(c)
		}
	}
	switch n := n.(type) {
	case *dateline.And:
		list(n.Nodes)
	case *dateline.Or:
		list(n.Nodes)
	case *dateline.Term:
		if len(analyze(otherLang, n.Text)) > 0 {
			mask = ^v.stopIn(n.Text)
		}
	case *dateline.Phrase, *dateline.Prefix:
		mask = ^uint64(0)
	}
	return mask
}

// mute takes out of r.posts the articles in whose language the leaf is a stop
// word that says nothing.
func (r *run) mute() {
	if r.muted == 0 {
		return
	}
	kept := r.posts[:0]
	for _, p := range r.posts {
		if r.muted>>r.v.lang[p.ord]&1 == 0 {
			kept = append(kept, p)
		}
	}
	r.posts = kept
}
