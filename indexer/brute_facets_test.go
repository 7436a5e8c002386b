package indexer

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"dateline"
)

func (w *world) checkFacets(q dateline.Query, r *dateline.Results, base []*truth) error {
	if len(r.Facets) != len(q.Facets) {
		return fmt.Errorf("%d facets, want %v", len(r.Facets), q.Facets)
	}
	for _, f := range q.Facets {
		got := r.Facets[f]
		counts, names := w.facet(base, q, f)
		var want []dateline.FacetValue
		for id, n := range counts {
			if !prefixed(id, names[id], q.FacetPrefix) {
				continue
			}
			want = append(want, dateline.FacetValue{ID: id, Name: names[id], Count: n})
		}
		best := func(a, b dateline.FacetValue) int {
			return cmp.Or(cmp.Compare(b.Count, a.Count), strings.Compare(a.ID, b.ID))
		}
		slices.SortFunc(want, best)
		all := want
		want = slices.Clone(all[:min(len(all), cmp.Or(q.FacetSize, 20))])
		chosen := func(values []string, id string) bool {
			return slices.ContainsFunc(values, func(v string) bool { return w.means(v, id, names[id]) })
		}
		for _, v := range all[len(want):] {
			if chosen(q.Filters[f], v.ID) || chosen(q.Excludes[f], v.ID) {
				want = append(want, v)
			}
		}
		for i := range want {
			want[i].Selected, want[i].Excluded = chosen(q.Filters[f], want[i].ID), chosen(q.Excludes[f], want[i].ID)
		}
		// A value without a match is listed where it was chosen, by its id or,
		// if no article ever had it, as it was typed.
		var none []dateline.FacetValue
		counted := slices.DeleteFunc(slices.Clone(got), func(v dateline.FacetValue) bool {
			if v.Count == 0 {
				none = append(none, v)
			}
			return v.Count == 0
		})
		if !slices.Equal(counted, want) {
			return fmt.Errorf("facet %s: %v, want %v", f, counted, want)
		}
		for _, v := range none {
			if !v.Selected && !v.Excluded || !prefixed(v.ID, v.Name, q.FacetPrefix) {
				return fmt.Errorf("facet %s lists %v, which has no match and is not chosen", f, v)
			}
		}
		for i, vs := range [][]string{q.Filters[f], q.Excludes[f]} {
			for _, s := range vs {
				if q.FacetPrefix == "" && !slices.ContainsFunc(got, func(v dateline.FacetValue) bool {
					return w.means(s, v.ID, v.Name) && (i == 0 && v.Selected || i == 1 && v.Excluded)
				}) {
					return fmt.Errorf("facet %s: %v, which does not list the chosen %q", f, got, s)
				}
			}
		}
	}
	return nil
}

// prefixed tells whether an id begins so, or a name from one of its words on.
func prefixed(id, name, start string) bool {
	start = fold(start)
	return strings.HasPrefix(fold(id), start) || slices.ContainsFunc(analyze(otherLang, name), func(t token) bool {
		return strings.HasPrefix(fold(name[t.start:]), start)
	})
}

// facet counts the values of a field without the filter on it: articles, or
// groups of copies if they are collapsed.
func (w *world) facet(base []*truth, q dateline.Query, f string) (counts map[string]int, names map[string]string) {
	counts, names = map[string]int{}, map[string]string{}
	seen := map[string]bool{}
	for _, t := range w.filter(base, q, f) {
		for id, name := range t.vals[f] {
			key := fmt.Sprint(t.group, " ", id)
			if q.Copies == dateline.CopiesCollapse && seen[key] {
				continue
			}
			seen[key] = true
			counts[id]++
			names[id] = name
		}
	}
	return counts, names
}
