package crawler

import (
	"errors"
	"fmt"
	"html"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"
)

const (
	maxHops    = 10
	movesFeed  = 3  // permanent redirects in a row to one address before a source is asked there
	movesPage  = 1  // the same for an article
	asItIs     = -1 // in place of moves: the page that this one is a form of cannot be had
	refreshMax = 5  // seconds: a page that reloads later is one that is read until then
)

// hop is one step on the way from the address that was found to the one that
// is fetched.
type hop struct {
	kind string // one of the hop kinds
	url  string
}

// Kinds of hops.
const (
	hopMoved   = "moved"   // 301 or 308: for good
	hopFound   = "found"   // another redirect, or another address to try
	hopRefresh = "refresh" // meta refresh
	hopVariant = "variant" // from the AMP or mobile form to the page itself
)

// The frontier keeps the way as lines of kind and address.
func parseHops(s string) []hop {
	if s == "" {
		return nil
	}
	var way []hop
	for line := range strings.SplitSeq(s, "\n") {
		kind, u, ok := strings.Cut(line, " ")
		if !ok {
			kind, u = hopFound, line // of a version that kept addresses only
		}
		way = append(way, hop{kind, u})
	}
	return way
}

func formatHops(way []hop) string {
	var b strings.Builder
	for i, h := range way {
		if i > 0 {
			b.WriteByte('\n')
		}
		b.WriteString(h.kind + " " + h.url)
	}
	return b.String()
}

// lost are the reasons for which a page cannot be had, and a form of it is
// better than nothing. What asks not to be indexed, or is not about the story,
// is not among them.
var lost = map[string]bool{
	"gone": true, "http_4xx": true, "http_5xx": true, "robots": true, "private_address": true, "bad_url": true, "bad_redirect": true, "redirect_loop": true,
	"too_large": true, "truncated": true, "timeout": true, "network": true, "dns": true, "tls": true, "bad_encoding": true, "no_content": true,
	"not_html": true, "not_article": true, "extract_error": true, "soft_404": true, "soft_block": true,
}

// start is where the way of a task begins: its address, or the one that this
// has moved to. Now and then, with the fetch that makes no conditions, the
// address itself is asked, which may have come back.
func (t *task) start() string {
	if t.moved != "" && t.moves >= t.movesNeeded() && !t.full() {
		return t.moved
	}
	return t.url
}

func (t *task) movesNeeded() int {
	if t.kind == "article" {
		return movesPage
	}
	return movesFeed
}

// target is the address that is to be asked for now.
func (t *task) target() string {
	if n := len(t.chain); n > 0 {
		return t.chain[n-1].url
	}
	return t.start()
}

// passed says whether an address lies on the way.
func (t *task) passed(u string) bool {
	return u == t.start() || slices.ContainsFunc(t.chain, func(h hop) bool { return h.url == u })
}

// arrived updates where the address has moved to, after an answer that was
// read (ok) or a failure.
func (t *task) arrived(ok bool, reason string) (moved string, moves int) {
	elsewhere := t.start() != t.url
	switch {
	case !ok && elsewhere && (!passing[reason] || t.attempts >= 2):
		return "", 0 // the address itself is asked again
	case !ok:
		return t.moved, t.moves
	case (len(t.chain) == 0 || t.chain[0].kind == hopPage) && elsewhere:
		return t.moved, t.moves // still there
	}
	to := ""
	for _, h := range t.chain {
		if h.kind == hopPage { // the way ended at the first page
			break
		}
		if h.kind != hopMoved {
			return "", 0
		}
		to = h.url
	}
	switch {
	case to == "":
		return "", 0
	case to == t.moved || t.moved == "" || elsewhere:
		return to, min(t.moves+1, movesFeed)
	}
	return to, 1
}

// redirected follows an answer that leads on.
func (c *Crawler) redirected(t *task, res *response, kind, location string) outcome {
	next, err := redirectTarget(res.url, location)
	if err != nil {
		return c.fail(t, "bad_redirect", res.status, 0)
	}
	if next == t.url || t.passed(next) || len(t.chain) >= maxHops {
		return c.fail(t, "redirect_loop", res.status, 0)
	}
	return outcome{due: steady().UnixMilli(), status: res.status, hop: hop{kind, next}}
}

// maxLocation is how long an address may be that a redirect leads to, in
// bytes: what RFC 9110 (4.1) asks all parties to support.
const maxLocation = 8000

