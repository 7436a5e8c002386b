package indexer

import (
	"slices"

	"dateline"
	"dateline/indexer/store"
)

// layers are what lies over the entities that the recogniser found in one
// article: whom short names mean in the article's stories, and what admins
// said. The store and the doc log keep what was found; the columns, and
// articles that are read, have what it comes to.
type layers struct {
	over  func() *overlay
	known func(name string, typ dateline.EntityType) bool // whether a list has it
	named func(k entityKey) string                        // what it is called by a list or an admin, or ""
	st    *store.Store
}

// whole gives whom an article means by an entity, before an admin's word on
// the names by which it does so.
func (l *layers) whole(o *overlay, in *introductions, a *dateline.Article, e dateline.EntityCount) entityKey {
	k := entityKey{Type: e.Type, ID: e.ID}
	if in == nil || len(a.Stories) == 0 || a.Published.IsZero() {
		return k
	}
	to, ok := in.means(o, k, e.Name, a.Stories, dayOf(a.Published))
	if !ok || givenName(a, e.ID) || l.known(e.Name, e.Type) {
		return k
	}
	return to
}

// depends tells whether whom an article names depends on its text: an admin
// said that one of an entity's names means another.
func (l *layers) depends(a *dateline.Article, in *introductions) bool {
	o := l.over()
	return len(o.formed) > 0 && slices.ContainsFunc(a.Entities, func(e dateline.EntityCount) bool { return o.byName(l.whole(o, in, a, e)) })
}

// lay gives an article as it was found with its entities resolved: the same
// one if there is nothing to resolve, else a copy.
func (l *layers) lay(a *dateline.Article, in *introductions) *dateline.Article {
	o := l.over()
	var moved map[entityKey]entityKey
	byName := false
	for _, e := range a.Entities {
		k := entityKey{Type: e.Type, ID: e.ID}
		to := l.whole(o, in, a, e)
		by := o.byName(to)
		if to != k || o.root(to) != k || by {
			if moved == nil {
				moved = map[entityKey]entityKey{}
			}
			moved[k] = to
		}
		byName = byName || by
	}
	if moved == nil {
		return a
	}
	c := *a
	c.Entities, c.Mentions = l.count(o, a, moved), slices.Clone(a.Mentions)
	for i := range c.Mentions {
		m := &c.Mentions[i]
		if to, ok := moved[entityKey{Type: m.Type, ID: m.EntityID}]; ok {
			to = o.mention(to, m.Text)
			m.Name = l.call(to, m.Name)
			m.EntityID, m.Type = to.ID, to.Type
		}
	}
	if byName {
		c.Quotes = findQuotes(c.Body, c.Mentions)
		return &c
	}
	c.Quotes = slices.Clone(a.Quotes)
	for i := range c.Quotes {
		q := &c.Quotes[i]
		for _, t := range []dateline.EntityType{dateline.Person, dateline.Organization, dateline.Place} {
			if to, ok := moved[entityKey{Type: t, ID: q.SpeakerID}]; ok {
				to = o.root(to)
				q.SpeakerID, q.Speaker = to.ID, l.call(to, q.Speaker)
				break
			}
		}
	}
	return &c
}

// call gives the name of whom an entity of another name became, as far as it
// is known here.
func (l *layers) call(k entityKey, was string) string {
	if n := l.named(k); n != "" {
		return n
	}
	return was
}

// count counts the entities of an article, those that moved as what they became.
func (l *layers) count(o *overlay, a *dateline.Article, moved map[entityKey]entityKey) []dateline.EntityCount {
	out := make([]dateline.EntityCount, 0, len(a.Entities))
	add := func(k entityKey, was string, n int) {
		out = append(out, dateline.EntityCount{ID: k.ID, Name: l.call(k, was), Type: k.Type, Count: n})
	}
	for _, e := range a.Entities {
		k := entityKey{Type: e.Type, ID: e.ID}
		to, ok := moved[k]
		switch {
		case !ok:
			out = append(out, e)
		case !o.byName(to):
			add(o.root(to), e.Name, e.Count)
		default:
			found := false
			for _, m := range a.Mentions {
				if m.EntityID == e.ID && m.Type == e.Type {
					found = true
					add(o.mention(to, m.Text), e.Name, 1)
				}
			}
			if !found { // it came with the article
				add(o.mention(to, e.Name), e.Name, e.Count)
			}
		}
	}
	return joinCounts(out)
}

// givenName tells whether an article came with an entity.
func givenName(a *dateline.Article, id string) bool {
	return slices.ContainsFunc(a.Given, func(g dateline.Entity) bool { return g.ID == id || dateline.Slug(g.Name) == id })
}

// joinCounts adds up the counts of an entity that is listed more than once, the
// most frequent first.
func joinCounts(l []dateline.EntityCount) []dateline.EntityCount {
	at := map[entityKey]int{}
	var out []dateline.EntityCount
	for _, e := range l {
		k := entityKey{Type: e.Type, ID: e.ID}
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
