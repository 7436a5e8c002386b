package indexer

import (
	"context"
	"errors"
	"fmt"
	"math/rand"
	"os"
	"path/filepath"
	"slices"
	"sort"
	"strings"
	"testing"
	"time"

	"dateline"
	"dateline/indexer/store"
)

type fakeRec struct{ es []dateline.Entity }

func (f fakeRec) Lookup(name string, t dateline.EntityType) (dateline.Entity, bool) {
	for _, e := range f.es {
		if e.Type != t {
			continue
		}
		for _, n := range append([]string{e.Name, e.ID}, e.Aliases...) {
			if strings.EqualFold(n, name) {
				return e, true
			}
		}
	}
	return dateline.Entity{}, false
}

func (f fakeRec) Recognize(title, body, lang string) []dateline.Mention {
	var out []dateline.Mention
	for _, e := range f.es {
		for _, n := range append([]string{e.Name}, e.Aliases...) {
			for i, text := range []string{title, body} {
				if k := strings.Index(text, n); k >= 0 {
					out = append(out, dateline.Mention{Start: k, End: k + len(n), Type: e.Type, Text: n, Name: e.Name, EntityID: e.ID, InTitle: i == 0})
				}
			}
		}
	}
	return out
}

var rec = fakeRec{[]dateline.Entity{
	{ID: "alibaba-group", Name: "Alibaba Group", Type: dateline.Organization, Aliases: []string{"Alibaba", "阿里巴巴"}},
	{ID: "pla", Name: "People's Liberation Army", Type: dateline.Organization, Aliases: []string{"PLA", "解放军"}},
	{ID: "jack-ma", Name: "Jack Ma", Type: dateline.Person, Aliases: []string{"马云"}},
	{ID: "beijing", Name: "Beijing", Type: dateline.Place},
}}

func open(tb testing.TB, dir string) *Index {
	tb.Helper()
	x, err := Open(dir, Options{Recognizer: rec, KeepAll: true})
	if err != nil {
		tb.Fatal(err)
	}
	tb.Cleanup(func() { x.Close() })
	return x
}

func art(n int, title, body string) *dateline.Article {
	u := fmt.Sprintf("https://example.com/%d", n)
	return &dateline.Article{
		ID: dateline.ArticleID(u), URL: u, Title: title, Body: body, Lang: "en", Outlet: dateline.Outlet{ID: "example.com", Name: "Example"},
		Published: time.Date(2025, 11, 1+n%28, n%24, 0, 0, 0, time.UTC),
	}
}

func add(tb testing.TB, x *Index, as ...*dateline.Article) {
	tb.Helper()
	if _, err := x.AddBatch(tb.Context(), as, nil); err != nil {
		tb.Fatal(err)
	}
	if err := x.Flush(tb.Context()); err != nil {
		tb.Fatal(err)
	}
}

func search(tb testing.TB, x *Index, text string) *dateline.Results {
	tb.Helper()
	n, err := dateline.ParseQuery(text)
	if err != nil {
		tb.Fatalf("%s: %v", text, err)
	}
	r, err := x.Search(tb.Context(), dateline.Query{Text: text, Root: n, Limit: 100})
	if err != nil {
		tb.Fatalf("%s: %v", text, err)
	}
	return r
}

