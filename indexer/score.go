package indexer

import (
	"cmp"
	"math"
	"slices"
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
// lead is a sentence or two, so its length is not looked at. From k1 2 to 4 and
// b .55 to .75 Cranfield tells little apart; of these the nearest to what is
// usual elsewhere (1.2 and .75) was taken, as one collection is not all.
const (
	bm25K1      = 2
	titleWeight = 5
	leadWeight  = 2
	titleB      = 0.75
	bodyB       = 0.65

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

// scoredLeaf is a leaf of the query that counts for articles: what it matched,
// and what it can add to a score.
type scoredLeaf struct {
	posts  []posting
	idf    float32
	k1     float32
	entity bool // the frequencies are the weights of an entity
}

// most is more than a leaf adds to any score.
func (l scoredLeaf) most() float32 { return l.idf * (l.k1 + 1) }

// keep takes what is in r.posts as a leaf to score.
func (r *run) keep(l scoredLeaf) {
	l.posts = r.posts
	r.leaves = append(r.leaves, l)
	r.useSpare()
}

// useSpare takes memory for another leaf.
func (r *run) useSpare() {
	r.posts = nil
	if n := len(r.spare); n > 0 {
		r.posts, r.spare = r.spare[n-1][:0], r.spare[:n-1]
	}
}

// worthPruning is how many postings a leaf has at least for score to look
// which articles can still be among the best.
const worthPruning = 4096

// score adds what the leaves give to the articles of a set, and tells which
// may have got something. If best is not 0, only the scores of what may be among
// so many best, after prefer has raised them, need be right: the others are
// too low. That is MaxScore (Turtle, Flood: "Query evaluation: strategies and
// optimizations", 1995), term by term: the leaves that can add most come
// first, and where the later ones, words that most articles have, cannot bring
// an article among the best any more, it is left out. Leaves are always taken
// in the same order, so that a sum is the same to the last bit on each page.
func (r *run) score(set bitset, best int) (scored bitset) {
	slices.SortStableFunc(r.leaves, func(a, b scoredLeaf) int { return cmp.Compare(b.most(), a.most()) })
	rest := float32(0) // what this leaf and those after it can add
	for _, l := range r.leaves {
		rest += l.most()
	}
	if scored = set; len(r.leaves) > 1 {
		scored = r.v.none()
	}
	for i, l := range r.leaves {
		least := float32(0)
		if best > 0 && i > 0 && len(l.posts) >= r.x.pruneFrom {
			if floor, ok := r.floor(scored, best); ok {
				least = floor - rest*1.0001 // for what rounding does
			}
		}
		r.add(l, set, scored, least)
		rest -= l.most()
	}
	return scored
}

// add scores a leaf for the articles of a set that have at least so much.
func (r *run) add(l scoredLeaf, set, scored bitset, least float32) {
	n, v, scores := r.byLength(), r.v, r.scores
	idf := l.most()
	for _, p := range l.posts {
		if scores[p.ord] < least || !set.has(p.ord) {
			continue
		}
		var tf float32
		switch {
		case p.freq < 1<<16 && !l.entity: // in the body only, as most are
			tf = float32(p.freq) * n.ofBody(v.blen[p.ord])
		case l.entity:
			tf = float32(p.freq)
		default:
			tf = float32(p.freq.Title())*n.title[v.tlen[p.ord]] + float32(p.freq.Lead())*leadWeight + float32(p.freq.Body())*n.ofBody(v.blen[p.ord])
		}
		scores[p.ord] += idf * tf / (l.k1 + tf)
		scored.set(p.ord)
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
	least, ok := r.floor(set, n)
	if !ok {
		return set
	}
	out := r.v.none()
	set.each(func(o uint32) {
		if r.scores[o] >= least {
			out.set(o)
		}
	})
	return out
}

// floor gives the score below which an article of a set cannot be among its n
// best when prefer has raised them; none if the set is smaller.
func (r *run) floor(set bitset, n int) (float32, bool) {
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
		return 0, false
	}
	return h[0] / float32(1+r.x.o.Recency) * 0.9999, true // for what rounding does
}
