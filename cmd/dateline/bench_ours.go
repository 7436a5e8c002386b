package main

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"strings"

	"dateline"
	"dateline/indexer"
)

// benchEngine is one of those that are measured.
type benchEngine interface {
	// prepare gives what runs a query and tells its total; nil if the engine
	// cannot do it.
	prepare(q benchQuery) func() (total int, err error)
	Close() error
}

// benchBatch is how many articles the engines take at once.
const benchBatch = 1000

// ours is Dateline's own index.
type ours struct {
	*indexer.Index
	ctx context.Context //nolint:containedctx // of the one command that measures
}

// openOurs opens the index with the defaults of the configuration.
func openOurs(ctx context.Context, dir string) (*ours, error) {
	x, err := indexer.Open(dir, indexer.Options{KeepAll: true, GivenOnly: true, Recency: 0.1})
	return &ours{x, ctx}, err
}

func buildOurs(ctx context.Context, dir string, c corpus) error {
	o, err := openOurs(ctx, dir)
	if err != nil {
		return err
	}
	var batch []*dateline.Article
	put := func() error {
		r, err := o.AddBatch(ctx, batch, nil)
		if err == nil && r.Added != len(batch) {
			err = fmt.Errorf("%d of %d articles taken", r.Added, len(batch))
		}
		batch = batch[:0]
		return err
	}
	err = c.each(ctx, func(a *dateline.Article) error {
		if batch = append(batch, a); len(batch) < benchBatch {
			return nil
		}
		return put()
	})
	if err == nil && len(batch) > 0 {
		err = put()
	}
	if err == nil {
		err = o.Flush(ctx)
	}
	if err == nil {
		err = o.Merge(ctx) // as it would by itself a little later
	}
	return errors.Join(err, o.Close())
}

// oursSizes gives the bytes of store and index.
func oursSizes(dir string) (store, index int64, err error) {
	files, err := filepath.Glob(filepath.Join(dir, "articles.db*"))
	if err != nil {
		return 0, 0, err
	}
	if store, err = diskUse(files...); err != nil {
		return 0, 0, err
	}
	index, err = diskUse(filepath.Join(dir, "index"))
	return store, index, err
}

// query words a query as the API does.
func (o *ours) query(q benchQuery) (dateline.Query, error) {
	text := q.text()
	switch q.op {
	case opOr:
		text = strings.Join(q.words, " OR ")
	case opPhrase:
		text = `"` + text + `"`
	case opPrefix:
		text += "*"
	}
	out := dateline.Query{Text: text, From: q.from, To: q.to, Filters: q.filters, Limit: 10}
	if text != "" {
		var err error
		if out.Root, err = dateline.ParseQuery(text); err != nil {
			return out, err
		}
	}
	if q.byDate {
		out.Sort = dateline.SortNewest
	}
	if q.facets {
		out.Facets, out.FacetSize = benchFacets, 20
	}
	if q.months {
		out.Interval = "month"
	}
	if q.page {
		out.Limit = 20
	}
	return out, nil
}

// answer runs a query: a page with its articles, all else with ids only.
func (o *ours) answer(q benchQuery) (*dateline.Results, int, error) {
	d, err := o.query(q)
	if err != nil {
		return nil, 0, err
	}
	if !q.page {
		ids, r, err := o.IDs(o.ctx, d)
		return r, len(ids), err
	}
	r, err := o.Search(o.ctx, d)
	if err != nil {
		return nil, 0, err
	}
	for _, h := range r.Hits {
		if !strings.Contains(h.SnippetHTML+h.TitleHTML, "<mark>") {
			return nil, 0, fmt.Errorf("%q: nothing is marked in %s", q.text(), h.Article.ID)
		}
	}
	return r, len(r.Hits), nil
}

func (o *ours) prepare(q benchQuery) func() (int, error) {
	return func() (int, error) {
		r, _, err := o.answer(q)
		if err != nil {
			return 0, err
		}
		return r.Total, nil
	}
}
