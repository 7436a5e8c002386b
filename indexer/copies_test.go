package indexer

import (
	"fmt"
	"math/rand"
	"slices"
	"strings"
	"testing"
	"time"

	"dateline"
)

// invented gives n words that no other seed gives in that order.
func invented(seed int64, n int) []string {
	rnd := rand.New(rand.NewSource(seed))
	out := make([]string, n)
	for i := range out {
		out[i] = fmt.Sprintf("word%d", rnd.Intn(5000))
	}
	return out
}

// wire makes articles of three texts: the first in four outlets with other
// heads and tails, the second in two with changed words, the third alone.
func wire() []*dateline.Article {
	var out []*dateline.Article
	add := func(outlet string, day int, words []string) {
		a := art(len(out), "Title of "+outlet, strings.Join(words, " "))
		a.Outlet = dateline.Outlet{ID: outlet}
		a.Published = time.Date(2025, 11, day, 8, 0, 0, 0, time.UTC)
		out = append(out, a)
	}
	one, two := invented(1, 200), invented(2, 150)
	add("agency.example", 3, one)
	add("b.example", 4, slices.Concat(invented(10, 15), one[10:]))
	add("c.example", 5, slices.Concat(one[:170], invented(11, 20)))
	add("d.example", 2, slices.Concat(invented(12, 10), one[5:190], invented(13, 10)))
	add("e.example", 6, two)
	changed := slices.Clone(two)
	for i := 7; i < len(changed); i += 25 {
		changed[i] = "changed"
	}
	add("f.example", 7, changed)
	add("g.example", 8, invented(3, 180))
	return out
}

func groups(t *testing.T, x *Index) string {
	t.Helper()
	var out []string
	for _, h := range search(t, x, "").Hits {
		s := h.Article.Outlet.ID
		if h.Copies != nil {
			s += fmt.Sprintf(" %s %d %t", h.Copies.ID, h.Copies.Count, h.Copies.Origin)
		}
		out = append(out, s)
	}
	slices.Sort(out)
	return strings.Join(out, "\n")
}

func TestCopies(t *testing.T) {
	as := wire()
	dir := t.TempDir()
	x := open(t, dir)
	add(t, x, as...)
	want := groups(t, x)
	origin := as[3].ID // the earliest of four
	for _, s := range []string{"d.example " + origin + " 4 true", "agency.example " + origin + " 4 false", "f.example " + as[4].ID + " 2 false"} {
		if !strings.Contains(want, s) {
			t.Errorf("no %q in\n%s", s, want)
		}
	}
	if !strings.Contains(want+"\n", "g.example\n") {
		t.Error("a text of its own has copies")
	}
	r, err := x.Search(t.Context(), dateline.Query{Copies: dateline.CopiesCollapse, Limit: 10, Facets: []string{"outlet"}, Interval: "day"})
	if err != nil {
		t.Fatal(err)
	}
	if r.Total != 3 || len(r.Hits) != 3 {
		t.Errorf("collapsed to %d, %d hits, want 3", r.Total, len(r.Hits))
	}
	for _, f := range r.Facets["outlet"] {
		if f.Count != 1 {
			t.Errorf("%s: %d", f.ID, f.Count)
		}
		one, err := x.Search(t.Context(), dateline.Query{Copies: dateline.CopiesCollapse, Filters: map[string][]string{"outlet": {f.ID}}, Limit: 10})
		if err != nil || one.Total != f.Count {
			t.Errorf("%s chosen: %d, counted %d (%v)", f.ID, one.Total, f.Count, err)
		}
	}
	l, err := x.Copies(t.Context(), as[1].ID)
	if err != nil || len(l) != 4 || l[0].ID != origin || l[3].ID != as[2].ID {
		t.Error("origin first, then by time:", l, err)
	}

	x.Close()
	x = open(t, dir)
	if got := groups(t, x); got != want {
		t.Errorf("after reopening\n%s\nwant\n%s", got, want)
	}
	if err := x.Reindex(t.Context()); err != nil {
		t.Fatal(err)
	}
	if got := groups(t, x); got != want {
		t.Errorf("after reindexing\n%s\nwant\n%s", got, want)
	}
	for seed := range int64(5) {
		y := open(t, t.TempDir())
		shuffled := slices.Clone(as)
		rand.New(rand.NewSource(seed)).Shuffle(len(shuffled), func(i, j int) { shuffled[i], shuffled[j] = shuffled[j], shuffled[i] })
		for _, a := range shuffled {
			add(t, y, a)
		}
		if got := groups(t, y); got != want {
			t.Errorf("in another order\n%s\nwant\n%s", got, want)
		}
	}
}

// TestCopiesPart takes away the article that alone held two others together.
func TestCopiesPart(t *testing.T) {
	a, b := invented(1, 100), invented(2, 100)
	x := open(t, t.TempDir())
	add(t, x, art(1, "a", strings.Join(a, " ")), art(2, "b", strings.Join(b, " ")), art(3, "both", strings.Join(slices.Concat(a, b), " ")))
	if c := x.CopiesOf(art(1, "", "").ID); c == nil || c.Count != 3 {
		t.Fatal("not one group:", c)
	}
	add(t, x, art(3, "both", strings.Join(slices.Concat(invented(9, 150), b), " ")))
	if c := x.CopiesOf(art(1, "", "").ID); c != nil {
		t.Error("still a copy after the edit:", c)
	}
	if c := x.CopiesOf(art(2, "", "").ID); c == nil || c.Count != 2 {
		t.Error("no longer a copy of the edited one:", c)
	}
	if err := x.Delete(t.Context(), art(3, "", "").ID); err != nil {
		t.Fatal(err)
	}
	if c := x.CopiesOf(art(2, "", "").ID); c != nil {
		t.Error("a copy of a deleted article:", c)
	}
}

// TestCopiesEditedInOneBatch edits an article in the batch that brings a copy
// of it: the copy is in the group and not yet in the file.
func TestCopiesEditedInOneBatch(t *testing.T) {
	text := strings.Join(invented(1, 100), " ")
	x := open(t, t.TempDir())
	add(t, x, art(1, "first", text))
	add(t, x, art(2, "copy", text), art(1, "first, edited", text+" more"))
	if c := x.CopiesOf(art(2, "", "").ID); c == nil || c.Count != 2 {
		t.Error("not two copies:", c)
	}
}
