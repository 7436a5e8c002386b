package main

import (
	"bytes"
	"compress/gzip"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/spf13/cobra"
)

// outletHost is the name of an outlet of the measurement; all are mapped to
// the server's address.
func outletHost(i int) string { return fmt.Sprintf("outlet%02d.example", i) }

// newCrawlServe is the server of the outlets, a process of its own so that its
// CPU time is not counted. It ends with its standard input.
func newCrawlServe() *cobra.Command {
	b := &crawlBench{}
	cmd := &cobra.Command{
		Use: "serve", Hidden: true, Args: usageArgs(cobra.NoArgs),
		RunE: func(cmd *cobra.Command, _ []string) error {
			pages, err := readPages(b.pages)
			if err != nil {
				return err
			}
			h, err := newOutlets(pages, b.outlets, b.per, b.known, cmd.OutOrStdout())
			if err != nil {
				return err
			}
			ln, err := (&net.ListenConfig{}).Listen(cmd.Context(), "tcp", "127.0.0.1:0")
			if err != nil {
				return err
			}
			fmt.Fprintf(cmd.OutOrStdout(), "%s %s\n", ln.Addr(), describePages(b.pages, pages))
			srv := &http.Server{Handler: h, ReadHeaderTimeout: time.Minute}
			go func() {
				_, _ = io.Copy(io.Discard, cmd.InOrStdin())
				srv.Close()
			}()
			if err := srv.Serve(ln); !errors.Is(err, http.ErrServerClosed) {
				return err
			}
			return nil
		},
	}
	b.childFlags(cmd)
	return cmd
}

func (b *crawlBench) childFlags(cmd *cobra.Command) {
	cmd.Flags().StringVar(&b.pages, "pages", "", "")
	cmd.Flags().IntVar(&b.outlets, "outlets", 1, "")
	cmd.Flags().IntVar(&b.per, "per-outlet", 1, "")
	cmd.Flags().IntVar(&b.known, "urls", 0, "")
}

// maxBenchPages bounds what is read of a folder.
const maxBenchPages = 2000

// readPages reads the pages of a folder, or invents some.
func readPages(dir string) ([][]byte, error) {
	if dir == "" {
		return inventPages(), nil
	}
	names, err := filepath.Glob(filepath.Join(dir, "*.html*"))
	if err != nil {
		return nil, err
	}
	slices.Sort(names)
	var pages [][]byte
	for _, name := range names {
		if !strings.HasSuffix(name, ".html") && !strings.HasSuffix(name, ".html.gz") || len(pages) == maxBenchPages {
			continue
		}
		b, err := os.ReadFile(name)
		if err != nil {
			return nil, err
		}
		if strings.HasSuffix(name, ".gz") {
			zr, err := gzip.NewReader(bytes.NewReader(b))
			if err == nil {
				b, err = io.ReadAll(io.LimitReader(zr, 20<<20))
			}
			if err != nil {
				return nil, fmt.Errorf("%s: %w", name, err)
			}
		}
		pages = append(pages, b)
	}
	if len(pages) == 0 {
		return nil, &usageError{fmt.Errorf("--pages %s: no .html or .html.gz file is there", dir)}
	}
	return pages, nil
}

func describePages(dir string, pages [][]byte) string {
	n := 0
	for _, p := range pages {
		n += len(p)
	}
	what := "invented"
	if dir != "" {
		what = "of " + filepath.Base(dir)
	}
	return fmt.Sprintf("%d pages %s, %d KiB on average, sent as gzip", len(pages), what, n/len(pages)/1024)
}

