package crawler

import (
	"context"
	"database/sql"
	"encoding/binary"
	"errors"
	"hash/fnv"
	"math/rand/v2"
	"net/url"
	"slices"
	"strings"
	"time"
	"unicode/utf8"
)

// A site is asked once for an address that nobody made, to learn what it
// answers when there is nothing. A page that looks the same is none. That is
// done when a page of the site is to be taken that says little for itself:
// most outlets' pages name their date in their metadata and need no proof.
const (
	probeLife  = 30 * day // how long the answer is believed
	probeRetry = day      // the same, if there was none
	probeAlike = 0.7      // share of its words' traces in common with a page, from which the two are one
	traceSize  = 64
)

// probe is what a site answers where there is nothing.
type probe struct {
	expires time.Time
	place   string   // where redirects would lead; empty if there are none
	title   string   // of the page that was given with status 200, folded
	trace   []uint64 // of its text; none if there was no page
}

// trace is a sketch of a text: the least hashes of its runs of three words.
func trace(s string) []uint64 {
	words := strings.Fields(fold(s))
	var all []uint64
	for i := range words {
		h := fnv.New64a()
		for _, w := range words[i:min(i+3, len(words))] {
			_, _ = h.Write([]byte(w + " ")) // never fails
		}
		all = append(all, h.Sum64())
	}
	slices.Sort(all)
	all = slices.Compact(all)
	return all[:min(len(all), traceSize)]
}

// alike is the share of the least hashes of two traces that both have.
func alike(a, b []uint64) float64 {
	both := append(slices.Clone(a), b...)
	slices.Sort(both)
	both = slices.Compact(both)
	both = both[:min(len(both), traceSize)]
	n := 0
	for _, h := range both {
		if _, ok := slices.BinarySearch(a, h); !ok {
			continue
		}
		if _, ok := slices.BinarySearch(b, h); ok {
			n++
		}
	}
	if len(both) == 0 {
		return 0
	}
	return float64(n) / float64(len(both))
}

// sure says that a page speaks for itself: a text, and a date in its metadata.
func (p *Page) sure() bool {
	switch p.Article.DateSource {
	case "json-ld", "meta", "url":
		return utf8.RuneCountInString(p.Article.Body) >= softLimit
	}
	return false
}

// named says that somebody asked for this very address.
func (t *task) named() bool {
	return strings.HasPrefix(t.source, "urls ") || strings.HasPrefix(t.source, "visit ")
}

// nothingThere compares a page with what its site answers where there is
// nothing.
func (c *Crawler) nothingThere(ctx context.Context, t *task, p *Page, res *response) (bool, error) {
	if p.sure() || t.articleID != "" || t.named() { // what was taken before is not doubted again
		return false, nil
	}
	known, err := c.probed(ctx, res)
	if err != nil {
		return false, err
	}
	if known.place != "" && len(t.chain) > 0 && known.place == res.url {
		return true, nil
	}
	return known.title == fold(p.Article.Title) && alike(known.trace, trace(p.Article.Body)) >= probeAlike, nil
}

// probed gives what a site answers where there is nothing, from the frontier
// or from the site. It is errLetGo if a large page would have kept others waiting.
func (c *Crawler) probed(ctx context.Context, page *response) (*probe, error) {
	u, err := url.Parse(page.url)
	if err != nil {
		return nil, err
	}
	site := u.Scheme + "://" + u.Host
	known, err := c.front.probe(site)
	if err != nil || known != nil && steady().Before(known.expires) {
		return known, err
	}
	// Beside the page: some sites answer so in some of their folders only.
	at := site + u.EscapedPath()[:strings.LastIndexByte("/"+u.EscapedPath(), '/')]
	if !strings.HasSuffix(at, "/") {
		at += "/"
	}
	name := make([]byte, 12)
	for i := range name {
		name[i] = byte('a' + rand.N(26))
	}
	at += "no-such-page-" + string(name)
	known = &probe{expires: steady().Add(probeLife)}
	var again error
	rules, err := c.knownRules(site)
	if err != nil {
		return nil, err
	}
	if rules != nil && rules.reason == "" && robotsAllowed(rules.body, c.agent, at) {
		if page.letGo() {
			again = errLetGo
		}
		if err := c.reserve(ctx, u.Host); err != nil {
			return nil, err
		}
		c.ask404(ctx, at, known)
		if ctx.Err() != nil {
			return nil, ctx.Err()
		}
	}
	return known, errors.Join(c.front.setProbe(site, known), again)
}

// ask404 makes the request. Where it fails nothing is known, for a day.
func (c *Crawler) ask404(ctx context.Context, at string, known *probe) {
	// No more than there is always room for: the page that it is to be compared
	// with may have a place already.
	res, err := c.get(ctx, at, "", "", min(c.cfg.MaxPage, smallBody-1))
	switch {
	case err != nil || res.status >= 500 || res.status == 429:
		known.expires = steady().Add(probeRetry)
		return
	case res.status >= 300 && res.status < 400:
		if to, err := redirectTarget(at, res.header.Get("Location")); err == nil && !strings.Contains(to, at[strings.LastIndexByte(at, '/')+1:]) {
			known.place = to
		}
		return
	case res.status != 200 || !isHTML(res.header.Get("Content-Type"), res.body):
		return
	}
	p, err := c.read(res, res.header.Get("Content-Type"))
	if err == nil && p.Article != nil {
		known.title, known.trace = fold(p.Article.Title), trace(p.Article.Body)
	}
}

// probe reads what is known of a site (scheme://host); nil if nothing is.
func (f *frontier) probe(site string) (*probe, error) {
	var p probe
	var expires int64
	var b []byte
	err := f.read(func() error {
		return f.row(`SELECT expires, place, title, trace FROM probes WHERE site = ?`, site).Scan(&expires, &p.place, &p.title, &b)
	})
	if errors.Is(err, sql.ErrNoRows) {
		return nil, nil
	}
	p.expires = time.UnixMilli(expires)
	for ; len(b) >= 8; b = b[8:] {
		p.trace = append(p.trace, binary.BigEndian.Uint64(b))
	}
	return &p, err
}

func (f *frontier) setProbe(site string, p *probe) error {
	b := []byte{}
	for _, h := range p.trace {
		b = binary.BigEndian.AppendUint64(b, h)
	}
	return f.write(func() error {
		_, err := f.exec(`INSERT OR REPLACE INTO probes VALUES (?, ?, ?, ?, ?)`, site, p.expires.UnixMilli(), p.place, p.title, b)
		return err
	})
}
