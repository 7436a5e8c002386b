package crawler

import (
	"context"
	"errors"
	"fmt"
	"runtime"
	"sync"
	"time"
)

// heapFloor is what the heap may grow between two collections, at least.
const heapFloor = 64 << 20

// asidePerWorker bounds the tasks that wait for the turn of another host, each
// with the page or list in memory for which it does.
const asidePerWorker = 4

// asidePause is how long a task rests that was one too many to stand aside.
const asidePause = 15 * time.Second

// errAside is what such a task is given.
var errAside = fmt.Errorf("%w: too many tasks wait for other hosts", errCrowded)

// horizon is how far ahead RunOnce waits for what falls due.
const horizon = time.Minute

// Run crawls until ctx ends, and then returns nil.
func (c *Crawler) Run(ctx context.Context) error { return c.run(ctx, false) }

// RunOnce crawls until nothing falls due within a minute. What went well in
// this run is not looked at again in it. With now, all sources and articles
// are taken as due at the start.
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
	var limit int64
	if once {
		limit = steady().Add(horizon).UnixMilli()
	}
	c.front.setLimit(limit)
	if err := c.loadHosts(); err != nil {
		return err
	}
	// The trees of pages are much garbage beside little that stays, for which the
	// collector would run all the time. This never becomes resident, and lets the
	// heap grow by as much before it runs.
	ballast := make([]byte, heapFloor)
	defer runtime.KeepAlive(ballast)

	most := c.cfg.Concurrency * (1 + asidePerWorker)
	c.slots = make(chan struct{}, c.cfg.Concurrency)
	s := &scheduler{c: c, once: once, tasks: make(chan *task), done: make(chan result, most)}
	var workers sync.WaitGroup
	for range most {
		workers.Go(func() {
			for t := range s.tasks {
				c.slots <- struct{}{}
				o := c.work(ctx, t)
				<-c.slots
				s.done <- result{t, o}
			}
		})
	}
	err := s.loop(ctx)
	cancel() // after an error, the rest is put back
	close(s.tasks)
	go func() { workers.Wait(); close(s.done) }()
	var rest []result
	for r := range s.done {
		rest = append(rest, r)
	}
	err = errors.Join(err, s.settle(rest, nil))
	c.written(rest)
	if parent.Err() != nil {
		if once {
			return parent.Err()
		}
		return nil
	}
	return err
}

// loadHosts enters every host that has something due, and what a former run
// knew of it. What a run of this process learned stays.
func (c *Crawler) loadHosts() error {
	if !c.loaded {
		if err := c.front.knownHosts(steady(), c.hosts.recall); err != nil {
			return err
		}
		c.loaded = true
	}
	return c.front.eachHost(func(host string, due int64) { c.hosts.release(host, due) })
}

// scheduler is one run.
type scheduler struct {
	c      *Crawler
	once   bool
	tasks  chan *task
	done   chan result
	flying int       // tasks that workers have
	rest   time.Time // nothing is handed out before: the disk is full
}

func (s *scheduler) loop(ctx context.Context) error {
	var got []result
	for {
		now := steady()
		room := s.room()
		if s.resting(now) {
			room = 0
		}
		claims := s.c.hosts.take(now, room)
		if err := s.turn(ctx, got, claims); err != nil {
			return err
		}
		if ended(ctx) {
			return nil
		}
		got = got[:0]
		next := s.c.hosts.first()
		if s.once && s.flying == 0 && !s.resting(now) && (next.IsZero() || next.Sub(steady()) > horizon) {
			return nil
		}
		got = s.wait(ctx, next, got)
		if ended(ctx) {
			defer s.c.written(got)
			return s.settle(got, nil)
		}
	}
}

// room is how many more tasks may be handed out: those that stand aside leave
// their place to others.
func (s *scheduler) room() int {
	return max(s.c.cfg.Concurrency+int(s.c.aside.Load())-s.flying, 0)
}

// crowdedTries is how often a request to another host is begun anew whose
// server has no place for it.
const crowdedTries = 10

// askOther waits until a host may be asked on the way of a task that is another
// host's, and asks: for a robots.txt that is elsewhere, say. Often both are at
// one server, which shows at the dial only and may have to wait. The task is not
// put back for that, or it would begin with the same requests and come to the
// same point, for ever. own is the host of the task, which asks its server for
// nothing meanwhile.
func (c *Crawler) askOther(ctx context.Context, own, host string, ask func() error) error {
	c.hosts.stepAside(own)
	for try := 1; ; try++ {
		err := c.reserve(ctx, host)
		if err == nil {
			err = ask()
		}
		if try == crowdedTries || !errors.Is(err, errCrowded) || errors.Is(err, errAside) {
			return err
		}
	}
}

