package crawler

import (
	"fmt"
	"net/url"
	"slices"
	"strings"
	"time"
)

// An outlet of which only the domain is known is a source of its own: its home
// page names feeds, its robots.txt sitemaps, its menus sections; where it
// names none, the usual places are tried. What is found becomes a part of the
// source and is polled like a source that was configured. Parts that work
// stay; those that fail are asked ever more seldom.

const (
	maxOutletMaps = 10
	outletPause   = 24 * time.Hour // between two looks at a home page whose feeds or sitemaps work
)

// usual places, tried once where an outlet does not say.
var (
	usualFeeds = []string{"/feed/", "/rss.xml", "/rss", "/feed.xml", "/atom.xml", "/index.xml", "/feeds/all.xml"}
	usualMaps  = []string{"/news-sitemap.xml", "/sitemap-news.xml", "/sitemap_news.xml", "/googlenews.xml", "/sitemap.xml", "/sitemap_index.xml"}
)

// outletAddresses are where the home page of a domain can be, in the order in
// which they are tried.
func outletAddresses(domain string) []string {
	return []string{"https://" + domain + "/", "https://www." + domain + "/", "http://" + domain + "/", "http://www." + domain + "/"}
}

// elsewhere is the next address at which an outlet's home page may be, after
// one that cannot be reached; "" if there is none.
func (t *task) elsewhere(o outcome) string {
	if t.kind != "outlet" {
		return ""
	}
	switch o.reason {
	case "dns", "network", "tls", "timeout", "robots_unreachable":
	default:
		return ""
	}
	all := outletAddresses(strings.TrimPrefix(t.source, "outlet "))
	i := slices.Index(all, t.target())
	if i < 0 || i+1 == len(all) {
		return ""
	}
	return all[i+1]
}

// outletHome reads the home page of an outlet.
func (c *Crawler) outletHome(t *task, res *response) listing {
	p, own, err := listPage(res)
	if err != nil {
		return listing{err: fmt.Errorf("home page: %w", err)}
	}
	l := listing{what: "home page", found: p.articles(own)}
	works, err := c.front.partsWork(t.source)
	if err != nil {
		return listing{err: err}
	}
	if works {
		l.pause = outletPause
	}
	u, err := url.Parse(res.url)
	if err != nil {
		return listing{err: fmt.Errorf("home page: %w", err)}
	}
	site := u.Scheme + "://" + u.Host
	var maps []string
	if rules, err := c.knownRules(site); err == nil && rules != nil && rules.reason == "" {
		maps = sitemapLines(rules.body, site+"/robots.txt")
	}
	maps = slices.DeleteFunc(maps, func(m string) bool { return !sameSite(m, res.url) })
	// News sitemaps have the last two days only: what is wanted most.
	slices.SortStableFunc(maps, func(a, b string) int { return newsFirst(a) - newsFirst(b) })
	maps = maps[:min(len(maps), maxOutletMaps)]
	for _, m := range maps {
		l.found = append(l.found, found{url: m, kind: "sitemap"})
	}
	for _, f := range p.feeds {
		l.found = append(l.found, found{url: f, kind: "feed"})
	}
	// What stands in sections only: while feeds or sitemaps work, those that
	// bring nothing else are looked at seldom (see plan).
	l.found = append(l.found, p.sections(own)...)
	l.what = homePage(l.found)
	if t.firstFetch == 0 {
		l.found = append(l.found, guesses(site, len(p.feeds) > 0, len(maps) > 0)...)
	}
	return l
}

// homePage words what a home page names: "home page with 1 feed, 2 sitemaps".
func homePage(list []found) string {
	n := map[string]int{}
	for _, x := range list {
		n[x.kind]++
	}
	var parts []string
	for _, k := range []struct{ kind, one, more string }{{"feed", "feed", "feeds"}, {"sitemap", "sitemap", "sitemaps"}, {"page", "section", "sections"}} {
		switch n[k.kind] {
		case 0:
		case 1:
			parts = append(parts, "1 "+k.one)
		default:
			parts = append(parts, fmt.Sprint(n[k.kind], " ", k.more))
		}
	}
	if len(parts) == 0 {
		return "home page"
	}
	return "home page with " + strings.Join(parts, ", ")
}

func newsFirst(sitemap string) int {
	if strings.Contains(strings.ToLower(sitemap), "news") {
		return 0
	}
	return 1
}

func guesses(site string, feeds, maps bool) []found {
	var out []found
	if !feeds {
		for _, path := range usualFeeds {
			out = append(out, found{url: site + path, kind: "feed"})
		}
	}
	if !maps {
		for _, path := range usualMaps {
			out = append(out, found{url: site + path, kind: "sitemap"})
		}
	}
	return out
}

// partsWork says whether a feed or a sitemap that is a part of a source
// answered well when it was last asked.
func (f *frontier) partsWork(source string) (works bool, err error) {
	err = f.read(func() error {
		works, err = f.partWorks(source)
		return err
	})
	return works, err
}

// partWorks is partsWork within read or write.
func (f *frontier) partWorks(source string) (bool, error) {
	var n int
	err := f.row(`SELECT COUNT(*) FROM urls WHERE source = ? AND kind <> 'article' AND kind IN ('feed', 'sitemap')
		AND first_fetch > 0 AND reason = ''`, source).Scan(&n)
	return n > 0, err
}
