package dateline

import (
	_ "embed" // for DefaultConfig
	"errors"
	"fmt"
	"net"
	"net/netip"
	"net/url"
	"strings"
	"time"
)

// DefaultConfig is the config.yaml that is shipped: what runs where there is
// no other. Reading it is up to the command.
//
//go:embed config.yaml
var DefaultConfig []byte

// Config is what config.yaml says. [NewConfig] has the defaults.
type Config struct {
	Data    string        // data: folder of archive, store and index
	Stories []StoryConfig // stories: what is followed
	Outlets []Outlet      // outlets: names of known outlets; their ID is the key domain
	Crawler CrawlerConfig // crawler
	Indexer IndexerConfig // indexer
	API     APIConfig     // api
}

// StoryConfig is a story with where to look for its articles.
type StoryConfig struct {
	Story            // id, title, about, from, to, entities
	Sources []Source // sources
}

// Source says where URLs or articles come from. Exactly one field is set.
type Source struct {
	Feed    string   // feed: URL of RSS, Atom or JSON Feed
	Sitemap string   // sitemap: URL of a sitemap, a sitemap index, a news sitemap or a robots.txt
	Page    string   // page: URL of a section page, for its article links
	GDELT   string   // gdelt: query for the GDELT DOC 2.0 article list
	URLs    []string // urls: articles
	WARC    string   // warc: pattern of files
}

// CrawlerConfig is the section crawler.
type CrawlerConfig struct {
	UserAgent     string            // user_agent: sent with each request; the token before the slash is the robots agent
	Delay         time.Duration     // delay: least time between the starts of two requests to one host
	Concurrency   int               // concurrency: requests under way at once, over all hosts
	Timeout       time.Duration     // timeout: for one request, with its body
	MaxPage       int64             // max_page: bytes of one page after decompression
	HostBudget    int               // host_budget: requests to one host in a UTC day; 0 is no limit
	AllowNetworks []netip.Prefix    // allow_networks: networks that may be dialled although they are not public
	ConnectTo     map[string]string // connect_to: host, *.suffix or * to the address that is dialled instead
	Proxy         string            // proxy: URL of an HTTP proxy; empty uses none
	Archive       bool              // archive: keep each response in data/warc
	Discover      bool              // discover: look for the feeds, sitemaps and sections of outlets without a source
	FollowLinks   bool              // follow_links: from an article that is taken to those of other sites that it links to
}

// IndexerConfig is the section indexer.
type IndexerConfig struct {
	Engine string // engine: bleve or opensearch
	Store  string // store: sqlite or postgres

	Recency     float64 // recency: what being new is worth in relevance, 0 to 1
	PastQueries bool    // past_queries: suggest what several people searched for

	Synonyms string // synonyms: file of words with one meaning; empty: none
}

// APIConfig is the section api.
type APIConfig struct {
	Listen       string   // listen: address and port
	PublicURL    string   // public_url: used in feeds, embed snippets and links; empty takes it from the request
	AdminToken   string   // admin_token: bearer token that may write; empty: nobody may
	EmbedOrigins []string // embed_origins: sites that may ask the API from a browser; * is every site
	RateLimit    Rate     // rate_limit: per client address
	FullText     bool     // full_text: show whole texts to everybody
}

// Rate is N events in each Per. The zero Rate is no limit.
type Rate struct {
	N   int
	Per time.Duration
}

// NewConfig returns the defaults, without stories and outlets.
func NewConfig() *Config {
	return &Config{
		Data: "./data",
		Crawler: CrawlerConfig{
			UserAgent:   "Dateline/1.0 (+https://example.org/about-the-crawler)",
			Delay:       2 * time.Second,
			Concurrency: 32,
			Timeout:     30 * time.Second,
			MaxPage:     10 << 20,
			HostBudget:  20000,
			Archive:     true,
			Discover:    true,
			FollowLinks: true,
		},
		Indexer: IndexerConfig{Engine: "bleve", Store: "sqlite", Recency: 0.1, PastQueries: true},
		API: APIConfig{
			Listen:       "127.0.0.1:8080",
			EmbedOrigins: []string{"*"},
			RateLimit:    Rate{N: 600, Per: time.Minute},
		},
	}
}

// Kind returns the key that is set and what it says, for people: "feed" and
// its URL. Of a list of URLs it is the first. A wrong source has no kind.
func (s Source) Kind() (kind, value string) {
	n := 0
	set := func(k, v string) {
		if v != "" {
			kind, value = k, v
			n++
		}
	}
	set("feed", s.Feed)
	set("sitemap", s.Sitemap)
	set("page", s.Page)
	set("gdelt", s.GDELT)
	set("warc", s.WARC)
	if len(s.URLs) > 0 {
		set("urls", s.URLs[0])
	}
	if n != 1 {
		return "", ""
	}
	return kind, value
}

