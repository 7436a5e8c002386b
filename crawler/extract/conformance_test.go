package extract

import (
	"bufio"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"golang.org/x/net/html/charset"
)

// TestCharsetCases reads pages in many charsets, declared in every way and in
// none. The data is no part of the repository.
func TestCharsetCases(t *testing.T) {
	dir := filepath.FromSlash("../../../shared/data/crawler/charset/")
	f, err := os.Open(filepath.Join(dir, "expected.jsonl"))
	if err != nil {
		if os.Getenv("CI") == "true" {
			t.Fatalf("conformance data missing: %v", err)
		}
		t.Skipf("conformance data missing: %v", err)
	}
	defer f.Close()
	good, all := map[string]int{}, map[string]int{}
	for sc := bufio.NewScanner(f); sc.Scan(); {
		var c struct {
			Name, Encoding, H1, Tier string
			ContentType              string `json:"content_type"`
		}
		if err := json.Unmarshal(sc.Bytes(), &c); err != nil {
			t.Fatal(err)
		}
		b, err := os.ReadFile(filepath.Join(dir, "files", c.Name))
		if err != nil {
			t.Fatal(err)
		}
		text, err := decode(b, c.ContentType)
		if err != nil {
			t.Errorf("%s: %v", c.Name, err)
			continue
		}
		ok := c.H1 != "" && strings.Contains(string(text), c.H1)
		if c.H1 == "" { // the W3C pages say nothing in words: the bytes must come out as the named charset gives them
			c.Tier = "w3c"
			name := strings.TrimSuffix(c.Encoding, "-or-utf-8-sniff")
			enc, _ := charset.Lookup(name)
			if enc == nil {
				t.Fatalf("%s: unknown charset %q", c.Name, name)
			}
			want, err := enc.NewDecoder().Bytes(b)
			if err != nil {
				t.Fatal(err)
			}
			trim := func(s string) string { return strings.TrimPrefix(s, "\ufeff") }
			ok = trim(string(text)) == trim(string(want)) || name != c.Encoding && string(text) == string(b)
		}
		all[c.Tier]++
		if ok {
			good[c.Tier]++
		} else {
			t.Logf("%s (%s)", c.Name, c.Tier)
		}
	}
	for tier, n := range all {
		t.Logf("%s: %d of %d", tier, good[tier], n)
		share := 1.0
		if tier == "sniff" {
			share = 0.9
		}
		if float64(good[tier]) < share*float64(n) {
			t.Errorf("%s: %d of %d pages read as expected, want a share of %v", tier, good[tier], n, share)
		}
	}
	if len(all) < 3 {
		t.Errorf("tiers %v: want must, sniff and w3c", all)
	}
}
