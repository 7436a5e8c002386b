package main

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strings"

	_ "modernc.org/sqlite" // the driver "sqlite"

	"dateline"
)

// fts5 is SQLite's full-text index, with Porter's stemmer, and tables of the
// facets.
type fts5 struct {
	*sql.DB
	ctx context.Context //nolint:containedctx // of the one command that measures
}

const fts5Schema = `PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL;
CREATE TABLE docs(rowid INTEGER PRIMARY KEY, id TEXT, title TEXT, body TEXT, published INTEGER, outlet TEXT);
CREATE TABLE facet(rowid INTEGER PRIMARY KEY, doc INTEGER, field INTEGER, val TEXT);
CREATE VIRTUAL TABLE fts USING fts5(title, body, content='docs', content_rowid='rowid', tokenize='porter unicode61');`

const fts5Finish = `CREATE INDEX d_pub ON docs(published); CREATE INDEX d_out ON docs(outlet);
CREATE INDEX f_doc ON facet(doc, field, val); CREATE INDEX f_val ON facet(field, val);
INSERT INTO fts(fts) VALUES('optimize'); PRAGMA wal_checkpoint(TRUNCATE); ANALYZE;`

func openFTS5(ctx context.Context, file string) (*fts5, error) {
	db, err := sql.Open("sqlite", file)
	if err != nil {
		return nil, err
	}
	db.SetMaxOpenConns(1) // temporary tables and settings are of a connection
	_, err = db.ExecContext(ctx, "PRAGMA cache_size=-200000; PRAGMA mmap_size=4000000000; CREATE TEMP TABLE h(doc INTEGER PRIMARY KEY);")
	return &fts5{db, ctx}, err
}

func buildFTS5(ctx context.Context, file string, c corpus) (err error) {
	x, err := openFTS5(ctx, file)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, x.Close()) }()
	if _, err := x.ExecContext(ctx, fts5Schema); err != nil {
		return err
	}
	n := 0
	var batch []*dateline.Article
	put := func() error {
		err := x.put(batch, n)
		n += len(batch)
		batch = batch[:0]
		return err
	}
	err = c.each(ctx, func(a *dateline.Article) error {
		if batch = append(batch, a); len(batch) < 5*benchBatch {
			return nil
		}
		return put()
	})
	if err == nil {
		err = put()
	}
	if err == nil {
		_, err = x.ExecContext(ctx, fts5Finish)
	}
	return err
}

func (x *fts5) put(batch []*dateline.Article, n int) error {
	tx, err := x.BeginTx(x.ctx, nil)
	if err != nil {
		return err
	}
	defer tx.Rollback()
	var into [3]*sql.Stmt
	for i, s := range []string{
		"INSERT INTO docs VALUES(?,?,?,?,?,?)", "INSERT INTO fts(rowid,title,body) VALUES(?,?,?)",
		"INSERT INTO facet(doc,field,val) VALUES(?,?,?)",
	} {
		if into[i], err = tx.PrepareContext(x.ctx, s); err != nil {
			return err
		}
		defer into[i].Close()
	}
	for i, a := range batch {
		row := n + i + 1
		if _, err := into[0].ExecContext(x.ctx, row, a.ID, a.Title, a.Body, a.Published.Unix(), a.Outlet.ID); err != nil {
			return err
		}
		if _, err := into[1].ExecContext(x.ctx, row, a.Title, a.Body); err != nil {
			return err
		}
		for f, vs := range facetIDs(a) {
			for _, v := range vs {
				if f == 0 {
					continue // a column of docs
				}
				if _, err := into[2].ExecContext(x.ctx, row, f, v); err != nil {
					return err
				}
			}
		}
	}
	return tx.Commit()
}

// rows runs a statement to its end.
func (x *fts5) rows(q string, args ...any) error {
	rows, err := x.QueryContext(x.ctx, q, args...)
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		continue
	}
	return rows.Err()
}

func (x *fts5) total(q string, args ...any) (n int, err error) {
	return n, x.QueryRowContext(x.ctx, q, args...).Scan(&n)
}

