package crawler

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"sync"
	"time"

	"dateline"
)

// FetchError says why an address gave nothing.
type FetchError struct {
	URL    string
	Reason string // as in Stats.NotFetched
	Status int    // of the answer; 0 if there was none
	Detail string // in words; begins with the reason
}

func (e *FetchError) Error() string { return e.URL + ": " + e.Detail }

// Visitor asks for single addresses outside of a crawl, under the same rules
// as a [Crawler]: robots.txt, politeness, limits and the guard of private
// addresses. It keeps nothing on disk. Its methods are safe for use by
// several goroutines.
type Visitor struct {
	c    *Crawler
	mu   sync.Mutex
	kept map[string]*dateline.Article // by the address that was asked for
}

// NewVisitor makes a Visitor; cfg.Archive is of no effect.
func NewVisitor(cfg Config, extract Extractor, log *slog.Logger) (*Visitor, error) {
	v := &Visitor{kept: map[string]*dateline.Article{}}
	c, err := open(inMemory, cfg, extract, v, log)
	if err != nil {
		return nil, err
	}
	v.c = c
	return v, nil
}

// Close frees what the Visitor holds.
func (v *Visitor) Close() error { return v.c.Close() }

type visitKey struct{}

// Add takes an article from the Visitor's own crawler.
func (v *Visitor) Add(ctx context.Context, a *dateline.Article) error {
	asked, _ := ctx.Value(visitKey{}).(string)
	v.mu.Lock()
	v.kept[asked] = a
	v.mu.Unlock()
	return nil
}

// Article fetches the article at an address, through redirects. The error is
// a *FetchError unless ctx ended.
func (v *Visitor) Article(ctx context.Context, rawURL string) (*dateline.Article, error) {
	u, err := Canonical(rawURL)
	if err != nil {
		return nil, &FetchError{URL: rawURL, Reason: "bad_url", Detail: "bad_url: " + err.Error()}
	}
	t := &task{url: u, host: hostOf(u), kind: "article", source: "visit " + u}
	if _, err := v.visit(ctx, t); err != nil {
		return nil, err
	}
	v.mu.Lock()
	defer v.mu.Unlock()
	a := v.kept[u]
	delete(v.kept, u)
	if a == nil {
		return nil, &FetchError{URL: u, Reason: "not_article", Status: 200, Detail: "not_article"}
	}
	return a, nil
}

// Finding is what a source gave when it was tried once.
type Finding struct {
	Source Source
	What   string    // kind of the answer in words: "RSS feed", "sitemap index", "article"
	Items  int       // addresses it names
	Newest time.Time // the latest date among them; zero if none has one
	Moved  string    // where permanent redirects, and no others, led to; empty if nowhere
	Err    error     // why it gave nothing: a *FetchError, or that ctx ended
}

// Source tries a source once.
func (v *Visitor) Source(ctx context.Context, s Source) Finding {
	f := Finding{Source: s}
	addr, err := s.address()
	if err != nil {
		f.Err = &FetchError{URL: s.Value, Reason: "bad_url", Detail: "bad_url: " + err.Error()}
		return f
	}
	if s.Kind == "urls" {
		a, err := v.Article(ctx, addr)
		if f.Err = err; err == nil {
			f.What, f.Items, f.Newest = "article", 1, a.Published
		}
		return f
	}
	t := &task{url: addr, host: hostOf(addr), kind: s.Kind, source: s.key(), story: s.Story}
	o, err := v.visit(ctx, t)
	f.What, f.Items, f.Err, f.Moved = o.what, len(o.found), err, t.movedFor()
	for _, x := range o.found {
		if x.published.After(f.Newest) && x.published.Before(time.Now().Add(48*time.Hour)) {
			f.Newest = x.published
		}
	}
	return f
}

// movedFor is where permanent redirects led to, if all on the way were.
func (t *task) movedFor() (to string) {
	for _, h := range t.chain {
		if h.kind != hopMoved {
			return ""
		}
		to = h.url
	}
	return to
}

// visit works on a task until it is decided.
func (v *Visitor) visit(ctx context.Context, t *task) (outcome, error) {
	ctx = context.WithValue(ctx, visitKey{}, t.url)
	for range 2 * (maxHops + 2) { // at most a robots.txt and a page for each hop
		host := hostOf(t.target())
		if err := v.c.hosts.turn(ctx, host); err != nil {
			if errors.Is(err, errWait) {
				return outcome{}, &FetchError{URL: t.url, Reason: "busy", Detail: "busy: " + err.Error()}
			}
			return outcome{}, err
		}
		o := v.c.attempt(ctx, t)
		v.c.hosts.release(host, never)
		v.c.written([]result{{t, o}})
		switch {
		case ctx.Err() != nil:
			return o, ctx.Err()
		case t.elsewhere(o) != "":
			t.chain = append(t.chain, hop{hopFound, t.elsewhere(o)})
		case o.hop.url != "":
			t.chain = append(t.chain, o.hop)
		case o.instead != "" && !t.passed(o.instead):
			t.chain = append(t.chain, hop{hopVariant, o.instead})
		case o.keepState && o.reason == "": // robots.txt was asked, or its server had no place; now the page
		case o.reason != "":
			return o, &FetchError{URL: t.url, Reason: o.reason, Status: o.status, Detail: o.err}
		default:
			return o, nil
		}
	}
	return outcome{}, &FetchError{URL: t.url, Reason: "redirect_loop", Detail: fmt.Sprintf("redirect_loop: more than %d hops", maxHops)}
}
