package api

import (
	"math"
	"sync"
	"time"
)

// maxClients bounds the limiter's memory.
const maxClients = 10000

type bucket struct {
	tokens float64
	last   time.Time
}

// limiter is a token bucket per client: a minute's allowance at once, then
// evenly refilled.
type limiter struct {
	mu      sync.Mutex
	perMin  float64
	clients map[string]*bucket
	now     func() time.Time
}

func newLimiter(perMinute int) *limiter {
	return &limiter{perMin: float64(perMinute), clients: map[string]*bucket{}, now: time.Now}
}

// allow takes a token; if there is none it says in how many seconds there will be.
func (l *limiter) allow(client string) (ok bool, retryAfter int) {
	l.mu.Lock()
	defer l.mu.Unlock()
	now := l.now()
	b := l.clients[client]
	if b == nil {
		if len(l.clients) >= maxClients {
			l.evict(now)
		}
		b = &bucket{tokens: l.perMin, last: now}
		l.clients[client] = b
	}
	b.tokens = min(l.perMin, b.tokens+now.Sub(b.last).Minutes()*l.perMin)
	b.last = now
	if b.tokens >= 1 {
		b.tokens--
		return true, 0
	}
	return false, max(1, int(math.Ceil((1-b.tokens)/l.perMin*60)))
}

// evict forgets clients whose bucket is full again; if there are none, any tenth.
func (l *limiter) evict(now time.Time) {
	for k, b := range l.clients {
		if now.Sub(b.last) >= time.Minute {
			delete(l.clients, k)
		}
	}
	for k := range l.clients {
		if len(l.clients) < maxClients*9/10 {
			return
		}
		delete(l.clients, k)
	}
}
