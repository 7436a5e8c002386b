package indexer

import (
	"bytes"
	"cmp"
	"encoding/binary"
	"math"
	"slices"

	"dateline"
)

// Words that stand side by side in a query mean more where they stand near
// each other in an article. Each pair of neighbours in the query is scored as
// one more term of BM25F: its frequency is the sum of 1/distance over the
// places where the two are at most nearWords apart, in either order, its idf
// the mean of theirs. Reading an article's words in order costs more than its
// other scores do, so only the best of a search get this bonus; as it is never
// negative, they stay before the rest. Tuned on Cranfield only, where ten
// times the window gives the same.
const (
	nearWords  = 8
	nearWeight = 0.4
	nearWindow = 100 // articles that get the bonus, of equal ones up to twice as many
	maxPairs   = 32  // of a query; Cranfield's longest has 25
)

// rank prepares the scoring of a query as it was asked.
func (r *run) rank(asked dateline.Node) {
	r.telling = r.v.telling(asked)
	r.rows = neighbours(asked)
	r.idfs = map[*dateline.Term]float32{}
	for _, row := range r.rows {
		for _, t := range row {
			r.idfs[t] = 0
		}
	}
}

// neighbours gives the words of a query that stand side by side under one AND
// or OR, in rows. Those that count against an article have none.
func neighbours(n dateline.Node) (rows [][]*dateline.Term) {
	var list []dateline.Node
	switch n := n.(type) {
	case *dateline.And:
		list = n.Nodes
	case *dateline.Or:
		list = n.Nodes
	}
	var row []*dateline.Term
	for i, c := range list {
		t, ok := c.(*dateline.Term)
		if ok = ok && t.Field == ""; ok {
			row = append(row, t)
		} else {
			rows = append(rows, neighbours(c)...)
		}
		if !ok || i == len(list)-1 {
			if len(row) > 1 {
				rows = append(rows, row)
			}
			row = nil
		}
	}
	return rows
}

// word finds the articles with a word, and keeps its weight for its pairs.
func (r *run) word(n *dateline.Term, positive bool) (bitset, error) {
	if r.scored && positive {
		r.muted = r.v.stopIn(n.Text) & r.telling
	}
	r.lastIDF = 0
	s, err := r.leaf(n.Text, positive, func(lang string) error { return r.phrase(n.Field, n.Text, lang, 0) })
	r.muted = 0
	if _, ok := r.idfs[n]; ok {
		r.idfs[n] = r.lastIDF
	}
	return s, err
}

// nearQuery is the pairs of a query in one language.
type nearQuery struct {
	words []askedWord // each once
	pairs []pair
	reach int // how far apart the first terms of two that are near may be
}

// askedWord is a word of a query: one term or, as zero-day and every word of a
// script without spaces, several in a row.
type askedWord struct {
	terms []byte // as the forward index encodes them
	n     int
}

// pair is two neighbours, as places in words.
type pair struct {
	a, b int
	idf  float32
}

// nearIn prepares the pairs for the articles of a language. A stop word has no
// neighbours.
func (r *run) nearIn(lang uint8) *nearQuery {
	q := &nearQuery{reach: nearWords}
	name := r.v.langs[lang]
	for _, row := range r.rows {
		last := -1
		for i, t := range row {
			k := -1
			if r.telling>>lang&1 == 0 || !isStopWord(name, t.Text) {
				k = q.place(r.v.voc, analyze(name, t.Text))
			}
			if k >= 0 && last >= 0 && k != last && len(q.pairs) < maxPairs {
				q.pairs = append(q.pairs, pair{last, k, (r.idfs[row[i-1]] + r.idfs[t]) / 2})
			}
			last = k
		}
	}
	return q
}

// place gives where in words a word is, and adds it if need be; -1 if no
// article has it.
func (q *nearQuery) place(voc *vocab, toks []token) int {
	word := askedWord{n: len(toks)}
	for _, t := range toks {
		n, ok := voc.lookup(t.stem)
		if !ok {
			return -1
		}
		word.terms = binary.AppendUvarint(word.terms, uint64(n))
	}
	if word.n == 0 {
		return -1
	}
	k := slices.IndexFunc(q.words, func(w askedWord) bool { return bytes.Equal(w.terms, word.terms) })
	if k < 0 {
		k = len(q.words)
		q.words = append(q.words, word)
		q.reach = max(q.reach, nearWords+word.n-1)
	}
	return k
}

