// Package crawler finds and fetches news articles politely: from feeds,
// sitemaps, section pages, lists of addresses and GDELT, one request per host
// at a time, as robots.txt allows, and hands them to a [dateline.Sink]. What
// is to be fetched and when is kept in frontier.db, so a crawl goes on after
// a crash where it was.
package crawler

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/netip"
	"os"
	"path/filepath"
	"runtime"
	"sync"
	"sync/atomic"
	"time"

	"dateline"
)

// Config says how to fetch. Zero fields get careful defaults.
type Config struct {
	UserAgent     string            // product/version (+address); the product is the robots.txt agent
	Delay         time.Duration     // least time between the starts of two requests to a host; default 2 s
	Timeout       time.Duration     // of one whole request; default 30 s
	Concurrency   int               // requests at a time over all hosts; default 8
	MaxPage       int64             // bytes of a page after decompression; default 10 MiB
	AllowNetworks []netip.Prefix    // exceptions to the refusal of private addresses
	ConnectTo     map[string]string // host, "*.suffix" or "*" -> host:port to dial instead
	Proxy         string            // URL of a proxy for all requests
	HostBudget    int               // requests to one host in a UTC day; 0 is no limit
	Archive       bool              // keep responses as WARC in dir/warc
	FollowLinks   bool              // from taken articles to those of other sites that they link to, where the source says Follow
}

// Source is a place where articles are found. Kind is feed, sitemap, page,
// urls (one Source per address), gdelt (Value is the query or the whole API
// address) or outlet (Value is a domain, whose feeds, sitemaps and sections
// are found); Story is the id of the story that its articles are for, empty if
// the sink is to decide.
type Source struct {
	Kind, Value, Story string

	// Follow says that what the sink takes of this source is about something,
	// so that links from it to other sites are worth a look: Config.FollowLinks.
	Follow bool
}

// Page is what an [Extractor] reads out of a page.
type Page struct {
	Article            *dateline.Article // nil if the page is no article
	Canonical          string            // rel=canonical as the page gives it
	NoIndex, NoArchive bool              // the robots meta elements for all agents say so
	Robots             []string          // what robots meta elements say, as X-Robots-Tag would: "noindex", "otherbot: noarchive"
	Links              []string          // absolute addresses the page links to
	Outlet             OutletName        // what the page calls its outlet, as Article does
	List               string            // what shows that it is no article but a list of them or a page about the site; empty if nothing does
	Next, First        string            // of an article on several pages: its next page, and its first if this is a later one
}

// Extractor reads a page. body is as sent after decompression; its charset is
// the extractor's business.
type Extractor func(body []byte, contentType, pageURL string) (*Page, error)

// Crawler fetches what its sources name. Its methods are safe for use by
// several goroutines, but only one Run or RunOnce may go on at a time.
type Crawler struct {
	cfg   Config
	agent string
	// Every hop is judged and scheduled like a request of its own, so nothing is
	// asked by way of an http.Client, which would follow, or read a Location as
	// net/url does.
	transport              http.RoundTripper
	front                  *frontier
	extract                Extractor
	sink                   dateline.Sink
	warc                   *warcWriter // nil when nothing is archived
	log                    *slog.Logger
	running                sync.Mutex
	hosts                  *hostTable
	blocks                 blockCount
	lately                 lately                          // articles that were read a moment ago
	follow                 atomic.Pointer[map[string]bool] // keys of sources whose articles' links are followed
	progress               progress
	slots                  chan struct{} // one for each worker that is not aside; nil outside of a run
	aside                  atomic.Int64  // workers that wait for the turn of another host
	wake                   chan struct{} // there may be something due earlier than the scheduler knows
	loaded                 bool          // hosts has what former runs learned
	sites                  *rulesCache
	reading                chan struct{} // a place for each page that is read
	large                  chan struct{} // a place for each large list
	largePages, largeLists chan struct{} // places for large bodies

	fullPause time.Duration
	names     *OutletNames
	keeping   sync.Mutex // see keepPage
}

// ErrRunning is returned when a crawler that runs is run again.
var ErrRunning = errors.New("crawler: already running")

