package crawler

import (
	"bytes"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"
	"unicode/utf8"
)

// checkListing holds for every list, whatever it was read from.
func checkListing(t *testing.T, l listing, base string) {
	t.Helper()
	if len(l.found)+len(l.foreign) > maxFound || l.pause < 0 {
		t.Errorf("%d entries, pause %v", len(l.found)+len(l.foreign), l.pause)
	}
	seen := map[string]bool{}
	for _, f := range append(l.found, l.foreign...) {
		u, err := url.Parse(f.url)
		if err != nil || (u.Scheme != "http" && u.Scheme != "https") || u.Host == "" || u.Fragment != "" || u.User != nil || !utf8.ValidString(f.url) {
			t.Errorf("entry %q: %v", f.url, err)
		}
		if seen[f.url] {
			t.Errorf("entry %q twice", f.url)
		}
		seen[f.url] = true
	}
	for _, f := range l.found {
		if f.kind == "sitemap" && base != "" && !sameSite(f.url, base) {
			t.Errorf("a sitemap of another site: %q", f.url)
		}
	}
	if s := l.complaint(); !utf8.ValidString(s) || len(s) > 310 || (s == "") != (l.err == nil) {
		t.Errorf("error text %q", s)
	}
}

func FuzzFeed(f *testing.F) {
	f.Add([]byte(`<rss version="2.0"><channel><ttl>5</ttl><item><link>http://a.example/x</link><guid isPermaLink="false">http://a.example/y</guid><pubDate>Mon, 02 Jan 2006 15:04:05 MET</pubDate></item></channel></rss>`), "")
	f.Add([]byte(`<feed xmlns="http://www.w3.org/2005/Atom" xml:base="/x/"><entry><link href="one"/><updated>2006-01-02</updated></entry></feed>`), "text/xml; charset=utf-16")
	f.Add([]byte(`{"version":"https://jsonfeed.org/version/1.1","items":[{"url":"http://a.example/x"}]}`), "application/json")
	f.Add([]byte(`<rss><channel><item><title>a & b<![CDATA[x`), "text/xml; charset=big5")
	f.Fuzz(func(t *testing.T, b []byte, contentType string) {
		if len(b) < 64<<10 {
			checkListing(t, parseFeed(b, contentType, "http://a.example/feed"), "")
		}
	})
}

func FuzzSitemap(f *testing.F) {
	f.Add([]byte(`<urlset><url><loc>http://a.example/x</loc><lastmod>2006-01</lastmod></url><url><loc>http://b.example/</loc></url></urlset>`))
	f.Add([]byte(`<sitemapindex><sitemap><loc>/x.xml?utm_a=1#f</loc></sitemap></sitemapindex>`))
	f.Add([]byte("\ufeffhttp://a.example/x\nhttp://a.example/x"))
	f.Add([]byte(`<!DOCTYPE x [<!ENTITY a "aaaa">]><urlset><url>http://a.example/&a;</url>`))
	f.Add([]byte{0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 3})
	f.Fuzz(func(t *testing.T, b []byte) {
		if len(b) < 64<<10 {
			checkListing(t, parseSitemap(b, "http://a.example/map.xml", 1<<20, true), "http://a.example/")
		}
	})
}

func FuzzRobots(f *testing.F) {
	f.Add([]byte("User-agent: *\nDisallow: /a*b$\nAllow: /\nCrawl-delay: 1.5\nSitemap: /x.xml\n"), "/a/b?c")
	f.Add([]byte("\xff\xfeU\x00s\x00"), "/")
	f.Add([]byte("user-agent dateline\ndisallow /{x}\n"), "/{x}")
	f.Fuzz(func(t *testing.T, b []byte, path string) {
		if len(b) > 64<<10 {
			return
		}
		body := robotsText(b)
		if d := crawlDelay(body, "Dateline"); d < 0 || d > maxCrawlDelay {
			t.Errorf("delay %v", d)
		}
		l := robotsSitemaps(body, "http://a.example/robots.txt")
		checkListing(t, l, "")
		if len(l.found) > robotsMaps || (l.err == nil) != (len(l.found) > 0) {
			t.Errorf("%d sitemaps, %v", len(l.found), l.err)
		}
		u, err := Canonical("http://a.example/" + path)
		if err != nil {
			return
		}
		first := robotsAllowed(body, "Dateline", u)
		// Where a rule for everybody forbids all, nothing else may allow.
		if strings.HasPrefix(body, "User-agent: *\nDisallow: /\n") && !strings.Contains(strings.ToLower(body), "allow:") && first {
			t.Errorf("%q allowed by %q", u, body)
		}
		if again := robotsAllowed(body, "Dateline", u); again != first {
			t.Error("two verdicts on one address")
		}
	})
}

