package crawler

import (
	"strconv"
	"strings"
	"time"

	"github.com/jimsmart/grobotstxt"
)

const (
	robotsLife    = 24 * time.Hour
	robotsRetry   = 10 * time.Minute
	robotsMax     = 500 << 10
	maxCrawlDelay = 60 * time.Second
	robotsMaxHops = 5
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
	return grobotstxt.AgentAllowed(strings.TrimPrefix(body, "\ufeff"), agent, rawURL)
}

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

// hostRules is the cached robots.txt of one scheme://host.
type hostRules struct {
	body    string
	delay   time.Duration
	expires time.Time
	reason  string // why there are no rules: robots_unreachable or private_address
}
