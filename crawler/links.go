package crawler

import (
	"bytes"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"unicode"

	"github.com/PuerkitoBio/goquery"
	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
	"golang.org/x/net/html/charset"
)

// Limits of one page's links.
const (
	maxFeeds     = 10
	maxPageLinks = 5000
	maxLinkDepth = 2000 // elements around a link; deeper pages are read as far as that
	maxAnchor    = 400  // bytes of a link's text that are looked at
)

// link is an <a> of a page with what its place tells.
type link struct {
	url     string // canonical
	text    string // of the link, or of the heading that it surrounds
	heading bool   // in or around h1 to h6
	menu    bool   // in a menu, head, foot or column beside
	nav     bool   // nowhere else
	prose   bool   // among the words of a paragraph
	times   int    // on the page
	data    bool   // named by data of a script only
}

// pageLinks is what a page leads to.
type pageLinks struct {
	links []link
	feeds []string // <link rel="alternate"> of feeds, absolute
}

var (
	menuWords  = regexp.MustCompile(`(?i)(^|[-_ ])(nav|navigation|navbar|menu|submenu|breadcrumbs?|footer|masthead|topbar|toolbar|pagination|pager|social|share|tags?|topics|sitemap|cookie|consent|login|subnav|language|lang-switch)([-_ ]|$)`)
	feedTypes  = map[string]bool{"application/rss+xml": true, "application/atom+xml": true, "application/feed+json": true, "application/rdf+xml": true}
	feedName   = regexp.MustCompile(`(?i)\.(?:rss|rdf|atom)(?:$|\?)|/(?:rss|atom|feed)/?(?:$|\?)|(?:rss|feed)[^/?]*\.xml(?:$|\?)|[?&](?:format|alt)=(?:rss|feed|atom)(?:&|$)`)
	feedPath   = regexp.MustCompile(`(?i)feed[^/]*/?$`)
	commentURL = regexp.MustCompile(`(?i)comments?([/_.-]|$)|[?&]replytocom=`)
)

// readLinks reads the links of a page in the order of the page, each address
// once, with the best of the places where it stands.
func readLinks(body []byte, contentType, pageURL string) (pageLinks, error) {
	r, err := charset.NewReader(bytes.NewReader(body), contentType)
	if err != nil {
		return pageLinks{}, err
	}
	root, err := html.Parse(r)
	if err != nil {
		return pageLinks{}, err
	}
	w := &linkWalk{base: pageURL, at: map[string]int{}}
	if h, ok := goquery.NewDocumentFromNode(root).Find("base[href]").First().Attr("href"); ok {
		if b := absolute(pageURL, h); b != "" {
			w.base = b
		}
	}
	w.walk(root, place{}, 0)
	for _, u := range w.named { // after those that <link> says are feeds
		if u != "" && len(w.out.feeds) < maxFeeds && !slices.Contains(w.out.feeds, u) {
			w.out.feeds = append(w.out.feeds, u)
		}
	}
	if len(w.out.articles(pageURL)) < fewLinks {
		w.fromData(root)
	}
	return w.out, nil
}

// place is what surrounds a node.
type place struct{ heading, nav, prose bool }

type linkWalk struct {
	base string
	at   map[string]int // address -> place in out.links
	out  pageLinks

	named []string // links that call themselves feeds
}

func (w *linkWalk) walk(n *html.Node, p place, depth int) {
	if depth > maxLinkDepth || len(w.out.links) >= maxPageLinks {
		return
	}
	if n.Type == html.ElementNode {
		switch n.DataAtom {
		case atom.Script, atom.Style, atom.Noscript, atom.Template, atom.Iframe, atom.Svg:
			return
		case atom.Nav, atom.Footer, atom.Aside, atom.Menu:
			p.nav = true
		case atom.H1, atom.H2, atom.H3, atom.H4, atom.H5, atom.H6:
			p.heading = true
		case atom.P, atom.Blockquote:
			p.prose = true
		case atom.Link:
			w.feed(n)
		case atom.A:
			w.add(n, p)
			return
		}
		if role := attr(n, "role"); role == "navigation" || role == "banner" || role == "contentinfo" || role == "menu" {
			p.nav = true
		}
		if n.DataAtom != atom.Body && n.DataAtom != atom.Html && (menuWords.MatchString(attr(n, "class")) || menuWords.MatchString(attr(n, "id"))) {
			p.nav = true
		}
	}
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		w.walk(c, p, depth+1)
	}
}

