package indexer

import (
	"cmp"
	"slices"

	"dateline"
	"dateline/indexer/store"
)

// entityKey is an entity as the recogniser knows it.
type entityKey = store.EntityKey

func compareKeys(a, b entityKey) int {
	return cmp.Or(cmp.Compare(a.ID, b.ID), cmp.Compare(a.Type, b.Type))
}

// overlay is what admins said about entities, laid over what the recogniser
// found: which entity is part of which, what is called how, and which names of
// one mean another. It follows from the changes that stand and nothing else,
// so a change that is taken back leaves nothing behind. It never changes.
type overlay struct {
	parent  map[entityKey]entityKey // an entity -> the one that it is part of; there are no rings
	names   map[entityKey]string    // how it is called
	made    map[entityKey]string    // entities that a split made, by their names
	forms   map[entityForm]entityKey
	formed  map[entityKey]bool        // those of which a name means another
	members map[entityKey][]entityKey // a whole -> all its parts, not itself
	called  map[string][]entityKey    // key of a name -> what a change gave it to
}

// entityForm is a name of an entity, by its key.
type entityForm struct {
	entityKey
	key string
}

func newOverlay(changes []dateline.EntityChange) *overlay {
	o := &overlay{
		parent: map[entityKey]entityKey{}, names: map[entityKey]string{}, made: map[entityKey]string{}, forms: map[entityForm]entityKey{},
		formed: map[entityKey]bool{}, members: map[entityKey][]entityKey{}, called: map[string][]entityKey{},
	}
	for _, c := range changes {
		if c.Undone {
			continue
		}
		k, into := entityKey{Type: c.Type, ID: c.Entity}, entityKey{Type: c.IntoType, ID: c.Into}
		switch {
		case c.Action == dateline.ChangeRename:
			o.names[k] = c.Name
		case c.Action == dateline.ChangeMerge:
			// What was merged since may have been taken back: there is never a ring.
			if _, ok := o.parent[k]; !ok && o.root(into) != k {
				o.parent[k] = into
			}
		case c.Action == dateline.ChangeSplit && c.Alias == "":
			delete(o.parent, k)
		case c.Action == dateline.ChangeSplit:
			o.forms[entityForm{k, store.NameKey(c.Alias)}] = into
			o.formed[k] = true
			if c.Name != "" {
				o.made[into] = c.Name
			}
		}
	}
	for k := range o.parent {
		o.members[o.root(k)] = append(o.members[o.root(k)], k)
	}
	for _, l := range o.members {
		slices.SortFunc(l, compareKeys)
	}
	for k, n := range o.names {
		o.call(n, k)
	}
	for k, n := range o.made {
		o.call(n, k)
	}
	for f, k := range o.forms {
		o.callKey(f.key, k)
	}
	for _, l := range o.called {
		slices.SortFunc(l, compareKeys)
	}
	return o
}

func (o *overlay) call(name string, k entityKey) { o.callKey(store.NameKey(name), k) }

func (o *overlay) callKey(key string, k entityKey) {
	if k = o.root(k); !slices.Contains(o.called[key], k) {
		o.called[key] = append(o.called[key], k)
	}
}

// root gives the whole that an entity is part of, or itself.
func (o *overlay) root(k entityKey) entityKey {
	for {
		p, ok := o.parent[k]
		if !ok {
			return k
		}
		k = p
	}
}

// mention gives whom an entity is when it stands by this name. Each name that
// was split off is followed once, so that an entity which got a name of another
// and was then merged into it is that one.
func (o *overlay) mention(k entityKey, text string) entityKey {
	if len(o.forms) == 0 {
		return o.root(k)
	}
	key := store.NameKey(text)
	var seen []entityKey
	for {
		if t, ok := o.forms[entityForm{k, key}]; ok && !slices.Contains(seen, k) {
			seen = append(seen, k)
			k = t
			continue
		}
		p, ok := o.parent[k]
		if !ok {
			return k
		}
		k = p
	}
}

// byName tells whether it depends on the name whom an entity is.
func (o *overlay) byName(k entityKey) bool {
	for len(o.formed) > 0 {
		if o.formed[k] {
			return true
		}
		p, ok := o.parent[k]
		if !ok {
			return false
		}
		k = p
	}
	return false
}

// parts gives a whole and all that is part of it.
func (o *overlay) parts(k entityKey) []entityKey {
	return append([]entityKey{k}, o.members[k]...)
}
