package crawler

import (
	"bytes"
	"compress/gzip"
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"
)

// world serves several hosts on loopback, by "host/path".
type world struct {
	mu    sync.Mutex
	pages map[string]string
	hits  map[string]int
}

func newWorld(t *testing.T, pages map[string]string) (*world, Config) {
	t.Helper()
	w := &world{pages: pages, hits: map[string]int{}}
	srv := httptest.NewServer(w)
	t.Cleanup(srv.Close)
	cfg := testConfig()
	cfg.ConnectTo = map[string]string{"*": srv.Listener.Addr().String()}
	return w, cfg
}

func (w *world) ServeHTTP(rw http.ResponseWriter, r *http.Request) {
	key := r.Host + r.URL.RequestURI()
	w.mu.Lock()
	w.hits[key]++
	body, ok := w.pages[key]
	w.mu.Unlock()
	if !ok {
		http.NotFound(rw, r)
		return
	}
	// The type is often wrong on real servers, so it is here.
	ctype := "text/plain"
	if strings.Contains(body, "<title>Article") || strings.Contains(body, "<a href") {
		ctype = "text/html"
	}
	rw.Header().Set("Content-Type", ctype)
	fmt.Fprint(rw, body)
}

func (w *world) asked(key string) int {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.hits[key]
}

const anArticle = "<title>Article</title><p>Some text.</p>"

