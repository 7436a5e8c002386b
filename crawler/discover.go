package crawler

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"net/url"
	"slices"
	"strings"
	"time"
)

const (
	maxFound    = 50000 // addresses of one answer, as in the sitemap protocol
	sitemapDeep = 4
)

// offSite is the reason of entries that a site names for another one.
const offSite = "off_site"

// aList is the reason of entries of sitemaps whose address is no article's.
const aList = "list"

// Limits of what a sitemap can make the crawler do for other sites.
const (
	maxForeignHosts = 10   // whose robots.txt is asked
	maxRefused      = 1000 // that are written down
	maxHosts        = 50   // of one site in one answer: where every subdomain resolves, there is no end of them
)

// A sitemap of fifty thousand addresses is some ten megabytes until it is
// written: of those over largeList bytes, compressed or not, only maxLarge are
// in memory at a time. Feeds and pages, which name less and are often so long,
// are among them from smallBody on.
const (
	largeList = 32 << 10
	maxLarge  = 1
)

// written lets other large lists be read.
func (c *Crawler) written(got []result) {
	for _, r := range got {
		if r.o.large {
			<-c.large
		}
	}
}

// listing is what a source names.
type listing struct {
	what    string // kind of the answer, for people
	found   []found
	foreign []found       // entries of other sites: not to be believed without proof
	lists   []found       // entries of sitemaps that are no articles, by their address
	pause   time.Duration // that the source asks for between two fetches; 0 if it does not say
	err     error         // what is wrong; entries before the fault are there all the same
}

// source reads the addresses out of a source's answer.
func (c *Crawler) source(ctx context.Context, t *task, res *response) (o outcome) {
	large := false
	place := func() bool { // takes a place for a large list
		select {
		case c.large <- struct{}{}:
			large = true
		case <-ctx.Done():
		}
		return large
	}
	defer func() {
		if v := recover(); v != nil { // a parser's crash must not end the crawl
			o = outcome{due: t.nextDue(steady()), status: res.status, err: fmt.Sprint("parser panics: ", v), reason: "bad_source"}
		}
		o.large = large
	}()
	if t.kind == "page" || t.kind == "outlet" {
		if o, ok := c.noList(t, res); ok {
			return o
		}
	}
	if t.kind != "sitemap" && len(res.body) > smallBody && !place() {
		return outcome{due: t.due, keepState: true}
	}
	var l listing
	switch t.kind {
	case "feed":
		l = parseFeed(res.body, res.header.Get("Content-Type"), res.url)
	case "sitemap":
		for asked := false; ; asked = true {
			if len(res.body) > largeList && !place() {
				return outcome{due: t.due, keepState: true}
			}
			l = parseSitemap(res.body, res.url, c.cfg.sitemapLimit(), t.depth < sitemapDeep)
			unknown := c.unknownSites(l.foreignSites())
			if asked || len(unknown) == 0 {
				break
			}
			// Other sites must be asked first. Until then the list is no more in
			// memory than what was fetched, and other lists have its place.
			l = listing{}
			if large {
				<-c.large
				large = false
			}
			letGo := res.letGo()
			err := c.learn(ctx, hostOf(res.url), unknown)
			switch {
			case err != nil:
				return again(t, err)
			case letGo && len(c.unknownSites(unknown)) > 0: // or it would be asked for again and again
				return outcome{due: steady().Add(backoff[0]).UnixMilli(), keepState: true}
			case letGo:
				return again(t, errLetGo)
			}
		}
		l = c.crossSubmitted(t, l)
		l.withoutLists()
	case "gdelt":
		l = parseGDELT(res.body)
	case "page":
		l = sectionLinks(res)
	case "outlet":
		l = c.outletHome(t, res)
	}
	return c.listed(t, res, l)
}

