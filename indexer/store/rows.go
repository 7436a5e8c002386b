package store

import (
	"context"
	"slices"
	"strings"
)

// Rows gives the sequence number of every article's current text, and whether
// it is marked as indexed.
func (s *Store) Rows(ctx context.Context) (map[int64]bool, error) {
	rows, err := s.r.QueryContext(ctx, "SELECT a.seq, p.seq IS NULL FROM articles a LEFT JOIN pending p ON p.seq=a.seq")
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	out := map[int64]bool{}
	for rows.Next() {
		var seq int64
		var indexed bool
		if err := rows.Scan(&seq, &indexed); err != nil {
			return nil, err
		}
		out[seq] = indexed
	}
	return out, rows.Err()
}

// BySeq gives the articles whose current text has one of these sequence numbers.
func (s *Store) BySeq(ctx context.Context, seqs []int64) ([]Stored, error) {
	var out []Stored
	for part := range slices.Chunk(seqs, 500) {
		args := make([]any, len(part))
		for i, q := range part {
			args[i] = q
		}
		l, err := s.query(ctx, "SELECT "+columns+" FROM articles WHERE seq IN (?"+strings.Repeat(",?", len(part)-1)+") ORDER BY seq", args...)
		if err != nil {
			return nil, err
		}
		out = append(out, l...)
	}
	return out, nil
}
