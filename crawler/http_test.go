package crawler

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync/atomic"
	"testing"
	"time"
)

// rawServer answers every request but those for robots.txt with raw bytes.
func rawServer(t *testing.T, raw []byte) string {
	t.Helper()
	return answering(t, func(string) string { return string(raw) })
}

// visitor makes a Visitor for loopback.
func visitor(t *testing.T, cfg Config) *Visitor {
	t.Helper()
	v, err := NewVisitor(cfg, simple, nil)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { v.Close() })
	return v
}

func wantReason(t *testing.T, err error, reason string) {
	t.Helper()
	var fe *FetchError
	if !errors.As(err, &fe) || fe.Reason != reason {
		t.Errorf("error %v, want reason %s", err, reason)
	}
}

func TestRedirects(t *testing.T) {
	s := newSite(t)
	s.article("/news/end")
	for i := range 30 {
		next := fmt.Sprintf("/hop/%d", i+1)
		if i == 4 {
			next = "/news/end#part"
		}
		s.pages[fmt.Sprintf("/hop/%d", i)] = func(w http.ResponseWriter, r *http.Request) { http.Redirect(w, r, next, http.StatusMovedPermanently) }
	}
	for i := range 30 {
		s.pages[fmt.Sprintf("/long/%d", i)] = func(w http.ResponseWriter, r *http.Request) {
			http.Redirect(w, r, fmt.Sprintf("/long/%d", i+1), http.StatusFound)
		}
	}
	s.pages["/self"] = func(w http.ResponseWriter, r *http.Request) { http.Redirect(w, r, "/self", http.StatusFound) }
	s.pages["/none"] = func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusFound) }
	s.pages["/gopher"] = func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Location", "gopher://127.0.0.1:25/_HELO")
		w.WriteHeader(http.StatusFound)
	}
	v := visitor(t, testConfig())
	a, err := v.Article(t.Context(), s.URL+"/hop/0")
	if err != nil || a.URL != s.URL+"/news/end" {
		t.Errorf("five hops: %+v, %v, want the last address without its fragment", a, err)
	}
	for path, reason := range map[string]string{"/long/0": "redirect_loop", "/self": "redirect_loop", "/none": "bad_redirect", "/gopher": "bad_redirect"} {
		_, err := v.Article(t.Context(), s.URL+path)
		wantReason(t, err, reason)
	}
	if n := s.times("/long/12"); n != 0 {
		t.Error("more than ten redirects were followed")
	}
}

// TestRedirectToForbidden does not follow to where the other site's
// robots.txt forbids to go.
func TestRedirectToForbidden(t *testing.T) {
	other := newSite(t)
	other.text("/robots.txt", "text/plain", "User-agent: *\nDisallow: /\n")
	other.article("/news/one")
	s := newSite(t)
	s.pages["/news/one"] = func(w http.ResponseWriter, r *http.Request) {
		http.Redirect(w, r, other.URL+"/news/one", http.StatusFound)
	}
	_, err := visitor(t, testConfig()).Article(t.Context(), s.URL+"/news/one")
	wantReason(t, err, "robots")
	if other.times("/news/one") != 0 {
		t.Error("fetched what robots.txt forbids")
	}
}

// TestRobotsToPrivate takes a robots.txt that leads to a private address as
// no permission.
func TestRobotsToPrivate(t *testing.T) {
	s := newSite(t)
	s.article("/news/one")
	s.pages["/robots.txt"] = func(w http.ResponseWriter, r *http.Request) {
		http.Redirect(w, r, "http://10.0.0.1/robots.txt", http.StatusFound)
	}
	_, err := visitor(t, testConfig()).Article(t.Context(), s.URL+"/news/one")
	wantReason(t, err, "private_address")
	if s.times("/news/one") != 0 {
		t.Error("fetched without rules")
	}
}

// TestSitemapToPrivate does not dial the private sitemap of an index, though
// a robots.txt names it.
func TestSitemapToPrivate(t *testing.T) {
	s := newSite(t)
	s.text("/robots.txt", "text/plain", "Sitemap: http://192.168.0.1/sitemap.xml\nSitemap: BASE/map.xml\n")
	s.text("/map.xml", "application/xml", "<sitemapindex><sitemap><loc>http://192.168.0.1/other.xml</loc></sitemap></sitemapindex>")
	st := once(t, start(t, t.TempDir(), testConfig(), &memory{}, Source{Kind: "sitemap", Value: s.URL + "/robots.txt"}), false)
	if st.NotFetched["private_address"] != 1 || st.NotFetched[offSite] != 1 {
		t.Errorf("stats: %+v, want one private address and one entry of another site", st.NotFetched)
	}
}

