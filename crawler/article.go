package crawler

import (
	"context"
	"errors"
	"hash/fnv"
	"io"
	"mime"
	"net/http"
	"strings"
	"time"

	"dateline"
)

// article reads a page and hands its article to the sink.
func (c *Crawler) article(ctx context.Context, t *task, res *response) outcome {
	if t.onPage() {
		return c.furtherPage(ctx, t, res)
	}
	now := steady()
	ctype := res.header.Get("Content-Type")
	if !isHTML(ctype, res.body) {
		return c.fail(t, "not_html", res.status, 0)
	}
	page, err := c.read(res, ctype)
	if err != nil {
		c.log.Warn("page not read", "url", res.url, "error", err)
		o := c.fetchedFail(t, "extract_error", res.status)
		o.err = describe(o.reason, err)
		return o
	}
	a := page.Article
	noIndex, noArchive := robotsTag(append(res.header.Values("X-Robots-Tag"), page.Robots...), c.agent, now)
	page.NoIndex, page.NoArchive = page.NoIndex || noIndex, page.NoArchive || noArchive
	if main := mainForm(res.url, page.Canonical, page.title()); main != "" && t.moves != asItIs && t.articleID == "" {
		return c.variant(t, res, main)
	} else if main == "" && t.moves != asItIs && t.articleID == "" && !t.named() {
		if main, err := c.mainKnown(res.url); err != nil {
			c.log.Warn("main form not looked up", "url", res.url, "error", err)
		} else if main != "" {
			return c.variant(t, res, main)
		}
	}
	if page.First != "" && sameSite(page.First, res.url) && page.First != t.url && !t.passed(page.First) {
		return c.variant(t, res, page.First) // a later page: the article begins there
	}
	reason := judge(page, t.url, res)
	if reason == "" && page.List != "" && !t.named() && t.articleID == "" {
		reason = "not_article"
	}
	if reason != "" {
		if next := metaRefresh(res.header.Get("Refresh"), res.body); next != "" {
			return c.redirected(t, res, hopRefresh, next)
		}
		c.judged(res, reason)
		return c.fetchedFail(t, reason, res.status)
	}
	c.judged(res, "")
	if nothing, err := c.nothingThere(ctx, t, page, res); errors.Is(err, errCrowded) {
		return again(t, err)
	} else if err != nil && ctx.Err() == nil {
		c.log.Warn("site not probed", "url", res.url, "error", err)
	} else if nothing {
		return c.fetchedFail(t, "soft_404", res.status)
	}
	if err := c.complete(a, page, t, res); err != nil {
		return c.fetchedFail(t, "bad_url", res.status)
	}
	if x, found, err := c.twin(t, a); err != nil {
		c.log.Warn("twins not looked for", "url", res.url, "error", err)
	} else if found {
		return c.twinOutcome(t, res, x)
	}
	// The archive comes first: what the sink has must be provable from it.
	if err := c.keepPage(page, res); err != nil {
		return c.notKept(t, "archive_error", res, err)
	}
	h := &heldPages{
		Article: a, Links: page.Links, Status: res.status, NoArchive: page.NoArchive,
		ETag: res.header.Get("ETag"), LM: res.header.Get("Last-Modified"),
	}
	if o, ok := c.goOn(t, h, page.Next, res.status); ok {
		return o
	}
	return c.take(ctx, t, h)
}

// take hands an article to the sink.
func (c *Crawler) take(ctx context.Context, t *task, h *heldPages) outcome {
	a := h.Article
	text := textHash(a)
	if err := c.sink.Add(ctx, a); err != nil {
		var r interface{ Reason() string }
		if errors.As(err, &r) && r.Reason() != "" {
			return c.fetchedFail(t, r.Reason(), h.Status)
		}
		return c.notKept(t, "sink_error", &response{url: t.url, status: h.Status}, err)
	}
	return outcome{
		due: t.nextLook(steady(), t.text != 0 && t.text != text), text: text, status: h.Status, fetched: true, taken: true,
		canonical: a.URL, articleID: a.ID, found: c.cited(t, a.URL, h.Links), etag: h.ETag, lm: h.LM,
	}
}

// textHash tells an article from an edited one; never 0.
func textHash(a *dateline.Article) int64 {
	h := fnv.New64a()
	_, _ = io.WriteString(h, a.Title)
	_, _ = io.WriteString(h, "\x00")
	_, _ = io.WriteString(h, a.Body)
	return int64(h.Sum64() | 1)
}

// read keeps a crash of the extractor to the page that caused it.
func (c *Crawler) read(res *response, ctype string) (page *Page, err error) {
	defer func() {
		if v := recover(); v != nil {
			c.log.Error("extractor panics", "url", res.url, "panic", v)
			page, err = nil, errors.New("extractor panics")
		}
	}()
	// As many at once as there are processors: more would only share them, and
	// each has the tree of its page in memory.
	c.reading <- struct{}{}
	defer func() { <-c.reading }()
	page, err = c.extract(res.body, ctype, res.url)
	if err == nil && page == nil {
		page = &Page{}
	}
	return page, err
}