func TestQueries(t *testing.T) {
	x := open(t, t.TempDir())
	zh := art(3, "白宫备忘录：阿里巴巴协助解放军", "北京否认。")
	zh.Lang = "zh"
	fr := art(4, "Élysée : le mémo publié", "L'armée chinoise aurait été aidée <b>.")
	fr.Lang = "fr"
	add(t, x, art(1, "White House memo says Alibaba helps PLA", "Alibaba gave zero-day exploits to the People's Liberation Army, the memo alleges. Cyberattacks followed."),
		art(2, "Alibaba denies", "The company denies the claims. Jack Ma was silent in Beijing."), zh, fr)
	for q, want := range map[string]int{
		"alibaba": 3, `"alibaba"`: 2, "ALIBABA memo": 1, `"zero-day exploits"`: 1, `"exploits zero"`: 0, `"alibaba pla"~10`: 1, `"alibaba army"~3`: 0, "cyberattack": 1, "cyber*": 1, "cyberattacks*": 1,
		"memo": 2, "mémo": 2, "elysee": 1, "org:PLA": 2, `org:"People's Liberation Army"`: 2, "org:解放军": 2, "阿里巴巴": 3, "解放": 1, "放": 1, "解放*": 1, "org:alibaba -memo": 2,
		"title:denies": 1, "denies OR memo": 3, "lang:zh": 1, "alibaba lang:fr": 0, "peoples": 1, "people's": 1, `"zero-da*"`: 0, "outlet:Example": 4, "date:2025-11-02": 1,
	} {
		if r := search(t, x, q); r.Total != want {
			t.Errorf("%s: %d, want %d", q, r.Total, want)
		}
	}
	h := search(t, x, "exploit memos").Hits[0]
	if !strings.Contains(h.TitleHTML, "<mark>memo</mark>") || !strings.Contains(h.SnippetHTML, "<mark>exploits</mark>") {
		t.Error(h.TitleHTML, h.SnippetHTML)
	}
	if h := search(t, x, "aidée").Hits[0]; !strings.Contains(h.SnippetHTML, "&lt;b&gt;") {
		t.Error(h.SnippetHTML)
	}
	s, err := x.Suggest(t.Context(), "ali", 10)
	if err != nil || len(s) < 2 || s[0].ID != "alibaba-group" || s[0].Count != 3 {
		t.Error(s, err)
	}
	e, err := x.Entity(t.Context(), "pla")
	if err != nil || e.Count != 2 || len(e.Aliases) != 2 {
		t.Error(e, err)
	}
	for _, q := range []dateline.Query{{Limit: 101}, {Sort: "best"}, {Facets: []string{"x"}}, {Interval: "decade"}, {Cursor: "zzz"}} {
		var pe *dateline.ParamError
		if _, err := x.Search(t.Context(), q); !errors.As(err, &pe) {
			t.Error(q, err)
		}
	}
}

func TestAddAgainEditDeleteReopen(t *testing.T) {
	dir := t.TempDir()
	x := open(t, dir)
	add(t, x, art(1, "One", "first"), art(2, "Two", "second"))
	g := x.Generation()
	add(t, x, art(1, "One", "first"))
	if x.Generation() != g {
		t.Error("adding the same again changed the index")
	}
	add(t, x, art(1, "One", "third"))
	if search(t, x, "first").Total != 0 || search(t, x, "third").Total != 1 {
		t.Error("edit not indexed")
	}
	vs, err := x.Versions(t.Context(), art(1, "", "").ID)
	if err != nil || len(vs) != 2 || vs[0].Body != "first" {
		t.Error(vs, err)
	}
	if _, err := Open(dir, Options{}); err == nil {
		t.Error("opened twice")
	}
	if err := x.Delete(t.Context(), art(2, "", "").ID); err != nil {
		t.Fatal(err)
	}
	if search(t, x, "second").Total != 0 {
		t.Error("deleted article found")
	}
	// What a crash leaves: stored, not indexed.
	if _, err := x.st.Put(t.Context(), []*dateline.Article{art(3, "Crash", "pending")}); err != nil {
		t.Fatal(err)
	}
	x.Close()
	x = open(t, dir)
	if search(t, x, "pending").Total != 1 {
		t.Error("pending not indexed at Open")
	}
	x.Close()
	if err := os.RemoveAll(filepath.Join(dir, "index")); err != nil {
		t.Fatal(err)
	}
	x = open(t, dir)
	if search(t, x, "third").Total != 1 || search(t, x, "").Total != 2 {
		t.Error("not rebuilt")
	}
}

func TestReindexWhileSearching(t *testing.T) {
	dir := t.TempDir()
	x := open(t, dir)
	var as []*dateline.Article
	for i := range 300 {
		as = append(as, art(i, "Alibaba", fmt.Sprint("word ", i)))
	}
	add(t, x, as...)
	done := make(chan error, 1)
	go func() { done <- x.Reindex(context.Background()) }()
	for {
		if n := search(t, x, "word").Total; n != 300 {
			t.Errorf("%d of 300", n)
		}
		select {
		case err := <-done:
			if err != nil {
				t.Fatal(err)
			}
			if l, _ := filepath.Glob(filepath.Join(dir, "index", "gen-*")); len(l) != 1 {
				t.Error(l)
			}
			if search(t, x, "word").Total != 300 {
				t.Error("lost")
			}
			return
		default:
		}
	}
}

