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
	r := search(t, x, "PLA memo")
	want := []dateline.Expansion{{Text: "PLA", ID: "pla", Name: "People's Liberation Army"}, {Text: "memo", Name: "memorandum"}, {Text: "memo", Name: "aide-mémoire"}}
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
