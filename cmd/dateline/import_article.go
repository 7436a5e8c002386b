package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"time"

	"dateline"
	"dateline/crawler"
	"dateline/crawler/extract"
)

// errNoIndex says that a page asks not to be indexed.
var errNoIndex = errors.New("the page asks not to be indexed")

var errNoArticle = errors.New("no article on the page")

// recordArticle takes the article of an archived page, unless its headers or
// its own elements ask our robot not to, and what the extractor found. If it is
// again, the archive is our own, and the article becomes what the crawler made of
// the page.
func recordArticle(r *crawler.Record, userAgent string, memory *extract.Memory, again bool) (*dateline.Article, *extract.Page, error) {
	ctype := r.HTTP.Get("Content-Type")
	if r.Type == "resource" {
		ctype = r.Header.Get("Content-Type")
	}
	seen := observed(r.Date)
	fetched := seen
	if seen.IsZero() {
		fetched = time.Now()
	}
	p, err := memory.At(r.Body, ctype, r.URI, fetched)
	if err != nil {
		return nil, nil, err
	}
	if !crawler.MayIndex(userAgent, append(r.HTTP.Values("X-Robots-Tag"), p.Robots...), time.Now()) {
		return nil, nil, errNoIndex
	}
	if !again {
		a, err := pageArticle(p, r.URI)
		if err != nil {
			return nil, nil, err
		}
		if _, err := crawler.Canonical(a.URL); err != nil {
			return nil, nil, fmt.Errorf("%w: no web address: %w", errNoArticle, err)
		}
		a.FirstSeen, a.LastSeen = seen, seen
		return a, p, nil
	}
	if p.Article.Title == "" || p.Article.Body == "" {
		return nil, nil, errNoArticle
	}
	return p.Article, p, crawler.Complete(p.Article, p.Canonical, r.Fetched())
}

// observed is when an archive says that a page was fetched, to the second; zero
// if it does not say, or a time to come.
func observed(date time.Time) time.Time {
	if date.After(time.Now()) {
		return time.Time{}
	}
	return date.UTC().Truncate(time.Second)
}

// extractArticle takes the article of a page. A page at file:// keeps its
// canonical link as its address.
func extractArticle(body []byte, contentType, pageURL string) (*dateline.Article, error) {
	p, err := extract.Extract(body, contentType, pageURL)
	if err != nil {
		return nil, err
	}
	return pageArticle(p, pageURL)
}

func pageArticle(p *extract.Page, pageURL string) (*dateline.Article, error) {
	a := p.Article
	if a.Title == "" || a.Body == "" {
		return nil, errNoArticle
	}
	canonical := pageURL
	if p.Canonical != "" && (strings.HasPrefix(pageURL, "file:") || crawler.RegistrableDomain(p.Canonical) == crawler.RegistrableDomain(pageURL)) {
		canonical = p.Canonical
	}
	if c, err := crawler.Canonical(canonical); err == nil {
		canonical = c
	}
	a.URL, a.ID = canonical, dateline.ArticleID(canonical)
	a.Outlet.ID = crawler.RegistrableDomain(canonical)
	if a.Outlet.ID == "" {
		a.Outlet.ID = dateline.Slug(a.Outlet.Name)
	}
	if a.Outlet.Name == "" {
		a.Outlet.Name = a.Outlet.ID
	}
	return a, nil
}

// parseArticle reads one line of article JSONL (DESIGN: url or id, title,
// body, published, outlet, and the optional fields). Unknown fields are kept.
func parseArticle(line []byte) (*dateline.Article, error) {
	var raw map[string]json.RawMessage
	if err := json.Unmarshal(line, &raw); err != nil {
		return nil, err
	}
	var in struct {
		ID, URL, Title, Body, Outlet, Lang, Section, Summary string
		Published                                            *string
		Authors, People, Orgs, Places                        []string
	}
	if err := json.Unmarshal(line, &in); err != nil {
		return nil, err
	}
	if in.URL == "" && in.ID == "" {
		return nil, errors.New("no url and no id")
	}
	a := &dateline.Article{
		URL: in.URL, Title: in.Title, Body: in.Body, Lang: in.Lang, Section: in.Section,
		Summary: in.Summary, Authors: in.Authors, Outlet: dateline.Outlet{Name: in.Outlet},
	}
	key := in.ID
	if in.URL != "" {
		c, err := crawler.Canonical(in.URL)
		if err != nil {
			return nil, fmt.Errorf("url: %w", err)
		}
		a.URL, key = c, c
		a.Outlet.ID = crawler.RegistrableDomain(c)
	}
	a.ID = dateline.ArticleID(key)
	if a.Outlet.ID == "" {
		a.Outlet.ID = dateline.Slug(in.Outlet)
	}
	if a.Outlet.Name == "" {
		a.Outlet.Name = a.Outlet.ID
	}
	if in.Published != nil && *in.Published != "" {
		t, err := parseTime(*in.Published)
		if err != nil {
			return nil, err
		}
		a.Published, a.DateSource = t, "import"
	}
	if a.Lang == "" {
		a.Lang = extract.Language(in.Title + "\n" + in.Body)
	}
	give := func(typ dateline.EntityType, names []string) {
		for _, n := range names {
			a.Given = append(a.Given, dateline.Entity{Name: n, Type: typ})
		}
	}
	give(dateline.Person, in.People)
	give(dateline.Organization, in.Orgs)
	give(dateline.Place, in.Places)
	known := []string{"id", "url", "title", "body", "published", "outlet", "authors", "lang", "section", "summary", "people", "orgs", "places"}
	for _, k := range known {
		delete(raw, k)
	}
	for k, v := range raw {
		if a.Extra == nil {
			a.Extra = map[string]string{}
		}
		a.Extra[k] = string(v)
	}
	return a, nil
}

func parseTime(s string) (time.Time, error) {
	for _, layout := range []string{time.RFC3339, "2006-01-02T15:04:05", time.DateTime, time.DateOnly} {
		if t, err := time.Parse(layout, s); err == nil {
			return t.UTC().Truncate(time.Second), nil
		}
	}
	return time.Time{}, fmt.Errorf("published %q: want RFC 3339, for example 2025-11-14T18:02:00Z", s)
}