// TestEnvironmentProxy must not lead past the guard.
func TestEnvironmentProxy(t *testing.T) {
	var asked atomic.Int32
	proxy := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { asked.Add(1) }))
	defer proxy.Close()
	t.Setenv("HTTP_PROXY", proxy.URL)
	t.Setenv("http_proxy", proxy.URL)
	cfg := testConfig()
	cfg.AllowNetworks = nil
	_, err := visitor(t, cfg).Article(t.Context(), "http://10.0.0.1/news/one")
	wantReason(t, err, "private_address")
	if asked.Load() != 0 {
		t.Error("the proxy of the environment was asked")
	}
}

// TestProxy goes through the configured proxy, wherever that is, but not to
// addresses and names inside of its network.
func TestProxy(t *testing.T) {
	var asked []string
	proxy := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		asked = append(asked, r.URL.String())
		w.Header().Set("Content-Type", "text/html")
		fmt.Fprint(w, anArticle)
	}))
	defer proxy.Close()
	cfg := testConfig()
	cfg.AllowNetworks, cfg.Proxy = nil, proxy.URL
	v := visitor(t, cfg)
	if a, err := v.Article(t.Context(), "http://paper.example/news/one"); err != nil || a.Outlet.ID != "paper.example" {
		t.Errorf("%+v, %v", a, err)
	}
	n := len(asked)
	for _, u := range []string{"http://10.0.0.1/", "http://[::1]/", "http://0x7f.1/", "http://localhost/", "http://metadata.google.internal/", "http://router/"} {
		_, err := v.Article(t.Context(), u)
		wantReason(t, err, "private_address")
	}
	if len(asked) != n {
		t.Errorf("the proxy was asked for %q", asked[n:])
	}
}

func TestXRobotsTag(t *testing.T) {
	now := time.Date(2025, time.November, 14, 12, 0, 0, 0, time.UTC)
	for _, c := range []struct {
		values             []string
		noIndex, noArchive bool
	}{
		{nil, false, false},
		{[]string{"noindex"}, true, false},
		{[]string{"NoIndex, nofollow"}, true, false},
		{[]string{"none"}, true, true},
		{[]string{"noarchive"}, false, true},
		{[]string{"otherbot: noindex"}, false, false},
		{[]string{"otherbot: noindex, noarchive"}, false, false},
		{[]string{"otherbot: nofollow", "dateline: noindex"}, true, false},
		{[]string{"otherbot: noindex, Dateline: noarchive"}, false, true},
		{[]string{"*: noindex"}, true, false},
		{[]string{"nosnippet, max-snippet:0, noindex"}, true, false},
		{[]string{"unavailable_after: 25 Jun 2010 15:00:00 PST, noarchive"}, true, true},
		{[]string{"unavailable_after: Wed, 25 Jun 2025 15:00:00 GMT"}, true, false},
		{[]string{"unavailable_after: Wednesday, 25-Jun-25 15:00:00 GMT, noarchive"}, true, true},
		{[]string{"unavailable_after: 2025-11-14T11:59:59Z"}, true, false},
		{[]string{"unavailable_after: 2025-11-14T12:00:01Z"}, false, false},
		{[]string{"unavailable_after: Fri, 14 Nov 2025 14:00:00 +0100, noarchive"}, false, true},
		{[]string{"unavailable_after: 2099-01-01"}, false, false},
		{[]string{"unavailable_after: soon, noarchive"}, false, true},
		{[]string{"otherbot: unavailable_after: 2010-06-25"}, false, false},
		{[]string{"dateline: unavailable_after: 2010-06-25"}, true, false},
		{[]string{"max-snippet: 10, index"}, false, false},
		{[]string{"noindex; nofollow"}, true, false},
		{[]string{"nofollow noindex noarchive"}, true, true},
		{[]string{"nofollow|none"}, true, true},
		{[]string{"otherbot: noindex; noarchive"}, false, false},
		{[]string{"dateline: noindex nofollow"}, true, false},
		{[]string{"noindexes, do-noindex"}, false, false},
	} {
		if i, a := robotsTag(c.values, "Dateline", now); i != c.noIndex || a != c.noArchive {
			t.Errorf("%q: noindex %v, noarchive %v, want %v and %v", c.values, i, a, c.noIndex, c.noArchive)
		}
		if may := MayIndex("Dateline/1.0 (+https://example.org/)", c.values, now); may == c.noIndex {
			t.Errorf("%q: may index %v", c.values, may)
		}
	}
	s := newSite(t)
	s.pages["/news/one"] = func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("X-Robots-Tag", "noindex")
		w.Header().Set("Content-Type", "text/html")
		fmt.Fprint(w, "<title>t</title><p>x</p>")
	}
	_, err := visitor(t, testConfig()).Article(t.Context(), s.URL+"/news/one")
	wantReason(t, err, "noindex")
}

