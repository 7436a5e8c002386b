package main

import (
	"encoding/csv"
	"encoding/json"
	"fmt"
	"io"
	"strings"
	"time"

	"dateline"

	"github.com/spf13/cobra"
)

// exporter writes one article after the other.
type exporter struct {
	begin func() error
	each  func(*dateline.Article) error
	end   func() error
}

func newExport(f *flags) *cobra.Command {
	var s searchFlags
	var format string
	cmd := &cobra.Command{
		Use:   "export QUERY",
		Short: "Every match of a search: csv, jsonl, bibtex, ris or rss",
		Args:  cobra.MinimumNArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			a, err := f.setup(cmd)
			if err != nil {
				return err
			}
			home := a.cfg.API.PublicURL
			if home == "" {
				home = "http://" + a.cfg.API.Listen + "/"
			}
			e, err := newExporter(format, cmd.OutOrStdout(), home)
			if err != nil {
				return err
			}
			s.limit = 100
			q, err := s.query(strings.Join(args, " "))
			if err != nil {
				return err
			}
			q.Facets, q.Interval = nil, ""
			if err := a.openIndex(indexMode{}); err != nil {
				return err
			}
			defer a.idx.Close()
			if err := e.begin(); err != nil {
				return err
			}
			for {
				r, err := a.idx.Search(cmd.Context(), q)
				if err != nil {
					return err
				}
				for _, h := range r.Hits {
					if err := e.each(h.Article); err != nil {
						return err
					}
				}
				if r.Next == "" {
					return e.end()
				}
				q.Cursor = r.Next
			}
		},
	}
	s.add(cmd)
	cmd.Flags().StringVar(&format, "format", "csv", "csv, jsonl, bibtex, ris or rss")
	return cmd
}

// newExporter takes home, the address of the search, for formats that name it.
func newExporter(format string, w io.Writer, home string) (exporter, error) {
	none := func() error { return nil }
	switch format {
	case "csv":
		cw := csv.NewWriter(w)
		return exporter{
			begin: func() error {
				return cw.Write([]string{"id", "url", "title", "outlet", "authors", "published", "lang", "section", "type"})
			},
			each: func(a *dateline.Article) error {
				row := []string{a.ID, a.URL, a.Title, a.Outlet.Name, strings.Join(a.Authors, "; "), rfc3339(a.Published), a.Lang, a.Section, a.Type}
				for i := range row {
					row[i] = plainCell(row[i])
				}
				return cw.Write(row)
			},
			end: func() error { cw.Flush(); return cw.Error() },
		}, nil
	case "jsonl":
		enc := json.NewEncoder(w)
		enc.SetEscapeHTML(false)
		return exporter{begin: none, end: none, each: func(a *dateline.Article) error {
			b := *a
			b.Body, b.Mentions = "", nil // the text stays the outlet's
			return enc.Encode(&b)
		}}, nil
	case "bibtex":
		return exporter{begin: none, end: none, each: func(a *dateline.Article) error { return writeBibTeX(w, a) }}, nil
	case "ris":
		return exporter{begin: none, end: none, each: func(a *dateline.Article) error { return writeRIS(w, a) }}, nil
	case "rss":
		return newRSS(w, home), nil
	}
	return exporter{}, &usageError{fmt.Errorf("--format %q: want csv, jsonl, bibtex, ris or rss", format)}
}

func rfc3339(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.UTC().Format(time.RFC3339)
}

// plainCell keeps a spreadsheet from running a cell as a formula (OWASP, CSV
// injection): a leading =, +, -, @, tab or return gets an apostrophe.
func plainCell(s string) string {
	if s != "" && strings.ContainsRune("=+-@\t\r", rune(s[0])) {
		return "'" + s
	}
	return s
}
