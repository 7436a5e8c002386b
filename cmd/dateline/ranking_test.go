package main

import (
	"bytes"
	"flag"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"dateline"
	"dateline/crawler/crawltest"
	"dateline/indexer"
	"dateline/indexer/entity"
)

var update = flag.Bool("update", false, "write the golden files anew")

// judged is a query with the articles that should be found: 2 is for those
// that should be on top, 1 for others that are relevant.
type judged struct {
	kind, query string
	grades      map[string]int // by outlet/slug
}

func readJudged(t *testing.T, path string) []judged {
	t.Helper()
	b, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	groups := map[string][]string{}
	var out []judged
	for l := range strings.Lines(string(b)) {
		f := strings.Split(strings.TrimRight(l, "\n"), "\t")
		switch {
		case l[0] == '#':
			continue
		case l[0] == '@':
			groups[f[0]] = strings.Fields(f[1])
			continue
		case len(f) < 3 || len(f) > 4:
			t.Fatalf("%s: %q has %d columns", path, l, len(f))
		}
		j := judged{f[0], f[1], map[string]int{}}
		for i, list := range f[2:] {
			for _, a := range strings.Fields(list) {
				names := []string{a}
				if a[0] == '@' {
					names = groups[a]
				}
				for _, n := range names {
					j.grades[n] = max(j.grades[n], 2-i)
				}
			}
		}
		out = append(out, j)
	}
	return out
}

// quality is how well queries are answered.
type quality struct {
	recall5, recall20 float64 // of what is relevant, or of what can be on the page
	mrr, ndcg         float64
	n                 float64
}

func (q *quality) add(r quality) {
	q.recall5, q.recall20, q.mrr, q.ndcg, q.n = q.recall5+r.recall5, q.recall20+r.recall20, q.mrr+r.mrr, q.ndcg+r.ndcg, q.n+r.n
}

func (q quality) String() string {
	return fmt.Sprintf("%.3f  %.3f  %.3f  %.3f", q.recall5/q.n, q.recall20/q.n, q.mrr/q.n, q.ndcg/q.n)
}

func assess(ranked []string, grades map[string]int) quality {
	q := quality{n: 1}
	var ideal []int
	for _, g := range grades {
		ideal = append(ideal, g)
	}
	slices.Sort(ideal)
	slices.Reverse(ideal)
	var got, best, in5, in20 float64
	for i, a := range ranked {
		g := grades[a]
		if g == 0 {
			continue
		}
		if q.mrr == 0 {
			q.mrr = 1 / float64(i+1)
		}
		if i < 5 {
			in5++
		}
		if i < 10 {
			got += float64(g) / math.Log2(float64(i)+2)
		}
		in20++
	}
	for i, g := range ideal[:min(10, len(ideal))] {
		best += float64(g) / math.Log2(float64(i)+2)
	}
	q.recall5, q.recall20 = in5/float64(min(5, len(ideal))), in20/float64(min(20, len(ideal)))
	q.ndcg = got / best
	return q
}

// newsroomIndex has all articles of the demo, those that its story is not
// about included, with the entities that the built-in configuration knows.
func newsroomIndex(t *testing.T) (*indexer.Index, map[string]string) {
	t.Helper()
	room, err := crawltest.StartNewsroom(crawltest.WithoutHostile())
	if err != nil {
		t.Fatal(err)
	}
	defer room.Close()
	cfg, err := decodeConfig("built-in config.yaml", dateline.DefaultConfig)
	if err != nil {
		t.Fatal(err)
	}
	demoConfig(cfg, room)
	x, err := indexer.Open(t.TempDir(), indexer.Options{Stories: stories(cfg), Outlets: cfg.Outlets, Recognizer: entity.New(knownEntities(cfg)), KeepAll: true, Recency: cfg.Indexer.Recency})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { x.Close() })
	names := map[string]string{} // id -> outlet/slug
	var as []*dateline.Article
	for _, a := range room.Articles() {
		d := &dateline.Article{
			ID: dateline.ArticleID(a.URL), URL: a.URL, Title: a.Title, Authors: []string{a.Author}, Published: a.Published, Modified: a.Modified,
			Outlet: dateline.Outlet{ID: a.Outlet}, Lang: a.Language, Body: a.Text(), Section: a.Section,
		}
		as = append(as, d)
		names[d.ID] = strings.TrimSuffix(a.Outlet, ".example") + "/" + filepath.Base(a.URL)
	}
	if _, err := x.AddBatch(t.Context(), as, nil); err != nil {
		t.Fatal(err)
	}
	if err := x.Flush(t.Context()); err != nil {
		t.Fatal(err)
	}
	return x, names
}

