package store

import (
	"context"
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
	out := make(map[string]*dateline.Article, len(ids))
	for part := range slices.Chunk(ids, 500) {
		args := make([]any, len(part))
		for i, id := range part {
			args[i] = id
		}
		l, err := s.many(ctx, args)
		if err != nil {
			return nil, err
		}
		for _, r := range l {
			out[r.Article.ID] = r.Article
		}
	}
	return out, nil
}

// many reads articles by their ids. A page of hits is read with every search,
// so the statements for that many are prepared once.
func (s *Store) many(ctx context.Context, ids []any) ([]Stored, error) {
	n := len(ids)
	q := "SELECT " + columns + " FROM articles WHERE id IN (?" + strings.Repeat(",?", n-1) + ")"
	if n > 100 {
		return s.query(ctx, q, ids...)
	}
	s.mu.Lock()
	st := s.stmts[n]
	if st == nil {
		var err error
		if st, err = s.r.PrepareContext(ctx, q); err != nil {
			s.mu.Unlock()
			return nil, err
		}
		s.stmts[n] = st
	}
	s.mu.Unlock()
	return scanAll(st.QueryContext(ctx, ids...))
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
