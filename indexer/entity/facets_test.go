package entity

import (
	"bufio"
	"encoding/json"
	"fmt"
	"os"
	"strings"
	"testing"

	"dateline"
)

// facetDoc is a document with the entities that it names.
type facetDoc struct {
	ID, Text string
	Facets   []struct {
		Type, Name string
		Also       []string // other names that count as right
		Aliases    []string // what else the text calls it
		Alt        string   `json:"alt_type"`
	}
}

// facetScore counts the facets of documents, and how many of the other names
// of their entities were found, and found to mean them.
type facetScore struct {
	types                    map[dateline.EntityType]*tally
	aliases, found, resolved int
	wrong                    []string
}

func (s *facetScore) at(typ dateline.EntityType) *tally {
	if s.types[typ] == nil {
		s.types[typ] = &tally{}
	}
	return s.types[typ]
}

var facetTypes = map[string]dateline.EntityType{"PER": dateline.Person, "ORG": dateline.Organization, "LOC": dateline.Place}

// add scores the mentions in a document.
func (s *facetScore) add(x facetDoc, ms []dateline.Mention) {
	gold := map[string]int{}
	for i, g := range x.Facets {
		for _, n := range append([]string{g.Name}, g.Also...) {
			for _, c := range []string{g.Alt, g.Type} {
				if c != "" {
					gold[string(facetTypes[c])+"|"+foldName(n)] = i
				}
			}
		}
	}
	hit, miss := map[int]bool{}, map[string]bool{}
	surface := map[string][]string{}
	for _, m := range ms {
		k := string(m.Type) + "|" + foldName(m.Name)
		surface[foldName(m.Text)] = append(surface[foldName(m.Text)], k)
		if i, ok := gold[k]; ok {
			hit[i] = true
		} else if !miss[k] {
			miss[k] = true
			s.at(m.Type).fp++
			s.wrong = append(s.wrong, fmt.Sprintf("%s: too much: %s %q (%q)", x.ID, m.Type, m.Name, m.Text))
		}
	}
	for i, g := range x.Facets {
		if hit[i] {
			s.at(facetTypes[g.Type]).tp++
		} else {
			s.at(facetTypes[g.Type]).fn++
			s.wrong = append(s.wrong, fmt.Sprintf("%s: missed: %s %q", x.ID, g.Type, g.Name))
		}
		for _, a := range g.Aliases {
			s.aliases++
			keys, ok := surface[foldName(a)], false
			if len(keys) > 0 {
				s.found++
			}
			for _, k := range keys {
				j, known := gold[k]
				ok = ok || known && j == i
			}
			if ok {
				s.resolved++
			} else {
				s.wrong = append(s.wrong, fmt.Sprintf("%s: %q means %q, got %v", x.ID, a, g.Name, keys))
			}
		}
	}
}

// TestFacets asserts the F1 of document-level entities, and the share of other
// names resolved, over floors measured on the development set.
func TestFacets(t *testing.T) {
	f, err := os.Open("../../../shared/data/entities/facets_dev.jsonl")
	if err != nil {
		t.Skip("development set of facets is missing: ", err)
	}
	defer f.Close()
	r := shippedOnly()
	s := facetScore{types: map[dateline.EntityType]*tally{}}
	sc := bufio.NewScanner(f)
	sc.Buffer(nil, 16<<20)
	for sc.Scan() {
		var x facetDoc
		if err := json.Unmarshal(sc.Bytes(), &x); err != nil {
			t.Fatal(err)
		}
		ms := r.RecognizeText(x.Text)
		check(t, "", x.Text, ms)
		s.add(x, ms)
	}
	if err := sc.Err(); err != nil {
		t.Fatal(err)
	}
	all := tally{}
	for typ, n := range s.types {
		t.Logf("%-12s facet F1 %.1f (right %d, wrong %d, missed %d)", typ, n.f1(), n.tp, n.fp, n.fn)
		all.tp, all.fp, all.fn = all.tp+n.tp, all.fp+n.fp, all.fn+n.fn
	}
	share := 100 * float64(s.resolved) / float64(s.aliases)
	t.Logf("facet F1 %.1f (right %d, wrong %d, missed %d)", all.f1(), all.tp, all.fp, all.fn)
	t.Logf("other names: %d, found %d, resolved %d: %.1f%% of all", s.aliases, s.found, s.resolved, share)
	if all.f1() < 92 {
		t.Errorf("facet F1 %.1f is below 92", all.f1())
	}
	if share < 91 {
		t.Errorf("%.1f%% of other names resolved, which is below 91", share)
	}
	if t.Failed() || testing.Verbose() {
		t.Log(strings.Join(s.wrong, "\n"))
	}
}
