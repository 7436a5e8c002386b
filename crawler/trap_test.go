package crawler

import (
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"
)

func TestEndless(t *testing.T) {
	for raw, want := range map[string]bool{
		"http://a.example/news/2026/11/21/harbour-plan":                       false,
		"http://a.example/a/b/a/b/a/b/a/b/x":                                  true,
		"http://a.example/en/en/news/one":                                     false,
		"http://a.example/x/x/x/x/x":                                          true,
		"http://a.example/1/1/1/story":                                        false,
		"http://a.example/" + strings.Repeat("d/", 25) + "x":                  true,
		"http://a.example/one/two/three/four/five/six/seven/eight/nine/story": false,
		"http://a.example/x?" + strings.Repeat("a=b&", 13) + "c=d":            true,
		"http://a.example/x?id=1&page=2":                                      false,
		"http://a.example/" + strings.Repeat("long-", 500):                    true,
		"http://a.example/":                                                   false,
	} {
		u, err := url.Parse(raw)
		if err != nil {
			t.Fatal(err)
		}
		if endless(u, raw) != want {
			t.Errorf("%.60s: %v, want %v", raw, !want, want)
		}
	}
}

func TestShapeOf(t *testing.T) {
	for raw, want := range map[string]string{
		"http://a.example/2026/11/21/harbour-plan.html":  "9/9/9/words.html",
		"http://a.example/news/harbour":                  "news/w",
		"http://a.example/News/a12":                      "news/a9",
		"http://a.example/calendar/2031-05?view=w&day=3": "calendar/9?day&view",
		"http://a.example/":                              "",
	} {
		u, err := url.Parse(raw)
		if err != nil {
			t.Fatal(err)
		}
		if got := shapeOf(u); got != want {
			t.Errorf("%s: %q, want %q", raw, got, want)
		}
	}
}

// TestTrapsBounded follows a section page that names new pages of a calendar and
// new visits of one article each time, beside real articles: the traps are
// left alone soon, the articles are all found, and both are counted. After a
// restart it is still known.
func TestTrapsBounded(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		w := &simWorld{hosts: map[string]*simHost{}, starts: map[string][]simStart{}}
		polls := 0
		w.hosts["a.example"] = &simHost{latency: 20 * time.Millisecond, answer: func(r *http.Request, _ int, _ time.Time) simAnswer {
			switch path := r.URL.Path; {
			case path == "/robots.txt":
				return simAnswer{status: 404}
			case path == "/front":
				polls++
				var b strings.Builder
				b.WriteString("<html><body>")
				for i := range 40 {
					n := polls*40 + i
					fmt.Fprintf(&b, `<p><a href="/events/calendar/%d/%d-day">What happens on this day of the year</a></p>`, n, n)
					fmt.Fprintf(&b, `<p><a href="/go/%dx/one-story-to-read">The one story that everybody should read</a></p>`, n)
				}
				fmt.Fprintf(&b, `<p><a href="/news/2026/harbour-plan-%d">The harbour plan goes to a vote again</a></p></body></html>`, polls)
				return simAnswer{status: 200, body: b.String()}
			case strings.HasPrefix(path, "/events/"):
				return simAnswer{status: 200, body: "Events\n"}
			case strings.HasPrefix(path, "/go/"):
				return simAnswer{status: 200, body: "CANONICAL http://a.example/news/2026/the-one-story\nText."}
			}
			return simAnswer{status: 200, body: "Title\nText."}
		}}
		c := simCrawl(t, w, Config{}, nowhere{}, Source{Kind: "page", Value: "http://a.example/front"})
		c.extract = func(body []byte, ctype, pageURL string) (*Page, error) {
			p, err := simExtract(body, ctype, pageURL)
			if to, ok := strings.CutPrefix(p.Article.Title, "CANONICAL "); ok {
				p.Canonical = to
			}
			return p, err
		}
		simUntil(t, c, 12*time.Hour)
		asked := map[string]int{}
		for _, s := range w.starts["a.example"] {
			asked[strings.Split(s.path, "/")[1]]++
		}
		named := polls * 40
		t.Logf("%d polls named %d of each; asked for %v", polls, named, asked)
		if polls < 20 || named < 8*trapMisses {
			t.Fatalf("%d polls: the test shows little", polls)
		}
		for _, kind := range []string{"events", "go"} {
			if n := asked[kind]; n < trapMisses/2 || n > trapMisses+named/10 {
				t.Errorf("%d of /%s/ asked for, want about %d", n, kind, trapMisses)
			}
		}
		if asked["news"] < polls-2 {
			t.Errorf("%d articles asked for, want all %d", asked["news"], polls)
		}
	})
}

// TestTrapsKept keeps what was learned, lets a few through, and forgets it when
// they are articles again.
func TestTrapsKept(t *testing.T) {
	path := t.TempDir() + "/frontier.db"
	f, err := openFrontier(path)
	if err != nil {
		t.Fatal(err)
	}
	source := &task{id: 1, url: "http://a.example/feed", kind: "feed", source: "feed x", host: "a.example"}
	now := steady().UnixMilli()
	enter := func(from, to int) (taken int) {
		t.Helper()
		if err := f.write(func() error {
			for i := from; i < to; i++ {
				isNew, err := f.add(found{url: fmt.Sprintf("http://a.example/events/%d", i)}, source, now)
				if err != nil {
					return err
				}
				if isNew {
					taken++
				}
			}
			return nil
		}); err != nil {
			t.Fatal(err)
		}
		return taken
	}
	conclude := func(o outcome) {
		t.Helper()
		for {
			x, err := f.lease("a.example", now)
			if err != nil {
				t.Fatal(err)
			}
			if x == nil {
				return
			}
			if err := f.conclude(x, o); err != nil {
				t.Fatal(err)
			}
		}
	}
	if n := enter(0, trapMisses); n != trapMisses {
		t.Fatalf("%d of %d taken while nothing is known", n, trapMisses)
	}
	conclude(outcome{due: never, status: 200, fetched: true, reason: "not_article"})
	if err := f.close(); err != nil {
		t.Fatal(err)
	}
	if f, err = openFrontier(path); err != nil {
		t.Fatal(err)
	}
	defer f.close()
	n := enter(1000, 3000)
	if n < 2000/trapProbe/3 || n > 3*2000/trapProbe {
		t.Errorf("%d of 2000 let through, want about %d", n, 2000/trapProbe)
	}
	st, err := f.stats(t.Context())
	if err != nil || st.NotFetched[trap] != 2000-n {
		t.Errorf("%d refused, want %d: %v", st.NotFetched[trap], 2000-n, err)
	}
	conclude(outcome{due: never, status: 200, fetched: true, taken: true, articleID: "x"})
	if n := enter(5000, 5100); n != 100 {
		t.Errorf("%d of 100 taken after one was an article", n)
	}
}
