package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"time"

	"dateline"
)

type storedMention struct {
	dateline.Mention
	T bool `json:"t,omitempty"`
}

type row struct{ meta, body, mentions string }

func encode(a *dateline.Article) (row, error) {
	ms := make([]storedMention, len(a.Mentions))
	for i, m := range a.Mentions {
		ms[i] = storedMention{m, m.InTitle}
	}
	mj, err := json.Marshal(ms)
	if err != nil {
		return row{}, err
	}
	c := *a
	c.Body, c.Mentions, c.Versions = "", nil, 0
	j, err := json.Marshal(&c)
	return row{string(j), a.Body, string(mj)}, err
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
	a := &dateline.Article{}
	if err := json.Unmarshal([]byte(r.meta), a); err != nil {
		return st, err
	}
	a.Body, a.Versions = r.body, versions
	if r.mentions != "" {
		var ms []storedMention
		if err := json.Unmarshal([]byte(r.mentions), &ms); err != nil {
			return st, err
		}
		for _, m := range ms {
			m.InTitle = m.T
			a.Mentions = append(a.Mentions, m.Mention)
		}
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
	rows, err := s.r.QueryContext(ctx, q, args...)
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
