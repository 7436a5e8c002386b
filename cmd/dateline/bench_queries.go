package main

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"math/rand/v2"
	"slices"
	"strings"
	"time"

	"dateline"
)

// benchFacets are the facets that are counted, in this order.
var benchFacets = []string{dateline.FieldOutlet, dateline.FieldSection, dateline.FieldPlace, dateline.FieldPerson, dateline.FieldOrg}

// How the words of a query are joined.
const (
	opAll    = "all" // no words: everything matches
	opAnd    = "and"
	opOr     = "or"
	opPhrase = "phrase"
	opPrefix = "prefix"
)

// benchQuery is a query that each engine words in its own way.
type benchQuery struct {
	op       string
	words    []string
	from, to time.Time           // zero is open
	filters  map[string][]string // ids; OR within, AND between
	facets   bool                // count benchFacets, 20 values each
	months   bool                // count the months of the corpus
	byDate   bool                // newest first
	page     bool                // 20 articles with marked words, not 10 ids
}

func (q benchQuery) text() string { return strings.Join(q.words, " ") }

// benchKind is a row of the table.
type benchKind struct {
	name    string
	queries []benchQuery
}

// survey is what one reading of a corpus tells.
type survey struct {
	docs      int
	raw, text int64          // bytes as JSON lines; of titles and bodies
	words     map[string]int // in how many articles
	pairs     map[string]int // of two words in a row, in the first articles
	pairDocs  int
	titles    [][]string // of some articles
	places    map[string]int
	cost      time.Duration // CPU time of making the articles
}

func surveyCorpus(ctx context.Context, c corpus) (*survey, error) {
	s := &survey{words: map[string]int{}, pairs: map[string]int{}, places: map[string]int{}}
	clock := cpuTime()
	err := c.each(ctx, func(*dateline.Article) error { s.docs++; return nil })
	if err != nil {
		return nil, err
	}
	s.cost = cpuTime() - clock
	step := max(1, s.docs/2000)
	n := 0
	last := map[string]int{} // article in which a word or pair was counted last
	err = c.each(ctx, func(a *dateline.Article) error {
		n++
		line, err := importLine(a)
		if err != nil {
			return err
		}
		s.raw += int64(len(line))
		s.text += int64(len(a.Title) + len(a.Body))
		prev := ""
		count := func(w string) {
			if last[w] != n {
				last[w] = n
				s.words[w]++
			}
			if n <= 5000 && len(prev) > 3 && len(w) > 3 {
				if p := prev + " " + w; last[p] != n {
					last[p] = n
					s.pairs[p]++
				}
			}
			prev = w
		}
		var title []string
		splitWords(a.Title, func(w string) {
			count(w)
			title = append(title, w)
		})
		prev = ""
		splitWords(a.Body, count)
		if n%step == 0 {
			s.titles = append(s.titles, title)
		}
		if n == 5000 {
			for k := range last {
				if strings.Contains(k, " ") {
					delete(last, k)
				}
			}
		}
		for _, id := range facetIDs(a)[2] {
			s.places[id]++
		}
		return nil
	})
	s.pairDocs = min(n, 5000)
	return s, err
}

// importLine is an article as a line of a file that import reads.
func importLine(a *dateline.Article) ([]byte, error) {
	names := map[dateline.EntityType][]string{}
	for _, e := range a.Given {
		names[e.Type] = append(names[e.Type], e.Name)
	}
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	err := enc.Encode(map[string]any{
		"url": a.URL, "title": a.Title, "body": a.Body, "published": a.Published, "outlet": a.Outlet.Name, "section": a.Section,
		"people": names[dateline.Person], "orgs": names[dateline.Organization], "places": names[dateline.Place],
	})
	return b.Bytes(), err
}

// facetIDs gives an article's values of benchFacets. As in the index, what is
// given under one id and type is one entity.
func facetIDs(a *dateline.Article) [5][]string {
	out := [5][]string{{a.Outlet.ID}}
	if s := dateline.Slug(a.Section); s != "" {
		out[1] = []string{s}
	}
	for _, e := range a.Given {
		id := dateline.Slug(e.Name)
		f := map[dateline.EntityType]int{dateline.Place: 2, dateline.Person: 3, dateline.Organization: 4}[e.Type]
		if id != "" && !slices.Contains(out[f], id) {
			out[f] = append(out[f], id)
		}
	}
	return out
}

// queryWords are the words and phrases that queries are made of.
type queryWords struct{ frequent, mid, rare, and2, or4, phrases, prefixes [][]string }

