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

// sketched is the sketch of a body and how many distinct runs it is of; all 0
// where those are too few.
type sketched struct {
	runs   uint32
	sketch sketch
}

// runs is the set of the runs of words of one body, by their hashes: a hash
// table that is emptied by counting up epoch.
type runs struct {
	slots []runSlot
	epoch uint32
	n     int
}

type runSlot struct {
	hash  uint32
	epoch uint32 // of the set that it is in
	seen  uint32 // by which text it was shared last
}

// eachRun calls fn with the hash of each run of words, which is never 0.
func eachRun(terms []uint32, fn func(hash uint32)) {
	for i := 0; i+shingleSize <= len(terms); i++ {
		h := uint64(terms[i])
		for _, t := range terms[i+1 : i+shingleSize] {
			h = h*0x9e3779b97f4a7c15 + uint64(t)
		}
		fn(uint32(mix(h)>>32) | 1)
	}
}

// fill makes it the set of a body.
func (r *runs) fill(terms []uint32) {
	r.n = 0
	if r.epoch++; 2*len(terms) > len(r.slots) || r.epoch > 1<<31 {
		n := 1024
		for n < 2*len(terms) {
			n *= 2
		}
		r.slots, r.epoch = make([]runSlot, n), 1
	}
	eachRun(terms, func(h uint32) {
		if s := r.slot(h); s.epoch != r.epoch {
			*s = runSlot{hash: h, epoch: r.epoch}
			r.n++
		}
	})
}

// slot is where a run is, or would be.
func (r *runs) slot(h uint32) *runSlot {
	mask := uint32(len(r.slots) - 1)
	for at := h >> 1 & mask; ; at = (at + 1) & mask {
		if s := &r.slots[at]; s.epoch != r.epoch || s.hash == h {
			return s
		}
	}
}

// sketch takes the smallest of the set.
func (r *runs) sketch() sketched {
	if r.n < minShingles {
		return sketched{}
	}
	out := sketched{runs: uint32(r.n)}
	n := 0
	for i := range r.slots {
		if s := &r.slots[i]; s.epoch == r.epoch && (n < sketchSize || s.hash < out.sketch[n-1]) {
			n = min(n+1, sketchSize)
			k := n - 1
			for ; k > 0 && out.sketch[k-1] > s.hash; k-- {
				out.sketch[k] = out.sketch[k-1]
			}
			out.sketch[k] = s.hash
		}
	}
	return out
}

// alike tells whether a body of so many runs is a copy; text is a number that
// no other text has had since the set was filled.
func (r *runs) alike(terms []uint32, count, text uint32) bool {
	if r.n < minShingles || count < minShingles {
		return false
	}
	shared := 0
	eachRun(terms, func(h uint32) {
		if s := r.slot(h); s.epoch == r.epoch && s.seen != text {
			s.seen = text
			shared++
		}
	})
	all := r.n + int(count) - shared
	short := min(r.n, int(count))
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
	mine  runs
	terms []uint32
	cand  []uint32
}

// body reads the terms of the body of an article that is in the log, and how
// many runs it has.
func (f *copyFinder) body(c *columns, m mapped, o uint32) ([]uint32, uint32) {
	at := c.off[o] + recordHead + int64(c.fwd[o])
	f.terms = forwardLists(m[at:])[partBody].appendTerms(f.terms[:0])
	return f.terms, readSketch(m[at-sketchBytes : at]).runs
}

// sketch prepares a body for likes, which compares others with it.
func (f *copyFinder) sketch(terms []uint32) sketched {
	f.mine.fill(terms)
	return f.mine.sketch()
}

// likes gives one member of each group that the article whose body was
// sketched last belongs to. Groups are closed under likeness, so they do not
// depend on the order in which articles come.
func (f *copyFinder) likes(c *columns, m mapped, s sketched) []uint32 {
	if s.runs == 0 {
		return nil
	}
	f.note(c, m)
	f.cand = f.cand[:0]
	for _, k := range s.sketch {
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
		if terms, n := f.body(c, m, d); f.mine.alike(terms, n, d+1) {
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
	s := readSketch(m[at-sketchBytes : at])
	if s.runs == 0 {
		return
	}
	for _, k := range s.sketch {
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
	members = slices.DeleteFunc(members, func(d uint32) bool { return d == o })
	for i := range members {
		if compare {
			terms, _ := f.body(c, m, members[i])
			f.mine.fill(terms)
		}
		for j := range i {
			if c.group[members[i]] == c.group[members[j]] {
				continue
			}
			like := !compare
			if compare {
				terms, n := f.body(c, m, members[j])
				like = f.mine.alike(terms, n, members[j]+1)
			}
			if like {
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
