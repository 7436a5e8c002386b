package main

import (
	"context"
	"encoding/csv"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"strings"
	"time"

	"dateline"
	"dateline/api"

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
			if _, err := newExporter(format, io.Discard, ""); err != nil {
				return err
			}
			s.limit = 100
			v, err := s.params(strings.Join(args, " "))
			if err != nil {
				return err
			}
			v.Set("format", format)
			home := a.cfg.API.PublicURL
			if home == "" {
				home = "http://" + a.cfg.API.Listen + "/"
			}
			v.Set("home", home)
			defer a.close()
			resp, err := a.ask(cmd.Context(), "/export", v)
			if err != nil {
				return err
			}
			return copyAnswer(cmd.OutOrStdout(), resp)
		},
	}
	s.add(cmd)
	cmd.Flags().StringVar(&format, "format", "csv", "csv, jsonl, bibtex, ris or rss")
	return cmd
}

// serveExport writes an export for a command on this machine, which may be
// another process. What goes wrong on the way is told after the last byte.
func (a *app) serveExport(w http.ResponseWriter, r *http.Request) {
	v := r.URL.Query()
	format, home := v.Get("format"), v.Get("home")
	v.Del("format")
	v.Del("home")
	q, err := api.ParseParams(v)
	if err == nil {
		err = http.NewResponseController(w).Flush() // an answer without a body has no trailer
	}
	if err == nil {
		err = a.export(r.Context(), q, format, home, w)
	}
	if err != nil {
		w.Header().Set(http.TrailerPrefix+errorTrailer, err.Error())
	}
}

// export writes every match of q.
func (a *app) export(ctx context.Context, q dateline.Query, format, home string, w io.Writer) error {
	e, err := newExporter(format, w, home)
	if err != nil {
		return err
	}
	if err := e.begin(); err != nil {
		return err
	}
	q.Facets, q.Interval = nil, ""
	for {
		r, err := a.idx.Search(ctx, q)
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
