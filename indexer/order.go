package indexer

import (
	"cmp"
	"math"
	"slices"
	"sort"
	"strings"
	"sync"
)

// undated is what the column of dates has for an article without one: it
// comes after all others in the order of time.
const undated = math.MinInt64

// timeOrder holds the articles of a generation by time, from the newest on,
// equal times by id. A view that asks for more articles than it has puts
// them in; dead ones stay, as what walks the order has a set of its own.
type timeOrder struct {
	mu   sync.Mutex
	ords []uint32 // replaced, never changed
}

// inTime gives the articles of a view, and dead ones, by time.
func (v *view) inTime() []uint32 {
	v.newestOnce.Do(func() {
		t := &v.gen.byTime
		t.mu.Lock()
		defer t.mu.Unlock()
		if n := len(t.ords); n < v.n {
			fresh := make([]uint32, v.n-n)
			for i := range fresh {
				fresh[i] = uint32(n + i)
			}
			slices.SortFunc(fresh, v.newer)
			t.ords = mergeSorted(t.ords, fresh, v.newer)
		}
		v.newestFirst = t.ords
		if len(t.ords) > v.n { // a later view was here before
			v.newestFirst = slices.DeleteFunc(slices.Clone(t.ords), func(o uint32) bool { return int(o) >= v.n })
		}
	})
	return v.newestFirst
}

func (v *view) newer(a, b uint32) int {
	if p, q := v.pub[a], v.pub[b]; p != q {
		return cmp.Compare(q, p)
	}
	return strings.Compare(v.id(a), v.id(b))
}

func mergeSorted(a, b []uint32, compare func(x, y uint32) int) []uint32 {
	out := make([]uint32, 0, len(a)+len(b))
	for len(a) > 0 && len(b) > 0 {
		// Most new articles are newer than most old ones, and go in in a row.
		k := sort.Search(len(a), func(i int) bool { return compare(a[i], b[0]) > 0 })
		out = append(append(out, a[:k]...), b[0])
		a, b = a[k:], b[1:]
	}
	return append(append(out, a...), b...)
}
