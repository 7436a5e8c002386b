package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"time"

	"dateline"
)

type row struct{ meta, body, mentions string }

func encode(a *dateline.Article) (row, error) {
	c := *a
	c.Body, c.Mentions, c.Versions = "", nil, 0
	j, err := json.Marshal(&c)
	return row{string(j), a.Body, encodeMentions(a)}, err
}

// Stored is an article with the sequence number of its last change.
type Stored struct {
	Article *dateline.Article
	Seq     int64
}

const (
	columns      = "seq, versions, first_seen, last_seen, meta, body, mentions"
	lightColumns = "seq, versions, first_seen, last_seen, meta, '', ''"
)

func scan(rows *sql.Rows) (Stored, error) {
	var st Stored
	var versions int
	var first, last sql.NullInt64
	var r row
	if err := rows.Scan(&st.Seq, &versions, &first, &last, &r.meta, &r.body, &r.mentions); err != nil {
		return st, err
	}
	a, err := decodeMeta(r.meta)
	if err != nil {
		return st, err
	}
	a.Body, a.Versions = r.body, versions
	if err := decodeMentions(a, r.mentions); err != nil {
		return st, fmt.Errorf("mentions of %s: %w", a.ID, err)
	}
	if first.Valid {
		a.FirstSeen = time.Unix(first.Int64, 0).UTC()
	}
	if last.Valid {
		a.LastSeen = time.Unix(last.Int64, 0).UTC()
	}
	st.Article = a
	return st, nil
}

func (s *Store) query(ctx context.Context, q string, args ...any) ([]Stored, error) {
	return scanAll(s.r.QueryContext(ctx, q, args...))
}

// scanAll reads all rows of a query that answered this.
func scanAll(rows *sql.Rows, err error) ([]Stored, error) {
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var out []Stored
	for rows.Next() {
		st, err := scan(rows)
		if err != nil {
			return nil, err
		}
		out = append(out, st)
	}
	return out, rows.Err()
}
