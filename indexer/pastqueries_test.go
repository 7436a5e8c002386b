package indexer

import (
	"fmt"
	"net/netip"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"dateline"
)

func TestSuggestible(t *testing.T) {
	for text, want := range map[string]bool{
		"alibaba memo":                     true,
		`"zero-day exploits" org:PLA`:      true,
		"解放军":                              true,
		"covid-19 wave":                    true,
		"5g huawei":                        true,
		"ab":                               false,
		"ann.lee@example.org":              false,
		"ann lee +44 20 7946 0000":         false,
		"4111 1111 1111 1111":              false,
		"memo 123456":                      false,
		"https://example.org/a":            false,
		"www.example.org":                  false,
		`example\ann`:                      false,
		"<b>memo</b>":                      false,
		"a9f8e7d6c5b4":                     false,
		strings.Repeat("x", 30):            false,
		strings.Repeat("ab ", 11):          false,
		strings.Repeat("wörter ", 10)[:60]: true,
		strings.Repeat("ä", 81):            false,
		"memo\x00":                         false,
		"\xff memo":                        false,
		"???":                              false,
		"":                                 false,
	} {
		if got := suggestible(text); got != want {
			t.Errorf("%q: %v, want %v", text, got, want)
		}
	}
}

// clock is a time that tests move.
type clock struct{ at time.Time }

func (c *clock) now() time.Time { return c.at }

func TestPastQueries(t *testing.T) {
	path := filepath.Join(t.TempDir(), "queries.json")
	c := &clock{time.Date(2025, 11, 14, 9, 0, 0, 0, time.UTC)}
	p, err := openPastQueries(path, c.now)
	if err != nil {
		t.Fatal(err)
	}
	addr := func(s string) netip.Addr { return netip.MustParseAddr(s) }
	like := func(typed string) []string { return p.like(typed, analyze(otherLang, typed), 5) }
	ask := func(text string, clients ...string) {
		for _, s := range clients {
			p.note(text, addr(s))
		}
	}
	three := []string{"192.0.2.1", "192.0.2.2", "2001:db8::1"}
	ask("alibaba memo", "192.0.2.1", "192.0.2.1", "::ffff:192.0.2.1", "192.0.2.2")
	ask("one network", "2001:db8::1", "2001:db8::2", "2001:db8:0:0:ffff::3")
	if got := like("a"); len(got) > 0 || len(like("one")) > 0 {
		t.Errorf("%q after two clients", got)
	}
	// The day after, the two of the day before may be anybody.
	c.at = c.at.AddDate(0, 0, 1)
	ask("alibaba memo", "192.0.2.3", "192.0.2.4")
	if got := like("alibaba"); len(got) > 0 {
		t.Errorf("%q after two clients on either day", got)
	}
	ask("Alibaba  Memo", "2001:db8::1")
	ask("memo of the pla", three...)
	ask("memo of the pla", "192.0.2.9", "192.0.2.9")
	ask("salt typhoon", three...)
	ask("ann@example.org", three...)
	for typed, want := range map[string][]string{
		"ali":           {"alibaba memo"},
		"memo":          {"memo of the pla", "alibaba memo"}, // four asked, three
		"alibaba memo":  nil,                                 // is typed already
		"Alibaba MEMO ": nil,
		"tyhpoo":        {"salt typhoon"},
		"alibaba typh":  nil,
		"meno pla":      {"memo of the pla"},
		"ann":           nil,
	} {
		if got := like(typed); !slices.Equal(got, want) {
			t.Errorf("%s: %q, want %q", typed, got, want)
		}
	}
	// In batches: not with each search, and only what is suggested.
	if err := p.save(false); err != nil {
		t.Fatal(err)
	}
	b, err := os.ReadFile(path)
	if err != nil || strings.Contains(string(b), "192.0") || strings.Contains(string(b), "one network") || !strings.Contains(string(b), `"q":"alibaba memo","clients":3,"last":"2025-11-15"`) {
		t.Fatalf("%s %v", b, err)
	}
	ask("salt typhoon", "192.0.2.77")
	if err := p.save(false); err != nil {
		t.Fatal(err)
	}
	if again, err := os.ReadFile(path); err != nil || string(again) != string(b) {
		t.Errorf("written again at once: %s %v", again, err)
	}
	if err := p.save(true); err != nil {
		t.Fatal(err)
	}
	if p, err = openPastQueries(path, c.now); err != nil {
		t.Fatal(err)
	}
	if got := like("s"); !slices.Equal(got, []string{"salt typhoon"}) || p.known["salt typhoon"].Clients != 4 {
		t.Errorf("opened again: %q", got)
	}
	ask("one more", "192.0.2.1", "192.0.2.2")
	c.at = c.at.AddDate(0, 0, queryDays)
	ask("salt typhoon", "192.0.2.1")
	c.at = c.at.AddDate(0, 0, 1)
	if got := like("memo"); len(got) > 0 {
		t.Errorf("%q, which nobody has asked for long", got)
	}
	if got := like("salt"); len(got) != 1 {
		t.Errorf("%q: asked yesterday", got)
	}
	if err := os.WriteFile(path, []byte(`[null, {"q":"x"}, {"q":"ann@example.org"`), 0o600); err != nil {
		t.Fatal(err)
	}
	if p, err = openPastQueries(path, c.now); err != nil || len(p.known) > 0 {
		t.Errorf("a broken file: %v %v", p, err)
	}
}

