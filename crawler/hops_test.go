package crawler

import (
	"fmt"
	"net/http"
	"strings"
	"sync/atomic"
	"testing"
)

func TestMetaRefresh(t *testing.T) {
	for _, c := range []struct{ header, body, want string }{
		{"", `<meta http-equiv="refresh" content="0; url=/news/one">`, "/news/one"},
		{"", `<META CONTENT='1;URL="http://a.example/?a=1&amp;b=2"' HTTP-EQUIV=Refresh>`, "http://a.example/?a=1&b=2"},
		{"", `<meta http-equiv=refresh content=0;url=x.html>`, "x.html"},
		{"", `<noscript><meta http-equiv="refresh" content="0,/plain"></noscript>`, "/plain"},
		{"0; url=/by-header", "", "/by-header"},
		{"", `<meta http-equiv="refresh" content="300; url=/same">`, ""},
		{"", `<meta http-equiv="refresh" content="1">`, ""},
		{"", `<!-- <meta http-equiv="refresh" content="0; url=/no"> -->`, ""},
		{"", `<!-- <meta http-equiv="refresh" content="0; url=/no">`, ""},
		{"", `<meta name="refresh" content="0; url=/no">`, ""},
		{"", `<meta http-equiv="refresh" content="soon; url=/no">`, ""},
		{"", `<meta http-equiv="refresh" content="0x">`, ""},
		{"", `<meta http-equiv="refresh" content="0.5; URL = '/b'">`, "/b"},
		{"", "<meta http-equiv=refresh content='0;\v'>", ""},
		{"", strings.Repeat("<meta ", 100000), ""},
	} {
		if got := metaRefresh(c.header, []byte(c.body)); got != c.want {
			t.Errorf("%q %.80q: %q, want %q", c.header, c.body, got, c.want)
		}
	}
}

func TestRedirectTarget(t *testing.T) {
	for loc, want := range map[string]string{
		"/b":                                     "http://a.example/b",
		"?x=1":                                   "http://a.example/d/e?x=1",
		"//b.example/x#part":                     "http://b.example/x",
		"https://u:p@b.example/":                 "https://b.example/",
		" /with blanks/é ":                       "http://a.example/with%20blanks/%C3%A9",
		`\\b.example\x`:                          "http://b.example/x",
		"HTTP://B.example:80/x":                  "http://b.example/x",
		"":                                       "",
		"javascript:alert(1)":                    "",
		"file:///etc/passwd":                     "",
		"http://":                                "",
		"http://a.example:99999/":                "",
		"http://[::1":                            "",
		"data:text/html,<p>x":                    "",
		"http://0x7f.1/latest":                   "http://127.0.0.1/latest",
		"http://b.example/%zz?a=%&":              "http://b.example/%25zz?a=%&",
		"/100%-sure/%":                           "http://a.example/100%25-sure/%25",
		"http://b.example.:8080/x.":              "http://b.example:8080/x.",
		"http://b.example.":                      "http://b.example/",
		"/%4":                                    "http://a.example/%254",
		"/%e4?%":                                 "http://a.example/%e4?%",
		"/gr\xf6\xdfe":                           "http://a.example/gr%F6%DFe",
		"/tab\there":                             "http://a.example/tabhere",
		"/" + strings.Repeat("a", maxLocation-1): "http://a.example/" + strings.Repeat("a", maxLocation-1),
		"/" + strings.Repeat("a", maxLocation):   "",
	} {
		got, err := redirectTarget("http://a.example/d/e", loc)
		if got != want || (err == nil) != (want != "") {
			t.Errorf("%q: %q, %v, want %q", loc, got, err, want)
		}
	}
}

