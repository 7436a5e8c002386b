package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"maps"
	"path/filepath"
	"slices"
	"sort"
	"strings"
	"time"

	"dateline/crawler"
	"dateline/indexer/store"
)

// stats is the JSON of `dateline stats --json`.
type stats struct {
	Articles int           `json:"articles"`
	Versions int           `json:"versions"`
	Outlets  []outletCount `json:"outlets"`
	crawler.Stats
}

type outletCount struct {
	ID       string `json:"id"`
	Articles int    `json:"articles"`
}

// readStats reads the files themselves, so that a crawl that goes on in
// another process is neither in the way nor disturbed.
func (a *app) readStats(ctx context.Context) (*stats, error) {
	st, err := a.readStore(ctx)
	if err != nil {
		return nil, err
	}
	defer st.Close()
	s := &stats{Outlets: []outletCount{}}
	counts, err := st.Counts(ctx)
	if err != nil {
		return nil, err
	}
	s.Articles, s.Versions = counts.Articles, counts.Versions
	outlets, err := st.Outlets(ctx)
	if err != nil {
		return nil, err
	}
	for _, o := range outlets {
		s.Outlets = append(s.Outlets, outletCount{o.ID, o.Count})
	}
	s.Stats, err = crawler.ReadStats(ctx, a.cfg.Data)
	return s, err
}

func (a *app) readStore(ctx context.Context) (*store.Store, error) {
	file := filepath.Join(a.cfg.Data, "articles.db")
	st, err := store.OpenReader(file)
	var schema *store.SchemaError
	if errors.Is(err, fs.ErrNotExist) || errors.As(err, &schema) {
		// Making the file, or bringing it up to date, needs the folder.
		if err := a.openIndex(ctx, indexMode{}); err != nil {
			return nil, err
		}
		a.close()
		st, err = store.OpenReader(file)
	}
	if err != nil {
		return nil, fmt.Errorf("data folder: %w (name another with --data DIR)", err)
	}
	return st, nil
}

func printStats(w io.Writer, s *stats) {
	fmt.Fprintf(w, "%d articles in %d versions\n", s.Articles, s.Versions)
	for _, o := range s.Outlets {
		fmt.Fprintf(w, "  %6d  %s\n", o.Articles, o.ID)
	}
	fmt.Fprintf(w, "%d fetched, %d not modified\n", s.Fetched, s.NotModified)
	reasons := make([]string, 0, len(s.NotFetched))
	for r := range s.NotFetched {
		reasons = append(reasons, r)
	}
	sort.Strings(reasons)
	for _, r := range reasons {
		fmt.Fprintf(w, "  %6d  %s\n", s.NotFetched[r], r)
	}
	for _, src := range s.Sources {
		printSource(w, &src)
	}
	now := time.Now()
	for _, h := range s.Hosts {
		switch {
		case h.Why == "half_budget":
			fmt.Fprintf(w, "%s: half of the day's requests are made (crawler.host_budget), so %d older addresses wait for another day\n", printable(h.Host), h.Waiting)
		case h.Why != "" && h.Next.After(now):
			fmt.Fprintf(w, "%s rests until %s: %s\n", printable(h.Host), h.Next.Format(time.RFC3339), h.Why)
		}
	}
}

// printSource tells how one source does.
func printSource(w io.Writer, src *crawler.SourceStats) {
	fmt.Fprintf(w, "%s\n  found %d, fetched %d, taken %d", printable(src.Source), src.Found, src.Fetched, src.Taken)
	if len(src.Refused) > 0 {
		var refused []string
		for _, r := range slices.Sorted(maps.Keys(src.Refused)) {
			refused = append(refused, fmt.Sprintf("%s %d", r, src.Refused[r]))
		}
		fmt.Fprintf(w, ", refused: %s", printable(strings.Join(refused, ", ")))
	}
	fmt.Fprintln(w)
	last, next := "never", "never"
	if src.LastSuccess != nil {
		last = src.LastSuccess.Format(time.RFC3339)
	}
	if src.NextDue != nil {
		next = src.NextDue.Format(time.RFC3339)
	}
	fmt.Fprintf(w, "  last success %s, next %s", last, next)
	if src.MovedTo != "" {
		fmt.Fprintf(w, ", moved to %s", printable(src.MovedTo))
	}
	if src.Error != "" {
		fmt.Fprintf(w, ", last error: %s", printable(src.Error))
	}
	fmt.Fprintln(w)
}
