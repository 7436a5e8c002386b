// Package store keeps articles, their versions and entities in one SQLite
// file: the source of truth from which the search index is made.
package store

import (
	"database/sql"
	"errors"
	"fmt"
	"net/url"

	_ "modernc.org/sqlite" // the database driver
)

// Store is an open articles.db. It is safe for use by several goroutines.
type Store struct {
	w *sql.DB // one connection: writers wait for each other here, not in SQLite
	r *sql.DB
}

// Open opens the database file, making or migrating it as needed.
func Open(path string) (*Store, error) {
	pragmas := url.Values{"_pragma": {"busy_timeout(10000)", "journal_mode(WAL)", "synchronous(FULL)", "foreign_keys(1)"}, "_txlock": {"immediate"}}
	dsn := "file:" + (&url.URL{Path: path}).EscapedPath() + "?" + pragmas.Encode()
	w, err := sql.Open("sqlite", dsn)
	if err != nil {
		return nil, err
	}
	w.SetMaxOpenConns(1)
	s := &Store{w: w}
	if err := s.migrate(); err != nil {
		w.Close()
		return nil, fmt.Errorf("store %s: %w", path, err)
	}
	pragmas.Set("_txlock", "deferred")
	pragmas.Add("_pragma", "query_only(1)")
	s.r, err = sql.Open("sqlite", "file:"+(&url.URL{Path: path}).EscapedPath()+"?"+pragmas.Encode())
	if err != nil {
		w.Close()
		return nil, err
	}
	s.r.SetMaxOpenConns(8)
	return s, nil
}

// Close closes the database.
func (s *Store) Close() error { return errors.Join(s.r.Close(), s.w.Close()) }
