package indexer

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"dateline"
)

// The floors of TestRelevance: what the ranking reached when they were set,
// less a thousandth. Lucene's BM25 has .359 and .295 there.
const (
	floorNDCG = 0.395
	floorMAP  = 0.331
)

// collection is a test collection of the kind that TREC uses.
type collection struct {
	docs    []*dateline.Article
	number  map[string]string // article id -> the collection's id
	queries [][2]string       // id, text
	grades  map[string]map[string]int
}

// loadCollection reads docs.jsonl, queries.tsv and qrels.txt in a folder.
func loadCollection(t *testing.T, dir string) *collection {
	t.Helper()
	c := &collection{number: map[string]string{}, grades: map[string]map[string]int{}}
	lines := func(name string, fn func(string) error) {
		f, err := os.Open(filepath.Join(dir, name))
		if err != nil {
			t.Fatal(err)
		}
		defer f.Close()
		s := bufio.NewScanner(f)
		s.Buffer(nil, 1<<24)
		for s.Scan() {
			if err := fn(s.Text()); err != nil {
				t.Fatal(name, err)
			}
		}
		if err := s.Err(); err != nil {
			t.Fatal(name, err)
		}
	}
	lines("docs.jsonl", func(l string) error {
		var d struct{ ID, Title, Body string }
		err := json.Unmarshal([]byte(l), &d)
		u := "https://cranfield.example/" + d.ID
		a := &dateline.Article{
			ID: dateline.ArticleID(u), URL: u, Title: d.Title, Body: d.Body, Lang: "en",
			Outlet: dateline.Outlet{ID: "cranfield.example"}, Published: time.Date(1960, 1, 1, 0, 0, 0, 0, time.UTC),
		}
		c.docs = append(c.docs, a)
		c.number[a.ID] = d.ID
		return err
	})
	lines("queries.tsv", func(l string) error {
		id, text, ok := strings.Cut(l, "\t")
		if !ok {
			return fmt.Errorf("%q has no tab", l)
		}
		c.queries = append(c.queries, [2]string{id, text})
		return nil
	})
	lines("qrels.txt", func(l string) error {
		var q, zero, d string
		var g int
		_, err := fmt.Sscan(l, &q, &zero, &d, &g)
		if c.grades[q] == nil {
			c.grades[q] = map[string]int{}
		}
		c.grades[q][d] = g
		return err
	})
	return c
}

// anyOf is a free text as a query: what has more of its words, and rarer ones,
// comes first. A word that is written twice counts twice.
func anyOf(text string) dateline.Node {
	or := &dateline.Or{}
	for _, t := range analyze(otherLang, text) {
		or.Nodes = append(or.Nodes, &dateline.Term{Text: t.word})
	}
	if len(or.Nodes) == 1 {
		return or.Nodes[0]
	}
	return or
}

// ndcg10 and averagePrecision are trec_eval's ndcg_cut_10, with the grade as
// its gain, and map.
func ndcg10(ranked []string, grades map[string]int) float64 {
	var ideal []int
	for _, g := range grades {
		ideal = append(ideal, g)
	}
	slices.Sort(ideal)
	slices.Reverse(ideal)
	got, best := 0.0, 0.0
	for i := range 10 {
		if i < len(ranked) {
			got += float64(grades[ranked[i]]) / math.Log2(float64(i)+2)
		}
		if i < len(ideal) {
			best += float64(ideal[i]) / math.Log2(float64(i)+2)
		}
	}
	if best == 0 {
		return 0
	}
	return got / best
}

func averagePrecision(ranked []string, grades map[string]int) float64 {
	relevant, hits, sum := 0, 0, 0.0
	for _, g := range grades {
		if g > 0 {
			relevant++
		}
	}
	for i, d := range ranked {
		if grades[d] > 0 {
			hits++
			sum += float64(hits) / float64(i+1)
		}
	}
	return sum / float64(max(1, relevant))
}

// rank gives the ids of the best matches as Search orders them by relevance,
// without reading and marking their texts.
func rank(ctx context.Context, x *Index, root dateline.Node, n int) ([]string, error) {
	v, err := x.view()
	if err != nil {
		return nil, err
	}
	defer v.release()
	r, done := newRun(ctx, x, v, true)
	defer done()
	r.rank(root)
	set, err := r.eval(root, true)
	if err == nil {
		r.score(set, 0)
		err = r.near(set)
	}
	if err != nil {
		return nil, err
	}
	p := pager{v: v, order: dateline.SortRelevance, scores: r.scores, stats: r.stats}
	ords, _ := p.page(set, n)
	ids := make([]string, len(ords))
	for i, o := range ords {
		ids[i] = v.id(o)
	}
	return ids, nil
}

// measure runs the judged queries and gives the means of both.
func (c *collection) measure(t *testing.T, x *Index) (ndcg, ap float64) {
	t.Helper()
	n := 0.0
	for _, q := range c.queries {
		judged := false
		for _, g := range c.grades[q[0]] {
			judged = judged || g > 0
		}
		if !judged {
			continue
		}
		n++
		ranked, err := rank(t.Context(), x, anyOf(q[1]), 1000)
		if err != nil {
			t.Fatal(q, err)
		}
		for i, id := range ranked {
			ranked[i] = c.number[id]
		}
		ndcg += ndcg10(ranked, c.grades[q[0]])
		ap += averagePrecision(ranked, c.grades[q[0]])
	}
	return ndcg / n, ap / n
}

// TestRelevance measures the ranking on Cranfield, on which alone it is tuned.
// The collection may not be given away, so it is beside the repository, if at
// all.
func TestRelevance(t *testing.T) {
	dir := "../../shared/data/ir/cranfield"
	if _, err := os.Stat(dir); err != nil {
		t.Skip("no test collection at ", dir)
	}
	c := loadCollection(t, dir)
	x := open(t, t.TempDir())
	add(t, x, c.docs...)
	ndcg, ap := c.measure(t, x)
	t.Logf("nDCG@10 %.4f, MAP %.4f", ndcg, ap)
	if ndcg < floorNDCG || ap < floorMAP {
		t.Errorf("nDCG@10 %.4f and MAP %.4f, want at least %.3f and %.3f", ndcg, ap, floorNDCG, floorMAP)
	}
}
