package crawler

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/url"
	"strings"
	"time"
)

const (
	retries   = 5
	sourceMax = 50 << 20 // what the sitemap protocol allows a file
)

// backoff is how long a failed address rests after each attempt.
var backoff = []time.Duration{2 * time.Minute, 10 * time.Minute, time.Hour, 6 * time.Hour}

// passing are the reasons that time may cure.
var passing = map[string]bool{
	"timeout": true, "truncated": true, "network": true, "dns": true, "http_5xx": true,
	"http_429": true, "bad_encoding": true, "tls": true, "no_content": true, "soft_block": true,
}

// storing are the reasons that are our own fault: the page was had and could
// not be kept.
var storing = map[string]bool{"sink_error": true, "archive_error": true}

// describe words an error for people, after the reason that Stats counts.
func describe(reason string, err error) string {
	if err == nil {
		return reason
	}
	var fe *fetchError
	var ue *url.Error
	if errors.As(err, &fe) {
		return fe.Error()
	}
	if errors.As(err, &ue) { // its address is in the log line and in the source already
		err = ue.Err
	}
	return reason + ": " + err.Error()
}

// work does the one request that a task is due for: the robots.txt of its
// site if that is not known, else the page.
func (c *Crawler) work(ctx context.Context, t *task) outcome {
	o := c.attempt(ctx, t)
	large := o.large
	if ctx.Err() != nil && o.reason != "" && o.reason != "robots" {
		o = outcome{due: t.due, keepState: true} // we stopped; the site did nothing wrong
	}
	if next := t.elsewhere(o); next != "" {
		o = outcome{due: steady().UnixMilli(), hop: hop{hopFound, next}}
	}
	if o.reason != "" {
		level := slog.LevelDebug
		if t.kind != "article" || strings.HasPrefix(t.source, "urls ") {
			level = slog.LevelWarn // a source that fails hides articles
		}
		c.log.Log(ctx, level, "not fetched", "url", t.url, "source", t.source, "reason", o.reason, "status", o.status, "error", o.err)
	}
	o.large = large // whatever became of it
	c.progress.count(o)
	return o
}

// attempt does the next request of a task. The failure of a further page is
// not that of its article.
func (c *Crawler) attempt(ctx context.Context, t *task) outcome {
	o := c.try(ctx, t)
	if t.onPage() && ctx.Err() == nil && !o.taken && !storing[o.reason] && (o.reason != "" || o.hop.url != "" && o.hop.kind != hopPage) {
		return c.endPages(ctx, t, o)
	}
	return o
}

func (c *Crawler) try(ctx context.Context, t *task) outcome {
	now := steady()
	target := t.target()
	u, err := url.Parse(target)
	if err != nil {
		return c.fail(t, "bad_url", 0, 0)
	}
	if closedPorts[u.Port()] { // before its robots.txt is asked for there
		o := c.fail(t, "bad_url", 0, 0)
		o.err = describe("bad_url", errClosed(u))
		return o
	}
	rules, asked, err := c.rules(ctx, u)
	if errors.Is(err, errCrowded) {
		return again(t, err)
	}
	if err != nil {
		return outcome{due: now.Add(backoff[0]).UnixMilli(), keepState: true, reason: reasonOf(err), err: err.Error()}
	}
	if rules.reason == "private_address" {
		o := c.fail(t, rules.reason, 0, 0)
		o.err = rules.body
		return o
	}
	if rules.reason != "" {
		return outcome{due: rules.expires.UnixMilli() + 1, keepState: true, reason: rules.reason, err: rules.reason + ": " + rules.body}
	}
	if t.kind == "sitemap" && u.Path == "/robots.txt" {
		return c.listed(t, &response{url: target, status: 200}, robotsSitemaps(rules.body, target))
	}
	if !robotsAllowed(rules.body, c.agent, target) {
		o := c.fail(t, "robots", 0, 0)
		o.err = fmt.Sprintf("robots: %s/robots.txt forbids it for %s", u.Scheme+"://"+u.Host, c.agent)
		o.due = now.Add(robotsLife).UnixMilli() // rules change
		return o
	}
	if asked {
		// robots.txt was a request of its own; the page waits its turn.
		return outcome{due: t.due, keepState: true}
	}
	limit := c.cfg.MaxPage
	etag, lm := t.etag, t.lastModified
	if t.full() || t.onPage() {
		etag, lm = "", ""
	}
	if t.kind == "sitemap" {
		limit = max(limit, sourceMax)
	}
	res, err := c.get(ctx, target, etag, lm, limit)
	defer res.drop()
	if errors.Is(err, errCrowded) {
		return again(t, err)
	}
	if err != nil {
		status := 0
		if res != nil {
			status = res.status
		}
		o := c.fail(t, reasonOf(err), status, 0)
		o.err = describe(o.reason, err)
		if until, dead := c.hosts.dead(hostOf(target)); dead {
			// It is the host that is wrong, not the page.
			o.due, o.keepState = until.UnixMilli(), true
		}
		return o
	}
	if res.status == 304 && etag == "" && lm == "" { // nobody asked whether it was modified
		return c.fail(t, "no_content", res.status, 0)
	}
	return c.answer(ctx, t, res)
}

