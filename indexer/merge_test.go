package indexer

import (
	"fmt"
	"sync"
	"testing"

	"dateline"
)

// TestMerge: segments become one, with the same answers, while others search
// and write, and a merge that is under way does not hold up Close.
func TestMerge(t *testing.T) {
	dir := t.TempDir()
	x := open(t, dir)
	for i := range 12 {
		add(t, x, art(i, "bridge", fmt.Sprint("report number ", i)))
	}
	if err := x.Delete(t.Context(), art(3, "", "").ID); err != nil {
		t.Fatal(err)
	}
	total := func() int {
		r, err := x.Search(t.Context(), dateline.Query{Text: "report", Root: &dateline.Term{Text: "report"}, Limit: 5})
		if err != nil {
			t.Fatal(err)
		}
		return r.Total
	}
	merge := func() {
		if err := x.current().merge(t.Context(), 0); err != nil {
			t.Error(err)
		}
		if err := x.settle(); err != nil {
			t.Error(err)
		}
	}
	var wg sync.WaitGroup
	wg.Go(func() {
		for range 50 {
			if n := total(); n < 11 || n > 13 {
				t.Errorf("%d articles while merging", n)
			}
		}
	})
	merge()
	if err := x.Merge(t.Context()); err != nil {
		t.Fatal(err)
	}
	wg.Wait()
	v, err := x.view()
	if err != nil {
		t.Fatal(err)
	}
	if n := len(v.segs); n != 1 {
		t.Errorf("%d segments", n)
	}
	v.release()
	add(t, x, art(20, "bridge", "report number 20"), art(3, "bridge", "report again"))
	if total() != 13 {
		t.Errorf("%d articles after the merge and two more", total())
	}
	for i := range 8 {
		add(t, x, art(30+i, "bridge", fmt.Sprint("report number ", 30+i)))
	}
	g := x.current()
	wg.Go(func() { _ = g.merge(x.ctx, 0) }) // Close may end it
	if err := x.Close(); err != nil {
		t.Fatal(err)
	}
	wg.Wait()
	x = open(t, dir)
	if total() != 21 {
		t.Errorf("%d articles after a restart", total())
	}
}
