package main

import (
	"errors"
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"dateline/crawler"
)

// addressStats tells what the crawl knows of one address.
func (a *app) addressStats(cmd *cobra.Command, address string, asJSON bool) error {
	if _, err := crawler.Canonical(address); err != nil {
		return &usageError{fmt.Errorf("%w (want a web address, for example https://example.org/news/1)", err)}
	}
	s, err := crawler.ReadAddress(cmd.Context(), a.cfg.Data, address)
	if errors.Is(err, crawler.ErrUnknownAddress) {
		return fmt.Errorf("%w (a source must name it: stories or outlets in the config)", err)
	}
	if err != nil {
		return err
	}
	if asJSON {
		return writeJSON(cmd.OutOrStdout(), s)
	}
	printAddress(cmd.OutOrStdout(), &s)
	return nil
}

func printAddress(w io.Writer, s *crawler.AddressStats) {
	fmt.Fprintf(w, "%s\n", printable(s.URL))
	fmt.Fprintf(w, "  source   %s\n", printable(s.Source))
	for i, p := range s.Path[:len(s.Path)-1] {
		name := "path"
		if i > 0 {
			name = "then"
		}
		fmt.Fprintf(w, "  %s     %s\n", name, printable(p))
	}
	if len(s.Stories) > 0 {
		fmt.Fprintf(w, "  stories  %s\n", printable(strings.Join(s.Stories, ", ")))
	}
	if s.MovedTo != "" {
		fmt.Fprintf(w, "  moved to %s\n", printable(s.MovedTo))
	}
	switch {
	case s.Reason != "" && s.ArticleID != "":
		fmt.Fprintf(w, "  result   article %s, and when it was last looked at %s (status %d)\n", s.ArticleID, printable(s.Reason), s.Status)
	case s.Reason != "":
		fmt.Fprintf(w, "  result   %s (status %d)\n", printable(s.Reason), s.Status)
	case s.ArticleID != "":
		fmt.Fprintf(w, "  result   article %s\n", s.ArticleID)
	case s.FirstFetch == nil:
		fmt.Fprintln(w, "  result   not asked yet")
	}
	if s.FirstFetch != nil {
		fmt.Fprintf(w, "  fetched  %s\n", s.FirstFetch.Format(time.RFC3339))
	}
	if s.Due != nil {
		fmt.Fprintf(w, "  due      %s\n", s.Due.Format(time.RFC3339))
	} else {
		fmt.Fprintln(w, "  due      never again")
	}
}
