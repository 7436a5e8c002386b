package indexer

import (
	"context"
	"slices"

	"dateline"
	"dateline/indexer/store"
)

// ImportProgress tells how far the import of a file has come.
func (x *Index) ImportProgress(ctx context.Context, file string) (store.Progress, bool, error) {
	return x.st.Progress(ctx, file)
}

// Delete removes an article from the store and the index.
func (x *Index) Delete(ctx context.Context, id string) error {
	if err := x.st.Delete(ctx, id); err != nil {
		return err
	}
	return x.Flush(ctx)
}

// Article gives one article, or a *dateline.NotFoundError.
func (x *Index) Article(ctx context.Context, id string) (*dateline.Article, error) {
	a, err := x.st.Get(ctx, id)
	if err != nil {
		return nil, err
	}
	return x.resolved(a), nil
}

// resolved gives an article that was read from the store with its entities as
// what they come to, by the names by which they are shown.
func (x *Index) resolved(a *dateline.Article) *dateline.Article {
	g := x.current()
	if g == nil {
		return a
	}
	a = x.layers.lay(a, g.intros)
	names := make(map[entityKey]string, len(a.Entities))
	for i := range a.Entities {
		e := &a.Entities[i]
		k := entityKey{Type: e.Type, ID: e.ID}
		if v, ok := g.valueOf(k); ok {
			_, e.Name = g.cols.dicts[v>>valueBits].at(v & valueMask)
		}
		e.Name = x.nameFor(k, e.Name)
		names[k] = e.Name
	}
	for i := range a.Mentions {
		m := &a.Mentions[i]
		if n := names[entityKey{Type: m.Type, ID: m.EntityID}]; n != "" {
			m.Name = n
		}
	}
	for i := range a.Quotes {
		q := &a.Quotes[i]
		for _, t := range []dateline.EntityType{dateline.Person, dateline.Organization} {
			if n := names[entityKey{Type: t, ID: q.SpeakerID}]; n != "" {
				q.Speaker = n
				break
			}
		}
	}
	return a
}

// Versions gives the texts of an article, oldest first, and what each changed.
func (x *Index) Versions(ctx context.Context, id string) ([]dateline.Version, error) {
	return x.st.Versions(ctx, id)
}

// Each calls fn with every stored article in the order of ids.
func (x *Index) Each(ctx context.Context, fn func(*dateline.Article) error) error {
	return x.st.Each(ctx, true, func(l []store.Stored) error {
		for _, s := range l {
			if err := fn(x.resolved(s.Article)); err != nil {
				return err
			}
		}
		return nil
	})
}

// Entity gives what is known of an entity. The id of one that was merged into
// another gives the other.
func (x *Index) Entity(ctx context.Context, id string) (dateline.EntityInfo, error) {
	v, err := x.view()
	if err != nil {
		return dateline.EntityInfo{}, err
	}
	defer v.release()
	k, n, ok := x.findEntity(v, id, "")
	if !ok {
		return dateline.EntityInfo{}, &dateline.NotFoundError{Kind: "entity", ID: id}
	}
	return x.describe(ctx, v, x.over.Load().root(k), n)
}

// findEntity gives the entity that an id means, and how many articles name
// the whole that it is part of. Where people, organizations and places share
// an id, the first of them that articles name is meant, unless typ says which.
func (x *Index) findEntity(v *view, id string, typ dateline.EntityType) (found entityKey, articles int, ok bool) {
	o := x.over.Load()
	for f := range filterFields {
		t := entityType(fields[f])
		if t == "" || typ != "" && typ != t {
			continue
		}
		k := entityKey{Type: t, ID: id}
		e, known := x.known(id)
		_, made := o.made[k]
		_, part := o.parent[k]
		_, there := v.dicts[f].lookup(id)
		if !ok && (known && e.Type == t || made || part || there && v.gen.labels.has(v.gen, k)) {
			found, ok = k, true
		}
		r := o.root(k)
		if d, there := v.dicts[f].lookup(r.ID); there && int(d) < len(v.values[f]) {
			if n := v.counts(f)[d]; n > 0 {
				return k, int(n), true
			}
		}
	}
	return found, 0, ok
}

