package crawler

import (
	"errors"
	"fmt"
	"net"
	"net/http"
	"path/filepath"
	"strings"
	"testing"
	"testing/synctest"
	"time"
)

// inBubble runs fn in simulated time.
func inBubble(t *testing.T, fn func(t *testing.T)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		old := clockStart
		clockStart = time.Now()
		defer func() { clockStart = old }()
		fn(t)
	})
}

// TestServerLimit lets ten hosts be found at one server: two are asked at
// once, and four requests begin in the time of one delay.
func TestServerLimit(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		h := newHostTable(2*time.Second, 0)
		for i := range 10 {
			h.found(fmt.Sprintf("h%d.example", i), atOnce)
		}
		var begun []time.Time
		busy := map[string]time.Time{} // until when
		crowded := 0
		for end := steady().Add(20 * time.Second); steady().Before(end); time.Sleep(50 * time.Millisecond) {
			now := steady()
			for host, until := range busy {
				if !now.Before(until) {
					delete(busy, host)
					h.release(host, atOnce)
				}
			}
			for _, c := range h.take(now, 32) {
				h.started(c.host, now)
				if err := h.dialled(c.host, "192.0.2.1", now); err != nil {
					if !errors.Is(err, errCrowded) {
						t.Fatal(err)
					}
					crowded++
					h.release(c.host, atOnce)
					continue
				}
				begun = append(begun, now)
				busy[c.host] = now.Add(300 * time.Millisecond)
			}
			if len(busy) > perAddress {
				t.Fatalf("%d requests at once to one server", len(busy))
			}
		}
		for i := 1; i < len(begun); i++ {
			if d := begun[i].Sub(begun[i-1]); d < 500*time.Millisecond {
				t.Errorf("request %d begins %v after another to the same server", i, d)
			}
		}
		if len(begun) < 25 || crowded == 0 || crowded > 9 {
			t.Errorf("%d requests in 20 s, %d of them refused at the dial: want some 40, and a refusal for each host once at most", len(begun), crowded)
		}
		if h.found("other.example", atOnce); len(h.take(steady(), 32)) == 0 {
			t.Error("a host of another server waits as well")
		}
	})
}

// TestServerLimitDial knows a server by the address that was dialled.
func TestServerLimitDial(t *testing.T) {
	a, b := newSite(t), newSite(t)
	for _, s := range []*site{a, b} {
		for i := range 4 {
			s.article(fmt.Sprintf("/news/%d", i))
		}
	}
	cfg := testConfig()
	cfg.Delay = 400 * time.Millisecond
	var src []Source
	for i := range 4 {
		src = append(src, Source{Kind: "urls", Value: fmt.Sprintf("%s/news/%d", a.URL, i)}, Source{Kind: "urls", Value: fmt.Sprintf("%s/news/%d", b.URL, i)})
	}
	sink := &memory{}
	c := start(t, t.TempDir(), cfg, sink, src...)
	starts := &startTimes{RoundTripper: c.transport, of: map[string][]time.Time{}}
	c.transport = starts
	once(t, c, false)
	var all []time.Time
	for _, l := range starts.of {
		all = append(all, l...)
	}
	sortTimes(all)
	for i := 1; i < len(all); i++ {
		if d := all[i].Sub(all[i-1]); d < 90*time.Millisecond {
			t.Errorf("%v between two requests to 127.0.0.1, want a quarter of the delay", d)
		}
	}
	if len(sink.all) != 8 || len(c.hosts.addrs) != 1 {
		t.Errorf("%d articles, %d servers", len(sink.all), len(c.hosts.addrs))
	}
	// Mapped hosts do not count.
	w, cfg := newWorld(t, map[string]string{"x.example/news/1": anArticle, "y.example/news/1": anArticle})
	c = start(t, t.TempDir(), cfg, &memory{}, Source{Kind: "urls", Value: "http://x.example/news/1"}, Source{Kind: "urls", Value: "http://y.example/news/1"})
	once(t, c, false)
	if len(c.hosts.addrs) != 0 || w.asked("x.example/news/1") != 1 || w.asked("y.example/news/1") != 1 {
		t.Errorf("%d servers of hosts that connect_to maps, want none", len(c.hosts.addrs))
	}
}

