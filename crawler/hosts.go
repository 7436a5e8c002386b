package crawler

import (
	"context"
	"errors"
	"math/rand/v2"
	"sync"
	"time"
)

const (
	busyPause = 2 * time.Minute // after the first 429 or 503 without Retry-After
	busyMax   = 6 * time.Hour
)

var errWait = errors.New("the host asked to be left alone for longer than this may take")

// hostTable keeps when each host may be asked next, and that it is asked by
// one worker at a time.
type hostTable struct {
	mu    sync.Mutex
	floor time.Duration
	m     map[string]*hostState
}

type hostState struct {
	next  time.Time
	delay time.Duration // Crawl-delay, if above the floor
	busy  bool
	tired int // how often it said that it is asked too much, less how often it answered since
}

func newHostTable(floor time.Duration) *hostTable {
	return &hostTable{floor: floor, m: map[string]*hostState{}}
}

func (h *hostTable) get(host string) *hostState {
	s := h.m[host]
	if s == nil {
		s = &hostState{}
		h.m[host] = s
	}
	return s
}

// state gives when the host may be asked and whether it is being asked.
func (h *hostTable) state(host string) (next time.Time, busy bool) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if s := h.m[host]; s != nil {
		return s.next, s.busy
	}
	return time.Time{}, false
}

func (h *hostTable) claim(host string) {
	h.mu.Lock()
	h.get(host).busy = true
	h.mu.Unlock()
}

func (h *hostTable) release(host string) {
	h.mu.Lock()
	h.get(host).busy = false
	h.mu.Unlock()
}

// started notes the start of a request. It is called again when a site's
// Crawl-delay becomes known, counted from that same start.
func (h *hostTable) started(host string, at time.Time) {
	h.mu.Lock()
	s := h.get(host)
	if n := at.Add(max(h.floor, s.delay)); n.After(s.next) {
		s.next = n
	}
	h.mu.Unlock()
}

func (h *hostTable) setDelay(host string, d time.Duration) {
	h.mu.Lock()
	h.get(host).delay = d
	h.mu.Unlock()
}

// push keeps the host unasked until a time: Retry-After.
func (h *hostTable) push(host string, until time.Time) {
	h.mu.Lock()
	if s := h.get(host); until.After(s.next) {
		s.next = until
	}
	h.mu.Unlock()
}

// turn waits until the host may be asked and nobody else asks it, and claims
// it. It does not wait beyond the deadline of ctx: that is errWait at once.
func (h *hostTable) turn(ctx context.Context, host string) error {
	for {
		h.mu.Lock()
		s := h.get(host)
		wait := time.Until(s.next)
		if !s.busy && wait <= 0 {
			s.busy = true
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
// host's answer asks for, and waits for it; errWait if that is further away
// than a Crawl-delay can be.
func (h *hostTable) reserve(ctx context.Context, host string) error {
	h.mu.Lock()
	s := h.get(host)
	at := steady()
	if s.next.After(at) {
		at = s.next
	}
	if time.Until(at) > maxCrawlDelay {
		h.mu.Unlock()
		return errWait
	}
	s.next = at.Add(max(h.floor, s.delay))
	h.mu.Unlock()
	select {
	case <-time.After(time.Until(at)):
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
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
	}
	return d + rand.N(d/10)
}

// answered lets what overloaded learned fade.
func (h *hostTable) answered(host string) {
	h.mu.Lock()
	if s := h.get(host); s.tired > 0 {
		s.tired--
	}
	h.mu.Unlock()
}
