package indexer

import (
	"slices"

	"dateline"
)

// Copies are found in two steps. A sketch of ten numbers tells which
// articles may share text: the smallest hashes of all runs of shingleSize
// words (a bottom-k MinHash: Broder, "On the resemblance and containment of
// documents", 1997). Then the runs themselves are compared, on the forward
// index. At a resemblance of 0.5 two articles share fewer than two of ten
// with a chance of about 1 in 100.
const (
	sketchSize  = 10
	minShared   = 2 // numbers of two sketches, before the runs are compared
	shingleSize = 3
	// Resemblance (shared runs over all runs) or containment (shared runs over
	// those of the shorter) from which two articles are copies. A wire copy
	// with a changed head and tail and a few changed words keeps more than
	// that; two reports of one event written apart share under a tenth.
	minResemblance = 0.35
	minContainment = 0.7
	// Shorter texts are never copies: what they share is chance or form.
	minShingles = 25
	// A run that is in more articles than this is boilerplate.
	maxSharers = 256
)

type sketch [sketchSize]uint32

// shingles gives the sorted distinct hashes of the runs of terms of a body.
func shingles(terms []uint32, buf []uint32) []uint32 {
	out := buf[:0]
	for i := 0; i+shingleSize <= len(terms); i++ {
		h := uint64(terms[i])
		for _, t := range terms[i+1 : i+shingleSize] {
			h = h*0x9e3779b97f4a7c15 + uint64(t)
		}
		out = append(out, uint32(mix(h)>>32)|1)
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// sketchOf takes the smallest of sorted shingles; 0 means none.
func sketchOf(sh []uint32) (s sketch) {
	if len(sh) >= minShingles {
		copy(s[:], sh)
	}
	return s
}

func alike(a, b []uint32) bool {
	if len(a) < minShingles || len(b) < minShingles {
		return false
	}
	shared := 0
	for i, j := 0, 0; i < len(a) && j < len(b); {
		switch {
		case a[i] < b[j]:
			i++
		case a[i] > b[j]:
			j++
		default:
			shared++
			i++
			j++
		}
	}
	all := len(a) + len(b) - shared
	short := min(len(a), len(b))
	return float64(shared) >= minResemblance*float64(all) || float64(shared) >= minContainment*float64(short)
}

// copyFinder puts articles into groups of copies as they are added.
//
// Which articles have a number of a sketch is kept in a table of ten entries
// for each, which is made from the log when the first article comes, and let
// go when none has come for a while: searches do not need it.
type copyFinder struct {
	table table
	upTo  int // articles that are in the table
	buf   []uint32
	terms []uint32
	cand  []uint32
}

// bodyShingles reads the body's runs of an article that is in the log.
func (f *copyFinder) bodyShingles(c *columns, m mapped, o uint32, buf []uint32) []uint32 {
	parts, terms := forward(m.payload(c.off[o])[c.fwd[o]:], f.terms)
	f.terms = terms
	if len(terms) == 0 {
		return nil
	}
	return shingles(terms[parts[partTitle]:parts[partTitle]+parts[partBody]], buf)
}

// likes gives one member of each group that a new article with these shingles
// belongs to. Groups are closed under likeness, so they do not depend on the
// order in which articles come.
func (f *copyFinder) likes(c *columns, m mapped, s sketch, mine []uint32) []uint32 {
	if s[0] == 0 {
		return nil
	}
	f.note(c, m)
	f.cand = f.cand[:0]
	for _, k := range s {
		if k == 0 {
			continue
		}
		n := len(f.cand)
		f.table.each(hashNumber(k), func(_ int, d uint32) bool {
			if c.live.has(d) {
				f.cand = append(f.cand, d)
			}
			return false
		})
		if len(f.cand)-n > maxSharers {
			f.cand = f.cand[:n]
		}
	}
	slices.Sort(f.cand)
	var out, groups []uint32
	for i, d := range f.cand {
		// As often as it is there, so many numbers are shared; once is enough
		// to look at it.
		if i+1 < minShared || f.cand[i+1-minShared] != d || i >= minShared && f.cand[i-minShared] == d {
			continue
		}
		if slices.Contains(groups, c.group[d]) {
			continue
		}
		f.buf = f.bodyShingles(c, m, d, f.buf)
		if alike(mine, f.buf) {
			out, groups = append(out, d), append(groups, c.group[d])
		}
	}
	return out
}

// note makes the articles findable that are not yet.
func (f *copyFinder) note(c *columns, m mapped) {
	for ; f.upTo < c.n; f.upTo++ {
		if o := uint32(f.upTo); c.live.has(o) {
			f.add(c, m, o)
		}
	}
}

func (f *copyFinder) add(c *columns, m mapped, o uint32) {
	at := c.off[o] + recordHead + int64(c.fwd[o])
	for _, k := range readSketch(m[at-4*sketchSize : at]) {
		if k == 0 {
			continue
		}
		if f.table.full() {
			f.table.grow()
			for d := range o {
				if c.live.has(d) {
					f.add(c, m, d)
				}
			}
			f.add(c, m, o)
			return
		}
		f.table.add(hashNumber(k), o)
	}
}

// rest gives the memory back.
func (f *copyFinder) rest() { *f = copyFinder{} }

func hashNumber(k uint32) uint64 { return mix(uint64(k)) }

// unite makes one ring of two; the group keeps the smaller number.
func (c *columns) unite(a, b uint32) {
	g := min(c.group[a], c.group[b])
	for _, s := range []uint32{a, b} {
		if c.group[s] == g {
			continue
		}
		for m := s; ; m = c.next[m] {
			c.group[m] = g
			if c.next[m] == s {
				break
			}
		}
	}
	c.next[a], c.next[b] = c.next[b], c.next[a]
}

// part takes a dead article out of its group, which may fall into several if
// it alone held it together.
func (f *copyFinder) part(c *columns, m mapped, o uint32) {
	if c.next[o] == o {
		return
	}
	members := c.ring(o)
	compare := len(members) <= maxSharers // else the rest stays together
	for _, d := range members {
		c.next[d], c.group[d] = d, d
	}
	var sh [][]uint32
	members = slices.DeleteFunc(members, func(d uint32) bool { return d == o })
	for _, d := range members {
		if compare {
			sh = append(sh, f.bodyShingles(c, m, d, nil))
		}
	}
	for i := range members {
		for j := range i {
			if c.group[members[i]] != c.group[members[j]] && (!compare || alike(sh[i], sh[j])) {
				c.unite(members[i], members[j])
			}
		}
	}
}

// ring gives the members of an article's group.
func (c *columns) ring(o uint32) []uint32 {
	out := []uint32{o}
	for m := c.next[o]; m != o; m = c.next[m] {
		out = append(out, m)
	}
	return out
}

// copiesOf tells of the group of a hit; only counts members in the set if it
// is given. The origin is the earliest of all, those without a date last.
func (v *view) copiesOf(o uint32, only bitset) *dateline.Copies {
	if v.next[o] == o {
		return nil
	}
	origin, n := o, 0
	for _, m := range v.ring(o) {
		if only == nil || only.has(m) {
			n++
		}
		if v.earlier(m, origin) < 0 {
			origin = m
		}
	}
	return &dateline.Copies{ID: v.id(origin), Count: n, Origin: origin == o}
}

// collapse keeps of each group the earliest member that is in the set.
func (v *view) collapse(set bitset) bitset {
	out := set.clone()
	set.each(func(o uint32) {
		if v.next[o] == o {
			return
		}
		for m := v.next[o]; m != o; m = v.next[m] {
			if set.has(m) && v.earlier(m, o) < 0 {
				out.unset(o)
				return
			}
		}
	})
	return out
}
