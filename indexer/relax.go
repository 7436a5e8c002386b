package indexer

import (
	"context"
	"slices"

	"dateline"
)

// A search of several words that few articles have is also answered with
// articles that have some of them. They are an answer of their own beside the
// exact one: no count, facet or page of that has anything of them in it.

const (
	fewForSome  = 10 // below this, articles with some of the words are looked for
	someHits    = 10 // that are given
	maxSomeWord = 32 // words of a query
)

// someOf is a query taken apart: words that an article may lack, and all
// else, which it may not.
type someOf struct {
	words []string        // as they are looked for
	plain []dateline.Node // of the words
	nodes []dateline.Node // of the words, and what they also mean
	rest  []dateline.Node
	least int // words that an article must have
}

// someOf gives the words of a query, those that no article has replaced by
// what was likely meant; nil if it has fewer than two that stand free. What is
// in quotation marks, in parentheses or has a field was meant as it stands. A
// word that says nothing in a language of the articles is not looked for
// beside others: half of "how is the bridge" is not "how is".
func (x *Index) someOf(ctx context.Context, v *view, root dateline.Node) (*someOf, error) {
	and, ok := root.(*dateline.And)
	if !ok {
		return nil, nil
	}
	s := &someOf{}
	var free, telling []*dateline.Term
	for _, n := range and.Nodes {
		t, ok := n.(*dateline.Term)
		if !ok || t.Field != "" {
			n, _ = x.expand(n)
			s.rest = append(s.rest, n)
			continue
		}
		if slices.ContainsFunc(free, func(f *dateline.Term) bool { return f.Text == t.Text }) {
			continue
		}
		free = append(free, t)
		if v.stopIn(t.Text)&v.liveLangs() == 0 {
			telling = append(telling, t)
		}
	}
	if len(free) < 2 || len(free) > maxSomeWord {
		return nil, nil
	}
	if len(telling) == 0 {
		telling = free
	}
	for _, t := range telling {
		plain, word, err := x.likely(ctx, v, t)
		if err != nil {
			return nil, err
		}
		n, _ := x.expand(plain)
		s.words, s.plain, s.nodes = append(s.words, word), append(s.plain, plain), append(s.nodes, n)
	}
	s.least = (len(s.words) + 1) / 2
	return s, nil
}

// liveLangs are the languages of live articles, as bits.
func (v *view) liveLangs() (mask uint64) {
	for i, n := range v.langDocs {
		if n > 0 {
			mask |= 1 << i
		}
	}
	return mask
}

// likely gives a word or, if no article has it or what it also means, the
// nearest word, or one that is a little farther and far more frequent.
func (x *Index) likely(ctx context.Context, v *view, t *dateline.Term) (dateline.Node, string, error) {
	n, _ := x.expand(t)
	if len(analyze(otherLang, t.Text)) != 1 {
		return t, t.Text, nil
	}
	r := &run{v: v, x: x, ctx: ctx}
	if set, err := r.eval(n, false); err != nil || !set.empty() {
		return t, t.Text, err
	}
	words, err := x.mendable(ctx, v, t.Text)
	if err != nil || words[0].found > 0 || len(words[0].choices) == 0 {
		return t, t.Text, err
	}
	var best correction
	most := -1
	for _, c := range words[0].choices {
		set, err := r.eval(meant(c.text), false)
		if err != nil {
			return nil, "", err
		}
		if found := set.count(); most < 0 || c.distance < best.distance || c.distance == best.distance && found > most || c.distance > best.distance && found >= farMore*most {
			best, most = c, found
		}
	}
	return meant(best.text), best.text, nil
}

// meant is the node of a correction, which may be of two words.
func meant(text string) dateline.Node {
	if len(analyze(otherLang, text)) > 1 {
		return &dateline.Phrase{Text: text}
	}
	return &dateline.Term{Text: text}
}

// someWords answers a query with the articles that have some of its words,
// without those that match it, the likest first; nil if there are none.
func (x *Index) someWords(ctx context.Context, v *view, q dateline.Query, found bitset, hits hitsFunc) (*dateline.SomeWords, error) {
	s, err := x.someOf(ctx, v, q.Root)
	if s == nil || err != nil {
		return nil, err
	}
	r, done := newRun(ctx, x, v, true)
	defer done()
	r.rank(&dateline.And{Nodes: s.plain})
	sets := make([]bitset, len(s.nodes))
	have := make([]uint8, v.n)
	for i, n := range s.nodes {
		if sets[i], err = r.eval(n, true); err != nil {
			return nil, err
		}
		sets[i].each(func(o uint32) { have[o]++ })
	}
	some := v.none()
	for o, n := range have {
		if int(n) >= s.least {
			some.set(uint32(o))
		}
	}
	for _, n := range s.rest {
		set, err := r.eval(n, true)
		if err != nil {
			return nil, err
		}
		some.and(set)
	}
	some.andNot(found)
	r.bound(some, q)
	some = x.narrow(v, some, q).all
	only := bitset(nil)
	if q.Copies == dateline.CopiesCollapse {
		only = some
		some = v.collapse(some)
	}
	if some.empty() {
		return nil, nil
	}
	r.score(some, 0)
	r.prefer(some)
	if err := r.near(some); err != nil {
		return nil, err
	}
	p := pager{v: v, order: dateline.SortRelevance, scores: r.scores}
	ords, _ := p.page(some, someHits)
	q.Root = &dateline.Or{Nodes: slices.Concat(s.nodes, s.rest)} // what is marked
	out := &dateline.SomeWords{Total: some.count(), Words: s.words}
	if out.Hits, err = hits(ctx, v, q, ords, r.scores, only); err != nil {
		return nil, err
	}
	for i := range out.Hits {
		o, ok := v.find(out.Hits[i].Article.ID)
		if !ok {
			continue // deleted this instant
		}
		for k, set := range sets {
			if !set.has(o) {
				out.Hits[i].Missing = append(out.Hits[i].Missing, s.words[k])
			}
		}
	}
	return out, nil
}
