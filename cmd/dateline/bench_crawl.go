package main

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"text/tabwriter"
	"time"

	"github.com/spf13/cobra"
)

// crawlBench says how a crawl is measured.
type crawlBench struct {
	pages   string // folder of .html and .html.gz files
	outlets int
	per     int // pages of each
	colly   string
	rounds  int
	known   int

	restarts int           // of a crawl that knows many addresses
	goesOn   time.Duration // how long it crawls after each
	asJSON   bool
	profile  string
}

// crawlReport is the JSON of `dateline bench crawl --json`.
type crawlReport struct {
	Pages   string     `json:"pages"` // what was served, in words
	Outlets int        `json:"outlets"`
	Per     int        `json:"pages_per_outlet"`
	Rows    []crawlRow `json:"rows"`
}

// crawlRow is what one process did. Of several rounds it has the best.
type crawlRow struct {
	What     string  `json:"what"`
	Pages    int     `json:"pages"`
	Bytes    int64   `json:"bytes"` // of the pages, decompressed
	CPU      float64 `json:"cpu_seconds"`
	Wall     float64 `json:"wall_seconds"`
	Resident int64   `json:"resident_bytes"` // the most that it had in memory
}

func (r crawlRow) perCPU() float64 { return float64(r.Pages) / r.CPU }

// The rows, in the order of the table; the first three are what the others
// are compared with.
const (
	rowParse = "parse alone"
	rowFetch = "fetch alone"
	rowColly = "Colly, charsets guessed"
	rowPlain = "Colly, all taken for UTF-8"
	rowCrawl = "Dateline: links, metadata, archive"
	rowStore = "Dateline: articles, stored"
	rowFull  = "Dateline: articles, names found, stored and indexed"
)

func newBenchCrawl(common *benchFlags) *cobra.Command {
	b := &crawlBench{}
	cmd := &cobra.Command{
		Use: "crawl", Short: "Pages crawled per CPU second, over outlets on loopback", Args: usageArgs(cobra.NoArgs),
		RunE: func(cmd *cobra.Command, _ []string) error {
			b.asJSON = common.asJSON
			if b.outlets < 1 || b.outlets > 99 || b.per < 1 || b.rounds < 1 || b.restarts < 1 || b.known < 0 {
				return &usageError{errors.New("--outlets: want 1 to 99; --per-outlet, --rounds, --restarts: want 1 or more")}
			}
			if b.known > 0 {
				return b.runKnown(cmd.Context(), cmd.OutOrStdout(), cmd.ErrOrStderr())
			}
			return b.run(cmd.Context(), cmd.OutOrStdout(), cmd.ErrOrStderr())
		},
	}
	fs := cmd.Flags()
	fs.StringVar(&b.pages, "pages", "", "folder of pages to serve, .html or .html.gz, instead of invented ones")
	fs.IntVar(&b.outlets, "outlets", 50, "number of outlets")
	fs.IntVar(&b.per, "per-outlet", 40, "pages of each outlet")
	fs.StringVar(&b.colly, "colly", "", "measure Colly too, by the program in this folder (cmd/dateline/benchpeers/colly); needs Go")
	fs.IntVar(&b.rounds, "rounds", 3, "how often each is measured, in turn; the best counts")
	fs.IntVar(&b.known, "urls", 0, "measure a crawl that knows so many addresses instead: memory, and the time to the first request after a kill")
	fs.IntVar(&b.restarts, "restarts", 5, "with --urls: number of kills and restarts")
	fs.DurationVar(&b.goesOn, "crawl", 15*time.Second, "with --urls: how long it crawls after each")
	cmd.AddCommand(newCrawlServe(), newCrawlChild())
	return cmd
}

