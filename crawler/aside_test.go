package crawler

import (
	"context"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"
)

// TestWaitingHoldsNoWorker has two workers crawl beside hosts that are asked for
// something on another's way, which must wait its turn: a robots.txt that is on
// another host, the robots.txt of the sites that a sitemap names, and an address
// that does not exist. The other hosts are asked as often as without them.
func TestWaitingHoldsNoWorker(t *testing.T) {
	const waiting, others = 20, 6
	long := "Title\n" + strings.Repeat("Text. ", smallBody/5)
	moved := func(r *http.Request) simAnswer {
		return simAnswer{status: 301, header: map[string]string{"Location": "http://rules.example/" + r.URL.Host}}
	}
	for name, answer := range map[string]func(r *http.Request, i int) simAnswer{
		"robots.txt elsewhere": func(r *http.Request, i int) simAnswer {
			switch r.URL.Path {
			case "/robots.txt":
				return moved(r)
			case "/map.txt":
				return simAnswer{status: 200, body: fmt.Sprintf("http://w%02d.example/news/1", i)}
			}
			return simAnswer{status: 404}
		},
		"sitemap of other sites": func(r *http.Request, i int) simAnswer {
			if r.URL.Path == "/map.txt" {
				var b strings.Builder
				for j := range 5 {
					fmt.Fprintf(&b, "http://f%d.example/news/%d\n", 5*i+j, i)
				}
				// Large, so that it must not keep other large ones waiting.
				fmt.Fprintf(&b, "http://w%02d.example/news/1%s", i, strings.Repeat("\n", smallBody))
				return simAnswer{status: 200, body: b.String()}
			}
			if strings.HasPrefix(r.URL.Host, "f") && r.URL.Path == "/robots.txt" {
				return moved(r)
			}
			return simAnswer{status: 404}
		},
		"no such page": func(r *http.Request, i int) simAnswer {
			switch {
			case r.URL.Path == "/robots.txt":
				return simAnswer{status: 200, body: "User-agent: *\nCrawl-delay: 40"}
			case r.URL.Path == "/map.txt":
				return simAnswer{status: 200, body: fmt.Sprintf("http://w%02d.example/news/1\n", i)}
			case strings.Contains(r.URL.Path, "no-such-page"):
				return simAnswer{status: 404}
			}
			return simAnswer{status: 200, body: long}
		},
	} {
		t.Run(name, func(t *testing.T) {
			asked := func(waiting int) (elsewhere, beside int) {
				synctest.Test(t, func(t *testing.T) {
					w := &simWorld{hosts: map[string]*simHost{}, starts: map[string][]simStart{}}
					host := func(name string, answer func(r *http.Request) simAnswer) {
						w.hosts[name] = &simHost{latency: 50 * time.Millisecond, answer: func(r *http.Request, _ int, _ time.Time) simAnswer { return answer(r) }}
					}
					var src []Source
					host("rules.example", func(*http.Request) simAnswer { return simAnswer{status: 200} })
					for i := range waiting {
						name := fmt.Sprintf("w%02d.example", i)
						host(name, func(r *http.Request) simAnswer { return answer(r, i) })
						for j := range 5 {
							host(fmt.Sprintf("f%d.example", 5*i+j), func(r *http.Request) simAnswer { return answer(r, i) })
						}
						src = append(src, Source{Kind: "sitemap", Value: "http://" + name + "/map.txt"})
					}
					for i := range others {
						name := fmt.Sprintf("h%02d.example", i)
						host(name, func(r *http.Request) simAnswer {
							if strings.HasSuffix(r.URL.Path, "0") {
								return simAnswer{status: 200, body: long}
							}
							return simAnswer{status: 200, body: "Title\nText."}
						})
						for j := range 200 {
							src = append(src, Source{Kind: "urls", Value: fmt.Sprintf("http://%s/news/%d", name, j)})
						}
					}
					c := simCrawl(t, w, Config{Concurrency: 2}, nowhere{}, src...)
					simUntil(t, c, 90*time.Second)
					if len(c.slots) != 0 || c.aside.Load() != 0 || len(c.large)+len(c.largePages)+len(c.largeLists) != 0 {
						t.Errorf("in the end %d are at work, %d stand aside, %d have a large list", len(c.slots), c.aside.Load(), len(c.large)+len(c.largePages)+len(c.largeLists))
					}
					for name, starts := range w.starts {
						if strings.HasPrefix(name, "h") {
							elsewhere += len(starts)
						} else {
							beside += len(starts)
						}
					}
				})
				return elsewhere, beside
			}
			without, _ := asked(0)
			with, beside := asked(waiting)
			t.Logf("requests to the others in 90 s: %d, beside hosts that wait %d; to those %d", without, with, beside)
			if without < others*40 || float64(with) < 0.97*float64(without) {
				t.Errorf("%d requests to the others beside hosts that wait, %d without", with, without)
			}
			if beside < 2*waiting {
				t.Errorf("%d requests to the hosts that wait", beside)
			}
		})
	}
}

// TestRobotsAtOneServer reads the robots.txt of a site that redirects to
// another host of the same server, as "paper.example" does to
// "www.paper.example", and asks such a host whether it agrees to a sitemap:
// the server's pause between the two requests may put neither off for ever.
func TestRobotsAtOneServer(t *testing.T) {
	cfg := testConfig()
	cfg.Delay = 200 * time.Millisecond // so the server is asked each 50 ms
	www := newSite(t)
	www.article("/news/two")
	s := newSite(t)
	s.pages["/robots.txt"] = func(w http.ResponseWriter, r *http.Request) {
		http.Redirect(w, r, www.URL+"/robots.txt", http.StatusMovedPermanently)
	}
	s.article("/news/one")
	maps := newSite(t)
	maps.text("/map.xml", "application/xml", "<urlset><url><loc>"+strings.Replace(www.URL, "127.0.0.1", "localhost", 1)+"/news/two</loc></url></urlset>")
	www.text("/robots.txt", "text/plain", "Sitemap: "+maps.URL+"/map.xml\n")
	sink := &memory{}
	ctx, cancel := context.WithTimeout(t.Context(), 30*time.Second)
	defer cancel()
	c := start(t, t.TempDir(), cfg, sink, Source{Kind: "urls", Value: s.URL + "/news/one"}, Source{Kind: "sitemap", Value: maps.URL + "/map.xml"})
	if err := c.RunOnce(ctx, false); err != nil {
		t.Fatal(err)
	}
	if len(sink.all) != 2 {
		st, err := c.Stats(t.Context())
		t.Errorf("%d articles, want 2: %+v, %v", len(sink.all), st.NotFetched, err)
	}
	if n := s.times("/robots.txt"); n != 1 {
		t.Errorf("robots.txt was asked for %d times", n)
	}
	if n := maps.times("/map.xml"); n != 1 {
		t.Errorf("the sitemap was asked for %d times", n)
	}
}
