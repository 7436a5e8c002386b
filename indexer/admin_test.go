package indexer

import (
	"context"
	"errors"
	"math/rand/v2"
	"slices"
	"sync"
	"testing"

	"dateline"
)

// TestChangesWhileSearching: searches go on while articles come and admins
// change entities, and each answer agrees with itself.
func TestChangesWhileSearching(t *testing.T) {
	x := openMarked(t, t.TempDir())
	rng := rand.New(rand.NewPCG(3, 1))
	for n := range 30 {
		add(t, x, markedArticle(rng, n))
	}
	ctx, stop := context.WithCancel(t.Context())
	var wg sync.WaitGroup
	for _, look := range []func() error{
		func() error {
			q := dateline.Query{Root: &dateline.FieldTerm{Field: "person", Value: "Rudd"}, Limit: 100, Facets: []string{"person", "org", "place"}, FacetSize: 1000}
			r, err := x.Search(ctx, q)
			if err != nil {
				return err
			}
			if len(r.Hits) != r.Total {
				err = errors.New("hits and total differ")
			}
			for f, vs := range r.Facets {
				if slices.ContainsFunc(vs, func(v dateline.FacetValue) bool { return v.Count > r.Total }) {
					err = errors.New("facet " + f + " counts more than there is")
				}
			}
			return err
		},
		func() error { _, err := x.Suggest(ctx, "ru", 10); return err },
		func() error { _, err := x.Entities(ctx, "a", "", 50); return err },
		func() error { _, err := x.Article(ctx, art(3, "", "").ID); return err },
		func() error {
			_, err := x.Entity(ctx, "kevin-rudd")
			var gone *dateline.NotFoundError
			if errors.As(err, &gone) {
				return nil
			}
			return err
		},
	} {
		wg.Go(func() {
			for ctx.Err() == nil {
				if err := look(); err != nil && ctx.Err() == nil {
					t.Error(err)
					return
				}
			}
		})
	}
	ids := []string{"kevin-rudd", "ann-rudd", "rudd", "alibaba-group", "pan", "acme", "acme-holdings"}
	fitted := 0
	for n := range 60 {
		if tryChange(t, x, randomChange(rng, ids)) {
			fitted++
		}
		if n%6 == 0 {
			add(t, x, markedArticle(rng, n%40))
		}
		if n == 30 {
			if err := x.Reindex(t.Context()); err != nil {
				t.Error(err)
			}
		}
	}
	stop()
	wg.Wait()
	if fitted < 5 {
		t.Errorf("%d changes fitted: too few to say anything", fitted)
	}
}
