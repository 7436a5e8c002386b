package store

import (
	"context"
	"database/sql"
	"slices"
	"time"

	"dateline"
)

// Replay is PutProgress for articles whose pages were observed before, at
// their LastSeen: those of an archive, which may be older than what is stored,
// and those of our own that were read anew. A text that was stored for the same
// time is put right, and is no new version; another comes to its place in
// time. Doing so twice with the same articles changes nothing.
func (s *Store) Replay(ctx context.Context, batch []*dateline.Article, es []dateline.Entity, p []Progress) ([]Result, error) {
	return s.putAll(ctx, batch, es, p, replay)
}

// was is a version as it is stored.
type was struct {
	version  int
	observed int64
	hash     string
}

func replay(ctx context.Context, tx *tx, a *dateline.Article, seq *int64) (Result, error) {
	vs, err := versionsOf(ctx, tx, a.ID)
	if err != nil || len(vs) == 0 || a.LastSeen.IsZero() {
		if err != nil {
			return Result{}, err
		}
		return put(ctx, tx, a, seq)
	}
	if err := keepFeedDate(ctx, tx, a); err != nil {
		return Result{}, err
	}
	at, hash, newest := a.LastSeen.Unix(), Hash(a.Title, a.Body), len(vs)-1
	last, err := widen(ctx, tx, a.ID, at)
	if err != nil {
		return Result{}, err
	}
	i, exact := slices.BinarySearchFunc(vs, at, func(v was, at int64) int { return int(min(max(v.observed-at, -1), 1)) })
	if !exact {
		i-- // the text that was the newest then
	}
	res := Result{a.ID, Changed, len(vs)}
	same := i >= 0 && vs[i].hash == hash
	switch {
	case !exact && !same && i == newest && at < last:
		// The newest text was seen since: it came back.
		err = between(ctx, tx, a, vs[i], hash, last)
		res.Version += 2
	case !exact && !same && i < newest && vs[i+1].hash == hash:
		// The text that came next was there already.
		res.Status = Unchanged
		_, err = tx.ExecContext(ctx, "UPDATE versions SET observed=? WHERE article_id=? AND version=?", at, a.ID, vs[i+1].version)
	case i == newest && (!exact || same):
		res, err = put(ctx, tx, a, seq) // seen again, or seen to be another at last
	case same:
		res.Status = Unchanged
	case !exact:
		// Its text was taken for that of the version before.
		if err = shift(ctx, tx, a.ID, i+1, 1); err == nil {
			_, err = tx.ExecContext(ctx, "INSERT INTO versions(article_id,version,observed,hash,title,body) VALUES(?,?,?,?,?,?)", a.ID, i+2, at, hash, a.Title, a.Body)
		}
		res.Version++
	case i == newest:
		err = replace(ctx, tx, a, hash, vs[i].version, seq)
	default:
		_, err = tx.ExecContext(ctx, "UPDATE versions SET title=?, body=?, hash=? WHERE article_id=? AND version=?", a.Title, a.Body, hash, a.ID, vs[i].version)
	}
	if err == nil && exact && i > 0 && vs[i-1].hash == hash { // what seemed to be an edit was none
		res.Status = Changed
		res.Version--
		err = merge(ctx, tx, a.ID, i+1, i == newest)
	}
	return res, err
}

// widen takes at for a time when an article was seen, and gives the last one.
func widen(ctx context.Context, tx *tx, id string, at int64) (last int64, err error) {
	_, err = tx.ExecContext(ctx, "UPDATE articles SET first_seen=min(ifnull(first_seen,?1),?1), last_seen=max(ifnull(last_seen,0),?1) WHERE id=?2", at, id)
	if err == nil {
		err = tx.QueryRowContext(ctx, "SELECT last_seen FROM articles WHERE id=?", id).Scan(&last)
	}
	return last, err
}