// describe gives what is known of a whole that so many articles name.
func (x *Index) describe(ctx context.Context, v *view, k entityKey, articles int) (dateline.EntityInfo, error) {
	out := dateline.EntityInfo{Count: articles}
	out.ID, out.Type, out.Name = k.ID, k.Type, k.ID
	if val, ok := v.gen.valueOf(k); ok {
		_, out.Name = v.gen.cols.dicts[val>>valueBits].at(val & valueMask)
	}
	out.Name = x.nameFor(k, out.Name)
	var err error
	if out.Names, err = x.attestedNames(ctx, v, k); err != nil {
		return out, err
	}
	alias := func(names ...string) {
		for _, n := range names {
			if n != out.Name && n != "" && !slices.Contains(out.Aliases, n) {
				out.Aliases = append(out.Aliases, n)
			}
		}
	}
	for _, n := range out.Names {
		alias(n.Name)
	}
	for _, p := range x.over.Load().parts(k) {
		if p != k {
			out.Parts = append(out.Parts, p.ID)
		}
		if e, ok := x.known(p.ID); ok && e.Type == p.Type {
			alias(append([]string{e.Name}, e.Aliases...)...)
			if out.Wikidata == "" {
				out.Wikidata = e.Wikidata
			}
		}
	}
	return out, nil
}

// Outlets lists the outlets with the number of their articles.
func (x *Index) Outlets(context.Context) ([]dateline.FacetValue, error) {
	v, err := x.view()
	if err != nil {
		return nil, err
	}
	defer v.release()
	return x.top(v, 0, &tally{counts: v.counts(0), all: true}, dateline.Query{}, 0), nil
}

// Copies lists the articles with the same text as one, itself included: the
// origin first, then the reprints by time.
func (x *Index) Copies(ctx context.Context, id string) ([]*dateline.Article, error) {
	v, err := x.view()
	if err != nil {
		return nil, err
	}
	defer v.release()
	a, err := x.st.Get(ctx, id)
	if err != nil {
		return nil, err
	}
	o, ok := v.find(id)
	if !ok {
		return []*dateline.Article{x.resolved(a)}, nil // stored, and not yet indexed
	}
	ords := v.ring(o)
	slices.SortFunc(ords, v.earlier)
	return x.articles(ctx, v, ords)
}

// articles reads articles in the order of their ordinals; one that was deleted
// this instant is left out.
func (x *Index) articles(ctx context.Context, v *view, ords []uint32) ([]*dateline.Article, error) {
	as, err := x.asFound(ctx, v, ords)
	as = slices.DeleteFunc(as, func(a *dateline.Article) bool { return a == nil })
	for i, a := range as {
		as[i] = x.resolved(a)
	}
	return as, err
}

// CopiesOf tells of the copies of one article; nil if it has none.
func (x *Index) CopiesOf(id string) *dateline.Copies {
	v, err := x.view()
	if err != nil {
		return nil
	}
	defer v.release()
	if o, ok := v.find(id); ok {
		return v.copiesOf(o, nil)
	}
	return nil
}

// find gives the ordinal of an article that is live in the view.
func (v *view) find(id string) (uint32, bool) {
	o, ok := v.gen.find(&v.columns, v.log, id)
	return o, ok && v.live.has(o)
}

// Stories are the stories that are followed.
func (x *Index) Stories() []dateline.Story { return x.o.Stories }

// Stats are the sizes of the collection.
type Stats struct {
	store.Counts
	Indexed    int
	Generation uint64
}

// Stats counts what there is.
func (x *Index) Stats(ctx context.Context) (Stats, error) {
	c, err := x.st.Counts(ctx)
	if err != nil {
		return Stats{}, err
	}
	v, err := x.view()
	if err != nil {
		return Stats{}, err
	}
	defer v.release()
	return Stats{Counts: c, Indexed: v.live.count(), Generation: x.Generation()}, nil
}

// Generation is a number that changes whenever what can be found changes.
func (x *Index) Generation() uint64 { return x.changes.Load() }
