package entity

import (
	"bytes"
	"strings"
	"testing"

	"dateline"
)

// TestLists: the shipped lists have the form that ParseList asks of an own one,
// name nothing twice in a file written by hand, and cover what they are for.
func TestLists(t *testing.T) {
	companies := map[string]bool{}
	count := map[string]int{}
	for _, file := range listFiles {
		b, err := lists.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		ls, err := ParseList(bytes.NewReader(b))
		if err != nil {
			t.Errorf("%s: %v", file, err)
		}
		seen := map[string]int{}
		for _, l := range ls {
			k := string(l.Type) + l.ID
			if n := seen[k]; n > 0 && !bytes.HasPrefix(b, []byte("# Made by")) && !strings.HasSuffix(file, "geography.tsv") {
				t.Errorf("%s:%d: %s is in line %d too", file, l.Line, l.Name, n)
			}
			seen[k] = l.Line
			if l.country != "" && !nations().known[l.country] && !known(l.country) {
				t.Errorf("%s:%d: %s: country %q is none of lists/countries.tsv or places.tsv", file, l.Line, l.Name, l.country)
			}
			if strings.Contains(file, "companies") || strings.Contains(file, "stocks") {
				companies[l.ID] = true
			}
			count[string(l.Type)]++
		}
	}
	if len(companies) < 2000 || count[string(dateline.Person)] < 900 || count[string(dateline.Place)] < 14000 {
		t.Errorf("%d companies, %v, want 2000 companies, 900 people and 14000 places", len(companies), count)
	}
	for _, o := range offices().named {
		for _, x := range o {
			if x.country != "" && !nations().known[x.country] && !known(x.country) {
				t.Errorf("lists/offices.tsv:%d: country %q is none", x.office.line, x.country)
			}
		}
	}
}

// known reports whether a place is in the list of countries and cities.
func known(name string) bool {
	for _, e := range shipped() {
		if e.Type == dateline.Place && e.Name == name {
			return true
		}
	}
	return false
}