// Open opens or makes the frontier in dir and enters the sources. Sources
// that are no longer given are dropped; addresses already found stay.
func Open(dir string, cfg Config, sources []Source, extract Extractor, sink dateline.Sink, log *slog.Logger) (*Crawler, error) {
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return nil, fmt.Errorf("crawler: %w", err)
	}
	c, err := open(filepath.Join(dir, "frontier.db"), cfg, extract, sink, log)
	if err != nil {
		return nil, err
	}
	if err := c.front.setSources(sources, true); err != nil {
		c.front.close()
		return nil, fmt.Errorf("crawler: %w", err)
	}
	c.setFollowed(sources)
	if cfg.Archive {
		c.warc = &warcWriter{dir: filepath.Join(dir, "warc"), agent: c.cfg.UserAgent, log: c.log}
	}
	return c, nil
}

// SetSources replaces the sources, also while a crawl goes on. What is known
// of those that stay, and the addresses already found, stay as well; new ones
// are due at once.
func (c *Crawler) SetSources(sources []Source) error {
	if err := c.front.setSources(sources, false); err != nil {
		return fmt.Errorf("crawler: %w", err)
	}
	c.setFollowed(sources)
	for _, s := range sources {
		if addr, err := s.address(); err == nil {
			c.hosts.found(hostOf(addr), atOnce) // or later: the frontier knows
		}
	}
	c.rouse()
	return nil
}

// PollNow makes every source due, and what was found as a part of one, while a
// crawl goes on. Articles keep their time.
func (c *Crawler) PollNow() error {
	hosts, err := c.front.sourcesDue(steady().UnixMilli())
	if err != nil {
		return fmt.Errorf("crawler: %w", err)
	}
	for _, h := range hosts {
		c.hosts.found(h, atOnce)
	}
	c.rouse()
	return nil
}

// rouse lets the scheduler look again.
func (c *Crawler) rouse() {
	select {
	case c.wake <- struct{}{}:
	default: // it will look anyway
	}
}

// open makes a crawler without sources and archive on the frontier at path.
func open(path string, cfg Config, extract Extractor, sink dateline.Sink, log *slog.Logger) (*Crawler, error) {
	if extract == nil || sink == nil {
		return nil, errors.New("crawler: extractor and sink are needed")
	}
	if log == nil {
		log = slog.New(slog.DiscardHandler)
	}
	cfg = cfg.withDefaults()
	agent := productToken(cfg.UserAgent)
	if agent == "" {
		return nil, fmt.Errorf("crawler: user agent %q does not begin with a product name", cfg.UserAgent)
	}
	hosts := newHostTable(cfg.Delay, cfg.HostBudget)
	transport, err := newTransport(cfg, hosts)
	if err != nil {
		return nil, fmt.Errorf("crawler: %w", err)
	}
	front, err := openFrontier(path)
	if err != nil {
		return nil, fmt.Errorf("crawler: frontier: %w", err)
	}
	return &Crawler{
		cfg: cfg, agent: agent, front: front, extract: extract, sink: sink, log: log, names: &OutletNames{keep: front},
		transport: watch{transport, hosts}, hosts: hosts, sites: newRulesCache(), reading: make(chan struct{}, runtime.GOMAXPROCS(0)), large: make(chan struct{}, maxLarge),
		largePages: make(chan struct{}, largePages), largeLists: make(chan struct{}, largeLists), wake: make(chan struct{}, 1), fullPause: fullPause,
	}, nil
}

func (cfg Config) withDefaults() Config {
	if cfg.UserAgent == "" {
		cfg.UserAgent = "Dateline/1.0"
	}
	if cfg.Delay <= 0 {
		cfg.Delay = 2 * time.Second
	}
	if cfg.Timeout <= 0 {
		cfg.Timeout = 30 * time.Second
	}
	if cfg.Concurrency <= 0 {
		cfg.Concurrency = 8
	}
	if cfg.MaxPage <= 0 {
		cfg.MaxPage = 10 << 20
	}
	return cfg
}

// Close ends the use of the frontier and the archive. It waits for a Run that
// still goes on, so end its context first.
func (c *Crawler) Close() error {
	c.running.Lock()
	defer c.running.Unlock()
	if t, ok := c.transport.(interface{ CloseIdleConnections() }); ok {
		t.CloseIdleConnections()
	}
	var err error
	if c.warc != nil {
		err = c.warc.Close()
	}
	return errors.Join(err, c.front.close())
}

// Stats tells what a crawl did so far, over all runs.
type Stats = dateline.CrawlStats

// SourceStats tells how one source does.
type SourceStats = dateline.SourceStats

// HostStats tells how a host is asked.
type HostStats = dateline.HostStats

// Stats reads the numbers from the frontier.
func (c *Crawler) Stats(ctx context.Context) (Stats, error) { return c.front.stats(ctx) }
