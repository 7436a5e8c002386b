package crawler

import (
	"database/sql"
	"errors"
	"math"
	"math/bits"
	"math/rand/v2"
	"net/http"
	"strconv"
	"strings"
	"time"
)

const (
	day = 24 * time.Hour

	// A source is polled about eight times for each item that it is expected to
	// bring, but at least every ten minutes if it brings one a day, and not more
	// than once a minute.
	pollShare = 0.12
	pollMin   = time.Minute
	pollMax   = 4 * time.Hour
	pollNews  = 10 * time.Minute
	pollFirst = 5 * time.Minute // while nothing is known of it

	pageMin    = 5 * time.Minute  // of section pages: each is many links for few new ones
	gdeltMin   = 15 * time.Minute // its list is made anew that often
	sectionMax = day              // between two looks at a section of an outlet whose feeds or sitemaps bring all that it has
	partMin    = 10 * time.Minute // of sitemaps that an index names
	fadeMax    = 60 * day         // between two looks at a part of a source that is dead or old

	hintMax     = time.Hour       // of what a source asks for itself, where it brings little
	hintBusyMax = 5 * time.Minute // where it brings more than one item a day
	cacheMax    = 10 * time.Minute

	// fullEach is the number of answers without news in a row after which a
	// source is asked without conditions; then after as many again, twice as
	// many, and so on. Some servers say "not modified" for ever.
	fullEach = 16
	fullPage = 3 // the same for an article, which is looked at a few times only

	lookFirst = 10 * time.Minute // at an article again, after its publication
	lookMax   = 72 * time.Hour
	lookEnd   = 7 * day // after which an article is left alone
)

// pollState is what is known of the rate at which a source brings new items:
// two counts that fade, each with the time in hours that it was counted over.
type pollState struct {
	fast, fastTime float64 // of some hours
	slow, slowTime float64 // of some days
	at             int64   // of the last poll, in Unix milliseconds; 0 before the first
}

const (
	fastHours = 4.0
	slowHours = 7 * 24.0
)

// saw enters a poll that brought n new items.
func (p *pollState) saw(n int, now int64) {
	hours := float64(now-p.at) / float64(time.Hour.Milliseconds())
	fade := func(count, over *float64, tau float64) {
		keep := math.Exp(-hours / tau)
		*count = *count*keep + float64(n)
		*over = *over*keep + tau*(1-keep)
	}
	fade(&p.fast, &p.fastTime, fastHours)
	fade(&p.slow, &p.slowTime, slowHours)
	p.at = now
}

// begin takes the rate from the dates of the items that the first poll finds:
// what came in the last week, over the time that they reach back.
func (p *pollState) begin(items []found, now int64) {
	oldest, dated, all, lately := now, false, 0, 0
	for _, x := range items {
		if x.published.IsZero() {
			continue
		}
		dated = true
		switch age := now - x.published.UnixMilli(); {
		case age < 0 || age > (7*day).Milliseconds():
			continue
		case age < (4 * time.Hour).Milliseconds():
			lately++
		}
		all++
		oldest = min(oldest, x.published.UnixMilli())
	}
	p.at = now
	if all < 2 {
		if dated { // nothing of late; without dates, time will tell
			p.slow, p.slowTime = float64(all), slowHours
		}
		return
	}
	span := float64(now-oldest) / float64(time.Hour.Milliseconds())
	p.slow, p.slowTime = float64(all), max(span, 1)
	p.fast, p.fastTime = float64(lately), min(max(span, 1), fastHours)
}

// rate is the number of items per hour that are expected: what came lately or
// what comes in general, whichever is more. A few hours without an item show
// little, so a source that is hardly known counts as one of some items a day.
func (p *pollState) rate() float64 {
	r := (p.slow + 2) / (p.slowTime + 12)
	if p.fastTime >= 1 {
		r = max(r, p.fast/p.fastTime)
	}
	return r
}

// pollAfter is how long a source rests after a poll that went well. same is
// how many polls in a row brought nothing new; hint is what the source asks for, cached how long its answer will be served
// unchanged.
func (t *task) pollAfter(p *pollState, same int, hint, cached time.Duration) time.Duration {
	if t.kind == "outlet" && hint > hintMax {
		return hint // its parts work, and are polled instead
	}
	const newsRate = 1.0 / 24
	r := p.rate()
	var every time.Duration
	switch {
	case p.slowTime < 0.1:
		every = pollFirst
	case r >= newsRate:
		every = min(time.Duration(pollShare/r*float64(time.Hour)), pollNews)
		hint = min(hint, hintBusyMax)
	default:
		every = min(time.Duration(newsRate/r*float64(pollNews)), pollMax)
		hint = min(hint, hintMax)
	}
	least := pollMin
	switch t.kind {
	case "page", "outlet":
		least = pageMin
	case "gdelt":
		least = gdeltMin
	}
	if t.fromIndex() {
		// Sooner if its index says so; ever later while it has nothing new.
		least = partMin
		switch {
		case same > 0:
			every = max(every, min(day<<min(same-1, 10), fadeMax))
		case p.slowTime < 0.1, r < newsRate: // of an archive, as far as is known
			every = max(every, day)
		}
	}
	every = max(every, hint, min(cached, cacheMax), least)
	return every + time.Duration(rand.Int64N(int64(every/20)+1)) // not all at once
}

