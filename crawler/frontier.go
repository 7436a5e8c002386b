package crawler

import (
	"context"
	"database/sql"
	"fmt"
	"net/url"
	"strconv"
	"strings"
	"sync"
	"time"

	_ "modernc.org/sqlite" // the frontier's driver
)

// never is a due time that does not come: the address is done with.
const never = int64(1) << 52

// atOnce is the due time of what is asked for as soon as its host allows it,
// the newest first.
const atOnce = int64(0)

const schema = `
CREATE TABLE IF NOT EXISTS urls (
  url TEXT PRIMARY KEY, host TEXT NOT NULL, kind TEXT NOT NULL, source TEXT NOT NULL,
  story TEXT NOT NULL DEFAULT '', depth INTEGER NOT NULL DEFAULT 0,
  due INTEGER NOT NULL, lease_until INTEGER NOT NULL DEFAULT 0, -- of earlier versions
  etag TEXT NOT NULL DEFAULT '', last_modified TEXT NOT NULL DEFAULT '',
  status INTEGER NOT NULL DEFAULT 0, reason TEXT NOT NULL DEFAULT '',
  article_id TEXT NOT NULL DEFAULT '', attempts INTEGER NOT NULL DEFAULT 0,
  published INTEGER NOT NULL DEFAULT 0, first_fetch INTEGER NOT NULL DEFAULT 0,
  chain TEXT NOT NULL DEFAULT '',
  same INTEGER NOT NULL DEFAULT 0, -- answers in a row that nothing is new
  rank INTEGER NOT NULL DEFAULT 0, -- the time that says which of several is asked for first: the newest
  text INTEGER NOT NULL DEFAULT 0, -- hash of what the article said
  moved TEXT NOT NULL DEFAULT '', moves INTEGER NOT NULL DEFAULT 0, -- where permanent redirects lead to, and how often they did
  via TEXT NOT NULL DEFAULT ''); -- the address that named this one, if that is not the source's own
CREATE INDEX IF NOT EXISTS urls_due ON urls (host, due);
CREATE INDEX IF NOT EXISTS urls_parts ON urls (source) WHERE kind <> 'article';
CREATE TABLE IF NOT EXISTS sources (
  source TEXT PRIMARY KEY, position INTEGER NOT NULL, last_success INTEGER NOT NULL DEFAULT 0,
  found INTEGER NOT NULL DEFAULT 0, fetched INTEGER NOT NULL DEFAULT 0,
  taken INTEGER NOT NULL DEFAULT 0, error TEXT NOT NULL DEFAULT '', active INTEGER NOT NULL DEFAULT 1);
CREATE TABLE IF NOT EXISTS robots ( -- body: the rules or, with a reason, what went wrong
  site TEXT PRIMARY KEY, body TEXT NOT NULL, expires INTEGER NOT NULL, reason TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS probes ( -- what a site answers where there is nothing
  site TEXT PRIMARY KEY, expires INTEGER NOT NULL, place TEXT NOT NULL, title TEXT NOT NULL, trace BLOB NOT NULL);
CREATE TABLE IF NOT EXISTS outlet_names (domain TEXT PRIMARY KEY, votes TEXT NOT NULL); -- votes: JSON, see names.go
CREATE TABLE IF NOT EXISTS held (url TEXT PRIMARY KEY, pages TEXT NOT NULL); -- articles whose further pages are to be fetched: heldPages
CREATE TABLE IF NOT EXISTS counters (name TEXT PRIMARY KEY, n INTEGER NOT NULL);
CREATE TABLE IF NOT EXISTS polls ( -- of urls that are sources: pollState
  id INTEGER PRIMARY KEY, fast REAL NOT NULL, fast_time REAL NOT NULL, slow REAL NOT NULL, slow_time REAL NOT NULL, at INTEGER NOT NULL);
CREATE TABLE IF NOT EXISTS shapes ( -- addresses of a host that look alike; misses: how many in a row were no article
  host TEXT NOT NULL, shape TEXT NOT NULL, misses INTEGER NOT NULL, PRIMARY KEY (host, shape)) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS hosts ( -- what a restart must know of a host, written before it is asked
  host TEXT PRIMARY KEY, next INTEGER NOT NULL, why TEXT NOT NULL DEFAULT '', delay INTEGER NOT NULL DEFAULT 0,
  tired INTEGER NOT NULL DEFAULT 0, fails INTEGER NOT NULL DEFAULT 0, rests INTEGER NOT NULL DEFAULT 0,
  day INTEGER NOT NULL DEFAULT 0, used INTEGER NOT NULL DEFAULT 0, gap INTEGER NOT NULL DEFAULT 0);
`

