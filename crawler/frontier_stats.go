package crawler

import (
	"context"
	"database/sql"
	"errors"
	"strconv"
	"strings"
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
	s := Stats{Sources: []SourceStats{}, NotFetched: map[string]int{}, Hosts: []HostStats{}}
	moved := "''" // in the file of an earlier version that nobody has crawled with since
	if err := pairs(ctx, db, `SELECT name, 1 FROM pragma_table_info('urls') WHERE name = 'moves'`, func(string, int) {
		moved = `COALESCE((SELECT moved FROM urls WHERE urls.source = sources.source AND kind <> 'article' AND depth = 0 AND moves >= ` + strconv.Itoa(movesFeed) + `), '')`
	}); err != nil {
		return s, err
	}
	var err error
	if s.Sources, err = sourceStats(ctx, db, moved); err != nil {
		return s, err
	}
	err = pairs(ctx, db, `SELECT name, n FROM counters`, func(k string, n int) {
		switch k {
		case "fetched":
			s.Fetched = n
		case "not_modified":
			s.NotModified = n
		case trap:
			s.NotFetched[trap] += n
		}
	})
	if err != nil {
		return s, err
	}
	err = pairs(ctx, db, `SELECT reason, COUNT(*) FROM urls WHERE reason <> '' GROUP BY reason`,
		func(k string, n int) { s.NotFetched[k] += n })
	if err != nil {
		return s, err
	}
	var columns int // none in the file of an earlier version that nobody has crawled with since
	if err := pairs(ctx, db, `SELECT name, 1 FROM pragma_table_info('hosts') WHERE name = 'gap'`, func(_ string, n int) { columns = n }); err != nil || columns == 0 {
		return s, err
	}
	if s.Hosts, err = hostStats(ctx, db); err != nil {
		return s, err
	}
	// Nobody tries the addresses of a host that rests because no connection to
	// it comes about, one by one: they are counted here.
	err = pairs(ctx, db, `SELECT h.why, COUNT(*) FROM hosts h JOIN urls u ON u.host = h.host
		WHERE h.why = '`+whyDead+`' AND h.next > `+strconv.FormatInt(steady().UnixMilli(), 10)+` AND u.due < `+strconv.FormatInt(never, 10)+` AND u.reason = '' AND u.first_fetch = 0 GROUP BY h.why`,
		func(k string, n int) { s.NotFetched[k] += n })
	return s, err
}

// dueAt selects when an address is asked for: when it is due, and its host may be asked.
const dueAt = `max(due, ifnull((SELECT next FROM hosts WHERE hosts.host = urls.host), 0))`

// sourceStats reads the active sources; moved is how where one has moved to is
// selected.
func sourceStats(ctx context.Context, db querier, moved string) ([]SourceStats, error) {
	rows, err := db.QueryContext(ctx, `SELECT source, last_success, found, fetched, taken, error, `+moved+` FROM sources WHERE active ORDER BY position`)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	list := []SourceStats{}
	at := map[string]int{}
	for rows.Next() {
		x := SourceStats{Refused: map[string]int{}}
		var last int64
		if err := rows.Scan(&x.Source, &last, &x.Found, &x.Fetched, &x.Taken, &x.Error, &x.MovedTo); err != nil {
			return nil, err
		}
		x.LastSuccess = moment(last)
		at[x.Source] = len(list)
		list = append(list, x)
	}
	if err := errors.Join(rows.Err(), rows.Close()); err != nil {
		return nil, err
	}
	// A source, or the part of it that is asked first.
	due := func(query string, args ...any) error {
		return triples(ctx, db, query, func(source, _ string, n int64) {
			if i, ok := at[source]; ok && n < never {
				list[i].NextDue = moment(max(n, steady().UnixMilli()))
			}
		}, args...)
	}
	if err := due(`SELECT source, '', MIN(` + dueAt + `) FROM urls WHERE kind <> 'article' GROUP BY source`); err != nil {
		return nil, err
	}
	for _, x := range list { // an address that is its own source
		v, ok := strings.CutPrefix(x.Source, "urls ")
		if u, err := Canonical(v); ok && err == nil {
			if err := due(`SELECT ?, '', `+dueAt+` FROM urls WHERE url = ?`, x.Source, u); err != nil {
				return nil, err
			}
		}
	}
	err = triples(ctx, db, `SELECT source, reason, COUNT(*) FROM urls WHERE reason <> '' GROUP BY source, reason`, func(source, reason string, n int64) {
		if i, ok := at[source]; ok {
			list[i].Refused[reason] = int(n)
		}
	})
	return list, err
}

// maxHostStats bounds what is told of hosts: a crawl may know a hundred
// thousand.
const maxHostStats = 1000

func hostStats(ctx context.Context, db querier) ([]HostStats, error) {
	rows, err := db.QueryContext(ctx, `SELECT host, next, CASE WHEN next > ?2 OR why = '`+whyHalf+`' AND day = ?1 THEN why ELSE '' END AS why, gap, CASE day WHEN ?1 THEN used ELSE 0 END,
		(SELECT COUNT(*) FROM urls WHERE urls.host = hosts.host AND due = 0 AND kind = 'article')
		FROM hosts ORDER BY why <> '' DESC, next DESC, host LIMIT ?3`, dayOf(steady()), steady().UnixMilli(), maxHostStats)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	list := []HostStats{}
	for rows.Next() {
		var x HostStats
		var next, gap int64
		if err := rows.Scan(&x.Host, &next, &x.Why, &gap, &x.Requests, &x.Waiting); err != nil {
			return nil, err
		}
		x.Next, x.Delay = *moment(max(next, 1)), float64(gap)/1000
		list = append(list, x)
	}
	return list, rows.Err()
}

// moment gives a time of the frontier to the second; nil for 0.
func moment(ms int64) *time.Time {
	if ms == 0 {
		return nil
	}
	t := time.UnixMilli(ms).UTC().Truncate(time.Second)
	return &t
}

func triples(ctx context.Context, db querier, query string, fn func(a, b string, n int64), args ...any) error {
	rows, err := db.QueryContext(ctx, query, args...)
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		var a, b string
		var n int64
		if err := rows.Scan(&a, &b, &n); err != nil {
			return err
		}
		fn(a, b, n)
	}
	return rows.Err()
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
