package crawler

import (
	"database/sql"
	"errors"
	"time"
)

const taskColumns = `rowid, url, host, kind, source, story, depth, due, etag, last_modified, article_id, attempts, published, first_fetch, chain, same, rank, reason <> '', moved, moves, text, via`

func scanTask(row scanner) (*task, error) {
	var t task
	var chain string
	err := row.Scan(&t.id, &t.url, &t.host, &t.kind, &t.source, &t.story, &t.depth, &t.due, &t.etag, &t.lastModified,
		&t.articleID, &t.attempts, &t.published, &t.firstFetch, &chain, &t.same, &t.rank, &t.retry, &t.moved, &t.moves, &t.text, &t.via)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	t.chain = parseHops(chain)
	return &t, nil
}

// pick gives the address of a host that is to be asked for now, or nil: a
// source before articles, and of articles the newest. Sitemaps that an index
// names, of which there can be hundreds, wait for articles that are news. With
// fresh it is none that can wait for another day.
func (f *frontier) pick(host string, fresh bool, now int64) (*task, error) {
	until := now
	if f.limit > 0 {
		until = min(now, f.limit)
	}
	t, err := scanTask(f.row(`SELECT `+taskColumns+` FROM urls INDEXED BY urls_lists
		WHERE host = ? AND kind <> 'article' AND due <= ? ORDER BY due LIMIT 1`, host, until))
	if t != nil && !t.fromIndex() || err != nil {
		return t, err
	}
	part := t
	best, err := scanTask(f.row(`SELECT `+taskColumns+` FROM urls INDEXED BY urls_new
		WHERE host = ? AND due = 0 AND kind = 'article' ORDER BY rank DESC LIMIT 1`, host))
	if err != nil {
		return nil, err
	}
	if part != nil {
		if best != nil && best.published > 0 && best.rank >= now-freshTime.Milliseconds() {
			return best, nil
		}
		return part, nil
	}
	// Of those whose time has come, the newest of the first few.
	t, err = scanTask(f.row(`SELECT * FROM (SELECT `+taskColumns+` FROM urls INDEXED BY urls_due
		WHERE host = ? AND due > 0 AND due <= ? AND kind = 'article' ORDER BY due LIMIT 16) ORDER BY rank DESC LIMIT 1`, host, until))
	if err != nil {
		return nil, err
	}
	if best == nil || t != nil && t.rank > best.rank {
		best = t
	}
	if best == nil && f.limit > 0 {
		best, err = scanTask(f.row(`SELECT `+taskColumns+` FROM urls INDEXED BY urls_again
			WHERE host = ? AND reason <> '' AND due < 4503599627370496 AND due <= ? ORDER BY due LIMIT 1`, host, now))
	}
	if best != nil && fresh && best.kind == "article" && best.rank < now-freshTime.Milliseconds() {
		return nil, err
	}
	return best, err
}

// earliest is the first due time of a host's addresses.
func (f *frontier) earliest(host string) (int64, error) {
	first, err := f.due(`SELECT due FROM urls INDEXED BY urls_due WHERE host = ? ORDER BY due LIMIT 1`, host)
	if err != nil || f.limit == 0 || first <= f.limit {
		return first, err
	}
	return f.due(`SELECT due FROM urls INDEXED BY urls_again
		WHERE host = ? AND reason <> '' AND due < 4503599627370496 ORDER BY due LIMIT 1`, host)
}

// earliestSource is that of its sources.
func (f *frontier) earliestSource(host string) (int64, error) {
	return f.due(`SELECT due FROM urls INDEXED BY urls_lists WHERE host = ? AND kind <> 'article' ORDER BY due LIMIT 1`, host)
}

func (f *frontier) due(query, host string) (int64, error) {
	due := never
	err := f.row(query, host).Scan(&due)
	if errors.Is(err, sql.ErrNoRows) {
		err = nil
	}
	return due, err
}

// eachHost tells the first due time of every host that has something due.
// Its time is that of the number of hosts, not of addresses.
func (f *frontier) eachHost(fn func(host string, due int64)) error {
	return f.read(func() error {
		host := ""
		for {
			err := f.row(`SELECT host FROM urls INDEXED BY urls_due WHERE host > ? ORDER BY host LIMIT 1`, host).Scan(&host)
			if errors.Is(err, sql.ErrNoRows) {
				return nil
			}
			if err != nil {
				return err
			}
			due, err := f.earliest(host)
			if err != nil {
				return err
			}
			if due < never {
				fn(host, due)
			}
		}
	})
}

// knownHosts reads what is still of use of what saveHost wrote.
func (f *frontier) knownHosts(now time.Time, fn func(s hostState)) error {
	return f.read(func() error {
		q, err := f.prepared(`SELECT host, next, why, delay, tired, fails, rests, day, used FROM hosts
			WHERE next > ? OR day = ? OR tired > 0 OR fails > 0`)
		if err != nil {
			return err
		}
		rows, err := q.Query(now.UnixMilli(), dayOf(now))
		if err != nil {
			return err
		}
		defer rows.Close()
		for rows.Next() {
			var s hostState
			var next, delay int64
			if err := rows.Scan(&s.name, &next, &s.why, &delay, &s.tired, &s.fails, &s.rests, &s.day, &s.used); err != nil {
				return err
			}
			s.next, s.delay = time.UnixMilli(next), time.Duration(delay)*time.Millisecond
			fn(s)
		}
		return rows.Err()
	})
}

// saveHost writes what a restart must know of a host.
func (f *frontier) saveHost(s hostState) error {
	_, err := f.exec(`INSERT OR REPLACE INTO hosts (host, next, why, delay, tired, fails, rests, day, used, gap) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
		s.name, s.next.UnixMilli(), s.why, s.delay.Milliseconds(), s.tired, s.fails, s.rests, s.day, s.used, s.gap.Milliseconds())
	return err
}
