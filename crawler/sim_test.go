package crawler

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"dateline"
)

// simWorld is a web in memory, for crawls in simulated time: the scheduler and
// the frontier are the real ones, a request takes the time it is said to take.
type simWorld struct {
	mu     sync.Mutex
	hosts  map[string]*simHost
	starts map[string][]simStart
	forget bool // starts is not kept
}

type simStart struct {
	at      time.Time
	path    string
	latency time.Duration // of the answer
	retry   time.Time     // the host asked not to be asked before
}

// simHost answers for one host.
type simHost struct {
	latency time.Duration
	answer  func(r *http.Request, n int, now time.Time) simAnswer // n: requests to the host before
}

type simAnswer struct {
	status int
	header map[string]string
	body   string
}

func (w *simWorld) RoundTrip(r *http.Request) (*http.Response, error) {
	w.mu.Lock()
	host, now := w.hosts[r.URL.Host], steady()
	n := len(w.starts[r.URL.Host])
	a := host.answer(r, n, now)
	st := simStart{at: now, path: r.URL.Path, latency: host.latency}
	if v := a.header["Retry-After"]; v != "" {
		if date, err := http.ParseTime(v); err == nil {
			st.retry = date
		} else if d, err := time.ParseDuration(v + "s"); err == nil {
			st.retry = now.Add(host.latency + d)
		}
	}
	if !w.forget {
		w.starts[r.URL.Host] = append(w.starts[r.URL.Host], st)
	}
	w.mu.Unlock()
	select {
	case <-time.After(host.latency):
	case <-r.Context().Done():
		return nil, r.Context().Err()
	}
	h := http.Header{"Content-Type": {"text/html"}}
	for k, v := range a.header {
		h.Set(k, v)
	}
	return &http.Response{
		Status: http.StatusText(a.status), StatusCode: a.status, Proto: "HTTP/1.1", Header: h,
		Body: io.NopCloser(bytes.NewReader([]byte(a.body))), Request: r,
	}, nil
}

// simCrawl opens a crawler of w in a bubble of simulated time.
func simCrawl(t *testing.T, w *simWorld, cfg Config, sink dateline.Sink, sources ...Source) *Crawler {
	t.Helper()
	old := clockStart
	clockStart = time.Now() // the bubble's
	c, err := open(inMemory, cfg, simExtract, sink, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	if err := c.front.setSources(sources, true); err != nil {
		t.Fatal(err)
	}
	c.transport = watch{w, c.hosts}
	t.Cleanup(func() {
		c.Close()
		clockStart = old
	})
	return c
}

func simExtract(body []byte, _, _ string) (*Page, error) {
	title, text, _ := strings.Cut(string(body), "\n")
	return &Page{Article: &dateline.Article{Title: title, Body: text}}, nil
}

type nowhere struct{}

func (nowhere) Add(context.Context, *dateline.Article) error { return nil }

// simUntil crawls for some simulated time.
func simUntil(t *testing.T, c *Crawler, d time.Duration) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), d)
	defer cancel()
	if err := c.Run(ctx); err != nil {
		t.Fatal(err)
	}
	c.Close()
}

// TestPoliteRequests makes some ten thousand requests to a hundred hosts, of which
// some have a Crawl-delay, answer slowly, or ask for a pause, in seconds or by
// a date: not one begins too early.
func TestPoliteRequests(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := &simWorld{hosts: map[string]*simHost{}, starts: map[string][]simStart{}}
		cfg := Config{Delay: 2 * time.Second, Concurrency: 32, Timeout: 40 * time.Second}
		var src []Source
		asks := map[string]time.Duration{} // Crawl-delay
		for i := range 100 {
			name := fmt.Sprintf("h%02d.example", i)
			rules := "User-agent: *\nDisallow: /private/\n"
			if i%5 == 1 {
				asks[name] = time.Duration(3+i%10) * time.Second
				rules += fmt.Sprintf("Crawl-delay: %d\n", int(asks[name].Seconds()))
			}
			w.hosts[name] = &simHost{
				latency: []time.Duration{20, 90, 300, 1500, 9000}[i%5] * time.Millisecond,
				answer: func(r *http.Request, n int, now time.Time) simAnswer {
					switch {
					case r.URL.Path == "/robots.txt":
						return simAnswer{status: 200, body: rules}
					case i%4 == 2 && n%17 == 5:
						return simAnswer{status: 429, header: map[string]string{"Retry-After": fmt.Sprint(7 + n)}}
					case i%4 == 3 && n%23 == 9:
						return simAnswer{status: 503, header: map[string]string{"Retry-After": now.Add(time.Minute).UTC().Format(http.TimeFormat)}}
					}
					return simAnswer{status: 200, body: "Title\nText."}
				},
			}
			for j := range 100 {
				src = append(src, Source{Kind: "urls", Value: fmt.Sprintf("http://%s/news/%d", name, j)})
			}
		}
		c := simCrawl(t, w, cfg, nowhere{}, src...)
		simUntil(t, c, time.Hour)

		requests, early := 0, 0
		for name, starts := range w.starts {
			requests += len(starts)
			var pause time.Time
			for i, s := range starts[1:] {
				last := starts[i]
				want := last.at.Add(max(2*time.Second, asks[name], min(5*last.latency, maxSlow)))
				if last.retry.After(pause) {
					pause = last.retry
				}
				if pause.After(want) {
					want = pause
				}
				if s.at.Before(want) {
					early++
					if early < 10 {
						t.Errorf("%s: request %d for %s is %v early", name, i+1, s.path, want.Sub(s.at))
					}
				}
			}
		}
		t.Logf("%d requests to %d hosts, %d too early", requests, len(w.starts), early)
		if requests < 10000 || len(w.starts) != 100 {
			t.Errorf("%d requests to %d hosts, want 10,000 to 100", requests, len(w.starts))
		}
	})
}

// TestSlowHost has one host of fifty answer after 30 s: the others are asked
// as often as without it.
func TestSlowHost(t *testing.T) {
	asked := func(slow time.Duration) (others int) {
		synctest.Test(t, func(t *testing.T) {
			w := &simWorld{hosts: map[string]*simHost{}, starts: map[string][]simStart{}}
			var src []Source
			for i := range 50 {
				name := fmt.Sprintf("h%02d.example", i)
				w.hosts[name] = &simHost{latency: 100 * time.Millisecond, answer: func(*http.Request, int, time.Time) simAnswer {
					return simAnswer{status: 200, body: "Title\nText."}
				}}
				for j := range 200 {
					src = append(src, Source{Kind: "urls", Value: fmt.Sprintf("http://%s/news/%d", name, j)})
				}
			}
			w.hosts["h00.example"].latency = slow
			c := simCrawl(t, w, Config{Concurrency: 4, Timeout: 40 * time.Second}, nowhere{}, src...)
			simUntil(t, c, 150*time.Second)
			for name, starts := range w.starts {
				if name != "h00.example" {
					others += len(starts)
				}
			}
			if n := len(w.starts["h00.example"]); slow > 10*time.Second && (n < 2 || n > 5) {
				t.Errorf("the slow host was asked %d times", n)
			}
		})
		return others
	}
	without, with := asked(100*time.Millisecond), asked(30*time.Second)
	t.Logf("requests to the others in 150 s: %d, beside a slow host %d (%.2f %%)", without, with, 100*float64(with)/float64(without))
	if without < 49*65 || float64(with) < 0.98*float64(without) {
		t.Errorf("%d requests to the others beside a slow host, %d without: want 98 %% at least", with, without)
	}
}
