package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"time"

	"github.com/spf13/cobra"

	"dateline"
	"dateline/crawler"
)

const (
	checkLimit   = time.Minute      // for all sources together
	checkTimeout = 10 * time.Second // for one request; less if crawler.timeout is
)

func newCheck(f *flags) *cobra.Command {
	return &cobra.Command{
		Use:   "check",
		Short: "Read config and data folder, try each source once, and say what is wrong",
		Long: "Reads the config, tries whether the data folder can be written, and asks each source once, with the\n" +
			"crawler's own manners, for at most a minute. Nothing is stored. Ends with 0 if all is well, 2 if the\n" +
			"config is wrong, 3 if a source failed, 1 if the data folder cannot be used.",
		RunE: func(cmd *cobra.Command, _ []string) error {
			a, err := f.setup(cmd)
			if err != nil {
				return err
			}
			w := cmd.OutOrStdout()
			fmt.Fprintf(w, "config: %d stories, %d sources, %d outlets: ok\n", len(a.cfg.Stories), len(sources(a.cfg)), len(a.cfg.Outlets))
			if err := checkFolder(a.cfg.Data); err != nil {
				return err
			}
			fmt.Fprintf(w, "data folder %s: ok\n", a.cfg.Data)
			failed, err := checkSources(cmd.Context(), w, a.cfg)
			if err != nil {
				return err
			}
			failed = append(failed, checkArchives(w, a.cfg)...)
			if len(failed) > 0 {
				return &partlyError{failed}
			}
			return nil
		},
	}
}

// checkFolder tries to write in the data folder and leaves nothing there.
func checkFolder(dir string) error {
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return fmt.Errorf("data folder: %w (name another with --data DIR)", err)
	}
	probe, err := os.CreateTemp(dir, ".check-*")
	if err != nil {
		return fmt.Errorf("data folder %s cannot be written: %w (name another with --data DIR)", dir, err)
	}
	return errors.Join(probe.Close(), os.Remove(probe.Name()))
}

// checkSources asks all sources at once, one request per host at a time, and
// reports them in the order of the config. It returns those that failed.
func checkSources(ctx context.Context, w io.Writer, cfg *dateline.Config) (failed []string, err error) {
	c := crawlerConfig(cfg)
	c.Timeout = min(c.Timeout, checkTimeout)
	v, err := crawler.NewVisitor(c, extractPage, nil)
	if err != nil {
		return nil, err
	}
	defer v.Close()
	ctx, cancel := context.WithTimeout(ctx, checkLimit)
	defer cancel()
	list := sources(cfg)
	slots := make(chan struct{}, max(c.Concurrency, 1))
	answers := make([]chan crawler.Finding, len(list))
	for i, s := range list {
		answers[i] = make(chan crawler.Finding, 1)
		go func() {
			slots <- struct{}{}
			answers[i] <- v.Source(ctx, s)
			<-slots
		}()
	}
	unreached := 0
	for i, s := range list {
		f := <-answers[i]
		name := s.Kind + " " + s.Value
		switch {
		case errors.Is(f.Err, context.Canceled):
			return nil, f.Err
		case f.Err != nil:
			reason, detail := why(f.Err)
			if offline[reason] {
				unreached++
			}
			fmt.Fprintf(w, "%s: FAILED: %s\n", name, printable(detail))
			if hint := nextStep(s, reason); hint != "" {
				fmt.Fprintf(w, "  next: %s\n", hint)
			}
			failed = append(failed, name)
		default:
			fmt.Fprintf(w, "%s: %s\n", name, found(f))
			if f.Moved != "" && s.Kind != "outlet" {
				fmt.Fprintf(w, "  moved for good to %s\n  next: put that into the config\n", printable(f.Moved))
			}
		}
	}
	if unreached == len(list) && unreached > 0 {
		fmt.Fprintln(w, "no source was reached: is this machine on a network? 'dateline demo' needs none")
	}
	return failed, nil
}

// found words what a source gave.
func found(f crawler.Finding) string {
	s := fmt.Sprintf("%s, %d items", f.What, f.Items)
	if f.Items == 1 {
		s = f.What + ", 1 item"
	}
	switch {
	case f.Items == 0:
		s += " (nothing to fetch there just now)"
	case f.Newest.IsZero():
		s += ", none with a date"
	default:
		s += ", newest " + f.Newest.UTC().Format(time.RFC3339)
	}
	return s
}

// offline are reasons that come in crowds when there is no network.
var offline = map[string]bool{"robots_unreachable": true, "dns": true, "network": true, "timeout": true}

func why(err error) (reason, detail string) {
	var fe *crawler.FetchError
	switch {
	case errors.As(err, &fe):
		return fe.Reason, fe.Detail
	case errors.Is(err, context.DeadlineExceeded):
		return "timeout", fmt.Sprintf("timeout: not answered within the %s of the check", checkLimit)
	}
	return "", err.Error()
}

// nextStep says what to type or change for a source that failed.
func nextStep(s crawler.Source, reason string) string {
	switch reason {
	case "robots":
		return "take another source of this outlet: its feed or sitemap is often allowed where pages are not"
	case "private_address":
		return "if the host is yours, add its network to crawler.allow_networks"
	case "robots_unreachable", "dns", "network", "timeout", "tls":
		return "open the address in a browser; if it opens, set crawler.proxy or raise crawler.timeout, else correct it"
	case "gone", "http_4xx", "redirect_loop", "bad_redirect":
		return "open the address in a browser and put where it leads into the config"
	case "http_429", "http_5xx", "busy":
		return "wait some minutes and type 'dateline check' again"
	case "bad_source":
		switch s.Kind {
		case "outlet":
			return "name its feed or sitemap as a source of a story, or set crawler.discover to false"
		case "feed", "sitemap":
			return fmt.Sprintf("if the address is a page with links, write 'page: %s'", s.Value)
		case "gdelt":
			return "GDELT wants a longer query, with phrases in double quotes"
		}
	case "soft_block":
		return "open the address in a browser; a gate that lets readers in may keep programs out: take a feed of the outlet, or ask it"
	case "not_article", "not_html", "soft_404", "noindex", "no_content":
		return fmt.Sprintf("type 'dateline extract %s' to see what the page is", s.Value)
	}
	return ""
}

// checkArchives looks for the files of the warc sources.
func checkArchives(w io.Writer, cfg *dateline.Config) (failed []string) {
	for _, s := range cfg.Stories {
		for _, src := range s.Sources {
			if src.WARC == "" {
				continue
			}
			files, err := filepath.Glob(src.WARC)
			if err == nil && len(files) > 0 {
				fmt.Fprintf(w, "warc %s: %d files\n", src.WARC, len(files))
				continue
			}
			fmt.Fprintf(w, "warc %s: FAILED: no such file\n  next: correct the pattern, or type 'ls %s'\n", src.WARC, src.WARC)
			failed = append(failed, "warc "+src.WARC)
		}
	}
	return failed
}
