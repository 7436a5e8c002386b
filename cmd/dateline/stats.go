package main

import (
	"context"
	"fmt"
	"io"
	"sort"

	"dateline/crawler"
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

func (a *app) readStats(ctx context.Context) (*stats, error) {
	if err := a.openIndex(indexMode{}); err != nil {
		return nil, err
	}
	defer a.idx.Close()
	c, err := a.openCrawler()
	if err != nil {
		return nil, err
	}
	defer c.Close()
	s := &stats{Outlets: []outletCount{}}
	counts, err := a.idx.Stats(ctx)
	if err != nil {
		return nil, err
	}
	s.Articles, s.Versions = counts.Articles, counts.Versions
	outlets, err := a.idx.Outlets(ctx)
	if err != nil {
		return nil, err
	}
	for _, o := range outlets {
		s.Outlets = append(s.Outlets, outletCount{o.ID, o.Count})
	}
	s.Stats, err = c.Stats(ctx)
	return s, err
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
		fmt.Fprintf(w, "%s\n  found %d, fetched %d, taken %d", src.Source, src.Found, src.Fetched, src.Taken)
		if src.Error != "" {
			fmt.Fprintf(w, ", last error: %s", printable(src.Error))
		}
		fmt.Fprintln(w)
	}
}
