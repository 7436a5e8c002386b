package main

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"os"
	"path/filepath"
	"runtime/pprof"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"time"

	"github.com/klauspost/compress/gzip"
	"github.com/spf13/cobra"

	"dateline"
	"dateline/crawler"
	"dateline/crawler/extract"
	"dateline/indexer"
	"dateline/indexer/entity"
	"dateline/indexer/store"
)

// newCrawlChild measures one thing in a process of its own and prints a crawlRow.
func newCrawlChild() *cobra.Command {
	b := &crawlBench{}
	var addr, dir string
	cmd := &cobra.Command{
		Use: "child", Hidden: true, Args: usageArgs(cobra.ExactArgs(1)),
		RunE: func(cmd *cobra.Command, args []string) error {
			if b.profile != "" {
				f, err := os.Create(b.profile)
				if err != nil {
					return err
				}
				defer f.Close()
				if err := pprof.StartCPUProfile(f); err != nil {
					return err
				}
				defer pprof.StopCPUProfile()
			}
			m := &crawlMeter{bench: b, addr: addr, dir: dir, seen: newHashSet()}
			var err error
			switch args[0] {
			case "parse":
				err = m.parse()
			case "fetch":
				err = m.fetch(cmd.Context())
			case "crawl":
				err = m.crawl(cmd.Context(), m.skim, m)
			case "store":
				err = m.store(cmd.Context())
			case "full":
				err = m.full(cmd.Context())
			case "known":
				err = m.known(cmd.Context())
			default:
				err = &usageError{fmt.Errorf("%s: want parse, fetch, crawl, store, full or known", args[0])}
			}
			if err != nil {
				return err
			}
			var u syscall.Rusage
			if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
				return err
			}
			return writeJSON(cmd.OutOrStdout(), crawlRow{
				Pages: int(m.pages.Load()), Bytes: m.bytes.Load(), CPU: m.cpu.Seconds(), Wall: m.wall.Seconds(), Resident: u.Maxrss << 10,
			})
		},
	}
	b.childFlags(cmd)
	cmd.Flags().StringVar(&addr, "addr", "", "")
	cmd.Flags().StringVar(&dir, "dir", "", "")
	cmd.Flags().StringVar(&b.profile, "cpuprofile", "", "")
	return cmd
}

// crawlMeter counts what one process does.
type crawlMeter struct {
	bench        *crawlBench
	addr, dir    string
	pages, bytes atomic.Int64
	cpu, wall    time.Duration
	seen         *hashSet // links as they are written, by outlet
}

func (m *crawlMeter) time(fn func() error) error {
	began, cpu := time.Now(), cpuTime()
	err := fn()
	m.wall, m.cpu = time.Since(began), cpuTime()-cpu
	return err
}

// parse reads as many pages as the crawls fetch, without a network.
func (m *crawlMeter) parse() error {
	pages, err := readPages(m.bench.pages)
	if err != nil {
		return err
	}
	return m.time(func() error {
		for i := range m.bench.outlets * m.bench.per {
			if _, err := m.skim(pages[i%len(pages)], "text/html", "http://outlet.example/"); err != nil {
				return err
			}
		}
		return nil
	})
}

// fetch gets the pages and parses none.
func (m *crawlMeter) fetch(ctx context.Context) error {
	d := &net.Dialer{}
	client := &http.Client{Transport: &http.Transport{
		DialContext:         func(ctx context.Context, _, _ string) (net.Conn, error) { return d.DialContext(ctx, "tcp", m.addr) },
		MaxIdleConnsPerHost: 1, MaxIdleConns: 64, DisableCompression: true,
	}}
	get := func(u string) error {
		req, err := http.NewRequestWithContext(ctx, http.MethodGet, u, nil)
		if err != nil {
			return err
		}
		req.Header.Set("Accept-Encoding", "gzip")
		res, err := client.Do(req)
		if err != nil {
			return err
		}
		defer res.Body.Close()
		zr, err := gzip.NewReader(res.Body)
		if err != nil {
			return err
		}
		b, err := io.ReadAll(zr)
		m.pages.Add(1)
		m.bytes.Add(int64(len(b)))
		return err
	}
	return m.time(func() error {
		hosts := make(chan int)
		failed := make(chan error, m.bench.outlets)
		var workers sync.WaitGroup
		for range 32 {
			workers.Go(func() {
				for h := range hosts {
					for p := range m.bench.per {
						if err := get("http://" + outletHost(h) + "/a/" + strconv.Itoa(p)); err != nil {
							failed <- err
							break
						}
					}
				}
			})
		}
		for h := range m.bench.outlets {
			hosts <- h
		}
		close(hosts)
		workers.Wait()
		select {
		case err := <-failed:
			return err
		default:
			return nil
		}
	})
}

