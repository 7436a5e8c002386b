package crawler

import (
	"fmt"
	"net/http"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"dateline"
)

var nextRel = regexp.MustCompile(`rel=(next|first) href="([^"]+)"`)

// paged is simple, and reads the links to other pages of an article.
func paged(body []byte, ctype, pageURL string) (*Page, error) {
	p, err := simple(body, ctype, pageURL)
	for _, m := range nextRel.FindAllStringSubmatch(string(body), -1) {
		if m[1] == "next" {
			p.Next = resolve(pageURL, m[2])
		} else {
			p.First = resolve(pageURL, m[2])
		}
	}
	p.NoArchive = strings.Contains(string(body), "noarchive")
	return p, err
}

// pagesOf serves an article of n pages; each says more of it.
func (s *site) pagesOf(path string, n int, head ...string) {
	for i := range n {
		at, next := path, ""
		if i > 0 {
			at = fmt.Sprintf("%s/%d", path, i+1)
		}
		if i < n-1 {
			next = fmt.Sprintf(`<link rel=next href="%s/%d">`, path, i+2)
		}
		if i > 0 {
			next += fmt.Sprintf(`<link rel=first href="%s">`, path)
		}
		s.text(at, "text/html", fmt.Sprintf(`<html><title>The bridge %s - page %d</title>%s%s<p>Text of page %d.</p></html>`, path, i+1, next, strings.Join(head, ""), i+1))
	}
}

func openPaged(t *testing.T, dir string, cfg Config, sink dateline.Sink, urls ...string) *Crawler {
	t.Helper()
	var sources []Source
	for _, u := range urls {
		sources = append(sources, Source{Kind: "urls", Value: u})
	}
	c, err := Open(dir, cfg, sources, paged, sink, nil)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { c.Close() })
	return c
}

func TestPagesAreJoined(t *testing.T) {
	s := newSite(t)
	s.pagesOf("/bridge", 3)
	s.pagesOf("/long", MaxPages+5)
	s.pagesOf("/gone", 2)
	delete(s.pages, "/gone/2")
	s.pagesOf("/moved", 2)
	s.pages["/moved/2"] = http.RedirectHandler("/bridge", http.StatusFound).ServeHTTP
	s.pagesOf("/denied", 2)
	s.text("/robots.txt", "text/plain", "User-agent: *\nDisallow: /denied/2\n")
	s.pagesOf("/other", 2)
	s.text("/other/2", "text/html", "<html><title>Mayor opens a school</title><p>Another text.</p></html>")
	s.pagesOf("/loop", 2)
	s.text("/loop/2", "text/html", `<html><title>The bridge /loop - page 2</title><link rel=next href="/loop"><p>Text of page 2.</p></html>`)
	s.pagesOf("/later", 2)
	m := &memory{}
	dir := t.TempDir()
	cfg := testConfig()
	cfg.Archive = true
	c := openPaged(t, dir, cfg, m, s.URL+"/bridge", s.URL+"/long", s.URL+"/gone", s.URL+"/moved", s.URL+"/denied", s.URL+"/other", s.URL+"/loop", s.URL+"/later/2")
	once(t, c, false)

	text := func(n int) string {
		var out []string
		for i := range n {
			out = append(out, fmt.Sprintf("Text of page %d.", i+1))
		}
		return strings.Join(out, "\n\n")
	}
	want := map[string]int{"/bridge": 3, "/long": MaxPages, "/gone": 1, "/moved": 1, "/denied": 1, "/other": 1, "/loop": 2, "/later": 2}
	got := map[string]*dateline.Article{}
	for _, a := range m.all {
		path := strings.TrimPrefix(a.URL, s.URL)
		if got[path] != nil {
			t.Errorf("%s came twice", path)
		}
		got[path] = a
	}
	for path, n := range want {
		a := got[path]
		if a == nil {
			t.Errorf("%s: no article", path)
			continue
		}
		if a.Body != text(n) || len(a.Pages) != n-1 {
			t.Errorf("%s: body %q of %d further pages, want %d pages", path, a.Body, len(a.Pages), n)
		}
	}
	if len(got) != len(want) {
		t.Errorf("%d articles, want %d", len(got), len(want))
	}
	if n := s.times("/denied/2"); n != 0 {
		t.Errorf("a page that robots.txt forbids was asked for %d times", n)
	}
	if n := s.times(fmt.Sprintf("/long/%d", MaxPages+1)); n != 0 {
		t.Errorf("page %d was asked for", MaxPages+1)
	}
	// Again, after a restart: all pages are asked for and the text is the same.
	if err := c.Close(); err != nil {
		t.Fatal(err)
	}
	m2 := &memory{}
	once(t, openPaged(t, dir, cfg, m2, s.URL+"/bridge"), true)
	for _, a := range m2.all {
		if a.URL == s.URL+"/bridge" && a.Body != text(3) {
			t.Errorf("the second time the body is %q", a.Body)
		}
	}
	if n := s.times("/bridge/3"); n != 2 {
		t.Errorf("the last page was asked for %d times, want 2", n)
	}
}

