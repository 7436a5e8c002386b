package crawler

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"
)

// TestTraps lets sources name more than anybody can mean: what is kept has a
// limit, and the source's error says so.
func TestTraps(t *testing.T) {
	repeat := func(n int, format string) string {
		var b strings.Builder
		for i := range n {
			fmt.Fprintf(&b, format, i)
		}
		return b.String()
	}
	for _, c := range []struct {
		name, kind, body string
		most             int
	}{
		{"sitemap of 50,001", "sitemap", repeat(50001, "http://a.example/news/%d\n"), maxFound},
		{"every subdomain resolves", "sitemap", repeat(5000, "http://x%d.a.example/news/one\n"), maxHosts},
		{"sitemap that names itself", "sitemap", "<sitemapindex><sitemap><loc>http://a.example/s</loc><lastmod>2025-11-14T10:00:00Z</lastmod></sitemap></sitemapindex>", 1},
	} {
		t.Run(c.name, func(t *testing.T) {
			w, cfg := newWorld(t, map[string]string{"a.example/s": c.body})
			cfg.MaxPage = 64 << 20
			f := visitor(t, cfg).Source(t.Context(), Source{Kind: c.kind, Value: "http://a.example/s"})
			if f.Err != nil || f.Items != c.most {
				t.Errorf("%d items, want %d: %v", f.Items, c.most, f.Err)
			}
			if c.most == 1 {
				ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
				defer cancel()
				if err := start(t, t.TempDir(), cfg, &memory{}, Source{Kind: c.kind, Value: "http://a.example/s"}).RunOnce(ctx, false); err != nil {
					t.Error(err)
				}
				if n := w.asked("a.example/s"); n > 4 {
					t.Errorf("asked %d times", n)
				}
			}
		})
	}
}

// TestRobotsRedirects follows five redirects of a robots.txt; the rules are
// those of the first host. Another port is another site.
func TestRobotsRedirects(t *testing.T) {
	other := newSite(t)
	other.text("/5", "text/plain", "User-agent: *\nDisallow: /private/\n")
	other.article("/private/one")
	s := newSite(t)
	s.article("/private/one")
	s.article("/news/one")
	hops := []string{"/robots.txt", "/1", "/2", "/3", "/4"}
	for i, from := range hops {
		to := other.URL + "/5"
		if i+1 < len(hops) {
			to = s.URL + hops[i+1]
		}
		s.pages[from] = func(w http.ResponseWriter, r *http.Request) { http.Redirect(w, r, to, http.StatusFound) }
	}
	v := visitor(t, testConfig())
	if _, err := v.Article(t.Context(), s.URL+"/news/one"); err != nil {
		t.Error(err)
	}
	_, err := v.Article(t.Context(), s.URL+"/private/one")
	wantReason(t, err, "robots")
	if _, err := v.Article(t.Context(), other.URL+"/private/one"); err != nil {
		t.Errorf("the rules hold for the first host only: %v", err)
	}
}

// TestNetworkReasons tells failures of the line and of certificates apart.
func TestNetworkReasons(t *testing.T) {
	https := httptest.NewUnstartedServer(http.NotFoundHandler())
	https.Config.ErrorLog = log.New(io.Discard, "", 0) // of the handshake that is to fail
	https.StartTLS()
	defer https.Close()
	plain := newSite(t)
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	closed := "http://" + ln.Addr().String()
	ln.Close()
	c := visitor(t, testConfig()).c
	for url, want := range map[string]string{
		https.URL: "tls", strings.Replace(plain.URL, "http:", "https:", 1): "network", closed: "network",
	} {
		_, err := c.get(t.Context(), url+"/x", "", "", 1000)
		for errors.Is(err, errCrowded) { // all are at one address
			_, err = c.get(t.Context(), url+"/x", "", "", 1000)
		}
		if err == nil || reasonOf(err) != want {
			t.Errorf("%s: %v is %q, want %s", url, err, reasonOf(err), want)
		}
	}
	if got := reasonOf(&net.DNSError{Err: "server misbehaving", Name: "a.example", IsTemporary: true}); got != "dns" || !passing[got] {
		t.Errorf("SERVFAIL is %q", got)
	}
}

// startTimes notes when the crawler begins each request, by host: a server on
// a busy machine sees some of them so late that two seem to come close.
type startTimes struct {
	http.RoundTripper
	mu sync.Mutex
	of map[string][]time.Time
}

func (s *startTimes) RoundTrip(r *http.Request) (*http.Response, error) {
	at := time.Now()
	res, err := s.RoundTripper.RoundTrip(r)
	if !errors.Is(err, errCrowded) { // which leaves without a word to the server
		s.mu.Lock()
		s.of[r.URL.Host] = append(s.of[r.URL.Host], at)
		s.mu.Unlock()
	}
	return res, err
}

// TestPoliteDelay keeps the delay between the starts of all requests to a
// host, robots.txt and redirects included, while another host is not slowed.
func TestPoliteDelay(t *testing.T) {
	const delay = 120 * time.Millisecond
	slow, fast := newSite(t), newSite(t)
	slow.text("/robots.txt", "text/plain", "User-agent: *\nCrawl-delay: 0.3\n")
	var src []Source
	for i := range 4 {
		slow.article(fmt.Sprintf("/news/%d", i))
		fast.article(fmt.Sprintf("/news/%d", i))
		src = append(src, Source{Kind: "urls", Value: fmt.Sprintf("%s/news/%d", slow.URL, i)}, Source{Kind: "urls", Value: fmt.Sprintf("%s/news/%d", fast.URL, i)})
	}
	fast.pages["/news/0"] = func(w http.ResponseWriter, r *http.Request) { http.Redirect(w, r, "/news/1", http.StatusFound) }
	cfg := testConfig()
	cfg.Delay = delay
	c := start(t, t.TempDir(), cfg, &memory{}, src...)
	starts := &startTimes{RoundTripper: c.transport, of: map[string][]time.Time{}}
	c.transport = starts
	once(t, c, false)
	for s, least := range map[*site]time.Duration{slow: 300 * time.Millisecond, fast: delay} {
		asked := 0
		for _, times := range s.asked {
			asked += len(times)
		}
		all := starts.of[strings.TrimPrefix(s.URL, "http://")]
		if len(all) < 5 || len(all) != asked {
			t.Fatalf("%d requests began, the server saw %d", len(all), asked)
		}
		sortTimes(all)
		for i := 1; i < len(all); i++ {
			if d := all[i].Sub(all[i-1]); d < least-15*time.Millisecond {
				t.Errorf("%v between two requests, want at least %v", d, least)
			}
		}
	}
}
