package store

import (
	"context"
	"time"
	"unicode"

	"dateline"
)

// addVersion notes the text that an article now has. The text itself stays in
// the article; it is copied here only when another takes its place.
func addVersion(ctx context.Context, tx *tx, id string, version int, observed int64, hash string) error {
	_, err := tx.ExecContext(ctx, "INSERT INTO versions(article_id,version,observed,hash) VALUES(?,?,?,?)", id, version, observed, hash)
	return err
}

// keepText copies the text of an article to its version before another text
// takes its place.
func keepText(ctx context.Context, tx *tx, id string, version int) error {
	_, err := tx.ExecContext(ctx, `UPDATE versions SET (title,body)=(SELECT meta->>'$.title', body FROM articles WHERE id=?1)
		WHERE article_id=?1 AND version=?2`, id, version)
	return err
}

// Versions lists the texts of an article, oldest first, and what each changed
// in the one before.
func (s *Store) Versions(ctx context.Context, id string) ([]dateline.Version, error) {
	rows, err := s.r.QueryContext(ctx, `SELECT v.version, v.observed, ifnull(v.title, a.meta->>'$.title'), ifnull(v.body, a.body)
		FROM versions v JOIN articles a ON a.id=v.article_id WHERE v.article_id=? ORDER BY v.version`, id)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var out []dateline.Version
	for rows.Next() {
		v := dateline.Version{Changed: []string{}}
		var t int64
		if err := rows.Scan(&v.Version, &t, &v.Title, &v.Body); err != nil {
			return nil, err
		}
		v.Observed = time.Unix(t, 0).UTC()
		if n := len(out); n > 0 {
			compare(&out[n-1], &v)
		}
		out = append(out, v)
	}
	if err := rows.Err(); err != nil {
		return nil, err
	}
	if out == nil {
		return nil, &dateline.NotFoundError{Kind: "article", ID: id}
	}
	return out, nil
}

// compare says what v changed in the version before it.
func compare(old, v *dateline.Version) {
	for _, part := range []struct{ name, old, now string }{{"title", old.Title, v.Title}, {"body", old.Body, v.Body}} {
		if part.old == part.now {
			continue
		}
		v.Changed = append(v.Changed, part.name)
		v.Substantive = v.Substantive || letters(part.old) != letters(part.now)
	}
}

// letters drops what is not a word: case, punctuation and space.
func letters(s string) string {
	out := make([]rune, 0, len(s))
	for _, r := range s {
		if unicode.IsLetter(r) || unicode.IsDigit(r) || unicode.IsMark(r) || unicode.IsSymbol(r) {
			out = append(out, unicode.ToLower(r))
		}
	}
	return string(out)
}
