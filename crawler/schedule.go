package crawler

import (
	"context"
	"errors"
	"sync"
	"time"
)

// horizon is how far ahead RunOnce waits for what falls due.
const horizon = time.Minute

// Run crawls until ctx ends, and then returns nil.
func (c *Crawler) Run(ctx context.Context) error { return c.run(ctx, false) }

// RunOnce crawls until nothing falls due within a minute. With now, all
// sources and articles are taken as due at the start.
func (c *Crawler) RunOnce(ctx context.Context, now bool) error {
	if now {
		if err := c.front.allDue(steady().UnixMilli()); err != nil {
			return err
		}
	}
	return c.run(ctx, true)
}

// run is the scheduler. It hands out an address only when its host may be
// asked, so that a worker never waits for a host.
func (c *Crawler) run(parent context.Context, once bool) error {
	if !c.running.TryLock() {
		return ErrRunning
	}
	defer c.running.Unlock()
	ctx, cancel := context.WithCancel(parent)
	defer cancel()

	tasks := make(chan *task)
	done := make(chan error, c.cfg.Concurrency)
	var workers sync.WaitGroup
	for range c.cfg.Concurrency {
		workers.Go(func() {
			for t := range tasks {
				host := t.host
				err := c.work(ctx, t)
				c.hosts.release(host)
				done <- err
			}
		})
	}
	err := c.schedule(ctx, once, tasks, done)
	cancel() // after an error, the rest is put back
	close(tasks)
	go func() { workers.Wait(); close(done) }()
	for e := range done {
		if err == nil {
			err = e
		}
	}
	if parent.Err() != nil {
		if once {
			return parent.Err()
		}
		return nil
	}
	return err
}

func (c *Crawler) schedule(ctx context.Context, once bool, tasks chan<- *task, done <-chan error) error {
	flying := 0
	var rest time.Time // nothing is handed out before: the disk is full
	for {
		wake := steady().Add(5 * time.Second)
		if !rest.IsZero() && steady().After(rest) && flying == 0 {
			// What could not be written is still leased; this also tries whether there is room.
			if err := c.front.endLeases(); diskFull(err) {
				rest = steady().Add(c.fullPause)
			} else if err != nil {
				return err
			} else {
				rest = time.Time{}
				c.log.Info("crawl goes on")
			}
		}
		if !rest.IsZero() {
			if flying == 0 || steady().Before(rest) {
				wake = rest
			}
		} else if flying < c.cfg.Concurrency {
			next, n, err := c.handOut(ctx, tasks, c.cfg.Concurrency-flying)
			if err != nil {
				return err
			}
			flying += n
			if once && flying == 0 && (next.IsZero() || next.Sub(steady()) > horizon) {
				return nil
			}
			if !next.IsZero() && next.Before(wake) {
				wake = next
			}
		}
		timer := time.NewTimer(max(wake.Sub(steady()), time.Millisecond))
		select {
		case <-ctx.Done():
			timer.Stop()
			return nil
		case err := <-done:
			flying--
			var full *StorageError
			if errors.As(err, &full) && !once {
				if steady().After(rest) {
					c.log.Error("crawl pauses", "for", c.fullPause, "error", err)
				}
				rest = steady().Add(c.fullPause)
			} else if err != nil {
				timer.Stop()
				return err
			}
		case <-c.wake:
		case <-timer.C:
		}
		timer.Stop()
	}
}

// handOut leases up to room addresses of hosts that are ready. next is when
// the earliest of the others can be had; zero if there are none.
func (c *Crawler) handOut(ctx context.Context, tasks chan<- *task, room int) (next time.Time, n int, err error) {
	now := steady()
	hosts, err := c.front.dueHosts(now.UnixMilli())
	if err != nil {
		return next, 0, err
	}
	for host, due := range hosts {
		ready, busy := c.hosts.state(host)
		at := time.UnixMilli(due)
		if ready.After(at) {
			at = ready
		}
		if !at.After(now) && !busy && n < room {
			lease := now.Add(2*c.cfg.Timeout + robotsMaxHops*maxCrawlDelay)
			t, err := c.front.lease(host, now.UnixMilli(), lease.UnixMilli())
			if err != nil {
				return next, n, err
			}
			if t != nil {
				c.hosts.claim(host)
				select {
				case tasks <- t:
					n++
				case <-ctx.Done():
					return next, n, nil // the lease ends at the next Open
				}
				continue
			}
		}
		if busy || !at.After(now) {
			continue // looked at again when a worker is done
		}
		if next.IsZero() || at.Before(next) {
			next = at
		}
	}
	return next, n, nil
}
