package crawler

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// TestReasonsAreDocumented finds the reasons in the code and wants each in the
// table that explains them.
func TestReasonsAreDocumented(t *testing.T) {
	doc, err := os.ReadFile(filepath.FromSlash("../docs/crawl.md"))
	if err != nil {
		t.Fatal(err)
	}
	code := regexp.MustCompile(`(?:c\.fail\(t, |failed\(|fetchedFail\(t, |notKept\(t, |reason: )"([a-z0-9_]+)"`)
	files, err := filepath.Glob("*.go")
	if err != nil {
		t.Fatal(err)
	}
	found := map[string]bool{offSite: true, aList: true, whyDead: true, "off_story": true}
	for _, name := range files {
		if strings.HasSuffix(name, "_test.go") {
			continue
		}
		b, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range code.FindAllStringSubmatch(string(b), -1) {
			found[m[1]] = true
		}
	}
	for r := range passing {
		found[r] = true
	}
	for r := range storing {
		found[r] = true
	}
	for r := range lost {
		found[r] = true
	}
	if len(found) < 25 {
		t.Fatalf("%d reasons found", len(found))
	}
	for r := range found {
		if !strings.Contains(string(doc), "`"+r+"`") {
			t.Errorf("%s is not explained", r)
		}
	}
}