// inventPages makes pages of 60 to 250 KiB with the markup of a news site:
// styles, menus, an article, teasers, scripts. Each is served at several
// addresses, so its rel=canonical is the one that it is read at: the address of
// another would make the two one article.
func inventPages() (pages [][]byte) {
	for i := range 64 {
		size := (60 + 3*i) << 10
		var b bytes.Buffer
		fmt.Fprintf(&b, `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Harbour plan %d goes to a vote | The Ledger</title><link rel="canonical" href=""><meta property="og:title" content="Harbour plan %d goes to a vote"><meta name="author" content="Dana Reyes"><meta property="article:published_time" content="2026-11-%02dT08:00:00Z"><style>`, i, i, i%28+1)
		b.WriteString(strings.Repeat(".teaser{color:#222;margin:0 auto;padding:1em}", size/400))
		b.WriteString(`</style></head><body><header><nav><ul>`)
		for j := range 60 {
			fmt.Fprintf(&b, `<li class="nav-item n%d"><a href="/section/%d?utm_source=nav">Section %d</a></li>`, j, j, j)
		}
		fmt.Fprintf(&b, `</ul></nav></header><main><article><h1>Harbour plan %d goes to a vote</h1>`, i)
		for j := 0; b.Len() < size*6/10; j++ {
			fmt.Fprintf(&b, `<div class="block b%d"><p>The council said on Monday that part %d of the plan would be &ldquo;looked at again&rdquo; after talks, <a href="/a/%d">officials said</a>, as its cost had risen by %d percent since the spring and more work was needed on the quay.</p></div>`, j, j*7%97, j%40, j%50)
		}
		b.WriteString(`</article><section class="more">`)
		for j := range 40 {
			fmt.Fprintf(&b, `<div class="teaser"><a href="/a/%d#more"><img src="/i/%d.jpg" alt=""><span>What else is new, part %d</span></a></div>`, j, j, j)
		}
		b.WriteString(`</section></main><script>`)
		for b.Len() < size {
			b.WriteString("var shown=function(){return window.shown||{};};")
		}
		b.WriteString("</script></body></html>")
		pages = append(pages, b.Bytes())
	}
	return pages
}

// outlets serves robots.txt, a sitemap, a list of links, and pages.
type outlets struct {
	sent, plain [][]byte // each page, as gzip and as it is
	sitemap     []byte   // %s is the host
	list        []byte
}

// newOutlets makes the handler. With known, each outlet has its share of so
// many addresses in a sitemap, and each request is told to log.
func newOutlets(pages [][]byte, n, per, known int, log io.Writer) (http.Handler, error) {
	o := &outlets{plain: pages}
	for _, p := range pages {
		var b bytes.Buffer
		zw := gzip.NewWriter(&b)
		if _, err := zw.Write(p); err != nil {
			return nil, err
		}
		if err := zw.Close(); err != nil {
			return nil, err
		}
		o.sent = append(o.sent, b.Bytes())
	}
	var list, sitemap bytes.Buffer
	sitemap.WriteString(`<?xml version="1.0"?><urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">`)
	for i := range max(per, known/n) {
		fmt.Fprintf(&list, "<a href=\"/a/%d\">Story %d</a>\n", i, i)
		fmt.Fprintf(&sitemap, "<url><loc>http://HOST/a/%d</loc></url>\n", i)
	}
	sitemap.WriteString("</urlset>")
	o.list, o.sitemap = list.Bytes(), sitemap.Bytes()
	if known == 0 {
		return o, nil
	}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		fmt.Fprintf(log, "%d %s\n", time.Now().UnixNano(), r.URL.Path)
		o.ServeHTTP(w, r)
	}), nil
}

func (o *outlets) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	h := w.Header()
	switch path := r.URL.Path; {
	case path == "/robots.txt":
		h.Set("Content-Type", "text/plain")
		_, _ = io.WriteString(w, "User-agent: *\nDisallow: /private/\nAllow: /\n")
	case path == "/sitemap.xml":
		h.Set("Content-Type", "application/xml")
		_, _ = w.Write(bytes.ReplaceAll(o.sitemap, []byte("HOST"), []byte(r.Host)))
	case path == "/":
		h.Set("Content-Type", "text/html; charset=utf-8")
		_, _ = w.Write(o.list)
	case strings.HasPrefix(path, "/a/"):
		i, err := strconv.Atoi(path[len("/a/"):])
		if err != nil || i < 0 {
			http.NotFound(w, r)
			return
		}
		var host int
		_, _ = fmt.Sscanf(r.Host, "outlet%d.", &host) // 0 for another name
		k := (i*7 + host*13) % len(o.sent)
		h.Set("Content-Type", "text/html") // the charset is in the page, or to be guessed
		if strings.Contains(r.Header.Get("Accept-Encoding"), "gzip") {
			h.Set("Content-Encoding", "gzip")
			_, _ = w.Write(o.sent[k])
			return
		}
		_, _ = w.Write(o.plain[k])
	default:
		http.NotFound(w, r)
	}
}
