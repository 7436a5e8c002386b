package main

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"dateline"
)

// judge answers queries by reading every article of the corpus, with nothing
// of the index's code but the stemmer it uses.
type judge struct {
	st     *stems
	ids    map[string]int // stem of a query -> number
	starts []string       // prefixes
	known  map[string]wordUse
	judged []*judgement
}

// wordUse is what a word of the corpus is to the queries.
type wordUse struct {
	stem   int   // number, or -1
	starts []int // prefixes that the word or its stem has
}

type judgement struct {
	q      benchQuery
	words  []int
	total  int
	facets [5]map[string]int // only of queries whose facets are checked
	months map[time.Time]int
}

func newJudge(st *stems) *judge {
	return &judge{st: st, ids: map[string]int{}, known: map[string]wordUse{}}
}

// add takes on a query; deep asks for its facets and months too.
func (j *judge) add(q benchQuery, deep bool) *judgement {
	n := &judgement{q: q}
	for _, w := range q.words {
		if q.op == opPrefix {
			n.words = append(n.words, len(j.starts))
			j.starts = append(j.starts, w)
			continue
		}
		s := j.st.snowball(w)
		if _, ok := j.ids[s]; !ok {
			j.ids[s] = len(j.ids)
		}
		n.words = append(n.words, j.ids[s])
	}
	if deep && q.facets {
		for i := range n.facets {
			n.facets[i] = map[string]int{}
		}
	}
	if deep && q.months {
		n.months = map[time.Time]int{}
	}
	j.judged = append(j.judged, n)
	return n
}

func (j *judge) use(w string) wordUse {
	u, ok := j.known[w]
	if !ok {
		s := j.st.snowball(w)
		u.stem = -1
		if id, ok := j.ids[s]; ok {
			u.stem = id
		}
		for i, p := range j.starts {
			if strings.HasPrefix(w, p) || strings.HasPrefix(s, p) {
				u.starts = append(u.starts, i)
			}
		}
		j.known[strings.Clone(w)] = u
	}
	return u
}

// read judges all queries over a corpus.
func (j *judge) read(ctx context.Context, c corpus) error {
	n := 0
	stems, starts := make([]int, len(j.ids)), make([]int, len(j.starts)) // article that had it last
	var texts [2][]int
	return c.each(ctx, func(a *dateline.Article) error {
		n++
		for i, text := range []string{a.Title, a.Body} {
			texts[i] = texts[i][:0]
			note := func(w string) int {
				u := j.use(w)
				if u.stem >= 0 {
					stems[u.stem] = n
				}
				for _, p := range u.starts {
					starts[p] = n
				}
				return u.stem
			}
			splitWords(text, func(w string) { texts[i] = append(texts[i], note(w)) })
			joinedWords(text, func(w string) { note(w) })
		}
		values := facetIDs(a)
		for _, q := range j.judged {
			if q.matches(n, stems, starts, texts) {
				q.count(a, values)
			}
		}
		return nil
	})
}

func (n *judgement) matches(doc int, stems, starts []int, texts [2][]int) bool {
	switch n.q.op {
	case opAnd:
		return !slices.ContainsFunc(n.words, func(w int) bool { return stems[w] != doc })
	case opOr:
		return slices.ContainsFunc(n.words, func(w int) bool { return stems[w] == doc })
	case opPrefix:
		return starts[n.words[0]] == doc
	case opPhrase:
		for _, t := range texts {
			for i := range len(t) - len(n.words) + 1 {
				if slices.Equal(t[i:i+len(n.words)], n.words) {
					return true
				}
			}
		}
		return false
	}
	return true
}

func (n *judgement) count(a *dateline.Article, values [5][]string) {
	q := n.q
	if a.Published.Before(q.from) || !q.to.IsZero() && !a.Published.Before(q.to) {
		return
	}
	missed, field := 0, -1
	for f, want := range q.filters {
		i := slices.Index(benchFacets, f)
		if !slices.ContainsFunc(values[i], func(v string) bool { return slices.Contains(want, v) }) {
			missed, field = missed+1, i
		}
	}
	if missed == 0 {
		n.total++
		if n.months != nil {
			t := a.Published.UTC()
			n.months[time.Date(t.Year(), t.Month(), 1, 0, 0, 0, 0, time.UTC)]++
		}
	}
	for i, m := range n.facets { // each facet is counted without its own filter
		if m != nil && (missed == 0 || missed == 1 && field == i) {
			for _, v := range values[i] {
				m[v]++
			}
		}
	}
}

// check compares an answer of the index with what is true.
func (n *judgement) check(kind string, r *dateline.Results, hits int) error {
	wrong := func(f string, a ...any) error {
		return fmt.Errorf("%s %q: the index is wrong: %s", kind, n.q.text(), fmt.Sprintf(f, a...))
	}
	if r.Total != n.total {
		return wrong("%d articles, %d by reading all", r.Total, n.total)
	}
	if most := map[bool]int{false: 10, true: 20}[n.q.page]; hits != min(most, n.total) {
		return wrong("%d hits of %d", hits, n.total)
	}
	for i, m := range n.facets {
		if m == nil {
			continue
		}
		got := r.Facets[benchFacets[i]]
		if len(got) < min(20, len(m)) {
			return wrong("%d values of %s, there are %d", len(got), benchFacets[i], len(m))
		}
		for _, v := range got {
			if v.Count != m[v.ID] {
				return wrong("%s %s: %d articles, %d by reading all", benchFacets[i], v.ID, v.Count, m[v.ID])
			}
		}
	}
	if n.months != nil {
		sum := 0
		for _, b := range r.Timeline {
			sum += b.Count
			if n.months[b.From] != b.Count {
				return wrong("%s: %d articles, %d by reading all", b.From.Format("2006-01"), b.Count, n.months[b.From])
			}
		}
		if sum != n.total {
			return wrong("the months have %d articles of %d", sum, n.total)
		}
	}
	return nil
}
