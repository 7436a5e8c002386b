package dateline_test

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"dateline"
)

func read(t *testing.T, name string) string {
	t.Helper()
	b, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

// TestQueriesInDocsParse takes the first column of the table in docs/query.md.
func TestQueriesInDocsParse(t *testing.T) {
	code := regexp.MustCompile("`([^`]+)`")
	n := 0
	for line := range strings.SplitSeq(read(t, "docs/query.md"), "\n") {
		cells := strings.Split(line, "|")
		if len(cells) < 3 || !strings.HasPrefix(line, "| `") {
			continue
		}
		for _, m := range code.FindAllStringSubmatch(cells[1], -1) {
			n++
			if _, err := dateline.ParseQuery(m[1]); err != nil {
				t.Errorf("%s: %v", m[1], err)
			}
		}
	}
	if n < 20 {
		t.Errorf("only %d queries seen", n)
	}
}

// TestPathsInDocsExist looks up every path in backquotes that names a folder
// of this repository, and every link to a file.
func TestPathsInDocsExist(t *testing.T) {
	path := regexp.MustCompile("`((?:api|cmd|crawler|indexer|docs)/[^`*{} ]*|[a-z_]+\\.(?:go|yaml|md))`")
	link := regexp.MustCompile(`\]\(([^):#]+)\)`)
	n := 0
	for _, doc := range []string{"ARCHITECTURE.md", "README.md", "docs/api.md", "docs/embed.md", "docs/decisions.md", "docs/query.md", "docs/bench.md", "docs/crawl.md", "docs/extraction.md"} {
		text := read(t, doc)
		for _, m := range link.FindAllStringSubmatch(text, -1) {
			if _, err := os.Stat(filepath.Join(filepath.Dir(doc), m[1])); err != nil {
				t.Errorf("%s links to %s: %v", doc, m[1], err)
			}
		}
		for _, m := range path.FindAllStringSubmatch(text, -1) {
			n++
			if _, err := os.Stat(m[1]); err != nil {
				t.Errorf("%s names %s: %v", doc, m[1], err)
			}
		}
	}
	if n < 20 {
		t.Errorf("only %d paths seen", n)
	}
}
