package crawltest_test

import (
	"context"
	"io"
	"net"
	"net/http"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"dateline/crawler/crawltest"
)

// client returns a client that dials addr whatever the host, and follows no
// redirect.
func client(t *testing.T, addr string) *http.Client {
	t.Helper()
	tr := &http.Transport{DialContext: func(ctx context.Context, network, _ string) (net.Conn, error) {
		return new(net.Dialer).DialContext(ctx, network, addr)
	}}
	t.Cleanup(tr.CloseIdleConnections)
	return &http.Client{
		Transport:     tr,
		Timeout:       20 * time.Second,
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
}

func start(t *testing.T, opts ...crawltest.Option) (*crawltest.Newsroom, *http.Client) {
	t.Helper()
	n, err := crawltest.StartNewsroom(opts...)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(n.Close)
	return n, client(t, n.Addr())
}

func get(t *testing.T, c *http.Client, url string) (*http.Response, string) {
	t.Helper()
	resp, err := c.Get(url)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	b, err := io.ReadAll(resp.Body)
	if err != nil {
		t.Fatalf("%s: %v", url, err)
	}
	return resp, string(b)
}

// about is the demo story's query, in so far as single words decide it.
func about(a crawltest.Article) bool {
	s := strings.ToLower(a.Title + " " + a.Text())
	words := strings.FieldsFunc(s, func(r rune) bool {
		return r < utf8.RuneSelf && (r < 'a' || r > 'z') || strings.ContainsRune("（）、，。；：「」", r)
	})
	has := func(w string) bool {
		for _, x := range words {
			if x == w {
				return true
			}
		}
		return false
	}
	return has("alibaba") && (has("memo") || has("pla") || strings.Contains(s, "white house") ||
		strings.Contains(s, "people's liberation army") || strings.Contains(s, "zero-day"))
}

func TestArticles(t *testing.T) {
	n, c := start(t)
	story, wires, langs, kinds := 0, 0, map[string]int{}, map[string]int{}
	all := n.Articles()
	for _, a := range all {
		least := 250
		if a.Language == "zh" {
			least = 130
		}
		if a.Title == "" || len(a.Body) < 3 || utf8.RuneCountInString(a.Text()) <= least {
			t.Errorf("%s: title %q, %d paragraphs, %d characters", a.URL, a.Title, len(a.Body), utf8.RuneCountInString(a.Text()))
		}
		if d := a.Published.Day(); a.Published.Year() != 2025 || a.Published.Month() != time.November || d < 14 || d > 20 {
			t.Errorf("%s: published %v", a.URL, a.Published)
		}
		resp, body := get(t, c, a.URL)
		if resp.StatusCode != 200 || !strings.Contains(body, "</html>") {
			t.Errorf("%s: %s", a.URL, resp.Status)
		}
		kinds[a.Kind]++
		if about(a) {
			story++
			langs[a.Language]++
			if a.Wire != "" {
				wires++
			}
			if a.Section == "Vale" || a.Section == "Leisure" {
				t.Errorf("%s: another matter, but the query takes it", a.URL)
			}
		} else if a.Section != "Vale" && a.Section != "Leisure" {
			t.Errorf("%s: the query does not take it", a.URL)
		}
	}
	t.Logf("%d articles, %d on the story (%v), %d of them wire copies, kinds %v", len(all), story, langs, wires, kinds)
	if story < wantStory || len(all)-story < wantOther {
		t.Errorf("%d articles on the story and %d others, want at least %d and %d", story, len(all)-story, wantStory, wantOther)
	}
	for _, lang := range []string{"en", "de", "es", "zh"} {
		if langs[lang] < 5 {
			t.Errorf("%d articles in %s", langs[lang], lang)
		}
	}
	for _, kind := range []string{"live", "paywall", "correction", "wire"} {
		if kinds[kind] == 0 {
			t.Errorf("no article of kind %s", kind)
		}
	}
}

func TestSourcesListEveryArticle(t *testing.T) {
	n, c := start(t)
	var lists strings.Builder
	for _, s := range n.Sources() {
		resp, body := get(t, c, s.URL)
		if resp.StatusCode != 200 {
			t.Errorf("%s: %s", s.URL, resp.Status)
		}
		if s.Kind == "sitemap" {
			_, body = get(t, c, strings.Replace(s.URL, "/sitemap.xml", "/news-sitemap.xml", 1))
		}
		lists.WriteString(body)
	}
	for _, a := range n.Articles() {
		path := strings.TrimPrefix(a.URL, "http://"+a.Outlet)
		if !strings.Contains(lists.String(), a.Outlet+path) && !strings.Contains(lists.String(), `href="`+path) {
			t.Errorf("%s is in no source", a.URL)
		}
	}
	if got := len(n.Outlets()); got < 12 {
		t.Errorf("%d outlets", got)
	}
	for _, o := range n.Outlets() {
		if resp, body := get(t, c, "http://"+o.Domain+"/robots.txt"); resp.StatusCode != 200 || !strings.Contains(body, "User-agent: *") {
			t.Errorf("%s: robots.txt: %s", o.Domain, resp.Status)
		}
	}
	if n.Hits()["http://courier.example/robots.txt"] != 1 {
		t.Errorf("hits: %v", n.Hits())
	}
}

func TestNotModifiedAndEdit(t *testing.T) {
	n, c := start(t, crawltest.WithoutHostile())
	url := n.Articles()[0].URL
	for _, a := range n.Articles() {
		if strings.HasSuffix(a.URL, "/what-the-memo-says") {
			url = a.URL
		}
	}
	first, old := get(t, c, url)
	again := func(header, value string) int {
		req, err := http.NewRequest("GET", url, nil)
		if err != nil {
			t.Fatal(err)
		}
		req.Header.Set(header, value)
		resp, err := c.Do(req)
		if err != nil {
			t.Fatal(err)
		}
		resp.Body.Close()
		return resp.StatusCode
	}
	etag, modified := first.Header.Get("ETag"), first.Header.Get("Last-Modified")
	if got := again("If-None-Match", etag); got != 304 {
		t.Errorf("If-None-Match %s: %d", etag, got)
	}
	if got := again("If-Modified-Since", modified); got != 304 {
		t.Errorf("If-Modified-Since %s: %d", modified, got)
	}
	if got := n.Edit(); got != url {
		t.Fatalf("the edit is at %s", got)
	}
	if got := again("If-None-Match", etag); got != 200 {
		t.Errorf("after the edit: %d", got)
	}
	if got := again("If-Modified-Since", modified); got != 200 {
		t.Errorf("after the edit: %d", got)
	}
	if _, now := get(t, c, url); now == old {
		t.Error("the edit changed nothing")
	}
}

func TestHostile(t *testing.T) {
	n, c := start(t)
	pages := n.HostilePages()
	if len(pages) < 10 {
		t.Errorf("%d hostile pages", len(pages))
	}
	for _, url := range pages {
		resp, err := c.Get(url)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := io.CopyN(io.Discard, resp.Body, 64); err != nil && resp.StatusCode == 200 {
			t.Errorf("%s: %v", url, err)
		}
		resp.Body.Close()
	}
}

// handler tells when it has answered.
type handler struct {
	http.Handler
	done chan struct{}
}

func (h handler) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	defer close(h.done)
	h.Handler.ServeHTTP(w, r)
}

