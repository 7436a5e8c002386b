package crawler

import (
	"context"
	"encoding/base64"
	"errors"
	"fmt"
	"io/fs"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"dateline"
	"dateline/crawler/extract"
)

// httpChecks are the checks of the HTTP cases that no other test has.
var httpChecks = map[string]func(*testing.T, httpCase){
	"chunked_bad_size":        rawFails("bad_encoding", "network", "truncated"),
	"content_length_negative": rawFails("network"),
	"no_status_line":          rawFails("network"),
	"status_999":              rawFails("http_5xx", "http_4xx"),
	"gzip_bomb_1to1000":       rawFails("too_large"),
	"cl_and_te":               rawEnds,
	"gzip_label_but_plain":    rawEnds,
	"deflate_zlib":            rawTaken,

	"gzip_bomb_64MiB_nested": checkNestedBomb, "hundred_1xx": checkEarlyHints, "redirect_301": checkMoved,
	"redirect_empty_location": checkEmptyLocation, "redirect_http_to_https": checkToHTTPS, "retry_after_date": checkRetryDate,
	"last_modified_304": checkLastModified, "etag_same_body_changes": checkSameETag, "last_modified_future": checkFutureDate,
	"feed_skip_hours": checkSkipHours, "feed_wrong_type": checkFeedType, "if_none_match_star_bug": checkAlways304,
	"robots_401": checkRobots401, "robots_timeout": checkRobotsSilent, "robots_cache_24h": checkRobotsCache,
	"robots_crawl_delay_10": checkCrawlDelay(10 * time.Second), "robots_crawl_delay_0.5": checkCrawlDelay(500 * time.Millisecond),
	"trap_calendar": checkCalendar, "trap_session": checkSessions, "trap_1M_links": checkManyLinks, "trap_deep_dom": checkDeepPage,
	"kill9_between_fetch_and_index": checkKilledBetween, "clock_back_1h": checkClock, "clock_forward_1d": checkClock,
	"sigterm": checkStop, "dns_servfail": checkServfail, "tls_wrong_host": checkWrongHost,
}

// checkNestedBomb reads the case as the sitemap that it claims to be: what
// grows within what grows is stopped at the cap.
func checkNestedBomb(t *testing.T, c httpCase) {
	b, err := base64.StdEncoding.DecodeString(c.Raw)
	if err != nil {
		t.Fatal(err)
	}
	var before, after runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&before)
	f := visitor(t, testConfig()).Source(t.Context(), Source{Kind: "sitemap", Value: rawServer(t, b) + "/map.xml.gz"})
	runtime.GC()
	runtime.ReadMemStats(&after)
	if f.Err == nil || f.Items > 0 {
		t.Errorf("%+v, want an error", f)
	}
	wantReason(t, f.Err, "too_large")
	if grown := int64(after.HeapInuse) - int64(before.HeapInuse); grown > 64<<20 {
		t.Errorf("%d MiB more in use", grown>>20)
	}
}

func checkEarlyHints(t *testing.T, _ httpCase) {
	answer := strings.Repeat("HTTP/1.1 103 Early Hints\r\nLink: </style.css>; rel=preload\r\n\r\n", 100) +
		"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 41\r\n\r\n<title>Article</title><p>Some text.</p>  "
	a, err := visitor(t, testConfig()).Article(t.Context(), rawServer(t, []byte(answer))+"/news/one")
	if err == nil && a.Body != "Some text." {
		t.Errorf("taken as %+v", a)
	}
	if err != nil {
		wantReason(t, err, "network")
	}
}

// checkMoved keeps the first address as another name of the article.
func checkMoved(t *testing.T, _ httpCase) {
	s := newSite(t)
	s.pages["/a"] = func(w http.ResponseWriter, r *http.Request) { http.Redirect(w, r, "/b", http.StatusMovedPermanently) }
	s.article("/b")
	sink := &memory{}
	c := start(t, t.TempDir(), testConfig(), sink, Source{Kind: "urls", Value: s.URL + "/a"})
	once(t, c, false)
	if len(sink.all) != 1 || sink.all[0].URL != s.URL+"/b" {
		t.Fatalf("taken %+v", sink.all)
	}
	var id, moved string
	if err := c.front.db.QueryRow(`SELECT article_id, moved FROM urls WHERE url = ?`, s.URL+"/a").Scan(&id, &moved); err != nil || id != sink.all[0].ID || moved != s.URL+"/b" {
		t.Errorf("article %q, moved to %q, %v", id, moved, err)
	}
}