func TestStories(t *testing.T) {
	x, err := Open(t.TempDir(), Options{Recognizer: rec, Stories: []dateline.Story{{ID: "s", Title: "The memo", About: `org:PLA "white house"`}}})
	if err != nil {
		t.Fatal(err)
	}
	defer x.Close()
	if err := x.Add(t.Context(), art(1, "White House on PLA", "")); err != nil {
		t.Fatal(err)
	}
	err = x.Add(t.Context(), art(2, "White paper", ""))
	var r interface{ Reason() string }
	if !errors.As(err, &r) || r.Reason() != "off_story" {
		t.Error(err)
	}
	for range 20 {
		time.Sleep(50 * time.Millisecond)
		if search(t, x, `story:"the memo"`).Total == 1 {
			return
		}
	}
	t.Error("not visible within a second")
}

func TestImportProgress(t *testing.T) {
	x := open(t, t.TempDir())
	if _, err := x.AddBatch(t.Context(), []*dateline.Article{art(1, "a", "b")}, []store.Progress{{File: "f", Hash: "h", Size: 9, Offset: 5}, {File: "g"}}); err != nil {
		t.Fatal(err)
	}
	p, ok, err := x.ImportProgress(t.Context(), "f")
	if err != nil || !ok || p.Offset != 5 {
		t.Error(p, ok, err)
	}
}

