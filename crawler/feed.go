package crawler

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/mmcdole/gofeed"
	"github.com/mmcdole/gofeed/rss"
)

// parseFeed reads RSS, Atom and JSON feeds.
func parseFeed(body []byte, base string) listing {
	p := gofeed.NewParser()
	feed, err := p.Parse(bytes.NewReader(body))
	if err != nil {
		return listing{err: fmt.Errorf("feed: %w", err)}
	}
	notPermalink, ttl := rssOnly(body, feed.FeedType)
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
	return listing{what: feedNames[feed.FeedType], found: list, pause: feedHint(feed, ttl)}
}

var feedNames = map[string]string{"rss": "RSS feed", "atom": "Atom feed", "json": "JSON feed"}

// rssOnly finds what the common feed of gofeed does not tell: the guids with
// isPermaLink="false", and ttl.
func rssOnly(body []byte, kind string) (notPermalink map[string]bool, ttl string) {
	notPermalink = map[string]bool{}
	if kind != "rss" {
		return notPermalink, ""
	}
	feed, err := (&rss.Parser{}).Parse(bytes.NewReader(body))
	if err != nil {
		return notPermalink, ""
	}
	for _, it := range feed.Items {
		if it.GUID != nil && strings.EqualFold(strings.TrimSpace(it.GUID.IsPermalink), "false") {
			notPermalink[it.GUID.Value] = true
		}
	}
	return notPermalink, feed.TTL
}

// feedHint is how often a feed wants to be asked: sy:updatePeriod and
// sy:updateFrequency of the RSS syndication module, else RSS's ttl in minutes.
func feedHint(feed *gofeed.Feed, ttl string) time.Duration {
	ext := func(name string) string {
		if v := feed.Extensions["sy"][name]; len(v) > 0 {
			return strings.TrimSpace(v[0].Value)
		}
		return ""
	}
	period := map[string]time.Duration{
		"hourly": time.Hour, "daily": 24 * time.Hour, "weekly": 7 * 24 * time.Hour,
		"monthly": 30 * 24 * time.Hour, "yearly": 365 * 24 * time.Hour,
	}[strings.ToLower(ext("updatePeriod"))]
	if period > 0 {
		n, err := strconv.Atoi(ext("updateFrequency"))
		if err != nil || n < 1 {
			n = 1
		}
		return period / time.Duration(n)
	}
	if n, err := strconv.Atoi(strings.TrimSpace(ttl)); err == nil && n > 0 {
		return time.Duration(min(n, 24*60)) * time.Minute
	}
	return 0
}

// parseGDELT reads the article list of the GDELT DOC 2.0 API.
func parseGDELT(body []byte) listing {
	var answer struct {
		Articles []struct {
			URL      string `json:"url"`
			SeenDate string `json:"seendate"`
		} `json:"articles"`
	}
	if err := json.Unmarshal(body, &answer); err != nil {
		// Its errors are plain text with status 200.
		text := string(body[:min(len(body), 200)])
		return listing{err: fmt.Errorf("gdelt: %w: %q", err, strings.TrimSpace(text))}
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
	return listing{what: "GDELT article list", found: list[:min(len(list), maxFound)]}
}
