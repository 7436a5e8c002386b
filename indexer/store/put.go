package store

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"dateline"
)

// Status is what Put did with an article.
type Status string

// What Put may do.
const (
	Added     Status = "added"
	Changed   Status = "changed"   // known article, other text: a new version
	Unchanged Status = "unchanged" // known article, same text
	Refreshed Status = "refreshed" // same text, and something about it that is new
)

// Result tells what became of one article of a batch.
type Result struct {
	ID      string
	Status  Status
	Version int
}

// Hash is the content hash by which texts are told apart.
func Hash(title, body string) string {
	h := sha256.New()
	fmt.Fprintf(h, "%d:%s%s", len(title), title, body)
	return hex.EncodeToString(h.Sum(nil)[:16])
}

func unix(t time.Time) any {
	if t.IsZero() {
		return nil
	}
	return t.Unix()
}

// Put stores a batch in one transaction. Putting the same text again only
// moves last_seen; another text under a known id becomes a new version.
func (s *Store) Put(ctx context.Context, batch []*dateline.Article) ([]Result, error) {
	return s.PutProgress(ctx, batch, nil, nil)
}

// PutProgress is Put that also stores, in the same transaction, what is known
// of the articles' entities, and how far the import of each file in p has come.
func (s *Store) PutProgress(ctx context.Context, batch []*dateline.Article, es []dateline.Entity, p []Progress) ([]Result, error) {
	return s.putAll(ctx, batch, es, p, put)
}

func (s *Store) putAll(ctx context.Context, batch []*dateline.Article, es []dateline.Entity, ps []Progress,
	one func(context.Context, *tx, *dateline.Article, *int64) (Result, error),
) ([]Result, error) {
	tx, err := s.begin(ctx)
	if err != nil {
		return nil, err
	}
	defer tx.Rollback()
	seq, err := maxSeq(ctx, tx)
	if err != nil {
		return nil, err
	}
	out := make([]Result, 0, len(batch))
	for _, a := range batch {
		r, err := one(ctx, tx, a, &seq)
		if err != nil {
			return nil, fmt.Errorf("article %s: %w", a.ID, err)
		}
		out = append(out, r)
	}
	if err := setSeq(ctx, tx, seq); err != nil {
		return nil, err
	}
	for _, e := range es {
		if err := putEntity(ctx, tx, e); err != nil {
			return nil, fmt.Errorf("entity %s: %w", e.ID, err)
		}
	}
	for i := range ps {
		if err := putProgress(ctx, tx, &ps[i]); err != nil {
			return nil, err
		}
	}
	return out, s.commit(ctx, tx)
}

func maxSeq(ctx context.Context, tx *tx) (int64, error) {
	var seq int64
	err := tx.QueryRowContext(ctx, "SELECT CAST(value AS INTEGER) FROM meta WHERE key='seq'").Scan(&seq)
	if errors.Is(err, sql.ErrNoRows) {
		err = nil
	}
	return seq, err
}

func setSeq(ctx context.Context, tx *tx, seq int64) error {
	_, err := tx.ExecContext(ctx, "INSERT INTO meta(key,value) VALUES('seq',?) ON CONFLICT(key) DO UPDATE SET value=excluded.value", fmt.Sprint(seq))
	return err
}

