package main

import (
	"context"
	"fmt"
	"os"
	"os/signal"
	"reflect"
	"syscall"

	"dateline"
	"dateline/crawler"
)

// reloadOnHangup reads the config again at each SIGHUP until ctx ends, and
// gives the crawler its sources. A config that is wrong changes nothing. What
// else it changes needs a new start, and is said to.
func (a *app) reloadOnHangup(ctx context.Context, file string, c *crawler.Crawler) {
	running, err := loadConfig(file) // a.cfg has the flags in it
	if err != nil {
		a.log.Error("config cannot be read again", "error", err)
		return
	}
	hup := make(chan os.Signal, 1)
	signal.Notify(hup, syscall.SIGHUP)
	go func() {
		defer signal.Stop(hup)
		for {
			select {
			case <-ctx.Done():
				return
			case <-hup:
				a.reload(file, running, c)
			}
		}
	}()
}

func (a *app) reload(file string, running *dateline.Config, c *crawler.Crawler) {
	cfg, err := loadConfig(file)
	if err != nil {
		a.log.Error("config not taken, the old one stays", "error", err)
		return
	}
	list := sources(cfg)
	if len(list) == 0 && len(sources(running)) > 0 && reflect.DeepEqual(cfg, dateline.NewConfig()) {
		// As of a file that is being written just now.
		a.log.Error("config not taken, the old one stays", "error", fmt.Sprintf("%s: nothing in it", file))
		return
	}
	if err := c.SetSources(list); err != nil {
		a.log.Error("sources not taken, the old ones stay", "error", err)
		return
	}
	a.log.Info("config read again", "sources", len(list))
	for _, key := range changedBeside(running, cfg) {
		a.log.Warn("changed, but needs a new start", "key", key)
	}
}

// changedBeside names the sections in which two configs differ in more than
// sources.
func changedBeside(old, now *dateline.Config) (keys []string) {
	differ := func(key string, a, b any) {
		if !reflect.DeepEqual(a, b) {
			keys = append(keys, key)
		}
	}
	differ("stories", stories(old), stories(now))
	names := func(cfg *dateline.Config) (named []dateline.Outlet) {
		for _, o := range cfg.Outlets {
			if o.Name != "" {
				named = append(named, o)
			}
		}
		return named
	}
	differ("outlets", names(old), names(now))
	was, is := old.Crawler, now.Crawler
	was.Discover = is.Discover // it decides on sources alone
	differ("crawler", was, is)
	differ("indexer", old.Indexer, now.Indexer)
	differ("api", old.API, now.API)
	return keys
}
