package main

import (
	"bytes"
	"encoding/json"
	"os"
	"slices"
	"strings"
	"testing"

	"dateline"
	"dateline/crawler/extract"
)

// runBench runs the command and gives its output.
func runBench(t *testing.T, args ...string) []byte {
	t.Helper()
	var out, errs bytes.Buffer
	if code := run(append([]string{"bench"}, args...), strings.NewReader(""), &out, &errs); code != exitDone {
		t.Fatalf("bench %v: exit %d\n%s", args, code, errs.String())
	}
	return out.Bytes()
}

func TestBenchSearch(t *testing.T) {
	var rep searchReport
	if err := json.Unmarshal(runBench(t, "search", "--docs", "400", "--time", "1ms", "--json"), &rep); err != nil {
		t.Fatal(err)
	}
	if rep.Docs != 400 || len(rep.Rows) != 18 || rep.Checked < 300 || rep.Heap <= 0 {
		t.Errorf("%d articles, %d rows, %d answers checked, heap %d", rep.Docs, len(rep.Rows), rep.Checked, rep.Heap)
	}
	for _, r := range rep.Rows {
		if r.Dateline == nil || r.Dateline.P50 <= 0 || r.Dateline.P50 > r.Dateline.P95 || r.Dateline.P95 > r.Dateline.P99 || r.Hits <= 0 && !strings.Contains(r.Kind, "chosen") {
			t.Errorf("%s: %.1f hits, %+v", r.Kind, r.Hits, r.Dateline)
		}
		if r.Bleve == nil || (r.FTS5 == nil) != strings.Contains(r.Kind, "chosen") {
			t.Errorf("%s: bleve %v, FTS5 %v", r.Kind, r.Bleve, r.FTS5)
		}
	}
	for _, p := range rep.Peers {
		if p.Same != p.Of || p.Of < 30 {
			t.Errorf("%s: %d of %d totals are Dateline's: %s", p.Name, p.Same, p.Of, p.Other)
		}
	}
	table := string(runBench(t, "search", "--docs", "400", "--time", "1ms", "--peers=false", "--kind", "page"))
	if !strings.Contains(table, "\ncoverage page ") || strings.Contains(table, "\nmatch-all") {
		t.Errorf("want the one row asked for:\n%s", table)
	}
}

func TestBenchIndex(t *testing.T) {
	var rep indexReport
	if err := json.Unmarshal(runBench(t, "index", "--docs", "400", "--json"), &rep); err != nil {
		t.Fatal(err)
	}
	if len(rep.Rows) != 4 || rep.Raw <= rep.Text || rep.Checked < 300 {
		t.Errorf("%+v", rep)
	}
	for _, r := range rep.Rows {
		if r.CPU <= 0 || r.Bytes <= 0 || r.Ratio <= 0 {
			t.Errorf("%+v", r)
		}
	}
	if table := string(runBench(t, "index", "--docs", "400", "--peers=false")); !strings.Contains(table, "\ndateline, index alone ") {
		t.Errorf("no row of the index:\n%s", table)
	}
}

func TestBenchEntities(t *testing.T) {
	var rep entityReport
	if err := json.Unmarshal(runBench(t, "entities", "--time", "1ms", "--json"), &rep); err != nil {
		t.Fatal(err)
	}
	if rep.Articles < 3 || rep.Words < wordsOfArticle || rep.Words > 2*wordsOfArticle || len(rep.Rows) != 1 {
		t.Fatalf("%+v", rep)
	}
	if r := rep.Rows[0]; r.Docs < rep.Articles || r.CPU <= 0 || r.Load <= 0 || r.Peak < 1<<20 || r.Names < 10*rep.Articles {
		t.Errorf("%+v", r)
	}
	if table := string(runBench(t, "entities", "--time", "1ms")); !strings.Contains(table, "articles/s") || !strings.Contains(table, "\n") {
		t.Errorf("no table:\n%s", table)
	}
	var out, errs bytes.Buffer
	if code := run([]string{"bench", "entities", "--time", "1ms", "--prose", t.TempDir() + "/none"}, strings.NewReader(""), &out, &errs); code != exitUsage || !strings.Contains(errs.String(), "docs/bench.md") {
		t.Errorf("without the program: exit %d\n%s", code, errs.String())
	}
}

