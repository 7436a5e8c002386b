package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"time"

	"dateline/crawler"
)

// knownReport is the JSON of `dateline bench crawl --urls N --json`.
type knownReport struct {
	URLs     int       `json:"urls"` // that the crawl knew in the end
	Filling  int64     `json:"resident_filling_bytes"`
	Resident int64     `json:"resident_bytes"`        // the most of those that crawled on with them
	Frontier int64     `json:"frontier_bytes"`        // of the file
	First    []float64 `json:"first_request_seconds"` // after the start of the process, of each restart
}

// runKnown lets a crawl find so many addresses in sitemaps, kills it, and
// looks how soon the next one makes a request, and what memory it takes.
func (b *crawlBench) runKnown(ctx context.Context, out, errs io.Writer) error {
	dir, err := os.MkdirTemp("", "dateline-bench-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	srv, err := b.serve(ctx)
	if err != nil {
		return err
	}
	defer srv.stop()
	requests := make(chan time.Time, 1<<16)
	go requestTimes(srv.lines, requests)
	data := filepath.Join(dir, "data")
	start := func() (*exec.Cmd, error) {
		cmd := b.self(ctx, "child", "known", "--addr", srv.addr, "--dir", data)
		return cmd, cmd.Start()
	}
	rep := &knownReport{}
	fmt.Fprintf(errs, "finding %d addresses in %d sitemaps\n", b.known, b.outlets)
	cmd, err := start()
	if err != nil {
		return err
	}
	for rep.URLs < b.known {
		if err := sleep(ctx, time.Second); err != nil {
			return err
		}
		s, err := crawler.ReadStats(ctx, data)
		if err != nil {
			continue // it is being made
		}
		rep.URLs = 0
		for _, src := range s.Sources {
			rep.URLs += src.Found
			if src.Error != "" {
				return errors.Join(fmt.Errorf("%s: %s", src.Source, src.Error), cmd.Process.Kill())
			}
		}
	}
	rep.Filling = killed(cmd)
	for range b.restarts {
		for len(requests) > 0 {
			<-requests
		}
		began := time.Now()
		if cmd, err = start(); err != nil {
			return err
		}
		select {
		case at := <-requests:
			rep.First = append(rep.First, at.Sub(began).Seconds())
		case <-time.After(time.Minute):
			killed(cmd)
			return errors.New("no request within a minute of the restart")
		}
		fmt.Fprintf(errs, "first request %.2f s after the restart\n", rep.First[len(rep.First)-1])
		if err := sleep(ctx, b.goesOn); err != nil {
			return err
		}
		rep.Resident = max(rep.Resident, killed(cmd))
	}
	if fi, err := os.Stat(filepath.Join(data, "frontier.db")); err == nil {
		rep.Frontier = fi.Size()
	}
	if b.asJSON {
		return writeJSON(out, rep)
	}
	_, err = fmt.Fprintf(out, "%d addresses of %d outlets, %d MiB on disk\nfirst request %.2f s after a restart that follows a kill (%d of them, the slowest)\nmemory: %d MiB while it crawls with them, %d MiB while it found them\n",
		rep.URLs, b.outlets, rep.Frontier>>20, slices.Max(rep.First), len(rep.First), rep.Resident>>20, rep.Filling>>20)
	return err
}

// killed kills a process and gives the most memory that it had.
func killed(cmd *exec.Cmd) int64 {
	_ = cmd.Process.Kill()
	_ = cmd.Wait() // "signal: killed"
	if u, ok := cmd.ProcessState.SysUsage().(*syscall.Rusage); ok {
		return u.Maxrss << 10
	}
	return 0
}

// requestTimes reads what the server says of each request.
func requestTimes(lines *bufio.Scanner, to chan<- time.Time) {
	for lines.Scan() {
		nano, _, _ := strings.Cut(lines.Text(), " ")
		if n, err := strconv.ParseInt(nano, 10, 64); err == nil {
			select {
			case to <- time.Unix(0, n):
			default: // nobody looks at them while the addresses are found
			}
		}
	}
}