// near adds the bonus to the best of a set.
func (r *run) near(set bitset) error {
	if len(r.rows) == 0 {
		return nil
	}
	s := r.stats
	if s.fixed {
		s.Near = max(s.Near, r.nearFloor(set, 4*r.x.window)) // whatever a stranger's cursor says
	} else {
		s.Near = r.nearFloor(set, r.x.window)
	}
	lengths := r.byLength()
	queries := make([]*nearQuery, len(r.v.langs))
	var sums []nearSum
	var at []place
	var err error
	read := 0
	set.each(func(o uint32) {
		if err != nil || r.scores[o] < s.Near {
			return
		}
		l := r.v.lang[o]
		if queries[l] == nil {
			queries[l] = r.nearIn(l)
		}
		q := queries[l]
		if len(q.pairs) == 0 {
			return
		}
		if read++; read%16 == 0 {
			err = r.ctx.Err()
		}
		sums = append(sums[:0], make([]nearSum, len(q.pairs))...)
		for i, l := range r.v.lists(o) {
			at = q.find(l, at[:0])
			q.count(at, i, sums)
		}
		for i, p := range q.pairs {
			f := &sums[i]
			tf := f[partTitle]*lengths.title[r.v.tlen[o]] + f[partSummary]*leadWeight + f[partBody]*lengths.ofBody(r.v.blen[o])
			r.scores[o] += nearWeight * p.idf * tf * (bm25K1 + 1) / (bm25K1 + tf)
		}
	})
	return err
}

// nearSum is how near the words of a pair are in each part of an article.
type nearSum [3]float32

// place is at which of its terms a text has a word.
type place struct{ at, word int }

// find appends where the words of the query are in a text, in order. It looks
// for their bytes: most articles have few of them, and reading all terms would
// take four times as long.
func (q *nearQuery) find(l termList, out []place) []place {
	for w, word := range q.words {
		for at := range l.each(word.terms) {
			out = append(out, place{at, w})
		}
	}
	slices.SortFunc(out, func(a, b place) int { return a.at - b.at })
	// From bytes to terms, as far as it matters.
	last, term := 0, 0
	for i, p := range out {
		if p.at-last > q.reach*binary.MaxVarintLen32 {
			term += q.reach + 1
		} else {
			for _, c := range l.data[last:p.at] {
				if c < 0x80 { // the last byte of a term
					term++
				}
			}
		}
		last, out[i].at = p.at, term
	}
	return out
}

// count adds to sums, of a part of an article, how near the pairs are in it:
// from the last term of the one to the first of the other.
func (q *nearQuery) count(places []place, part int, sums []nearSum) {
	for i, b := range places {
		for k := i - 1; k >= 0 && b.at-places[k].at <= q.reach; k-- {
			a := places[k]
			d := b.at - a.at - q.words[a.word].n + 1
			if d < 1 || d > nearWords {
				continue
			}
			for j, p := range q.pairs {
				if p.a == a.word && p.b == b.word || p.b == a.word && p.a == b.word {
					sums[j][part] += 1 / float32(d)
				}
			}
		}
	}
}

// nearFloor gives the least score that gets the bonus: the k-th best or, where
// more than 2k have at least that since many are equal, the next above it.
func (r *run) nearFloor(set bitset, k int) float32 {
	h := make(leastFirst, 0, 2*k+1) // the best 2k+1
	set.each(func(o uint32) {
		switch s := r.scores[o]; {
		case len(h) < cap(h):
			h.push(s)
		case s > h[0]:
			h[0] = s
			h.down(0)
		}
	})
	best := []float32(h)
	slices.SortFunc(best, func(a, b float32) int { return cmp.Compare(b, a) })
	switch {
	case len(best) <= k:
		return 0
	case len(best) > 2*k && best[2*k] == best[k-1]:
		return math.Nextafter32(best[k-1], math.MaxFloat32)
	}
	return best[k-1]
}

// leastFirst is a heap with the least on top.
type leastFirst []float32

func (h *leastFirst) push(s float32) {
	*h = append(*h, s)
	l := *h
	for i := len(l) - 1; i > 0; {
		up := (i - 1) / 2
		if l[up] <= l[i] {
			return
		}
		l[i], l[up] = l[up], l[i]
		i = up
	}
}

func (h leastFirst) down(i int) {
	for {
		c := 2*i + 1
		if c >= len(h) {
			return
		}
		if c+1 < len(h) && h[c+1] < h[c] {
			c++
		}
		if h[i] <= h[c] {
			return
		}
		h[i], h[c] = h[c], h[i]
		i = c
	}
}
