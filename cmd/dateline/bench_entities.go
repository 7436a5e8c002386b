package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"os/exec"
	"runtime"
	"strings"
	"text/tabwriter"
	"time"

	"github.com/spf13/cobra"

	"dateline/crawler/crawltest"
	"dateline/indexer/entity"
)

// entityBench measures the recogniser of entities.
type entityBench struct {
	limit  time.Duration
	from   string
	prose  string
	asJSON bool
}

// entityRun is what was measured of one recogniser.
type entityRun struct {
	Name  string  `json:"name"`
	Load  float64 `json:"load"`  // CPU seconds to the names of the first article, whatever is read for it
	Docs  int     `json:"docs"`  // articles recognised in the time measured
	CPU   float64 `json:"cpu"`   // CPU seconds that they took
	Peak  int64   `json:"peak"`  // bytes of memory at most, beside what the process had before
	Names int     `json:"names"` // in one round over all articles
}

// entityReport is the outcome of `bench entities`.
type entityReport struct {
	Articles int         `json:"articles"`
	Words    int         `json:"words"` // of an article, on average
	Rows     []entityRun `json:"rows"`
}

func newBenchEntities(shared *benchFlags) *cobra.Command {
	var b entityBench
	cmd := &cobra.Command{
		Use: "entities", Short: "Articles recognised per CPU second, start and memory", Args: usageArgs(cobra.NoArgs),
		RunE: func(cmd *cobra.Command, _ []string) error {
			b.from, b.asJSON = shared.from, shared.asJSON
			rep, err := b.run(cmd.Context())
			if err != nil {
				return err
			}
			if b.asJSON {
				return writeJSON(cmd.OutOrStdout(), rep)
			}
			return rep.print(cmd.OutOrStdout())
		},
	}
	cmd.Flags().DurationVar(&b.limit, "time", 2*time.Second, "CPU time to recognise articles for")
	cmd.Flags().StringVar(&b.prose, "prose", "", "measure prose too, by this program made of indexer/entity/peers (docs/bench.md)")
	return cmd
}

// wordsOfArticle is how long the articles are that are recognised.
const wordsOfArticle = 500

// articles gives texts of about 500 words: articles of the file, or English
// ones of the invented newsroom, one after the other.
func (b *entityBench) articles() ([]string, error) {
	var bodies []string
	if b.from != "" {
		c, err := newPerturbed(b.from, 1, 1)
		if err != nil {
			return nil, err
		}
		for _, a := range c.base {
			bodies = append(bodies, a.Title+"\n"+a.Body)
		}
	} else {
		room, err := crawltest.StartNewsroom(crawltest.WithoutHostile())
		if err != nil {
			return nil, err
		}
		defer room.Close()
		for _, a := range room.Articles() {
			if a.Language == "en" {
				bodies = append(bodies, a.Title+"\n"+a.Text())
			}
		}
	}
	var out []string
	var text strings.Builder
	words := 0
	for _, s := range bodies {
		text.WriteString(s + "\n")
		if words += len(strings.Fields(s)); words >= wordsOfArticle {
			out = append(out, text.String())
			text.Reset()
			words = 0
		}
	}
	if len(out) == 0 {
		return nil, fmt.Errorf("%d articles of fewer than %d words in all", len(bodies), wordsOfArticle)
	}
	return out, nil
}

func (b *entityBench) run(ctx context.Context) (*entityReport, error) {
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(1))
	texts, err := b.articles() //nolint:contextcheck // the newsroom listens until it is closed here
	if err != nil {
		return nil, err
	}
	rep := &entityReport{Articles: len(texts)}
	for _, s := range texts {
		rep.Words += len(strings.Fields(s))
	}
	rep.Words /= len(texts)
	rep.Rows = append(rep.Rows, b.ours(texts))
	if b.prose != "" {
		row, err := b.peer(ctx, texts)
		if err != nil {
			return nil, err
		}
		rep.Rows = append(rep.Rows, row)
	}
	return rep, nil
}

// ours measures Dateline in this process, which has recognised nothing before.
func (b *entityBench) ours(texts []string) entityRun {
	r := entityRun{Name: "dateline"}
	before, _ := memory()
	begin := cpuTime()
	rec := entity.New(nil)
	rec.RecognizeText(texts[0])
	r.Load = (cpuTime() - begin).Seconds()
	for _, s := range texts {
		r.Names += len(rec.RecognizeText(s))
	}
	for begin = cpuTime(); r.Docs < len(texts) || cpuTime()-begin < b.limit; r.Docs++ {
		rec.RecognizeText(texts[r.Docs%len(texts)])
	}
	r.CPU = (cpuTime() - begin).Seconds()
	_, most := memory()
	r.Peak = most - before
	return r
}

// peer runs the program that measures prose over the same articles.
func (b *entityBench) peer(ctx context.Context, texts []string) (entityRun, error) {
	var in, out, errs bytes.Buffer
	enc := json.NewEncoder(&in)
	for i, s := range texts {
		if err := enc.Encode(map[string]any{"id": i, "text": s}); err != nil {
			return entityRun{}, err
		}
	}
	cmd := exec.CommandContext(ctx, b.prose, "--time", b.limit.String()) //nolint:gosec // a program that this user named
	cmd.Stdin, cmd.Stdout, cmd.Stderr = &in, &out, &errs
	cmd.Env = append(os.Environ(), "GOMAXPROCS=1")
	var r entityRun
	err := cmd.Run()
	if err == nil {
		err = json.Unmarshal(out.Bytes(), &r)
	}
	if err == nil && (r.Docs < 1 || r.CPU <= 0) {
		err = fmt.Errorf("it reports %d articles in %g s", r.Docs, r.CPU)
	}
	if err != nil {
		return r, &usageError{fmt.Errorf("--prose %s: %w; docs/bench.md says how to build it\n%s", b.prose, err, firstLines(errs.String(), 4))}
	}
	return r, nil
}

func (rep *entityReport) print(w io.Writer) error {
	t := tabwriter.NewWriter(w, 0, 8, 2, ' ', tabwriter.AlignRight)
	fmt.Fprintf(t, "%d articles of %d words\tarticles/s\ttimes\tstart, s\tpeak MiB\tnames\t\n", rep.Articles, rep.Words)
	for _, r := range rep.Rows {
		speed := float64(r.Docs) / r.CPU
		fmt.Fprintf(t, "%s\t%.1f\t%.2f\t%.2f\t%.0f\t%d\t\n", r.Name, speed, speed*rep.Rows[0].CPU/float64(rep.Rows[0].Docs), r.Load, float64(r.Peak)/(1<<20), r.Names)
	}
	return t.Flush()
}
