package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"runtime"
)

// searchReport is the JSON of `dateline bench search --json`.
type searchReport struct {
	Corpus  string      `json:"corpus"`
	Docs    int         `json:"docs"`
	Rows    []searchRow `json:"rows"`
	Checked int         `json:"checked"` // answers of Dateline that were compared with reading all
	Peers   []peerTotal `json:"peers"`
	Heap    int64       `json:"heap_bytes"` // what Dateline's index keeps on the heap
}

// peerTotal tells how many totals of a peer are Dateline's. Prefixes are left
// out, as the stems that they begin differ.
type peerTotal struct {
	Name  string `json:"name"`
	Same  int    `json:"same"`
	Of    int    `json:"of"`
	Other string `json:"other,omitempty"` // the first that is not the same
}

type searchRow struct {
	Kind     string  `json:"kind"`
	Queries  int     `json:"queries"`
	Hits     float64 `json:"hits"` // mean
	Dateline *cost   `json:"dateline"`
	Bleve    *cost   `json:"bleve"`
	FTS5     *cost   `json:"fts5"`
	PerBleve float64 `json:"bleve_ratio,omitempty"` // of the p50: how many times Dateline's
	PerFTS5  float64 `json:"fts5_ratio,omitempty"`

	Lucene    *cost   `json:"lucene,omitempty"`
	PerLucene float64 `json:"lucene_ratio,omitempty"`
}

func (b *benchFlags) search(ctx context.Context, r *bench) (_ benchReport, err error) {
	r.say("building Dateline's index")
	if err := buildOurs(ctx, r.path("dateline"), r.corpus); err != nil {
		return nil, err
	}
	rep := &searchReport{Corpus: r.corpus.String(), Docs: r.survey.docs, Peers: []peerTotal{}}
	heap := liveHeap()
	o, err := openOurs(ctx, r.path("dateline"))
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, o.Close()) }()
	r.say("checking Dateline's answers")
	if rep.Checked, err = r.check(o); err != nil {
		return nil, err
	}
	rep.Heap = liveHeap() - heap
	engines := []benchEngine{o}
	if r.peers {
		peers, err := r.openPeers(ctx)
		for _, p := range peers {
			defer p.Close()
		}
		if err != nil {
			return nil, err
		}
		engines = append(engines, peers...)
		rep.Peers = []peerTotal{{Name: "bleve"}, {Name: "FTS5"}}
	}
	// One thread, so that CPU time is what a user waits for.
	before := runtime.GOMAXPROCS(1)
	defer runtime.GOMAXPROCS(before)
	err = r.profiled(func() error {
		for i, k := range r.kinds {
			r.say("measuring %s", k.name)
			if err := r.row(rep, i, engines); err != nil {
				return fmt.Errorf("%s: %w", k.name, err)
			}
		}
		return nil
	})
	if err == nil && b.lucene != "" {
		err = r.addLucene(ctx, rep)
	}
	return rep, err
}

// openPeers builds the other engines and opens them.
func (r *bench) openPeers(ctx context.Context) ([]benchEngine, error) {
	r.say("building bleve's")
	if err := buildBleve(ctx, r.path("bleve"), r.corpus); err != nil {
		return nil, fmt.Errorf("bleve: %w", err)
	}
	bl, err := openBleve(ctx, r.path("bleve"))
	if err != nil {
		return nil, fmt.Errorf("bleve: %w", err)
	}
	r.say("building FTS5's")
	if err := buildFTS5(ctx, r.path("fts5.db"), r.corpus); err != nil {
		return []benchEngine{bl}, fmt.Errorf("FTS5: %w", err)
	}
	ft, err := openFTS5(ctx, r.path("fts5.db"))
	if err != nil {
		return []benchEngine{bl}, fmt.Errorf("FTS5: %w", err)
	}
	return []benchEngine{bl, ft}, nil
}