// TestRobotsMeta obeys what a page says to our agent, and keeps what is not to
// be archived out of the archive.
func TestRobotsMeta(t *testing.T) {
	for tag, want := range map[string]struct {
		reason   string
		archived bool
	}{
		"":                         {"", true},
		"dateline: noindex":        {"noindex", false},
		"otherbot: noindex":        {"", true},
		"dateline: noarchive":      {"", false},
		"noarchive":                {"", false},
		"unavailable_after: 2020":  {"noindex", false},
		"otherbot: none, noindex":  {"", true},
		"unavailable_after: 2999":  {"", true},
		"dateline: none, nofollow": {"noindex", false},
	} {
		s := newSite(t)
		s.article("/news/one")
		cfg := testConfig()
		cfg.Archive = true
		dir, sink := t.TempDir(), &memory{}
		c, err := Open(dir, cfg, []Source{{Kind: "urls", Value: s.URL + "/news/one"}}, func(body []byte, ctype, u string) (*Page, error) {
			p, err := simple(body, ctype, u)
			p.Robots = []string{tag}
			return p, err
		}, sink, nil)
		if err != nil {
			t.Fatal(err)
		}
		st := once(t, c, false)
		if err := c.Close(); err != nil {
			t.Fatal(err)
		}
		pages, _ := archiveOf(t, dir)
		if (len(sink.all) == 1) != (want.reason == "") || want.reason != "" && st.NotFetched[want.reason] != 1 || (len(pages) == 1) != want.archived {
			t.Errorf("%q: %d taken, %d archived, stats %+v, want %+v", tag, len(sink.all), len(pages), st.NotFetched, want)
		}
	}
}

// TestRobotsUnreachable goes by the last robots.txt while its site fails, and
// by none where there never was one.
func TestRobotsUnreachable(t *testing.T) {
	s := newSite(t)
	s.article("/news/one")
	s.article("/private/one")
	s.text("/robots.txt", "text/plain", "User-agent: *\nDisallow: /private/\nCrawl-delay: 0.01\n")
	c := visitor(t, testConfig()).c
	u, err := url.Parse(s.URL)
	if err != nil {
		t.Fatal(err)
	}
	expire := func() *hostRules {
		t.Helper()
		r, _, err := c.rules(t.Context(), u)
		if err != nil {
			t.Fatal(err)
		}
		gone := *r
		gone.expires = steady().Add(-time.Second)
		if err := c.learnRules(s.URL, &gone); err != nil {
			t.Fatal(err)
		}
		return r
	}
	first := expire()
	s.pages["/robots.txt"] = func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusServiceUnavailable) }
	for range 3 { // for ever
		r := expire()
		if r.reason != "" || r.body != first.body || r.delay != first.delay || r.expires.After(steady().Add(time.Hour)) {
			t.Fatalf("rules %+v, want those of before, to be asked again soon", r)
		}
	}
	s.pages["/robots.txt"] = http.NotFound
	if r := expire(); r.body != "" || r.reason != "" {
		t.Errorf("rules %+v, want none", r)
	}
	s.pages["/robots.txt"] = func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusBadGateway) }
	if r := expire(); r.reason != "robots_unreachable" {
		t.Errorf("rules %+v, want unreachable", r)
	}
}

