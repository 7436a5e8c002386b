package tagger

import (
	"cmp"
	"math/bits"
	"slices"
)

// pair is an entry of a table.
type pair struct{ key, val uint32 }

// table maps hashes to numbers. It is read-only once made, and takes the
// place of a map for its speed: half of a document's time is spent here.
type table struct {
	slots []pair
	mask  uint32
	n     int
	// seen has a bit for the hash of each key, of which it takes other bits
	// than slots do. Most of the features that are asked for are not there, and
	// seen is small enough to stay near the processor.
	seen []uint64
	dim  uint32 // by how much a hash is shifted for seen
}

// newTable makes a table of entries, whose keys are not 0.
func newTable(ps []pair) *table {
	size := 4
	for size < len(ps)*2 {
		size *= 2
	}
	bitsOf := max(6, bits.Len(uint(len(ps)))+3)
	t := &table{slots: make([]pair, size), mask: uint32(size - 1), n: len(ps), seen: make([]uint64, 1<<(bitsOf-6)), dim: uint32(32 - bitsOf)}
	for _, p := range ps {
		h := p.key >> t.dim
		t.seen[h>>6] |= 1 << (h & 63)
		i := p.key & t.mask
		for t.slots[i].key != 0 && t.slots[i].key != p.key {
			i = (i + 1) & t.mask
		}
		t.slots[i] = p
	}
	return t
}

func (t *table) get(key uint32) (uint32, bool) {
	if h := key >> t.dim; t.seen[h>>6]>>(h&63)&1 == 0 {
		return 0, false
	}
	for i := key & t.mask; ; i = (i + 1) & t.mask {
		switch t.slots[i].key {
		case key:
			return t.slots[i].val, true
		case 0:
			return 0, false
		}
	}
}

// sorted gives the entries by key.
func (t *table) sorted() []pair {
	out := make([]pair, 0, t.n)
	for _, p := range t.slots {
		if p.key != 0 {
			out = append(out, p)
		}
	}
	slices.SortFunc(out, func(a, b pair) int { return cmp.Compare(a.key, b.key) })
	return out
}
