package crawler

import (
	"bytes"
	"net/url"
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"

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
}

// pageLinks is what a page leads to.
type pageLinks struct {
	links []link
	feeds []string // <link rel="alternate"> of feeds, absolute
}

var (
	menuWords  = regexp.MustCompile(`(?i)(^|[-_ ])(nav|navigation|navbar|menu|submenu|breadcrumbs?|footer|masthead|topbar|toolbar|pagination|pager|social|share|tags?|topics|sitemap|cookie|consent|login|subnav|language|lang-switch)([-_ ]|$)`)
	feedTypes  = map[string]bool{"application/rss+xml": true, "application/atom+xml": true, "application/feed+json": true, "application/rdf+xml": true}
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
	return w.out, nil
}

// place is what surrounds a node.
type place struct{ heading, nav, prose bool }

type linkWalk struct {
	base string
	at   map[string]int // address -> place in out.links
	out  pageLinks
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
	if !feedTypes[strings.TrimSpace(t)] || !strings.Contains(" "+strings.ToLower(attr(n, "rel"))+" ", " alternate ") {
		return
	}
	u := absolute(w.base, attr(n, "href"))
	if u == "" || commentURL.MatchString(u) || len(w.out.feeds) >= maxFeeds {
		return
	}
	for _, have := range w.out.feeds {
		if have == u {
			return
		}
	}
	w.out.feeds = append(w.out.feeds, u)
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

var (
	notPage   = regexp.MustCompile(`(?i)\.(jpe?g|png|gif|webp|svg|css|js|json|xml|rss|pdf|zip|gz|mp[34]|m4a|ico|woff2?)$`)
	notNews   = regexp.MustCompile(`(?i)^/(tag|tags|topic|topics|author|authors|category|categories|search|login|account|about|privacy|terms|contact|newsletters?|subscribe|wp-admin|wp-json|feed|feeds|rss|impressum|datenschutz|kontakt|mentions-legales|aviso-legal|jobs|careers|advertising|advertisement|advertise|shop|games|horoscopes?|weather|wetter|meteo|puzzles|crosswords?)(/|$)`)
	datePath  = regexp.MustCompile(`/(19|20)\d\d[/-]?[01]?\d([/-]?[0-3]?\d)?([/-]|$)`)
	longID    = regexp.MustCompile(`\d{5,}`)
	shortID   = regexp.MustCompile(`\d{4,}`)
	pageExt   = regexp.MustCompile(`(?i)\.(s?html?|php|aspx?|jsp|story|ece|cms)$`)
	queryNews = regexp.MustCompile(`(?i)(^|&)(id|p|article|articleid|story|storyid|news_?id|aid)=\w*\d`)
	listPath  = regexp.MustCompile(`(?i)/(page|seite|pagina)/?\d+/?$|^/(tag|tags|topic|topics|author|authors|category|categories)/`)
)

// shape is how much an address looks like that of an article: 0 not at all,
// from 2 on rather than not, 4 for sure.
func shape(raw string) int {
	u, err := url.Parse(raw)
	if err != nil || notPage.MatchString(u.Path) || notNews.MatchString(u.Path) || listPath.MatchString(u.Path) {
		return -4
	}
	path := strings.Trim(u.Path, "/")
	if queryNews.MatchString(u.RawQuery) {
		return 3
	}
	if path == "" {
		return -4
	}
	segments := strings.Split(path, "/")
	last := pageExt.ReplaceAllString(segments[len(segments)-1], "")
	n := 0
	if datePath.MatchString(u.Path) {
		n += 2
	}
	switch hyphens := strings.Count(last, "-") + strings.Count(last, "_"); {
	case hyphens >= 3:
		n += 3
	case hyphens == 2:
		n += 2
	case hyphens == 1 && len(segments) >= 2:
		n++
	}
	switch {
	case longID.MatchString(path):
		n += 2
	case shortID.MatchString(path):
		n++
	}
	if pageExt.MatchString(path) {
		n++
	}
	if utf8.RuneCountInString(last) >= 40 {
		n++ // a slug in a script or spelling without hyphens
	}
	return n
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
	if err != nil || !l.menu || l.text == "" || words(l.text) > 3 || u.RawQuery != "" ||
		notPage.MatchString(u.Path) || notNews.MatchString(u.Path) {
		return false
	}
	path := strings.Trim(u.Path, "/")
	return path != "" && strings.Count(path, "/") <= 1 && shape(l.url) <= 1
}

// articles are the addresses of the site's articles that a page of its leads
// to: those that look like one, and those that look like nothing else. A
// kicker above teasers is a section: it is in a menu too, stands there again
// and again, or is the beginning of an article's address.
func (p pageLinks) articles(own string) []found {
	beginnings := map[string]bool{}
	for _, l := range p.links {
		if l.leadsToArticle() {
			for i := range len(l.url) {
				if l.url[i] == '/' {
					beginnings[l.url[:i]] = true
				}
			}
		}
	}
	var out []found
	for _, l := range p.links {
		if l.url == own || !sameSite(l.url, own) {
			continue
		}
		kicker := l.menu || l.times >= kickerTimes || beginnings[strings.TrimSuffix(l.url, "/")]
		if l.leadsToArticle() || !kicker && deepPath(l.url) {
			out = append(out, found{url: l.url})
		}
	}
	return out
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

// sections are the lists of articles that the menus of a home page lead to.
func (p pageLinks) sections(own string) []found {
	var out []found
	for _, l := range p.links {
		if l.isSection() && l.url != own && sameSite(l.url, own) && len(out) < maxSections {
			out = append(out, found{url: l.url, kind: "page"})
		}
	}
	return out
}
