package main

import (
	"bufio"
	"bytes"
	"context"
	_ "embed"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"time"

	"dateline"
)

// luceneSource is the program that measures Lucene. Java runs it from its
// source, with the jars of a folder that the user has.
//
//go:embed benchpeers/Lucene.java
var luceneSource []byte

// luceneRun is what that program found.
type luceneRun struct {
	version string
	docs    int
	cpu     float64 // seconds of indexing
	bytes   int64   // of the index
	kinds   map[string]*luceneKind
}

type luceneKind struct {
	cost
	Totals []int `json:"totals"`
}

// findJava gives the java program, and checks that the jars are there.
func findJava(jars string) (string, error) {
	found, err := filepath.Glob(filepath.Join(jars, "lucene-core-*.jar"))
	if err == nil && len(found) != 1 {
		err = fmt.Errorf("--lucene %s: %d files are named lucene-core-*.jar there, want one with the jars it needs beside it; docs/bench.md says which", jars, len(found))
	}
	if err != nil {
		return "", &usageError{err}
	}
	java := "java"
	if home := os.Getenv("JAVA_HOME"); home != "" {
		java = filepath.Join(home, "bin", "java")
	}
	path, err := exec.LookPath(java)
	if err != nil {
		return "", &usageError{fmt.Errorf("--lucene needs a Java of version 11 or newer (Lucene 10: 21): %w; set JAVA_HOME to its folder", err)}
	}
	return path, nil
}

// java runs the program and gives what it printed.
func (r *bench) java(ctx context.Context, args ...string) ([]byte, error) {
	java, err := findJava(r.lucene)
	if err != nil {
		return nil, err
	}
	source := r.path("Lucene.java")
	if err := os.WriteFile(source, luceneSource, 0o600); err != nil {
		return nil, err
	}
	flags := []string{"-XX:+UseSerialGC", "-Xmx2g"}
	if exec.CommandContext(ctx, java, "--add-modules", "jdk.incubator.vector", "--version").Run() == nil {
		flags = append(flags, "--add-modules", "jdk.incubator.vector") // with which Lucene decodes faster
	}
	flags = append(flags, "-cp", filepath.Join(r.lucene, "*"), source)
	var out, errs bytes.Buffer
	cmd := exec.CommandContext(ctx, java, append(flags, args...)...) //nolint:gosec // the java of this user, with the jars this user named
	cmd.Stdout, cmd.Stderr = &out, &errs
	err = cmd.Run()
	switch {
	case err == nil:
		return out.Bytes(), nil
	case strings.Contains(errs.String(), "wrong version"):
		return nil, &usageError{fmt.Errorf("--lucene %s: the jars need a newer Java than %s; set JAVA_HOME to the folder of one", r.lucene, java)}
	case strings.Contains(errs.String(), "does not exist"):
		return nil, &usageError{fmt.Errorf("--lucene %s: jars are missing; docs/bench.md says which are needed\n%s", r.lucene, firstLines(errs.String(), 4))}
	}
	return nil, fmt.Errorf("lucene: %w\n%s", err, firstLines(errs.String(), 12))
}

// checkLucene tries whether the program would run.
func (r *bench) checkLucene(ctx context.Context) error {
	_, err := r.java(ctx)
	return err
}

// runLucene indexes the corpus with Lucene and measures the kinds there.
func (r *bench) runLucene(ctx context.Context, kinds []benchKind) (*luceneRun, error) {
	dir := r.path("lucene")
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return nil, err
	}
	articles, queries, index := filepath.Join(dir, "articles.jsonl"), filepath.Join(dir, "queries.jsonl"), filepath.Join(dir, "index")
	err := errors.Join(
		writeFile(queries, func(w io.Writer) error { return writeLuceneQueries(w, kinds, r.limit) }),
		writeFile(articles, func(w io.Writer) error { return writeLuceneArticles(ctx, w, r.corpus) }),
	)
	if err != nil {
		return nil, err
	}
	out, err := r.java(ctx, articles, index, queries)
	if err != nil {
		return nil, err
	}
	run, err := readLucene(bytes.NewReader(out))
	if err != nil {
		return nil, fmt.Errorf("lucene: %w", err)
	}
	if run.bytes, err = diskUse(index); err != nil {
		return nil, err
	}
	return run, r.complete("Lucene", run.docs)
}

func writeFile(name string, write func(io.Writer) error) error {
	f, err := os.Create(name)
	if err != nil {
		return err
	}
	w := bufio.NewWriterSize(f, 1<<16)
	return errors.Join(write(w), w.Flush(), f.Close())
}