func (w *linkWalk) feed(n *html.Node) {
	t, _, _ := strings.Cut(strings.ToLower(attr(n, "type")), ";")
	t = strings.TrimSpace(t)
	u := absolute(w.base, attr(n, "href"))
	// JSON Feed 1.0 has no media type of its own; other JSON is not called a feed.
	isFeed := feedTypes[t] || t == "application/json" && feedPath.MatchString(u)
	if !isFeed || !strings.Contains(" "+strings.ToLower(attr(n, "rel"))+" ", " alternate ") {
		return
	}
	if u == "" || commentURL.MatchString(u) || len(w.out.feeds) >= maxFeeds {
		return
	}
	if !slices.Contains(w.out.feeds, u) {
		w.out.feeds = append(w.out.feeds, u)
	}
}

func (w *linkWalk) add(n *html.Node, p place) {
	href := strings.TrimSpace(attr(n, "href"))
	if href == "" || href[0] == '#' || len(href) > 4096 {
		return
	}
	u := resolve(w.base, href)
	if u == "" {
		return
	}
	if feedName.MatchString(u) && !commentURL.MatchString(u) {
		w.named = append(w.named, absolute(w.base, href))
		return
	}
	l := link{url: u, heading: p.heading || hasHeading(n, 0), menu: p.nav, nav: p.nav, prose: p.prose, text: anchorText(n), times: 1}
	if p.prose && n.Parent != nil && anchorText(n.Parent) == l.text {
		l.prose = false // the paragraph is the link: a teaser
	}
	if i, ok := w.at[u]; ok {
		have := &w.out.links[i]
		have.times++
		if len(l.text) > len(have.text) {
			have.text = l.text
		}
		have.heading = have.heading || l.heading
		have.menu = have.menu || l.menu
		have.nav = have.nav && l.nav
		have.prose = have.prose || l.prose
		return
	}
	w.at[u] = len(w.out.links)
	w.out.links = append(w.out.links, l)
}

func attr(n *html.Node, name string) string {
	for _, a := range n.Attr {
		if a.Key == name {
			return a.Val
		}
	}
	return ""
}

func hasHeading(n *html.Node, depth int) bool {
	for c := n.FirstChild; c != nil && depth < 8; c = c.NextSibling {
		switch c.DataAtom {
		case atom.H1, atom.H2, atom.H3, atom.H4, atom.H5, atom.H6:
			return true
		}
		if hasHeading(c, depth+1) {
			return true
		}
	}
	return false
}

// anchorText is the text below a node, white space folded, as long as it matters.
func anchorText(n *html.Node) string {
	var b strings.Builder
	var walk func(*html.Node, int)
	walk = func(n *html.Node, depth int) {
		for c := n.FirstChild; c != nil && b.Len() < maxAnchor && depth < 50; c = c.NextSibling {
			if c.Type == html.TextNode {
				b.WriteString(c.Data)
				b.WriteByte(' ')
			} else if c.DataAtom != atom.Script && c.DataAtom != atom.Style && c.DataAtom != atom.Svg {
				walk(c, depth+1)
			}
		}
	}
	walk(n, 0)
	return strings.Join(strings.Fields(b.String()), " ")
}

// words counts the words of a text; two signs of a script without spaces are
// taken for one.
func words(s string) int {
	n, signs := 0, 0
	in := false
	for _, r := range s {
		switch {
		case unicode.In(r, unicode.Han, unicode.Hiragana, unicode.Katakana, unicode.Thai):
			signs++
			in = false
		case unicode.IsLetter(r) || unicode.IsNumber(r):
			if !in {
				n++
			}
			in = true
		case r != '\'' && r != '’' && r != '-':
			in = false
		}
	}
	return n + (signs+1)/2
}

// leadsToArticle tells a teaser's link from navigation, by its address, its
// text and where it stands: none of the three is enough on every site.
func (l link) leadsToArticle() bool {
	n := shape(l.url)
	if n < -1 {
		return false
	}
	switch w := words(l.text); {
	case w >= 5:
		n += 2
	case w >= 3:
		n++
	}
	if l.heading {
		n++
	}
	if l.nav {
		n -= 3
	}
	return n >= 3
}