// row measures a kind on each engine, one after the other.
func (r *bench) row(rep *searchReport, kind int, engines []benchEngine) error {
	k := r.kinds[kind]
	row := searchRow{Kind: k.name, Queries: len(k.queries)}
	for _, t := range r.truth[kind] {
		row.Hits += float64(t.total) / float64(len(k.queries))
	}
	into := []**cost{&row.Dateline, &row.Bleve, &row.FTS5}
	for e, engine := range engines {
		var run []func() (int, error)
		for _, q := range k.queries {
			if f := engine.prepare(q); f != nil {
				run = append(run, f)
			}
		}
		if len(run) == 0 {
			continue
		}
		seen := make([]bool, len(run))
		c, err := measureQueries(len(run), r.limit, func(i int) error {
			n, err := run[i]()
			if err != nil || seen[i] {
				return err
			}
			seen[i] = true
			if e > 0 {
				return r.compare(&rep.Peers[e-1], k.queries[i], n, r.truth[kind][i].total)
			}
			return nil
		})
		if err != nil {
			return err
		}
		*into[e] = c
	}
	ratio := func(c *cost) float64 {
		if c == nil || row.Dateline.P50 == 0 {
			return 0
		}
		return c.P50 / row.Dateline.P50
	}
	row.PerBleve, row.PerFTS5 = ratio(row.Bleve), ratio(row.FTS5)
	rep.Rows = append(rep.Rows, row)
	return nil
}

// compare counts the totals of peers. In an invented corpus they must be the
// same; texts of a file have words that the engines part in different places.
func (r *bench) compare(p *peerTotal, q benchQuery, got, want int) error {
	if q.op == opPrefix {
		return nil
	}
	p.Of++
	if got == want {
		p.Same++
		return nil
	}
	if p.Other == "" {
		p.Other = fmt.Sprintf("%s of %q: %d, not %d", q.op, q.text(), got, want)
	}
	if _, ok := r.corpus.(*invented); ok {
		return fmt.Errorf("%s finds %d articles for %q, Dateline %d", p.Name, got, q.text(), want)
	}
	return nil
}

func (rep *searchReport) print(out io.Writer) error {
	fmt.Fprintf(out, "%s\nCPU time of one thread in ms; × is p50 as a multiple of Dateline's\n\n", rep.Corpus)
	lucene := len(rep.Rows) > 0 && rep.Rows[0].Lucene != nil
	fmt.Fprintf(out, "%-28s %7s %9s %9s %9s %11s %9s %6s %11s %9s %6s",
		"kind", "hits", "p50", "p95", "p99", "bleve p50", "p99", "×", "FTS5 p50", "p99", "×")
	if lucene {
		fmt.Fprintf(out, " %11s %9s %6s", "Lucene p50", "p99", "×")
	}
	fmt.Fprintln(out)
	for _, r := range rep.Rows {
		fmt.Fprintf(out, "%-28s %7.0f %9.3f %9.3f %9.3f", r.Kind, r.Hits, r.Dateline.P50, r.Dateline.P95, r.Dateline.P99)
		peers := []*cost{r.Bleve, r.FTS5}
		if lucene {
			peers = append(peers, r.Lucene)
		}
		for _, c := range peers {
			if c == nil {
				fmt.Fprintf(out, " %11s %9s %6s", "", "", "")
				continue
			}
			fmt.Fprintf(out, " %11.3f %9.3f %6.1f", c.P50, c.P99, c.P50/r.Dateline.P50)
		}
		fmt.Fprintln(out)
	}
	fmt.Fprintf(out, "\nheap of the open index: %.1f MiB\n", float64(rep.Heap)/(1<<20))
	fmt.Fprintf(out, "%d answers of Dateline are those of reading every article\n", rep.Checked)
	for _, p := range rep.Peers {
		fmt.Fprintf(out, "%s: %d of %d totals are Dateline's", p.Name, p.Same, p.Of)
		if p.Other != "" {
			fmt.Fprintf(out, " (other: %s)", p.Other)
		}
		fmt.Fprintln(out)
	}
	return nil
}
