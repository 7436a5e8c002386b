package main

import (
	"bytes"
	"context"
	"encoding/json"
	"os"
	"strings"
	"testing"
	"time"

	"dateline"
)

// TestBenchLucene measures the real one where its jars are: LUCENE_JARS names
// their folder.
func TestBenchLucene(t *testing.T) {
	jars := os.Getenv("LUCENE_JARS")
	if jars == "" {
		t.Skip("LUCENE_JARS names no folder")
	}
	var rep searchReport
	if err := json.Unmarshal(runBench(t, "search", "--docs", "400", "--time", "1ms", "--peers=false", "--kind", "page", "--kind", "chosen", "--lucene", jars, "--json"), &rep); err != nil {
		t.Fatal(err)
	}
	if len(rep.Rows) != 2 || len(rep.Peers) != 1 || rep.Peers[0].Same != rep.Peers[0].Of || rep.Peers[0].Of < 30 {
		t.Errorf("%d rows, %+v", len(rep.Rows), rep.Peers)
	}
	for _, r := range rep.Rows {
		if r.Lucene == nil || r.Lucene.P50 <= 0 || r.Lucene.P50 > r.Lucene.P99 || r.PerLucene <= 0 {
			t.Errorf("%s: %+v", r.Kind, r.Lucene)
		}
	}
	var index indexReport
	if err := json.Unmarshal(runBench(t, "index", "--docs", "400", "--peers=false", "--lucene", jars, "--json"), &index); err != nil {
		t.Fatal(err)
	}
	if l := index.Rows[len(index.Rows)-1]; !strings.HasPrefix(l.What, "Lucene ") || l.PerSecond <= 0 || l.Bytes < index.Text/4 {
		t.Errorf("%+v", l)
	}
}

// TestLuceneFiles: what the Java program reads and prints.
func TestLuceneFiles(t *testing.T) {
	var b bytes.Buffer
	from := time.Date(2023, 1, 1, 0, 0, 0, 0, time.UTC)
	kinds := []benchKind{{"one", []benchQuery{{op: opOr, words: []string{"a", "b"}, from: from, to: from.AddDate(0, 1, 0), filters: map[string][]string{"outlet": {"o"}}, facets: true, page: true}}}}
	if err := writeLuceneQueries(&b, kinds, time.Second); err != nil {
		t.Fatal(err)
	}
	lines := strings.Split(strings.TrimSpace(b.String()), "\n")
	const want = `{"kind":"one","queries":[{"op":"or","words":["a","b"],"from":1672531200,"to":1675209600,"filters":{"outlet":["o"]},"facets":true,"months":false,"by_date":false,"page":true}]}`
	if len(lines) != 2 || !strings.HasPrefix(lines[0], `{"facets":["outlet","section",`) || !strings.HasSuffix(lines[0], `1751328000]}`) || lines[1] != want {
		t.Errorf("%s", b.String())
	}
	b.Reset()
	if err := writeLuceneArticles(t.Context(), &b, oneArticle{}); err != nil {
		t.Fatal(err)
	}
	const article = `{"id":"i","url":"u","title":"T \u003c \"x\"","body":"B\n","published":5,"values":[["o"],["world-news"],["q"],null,null]}` + "\n"
	if b.String() != article {
		t.Errorf("got  %swant %s", b.String(), article)
	}
	run, err := readLucene(strings.NewReader(`{"version":"9.9.9","docs":3,"cpu_seconds":0.5}
{"kind":"one","samples":7,"p50":1,"p95":2,"p99":3,"totals":[4]}
`))
	if err != nil || run.version != "9.9.9" || run.docs != 3 || run.cpu != .5 || len(run.kinds) != 1 {
		t.Fatalf("%+v, %v", run, err)
	}
	if k := run.kinds["one"]; k.P50 != 1 || k.P95 != 2 || k.P99 != 3 || k.Samples != 7 || len(k.Totals) != 1 || k.Totals[0] != 4 {
		t.Errorf("%+v", k)
	}
	for _, in := range []string{"", "Exception in thread", `{"version":"9"} Exception`} {
		if _, err := readLucene(strings.NewReader(in)); err == nil {
			t.Errorf("%q is taken", in)
		}
	}
}

type oneArticle struct{}

func (oneArticle) each(_ context.Context, fn func(*dateline.Article) error) error {
	return fn(&dateline.Article{
		ID: "i", URL: "u", Title: `T < "x"`, Body: "B\n", Published: time.Unix(5, 0), Outlet: dateline.Outlet{ID: "o"}, Section: "World News",
		Given: []dateline.Entity{{Name: "Q", Type: dateline.Place}},
	})
}

func (oneArticle) String() string { return "one article" }

func TestFindJava(t *testing.T) {
	dir := t.TempDir()
	if _, err := findJava(dir); err == nil || !strings.Contains(err.Error(), "lucene-core-*.jar") {
		t.Errorf("an empty folder: %v", err)
	}
	if err := os.WriteFile(dir+"/lucene-core-9.9.9.jar", nil, 0o600); err != nil {
		t.Fatal(err)
	}
	t.Setenv("JAVA_HOME", dir)
	if _, err := findJava(dir); err == nil || !strings.Contains(err.Error(), "set JAVA_HOME") {
		t.Errorf("no java: %v", err)
	}
}
