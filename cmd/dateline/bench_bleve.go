package main

import (
	"context"
	"errors"
	"fmt"

	"github.com/blevesearch/bleve/v2"
	_ "github.com/blevesearch/bleve/v2/analysis/analyzer/keyword" // of facets
	"github.com/blevesearch/bleve/v2/index/scorch"
	"github.com/blevesearch/bleve/v2/mapping"
	"github.com/blevesearch/bleve/v2/search/query"

	"dateline"
)

// stockBleve is bleve as its documentation has one use it: analyzer "en",
// texts stored with term vectors, facets as keywords with docvalues.
type stockBleve struct {
	bleve.Index
	ctx context.Context //nolint:containedctx // of the one command that measures
}

func stockMapping() mapping.IndexMapping {
	doc := bleve.NewDocumentStaticMapping()
	for _, f := range []string{"title", "body"} {
		t := bleve.NewTextFieldMapping()
		t.Analyzer, t.IncludeInAll, t.DocValues = "en", false, false
		t.Store, t.IncludeTermVectors = true, true
		doc.AddFieldMappingsAt(f, t)
	}
	for _, f := range benchFacets {
		k := bleve.NewKeywordFieldMapping()
		k.Store, k.IncludeTermVectors, k.IncludeInAll = false, false, false
		k.DocValues, k.SkipFreqNorm = true, true
		doc.AddFieldMappingsAt(f, k)
	}
	d := bleve.NewDateTimeFieldMapping()
	d.IncludeInAll = false
	doc.AddFieldMappingsAt("published", d)
	m := bleve.NewIndexMapping()
	m.DefaultMapping = doc
	m.StoreDynamic, m.IndexDynamic, m.DocValuesDynamic = false, false, false
	return m
}

func buildBleve(ctx context.Context, dir string, c corpus) error {
	x, err := bleve.NewUsing(dir, stockMapping(), scorch.Name, scorch.Name, nil)
	if err != nil {
		return err
	}
	b := x.NewBatch()
	err = c.each(ctx, func(a *dateline.Article) error {
		doc := map[string]any{"title": a.Title, "body": a.Body, "published": a.Published}
		for i, vs := range facetIDs(a) {
			doc[benchFacets[i]] = vs
		}
		if err := b.Index(a.ID, doc); err != nil || b.Size() < benchBatch {
			return err
		}
		err := x.Batch(b)
		b = x.NewBatch()
		return err
	})
	if err == nil && b.Size() > 0 {
		err = x.Batch(b)
	}
	return errors.Join(err, x.Close())
}

func openBleve(ctx context.Context, dir string) (*stockBleve, error) {
	x, err := bleve.Open(dir)
	return &stockBleve{x, ctx}, err
}

// either looks for something in title and body, as Dateline does.
func either(make func(field string) query.Query) query.Query {
	return bleve.NewDisjunctionQuery(make("title"), make("body"))
}

func (x *stockBleve) words(q benchQuery) query.Query {
	word := func(w string) query.Query {
		return either(func(field string) query.Query {
			m := bleve.NewMatchQuery(w)
			m.SetField(field)
			if field == "title" {
				m.SetBoost(2)
			}
			return m
		})
	}
	switch q.op {
	case opAll:
		return bleve.NewMatchAllQuery()
	case opOr:
		return word(q.text()) // any of the words
	case opPhrase:
		return either(func(field string) query.Query {
			p := bleve.NewMatchPhraseQuery(q.text())
			p.SetField(field)
			return p
		})
	case opPrefix:
		return either(func(field string) query.Query {
			p := bleve.NewPrefixQuery(q.text())
			p.SetField(field)
			return p
		})
	}
	if len(q.words) == 1 {
		return word(q.words[0])
	}
	var all []query.Query
	for _, w := range q.words {
		all = append(all, word(w))
	}
	return bleve.NewConjunctionQuery(all...)
}

// request words a query; the filter of one field can be left out.
func (x *stockBleve) request(q benchQuery, size int, without string, facets ...string) *bleve.SearchRequest {
	must := []query.Query{x.words(q)}
	if !q.from.IsZero() || !q.to.IsZero() {
		d := bleve.NewDateRangeQuery(q.from, q.to)
		d.SetField("published")
		must = append(must, d)
	}
	for f, vs := range q.filters {
		var any []query.Query
		for _, v := range vs {
			t := bleve.NewTermQuery(v)
			t.SetField(f)
			any = append(any, t)
		}
		if f != without {
			must = append(must, bleve.NewDisjunctionQuery(any...))
		}
	}
	root := must[0]
	if len(must) > 1 {
		root = bleve.NewConjunctionQuery(must...)
	}
	r := bleve.NewSearchRequestOptions(root, size, 0, false)
	for _, f := range facets {
		r.AddFacet(f, bleve.NewFacetRequest(f, 20))
	}
	return r
}

func (x *stockBleve) prepare(q benchQuery) func() (int, error) {
	return func() (int, error) {
		size := 10
		if q.page {
			size = 20
		}
		var facets []string
		if q.facets {
			for _, f := range benchFacets {
				if q.filters[f] == nil {
					facets = append(facets, f)
				}
			}
		}
		r := x.request(q, size, "", facets...)
		if q.months {
			f := bleve.NewFacetRequest("published", benchMonths)
			for i := range benchMonths {
				f.AddDateTimeRange(fmt.Sprint(i), benchStart.AddDate(0, i, 0), benchStart.AddDate(0, i+1, 0))
			}
			r.AddFacet("months", f)
		}
		if q.byDate {
			r.SortBy([]string{"-published"})
		}
		if q.page {
			r.Fields = []string{"title", "published"}
			r.Highlight = bleve.NewHighlightWithStyle("html")
			r.Highlight.AddField("body")
		}
		res, err := x.SearchInContext(x.ctx, r)
		if err != nil {
			return 0, err
		}
		if q.facets { // a facet with a choice is counted without it, by a search of its own
			for f := range q.filters {
				if _, err := x.SearchInContext(x.ctx, x.request(q, 0, f, f)); err != nil {
					return 0, err
				}
			}
		}
		return int(res.Total), nil
	}
}