// TestValidators sends back byte for byte what the server gave, takes new
// ones from a 304, and now and then asks without conditions.
func TestValidators(t *testing.T) {
	s := newSite(t)
	var seen []string
	s.text("/robots.txt", "text/plain", "")
	s.pages["/feed"] = func(w http.ResponseWriter, r *http.Request) {
		tag, since := r.Header.Get("If-None-Match"), r.Header.Get("If-Modified-Since")
		seen = append(seen, tag+"|"+since)
		w.Header().Set("ETag", fmt.Sprintf(`W/"%d"`, len(seen)))
		if len(seen) == 1 || tag == "" {
			w.Header().Set("Last-Modified", "Tue, 01 Jan 2099 1:02:03 GMT")
			w.Header().Set("Content-Type", "application/rss+xml")
			fmt.Fprint(w, `<rss version="2.0"><channel><title>x</title></channel></rss>`)
			return
		}
		w.WriteHeader(http.StatusNotModified)
	}
	c := start(t, t.TempDir(), testConfig(), &memory{}, Source{Kind: "feed", Value: s.URL + "/feed"})
	for range fullEach + 3 {
		once(t, c, true)
	}
	const lm = "|Tue, 01 Jan 2099 1:02:03 GMT"
	if seen[0] != "|" || seen[1] != `W/"1"`+lm || seen[2] != `W/"2"`+lm {
		t.Errorf("conditions %q, want none, then the last ETag with the first Last-Modified", seen[:3])
	}
	full := 0
	for _, x := range seen[1:] {
		if x == "|" {
			full++
		}
	}
	if full != 1 {
		t.Errorf("%d fetches without conditions after the first, want 1: %q", full, seen)
	}
}

func TestOverloadedHostRestsLonger(t *testing.T) {
	h := newHostTable(time.Second, 0)
	last := time.Duration(0)
	for i := range 8 {
		d := h.overloaded("a.example")
		if d < last || d < busyPause || d > busyMax+busyMax/10 {
			t.Errorf("rest %d is %v after %v", i, d, last)
		}
		last = d
	}
	for range 8 {
		h.answered("a.example")
	}
	if d := h.overloaded("a.example"); d > busyPause+busyPause/10 {
		t.Errorf("rest %v after it answered well, want about %v", d, busyPause)
	}
}

func TestRobotsText(t *testing.T) {
	const rules = "User-agent: *\nDisallow: /\n"
	wide := func(little bool, bom string) []byte {
		b := []byte(bom)
		for i := range len(rules) {
			if little {
				b = append(b, rules[i], 0)
			} else {
				b = append(b, 0, rules[i])
			}
		}
		return b
	}
	utf32 := []byte("\xff\xfe\x00\x00")
	for i := range len(rules) {
		utf32 = append(utf32, rules[i], 0, 0, 0)
	}
	for name, b := range map[string][]byte{
		"gzip": []byte(coded(t, "gzip", rules)), "gzip, its end cut": []byte(coded(t, "gzip", rules))[:len(coded(t, "gzip", rules))-8],
		"nul between": []byte("User-agent: *\x00\nDisallow:\x00 /\x00\n"), "utf-32le": utf32, "utf-32le without mark": utf32[4:],
		"utf-8": []byte(rules), "utf-8 with mark": []byte("\ufeff" + rules), "nul": []byte("\x00\n\n" + rules + "\x00"),
		"utf-16le": wide(true, "\xff\xfe"), "utf-16be": wide(false, "\xfe\xff"), "utf-16le without mark": wide(true, ""),
	} {
		if robotsAllowed(robotsText(b), "Dateline", "http://a.example/x") {
			t.Errorf("%s: allowed, want forbidden", name)
		}
	}
}

// TestFeedGone leaves a feed alone that is gone for good.
func TestFeedGone(t *testing.T) {
	s := newSite(t)
	s.pages["/feed"] = func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusGone) }
	c := start(t, t.TempDir(), testConfig(), &memory{}, Source{Kind: "feed", Value: s.URL + "/feed"})
	st := once(t, c, false)
	if st.Sources[0].Error != "gone: status 410" {
		t.Errorf("error %q", st.Sources[0].Error)
	}
	var due int64
	if err := c.front.db.QueryRow(`SELECT due FROM urls WHERE kind = 'feed'`).Scan(&due); err != nil || due != never {
		t.Errorf("due %d, %v, want never", due, err)
	}
}

func TestFeedHint(t *testing.T) {
	feed := func(head string) string {
		return `<rss version="2.0" xmlns:sy="http://purl.org/rss/1.0/modules/syndication/"><channel><title>x</title>` + head + `</channel></rss>`
	}
	for in, want := range map[string]time.Duration{
		"": 0, "<ttl>60</ttl>": time.Hour, "<ttl>-1</ttl>": 0, "<ttl>9999999</ttl>": 24 * time.Hour,
		"<sy:updatePeriod>hourly</sy:updatePeriod><sy:updateFrequency>2</sy:updateFrequency>":     30 * time.Minute,
		"<sy:updatePeriod>daily</sy:updatePeriod><sy:updateFrequency>0</sy:updateFrequency>":      24 * time.Hour,
		"<sy:updatePeriod>now</sy:updatePeriod><skipHours><hour>0</hour></skipHours><ttl>7</ttl>": 7 * time.Minute,
	} {
		l := parseFeed([]byte(feed(in)), "", "http://a.example/")
		if l.err != nil || l.pause != want {
			t.Errorf("%s: %v (%v), want %v", in, l.pause, l.err, want)
		}
	}
}