// notKept is the outcome of a page that was had and could not be stored.
// However often that happens, the page stays due.
func (c *Crawler) notKept(t *task, reason string, res *response, err error) outcome {
	c.log.Error("article not stored", "url", res.url, "reason", reason, "error", err)
	o := c.fetchedFail(t, reason, res.status)
	o.err = describe(reason, err)
	if diskFull(err) {
		o.full = &StorageError{err}
		o.due = steady().UnixMilli() // as soon as there is room
	}
	return o
}

func (c *Crawler) fetchedFail(t *task, reason string, status int) outcome {
	o := c.fail(t, reason, status, 0)
	o.fetched = true
	return o
}

// title is the headline; "" if there is none.
func (p *Page) title() string {
	if p.Article == nil {
		return ""
	}
	return p.Article.Title
}

// judge says why a page is not an article to take; "" if it is.
func judge(p *Page, asked string, res *response) string {
	switch soft := p.soft(asked, res); {
	case soft != "":
		return soft
	case p.NoIndex:
		return "noindex"
	case strings.TrimSpace(p.title()) == "", strings.TrimSpace(p.Article.Body) == "":
		return "not_article"
	}
	return ""
}

// complete fills in what the crawler knows better than the page.
func (c *Crawler) complete(a *dateline.Article, p *Page, t *task, res *response) error {
	if t.published > 0 {
		res.feedDate = time.UnixMilli(t.published).UTC().Truncate(time.Second)
	}
	if err := Complete(a, p.Canonical, Fetched{URL: res.url, At: res.date, FeedDate: res.feedDate}); err != nil {
		return err
	}
	if t.firstFetch > 0 {
		a.FirstSeen = time.UnixMilli(t.firstFetch).UTC().Truncate(time.Second)
	}
	for _, s := range strings.Split(t.story, "\n") {
		if s != "" && !contains(a.Stories, s) {
			a.Stories = append(a.Stories, s)
		}
	}
	return nil
}

// Fetched says how a page came about.
type Fetched struct {
	URL      string    // of the last hop
	At       time.Time // of the request
	FeedDate time.Time // the article's date in the feed or sitemap that named it; zero if none did
}

// Complete fills in what a page does not decide by itself: the article's
// address (canonical is what the page says of that), its id, its outlet, when
// it was seen, and its date where the page has none or is less sure of it than
// the feed is. The crawler does so when it fetches a page, and a second
// extraction of the archived page must too. It fails for an address that is none.
func Complete(a *dateline.Article, canonical string, f Fetched) error {
	final, err := Canonical(f.URL)
	if err != nil {
		return err
	}
	a.URL = canonicalFor(final, canonical, a.Title)
	a.ID = dateline.ArticleID(a.URL)
	a.Outlet.ID = RegistrableDomain(a.URL)
	if a.Outlet.Name == "" {
		a.Outlet.Name = a.Outlet.ID
	}
	dateFromFeed(a, f)
	a.LastSeen = f.At.UTC().Truncate(time.Second)
	a.FirstSeen = a.LastSeen
	return nil
}

// dateFromFeed takes the date that the source of a page gives it, where the
// page's own is missing or less sure. The page's stays where both are of about
// one day, and a source may not date ahead of the visit.
func dateFromFeed(a *dateline.Article, f Fetched) {
	if f.FeedDate.IsZero() || f.FeedDate.After(f.At.Add(24*time.Hour)) {
		return
	}
	if a.Published.IsZero() || a.DateConfidence < dateline.FeedConfidence && f.FeedDate.Sub(a.Published).Abs() > 24*time.Hour {
		a.Published, a.DateSource, a.DateConfidence = f.FeedDate, "feed", dateline.FeedConfidence
	}
}

// keepPage archives a page and learns its outlet's name from it, in one order
// for all pages: reading the archive again gives the same names. A page that
// may not be archived is named and not learned from.
func (c *Crawler) keepPage(p *Page, res *response) error {
	c.keeping.Lock()
	defer c.keeping.Unlock()
	learn := c.names.Known
	if !p.NoArchive {
		if c.warc != nil {
			if err := c.warc.write(res); err != nil {
				return err
			}
		}
		learn = c.names.Learn
	}
	o := &p.Article.Outlet
	name, err := learn(o.ID, p.Outlet)
	if err != nil {
		c.log.Warn("outlet's name not learned", "outlet", o.ID, "error", err)
	}
	if name != "" {
		o.Name = name
	}
	return nil
}

func contains(list []string, s string) bool {
	for _, x := range list {
		if x == s {
			return true
		}
	}
	return false
}

func isHTML(ctype string, body []byte) bool {
	if strings.TrimSpace(ctype) == "" {
		ctype = http.DetectContentType(body)
	}
	m, _, err := mime.ParseMediaType(ctype)
	if err != nil {
		m, _, _ = strings.Cut(strings.ToLower(ctype), ";")
		m = strings.TrimSpace(m)
	}
	return m == "text/html" || m == "application/xhtml+xml"
}
