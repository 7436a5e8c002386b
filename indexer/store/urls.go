package store

import (
	"context"
	"strings"
)

// URLs gives the addresses of the articles whose last change is one of seqs,
// at most 100, by its number, without reading their texts.
func (s *Store) URLs(ctx context.Context, seqs []int64) (map[int64]string, error) {
	out := make(map[int64]string, len(seqs))
	if len(seqs) == 0 {
		return out, nil
	}
	args := make([]any, len(seqs))
	for i, q := range seqs {
		args[i] = q
	}
	st, err := s.prepared(ctx, "SELECT seq, url FROM articles WHERE seq IN (?"+strings.Repeat(",?", len(seqs)-1)+")")
	if err != nil {
		return nil, err
	}
	rows, err := st.QueryContext(ctx, args...)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	for rows.Next() {
		var seq int64
		var u string
		if err := rows.Scan(&seq, &u); err != nil {
			return nil, err
		}
		out[seq] = u
	}
	return out, rows.Err()
}