func TestEndlessStopsWithTheClient(t *testing.T) {
	site := crawltest.StartSite(map[string]crawltest.Page{"/endless": {Endless: true}})
	defer site.Close()
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	h := handler{site, make(chan struct{})}
	srv := &http.Server{Handler: h}
	go srv.Serve(ln)
	defer srv.Close()
	resp, err := http.Get("http://" + ln.Addr().String() + "/endless")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := io.CopyN(io.Discard, resp.Body, 1<<20); err != nil {
		t.Fatal(err)
	}
	resp.Body.Close()
	select {
	case <-h.done:
	case <-time.After(5 * time.Second):
		t.Fatal("the page streams on although the client is gone")
	}
}

func TestSite(t *testing.T) {
	site := crawltest.StartSite(map[string]crawltest.Page{
		"/":      {Body: "home", Header: map[string]string{"X-Test": "yes"}},
		"/slow":  {Body: "slow", Delay: 30 * time.Millisecond},
		"/busy":  {RetryAfter: "1"},
		"/flaky": {Body: "at last", Failures: 2, RetryAfter: "1"},
		"/gone":  {Status: 410, Body: "gone"},
		"/bomb":  {GzipBomb: 1 << 20},
		"/moved": {Redirect: "/"},
		"/?a=b":  {Body: "query"},
	})
	defer site.Close()
	c := client(t, site.Addr())
	for _, tt := range []struct {
		path   string
		status int
		body   string
	}{
		{"/", 200, "home"},
		{"/?a=b", 200, "query"},
		{"/slow", 200, "slow"},
		{"/busy", 503, ""},
		{"/flaky", 503, "attempt 1"},
		{"/flaky", 503, "attempt 2"},
		{"/flaky", 200, "at last"},
		{"/gone", 410, "gone"},
		{"/moved", 302, ""},
		{"/missing", 404, ""},
	} {
		resp, body := get(t, c, site.URL(tt.path))
		if resp.StatusCode != tt.status || !strings.HasPrefix(body, tt.body) {
			t.Errorf("%s: %s %q, want %d %q", tt.path, resp.Status, body, tt.status, tt.body)
		}
	}
	if _, body := get(t, c, site.URL("/bomb")); len(body) < 1<<20 {
		t.Errorf("bomb: %d bytes", len(body))
	}
	site.Set("/new", crawltest.Page{Body: "new"})
	if _, body := get(t, c, site.URL("/new")); body != "new" {
		t.Errorf("/new: %q", body)
	}
	if site.Hits()["/flaky"] != 3 || len(site.Times("/flaky")) != 3 {
		t.Errorf("hits: %v", site.Hits())
	}
}

// At least this many articles are on the story, and on other matters.
const (
	wantStory = 80
	wantOther = 40
)
