package indexer

import (
	"slices"
	"strings"

	"dateline"
	"dateline/indexer/store"
)

// Meaning gives the ids that a value of a field may mean: itself, an alias's
// entity, or a name's owner.
func (x *Index) Meaning(field, value string) []string { return x.resolve(field, value) }

// resolve gives the ids that a value of a field may mean: itself, an alias's
// entity, or a name's owner; of entities those that admins made of these.
func (x *Index) resolve(field, value string) []string {
	value = strings.TrimSpace(value)
	t, f := entityType(field), fieldIndex(field)
	if value == "" || t == "" && f != fieldSaid {
		return x.resolveFound(field, value)
	}
	o := x.over.Load()
	if f == fieldSaid { // a speaker is a person or an organization
		if x.has(f, value) {
			return []string{value}
		}
		return slices.Compact(slices.Concat(x.resolve(dateline.FieldPerson, value), x.resolve(dateline.FieldOrg, value)))
	}
	if k := (entityKey{Type: t, ID: value}); o.root(k) != k || x.has(f, value) {
		return []string{o.root(k).ID}
	}
	var out []string
	take := func(k entityKey) {
		if k.Type == t && !slices.Contains(out, k.ID) {
			out = append(out, k.ID)
		}
	}
	for _, k := range o.called[store.NameKey(value)] {
		take(k)
	}
	ids, listed := x.called(field, value)
	for _, id := range ids {
		take(o.mention(entityKey{Type: t, ID: id}, value))
	}
	if !listed { // lists know better than texts whom a name means
		for _, k := range x.attestedBy(value) {
			if k.Type == t {
				take(o.mention(k, value))
			}
		}
	}
	if len(out) == 0 {
		return []string{dateline.Slug(value)}
	}
	return out
}

// has tells whether an article has the value with an id.
func (x *Index) has(f int, id string) bool {
	v, err := x.view()
	if err != nil {
		return false
	}
	defer v.release()
	o, ok := v.dicts[f].lookup(id)
	return ok && v.docCount(uint32(f)<<valueBits|o) > 0
}

// maxAttested bounds how many entities a name means because articles name them
// so.
const maxAttested = 50

// attestedBy gives the entities that articles name so, those that most do
// first. Names are a help: a store that cannot be read shows in all else.
func (x *Index) attestedBy(name string) []entityKey {
	l, err := x.st.NamedBy(x.ctx, name, maxAttested)
	if err != nil && x.ctx.Err() == nil {
		x.log.Warn("names were not looked up", "err", err)
	}
	return l
}

// resolveFound is resolve for entities as the recogniser found them in one
// article.
func (x *Index) resolveFound(field, value string) []string {
	f := fieldIndex(field)
	value = strings.TrimSpace(value)
	if f < 0 || value == "" {
		return nil
	}
	if _, ok := x.dicts()[f].lookup(value); ok {
		return []string{value}
	}
	if f == fieldSaid {
		return slices.Concat(x.resolveFound(dateline.FieldPerson, value), x.resolveFound(dateline.FieldOrg, value))
	}
	out, _ := x.called(field, value)
	if len(out) == 0 {
		return []string{dateline.Slug(value)}
	}
	return out
}

// called gives the ids of what is called so, and whether a list or a name says
// that, not only the id.
func (x *Index) called(field, value string) (out []string, listed bool) {
	d := &x.dicts()[fieldIndex(field)]
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
			return []string{value}, true
		}
		if x.o.Recognizer != nil {
			if e, ok := x.o.Recognizer.Lookup(value, t); ok {
				add(e.ID)
			}
		}
	}
	add(d.named(key)...)
	listed = len(out) > 0
	switch field {
	case dateline.FieldOutlet:
		for id, o := range x.outlets {
			if fold(o.Name) == key || fold(id) == key {
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
		if _, ok := d.lookup(id); ok {
			add(id)
		}
	}
	return out, listed
}

// described tells whether more is known of an entity than a name and a type,
// which the columns have. Most have no more, and are kept there only.
func described(e dateline.Entity) bool { return len(e.Aliases) > 0 || e.Wikidata != "" }

// entity gives what is known of an entity of a field's type.
func (x *Index) entity(f int, id string) (dateline.Entity, bool) {
	k := entityKey{Type: entityType(fields[f]), ID: id}
	e, known := x.known(id)
	if known && (k.Type == "" || e.Type == k.Type) {
		e.Name = x.nameFor(k, e.Name)
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
	return dateline.Entity{ID: id, Name: x.nameOf(f, v.values[f][o]), Type: k.Type}, true
}

// known gives an entity that is described, by its id.
func (x *Index) known(id string) (dateline.Entity, bool) {
	x.emu.RLock()
	defer x.emu.RUnlock()
	e, ok := x.entities[id]
	return e, ok
}

// listed tells whether a list has this name.
func (x *Index) listed(name string, t dateline.EntityType) bool {
	if x.o.Recognizer == nil {
		return false
	}
	_, ok := x.o.Recognizer.Lookup(name, t)
	return ok
}

// said gives what an admin, or else a list, calls an entity or what is part of
// it; "" if neither does.
func (x *Index) said(k entityKey) string {
	o := x.over.Load()
	if n := o.names[k]; n != "" {
		return n
	}
	if e, ok := x.known(k.ID); ok && e.Type == k.Type && e.Name != "" {
		return e.Name
	}
	for _, p := range o.members[k] {
		if e, ok := x.known(p.ID); ok && e.Type == p.Type && e.Name != "" {
			return e.Name
		}
	}
	return o.made[k]
}

// nameFor gives the name by which an entity is shown: what an admin says, else
// what a list has, else the best attested one, else the one given.
func (x *Index) nameFor(k entityKey, name string) string {
	if n := x.said(k); n != "" {
		return n
	}
	x.emu.RLock()
	defer x.emu.RUnlock()
	if n := x.shown[k]; n != "" {
		return n
	}
	return name
}

func (x *Index) nameOf(f int, v *facetValue) string {
	switch field := fields[f]; field {
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
	case dateline.FieldPerson, dateline.FieldOrg, dateline.FieldPlace:
		return x.nameFor(entityKey{Type: entityType(field), ID: v.id}, v.name)
	case dateline.FieldSaid:
		for _, t := range []dateline.EntityType{dateline.Person, dateline.Organization} {
			if n := x.nameFor(entityKey{Type: t, ID: v.id}, ""); n != "" {
				return n
			}
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