// redirectTarget gives the address that a Location leads to, without fragment
// and credentials.
func redirectTarget(base, location string) (string, error) {
	if location = strings.TrimSpace(location); location == "" {
		return "", errors.New("no location")
	}
	if len(location) > maxLocation {
		return "", fmt.Errorf("a location of %d bytes, more than %d", len(location), maxLocation)
	}
	u, err := webURL.ParseRef(base, rawBytes(location))
	if err != nil {
		return "", err
	}
	if (u.Protocol() != "http:" && u.Protocol() != "https:") || u.Hostname() == "" {
		return "", errors.New("not a web address")
	}
	u.SetUsername("")
	u.SetPassword("")
	s := strayPercent(withoutDot(u.Href(true)))
	if _, err := url.Parse(s); err != nil { // net/http could not ask for it
		return "", err
	}
	return s, nil
}

// rawBytes escapes what is not UTF-8 in the header of an old server, byte by
// byte as browsers do. A parser would put U+FFFD there.
func rawBytes(s string) string {
	if utf8.ValidString(s) {
		return s
	}
	var b strings.Builder
	for i := range len(s) {
		if s[i] >= utf8.RuneSelf {
			fmt.Fprintf(&b, "%%%02X", s[i])
		} else {
			b.WriteByte(s[i])
		}
	}
	return b.String()
}

// strayPercent writes a percent sign that begins no escape in the path of an
// address as the escape of itself: browsers ask for it as it stands ("100%-sure"),
// net/http cannot.
func strayPercent(raw string) string {
	path, query, asks := strings.Cut(raw, "?")
	if !strings.Contains(path, "%") {
		return raw
	}
	var b strings.Builder
	for i := range len(path) {
		b.WriteByte(path[i])
		if path[i] == '%' && (i+2 >= len(path) || !isHex(path[i+1]) || !isHex(path[i+2])) {
			b.WriteString("25")
		}
	}
	if asks {
		return b.String() + "?" + query
	}
	return b.String()
}

// mainForm gives the address of the page that an AMP or mobile page is a form
// of; "" if it is none, or does not say.
func mainForm(final, rel, title string) string {
	own, err := Canonical(final)
	if err != nil || !isVariant(own) {
		return ""
	}
	main := canonicalFor(own, rel, title)
	if main == own || isVariant(main) {
		return ""
	}
	return main
}

// variant leaves a form of a page alone for the page itself, so that both are
// one article, in the words of the page.
func (c *Crawler) variant(t *task, res *response, main string) outcome {
	o := c.fetchedFail(t, "variant", res.status)
	o.err = "variant: a form of " + main
	x := found{url: main}
	if t.published > 0 {
		x.published = time.UnixMilli(t.published)
	}
	o.found, o.instead = []found{x}, main
	return o
}

var (
	metaTag     = regexp.MustCompile(`(?is)<!--.*?(?:-->|$)|<meta\s[^>]+>`)
	isRefresh   = regexp.MustCompile(`(?is)\shttp-equiv\s*=\s*["']?\s*refresh\s*["'>\s/]`)
	refreshText = regexp.MustCompile(`(?is)\scontent\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'>]+))`)
	refreshForm = regexp.MustCompile(`(?is)^\s*(\d{1,9})(?:\.[\d.]*)?(?:\s*[;,]\s*|\s+)(?:url\s*=\s*)?["']?([^"']*)["']?\s*$`)
)

// metaRefresh gives the address to which a page sends its reader at once, by
// a meta element or the header of the same name; "" if it does not.
func metaRefresh(header string, body []byte) string {
	texts := []string{header}
	for _, tag := range metaTag.FindAll(body[:min(len(body), 64<<10)], 200) {
		if !isRefresh.Match(tag) { // also what is in a comment
			continue
		}
		if m := refreshText.FindSubmatch(tag); m != nil && tag[1] != '!' {
			texts = append(texts, html.UnescapeString(string(m[1])+string(m[2])+string(m[3])))
		}
	}
	for _, s := range texts {
		m := refreshForm.FindStringSubmatch(s)
		if m == nil {
			continue
		}
		to := strings.TrimSpace(m[2])
		if n, err := strconv.Atoi(m[1]); err == nil && n <= refreshMax && to != "" {
			return to
		}
	}
	return ""
}