// TestBudget stops at a day's requests, keeps half of them for what is new,
// and goes on the next day.
func TestBudget(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		w := &simWorld{hosts: map[string]*simHost{}, starts: map[string][]simStart{}}
		old := steady().Add(-30 * 24 * time.Hour).UTC().Format(time.RFC3339)
		var list strings.Builder
		for i := range 300 {
			fmt.Fprintf(&list, "<url><loc>http://a.example/old/%d</loc><lastmod>%s</lastmod></url>", i, old)
		}
		newest := 0
		w.hosts["a.example"] = &simHost{latency: 20 * time.Millisecond, answer: func(r *http.Request, n int, now time.Time) simAnswer {
			switch r.URL.Path {
			case "/robots.txt":
				return simAnswer{status: 404}
			case "/map.xml":
				newest++
				extra := fmt.Sprintf("<url><loc>http://a.example/new/%d</loc><lastmod>%s</lastmod></url>", newest, now.UTC().Format(time.RFC3339))
				return simAnswer{status: 200, header: map[string]string{"Content-Type": "application/xml"}, body: "<urlset>" + list.String() + extra + "</urlset>"}
			}
			return simAnswer{status: 200, body: "Title\nText."}
		}}
		c := simCrawl(t, w, Config{HostBudget: 200}, nowhere{}, Source{Kind: "sitemap", Value: "http://a.example/map.xml"})
		ends := steady().Truncate(24 * time.Hour).Add(24 * time.Hour)
		simUntil(t, c, ends.Sub(steady())-time.Minute)
		asked := map[string]int{}
		for _, s := range w.starts["a.example"] {
			asked[strings.Split(s.path, "/")[1]]++
		}
		if n := len(w.starts["a.example"]); n > 200 || n < 150 {
			t.Errorf("%d requests in a day, want 200 at most, and the most of them made", n)
		}
		if asked["old"] > 100 || asked["old"] < 90 || asked["new"] < 20 {
			t.Errorf("%v: want half of the budget for what is old", asked)
		}
	})
	h := newHostTable(time.Millisecond, 3)
	day := time.Date(2026, 3, 1, 23, 0, 0, 0, time.UTC)
	for i := range 3 {
		h.found("a.example", atOnce)
		if c := h.take(day, 1); len(c) != 1 {
			t.Fatalf("request %d is not allowed", i)
		}
		h.started("a.example", day)
		h.release("a.example", atOnce)
		day = day.Add(time.Second)
	}
	if c := h.take(day, 1); len(c) != 0 || h.m["a.example"].why != whyBudget {
		t.Errorf("a fourth request is allowed: %v", c)
	}
	if c := h.take(day.Add(time.Hour+2*time.Minute), 1); len(c) != 1 {
		t.Error("the next day has no requests")
	}
}

// TestDeadHost rests when no connection comes about, longer each time; its
// addresses keep their state, and are counted.
func TestDeadHost(t *testing.T) {
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	dead := "http://" + ln.Addr().String()
	s := newSite(t)
	s.text("/robots.txt", "text/plain", "")
	s.article("/news/one")
	src := []Source{{Kind: "urls", Value: s.URL + "/news/one"}}
	for i := range 20 {
		src = append(src, Source{Kind: "urls", Value: fmt.Sprintf("%s/news/%d", dead, i)})
	}
	ln.Close()
	c := start(t, t.TempDir(), testConfig(), &memory{}, src...)
	// Its rules are known, so that the pages themselves are asked for.
	if err := c.learnRules(dead, &hostRules{expires: steady().Add(time.Hour)}); err != nil {
		t.Fatal(err)
	}
	st := once(t, c, false)
	if st.NotFetched["network"]+st.NotFetched["dead"] != 20 {
		t.Errorf("not fetched: %v, want all 20", st.NotFetched)
	}
	var tried, given int
	if err := c.front.db.QueryRow(`SELECT COUNT(*) FILTER (WHERE attempts > 0), COUNT(*) FILTER (WHERE due >= ?) FROM urls WHERE host = ?`, never, hostOf(dead)).Scan(&tried, &given); err != nil {
		t.Fatal(err)
	}
	if tried >= deadAfter || given != 0 {
		t.Errorf("%d addresses of the dead host have failed, %d are given up, want %d and none", tried, given, deadAfter-1)
	}
	now := time.Date(2026, 3, 1, 0, 0, 0, 0, time.UTC)
	h := newHostTable(time.Second, 0)
	var last time.Duration
	for i := range 30 {
		h.alive("other.example", now) // our line works
		until := h.failed("a.example", now)
		rest := until.Sub(now)
		switch {
		case i+1 < deadAfter:
			if !until.IsZero() {
				t.Fatalf("rests after %d failures", i+1)
			}
			continue
		case rest < last*9/10 && last < deadMax, rest < deadPause, rest > deadMax+deadMax/10:
			t.Errorf("failure %d: rests for %v, before for %v", i+1, rest, last)
		}
		last = rest
		now = until
	}
	if last < deadMax {
		t.Errorf("rests for %v in the end, want %v", last, deadMax)
	}
	// When nobody answers, it is our own line.
	for range 10 {
		now = now.Add(time.Hour)
		if until := h.failed("b.example", now); until.Sub(now) > 2*deadPause {
			t.Errorf("rests for %v though no site answers", until.Sub(now))
		}
	}
}