// TestRanking answers the judged queries as the search page does and compares
// how well with the golden file, so that whoever changes the ranking, the
// analysis or the recognition sees the price in the diff. After a look at it:
//
//	go test ./cmd/dateline -run TestRanking -update
func TestRanking(t *testing.T) {
	const dir = "../../indexer/testdata/ranking/"
	x, names := newsroomIndex(t)
	known := map[string]bool{}
	for _, n := range names {
		known[n] = true
	}
	var out bytes.Buffer
	fmt.Fprintf(&out, "# recall@5 and recall@20 of what is relevant, or of 5 and 20 if more is; MRR; nDCG@10\n")
	kinds, relaxed := map[string]*quality{}, map[string]*quality{}
	var order []string
	var all, allRelaxed quality
	for _, j := range readJudged(t, dir+"queries.tsv") {
		for a := range j.grades {
			if !known[a] {
				t.Errorf("%s: the newsroom has no %s", j.query, a)
			}
		}
		root, err := dateline.ParseQuery(j.query)
		if err != nil {
			t.Fatal(j.query, err)
		}
		r, err := x.Search(t.Context(), dateline.Query{Text: j.query, Root: root, Limit: 20, SomeWords: true})
		if err != nil {
			t.Fatal(j.query, err)
		}
		var ranked []string
		for _, h := range r.Hits {
			ranked = append(ranked, names[h.Article.ID])
		}
		q := assess(ranked, j.grades)
		all.add(q)
		if kinds[j.kind] == nil {
			kinds[j.kind], relaxed[j.kind] = &quality{}, &quality{}
			order = append(order, j.kind)
		}
		kinds[j.kind].add(q)
		// The list as a reader sees it: what matches, then what has some of
		// the words.
		if r.SomeWords != nil {
			for _, h := range r.SomeWords.Hits {
				ranked = append(ranked, names[h.Article.ID])
			}
		}
		both := assess(ranked, j.grades)
		relaxed[j.kind].add(both)
		allRelaxed.add(both)
		fmt.Fprintf(&out, "%v  %3d found  %s", q, r.Total, j.query)
		if r.DidYouMean != "" {
			fmt.Fprintf(&out, " (did you mean: %s)", r.DidYouMean)
		}
		fmt.Fprintln(&out)
	}
	fmt.Fprintln(&out)
	for _, k := range order {
		fmt.Fprintf(&out, "%v  %3.0f queries  %s\n", *kinds[k], kinds[k].n, k)
	}
	fmt.Fprintf(&out, "%v  %3.0f queries  all\n", all, all.n)
	fmt.Fprintf(&out, "\n# the same with the articles that have some of the words below the others\n")
	for _, k := range order {
		fmt.Fprintf(&out, "%v  %3.0f queries  %s\n", *relaxed[k], relaxed[k].n, k)
	}
	fmt.Fprintf(&out, "%v  %3.0f queries  all\n", allRelaxed, all.n)
	if *update {
		if err := os.WriteFile(dir+"stats.txt", out.Bytes(), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(dir + "stats.txt")
	if err != nil {
		t.Fatal(err)
	}
	if bytes.Equal(want, out.Bytes()) {
		return
	}
	was, is := strings.Split(string(want), "\n"), strings.Split(out.String(), "\n")
	for i := range max(len(was), len(is)) {
		if i >= len(was) || i >= len(is) || was[i] != is[i] {
			t.Errorf("line %d:\n was %s\n is  %s", i+1, slices.Concat(was, make([]string, len(is)))[i], slices.Concat(is, make([]string, len(was)))[i])
		}
	}
	t.Log("if this is better, or as it must be: go test ./cmd/dateline -run TestRanking -update")
}