func zipped(t *testing.T, s string) string {
	t.Helper()
	var b bytes.Buffer
	z := gzip.NewWriter(&b)
	if _, err := z.Write([]byte(s)); err != nil {
		t.Fatal(err)
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// TestSourceKinds finds one article through each kind of source.
func TestSourceKinds(t *testing.T) {
	const loc = "http://paper.example/news/one"
	const item = `"items":[{"id":"1","url":"` + loc + `","date_published":"2025-11-14T10:00:00+01:00"}]`
	const urlset = `<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"><url><loc>` + loc + `</loc><lastmod>2025-11-14T09:00:00Z</lastmod></url></urlset>`
	want := time.Date(2025, time.November, 14, 9, 0, 0, 0, time.UTC)
	for _, c := range []struct {
		name, kind, value, body, what string
		dated                         bool
	}{
		{"rss", "feed", "http://paper.example/s", `<rss version="2.0"><channel><item><link>` + loc + `</link><pubDate>Fri, 14 Nov 2025 10:00:00 MET</pubDate></item></channel></rss>`, "RSS feed", true},
		{"rdf", "feed", "http://paper.example/s", `<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/" xmlns:dc="http://purl.org/dc/elements/1.1/"><channel><title>x</title></channel><item><link>` + loc + `</link><dc:date>2025-11-14T09:00Z</dc:date></item></rdf:RDF>`, "RSS feed", true},
		{"atom", "feed", "http://paper.example/s", `<feed xmlns="http://www.w3.org/2005/Atom"><entry><id>x</id><link href="/news/one"/><updated>2025-11-14T10:00:00+01:00</updated></entry></feed>`, "Atom feed", true},
		{"json feed", "feed", "http://paper.example/s", `{"version":"https://jsonfeed.org/version/1.1","title":"x",` + item + `}`, "JSON feed", true},
		{"sitemap", "sitemap", "http://paper.example/s", urlset, "sitemap", true},
		{"gzipped sitemap", "sitemap", "http://paper.example/s", zipped(t, urlset), "sitemap", true},
		{"news sitemap", "sitemap", "http://paper.example/s", `<urlset xmlns:news="http://www.google.com/schemas/sitemap-news/0.9"><url><loc>` + loc + `</loc><news:news><news:publication_date>2025-11-14T10:00:00+01:00</news:publication_date></news:news></url></urlset>`, "news sitemap", true},
		{"text sitemap", "sitemap", "http://paper.example/s", "\ufeff" + loc + "\r\nhttp://paper.example/s\n", "sitemap", false},
		{"page", "page", "http://paper.example/s", `<a href="/news/one">one</a><a href="/about">about</a>`, "section page", false},
		{"gdelt", "gdelt", "http://paper.example/s", `{"articles":[{"url":"` + loc + `","seendate":"20251114T090000Z"}]}`, "GDELT article list", true},
		{"urls", "urls", loc, "", "article", false},
	} {
		t.Run(c.name, func(t *testing.T) {
			w, cfg := newWorld(t, map[string]string{"paper.example/s": c.body, "paper.example/news/one": anArticle})
			sink := &memory{}
			st := once(t, start(t, t.TempDir(), cfg, sink, Source{Kind: c.kind, Value: c.value, Story: "st"}), false)
			if len(sink.all) != 1 || sink.all[0].URL != loc || w.asked("paper.example/news/one") != 1 {
				t.Fatalf("taken %+v, stats %+v", sink.all, st)
			}
			if s := st.Sources[0]; s.Error != "" || s.Taken != 1 || s.LastSuccess == nil {
				t.Errorf("source %+v", s)
			}
			if c.dated && !sink.all[0].Published.Equal(want) {
				t.Errorf("published %v, want %v", sink.all[0].Published, want)
			}
			f := visitor(t, cfg).Source(t.Context(), Source{Kind: c.kind, Value: c.value})
			if f.Err != nil || f.What != c.what || f.Items < 1 || c.dated && !f.Newest.Equal(want) {
				t.Errorf("finding %+v, want %s", f, c.what)
			}
		})
	}
}

// TestGDELTQuery asks the API for a query as its documentation has it.
func TestGDELTQuery(t *testing.T) {
	addr, err := Source{Kind: "gdelt", Value: `alibaba "White House"`}.address()
	if err != nil {
		t.Fatal(err)
	}
	u, err := url.Parse(addr)
	if err != nil || u.Host != "api.gdeltproject.org" || u.Query().Get("query") != `alibaba "White House"` || u.Query().Get("format") != "json" {
		t.Errorf("%s, %v", addr, err)
	}
}

// TestRobotsAsSource reads the Sitemap lines, also of sitemaps on another
// host, which speak for this one because its robots.txt names them.
func TestRobotsAsSource(t *testing.T) {
	w, cfg := newWorld(t, map[string]string{
		"paper.example/robots.txt": "User-agent: *\nDisallow: /private/\nSitemap: /one.xml\nSITEMAP: http://maps.example/paper.xml?a=1&utm_source=x\nSitemap: file:///etc/passwd\n",
		"paper.example/one.xml":    "<sitemapindex><sitemap><loc>http://paper.example/two.xml</loc></sitemap><sitemap><loc>http://paper.example/one.xml</loc></sitemap></sitemapindex>",
		"paper.example/two.xml":    "<urlset><url><loc>http://paper.example/news/two</loc></url><url><loc>http://paper.example/private/x</loc></url></urlset>",
		"maps.example/paper.xml?a=1&utm_source=x": "<urlset><url><loc>http://paper.example/news/three</loc></url><url><loc>http://maps.example/news/own</loc></url>" +
			"<url><loc>http://victim.example/news/four</loc></url></urlset>",
		"paper.example/news/two": anArticle, "paper.example/news/three": anArticle, "maps.example/news/own": anArticle, "victim.example/news/four": anArticle,
	})
	sink := &memory{}
	st := once(t, start(t, t.TempDir(), cfg, sink, Source{Kind: "sitemap", Value: "http://paper.example/robots.txt", Story: "st"}), false)
	for _, path := range []string{"paper.example/news/two", "paper.example/news/three", "maps.example/news/own"} {
		if w.asked(path) != 1 {
			t.Errorf("%s asked %d times, want 1", path, w.asked(path))
		}
	}
	if w.asked("victim.example/news/four") != 0 || w.asked("paper.example/private/x") != 0 {
		t.Error("fetched what nobody allowed")
	}
	if len(sink.all) != 3 || st.NotFetched[offSite] != 1 || st.NotFetched["robots"] != 1 || w.asked("paper.example/robots.txt") != 1 {
		t.Errorf("%d taken, robots.txt asked %d times, stats %+v", len(sink.all), w.asked("paper.example/robots.txt"), st)
	}
}

// TestRefusedThenNamed fetches an address that a stranger's sitemap named
// first once its own site names it.
func TestRefusedThenNamed(t *testing.T) {
	w, cfg := newWorld(t, map[string]string{
		"spam.example/map.xml":   "<urlset><url><loc>http://paper.example/news/one</loc></url></urlset>",
		"paper.example/map.xml":  "<urlset><url><loc>http://paper.example/news/one</loc></url></urlset>",
		"paper.example/news/one": anArticle,
	})
	dir, sink := t.TempDir(), &memory{}
	spam := Source{Kind: "sitemap", Value: "http://spam.example/map.xml", Story: "st"}
	c := start(t, dir, cfg, sink, spam)
	if st := once(t, c, false); st.NotFetched[offSite] != 1 || len(sink.all) != 0 || st.Sources[0].Error == "" {
		t.Fatalf("%d taken, stats %+v", len(sink.all), st)
	}
	if err := c.Close(); err != nil {
		t.Fatal(err)
	}
	st := once(t, start(t, dir, cfg, sink, spam, Source{Kind: "sitemap", Value: "http://paper.example/map.xml", Story: "st"}), false)
	if st.NotFetched[offSite] != 0 || len(sink.all) != 1 || w.asked("paper.example/news/one") != 1 {
		t.Errorf("%d taken, stats %+v", len(sink.all), st)
	}
}

// TestCrossSubmit runs the cases for entries of another host.
func TestCrossSubmit(t *testing.T) {
	for _, c := range lines[struct {
		Name, Sitemap, Loc string
		Announced          string `json:"announced_by_robots_of"`
		Accept             bool   `json:"accept_host_level"`
	}](t, "sitemaps/cross_submit.jsonl") {
		t.Run(c.Name, func(t *testing.T) {
			plain := func(s string) string { return strings.Replace(s, "https://", "http://", 1) } // the world has no certificates
			_, cfg := newWorld(t, map[string]string{
				c.Announced + "/robots.txt":                     "Sitemap: " + plain(c.Sitemap) + "\n",
				strings.TrimPrefix(plain(c.Sitemap), "http://"): plain(c.Loc) + "\n",
			})
			f := visitor(t, cfg).Source(t.Context(), Source{Kind: "sitemap", Value: plain(c.Sitemap)})
			if got := f.Items == 1; got != c.Accept {
				t.Errorf("accepted %v, want %v: %+v", got, c.Accept, f)
			}
		})
	}
}

// TestForeignHosts asks the robots.txt of a few other hosts only, however
// many a sitemap names.
func TestForeignHosts(t *testing.T) {
	var b strings.Builder
	for i := range 500 {
		fmt.Fprintf(&b, "http://host%d.example/news/x\n", i)
	}
	w, cfg := newWorld(t, map[string]string{"spam.example/map.txt": b.String()})
	f := visitor(t, cfg).Source(t.Context(), Source{Kind: "sitemap", Value: "http://spam.example/map.txt"})
	if f.Items != 0 || f.Err == nil {
		t.Errorf("finding %+v", f)
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	if len(w.hits) > maxForeignHosts+2 {
		t.Errorf("%d addresses asked, want at most %d", len(w.hits), maxForeignHosts+2)
	}
}

// TestLargeLists reads more large sitemaps than may be in memory at a time,
// twice, and stops in between.
func TestLargeLists(t *testing.T) {
	pages := map[string]string{}
	var src []Source
	for i := range 5 {
		var b strings.Builder
		for j := range 1500 {
			fmt.Fprintf(&b, "http://h%d.example/news/a-long-name-for-an-article-%d\n", i, j)
		}
		if b.Len() < largeList {
			t.Fatal("the sitemap is not large")
		}
		pages[fmt.Sprintf("h%d.example/map.txt", i)] = b.String()
		src = append(src, Source{Kind: "sitemap", Value: fmt.Sprintf("http://h%d.example/map.txt", i)})
	}
	w, cfg := newWorld(t, pages)
	cfg.Delay, cfg.Concurrency = 500*time.Millisecond, 5
	c := start(t, t.TempDir(), cfg, &memory{}, src...)
	known := func(want int) {
		t.Helper()
		ctx, stop := context.WithCancel(t.Context())
		ended := make(chan error, 1)
		go func() { ended <- c.Run(ctx) }()
		n := 0
		for end := time.Now().Add(30 * time.Second); n < want && time.Now().Before(end); time.Sleep(20 * time.Millisecond) {
			if err := c.front.db.QueryRow(`SELECT COUNT(*) FROM urls WHERE kind = 'article'`).Scan(&n); err != nil {
				t.Fatal(err)
			}
		}
		stop()
		if err := <-ended; err != nil || n < want {
			t.Fatalf("%d addresses, want %d: %v", n, want, err)
		}
		if len(c.large) != 0 {
			t.Fatalf("%d places for large lists are still taken", len(c.large))
		}
	}
	known(3000)
	known(7500)
	for i := range 5 {
		if n := w.asked(fmt.Sprintf("h%d.example/map.txt", i)); n < 1 || n > 2 {
			t.Errorf("sitemap %d was asked for %d times", i, n)
		}
	}
}

// TestLargeFeeds reads one feed or section page of over a megabyte at a time,
// as one large sitemap, and small ones beside it.
func TestLargeFeeds(t *testing.T) {
	c := start(t, t.TempDir(), testConfig(), &memory{})
	body := func(what string, size int) []byte {
		return []byte(what + strings.Repeat(" ", size))
	}
	for kind, what := range map[string]string{
		"feed": `<rss version="2.0"><channel><item><link>http://a.example/news/one</link></item></channel></rss>`,
		"page": `<html><h3><a href="/news/a-headline-that-is-long-enough-1">A headline that is long enough</a></h3></html>`,
	} {
		task := &task{url: "http://a.example/" + kind, host: "a.example", kind: kind, source: kind}
		read := func(ctx context.Context, size int) outcome {
			return c.source(ctx, task, &response{url: task.url, status: 200, header: http.Header{"Content-Type": {"text/html"}}, body: body(what, size)})
		}
		first := read(t.Context(), smallBody)
		if !first.large || len(first.found) != 1 {
			t.Errorf("%s: large %v, %d found", kind, first.large, len(first.found))
		}
		if small := read(t.Context(), 100); small.large || len(small.found) != 1 {
			t.Errorf("a small %s beside it: large %v, %d found", kind, small.large, len(small.found))
		}
		ended, end := context.WithCancel(t.Context())
		end()
		if second := read(ended, smallBody); second.large || !second.keepState || second.due != task.due {
			t.Errorf("a second %s without a place: %+v", kind, second)
		}
		c.written([]result{{task, first}})
	}
}
