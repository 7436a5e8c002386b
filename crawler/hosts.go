package crawler

import (
	"sync"
	"time"
)

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
