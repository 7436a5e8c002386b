package indexer

import (
	"context"
	"fmt"
	"math"
	"math/bits"
	"strings"
	"time"

	"dateline"
	"dateline/indexer/segment"
)

// run is one evaluation of a query tree over a view: to a set of ordinals,
// and a score for each of those that words matched.
type run struct {
	v      *view
	x      *Index
	ctx    context.Context //nolint:containedctx // of one search, which the run does not outlive
	scored bool            // whether scores are wanted
	scores []float32       // by ordinal; nil unless scored

	stats *scoreStats
	norms *norms

	telling uint64                     // languages in which stop words add nothing
	muted   uint64                     // languages in which the leaf adds nothing
	lastIDF float32                    // of the last leaf that was scored
	rows    [][]*dateline.Term         // words side by side in the query
	idfs    map[*dateline.Term]float32 // of those words

	posts  []posting // of the leaf that is evaluated
	leaves []scoredLeaf
	spare  [][]posting // memory for more leaves
	terms  []uint32
}

// eval gives the matching live articles. Leaves that count for, not against,
// an article are kept for score.
func (r *run) eval(n dateline.Node, positive bool) (bitset, error) {
	v := r.v
	if err := r.ctx.Err(); err != nil {
		return nil, err
	}
	switch n := n.(type) {
	case nil:
		return v.live.clone(), nil
	case *dateline.And:
		out := v.live.clone()
		for _, c := range n.Nodes {
			s, err := r.eval(c, positive)
			if err != nil {
				return nil, err
			}
			out.and(s)
		}
		return out, nil
	case *dateline.Or:
		out := v.none()
		for _, c := range n.Nodes {
			s, err := r.eval(c, positive)
			if err != nil {
				return nil, err
			}
			out.or(s)
		}
		return out, nil
	case *dateline.Not:
		s, err := r.eval(n.Node, false)
		if err != nil {
			return nil, err
		}
		out := v.live.clone()
		out.andNot(s)
		return out, nil
	case *dateline.Term:
		return r.word(n, positive)
	case *dateline.Phrase:
		return r.leaf(n.Text, positive, func(lang string) error { return r.phrase(n.Field, n.Text, lang, n.Slop) })
	case *dateline.Prefix:
		return r.prefix(n, positive)
	case *dateline.FieldTerm:
		if fieldIndex(n.Field) < 0 {
			return nil, &dateline.ParamError{Param: "q", Message: fmt.Sprintf("no field %q to search; there are %s", n.Field, strings.Join(fields, ", "))}
		}
		return r.values(n, positive), nil
	case *dateline.DateRange:
		return v.rangeSet(n.From, n.To), nil
	}
	return nil, fmt.Errorf("unknown query node %T", n)
}

// values finds the articles that have a value. Those that are about an entity
// come before those that merely name it, and those that an outlet published
// are as if they named it once.
func (r *run) values(n *dateline.FieldTerm, positive bool) bitset {
	v := r.v
	set := r.x.valuesSet(v, n.Field, []string{n.Value})
	if !r.scored || !positive || entityType(n.Field) == "" && n.Field != dateline.FieldOutlet {
		return set
	}
	f := fieldIndex(n.Field)
	l := scoredLeaf{idf: r.idf(set.count()), k1: entityK1, entity: true}
	for _, id := range r.x.resolve(n.Field, n.Value) {
		if o, ok := v.dicts[f].lookup(id); ok && int(o) < len(v.values[f]) {
			value := uint32(f)<<valueBits | o
			r.posts = r.posts[:0]
			v.values[f][o].each(v.n, func(d uint32) {
				if set.has(d) {
					r.posts = append(r.posts, posting{d, segment.Freq(v.weightOf(d, value))})
				}
			})
			r.keep(l)
		}
	}
	return set
}

func (v *view) rangeSet(from, to time.Time) bitset {
	out := v.dated.clone()
	v.keepRange(out, from, to)
	return out
}

// keepRange takes out of a set what was not published in [from, to); a zero
// time is open.
func (v *view) keepRange(set bitset, from, to time.Time) {
	lo, hi := int64(math.MinInt64), int64(math.MaxInt64)
	if !from.IsZero() {
		lo = ceilUnix(from)
	}
	if !to.IsZero() {
		hi = ceilUnix(to)
	}
	for i, w := range set {
		w &= v.dated[i]
		for rest := w; rest != 0; rest &= rest - 1 {
			b := bits.TrailingZeros64(rest)
			if p := v.pub[i<<6+b]; p < lo || p >= hi {
				w &^= 1 << b
			}
		}
		set[i] = w
	}
}

// ceilUnix: dates are kept to the second, so a limit inside one is at its end.
func ceilUnix(t time.Time) int64 {
	s := t.Unix()
	if t.Nanosecond() > 0 {
		s++
	}
	return s
}
