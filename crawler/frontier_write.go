package crawler

import (
	"database/sql"
	"errors"
	"slices"
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
	refused   string        // why it is not to be fetched: offSite or aList; "" of those that are
}

// claim is a host that is to get its next task.
type claim struct {
	host  string
	fresh bool      // nothing that can wait for another day
	state hostState // as it is to be saved
}

// batch is what one turn of the scheduler writes and reads in one transaction.
type batch struct {
	done   []result    // to be written
	claims []claim     // hosts to be asked next
	saved  []hostState // hosts of which something was learned

	tasks []*task          // for claims, in their order; nil where nothing is due after all
	due   map[string]int64 // first due time of the hosts that are released; of others, for which something was found, no later than that
	wait  map[string]int64 // of claims without a task, when its next source is due
}

// turn writes what was fetched and picks what is fetched next, all in one
// transaction, so that its cost is shared by all that was done meanwhile.
func (f *frontier) turn(b *batch) error {
	return f.write(func() error {
		now := steady().UnixMilli()
		b.due, b.wait = map[string]int64{}, map[string]int64{}
		b.tasks = make([]*task, len(b.claims))
		for i := range b.done {
			if err := f.finish(b.done[i].t, b.done[i].o, now, b.due); err != nil {
				return err
			}
		}
		for i := range b.done {
			host := b.done[i].t.host
			due, err := f.earliest(host)
			if err != nil {
				return err
			}
			b.due[host] = due
		}
		for _, s := range b.saved {
			if err := f.saveHost(s); err != nil {
				return err
			}
		}
		for i, c := range b.claims {
			t, err := f.pick(c.host, c.fresh, now)
			if err != nil {
				return err
			}
			if b.tasks[i] = t; t != nil {
				// Before it is asked: after a crash the delay still counts from then.
				if err := f.saveHost(c.state); err != nil {
					return err
				}
				continue
			}
			if b.due[c.host], err = f.earliest(c.host); err != nil {
				return err
			}
			if b.wait[c.host], err = f.earliestSource(c.host); err != nil {
				return err
			}
		}
		return nil
	})
}

// finish writes an outcome; due gets the hosts that something was found for.
func (f *frontier) finish(t *task, o outcome, now int64, due map[string]int64) error {
	switch {
	case o.hop.url != "":
		due[hostOf(o.hop.url)] = atOnce
	case !o.keepState && (len(t.chain) > 0 || t.moved != ""): // its way ended elsewhere
		due[hostOf(t.url)] = atOnce
		if t.moved != "" {
			due[hostOf(t.moved)] = atOnce
		}
	}
	if err := f.refuse(t, o.refused); err != nil {
		return err
	}
	added := 0
	for _, x := range o.found {
		isNew, err := f.enter(x, t, now, due)
		if err != nil {
			return err
		}
		if isNew {
			added++
		}
	}
	if t.kind == "article" && t.via != "" && t.articleID == "" && lost[o.reason] && (o.due >= never || o.reason == "robots") {
		// It cannot be had: if a form of it named it, that is better than nothing.
		n, err := f.exec(`UPDATE urls SET due = 0, reason = '', moves = ? WHERE url = ? AND reason = 'variant' AND kind = 'article'`, asItIs, t.via)
		if err != nil {
			return err
		}
		if n > 0 {
			due[hostOf(t.via)] = atOnce
		}
	}
	duplicate := false
	if o.canonical != "" && o.canonical != t.url {
		var known int
		if err := f.row(`SELECT COUNT(*) FROM urls WHERE url = ? AND article_id <> ''`, o.canonical).Scan(&known); err != nil {
			return err
		}
		duplicate = known > 0
		// The same article by its own address need not be fetched again.
		if _, err := f.exec(`INSERT INTO urls (url, host, kind, source, story, due, article_id, text, via) VALUES (?, ?, 'article', ?, ?, ?, ?, ?, ?)
			ON CONFLICT (url) DO UPDATE SET due = excluded.due, article_id = excluded.article_id, text = excluded.text
			WHERE first_fetch = 0 AND kind = 'article' AND story = excluded.story AND chain = ''`,
			o.canonical, hostOf(o.canonical), t.source, t.story, never, o.articleID, o.text, t.url); err != nil {
			return err
		}
	}
	if err := f.learn(t, o, duplicate); err != nil {
		return err
	}
	if t.kind != "article" && (o.fetched || o.unchanged) && o.reason == "" && !o.keepState {
		due, err := f.plan(t, o, added, now)
		if err != nil {
			return err
		}
		o.due = due
	}
	if err := f.writeRow(t, o, added, now); err != nil {
		return err
	}
	return f.count(t, o, added, now)
}