// TestAgainstBruteForce compares searches with the plainest evaluation.
func TestAgainstBruteForce(t *testing.T) {
	rnd := rand.New(rand.NewSource(1))
	words := strings.Fields("memo alibaba army report denies claims exploit zero day house white café naïve running runs 解放军 阿里巴巴 北京")
	langs := []string{"en", "de", "fr", "zh", "sv"}
	var as []*dateline.Article
	for i := range 300 {
		var t, b []string
		for range 4 {
			t = append(t, words[rnd.Intn(len(words))])
		}
		for range 12 {
			b = append(b, words[rnd.Intn(len(words))])
		}
		a := art(i, strings.Join(t, " "), strings.Join(b, " "))
		a.Lang = langs[rnd.Intn(len(langs))]
		a.Outlet.ID = fmt.Sprintf("o%d.com", rnd.Intn(30))
		a.Authors = []string{fmt.Sprintf("Author %d", rnd.Intn(5))}
		if rnd.Intn(10) == 0 {
			a.Published = time.Time{}
		}
		as = append(as, a)
	}
	x := open(t, t.TempDir())
	add(t, x, as...)
	resolve := func(f, v string) []string { return x.resolve(f, v) }
	var stored []*dateline.Article
	if err := x.Each(t.Context(), func(a *dateline.Article) error { stored = append(stored, a); return nil }); err != nil {
		t.Fatal(err)
	}
	queries := []string{"", "memo", "memo alibaba", `"white house"`, "run", "rep*", "-memo", "memo OR 解放军", `"zero house"~4`, "title:cafe", "org:alibaba (army OR day)", "lang:zh -北京", "date:>2025-11-10 memo", "date:2025-11-05..2025-11-09", "解", `"解放军 阿里"`}
	for _, text := range queries {
		root, err := dateline.ParseQuery(text)
		if err != nil {
			t.Fatal(text, err)
		}
		meant, _ := x.expand(root)
		for _, filters := range []map[string][]string{nil, {"outlet": {"o1.com", "o2.com", "o3.com"}}, {"lang": {"en", "zh"}, "author": {"Author 1", "author-2"}}} {
			for _, order := range []string{"newest", "oldest", "relevance"} {
				q := dateline.Query{Text: text, Root: root, Filters: filters, Excludes: map[string][]string{"author": {"Author 3"}}, Sort: order, Limit: 7, Facets: filterFields, FacetSize: 1000, Interval: "auto"}
				has := func(a *dateline.Article, f string, vs []string) bool {
					for _, v := range facetValues(a)[fieldIndex(f)] {
						if slices.Contains(vs, v.id) || slices.Contains(vs, v.name) {
							return true
						}
					}
					return false
				}
				want := map[string]bool{}
				facets := map[string]map[string]int{}
				undated := 0
				for _, a := range stored {
					if !newDocument(a).matches(meant, resolve) || has(a, "author", []string{"Author 3"}) {
						continue
					}
					in := func(skip string) bool {
						for f, vs := range filters {
							if f != skip && !has(a, f, vs) {
								return false
							}
						}
						return true
					}
					if in("") {
						want[a.ID] = true
						if a.Published.IsZero() {
							undated++
						}
					}
					for i, f := range filterFields {
						if in(f) {
							for _, v := range facetValues(a)[i] {
								if facets[f] == nil {
									facets[f] = map[string]int{}
								}
								facets[f][v.id]++
							}
						}
					}
				}
				var got []*dateline.Article
				for page := 0; ; page++ {
					r, err := x.Search(t.Context(), q)
					if err != nil {
						t.Fatal(text, err)
					}
					if r.Total != len(want) || r.Undated != undated {
						t.Fatalf("%q %v: total %d undated %d, want %d %d", text, filters, r.Total, r.Undated, len(want), undated)
					}
					sum := 0
					for i, b := range r.Timeline {
						sum += b.Count
						if i > 0 && !b.From.Equal(r.Timeline[i-1].To) {
							t.Fatal("timeline has a gap")
						}
					}
					if sum != len(want)-undated {
						t.Fatalf("%q: timeline has %d, want %d", text, sum, len(want)-undated)
					}
					for f, vs := range r.Facets {
						n := 0
						for _, v := range vs {
							if v.Count != facets[f][v.ID] {
								t.Fatalf("%q %s=%s: %d, want %d", text, f, v.ID, v.Count, facets[f][v.ID])
							}
							if v.Count > 0 {
								n++
							}
						}
						if n != len(facets[f]) {
							t.Fatalf("%q %s: %d values, want %d", text, f, n, len(facets[f]))
						}
					}
					for _, h := range r.Hits {
						got = append(got, h.Article)
					}
					if r.Next == "" {
						break
					}
					q.Cursor = r.Next
				}
				seen := map[string]bool{}
				for _, a := range got {
					if !want[a.ID] || seen[a.ID] {
						t.Fatalf("%q %s: wrong or repeated %s", text, order, a.ID)
					}
					seen[a.ID] = true
				}
				if len(got) != len(want) {
					t.Fatalf("%q %s: paged %d of %d", text, order, len(got), len(want))
				}
				if order != "relevance" && !sort.SliceIsSorted(got, func(i, j int) bool {
					a, b := got[i], got[j]
					if a.Published.IsZero() != b.Published.IsZero() {
						return b.Published.IsZero()
					}
					if !a.Published.Equal(b.Published) {
						return a.Published.After(b.Published) == (order == "newest")
					}
					return a.ID < b.ID
				}) {
					t.Fatalf("%q %s: not in order", text, order)
				}
			}
		}
	}
}

func TestCursorWhileAdding(t *testing.T) {
	for _, order := range []string{"relevance", "newest", "oldest"} {
		x := open(t, t.TempDir())
		old := map[string]int{}
		var as []*dateline.Article
		for i := range 60 {
			a := art(i, "memo", strings.Repeat("memo ", i%5)+fmt.Sprint(i))
			old[a.ID] = 0
			as = append(as, a)
		}
		add(t, x, as...)
		q := dateline.Query{Text: "memo", Root: &dateline.Term{Text: "memo"}, Sort: order, Limit: 7}
		for i := 100; ; i++ {
			r, err := x.Search(t.Context(), q)
			if err != nil {
				t.Fatal(err)
			}
			for _, h := range r.Hits {
				old[h.Article.ID]++
			}
			if r.Next == "" {
				break
			}
			q.Cursor = r.Next
			add(t, x, art(i, "memo", "memo memo other words"))
		}
		for id, n := range old {
			if n != 1 {
				t.Errorf("%s: %s given %d times", order, id, n)
			}
		}
	}
}