// TestRefreshIsARedirect follows a page that only sends its reader on, also in
// a circle no further than once.
func TestRefreshIsARedirect(t *testing.T) {
	s := newSite(t)
	s.text("/hop", "text/html", `<meta http-equiv="refresh" content="0; url=/news/one"><title>One moment</title>`)
	s.article("/news/one")
	s.text("/round", "text/html", `<meta http-equiv="refresh" content="0; url=/trip"><title>x</title>`)
	s.text("/trip", "text/html", `<meta http-equiv="refresh" content="0; url=/round"><title>x</title>`)
	s.text("/private", "text/html", `<meta http-equiv="refresh" content="0; url=http://10.0.0.1/admin"><title>x</title>`)
	s.text("/live", "text/html", `<meta http-equiv="refresh" content="0; url=/news/one"><title>An article</title><p>that reloads.</p>`)
	v := visitor(t, testConfig())
	if a, err := v.Article(t.Context(), s.URL+"/hop"); err != nil || a.URL != s.URL+"/news/one" {
		t.Errorf("%+v, %v", a, err)
	}
	if a, err := v.Article(t.Context(), s.URL+"/live"); err != nil || a.URL != s.URL+"/live" {
		t.Errorf("an article that reloads: %+v, %v", a, err)
	}
	_, err := v.Article(t.Context(), s.URL+"/round")
	wantReason(t, err, "redirect_loop")
	_, err = v.Article(t.Context(), s.URL+"/private")
	wantReason(t, err, "private_address")
}

