package main

import (
	"github.com/spf13/cobra"
)

func newCrawl(f *flags) *cobra.Command {
	var once, now bool
	cmd := &cobra.Command{
		Use:   "crawl",
		Short: "Crawl and index only",
		RunE: func(cmd *cobra.Command, _ []string) error {
			line := newStatusLine(cmd.ErrOrStderr())
			if line != nil {
				cmd.SetErr(line) // what is logged goes above it
			}
			a, err := f.open(cmd)
			if err != nil {
				return err
			}
			defer a.close()
			c, err := a.openCrawler()
			if err != nil {
				return err
			}
			defer c.Close()
			if err := a.takeArchives(cmd.Context()); err != nil {
				return err
			}
			defer line.follow(cmd.Context(), c)()
			if !once {
				a.reloadOnHangup(cmd.Context(), f.config, c)
				return c.Run(cmd.Context())
			}
			if err := c.RunOnce(cmd.Context(), now); err != nil {
				return err
			}
			return a.idx.Flush(cmd.Context())
		},
	}
	cmd.Flags().BoolVar(&once, "once", false, "end when nothing falls due within a minute")
	cmd.Flags().BoolVar(&now, "now", false, "take every known source and article as due (conditional requests)")
	return cmd
}
