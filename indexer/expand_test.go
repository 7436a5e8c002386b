package indexer

import (
	"slices"
	"strings"
	"testing"
	"time"

	"dateline"
)

func TestExpand(t *testing.T) {
	syn, err := ReadSynonyms(strings.NewReader("# one meaning each\nmemo, memorandum , aide-mémoire\n\nship, vessel # at sea\n"))
	if err != nil {
		t.Fatal(err)
	}
	x, err := Open(t.TempDir(), Options{Recognizer: rec, KeepAll: true, Synonyms: syn})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { x.Close() })
	zh := art(3, "解放军否认", "北京")
	zh.Lang = "zh"
	add(t, x, art(1, "PLA named", "A memo."), art(2, "Army named", "The People's Liberation Army was named in a memorandum."), zh, art(4, "Sea", "A vessel."))
	for q, want := range map[string]int{"PLA": 3, `"PLA"`: 1, "title:PLA": 1, "-PLA": 3, "memo": 2, "mémo": 2, "memorandum PLA": 2, "ships": 0, "ship": 1, `"People's Liberation Army"`: 1} {
		if got := search(t, x, q).Total; got != want {
			t.Errorf("%s: %d, want %d", q, got, want)
		}
	}
	for q, want := range map[string]int{"people's liberation army": 3, "liberation army": 1, "people's liberation army memo": 2, "memo People's Liberation Army": 2, "people's OR liberation OR army": 1} {
		if got := search(t, x, q).Total; got != want {
			t.Errorf("%s: %d, want %d", q, got, want)
		}
	}
	r := search(t, x, "PLA memo")
	want := []dateline.Expansion{{Text: "PLA", ID: "pla", Type: "organization", Name: "People's Liberation Army"}, {Text: "memo", Name: "memorandum"}, {Text: "memo", Name: "aide-mémoire"}}
	if !slices.Equal(r.Expanded, want) {
		t.Errorf("%+v", r.Expanded)
	}
	if r := search(t, x, "sea"); r.Expanded != nil {
		t.Errorf("%+v", r.Expanded)
	}
	for in, want := range map[string]string{"a": "line 1", "a,b\nc": "line 2", "a, a": "line 1"} {
		if _, err := ReadSynonyms(strings.NewReader(in)); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: %v", in, err)
		}
	}
}

// TestExpandOutlets: words that are the name or id of an outlet also find what
// it published.
func TestExpandOutlets(t *testing.T) {
	x, err := Open(t.TempDir(), Options{KeepAll: true, Outlets: []dateline.Outlet{{ID: "bell.example", Name: "The Market Bell"}}})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { x.Close() })
	from := func(n int, title, outlet, name string) *dateline.Article {
		a := art(n, title, "A text of its own.")
		a.Outlet = dateline.Outlet{ID: outlet, Name: name}
		return a
	}
	add(t, x, from(1, "Memo one", "bell.example", ""), from(2, "Memo two", "wire.example", "Wire"),
		from(3, "Memo of the market, says the bell", "wire.example", "Wire"), from(4, "Wire fraud", "other.example", "明日报"))
	for q, want := range map[string]int{
		"wire": 3, "WIRE memo": 2, `"wire"`: 1, "title:wire": 1, "memo -wire": 3, "wire.example": 2,
		"the market bell memo": 2, "memo the market bell": 2, "the market bell": 2, "market bell memo": 1, `"the market bell"`: 0,
		"the market OR bell": 1, "bell.example one": 1, "明日报 fraud": 1, "明日报 memo": 0,
	} {
		if got := search(t, x, q).Total; got != want {
			t.Errorf("%s: %d, want %d", q, got, want)
		}
	}
	got := search(t, x, "wire the market bell").Expanded
	want := []dateline.Expansion{{Text: "wire", ID: "wire.example", Type: "outlet", Name: "Wire"}, {Text: "the market bell", ID: "bell.example", Type: "outlet", Name: "The Market Bell"}}
	if !slices.Equal(got, want) {
		t.Errorf("%+v, want %+v", got, want)
	}
}

// TestRecency: of two articles that match alike the newer comes first, unless
// it is switched off; a better match is never put behind a newer one.
func TestRecency(t *testing.T) {
	for _, recency := range []float64{0, 0.1} {
		x, err := Open(t.TempDir(), Options{KeepAll: true, Recency: recency})
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { x.Close() })
		var as []*dateline.Article
		for i, title := range []string{"memo", "memo", "other"} {
			a := art(i, title, "the memo and more words")
			a.Published = time.Date(2025, time.Month(1+5*i), 1, 0, 0, 0, 0, time.UTC)
			as = append(as, a)
		}
		add(t, x, as...)
		hits := search(t, x, "memo").Hits
		if recency > 0 && hits[0].Article.ID != as[1].ID || hits[2].Article.ID != as[2].ID {
			t.Errorf("recency %v: %s first", recency, hits[0].Article.Title)
		}
		if recency == 0 && hits[0].Score != hits[1].Score {
			t.Error("switched off, and yet a newer article has another score")
		}
	}
}