// TestFeedMoves asks a feed at its new address after a few permanent
// redirects, says so, and comes back when that address is dead or the old one
// answers again.
func TestFeedMoves(t *testing.T) {
	s := newSite(t)
	const feed = `<rss version="2.0"><channel><title>x</title></channel></rss>`
	var gone, back atomic.Bool
	s.pages["/old"] = func(w http.ResponseWriter, r *http.Request) {
		if back.Load() {
			fmt.Fprint(w, feed)
			return
		}
		http.Redirect(w, r, "/new", http.StatusMovedPermanently)
	}
	s.pages["/new"] = func(w http.ResponseWriter, r *http.Request) {
		if gone.Load() {
			http.NotFound(w, r)
			return
		}
		fmt.Fprint(w, feed)
	}
	dir := t.TempDir()
	src := Source{Kind: "feed", Value: s.URL + "/old"}
	c := start(t, dir, testConfig(), &memory{}, src)
	movedTo := func() string {
		t.Helper()
		st, err := c.Stats(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		return st.Sources[0].MovedTo
	}
	for i := range movesFeed {
		if movedTo() != "" {
			t.Fatalf("moved after %d redirects, want %d", i, movesFeed)
		}
		once(t, c, true)
	}
	if movedTo() != s.URL+"/new" {
		t.Fatalf("moved to %q after %d permanent redirects", movedTo(), movesFeed)
	}
	if err := c.Close(); err != nil { // it is remembered
		t.Fatal(err)
	}
	c = start(t, dir, testConfig(), &memory{}, src)
	before := s.times("/old")
	once(t, c, true)
	if s.times("/old") != before || s.times("/new") != movesFeed+1 {
		t.Errorf("the old address is asked %d times more, the new one %d times", s.times("/old")-before, s.times("/new"))
	}
	for range 2 * fullEach { // nothing new: now and then the address itself is asked
		once(t, c, true)
	}
	if n := s.times("/old") - before; n < 1 || n > 4 || movedTo() == "" {
		t.Errorf("the old address was asked %d times in %d polls, moved to %q", n, 2*fullEach, movedTo())
	}
	gone.Store(true)
	once(t, c, true)
	if movedTo() != "" {
		t.Errorf("moved to %q, which is gone", movedTo())
	}
	gone.Store(false)
	for range movesFeed {
		once(t, c, true)
	}
	back.Store(true)
	for range 2 * fullEach {
		once(t, c, true)
	}
	if movedTo() != "" {
		t.Errorf("moved to %q, though it is back", movedTo())
	}
}

// TestFeedMovesForNow does not take other redirects for a move.
func TestFeedMovesForNow(t *testing.T) {
	s := newSite(t)
	s.pages["/old"] = func(w http.ResponseWriter, r *http.Request) { http.Redirect(w, r, "/mid", http.StatusMovedPermanently) }
	s.pages["/mid"] = func(w http.ResponseWriter, r *http.Request) { http.Redirect(w, r, "/new", http.StatusFound) }
	s.text("/new", "text/xml", `<rss version="2.0"><channel><title>x</title></channel></rss>`)
	c := start(t, t.TempDir(), testConfig(), &memory{}, Source{Kind: "feed", Value: s.URL + "/old"})
	for range movesFeed + 2 {
		if st := once(t, c, true); st.Sources[0].MovedTo != "" || st.Sources[0].Error != "" {
			t.Fatalf("source %+v", st.Sources[0])
		}
	}
	if n := s.times("/old"); n != movesFeed+2 {
		t.Errorf("asked %d times, want %d", n, movesFeed+2)
	}
}

// TestVariantsAreOneArticle takes an AMP page and a mobile page in the words
// of the page that they are forms of, whichever is found first.
func TestVariantsAreOneArticle(t *testing.T) {
	const canonical = `<link rel="canonical" href="http://www.paper.example/news/one">`
	page := func(text string) string { return canonical + "<title>Article</title><p>" + text + "</p>" }
	pages := map[string]string{
		"amp.paper.example/news/one":      page("Short."),
		"m.paper.example/news/one":        page("Short too."),
		"www.paper.example/news/one/amp/": page("Short as well."),
		"www.paper.example/news/one":      page("The whole text."),
	}
	addresses := []string{
		"http://amp.paper.example/news/one", "http://m.paper.example/news/one",
		"http://www.paper.example/news/one/amp/", "http://www.paper.example/news/one",
	}
	for first := range addresses {
		w, cfg := newWorld(t, pages)
		var src []Source
		for i := range addresses {
			src = append(src, Source{Kind: "urls", Value: addresses[(first+i)%len(addresses)], Story: "st"})
		}
		sink := &memory{}
		st := once(t, startReal(t, cfg, sink, src...), false)
		if len(sink.all) != 1 || sink.all[0].Body != "The whole text." || len(sink.all[0].Stories) != 1 {
			t.Fatalf("taken %+v", sink.all)
		}
		if st.NotFetched["variant"] != 3 || w.asked("www.paper.example/news/one") != 1 {
			t.Errorf("%d variants, the page asked %d times", st.NotFetched["variant"], w.asked("www.paper.example/news/one"))
		}
		for _, s := range st.Sources {
			if s.Error != "" && !strings.HasPrefix(s.Error, "variant: a form of http://www.paper.example/news/one") {
				t.Errorf("source %+v", s)
			}
		}
	}
	_, cfg := newWorld(t, pages)
	v, err := NewVisitor(cfg, withCanonical, nil)
	if err != nil {
		t.Fatal(err)
	}
	defer v.Close()
	if a, err := v.Article(t.Context(), "http://m.paper.example/news/one"); err != nil || a.Body != "The whole text." {
		t.Errorf("asked for the mobile form: %+v, %v", a, err)
	}
}

// TestVariantAlone takes a form of a page as it is where the page cannot be had.
func TestVariantAlone(t *testing.T) {
	w, cfg := newWorld(t, map[string]string{
		"amp.paper.example/news/one":   `<link rel="canonical" href="http://www.paper.example/news/one"><title>Article</title><p>Short.</p>`,
		"www.paper.example/robots.txt": "User-agent: *\nDisallow: /news/two\n",
		"m.paper.example/news/two":     `<link rel="canonical" href="http://www.paper.example/news/two"><title>Article</title><p>Two.</p>`,
		"paper.example/feed":           `<rss version="2.0"><channel><item><link>http://m.paper.example/news/two</link></item></channel></rss>`,
	})
	sink := &memory{}
	c := startReal(t, cfg, sink, Source{Kind: "urls", Value: "http://amp.paper.example/news/one"}, Source{Kind: "feed", Value: "http://paper.example/feed"})
	once(t, c, false)
	taken := map[string]string{}
	for _, a := range sink.all {
		taken[a.URL] = a.Body
	}
	if len(sink.all) != 2 || taken["http://www.paper.example/news/one"] != "Short." || taken["http://www.paper.example/news/two"] != "Two." {
		t.Errorf("taken %v", taken)
	}
	if n := w.asked("amp.paper.example/news/one"); n != 2 {
		t.Errorf("asked %d times, want twice", n)
	}
	once(t, c, true)
	if w.asked("www.paper.example/news/two") != 0 || w.asked("www.paper.example/news/one") > 2 {
		t.Errorf("the pages asked %d and %d times", w.asked("www.paper.example/news/one"), w.asked("www.paper.example/news/two"))
	}
}

// TestVariantOfItself takes pages as they are that name each other or another
// site as what they are forms of.
func TestVariantOfItself(t *testing.T) {
	_, cfg := newWorld(t, map[string]string{
		"m.paper.example/news/one":   `<link rel="canonical" href="http://amp.paper.example/news/one"><title>Article</title><p>One.</p>`,
		"amp.paper.example/news/one": `<link rel="canonical" href="http://m.paper.example/news/one"><title>Article</title><p>One.</p>`,
		"m.paper.example/news/two":   `<link rel="canonical" href="http://victim.example/news/two"><title>Article</title><p>Two.</p>`,
		"m.paper.example/news/three": `<link rel="canonical" href="http://paper.example/"><title>Article</title><p>Three.</p>`,
	})
	sink := &memory{}
	st := once(t, startReal(t, cfg, sink, Source{Kind: "urls", Value: "http://m.paper.example/news/one"},
		Source{Kind: "urls", Value: "http://m.paper.example/news/two"}, Source{Kind: "urls", Value: "http://m.paper.example/news/three"}), false)
	if len(sink.all) != 3 || len(st.NotFetched) != 0 {
		t.Errorf("%d taken, stats %+v", len(sink.all), st)
	}
	for _, a := range sink.all {
		if a.Outlet.ID != "paper.example" {
			t.Errorf("%s is of %s", a.URL, a.Outlet.ID)
		}
	}
}

// withCanonical is the simple extractor with rel=canonical.
func withCanonical(body []byte, ctype, pageURL string) (*Page, error) {
	p, err := simple(body, ctype, pageURL)
	if err == nil {
		if _, rest, ok := strings.Cut(string(body), `rel="canonical" href="`); ok {
			p.Canonical, _, _ = strings.Cut(rest, `"`)
		}
	}
	return p, err
}

func startReal(t *testing.T, cfg Config, sink *memory, sources ...Source) *Crawler {
	t.Helper()
	c, err := Open(t.TempDir(), cfg, sources, withCanonical, sink, nil)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { c.Close() })
	return c
}

// TestMovedArticle asks for an article that has moved for good at its new
// address only.
func TestMovedArticle(t *testing.T) {
	s := newSite(t)
	s.pages["/old/one"] = func(w http.ResponseWriter, r *http.Request) {
		http.Redirect(w, r, "/news/one", http.StatusPermanentRedirect)
	}
	s.article("/news/one")
	sink := &memory{}
	c := start(t, t.TempDir(), testConfig(), sink, Source{Kind: "urls", Value: s.URL + "/old/one"})
	for range 3 {
		once(t, c, true)
	}
	if s.times("/old/one") != 1 || s.times("/news/one") != 3 || sink.all[0].URL != s.URL+"/news/one" {
		t.Errorf("old %d times, new %d times, taken as %s", s.times("/old/one"), s.times("/news/one"), sink.all[0].URL)
	}
}
