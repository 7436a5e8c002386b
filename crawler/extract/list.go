package extract

import (
	"regexp"
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// Crawlers come to pages that are no articles: lists of a section, a tag or an
// author, and what a site says of itself. Some of their lines read like the
// text of an article. That a page is one of them is said only by what it says:
// nothing that dates or calls it an article, and something that calls it
// another thing, or a shape that only lists have.

var (
	// listType are the types of JSON-LD for pages that are none.
	listType = regexp.MustCompile(`(?i)(?:^|/)(?:CollectionPage|ProfilePage|SearchResultsPage|AboutPage|ContactPage|FAQPage|CheckoutPage)$`)
	// listClass are the classes that WordPress and Drupal give the body of such
	// a page; those of an article are "single" and "page-node-type-article".
	listClass = regexp.MustCompile(`(?:^|\s)(?:page-id-\d+|search-results|search-no-results|(?:category|tag|author|tax|term)-[\w%-]+|path-taxonomy|page-taxonomy(?:-term)?|path-user|page-user|page-node-type-page)(?:\s|$)`)
	oneClass  = regexp.MustCompile(`(?:^|\s)(?:single|single-\w+|postid-\d+|page-node-type-(?:article|news|story))(?:\s|$)`)
)

const (
	minTeasers   = 5    // headlines that are links, from which a page may be a list
	teaserUp     = 3    // elements between a headline and what holds its teaser
	maxTeaser    = 1200 // bytes of a teaser with its headline
	ownText      = 80   // bytes of a line, from which it is text
	maxOwn       = 400  // bytes of such lines that are no teaser's, of a list
	maxListNodes = 50000
)

// list says by what a page is known for no article; "" if it is not. source
// is where its date of publication is from.
func (p *page) list(source string) string {
	switch source {
	case "json-ld", "meta", "url":
		return ""
	}
	if p.ld.article != nil {
		return ""
	}
	class := ""
	if body := find(p.root, atom.Body); body != nil {
		class = attr(body, "class")
	}
	if oneClass.MatchString(class) {
		return ""
	}
	if m := listClass.FindString(class); m != "" {
		return "body class " + strings.TrimSpace(m)
	}
	og := strings.ToLower(p.firstMeta("og:type"))
	if strings.HasPrefix(og, "article") || strings.HasPrefix(og, "news") || strings.HasPrefix(og, "video") {
		return ""
	}
	for _, t := range p.ld.all {
		if listType.MatchString(t) {
			return "json-ld " + t
		}
	}
	switch {
	case og == "profile", og == "website" && source == "":
		return "meta og:type " + og
	case p.teasers():
		return "teasers"
	}
	return ""
}

// teasers says that the text of a page is that of teasers: of headlines that
// are links, with their lines.
func (p *page) teasers() bool {
	w := &teaserWalk{holds: map[*html.Node]bool{}, left: maxListNodes}
	w.headlines(p.root, false, 0)
	if w.n < minTeasers {
		return false
	}
	w.left = maxListNodes
	w.text(p.root, false, 0)
	return w.own <= maxOwn
}

type teaserWalk struct {
	n     int                 // headlines that are links
	holds map[*html.Node]bool // elements that hold one of them
	own   int                 // bytes of text beside them
	left  int                 // nodes that may still be looked at, for each of the two walks
}

// headlines finds the headlines that are links or are in one.
func (w *teaserWalk) headlines(n *html.Node, linked bool, depth int) {
	if depth > maxTreeDepth {
		return
	}
	switch n.DataAtom {
	case atom.A:
		linked = linked || attr(n, "href") != ""
	case atom.H2, atom.H3, atom.H4:
		if linked || hasLink(n, 0) {
			w.n++
			at := n
			for range teaserUp {
				if at.Parent == nil || w.manyHeadlines(at.Parent, n) {
					break
				}
				at = at.Parent
				w.holds[at] = true
			}
		}
		return
	}
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		w.headlines(c, linked, depth+1)
	}
}

// text counts what is written in lines that are no teaser's.
func (w *teaserWalk) text(n *html.Node, teaser bool, depth int) {
	if w.left--; w.left < 0 || depth > maxTreeDepth {
		return
	}
	switch n.DataAtom {
	case atom.Script, atom.Style, atom.Noscript, atom.Footer, atom.Nav, atom.Header, atom.Aside, atom.A:
		return
	}
	if n.Type == html.TextNode && !teaser {
		if l := len(clean(n.Data)); l >= ownText {
			w.own += l
		}
		return
	}
	// What is longer is a text, whose headline is a link to itself.
	teaser = teaser || w.holds[n] && len(nodeText(n)) <= maxTeaser
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		w.text(c, teaser, depth+1)
	}
}

const maxTreeDepth = 500

// hasLink says whether a headline holds a link.
func hasLink(n *html.Node, depth int) bool {
	for c := n.FirstChild; c != nil && depth < 10; c = c.NextSibling {
		if c.DataAtom == atom.A && attr(c, "href") != "" || hasLink(c, depth+1) {
			return true
		}
	}
	return false
}

// manyHeadlines says whether an element has another headline among its
// children and theirs than the one that it was come to from.
func (w *teaserWalk) manyHeadlines(n, from *html.Node) bool {
	var look func(*html.Node, int) bool
	look = func(n *html.Node, depth int) bool {
		for c := n.FirstChild; c != nil && depth <= teaserUp; c = c.NextSibling {
			if w.left--; w.left < 0 {
				return true // as if: the walk up ends
			}
			switch c.DataAtom {
			case atom.H1, atom.H2, atom.H3, atom.H4:
				if c != from {
					return true
				}
			}
			if look(c, depth+1) {
				return true
			}
		}
		return false
	}
	return look(n, 0)
}

// find gives the first element of a kind among an element's children and theirs.
func find(n *html.Node, kind atom.Atom) *html.Node {
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		if c.DataAtom == kind {
			return c
		}
		if c.DataAtom == atom.Html {
			return find(c, kind)
		}
	}
	return nil
}