func FuzzHeaders(f *testing.F) {
	f.Add("120", "noindex", "text/html; charset=x", "/next#f")
	f.Add("Fri, 31 Dec 2027 23:59:59 GMT", "otherbot: none, dateline: noarchive", "", "//user@b.example:8080/../x")
	f.Add("99999999999999999999", "unavailable_after: x, none", "TEXT/HTML", "javascript:alert(1)")
	now := time.Date(2025, time.November, 14, 0, 0, 0, 0, time.UTC)
	f.Fuzz(func(t *testing.T, after, tag, ctype, location string) {
		if d := retryAfter(http.Header{"Retry-After": {after}}, now); d < 0 || d > 24*time.Hour {
			t.Errorf("Retry-After %q: %v", after, d)
		}
		if noIndex, _ := robotsTag([]string{"noindex", tag}, "Dateline", now); !noIndex {
			t.Errorf("%q takes back another header's noindex", tag)
		}
		if MayIndex("Dateline/1.0", []string{"noindex", tag}, now) {
			t.Errorf("%q lets in what another header keeps out", tag)
		}
		if d := cacheHint(http.Header{"Cache-Control": {tag}, "Expires": {after}, "Age": {ctype}}, now); d < 0 || d > day {
			t.Errorf("fresh for %v", d)
		}
		isHTML(ctype, nil)
		for _, to := range []string{metaRefresh(location, nil), metaRefresh("", []byte(`<meta http-equiv=refresh content="`+location+`">`))} {
			if to != strings.TrimSpace(to) || len(to) > len(location)*2 {
				t.Errorf("%q refreshes to %q", location, to)
			}
		}
		next, err := redirectTarget("http://a.example/x/", location)
		if err != nil {
			return
		}
		u, err := url.Parse(next)
		if err != nil || (u.Scheme != "http" && u.Scheme != "https") || u.Host == "" || u.User != nil || u.Fragment != "" {
			t.Errorf("%q leads to %q (%v)", location, next, err)
		}
		if _, err := http.NewRequest(http.MethodGet, next, nil); err != nil {
			t.Errorf("%q leads to %q: %v", location, next, err)
		}
	})
}

// FuzzBody undoes content codings: never more comes out than may, and nothing
// is taken for whole that is not.
func FuzzBody(f *testing.F) {
	const limit = 1 << 16
	f.Add([]byte("plain"), "")
	f.Add([]byte("\x1f\x8b\b\x00\x00\x00\x00\x00\x00\xff*\xc8I\xcc\xcc\x03\x04\x00\x00\xff\xff\xb4\x1d\xb8\xa5\x05\x00\x00\x00"), "gzip")
	f.Add([]byte("x\x9c*\xc8I\xcc\xcc\x03\x04\x00\x00\xff\xff\x06'\x02\x15"), "deflate, identity")
	f.Add([]byte("\x0b\x02\x80plain\x03"), "br")
	f.Add([]byte("\x28\xb5\x2f\xfd\x04\x00\x29\x00\x00plain\x00\x00\x00\x00"), "zstd")
	f.Fuzz(func(t *testing.T, b []byte, codings string) {
		if len(b) > limit {
			return
		}
		out, err := readBody(bytes.NewReader(b), []string{codings}, limit, nil)
		if len(out) > limit || err != nil && out != nil {
			t.Errorf("%d bytes, %v", len(out), err)
		}
		if err != nil && reasonOf(err) != "too_large" && reasonOf(err) != "truncated" && reasonOf(err) != "bad_encoding" {
			t.Errorf("%v is %s", err, reasonOf(err))
		}
		start, _ := readStart(bytes.NewReader(b), []string{codings}, 10, nil)
		if err == nil && !bytes.HasPrefix(out, start) {
			t.Errorf("begins with %q, is %q", start, out[:min(len(out), 20)])
		}
	})
}

func FuzzDate(f *testing.F) {
	for _, s := range []string{"Mon, 02 Jan 2006 15:04:05 MET", "2006-01-02T15:04:05.5+01:00", "2004년 05월 28일  01:31:15", "2004-05-25 오후 11:23:17", "031231", "2003-335"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		d := parseDate(s)
		if d.IsZero() {
			return
		}
		if again := parseDate(d.Format(time.RFC3339)); d.Year() >= 1000 && d.Year() < 10000 && !again.Equal(d) {
			t.Errorf("%q is %v, which is read as %v", s, d, again)
		}
	})
}

// FuzzPageLinks reads links out of pages and the data of their scripts: all
// are addresses in their one form, each once, and a second reading gives the same.
func FuzzPageLinks(f *testing.F) {
	for _, s := range []string{
		`<base href=/x/><nav><a href=a>A</a></nav><h2><a href="b?id=7">B</a></h2>`,
		`<script type="application/json">{"title":"Ferry","url":"/news/a-long-name-of-it"}</script>`,
		`<script>window.a={"b":[{"href":"\/c"}]};self.x.push([1,"{\"path\":\"/d\"}"])</script>`,
	} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		p, err := readLinks(b, "text/html; charset=utf-8", "https://paper.example/a/")
		if err != nil {
			return
		}
		seen := map[string]bool{}
		for _, l := range p.links {
			if c, err := Canonical(l.url); err != nil || c != l.url || seen[l.url] {
				t.Errorf("link %q: canonical %q, %v, seen %v", l.url, c, err, seen[l.url])
			}
			seen[l.url] = true
		}
		if again, err := readLinks(b, "text/html; charset=utf-8", "https://paper.example/a/"); err != nil || !slices.Equal(again.links, p.links) {
			t.Errorf("%+v, and then %+v, %v", p.links, again.links, err)
		}
	})
}