// TestSlowAndSilent gives up in time, whatever the server sends or does not.
func TestSlowAndSilent(t *testing.T) {
	cfg := testConfig()
	cfg.Timeout = time.Second
	s := newSite(t)
	s.pages["/drip"] = func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "text/html")
		for range 100 {
			fmt.Fprint(w, "x")
			w.(http.Flusher).Flush()
			select {
			case <-r.Context().Done():
				return
			case <-time.After(100 * time.Millisecond):
			}
		}
	}
	s.pages["/silent"] = func(_ http.ResponseWriter, r *http.Request) {
		select {
		case <-r.Context().Done():
		case <-time.After(20 * time.Second):
		}
	}
	v := visitor(t, cfg)
	for _, path := range []string{"/drip", "/silent"} {
		ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
		_, err := v.Article(ctx, s.URL+path)
		cancel()
		wantReason(t, err, "timeout")
	}
}

func TestSessions(t *testing.T) {
	for raw, want := range map[string]string{
		"http://a.example/x?PHPSESSID=0123456789abcdef&id=7": "http://a.example/x?id=7",
		"http://a.example/x?sid=f81d4fae7dec":                "http://a.example/x",
		"http://a.example/x?sid=1234567890":                  "http://a.example/x?sid=1234567890",
		"http://a.example/x?sid=sport":                       "http://a.example/x?sid=sport",
	} {
		if got, err := Canonical(raw); err != nil || got != want {
			t.Errorf("%s: %s, %v, want %s", raw, got, err, want)
		}
	}
}

// TestOddLocations follows what browsers follow, though net/url does not read it.
func TestOddLocations(t *testing.T) {
	for location, want := range map[string]string{
		"/news/100%-sure":               "/news/100%25-sure",
		"/news/gr\xf6\xdfe":             "/news/gr%F6%DFe",
		"/news/\tone":                   "/news/one",
		"\\news\\one":                   "/news/one",
		"/" + strings.Repeat("x", 9000): "bad_redirect",
		"https://news.example:99999/":   "bad_redirect",
	} {
		for _, status := range []string{"300", "302", "308"} {
			var asked []string
			srv := answering(t, func(path string) string {
				asked = append(asked, path)
				if path == "/from" {
					return "HTTP/1.1 " + status + " Elsewhere\r\nLocation: " + location + "\r\nContent-Length: 0\r\n\r\n"
				}
				return "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n<html>" + anArticle + "</html>"
			})
			_, err := visitor(t, testConfig()).Article(t.Context(), srv+"/from")
			if want[0] != '/' {
				wantReason(t, err, want)
			} else if err != nil || asked[len(asked)-1] != want {
				t.Errorf("%s to %q: %v, asked for %q, want %q", status, location, err, asked, want)
			}
		}
	}
}

// TestResetBody takes a body whose connection is reset as cut.
func TestResetBody(t *testing.T) {
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer ln.Close()
	go func() {
		for {
			c, err := ln.Accept()
			if err != nil {
				return
			}
			r, err := http.ReadRequest(bufio.NewReader(c))
			if err == nil && r.URL.Path == "/robots.txt" {
				fmt.Fprint(c, "HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")
			} else {
				fmt.Fprint(c, "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 200000\r\n\r\n"+strings.Repeat(anArticle, 300))
				_ = c.(*net.TCPConn).SetLinger(0)
			}
			_ = c.Close()
		}
	}()
	_, err = visitor(t, testConfig()).Article(t.Context(), "http://"+ln.Addr().String()+"/news/one")
	wantReason(t, err, "truncated")
}

// answering is a server whose answers are written as answer gives them, one
// to a connection; it has no robots.txt.
func answering(t *testing.T, answer func(path string) string) string {
	t.Helper()
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { ln.Close() })
	go func() {
		for {
			c, err := ln.Accept()
			if err != nil {
				return
			}
			go func() {
				defer c.Close()
				r, err := http.ReadRequest(bufio.NewReader(c))
				switch {
				case err != nil:
				case r.URL.Path == "/robots.txt":
					fmt.Fprint(c, "HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")
				default:
					fmt.Fprint(c, answer(r.RequestURI))
				}
			}()
		}
	}()
	return "http://" + ln.Addr().String()
}
