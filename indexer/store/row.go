package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"time"

	"dateline"
)

type row struct{ meta, body, mentions string }

func encode(a *dateline.Article) (row, error) {
	c := *a
	c.Body, c.Mentions, c.Versions, c.Updates = "", nil, 0, withoutText(a)
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
	addText(a)
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

// withoutText are an article's updates without their text, where it is that of
// the passage of the body that they point to: a live blog is long.
func withoutText(a *dateline.Article) []dateline.Update {
	out := slices.Clone(a.Updates)
	for i := range out {
		u := &out[i]
		if passage(a.Body, *u) == u.Text {
			u.Text = ""
		}
	}
	return out
}

// addText undoes withoutText.
func addText(a *dateline.Article) {
	for i := range a.Updates {
		if u := &a.Updates[i]; u.Text == "" {
			u.Text = passage(a.Body, *u)
		}
	}
}

// passage is what an update points to, without its title; "" if it is not
// there.
func passage(body string, u dateline.Update) string {
	if u.Start < 0 || u.Start > u.End || u.End > len(body) {
		return ""
	}
	s := body[u.Start:u.End]
	if u.Title != "" {
		rest, ok := strings.CutPrefix(s, u.Title)
		if !ok {
			return ""
		}
		s = strings.TrimPrefix(rest, "\n\n")
	}
	return s
}
