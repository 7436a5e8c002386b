package indexer

import (
	"math/bits"
	"slices"
	"strings"
	"sync"

	"dateline"
)

// narrowed is a search with its filters set apart, as each facet is counted
// without its own.
type narrowed struct {
	v    *view
	all  bitset
	near map[string]bitset // field -> what its own filter alone keeps out
}

// narrow applies the filters of a query to what else it matches.
func (x *Index) narrow(v *view, base bitset, q dateline.Query) *narrowed {
	n := &narrowed{v: v, all: base, near: map[string]bitset{}}
	chosen := map[string]bitset{}
	for f, vs := range q.Filters {
		if len(vs) > 0 {
			chosen[f] = x.valuesSet(v, f, vs)
		}
	}
	if len(chosen) == 0 {
		return n
	}
	n.all = base.clone()
	for _, c := range chosen {
		n.all.and(c)
	}
	for f := range chosen {
		if !slices.Contains(q.Facets, f) {
			continue
		}
		s := base.clone()
		for g, c := range chosen {
			if g != f {
				s.and(c)
			}
		}
		s.andNot(n.all)
		n.near[f] = s
	}
	return n
}

// facets counts the values of the fields that a query asks for: those of all
// matches in one pass, and for a field with a filter those of the near misses.
func (x *Index) facets(n *narrowed, q dateline.Query, collapse bool, res *dateline.Results) {
	if len(q.Facets) == 0 {
		return
	}
	v := n.v
	var tallies [numFields]*tally
	matched := n.all.count()
	everything := !collapse && matched == v.live.count() && len(n.near) == 0
	for _, f := range q.Facets {
		i := fieldIndex(f)
		if everything {
			tallies[i] = &tally{counts: v.counts(i), all: true}
		} else if tallies[i] == nil {
			tallies[i] = newTally(len(v.values[i]), matched)
			defer tallies[i].free()
		}
	}
	if !everything {
		if collapse {
			for _, f := range q.Facets {
				set := n.all
				if m, ok := n.near[f]; ok {
					set = set.clone()
					set.or(m)
				}
				v.countGroups(set, fieldIndex(f), tallies[fieldIndex(f)])
			}
		} else {
			v.count(n.all, &tallies)
			for f, m := range n.near {
				var one [numFields]*tally
				one[fieldIndex(f)] = tallies[fieldIndex(f)]
				v.count(m, &one)
			}
		}
	}
	size := q.FacetSize
	if size == 0 {
		size = 20
	}
	for _, f := range q.Facets {
		res.Facets[f] = x.top(v, fieldIndex(f), tallies[fieldIndex(f)], q, size)
	}
}

// tally counts the values of a field. Where few articles are counted it
// remembers which values it met, as a field may have very many; where many
// are, looking at all values afterwards costs less.
type tally struct {
	counts []uint32
	met    []uint32 // values with a count, unless all
	all    bool
}

// tallies holds those of searches that are over; all their counts are 0.
var tallies sync.Pool

func newTally(values, articles int) *tally {
	t, ok := tallies.Get().(*tally)
	if !ok || cap(t.counts) < values {
		t = &tally{counts: make([]uint32, values, values+values/8+64)}
	}
	t.counts, t.all = t.counts[:values], articles > values/16
	return t
}

func (t *tally) add(value uint32) {
	if t.counts[value] == 0 && !t.all {
		t.met = append(t.met, value)
	}
	t.counts[value]++
}

func (t *tally) free() {
	if t.all {
		clear(t.counts)
	}
	for _, o := range t.met {
		t.counts[o] = 0
	}
	t.met = t.met[:0]
	tallies.Put(t)
}

// count adds the values of a set's articles to the fields that have a tally.
func (v *view) count(set bitset, tallies *[numFields]*tally) {
	var few [numFields]*tally
	var counts [numFields][]uint32 // of those that remember nothing: the hot ones
	some, last := false, uint32(0)
	for f, t := range tallies {
		if t == nil {
			continue
		}
		if last = uint32(f); t.all {
			counts[f] = t.counts
		} else {
			few[f], some = t, true
		}
	}
	for i, w := range set {
		for ; w != 0; w &= w - 1 {
			o := uint32(i<<6 + bits.TrailingZeros64(w))
			for _, x := range v.valuesOf(o) {
				f, k := x>>valueBits, x&valueMask
				if f > last || f >= numFields {
					break // they are in the order of fields
				}
				if c := counts[f]; int(k) < len(c) {
					c[k]++
				} else if some && few[f] != nil {
					few[f].add(k)
				}
			}
		}
	}
}

