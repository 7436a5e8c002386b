package crawltest

import (
	"compress/gzip"
	"context"
	"crypto/sha256"
	"fmt"
	"io"
	"maps"
	"net"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"time"
)

// A Page is one answer of a [Site]. The zero Page is an empty HTML document.
type Page struct {
	Body        string
	ContentType string            // "text/html; charset=utf-8" if empty
	Status      int               // 200 if zero
	Header      map[string]string // set before the rest
	Modified    time.Time         // with Status 200: Last-Modified, and 304 where it is due
	Redirect    string            // the target of a redirect, 302 unless Status says otherwise

	// Misbehaviour.

	Delay      time.Duration // before the first byte
	RetryAfter string        // Retry-After; with no Status, the answer is 503
	Failures   int           // the first requests that are answered with 503 instead
	GzipBomb   int64         // the size after decompression of a small gzipped answer
	Endless    bool          // repeats Body until the client goes away
}

// serve answers r with p.
func (p Page) serve(w http.ResponseWriter, r *http.Request) {
	if p.Delay > 0 {
		select {
		case <-time.After(p.Delay):
		case <-r.Context().Done():
			return
		}
	}
	h := w.Header()
	h.Set("Content-Type", "text/html; charset=utf-8")
	if p.ContentType != "" {
		h.Set("Content-Type", p.ContentType)
	}
	for k, v := range p.Header {
		h.Set(k, v)
	}
	status := p.Status
	if p.RetryAfter != "" {
		h.Set("Retry-After", p.RetryAfter)
		if status == 0 {
			status = http.StatusServiceUnavailable
		}
	}
	if p.Redirect != "" {
		h.Set("Location", p.Redirect)
		if status == 0 {
			status = http.StatusFound
		}
	}
	switch {
	case p.GzipBomb > 0:
		serveBomb(w, r, p.GzipBomb)
	case p.Endless:
		serveEndless(w, r, p.Body)
	case status == 0 || status == http.StatusOK:
		if h.Get("ETag") == "" {
			h.Set("ETag", fmt.Sprintf(`"%x"`, sha256.Sum256([]byte(p.Body)))[:18]+`"`)
		}
		http.ServeContent(w, r, "", p.Modified, strings.NewReader(p.Body))
	default:
		w.WriteHeader(status)
		_, _ = io.WriteString(w, p.Body) // the client may be gone
	}
}

// serveBomb sends n bytes of blanks in a paragraph, gzipped.
func serveBomb(w http.ResponseWriter, r *http.Request, n int64) {
	w.Header().Set("Content-Encoding", "gzip")
	z := gzip.NewWriter(w)
	defer z.Close()
	_, _ = io.WriteString(z, "<!doctype html><title>A very small page</title><p>")
	blanks := []byte(strings.Repeat(" ", 64<<10))
	for n > 0 && r.Context().Err() == nil {
		k, err := z.Write(blanks[:min(n, int64(len(blanks)))])
		if err != nil {
			return
		}
		n -= int64(k)
	}
}

// serveEndless sends text again and again until the client goes away.
func serveEndless(w http.ResponseWriter, r *http.Request, text string) {
	if text == "" {
		text = "<p>This invented page has no end.</p>\n"
	}
	chunk := strings.Repeat(text, 1+(16<<10)/len(text))
	for r.Context().Err() == nil {
		if _, err := io.WriteString(w, chunk); err != nil {
			return
		}
	}
}

// A Site serves pages on loopback. Its methods may be called at any time by
// several goroutines.
type Site struct {
	ln  net.Listener
	srv *http.Server

	mu    sync.Mutex
	pages map[string]Page
	hits  map[string]int
	times map[string][]time.Time
}

// StartSite serves pages, which maps a path, with the query if there is one,
// to its answer. Any other path is answered with 404. As httptest.NewServer
// does, it panics where loopback cannot be listened on.
func StartSite(pages map[string]Page) *Site {
	ln, err := (&net.ListenConfig{}).Listen(context.Background(), "tcp", "127.0.0.1:0")
	if err != nil {
		panic("crawltest: " + err.Error())
	}
	s := &Site{ln: ln, pages: maps.Clone(pages), hits: map[string]int{}, times: map[string][]time.Time{}}
	if s.pages == nil {
		s.pages = map[string]Page{}
	}
	s.srv = &http.Server{Handler: s, ReadHeaderTimeout: 10 * time.Second}
	go func() { _ = s.srv.Serve(ln) }() // until Close
	return s
}

// ServeHTTP answers one request; a Site is an [http.Handler] too.
func (s *Site) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	key := r.URL.RequestURI()
	s.mu.Lock()
	s.hits[key]++
	n := s.hits[key]
	s.times[key] = append(s.times[key], time.Now())
	p, ok := s.pages[key]
	s.mu.Unlock()
	switch {
	case !ok:
		http.NotFound(w, r)
	case n <= p.Failures:
		if p.RetryAfter != "" {
			w.Header().Set("Retry-After", p.RetryAfter)
		}
		http.Error(w, "attempt "+strconv.Itoa(n)+" fails", http.StatusServiceUnavailable)
	default:
		if p.Failures > 0 {
			p.RetryAfter = ""
		}
		p.serve(w, r)
	}
}

// Addr returns the host and port of the site.
func (s *Site) Addr() string { return s.ln.Addr().String() }

// URL returns the address of path, which starts with a slash.
func (s *Site) URL(path string) string { return "http://" + s.Addr() + path }

// Set replaces the answer at path.
func (s *Site) Set(path string, p Page) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.pages[path] = p
}

// Hits returns the number of requests by path.
func (s *Site) Hits() map[string]int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return maps.Clone(s.hits)
}

// Times returns when path was requested, in order.
func (s *Site) Times(path string) []time.Time {
	s.mu.Lock()
	defer s.mu.Unlock()
	return append([]time.Time(nil), s.times[path]...)
}

// Close stops the site and cuts its connections.
func (s *Site) Close() { s.srv.Close() }