func checkEmptyLocation(t *testing.T, _ httpCase) {
	_, err := visitor(t, testConfig()).Article(t.Context(), rawServer(t, []byte("HTTP/1.1 302 Found\r\nLocation: \r\nContent-Length: 0\r\n\r\n"))+"/news/one")
	wantReason(t, err, "bad_redirect")
}

// trusting makes a crawler believe the certificate of a test server.
func trusting(t *testing.T, c *Crawler, srv *httptest.Server) {
	t.Helper()
	w, _ := c.transport.(watch)
	tr, ok := w.RoundTripper.(*http.Transport)
	if !ok {
		t.Fatalf("transport %T", w.RoundTripper)
	}
	tr.TLSClientConfig.RootCAs = srv.Client().Transport.(*http.Transport).TLSClientConfig.RootCAs
}

func checkToHTTPS(t *testing.T, _ httpCase) {
	secure := httptest.NewTLSServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "text/html")
		fmt.Fprint(w, anArticle)
	}))
	defer secure.Close()
	s := newSite(t)
	s.pages["/news/one"] = func(w http.ResponseWriter, r *http.Request) {
		http.Redirect(w, r, secure.URL+"/news/one", http.StatusMovedPermanently)
	}
	sink := &memory{}
	c := start(t, t.TempDir(), testConfig(), sink, Source{Kind: "urls", Value: s.URL + "/news/one"}, Source{Kind: "urls", Value: secure.URL + "/news/one"})
	trusting(t, c, secure)
	once(t, c, false)
	if len(sink.all) == 0 {
		t.Fatal("nothing taken")
	}
	for _, a := range sink.all {
		if a.ID != dateline.ArticleID(secure.URL+"/news/one") {
			t.Errorf("taken as %s", a.URL)
		}
	}
}

// checkRetryDate waits a day at most, whatever the server says.
func checkRetryDate(t *testing.T, _ httpCase) {
	for _, v := range []string{"Fri, 31 Dec 2027 23:59:59 GMT", "Fri, 31 Dec 9999 23:59:59 GMT", "99999999999999999999"} {
		s := newSite(t)
		s.pages["/news/one"] = func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Retry-After", v)
			w.WriteHeader(http.StatusServiceUnavailable)
		}
		c := start(t, t.TempDir(), testConfig(), &memory{}, Source{Kind: "urls", Value: s.URL + "/news/one"})
		once(t, c, false)
		var due int64
		if err := c.front.db.QueryRow(`SELECT due FROM urls`).Scan(&due); err != nil {
			t.Fatal(err)
		}
		if d := time.UnixMilli(due).Sub(steady()); d < 20*time.Hour || d > 25*time.Hour {
			t.Errorf("%s: due in %v, want about a day", v, d)
		}
	}
}

func checkLastModified(t *testing.T, _ httpCase) {
	const odd = "Tue, 1 Jan 2019 1:02:03 GMT" // not as it should be written
	var since []string
	s := newSite(t)
	s.pages["/news/one"] = func(w http.ResponseWriter, r *http.Request) {
		since = append(since, r.Header.Get("If-Modified-Since")+r.Header.Get("If-None-Match"))
		w.Header().Set("Last-Modified", odd)
		if len(since) > 1 {
			w.WriteHeader(http.StatusNotModified)
			return
		}
		w.Header().Set("Content-Type", "text/html")
		fmt.Fprint(w, anArticle)
	}
	c := start(t, t.TempDir(), testConfig(), &memory{}, Source{Kind: "urls", Value: s.URL + "/news/one"})
	once(t, c, false)
	st := once(t, c, true)
	if len(since) != 2 || since[0] != "" || since[1] != odd || st.NotModified != 1 {
		t.Errorf("asked with %q, %d not modified", since, st.NotModified)
	}
}

func checkSameETag(t *testing.T, _ httpCase) {
	n := 0
	s := newSite(t)
	s.pages["/news/one"] = func(w http.ResponseWriter, _ *http.Request) {
		n++
		w.Header().Set("ETag", `"a"`)
		w.Header().Set("Content-Type", "text/html")
		fmt.Fprintf(w, "<title>Article</title><p>Text %d.</p>", n)
	}
	sink := &memory{}
	c := start(t, t.TempDir(), testConfig(), sink, Source{Kind: "urls", Value: s.URL + "/news/one"})
	once(t, c, false)
	once(t, c, true)
	if len(sink.all) != 2 || sink.all[1].Body != "Text 2." {
		t.Errorf("taken %+v", sink.all)
	}
}