// again is the outcome of a task that could not be done now.
func again(t *task, why error) outcome {
	o := outcome{due: t.due, keepState: true}
	if errors.Is(why, errAside) || errors.Is(why, errNoRoom) {
		o.due = steady().Add(asidePause).UnixMilli()
	}
	return o
}

// answer decides by the status.
func (c *Crawler) answer(ctx context.Context, t *task, res *response) outcome {
	now := steady()
	if res.status != 429 && res.status < 500 {
		c.hosts.answered(hostOf(res.url))
	}
	switch s := res.status; {
	case s == 200:
		if t.kind == "article" {
			return c.article(ctx, t, res)
		}
		return c.source(ctx, t, res)
	case s == 304:
		return outcome{
			due: t.nextDue(now), status: s, unchanged: true, cached: cacheHint(res.header, now),
			etag: res.header.Get("ETag"), lm: res.header.Get("Last-Modified"),
		}
	case s == 301 || s == 302 || s == 303 || s == 307 || s == 308, s == 300 && res.header.Get("Location") != "": // of several, the one it prefers
		kind := hopFound
		if s == 301 || s == 308 {
			kind = hopMoved
		}
		return c.redirected(t, res, kind, res.header.Get("Location"))
	case s == 404 || s == 410:
		o := c.fail(t, "gone", s, 0)
		if s == 410 {
			o.due = never // gone for good; a source is asked again at the next start
		}
		return o
	case s == 429 || s == 503:
		push, why := retryAfter(res.header, now), whyRetryAfter
		if push == 0 {
			push, why = c.hosts.overloaded(hostOf(res.url)), whyOverloaded
		}
		c.hosts.push(hostOf(res.url), now.Add(push), why)
		c.log.Warn("host asks for a pause", "host", hostOf(res.url), "status", s, "pause", push)
		reason := "http_5xx"
		switch {
		case gated(res):
			reason = "soft_block"
		case s == 429:
			reason = "http_429"
		}
		return c.fail(t, reason, s, push)
	case s >= 500:
		return c.fail(t, "http_5xx", s, retryAfter(res.header, now))
	case s == 408 || s == 425: // the server was not ready
		return c.fail(t, "timeout", s, retryAfter(res.header, now))
	case gated(res):
		c.judged(res, "soft_block")
		return c.fail(t, "soft_block", s, 0)
	case s == 206: // a part that nobody asked for
		return c.fail(t, "truncated", s, 0)
	case s < 300: // an answer without a page, as some give to who is to wait
		return c.fail(t, "no_content", s, 0)
	default:
		return c.fail(t, "http_4xx", s, 0)
	}
}

// fail gives the outcome of a reason: sources are always tried again, pages
// only when time may cure it, and a few times.
func (c *Crawler) fail(t *task, reason string, status int, wait time.Duration) outcome {
	now := steady()
	o := outcome{reason: reason, status: status, due: never, err: reason}
	if status != 0 && status != 200 {
		o.err = fmt.Sprintf("%s: status %d", reason, status)
	}
	pause := max(wait, backoff[min(t.attempts, len(backoff)-1)])
	if over := t.attempts - len(backoff); t.kind != "article" && t.depth > 0 && over >= 0 {
		pause = max(wait, min(day<<min(over, 10), fadeMax)) // a part of a source that was found and is dead
	}
	if wait > 0 {
		pause = wait
	}
	switch {
	case t.kind != "article":
		o.due = max(t.nextDue(now), now.Add(pause).UnixMilli())
		if wait > 0 {
			o.due = now.Add(wait).UnixMilli()
		}
	case passing[reason] && t.attempts+1 < retries, storing[reason]: // what could not be kept is never done with
		o.due = now.Add(pause).UnixMilli()
	case t.articleID != "" && status != http.StatusGone:
		// It was there, and may be again: an editor's mistake, a broken release.
		o.due = t.nextLook(now, false)
	}
	return o
}

