package store

import (
	"context"
	"database/sql"
	"slices"
	"strings"

	"dateline"
)

// Get gives one article, or a *dateline.NotFoundError.
func (s *Store) Get(ctx context.Context, id string) (*dateline.Article, error) {
	l, err := s.query(ctx, "SELECT "+columns+" FROM articles WHERE id=?", id)
	if err != nil {
		return nil, err
	}
	if len(l) == 0 {
		return nil, &dateline.NotFoundError{Kind: "article", ID: id}
	}
	return l[0].Article, nil
}

// GetMany gives the articles among ids that exist, by id.
func (s *Store) GetMany(ctx context.Context, ids []string) (map[string]*dateline.Article, error) {
	l, err := many(ctx, s, "id", ids)
	out := make(map[string]*dateline.Article, len(l))
	for _, r := range l {
		out[r.Article.ID] = r.Article
	}
	return out, err
}

// Current gives the articles whose last change is one of seqs, by its number;
// those that changed since are missing.
func (s *Store) Current(ctx context.Context, seqs []int64) (map[int64]*dateline.Article, error) {
	l, err := many(ctx, s, "seq", seqs)
	out := make(map[int64]*dateline.Article, len(l))
	for _, r := range l {
		out[r.Seq] = r.Article
	}
	return out, err
}

// many reads articles by a key. A page of hits is read with every search, so
// the statements for that many are prepared once.
func many[K any](ctx context.Context, s *Store, key string, keys []K) ([]Stored, error) {
	var out []Stored
	for part := range slices.Chunk(keys, 500) {
		args := make([]any, len(part))
		for i, k := range part {
			args[i] = k
		}
		q := "SELECT " + columns + " FROM articles WHERE " + key + " IN (?" + strings.Repeat(",?", len(part)-1) + ")"
		var l []Stored
		var err error
		if len(part) > 100 {
			l, err = s.query(ctx, q, args...)
		} else {
			var st *sql.Stmt
			if st, err = s.prepared(ctx, q); err == nil {
				l, err = scanAll(st.QueryContext(ctx, args...))
			}
		}
		if err != nil {
			return nil, err
		}
		out = append(out, l...)
	}
	return out, nil
}

// prepared keeps a statement for the next time.
func (s *Store) prepared(ctx context.Context, q string) (*sql.Stmt, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	st := s.stmts[q]
	if st == nil {
		var err error
		if st, err = s.r.PrepareContext(ctx, q); err != nil {
			return nil, err
		}
		s.stmts[q] = st
	}
	return st, nil
}

// Each calls fn with pages of all articles in the order of their ids. Without
// text, bodies and mentions are left out.
func (s *Store) Each(ctx context.Context, text bool, fn func([]Stored) error) error {
	cols := columns
	if !text {
		cols = lightColumns
	}
	after := ""
	for {
		l, err := s.query(ctx, "SELECT "+cols+" FROM articles WHERE id>? ORDER BY id LIMIT 200", after)
		if err != nil {
			return err
		}
		if len(l) == 0 {
			return nil
		}
		if err := fn(l); err != nil {
			return err
		}
		after = l[len(l)-1].Article.ID
	}
}
