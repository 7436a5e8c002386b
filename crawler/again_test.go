package crawler

import (
	"context"
	"fmt"
	"net/http"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"dateline"
)

// texts keeps what the sink was given of each article, in order.
type texts struct {
	mu  sync.Mutex
	all map[string][]string
}

func (s *texts) Add(_ context.Context, a *dateline.Article) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.all == nil {
		s.all = map[string][]string{}
	}
	if l := s.all[a.URL]; len(l) == 0 || l[len(l)-1] != a.Body {
		s.all[a.URL] = append(l, a.Body)
	}
	return nil
}

// TestEditsAreSeen edits articles whose server loses them for a while, says
// for ever that nothing was modified, or takes them back: each edit that stands
// for some hours is seen, and what is gone for good is left alone.
func TestEditsAreSeen(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		begin := time.Now()
		edit := func(now time.Time) string { // after 40 minutes, and after 20 hours
			switch age := now.Sub(begin); {
			case age < 40*time.Minute:
				return "Title\nFirst."
			case age < 20*time.Hour:
				return "Title\nSecond."
			}
			return "Title\nThird."
		}
		asked := map[string]int{}
		w := &simWorld{hosts: map[string]*simHost{}, starts: map[string][]simStart{}}
		w.hosts["a.example"] = &simHost{latency: 20 * time.Millisecond, answer: func(r *http.Request, _ int, now time.Time) simAnswer {
			asked[r.URL.Path]++
			age := now.Sub(begin)
			switch r.URL.Path {
			case "/robots.txt":
				return simAnswer{status: 404}
			case "/news/plain":
				return simAnswer{status: 200, body: edit(now), header: map[string]string{"ETag": fmt.Sprintf(`W/"%d"`, len(edit(now)))}}
			case "/news/lost":
				if age > 5*time.Minute && age < 3*time.Hour {
					return simAnswer{status: 404}
				}
				return simAnswer{status: 200, body: edit(now)}
			case "/news/lying":
				if r.Header.Get("If-None-Match") != "" {
					return simAnswer{status: 304, header: map[string]string{"ETag": `W/"x"`}}
				}
				return simAnswer{status: 200, body: edit(now), header: map[string]string{"ETag": `W/"x"`}}
			case "/news/gone":
				if age > 5*time.Minute {
					return simAnswer{status: 410}
				}
				return simAnswer{status: 200, body: edit(now)}
			}
			return simAnswer{status: 404}
		}}
		sink := &texts{}
		var sources []Source
		for _, n := range []string{"plain", "lost", "lying", "gone"} {
			sources = append(sources, Source{Kind: "urls", Value: "http://a.example/news/" + n})
		}
		simUntil(t, simCrawl(t, w, Config{}, sink, sources...), 9*day)
		for name, want := range map[string]string{"plain": "First. Second. Third.", "lost": "First. Second. Third.", "lying": "First. Second. Third.", "gone": "First."} {
			if got := strings.Join(sink.all["http://a.example/news/"+name], " "); got != want {
				t.Errorf("%s: %q, want %q", name, got, want)
			}
		}
		if n := asked["/news/gone"]; n != 2 {
			t.Errorf("what is gone was asked for %d times, want 2", n)
		}
		if n := asked["/news/lost"]; n > 20 {
			t.Errorf("what was lost was asked for %d times", n)
		}
	})
}

// TestDeadFeedComesBack: the feed of an outlet fails for two weeks, while its
// home page names it; a day after it is back it is read.
func TestDeadFeedComesBack(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		begin := time.Now()
		const dead = 14 * day
		polls := 0
		var read time.Time
		w := &simWorld{hosts: map[string]*simHost{}, starts: map[string][]simStart{}, forget: true}
		w.hosts["a.example"] = &simHost{latency: 20 * time.Millisecond, answer: func(r *http.Request, _ int, now time.Time) simAnswer {
			switch r.URL.Path {
			case "/":
				return simAnswer{status: 200, body: `<html><link rel="alternate" type="application/rss+xml" href="/feed.rss"><h2><a href="/news/ferry-line-to-reopen-1">Ferry line to reopen</a></h2></html>`}
			case "/feed.rss":
				if age := now.Sub(begin); age > time.Hour && age < dead {
					polls++
					return simAnswer{status: 404}
				} else if age >= dead && read.IsZero() {
					read = now
				}
				return simAnswer{status: 200, body: `<rss version="2.0"><channel><item><link>http://a.example/news/one-of-the-feed-2</link></item></channel></rss>`}
			case "/news/ferry-line-to-reopen-1", "/news/one-of-the-feed-2":
				return simAnswer{status: 200, body: "Title\nText of " + r.URL.Path}
			}
			return simAnswer{status: 404}
		}}
		simUntil(t, simCrawl(t, w, Config{}, nowhere{}, Source{Kind: "outlet", Value: "a.example"}), dead+3*day)
		if late := read.Sub(begin.Add(dead)); read.IsZero() || late > day+2*time.Hour {
			t.Errorf("read %v after it was back (at %v), want a day", late, read)
		}
		if polls > 30 {
			t.Errorf("asked for %d times while it was dead", polls)
		}
	})
}

// TestNewsBeforeArchives asks for an article that is news before the rest of
// the sitemaps that an index names.
func TestNewsBeforeArchives(t *testing.T) {
	f, err := openFrontier(inMemory)
	if err != nil {
		t.Fatal(err)
	}
	defer f.close()
	now := time.Now()
	part := &task{kind: "sitemap", url: "http://a.example/index.xml", host: "a.example", source: "sitemap http://a.example/index.xml"}
	for _, x := range []found{
		{url: "http://a.example/2001.xml", kind: "sitemap"},
		{url: "http://a.example/old", published: now.Add(-90 * day)},
	} {
		if err := f.write(func() error { _, err := f.add(x, part, now.UnixMilli()); return err }); err != nil {
			t.Fatal(err)
		}
	}
	next := func(want string) {
		t.Helper()
		got, err := f.lease("a.example", now.UnixMilli()+1)
		if err != nil || got == nil || got.url != "http://a.example/"+want {
			t.Errorf("next is %+v, %v, want %s", got, err, want)
		}
	}
	next("2001.xml")
	if err := f.write(func() error {
		_, err := f.add(found{url: "http://a.example/new", published: now.Add(-time.Hour)}, part, now.UnixMilli())
		return err
	}); err != nil {
		t.Fatal(err)
	}
	next("new")
}
