package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"os"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"dateline"
	"dateline/api"
	"dateline/crawler"
	"dateline/crawler/extract"
	"dateline/indexer"
	"dateline/indexer/entity"
)

// app is what most commands need: the config, a logger and the index.
type app struct {
	cfg *dateline.Config
	log *slog.Logger
	idx *indexer.Index

	crawl api.Crawl // what the API tells of; nil before there is any
	local *local    // answers the commands that only read
	lines *lines    // what outlets' pages have in common; there while the index is open
}

// indexMode says how the index takes articles.
type indexMode struct {
	keepAll, givenOnly bool
}

func (f *flags) setup(cmd *cobra.Command) (*app, error) {
	log, err := f.logger(cmd.ErrOrStderr())
	if err != nil {
		return nil, err
	}
	cfg, err := loadConfig(f.config)
	if err != nil {
		return nil, &usageError{err}
	}
	if f.data != "" {
		cfg.Data = f.data
	}
	if f.listen != "" {
		cfg.API.Listen = f.listen
	}
	return &app{cfg: cfg, log: log}, nil
}

// open is setup with the index opened; the caller closes it.
func (f *flags) open(cmd *cobra.Command) (*app, error) {
	a, err := f.setup(cmd)
	if err != nil {
		return nil, err
	}
	return a, a.openIndex(cmd.Context(), indexMode{})
}

// openIndex opens the index for this process alone. It waits a moment for a
// command that only reads and is about to end.
func (a *app) openIndex(ctx context.Context, m indexMode) error {
	for end := time.Now().Add(patience); ; {
		err := a.tryOpen(m)
		var locked *indexer.LockedError
		if !errors.As(err, &locked) {
			return err
		}
		if time.Now().After(end) {
			return fmt.Errorf("%w: stop it, or name another folder with --data DIR", err)
		}
		if err := sleep(ctx, 100*time.Millisecond); err != nil {
			return err
		}
	}
}

func (a *app) tryOpen(m indexMode) error {
	if err := os.MkdirAll(a.cfg.Data, 0o755); err != nil {
		return fmt.Errorf("data folder: %w (name another with --data DIR)", err)
	}
	syn, err := readSynonyms(a.cfg.Indexer.Synonyms)
	if err != nil {
		return &usageError{err}
	}
	idx, err := indexer.Open(a.cfg.Data, indexer.Options{
		Stories: stories(a.cfg), Outlets: a.cfg.Outlets, Recognizer: entity.New(knownEntities(a.cfg)),
		KeepAll: m.keepAll, GivenOnly: m.givenOnly, Synonyms: syn, Recency: a.cfg.Indexer.Recency, PastQueries: a.cfg.Indexer.PastQueries, Log: a.log,
	})
	if err != nil {
		return fmt.Errorf("data folder %s: %w", a.cfg.Data, err)
	}
	if a.lines, err = openLines(a.cfg.Data); err != nil {
		return errors.Join(err, idx.Close())
	}
	a.idx = idx
	mux := http.NewServeMux()
	mux.HandleFunc("GET /export", a.serveExport)
	mux.Handle("/", a.handler(0))
	if a.local, err = serveLocal(a.cfg.Data, mux); err != nil {
		a.log.Warn("search and export must wait until this command has ended", "why", err)
	}
	return nil
}

// close ends what openIndex began, if it did.
func (a *app) close() {
	if a.idx == nil {
		return
	}
	if err := errors.Join(a.local.Close(), a.lines.close(), a.idx.Close()); err != nil {
		a.log.Warn("close", "err", err)
	}
}

// handler is the HTTP API and the pages; perMinute 0 is no limit.
func (a *app) handler(perMinute int) http.Handler {
	c := a.cfg.API
	return api.New(api.Config{
		PublicURL: c.PublicURL, FullText: c.FullText, EmbedOrigins: c.EmbedOrigins,
		RatePerMinute: perMinute, AdminToken: c.AdminToken, Crawl: a.crawl, Version: version(),
	}, a.idx, a.log)
}

