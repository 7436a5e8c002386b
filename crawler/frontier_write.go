package crawler

import (
	"context"
	"database/sql"
	"strings"
	"time"
)

// found is an address that a source names.
type found struct {
	url       string
	kind      string // "" is article
	published time.Time
	news      bool          // from a news sitemap
	later     time.Duration // not to be fetched before; 0 is at once
}

func (f *frontier) writeRow(tx *sql.Tx, t *task, o outcome, now int64) error {
	if o.keepState {
		_, err := tx.Exec(`UPDATE urls SET lease_until = 0, due = ?, reason = CASE WHEN ? <> '' THEN ? ELSE reason END WHERE url = ?`,
			o.due, o.reason, o.reason, t.url)
		return err
	}
	if o.redirect != "" {
		// The next hop is fetched when its host is ready; host is where the row waits.
		chain := strings.Join(append(append([]string(nil), t.chain...), o.redirect), "\n")
		_, err := tx.Exec(`UPDATE urls SET lease_until = 0, due = ?, host = ?, chain = ?, status = ? WHERE url = ?`,
			o.due, hostOf(o.redirect), chain, o.status, t.url)
		return err
	}
	attempts, first := 0, t.firstFetch
	if o.reason != "" || o.err != "" {
		attempts = t.attempts + 1
	}
	if first == 0 && o.fetched {
		first = now
	}
	etag, lm := o.etag, o.lm
	if !o.fetched {
		// A 304 may bring new validators; what it does not bring stays.
		if !o.unchanged || etag == "" {
			etag = t.etag
		}
		if !o.unchanged || lm == "" {
			lm = t.lastModified
		}
	}
	same := t.same
	if o.fetched && same >= fullEach {
		same = fullEach / 2 // the fetch without conditions was had
	}
	if o.fetched && !o.taken && t.kind == "article" {
		etag, lm = "", "" // a 304 must not hide what was never taken
	}
	id := t.articleID
	if o.articleID != "" {
		id = o.articleID
	}
	_, err := tx.Exec(`UPDATE urls SET lease_until = 0, host = ?, chain = '', status = ?, reason = ?, attempts = ?,
		etag = ?, last_modified = ?, article_id = ?, first_fetch = ?, same = ?,
		due = CASE WHEN story <> ? THEN ? ELSE ? END WHERE url = ?`,
		hostOf(t.url), o.status, o.reason, attempts, etag, lm, id, first, same,
		t.story, now, // another story asked for it while it was fetched
		o.due, t.url)
	return err
}

// refuse enters addresses that are not to be fetched, so that they are counted.
func (f *frontier) refuse(tx *sql.Tx, t *task, list []found) error {
	for _, x := range list {
		if _, err := tx.Exec(`INSERT INTO urls (url, host, kind, source, story, depth, due, reason) VALUES (?, ?, 'article', ?, '', ?, ?, ?)
			ON CONFLICT (url) DO NOTHING`, x.url, hostOf(x.url), t.source, t.depth+1, never, offSite); err != nil {
			return err
		}
	}
	return nil
}

// add enters an address that t's source names; it says whether it was new.
func (f *frontier) add(tx *sql.Tx, x found, t *task, now int64) (bool, error) {
	kind := x.kind
	if kind == "" {
		kind = "article"
	}
	due := now + x.later.Milliseconds()
	var published int64
	if !x.published.IsZero() && x.published.Before(time.UnixMilli(now).Add(48*time.Hour)) {
		published = x.published.UnixMilli()
	}
	res, err := tx.Exec(`INSERT INTO urls (url, host, kind, source, story, depth, due, published) VALUES (?, ?, ?, ?, ?, ?, ?, ?)
		ON CONFLICT (url) DO UPDATE SET kind = excluded.kind, source = excluded.source, story = excluded.story, depth = excluded.depth,
			due = excluded.due, published = excluded.published, reason = ''
			WHERE reason = ?`, // refused before, and now named by one who may
		x.url, hostOf(x.url), kind, t.source, t.story, t.depth+1, due, published, offSite)
	if err != nil {
		return false, err
	}
	if n, _ := res.RowsAffected(); n > 0 {
		return true, nil
	}
	if kind != "article" {
		// A part of a sitemap index: read again only when it is said to have
		// changed, when a day went by, or after setSources put it to sleep.
		_, err := tx.Exec(`UPDATE urls SET due = ?, source = ?, published = MAX(published, ?) WHERE url = ? AND kind = ? AND (? > published OR due >= ?)`,
			due, t.source, published, x.url, kind, published, never)
		return false, err
	}
	if t.story == "" {
		return false, nil
	}
	// A second story wants the article: hand it over again, whole.
	_, err = tx.Exec(`UPDATE urls SET story = CASE WHEN story = '' THEN ? ELSE story || char(10) || ? END, due = ?, etag = '', last_modified = '', attempts = 0
		WHERE url = ? AND kind = 'article' AND instr(char(10) || story || char(10), char(10) || ? || char(10)) = 0`,
		t.story, t.story, now, x.url, t.story)
	return false, err
}

