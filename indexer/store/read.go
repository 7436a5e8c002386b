package store

import (
	"context"
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
	for len(ids) > 0 {
		n := min(len(ids), 500)
		args := make([]any, n)
		for i := range n {
			args[i] = ids[i]
		}
		l, err := s.query(ctx, "SELECT "+columns+" FROM articles WHERE id IN (?"+strings.Repeat(",?", n-1)+")", args...)
		if err != nil {
			return nil, err
		}
		for _, st := range l {
			out[st.Article.ID] = st.Article
		}
		ids = ids[n:]
	}
	return out, nil
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