func (x *fts5) match(q benchQuery) string {
	switch q.op {
	case opOr:
		return strings.Join(q.words, " OR ")
	case opPhrase:
		return `"` + q.text() + `"`
	case opPrefix:
		return q.text() + "*"
	}
	return strings.Join(q.words, " AND ")
}

// Pieces of statements: a month of the corpus, near enough, and the hits.
const (
	fts5Month = "(published - ?) / 2630016"
	fts5Hits  = "FROM fts JOIN docs ON docs.rowid = fts.rowid WHERE fts MATCH ?"
)

func (x *fts5) prepare(q benchQuery) func() (int, error) {
	if q.op == opAll {
		return func() (int, error) { return x.matchAll(q) }
	}
	m := x.match(q)
	args := []any{m}
	where := ""
	if !q.to.IsZero() {
		where += " AND published >= ? AND published < ?"
		args = append(args, q.from.Unix(), q.to.Unix())
	}
	for f, vs := range q.filters {
		if f != dateline.FieldOutlet || len(q.filters) > 1 || len(vs) > 1 {
			return nil // several choices: a query of its own for each facet, not written
		}
		where += " AND outlet = ?"
		args = append(args, vs[0])
	}
	top := "SELECT rowid, bm25(fts) FROM fts WHERE fts MATCH ? ORDER BY rank LIMIT 10"
	count := "SELECT count(*) FROM fts WHERE fts MATCH ?"
	switch {
	case q.page:
		top = "SELECT docs.title, docs.published, snippet(fts, 1, '<b>', '</b>', '…', 40) " + fts5Hits + where + " ORDER BY rank LIMIT 20"
	case q.byDate:
		top = "SELECT docs.rowid " + fts5Hits + " ORDER BY published DESC LIMIT 10"
	case where != "":
		top = "SELECT docs.rowid " + fts5Hits + where + " ORDER BY rank LIMIT 10"
	}
	if where != "" {
		count = "SELECT count(*) " + fts5Hits + where
	}
	return func() (int, error) {
		if err := x.rows(top, args...); err != nil {
			return 0, err
		}
		if !q.facets && !q.months {
			return x.total(count, args...)
		}
		if _, err := x.ExecContext(x.ctx, "DELETE FROM h"); err != nil {
			return 0, err
		}
		if _, err := x.ExecContext(x.ctx, "INSERT INTO h SELECT docs.rowid "+fts5Hits+where, args...); err != nil {
			return 0, err
		}
		if q.months {
			if err := x.rows("SELECT "+fts5Month+" k, count(*) FROM docs WHERE rowid IN h GROUP BY k", benchStart.Unix()); err != nil {
				return 0, err
			}
		}
		if q.facets {
			if err := x.facets("docs WHERE rowid IN h", "h CROSS JOIN facet ON facet.doc = h.doc WHERE"); err != nil {
				return 0, err
			}
		}
		return x.total("SELECT count(*) FROM h")
	}
}

func (x *fts5) facets(docs, facet string) error {
	if err := x.rows("SELECT outlet, count(*) n FROM " + docs + " GROUP BY outlet ORDER BY n DESC LIMIT 20"); err != nil {
		return err
	}
	for f := 1; f < len(benchFacets); f++ {
		if err := x.rows(fmt.Sprintf("SELECT val, count(*) n FROM %s field = %d GROUP BY val ORDER BY n DESC LIMIT 20", facet, f)); err != nil {
			return err
		}
	}
	return nil
}

func (x *fts5) matchAll(q benchQuery) (int, error) {
	top := "SELECT rowid FROM docs LIMIT 10"
	if q.byDate {
		top = "SELECT rowid FROM docs ORDER BY published DESC LIMIT 10"
	}
	if err := x.rows(top); err != nil {
		return 0, err
	}
	if q.months {
		if err := x.rows("SELECT "+fts5Month+" k, count(*) FROM docs GROUP BY k", benchStart.Unix()); err != nil {
			return 0, err
		}
	}
	if q.facets {
		if err := x.facets("docs", "facet WHERE"); err != nil {
			return 0, err
		}
	}
	return x.total("SELECT count(*) FROM docs")
}
