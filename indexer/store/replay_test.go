package store

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"dateline"
)

// history is all versions of an article in one line.
func history(t *testing.T, s *Store, id string) string {
	t.Helper()
	vs, err := s.Versions(t.Context(), id)
	if err != nil {
		t.Fatal(err)
	}
	a, err := s.Get(t.Context(), id)
	if err != nil {
		t.Fatal(err)
	}
	var out []string
	for i, v := range vs {
		if v.Version != i+1 {
			t.Errorf("version %d is numbered %d", i+1, v.Version)
		}
		out = append(out, fmt.Sprintf("%d:%s", v.Observed.Unix()%1000, v.Body))
	}
	if last := vs[len(vs)-1]; a.Versions != len(vs) || last.Body != a.Body || last.Title != a.Title {
		t.Errorf("the article has %d versions and the text %q, its history %d and %q", a.Versions, a.Body, len(vs), last.Body)
	}
	return strings.Join(out, " ")
}

func seenAt(at int64, body string) *dateline.Article {
	return art(1, "Memo", body, 1_763_000_000+at)
}

func replayed(t *testing.T, s *Store, as ...*dateline.Article) {
	t.Helper()
	for _, a := range as { // a batch each: their order must not matter but for time
		if _, err := s.Replay(t.Context(), []*dateline.Article{a}, nil, nil); err != nil {
			t.Fatal(err)
		}
	}
}

func TestReplay(t *testing.T) {
	crawl := []*dateline.Article{seenAt(1, "one"), seenAt(2, "one"), seenAt(3, "two"), seenAt(4, "three")}
	for name, tc := range map[string]struct {
		again []*dateline.Article
		want  string
	}{
		"as it was":            {crawl, "1:one 3:two 4:three"},
		"all texts":            {[]*dateline.Article{seenAt(1, "1"), seenAt(2, "1"), seenAt(3, "2"), seenAt(4, "3")}, "1:1 3:2 4:3"},
		"the newest":           {[]*dateline.Article{seenAt(4, "3")}, "1:one 3:two 4:3"},
		"an old one":           {[]*dateline.Article{seenAt(3, "2")}, "1:one 3:2 4:three"},
		"no edit at last":      {[]*dateline.Article{seenAt(1, "one"), seenAt(2, "one"), seenAt(3, "two"), seenAt(4, "two")}, "1:one 3:two"},
		"no edit in between":   {[]*dateline.Article{seenAt(1, "one"), seenAt(2, "one"), seenAt(3, "one"), seenAt(4, "three")}, "1:one 4:three"},
		"never an edit":        {[]*dateline.Article{seenAt(1, "x"), seenAt(2, "x"), seenAt(3, "x"), seenAt(4, "x")}, "1:x"},
		"one edit more":        {[]*dateline.Article{seenAt(1, "one"), seenAt(2, "half"), seenAt(3, "two"), seenAt(4, "three")}, "1:one 2:half 3:two 4:three"},
		"seen later":           {[]*dateline.Article{seenAt(1, "one"), seenAt(5, "three"), seenAt(6, "four")}, "1:one 3:two 4:three 6:four"},
		"before all":           {[]*dateline.Article{seenAt(0, "zero")}, "0:zero 1:one 3:two 4:three"},
		"back to the newest":   {[]*dateline.Article{seenAt(6, "three"), seenAt(5, "other")}, "1:one 3:two 4:three 5:other 6:three"},
		"there before":         {[]*dateline.Article{seenAt(0, "one")}, "0:one 3:two 4:three"},
		"an unknown article":   {nil, "1:one 3:two 4:three"},
		"edited and seen anew": {[]*dateline.Article{seenAt(1, "two"), seenAt(2, "two"), seenAt(3, "two"), seenAt(4, "two"), seenAt(5, "two")}, "1:two"},
	} {
		t.Run(name, func(t *testing.T) {
			s := temp(t)
			for _, a := range crawl {
				store(t, s, a)
			}
			for range 3 { // again changes nothing
				replayed(t, s, tc.again...)
				if got := history(t, s, crawl[0].ID); got != tc.want {
					t.Errorf("got %s, want %s", got, tc.want)
				}
			}
		})
	}
}

// TestReplayIsACrawl replays random histories over a store in which others
// were: it comes to what a crawl comes to.
func TestReplayIsACrawl(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 5))
	for range 60 {
		fresh, s := temp(t), temp(t)
		n := 2 + r.IntN(6)
		var now []*dateline.Article
		for at := range n {
			store(t, s, seenAt(int64(at), fmt.Sprint("old", r.IntN(3))))
			now = append(now, seenAt(int64(at), fmt.Sprint("new", r.IntN(3))))
			store(t, fresh, now[at])
		}
		replayed(t, s, now...)
		id := now[0].ID
		if got, want := history(t, s, id), history(t, fresh, id); got != want {
			t.Fatalf("got %s, want %s", got, want)
		}
	}
}

func TestReplayKeepsAFeedsDate(t *testing.T) {
	s := temp(t)
	a := seenAt(1, "one")
	a.Published, a.DateSource = time.Unix(1_762_000_000, 0).UTC(), "feed"
	store(t, s, a)
	replayed(t, s, seenAt(1, "one, better read"))
	got, err := s.Get(t.Context(), a.ID)
	if err != nil || !got.Published.Equal(a.Published) || got.DateSource != "feed" || got.Body != "one, better read" {
		t.Errorf("got %+v, %v", got, err)
	}
}

// TestReplayInAnyOrder takes what archives observed of an article in every
// order: its history is that of the order of time, as far as it was seen.
func TestReplayInAnyOrder(t *testing.T) {
	r := rand.New(rand.NewPCG(7, 11))
	for range 60 {
		inOrder, s := temp(t), temp(t)
		var seen []*dateline.Article
		for at := range 3 + r.IntN(5) {
			// Of texts that come back between others more is to be seen than
			// of what the store keeps of them.
			seen = append(seen, seenAt(int64(at), fmt.Sprint("text", at*(1+r.IntN(2))/2)))
		}
		replayed(t, inOrder, seen...)
		id := seen[0].ID
		want := history(t, inOrder, id)
		for range 2 {
			r.Shuffle(len(seen), func(i, j int) { seen[i], seen[j] = seen[j], seen[i] })
			replayed(t, s, seen...)
		}
		if got := history(t, s, id); got != want {
			t.Fatalf("got %s, want %s", got, want)
		}
		a, err := s.Get(t.Context(), id)
		if err != nil || a.FirstSeen.Unix()%1000 != 0 || a.LastSeen.Unix()%1000 != int64(len(seen)-1) {
			t.Fatalf("seen from %v to %v, %v, want second 0 to %d", a.FirstSeen, a.LastSeen, err, len(seen)-1)
		}
	}
}