func checkFutureDate(t *testing.T, _ httpCase) {
	s := newSite(t)
	s.pages["/news/one"] = func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Last-Modified", "Thu, 01 Jan 2099 00:00:00 GMT")
		w.Header().Set("Content-Type", "text/html")
		fmt.Fprint(w, anArticle)
	}
	a, err := visitor(t, testConfig()).Article(t.Context(), s.URL+"/news/one")
	if err != nil || !a.Published.IsZero() || a.FirstSeen.After(time.Now().Add(time.Minute)) {
		t.Errorf("%+v, %v", a, err)
	}
}

func checkSkipHours(t *testing.T, _ httpCase) {
	s := newSite(t)
	hours := ""
	for h := range 24 {
		hours += fmt.Sprintf("<hour>%d</hour>", h)
	}
	s.text("/feed", "text/xml", `<rss version="2.0"><channel><title>x</title><skipHours>`+hours+`</skipHours></channel></rss>`)
	c := start(t, t.TempDir(), testConfig(), &memory{}, Source{Kind: "feed", Value: s.URL + "/feed"})
	once(t, c, false)
	var due int64
	if err := c.front.db.QueryRow(`SELECT due FROM urls`).Scan(&due); err != nil {
		t.Fatal(err)
	}
	if d := time.UnixMilli(due).Sub(steady()); d > 24*time.Hour {
		t.Errorf("due in %v", d)
	}
}

func checkFeedType(t *testing.T, _ httpCase) {
	s := newSite(t)
	for _, ctype := range []string{"application/octet-stream", "text/html", "text/plain; charset=utf-8", "image/png", ""} {
		s.text("/feed", ctype, `<rss version="2.0"><channel><item><link>BASE/news/one</link></item></channel></rss>`)
		if f := visitor(t, testConfig()).Source(t.Context(), Source{Kind: "feed", Value: s.URL + "/feed"}); f.Err != nil || f.Items != 1 {
			t.Errorf("%q: %+v", ctype, f)
		}
	}
}

// checkAlways304 finds a change behind a server that says "not modified"
// whatever it is asked.
func checkAlways304(t *testing.T, _ httpCase) {
	text := "First text."
	s := newSite(t)
	s.pages["/news/one"] = func(w http.ResponseWriter, r *http.Request) {
		if r.Header.Get("If-None-Match") != "" {
			w.WriteHeader(http.StatusNotModified)
			return
		}
		w.Header().Set("ETag", `"a"`)
		w.Header().Set("Content-Type", "text/html")
		fmt.Fprintf(w, "<title>Article</title><p>%s</p>", text)
	}
	sink := &memory{}
	c := start(t, t.TempDir(), testConfig(), sink, Source{Kind: "urls", Value: s.URL + "/news/one"})
	once(t, c, false)
	text = "Second text."
	for range fullPage + 2 {
		once(t, c, true)
	}
	if last := sink.all[len(sink.all)-1]; last.Body != text {
		t.Errorf("still %q after %d looks", last.Body, fullPage+2)
	}
}

func checkRobots401(t *testing.T, _ httpCase) {
	for _, status := range []int{400, 401, 403, 404, 410, 451} {
		s := newSite(t)
		s.article("/news/one")
		s.pages["/robots.txt"] = func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(status) }
		if _, err := visitor(t, testConfig()).Article(t.Context(), s.URL+"/news/one"); err != nil {
			t.Errorf("status %d: %v", status, err)
		}
	}
}

func checkRobotsSilent(t *testing.T, _ httpCase) {
	s := newSite(t)
	s.article("/news/one")
	s.pages["/robots.txt"] = func(_ http.ResponseWriter, r *http.Request) { <-r.Context().Done() }
	cfg := testConfig()
	cfg.Timeout = 300 * time.Millisecond
	c := start(t, t.TempDir(), cfg, &memory{}, Source{Kind: "urls", Value: s.URL + "/news/one"})
	st := once(t, c, false)
	var due int64
	if err := c.front.db.QueryRow(`SELECT due FROM urls`).Scan(&due); err != nil {
		t.Fatal(err)
	}
	if s.times("/news/one") != 0 || st.NotFetched["robots_unreachable"] != 1 || due >= never {
		t.Errorf("asked %d times, stats %+v, due %d", s.times("/news/one"), st.NotFetched, due)
	}
}

