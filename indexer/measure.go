package indexer

import (
	"context"

	"dateline"
)

// IDs answers a query as Search does, with the ids of the hits in the place
// of the articles: no article is read and nothing is marked. Measurements
// compare it with engines that give ids only.
func (x *Index) IDs(ctx context.Context, q dateline.Query) (ids []string, res *dateline.Results, err error) {
	res, err = x.search(ctx, q, func(_ context.Context, v *view, _ dateline.Query, ords []uint32, _ []float32, _ bitset) ([]dateline.Hit, error) {
		for _, o := range ords {
			ids = append(ids, v.id(o))
		}
		return nil, nil
	})
	return ids, res, err
}
