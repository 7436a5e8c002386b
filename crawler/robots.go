package crawler

import (
	"bytes"
	"encoding/binary"
	"errors"
	"strconv"
	"strings"
	"time"
	"unicode/utf16"

	"github.com/jimsmart/grobotstxt"
)

const (
	robotsLife    = 24 * time.Hour
	robotsRetry   = 10 * time.Minute
	robotsMax     = 500 << 10
	maxCrawlDelay = 60 * time.Second
	robotsMaxHops = 5
	robotsMaps    = 500 // Sitemap lines that are read

	offlineRetry = 2 * horizon // after a site that could not be connected to; RunOnce does not wait for it
)

// productToken is the part of a User-Agent that robots.txt groups name:
// "Dateline" of "Dateline/1.0 (+https://...)".
func productToken(userAgent string) string {
	i := 0
	for i < len(userAgent) {
		c := userAgent[i] | 0x20
		if (c < 'a' || c > 'z') && userAgent[i] != '-' && userAgent[i] != '_' {
			break
		}
		i++
	}
	return userAgent[:i]
}

// robotsAllowed says whether the rules in body let agent (a product token)
// fetch an address.
func robotsAllowed(body, agent, rawURL string) bool {
	return grobotstxt.AgentAllowed(escapeRaw.Replace(strings.TrimPrefix(body, "\ufeff")), agent, escapeRaw.Replace(rawURL))
}

// escapeRaw writes what is no part of a URL as percent escapes, so that rules
// and addresses compare in one spelling (RFC 9309, 2.2.2).
var escapeRaw = strings.NewReplacer("{", "%7B", "}", "%7D", `"`, "%22", "<", "%3C", ">", "%3E", "`", "%60", "^", "%5E", "|", "%7C", `\`, "%5C")

// delayReader finds the Crawl-delay of our group, or else of the * group.
// Crawl-delay is no part of RFC 9309, so the matcher reports it as unknown.
type delayReader struct {
	agent      string
	inRules    bool // a rule was seen since the last user-agent line
	ours, star bool
	own, any   time.Duration
	hasOurs    bool
}

func (d *delayReader) HandleRobotsStart() {}
func (d *delayReader) HandleRobotsEnd()   {}

func (d *delayReader) HandleUserAgent(_ int, value string) {
	if d.inRules {
		d.inRules, d.ours, d.star = false, false, false
	}
	value = strings.TrimSpace(value)
	if value == "*" || strings.HasPrefix(value, "* ") {
		d.star = true
	} else if strings.EqualFold(productToken(value), d.agent) {
		d.ours, d.hasOurs = true, true
	}
}

func (d *delayReader) HandleAllow(int, string)    { d.inRules = true }
func (d *delayReader) HandleDisallow(int, string) { d.inRules = true }
func (d *delayReader) HandleSitemap(int, string)  {}

func (d *delayReader) HandleUnknownAction(_ int, action, value string) {
	if !strings.EqualFold(strings.TrimSpace(action), "crawl-delay") {
		return
	}
	d.inRules = true
	f, err := strconv.ParseFloat(strings.TrimSpace(value), 64)
	if err != nil || !(f >= 0) {
		return
	}
	v := maxCrawlDelay
	if f < maxCrawlDelay.Seconds() {
		v = time.Duration(f * float64(time.Second))
	}
	if d.ours {
		d.own = max(d.own, v)
	}
	if d.star {
		d.any = max(d.any, v)
	}
}

// crawlDelay gives the Crawl-delay that holds for agent, at most a minute: a
// site that asks for more would never be read, which is what Disallow is for.
func crawlDelay(body, agent string) time.Duration {
	d := &delayReader{agent: agent}
	grobotstxt.Parse(strings.TrimPrefix(body, "\ufeff"), d)
	if d.hasOurs {
		return d.own
	}
	return d.any
}

// robotsText gives a robots.txt as UTF-8. RFC 9309 knows no other coding, but
// rules in UTF-16, or zipped without a word in the headers, are rules all the
// same: read as bytes they would forbid nothing. Nor would those with NUL bytes
// between them, of which no rule has one.
func robotsText(b []byte) string {
	if bytes.HasPrefix(b, []byte{0x1f, 0x8b}) {
		b, _ = readStart(bytes.NewReader(b), []string{"gzip"}, robotsMax, nil) // what could be read of it holds
	}
	return strings.ReplaceAll(utf8Rules(b), "\x00", "")
}

func utf8Rules(b []byte) string {
	if bytes.HasPrefix(b, []byte{0xff, 0xfe, 0, 0}) {
		return string(b[4:]) // UTF-32: without its NUL bytes, what rules are made of is as in UTF-8
	}
	var order binary.ByteOrder
	switch {
	case bytes.HasPrefix(b, []byte{0xff, 0xfe}), len(b) >= 4 && b[0] != 0 && b[1] == 0 && b[2] != 0 && b[3] == 0:
		order = binary.LittleEndian
	case bytes.HasPrefix(b, []byte{0xfe, 0xff}), len(b) >= 4 && b[0] == 0 && b[1] != 0 && b[2] == 0 && b[3] != 0:
		order = binary.BigEndian
	default:
		return string(b)
	}
	units := make([]uint16, len(b)/2)
	for i := range units {
		units[i] = order.Uint16(b[2*i:])
	}
	return strings.TrimPrefix(string(utf16.Decode(units)), "\ufeff")
}

// mapReader collects the Sitemap lines, which belong to no group.
type mapReader struct {
	delayReader
	base string
	list []string
	seen map[string]bool
}

func (m *mapReader) HandleSitemap(_ int, value string) {
	u := absolute(m.base, value)
	if u == "" || m.seen[u] || len(m.list) >= robotsMaps {
		return
	}
	m.seen[u] = true
	m.list = append(m.list, u)
}

// sitemapLines gives the absolute addresses that the Sitemap lines of a
// robots.txt at base name, each once, the first 500 at most.
func sitemapLines(body, base string) []string {
	m := &mapReader{base: base, seen: map[string]bool{}}
	grobotstxt.Parse(strings.TrimPrefix(body, "\ufeff"), m)
	return m.list
}

// robotsSitemaps makes a list of the sitemaps that a robots.txt names. They
// may be on any host: the site itself says that they are its own.
func robotsSitemaps(body, base string) listing {
	l := listing{what: "robots.txt"}
	for _, u := range sitemapLines(body, base) {
		l.found = append(l.found, found{url: u, kind: "sitemap"})
	}
	if len(l.found) == 0 {
		l.err = errors.New("robots.txt names no sitemap")
	}
	return l
}

// hostRules is the cached robots.txt of one scheme://host.
type hostRules struct {
	body    string // with a reason, what went wrong
	delay   time.Duration
	expires time.Time
	reason  string // why there are no rules: robots_unreachable or private_address
}
