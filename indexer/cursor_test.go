package indexer

import (
	"fmt"
	"strings"
	"testing"

	"dateline"
)

// TestCursorWhileEditing follows a search page by page while articles are
// edited and deleted: those that nobody touches are given exactly once, and
// one that is deleted is not given after that.
func TestCursorWhileEditing(t *testing.T) {
	for _, order := range []string{dateline.SortRelevance, dateline.SortNewest, dateline.SortOldest} {
		for _, copies := range []string{dateline.CopiesShow, dateline.CopiesCollapse} {
			t.Run(order+" "+copies, func(t *testing.T) {
				x := open(t, t.TempDir())
				x.window, x.pruneFrom, x.o.Recency = 5, 1, 0.1
				text := func(i, edit int) string {
					return strings.Repeat("memo about the bridge ", i%5) + fmt.Sprint("bridge ", strings.Repeat("far away ", i%3), "memo ", i, " ", edit)
				}
				given := map[string]int{}
				var as []*dateline.Article
				for i := range 60 {
					a := art(i, "bridge memo", text(i, 0))
					given[a.ID] = 0
					as = append(as, a)
				}
				add(t, x, as...)
				root, err := dateline.ParseQuery("memo bridge")
				if err != nil {
					t.Fatal(err)
				}
				q := dateline.Query{Text: "memo bridge", Root: root, Sort: order, Copies: copies, Limit: 7}
				edited, deleted := map[string]bool{}, map[string]bool{}
				for page := 0; ; page++ {
					r, err := x.Search(t.Context(), q)
					if err != nil {
						t.Fatal(err)
					}
					for _, h := range r.Hits {
						given[h.Article.ID]++
						if deleted[h.Article.ID] {
							t.Errorf("page %d: %s, which was deleted before", page, h.Article.ID)
						}
					}
					if r.Next == "" {
						break
					}
					q.Cursor = r.Next
					e, d := as[(7*page+3)%60], as[(11*page+5)%60]
					edited[e.ID], deleted[d.ID] = true, true
					add(t, x, art((7*page+3)%60, "bridge memo", text((7*page+3)%60, page+1)+" and more"))
					if err := x.Delete(t.Context(), d.ID); err != nil {
						t.Fatal(err)
					}
					if deleted[e.ID] && e != d { // the edit brought it back
						delete(deleted, e.ID)
					}
				}
				untouched := 0
				for id, n := range given {
					if edited[id] || deleted[id] {
						continue
					}
					untouched++
					if n != 1 {
						t.Errorf("%s, which nobody touched, was given %d times", id, n)
					}
				}
				if untouched < 30 || len(edited) < 5 || len(deleted) < 5 {
					t.Errorf("%d untouched, %d edited, %d deleted: too few to tell anything", untouched, len(edited), len(deleted))
				}
			})
		}
	}
}