// readSynonyms reads the file that indexer.synonyms names, if it names one.
func readSynonyms(name string) (map[string][]string, error) {
	if name == "" {
		return nil, nil
	}
	f, err := os.Open(name)
	if err != nil {
		return nil, fmt.Errorf("indexer.synonyms: %w", err)
	}
	defer f.Close()
	syn, err := indexer.ReadSynonyms(f)
	if err != nil {
		return nil, fmt.Errorf("indexer.synonyms: %s: %w", name, err)
	}
	return syn, nil
}

func knownEntities(cfg *dateline.Config) []dateline.Entity {
	var out []dateline.Entity
	for _, s := range cfg.Stories {
		out = append(out, s.Entities...)
	}
	return out
}

func stories(cfg *dateline.Config) []dateline.Story {
	out := make([]dateline.Story, 0, len(cfg.Stories))
	for _, s := range cfg.Stories {
		out = append(out, s.Story)
	}
	return out
}

// sources are those the crawler polls; takeArchives reads the WARC files. An
// outlet that no source is of is one itself.
func sources(cfg *dateline.Config) []crawler.Source {
	var out []crawler.Source
	has := map[string]bool{} // registrable domains
	all := len(cfg.Stories) == 0
	for _, s := range cfg.Stories {
		// A story about everything would lead through the whole web.
		follow := strings.TrimSpace(s.About) != ""
		all = all || !follow
		for _, src := range s.Sources {
			kind, value := src.Kind()
			switch kind {
			case "warc":
			case "urls":
				for _, u := range src.URLs {
					out = append(out, crawler.Source{Kind: kind, Value: u, Story: s.ID, Follow: follow})
				}
			default:
				out = append(out, crawler.Source{Kind: kind, Value: value, Story: s.ID, Follow: follow})
				has[crawler.RegistrableDomain(value)] = true
			}
		}
	}
	if !cfg.Crawler.Discover {
		return out
	}
	for _, o := range cfg.Outlets {
		if !has[o.ID] && !has[crawler.RegistrableDomain("https://"+o.ID)] {
			out = append(out, crawler.Source{Kind: "outlet", Value: o.ID, Follow: !all})
		}
	}
	return out
}

func (a *app) openCrawler() (*crawler.Crawler, error) {
	if err := a.lines.activate(); err != nil {
		return nil, err
	}
	return crawler.Open(a.cfg.Data, crawlerConfig(a.cfg), sources(a.cfg), a.extractPage, a.idx, a.log)
}

// extractPage is the extractor of the crawl: with the memory of outlets, which
// learns from articles.
func (a *app) extractPage(body []byte, contentType, pageURL string) (*crawler.Page, error) {
	p, err := a.lines.Extract(body, contentType, pageURL)
	if err != nil {
		return nil, err
	}
	if err := a.lines.learn(p); err != nil {
		a.log.Warn("memory of outlets not saved", "err", err)
	}
	return crawlerPage(p), nil
}

// crawlerConfig is the section crawler as the package crawler takes it.
func crawlerConfig(cfg *dateline.Config) crawler.Config {
	c := cfg.Crawler
	return crawler.Config{
		UserAgent: c.UserAgent, Delay: c.Delay, Timeout: c.Timeout, Concurrency: c.Concurrency, MaxPage: c.MaxPage, HostBudget: c.HostBudget,
		AllowNetworks: c.AllowNetworks, ConnectTo: c.ConnectTo, Proxy: c.Proxy, Archive: c.Archive, FollowLinks: c.FollowLinks,
	}
}

// extractPage hands the crawler what the extractor finds: the two packages do
// not know each other's types.
func extractPage(body []byte, contentType, pageURL string) (*crawler.Page, error) {
	p, err := extract.Extract(body, contentType, pageURL)
	if err != nil {
		return nil, err
	}
	return crawlerPage(p), nil
}

func crawlerPage(p *extract.Page) *crawler.Page {
	return &crawler.Page{
		Article: p.Article, Canonical: p.Canonical, NoIndex: p.NoIndex, NoArchive: p.NoArchive, Robots: p.Robots, Links: p.Links,
		Outlet: outletName(p), List: p.List, Next: p.Next, First: p.First,
	}
}

// outletName is what a page calls its outlet, for those who learn from it.
func outletName(p *extract.Page) crawler.OutletName {
	return crawler.OutletName{Name: p.Article.Outlet.Name, From: p.OutletFrom, Tail: p.TitleTail}
}
