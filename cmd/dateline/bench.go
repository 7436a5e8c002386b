package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"runtime/pprof"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"
)

// benchFlags are those of both measurements.
type benchFlags struct {
	docs    int
	seed    uint64
	from    string
	asJSON  bool
	peers   bool
	lucene  string
	profile string
	kinds   []string
	limit   time.Duration
}

func newBench(f *flags) *cobra.Command {
	var b benchFlags
	cmd := &cobra.Command{
		Use:   "bench",
		Short: "Measure index and search beside stock bleve and SQLite FTS5",
		Long: "Measure index and search beside stock bleve and SQLite FTS5, over the same articles\n" +
			"in the same run. All times are CPU time of this process; what is counted is checked\n" +
			"by reading every article. docs/bench.md says what each row is.",
		Args: usageArgs(cobra.NoArgs),
		RunE: func(cmd *cobra.Command, _ []string) error {
			return &usageError{errors.New("bench what? 'dateline bench search', 'dateline bench index' or 'dateline bench entities'")}
		},
	}
	pf := cmd.PersistentFlags()
	pf.IntVar(&b.docs, "docs", 20000, "number of articles")
	pf.Uint64Var(&b.seed, "seed", 1, "another seed is another corpus and other queries")
	pf.StringVar(&b.from, "from", "", "make the corpus from the articles of this .jsonl[.gz] file instead of inventing them")
	pf.BoolVar(&b.asJSON, "json", false, "machine-readable")
	pf.BoolVar(&b.peers, "peers", true, "measure bleve and FTS5 too")
	pf.StringVar(&b.lucene, "lucene", "", "measure Lucene too, with the jars in this folder; needs Java")
	pf.StringVar(&b.profile, "cpuprofile", "", "write a CPU profile of what is measured to this file")
	search := &cobra.Command{
		Use: "search", Short: "CPU time of each kind of search", Args: usageArgs(cobra.NoArgs),
		RunE: func(cmd *cobra.Command, _ []string) error { return b.run(cmd, f, b.search) },
	}
	search.Flags().StringArrayVar(&b.kinds, "kind", nil, "only kinds whose name has this in it (may be repeated)")
	search.Flags().DurationVar(&b.limit, "time", time.Second, "how long to run each kind on each engine")
	index := &cobra.Command{
		Use: "index", Short: "Articles indexed per CPU second, and sizes", Args: usageArgs(cobra.NoArgs),
		RunE: func(cmd *cobra.Command, _ []string) error { return b.run(cmd, f, b.index) },
	}
	cmd.AddCommand(search, index, newBenchEntities(&b), newBenchCrawl(&b))
	return cmd
}

// bench is one run of a measurement.
type bench struct {
	*benchFlags
	dir    string
	stderr io.Writer
	corpus corpus
	survey *survey
	kinds  []benchKind
	judge  *judge
	truth  [][]*judgement // of each kind's queries
}

func (b *benchFlags) run(cmd *cobra.Command, f *flags, measure func(context.Context, *bench) (benchReport, error)) (err error) {
	if b.docs < 1 {
		return &usageError{fmt.Errorf("--docs %d: want 1 or more", b.docs)}
	}
	ctx := cmd.Context()
	r := &bench{benchFlags: b, dir: f.data, stderr: cmd.ErrOrStderr()}
	if r.dir == "" {
		if r.dir, err = os.MkdirTemp("", "dateline-bench-"); err != nil {
			return err
		}
		defer func() { err = errors.Join(err, os.RemoveAll(r.dir)) }()
	} else if l, err := os.ReadDir(r.dir); err == nil && len(l) > 0 {
		return &usageError{fmt.Errorf("--data %s: the folder is not empty", r.dir)}
	}
	if err := os.MkdirAll(r.dir, 0o755); err != nil {
		return err
	}
	if b.lucene != "" {
		if err := r.checkLucene(ctx); err != nil { // not only after all the rest
			return err
		}
	}
	if r.corpus = newInvented(b.docs, b.seed); b.from != "" {
		if r.corpus, err = newPerturbed(b.from, b.docs, b.seed); err != nil {
			return err
		}
	}
	if err := r.prepare(ctx); err != nil {
		return err
	}
	report, err := measure(ctx, r)
	if err != nil {
		return err
	}
	if b.asJSON {
		return writeJSON(cmd.OutOrStdout(), report)
	}
	return report.print(cmd.OutOrStdout())
}

// benchReport is what a measurement found.
type benchReport interface{ print(w io.Writer) error }

// prepare reads the corpus, draws the queries and finds their true answers.
func (r *bench) prepare(ctx context.Context) error {
	r.say("reading %s", r.corpus)
	var err error
	if r.survey, err = surveyCorpus(ctx, r.corpus); err != nil {
		return err
	}
	st, err := newStems()
	if err != nil {
		return err
	}
	for _, k := range r.survey.kinds(r.survey.draw(st, r.seed)) {
		if len(k.queries) == 0 {
			return fmt.Errorf("no queries for %q: the corpus is too small (--docs)", k.name)
		}
		if len(r.benchFlags.kinds) == 0 || slices.ContainsFunc(r.benchFlags.kinds, func(s string) bool { return strings.Contains(k.name, s) }) {
			r.kinds = append(r.kinds, k)
		}
	}
	if len(r.kinds) == 0 {
		return &usageError{fmt.Errorf("--kind %s: no kind has this in its name", strings.Join(r.benchFlags.kinds, " "))}
	}
	r.survey.words, r.survey.pairs = nil, nil // large, and no longer needed
	r.judge = newJudge(st)
	for _, k := range r.kinds {
		var l []*judgement
		for i, q := range k.queries {
			l = append(l, r.judge.add(q, i == 0))
		}
		r.truth = append(r.truth, l)
	}
	if err := r.judge.read(ctx, r.corpus); err != nil {
		return err
	}
	r.judge = nil
	return nil
}

// check compares all answers of the index with the true ones.
func (r *bench) check(o *ours) (int, error) {
	n := 0
	for i, k := range r.kinds {
		for j, q := range k.queries {
			res, hits, err := o.answer(q)
			if err != nil {
				return n, fmt.Errorf("%s %q: %w", k.name, q.text(), err)
			}
			if err := r.truth[i][j].check(k.name, res, hits); err != nil {
				return n, err
			}
			n++
		}
	}
	return n, nil
}

func (r *bench) say(f string, a ...any) { fmt.Fprintf(r.stderr, f+"\n", a...) }

func (r *bench) path(name string) string { return filepath.Join(r.dir, name) }

// profiled runs what is measured, under a CPU profile if one is asked for.
func (r *bench) profiled(fn func() error) error {
	if r.profile == "" {
		return fn()
	}
	file, err := os.Create(r.profile)
	if err != nil {
		return err
	}
	if err := pprof.StartCPUProfile(file); err != nil {
		return errors.Join(err, file.Close())
	}
	err = fn()
	pprof.StopCPUProfile()
	return errors.Join(err, file.Close())
}
