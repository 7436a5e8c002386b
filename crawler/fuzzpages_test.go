package crawler

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
	"unicode/utf8"

	"dateline"
)

// FuzzSoft judges pages that are perhaps none: what is judged by few words is
// never said of a long text, and no mark changes what a date in the metadata
// and a long text say.
func FuzzSoft(f *testing.F) {
	f.Add([]byte("<title>Error 404</title>"), "Harbour Post", "Sorry, this page does not exist.")
	f.Add([]byte("<html><script>window._cf_chl_opt={}</script><!-- <style>"), "Just a moment...", "")
	f.Add([]byte("<TITLE\n>a</title"), "Der Bote", "Leider existiert diese Seite nicht mehr. Bitte JavaScript aktivieren.")
	long := strings.Repeat("The harbour board met again on Friday. ", 20)
	f.Fuzz(func(t *testing.T, body []byte, title, text string) {
		if len(body) > 64<<10 || len(text) > 4<<10 {
			return
		}
		res := &response{url: "https://a.example/news/one", status: 200, header: http.Header{}, body: body}
		p := &Page{Article: &dateline.Article{Title: title, Body: text}}
		switch got := p.soft(res.url, res); got {
		case "", "soft_404", "soft_block":
		default:
			t.Errorf("reason %q", got)
		}
		p.Article.Body = text + long
		if got := p.soft(res.url, res); got != "" {
			t.Errorf("a text of %d characters is %s", utf8.RuneCountInString(p.Article.Body), got)
		}
		low := strings.ToLower(string(body))
		if n := visible(low); n < 0 || n > utf8.RuneCountInString(low) {
			t.Errorf("%d of %d characters are visible", n, utf8.RuneCountInString(low))
		}
		res.status = http.StatusNotFound
		if gated(res) {
			t.Error("404 is a gate")
		}
	})
}

// FuzzLists reads what GDELT and section pages name.
func FuzzLists(f *testing.F) {
	f.Add([]byte(`{"articles":[{"url":"http://a.example/x","seendate":"20251114T120000Z"},{"url":"javascript:x"},{"url":5}]}`))
	f.Add([]byte(`<base href="//b.example/"><h3><a href="/news/a-headline-of-many-words-1">A headline of many words</a></h3><a href="http://[::1">x</a>`))
	f.Fuzz(func(t *testing.T, b []byte) {
		if len(b) > 64<<10 {
			return
		}
		checkListing(t, parseGDELT(b), "")
		res := &response{url: "http://a.example/news/", status: 200, header: http.Header{"Content-Type": {"text/html"}}, body: b}
		checkListing(t, sectionLinks(res), "")
	})
}

// FuzzShape forms the shapes by which traps are known: they are short, and
// what stands in parameters is not part of them.
func FuzzShape(f *testing.F) {
	f.Add("http://a.example/cal/2025/11/?day=14&view=w")
	f.Add("http://a.example/a/b/a/b/a/b/a/b?x")
	f.Fuzz(func(t *testing.T, raw string) {
		c, err := Canonical(raw)
		if err != nil {
			return
		}
		u, err := url.Parse(c)
		if err != nil {
			t.Fatalf("%q is canonical and no URL: %v", c, err)
		}
		shape := shapeOf(u)
		if len(shape) > 200 {
			t.Errorf("a shape of %d bytes", len(shape))
		}
		if len(c) > maxURL && !endless(u, c) {
			t.Errorf("an address of %d bytes is taken", len(c))
		}
		var names []string
		for pair := range strings.SplitSeq(u.RawQuery, "&") {
			name, _, _ := strings.Cut(pair, "=")
			names = append(names, name+"=1")
		}
		if u.RawQuery != "" {
			u.RawQuery = strings.Join(names, "&")
			if other := shapeOf(u); other != shape {
				t.Errorf("%q has the shape %q, with other values %q", c, shape, other)
			}
		}
	})
}
