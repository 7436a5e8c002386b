package crawler

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/url"
	"regexp"
	"strings"
	"time"

	"github.com/mmcdole/gofeed"
	"github.com/mmcdole/gofeed/rss"
)

const (
	maxFound    = 50000 // addresses of one answer, as in the sitemap protocol
	sitemapDeep = 4
)

// source reads the addresses out of a source's answer.
func (c *Crawler) source(t *task, res *response) (o outcome) {
	now := time.Now()
	o = outcome{
		due: t.nextDue(now), status: res.status, fetched: true,
		etag: res.header.Get("ETag"), lm: res.header.Get("Last-Modified"),
	}
	defer func() {
		if v := recover(); v != nil { // a parser's crash must not end the crawl
			o = outcome{due: t.nextDue(now), status: res.status, err: fmt.Sprint("parser panics: ", v), reason: "bad_source"}
		}
	}()
	var err error
	switch t.kind {
	case "feed":
		o.found, err = parseFeed(res.body, res.url)
	case "sitemap":
		o.found, err = parseSitemap(res.body, res.url, c.cfg.sitemapLimit(), t.depth < sitemapDeep)
	case "gdelt":
		o.found, err = parseGDELT(res.body)
	case "page":
		o.found, err = c.sectionLinks(res)
	}
	if err != nil {
		o.err = err.Error()
		if len(o.found) == 0 {
			o.reason, o.etag, o.lm = "bad_source", "", ""
		}
		c.log.Warn("source", "source", t.source, "error", err)
	}
	return o
}

func (cfg Config) sitemapLimit() int64 { return max(cfg.MaxPage, sourceMax) }

// parseFeed reads RSS, Atom and JSON feeds.
func parseFeed(body []byte, base string) ([]found, error) {
	p := gofeed.NewParser()
	feed, err := p.Parse(bytes.NewReader(body))
	if err != nil {
		return nil, fmt.Errorf("feed: %w", err)
	}
	notPermalink := guidsThatAreNoLinks(body, feed.FeedType)
	var list []found
	seen := map[string]bool{}
	for _, it := range feed.Items {
		link := it.Link
		if link == "" && len(it.Links) > 0 {
			link = it.Links[0]
		}
		if strings.TrimSpace(link) == "" && feed.FeedType != "atom" && !notPermalink[it.GUID] &&
			(strings.HasPrefix(it.GUID, "http://") || strings.HasPrefix(it.GUID, "https://")) {
			link = it.GUID
		}
		u := resolve(base, link)
		if u == "" || seen[u] || len(list) >= maxFound {
			continue
		}
		seen[u] = true
		f := found{url: u}
		if it.PublishedParsed != nil {
			f.published = *it.PublishedParsed
		} else if it.UpdatedParsed != nil {
			f.published = *it.UpdatedParsed
		}
		list = append(list, f)
	}
	return list, nil
}

// guidsThatAreNoLinks finds the guids with isPermaLink="false", which the
// common item of gofeed does not tell apart.
func guidsThatAreNoLinks(body []byte, kind string) map[string]bool {
	m := map[string]bool{}
	if kind != "rss" {
		return m
	}
	feed, err := (&rss.Parser{}).Parse(bytes.NewReader(body))
	if err != nil {
		return m
	}
	for _, it := range feed.Items {
		if it.GUID != nil && strings.EqualFold(strings.TrimSpace(it.GUID.IsPermalink), "false") {
			m[it.GUID.Value] = true
		}
	}
	return m
}

// parseGDELT reads the article list of the GDELT DOC 2.0 API.
func parseGDELT(body []byte) ([]found, error) {
	var answer struct {
		Articles []struct {
			URL      string `json:"url"`
			SeenDate string `json:"seendate"`
		} `json:"articles"`
	}
	if err := json.Unmarshal(body, &answer); err != nil {
		// Its errors are plain text with status 200.
		text := string(body[:min(len(body), 200)])
		return nil, fmt.Errorf("gdelt: %w: %q", err, strings.TrimSpace(text))
	}
	var list []found
	for _, a := range answer.Articles {
		u, err := Canonical(a.URL)
		if err != nil {
			continue
		}
		f := found{url: u}
		if d, err := time.Parse("20060102T150405Z", a.SeenDate); err == nil {
			f.published = d
		}
		list = append(list, f)
	}
	return list, nil
}

// sectionLinks takes the links of a section page that look like articles.
func (c *Crawler) sectionLinks(res *response) ([]found, error) {
	ctype := res.header.Get("Content-Type")
	if !isHTML(ctype, res.body) {
		return nil, fmt.Errorf("page: %q is not HTML", ctype)
	}
	p, err := c.read(res, ctype)
	if err != nil {
		return nil, fmt.Errorf("page: %w", err)
	}
	own, _ := Canonical(res.url)
	var list []found
	seen := map[string]bool{own: true}
	for _, l := range p.Links {
		u := resolve(res.url, l)
		if u == "" || seen[u] || !sameSite(u, res.url) || !looksLikeArticle(u) || len(list) >= maxFound {
			continue
		}
		seen[u] = true
		list = append(list, found{url: u})
	}
	return list, nil
}

var (
	notPage   = regexp.MustCompile(`(?i)\.(jpe?g|png|gif|webp|svg|css|js|json|xml|rss|pdf|zip|gz|mp[34]|m4a|ico|woff2?)$`)
	notNews   = regexp.MustCompile(`(?i)^/(tag|tags|topic|topics|author|authors|category|categories|search|login|account|about|privacy|terms|contact|newsletters?|subscribe|wp-admin|wp-json|feed|feeds|rss)(/|$)`)
	numbers   = regexp.MustCompile(`\d{4,}|/\d{4}/\d{1,2}/`)
	queryNews = regexp.MustCompile(`(?i)(^|&)(id|p|article|articleid|story|storyid|news_?id)=\w*\d`)
)

// looksLikeArticle goes by the path: two segments, a slug with hyphens, or a
// date or number in it.
func looksLikeArticle(raw string) bool {
	u, err := url.Parse(raw)
	if err != nil {
		return false
	}
	path := strings.Trim(u.Path, "/")
	if notPage.MatchString(u.Path) || notNews.MatchString(u.Path) {
		return false
	}
	if queryNews.MatchString(u.RawQuery) {
		return true
	}
	if path == "" {
		return false
	}
	segments := strings.Split(path, "/")
	last := segments[len(segments)-1]
	return len(segments) >= 2 || strings.Count(last, "-") >= 2 || numbers.MatchString(u.Path)
}
