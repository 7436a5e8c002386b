package indexer

import (
	"strings"
	"time"

	"dateline"
)

// document is an article analyzed for the evaluator.
type document struct {
	a           *dateline.Article
	lang        string
	title       []token
	body, brief []token
	extras      [3][]extra // of title, body and brief
}

func newDocument(a *dateline.Article) *document {
	l := langKey(a.Lang)
	d := &document{a: a, lang: l, title: analyze(l, a.Title), body: analyze(l, a.Body), brief: analyze(l, a.Summary)}
	d.extras = [3][]extra{partTitle: extras(l, a.Title, d.title), partBody: extras(l, a.Body, d.body), partSummary: extras(l, a.Summary, d.brief)}
	return d
}

func (d *document) parts(field string) [][]token {
	if field == "title" {
		return [][]token{d.title}
	}
	return [][]token{d.title, d.body, d.brief}
}

// matches evaluates a query over one article; resolve gives the ids that a
// value of a field means.
func (d *document) matches(n dateline.Node, resolve func(field, value string) []string) bool {
	switch n := n.(type) {
	case nil:
		return true
	case *dateline.And:
		for _, c := range n.Nodes {
			if !d.matches(c, resolve) {
				return false
			}
		}
		return true
	case *dateline.Or:
		for _, c := range n.Nodes {
			if d.matches(c, resolve) {
				return true
			}
		}
		return false
	case *dateline.Not:
		return !d.matches(n.Node, resolve)
	case *dateline.Term:
		return d.phrase(n.Field, n.Text, false)
	case *dateline.Prefix:
		return d.phrase(n.Field, n.Text, true)
	case *dateline.Phrase:
		if n.Slop > 0 {
			return d.near(n.Field, n.Text, n.Slop)
		}
		return d.phrase(n.Field, n.Text, false)
	case *dateline.FieldTerm:
		if fieldIndex(n.Field) < 0 {
			return false
		}
		ids := resolve(n.Field, n.Value)
		for _, v := range facetValues(d.a)[fieldIndex(n.Field)] {
			for _, id := range ids {
				if v.id == id {
					return true
				}
			}
		}
		return false
	case *dateline.DateRange:
		return inRange(d.a.Published, n.From, n.To)
	}
	return false
}

func inRange(t, from, to time.Time) bool {
	return !t.IsZero() && (from.IsZero() || !t.Before(from)) && (to.IsZero() || t.Before(to))
}

// phrase: consecutive words, or another form of them (codes.go); the last may
// be a prefix of a word. Text without a word matches everything.
func (d *document) phrase(field, text string, prefix bool) bool {
	want := analyze(d.lang, text)
	if len(want) == 0 {
		return true
	}
	form, ok := whole(d.lang, text, want)
	for i, p := range d.parts(field) {
		if len(findPhrase(p, want, prefix)) > 0 || len(want) == 1 && countExtras(d.extras[i], want[0], prefix) > 0 ||
			ok && !prefix && countForm(p, d.extras[i], form) > 0 {
			return true
		}
	}
	return false
}

func tokenMatches(t, want token, prefix bool) bool {
	if prefix {
		return strings.HasPrefix(t.word, want.word) || strings.HasPrefix(t.stem, want.word)
	}
	return t.stem == want.stem
}

// findPhrase gives the indexes at which the words stand in order.
func findPhrase(toks, want []token, prefix bool) []int {
	var out []int
	for i := 0; i+len(want) <= len(toks); i++ {
		ok := true
		for j, w := range want {
			if !tokenMatches(toks[i+j], w, prefix && j == len(want)-1) {
				ok = false
				break
			}
		}
		if ok {
			out = append(out, i)
		}
	}
	return out
}

// near: all words, the first and the last of them at most slop words apart.
func (d *document) near(field, text string, slop int) bool {
	want := analyze(d.lang, text)
	if len(want) < 2 {
		return d.phrase(field, text, false)
	}
	slop = max(slop, len(want)-1)
	need := map[string]int{}
	for _, w := range want {
		need[w.stem]++
	}
	for _, p := range d.parts(field) {
		var at []int
		for i, t := range p {
			if need[t.stem] > 0 {
				at = append(at, i)
			}
		}
		have := map[string]int{}
		missing := len(want)
		lo := 0
		for hi, pos := range at {
			s := p[pos].stem
			have[s]++
			if have[s] <= need[s] {
				missing--
			}
			for missing == 0 {
				if pos-at[lo] <= slop {
					return true
				}
				l := p[at[lo]].stem
				have[l]--
				if have[l] < need[l] {
					missing++
				}
				lo++
			}
			_ = hi
		}
	}
	return false
}
