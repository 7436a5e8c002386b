package indexer

import (
	"fmt"
	"slices"
	"testing"

	"dateline"
)

func TestSomeWords(t *testing.T) {
	x, err := Open(t.TempDir(), Options{Recognizer: rec, KeepAll: true})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { x.Close() })
	as := []*dateline.Article{
		art(0, "Bridge closed", "The bridge over the Tarn is shut for repair."),
		art(1, "Bridge opened", "The repair is done, says the council of Tarnwick."),
		art(2, "Council meets", "The council of Tarnwick met."),
		art(3, "Army named", "The People's Liberation Army was named by the council."),
		art(4, "Weather", "Fog."),
	}
	for n := range 12 {
		as = append(as, art(5+n, "Market", fmt.Sprintf("Prices of corn and wheat rose, lot %c.", 'a'+n)))
	}
	add(t, x, as...)
	type some struct {
		total int
		words []string
		hits  map[string][]string // id -> missing
	}
	miss := func(words ...string) []string { return words }
	for q, want := range map[string]*some{
		"bridge repair council":           {1, miss("bridge", "repair", "council"), map[string][]string{as[0].ID: miss("council")}},
		"bridge council":                  {3, miss("bridge", "council"), map[string][]string{as[0].ID: miss("council"), as[2].ID: miss("bridge"), as[3].ID: miss("bridge")}},
		"bridge bridge":                   nil, // one word
		"bridge":                          nil,
		"bridge OR council":               nil,
		"corn wheat":                      nil, // enough have both
		"corn xylophone":                  {12, miss("corn", "xylophone"), nil},
		"xylophone zeppelin":              nil,
		`"council of" bridge fog`:         {1, miss("bridge", "fog"), map[string][]string{as[1].ID: miss("fog")}},
		"bridge fog -closed":              {2, miss("bridge", "fog"), map[string][]string{as[1].ID: miss("fog"), as[4].ID: miss("bridge")}},
		"brigde fog":                      {3, miss("bridge", "fog"), nil},
		"what is the fog":                 {1, miss("fog"), map[string][]string{as[4].ID: {}}},
		"what is the":                     {2, miss("what", "is", "the"), nil},
		"PLA fog":                         {2, miss("PLA", "fog"), map[string][]string{as[3].ID: miss("fog"), as[4].ID: miss("PLA")}},
		"title:bridge council fog":        {1, miss("council", "fog"), map[string][]string{as[1].ID: miss("fog")}},
		"(bridge OR fog) council weather": {2, miss("council", "weather"), map[string][]string{as[1].ID: miss("weather"), as[4].ID: miss("council")}},
	} {
		root, err := dateline.ParseQuery(q)
		if err != nil {
			t.Fatal(q, err)
		}
		r, err := x.Search(t.Context(), dateline.Query{Text: q, Root: root, Limit: 5, SomeWords: true, Facets: []string{"outlet"}})
		if err != nil {
			t.Fatal(q, err)
		}
		got := r.SomeWords
		if want == nil || got == nil {
			if got != nil || want != nil {
				t.Errorf("%s: %+v, want %+v", q, got, want)
			}
			continue
		}
		if got.Total != want.total || !slices.Equal(got.Words, want.words) || len(got.Hits) != min(10, want.total) {
			t.Errorf("%s: %d with %q, %d given, want %+v", q, got.Total, got.Words, len(got.Hits), *want)
		}
		for i, h := range got.Hits {
			if want.hits != nil && (want.hits[h.Article.ID] == nil || !slices.Equal(h.Missing, want.hits[h.Article.ID])) {
				t.Errorf("%s: %q lacks %q, want %q", q, h.Article.Title, h.Missing, want.hits[h.Article.ID])
			}
			if i > 0 && h.Score > got.Hits[i-1].Score {
				t.Errorf("%s: %q scores more than the one before", q, h.Article.Title)
			}
		}
		for _, f := range r.Facets["outlet"] {
			if f.Count > r.Total {
				t.Errorf("%s: a facet counts %d of %d", q, f.Count, r.Total)
			}
		}
		// Neither unasked nor on a later page, nor where no hits are wanted.
		for _, other := range []dateline.Query{{Text: q, Root: root, Limit: 5}, {Text: q, Root: root, SomeWords: true}} {
			if r, err := x.Search(t.Context(), other); err != nil || r.SomeWords != nil {
				t.Errorf("%s: %+v, %v", q, r.SomeWords, err)
			}
		}
		one := dateline.Query{Text: q, Root: root, Limit: 1, SomeWords: true}
		if r, err = x.Search(t.Context(), one); err != nil || r.Next == "" {
			continue
		}
		one.Cursor = r.Next
		if r, err = x.Search(t.Context(), one); err != nil || r.SomeWords != nil {
			t.Errorf("%s, second page: %+v, %v", q, r.SomeWords, err)
		}
	}
}
