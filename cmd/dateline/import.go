package main

import (
	"compress/gzip"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"time"

	"dateline"
	"dateline/crawler"
	"dateline/crawler/extract"

	"github.com/spf13/cobra"
)

// importBatch articles become durable in one transaction.
const importBatch = 1000

func newImport(f *flags) *cobra.Command {
	var m indexMode
	cmd := &cobra.Command{
		Use:   "import FILE...",
		Short: "Take in .jsonl[.gz], .warc[.gz], .html or a folder of them",
		Args:  cobra.MinimumNArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			a, err := f.setup(cmd)
			if err != nil {
				return err
			}
			files, err := importFiles(args)
			if err != nil {
				return &usageError{err}
			}
			if err := a.openIndex(cmd.Context(), m); err != nil {
				return err
			}
			defer a.close()
			im := &importer{app: a, ctx: cmd.Context, start: time.Now()}
			for _, file := range files {
				if err := im.file(file); err != nil {
					if cmd.Context().Err() != nil {
						return cmd.Context().Err()
					}
					im.failed = append(im.failed, fmt.Sprintf("%s: %v", file, err))
				}
				// A file cut in the middle keeps what came before the cut.
				if err := im.flush(); err != nil {
					return err
				}
			}
			if err := a.idx.Flush(cmd.Context()); err != nil {
				return err
			}
			took := time.Since(im.start)
			fmt.Fprintf(cmd.ErrOrStderr(), "%d read, %d new or changed, %d known, %d off the stories (--all keeps them), %.0f docs/s\n",
				im.read, im.added, im.taken-im.added, im.off, float64(im.read)/took.Seconds())
			if len(im.failed) > 0 {
				return &partlyError{im.failed}
			}
			return nil
		},
	}
	cmd.Flags().BoolVar(&m.keepAll, "all", false, "keep what no story is about")
	cmd.Flags().BoolVar(&m.givenOnly, "given-entities-only", false, "take the file's own people, orgs and places, recognise none")
	return cmd
}

type importer struct {
	*app
	ctx              func() context.Context // the command's
	start            time.Time
	batch            []*dateline.Article
	read, taken, off int
	added            int // new or changed
	failed           []string
}

// importFiles lists the files, those of folders in name order.
func importFiles(args []string) ([]string, error) {
	var out []string
	for _, arg := range args {
		err := filepath.WalkDir(arg, func(path string, d fs.DirEntry, err error) error {
			if err != nil {
				return err
			}
			if d.Type().IsRegular() && (path == arg || importKind(path) != "") {
				out = append(out, path)
			}
			return nil
		})
		if err != nil {
			return nil, err
		}
	}
	for _, name := range out {
		if importKind(name) == "" {
			return nil, fmt.Errorf("%s: want a .jsonl, .warc or .html file (each also with .gz)", name)
		}
	}
	return out, nil
}

func importKind(name string) string {
	switch filepath.Ext(strings.TrimSuffix(strings.ToLower(name), ".gz")) {
	case ".jsonl":
		return "jsonl"
	case ".warc":
		return "warc"
	case ".html", ".htm":
		return "html"
	}
	return ""
}

func (im *importer) file(name string) error {
	switch importKind(name) {
	case "warc":
		return im.warc(name)
	case "html":
		page, err := readPage(name)
		if err != nil {
			return err
		}
		abs, err := filepath.Abs(name)
		if err != nil {
			return err
		}
		return im.page(page, "", (&url.URL{Scheme: "file", Path: abs}).String())
	}
	file, err := os.Open(name)
	if err != nil {
		return err
	}
	defer file.Close()
	var r io.Reader = file
	if strings.HasSuffix(name, ".gz") {
		zr, err := gzip.NewReader(file)
		if err != nil {
			return err
		}
		r = zr
	}
	return eachLine(r, func(n int, line []byte) error {
		art, err := parseArticle(line)
		if err != nil {
			im.failed = append(im.failed, fmt.Sprintf("%s:%d: %v", name, n, err))
			if len(im.failed) > 100 {
				return errors.New("too many bad lines")
			}
			return nil
		}
		return im.add(art)
	})
}

func (im *importer) warc(name string) error {
	file, err := os.Open(name)
	if err != nil {
		return err
	}
	defer file.Close()
	res, err := crawler.ReadWARC(file, func(r crawler.Record) error {
		contentType := r.HTTP.Get("Content-Type")
		if r.Type != "response" || r.Status != http.StatusOK || !strings.Contains(contentType, "html") {
			return im.ctx().Err()
		}
		art, err := extractArticle(r.Body, contentType, r.URI)
		if err != nil {
			im.log.Debug("not an article", "url", r.URI, "err", err)
			return im.ctx().Err()
		}
		return im.add(art)
	})
	if err != nil {
		return err
	}
	if res.Damaged {
		return fmt.Errorf("damaged at byte %d: %s (the %d records before it are kept)", res.Offset, res.Complaint, res.Records)
	}
	return nil
}

// page extracts an article of one page. A page at file:// keeps its canonical
// link as its address.
func (im *importer) page(body []byte, contentType, pageURL string) error {
	art, err := extractArticle(body, contentType, pageURL)
	if err != nil {
		return err
	}
	return im.add(art)
}

func extractArticle(body []byte, contentType, pageURL string) (*dateline.Article, error) {
	p, err := extract.Extract(body, contentType, pageURL)
	if err != nil {
		return nil, err
	}
	a := p.Article
	if a.Title == "" || a.Body == "" {
		return nil, errors.New("no article on the page")
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

func (im *importer) add(a *dateline.Article) error {
	im.read++
	im.batch = append(im.batch, a)
	if len(im.batch) < importBatch {
		return nil
	}
	return im.flush()
}

func (im *importer) flush() error {
	if len(im.batch) == 0 {
		return nil
	}
	res, err := im.idx.AddBatch(im.ctx(), im.batch, nil)
	if err != nil {
		return err
	}
	im.taken += res.Added + res.Changed + res.Unchanged
	im.added += res.Added + res.Changed
	im.off += res.OffStory
	im.batch = im.batch[:0]
	return nil
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
	a := &dateline.Article{URL: in.URL, Title: in.Title, Body: in.Body, Lang: in.Lang, Section: in.Section,
		Summary: in.Summary, Authors: in.Authors, Outlet: dateline.Outlet{Name: in.Outlet}}
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
	for typ, names := range map[dateline.EntityType][]string{dateline.Person: in.People, dateline.Organization: in.Orgs, dateline.Place: in.Places} {
		for _, n := range names {
			a.Given = append(a.Given, dateline.Entity{Name: n, Type: typ})
		}
	}
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

// takeArchives imports the WARC files that stories name as sources. Taking
// them again changes nothing; one that cannot be read is logged, and the rest
// goes on.
func (a *app) takeArchives(ctx context.Context) error {
	im := &importer{app: a, ctx: func() context.Context { return ctx }}
	for _, s := range a.cfg.Stories {
		for _, src := range s.Sources {
			if src.WARC == "" {
				continue
			}
			files, err := filepath.Glob(src.WARC)
			if err != nil {
				return &usageError{fmt.Errorf("source warc: %q: %w", src.WARC, err)}
			}
			if len(files) == 0 {
				a.log.Warn("no such archive", "warc", src.WARC)
			}
			for _, file := range files {
				if err := im.warc(file); err != nil {
					if ctx.Err() != nil {
						return ctx.Err()
					}
					a.log.Error("archive not read to its end", "file", file, "error", err)
				}
				if err := im.flush(); err != nil {
					return err
				}
			}
		}
	}
	return nil
}
