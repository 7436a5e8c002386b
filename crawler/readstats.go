package crawler

import (
	"context"
	"database/sql"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
)

// ReadStats reads the numbers of the crawl in a data folder, also while
// another process crawls there. It changes nothing; before the first crawl
// all are zero.
func ReadStats(ctx context.Context, dir string) (Stats, error) {
	path := filepath.Join(dir, "frontier.db")
	if _, err := os.Stat(path); os.IsNotExist(err) {
		return Stats{Sources: []SourceStats{}, NotFetched: map[string]int{}}, nil
	}
	q := url.Values{"_pragma": {"busy_timeout(10000)", "query_only(1)"}, "mode": {"rw"}}
	db, err := sql.Open("sqlite", "file:"+(&url.URL{Path: path}).EscapedPath()+"?"+q.Encode())
	if err != nil {
		return Stats{}, fmt.Errorf("crawler: frontier: %w", err)
	}
	defer db.Close()
	s, err := readStats(ctx, db)
	if err != nil {
		return s, fmt.Errorf("crawler: frontier: %w", err)
	}
	return s, nil
}
