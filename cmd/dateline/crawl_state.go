package main

import (
	"context"

	"dateline"
	"dateline/crawler"
)

// runningCrawl is the crawl of this process, as the API knows it.
type runningCrawl struct{ c *crawler.Crawler }

func (r runningCrawl) CrawlStats(ctx context.Context) (dateline.CrawlStats, error) {
	return r.c.Stats(ctx)
}

func (r runningCrawl) CrawlNow(context.Context) error { return r.c.PollNow() }

// savedCrawl is what crawls have left in a data folder.
type savedCrawl string

func (s savedCrawl) CrawlStats(ctx context.Context) (dateline.CrawlStats, error) {
	return crawler.ReadStats(ctx, string(s))
}

func (savedCrawl) CrawlNow(context.Context) error { return dateline.ErrNotCrawling }
