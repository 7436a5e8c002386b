package indexer

import (
	"fmt"
	"testing"

	"dateline"
)

func TestBeginsWord(t *testing.T) {
	for _, tt := range []struct {
		name, start string
		want        bool
	}{
		{"Alibaba Group", "ali", true},
		{"Alibaba Group", "group", true},
		{"Alibaba Group", "baba", false},
		{"Alibaba Group", "alibaba g", true},
		{"Alibaba Group", "alibaba group x", false},
		{"O'Neill, Ann", "neill", true},
		{"Élysée Palace", "elys", true},
		{"Palais de l'Élysée", "elys", true},
		{"Weißes Haus", "weiss", true},
		{"Weisses Haus", "weiss", true},
		{"人民解放军", "解放", true},
		{"Xi 习近平", "近平", true},
		{"Дональд Трамп", "трам", true},
		{"Дональд Трамп", "амп", false},
		{"", "a", false},
		{"Zoë", "zoe", true},
	} {
		if got := beginsWord(tt.name, tt.start); got != tt.want {
			t.Errorf("%q in %q: %v", tt.start, tt.name, got)
		}
	}
}

// TestFacetPrefix finds a value that is rarer than any list is long.
func TestFacetPrefix(t *testing.T) {
	x := open(t, t.TempDir())
	var as []*dateline.Article
	for i := range 1300 {
		a := art(i, "memo", "text")
		a.Authors = []string{fmt.Sprintf("Ann Number%d", i), fmt.Sprintf("Ann Number%d", i%1100)}
		as = append(as, a)
	}
	as[1299].Authors = []string{"Zoë Rare"}
	add(t, x, as...)
	for prefix, want := range map[string]string{"zoe": "[{zoë-rare Zoë Rare 1 false false}]", "RÁRE": "[{zoë-rare Zoë Rare 1 false false}]", "are": "[]", "number1199": "[{ann-number1199 Ann Number1199 1 false false}]"} {
		r, err := x.Search(t.Context(), dateline.Query{Facets: []string{"author"}, FacetSize: 5, FacetPrefix: prefix})
		if err != nil {
			t.Fatal(err)
		}
		if got := fmt.Sprint(r.Facets["author"]); got != want {
			t.Errorf("%s: %s, want %s", prefix, got, want)
		}
	}
}
