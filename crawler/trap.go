package crawler

import (
	"database/sql"
	"errors"
	"hash/fnv"
	"net/url"
	"slices"
	"strings"
)

// A site can name addresses without end that are no articles: calendars, visits'
// ids, paths that repeat themselves. Some are known by their form. The others
// are known by what came of those of the same shape: where a hundred in a row
// were no article, or one that was had under another address, new ones are
// refused, but for a few that show whether it is still so.

// trap is the reason of addresses that are refused so.
const trap = "trap"

const (
	trapMisses  = 100  // of one shape in a row
	trapProbe   = 50   // one of so many is asked for all the same
	trapShapes  = 500  // of one host; the others are one
	trapKept    = 1000 // refused addresses of a host that a run writes down; more are counted only
	trapWaiting = 250_000

	maxURL      = 2000 // bytes
	maxSegments = 20
	maxParams   = 12
	maxRepeats  = 3 // of a segment of a path, or of two or three that follow each other
)

// endless says that an address has the form of one that a trap makes.
func endless(u *url.URL, raw string) bool {
	segments := strings.Split(strings.Trim(u.Path, "/"), "/")
	if len(raw) > maxURL || len(segments) > maxSegments || strings.Count(u.RawQuery, "&") >= maxParams {
		return true
	}
	for width := 1; width <= 3; width++ {
		runs := 1
		for i := width; i+width <= len(segments); {
			if !slices.Equal(segments[i-width:i], segments[i:i+width]) {
				runs = 1
				i++
				continue
			}
			if runs++; runs > maxRepeats {
				return true
			}
			i += width
		}
	}
	return false
}

// shapeOf gives what addresses of one kind have in common: the first part of
// the path, the forms of the others, the names of the parameters.
func shapeOf(u *url.URL) string {
	var b strings.Builder
	for i, s := range strings.Split(strings.Trim(u.Path, "/"), "/") {
		if i > 0 {
			b.WriteByte('/')
		}
		b.WriteString(formOf(s, i == 0))
	}
	var names []string
	for pair := range strings.SplitSeq(u.RawQuery, "&") {
		if name, _, _ := strings.Cut(pair, "="); name != "" && len(names) <= maxParams {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	if len(names) > 0 {
		b.WriteString("?" + strings.Join(names, "&"))
	}
	if b.Len() > 200 {
		return b.String()[:200]
	}
	return b.String()
}

// formOf is the form of one part of a path: a number, letters with numbers,
// words, or one word, which is kept where keep says so.
func formOf(s string, keep bool) string {
	ext := ""
	if i := strings.LastIndexByte(s, '.'); i > 0 && len(s)-i <= 6 {
		s, ext = s[:i], s[i:]
	}
	digits, words := 0, 0
	for i := range len(s) {
		switch c := s[i]; {
		case c >= '0' && c <= '9':
			digits++
		case c == '-' || c == '_' || c == '%':
			words++
		}
	}
	switch {
	case s != "" && digits+words == len(s):
		return "9" + ext
	case words > 0 || len(s) > 24:
		return "words" + ext
	case digits > 0:
		return "a9" + ext
	case keep:
		return strings.ToLower(s) + ext
	}
	return "w" + ext
}

// traps knows the shapes that are refused, and how much of each host waits.
// What it counts is in the frontier.
type traps struct {
	shut    map[[2]string]bool // host and shape
	shapes  map[string]int     // of each host
	kept    map[string]int     // refused addresses that this run wrote down
	waiting map[string]int     // addresses of a host that were never asked for, about
}

// load reads what earlier runs learned.
func (f *frontier) loadTraps() error {
	f.traps = traps{shut: map[[2]string]bool{}, shapes: map[string]int{}, kept: map[string]int{}, waiting: map[string]int{}}
	q, err := f.prepared(`SELECT host, shape, misses FROM shapes`)
	if err != nil {
		return err
	}
	rows, err := q.Query()
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		var host, shape string
		var misses int
		if err := rows.Scan(&host, &shape, &misses); err != nil {
			return err
		}
		f.traps.shapes[host]++
		if misses >= trapMisses {
			f.traps.shut[[2]string{host, shape}] = true
		}
	}
	return rows.Err()
}

// trapped says whether a new address of an article is refused.
func (f *frontier) trapped(raw, host string) (bool, error) {
	u, err := url.Parse(raw)
	if err != nil {
		return false, nil //nolint:nilerr // what cannot be parsed is not fetched, and says so
	}
	if endless(u, raw) {
		return true, nil
	}
	n, ok := f.traps.waiting[host]
	if !ok {
		if err := f.row(`SELECT COUNT(*) FROM urls WHERE host = ? AND due = 0 AND kind = 'article'`, host).Scan(&n); err != nil {
			return false, err
		}
		f.traps.waiting[host] = n
	}
	if n >= trapWaiting {
		return true, nil
	}
	if len(f.traps.shut) == 0 || !f.traps.shut[[2]string{host, shapeOf(u)}] {
		return false, nil
	}
	h := fnv.New32a()
	_, _ = h.Write([]byte(raw))
	return h.Sum32()%trapProbe != 0, nil
}

// refuseTrap counts an address that is refused.
func (f *frontier) refuseTrap(raw, host string, t *task) error {
	if f.traps.kept[host] >= trapKept {
		return f.bump(trap)
	}
	f.traps.kept[host]++
	_, err := f.exec(`INSERT INTO urls (url, host, kind, source, story, depth, due, reason, via) VALUES (?, ?, 'article', ?, '', ?, ?, ?, ?)
		ON CONFLICT (url) DO NOTHING`, raw, host, t.source, t.depth+1, never, trap, t.url)
	return err
}

// missed are the reasons that say of a page that it is no article.
var missed = map[string]bool{"not_article": true, "soft_404": true, "gone": true, "not_html": true, "redirect_loop": true}

// learn notes what came of an address that was asked for the first time.
func (f *frontier) learn(t *task, o outcome, duplicate bool) error {
	if t.kind != "article" || t.firstFetch > 0 || o.keepState || o.hop.url != "" {
		return nil
	}
	if n := f.traps.waiting[hostOf(t.url)]; n > 0 {
		f.traps.waiting[hostOf(t.url)] = n - 1
	}
	miss := missed[o.reason] || o.taken && duplicate
	if !miss && !o.taken && !o.fetched || strings.HasPrefix(t.source, "urls ") {
		return nil // a failure on the way says nothing
	}
	u, err := url.Parse(t.url)
	if err != nil {
		return nil //nolint:nilerr // it has no shape
	}
	host, shape := hostOf(t.url), shapeOf(u)
	key := [2]string{host, shape}
	if !miss {
		delete(f.traps.shut, key)
		_, err := f.exec(`UPDATE shapes SET misses = 0 WHERE host = ? AND shape = ? AND misses > 0`, host, shape)
		return err
	}
	var misses int
	err = f.row(`SELECT misses FROM shapes WHERE host = ? AND shape = ?`, host, shape).Scan(&misses)
	switch {
	case errors.Is(err, sql.ErrNoRows):
		if f.traps.shapes[host] >= trapShapes {
			return nil
		}
		f.traps.shapes[host]++
	case err != nil:
		return err
	}
	if misses++; misses >= trapMisses {
		f.traps.shut[key] = true
	}
	_, err = f.exec(`INSERT OR REPLACE INTO shapes (host, shape, misses) VALUES (?, ?, ?)`, host, shape, misses)
	return err
}
