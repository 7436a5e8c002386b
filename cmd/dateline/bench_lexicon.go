package main

import (
	"math/rand/v2"
	"strings"
	"unicode"
)

// lexicon is the language of the invented corpus: function words, and words
// of made-up stems with English endings, by falling frequency.
type lexicon struct {
	lemmas                []string
	pairs                 [][2]int // words that like to stand together
	people, orgs, places  []string
	outlets, bylines      []string
	sections              []string
	topics                int
	wordsPerTopic, spread int
}

// functionWords are the most frequent words of English news, in this order.
var functionWords = strings.Fields(`the of to in a and for on is that by with as was at from it be are has an said
	have its not will this were which he had their but or they been more would who also about after his one other than up`)

var (
	onsets  = strings.Fields("b c d f g h j l m n p r s t v w br cr dr fr gr pr tr st sp bl cl fl pl sh ch th str")
	nuclei  = strings.Fields("a e i o u a e i o ai ea ee io oa ou")
	codas   = strings.Fields("n r l s t d m ck nd nt rt st p g x rn lt mp nk")
	endings = []string{"", "", "", "", "", "s", "s", "ed", "ed", "ing", "er", "ers", "ment", "al", "ly"}
)

const topicCount = 200

func newLexicon(seed uint64) *lexicon {
	r := rand.New(rand.NewPCG(seed, 1))
	seen := map[string]bool{}
	for _, w := range functionWords {
		seen[w] = true
	}
	pick := func(l []string) string { return l[r.IntN(len(l))] }
	stem := func() string {
		for {
			var b strings.Builder
			for n := 1 + r.IntN(3); n > 0; n-- {
				b.WriteString(pick(onsets) + pick(nuclei))
			}
			b.WriteString(pick(codas))
			if w := b.String(); len(w) > 3 && !seen[w] {
				seen[w] = true
				return w
			}
		}
	}
	name := func() string { w := stem(); return string(unicode.ToUpper(rune(w[0]))) + w[1:] }
	x := &lexicon{topics: topicCount, wordsPerTopic: 80, spread: 211}
	for range 40000 {
		x.lemmas = append(x.lemmas, stem())
	}
	for range 4000 {
		// Any words, the frequent ones more often: a quarter of the list in half of the pairs.
		n := len(x.lemmas) >> (2 * r.IntN(4))
		x.pairs = append(x.pairs, [2]int{r.IntN(n), r.IntN(n)})
	}
	var first, last []string
	for range 400 {
		first = append(first, name())
	}
	for range 5000 {
		last = append(last, name())
	}
	many := func(n int, make func() string) []string {
		had := map[string]bool{}
		var out []string
		for len(out) < n {
			if s := make(); !had[s] {
				had[s] = true
				out = append(out, s)
			}
		}
		return out
	}
	kinds := strings.Fields("Group Bank Ministry Agency Holdings University Corporation Council")
	x.people = many(20000, func() string { return pick(first) + " " + pick(last) })
	x.orgs = many(8000, func() string { return pick(last) + " " + pick(kinds) })
	x.places = many(3000, name)
	x.bylines = many(2000, func() string { return pick(first) + " " + pick(last) })
	x.sections = strings.Fields("Politics World Business Markets Technology Science Health Culture Sport Opinion Law Energy")
	x.outlets = outletNames()
	return x
}

// inflected gives a form of a word.
func (x *lexicon) inflected(r *rand.Rand, lemma int) string {
	return x.lemmas[lemma] + endings[r.IntN(len(endings))]
}
