package main

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"text/tabwriter"
	"time"

	"github.com/spf13/cobra"

	"dateline/api"
)

// searchFlags are the filters that search and export share; they become the
// API's own parameters, so the two cannot differ.
type searchFlags struct {
	outlet, person, org, place, lang, story []string
	from, to, sort                          string
	limit                                   int
}

func (s *searchFlags) add(cmd *cobra.Command) {
	fl := cmd.Flags()
	fl.StringArrayVar(&s.outlet, "outlet", nil, "only this outlet (may be repeated)")
	fl.StringArrayVar(&s.person, "person", nil, "only articles that name this person (may be repeated)")
	fl.StringArrayVar(&s.org, "org", nil, "only articles that name this organization (may be repeated)")
	fl.StringArrayVar(&s.place, "place", nil, "only articles that name this place (may be repeated)")
	fl.StringArrayVar(&s.lang, "lang", nil, "only this language (may be repeated)")
	fl.StringArrayVar(&s.story, "story", nil, "only this story (may be repeated)")
	fl.StringVar(&s.from, "from", "", "published on or after this date or time")
	fl.StringVar(&s.to, "to", "", "published on or before this date, or before this time")
	fl.StringVar(&s.sort, "sort", "", "relevance, newest or oldest")
	fl.IntVar(&s.limit, "limit", 20, "hits, 1 to 100")
}

// params are the flags and the query text as the API's parameters, found valid.
func (s *searchFlags) params(text string) (url.Values, error) {
	v := url.Values{}
	if text != "" {
		v.Set("q", text)
	}
	for name, vals := range map[string][]string{
		"outlet": s.outlet, "person": s.person, "org": s.org,
		"place": s.place, "lang": s.lang, "story": s.story,
	} {
		for _, val := range vals {
			v.Add(name, val)
		}
	}
	for name, val := range map[string]string{"from": s.from, "to": s.to, "sort": s.sort} {
		if val != "" {
			v.Set(name, val)
		}
	}
	v.Set("limit", strconv.Itoa(s.limit))
	_, err := api.ParseParams(v)
	return v, err
}

func newSearch(f *flags) *cobra.Command {
	var s searchFlags
	var asJSON bool
	cmd := &cobra.Command{
		Use:   "search QUERY",
		Short: "The same search as the API's, in the terminal",
		Args:  cobra.MinimumNArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			v, err := s.params(strings.Join(args, " "))
			if err != nil {
				return err
			}
			a, err := f.setup(cmd)
			if err != nil {
				return err
			}
			defer a.close()
			resp, err := a.ask(cmd.Context(), "/api/v1/search", v)
			if err != nil {
				return err
			}
			if asJSON {
				return copyAnswer(cmd.OutOrStdout(), resp)
			}
			return printHits(cmd, resp)
		},
	}
	s.add(cmd)
	cmd.Flags().BoolVar(&asJSON, "json", false, "the API's own answer")
	return cmd
}

func printHits(cmd *cobra.Command, resp *http.Response) error {
	defer resp.Body.Close()
	var r struct {
		Total int
		Hits  []struct {
			URL, Title string
			Outlet     struct{ Name string }
			Published  time.Time
		}
		DidYouMean string              `json:"did_you_mean"`
		SomeWords  struct{ Total int } `json:"some_words"`
	}
	if err := json.NewDecoder(resp.Body).Decode(&r); err != nil {
		return fmt.Errorf("answer to the search: %w", err)
	}
	w := tabwriter.NewWriter(cmd.OutOrStdout(), 0, 4, 2, ' ', 0)
	for _, h := range r.Hits {
		date := "no date"
		if !h.Published.IsZero() {
			date = h.Published.Format("2006-01-02 15:04")
		}
		fmt.Fprintf(w, "%s\t%s\t%s\n\t\t%s\n", date, printable(h.Outlet.Name), printable(h.Title), printable(h.URL))
	}
	if err := w.Flush(); err != nil {
		return err
	}
	fmt.Fprintf(cmd.ErrOrStderr(), "%d of %d\n", len(r.Hits), r.Total)
	if r.DidYouMean != "" {
		fmt.Fprintf(cmd.ErrOrStderr(), "did you mean: %s\n", printable(r.DidYouMean))
	}
	if r.SomeWords.Total > 0 {
		fmt.Fprintf(cmd.ErrOrStderr(), "%d more have some of the words: --json lists the likest\n", r.SomeWords.Total)
	}
	return nil
}

// printable drops control characters: a headline must not steer a terminal.
func printable(s string) string {
	return strings.Map(func(r rune) rune {
		if r < 0x20 || r >= 0x7f && r < 0xa0 {
			return ' '
		}
		return r
	}, s)
}
