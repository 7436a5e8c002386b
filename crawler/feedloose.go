package crawler

import (
	"bytes"
	"errors"
	"io"
	"strings"

	"github.com/mmcdole/gofeed"
	"golang.org/x/net/html"
)

// errNoItems is why a document is no feed, however loosely it is read.
var errNoItems = errors.New("no item or entry")

// looseFeed reads the items of what no XML parser takes, or takes and finds
// nothing in: tags that do not match, items in the wrong kind of feed. It goes
// by the names of the tags alone, as the tokenizer of HTML sees them, and
// keeps an item that the end of the document cuts off.
func looseFeed(text []byte) (*gofeed.Feed, error) {
	z := html.NewTokenizer(bytes.NewReader(text))
	z.SetMaxBuf(len(text) + 1)
	feed := &gofeed.Feed{FeedType: "rss"}
	var item *gofeed.Item
	var field string // the element whose text is read; empty outside of those that count
	var value strings.Builder
	end := func() {
		if item != nil && len(feed.Items) < maxFound {
			feed.Items = append(feed.Items, item)
		}
		item, field = nil, ""
	}
	for {
		kind := z.Next()
		z.AllowCDATA(true)
		switch kind {
		case html.ErrorToken:
			if err := z.Err(); !errors.Is(err, io.EOF) {
				return nil, err
			}
			setLoose(item, field, value.String())
			end()
			if len(feed.Items) == 0 {
				return nil, errNoItems
			}
			return feed, nil
		case html.StartTagToken, html.SelfClosingTagToken:
			z.NextIsNotRawText()
			t := z.Token()
			switch name := localName(t.Data); {
			case name == "feed" && item == nil:
				feed.FeedType = "atom"
			case name == "item" || name == "entry":
				end()
				item = &gofeed.Item{}
			case item != nil && kind == html.StartTagToken && field == "":
				field = name
				value.Reset()
				looseLink(item, t)
			case item != nil:
				looseLink(item, t)
			}
		case html.TextToken:
			if item != nil && field != "" {
				value.Write(z.Text())
			}
		case html.EndTagToken:
			name, _ := z.TagName()
			switch n := localName(string(name)); n {
			case "item", "entry":
				end()
			case field:
				setLoose(item, field, html.UnescapeString(value.String()))
				field = ""
			}
		}
	}
}

func localName(name string) string { return name[strings.LastIndexByte(name, ':')+1:] }

// looseLink takes the address out of an Atom link.
func looseLink(item *gofeed.Item, t html.Token) {
	if localName(t.Data) != "link" {
		return
	}
	href, rel := "", "alternate"
	for _, a := range t.Attr {
		switch a.Key {
		case "href":
			href = a.Val
		case "rel":
			rel = a.Val
		}
	}
	if href != "" && rel == "alternate" && item.Link == "" {
		item.Link = href
	}
}

func setLoose(item *gofeed.Item, field, value string) {
	if value = strings.TrimSpace(value); item == nil || value == "" {
		return
	}
	switch field {
	case "title":
		item.Title = value
	case "link":
		if item.Link == "" {
			item.Link = value
		}
	case "guid", "id":
		item.GUID = value
	case "pubdate", "published", "issued", "date", "created":
		item.Published = value
	case "updated", "modified":
		item.Updated = value
	}
}