// full says that the task is asked for without conditions this time.
func (t *task) full() bool {
	if t.kind == "article" {
		return t.same >= fullPage
	}
	// 16, 32, 64, 128, ...
	n := t.same / fullEach
	return n > 0 && t.same%fullEach == 0 && bits.OnesCount(uint(n)) == 1
}

// cacheHint is how long an answer may be taken from a cache, by its headers:
// asked again before, a server that keeps to them has nothing new to say.
func cacheHint(h http.Header, now time.Time) time.Duration {
	var life time.Duration
	known := false
	for _, d := range strings.Split(strings.ToLower(strings.Join(h.Values("Cache-Control"), ",")), ",") {
		name, value, _ := strings.Cut(strings.TrimSpace(d), "=")
		switch name {
		case "no-cache", "no-store", "private":
			return 0
		case "max-age":
			if n, err := strconv.ParseInt(strings.Trim(value, `"`), 10, 32); err == nil && n >= 0 {
				life, known = time.Duration(n)*time.Second, true
			}
		}
	}
	if !known {
		if at, err := http.ParseTime(h.Get("Expires")); err == nil {
			life = at.Sub(now)
		}
	}
	if age, err := strconv.ParseInt(h.Get("Age"), 10, 32); err == nil && age > 0 {
		life -= time.Duration(age) * time.Second
	}
	return min(max(life, 0), day)
}

// nextLook is when an article is looked at again after it was had: some
// minutes after its publication, then hours, then days; sooner if the last
// look found it edited.
func (t *task) nextLook(now time.Time, edited bool) int64 {
	first := now
	if t.firstFetch > 0 {
		first = time.UnixMilli(t.firstFetch)
	}
	born := first
	if t.published > 0 {
		born = time.UnixMilli(t.published)
	}
	if first.Sub(born) > lookEnd {
		// It was old when it was found.
		for _, d := range []time.Duration{day, lookEnd} {
			if at := first.Add(d); at.After(now) {
				return at.UnixMilli()
			}
		}
		return never
	}
	if first.Sub(born) > 2*day || born.After(first) {
		born = first
	}
	age, factor := now.Sub(born), 1.5
	if edited {
		factor = 0.5
	}
	after := min(max(time.Duration(float64(age)*factor), lookFirst), lookMax)
	switch {
	case age >= lookEnd:
		return never
	case age+after > lookEnd:
		return born.Add(max(lookEnd, age+lookFirst)).UnixMilli()
	}
	return now.Add(after).UnixMilli()
}

// nextDue is when a task is due again that failed, if its failure says nothing
// about it.
func (t *task) nextDue(now time.Time) int64 {
	switch {
	case t.fromIndex():
		return now.Add(day).UnixMilli()
	case t.kind == "feed":
		return now.Add(pollFirst).UnixMilli()
	case t.kind != "article":
		return now.Add(pollNews).UnixMilli()
	}
	return t.nextLook(now, false)
}

// fromIndex says that a sitemap was named by another one.
func (t *task) fromIndex() bool {
	from := 0
	if strings.HasPrefix(t.source, "outlet ") {
		from = 1 // its own sitemaps are found on the home page
	}
	return t.kind == "sitemap" && t.depth > from
}

// plan enters what a poll brought and gives when the next one is due.
func (f *frontier) plan(t *task, o outcome, added int, now int64) (int64, error) {
	var p pollState
	err := f.row(`SELECT fast, fast_time, slow, slow_time, at FROM polls WHERE id = ?`, t.id).Scan(&p.fast, &p.fastTime, &p.slow, &p.slowTime, &p.at)
	if err != nil && !errors.Is(err, sql.ErrNoRows) {
		return 0, err
	}
	if p.at == 0 {
		p.begin(o.found, now)
	} else {
		p.saw(added, now)
	}
	if _, err := f.exec(`INSERT OR REPLACE INTO polls (id, fast, fast_time, slow, slow_time, at) VALUES (?, ?, ?, ?, ?, ?)`,
		t.id, p.fast, p.fastTime, p.slow, p.slowTime, p.at); err != nil {
		return 0, err
	}
	same := t.sameAfter(o, added)
	after := t.pollAfter(&p, same, o.hint, o.cached)
	if same > 0 && t.kind == "page" && strings.HasPrefix(t.source, "outlet ") {
		works, err := f.partWorks(t.source)
		if err != nil {
			return 0, err
		}
		if works { // sections are many requests for little, where something better works
			after = max(after, min(time.Hour<<min(same-1, 10), sectionMax))
		}
	}
	return now + after.Milliseconds(), nil
}

// sameAfter is how many answers in a row have had nothing new.
func (t *task) sameAfter(o outcome, added int) int {
	switch {
	case o.unchanged:
		return t.same + 1
	case !o.fetched:
		return t.same
	case t.kind == "article" || added > 0:
		return 0
	}
	return t.same + 1
}
