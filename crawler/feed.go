package crawler

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/mmcdole/gofeed"
	"github.com/mmcdole/gofeed/atom"
	"github.com/mmcdole/gofeed/rss"
)

// parseFeed reads RSS, Atom and JSON feeds.
func parseFeed(body []byte, contentType, base string) listing {
	feed, err := readFeed(body, contentType)
	if err != nil {
		return listing{err: fmt.Errorf("feed: %w", err)}
	}
	l := listing{what: feedNames[feed.FeedType], pause: feedHint(feed)}
	seen := map[string]bool{}
	for i, it := range feed.Items {
		link := itemLink(feed, i)
		if orig := originalLink(it); orig != "" {
			link = orig
		}
		u := resolve(base, unwrap(absolute(base, link)))
		if u == "" || seen[u] || len(l.found) >= maxFound {
			continue
		}
		seen[u] = true
		l.found = append(l.found, found{url: u, published: itemDate(it)})
	}
	return l
}

// itemLink is the address of an item: of RSS also a guid that is a permalink,
// of Atom the link to HTML where there are several.
func itemLink(feed *gofeed.Feed, i int) string {
	it := feed.Items[i]
	link := it.Link
	if link == "" && len(it.Links) > 0 {
		link = it.Links[0]
	}
	switch original := feed.OriginalFeed().(type) {
	case *atom.Feed:
		for _, l := range original.Entries[i].Links {
			if l.Rel == "alternate" && strings.HasPrefix(l.Type, "text/html") {
				return l.Href
			}
		}
		return link
	case *rss.Feed:
		if guid := original.Items[i].GUID; guid != nil && strings.EqualFold(strings.TrimSpace(guid.IsPermalink), "false") {
			return link
		}
	}
	if strings.TrimSpace(link) == "" && feed.FeedType != "atom" &&
		(strings.HasPrefix(it.GUID, "http://") || strings.HasPrefix(it.GUID, "https://")) {
		link = it.GUID
	}
	return link
}

// originalLink is the outlet's own address of an item whose link leads through
// a service that counts readers.
func originalLink(it *gofeed.Item) string {
	for _, service := range []string{"feedburner", "pheedo"} {
		if x := it.Extensions[service]["origLink"]; len(x) > 0 {
			return strings.TrimSpace(x[0].Value)
		}
	}
	return ""
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

// readFeed parses a feed. One that cannot be parsed is mended and tried once
// more, and then read loosely: many are written by hand.
func readFeed(body []byte, contentType string) (*gofeed.Feed, error) {
	text := feedText(body, contentType)
	parser := gofeed.NewParser()
	parser.KeepOriginalFeed = true
	feed, err := parser.Parse(bytes.NewReader(text))
	if err != nil {
		if f, merr := parser.Parse(bytes.NewReader(mendXML(text))); merr == nil {
			feed, err = f, nil
		}
	}
	switch {
	case err != nil:
		loose, lerr := looseFeed(text)
		if lerr != nil {
			return nil, err // says better what is wrong
		}
		return loose, nil
	case feed.FeedType == "json":
		if feed.FeedVersion == "" && len(feed.Items) == 0 {
			return nil, errors.New("JSON without version and items")
		}
	case !hasLinks(feed):
		if loose, err := looseFeed(text); err == nil && (len(loose.Items) > len(feed.Items) || hasLinks(loose)) {
			return loose, nil
		}
	}
	return feed, nil
}

// hasLinks says whether any item leads anywhere.
func hasLinks(feed *gofeed.Feed) bool {
	for i := range feed.Items {
		if itemLink(feed, i) != "" {
			return true
		}
	}
	return false
}

var feedNames = map[string]string{"rss": "RSS feed", "atom": "Atom feed", "json": "JSON feed"}

// feedHint is how often a feed wants to be asked: sy:updatePeriod and
// sy:updateFrequency of the RSS syndication module, else RSS's ttl in minutes.
func feedHint(feed *gofeed.Feed) time.Duration {
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
	original, ok := feed.OriginalFeed().(*rss.Feed)
	if !ok {
		return 0
	}
	if n, err := strconv.Atoi(strings.TrimSpace(original.TTL)); err == nil && n > 0 {
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
