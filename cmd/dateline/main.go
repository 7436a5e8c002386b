// Command dateline collects the coverage of a story, indexes it and serves
// faceted search. It only wires the packages crawler, indexer and api
// together; each subcommand has its own file.
//
// Output: what a program may read goes to stdout, everything else to stderr.
// Exit codes: 0 done, 1 failed, 2 wrong usage or config, 3 partly done,
// 130 interrupted.
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"os/signal"
	"strings"
	"syscall"
	_ "time/tzdata" // the time zones of timelines, where the system has none

	"github.com/spf13/cobra"

	"dateline"
)

// Exit codes, a promise to scripts.
const (
	exitDone        = 0
	exitFailed      = 1
	exitUsage       = 2
	exitPartly      = 3
	exitInterrupted = 130
)

// usageError is a wrong call or config: exit code 2.
type usageError struct{ err error }

func (e *usageError) Error() string { return e.err.Error() }
func (e *usageError) Unwrap() error { return e.err }

// partlyError says that some of the input failed; the rest is done.
type partlyError struct {
	failed []string
}

func (e *partlyError) Error() string {
	return fmt.Sprintf("%d failed:\n  %s", len(e.failed), strings.Join(e.failed, "\n  "))
}

func main() {
	os.Exit(run(os.Args[1:], os.Stdin, os.Stdout, os.Stderr))
}

// run is main without the process: testscript calls it too.
func run(args []string, stdin io.Reader, stdout, stderr io.Writer) int {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	// A limit on the size of files is an error like a full disk, not a crash.
	signal.Ignore(syscall.SIGXFSZ)
	cmd := newRoot()
	cmd.SetArgs(args)
	cmd.SetIn(stdin)
	cmd.SetOut(stdout)
	cmd.SetErr(stderr)
	err := cmd.ExecuteContext(ctx)
	code := exitCode(ctx, err)
	if err != nil && !(code == exitInterrupted && errors.Is(err, context.Canceled)) {
		fmt.Fprintf(stderr, "dateline: %v\n", err)
		if noRoom(err) {
			fmt.Fprintln(stderr, "dateline: "+roomHint)
		}
	}
	return code
}

func exitCode(ctx context.Context, err error) int {
	var usage *usageError
	var partly *partlyError
	var query *dateline.QueryError
	var param *dateline.ParamError
	switch {
	case err == nil:
		return exitDone
	case errors.As(err, &usage), errors.As(err, &query), errors.As(err, &param):
		return exitUsage
	case errors.As(err, &partly):
		return exitPartly
	case ctx.Err() != nil: // also where the database calls it by another name
		return exitInterrupted
	default:
		return exitFailed
	}
}

// flags are the ones every command has.
type flags struct {
	config, data, logFormat, listen string
	verbose                         bool
}

func newRoot() *cobra.Command {
	f := &flags{}
	root := &cobra.Command{
		Use:           "dateline",
		Short:         "Collect, index and search the news coverage of a story",
		Args:          cobra.NoArgs,
		SilenceUsage:  true,
		SilenceErrors: true,
		RunE:          func(cmd *cobra.Command, _ []string) error { return runUp(cmd, f) },
	}
	pf := root.PersistentFlags()
	pf.StringVar(&f.config, "config", "", "config file (default ./config.yaml, else the built-in one)")
	pf.StringVar(&f.data, "data", "", "data folder (default the config's)")
	pf.StringVar(&f.logFormat, "log-format", "text", "text or json")
	pf.BoolVarP(&f.verbose, "verbose", "v", false, "log more")
	root.Flags().StringVar(&f.listen, "listen", "", "address to serve on (default the config's)")
	root.SetFlagErrorFunc(func(cmd *cobra.Command, err error) error {
		return &usageError{fmt.Errorf("%w\nsee '%s --help'", err, cmd.CommandPath())}
	})
	root.AddCommand(newUp(f), newDemo(f), newServe(f), newCrawl(f), newImport(f), newSearch(f), newExport(f),
		newReindex(f), newReextract(f), newExtract(f), newEntities(f), newStats(f), newCheck(f), newBench(f), newVersion())
	for _, c := range root.Commands() {
		c.Args = usageArgs(c.Args)
	}
	root.Args = func(cmd *cobra.Command, args []string) error {
		if len(args) == 0 {
			return nil
		}
		msg := fmt.Sprintf("unknown command %q", args[0])
		if near := cmd.SuggestionsFor(args[0]); len(near) > 0 {
			msg += fmt.Sprintf(", did you mean %q?", dateline.Nearest(args[0], near)) // they are in no order of likeness
		}
		return &usageError{errors.New(msg + " ('dateline --help' lists them)")}
	}
	root.SuggestionsMinimumDistance = 2
	return root
}

// usageArgs makes a wrong number of arguments a usage error.
func usageArgs(check cobra.PositionalArgs) cobra.PositionalArgs {
	return func(cmd *cobra.Command, args []string) error {
		if check == nil {
			check = cobra.NoArgs
		}
		if err := check(cmd, args); err != nil {
			return &usageError{fmt.Errorf("%w\nsee '%s --help'", err, cmd.CommandPath())}
		}
		return nil
	}
}

func (f *flags) logger(w io.Writer) (*slog.Logger, error) {
	level := slog.LevelInfo
	if f.verbose {
		level = slog.LevelDebug
	}
	o := &slog.HandlerOptions{Level: level}
	switch f.logFormat {
	case "text":
		return slog.New(slog.NewTextHandler(w, o)), nil
	case "json":
		return slog.New(slog.NewJSONHandler(w, o)), nil
	}
	return nil, &usageError{fmt.Errorf("--log-format %q: want text or json", f.logFormat)}
}
