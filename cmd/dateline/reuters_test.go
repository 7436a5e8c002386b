package main

import (
	"compress/gzip"
	"encoding/json"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"dateline"
	"dateline/indexer"
	"dateline/indexer/entity"
)

// TestImportReuters imports a whole collection and counts its facets again
// from the file: the two must be equal, value by value.
func TestImportReuters(t *testing.T) {
	file, err := filepath.Abs("../../../shared/data/reuters21578/reuters21578.jsonl.gz")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(file); err != nil {
		t.Skip("the Reuters collection is not here: ", err)
	}
	// Built anew, so that the race detector does not make it ten times slower.
	bin := filepath.Join(t.TempDir(), "dateline")
	if out, err := exec.CommandContext(t.Context(), "go", "build", "-o", bin, ".").CombinedOutput(); err != nil {
		t.Fatalf("build: %v\n%s", err, out)
	}
	dir := t.TempDir()
	imp := exec.CommandContext(t.Context(), bin, "import", "--all", "--given-entities-only", "--data", dir, file)
	imp.Dir = dir
	out, err := imp.CombinedOutput()
	if err != nil || !strings.Contains(string(out), "21578 new or changed") {
		t.Fatalf("import: %v\n%s", err, out)
	}

	cfg, err := decodeConfig("config.yaml", dateline.DefaultConfig)
	if err != nil {
		t.Fatal(err)
	}
	rec := entity.New(knownEntities(cfg))
	want := reutersCounts(t, file, rec)

	idx, err := indexer.Open(dir, indexer.Options{Stories: stories(cfg), Outlets: cfg.Outlets, Recognizer: rec, KeepAll: true, GivenOnly: true})
	if err != nil {
		t.Fatal(err)
	}
	defer idx.Close()
	r, err := idx.Search(t.Context(), dateline.Query{Facets: []string{dateline.FieldPerson, dateline.FieldOrg, dateline.FieldPlace}, FacetSize: 1000})
	if err != nil {
		t.Fatal(err)
	}
	if r.Total != 21578 || r.Undated != 1 {
		t.Errorf("total %d, undated %d, want 21578 and 1", r.Total, r.Undated)
	}
	for name, counts := range want {
		got := map[string]int{}
		for _, v := range r.Facets[name] {
			got[v.ID] = v.Count
		}
		if len(got) != len(counts) || len(counts) < 30 {
			t.Errorf("%s: %d values, want %d", name, len(got), len(counts))
		}
		for id, n := range counts {
			if got[id] != n {
				t.Errorf("%s %s: %d articles, want %d", name, id, got[id], n)
			}
		}
	}
}

// reutersCounts counts the articles per entity over the file itself.
func reutersCounts(t *testing.T, name string, rec *entity.Recognizer) map[string]map[string]int {
	t.Helper()
	file, err := os.Open(name)
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	zr, err := gzip.NewReader(file)
	if err != nil {
		t.Fatal(err)
	}
	want := map[string]map[string]int{dateline.FieldPerson: {}, dateline.FieldOrg: {}, dateline.FieldPlace: {}}
	err = eachLine(zr, func(_ int, line []byte) error {
		var doc struct{ People, Orgs, Places []string }
		if err := json.Unmarshal(line, &doc); err != nil {
			return err
		}
		count := func(facet string, typ dateline.EntityType, names []string) {
			ids := map[string]bool{}
			for _, n := range names {
				id := dateline.Slug(n)
				if e, ok := rec.Lookup(n, typ); ok {
					id = e.ID
				}
				ids[id] = true
			}
			for id := range ids {
				want[facet][id]++
			}
		}
		count(dateline.FieldPerson, dateline.Person, doc.People)
		count(dateline.FieldOrg, dateline.Organization, doc.Orgs)
		count(dateline.FieldPlace, dateline.Place, doc.Places)
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return want
}

func TestBadSurroundings(t *testing.T) {
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer ln.Close()
	file := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	for _, tt := range []struct {
		name string
		args []string
		code int
		want string
	}{
		{"taken port", []string{"serve", "--data", dir, "--listen", ln.Addr().String()}, exitFailed, "choose another address with --listen"},
		{"data folder is a file", []string{"stats", "--data", file}, exitFailed, "name another with --data"},
		{"no archive", []string{"reextract", "--data", dir}, exitFailed, "no archive"},
		{"no config", []string{"check", "--config", filepath.Join(dir, "none.yaml")}, exitUsage, "none.yaml"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			var stderr strings.Builder
			code := run(tt.args, strings.NewReader(""), &stderr, &stderr)
			if code != tt.code || !strings.Contains(stderr.String(), tt.want) {
				t.Errorf("exit %d: %s\nwant %d and %q", code, stderr.String(), tt.code, tt.want)
			}
		})
	}
}