// reserve waits for the turn of such a host. Meanwhile the worker's place
// is another's, so that a host that waits never holds one. Where too many wait
// so already, it is errAside at once.
func (c *Crawler) reserve(ctx context.Context, host string) error {
	if c.slots == nil { // a Visitor's
		return c.hosts.reserve(ctx, host)
	}
	if c.aside.Add(1) > int64(c.cfg.Concurrency*asidePerWorker) {
		c.aside.Add(-1)
		return errAside
	}
	<-c.slots
	c.rouse()
	err := c.hosts.reserve(ctx, host)
	c.slots <- struct{}{}
	c.aside.Add(-1)
	return err
}

func ended(ctx context.Context) bool { return ctx.Err() != nil }

func (s *scheduler) resting(now time.Time) bool {
	if s.rest.IsZero() {
		return false
	}
	if now.Before(s.rest) || s.flying > 0 {
		return true
	}
	s.rest = time.Time{}
	s.c.log.Info("crawl goes on")
	return false
}

// wait waits for workers, or until a host can be asked, and gathers what is
// done.
func (s *scheduler) wait(ctx context.Context, next time.Time, got []result) []result {
	now := steady()
	wake := now.Add(5 * time.Second)
	switch {
	case !s.rest.IsZero():
		wake = s.rest
		if s.flying > 0 && wake.Before(now) {
			wake = now.Add(time.Second)
		}
	case s.room() > 0 && !next.IsZero() && next.Before(wake):
		wake = next
	}
	timer := time.NewTimer(wake.Sub(now))
	defer timer.Stop()
	select {
	case <-ctx.Done():
		return got
	case r := <-s.done:
		got = append(got, r)
	case <-s.c.wake:
		return got
	case <-timer.C:
		return got
	}
	for { // and what else came meanwhile, for one transaction
		select {
		case r := <-s.done:
			got = append(got, r)
		default:
			return got
		}
	}
}

// turn writes what was done and hands out what comes next.
func (s *scheduler) turn(ctx context.Context, got []result, claims []claim) error {
	s.flying -= len(got)
	defer s.c.written(got)
	for _, r := range got {
		if r.o.full != nil {
			if err := s.pause(r.o.full); err != nil {
				s.giveBack(claims)
				return errors.Join(err, s.settle(got, nil))
			}
		}
	}
	if !s.rest.IsZero() { // only now known
		s.giveBack(claims)
		claims = nil
	}
	b := &batch{done: got, claims: claims}
	err := s.settle(got, b)
	if err != nil {
		s.giveBack(claims)
		return s.pause(err)
	}
	for _, t := range b.tasks {
		if t == nil {
			continue
		}
		select {
		case s.tasks <- t:
			s.flying++
		case <-ctx.Done(): // still due at the next start
			s.c.hosts.release(t.host, t.due)
		}
	}
	return nil
}

// pause rests when the disk is full; any other error, or in RunOnce, it
// gives back.
func (s *scheduler) pause(err error) error {
	var full *StorageError
	if s.once || !errors.As(err, &full) {
		return err
	}
	now := steady()
	if now.After(s.rest) {
		s.c.log.Error("crawl pauses", "for", s.c.fullPause, "error", err)
	}
	s.rest = now.Add(s.c.fullPause)
	return nil
}

// giveBack ends claims that come to nothing.
func (s *scheduler) giveBack(claims []claim) {
	for _, c := range claims {
		s.c.hosts.release(c.host, c.state.due)
	}
}

// settle writes outcomes, and with b what that asks for. What the disk has no
// room for stays due; if one outcome is too much, the others are written.
func (s *scheduler) settle(got []result, b *batch) error {
	if b == nil {
		b = &batch{done: got}
	}
	b.saved = s.c.hosts.changed()
	if len(b.done)+len(b.claims)+len(b.saved) == 0 {
		return nil
	}
	err := s.c.front.turn(b)
	if err != nil {
		s.c.hosts.unsaved(b.saved)
	}
	if err != nil && len(got) > 1 {
		var all error
		for _, r := range got {
			all = errors.Join(all, s.settle([]result{r}, nil))
		}
		if all != nil {
			return all
		}
		b.done = nil
		return s.settle(nil, b)
	}
	if err != nil {
		for _, r := range got {
			s.c.hosts.release(r.t.host, r.t.due)
		}
		return stored(err)
	}
	for _, r := range got {
		s.c.hosts.release(r.t.host, b.due[r.t.host])
		delete(b.due, r.t.host)
	}
	for i, c := range b.claims {
		if b.tasks[i] == nil {
			s.c.hosts.idle(c, b.due[c.host], b.wait[c.host])
		}
		delete(b.due, c.host) // looked at again when it is done
	}
	for host, due := range b.due {
		s.c.hosts.found(host, due)
	}
	return nil
}

// stored makes a full disk known as such.
func stored(err error) error {
	if diskFull(err) {
		return &StorageError{err}
	}
	return err
}
