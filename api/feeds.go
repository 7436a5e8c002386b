package api

import (
	"cmp"
	"encoding/json"
	"encoding/xml"
	"fmt"
	"io"
	"strings"
	"time"

	"dateline"
	"dateline/api/ui"
)

// lead is what a feed tells of an article beside its headline.
func lead(a *dateline.Article) string { return excerpt(cmp.Or(a.Summary, a.Body), excerptRunes) }

// rssExporter writes RSS 2.0 (rssboard.org/rss-specification).
type rssExporter struct {
	w io.Writer
	f Feed
}

type rssGUID struct {
	Permalink bool   `xml:"isPermaLink,attr"`
	ID        string `xml:",chardata"`
}

type rssItem struct {
	XMLName     xml.Name `xml:"item"`
	Title       string   `xml:"title"`
	Link        string   `xml:"link,omitempty"`
	Description string   `xml:"description,omitempty"`
	Creator     string   `xml:"dc:creator,omitempty"`
	GUID        rssGUID  `xml:"guid"`
	PubDate     string   `xml:"pubDate,omitempty"`
}

func (e *rssExporter) Begin() error {
	_, err := fmt.Fprintf(e.w, `%s<rss version="2.0" xmlns:atom="http://www.w3.org/2005/Atom" xmlns:dc="http://purl.org/dc/elements/1.1/"><channel><title>%s</title><link>%s</link><description>%s</description><atom:link rel="self" type="application/rss+xml" href="%s"/>`+"\n",
		xml.Header, escaped(e.f.Title), escaped(e.f.Home), "News coverage found by Dateline", escaped(e.f.Self))
	return err
}

func (e *rssExporter) Add(a *dateline.Article) error {
	it := rssItem{
		Title: a.Title, Link: ui.Web(a.URL), Description: escaped(lead(a)), // RSS reads a description as HTML
		Creator: strings.Join(append(append([]string{}, a.Authors...), a.Outlet.Name), ", "), GUID: rssGUID{ID: a.ID},
	}
	if !a.Published.IsZero() {
		it.PubDate = a.Published.UTC().Format(time.RFC1123Z)
	}
	return xml.NewEncoder(e.w).Encode(it)
}

func (e *rssExporter) End() error {
	_, err := io.WriteString(e.w, "\n</channel></rss>\n")
	return err
}

// atomExporter writes Atom (RFC 4287). Its date of change is the newest
// article's, which comes first.
type atomExporter struct {
	w     io.Writer
	f     Feed
	begun bool
}

type atomName struct {
	Name string `xml:"name"`
}

type atomLink struct {
	Href string `xml:"href,attr"`
}

type atomEntry struct {
	XMLName   xml.Name   `xml:"entry"`
	ID        string     `xml:"id"`
	Title     string     `xml:"title"`
	Updated   string     `xml:"updated"`
	Published string     `xml:"published,omitempty"`
	Link      *atomLink  `xml:"link"`
	Authors   []atomName `xml:"author"`
	Summary   string     `xml:"summary,omitempty"`
}

func (e *atomExporter) Begin() error { return nil }

func (e *atomExporter) head(updated time.Time) error {
	e.begun = true
	_, err := fmt.Fprintf(e.w, `%s<feed xmlns="http://www.w3.org/2005/Atom"><id>%s</id><title>%s</title><updated>%s</updated><link href="%s"/><link rel="self" href="%s"/>`+"\n",
		xml.Header, escaped(e.f.Self), escaped(e.f.Title), updated.UTC().Format(time.RFC3339), escaped(e.f.Home), escaped(e.f.Self))
	return err
}

func (e *atomExporter) Add(a *dateline.Article) error {
	when := a.Published
	for _, t := range []time.Time{a.Modified, a.FirstSeen, time.Unix(0, 0)} {
		if when.IsZero() {
			when = t
		}
	}
	if !e.begun {
		if err := e.head(when); err != nil {
			return err
		}
	}
	it := atomEntry{ID: "urn:dateline:article:" + a.ID, Title: a.Title, Updated: rfc3339(when), Published: rfc3339(a.Published), Summary: lead(a)}
	if u := ui.Web(a.URL); u != "" {
		it.Link = &atomLink{u}
	}
	for _, who := range append(append([]string{}, a.Authors...), a.Outlet.Name) {
		it.Authors = append(it.Authors, atomName{who})
	}
	return xml.NewEncoder(e.w).Encode(it)
}

func (e *atomExporter) End() error {
	if !e.begun {
		if err := e.head(time.Unix(0, 0)); err != nil {
			return err
		}
	}
	_, err := io.WriteString(e.w, "\n</feed>\n")
	return err
}

// jsonFeedExporter writes JSON Feed 1.1 (jsonfeed.org/version/1.1).
type jsonFeedExporter struct {
	w     io.Writer
	f     Feed
	items []jsonFeedItem // at most feedItems
}

type jsonFeedAuthor struct {
	Name string `json:"name"`
}

type jsonFeedItem struct {
	ID        string           `json:"id"`
	URL       string           `json:"url,omitempty"`
	Title     string           `json:"title"`
	Text      string           `json:"content_text"`
	Published Time             `json:"date_published,omitzero"`
	Modified  Time             `json:"date_modified,omitzero"`
	Authors   []jsonFeedAuthor `json:"authors"`
	Language  string           `json:"language,omitempty"`
}

func (e *jsonFeedExporter) Begin() error { return nil }

func (e *jsonFeedExporter) Add(a *dateline.Article) error {
	it := jsonFeedItem{ID: a.ID, URL: ui.Web(a.URL), Title: a.Title, Text: lead(a), Published: Time{a.Published}, Modified: Time{a.Modified}, Language: a.Lang}
	for _, who := range append(append([]string{}, a.Authors...), a.Outlet.Name) {
		it.Authors = append(it.Authors, jsonFeedAuthor{who})
	}
	e.items = append(e.items, it)
	return nil
}

func (e *jsonFeedExporter) End() error {
	return json.NewEncoder(e.w).Encode(struct {
		Version string         `json:"version"`
		Title   string         `json:"title"`
		Home    string         `json:"home_page_url"`
		Self    string         `json:"feed_url"`
		Items   []jsonFeedItem `json:"items"`
	}{"https://jsonfeed.org/version/1.1", e.f.Title, e.f.Home, e.f.Self, notNil(e.items)})
}