// noList is the outcome of a section or home page that is none: it sends its
// readers on at once, or is a gate or an error page, which has no links that a
// gate's own words would be beside. ok is false for others.
func (c *Crawler) noList(t *task, res *response) (o outcome, ok bool) {
	if !isHTML(res.header.Get("Content-Type"), res.body) {
		return o, false
	}
	if next := metaRefresh(res.header.Get("Refresh"), res.body); next != "" {
		if to, err := redirectTarget(res.url, next); err == nil && to != t.url && !t.passed(to) {
			return c.redirected(t, res, hopRefresh, next), true // else it is loaded again, which is its own affair
		}
	}
	title := titleOf(res.body)
	reason := ""
	switch {
	case visible(string(bytes.ToLower(res.body[:min(len(res.body), softScan)]))) >= softLimit:
	case saysBlocked(res.header, title, "", res.body):
		reason = "soft_block"
	case saysMissing(title, ""):
		reason = "soft_404"
	}
	c.judged(res, reason)
	if reason == "" {
		return o, false
	}
	return c.fetchedFail(t, reason, res.status), true
}

// complaint is the error in clean text: parsers quote what they were given.
func (l listing) complaint() string {
	if l.err == nil {
		return ""
	}
	s := strings.ToValidUTF8(l.err.Error(), "\uFFFD")
	if len(s) > 300 {
		s = strings.ToValidUTF8(s[:300], "") + "…"
	}
	return s
}

// withoutLists sets aside the entries of a sitemap that are no articles by
// their address: sites name their front page, tags and authors there as well.
func (l *listing) withoutLists() {
	keep := l.found[:0]
	for _, x := range l.found {
		if u, err := url.Parse(x.url); x.kind == "" && err == nil && noArticle(u) {
			l.lists = append(l.lists, x)
			continue
		}
		keep = append(keep, x)
	}
	l.found = keep
}

// refused are the entries that are not to be fetched, with the reason, as far
// as they are written down.
func (l *listing) refused() (out []found) {
	for _, part := range []struct {
		list   []found
		reason string
	}{{l.foreign, offSite}, {l.lists, aList}} {
		for _, x := range part.list[:min(len(part.list), maxRefused)] {
			x.refused = part.reason
			out = append(out, x)
		}
	}
	return out
}

// fewHosts keeps the entries of the first hosts of each site and refuses the
// rest, which a delay for each host would not slow.
func (l *listing) fewHosts() {
	hosts := map[string]map[string]bool{} // by site
	keep := l.found[:0]
	dropped := 0
	for _, x := range l.found {
		site, host := RegistrableDomain(x.url), hostOf(x.url)
		if hosts[site] == nil {
			hosts[site] = map[string]bool{}
		}
		if !hosts[site][host] && len(hosts[site]) >= maxHosts {
			dropped++
			continue
		}
		hosts[site][host] = true
		keep = append(keep, x)
	}
	l.found = keep
	if dropped > 0 && l.err == nil {
		l.err = fmt.Errorf("more than %d hosts of one site, %d entries of the others left out", maxHosts, dropped)
	}
}

// A sitemap index may name a hundred thousand sitemaps, new ones each day:
// fetched at once they would keep the articles of their host waiting for days.
const (
	partsAtOnce = 200
	partEvery   = 30 * time.Second // for each one more
)

// stagger lets the sitemaps of an index wait their turn, those last changed first.
func (l *listing) stagger() {
	var parts []*found
	for i := range l.found {
		if l.found[i].kind == "sitemap" {
			parts = append(parts, &l.found[i])
		}
	}
	if len(parts) <= partsAtOnce {
		return
	}
	slices.SortStableFunc(parts, func(a, b *found) int { return b.published.Compare(a.published) })
	for i, p := range parts[partsAtOnce:] {
		p.later = time.Duration(i+1) * partEvery
	}
}

// listed makes the outcome of a list.
func (c *Crawler) listed(t *task, res *response, l listing) outcome {
	l.fewHosts()
	l.stagger()
	now := steady()
	o := outcome{
		due: t.nextDue(now), status: res.status, fetched: true,
		hint: l.pause, cached: cacheHint(res.header, now),
		etag: res.header.Get("ETag"), lm: res.header.Get("Last-Modified"),
		what: l.what, found: l.found, refused: l.refused(),
	}
	if l.err != nil {
		o.err = l.complaint()
		if len(o.found) == 0 {
			o.reason, o.etag, o.lm = "bad_source", "", ""
			if fe := (*fetchError)(nil); errors.As(l.err, &fe) { // it grew beyond the cap, or was cut
				o.reason = fe.reason
			}
		}
		c.log.Warn("source", "source", t.source, "url", res.url, "error", l.err)
	}
	if len(l.foreign) > 0 {
		c.log.Warn("entries of other sites refused", "source", t.source, "url", res.url, "entries", len(l.foreign))
	}
	return o
}

