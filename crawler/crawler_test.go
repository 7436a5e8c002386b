package crawler

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"dateline"
)

// memory is a sink that keeps what it gets.
type memory struct {
	mu   sync.Mutex
	all  []*dateline.Article
	fail func(*dateline.Article) error
}

func (m *memory) Add(_ context.Context, a *dateline.Article) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.fail != nil {
		if err := m.fail(a); err != nil {
			return err
		}
	}
	m.all = append(m.all, a)
	return nil
}

func (m *memory) len() int {
	m.mu.Lock()
	defer m.mu.Unlock()
	return len(m.all)
}

// wait waits until so many articles have come.
func (m *memory) wait(t *testing.T, n int) {
	t.Helper()
	for end := time.Now().Add(20 * time.Second); m.len() < n; time.Sleep(time.Millisecond) {
		if time.Now().After(end) {
			t.Fatalf("%d articles, want %d", m.len(), n)
		}
	}
}

type refusal string

func (r refusal) Error() string  { return string(r) }
func (r refusal) Reason() string { return string(r) }

var (
	hrefs = regexp.MustCompile(`href="([^"]+)"`)
	paras = regexp.MustCompile(`<p>(.*?)</p>`)
)

// simple is an extractor that is good enough for these pages.
func simple(body []byte, _, pageURL string) (*Page, error) {
	p := &Page{Article: &dateline.Article{}, NoIndex: strings.Contains(string(body), "noindex")}
	if m := titleTag.FindSubmatch(body); m != nil {
		p.Article.Title = string(m[1])
	}
	if m := paras.FindSubmatch(body); m != nil {
		p.Article.Body = string(m[1])
	}
	for _, m := range hrefs.FindAllSubmatch(body, -1) {
		p.Links = append(p.Links, resolve(pageURL, string(m[1])))
	}
	return p, nil
}

// site is a server that counts what it is asked.
type site struct {
	*httptest.Server
	mu    sync.Mutex
	asked map[string][]time.Time
	pages map[string]http.HandlerFunc
}

func newSite(t *testing.T) *site {
	t.Helper()
	s := &site{asked: map[string][]time.Time{}, pages: map[string]http.HandlerFunc{}}
	s.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		s.mu.Lock()
		s.asked[r.URL.Path] = append(s.asked[r.URL.Path], time.Now())
		h := s.pages[r.URL.Path]
		s.mu.Unlock()
		if h == nil {
			http.NotFound(w, r)
			return
		}
		h(w, r)
	}))
	t.Cleanup(s.Close)
	return s
}

func (s *site) times(path string) int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return len(s.asked[path])
}

func (s *site) text(path, ctype, body string) {
	s.pages[path] = func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", ctype)
		fmt.Fprint(w, strings.ReplaceAll(body, "BASE", s.URL))
	}
}

func (s *site) article(path string) {
	s.text(path, "text/html", "<html><title>Title "+path+"</title><p>Some text of the article.</p></html>")
}

func testConfig() Config {
	return Config{
		UserAgent: "Dateline/1.0 (+https://example.org/)", Delay: time.Millisecond, Timeout: 20 * time.Second,
		Concurrency: 4, MaxPage: 1 << 20, AllowNetworks: []netip.Prefix{netip.MustParsePrefix("127.0.0.0/8")},
	}
}

func start(t *testing.T, dir string, cfg Config, sink dateline.Sink, sources ...Source) *Crawler {
	t.Helper()
	c, err := Open(dir, cfg, sources, simple, sink, nil)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { c.Close() })
	return c
}