func checkRobotsCache(t *testing.T, _ httpCase) {
	s := newSite(t)
	s.article("/private/one")
	s.text("/robots.txt", "text/plain", "User-agent: *\nAllow: /\n")
	v := visitor(t, testConfig())
	if _, err := v.Article(t.Context(), s.URL+"/private/one"); err != nil {
		t.Fatal(err)
	}
	r, err := v.c.knownRules(s.URL)
	if err != nil || r.expires.After(steady().Add(24*time.Hour)) {
		t.Fatalf("rules until %v, %v", r.expires, err)
	}
	s.text("/robots.txt", "text/plain", "User-agent: *\nDisallow: /private/\n")
	old := *r
	old.expires = steady().Add(-time.Second)
	if err := v.c.learnRules(s.URL, &old); err != nil {
		t.Fatal(err)
	}
	_, err = v.Article(t.Context(), s.URL+"/private/one")
	wantReason(t, err, "robots")
}

// checkCrawlDelay wants the next request no sooner than the delay, or our own
// if that is longer.
func checkCrawlDelay(d time.Duration) func(*testing.T, httpCase) {
	return func(t *testing.T, _ httpCase) {
		s := newSite(t)
		s.text("/robots.txt", "text/plain", fmt.Sprintf("User-agent: *\nCrawl-delay: %v\n", d.Seconds()))
		cfg := testConfig()
		cfg.Delay = 2 * time.Second
		c := start(t, t.TempDir(), cfg, &memory{}, Source{Kind: "urls", Value: s.URL + "/news/one"})
		host := hostOf(s.URL)
		if err := c.hosts.turn(t.Context(), host); err != nil {
			t.Fatal(err)
		}
		began := steady()
		o := c.attempt(t.Context(), &task{url: s.URL + "/news/one", host: host, kind: "article", source: "urls x"})
		c.hosts.release(host, atOnce)
		c.hosts.mu.Lock()
		next := c.hosts.get(host).next
		c.hosts.mu.Unlock()
		if want := max(d, cfg.Delay); o.reason != "" || next.Sub(began) < want-50*time.Millisecond {
			t.Errorf("next request after %v, want %v (%s)", next.Sub(began), want, o.reason)
		}
	}
}

// checkCalendar crawls a site whose months go on for ever.
func checkCalendar(t *testing.T, _ httpCase) {
	var asked atomic.Int32
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/robots.txt" {
			http.NotFound(w, r)
			return
		}
		n := asked.Add(1)
		w.Header().Set("Content-Type", "text/html")
		fmt.Fprintf(w, `<title>Month %d</title><p>Nothing happens in month %d.</p><a href="/cal?month=%d">next month</a> <a href="/cal/2025/%d/events-of-the-month">events</a>`, n, n, n+1, n+1)
	}))
	defer srv.Close()
	once(t, start(t, t.TempDir(), testConfig(), &memory{}, Source{Kind: "page", Value: srv.URL + "/cal?month=1"}), false)
	if n := asked.Load(); n > 10 {
		t.Errorf("%d pages asked for", n)
	}
}

func checkSessions(t *testing.T, _ httpCase) {
	s := newSite(t)
	links := ""
	for i := range 50 {
		links += fmt.Sprintf(`<h3><a href="/news/harbour-opens-today?sid=%x">The harbour opens today, after three years</a></h3>`, 0xf81d4fae7dec+i)
	}
	s.text("/front", "text/html", links)
	s.article("/news/harbour-opens-today")
	sink := &memory{}
	once(t, start(t, t.TempDir(), testConfig(), sink, Source{Kind: "page", Value: s.URL + "/front"}), false)
	if n := s.times("/news/harbour-opens-today"); n != 1 || len(sink.all) != 1 {
		t.Errorf("asked %d times, %d taken, want once", n, len(sink.all))
	}
}

func checkManyLinks(t *testing.T, _ httpCase) {
	s := newSite(t)
	var b strings.Builder
	for i := range 1_000_000 {
		fmt.Fprintf(&b, "<a href=/n/%d-a-b-c>x</a>", i)
	}
	s.text("/front", "text/html", b.String())
	cfg := testConfig()
	cfg.MaxPage = 64 << 20
	f := visitor(t, cfg).Source(t.Context(), Source{Kind: "page", Value: s.URL + "/front"})
	if f.Items > maxFound {
		t.Errorf("%d links, want at most %d", f.Items, maxFound)
	}
	f = visitor(t, testConfig()).Source(t.Context(), Source{Kind: "page", Value: s.URL + "/front"})
	wantReason(t, f.Err, "too_large")
}

func checkDeepPage(t *testing.T, _ httpCase) {
	s := newSite(t)
	s.text("/news/deep", "text/html", "<title>Deep</title>"+strings.Repeat("<div>", 100_000)+"<p>Text.</p>")
	real := func(body []byte, ctype, u string) (*Page, error) {
		p, err := extract.Extract(body, ctype, u)
		if err != nil {
			return nil, err
		}
		return &Page{Article: p.Article}, nil
	}
	v, err := NewVisitor(testConfig(), real, nil)
	if err != nil {
		t.Fatal(err)
	}
	defer v.Close()
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	if _, err := v.Article(ctx, s.URL+"/news/deep"); errors.Is(err, context.DeadlineExceeded) {
		t.Error(err)
	}
}