// TestPagesSurviveACrash stops between two pages.
func TestPagesSurviveACrash(t *testing.T) {
	s := newSite(t)
	s.pagesOf("/bridge", 3)
	dir := t.TempDir()
	f, err := openFrontier(filepath.Join(dir, "frontier.db"))
	if err != nil {
		t.Fatal(err)
	}
	h := &heldPages{Article: &dateline.Article{ID: "x", URL: s.URL + "/bridge", Title: "The bridge /bridge", Body: "Text of page 1."}, Status: 200}
	for _, put := range []*heldPages{nil, h, h} {
		if err := f.hold("u", put); err != nil {
			t.Fatal(err)
		}
	}
	got, err := f.held("u")
	if err != nil || got == nil || got.Article.Body != h.Article.Body {
		t.Errorf("held %+v, %v", got, err)
	}
	if err := f.hold("u", nil); err != nil {
		t.Fatal(err)
	}
	if got, err := f.held("u"); err != nil || got != nil {
		t.Errorf("dropped, and still there: %+v, %v", got, err)
	}
	if err := f.close(); err != nil {
		t.Fatal(err)
	}
	// A way to a further page without what was held: it is begun again.
	m := &memory{}
	c := openPaged(t, dir, testConfig(), m, s.URL+"/bridge")
	c.front.sqlDo(t, `UPDATE urls SET chain = 'page `+s.URL+`/bridge/2', host = '`+hostOf(s.URL)+`'`)
	once(t, c, false)
	c.front.sqlDo(t, `UPDATE urls SET due = 0`)
	once(t, c, false)
	if len(m.all) != 1 || len(m.all[0].Pages) != 2 {
		t.Errorf("%d articles: %+v", len(m.all), m.all)
	}
}

func TestPagesVisited(t *testing.T) {
	s := newSite(t)
	s.pagesOf("/bridge", 4)
	v, err := NewVisitor(testConfig(), paged, nil)
	if err != nil {
		t.Fatal(err)
	}
	defer v.Close()
	a, err := v.Article(t.Context(), s.URL+"/bridge")
	if err != nil || len(a.Pages) != 3 {
		t.Errorf("got %+v, %v", a, err)
	}
}

func TestJoin(t *testing.T) {
	first := func() *dateline.Article {
		return &dateline.Article{Title: "The bridge", Body: "One.\n\nTwo.", Corrections: []dateline.Correction{{Text: "A note."}}, Teaser: true}
	}
	for name, tc := range map[string]struct {
		page *dateline.Article
		body string
		ok   bool
	}{
		"more":            {&dateline.Article{Title: "The bridge (2/3)", Body: "Three."}, "One.\n\nTwo.\n\nThree.", true},
		"what is there":   {&dateline.Article{Title: "The bridge", Body: "One.\n\nThree."}, "One.\n\nTwo.\n\nThree.", true},
		"nothing new":     {&dateline.Article{Title: "The bridge", Body: "One."}, "One.\n\nTwo.", false},
		"another article": {&dateline.Article{Title: "A school", Body: "Three."}, "One.\n\nTwo.", false},
		"no text":         {&dateline.Article{Title: "The bridge"}, "One.\n\nTwo.", false},
		"no page":         {nil, "One.\n\nTwo.", false},
	} {
		a := first()
		if ok := Join(a, tc.page, "https://example.org/2"); ok != tc.ok || a.Body != tc.body || ok == (len(a.Pages) == 0) || ok == a.Teaser {
			t.Errorf("%s: %v, %+v", name, ok, a)
		}
	}
}
