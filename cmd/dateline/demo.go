package main

import (
	"fmt"
	"net/netip"
	"os"
	"time"

	"github.com/spf13/cobra"

	"dateline"
	"dateline/crawler/crawltest"
)

func newDemo(f *flags) *cobra.Command {
	cmd := &cobra.Command{
		Use:   "demo",
		Short: "A small built-in newsroom, crawled and served on loopback: no network needed",
		RunE: func(cmd *cobra.Command, _ []string) error {
			a, err := f.setup(cmd)
			if err != nil {
				return err
			}
			if f.data == "" {
				dir, err := os.MkdirTemp("", "dateline-demo-")
				if err != nil {
					return err
				}
				defer os.RemoveAll(dir)
				a.cfg.Data = dir
			}
			room, err := crawltest.StartNewsroom()
			if err != nil {
				return fmt.Errorf("demo newsroom: %w", err)
			}
			defer room.Close()
			demoConfig(a.cfg, room)
			// One article changes while the demo runs, as articles do.
			edit := time.AfterFunc(20*time.Second, func() { room.Edit() })
			defer edit.Stop()
			fmt.Fprintf(cmd.ErrOrStderr(), "The demo's outlets are invented; search at http://%s/\n", a.cfg.API.Listen)
			return a.up(cmd.Context(), indexMode{}, nil)
		},
	}
	cmd.Flags().StringVar(&f.listen, "listen", "", "address to serve on (default the config's)")
	return cmd
}

// demoConfig follows the shipped story, and one that is invented, in the demo's outlets alone.
func demoConfig(cfg *dateline.Config, room *crawltest.Newsroom) {
	cfg.Outlets = nil
	for _, o := range room.Outlets() {
		cfg.Outlets = append(cfg.Outlets, dateline.Outlet{ID: o.Domain, Name: o.Name, Country: o.Country, Language: o.Language})
	}
	for i := range cfg.Stories {
		cfg.Stories[i].Sources = nil
	}
	for _, s := range room.Sources() {
		src := dateline.Source{}
		switch s.Kind {
		case "feed":
			src.Feed = s.URL
		case "sitemap":
			src.Sitemap = s.URL
		case "page":
			src.Page = s.URL
		case "urls":
			src.URLs = []string{s.URL}
		}
		cfg.Stories[0].Sources = append(cfg.Stories[0].Sources, src)
	}
	// What has long quotes, figures and a correction is a second story, all of
	// it invented; the same sources have it.
	cfg.Stories = append(cfg.Stories, dateline.StoryConfig{Story: dateline.Story{
		ID: "tarnwick-bridge", Title: "The Old Mill Bridge of Tarnwick (invented)", About: "tarnwick AND bridge",
		From: time.Date(2025, 11, 14, 0, 0, 0, 0, time.UTC),
		Entities: []dateline.Entity{
			{Name: "Tarnwick", Type: dateline.Place},
			{Name: "Tarnwick Council", Type: dateline.Organization, Aliases: []string{"council of Tarnwick"}},
			{Name: "Hesper Dunmore", Type: dateline.Person},
			{Name: "Edwina Thrale", Type: dateline.Person},
		},
	}})
	cfg.Crawler.ConnectTo = map[string]string{"*.example": room.Addr()}
	cfg.Crawler.AllowNetworks = []netip.Prefix{netip.MustParsePrefix("127.0.0.0/8")}
	// Loopback outlets are our own: a short delay shows the coverage at once.
	cfg.Crawler.Delay = 50 * time.Millisecond
}