// isSection tells a link of a menu that leads to a list of articles.
func (l link) isSection() bool {
	u, err := url.Parse(l.url)
	if err != nil || !l.menu || l.text == "" || words(l.text) > 3 || !listQuery(u.RawQuery) ||
		noArticle(u) && !groups.MatchString(u.Path) {
		return false
	}
	path := strings.Trim(u.Path, "/")
	last := path[strings.LastIndexByte(path, '/')+1:]
	n := shape(l.url)
	plain := n <= 1 || n == 2 && l.nav && strings.Count(last, "-") < 2 && !datePath.MatchString(u.Path) // "/node_7134.htm"
	return path != "" && strings.Count(path, "/") <= 1 && plain
}

// asMenu is the link as if it stood in a menu.
func (l link) asMenu() link {
	l.menu = true
	return l
}

// listQuery says that a query can be that of a section: none, or "cat=3".
func listQuery(q string) bool {
	return strings.Count(q, "&") <= 1 && !queryNews.MatchString(q) && !placeQuery.MatchString(q)
}

// articles are the addresses of the site's articles that a page of its leads
// to: those that look like one, and those that look like nothing else. A
// kicker above teasers is a section: it is in a menu too, stands there again
// and again, or is the beginning of an article's address.
func (p pageLinks) articles(own string) []found {
	beginnings, named := map[string]bool{}, map[string]bool{}
	for _, l := range p.links {
		if l.leadsToArticle() {
			for i := range len(l.url) {
				if l.url[i] == '/' {
					beginnings[l.url[:i]] = true
				}
			}
			named[strings.TrimSuffix(l.url, "/")] = shape(l.url) >= 2
		}
	}
	var out []found
	for _, l := range p.links {
		if l.url == own || !sameSite(l.url, own) || partOf(l.url, named) {
			continue
		}
		query := strings.Contains(l.url, "?") && l.asMenu().isSection()
		kicker := l.menu || query || l.times >= kickerTimes || beginnings[strings.TrimSuffix(l.url, "/")]
		if l.leadsToArticle() || !kicker && !l.data && deepPath(l.url) {
			out = append(out, found{url: l.url})
		}
	}
	return out
}

// partOf says that an address is that of a form or a part of an article which
// the page leads to as well: its comments, its print, its way to be shared.
func partOf(raw string, articles map[string]bool) bool {
	page, query, asks := strings.Cut(raw, "?")
	page = strings.TrimSuffix(page, "/")
	if asks && articles[page] && !queryNews.MatchString(query) {
		return true
	}
	i := strings.LastIndexByte(page, '/')
	return i > 0 && articles[page[:i]] && strings.Trim(page[i+1:], "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ") == ""
}

// kickerTimes is how often a link stands on a page that is a section's; a
// teaser's stands there once for its picture and once for its headline.
const kickerTimes = 4

// deepPath is an address below another that is nothing else that we know.
func deepPath(raw string) bool {
	u, err := url.Parse(raw)
	return err == nil && shape(raw) >= 0 && (shape(raw) > 0 || strings.Count(strings.Trim(u.Path, "/"), "/") >= 1)
}

// maxSections is how many sections of an outlet are polled for links.
const maxSections = 12

// sections are the lists of articles that the menus of a home page lead to; of
// a page that has no menu, its links of a few words. Tags, of which there is no
// end, are sections where a menu has nothing else.
func (p pageLinks) sections(own string) []found {
	menu := false
	for _, l := range p.links {
		menu = menu || l.menu && sameSite(l.url, own)
	}
	var out, tags []found
	for _, l := range p.links {
		if !menu && !l.data && !l.leadsToArticle() {
			l = l.asMenu()
		}
		if !l.isSection() || l.url == own || !sameSite(l.url, own) {
			continue
		}
		if x := (found{url: l.url, kind: "page"}); tagged.MatchString(strings.TrimPrefix(l.url, siteOf(l.url))) {
			tags = append(tags, x)
		} else {
			out = append(out, x)
		}
	}
	if len(out) == 0 {
		out = tags
	}
	return out[:min(len(out), maxSections)]
}

// siteOf is an address up to its path.
func siteOf(raw string) string {
	i := strings.Index(raw, "://") + len("://")
	if j := strings.IndexByte(raw[i:], '/'); j >= 0 {
		return raw[:i+j]
	}
	return raw
}
