package store

import (
	"context"
	"database/sql"
	"errors"

	"dateline"
)

// Pending gives articles that are stored and not yet indexed, oldest change first.
func (s *Store) Pending(ctx context.Context, limit int) ([]Stored, error) {
	return s.query(ctx, "SELECT "+columns+" FROM articles WHERE seq IN (SELECT p.seq FROM pending p JOIN articles a ON a.seq=p.seq ORDER BY p.seq LIMIT ?) ORDER BY seq", limit)
}

// MarkIndexed notes that these changes are in the index.
func (s *Store) MarkIndexed(ctx context.Context, seqs []int64) error {
	tx, err := s.begin(ctx)
	if err != nil {
		return err
	}
	defer tx.Rollback()
	for _, q := range seqs {
		if _, err := tx.ExecContext(ctx, "DELETE FROM pending WHERE seq=?", q); err != nil {
			return err
		}
	}
	return tx.Commit()
}

// Delete removes an article and its versions and leaves a tombstone until
// the index has forgotten it too.
func (s *Store) Delete(ctx context.Context, id string) error {
	tx, err := s.begin(ctx)
	if err != nil {
		return err
	}
	defer tx.Rollback()
	var seq int64
	if err := tx.QueryRowContext(ctx, "DELETE FROM articles WHERE id=? RETURNING seq", id).Scan(&seq); errors.Is(err, sql.ErrNoRows) {
		return &dateline.NotFoundError{Kind: "article", ID: id}
	} else if err != nil {
		return err
	}
	if err := tx.dropNames(ctx, seq); err != nil {
		return err
	}
	for _, q := range []string{"DELETE FROM versions WHERE article_id=?", "DELETE FROM article_stories WHERE article_id=?", "INSERT OR IGNORE INTO tombstones(id) VALUES(?)"} {
		if _, err := tx.ExecContext(ctx, q, id); err != nil {
			return err
		}
	}
	return tx.Commit()
}

// Tombstones lists the deleted articles that the index may still hold.
func (s *Store) Tombstones(ctx context.Context) ([]string, error) {
	rows, err := s.r.QueryContext(ctx, "SELECT id FROM tombstones")
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var out []string
	for rows.Next() {
		var id string
		if err := rows.Scan(&id); err != nil {
			return nil, err
		}
		out = append(out, id)
	}
	return out, rows.Err()
}

// Bury removes tombstones.
func (s *Store) Bury(ctx context.Context, ids []string) error {
	for _, id := range ids {
		if _, err := s.w.ExecContext(ctx, "DELETE FROM tombstones WHERE id=?", id); err != nil {
			return err
		}
	}
	return nil
}
