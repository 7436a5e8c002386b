package crawler

import (
	"fmt"
	"slices"
	"strings"
	"testing"
)

// TestTwinAddresses tells addresses that can be those of one article from
// those that cannot.
func TestTwinAddresses(t *testing.T) {
	for _, c := range []struct {
		a, b string
		want bool
	}{
		{"http://www.paper.example/world/ferry/", "http://paper.example/world/ferry/", true},
		{"http://www.paper.example/world/ferry/", "https://www.paper.example/world/ferry", true},
		{"http://www.paper.example/world/ferry", "http://www.paper.example/business/ferry.html", true},
		{"http://www.paper.example/world/ferry?print=1", "http://www.paper.example/world/ferry", true},
		{"http://m.paper.example/world/ferry/amp", "http://www.paper.example/world/ferry", true},
		{"http://www.paper.example/2026/11/26/ferry", "http://www.paper.example/world/ferry", true},
		{"http://www.paper.example/index.php?option=com_content&id=310", "http://www.paper.example/index.php/news/310-ferry-line-reopens-soon", true},
		{"http://www.paper.example/node/501", "http://www.paper.example/world/ferry-line-reopens", true},
		{"http://www.paper.example/doc/6100012", "http://www.paper.example/doc/6100013", false},
		{"http://www.paper.example/world/ferry-line-reopens", "http://www.paper.example/world/line-closed-for-good", false},
		{"http://www.paper.example/2026/11/26/ferry", "http://www.paper.example/2026/11/27/ferry", false},
		{"http://www.paper.example/story.php?id=1", "http://www.paper.example/story.php?id=2", false},
		{"http://www.paper.example/world/ferry", "http://www.other.example/world/ferry", false},
		{"http://www.paper.example/world/ferry-1", "http://www.paper.example/world/ferry-2", false},
		{"http://www.paper.example/", "http://paper.example/", false},
		{"http://www.paper.example/", "http://paper.example/world/ferry-line-reopens", false},
	} {
		if got := twins(c.a, c.b, true); got != c.want || twins(c.b, c.a, true) != got {
			t.Errorf("%s, %s: %v, want %v, and the same the other way round", c.a, c.b, got, c.want)
		}
	}
}

// TestTwinsOfNotes: short notes that are alike can be two, where one is named
// by words and the other is not.
func TestTwinsOfNotes(t *testing.T) {
	const a, b = "http://www.paper.example/2026/11/26/fog", "http://www.paper.example/world/ferry-line-reopens"
	if twins(a, b, false) || !twins(a, b, true) {
		t.Error("a short text makes twins, or a long one does not")
	}
}

// TestTwinsAreOne takes an article once that is there at many addresses, none
// of which says which is its own; and each of those that only look alike.
func TestTwinsAreOne(t *testing.T) {
	page := func(title, text string) string { return "<title>Article " + title + "</title><p>" + text + "</p>" }
	ferry := page("Ferry", "The ferry line reopens.")
	pages := map[string]string{}
	want := 0
	list := func(urls ...string) {
		for _, u := range urls {
			pages["www.paper.example/list"] += fmt.Sprintf("<a href=%q>The ferry line reopens in spring</a>", "http://"+u)
		}
	}
	for _, u := range []string{
		"www.paper.example/world/ferry-line-reopens", "www.paper.example/world/ferry-line-reopens/", "paper.example/world/ferry-line-reopens",
		"www.paper.example/business/ferry-line-reopens", "m.paper.example/world/ferry-line-reopens",
	} {
		pages[u] = ferry
		list(u)
	}
	// A short link to the article leads to it, and its twin is one all the same.
	pages["paper.example/short/1"] = `<title>Article</title><meta http-equiv="refresh" content="0; url=http://www.paper.example/world/the-second-of-them">`
	pages["www.paper.example/world/the-second-of-them"] = page("Second", "Another text.")
	pages["m.paper.example/world/the-second-of-them"] = page("Second", "Another text.")
	list("paper.example/short/1")
	want += 2
	// One text on two days is two articles, as are two texts under one name.
	for _, u := range []string{"www.paper.example/2026/11/25/numbers-of-the-day", "www.paper.example/2026/11/26/numbers-of-the-day"} {
		pages[u] = page("Numbers", "Nobody has won.")
		list(u)
		want++
	}
	for i, u := range []string{"www.paper.example/north/weather-of-the-coast", "www.paper.example/south/weather-of-the-coast"} {
		pages[u] = page("Weather", fmt.Sprint("Wind of ", i))
		list(u)
		want++
	}
	_, cfg := newWorld(t, pages)
	sink := &memory{}
	dir := t.TempDir()
	source := Source{Kind: "page", Value: "http://www.paper.example/list"}
	st := once(t, start(t, dir, cfg, sink, source), false)
	var got []string
	for _, a := range sink.all {
		got = append(got, strings.TrimPrefix(a.URL, "http://"))
	}
	slices.Sort(got)
	if len(got) != want || st.NotFetched["variant"] != 4 {
		t.Errorf("%d articles, want %d; %d forms, want 4: %q", len(got), want, st.NotFetched["variant"], got)
	}
	// Those that come later are told as well.
	pages["www.paper.example/sport/ferry-line-reopens"] = ferry
	list("www.paper.example/sport/ferry-line-reopens", "m.paper.example/world/the-second-of-them")
	st = once(t, start(t, dir, cfg, sink, source), true)
	if st.NotFetched["variant"] != 6 {
		t.Errorf("%d forms after the second run, want 6", st.NotFetched["variant"])
	}
}