// Validate tells everything that is wrong with c, each error with its key.
func (c *Config) Validate() error {
	var errs []error
	bad := func(wrong bool, format string, args ...any) {
		if wrong {
			errs = append(errs, fmt.Errorf(format, args...))
		}
	}
	bad(c.Data == "", "data: must name a folder")

	ids := map[string]bool{}
	for i, s := range c.Stories {
		key := fmt.Sprintf("stories[%d]", i)
		bad(s.ID == "", "%s.id: is missing", key)
		bad(s.ID != "" && s.ID != Slug(s.ID), "%s.id: %q must be lower-case letters, digits and hyphens, as %q", key, s.ID, Slug(s.ID))
		bad(s.ID != "" && ids[s.ID], "%s.id: %q is taken by another story", key, s.ID)
		ids[s.ID] = true
		bad(s.Title == "", "%s.title: is missing", key)
		_, err := ParseQuery(s.About)
		bad(err != nil, "%s.about: %w", key, err)
		bad(!s.From.IsZero() && !s.To.IsZero() && !s.From.Before(s.To), "%s.to: is before from", key)
		entities := map[string]bool{}
		for j, e := range s.Entities {
			bad(Slug(e.Name) == "", "%s.entities[%d].name: is missing", key, j)
			bad(e.Type != Person && e.Type != Organization && e.Type != Place,
				"%s.entities[%d].type: %q must be person, organization or place", key, j, e.Type)
			bad(Slug(e.Name) != "" && entities[Slug(e.Name)], "%s.entities[%d].name: %q is there twice", key, j, e.Name)
			entities[Slug(e.Name)] = true
		}
		for j, src := range s.Sources {
			kind, value := src.Kind()
			bad(kind == "", "%s.sources[%d]: must have exactly one of feed, sitemap, page, gdelt, urls and warc", key, j)
			switch kind {
			case "feed", "sitemap", "page":
				bad(!isWebURL(value), "%s.sources[%d].%s: %q is not a http or https URL", key, j, kind, value)
			case "urls":
				for _, u := range src.URLs {
					bad(!isWebURL(u), "%s.sources[%d].urls: %q is not a http or https URL", key, j, u)
				}
			}
		}
	}

	domains := map[string]bool{}
	for i, o := range c.Outlets {
		key := fmt.Sprintf("outlets[%d]", i)
		bad(o.ID == "", "%s.domain: is missing", key)
		bad(strings.ContainsAny(o.ID, "/: "), "%s.domain: %q is not a domain, as ft.com", key, o.ID)
		bad(o.ID != "" && domains[o.ID], "%s.domain: %q is there twice", key, o.ID)
		domains[o.ID] = true
		bad(o.Country != "" && (len(o.Country) != 2 || o.Country != strings.ToUpper(o.Country)),
			"%s.country: %q is not two capitals, as GB", key, o.Country)
	}

	w := c.Crawler
	product, _, _ := strings.Cut(w.UserAgent, "/")
	bad(product == "" || strings.ContainsAny(product, " \t()") || strings.ContainsAny(w.UserAgent, "\r\n"),
		"crawler.user_agent: %q must begin with a name and a version, as Dateline/1.0", w.UserAgent)
	bad(w.Delay < 0, "crawler.delay: must not be negative")
	bad(w.Concurrency < 1, "crawler.concurrency: must be at least 1")
	bad(w.Timeout <= 0, "crawler.timeout: must be more than 0")
	bad(w.MaxPage <= 0, "crawler.max_page: must be more than 0")
	bad(w.HostBudget < 0, "crawler.host_budget: must not be negative")
	for host, addr := range w.ConnectTo {
		_, _, err := net.SplitHostPort(addr)
		bad(host == "" || err != nil, "crawler.connect_to: %q: %q is not host:port", host, addr)
	}
	bad(w.Proxy != "" && !isWebURL(w.Proxy), "crawler.proxy: is not a http or https URL")

	bad(c.Indexer.Engine != "bleve" && c.Indexer.Engine != "opensearch", "indexer.engine: %q must be bleve or opensearch", c.Indexer.Engine)
	bad(c.Indexer.Recency < 0 || c.Indexer.Recency > 1, "indexer.recency: %v must be 0 to 1", c.Indexer.Recency)
	bad(c.Indexer.Store != "sqlite" && c.Indexer.Store != "postgres", "indexer.store: %q must be sqlite or postgres", c.Indexer.Store)

	_, _, err := net.SplitHostPort(c.API.Listen)
	bad(err != nil, "api.listen: %q is not host:port", c.API.Listen)
	bad(c.API.PublicURL != "" && !isWebURL(c.API.PublicURL), "api.public_url: %q is not a http or https URL", c.API.PublicURL)
	for _, o := range c.API.EmbedOrigins {
		u, err := url.Parse(o)
		bad(o != "*" && (err != nil || !isWebURL(o) || u.Path != "" || u.RawQuery != ""),
			"api.embed_origins: %q is neither * nor an origin, as https://example.org", o)
	}
	bad(c.API.RateLimit.N < 0 || c.API.RateLimit.N > 0 && c.API.RateLimit.Per <= 0, "api.rate_limit: must be a number per time, as 600/m, or 0")
	return errors.Join(errs...)
}

func isWebURL(s string) bool {
	u, err := url.Parse(s)
	return err == nil && (u.Scheme == "http" || u.Scheme == "https") && u.Hostname() != ""
}
