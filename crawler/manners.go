package crawler

import (
	"context"
	"errors"
	"io"
	"math/rand/v2"
	"net"
	"net/http"
	"strings"
	"time"
)

const (
	busyPause = 2 * time.Minute // after the first 429 or 503 without Retry-After
	busyMax   = 6 * time.Hour

	maxSlow = time.Minute // the most that a slow answer adds to the delay

	deadAfter = 3 // connections in a row that came to nothing, before a host rests
	deadPause = offlineRetry
	deadMax   = 24 * time.Hour
	lineFresh = 5 * time.Minute // how long an answer of any site shows that our own line works

	perAddress  = 2 // requests under way to one server at once, whatever its hosts are called
	addressPart = 4 // and this many may begin in the time of one delay
	maxAddrs    = 1 << 16
)

// What a host waits for beyond its delay, as Stats tells.
const (
	whyRetryAfter = "retry_after"        // it said for how long
	whyOverloaded = "overloaded"         // 429 or 503 without a time
	whyDead       = "dead"               // no connection, several times in a row
	whyRobots     = "robots_unreachable" // its robots.txt cannot be had
	whyBudget     = "budget"             // the day's requests are used up
	whyHalf       = "half_budget"        // half of them are, and what else is due is old
)

var (
	errWait = errors.New("the host asked to be left alone for longer than this may take")

	// errCrowded marks a dial that would have been one too many for a server.
	errCrowded = errors.New("too many requests to this server")
)

// addrState is one server, which may go by many hosts' names.
type addrState struct {
	busy int // hosts at it that are being asked
	next time.Time
	gap  time.Duration
}

// free is when one more request to the server may begin.
func (a *addrState) free(now time.Time) time.Time {
	if a == nil {
		return now
	}
	if a.busy >= perAddress {
		return now.Add(max(a.gap, 20*time.Millisecond))
	}
	return a.next
}

// enter counts a host that is going to be asked at its server.
func (h *hostTable) enter(s *hostState, now time.Time) {
	if s.addr == nil || s.counted {
		return
	}
	s.counted = true
	s.addr.busy++
	s.addr.next = now.Add(s.addr.gap)
}

func (h *hostTable) leave(s *hostState) {
	if s.counted {
		s.counted = false
		s.addr.busy--
	}
}

// stepAside gives the place of a host at its server to others, for a task that
// asks nothing more of it.
func (h *hostTable) stepAside(host string) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.leave(h.get(host))
}

// dialled tells that a host was found at a server, before the connection is
// made; errCrowded if that must wait, which the scheduler then sees to.
func (h *hostTable) dialled(host, addr string, now time.Time) error {
	h.mu.Lock()
	defer h.mu.Unlock()
	s := h.get(host)
	a := h.addrs[addr]
	if a == nil {
		if len(h.addrs) >= maxAddrs { // forget those that nobody waits for
			for k, x := range h.addrs {
				if x.busy == 0 && x.next.Before(now) {
					delete(h.addrs, k)
				}
			}
		}
		a = &addrState{gap: h.floor / addressPart}
		h.addrs[addr] = a
	}
	if s.addr == a && s.counted {
		return nil
	}
	h.leave(s)
	s.addr = a
	if until := a.free(now); until.After(now) {
		s.hold = until
		return errCrowded
	}
	if a.next = now.Add(a.gap); s.busy { // else nobody will release it
		h.enter(s, now)
	}
	return nil
}

func dayOf(t time.Time) int64 { return t.Unix() / 86400 }

// today begins a new count of requests when the day is another.
func (s *hostState) today(now time.Time) {
	if day := dayOf(now); day != s.day {
		s.day, s.used = day, 0
	}
}

// spent is when a host may be asked again whose requests of the day are used
// up; else now.
func (h *hostTable) spent(s *hostState, now time.Time) time.Time {
	s.today(now)
	if h.budget <= 0 || s.used < h.budget {
		return now
	}
	return time.Unix((s.day+1)*86400, 0).Add(rand.N(time.Minute))
}

// failed notes that no connection to the host came about. After several in a
// row the host rests, longer each time; until is the end of that rest, and
// zero before. A rest grows only while other sites answer: else it is most
// often our own line that is down, and all hosts would be given up at once.
func (h *hostTable) failed(host string, now time.Time) (until time.Time) {
	h.mu.Lock()
	defer h.mu.Unlock()
	s := h.get(host)
	s.fails++
	if s.fails < deadAfter {
		return time.Time{}
	}
	if now.Sub(h.lastAnswer) < lineFresh {
		s.rests = min(s.rests+1, 12)
	}
	rest := min(deadPause<<max(s.rests-1, 0), deadMax)
	h.rest(s, now.Add(rest+rand.N(rest/10)), whyDead)
	return s.next
}