func (f *frontier) writeRow(t *task, o outcome, added int, now int64) error {
	if o.keepState {
		_, err := f.exec(`UPDATE urls SET due = ?, reason = CASE WHEN ? <> '' THEN ? ELSE reason END WHERE rowid = ?`,
			o.due, o.reason, o.reason, t.id)
		return err
	}
	if o.hop.url != "" {
		// The next hop is fetched when its host is ready; host is where the row waits.
		chain := formatHops(append(slices.Clone(t.chain), o.hop))
		_, err := f.exec(`UPDATE urls SET due = ?, host = ?, chain = ?, status = ? WHERE rowid = ?`,
			atOnce, hostOf(o.hop.url), chain, o.status, t.id)
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
	next := *t
	next.moved, next.moves = t.arrived(o.fetched || o.unchanged, o.reason)
	next.same, next.chain = t.sameAfter(o, added), nil
	if o.fetched && !o.taken && t.kind == "article" {
		etag, lm = "", "" // a 304 must not hide what was never taken
	}
	id := t.articleID
	if o.articleID != "" {
		id = o.articleID
	}
	text := t.text
	if o.text != 0 {
		text = o.text
	}
	host := t.host
	if len(t.chain) > 0 || t.moved != "" {
		host = hostOf(next.target())
	}
	_, err := f.exec(`UPDATE urls SET host = ?, chain = '', status = ?, reason = ?, attempts = ?,
		etag = ?, last_modified = ?, article_id = ?, first_fetch = ?, same = ?, text = ?, moved = ?, moves = ?,
		due = CASE WHEN story <> ? THEN 0 ELSE ? END WHERE rowid = ?`,
		host, o.status, o.reason, attempts, etag, lm, id, first, next.same, text, next.moved, next.moves,
		t.story, // another story asked for it while it was fetched
		o.due, t.id)
	return err
}

// refuse enters addresses that are not to be fetched, so that they are counted.
func (f *frontier) refuse(t *task, list []found) error {
	for _, x := range list {
		if _, err := f.exec(`INSERT INTO urls (url, host, kind, source, story, depth, due, reason) VALUES (?, ?, 'article', ?, '', ?, ?, ?)
			ON CONFLICT (url) DO NOTHING`, x.url, hostOf(x.url), t.source, t.depth+1, never, x.refused); err != nil {
			return err
		}
	}
	return nil
}

// enter adds an address unless it was added lately; due gets its host if there
// is something to do.
func (f *frontier) enter(x found, t *task, now int64, due map[string]int64) (isNew bool, err error) {
	if x.kind != "" && x.kind != "article" {
		if isNew, err = f.add(x, t, now); err == nil {
			due[hostOf(x.url)] = atOnce // or not, which costs a look at it
		}
		return isNew, err
	}
	key := f.seen.key(x.url, t.story)
	if f.seen.has(key) {
		return false, nil
	}
	if isNew, err = f.add(x, t, now); err != nil {
		return false, err
	}
	f.seen.add(key)
	due[hostOf(x.url)] = atOnce
	return isNew, nil
}

// add enters an address that t's source names; it says whether it was new.
func (f *frontier) add(x found, t *task, now int64) (bool, error) {
	kind := x.kind
	if kind == "" {
		kind = "article"
	}
	var published int64
	if !x.published.IsZero() && x.published.Before(time.UnixMilli(now).Add(48*time.Hour)) {
		published = x.published.UnixMilli()
	}
	rank := min(published, now)
	if published == 0 {
		// Without a date, what a known source names anew is new; at the first
		// look at a source it may be old.
		if rank = now; t.firstFetch == 0 {
			rank -= freshTime.Milliseconds() / 2
		}
	}
	due := atOnce
	if kind != "article" || x.later > 0 {
		due = now + x.later.Milliseconds()
	}
	host := hostOf(x.url)
	if kind == "article" && !strings.HasPrefix(t.source, "urls ") {
		switch refused, err := f.trapped(x.url, host); {
		case err != nil:
			return false, err
		case refused:
			var known int
			if err := f.row(`SELECT COUNT(*) FROM urls WHERE url = ?`, x.url).Scan(&known); err != nil {
				return false, err
			}
			if known == 0 {
				return false, f.refuseTrap(x.url, host, t)
			}
		}
	}
	via := ""
	if t.depth > 0 || t.kind == "article" {
		via = t.url
	}
	n, err := f.exec(`INSERT INTO urls (url, host, kind, source, story, depth, due, published, rank, via) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
		ON CONFLICT (url) DO UPDATE SET kind = excluded.kind, source = excluded.source, story = excluded.story, depth = excluded.depth,
			due = excluded.due, published = excluded.published, rank = excluded.rank, via = excluded.via, reason = ''
			WHERE reason IN (?, ?) AND status = 0`, // refused before, and now named by one who may
		x.url, host, kind, t.source, t.story, t.depth+1, due, published, rank, via, offSite, aList)
	if err != nil {
		return false, err
	}
	if n > 0 {
		if waits, ok := f.traps.waiting[host]; ok && due == atOnce {
			f.traps.waiting[host] = waits + 1
		}
		return true, nil
	}
	if kind != "article" {
		// A part of a sitemap index: read again only when it is said to have
		// changed, when a day went by, or after setSources put it to sleep.
		_, err := f.exec(`UPDATE urls SET due = ?, source = ?, published = MAX(published, ?) WHERE url = ? AND kind = ? AND (? > published OR due >= ?)`,
			due, t.source, published, x.url, kind, published, never)
		if err != nil || t.kind != "outlet" {
			return false, err
		}
		// What the home page still names is asked each day, however long it was dead.
		_, err = f.exec(`UPDATE urls SET due = ? WHERE url = ? AND kind = ? AND reason <> '' AND due > ? AND due < ?`,
			now+day.Milliseconds(), x.url, kind, now+day.Milliseconds(), never)
		return false, err
	}
	if t.story == "" {
		return false, nil
	}
	// A second story wants the article: hand it over again, whole.
	_, err = f.exec(`UPDATE urls SET story = CASE WHEN story = '' THEN ? ELSE story || char(10) || ? END, due = 0, etag = '', last_modified = '', attempts = 0
		WHERE url = ? AND kind = 'article' AND reason <> 'trap' AND instr(char(10) || story || char(10), char(10) || ? || char(10)) = 0`,
		t.story, t.story, x.url, t.story)
	return false, err
}

func (f *frontier) bump(name string) error {
	_, err := f.exec(`INSERT INTO counters VALUES (?, 1) ON CONFLICT (name) DO UPDATE SET n = n + 1`, name)
	return err
}

func (f *frontier) count(t *task, o outcome, added int, now int64) error {
	if o.unchanged {
		if err := f.bump("not_modified"); err != nil {
			return err
		}
	}
	if o.fetched && t.kind == "article" {
		if err := f.bump("fetched"); err != nil {
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
		isList := strings.HasPrefix(t.source, "urls ") && o.hop.url == ""
		if !isList && fetched == 0 && taken == 0 {
			return nil
		}
		_, err := f.exec(`UPDATE sources SET fetched = fetched + ?, taken = taken + ?,
			found = CASE WHEN ? THEN 1 ELSE found END,
			last_success = CASE WHEN ? AND ? THEN ? ELSE last_success END,
			error = CASE WHEN ? THEN ? ELSE error END WHERE source = ?`,
			fetched, taken, isList, isList, o.fetched || o.unchanged, now, isList && (o.reason != "" || !o.keepState), o.err, t.source)
		return err
	}
	if o.keepState && o.reason == "" || o.hop.url != "" {
		return nil
	}
	msg := o.err
	if msg == "" {
		msg = o.reason
	}
	if t.kind != "outlet" && strings.HasPrefix(t.source, "outlet ") {
		// A part that was found: others may do. Each has its own state in urls.
		_, err := f.exec(`UPDATE sources SET found = found + ?, last_success = CASE WHEN ? = '' THEN ? ELSE last_success END WHERE source = ?`,
			added, msg, now, t.source)
		return err
	}
	_, err := f.exec(`UPDATE sources SET found = found + ?, error = ?,
		last_success = CASE WHEN ? = '' THEN ? ELSE last_success END WHERE source = ?`, added, msg, msg, now, t.source)
	return err
}

// robots reads the cached rules of a site (scheme://host).
func (f *frontier) robots(site, agent string) (*hostRules, error) {
	var r hostRules
	var expires int64
	err := f.read(func() error {
		return f.row(`SELECT body, expires, reason FROM robots WHERE site = ?`, site).Scan(&r.body, &expires, &r.reason)
	})
	if errors.Is(err, sql.ErrNoRows) {
		return nil, nil
	}
	r.expires = time.UnixMilli(expires)
	r.delay = crawlDelay(r.body, agent)
	return &r, err
}

func (f *frontier) setRobots(site string, r *hostRules) error {
	return f.write(func() error {
		_, err := f.exec(`INSERT OR REPLACE INTO robots VALUES (?, ?, ?, ?)`, site, r.body, r.expires.UnixMilli(), r.reason)
		return err
	})
}