// countGroups counts each value once for a group of copies: as often as a
// search that collapses copies has hits when the value is chosen.
func (v *view) countGroups(set bitset, f int, t *tally) {
	var seen []uint32
	set.each(func(o uint32) {
		first := true
		seen = seen[:0]
		for m := v.next[o]; m != o; m = v.next[m] {
			if !set.has(m) {
				continue
			}
			if m < o {
				first = false // counted with that one
				break
			}
			for _, x := range v.valuesOf(m) {
				if int(x>>valueBits) == f {
					seen = append(seen, x)
				}
			}
		}
		if !first {
			return
		}
		for _, x := range v.valuesOf(o) {
			if int(x>>valueBits) == f {
				seen = append(seen, x)
			}
		}
		slices.Sort(seen)
		for _, x := range slices.Compact(seen) {
			t.add(x & valueMask)
		}
	})
}

// top gives the values with the highest counts, and those that are selected
// or excluded whatever their count; size 0 is all. If the query names values,
// only those it names.
func (x *Index) top(v *view, f int, t *tally, q dateline.Query, size int) []dateline.FacetValue {
	counts := t.counts
	pick := func(values []string) map[string]bool {
		m := map[string]bool{}
		for _, s := range values {
			known := false
			for _, id := range x.resolve(fields[f], s) {
				if o, ok := v.dicts[f].lookup(id); ok && int(o) < len(counts) {
					m[id], known = true, true
				}
			}
			if !known {
				m[s] = true // listed with 0, so that it can be taken away
			}
		}
		return m
	}
	sel, exc := pick(q.Filters[fields[f]]), pick(q.Excludes[fields[f]])
	values := v.values[f]
	start := fold(strings.TrimSpace(q.FacetPrefix))
	named := func(o uint32) bool {
		return start == "" || strings.HasPrefix(fold(values[o].id), start) || beginsWord(x.nameOf(f, values[o]), start)
	}
	before := func(a, b uint32) int {
		if counts[a] != counts[b] {
			return int(counts[b]) - int(counts[a])
		}
		return strings.Compare(values[a].id, values[b].id)
	}
	var best []uint32
	least := uint32(1)
	take := func(o uint32) {
		if counts[o] < least || !named(o) {
			return
		}
		best = append(best, o)
		if size > 0 && len(best) >= 4*size+64 {
			slices.SortFunc(best, before)
			best = best[:size]
			least = counts[best[size-1]]
		}
	}
	if t.all {
		for o := range counts {
			take(uint32(o))
		}
	} else {
		for _, o := range t.met {
			take(o)
		}
	}
	slices.SortFunc(best, before)
	if size > 0 && len(best) > size {
		best = best[:size]
	}
	for _, m := range []map[string]bool{sel, exc} {
		for id := range m {
			if o, ok := v.dicts[f].lookup(id); ok && int(o) < len(counts) && !slices.Contains(best, o) && named(o) {
				best = append(best, o)
			}
		}
	}
	slices.SortFunc(best, before)
	out := make([]dateline.FacetValue, 0, len(best))
	for _, o := range best {
		fv := values[o]
		out = append(out, dateline.FacetValue{ID: fv.id, Name: x.nameOf(f, fv), Count: int(counts[o]), Selected: sel[fv.id], Excluded: exc[fv.id]})
	}
	var unknown []string
	for _, m := range []map[string]bool{sel, exc} {
		for id := range m {
			if o, ok := v.dicts[f].lookup(id); (!ok || int(o) >= len(counts)) && start == "" && !slices.Contains(unknown, id) {
				unknown = append(unknown, id)
			}
		}
	}
	slices.Sort(unknown)
	for _, id := range unknown {
		out = append(out, dateline.FacetValue{ID: id, Name: id, Selected: sel[id], Excluded: exc[id]})
	}
	return out
}

// beginsWord tells whether a word of s begins with start, which is folded and
// may go on to the words after.
func beginsWord(s, start string) bool {
	if isASCII(s) { // nearly all names, and without a copy
		for i := 0; i+len(start) <= len(s); i++ {
			if (i == 0 || asciiClass[s[i-1]] != classWord) && strings.EqualFold(s[i:i+len(start)], start) {
				return true
			}
		}
		return false
	}
	s = fold(s)
	before := ' '
	for i, r := range s {
		if (!isWord(before) || isSingle(before) || isSingle(r)) && strings.HasPrefix(s[i:], start) {
			return true
		}
		before = r
	}
	return false
}