func once(t *testing.T, c *Crawler, now bool) Stats {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 30*time.Second)
	defer cancel()
	if err := c.RunOnce(ctx, now); err != nil {
		t.Fatal(err)
	}
	s, err := c.Stats(ctx)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func TestFeedSitemapPage(t *testing.T) {
	s := newSite(t)
	for i := range 6 {
		s.article(fmt.Sprintf("/news/a-%d", i))
	}
	s.text("/feed", "application/rss+xml", `<rss version="2.0"><channel><title>x</title>
		<item><title>a</title><link>BASE/news/a-0?utm_source=rss</link><pubDate>Mon, 02 Jan 2006 15:04:05 GMT</pubDate></item>
		<item><title>b</title><guid>BASE/news/a-1</guid></item>
		<item><title>c</title><guid isPermaLink="false">BASE/news/a-5</guid></item></channel></rss>`)
	s.text("/map.xml", "application/xml", `<?xml version="1.0"?><sitemapindex xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"><sitemap><loc>BASE/sub.xml</loc></sitemap></sitemapindex>`)
	s.text("/sub.xml", "application/xml", `<urlset><url><loc>BASE/news/a-1</loc></url><url><loc>BASE/news/a-2</loc></url><url><loc>http://other.example/x/y</loc></url></urlset>`)
	s.text("/front", "text/html", `<a href="/news/a-3">x</a><a href="/about">y</a><a href="BASE/news/a-2#top">z</a><a href="http://other.example/x/y">o</a>`)
	sink := &memory{}
	dir := t.TempDir()
	cfg := testConfig()
	cfg.Archive = true
	c := start(t, dir, cfg, sink,
		Source{Kind: "feed", Value: s.URL + "/feed", Story: "st"}, Source{Kind: "sitemap", Value: s.URL + "/map.xml", Story: "st"},
		Source{Kind: "page", Value: s.URL + "/front", Story: "st"}, Source{Kind: "urls", Value: s.URL + "/news/a-4", Story: "st"})
	st := once(t, c, false)
	if len(sink.all) != 5 {
		t.Fatalf("%d articles taken, want 5: %+v", len(sink.all), st)
	}
	for i := range 5 {
		if n := s.times(fmt.Sprintf("/news/a-%d", i)); n != 1 {
			t.Errorf("article %d fetched %d times", i, n)
		}
	}
	if s.times("/news/a-5") != 0 || s.times("/about") != 0 {
		t.Error("fetched what is no article")
	}
	for _, a := range sink.all {
		if a.ID != dateline.ArticleID(a.URL) || a.Outlet.ID != "127.0.0.1" || len(a.Stories) != 1 {
			t.Errorf("article not complete: %+v", a)
		}
		if strings.HasSuffix(a.URL, "a-0") && (a.DateSource != "feed" || a.Published.Year() != 2006) {
			t.Errorf("no date from the feed: %+v", a)
		}
	}
	if st.Fetched != 5 || st.Sources[0].Found != 2 || st.Sources[0].LastSuccess == nil || st.Sources[3].Taken != 1 {
		t.Errorf("stats: %+v", st)
	}
	n := 0
	files, _ := filepath.Glob(filepath.Join(dir, "warc", "*.warc.gz"))
	for _, name := range files {
		f, err := os.Open(name)
		if err != nil {
			t.Fatal(err)
		}
		res, err := ReadWARC(f, func(r Record) error {
			if r.Type == "response" && r.Status == 200 && strings.Contains(string(r.Body), "Some text") {
				n++
			}
			return nil
		})
		f.Close()
		if err != nil || res.Damaged {
			t.Errorf("archive: %+v %v", res, err)
		}
	}
	if n != 5 {
		t.Errorf("%d pages in the archive", n)
	}
}

func TestRefusals(t *testing.T) {
	s := newSite(t)
	s.text("/robots.txt", "text/plain", "User-agent: dateline\nDisallow: /private/\n")
	s.article("/private/one")
	s.text("/soft/one", "text/html", "<title>Page not found</title><p>Sorry.</p>")
	s.text("/noindex/one", "text/html", `<meta name=robots content=noindex><title>t</title><p>x</p>`)
	s.text("/pdf/one", "application/pdf", "%PDF")
	s.text("/empty/one", "text/html", "<title>t</title>")
	s.article("/off/one")
	s.pages["/loop/a"] = func(w http.ResponseWriter, r *http.Request) { http.Redirect(w, r, "/loop/b", 302) }
	s.pages["/loop/b"] = func(w http.ResponseWriter, r *http.Request) { http.Redirect(w, r, "/loop/a", 302) }
	s.pages["/meta/one"] = func(w http.ResponseWriter, r *http.Request) {
		http.Redirect(w, r, "http://169.254.169.254/latest/meta-data", 302)
	}
	s.pages["/file/one"] = func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Location", "file:///etc/passwd")
		w.WriteHeader(302)
	}
	s.pages["/bomb/one"] = func(w http.ResponseWriter, r *http.Request) { bomb(w) }
	s.pages["/short/one"] = func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "text/html")
		w.Header().Set("Content-Length", "1000")
		fmt.Fprint(w, "<title>t</title>")
	}
	var src []Source
	for _, p := range []string{"private", "soft", "noindex", "pdf", "empty", "off", "meta", "file", "bomb", "short", "missing"} {
		src = append(src, Source{Kind: "urls", Value: s.URL + "/" + p + "/one"})
	}
	src = append(src, Source{Kind: "urls", Value: s.URL + "/loop/a"})
	sink := &memory{fail: func(*dateline.Article) error { return refusal("off_story") }}
	st := once(t, start(t, t.TempDir(), testConfig(), sink, src...), false)
	for _, want := range []string{
		"robots", "soft_404", "noindex", "not_html", "not_article", "off_story",
		"private_address", "bad_redirect", "too_large", "truncated", "gone", "redirect_loop",
	} {
		if st.NotFetched[want] != 1 {
			t.Errorf("%s: %d, want 1", want, st.NotFetched[want])
		}
	}
	if s.times("/private/one") != 0 || s.times("/robots.txt") != 1 || len(sink.all) != 0 {
		t.Error("robots.txt not obeyed")
	}
}

func TestRobotsDown(t *testing.T) {
	s := newSite(t)
	s.article("/news/one")
	s.pages["/robots.txt"] = func(w http.ResponseWriter, r *http.Request) { w.WriteHeader(500) }
	st := once(t, start(t, t.TempDir(), testConfig(), &memory{}, Source{Kind: "urls", Value: s.URL + "/news/one"}), false)
	if s.times("/news/one") != 0 || st.NotFetched["robots_unreachable"] != 1 {
		t.Errorf("fetched without rules: %+v", st)
	}
}

