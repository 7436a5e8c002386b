package store

import (
	"context"

	"dateline"
)

// Outlets lists the outlets with the number of their articles, most first.
func (s *Store) Outlets(ctx context.Context) ([]dateline.FacetValue, error) {
	rows, err := s.r.QueryContext(ctx, `SELECT a.outlet_id, ifnull(o.name,a.outlet_id), count(*) n FROM articles a LEFT JOIN outlets o ON o.id=a.outlet_id
		GROUP BY a.outlet_id ORDER BY n DESC, a.outlet_id`)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var out []dateline.FacetValue
	for rows.Next() {
		var f dateline.FacetValue
		if err := rows.Scan(&f.ID, &f.Name, &f.Count); err != nil {
			return nil, err
		}
		out = append(out, f)
	}
	return out, rows.Err()
}

// Counts are the sizes of the store.
type Counts struct {
	Articles, Pending, Undated, Versions, Entities, Outlets int
}

// Counts counts what is stored.
func (s *Store) Counts(ctx context.Context) (Counts, error) {
	var c Counts
	err := s.r.QueryRowContext(ctx, `SELECT (SELECT count(*) FROM articles),(SELECT count(*) FROM articles a JOIN pending p ON p.seq=a.seq),
		(SELECT count(*) FROM articles WHERE published IS NULL),(SELECT count(*) FROM versions),
		(SELECT count(DISTINCT entity_id) FROM names n WHERE EXISTS (SELECT 1 FROM article_names m WHERE m.name=n.id)),(SELECT count(DISTINCT outlet_id) FROM articles)`).
		Scan(&c.Articles, &c.Pending, &c.Undated, &c.Versions, &c.Entities, &c.Outlets)
	return c, err
}
