package crawler

import (
	"database/sql"
	"fmt"
	"net/url"
	"strings"

	_ "modernc.org/sqlite" // the frontier's driver
)

// never is a due time that does not come: the address is done with.
const never = int64(1) << 52

const schema = `
CREATE TABLE IF NOT EXISTS urls (
  url TEXT PRIMARY KEY, host TEXT NOT NULL, kind TEXT NOT NULL, source TEXT NOT NULL,
  story TEXT NOT NULL DEFAULT '', depth INTEGER NOT NULL DEFAULT 0,
  due INTEGER NOT NULL, lease_until INTEGER NOT NULL DEFAULT 0,
  etag TEXT NOT NULL DEFAULT '', last_modified TEXT NOT NULL DEFAULT '',
  status INTEGER NOT NULL DEFAULT 0, reason TEXT NOT NULL DEFAULT '',
  article_id TEXT NOT NULL DEFAULT '', attempts INTEGER NOT NULL DEFAULT 0,
  published INTEGER NOT NULL DEFAULT 0, first_fetch INTEGER NOT NULL DEFAULT 0,
  chain TEXT NOT NULL DEFAULT '',
  same INTEGER NOT NULL DEFAULT 0); -- answers in a row that nothing is new
CREATE INDEX IF NOT EXISTS urls_due ON urls (host, due);
CREATE INDEX IF NOT EXISTS urls_parts ON urls (source) WHERE kind <> 'article';
CREATE TABLE IF NOT EXISTS sources (
  source TEXT PRIMARY KEY, position INTEGER NOT NULL, last_success INTEGER NOT NULL DEFAULT 0,
  found INTEGER NOT NULL DEFAULT 0, fetched INTEGER NOT NULL DEFAULT 0,
  taken INTEGER NOT NULL DEFAULT 0, error TEXT NOT NULL DEFAULT '', active INTEGER NOT NULL DEFAULT 1);
CREATE TABLE IF NOT EXISTS robots ( -- body: the rules or, with a reason, what went wrong
  site TEXT PRIMARY KEY, body TEXT NOT NULL, expires INTEGER NOT NULL, reason TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS counters (name TEXT PRIMARY KEY, n INTEGER NOT NULL);
`

// inMemory as a path makes a frontier that leaves nothing behind.
const inMemory = ""

// frontier is the crawl's memory. Times are Unix milliseconds.
type frontier struct{ db *sql.DB }

// task is one row of urls: an address to fetch and what is known about it.
type task struct {
	url, host, kind, source, story string
	depth                          int
	due                            int64
	etag, lastModified             string
	articleID                      string
	attempts                       int
	published, firstFetch          int64
	chain                          []string // redirects followed so far; the last is fetched next
	same                           int
}

// target is the address that is to be asked for now.
func (t *task) target() string {
	if n := len(t.chain); n > 0 {
		return t.chain[n-1]
	}
	return t.url
}

func openFrontier(path string) (*frontier, error) {
	q := url.Values{"_pragma": {"busy_timeout(10000)", "journal_mode(WAL)", "synchronous(FULL)"}, "_txlock": {"immediate"}}
	name := ":memory:"
	if path != inMemory {
		name = (&url.URL{Path: path}).EscapedPath()
	}
	db, err := sql.Open("sqlite", "file:"+name+"?"+q.Encode())
	if err != nil {
		return nil, err
	}
	db.SetMaxOpenConns(1) // one writer; SQLite would serialise them anyway
	f := &frontier{db}
	_, err = db.Exec(schema)
	if err == nil {
		err = upgrade(db)
	}
	if err == nil {
		// One process crawls, so leases that are still there were left by a crash.
		err = f.endLeases()
	}
	if err != nil {
		db.Close()
		return nil, err
	}
	return f, nil
}

func (f *frontier) endLeases() error {
	_, err := f.db.Exec(`UPDATE urls SET lease_until = 0 WHERE lease_until <> 0`)
	return err
}

