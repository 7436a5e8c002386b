package main

import (
	"bufio"
	"compress/gzip"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"dateline"
	"dateline/crawler"
	"dateline/crawler/extract"
)

// maxPage caps a page read from a file: the extractor refuses more anyway.
const maxPage = 20 << 20

func newExtract(f *flags) *cobra.Command {
	var jsonl, explain bool
	var pageURL string
	cmd := &cobra.Command{
		Use:   "extract [FILE|URL]",
		Short: "One page to an article's JSON (standard input without FILE)",
		Long: "Reads one page from a file, from standard input, or from the web, and prints its article as JSON. A URL is\n" +
			"fetched as the crawler would: robots.txt, private addresses, limits, connect_to and proxy of the config hold.\n\n" +
			"An outlet that is not in the built-in list is called as its page calls it; with --jsonl, as most of its pages\n" +
			"so far call it, so that the order of the lines tells. --explain shows what was looked at for a field, with\n" +
			"scores, and what was taken.",
		Args: cobra.MaximumNArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			if jsonl {
				return extractLines(cmd.InOrStdin(), cmd.OutOrStdout())
			}
			if len(args) == 1 && isWebURL(args[0]) {
				if explain {
					return &usageError{errors.New("--explain with a URL, want a file or standard input")}
				}
				return extractURL(cmd, f, args[0])
			}
			var page []byte
			var err error
			if len(args) == 1 {
				page, err = readPage(args[0])
			} else {
				page, err = io.ReadAll(io.LimitReader(cmd.InOrStdin(), maxPage))
			}
			if err != nil {
				return err
			}
			if explain {
				return explainPage(cmd.OutOrStdout(), page, pageURL)
			}
			p, err := extract.Extract(page, "", pageURL)
			if err != nil {
				return err
			}
			return writeJSON(cmd.OutOrStdout(), p.Article)
		},
	}
	cmd.Flags().BoolVar(&jsonl, "jsonl", false, "read {id,url,html_file} lines, write {id,title,authors,published,body,lang,outlet} lines")
	cmd.Flags().BoolVar(&explain, "explain", false, "write {article,candidates}: what was looked at for each field, with scores, and what was taken")
	cmd.Flags().StringVar(&pageURL, "url", "", "the address that the page was fetched from")
	return cmd
}

// explainPage writes a page's article with the candidates for its fields.
func explainPage(w io.Writer, page []byte, pageURL string) error {
	p, candidates, err := extract.Explain(page, "", pageURL)
	if err != nil {
		return err
	}
	return writeJSON(w, struct {
		Article    *dateline.Article   `json:"article"`
		Candidates []extract.Candidate `json:"candidates"`
	}{p.Article, candidates})
}

func isWebURL(s string) bool {
	s = strings.ToLower(s)
	return strings.HasPrefix(s, "http://") || strings.HasPrefix(s, "https://")
}

// extractURL fetches one page with the crawler's manners and keeps nothing.
func extractURL(cmd *cobra.Command, f *flags, url string) error {
	a, err := f.setup(cmd)
	if err != nil {
		return err
	}
	v, err := crawler.NewVisitor(crawlerConfig(a.cfg), extractPage, a.log)
	if err != nil {
		return err
	}
	defer v.Close()
	article, err := v.Article(cmd.Context(), url)
	if err != nil {
		return err
	}
	return writeJSON(cmd.OutOrStdout(), article)
}

func writeJSON(w io.Writer, v any) error {
	enc := json.NewEncoder(w)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", "  ")
	return enc.Encode(v)
}

// readPage reads a page, gunzipped when its name ends in .gz, up to maxPage.
func readPage(name string) ([]byte, error) {
	file, err := os.Open(name)
	if err != nil {
		return nil, err
	}
	defer file.Close()
	var r io.Reader = file
	if strings.HasSuffix(name, ".gz") {
		zr, err := gzip.NewReader(file)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
		r = zr
	}
	page, err := io.ReadAll(io.LimitReader(r, maxPage))
	if err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	return page, nil
}

type extractedLine struct {
	ID        string   `json:"id"`
	Title     string   `json:"title"`
	Authors   []string `json:"authors"`
	Published string   `json:"published"`
	Body      string   `json:"body"`
	Lang      string   `json:"lang"`
	Outlet    string   `json:"outlet"`
}

func extractLines(in io.Reader, out io.Writer) error {
	w := bufio.NewWriter(out)
	enc := json.NewEncoder(w)
	enc.SetEscapeHTML(false)
	var failed []string
	var names crawler.OutletNames
	err := eachLine(in, func(n int, line []byte) error {
		var req struct {
			ID   string `json:"id"`
			URL  string `json:"url"`
			File string `json:"html_file"`
		}
		if err := json.Unmarshal(line, &req); err != nil {
			return fmt.Errorf("line %d: %w, want {id,url,html_file}", n, err)
		}
		res := extractedLine{ID: req.ID, Authors: []string{}}
		if err := extractLine(&res, req.URL, req.File, &names); err != nil {
			failed = append(failed, fmt.Sprintf("%s: %v", req.ID, err))
		}
		if err := enc.Encode(res); err != nil {
			return err
		}
		return w.Flush()
	})
	if err != nil {
		return err
	}
	if len(failed) > 0 {
		return &partlyError{failed}
	}
	return nil
}

func extractLine(res *extractedLine, url, file string, names *crawler.OutletNames) error {
	page, err := readPage(file)
	if err != nil {
		return err
	}
	p, err := extract.Extract(page, "", url)
	if err != nil {
		return err
	}
	a := p.Article
	domain := crawler.RegistrableDomain(url)
	if domain == "" {
		domain = crawler.RegistrableDomain(p.Canonical)
	}
	if a.Outlet.Name, err = names.Learn(domain, outletName(p)); err != nil {
		return err
	}
	res.Title, res.Body, res.Lang, res.Outlet = a.Title, a.Body, a.Lang, a.Outlet.Name
	if a.Authors != nil {
		res.Authors = a.Authors
	}
	// The date as written keeps the zone, which says which day was meant.
	res.Published = p.PublishedRaw
	if res.Published == "" && !a.Published.IsZero() {
		res.Published = a.Published.Format(time.RFC3339)
	}
	return nil
}

// maxLine caps one line of JSONL: an article with its text.
const maxLine = 64 << 20

// eachLine calls fn with each line that is not blank, counted from 1.
func eachLine(r io.Reader, fn func(n int, line []byte) error) error {
	sc := bufio.NewScanner(r)
	sc.Buffer(make([]byte, 64<<10), maxLine)
	n := 0
	for sc.Scan() {
		n++
		if len(strings.TrimSpace(sc.Text())) == 0 {
			continue
		}
		if err := fn(n, sc.Bytes()); err != nil {
			return err
		}
	}
	if err := sc.Err(); err != nil {
		if errors.Is(err, bufio.ErrTooLong) {
			return fmt.Errorf("line %d: longer than %d MiB", n+1, maxLine>>20)
		}
		return fmt.Errorf("after line %d: %w", n, err)
	}
	return nil
}

// entityLine is one mention in the JSON of `dateline entities`.
type entityLine struct {
	Start    int                 `json:"start"`
	End      int                 `json:"end"`
	Type     dateline.EntityType `json:"type"`
	Text     string              `json:"text"`
	Name     string              `json:"name"`
	EntityID string              `json:"entity_id"`
	Why      string              `json:"why,omitempty"` // with --explain
}