// indexes are those over columns that an earlier version may lack. The
// scheduler finds the next address of a host by one step in each of them,
// however many there are.
const indexes = `
CREATE INDEX IF NOT EXISTS urls_new ON urls (host, rank DESC) WHERE due = 0 AND kind = 'article';
CREATE INDEX IF NOT EXISTS urls_reasons ON urls (source, reason) WHERE reason <> '';
CREATE INDEX IF NOT EXISTS urls_text ON urls (text) WHERE text <> 0 AND article_id <> '';
CREATE INDEX IF NOT EXISTS urls_lists ON urls (host, due) WHERE kind <> 'article';
CREATE INDEX IF NOT EXISTS urls_again ON urls (host, due) WHERE reason <> '' AND due < 4503599627370496; -- never
`

// inMemory as a path makes a frontier that leaves nothing behind.
const inMemory = ""

// frontier is the crawl's memory. Times are Unix milliseconds.
type frontier struct {
	db     *sql.DB
	memory bool       // there is one connection only
	mu     sync.Mutex // of what follows
	conn   *sql.Conn  // all writes go through it, by statements that are kept
	stmt   map[string]*sql.Stmt
	seen   *seenCache

	limit int64 // see setLimit
	traps traps
}

// setLimit leaves what went well and is due after a time for another run: for
// RunOnce. 0 is no limit.
func (f *frontier) setLimit(at int64) {
	_ = f.read(func() error { f.limit = at; return nil })
}

// task is one row of urls: an address to fetch and what is known about it.
type task struct {
	id                             int64 // its rowid
	url, host, kind, source, story string
	depth                          int
	due                            int64
	etag, lastModified             string
	articleID                      string
	attempts                       int
	published, firstFetch          int64
	chain                          []hop // the way so far; its end is fetched next
	same                           int
	rank                           int64
	retry                          bool   // the last try failed
	moved                          string // where permanent redirects lead to; empty if nowhere
	moves                          int    // how often in a row they did
	text                           int64  // hash of what it said; 0 if it was never taken
	via                            string // the address that named this one, if that is not the source's own
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
	db.SetMaxOpenConns(3) // the one that writes, and readers of Stats
	f := &frontier{db: db, memory: path == inMemory, stmt: map[string]*sql.Stmt{}, seen: newSeenCache()}
	if f.conn, err = db.Conn(context.Background()); err == nil {
		err = f.setup()
	}
	if err != nil {
		db.Close()
		return nil, err
	}
	return f, nil
}

func (f *frontier) setup() error {
	return f.write(func() error {
		if _, err := f.conn.ExecContext(context.Background(), schema); err != nil {
			return err
		}
		if err := f.upgrade(); err != nil {
			return err
		}
		if _, err := f.conn.ExecContext(context.Background(), indexes); err != nil {
			return err
		}
		return f.loadTraps()
	})
}

// upgrade adds the columns that a frontier of an earlier version lacks.
func (f *frontier) upgrade() error {
	for _, c := range []struct{ table, column, kind, then string }{
		{"urls", "same", "INTEGER NOT NULL DEFAULT 0", ""},
		{"urls", "rank", "INTEGER NOT NULL DEFAULT 0", "UPDATE urls SET rank = published"},
		{"urls", "moved", "TEXT NOT NULL DEFAULT ''", ""},
		{"urls", "moves", "INTEGER NOT NULL DEFAULT 0", ""},
		{"urls", "text", "INTEGER NOT NULL DEFAULT 0", ""},
		{"urls", "via", "TEXT NOT NULL DEFAULT ''", ""},
		{"hosts", "gap", "INTEGER NOT NULL DEFAULT 0", ""},
	} {
		var n int
		if err := f.row(`SELECT COUNT(*) FROM pragma_table_info(?) WHERE name = ?`, c.table, c.column).Scan(&n); err != nil {
			return err
		}
		if n > 0 {
			continue
		}
		add := fmt.Sprintf(`ALTER TABLE %s ADD COLUMN %s %s; %s`, c.table, c.column, c.kind, c.then)
		if _, err := f.conn.ExecContext(context.Background(), add); err != nil {
			return err
		}
	}
	return nil
}

func (f *frontier) close() error {
	f.mu.Lock()
	defer f.mu.Unlock()
	for _, s := range f.stmt {
		_ = s.Close() // the connection is closed anyway
	}
	_ = f.conn.Close()
	return f.db.Close()
}

// write runs fn in one transaction: all of it is durable when write returns,
// or nothing. fn uses exec, row and rows.
func (f *frontier) write(fn func() error) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	ctx := context.Background()
	if _, err := f.conn.ExecContext(ctx, "BEGIN IMMEDIATE"); err != nil {
		return err
	}
	err := fn()
	if err == nil {
		_, err = f.conn.ExecContext(ctx, "COMMIT")
	}
	if err != nil {
		f.seen.clear() // it may know what was not written
		// Some errors end the transaction themselves.
		_, _ = f.conn.ExecContext(ctx, "ROLLBACK")
	}
	return err
}

// read runs fn while nothing is written.
func (f *frontier) read(fn func() error) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	return fn()
}

