package main

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"strings"

	"github.com/spf13/cobra"

	"dateline"
	"dateline/api"
)

// exportFormats are the API's names of the formats.
var exportFormats = map[string]string{"csv": "csv", "jsonl": "jsonl", "bibtex": "bib", "ris": "ris", "rss": "rss"}

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
			if exportFormats[format] == "" {
				return &usageError{fmt.Errorf("--format %q: want csv, jsonl, bibtex, ris or rss", format)}
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

// export writes every match of q, in the API's own formats.
func (a *app) export(ctx context.Context, q dateline.Query, format, home string, w io.Writer) error {
	e, err := api.NewExporter(exportFormats[format], w, api.Feed{
		Title: strings.TrimSuffix("Dateline: "+q.Text, ": "), Home: home, Self: home, FullText: a.cfg.API.FullText,
	})
	if err != nil {
		return err
	}
	if err := e.Begin(); err != nil {
		return err
	}
	q.Facets, q.Interval = nil, ""
	for {
		r, err := a.idx.Search(ctx, q)
		if err != nil {
			return err
		}
		for _, h := range r.Hits {
			if err := e.Add(h.Article); err != nil {
				return err
			}
		}
		if r.Next == "" {
			return e.End()
		}
		q.Cursor = r.Next
	}
}
