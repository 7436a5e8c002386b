package crawler

import (
	"container/heap"
	"math/rand/v2"
	"sync"
	"time"
)

// hostTable knows when each host may be asked next, and has the hosts that
// have something to fetch in the order of that time. A host is asked by one
// worker at a time.
//
// The scheduler takes hosts out and releases them again; workers tell what
// they met with. All methods are safe for use by several goroutines.
type hostTable struct {
	mu     sync.Mutex
	floor  time.Duration // least time between the starts of two requests
	budget int           // requests to one host in a UTC day; 0 is no limit
	m      map[string]*hostState
	queue  hostQueue
	addrs  map[string]*addrState

	learned    map[*hostState]bool // to be saved
	lastAnswer time.Time           // when any site answered: our own line works
}

// hostState is what is known of one host.
type hostState struct {
	name string
	due  int64 // earliest due time of its addresses in the frontier, in Unix milliseconds; never without one
	busy bool  // a worker is at it
	at   int   // place in the queue; -1 if it does not wait

	next   time.Time // no request begins before
	why    string    // what next waits for; empty if for the delay alone
	hold   time.Time // not taken before: its server, or the rest of the day's budget, is for others
	last   time.Time // start of the last request
	jitter float64   // of the delay after it, as a share

	gap   time.Duration // between the starts of two requests, by all of these
	delay time.Duration // Crawl-delay
	slow  time.Duration // what a slow answer asks for

	tired int // how often it said that it is asked too much, less how often it answered since
	fails int // connections in a row that came to nothing
	rests int // rests in a row for that

	day  int64 // UTC day that used counts, in days since 1970
	used int   // requests of that day

	addr    *addrState // server that it was last found at; nil if not known
	counted bool       // it is one of addr.busy
}

func newHostTable(floor time.Duration, budget int) *hostTable {
	return &hostTable{floor: floor, budget: budget, m: map[string]*hostState{}, addrs: map[string]*addrState{}, learned: map[*hostState]bool{}}
}

func (h *hostTable) get(host string) *hostState {
	s := h.m[host]
	if s == nil {
		s = &hostState{name: host, due: never, at: -1}
		h.m[host] = s
	}
	return s
}

// ready is when the host can be taken: something of it is due, and it may be
// asked.
func (s *hostState) ready() time.Time {
	at := time.UnixMilli(s.due)
	if s.next.After(at) {
		at = s.next
	}
	if s.hold.After(at) {
		at = s.hold
	}
	return at
}

// hostQueue is a heap of hosts by ready.
type hostQueue []*hostState

func (q hostQueue) Len() int           { return len(q) }
func (q hostQueue) Less(i, j int) bool { return q[i].ready().Before(q[j].ready()) }
func (q hostQueue) Swap(i, j int) {
	q[i], q[j] = q[j], q[i]
	q[i].at, q[j].at = i, j
}

// Push is heap.Interface's.
func (q *hostQueue) Push(x any) {
	s := x.(*hostState)
	s.at = len(*q)
	*q = append(*q, s)
}

// Pop is heap.Interface's.
func (q *hostQueue) Pop() any {
	old := *q
	s := old[len(old)-1]
	old[len(old)-1] = nil
	*q = old[:len(old)-1]
	s.at = -1
	return s
}

// place puts the host where it belongs after a change.
func (h *hostTable) place(s *hostState) {
	waits := !s.busy && s.due < never
	switch {
	case s.at >= 0 && waits:
		heap.Fix(&h.queue, s.at)
	case s.at >= 0:
		heap.Remove(&h.queue, s.at)
	case waits:
		heap.Push(&h.queue, s)
	}
}

// take gives up to room hosts that may be asked now and marks them as busy.
func (h *hostTable) take(now time.Time, room int) (claims []claim) {
	h.mu.Lock()
	defer h.mu.Unlock()
	for len(claims) < room && len(h.queue) > 0 && !h.queue[0].ready().After(now) {
		s := h.queue[0]
		if until := h.spent(s, now); until.After(now) {
			h.rest(s, until, whyBudget)
			continue
		}
		if until := s.addr.free(now); until.After(now) {
			s.hold = until
			h.place(s)
			continue
		}
		h.claim(s, now)
		c := claim{host: s.name, fresh: h.budget > 0 && s.used >= h.budget/2, state: *s}
		// As if the request began just now, with some slack: a crash must not make
		// the next one come early.
		c.state.used++
		c.state.gap = max(h.floor, s.delay, s.slow)
		c.state.next = now.Add(c.state.gap + h.floor/10)
		claims = append(claims, c)
	}
	return claims
}

