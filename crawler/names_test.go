package crawler

import (
	"fmt"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"dateline"
)

func named(s string) OutletName { return OutletName{Name: s, From: "name"} }

func TestOutletNames(t *testing.T) {
	address := func(tail string) OutletName { return OutletName{Name: "hp.example", From: "address", Tail: tail} }
	for _, c := range []struct {
		name  string
		pages []OutletName
		want  string // after the last page
	}{
		{"one page", []OutletName{named("Harbour Post")}, "Harbour Post"},
		{"a section does not rename the outlet", []OutletName{named("Harbour Post"), named("Harbour Post Sport")}, "Harbour Post"},
		{"most pages", []OutletName{named("Harbour Post Sport"), named("Harbour Post"), named("Harbour Post")}, "Harbour Post"},
		{"an address does not count", []OutletName{address(""), address(""), named("Harbour Post"), address("")}, "Harbour Post"},
		{"nothing but an address", []OutletName{address(""), address("")}, "hp.example"},
		{"what titles end with", []OutletName{address("Post"), address("Sport"), address("Post"), address("Post")}, "Post"},
		{"two titles are no rule", []OutletName{address("Post"), address("Post")}, "hp.example"},
		{"a name before titles' ends", []OutletName{address("Post"), address("Post"), address("Post"), named("Harbour Post")}, "Harbour Post"},
		{"listed", []OutletName{named("HP"), {Name: "The Harbour Post", From: "list"}}, "The Harbour Post"},
		{"none", []OutletName{{From: "name"}}, ""},
	} {
		var o OutletNames
		got := ""
		for _, p := range c.pages {
			var err error
			if got, err = o.Learn("hp.example", p); err != nil {
				t.Fatal(err)
			}
		}
		if got != c.want {
			t.Errorf("%s: got %q, want %q", c.name, got, c.want)
		}
	}
}

// TestOutletNamesAreBounded: pages that each give another name, and many
// outlets, take no more room than a few.
func TestOutletNamesAreBounded(t *testing.T) {
	var o OutletNames
	for i := range 1000 {
		if _, err := o.Learn("hp.example", OutletName{Name: fmt.Sprint("Post ", i), From: "name", Tail: fmt.Sprint(i)}); err != nil {
			t.Fatal(err)
		}
	}
	if v := o.outlets["hp.example"]; len(v.Names) != maxOutletNames || len(v.Tails) != maxOutletNames || v.Pages != enoughPages {
		t.Errorf("%d names, %d tails, %d pages", len(v.Names), len(v.Tails), v.Pages)
	}
	if got, err := o.Learn("hp.example", named(strings.Repeat("x", 5000))); err != nil || got != "Post 0" {
		t.Errorf("got %q, %v", got, err)
	}
	for i := range maxNamedOutlets + 10 {
		if _, err := o.Known(fmt.Sprint(i, ".example"), named("Post")); err != nil {
			t.Fatal(err)
		}
	}
	if len(o.outlets) != maxNamedOutlets {
		t.Errorf("%d outlets", len(o.outlets))
	}
	if got, err := o.Learn("late.example", named("Late Post")); err != nil || got != "Late Post" {
		t.Errorf("got %q, %v", got, err)
	}
}

// TestOutletNamesAreKept: another run goes on with what was learned, and a page
// that is not learned from is told.
func TestOutletNamesAreKept(t *testing.T) {
	path := filepath.Join(t.TempDir(), "frontier.db")
	for run := range 3 {
		f, err := openFrontier(path)
		if err != nil {
			t.Fatal(err)
		}
		o := OutletNames{keep: f}
		pages := []OutletName{named("Harbour Post"), named("Harbour Post")}
		if run > 0 {
			pages = []OutletName{named("HP App")}
		}
		for _, p := range pages {
			if got, err := o.Learn("hp.example", p); err != nil || got != "Harbour Post" {
				t.Errorf("run %d: got %q, %v", run, got, err)
			}
		}
		if got, err := o.Known("hp.example", named("Other")); err != nil || got != "Harbour Post" {
			t.Errorf("run %d: known %q, %v", run, got, err)
		}
		if v, err := f.outletVotes("hp.example"); err != nil || v.Pages != 2+run || len(v.Names) > 2 {
			t.Errorf("run %d: kept %+v, %v", run, v, err)
		}
		if err := f.close(); err != nil {
			t.Fatal(err)
		}
	}
}

func TestDateFromFeed(t *testing.T) {
	visit := time.Date(2024, 3, 5, 12, 0, 0, 0, time.UTC)
	page := time.Date(2024, 2, 1, 0, 0, 0, 0, time.UTC)
	feed := time.Date(2024, 3, 5, 10, 0, 0, 0, time.UTC)
	for _, c := range []struct {
		name       string
		page       time.Time
		sure       int
		feed, want time.Time
		source     string
	}{
		{"the page has none", time.Time{}, 0, feed, feed, "feed"},
		{"metadata before the feed", page, 95, feed, page, "time"},
		{"the feed before a text somewhere", page, 75, feed, feed, "feed"},
		{"the same day", feed.Add(-10 * time.Hour), 75, feed, feed.Add(-10 * time.Hour), "time"},
		{"a feed that dates ahead", page, 75, visit.Add(48 * time.Hour), page, "time"},
		{"and no other", time.Time{}, 0, visit.Add(48 * time.Hour), time.Time{}, "time"},
		{"no feed", page, 75, time.Time{}, page, "time"},
	} {
		a := &dateline.Article{Published: c.page, DateSource: "time", DateConfidence: c.sure}
		dateFromFeed(a, Fetched{At: visit, FeedDate: c.feed})
		if !a.Published.Equal(c.want) || a.DateSource != c.source {
			t.Errorf("%s: got %v from %s, want %v from %s", c.name, a.Published, a.DateSource, c.want, c.source)
		}
	}
}