func (b *crawlBench) run(ctx context.Context, out, errs io.Writer) error {
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
	rep := &crawlReport{Pages: srv.what, Outlets: b.outlets, Per: b.per}
	type peer struct {
		what string
		cmd  func(round int) *exec.Cmd
	}
	child := func(mode string) func(int) *exec.Cmd {
		return func(round int) *exec.Cmd {
			return b.self(ctx, "child", mode, "--addr", srv.addr, "--dir", filepath.Join(dir, mode+strconv.Itoa(round)))
		}
	}
	peers := []peer{{rowParse, child("parse")}, {rowFetch, child("fetch")}}
	if b.colly != "" {
		program := filepath.Join(dir, "colly")
		build := exec.CommandContext(ctx, "go", "build", "-o", program, ".") //nolint:gosec // in the folder that this user named
		build.Dir, build.Stderr = b.colly, errs
		if err := build.Run(); err != nil {
			return &usageError{fmt.Errorf("--colly %s: go build: %w", b.colly, err)}
		}
		for what, charsets := range map[string]string{rowColly: "true", rowPlain: "false"} {
			peers = append(peers, peer{what, func(int) *exec.Cmd {
				return exec.CommandContext(ctx, program, "-addr", srv.addr, "-outlets", strconv.Itoa(b.outlets), "-charsets="+charsets) //nolint:gosec // just built
			}})
		}
	}
	peers = append(peers, peer{rowCrawl, child("crawl")}, peer{rowStore, child("store")}, peer{rowFull, child("full")})
	best := map[string]crawlRow{}
	for round := range b.rounds {
		for _, p := range peers {
			fmt.Fprintf(errs, "round %d: %s\n", round+1, p.what)
			row, err := runRow(p.cmd(round))
			if err != nil {
				return fmt.Errorf("%s: %w", p.what, err)
			}
			if want := b.outlets * b.per; row.Pages != want {
				return fmt.Errorf("%s: %d pages, want %d", p.what, row.Pages, want)
			}
			row.What = p.what
			if old, ok := best[p.what]; !ok || row.perCPU() > old.perCPU() {
				best[p.what] = row
			}
		}
	}
	for _, what := range []string{rowParse, rowFetch, rowColly, rowPlain, rowCrawl, rowStore, rowFull} {
		if row, ok := best[what]; ok {
			rep.Rows = append(rep.Rows, row)
		}
	}
	if b.asJSON {
		return writeJSON(out, rep)
	}
	return rep.print(out)
}

// runRow runs a process that prints a crawlRow.
func runRow(cmd *exec.Cmd) (row crawlRow, err error) {
	var errs strings.Builder
	cmd.Stderr = &errs
	out, err := cmd.Output()
	if err != nil {
		return row, fmt.Errorf("%w\n%s", err, errs.String())
	}
	return row, json.Unmarshal(out, &row)
}

func (rep *crawlReport) print(w io.Writer) error {
	fmt.Fprintf(w, "%d outlets with %d pages each: %s\n\n", rep.Outlets, rep.Per, rep.Pages)
	t := tabwriter.NewWriter(w, 0, 0, 2, ' ', tabwriter.AlignRight)
	fmt.Fprintln(t, "what\tpages/CPU-s\tof parsing alone\t× Colly\tpages/s\tMiB resident\t")
	var parse, colly float64
	for _, r := range rep.Rows {
		switch r.What {
		case rowParse:
			parse = r.perCPU()
		case rowColly:
			colly = r.perCPU()
		}
		times := ""
		if colly > 0 {
			times = fmt.Sprintf("%.2f", r.perCPU()/colly)
		}
		fmt.Fprintf(t, "%s\t%.1f\t%.0f %%\t%s\t%.1f\t%d\t\n", r.What, r.perCPU(), 100*r.perCPU()/parse, times, float64(r.Pages)/r.Wall, r.Resident>>20)
	}
	return t.Flush()
}

// self is this program as another process.
func (b *crawlBench) self(ctx context.Context, sub string, args ...string) *exec.Cmd {
	self, err := os.Executable()
	if err != nil {
		self = os.Args[0]
	}
	all := append([]string{"bench", "crawl", sub}, args...)
	all = append(all, "--outlets", strconv.Itoa(b.outlets), "--per-outlet", strconv.Itoa(b.per), "--pages", b.pages)
	return exec.CommandContext(ctx, self, all...) //nolint:gosec // this program
}

// crawlServer is the process that serves the outlets.
type crawlServer struct {
	cmd        *exec.Cmd
	stdin      io.Closer
	lines      *bufio.Scanner
	addr, what string
}

// serve starts it. It ends with its standard input.
func (b *crawlBench) serve(ctx context.Context) (*crawlServer, error) {
	s := &crawlServer{cmd: b.self(ctx, "serve", "--urls", strconv.Itoa(b.known))}
	in, err := s.cmd.StdinPipe()
	if err != nil {
		return nil, err
	}
	out, err := s.cmd.StdoutPipe()
	if err != nil {
		return nil, err
	}
	var errs strings.Builder
	s.cmd.Stderr = &errs
	if err := s.cmd.Start(); err != nil {
		return nil, err
	}
	s.stdin, s.lines = in, bufio.NewScanner(out)
	if !s.lines.Scan() {
		in.Close()
		return nil, fmt.Errorf("the server of pages did not start: %w\n%s", s.cmd.Wait(), errs.String())
	}
	s.addr, s.what, _ = strings.Cut(s.lines.Text(), " ")
	return s, nil
}

func (s *crawlServer) stop() {
	s.stdin.Close()
	_ = s.cmd.Wait() // it has served
}
