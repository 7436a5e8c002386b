package crawler

import (
	"net/url"
	"strings"
)

// Links from an article on a story lead to more of its coverage: "as the
// Harbour Post first reported". What they lead to is kept only if the sink
// finds that it is about the story, so that this goes no further than the
// story does.
const (
	maxCited   = 10 // of one article
	citedDepth = 3  // an article that a source names is 1; those it links to are 2
	citedShape = 4  // surely an article, as nothing is known but the address
)

// notOutlets are sites whose pages are no articles, however they look.
var notOutlets = map[string]bool{
	"twitter.com": true, "x.com": true, "facebook.com": true, "instagram.com": true, "linkedin.com": true, "youtube.com": true,
	"youtu.be": true, "tiktok.com": true, "reddit.com": true, "pinterest.com": true, "threads.net": true, "bsky.app": true,
	"t.me": true, "telegram.me": true, "whatsapp.com": true, "weibo.com": true, "vk.com": true, "google.com": true, "apple.com": true,
	"wikipedia.org": true, "wikimedia.org": true, "archive.org": true, "archive.ph": true, "archive.is": true, "doi.org": true,
	"amazon.com": true, "spotify.com": true, "soundcloud.com": true, "github.com": true, "taboola.com": true, "outbrain.com": true,
	"flipboard.com": true, "pocket.co": true, "getpocket.com": true, "addtoany.com": true, "sharethis.com": true,
}

func (c *Crawler) setFollowed(sources []Source) {
	m := map[string]bool{}
	for _, s := range sources {
		m[s.key()] = m[s.key()] || s.Follow
	}
	c.follow.Store(&m)
}

func (c *Crawler) follows(source string) bool {
	m := c.follow.Load()
	return c.cfg.FollowLinks && m != nil && (*m)[source]
}

// cited are the articles of other sites that a taken article links to.
func (c *Crawler) cited(t *task, own string, links []string) []found {
	if !c.follows(t.source) || t.articleID != "" || t.depth >= citedDepth {
		return nil // what was taken before was followed then
	}
	host := "//" + hostOf(own) + "/"
	seen := map[string]bool{}
	var out []found
	for _, l := range links {
		if strings.Contains(l, host) || len(out) >= maxCited {
			continue
		}
		u, err := Canonical(unwrap(l))
		if err != nil || seen[u] || sameSite(u, own) || notOutlets[RegistrableDomain(u)] || shape(u) < citedShape || shares(u) {
			continue
		}
		seen[u] = true
		out = append(out, found{url: u})
	}
	return out
}

// shares says that an address carries another one: a button to share it.
func shares(raw string) bool {
	u, err := url.Parse(raw)
	return err != nil || strings.Contains(u.RawQuery, "http%3A") || strings.Contains(u.RawQuery, "https%3A") || strings.Contains(u.RawQuery, "://")
}