// TestHostStateSurvives keeps a pause, its reason and the day's count over a restart.
func TestHostStateSurvives(t *testing.T) {
	s := newSite(t)
	s.pages["/news/one"] = func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Retry-After", "3600")
		w.WriteHeader(http.StatusTooManyRequests)
	}
	s.article("/news/two")
	dir, sink := t.TempDir(), &memory{}
	one, two := Source{Kind: "urls", Value: s.URL + "/news/one"}, Source{Kind: "urls", Value: s.URL + "/news/two"}
	c := start(t, dir, testConfig(), sink, one)
	once(t, c, false)
	c.Close()
	c = start(t, dir, testConfig(), sink, one, two)
	once(t, c, false)
	if s.times("/news/two") != 0 || len(sink.all) != 0 {
		t.Error("asked again before the hour was over")
	}
	h := c.hosts.m[hostOf(s.URL)]
	if left := h.next.Sub(steady()); h.why != whyRetryAfter || left < 59*time.Minute || h.used != 2 {
		t.Errorf("%s for %v, %d requests today, want %s for an hour and 2", h.why, left, h.used, whyRetryAfter)
	}
}

// TestDelaySurvives writes down a Crawl-delay, and the pause after a slow
// answer, with what came of the request: a crash after it must not make the
// next request come early.
func TestDelaySurvives(t *testing.T) {
	for name, c := range map[string]struct {
		learn func(h *hostTable)
		want  time.Duration // until the next request; 0 if nothing is to be written
	}{
		"Crawl-delay": {func(h *hostTable) { h.setDelay("a.example", 40*time.Second) }, 40 * time.Second},
		"slow answer": {func(h *hostTable) { h.waited("a.example", 5*time.Second) }, 25 * time.Second},
		"fast answer": {func(h *hostTable) { h.waited("a.example", 100*time.Millisecond) }, 0},
		"no delay":    {func(h *hostTable) { h.setDelay("a.example", 0) }, 0},
	} {
		f, err := openFrontier(filepath.Join(t.TempDir(), "frontier.db"))
		if err != nil {
			t.Fatal(err)
		}
		h, now := newHostTable(2*time.Second, 0), steady()
		h.found("a.example", now.UnixMilli())
		if claims := h.take(now, 1); len(claims) != 1 {
			t.Fatalf("%d claims", len(claims))
		}
		h.started("a.example", now)
		c.learn(h)
		list := h.changed()
		if (len(list) == 0) != (c.want == 0) {
			t.Errorf("%s: %d hosts to be written", name, len(list))
		}
		for _, s := range list {
			if err := f.saveHost(s); err != nil {
				t.Fatal(err)
			}
		}
		next := newHostTable(2*time.Second, 0)
		if err := f.knownHosts(now, next.recall); err != nil {
			t.Fatal(err)
		}
		// The database has milliseconds, and jitter is a tenth at most.
		if left := next.get("a.example").next.Sub(now); c.want > 0 && (left < c.want-time.Millisecond || left > c.want*11/10) {
			t.Errorf("%s: the host may be asked in %v, want %v", name, left, c.want)
		}
		f.close()
	}
}