func TestPastQueriesAreBounded(t *testing.T) {
	c := &clock{time.Date(2025, 11, 14, 9, 0, 0, 0, time.UTC)}
	p, err := openPastQueries(filepath.Join(t.TempDir(), "queries.json"), c.now)
	if err != nil {
		t.Fatal(err)
	}
	name := func(i int) string { return fmt.Sprintf("%c%c%c query", 'a'+i%26, 'a'+i/26%26, 'a'+i/676%26) }
	client := func(i int) netip.Addr { return netip.AddrFrom4([4]byte{10, byte(i >> 16), byte(i >> 8), byte(i)}) }
	for i := range 1000 { // one client alone
		p.note(name(i), client(0))
	}
	if len(p.fresh) != maxFreshOfOne {
		t.Errorf("%d queries of one client wait", len(p.fresh))
	}
	for i := range maxFresh + 500 {
		p.note(name(i), client(i))
	}
	if len(p.fresh) > maxFresh {
		t.Errorf("%d queries wait", len(p.fresh))
	}
	c.at = c.at.AddDate(0, 0, 1)
	for k := range queryClients + 1 {
		p.note("asked by most", client(k))
	}
	for i := range maxPastQueries + 100 {
		for k := range queryClients {
			p.note(name(i), client(3*i+k))
		}
	}
	if len(p.known) != maxPastQueries || p.known["asked by most"] == nil {
		t.Errorf("%d queries are known", len(p.known))
	}
}

func TestSearched(t *testing.T) {
	x, err := Open(t.TempDir(), Options{Recognizer: rec, KeepAll: true, PastQueries: true})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { x.Close() })
	add(t, x, art(1, "Alibaba memo", "text"), art(2, "Memo two", "Alibaba"))
	g := x.Generation()
	searched := func(text string, found int, change func(*dateline.Query)) {
		root, err := dateline.ParseQuery(text)
		if err != nil {
			t.Fatal(text, err)
		}
		q := dateline.Query{Text: text, Root: root, Limit: 10}
		if change != nil {
			change(&q)
		}
		for _, c := range []string{"192.0.2.1", "192.0.2.2", "", "pipe", "192.0.2.3"} {
			x.Searched(q, found, c)
		}
	}
	searched("memo leak", 3, nil)
	searched("memo xyz", 0, nil)
	searched("memo pag", 3, func(q *dateline.Query) { q.Cursor = "x" })
	searched("memo cou", 3, func(q *dateline.Query) { q.Limit = 0 })
	searched("memo beg*", 3, nil)
	if got, want := suggestions(t, x, "memo", 8), []string{"article:Memo two", "article:Alibaba memo", "query:memo leak"}; !slices.Equal(got, want) {
		t.Errorf("%q, want %q", got, want)
	}
	if got, want := suggestions(t, x, "memo", 2), []string{"article:Memo two", "article:Alibaba memo"}; !slices.Equal(got, want) {
		t.Errorf("%q, want %q", got, want)
	}
	if x.Generation() == g {
		t.Error("an answer has changed, and the generation has not")
	}
	off, err := Open(t.TempDir(), Options{Recognizer: rec, KeepAll: true})
	if err != nil {
		t.Fatal(err)
	}
	was := x
	x = off
	searched("memo leak", 3, nil)
	x = was
	if got := suggestions(t, off, "memo", 8); len(got) > 0 {
		t.Errorf("%q, and it is switched off", got)
	}
	if err := off.Close(); err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(filepath.Join(off.dir, "queries.json")); err == nil {
		t.Error("a file of queries, and it is switched off")
	}
}
