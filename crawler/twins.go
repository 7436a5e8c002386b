package crawler

import (
	"net/url"
	"slices"
	"strings"
	"sync"
	"unicode/utf8"

	"dateline"
)

// Some outlets answer one article at several addresses and say in none of them
// which is its own: with and without "www.", a slash, "?print=1", in two
// sections, on a host for phones. The second one is a form of the first if it
// has the same headline and text, and an address that names the same thing.

// twinsKept is how many articles that were taken a moment ago, and may not be
// written yet, are looked through.
const twinsKept = 1000

// lately are the articles that were read last, so that two workers that have
// one article at the same time see each other.
type lately struct {
	mu   sync.Mutex
	last []textAt
}

// textAt is a text and where it was read.
type textAt struct {
	text    int64
	url, id string // an address of the article, and its id
	long    bool   // it is no short note, of which a site can have many alike
}

// first notes an article, unless a twin of it is there.
func (l *lately) first(x textAt) (twin textAt, found bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	for _, y := range l.last {
		if y.text == x.text && y.id != x.id && twins(x.url, y.url, x.long) {
			return y, true
		}
	}
	l.last = append(l.last, x)
	if n := len(l.last); n > 2*twinsKept {
		l.last = slices.Clone(l.last[n-twinsKept:])
	}
	return textAt{}, false
}

// twin gives the article that a page has again, at another address; false if
// there is none. One that was taken before stays one.
func (c *Crawler) twin(t *task, a *dateline.Article) (twin textAt, found bool, err error) {
	if t.articleID != "" || t.named() || t.moves == asItIs {
		return twin, false, nil
	}
	x := textAt{textHash(a), a.URL, a.ID, utf8.RuneCountInString(a.Body) >= softLimit}
	known, err := c.front.withText(x.text)
	if err != nil {
		return twin, false, err
	}
	for _, y := range known {
		if y.id != a.ID && twins(a.URL, y.url, x.long) {
			return y, true, nil
		}
	}
	twin, found = c.lately.first(x)
	return twin, found, nil
}

// twins says whether two addresses of one site can name the same text: the last
// part of the path is the same, whatever the form, or one names it by words and
// the other does not, if the text is long enough to be one only; and neither the date nor a parameter that names an
// article is another.
func twins(a, b string, long bool) bool {
	if !sameSite(a, b) {
		return false
	}
	u, err1 := url.Parse(a)
	v, err2 := url.Parse(b)
	if err1 != nil || err2 != nil {
		return false
	}
	m, n := namesOf(u), namesOf(v)
	du, dv := dateLike.FindString(m.path), dateLike.FindString(n.path)
	if m.last == "" || n.last == "" || du != dv && du != "" && dv != "" {
		return false
	}
	if long && (len(m.words) >= slugWords) != (len(n.words) >= slugWords) {
		return true // by its number and by its words
	}
	return m.last == n.last && (m.query == n.query || m.query == "" || n.query == "")
}

// twinOutcome leaves a page alone whose article is there by another address.
func (c *Crawler) twinOutcome(t *task, res *response, x textAt) outcome {
	o := c.fetchedFail(t, "variant", res.status)
	o.err = "variant: the same text as " + x.url
	return o
}

// mainKnown gives the address of the page that an AMP or mobile page without a
// rel=canonical is a form of, if that was taken; "" if there is none.
func (c *Crawler) mainKnown(final string) (string, error) {
	own, err := Canonical(final)
	if err != nil || !isVariant(own) {
		return "", nil //nolint:nilerr // an address that is none is no form
	}
	for _, main := range mainForms(own) {
		if known, err := c.front.took(main); known || err != nil {
			return main, err
		}
	}
	return "", nil
}

// mainForms are the addresses that a page can have of which an address is a form.
func mainForms(raw string) (out []string) {
	u, err := url.Parse(raw)
	if err != nil {
		return nil
	}
	hosts := []string{u.Host}
	if first, rest, _ := strings.Cut(u.Host, "."); variantHost[first] {
		hosts = []string{"www." + rest, rest}
	}
	path := "/" + strings.TrimLeft(formPath.ReplaceAllString(u.Path, "/"), "/")
	for _, scheme := range []string{"https", "http"} {
		for _, host := range hosts {
			for _, p := range []string{path, strings.TrimRight(path, "/"), strings.TrimRight(path, "/") + "/"} {
				main := url.URL{Scheme: scheme, Host: host, Path: p, RawQuery: u.RawQuery}
				if s := main.String(); p != "" && p != "/" && s != raw && !slices.Contains(out, s) {
					out = append(out, s)
				}
			}
		}
	}
	return out
}

// withText are the addresses at which articles with a text were taken, some of
// them if there are many.
func (f *frontier) withText(text int64) (out []textAt, err error) {
	err = f.read(func() error {
		q, err := f.prepared(`SELECT url, article_id FROM urls INDEXED BY urls_text WHERE text = ? AND text <> 0 AND article_id <> '' LIMIT 20`)
		if err != nil {
			return err
		}
		rows, err := q.Query(text)
		if err != nil {
			return err
		}
		defer rows.Close()
		for rows.Next() {
			x := textAt{text: text}
			if err := rows.Scan(&x.url, &x.id); err != nil {
				return err
			}
			out = append(out, x)
		}
		return rows.Err()
	})
	return out, err
}

// took says whether an article was taken at an address.
func (f *frontier) took(address string) (bool, error) {
	n := 0
	err := f.read(func() error {
		return f.row(`SELECT COUNT(*) FROM urls WHERE url = ? AND kind = 'article' AND article_id <> ''`, address).Scan(&n)
	})
	return n > 0, err
}
