package crawler

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/mmcdole/gofeed"
	"github.com/mmcdole/gofeed/rss"
)

// parseFeed reads RSS, Atom and JSON feeds.
func parseFeed(body []byte, contentType, base string) listing {
	feed, text, err := readFeed(body, contentType)
	if err != nil {
		return listing{err: fmt.Errorf("feed: %w", err)}
	}
	notPermalink, ttl := rssOnly(text, feed.FeedType)
	l := listing{what: feedNames[feed.FeedType], pause: feedHint(feed, ttl)}
	seen := map[string]bool{}
	for _, it := range feed.Items {
		u := resolve(base, unwrap(absolute(base, itemLink(it, feed.FeedType, notPermalink))))
		if u == "" || seen[u] || len(l.found) >= maxFound {
			continue
		}
		seen[u] = true
		l.found = append(l.found, found{url: u, published: itemDate(it)})
	}
	return l
}

// itemLink is the address of an item: of RSS also a guid that is a permalink.
func itemLink(it *gofeed.Item, kind string, notPermalink map[string]bool) string {
	link := it.Link
	if link == "" && len(it.Links) > 0 {
		link = it.Links[0]
	}
	if strings.TrimSpace(link) == "" && kind != "atom" && !notPermalink[it.GUID] &&
		(strings.HasPrefix(it.GUID, "http://") || strings.HasPrefix(it.GUID, "https://")) {
		link = it.GUID
	}
	return link
}

// itemDate is when an item was published or, if it does not say, updated. The
// text is read by ourselves: gofeed takes unknown zones for UTC.
func itemDate(it *gofeed.Item) time.Time {
	for _, s := range []string{it.Published, it.Updated} {
		if t := parseDate(s); !t.IsZero() {
			return t
		}
	}
	if t := extensionDate(it); !t.IsZero() {
		return t
	}
	for _, p := range []*time.Time{it.PublishedParsed, it.UpdatedParsed} {
		if p != nil {
			return *p
		}
	}
	return time.Time{}
}

// extensionDate looks for the dates of Dublin Core, whatever the prefix is.
func extensionDate(it *gofeed.Item) time.Time {
	if dc := it.DublinCoreExt; dc != nil {
		for _, s := range dc.Date {
			if t := parseDate(s); !t.IsZero() {
				return t
			}
		}
	}
	for _, name := range []string{"issued", "created", "date", "modified"} {
		for _, prefix := range slices.Sorted(maps.Keys(it.Extensions)) {
			for _, x := range it.Extensions[prefix][name] {
				if t := parseDate(x.Value); !t.IsZero() {
					return t
				}
			}
		}
	}
	return time.Time{}
}

// readFeed parses a feed; text is what was parsed. A feed that cannot be
// parsed is mended and tried once more: many are written by hand.
func readFeed(body []byte, contentType string) (feed *gofeed.Feed, text []byte, err error) {
	text = feedText(body, contentType)
	feed, err = gofeed.NewParser().Parse(bytes.NewReader(text))
	if err != nil {
		mended := mendXML(text)
		if f, merr := gofeed.NewParser().Parse(bytes.NewReader(mended)); merr == nil {
			return f, mended, nil
		}
	}
	return feed, text, err
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
