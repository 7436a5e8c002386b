package main

import (
	"context"
	"fmt"
	"io"
	"sync"
	"time"

	"dateline/crawler"
)

// statusLine is the last line of a terminal, which says how far a command is.
// What else is written goes above it.
type statusLine struct {
	mu    sync.Mutex
	w     io.Writer
	cols  func() int // the width of the terminal, which may change
	parts []string
	text  string // what of the parts is shown
}

// newStatusLine is nil unless w is a terminal.
func newStatusLine(w io.Writer) *statusLine {
	if _, ok := columns(w); !ok {
		return nil
	}
	return &statusLine{w: w, cols: func() int { n, _ := columns(w); return n }}
}

// Write writes whole lines above the status line.
func (s *statusLine) Write(b []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.text == "" {
		return s.w.Write(b)
	}
	if _, err := io.WriteString(s.w, clearLine); err != nil {
		return 0, err
	}
	n, err := s.w.Write(b)
	if err == nil {
		s.text = fit(s.cols(), s.parts...)
		_, err = io.WriteString(s.w, s.text)
	}
	return n, err
}

// show replaces the line by parts, the most important first; none take it away.
func (s *statusLine) show(parts ...string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	text := fit(s.cols(), parts...)
	if s.parts = parts; text == s.text {
		return
	}
	s.text = text
	_, _ = io.WriteString(s.w, clearLine+text) // a terminal that is gone must not end the crawl
}

// follow shows how a crawl does until ctx ends or end is called.
func (s *statusLine) follow(ctx context.Context, c *crawler.Crawler) (end func()) {
	if s == nil {
		return func() {}
	}
	ctx, stop := context.WithCancel(ctx)
	done := make(chan struct{})
	begin := time.Now()
	go func() {
		defer close(done)
		tick := time.NewTicker(500 * time.Millisecond)
		defer tick.Stop()
		for {
			select {
			case <-ctx.Done():
				s.show()
				return
			case <-tick.C:
				s.show(crawlLine(c.Progress(), time.Since(begin))...)
			}
		}
	}()
	return func() { stop(); <-done }
}

// crawlLine words how far a crawl is.
func crawlLine(p crawler.Progress, since time.Duration) []string {
	return []string{
		since.Round(time.Second).String(), fmt.Sprintf("%d fetched", p.Fetched), fmt.Sprintf("%d articles taken", p.Taken),
		fmt.Sprintf("%d not modified", p.NotModified), fmt.Sprintf("%d tries in vain", p.Refused),
	}
}