// checkKilledBetween goes on from what is on disk at the moment when the page
// is fetched and the sink has not answered.
func checkKilledBetween(t *testing.T, _ httpCase) {
	s := newSite(t)
	s.article("/news/one")
	dir, crash := t.TempDir(), t.TempDir()
	src := Source{Kind: "urls", Value: s.URL + "/news/one"}
	sink := &memory{fail: func(*dateline.Article) error {
		if err := os.CopyFS(filepath.Join(crash, "x"), os.DirFS(dir)); err != nil && !errors.Is(err, fs.ErrExist) {
			t.Error(err)
		}
		return nil
	}}
	once(t, start(t, dir, testConfig(), sink, src), false)
	after := &memory{}
	c := start(t, filepath.Join(crash, "x"), testConfig(), after, src)
	once(t, c, false)
	once(t, c, false)
	if len(after.all) != 1 {
		t.Errorf("%d taken after the crash, want exactly one", len(after.all))
	}
}

// checkClock keeps the wall clock out of what decides when something is due.
func checkClock(t *testing.T, _ httpCase) {
	if !strings.Contains(clockStart.String(), "m=") {
		t.Error("the clock has no monotonic reading")
	}
	for _, name := range []string{"schedule.go", "hosts.go", "manners.go", "frontier.go", "frontier_pick.go", "frontier_write.go", "recrawl.go"} {
		b, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		for i, line := range strings.Split(string(b), "\n") {
			if strings.Contains(line, "time.Now()") && !strings.Contains(line, "start := time.Now()") { // of a span
				t.Errorf("%s:%d goes by the wall clock: %s", name, i+1, line)
			}
		}
	}
}

// checkStop ends a crawl under load.
func checkStop(t *testing.T, _ httpCase) {
	begun := make(chan struct{}, 100)
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/robots.txt" {
			http.NotFound(w, r)
			return
		}
		begun <- struct{}{}
		<-r.Context().Done()
	}))
	defer srv.Close()
	cfg := testConfig()
	cfg.ConnectTo = map[string]string{"*": srv.Listener.Addr().String()}
	var src []Source
	for i := range 20 {
		src = append(src, Source{Kind: "urls", Value: fmt.Sprintf("http://host%d.example/news/one", i)})
	}
	c := start(t, t.TempDir(), cfg, &memory{}, src...)
	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	go func() { ended <- c.Run(ctx) }()
	for range cfg.Concurrency {
		<-begun
	}
	cancel()
	select {
	case err := <-ended:
		if err != nil {
			t.Error(err)
		}
	case <-time.After(10 * time.Second):
		t.Error("not ended after ten seconds")
	}
	if st, err := c.Stats(t.Context()); err != nil || len(st.NotFetched) != 0 {
		t.Errorf("%v, %v: what was stopped is nobody's fault", st.NotFetched, err)
	}
}

func checkServfail(t *testing.T, _ httpCase) {
	c := start(t, t.TempDir(), testConfig(), &memory{}, Source{Kind: "urls", Value: "http://paper.example/news/one"})
	c.transport = watch{roundTrip(func(*http.Request) (*http.Response, error) {
		return nil, &net.DNSError{Err: "server misbehaving", Name: "paper.example", IsTemporary: true}
	}), c.hosts}
	st := once(t, c, false)
	var due int64
	if err := c.front.db.QueryRow(`SELECT due FROM urls`).Scan(&due); err != nil {
		t.Fatal(err)
	}
	if d := time.UnixMilli(due).Sub(steady()); len(st.NotFetched) != 1 || d <= 0 || d > 24*time.Hour {
		t.Errorf("%+v, due in %v, want it tried again later", st.NotFetched, d)
	}
}

func checkWrongHost(t *testing.T, _ httpCase) {
	srv := httptest.NewUnstartedServer(http.NotFoundHandler())
	srv.Config.ErrorLog = quiet()
	srv.StartTLS()
	defer srv.Close()
	cfg := testConfig()
	cfg.ConnectTo = map[string]string{"paper.example": srv.Listener.Addr().String()}
	v := visitor(t, cfg)
	trusting(t, v.c, srv)
	_, err := v.c.get(t.Context(), "https://paper.example/news/one", "", "", 1000)
	if reasonOf(err) != "tls" {
		t.Errorf("%v, want a failure of the certificate", err)
	}
}
