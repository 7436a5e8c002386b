package main

import (
	"context"
	"fmt"
	"io"
	"os"
	"sync"
	"time"

	"golang.org/x/sys/unix"

	"dateline/crawler"
)

// statusLine is the last line of a terminal, which says how far a command is.
// What else is written goes above it.
type statusLine struct {
	mu   sync.Mutex
	w    io.Writer
	text string
}

// newStatusLine is nil unless w is a terminal.
func newStatusLine(w io.Writer) *statusLine {
	f, ok := w.(*os.File)
	if !ok {
		return nil
	}
	if _, err := unix.IoctlGetWinsize(int(f.Fd()), unix.TIOCGWINSZ); err != nil {
		return nil
	}
	return &statusLine{w: w}
}

const clearLine = "\r\x1b[K"

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
		_, err = io.WriteString(s.w, s.text)
	}
	return n, err
}

// show replaces the line; an empty text takes it away.
func (s *statusLine) show(text string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if text == s.text {
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
				s.show("")
				return
			case <-tick.C:
				s.show(crawlLine(c.Progress(), time.Since(begin)))
			}
		}
	}()
	return func() { stop(); <-done }
}

// crawlLine words how far a crawl is.
func crawlLine(p crawler.Progress, since time.Duration) string {
	return fmt.Sprintf("%s  %d fetched, %d not modified, %d articles taken, %d tries came to nothing",
		since.Round(time.Second), p.Fetched, p.NotModified, p.Taken, p.Refused)
}
