package indexer

import (
	"context"
	"fmt"
	"testing"
	"time"

	"dateline"
	"dateline/indexer/entity"
)

// TestNamesakes: a surname alone means who bears it in the same story at the
// time, and nobody where there are two of them.
func TestNamesakes(t *testing.T) {
	ctx := context.Background()
	x, err := Open(t.TempDir(), Options{
		Recognizer: entity.New(nil), KeepAll: true,
		Stories: []dateline.Story{{ID: "memo", Title: "The memo", About: "memo"}, {ID: "port", Title: "The port", About: "port"}},
	})
	if err != nil {
		t.Fatal(err)
	}
	defer x.Close()
	day := time.Date(2025, 11, 14, 12, 0, 0, 0, time.UTC)
	n := 0
	add := func(days int, body string) string {
		n++
		a := &dateline.Article{
			URL: fmt.Sprintf("https://courier.example/%d", n), Outlet: dateline.Outlet{ID: "courier.example", Name: "Courier"},
			Title: "News", Body: body, Lang: "en", Published: day.AddDate(0, 0, days),
		}
		if err := x.Add(ctx, a); err != nil {
			t.Fatal(err)
		}
		return dateline.ArticleID(a.URL)
	}
	wants := map[string]string{} // article -> person
	alone := add(-2, `The memo is known to Mr. Quillan. "It is new," Mr. Quillan said.`)
	add(0, "The memo was read by Joshua Quillan. A port is near.")
	add(0, "A memo of Edward Tarrow. A memo of Susan Tarrow.")
	if err := x.Flush(ctx); err != nil {
		t.Fatal(err)
	}
	wants[alone] = "joshua-quillan" // although it came before the full name
	wants[add(1, "The memo is known to Mr. Quillan.")] = "joshua-quillan"
	wants[add(40, "The memo is known to Mr. Quillan.")] = "quillan" // too late
	wants[add(1, "Mr. Quillan has a cat.")] = "quillan"             // no story
	wants[add(1, "The memo is known to Mr. Tarrow.")] = "tarrow"    // two bear the name
	check := func() {
		t.Helper()
		for id, want := range wants {
			a, err := x.Article(ctx, id)
			if err != nil {
				t.Fatal(err)
			}
			var got []string
			for _, e := range a.Entities {
				if e.Type == dateline.Person {
					got = append(got, e.ID)
				}
			}
			if len(got) != 1 || got[0] != want {
				t.Errorf("%q names %v, want %s", a.Body, got, want)
			}
			for _, m := range a.Mentions {
				if m.Type == dateline.Person && m.EntityID != want {
					t.Errorf("%q: mention of %s, want %s", a.Body, m.EntityID, want)
				}
			}
		}
	}
	if err := x.Flush(ctx); err != nil {
		t.Fatal(err)
	}
	check()
	if err := x.Reindex(ctx); err != nil {
		t.Fatal(err)
	}
	check()
	a, err := x.Article(ctx, alone)
	if err != nil {
		t.Fatal(err)
	}
	if len(a.Quotes) != 1 || a.Quotes[0].SpeakerID != "joshua-quillan" {
		t.Errorf("quotes %+v, want one of joshua-quillan", a.Quotes)
	}
}