// TestBenchFromFile: a corpus of a file is as long as asked for, and the same
// each time.
func TestBenchFromFile(t *testing.T) {
	file := t.TempDir() + "/a.jsonl"
	var b bytes.Buffer
	err := newInvented(60, 7).each(t.Context(), func(a *dateline.Article) error {
		line, err := importLine(a)
		b.Write(line)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(file, b.Bytes(), 0o600); err != nil {
		t.Fatal(err)
	}
	c, err := newPerturbed(file, 150, 1)
	if err != nil {
		t.Fatal(err)
	}
	read := func() (out []string) {
		if err := c.each(t.Context(), func(a *dateline.Article) error {
			out = append(out, a.ID+a.Published.String()+a.Body)
			return nil
		}); err != nil {
			t.Fatal(err)
		}
		return out
	}
	one, two := read(), read()
	if len(one) != 150 || !slices.Equal(one, two) {
		t.Errorf("%d articles, the same again: %v", len(one), slices.Equal(one, two))
	}
	runBench(t, "search", "--docs", "400", "--time", "1ms", "--from", file, "--kind", "OR 4", "--kind", "page")
}

func TestBenchUsage(t *testing.T) {
	dir := t.TempDir()
	if err := os.WriteFile(dir+"/x", nil, 0o600); err != nil {
		t.Fatal(err)
	}
	for _, args := range [][]string{
		{"bench"},
		{"bench", "search", "--docs", "0"},
		{"bench", "index", "--data", dir},
		{"bench", "search", "--docs", "400", "--kind", "no such"},
		{"bench", "index", "more"},
		{"bench", "index", "--lucene", dir},
	} {
		var out bytes.Buffer
		if code := run(args, strings.NewReader(""), &out, &out); code != exitUsage {
			t.Errorf("%v: exit %d, want %d\n%s", args, code, exitUsage, out.String())
		}
	}
}

// TestBenchCrawl runs all rows but Colly's, which is a module of its own.
func TestBenchCrawl(t *testing.T) {
	var rep crawlReport
	dir := t.TempDir()
	out := mustRun(t, dir, "bench", "crawl", "--outlets", "3", "--per-outlet", "4", "--rounds", "1", "--json")
	if err := json.Unmarshal([]byte(out), &rep); err != nil {
		t.Fatal(err)
	}
	if len(rep.Rows) != 5 {
		t.Fatalf("%d rows: %+v", len(rep.Rows), rep)
	}
	for i, what := range []string{rowParse, rowFetch, rowCrawl, rowStore, rowFull} {
		r := rep.Rows[i]
		if r.What != what || r.Pages != 12 || r.Bytes != rep.Rows[1].Bytes && i > 1 || r.CPU <= 0 || r.Wall <= 0 || r.Resident <= 0 {
			t.Errorf("%+v, want %s of 12 pages", r, what)
		}
	}
	table := mustRun(t, dir, "bench", "crawl", "--outlets", "2", "--per-outlet", "2", "--rounds", "1")
	if !strings.Contains(table, rowFull) || !strings.Contains(table, "2 outlets with 2 pages each") {
		t.Errorf("table:\n%s", table)
	}
}

// TestBenchKnown kills a crawl that knows some thousand addresses.
func TestBenchKnown(t *testing.T) {
	if testing.Short() {
		t.Skip("several processes")
	}
	var rep knownReport
	out := mustRun(t, t.TempDir(), "bench", "crawl", "--outlets", "4", "--urls", "4000", "--restarts", "1", "--crawl", "1s", "--json")
	if err := json.Unmarshal([]byte(out), &rep); err != nil {
		t.Fatal(err)
	}
	if rep.URLs < 4000 || len(rep.First) != 1 || rep.First[0] <= 0 || rep.Resident <= 0 || rep.Filling <= 0 || rep.Frontier <= 0 {
		t.Errorf("%+v", rep)
	}
}

// TestInventedPages are pages of their own at each address that they are
// served at: one that names another as the same page is not crawled beside it,
// and the measurement ends without its pages.
func TestInventedPages(t *testing.T) {
	const at = "http://outlet01.example/a/3"
	for i, b := range inventPages() {
		p, err := extract.Extract(b, "text/html", at)
		if err != nil || p.Article == nil || p.Article.Body == "" {
			t.Fatalf("page %d is no article: %v", i, err)
		}
		if p.Canonical != "" && p.Canonical != at {
			t.Errorf("page %d says that it is %s", i, p.Canonical)
		}
	}
}