// upgrade adds the columns that a frontier of an earlier version lacks.
func upgrade(db *sql.DB) error {
	var n int
	if err := db.QueryRow(`SELECT COUNT(*) FROM pragma_table_info('urls') WHERE name = 'same'`).Scan(&n); err != nil || n > 0 {
		return err
	}
	_, err := db.Exec(`ALTER TABLE urls ADD COLUMN same INTEGER NOT NULL DEFAULT 0`)
	return err
}

func (f *frontier) close() error { return f.db.Close() }

func hostOf(rawURL string) string {
	u, err := url.Parse(rawURL)
	if err != nil {
		return ""
	}
	return strings.ToLower(u.Host)
}

func (s Source) key() string { return s.Kind + " " + s.Value }

// address is what is fetched for a source.
func (s Source) address() (string, error) {
	v := strings.TrimSpace(s.Value)
	switch s.Kind {
	case "gdelt":
		if !strings.HasPrefix(v, "http://") && !strings.HasPrefix(v, "https://") {
			v = "https://api.gdeltproject.org/api/v2/doc/doc?query=" + url.QueryEscape(v) +
				"&mode=artlist&format=json&maxrecords=250&sort=datedesc"
		}
	case "urls":
		return Canonical(v)
	case "outlet":
		v = outletAddresses(strings.ToLower(v))[0]
	case "feed", "sitemap", "page":
	default:
		return "", fmt.Errorf("source %q: unknown kind %q", s.Value, s.Kind)
	}
	if _, err := Canonical(v); err != nil { // checks scheme and host only: a feed's parameters are its own
		return "", fmt.Errorf("source %q: %w", s.key(), err)
	}
	v, _, _ = strings.Cut(v, "#")
	return v, nil
}

// setSources makes sources those that are polled. At a start all are due;
// while a crawl goes on only those that it did not poll.
func (f *frontier) setSources(sources []Source, start bool) error {
	tx, err := f.db.Begin()
	if err != nil {
		return err
	}
	defer tx.Rollback()
	if _, err := tx.Exec(`UPDATE sources SET active = 0`); err != nil {
		return err
	}
	now := steady().UnixMilli()
	for i, s := range sources {
		addr, err := s.address()
		if err != nil {
			return err
		}
		if _, err := tx.Exec(`INSERT INTO sources (source, position) VALUES (?, ?)
			ON CONFLICT (source) DO UPDATE SET position = excluded.position, active = 1`, s.key(), i); err != nil {
			return err
		}
		if s.Kind == "urls" {
			if _, err := f.add(tx, found{url: addr}, &task{source: s.key(), story: s.Story, depth: -1}, now); err != nil {
				return err
			}
			continue
		}
		if _, err := tx.Exec(`INSERT INTO urls (url, host, kind, source, story, due) VALUES (?, ?, ?, ?, ?, ?)
			ON CONFLICT (url) DO UPDATE SET kind = excluded.kind, source = excluded.source, story = excluded.story,
				due = CASE WHEN ? OR due >= ? OR source <> excluded.source OR story <> excluded.story THEN excluded.due ELSE due END`,
			addr, hostOf(addr), s.Kind, s.key(), s.Story, now, start, never); err != nil {
			return err
		}
	}
	// Discovery stops with the source; child sitemaps belong to it as well. Those
	// of a source that goes on keep their time: its index may be unchanged when
	// it is asked again, and would not name them anew.
	if _, err := tx.Exec(`UPDATE urls SET due = ?1 WHERE kind <> 'article' AND source NOT IN (SELECT source FROM sources WHERE active);
		UPDATE urls SET due = ?2 WHERE kind <> 'article' AND due >= ?1 AND source IN (SELECT source FROM sources WHERE active)`, never, now); err != nil {
		return err
	}
	return tx.Commit()
}

