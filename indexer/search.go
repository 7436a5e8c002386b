package indexer

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"sync"
	"time"

	"dateline"
	"dateline/indexer/segment"
)

// scratch is memory that a search needs while it runs.
type scratch struct {
	scores []float32 // by ordinal
	posts  [][]posting
}

var scratchPool = sync.Pool{New: func() any { return &scratch{} }}

// spareLeaves is for how many leaves memory is kept.
const spareLeaves = 8

// newRun gives a run with memory, which done takes back.
func newRun(ctx context.Context, x *Index, v *view, scored bool) (r *run, done func()) {
	s := scratchPool.Get().(*scratch) //nolint:forcetypeassert // of its New
	r = &run{v: v, x: x, ctx: ctx, scored: scored, spare: s.posts}
	r.useSpare()
	if scored {
		if cap(s.scores) < v.n {
			s.scores = make([]float32, v.n, v.n+v.n/8+64)
		}
		r.scores = s.scores[:v.n]
		clear(r.scores)
		r.stats = &scoreStats{Docs: v.live.count(), Titles: v.titles, Bodies: v.bodies, Newest: v.newest}
	}
	return r, func() {
		s.posts = append(r.spare, r.posts)
		for _, l := range r.leaves {
			s.posts = append(s.posts, l.posts)
		}
		s.posts = s.posts[:min(len(s.posts), spareLeaves)]
		scratchPool.Put(s)
	}
}

// sumPool holds what prefix adds up in; all of it is 0.
var sumPool sync.Pool

func (v *view) sums() []segment.Freq {
	if p, ok := sumPool.Get().(*[]segment.Freq); ok && cap(*p) >= v.n {
		return (*p)[:v.n]
	}
	return make([]segment.Freq, v.n, v.n+v.n/8+64)
}

// checkParams gives the order of the hits, or says what is wrong.
func checkParams(q dateline.Query) (string, error) {
	bad := func(p, f string, a ...any) error {
		return &dateline.ParamError{Param: p, Message: fmt.Sprintf(f, a...)}
	}
	if q.Limit < 0 || q.Limit > 100 {
		return "", bad("limit", "must be 0 to 100, not %d", q.Limit)
	}
	order := q.Sort
	switch order {
	case "":
		order = dateline.SortNewest
		if q.Root != nil {
			order = dateline.SortRelevance
		}
	case dateline.SortRelevance, dateline.SortNewest, dateline.SortOldest:
	default:
		return "", bad("sort", "%q is none of relevance, newest, oldest", order)
	}
	switch q.Copies {
	case "", dateline.CopiesShow, dateline.CopiesCollapse:
	default:
		return "", bad("copies", "%q is neither show nor collapse", q.Copies)
	}
	for _, f := range q.Facets {
		if !slices.Contains(filterFields, f) {
			return "", bad("facets", "no facet %q; there are %s", f, strings.Join(filterFields, ", "))
		}
	}
	for _, m := range []map[string][]string{q.Filters, q.Excludes} {
		for f := range m {
			if !slices.Contains(filterFields, f) {
				return "", bad(f, "no such filter; there are %s", strings.Join(filterFields, ", "))
			}
		}
	}
	if q.FacetSize < 0 || q.FacetSize > 1000 {
		return "", bad("facet_size", "must be 1 to 1000, not %d", q.FacetSize)
	}
	if q.Interval != "" && q.Interval != "auto" && intervalIndex(q.Interval) < 0 {
		return "", bad("interval", "%q is none of auto, hour, day, week, month, year", q.Interval)
	}
	return order, nil
}

// Search answers a query. All its counts are exact and of one state.
func (x *Index) Search(ctx context.Context, q dateline.Query) (*dateline.Results, error) {
	return x.search(ctx, q, x.hits)
}

// hitsFunc makes the hits of the articles on a page.
type hitsFunc func(ctx context.Context, v *view, q dateline.Query, ords []uint32, scores []float32, only bitset) ([]dateline.Hit, error)