// claim marks a host as busy.
func (h *hostTable) claim(s *hostState, now time.Time) {
	s.busy, s.why, s.hold = true, "", time.Time{}
	h.enter(s, now)
	h.place(s)
}

// rest keeps a host unasked until a time.
func (h *hostTable) rest(s *hostState, until time.Time, why string) {
	s.next, s.why = until, why
	h.learned[s] = true
	h.place(s)
}

// idle ends a claim for which there was nothing to do. due is the host's
// earliest due time, source that of its sources: what is due and can wait is
// left until the next of them, or for another day.
func (h *hostTable) idle(c claim, due, source int64) {
	h.release(c.host, due)
	if !c.fresh || due > steady().UnixMilli() {
		return
	}
	until := time.Unix((c.state.day+1)*86400, 0)
	if t := time.UnixMilli(source); t.Before(until) {
		until = t
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	s := h.get(c.host)
	s.hold, s.why = until, whyHalf
	h.learned[s] = true
	h.place(s)
}

// changed gives the hosts of which something was learned that a restart
// should know, each once.
func (h *hostTable) changed() []hostState {
	h.mu.Lock()
	defer h.mu.Unlock()
	var list []hostState
	for s := range h.learned {
		list = append(list, *s)
	}
	clear(h.learned)
	return list
}

// unsaved takes back what changed gave and could not be written.
func (h *hostTable) unsaved(list []hostState) {
	h.mu.Lock()
	defer h.mu.Unlock()
	for i := range list {
		h.learned[h.get(list[i].name)] = true
	}
}

// recall enters what a former run knew of a host.
func (h *hostTable) recall(known hostState) {
	h.mu.Lock()
	defer h.mu.Unlock()
	s := h.get(known.name)
	s.next, s.why, s.delay, s.tired = known.next, known.why, known.delay, known.tired
	s.fails, s.rests, s.day, s.used = known.fails, known.rests, known.day, known.used
	h.place(s)
}

// first is when the first host can be taken; zero if none waits.
func (h *hostTable) first() time.Time {
	h.mu.Lock()
	defer h.mu.Unlock()
	if len(h.queue) == 0 {
		return time.Time{}
	}
	return h.queue[0].ready()
}

// release ends what take or turn began; due is the host's earliest due time.
func (h *hostTable) release(host string, due int64) {
	h.mu.Lock()
	defer h.mu.Unlock()
	s := h.get(host)
	s.busy, s.due = false, due
	h.leave(s)
	h.place(s)
}

// found lets a host wait for an address that is due then.
func (h *hostTable) found(host string, due int64) {
	h.mu.Lock()
	defer h.mu.Unlock()
	s := h.get(host)
	s.due, s.hold = min(s.due, due), time.Time{}
	h.place(s)
}

// started notes the start of a request.
func (h *hostTable) started(host string, at time.Time) {
	h.mu.Lock()
	defer h.mu.Unlock()
	s := h.get(host)
	s.today(at)
	s.used++
	// A little more each time, so that requests fall into no rhythm with those
	// of others.
	s.last, s.jitter = at, rand.Float64()/10
	if s.counted {
		s.addr.next = at.Add(s.addr.gap)
	}
	h.settle(s)
}

// settle keeps the delay from the start of the last request.
func (h *hostTable) settle(s *hostState) {
	if s.last.IsZero() {
		return
	}
	s.gap = max(h.floor, s.delay, s.slow)
	if n := s.last.Add(s.gap + time.Duration(s.jitter*float64(s.gap))); n.After(s.next) {
		s.next = n
		h.place(s)
	}
}

// setDelay notes a Crawl-delay, which counts from the last request on, also
// after a crash.
func (h *hostTable) setDelay(host string, d time.Duration) {
	h.mu.Lock()
	defer h.mu.Unlock()
	s := h.get(host)
	if s.delay != d {
		s.delay = d
		h.learned[s] = true
	}
	h.settle(s)
}

// waited notes how long the host let us wait for its answer: it gets five
// times as long to recover, to a cap.
func (h *hostTable) waited(host string, d time.Duration) {
	h.mu.Lock()
	defer h.mu.Unlock()
	s := h.get(host)
	s.slow = min(5*d, maxSlow)
	h.settle(s)
	if s.slow > max(h.floor, s.delay) { // else a restart knows enough from when the host was taken
		h.learned[s] = true
	}
}

// push keeps the host unasked until a time, and says why.
func (h *hostTable) push(host string, until time.Time, why string) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if s := h.get(host); until.After(s.next) {
		h.rest(s, until, why)
	}
}