func put(ctx context.Context, tx *tx, a *dateline.Article, seq *int64) (Result, error) {
	if a.ID == "" {
		return Result{}, errors.New("no id")
	}
	hash := Hash(a.Title, a.Body)
	seen := a.LastSeen
	if seen.IsZero() {
		seen = time.Now().UTC().Truncate(time.Second)
	}
	var oldHash string
	var first sql.NullInt64
	var versions int
	var oldSeq int64
	err := tx.QueryRowContext(ctx, "SELECT seq, hash, first_seen, versions FROM articles WHERE id=?", a.ID).Scan(&oldSeq, &oldHash, &first, &versions)
	known := err == nil
	if err != nil && !errors.Is(err, sql.ErrNoRows) {
		return Result{}, err
	}
	if known && oldHash == hash {
		if _, err := tx.ExecContext(ctx, "UPDATE articles SET last_seen=max(ifnull(last_seen,0),?) WHERE id=?", seen.Unix(), a.ID); err != nil {
			return Result{}, err
		}
		st, err := refresh(ctx, tx, a, oldSeq, seq)
		return Result{a.ID, st, versions}, err
	}
	if a.FirstSeen.IsZero() {
		if !first.Valid {
			first = sql.NullInt64{Int64: seen.Unix(), Valid: true}
		}
	} else if !first.Valid || a.FirstSeen.Unix() < first.Int64 {
		first = sql.NullInt64{Int64: a.FirstSeen.Unix(), Valid: true}
	}
	*seq++
	e, err := encode(a)
	if err != nil {
		return Result{}, err
	}
	if known {
		if err := keepText(ctx, tx, a.ID, versions); err != nil {
			return Result{}, err
		}
		if err := tx.dropNames(ctx, oldSeq); err != nil {
			return Result{}, err
		}
	}
	versions++
	_, err = tx.ExecContext(ctx, `INSERT INTO articles(id,seq,url,outlet_id,published,first_seen,last_seen,hash,versions,meta,body,mentions)
		VALUES(?,?,?,?,?,?,?,?,?,?,?,?) ON CONFLICT(id) DO UPDATE SET seq=excluded.seq,url=excluded.url,outlet_id=excluded.outlet_id,
		published=excluded.published,first_seen=excluded.first_seen,last_seen=max(ifnull(last_seen,0),excluded.last_seen),hash=excluded.hash,
		versions=excluded.versions,meta=excluded.meta,body=excluded.body,mentions=excluded.mentions`,
		a.ID, *seq, a.URL, a.Outlet.ID, unix(a.Published), first, seen.Unix(), hash, versions, e.meta, e.body, e.mentions)
	if err != nil {
		return Result{}, err
	}
	if err := addVersion(ctx, tx, a.ID, versions, seen.Unix(), hash); err != nil {
		return Result{}, err
	}
	if _, err = tx.ExecContext(ctx, "INSERT INTO pending(seq) VALUES(?)", *seq); err != nil {
		return Result{}, err
	}
	if _, err = tx.ExecContext(ctx, "DELETE FROM tombstones WHERE id=?", a.ID); err != nil {
		return Result{}, err
	}
	if a.Outlet.ID != "" {
		_, err = tx.ExecContext(ctx, `INSERT INTO outlets(id,name,country,language) VALUES(?,?,?,?) ON CONFLICT(id) DO UPDATE SET
			name=CASE WHEN excluded.name='' THEN name ELSE excluded.name END`, a.Outlet.ID, a.Outlet.Name, a.Outlet.Country, a.Outlet.Language)
		if err != nil {
			return Result{}, err
		}
	}
	if err := putDerived(ctx, tx, a, *seq); err != nil {
		return Result{}, err
	}
	st := Added
	if known {
		st = Changed
	}
	return Result{a.ID, st, versions}, nil
}

// refresh takes what is now known about an article whose text is the same: a
// date, an author or a section that was missing or was put right.
func refresh(ctx context.Context, tx *tx, a *dateline.Article, oldSeq int64, seq *int64) (Status, error) {
	var had string
	if err := tx.QueryRowContext(ctx, "SELECT meta FROM articles WHERE id=?", a.ID).Scan(&had); err != nil {
		return "", err
	}
	var old dateline.Article
	if err := json.Unmarshal([]byte(had), &old); err != nil {
		return "", err
	}
	before, err := observed(&old)
	if err != nil {
		return "", err
	}
	now, err := observed(a)
	if err != nil || before == now {
		return Unchanged, err
	}
	e, err := encode(a)
	if err != nil {
		return "", err
	}
	*seq++
	if _, err := tx.ExecContext(ctx, "UPDATE articles SET seq=?,url=?,outlet_id=?,published=?,meta=?,mentions=? WHERE id=?",
		*seq, a.URL, a.Outlet.ID, unix(a.Published), e.meta, e.mentions, a.ID); err != nil {
		return "", err
	}
	if _, err := tx.ExecContext(ctx, "INSERT INTO pending(seq) VALUES(?)", *seq); err != nil {
		return "", err
	}
	if err := tx.dropNames(ctx, oldSeq); err != nil {
		return "", err
	}
	return Refreshed, putDerived(ctx, tx, a, *seq)
}

// observed is what of an article was read from outside, as text to compare:
// without its body, the times of reading, and what is derived.
func observed(a *dateline.Article) (string, error) {
	c := *a
	if c.Body != "" {
		c.Updates = withoutText(a)
	}
	c.Body, c.Mentions, c.Entities, c.Quotes, c.Stories, c.Versions = "", nil, nil, nil, nil, 0
	c.FirstSeen, c.LastSeen = time.Time{}, time.Time{}
	b, err := json.Marshal(&c)
	return string(b), err
}

// Update replaces what was derived from articles (mentions, entities,
// stories) without making a version.
func (s *Store) Update(ctx context.Context, batch []*dateline.Article) error {
	tx, err := s.begin(ctx)
	if err != nil {
		return err
	}
	defer tx.Rollback()
	for _, a := range batch {
		e, err := encode(a)
		if err != nil {
			return err
		}
		// Only the text that was read: an edit stored meanwhile stays.
		res, err := tx.ExecContext(ctx, "UPDATE articles SET meta=?,mentions=? WHERE id=? AND hash=?", e.meta, e.mentions, a.ID, Hash(a.Title, a.Body))
		if err != nil {
			return err
		}
		if n, _ := res.RowsAffected(); n == 0 {
			continue
		}
		var seq int64
		if err := tx.QueryRowContext(ctx, "SELECT seq FROM articles WHERE id=?", a.ID).Scan(&seq); err != nil {
			return err
		}
		if err := tx.dropNames(ctx, seq); err != nil {
			return err
		}
		if err := putDerived(ctx, tx, a, seq); err != nil {
			return err
		}
	}
	return s.commit(ctx, tx)
}