func (x *Index) search(ctx context.Context, q dateline.Query, hits hitsFunc) (*dateline.Results, error) {
	began := time.Now()
	order, err := checkParams(q)
	if err != nil {
		return nil, err
	}
	hash := queryHash(q, order)
	cur, err := parseCursor(q.Cursor, hash)
	if err != nil {
		return nil, err
	}
	v, err := x.view()
	if err != nil {
		return nil, err
	}
	defer v.release()
	r, done := newRun(ctx, x, v, order == dateline.SortRelevance && q.Limit > 0)
	defer done()
	if r.scored && cur.Stats != nil {
		r.stats = cur.Stats
		r.stats.fixed = true
	}
	asked := q
	var expanded []dateline.Expansion
	q.Root, expanded = x.expand(q.Root)
	if r.scored {
		r.rank(asked.Root)
	}
	base, err := r.base(q)
	if err != nil {
		return nil, err
	}
	n := x.narrow(v, base, q)
	all := n.all
	collapse := q.Copies == dateline.CopiesCollapse
	if collapse {
		all = v.collapse(all)
	}
	leading := all // those that may be on the page
	if r.scored {
		if cur.ID == "" {
			most := max(q.Limit, 2*x.window) + 1
			if scored := r.score(all, most); scored.count() >= most {
				leading = r.contenders(scored, most)
			}
		} else { // a further page needs the scores of all
			r.score(all, 0)
		}
		r.prefer(leading)
		if err := r.near(leading); err != nil {
			return nil, err
		}
	}
	res := &dateline.Results{Total: all.count(), Expanded: expanded, Facets: map[string][]dateline.FacetValue{}}
	res.Undated = res.Total - all.countAnd(v.dated)
	x.facets(n, q, collapse, res)
	if q.Interval != "" {
		res.Timeline = v.timeline(all, q.Interval, q.Zone)
	}
	if q.Limit > 0 {
		p := pager{v: v, order: order, scores: r.scores, cur: cur, hash: hash, stats: r.stats}
		ords, next := p.page(leading, q.Limit)
		res.Next = next
		only := bitset(nil)
		if collapse {
			only = n.all
		}
		if res.Hits, err = hits(ctx, v, q, ords, r.scores, only); err != nil {
			return nil, err
		}
	}
	if q.SomeWords && res.Total < fewForSome && q.Limit > 0 && q.Cursor == "" {
		if res.SomeWords, err = x.someWords(ctx, v, asked, n.all, hits); err != nil {
			return nil, err
		}
	}
	if res.Total < fewHits && q.Root != nil && q.Limit > 0 && q.Cursor == "" {
		if res.DidYouMean, err = x.didYouMean(ctx, v, asked, res.Total); err != nil {
			return nil, err
		}
	}
	res.Took = time.Since(began)
	return res, nil
}

// base gives what a query matches but for its filters.
func (r *run) base(q dateline.Query) (bitset, error) {
	base, err := r.eval(q.Root, true)
	if err != nil {
		return nil, err
	}
	r.bound(base, q)
	return base, nil
}

// bound takes from a set what a query excludes and what is not of its time.
func (r *run) bound(base bitset, q dateline.Query) {
	for f, vs := range q.Excludes {
		if len(vs) > 0 {
			base.andNot(r.x.valuesSet(r.v, f, vs))
		}
	}
	if !q.From.IsZero() || !q.To.IsZero() {
		r.v.keepRange(base, q.From, q.To)
	}
}

// hits reads the articles found and marks what the query asked for.
func (x *Index) hits(ctx context.Context, v *view, q dateline.Query, ords []uint32, scores []float32, only bitset) ([]dateline.Hit, error) {
	as, err := x.asFound(ctx, v, ords)
	if err != nil {
		return nil, err
	}
	h := newHighlighter(x, q)
	hits := make([]dateline.Hit, 0, len(ords))
	for i, a := range as {
		if a == nil {
			continue // deleted this instant
		}
		a = x.resolved(a)
		hit := dateline.Hit{Article: a, Copies: v.copiesOf(ords[i], only)}
		if scores != nil {
			hit.Score = float64(scores[ords[i]])
		}
		hit.TitleHTML, hit.SnippetHTML = h.mark(a)
		hits = append(hits, hit)
	}
	return hits, nil
}

// asFound reads articles in the order of their ordinals, each in the text that
// was found if that is still the current one; nil stands for one that was
// deleted meanwhile.
func (x *Index) asFound(ctx context.Context, v *view, ords []uint32) ([]*dateline.Article, error) {
	seqs := make([]int64, len(ords))
	for i, o := range ords {
		seqs[i] = v.seq(o)
	}
	bySeq, err := x.st.Current(ctx, seqs)
	if err != nil {
		return nil, err
	}
	out := make([]*dateline.Article, len(ords))
	var changed []string
	for i, q := range seqs {
		if out[i] = bySeq[q]; out[i] == nil {
			changed = append(changed, v.id(ords[i]))
		}
	}
	if len(changed) == 0 {
		return out, nil
	}
	byID, err := x.st.GetMany(ctx, changed)
	if err != nil {
		return nil, err
	}
	for i, o := range ords {
		if out[i] == nil {
			out[i] = byID[v.id(o)]
		}
	}
	return out, nil
}