// prepared gives the statement of a query, which is made once.
func (f *frontier) prepared(query string) (*sql.Stmt, error) {
	if s := f.stmt[query]; s != nil {
		return s, nil
	}
	s, err := f.conn.PrepareContext(context.Background(), query)
	if err == nil {
		f.stmt[query] = s
	}
	return s, err
}

// exec runs a statement within write and tells how many rows it changed.
func (f *frontier) exec(query string, args ...any) (int64, error) {
	s, err := f.prepared(query)
	if err != nil {
		return 0, err
	}
	res, err := s.Exec(args...)
	if err != nil {
		return 0, err
	}
	return res.RowsAffected()
}

type scanner interface{ Scan(dest ...any) error }

type noRow struct{ err error }

func (r noRow) Scan(...any) error { return r.err }

// row reads one row within write or read.
func (f *frontier) row(query string, args ...any) scanner {
	s, err := f.prepared(query)
	if err != nil {
		return noRow{err}
	}
	return s.QueryRow(args...)
}

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
	return f.write(func() error { return f.enterSources(sources, start, steady().UnixMilli()) })
}

func (f *frontier) enterSources(sources []Source, start bool, now int64) error {
	if _, err := f.exec(`UPDATE sources SET active = 0`); err != nil {
		return err
	}
	for i, s := range sources {
		addr, err := s.address()
		if err != nil {
			return err
		}
		if _, err := f.exec(`INSERT INTO sources (source, position) VALUES (?, ?)
			ON CONFLICT (source) DO UPDATE SET position = excluded.position, active = 1`, s.key(), i); err != nil {
			return err
		}
		if s.Kind == "urls" {
			if _, err := f.add(found{url: addr}, &task{source: s.key(), story: s.Story, depth: -1, firstFetch: 1}, now); err != nil {
				return err
			}
			continue
		}
		if _, err := f.exec(`INSERT INTO urls (url, host, kind, source, story, due) VALUES (?, ?, ?, ?, ?, ?)
			ON CONFLICT (url) DO UPDATE SET kind = excluded.kind, source = excluded.source, story = excluded.story,
				due = CASE WHEN ? OR due >= ? OR source <> excluded.source OR story <> excluded.story THEN excluded.due ELSE due END`,
			addr, hostOf(addr), s.Kind, s.key(), s.Story, now, start, never); err != nil {
			return err
		}
	}
	// Discovery stops with the source; child sitemaps belong to it as well. Those
	// of a source that goes on keep their time: its index may be unchanged when
	// it is asked again, and would not name them anew.
	if _, err := f.exec(`UPDATE urls INDEXED BY urls_parts SET due = ? WHERE kind <> 'article' AND source NOT IN (SELECT source FROM sources WHERE active)`, never); err != nil {
		return err
	}
	_, err := f.exec(`UPDATE urls INDEXED BY urls_parts SET due = ? WHERE kind <> 'article' AND due >= ? AND source IN (SELECT source FROM sources WHERE active)`, now, never)
	return err
}

// sourcesDue makes every source and its parts due and names their hosts.
func (f *frontier) sourcesDue(now int64) (hosts []string, err error) {
	err = f.write(func() error {
		if _, err := f.exec(`UPDATE urls SET due = ? WHERE kind <> 'article' AND due > ? AND due < ?`, now, now, never); err != nil {
			return err
		}
		hosts = nil
		return pairs(context.Background(), f.conn, `SELECT host, COUNT(*) FROM urls WHERE kind <> 'article' AND due <= `+strconv.FormatInt(now, 10)+` GROUP BY host`,
			func(host string, _ int) { hosts = append(hosts, host) })
	})
	return hosts, err
}

// allDue makes every source and every taken or waiting article due.
func (f *frontier) allDue(now int64) error {
	return f.write(func() error {
		_, err := f.exec(`UPDATE urls SET due = ? WHERE due > ? AND (due < ? OR (article_id <> '' AND first_fetch > 0))`, now, now, never)
		return err
	})
}

// outcome is what a fetch came to.
type outcome struct {
	due       int64
	status    int
	reason    string
	fetched   bool   // a whole response was read
	unchanged bool   // 304
	taken     bool   // the sink has it
	hop       hop    // where to go on, if its address is not empty
	instead   string // address of the page that this one is a form of
	canonical string // address of the article that was taken
	articleID string
	etag, lm  string
	keepState bool   // attempts and validators stay: nothing was asked of the page
	err       string // in words, for people
	found     []found
	refused   []found // entries that are not to be fetched, counted by why
	what      string  // what kind of list the answer was
	full      error   // the disk is full: the crawl must rest
	large     bool    // it has one of the places for large lists, until it is written

	hint, cached time.Duration // what a source asks for between two polls, and how long its answer is good for
	text         int64         // hash of what an article says; 0 if it was not read
}

// result is a task that was worked on, with its outcome.
type result struct {
	t *task
	o outcome
}

// freshTime is how long after its publication an article counts as news, for
// which the rest of a host's daily budget is kept.
const freshTime = 48 * time.Hour
