package tagger

import (
	"cmp"
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
}

// newTable makes a table of entries, whose keys are not 0.
func newTable(ps []pair) *table {
	size := 4
	for size < len(ps)*2 {
		size *= 2
	}
	t := &table{slots: make([]pair, size), mask: uint32(size - 1), n: len(ps)}
	for _, p := range ps {
		i := p.key & t.mask
		for t.slots[i].key != 0 && t.slots[i].key != p.key {
			i = (i + 1) & t.mask
		}
		t.slots[i] = p
	}
	return t
}

func (t *table) get(key uint32) (uint32, bool) {
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
