package indexer

import (
	"context"
	"fmt"
	"math/rand"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"dateline"
)

// moment is a state of the index between two writes.
type moment struct{ w *world }

// TestExactWhileWriting searches while a writer adds, changes and removes. A
// search that no write overlapped is compared with brute force; of each other
// it is checked what holds in any state.
func TestExactWhileWriting(t *testing.T) {
	x := openExact(t, t.TempDir())
	m := newMaker(7)
	l := &library{text: map[string]*dateline.Article{}}
	for m.n < 60 {
		put, remove := l.write(m)
		if err := apply(t.Context(), x, put, remove); err != nil {
			t.Fatal(err)
		}
	}
	first, err := l.world(t.Context(), x)
	if err != nil {
		t.Fatal(err)
	}
	var still atomic.Pointer[moment] // nil while a write is under way
	still.Store(&moment{first})
	var mu sync.Mutex
	ever := map[string][]*truth{} // all texts that an article had
	remember := func(w *world) {
		mu.Lock()
		defer mu.Unlock()
		for _, a := range w.arts {
			if h := ever[a.a.ID]; len(h) == 0 || h[len(h)-1].a.Title != a.a.Title {
				ever[a.a.ID] = append(h, a)
			}
		}
	}
	remember(first)
	ctx, stop := context.WithCancel(t.Context())
	var wg sync.WaitGroup
	wg.Go(func() { // the writer
		pause := rand.New(rand.NewSource(8))
		for i := 0; ctx.Err() == nil; i++ {
			put, remove := l.write(m)
			still.Store(nil)
			var err error
			if i%20 == 19 {
				err = x.Reindex(t.Context())
			}
			if err == nil {
				err = apply(t.Context(), x, put, remove)
			}
			var w *world
			if err == nil {
				w, err = l.world(t.Context(), x)
			}
			if err != nil {
				t.Error("writer:", err)
				return
			}
			remember(w)
			still.Store(&moment{w})
			time.Sleep(time.Duration(pause.Intn(80)) * time.Millisecond)
		}
	})
	limit := 8 * time.Second
	if testing.Short() {
		limit = 2 * time.Second
	}
	reader := newMaker(9)
	compared, other := 0, 0
	for end := time.Now().Add(limit); time.Now().Before(end); {
		q := reader.query(first)
		if reader.Intn(3) == 0 {
			q.Filters, q.Excludes = nil, nil
		}
		q.Limit = 1 + reader.Intn(10)
		q.Facets, q.FacetSize, q.FacetPrefix = filterFields, 1000, "" // all values: their sums are checked
		before, g := still.Load(), x.Generation()
		r, err := x.Search(t.Context(), q)
		if err != nil {
			t.Fatal(show(q), err)
		}
		if before != nil && still.Load() == before && x.Generation() == g {
			compared++
			if err := before.w.check(q, r, r.Hits, false); err != nil {
				t.Fatalf("%v\nquery: %s", err, show(q))
			}
			continue
		}
		other++
		if err := holdsAlways(q, r); err != nil {
			t.Fatalf("%v\nquery: %s", err, show(q))
		}
	}
	stop()
	wg.Wait()
	w, err := l.world(t.Context(), x)
	if err != nil {
		t.Fatal(err)
	}
	for range 200 {
		if err := reader.compareOnce(t.Context(), x, w); err != nil {
			t.Fatal("after the writer: ", err)
		}
	}
	t.Logf("%d searches compared, %d more while something was written", compared, other)
	if compared < 20 || other < 20 {
		t.Errorf("%d searches were compared, %d fell into a write: too few to tell anything", compared, other)
	}
}

// holdsAlways checks what holds in any state of the index.
func holdsAlways(q dateline.Query, r *dateline.Results) error {
	dated := 0
	for _, b := range r.Timeline {
		dated += b.Count
	}
	if q.Interval != "" && dated+r.Undated != r.Total {
		return fmt.Errorf("timeline %d and undated %d make no total of %d", dated, r.Undated, r.Total)
	}
	if r.Undated > r.Total || len(r.Hits) > min(q.Limit, r.Total) {
		return fmt.Errorf("%d hits, %d undated of %d", len(r.Hits), r.Undated, r.Total)
	}
	for _, f := range filterFields {
		sum := 0
		for _, v := range r.Facets[f] {
			sum += v.Count
			if len(q.Filters[f]) == 0 && v.Count > r.Total {
				return fmt.Errorf("facet %s counts %v of %d", f, v, r.Total)
			}
		}
		// Each article has one outlet; copies may have several.
		if f == dateline.FieldOutlet && len(q.Filters[f]) == 0 && (sum < r.Total || sum > r.Total && q.Copies != dateline.CopiesCollapse) {
			return fmt.Errorf("outlets sum up to %d of %d", sum, r.Total)
		}
	}
	if orderOf(q) == dateline.SortRelevance {
		return inOrder(r.Hits)
	}
	return nil
}
