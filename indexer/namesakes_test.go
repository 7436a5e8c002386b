package indexer

import (
	"context"
	"fmt"
	"slices"
	"strings"
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

// TestAcronymsAcrossArticles: an acronym alone means what an article of the
// same story introduces with it at the time, else the only organization named
// there that has these initials.
func TestAcronymsAcrossArticles(t *testing.T) {
	ctx := t.Context()
	x, err := Open(t.TempDir(), Options{
		Recognizer: entity.New(nil), KeepAll: true,
		Stories: []dateline.Story{{ID: "memo", Title: "The memo", About: "memo"}},
	})
	if err != nil {
		t.Fatal(err)
	}
	defer x.Close()
	day := time.Date(2025, 11, 14, 12, 0, 0, 0, time.UTC)
	n := 0
	put := func(days int, body string) *dateline.Article {
		n++
		a := &dateline.Article{
			URL: fmt.Sprintf("https://courier.example/%d", n), Outlet: dateline.Outlet{ID: "courier.example", Name: "Courier"},
			Title: "News of the day", Body: body, Lang: "en", Published: day.AddDate(0, 0, days),
		}
		a.ID = dateline.ArticleID(a.URL)
		add(t, x, a)
		return a
	}
	const full, initials = "newham-institute-for-port-policy", "bureau-of-tidal-energy"
	early := put(-3, "The memo was read at the NIPP on Friday, said NIPP officials.")
	late := put(60, "The memo was read at the NIPP on Friday, said NIPP officials.")
	other := put(0, "Ships were counted at the NIPP on Friday, said NIPP officials.")
	before, err := x.Article(ctx, early.ID)
	if err != nil {
		t.Fatal(err)
	}
	if !slices.ContainsFunc(before.Mentions, func(m dateline.Mention) bool { return m.EntityID == "nipp" }) {
		t.Fatalf("NIPP is nothing that is recognised: %+v", before.Mentions)
	}
	said := put(0, "The memo was seen by the Newham Institute for Port Policy (NIPP), which denies it. The NIPP is old.")
	put(1, "A memo of the Bureau of Tidal Energy is out.")
	short := put(2, "A memo was read at the BTE on Friday, said BTE officials.")
	who := func(a *dateline.Article, text string) string {
		t.Helper()
		got, err := x.Article(ctx, a.ID)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range got.Mentions {
			if m.Text == text {
				return m.EntityID
			}
		}
		return ""
	}
	for _, tc := range []struct {
		what string
		a    *dateline.Article
		text string
		want string
	}{
		{"introduced later", early, "NIPP", full},
		{"in the article itself", said, "NIPP", full},
		{"at another time", late, "NIPP", "nipp"},
		{"in no story", other, "NIPP", "nipp"},
		{"by its initials", short, "BTE", initials},
	} {
		if got := who(tc.a, tc.text); got != tc.want {
			t.Errorf("%s: %q, want %q", tc.what, got, tc.want)
		}
	}
	for _, q := range []string{"org:" + full, `org:"Newham Institute for Port Policy"`} {
		if r := search(t, x, q); r.Total != 2 {
			t.Errorf("%s: %d articles, want 2", q, r.Total)
		}
	}
	if r := search(t, x, "org:NIPP"); r.Total != 4 { // any attested name: those that are clear and those that are not
		t.Errorf("org:NIPP: %d articles, want 4", r.Total)
	}
	e, err := x.Entity(ctx, full)
	if err != nil || len(e.Names) != 2 || e.Names[0].Name != "NIPP" || e.Names[0].Articles != 2 || e.Names[0].Mentions != 4 || e.Names[1].Articles != 1 {
		t.Errorf("names %+v, %v", e.Names, err)
	}
	// When the introduction is gone, so is what it explained.
	if err := x.Delete(ctx, said.ID); err != nil {
		t.Fatal(err)
	}
	if got := who(early, "NIPP"); got != "nipp" {
		t.Errorf("after the introduction was deleted: %q", got)
	}
}

// TestSalience: articles that are about an entity come before those that name
// it as often elsewhere, and suggestions begin with whom articles are about.
func TestSalience(t *testing.T) {
	x, err := Open(t.TempDir(), Options{Recognizer: markedKnown, KeepAll: true})
	if err != nil {
		t.Fatal(err)
	}
	defer x.Close()
	filler := strings.Repeat("Nothing else is known of it. ", 10)
	add(t, x,
		art(1, "News", filler+"\n\nAt the end {p:Ann Lee=Ann Lee} came."),
		art(2, "News", "{p:Ann Lee=Ann Lee} came. "+filler+"\n\nThat was the end."),
		art(3, "News of {p:Ann Lee=Ann Lee}", filler+"\n\nThat was the end."),
		art(4, "News", filler+"\n\nAt the end {p:Ann Lund=Ann Lund} came."),
		art(5, "News", filler+"\n\nAt the end {p:Ann Lund=Ann Lund} came too."),
		art(6, "News", filler+"\n\nAt the end {p:Ann Lund=Ann Lund} came again."),
	)
	r := search(t, x, `person:"Ann Lee"`)
	var got []string
	for _, h := range r.Hits {
		got = append(got, h.Article.URL[len("https://example.com/"):])
	}
	if want := []string{"3", "2", "1"}; !slices.Equal(got, want) {
		t.Errorf("hits %v, want %v", got, want)
	}
	suggested := func() (out []string) {
		s, err := x.Suggest(t.Context(), "ann", 10)
		if err != nil {
			t.Fatal(err)
		}
		for _, e := range s {
			if e.Kind == "entity" {
				out = append(out, fmt.Sprint(e.Text, " ", e.Count))
			}
		}
		return out
	}
	if got, want := suggested(), []string{"Ann Lee 3", "Ann Lund 3"}; !slices.Equal(got, want) {
		t.Errorf("suggested %v, want %v", got, want)
	}
	if err := x.Delete(t.Context(), art(3, "", "").ID); err != nil {
		t.Fatal(err)
	}
	if got, want := suggested(), []string{"Ann Lund 3", "Ann Lee 2"}; !slices.Equal(got, want) {
		t.Errorf("after one is gone: %v, want %v", got, want)
	}
}
