package entity

import (
	"bufio"
	"encoding/json"
	"os"
	"testing"

	"dateline"
)

// TestFacets asserts the F1 of document-level entities over a floor measured
// on the development set.
func TestFacets(t *testing.T) {
	f, err := os.Open("../../../shared/data/entities/facets_dev.jsonl")
	if err != nil {
		t.Skip("development set of facets is missing: ", err)
	}
	defer f.Close()
	const floor = 89.5
	codes := map[string]dateline.EntityType{"PER": dateline.Person, "ORG": dateline.Organization, "LOC": dateline.Place}
	r := New(nil)
	var tp, fp, fn int
	sc := bufio.NewScanner(f)
	sc.Buffer(nil, 16<<20)
	for sc.Scan() {
		var x struct {
			ID, Text string
			Facets   []struct {
				Type, Name string
				Also       []string
				Alt        string `json:"alt_type"`
			}
		}
		if err := json.Unmarshal(sc.Bytes(), &x); err != nil {
			t.Fatal(err)
		}
		ms := r.RecognizeText(x.Text)
		check(t, "", x.Text, ms)
		gold := map[string]int{}
		for i, g := range x.Facets {
			for _, n := range append([]string{g.Name}, g.Also...) {
				for _, c := range []string{g.Alt, g.Type} {
					if c != "" {
						gold[string(codes[c])+"|"+foldName(n)] = i
					}
				}
			}
		}
		hit, wrong := map[int]bool{}, map[string]bool{}
		for _, m := range ms {
			k := string(m.Type) + "|" + foldName(m.Name)
			if i, ok := gold[k]; ok {
				hit[i] = true
			} else {
				wrong[k] = true
			}
		}
		tp += len(hit)
		fn += len(x.Facets) - len(hit)
		fp += len(wrong)
	}
	f1 := 200 * float64(tp) / float64(2*tp+fp+fn)
	t.Logf("facet F1 %.1f (right %d, wrong %d, missed %d)", f1, tp, fp, fn)
	if f1 < floor {
		t.Errorf("facet F1 %.1f is below %.1f", f1, floor)
	}
}
