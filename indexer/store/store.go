// Package store keeps articles, their versions and entities in one SQLite
// file: the source of truth from which the search index is made.
package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"net/url"
	"os"
	"sync"

	"modernc.org/sqlite"
)

// Store is an open articles.db. It is safe for use by several goroutines.
type Store struct {
	w *sql.DB // one connection: writers wait for each other here, not in SQLite; nil in a reader
	r *sql.DB

	mu      sync.Mutex           // guards stmts and numbers
	stmts   map[string]*sql.Stmt // see many
	numbers nameNumbers          // of names that are stored
}

func dsn(path, txlock string, more ...string) string {
	pragmas := append([]string{"busy_timeout(10000)", "foreign_keys(1)"}, more...)
	return "file:" + (&url.URL{Path: path}).EscapedPath() + "?" + url.Values{"_pragma": pragmas, "_txlock": {txlock}}.Encode()
}

// Open opens the database file, making or migrating it as needed.
func Open(path string) (*Store, error) {
	w, err := sql.Open("sqlite", dsn(path, "immediate", "journal_mode(WAL)", "synchronous(FULL)"))
	if err != nil {
		return nil, err
	}
	w.SetMaxOpenConns(1)
	s := &Store{w: w, stmts: map[string]*sql.Stmt{}}
	if err := s.migrate(); err != nil {
		w.Close()
		return nil, fmt.Errorf("store %s: %w", path, err)
	}
	if s.r, err = openReaders(path); err != nil {
		w.Close()
		return nil, err
	}
	return s, nil
}

// OpenReader opens a database file that is there, to read it beside a process
// that writes. It makes nothing: a file of another schema is an *SchemaError.
func OpenReader(path string) (*Store, error) {
	if _, err := os.Stat(path); err != nil {
		return nil, err
	}
	r, err := openReaders(path)
	if err != nil {
		return nil, err
	}
	var v int
	if err = r.QueryRow("PRAGMA user_version").Scan(&v); err == nil && v != len(migrations) {
		err = &SchemaError{Have: v, Want: len(migrations)}
	}
	if err != nil {
		r.Close()
		return nil, fmt.Errorf("store %s: %w", path, err)
	}
	return &Store{r: r, stmts: map[string]*sql.Stmt{}}, nil
}

func openReaders(path string) (*sql.DB, error) {
	r, err := sql.Open("sqlite", dsn(path, "deferred", "query_only(1)"))
	if err == nil {
		r.SetMaxOpenConns(8)
	}
	return r, err
}

// Close closes the database.
func (s *Store) Close() error {
	if s.w == nil {
		return s.r.Close()
	}
	return errors.Join(s.r.Close(), s.w.Close())
}

// IsFull says whether err is SQLite's for a file that cannot grow: the disk is
// full, or the system refused the write.
func IsFull(err error) bool {
	const full, ioerrWrite = 13, 778
	var e *sqlite.Error
	return errors.As(err, &e) && (e.Code() == full || e.Code() == ioerrWrite)
}

// tx is a transaction that prepares each of its statements once: parsing them
// again was a quarter of the cost of storing a batch.
type tx struct {
	*sql.Tx
	stmts map[string]*sql.Stmt

	known, fresh nameNumbers   // as the store knows them; found or taken in this transaction
	rows         []articleName // to be written at its end
}

func (s *Store) begin(ctx context.Context) (*tx, error) {
	t, err := s.w.BeginTx(ctx, nil)
	if err != nil {
		return nil, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	return &tx{Tx: t, stmts: map[string]*sql.Stmt{}, known: s.numbers, fresh: nameNumbers{}}, nil
}

// ExecContext runs a statement; its text is a constant of this package. The
// statements end with the transaction.
func (t *tx) ExecContext(ctx context.Context, q string, args ...any) (sql.Result, error) {
	st, err := t.prepared(ctx, q)
	if err != nil {
		return nil, err
	}
	return st.ExecContext(ctx, args...)
}

// QueryRowContext is ExecContext for a statement that answers a row.
func (t *tx) QueryRowContext(ctx context.Context, q string, args ...any) *sql.Row {
	st, err := t.prepared(ctx, q)
	if err != nil {
		return t.Tx.QueryRowContext(ctx, q, args...) // whose Scan gives the error
	}
	return st.QueryRowContext(ctx, args...)
}

func (t *tx) prepared(ctx context.Context, q string) (*sql.Stmt, error) {
	if st := t.stmts[q]; st != nil {
		return st, nil
	}
	st, err := t.PrepareContext(ctx, q)
	if err == nil {
		t.stmts[q] = st
	}
	return st, err
}
