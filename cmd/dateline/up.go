package main

import (
	"context"
	"errors"

	"github.com/spf13/cobra"

	"dateline/crawler"
)

func newUp(f *flags) *cobra.Command {
	cmd := &cobra.Command{
		Use:   "up",
		Short: "Crawl continuously, index, and serve (also without a command)",
		RunE:  func(cmd *cobra.Command, _ []string) error { return runUp(cmd, f) },
	}
	cmd.Flags().StringVar(&f.listen, "listen", "", "address to serve on (default the config's)")
	return cmd
}

func runUp(cmd *cobra.Command, f *flags) error {
	a, err := f.setup(cmd)
	if err != nil {
		return err
	}
	return a.up(cmd.Context(), indexMode{}, func(ctx context.Context, c *crawler.Crawler) { a.reloadOnHangup(ctx, f.config, c) })
}

// up crawls and serves until ctx ends. A crawl without a network keeps trying
// while the server answers; if either ends with an error, so does the other.
//
// started, if not nil, is called when the crawler is open.
func (a *app) up(ctx context.Context, m indexMode, started func(context.Context, *crawler.Crawler)) error {
	ln, err := a.listen(ctx)
	if err != nil {
		return err
	}
	defer ln.Close()
	if err := a.openIndex(ctx, m); err != nil {
		return err
	}
	defer a.close()
	c, err := a.openCrawler()
	if err != nil {
		return err
	}
	defer c.Close()
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	a.crawl = runningCrawl{c}
	if started != nil {
		started(ctx, c)
	}
	crawled := make(chan error, 1)
	go func() {
		err := a.takeArchives(ctx)
		if err == nil {
			err = c.Run(ctx)
		}
		if err != nil && ctx.Err() == nil {
			cancel(err)
		}
		crawled <- err
	}()
	err = a.serve(ctx, ln)
	cancel(err)
	crawlErr := <-crawled
	if cause := context.Cause(ctx); cause != nil && !errors.Is(cause, context.Canceled) {
		return cause
	}
	return errors.Join(err, ignoreCanceled(crawlErr))
}

func ignoreCanceled(err error) error {
	if errors.Is(err, context.Canceled) {
		return nil
	}
	return err
}
