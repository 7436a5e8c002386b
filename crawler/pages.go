package crawler

import (
	"context"
	"encoding/json"
	"slices"
	"strings"
	"unicode"

	"dateline"
)

// MaxPages is how many pages one article is joined from at most.
const MaxPages = 10

// maxJoined is how many bytes a joined body has at most.
const maxJoined = 2 << 20

// hopPage is a hop to the next page of the same article.
const hopPage = "page"

// onPage says whether a later page of an article is fetched next, or was.
func (t *task) onPage() bool {
	n := len(t.chain)
	return n > 0 && t.chain[n-1].kind == hopPage
}

// heldPages is an article whose further pages are still to be fetched.
type heldPages struct {
	Article   *dateline.Article
	Links     []string
	Status    int
	ETag, LM  string
	NoArchive bool
}

// Join adds a further page of an article to it. It says whether the page is
// one: under the same headline, with text that is not there yet.
func Join(a, page *dateline.Article, address string) bool {
	if page == nil || strings.TrimSpace(page.Body) == "" || len(a.Pages)+1 >= MaxPages || !sameHeadline(a.Title, page.Title) {
		return false
	}
	known := map[string]bool{}
	for l := range strings.SplitSeq(a.Body, "\n\n") {
		known[l] = true
	}
	body := a.Body
	for l := range strings.SplitSeq(page.Body, "\n\n") {
		if !known[l] && len(body)+len(l) < maxJoined {
			body += "\n\n" + l
		}
	}
	if body == a.Body {
		return false
	}
	a.Body = body
	a.Pages = append(a.Pages, address)
	a.Teaser = page.Teaser
	a.Paywalled = a.Paywalled || page.Paywalled
	if a.Agency == "" {
		a.Agency = page.Agency
	}
	for _, c := range page.Corrections {
		if !slices.ContainsFunc(a.Corrections, func(o dateline.Correction) bool { return o.Text == c.Text }) {
			a.Corrections = append(a.Corrections, c)
		}
	}
	return true
}

// sameHeadline reports whether the second of two headlines has most of the
// words of the first. Pages say which they are in it, as "… - page 2".
func sameHeadline(a, b string) bool {
	bag := map[string]int{}
	all, same := 0, 0
	for _, w := range headlineWords(b) {
		bag[w]++
	}
	for _, w := range headlineWords(a) {
		all++
		if bag[w] > 0 {
			bag[w]--
			same++
		}
	}
	return all > 0 && same*10 >= all*7
}

// headlineWords are words, and single characters of scripts without spaces.
func headlineWords(s string) []string {
	var out []string
	for _, w := range strings.FieldsFunc(strings.ToLower(s), func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) }) {
		if r := []rune(w); unicode.In(r[0], unicode.Han, unicode.Hiragana, unicode.Katakana, unicode.Thai) {
			for _, c := range r {
				out = append(out, string(c))
			}
			continue
		}
		out = append(out, w)
	}
	return out
}

// goOn is the outcome that fetches the next page of an article; ok is false
// if there is none to be fetched.
func (c *Crawler) goOn(t *task, h *heldPages, next string, status int) (o outcome, ok bool) {
	if next == "" || len(h.Article.Pages)+1 >= MaxPages || next == t.url || t.passed(next) || hostOf(next) != hostOf(t.target()) {
		return o, false
	}
	if err := c.front.hold(t.url, h); err != nil {
		c.log.Warn("further pages are left out", "url", t.url, "error", err)
		return o, false
	}
	return outcome{due: steady().UnixMilli(), status: status, hop: hop{hopPage, next}}, true
}

// furtherPage joins a page to its article, which is taken with the last one.
func (c *Crawler) furtherPage(ctx context.Context, t *task, res *response) outcome {
	h, err := c.front.held(t.url)
	if err != nil || h == nil {
		return c.fetchedFail(t, "truncated", res.status) // to be begun again
	}
	ctype := res.header.Get("Content-Type")
	page, err := c.read(res, ctype)
	if !isHTML(ctype, res.body) || err != nil {
		return c.takeHeld(ctx, t, h)
	}
	noIndex, noArchive := robotsTag(append(res.header.Values("X-Robots-Tag"), page.Robots...), c.agent, steady())
	// What is in the archive and what is not are not joined: a second
	// extraction would come to another text.
	if page.NoIndex || noIndex || (page.NoArchive || noArchive) != h.NoArchive || !Join(h.Article, page.Article, res.url) {
		return c.takeHeld(ctx, t, h)
	}
	if c.warc != nil && !h.NoArchive {
		if err := c.warc.write(res); err != nil {
			return c.notKept(t, "archive_error", res, err)
		}
	}
	if o, ok := c.goOn(t, h, page.Next, res.status); ok {
		return o
	}
	return c.takeHeld(ctx, t, h)
}

// endPages takes an article whose next page could not be had as far as it is
// known.
func (c *Crawler) endPages(ctx context.Context, t *task, o outcome) outcome {
	h, err := c.front.held(t.url)
	if err != nil || h == nil {
		return o
	}
	c.log.Debug("article without its further pages", "url", t.url, "reason", o.reason)
	return c.takeHeld(ctx, t, h)
}

func (c *Crawler) takeHeld(ctx context.Context, t *task, h *heldPages) outcome {
	if err := c.front.hold(t.url, nil); err != nil {
		c.log.Warn("held pages are not dropped", "url", t.url, "error", err)
	}
	return c.take(ctx, t, h)
}

// hold keeps an article until its further pages are there; nil drops it.
func (f *frontier) hold(url string, h *heldPages) error {
	return f.write(func() error {
		if h == nil {
			_, err := f.exec(`DELETE FROM held WHERE url = ?`, url)
			return err
		}
		b, err := json.Marshal(h)
		if err == nil {
			_, err = f.exec(`INSERT OR REPLACE INTO held VALUES (?, ?)`, url, string(b))
		}
		return err
	})
}

// held is the article that is kept for an address; nil if there is none.
func (f *frontier) held(url string) (h *heldPages, err error) {
	err = f.read(func() error {
		var n int
		if err := f.row(`SELECT COUNT(*) FROM held WHERE url = ?`, url).Scan(&n); err != nil || n == 0 {
			return err
		}
		var s string
		if err := f.row(`SELECT pages FROM held WHERE url = ?`, url).Scan(&s); err != nil {
			return err
		}
		h = &heldPages{}
		return json.Unmarshal([]byte(s), h)
	})
	return h, err
}
