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
	return x.st.Get(ctx, id)
}

// Versions gives the texts of an article, oldest first, and what each changed.
func (x *Index) Versions(ctx context.Context, id string) ([]dateline.Version, error) {
	return x.st.Versions(ctx, id)
}

// Each calls fn with every stored article in the order of ids.
func (x *Index) Each(ctx context.Context, fn func(*dateline.Article) error) error {
	return x.st.Each(ctx, true, func(l []store.Stored) error {
		for _, s := range l {
			if err := fn(s.Article); err != nil {
				return err
			}
		}
		return nil
	})
}

// Entity gives what is known of an entity and how many articles name it.
func (x *Index) Entity(_ context.Context, id string) (dateline.Entity, int, error) {
	v, err := x.view()
	if err != nil {
		return dateline.Entity{}, 0, err
	}
	defer v.release()
	e, found := x.known(id)
	for f := range filterFields {
		o, ok := v.dicts[f].lookup(id)
		if entityType(fields[f]) == "" || !ok || int(o) >= len(v.values[f]) {
			continue
		}
		if !found {
			e, found = dateline.Entity{ID: id, Name: v.values[f][o].name, Type: entityType(fields[f])}, true
		}
		if n := v.counts(f)[o]; n > 0 {
			return e, int(n), nil
		}
	}
	if found {
		return e, 0, nil
	}
	return dateline.Entity{}, 0, &dateline.NotFoundError{Kind: "entity", ID: id}
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
		return []*dateline.Article{a}, nil // stored, and not yet indexed
	}
	ords := v.ring(o)
	slices.SortFunc(ords, v.earlier)
	return x.articles(ctx, v, ords)
}

// articles reads articles in the order of their ordinals; one that was deleted
// this instant is left out.
func (x *Index) articles(ctx context.Context, v *view, ords []uint32) ([]*dateline.Article, error) {
	as, err := x.asFound(ctx, v, ords)
	return slices.DeleteFunc(as, func(a *dateline.Article) bool { return a == nil }), err
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