// rules gives the rules of a site, from the cache or from the site; asked
// says that the site was asked.
func (c *Crawler) rules(ctx context.Context, u *url.URL) (r *hostRules, asked bool, err error) {
	site := u.Scheme + "://" + u.Host
	now := steady()
	r, err = c.knownRules(site)
	if err != nil {
		return nil, false, err
	}
	if r == nil || now.After(r.expires) {
		old := r
		asked = true
		if r, err = c.fetchRobots(ctx, site); err != nil {
			return nil, true, err
		}
		if r.reason == "robots_unreachable" && old != nil && old.reason == "" && old.body != "" {
			// RFC 9309, 2.4: a copy is good for more than a day while its site cannot be reached.
			c.log.Warn("robots.txt is unreachable, the last one holds", "site", site, "error", r.body)
			r = &hostRules{body: old.body, delay: old.delay, expires: r.expires}
		}
		if ctx.Err() != nil {
			return nil, true, ctx.Err()
		}
		if err := c.learnRules(site, r); err != nil {
			return nil, true, err
		}
	}
	c.hosts.setDelay(hostOf(site), r.delay)
	return r, asked, nil
}

// fetchRobots follows RFC 9309: no such file allows everything, a site that
// does not answer allows nothing for now. The one error is errCrowded: it
// could not be asked now.
func (c *Crawler) fetchRobots(ctx context.Context, site string) (*hostRules, error) {
	at := site + "/robots.txt"
	now := steady()
	for hop := 0; hop <= robotsMaxHops; hop++ {
		var res *response
		get := func() (err error) {
			res, err = c.getRobots(ctx, at)
			return err
		}
		var err error
		if hop == 0 {
			err = get() // in its own turn
		} else {
			err = c.askOther(ctx, hostOf(site), hostOf(at), get)
		}
		if errors.Is(err, errCrowded) {
			return nil, err
		}
		if errors.Is(err, errWait) {
			return &hostRules{reason: "robots_unreachable", body: err.Error(), expires: now.Add(robotsRetry)}, nil
		}
		if err != nil {
			why := reasonOf(err)
			r := &hostRules{reason: "robots_unreachable", body: describe(why, err), expires: now.Add(robotsRetry)}
			switch why {
			case "private_address":
				r.reason = why
			case "dns", "network":
				r.expires = now.Add(offlineRetry) // most often it is our own line that is down
			}
			return r, nil
		}
		switch s := res.status; {
		case s == 200:
			body := robotsText(res.body)
			return &hostRules{body: body, delay: crawlDelay(body, c.agent), expires: now.Add(robotsLife)}, nil
		case s >= 500, s == 429:
			wait := retryAfter(res.header, now)
			if wait > 0 {
				c.hosts.push(hostOf(at), now.Add(wait), whyRetryAfter)
			} else {
				wait = robotsRetry
			}
			return &hostRules{reason: "robots_unreachable", body: fmt.Sprintf("status %d", s), expires: now.Add(wait)}, nil
		case s >= 300 && s < 400 && s != 304:
			next, err := redirectTarget(at, res.header.Get("Location"))
			if err != nil {
				return &hostRules{expires: now.Add(robotsLife)}, nil //nolint:nilerr // a redirect to nowhere is a 4xx
			}
			at = next
		default:
			return &hostRules{expires: now.Add(robotsLife)}, nil
		}
	}
	// More redirects than a crawler must follow: as if there were no file.
	return &hostRules{expires: now.Add(robotsLife)}, nil
}

// getRobots reads no more than the first 500 KiB, which count. The line that
// the limit cuts does not: half a rule forbids more than the whole.
func (c *Crawler) getRobots(ctx context.Context, at string) (*response, error) {
	return c.ask(ctx, at, "", "", func(_ context.Context, res *http.Response, body *pace) ([]byte, error) {
		b, err := readStart(body, res.Header.Values("Content-Encoding"), robotsMax, nil)
		if err == nil && len(b) == robotsMax {
			b = b[:bytes.LastIndexByte(b, '\n')+1]
		}
		return b, err
	})
}
