package indexer

import (
	"math"
)

// scoreStats are the numbers about the whole collection that scores depend
// on. A cursor carries them, so that the pages of one search are of one order
// whatever is added meanwhile.
type scoreStats struct {
	Docs   int     `json:"n"`
	Titles int64   `json:"t"` // terms in all titles
	Bodies int64   `json:"b"`
	Newest int64   `json:"w,omitempty"` // seconds since 1970, of the newest article
	Near   float32 `json:"x,omitempty"` // the least score that gets the bonus for near words
	Found  []int   `json:"d,omitempty"` // articles that each leaf of the query matched, in order
	fixed  bool    // given by a cursor
	leaf   int
}

// BM25F (Robertson, Zaragoza, Taylor: "Simple BM25 extension to multiple
// weighted fields", 2004): the frequencies of a term in the fields are
// weighted, normalised by the length of their field and added before they are
// saturated. Tuned on Cranfield only, but for the lead, which it has not: a
// lead is a sentence or two, so its length is not looked at.
const (
	bm25K1      = 3
	titleWeight = 5
	leadWeight  = 2
	titleB      = 0.75
	bodyB       = 0.55

	// How soon more mentions of an entity say no more; not tuned.
	entityK1 = 1.2
)

// idf is the weight of the next leaf, which matched so many articles.
func (r *run) idf(found int) float32 {
	s := r.stats
	if s.fixed && s.leaf < len(s.Found) {
		found = s.Found[s.leaf]
	} else if !s.fixed {
		s.Found = append(s.Found, found)
	}
	s.leaf++
	return float32(math.Log(1 + (float64(max(s.Docs, found))-float64(found)+0.5)/(float64(found)+0.5)))
}

func (r *run) score() {
	n, v := r.byLength(), r.v
	r.lastIDF = r.idf(len(r.posts))
	r.mute()
	idf := r.lastIDF * (bm25K1 + 1)
	for _, p := range r.posts {
		var tf float32
		if p.freq < 1<<16 { // in the body only, as most are
			tf = float32(p.freq) * n.ofBody(v.blen[p.ord])
		} else {
			tf = float32(p.freq.Title())*n.title[v.tlen[p.ord]] + float32(p.freq.Lead())*leadWeight + float32(p.freq.Body())*n.ofBody(v.blen[p.ord])
		}
		r.scores[p.ord] += idf * tf / (bm25K1 + tf)
	}
}

// norms are what a frequency is multiplied with, by the length of its field:
// a search divides once for each length and not for each posting.
type norms struct {
	title   [256]float32
	body    [2048]float32 // longer ones are worked out each time
	avgBody float64
}

func (r *run) byLength() *norms {
	if r.norms != nil {
		return r.norms
	}
	s := r.stats
	docs := float64(max(1, s.Docs))
	avgTitle := max(1, float64(s.Titles)/docs)
	n := &norms{avgBody: max(1, float64(s.Bodies)/docs)}
	for l := range n.title {
		n.title[l] = titleWeight / float32(1-titleB+titleB*float64(l)/avgTitle)
	}
	for l := range n.body {
		n.body[l] = n.long(l)
	}
	r.norms = n
	return n
}

func (n *norms) long(length int) float32 { return 1 / float32(1-bodyB+bodyB*float64(length)/n.avgBody) }

func (n *norms) ofBody(length uint16) float32 {
	if int(length) < len(n.body) {
		return n.body[length]
	}
	return n.long(int(length))
}

// halfAge is after how many hours, from the newest article of the collection
// on, half of the bonus for being new is gone.
const halfAge = 30 * 24

// freshness is what is left of the bonus by age in whole hours; after twenty
// halvings it is nothing.
var freshness = func() (t [20 * halfAge]float32) {
	for h := range t {
		t[h] = float32(math.Exp2(-float64(h) / halfAge))
	}
	return t
}()

// prefer raises the scores of new articles: by the factor 1 + Recency for one
// as new as the newest, less for older ones, not at all for undated ones. It
// breaks near ties; it does not put a poor match before a good one.
func (r *run) prefer(set bitset) {
	bonus := float32(r.x.o.Recency)
	if bonus == 0 {
		return
	}
	set.each(func(o uint32) {
		if age := max(0, r.stats.Newest-r.v.pub[o]) / 3600; age < int64(len(freshness)) && r.v.dated.has(o) {
			r.scores[o] *= 1 + bonus*freshness[age]
		}
	})
}

// contenders gives those of a set that may be among its n best when prefer
// has raised their scores: only they need what follows the words' scores.
func (r *run) contenders(set bitset, n int) bitset {
	h := make(leastFirst, 0, n) // the best so far
	set.each(func(o uint32) {
		switch s := r.scores[o]; {
		case len(h) < n:
			h.push(s)
		case s > h[0]:
			h[0] = s
			h.down(0)
		}
	})
	if len(h) < n {
		return set
	}
	least := h[0] / float32(1+r.x.o.Recency) * 0.9999 // for what rounding does
	out := r.v.none()
	set.each(func(o uint32) {
		if r.scores[o] >= least {
			out.set(o)
		}
	})
	return out
}