// dead tells whether the host rests because no connection to it came about,
// and until when.
func (h *hostTable) dead(host string) (until time.Time, dead bool) {
	h.mu.Lock()
	defer h.mu.Unlock()
	s := h.get(host)
	return s.next, s.why == whyDead
}

// alive notes that the host answered something.
func (h *hostTable) alive(host string, now time.Time) {
	h.mu.Lock()
	defer h.mu.Unlock()
	s := h.get(host)
	if s.fails > 0 {
		s.fails, s.rests = 0, 0
		h.learned[s] = true
	}
	h.lastAnswer = now
}

// overloaded tells how long a host rests that said 429 or 503 without saying
// for how long: twice as long each time, with some jitter so that several
// crawlers do not come back together.
func (h *hostTable) overloaded(host string) time.Duration {
	h.mu.Lock()
	defer h.mu.Unlock()
	s := h.get(host)
	d := busyMax
	if s.tired < 8 {
		d = min(busyPause<<s.tired, busyMax)
		s.tired++
		h.learned[s] = true
	}
	return d + rand.N(d/10)
}

// answered lets what overloaded learned fade.
func (h *hostTable) answered(host string) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if s := h.get(host); s.tired > 0 {
		s.tired--
		h.learned[s] = true
	}
}

// turn waits until the host may be asked and nobody else asks it, and claims
// it. It does not wait beyond the deadline of ctx: that is errWait at once.
func (h *hostTable) turn(ctx context.Context, host string) error {
	for {
		h.mu.Lock()
		s := h.get(host)
		now := steady()
		at := s.next
		if s.hold.After(at) {
			at = s.hold
		}
		if f := s.addr.free(now); f.After(at) {
			at = f
		}
		wait := at.Sub(now)
		if !s.busy && wait <= 0 {
			h.claim(s, now)
			h.mu.Unlock()
			return nil
		}
		h.mu.Unlock()
		if end, ok := ctx.Deadline(); ok && time.Until(end) < wait {
			return errWait
		}
		select {
		case <-time.After(max(wait, 20*time.Millisecond)):
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}

// reserve books the next start of a request to host, for one that another
// host's answer asks for, and waits for it and for its server, as far as that
// is known; errWait if that is further away than a Crawl-delay can be.
func (h *hostTable) reserve(ctx context.Context, host string) error {
	h.mu.Lock()
	s := h.get(host)
	now := steady()
	at := s.addr.free(now)
	if s.next.After(at) {
		at = s.next
	}
	if at.Sub(now) > maxCrawlDelay {
		h.mu.Unlock()
		return errWait
	}
	s.next = at.Add(max(h.floor, s.delay, s.slow))
	h.place(s)
	h.mu.Unlock()
	select {
	case <-time.After(at.Sub(now)):
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// watch tells the hosts' table of each request: when it began, how long the
// site let us wait, and whether there was a connection at all.
type watch struct {
	http.RoundTripper
	hosts *hostTable
}

func (w watch) RoundTrip(r *http.Request) (*http.Response, error) {
	host := strings.ToLower(r.URL.Host)
	start := steady()
	w.hosts.started(host, start)
	res, err := w.RoundTripper.RoundTrip(r)
	now := steady()
	if err != nil {
		var op *net.OpError
		switch why := reasonOf(err); {
		case errors.Is(context.Cause(r.Context()), errAgain):
			w.hosts.failed(host, now)
		case errors.Is(err, errCrowded), errors.Is(r.Context().Err(), context.Canceled):
		case why == "dns", why == "network", errors.As(err, &op) && op.Op == "dial" && why == "timeout":
			w.hosts.failed(host, now)
		case why == "timeout":
			w.hosts.waited(host, now.Sub(start))
		}
		return nil, err
	}
	w.hosts.alive(host, now)
	res.Body = &watchedBody{ReadCloser: res.Body, hosts: w.hosts, host: host, waited: now.Sub(start)}
	return res, nil
}

// CloseIdleConnections ends the connections that are kept.
func (w watch) CloseIdleConnections() {
	if t, ok := w.RoundTripper.(interface{ CloseIdleConnections() }); ok {
		t.CloseIdleConnections()
	}
}

// watchedBody adds up the time in which a body was waited for. What we do with
// it in the meantime is not the site's.
type watchedBody struct {
	io.ReadCloser
	hosts  *hostTable
	host   string
	waited time.Duration
}

func (b *watchedBody) Read(p []byte) (int, error) {
	start := time.Now()
	n, err := b.ReadCloser.Read(p)
	b.waited += time.Since(start)
	return n, err
}

func (b *watchedBody) Close() error {
	b.hosts.waited(b.host, b.waited)
	return b.ReadCloser.Close()
}