func count(tx *sql.Tx, t *task, o outcome, added int, now int64) error {
	bump := func(name string) error {
		_, err := tx.Exec(`INSERT INTO counters VALUES (?, 1) ON CONFLICT (name) DO UPDATE SET n = n + 1`, name)
		return err
	}
	if o.unchanged {
		if err := bump("not_modified"); err != nil {
			return err
		}
	}
	if o.fetched && t.kind == "article" {
		if err := bump("fetched"); err != nil {
			return err
		}
	}
	if t.kind == "article" {
		fetched, taken := 0, 0
		if o.fetched && t.firstFetch == 0 {
			fetched = 1
		}
		if o.taken && t.articleID == "" {
			taken = 1
		}
		// The address is the source: it succeeds with the fetch.
		isList := strings.HasPrefix(t.source, "urls ") && o.redirect == ""
		_, err := tx.Exec(`UPDATE sources SET fetched = fetched + ?, taken = taken + ?,
			found = CASE WHEN ? THEN 1 ELSE found END,
			last_success = CASE WHEN ? AND ? THEN ? ELSE last_success END,
			error = CASE WHEN ? THEN ? ELSE error END WHERE source = ?`,
			fetched, taken, isList, isList, o.fetched || o.unchanged, now, isList && (o.reason != "" || !o.keepState), o.err, t.source)
		return err
	}
	if o.keepState && o.reason == "" || o.redirect != "" {
		return nil
	}
	msg := o.err
	if msg == "" {
		msg = o.reason
	}
	if t.kind != "outlet" && strings.HasPrefix(t.source, "outlet ") {
		// A part that was found: others may do. Each has its own state in urls.
		_, err := tx.Exec(`UPDATE sources SET found = found + ?, last_success = CASE WHEN ? = '' THEN ? ELSE last_success END WHERE source = ?`,
			added, msg, now, t.source)
		return err
	}
	_, err := tx.Exec(`UPDATE sources SET found = found + ?, error = ?,
		last_success = CASE WHEN ? = '' THEN ? ELSE last_success END WHERE source = ?`, added, msg, msg, now, t.source)
	return err
}

func (f *frontier) stats(ctx context.Context) (Stats, error) {
	s := Stats{Sources: []SourceStats{}, NotFetched: map[string]int{}}
	rows, err := f.db.QueryContext(ctx, `SELECT source, last_success, found, fetched, taken, error FROM sources WHERE active ORDER BY position`)
	if err != nil {
		return s, err
	}
	defer rows.Close()
	for rows.Next() {
		var x SourceStats
		var last int64
		if err := rows.Scan(&x.Source, &last, &x.Found, &x.Fetched, &x.Taken, &x.Error); err != nil {
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
	err = f.pairs(ctx, `SELECT name, n FROM counters`, func(k string, n int) {
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
	err = f.pairs(ctx, `SELECT reason, COUNT(*) FROM urls WHERE reason <> '' GROUP BY reason`,
		func(k string, n int) { s.NotFetched[k] = n })
	return s, err
}

func (f *frontier) pairs(ctx context.Context, query string, fn func(string, int)) error {
	rows, err := f.db.QueryContext(ctx, query)
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

// robots reads the cached rules of a site (scheme://host).
func (f *frontier) robots(site, agent string) (*hostRules, error) {
	var r hostRules
	var expires int64
	err := f.db.QueryRow(`SELECT body, expires, reason FROM robots WHERE site = ?`, site).Scan(&r.body, &expires, &r.reason)
	if err == sql.ErrNoRows {
		return nil, nil
	}
	r.expires = time.UnixMilli(expires)
	r.delay = crawlDelay(r.body, agent)
	return &r, err
}

func (f *frontier) setRobots(site string, r *hostRules) error {
	_, err := f.db.Exec(`INSERT OR REPLACE INTO robots VALUES (?, ?, ?, ?)`, site, r.body, r.expires.UnixMilli(), r.reason)
	return err
}
