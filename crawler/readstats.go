package crawler

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"time"
)

// ReadStats reads the numbers of the crawl in a data folder, also while
// another process crawls there. It changes nothing; before the first crawl
// all are zero.
func ReadStats(ctx context.Context, dir string) (Stats, error) {
	s := Stats{Sources: []SourceStats{}, NotFetched: map[string]int{}, Hosts: []HostStats{}}
	err := readFrontier(dir, func(db *sql.DB) (err error) {
		s, err = readStats(ctx, db)
		return err
	})
	if errors.Is(err, fs.ErrNotExist) {
		err = nil
	}
	return s, err
}

// readFrontier opens the frontier of a data folder for reading beside who
// writes it; fs.ErrNotExist if nobody has crawled there.
func readFrontier(dir string, fn func(*sql.DB) error) error {
	path := filepath.Join(dir, "frontier.db")
	if _, err := os.Stat(path); err != nil {
		return err
	}
	q := url.Values{"_pragma": {"busy_timeout(10000)", "query_only(1)"}, "mode": {"rw"}}
	db, err := sql.Open("sqlite", "file:"+(&url.URL{Path: path}).EscapedPath()+"?"+q.Encode())
	if err == nil {
		defer db.Close()
		err = fn(db)
	}
	if err != nil {
		return fmt.Errorf("crawler: frontier: %w", err)
	}
	return nil
}

// AddressStats tells what is known of one address.
type AddressStats struct {
	URL        string     `json:"url"`
	Source     string     `json:"source"` // kind and value of the source that it comes from
	Path       []string   `json:"path"`   // how it was found: the source's address, then each list or article that named the next
	Stories    []string   `json:"stories"`
	Status     int        `json:"status"` // of the last answer; 0 if there was none
	Reason     string     `json:"reason"` // why it gave no article; empty if it did or was not asked yet
	MovedTo    string     `json:"moved_to,omitempty"`
	ArticleID  string     `json:"article_id,omitempty"`
	FirstFetch *time.Time `json:"first_fetch"` // null before the first fetch
	Due        *time.Time `json:"due"`         // when it is looked at again, or may be now; null if it is done with
}

// ErrUnknownAddress says that no source has named an address.
var ErrUnknownAddress = errors.New("crawler: no source has named this address")

// maxPath bounds the steps of AddressStats.Path.
const maxPath = 20

// ReadAddress reads what the crawl in a data folder knows of an address, in
// any spelling. The error is ErrUnknownAddress if that is nothing.
func ReadAddress(ctx context.Context, dir, rawURL string) (AddressStats, error) {
	var a AddressStats
	u, err := Canonical(rawURL)
	if err != nil {
		return a, err
	}
	err = readFrontier(dir, func(db *sql.DB) (err error) {
		for _, x := range []string{u, strings.TrimSpace(rawURL)} { // a source's address is as it was given
			if a, err = readAddress(ctx, db, x); !errors.Is(err, sql.ErrNoRows) {
				break
			}
		}
		return err
	})
	if errors.Is(err, fs.ErrNotExist) || errors.Is(err, sql.ErrNoRows) {
		return a, fmt.Errorf("%w: %s", ErrUnknownAddress, u)
	}
	return a, err
}

func readAddress(ctx context.Context, db *sql.DB, u string) (AddressStats, error) {
	a := AddressStats{Stories: []string{}}
	var story, via string
	var depth, moves int
	var first, due int64
	err := db.QueryRowContext(ctx, `SELECT url, source, story, depth, status, reason, moved, moves, article_id, first_fetch, `+dueAt+`, via FROM urls WHERE url = ?`, u).
		Scan(&a.URL, &a.Source, &story, &depth, &a.Status, &a.Reason, &a.MovedTo, &moves, &a.ArticleID, &first, &due, &via)
	if err != nil {
		return a, err
	}
	a.Stories = append(a.Stories, strings.FieldsFunc(story, func(r rune) bool { return r == '\n' })...)
	if first > 0 {
		t := time.UnixMilli(first).UTC().Truncate(time.Second)
		a.FirstFetch = &t
	}
	if due < never {
		t := time.UnixMilli(max(due, steady().UnixMilli())).UTC().Truncate(time.Second)
		a.Due = &t
	}
	path := []string{a.URL}
	for len(path) < maxPath && via != "" {
		path = append(path, via)
		err := db.QueryRowContext(ctx, `SELECT via, depth FROM urls WHERE url = ?`, via).Scan(&via, &depth)
		if errors.Is(err, sql.ErrNoRows) {
			break
		}
		if err != nil {
			return a, err
		}
	}
	if _, value, ok := strings.Cut(a.Source, " "); ok && value != path[len(path)-1] {
		path = append(path, value)
	}
	for i := len(path) - 1; i >= 0; i-- {
		a.Path = append(a.Path, path[i])
	}
	return a, nil
}
