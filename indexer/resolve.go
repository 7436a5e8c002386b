package indexer

import (
	"slices"
	"strings"

	"dateline"
)

// resolve gives the ids that a value of a field may mean: itself, an alias's
// entity, or a name's owner.
func (x *Index) resolve(field, value string) []string {
	f := fieldIndex(field)
	value = strings.TrimSpace(value)
	if f < 0 || value == "" {
		return nil
	}
	d := &x.dicts()[f]
	if _, ok := d.lookup(value); ok {
		return []string{value}
	}
	if f == fieldSaid { // a speaker is a person or an organization
		return slices.Concat(x.resolve(dateline.FieldPerson, value), x.resolve(dateline.FieldOrg, value))
	}
	var out []string
	add := func(ids ...string) {
		for _, id := range ids {
			if id != "" && !slices.Contains(out, id) {
				out = append(out, id)
			}
		}
	}
	key := fold(value)
	if t := entityType(field); t != "" {
		if e, ok := x.known(value); ok && e.Type == t {
			return []string{value}
		}
		if x.o.Recognizer != nil {
			if e, ok := x.o.Recognizer.Lookup(value, t); ok {
				add(e.ID)
			}
		}
	}
	add(d.named(key)...)
	switch field {
	case dateline.FieldOutlet:
		for id, o := range x.outlets {
			if o.Name != "" && fold(o.Name) == key || fold(id) == key {
				add(id)
			}
		}
	case dateline.FieldStory:
		for _, s := range x.o.Stories {
			if fold(s.Title) == key || fold(s.ID) == key {
				add(s.ID)
			}
		}
	}
	for _, id := range []string{dateline.Slug(value), strings.ToLower(value)} {
		if _, ok := d.lookup(id); ok || len(out) == 0 {
			add(id)
		}
	}
	return out
}

// described tells whether more is known of an entity than a name and a type,
// which the columns have. Most have no more, and are kept there only.
func described(e dateline.Entity) bool { return len(e.Aliases) > 0 || e.Wikidata != "" }

// entity gives what is known of an entity of a field's type.
func (x *Index) entity(f int, id string) (dateline.Entity, bool) {
	if e, ok := x.known(id); ok {
		return e, true
	}
	v, err := x.view()
	if err != nil {
		return dateline.Entity{}, false
	}
	defer v.release()
	o, ok := v.dicts[f].lookup(id)
	if !ok || int(o) >= len(v.values[f]) {
		return dateline.Entity{}, false
	}
	return dateline.Entity{ID: id, Name: v.values[f][o].name, Type: entityType(fields[f])}, true
}

// known gives an entity that is described, by its id.
func (x *Index) known(id string) (dateline.Entity, bool) {
	x.emu.RLock()
	defer x.emu.RUnlock()
	e, ok := x.entities[id]
	return e, ok
}

func (x *Index) nameOf(f int, v *facetValue) string {
	switch fields[f] {
	case dateline.FieldOutlet:
		if o, ok := x.outlets[v.id]; ok && o.Name != "" {
			return o.Name
		}
	case dateline.FieldStory:
		for _, s := range x.o.Stories {
			if s.ID == v.id && s.Title != "" {
				return s.Title
			}
		}
	case dateline.FieldPerson, dateline.FieldOrg, dateline.FieldPlace, dateline.FieldSaid:
		if e, ok := x.known(v.id); ok && e.Name != "" {
			return e.Name
		}
	}
	return v.name
}

// valuesSet gives the live articles that have any of the values.
func (x *Index) valuesSet(v *view, field string, values []string) bitset {
	out := v.none()
	f := fieldIndex(field)
	if f < 0 {
		return out
	}
	for _, s := range values {
		for _, id := range x.resolve(field, s) {
			o, ok := v.dicts[f].lookup(id)
			if !ok || int(o) >= len(v.values[f]) {
				continue
			}
			v.values[f][o].each(v.n, out.set)
		}
	}
	out.and(v.live)
	return out
}