// lease takes the newest due address of a host, or nil. The lease is written
// before the fetch, so that nothing is fetched twice at once.
func (f *frontier) lease(host string, now, until int64) (*task, error) {
	row := f.db.QueryRow(`UPDATE urls SET lease_until = ? WHERE url = (
		SELECT url FROM urls WHERE host = ? AND due <= ? AND lease_until <= ?
		ORDER BY kind = 'article', published DESC, due, rowid LIMIT 1)
		RETURNING url, host, kind, source, story, depth, due, etag, last_modified, article_id, attempts, published, first_fetch, chain, same`,
		until, host, now, now)
	var t task
	var chain string
	err := row.Scan(&t.url, &t.host, &t.kind, &t.source, &t.story, &t.depth, &t.due, &t.etag, &t.lastModified,
		&t.articleID, &t.attempts, &t.published, &t.firstFetch, &chain, &t.same)
	if err == sql.ErrNoRows {
		return nil, nil
	}
	if chain != "" {
		t.chain = strings.Split(chain, "\n")
	}
	return &t, err
}

// dueHosts gives for each host the earliest due time of an address that is
// not being fetched.
func (f *frontier) dueHosts(now int64) (map[string]int64, error) {
	rows, err := f.db.Query(`SELECT host, MIN(due) FROM urls WHERE due < ? AND lease_until <= ? GROUP BY host`, never, now)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	m := map[string]int64{}
	for rows.Next() {
		var h string
		var due int64
		if err := rows.Scan(&h, &due); err != nil {
			return nil, err
		}
		m[h] = due
	}
	return m, rows.Err()
}

// allDue makes every source and every taken or waiting article due.
func (f *frontier) allDue(now int64) error {
	_, err := f.db.Exec(`UPDATE urls SET due = ? WHERE due > ? AND (due < ? OR (article_id <> '' AND first_fetch > 0))`, now, now, never)
	return err
}

// outcome is what a fetch came to.
type outcome struct {
	due       int64
	status    int
	reason    string
	fetched   bool // a whole response was read
	unchanged bool // 304
	taken     bool // the sink has it
	redirect  string
	canonical string // address of the article that was taken
	articleID string
	etag, lm  string
	keepState bool   // attempts and validators stay: nothing was asked of the page
	err       string // in words, for people
	found     []found
	refused   []found // entries that are not to be fetched, counted as off_site
	what      string  // what kind of list the answer was
	full      error   // the disk is full: the crawl must rest
}

// finish writes an outcome and ends the lease, all in one transaction.
func (f *frontier) finish(t *task, o outcome) error {
	tx, err := f.db.Begin()
	if err != nil {
		return err
	}
	defer tx.Rollback()
	now := steady().UnixMilli()
	if err := f.writeRow(tx, t, o, now); err != nil {
		return err
	}
	if err := f.refuse(tx, t, o.refused); err != nil {
		return err
	}
	added := 0
	for _, x := range o.found {
		isNew, err := f.add(tx, x, t, now)
		if err != nil {
			return err
		}
		if isNew {
			added++
		}
	}
	if o.canonical != "" && o.canonical != t.url {
		// The same article by its own address need not be fetched again.
		if _, err := tx.Exec(`INSERT INTO urls (url, host, kind, source, story, due, article_id) VALUES (?, ?, 'article', ?, ?, ?, ?)
			ON CONFLICT (url) DO UPDATE SET due = excluded.due, article_id = excluded.article_id
			WHERE first_fetch = 0 AND kind = 'article' AND story = excluded.story AND lease_until = 0`,
			o.canonical, hostOf(o.canonical), t.source, t.story, never, o.articleID); err != nil {
			return err
		}
	}
	if t.kind != "article" && o.fetched && o.reason == "" && added == 0 {
		if _, err := tx.Exec(`UPDATE urls SET same = MIN(same + 1, ?) WHERE url = ?`, fullEach, t.url); err != nil {
			return err
		}
	}
	if err := count(tx, t, o, added, now); err != nil {
		return err
	}
	return tx.Commit()
}
