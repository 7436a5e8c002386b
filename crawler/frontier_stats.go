package crawler

import (
	"context"
	"database/sql"
	"strconv"
	"time"
)

// querier is what reading the numbers needs of a database or a connection.
type querier interface {
	QueryContext(ctx context.Context, query string, args ...any) (*sql.Rows, error)
}

// stats reads the numbers. Those of a file are read by a connection of its
// own, so that the crawl does not wait.
func (f *frontier) stats(ctx context.Context) (s Stats, err error) {
	if f.memory {
		err = f.read(func() error { s, err = readStats(ctx, f.conn); return err })
		return s, err
	}
	return readStats(ctx, f.db)
}

func readStats(ctx context.Context, db querier) (Stats, error) {
	s := Stats{Sources: []SourceStats{}, NotFetched: map[string]int{}}
	moved := "''" // in the file of an earlier version that nobody has crawled with since
	if err := pairs(ctx, db, `SELECT name, 1 FROM pragma_table_info('urls') WHERE name = 'moves'`, func(string, int) {
		moved = `COALESCE((SELECT moved FROM urls WHERE urls.source = sources.source AND kind <> 'article' AND depth = 0 AND moves >= ` + strconv.Itoa(movesFeed) + `), '')`
	}); err != nil {
		return s, err
	}
	rows, err := db.QueryContext(ctx, `SELECT source, last_success, found, fetched, taken, error, `+moved+` FROM sources WHERE active ORDER BY position`)
	if err != nil {
		return s, err
	}
	defer rows.Close()
	for rows.Next() {
		var x SourceStats
		var last int64
		if err := rows.Scan(&x.Source, &last, &x.Found, &x.Fetched, &x.Taken, &x.Error, &x.MovedTo); err != nil {
			return s, err
		}
		if last > 0 {
			t := time.UnixMilli(last).UTC().Truncate(time.Second)
			x.LastSuccess = &t
		}
		s.Sources = append(s.Sources, x)
	}
	if err := rows.Err(); err != nil {
		return s, err
	}
	err = pairs(ctx, db, `SELECT name, n FROM counters`, func(k string, n int) {
		switch k {
		case "fetched":
			s.Fetched = n
		case "not_modified":
			s.NotModified = n
		}
	})
	if err != nil {
		return s, err
	}
	err = pairs(ctx, db, `SELECT reason, COUNT(*) FROM urls WHERE reason <> '' GROUP BY reason`,
		func(k string, n int) { s.NotFetched[k] = n })
	if err != nil {
		return s, err
	}
	var hosts int // none in the file of an earlier version that nobody has crawled with since
	if err := pairs(ctx, db, `SELECT name, 1 FROM sqlite_master WHERE name = 'hosts'`, func(_ string, n int) { hosts = n }); err != nil || hosts == 0 {
		return s, err
	}
	// Nobody tries the addresses of a host that rests because no connection to
	// it comes about, one by one: they are counted here.
	err = pairs(ctx, db, `SELECT h.why, COUNT(*) FROM hosts h JOIN urls u ON u.host = h.host
		WHERE h.why = '`+whyDead+`' AND h.next > `+strconv.FormatInt(steady().UnixMilli(), 10)+` AND u.due < `+strconv.FormatInt(never, 10)+` AND u.reason = '' AND u.first_fetch = 0 GROUP BY h.why`,
		func(k string, n int) { s.NotFetched[k] += n })
	return s, err
}

func pairs(ctx context.Context, db querier, query string, fn func(string, int)) error {
	rows, err := db.QueryContext(ctx, query)
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		var k string
		var n int
		if err := rows.Scan(&k, &n); err != nil {
			return err
		}
		fn(k, n)
	}
	return rows.Err()
}