// open makes a crawler of the outlets' sitemaps.
func (m *crawlMeter) open(delay time.Duration, extract crawler.Extractor, sink dateline.Sink) (*crawler.Crawler, error) {
	var sources []crawler.Source
	for i := range m.bench.outlets {
		sources = append(sources, crawler.Source{Kind: "sitemap", Value: "http://" + outletHost(i) + "/sitemap.xml"})
	}
	return crawler.Open(m.dir, crawler.Config{
		Delay: delay, Concurrency: 32, Archive: true, ConnectTo: map[string]string{"*": m.addr},
		AllowNetworks: []netip.Prefix{netip.MustParsePrefix("127.0.0.0/8")},
	}, sources, extract, sink, slog.New(slog.DiscardHandler))
}

// crawl runs the crawler as `dateline crawl --once` does, but without pauses.
func (m *crawlMeter) crawl(ctx context.Context, extract crawler.Extractor, sink dateline.Sink) error {
	return m.time(func() error {
		c, err := m.open(time.Microsecond, extract, sink)
		if err != nil {
			return err
		}
		defer c.Close()
		return c.RunOnce(ctx, false)
	})
}

// storeOnly keeps articles as they are.
type storeOnly struct{ st *store.Store }

func (s storeOnly) Add(ctx context.Context, a *dateline.Article) error {
	_, err := s.st.Put(ctx, []*dateline.Article{a})
	return err
}

// store takes the articles out of the pages and puts them into the store: what
// crawl does, and reading the text.
func (m *crawlMeter) store(ctx context.Context) error {
	if err := os.MkdirAll(m.dir, 0o755); err != nil {
		return err
	}
	st, err := store.Open(filepath.Join(m.dir, "articles.db"))
	if err != nil {
		return err
	}
	defer st.Close()
	return m.crawl(ctx, m.counted, storeOnly{st})
}

// counted is the extractor, and counts the pages.
func (m *crawlMeter) counted(body []byte, contentType, pageURL string) (*crawler.Page, error) {
	m.pages.Add(1)
	m.bytes.Add(int64(len(body)))
	return extractPage(body, contentType, pageURL)
}

// full finds the names in the articles too and puts them into store and index.
func (m *crawlMeter) full(ctx context.Context) error {
	idx, err := indexer.Open(filepath.Join(m.dir, "index"), indexer.Options{KeepAll: true, Recognizer: entity.New(nil)})
	if err != nil {
		return err
	}
	defer idx.Close()
	if err := m.crawl(ctx, m.counted, idx); err != nil {
		return err
	}
	clock := cpuTime()
	err = idx.Flush(ctx)
	m.cpu += cpuTime() - clock
	return err
}

// Add takes what skim made.
func (m *crawlMeter) Add(context.Context, *dateline.Article) error { return nil }

// skim is what a plain crawler reads of a page: title, headline, canonical
// address, date, the links, each once, and the paragraphs. It is one walk of
// the tree.
func (m *crawlMeter) skim(body []byte, contentType, pageURL string) (*crawler.Page, error) {
	root, err := extract.Tree(body, contentType)
	if err != nil {
		return nil, err
	}
	m.pages.Add(1)
	m.bytes.Add(int64(len(body)))
	base, err := url.Parse(pageURL)
	if err != nil {
		return nil, err
	}
	s := &skimmer{m: m, base: base}
	s.walk(root, false)
	p := &crawler.Page{Canonical: s.canonical, Links: s.links}
	p.Article = &dateline.Article{Title: strings.TrimSpace(s.title), Body: s.text.String() + "."}
	if p.Article.Title == "" {
		p.Article.Title = "untitled"
	}
	p.Article.Published, _ = time.Parse(time.RFC3339, s.date)
	return p, nil
}

// known crawls as politely as ever, and waits to be killed.
func (m *crawlMeter) known(ctx context.Context) error {
	c, err := m.open(2*time.Second, m.skim, m)
	if err != nil {
		return err
	}
	defer c.Close()
	return c.Run(ctx)
}