// between puts a text behind the newest version, and that once more behind it.
func between(ctx context.Context, tx *tx, a *dateline.Article, newest was, hash string, last int64) error {
	if err := keepText(ctx, tx, a.ID, newest.version); err != nil {
		return err
	}
	if _, err := tx.ExecContext(ctx, "INSERT INTO versions(article_id,version,observed,hash,title,body) VALUES(?,?,?,?,?,?)",
		a.ID, newest.version+1, a.LastSeen.Unix(), hash, a.Title, a.Body); err != nil {
		return err
	}
	if err := addVersion(ctx, tx, a.ID, newest.version+2, last, newest.hash); err != nil {
		return err
	}
	_, err := tx.ExecContext(ctx, "UPDATE articles SET versions=versions+2 WHERE id=?", a.ID)
	return err
}

func versionsOf(ctx context.Context, tx *tx, id string) ([]was, error) {
	rows, err := tx.QueryContext(ctx, "SELECT version, observed, hash FROM versions WHERE article_id=? ORDER BY version", id)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var out []was
	for rows.Next() {
		var v was
		if err := rows.Scan(&v.version, &v.observed, &v.hash); err != nil {
			return nil, err
		}
		out = append(out, v)
	}
	return out, rows.Err()
}

// keepFeedDate gives an article the date that a feed had for it, where the page
// has none: archives of earlier versions do not tell it.
func keepFeedDate(ctx context.Context, tx *tx, a *dateline.Article) error {
	if !a.Published.IsZero() {
		return nil
	}
	var published sql.NullInt64
	var source sql.NullString
	err := tx.QueryRowContext(ctx, "SELECT published, meta->>'$.date_source' FROM articles WHERE id=?", a.ID).Scan(&published, &source)
	if err == nil && published.Valid && source.String == "feed" {
		a.Published, a.DateSource, a.DateConfidence = time.Unix(published.Int64, 0).UTC(), source.String, dateline.FeedConfidence
	}
	return err
}

// replace gives the newest version another text.
func replace(ctx context.Context, tx *tx, a *dateline.Article, hash string, version int, seq *int64) error {
	e, err := encode(a)
	if err != nil {
		return err
	}
	var oldSeq int64
	if err := tx.QueryRowContext(ctx, "SELECT seq FROM articles WHERE id=?", a.ID).Scan(&oldSeq); err != nil {
		return err
	}
	if err := tx.dropNames(ctx, oldSeq); err != nil {
		return err
	}
	*seq++
	for _, q := range []struct {
		sql  string
		args []any
	}{
		{
			"UPDATE articles SET seq=?,url=?,outlet_id=?,published=?,hash=?,meta=?,body=?,mentions=? WHERE id=?",
			[]any{*seq, a.URL, a.Outlet.ID, unix(a.Published), hash, e.meta, e.body, e.mentions, a.ID},
		},
		{"UPDATE versions SET hash=? WHERE article_id=? AND version=?", []any{hash, a.ID, version}},
		{"INSERT INTO pending(seq) VALUES(?)", []any{*seq}},
	} {
		if _, err := tx.ExecContext(ctx, q.sql, q.args...); err != nil {
			return err
		}
	}
	return putDerived(ctx, tx, a, *seq)
}

// shift moves the versions after the one at place from (counted from 1) by one
// number, up or down.
func shift(ctx context.Context, tx *tx, id string, from, by int) error {
	// Through negative numbers: no two may be alike on the way.
	if _, err := tx.ExecContext(ctx, "UPDATE versions SET version=-(version+?) WHERE article_id=? AND version>?", by, id, from); err != nil {
		return err
	}
	if _, err := tx.ExecContext(ctx, "UPDATE versions SET version=-version WHERE article_id=? AND version<0", id); err != nil {
		return err
	}
	_, err := tx.ExecContext(ctx, "UPDATE articles SET versions=versions+? WHERE id=?", by, id)
	return err
}

// merge drops a version whose text is that of the one before it.
func merge(ctx context.Context, tx *tx, id string, version int, newest bool) error {
	if _, err := tx.ExecContext(ctx, "DELETE FROM versions WHERE article_id=? AND version=?", id, version); err != nil {
		return err
	}
	if newest { // whose text is in the article itself
		if _, err := tx.ExecContext(ctx, "UPDATE versions SET title=NULL, body=NULL WHERE article_id=? AND version=?", id, version-1); err != nil {
			return err
		}
	}
	return shift(ctx, tx, id, version, -1)
}