func TestConditionalAndRestart(t *testing.T) {
	s := newSite(t)
	s.pages["/news/one"] = func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("ETag", `"v1"`)
		if r.Header.Get("If-None-Match") == `"v1"` {
			w.WriteHeader(304)
			return
		}
		w.Header().Set("Content-Type", "text/html")
		fmt.Fprint(w, "<title>t</title><p>x</p>")
	}
	dir, sink := t.TempDir(), &memory{}
	src := Source{Kind: "urls", Value: s.URL + "/news/one"}
	c := start(t, dir, testConfig(), sink, src)
	once(t, c, false)
	c.Close()
	c = start(t, dir, testConfig(), sink, src)
	once(t, c, false)
	if n := s.times("/news/one"); n != 1 {
		t.Errorf("fetched %d times after a restart", n)
	}
	st := once(t, c, true)
	if st.NotModified != 1 || st.Fetched != 1 || len(sink.all) != 1 || s.times("/robots.txt") != 1 {
		t.Errorf("stats: %+v", st)
	}
}

func TestCrashRetakesLease(t *testing.T) {
	s := newSite(t)
	s.article("/news/one")
	dir, sink := t.TempDir(), &memory{}
	src := Source{Kind: "urls", Value: s.URL + "/news/one"}
	c := start(t, dir, testConfig(), sink, src)
	if tk, err := c.front.lease(hostOf(s.URL), time.Now().UnixMilli()); err != nil || tk == nil {
		t.Fatal(tk, err)
	}
	c.Close()
	once(t, start(t, dir, testConfig(), sink, src), false)
	if len(sink.all) != 1 {
		t.Error("the lease of a crashed process was not retaken")
	}
}

func TestRetryAfterAndDelay(t *testing.T) {
	s := newSite(t)
	busy := true
	s.pages["/news/one"] = func(w http.ResponseWriter, r *http.Request) {
		if busy {
			busy = false
			w.Header().Set("Retry-After", "1")
			w.WriteHeader(503)
			return
		}
		w.Header().Set("Content-Type", "text/html")
		fmt.Fprint(w, "<title>t</title><p>x</p>")
	}
	s.article("/news/two")
	cfg := testConfig()
	cfg.Delay = 50 * time.Millisecond
	sink := &memory{}
	once(t, start(t, t.TempDir(), cfg, sink, Source{Kind: "urls", Value: s.URL + "/news/one"}, Source{Kind: "urls", Value: s.URL + "/news/two"}), false)
	if len(sink.all) != 2 {
		t.Fatalf("%d taken", len(sink.all))
	}
	one, rob := s.asked["/news/one"], s.asked["/robots.txt"]
	if d := one[1].Sub(one[0]); d < 950*time.Millisecond {
		t.Errorf("asked again after %v", d)
	}
	if d := one[0].Sub(rob[0]); d < 45*time.Millisecond {
		t.Errorf("page %v after robots.txt", d)
	}
}

func TestPrivateAddress(t *testing.T) {
	s := newSite(t)
	s.article("/news/one")
	cfg := testConfig()
	cfg.AllowNetworks = nil
	st := once(t, start(t, t.TempDir(), cfg, &memory{}, Source{Kind: "urls", Value: s.URL + "/news/one"}), false)
	if st.NotFetched["private_address"] != 1 || len(s.asked) != 0 {
		t.Errorf("stats: %+v", st)
	}
}

func TestConnectTo(t *testing.T) {
	s := newSite(t)
	s.article("/news/one")
	cfg := testConfig()
	cfg.ConnectTo = map[string]string{"*.example.com": s.Listener.Addr().String(), "*": "127.0.0.1:1"}
	sink := &memory{}
	once(t, start(t, t.TempDir(), cfg, sink, Source{Kind: "urls", Value: "http://www.example.com/news/one"}), false)
	if len(sink.all) != 1 || sink.all[0].Outlet.ID != "example.com" {
		t.Fatalf("taken: %+v", sink.all)
	}
}

func TestSinkErrorIsRetried(t *testing.T) {
	s := newSite(t)
	s.article("/news/one")
	sink := &memory{fail: func(*dateline.Article) error { return errors.New("disk full") }}
	c := start(t, t.TempDir(), testConfig(), sink, Source{Kind: "urls", Value: s.URL + "/news/one"})
	if st := once(t, c, false); st.NotFetched["sink_error"] != 1 {
		t.Errorf("stats: %+v", st)
	}
	sink.fail = nil
	if st := once(t, c, true); len(sink.all) != 1 || st.NotFetched["sink_error"] != 0 {
		t.Errorf("not retried: %+v", st)
	}
}

func TestRunEndsWithContext(t *testing.T) {
	c := start(t, t.TempDir(), testConfig(), &memory{})
	ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
	defer cancel()
	if err := c.Run(ctx); err != nil {
		t.Fatal(err)
	}
}
