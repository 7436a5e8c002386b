package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"runtime"
	"time"

	"dateline"
)

// indexReport is the JSON of `dateline bench index --json`.
type indexReport struct {
	Corpus  string     `json:"corpus"`
	Docs    int        `json:"docs"`
	Raw     int64      `json:"raw_bytes"`  // of the articles as lines of a file to import
	Text    int64      `json:"text_bytes"` // of titles and bodies alone
	Rows    []indexRow `json:"rows"`
	Checked int        `json:"checked"` // answers of Dateline that were compared with reading all
}

type indexRow struct {
	What      string  `json:"what"`
	CPU       float64 `json:"cpu_seconds"`
	PerSecond float64 `json:"docs_per_cpu_second"`
	Bytes     int64   `json:"bytes"`
	Ratio     float64 `json:"raw_ratio"`           // of bytes to raw bytes
	Peak      int64   `json:"peak_heap,omitempty"` // above what was there before
	Live      int64   `json:"live_heap,omitempty"` // open, after a collection
}

func (b *benchFlags) index(ctx context.Context, r *bench) (benchReport, error) {
	before := runtime.GOMAXPROCS(1)
	defer runtime.GOMAXPROCS(before)
	rep := &indexReport{Corpus: r.corpus.String(), Docs: r.survey.docs, Raw: r.survey.raw, Text: r.survey.text}
	if err := r.indexOurs(ctx, rep); err != nil {
		return nil, err
	}
	if r.lucene != "" {
		if err := r.indexLucene(ctx, rep); err != nil {
			return nil, err
		}
	}
	if !r.peers {
		return rep, nil
	}
	r.say("building bleve's")
	dir := r.path("bleve")
	row, err := rep.built("bleve", r.survey.cost, func() error { return buildBleve(ctx, dir, r.corpus) })
	if err != nil {
		return nil, err
	}
	bl, err := openBleve(ctx, dir)
	if err != nil {
		return nil, err
	}
	n, err := bl.DocCount()
	err = errors.Join(err, bl.Close(), r.complete("bleve", int(n)))
	if err == nil {
		err = rep.sized(row, dir)
	}
	if err != nil {
		return nil, err
	}
	r.say("building FTS5's")
	file := r.path("fts5.db")
	row, err = rep.built("FTS5 and facet tables", r.survey.cost, func() error { return buildFTS5(ctx, file, r.corpus) })
	if err != nil {
		return nil, err
	}
	row.Peak = 0 // its memory is not on the heap
	ft, err := openFTS5(ctx, file)
	if err != nil {
		return nil, err
	}
	total, err := ft.total("SELECT count(*) FROM docs")
	err = errors.Join(err, ft.Close(), r.complete("FTS5", total))
	if err == nil {
		err = rep.sized(row, file)
	}
	return rep, err
}

func (r *bench) complete(what string, n int) error {
	if n != r.survey.docs {
		return fmt.Errorf("%s has %d articles of %d", what, n, r.survey.docs)
	}
	return nil
}

// built measures the making of something, without what is known to be spent
// on its input.
func (rep *indexReport) built(what string, input time.Duration, build func() error) (*indexRow, error) {
	heap := liveHeap()
	end := peakHeap()
	clock := cpuTime()
	err := build()
	cpu := cpuTime() - clock - input
	row := indexRow{What: what, CPU: cpu.Seconds(), PerSecond: float64(rep.Docs) / cpu.Seconds(), Peak: end() - heap}
	rep.Rows = append(rep.Rows, row)
	return &rep.Rows[len(rep.Rows)-1], err
}

func (rep *indexReport) sized(row *indexRow, paths ...string) error {
	n, err := diskUse(paths...)
	row.Bytes, row.Ratio = n, float64(n)/float64(rep.Raw)
	return err
}

// indexOurs measures the import in all, and the index alone: it is made again
// from the store, and what it costs to read that is taken off.
func (r *bench) indexOurs(ctx context.Context, rep *indexReport) error {
	r.say("importing")
	dir := r.path("dateline")
	all, err := rep.built("dateline, import in all", r.survey.cost, func() error { return buildOurs(ctx, dir, r.corpus) })
	if err != nil {
		return err
	}
	store, index, err := oursSizes(dir)
	if err != nil {
		return err
	}
	all.Bytes, all.Ratio = store+index, float64(store+index)/float64(rep.Raw)
	heap := liveHeap()
	o, err := openOurs(ctx, dir)
	if err != nil {
		return err
	}
	if rep.Checked, err = r.check(o); err != nil {
		return errors.Join(err, o.Close())
	}
	all.Live = liveHeap() - heap
	read := cpuTime()
	n := 0
	err = o.Each(ctx, func(*dateline.Article) error { n++; return nil })
	read = cpuTime() - read
	if err = errors.Join(err, o.Close(), r.complete("the store", n)); err != nil {
		return err
	}
	r.say("indexing again")
	if err := os.RemoveAll(r.path("dateline/index")); err != nil {
		return err
	}
	var row *indexRow
	err = r.profiled(func() error {
		row, err = rep.built("dateline, index alone", read, func() error {
			o, err := openOurs(ctx, dir)
			if err != nil {
				return err
			}
			return o.Close()
		})
		return err
	})
	if err != nil {
		return err
	}
	if o, err = openOurs(ctx, dir); err != nil {
		return err
	}
	if _, err = r.check(o); err == nil {
		err = rep.sized(row, r.path("dateline/index"))
	}
	return errors.Join(err, o.Close())
}

func (rep *indexReport) print(out io.Writer) error {
	const mib = 1 << 20
	fmt.Fprintf(out, "%s: %.1f MiB of JSON, %.1f MiB of titles and bodies\n\n", rep.Corpus, float64(rep.Raw)/mib, float64(rep.Text)/mib)
	fmt.Fprintf(out, "%-24s %10s %8s %9s %7s %14s %14s\n", "what", "docs/CPU-s", "CPU s", "MiB", "× raw", "peak heap MiB", "live heap MiB")
	size := func(n int64) string {
		if n <= 0 {
			return ""
		}
		return fmt.Sprintf("%.1f", float64(n)/mib)
	}
	for _, r := range rep.Rows {
		fmt.Fprintf(out, "%-24s %10.0f %8.2f %9s %7.2f %14s %14s\n", r.What, r.PerSecond, r.CPU, size(r.Bytes), r.Ratio, size(r.Peak), size(r.Live))
	}
	_, err := fmt.Fprintf(out, "\n%d answers of Dateline are those of reading every article\n", rep.Checked)
	return err
}