// draw takes words from bands of how many articles have them. Only words on
// which the engines agree are taken, so that their totals can be compared.
func (s *survey) draw(st *stems, seed uint64) queryWords {
	r := rand.New(rand.NewPCG(seed, 4))
	agreed := st.agreed(s.words)
	good := func(w string) bool {
		return len(w) > 3 && agreed[w] && strings.Trim(w, "abcdefghijklmnopqrstuvwxyz") == ""
	}
	band := func(m map[string]int, docs int, lo, hi float64, n int) [][]string {
		var l [][]string
		for t, k := range m {
			if share := float64(k) / float64(docs); share >= lo && share <= hi {
				if ws := strings.Fields(t); !slices.ContainsFunc(ws, func(w string) bool { return !good(w) }) {
					l = append(l, ws)
				}
			}
		}
		slices.SortFunc(l, slices.Compare)
		r.Shuffle(len(l), func(i, j int) { l[i], l[j] = l[j], l[i] })
		return l[:min(n, len(l))]
	}
	var q queryWords
	q.frequent = band(s.words, s.docs, 0.06, 0.5, 25)
	q.mid = band(s.words, s.docs, 0.01, 0.06, 200)
	q.rare = band(s.words, s.docs, 0.0003, 0.001, 40)
	if len(q.rare) == 0 { // a small corpus
		q.rare = band(s.words, s.docs, 0.0003, 0.01, 40)
	}
	q.phrases = band(s.pairs, s.pairDocs, 0.001, 0.05, 40)
	both := slices.Concat(q.frequent, q.mid)
	for len(q.and2) < 40 && len(both) > 1 {
		if a, b := both[r.IntN(len(both))][0], both[r.IntN(len(both))][0]; a != b {
			q.and2 = append(q.and2, []string{a, b})
		}
	}
	r.Shuffle(len(s.titles), func(i, j int) { s.titles[i], s.titles[j] = s.titles[j], s.titles[i] })
	for _, t := range s.titles {
		var ws []string
		for _, w := range t {
			if good(w) && !slices.Contains(ws, w) {
				ws = append(ws, w)
			}
		}
		if len(ws) >= 4 && len(q.or4) < 40 {
			q.or4 = append(q.or4, ws[:4])
		}
	}
	for _, w := range q.mid[:min(25, len(q.mid))] {
		q.prefixes = append(q.prefixes, []string{w[0][:4]})
	}
	return q
}

// kinds is the whole matrix.
func (s *survey) kinds(q queryWords) []benchKind {
	all := [][]string{nil}
	kind := func(name string, words [][]string, like benchQuery) benchKind {
		k := benchKind{name: name}
		for _, w := range words {
			b := like
			b.words = w
			k.queries = append(k.queries, b)
		}
		return k
	}
	month := func(n int) time.Time { return benchStart.AddDate(0, n, 0) }
	outlets := outletNames()
	places := make([]string, 0, len(s.places))
	for p := range s.places {
		places = append(places, p)
	}
	slices.SortFunc(places, func(a, b string) int {
		return cmp.Or(cmp.Compare(s.places[b], s.places[a]), strings.Compare(a, b))
	})
	chosen := map[string][]string{dateline.FieldOutlet: outlets[:2], dateline.FieldPlace: places[:min(2, len(places))]}
	return []benchKind{
		kind("term frequent", q.frequent, benchQuery{op: opAnd}),
		kind("term rare", q.rare, benchQuery{op: opAnd}),
		kind("AND 2", q.and2, benchQuery{op: opAnd}),
		kind("OR 4", q.or4, benchQuery{op: opOr}),
		kind("phrase", q.phrases, benchQuery{op: opPhrase}),
		kind("prefix", q.prefixes, benchQuery{op: opPrefix}),
		kind("term + dates + outlet", q.frequent, benchQuery{
			op: opAnd, from: month(2), to: month(6),
			filters: map[string][]string{dateline.FieldOutlet: {outlets[3]}},
		}),
		kind("match-all", all, benchQuery{op: opAll}),
		kind("match-all + 5 facets", all, benchQuery{op: opAll, facets: true}),
		kind("term + 5 facets", q.frequent, benchQuery{op: opAnd, facets: true}),
		kind("OR 4 + 5 facets", q.or4, benchQuery{op: opOr, facets: true}),
		kind("OR 4 + 5 facets, 2 chosen in", q.or4, benchQuery{op: opOr, facets: true, filters: chosen}),
		kind("term, 30 months", q.frequent, benchQuery{op: opAnd, months: true}),
		kind("match-all, 30 months", all, benchQuery{op: opAll, months: true}),
		kind("term by date", q.frequent, benchQuery{op: opAnd, byDate: true}),
		kind("match-all by date", all, benchQuery{op: opAll, byDate: true}),
		kind("OR 4, 20 marked", q.or4, benchQuery{op: opOr, page: true}),
		kind("coverage page", q.or4, benchQuery{op: opOr, from: month(0), to: month(12), facets: true, months: true, page: true}),
	}
}