func writeLuceneArticles(ctx context.Context, w io.Writer, c corpus) error {
	enc := json.NewEncoder(w)
	return c.each(ctx, func(a *dateline.Article) error {
		return enc.Encode(struct {
			ID        string      `json:"id"`
			URL       string      `json:"url"`
			Title     string      `json:"title"`
			Body      string      `json:"body"`
			Published int64       `json:"published"`
			Values    [5][]string `json:"values"`
		}{a.ID, a.URL, a.Title, a.Body, a.Published.Unix(), facetIDs(a)})
	})
}

// luceneQuery is a benchQuery as the program reads it.
type luceneQuery struct {
	Op      string              `json:"op"`
	Words   []string            `json:"words"`
	From    int64               `json:"from,omitempty"`
	To      int64               `json:"to,omitempty"`
	Filters map[string][]string `json:"filters"`
	Facets  bool                `json:"facets"`
	Months  bool                `json:"months"`
	ByDate  bool                `json:"by_date"`
	Page    bool                `json:"page"`
}

func writeLuceneQueries(w io.Writer, kinds []benchKind, limit time.Duration) error {
	var months []int64
	for i := range benchMonths + 1 {
		months = append(months, benchStart.AddDate(0, i, 0).Unix())
	}
	enc := json.NewEncoder(w)
	if err := enc.Encode(map[string]any{"facets": benchFacets, "months": months, "limit_ms": limit.Milliseconds()}); err != nil {
		return err
	}
	for _, k := range kinds {
		var l []luceneQuery
		for _, q := range k.queries {
			x := luceneQuery{Op: q.op, Words: q.words, Filters: q.filters, Facets: q.facets, Months: q.months, ByDate: q.byDate, Page: q.page}
			if !q.to.IsZero() {
				x.From, x.To = q.from.Unix(), q.to.Unix()
			}
			l = append(l, x)
		}
		if err := enc.Encode(map[string]any{"kind": k.name, "queries": l}); err != nil {
			return err
		}
	}
	return nil
}

// readLucene reads what the program printed: a line about the index, and one
// for each kind.
func readLucene(in io.Reader) (*luceneRun, error) {
	dec := json.NewDecoder(in)
	var head struct {
		Version string  `json:"version"`
		Docs    int     `json:"docs"`
		CPU     float64 `json:"cpu_seconds"`
	}
	if err := dec.Decode(&head); err != nil {
		return nil, fmt.Errorf("what it printed of its index: %w", err)
	}
	run := &luceneRun{version: head.Version, docs: head.Docs, cpu: head.CPU, kinds: map[string]*luceneKind{}}
	for {
		var k struct {
			Kind string `json:"kind"`
			luceneKind
		}
		err := dec.Decode(&k)
		if errors.Is(err, io.EOF) {
			return run, nil
		}
		if err != nil {
			return nil, fmt.Errorf("what it printed of its searches: %w", err)
		}
		run.kinds[k.Kind] = &k.luceneKind
	}
}

// addLucene measures Lucene and puts it beside the others.
func (r *bench) addLucene(ctx context.Context, rep *searchReport) error {
	r.say("measuring Lucene")
	run, err := r.runLucene(ctx, r.kinds)
	if err != nil {
		return err
	}
	peer := peerTotal{Name: "Lucene " + run.version}
	for i, k := range r.kinds {
		l := run.kinds[k.name]
		if l == nil || len(l.Totals) != len(k.queries) {
			return fmt.Errorf("lucene: no answers for %q", k.name)
		}
		for j, n := range l.Totals {
			if err := r.compare(&peer, k.queries[j], n, r.truth[i][j].total); err != nil {
				return err
			}
		}
		row := &rep.Rows[i]
		row.Lucene = &l.cost
		if row.Dateline.P50 > 0 {
			row.PerLucene = l.P50 / row.Dateline.P50
		}
	}
	rep.Peers = append(rep.Peers, peer)
	return nil
}

// indexLucene adds Lucene's row to the report of bench index.
func (r *bench) indexLucene(ctx context.Context, rep *indexReport) error {
	r.say("building Lucene's")
	run, err := r.runLucene(ctx, nil)
	if err != nil {
		return err
	}
	rep.Rows = append(rep.Rows, indexRow{
		What: "Lucene " + run.version, CPU: run.cpu, PerSecond: float64(run.docs) / run.cpu,
		Bytes: run.bytes, Ratio: float64(run.bytes) / float64(rep.Raw),
	})
	return nil
}

// firstLines is the beginning of what a program complained.
func firstLines(s string, n int) string {
	l := strings.Split(strings.TrimSpace(s), "\n")
	return strings.Join(l[:min(len(l), n)], "\n")
}
