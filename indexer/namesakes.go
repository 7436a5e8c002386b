package indexer

import (
	"slices"
	"strings"
	"time"

	"dateline"
)

// namesakeWindow is how far apart in time two articles of a story may be for a
// surname in one to mean whom the other names in full.
const namesakeWindow = 14 * 24 * time.Hour

// namesakes lets a surname that an article does not explain ("Mr. Rudd") mean
// the one person with that surname whom indexed articles of the same stories
// name in full around that time. Where there are two, or none, it stays what
// it is; so it does outside of stories. Full names never depend on this, so
// that Reindex decides all surnames alike, whatever came first.
func (x *Index) namesakes(a *dateline.Article) {
	if x.o.Recognizer == nil || len(a.Stories) == 0 || a.Published.IsZero() {
		return
	}
	var story bitset
	var v *view
	changed := false
	for i := range a.Entities {
		e := &a.Entities[i]
		if e.Type != dateline.Person || strings.ContainsAny(e.Name, " ·") || givenName(a, e.ID) {
			continue
		}
		if _, known := x.o.Recognizer.Lookup(e.Name, e.Type); known {
			continue
		}
		if v == nil {
			var err error
			if v, err = x.view(); err != nil {
				return // nothing is indexed yet
			}
			defer v.release()
			story = x.valuesSet(v, dateline.FieldStory, a.Stories)
		}
		full, ok := x.namesake(v, story, a.Published, e.Name)
		if !ok {
			continue
		}
		for k := range a.Mentions {
			if m := &a.Mentions[k]; m.EntityID == e.ID && m.Type == e.Type {
				m.EntityID, m.Name = full.ID, full.Name
			}
		}
		e.ID, e.Name, changed = full.ID, full.Name, true
	}
	if changed {
		a.Entities = joinCounts(a.Entities)
		a.Quotes = findQuotes(a.Body, a.Mentions)
	}
}

// namesake gives the one person of a story whose last name it is around a time.
func (x *Index) namesake(v *view, story bitset, at time.Time, surname string) (dateline.Entity, bool) {
	want := analyze(otherLang, surname)
	if len(want) != 1 {
		return dateline.Entity{}, false
	}
	key := fold(surname)
	from, to := at.Add(-namesakeWindow).Unix(), at.Add(namesakeWindow).Unix()
	var found []dateline.Entity
	for _, value := range v.gen.names.having(want) {
		f, o := value>>valueBits, value&valueMask
		if fields[f] != dateline.FieldPerson || int(o) >= len(v.values[f]) {
			continue
		}
		fv := v.values[f][o]
		name := x.nameOf(int(f), fv)
		if w := strings.Fields(fold(name)); len(w) < 2 || w[len(w)-1] != key {
			continue
		}
		named := false
		fv.each(v.n, func(d uint32) {
			named = named || story.has(d) && v.pub[d] >= from && v.pub[d] <= to
		})
		if named {
			found = append(found, dateline.Entity{ID: fv.id, Name: name, Type: dateline.Person})
		}
	}
	if len(found) != 1 {
		return dateline.Entity{}, false
	}
	return found[0], true
}

// givenName tells whether an article came with an entity.
func givenName(a *dateline.Article, id string) bool {
	return slices.ContainsFunc(a.Given, func(g dateline.Entity) bool { return g.ID == id || dateline.Slug(g.Name) == id })
}

// joinCounts adds up the counts of an entity that is listed twice, the most
// frequent first.
func joinCounts(l []dateline.EntityCount) []dateline.EntityCount {
	at := map[string]int{}
	var out []dateline.EntityCount
	for _, e := range l {
		k := string(e.Type) + "|" + e.ID
		if i, ok := at[k]; ok {
			out[i].Count += e.Count
			continue
		}
		at[k] = len(out)
		out = append(out, e)
	}
	slices.SortFunc(out, mostNamed)
	return out
}