// foreignSites are the sites of a list's entries that are not its own, in
// their order, as many as are asked whether they agree.
func (l listing) foreignSites() (sites []*url.URL) {
	for _, x := range l.foreign {
		u, err := url.Parse(x.url)
		if err != nil {
			continue
		}
		site := &url.URL{Scheme: u.Scheme, Host: u.Host}
		if !slices.ContainsFunc(sites, func(s *url.URL) bool { return *s == *site }) {
			if sites = append(sites, site); len(sites) == maxForeignHosts {
				break
			}
		}
	}
	return sites
}

// unknownSites are those of some sites whose robots.txt is not known.
func (c *Crawler) unknownSites(sites []*url.URL) []*url.URL {
	return slices.DeleteFunc(sites, func(site *url.URL) bool {
		rules, err := c.knownRules(site.String())
		return err != nil || rules != nil && !steady().After(rules.expires)
	})
}

// learn asks sites for their robots.txt, for a task of the host own. It is
// errCrowded if that cannot be done now; sites that do not answer remain unknown.
func (c *Crawler) learn(ctx context.Context, own string, sites []*url.URL) error {
	for _, site := range sites {
		err := c.askOther(ctx, own, site.Host, func() error {
			_, _, err := c.rules(ctx, site)
			return err
		})
		if errors.Is(err, errCrowded) {
			return err
		}
		if ctx.Err() != nil {
			return ctx.Err()
		}
	}
	return nil
}

// crossSubmitted takes entries of other hosts if the robots.txt of their host
// names the sitemap, as the sitemap protocol has it ("cross submits"): only
// then does that host say that the sitemap speaks for it.
func (c *Crawler) crossSubmitted(t *task, l listing) listing {
	agree := map[string]bool{}
	for _, site := range l.foreignSites() {
		agree[site.String()] = c.announces(site, t.url)
	}
	var refused []found
	for _, x := range l.foreign {
		if u, err := url.Parse(x.url); err == nil && agree[u.Scheme+"://"+u.Host] {
			l.found = append(l.found, x)
		} else {
			refused = append(refused, x)
		}
	}
	l.foreign = refused
	if l.err == nil && len(refused) > 0 && len(l.found) == 0 {
		l.err = fmt.Errorf("sitemap: all %d entries are of other sites, whose robots.txt does not name it", len(refused))
	}
	return l
}

// announces says whether the robots.txt of a site names the sitemap.
func (c *Crawler) announces(site *url.URL, sitemap string) bool {
	rules, err := c.knownRules(site.String())
	if err != nil || rules == nil || rules.reason != "" {
		return false
	}
	return slices.Contains(sitemapLines(rules.body, site.String()+"/robots.txt"), absolute(sitemap, sitemap))
}

func (cfg Config) sitemapLimit() int64 { return max(cfg.MaxPage, sourceMax) }

// sectionLinks takes the links of a section page that lead to articles.
func sectionLinks(res *response) listing {
	p, own, err := listPage(res)
	if err != nil {
		return listing{err: fmt.Errorf("page: %w", err)}
	}
	return listing{what: "section page", found: p.articles(own)}
}

// listPage reads a page that is looked at for its links; own is its address.
func listPage(res *response) (p pageLinks, own string, err error) {
	ctype := res.header.Get("Content-Type")
	if !isHTML(ctype, res.body) {
		return p, "", fmt.Errorf("%q is not HTML", ctype)
	}
	if p, err = readLinks(res.body, ctype, res.url); err != nil {
		return p, "", err
	}
	own, err = Canonical(res.url)
	return p, own, err
}
