package extract

import (
	"strings"

	"golang.org/x/net/html"
)

// where says what an element lies in.
type where uint16

const (
	inHead    where = 1 << iota
	inArticle       // article or main
	beside          // aside, footer, navigation, comments, related articles
	inAside
	inAddress
	inFigure
	inLink
	inTop     // what a page shows above all its articles: today's date, the weather
	inRelated // navigation, comments, related articles: beside without doubt
)

// hint says what an element's name and attributes tell of its content. The
// lowest bits are the kinds of bylines, the best first.
type hint uint64

const (
	byItemprop hint = 1 << iota
	byRel
	byByline
	byAuthorName
	byAuthorElement
	byAuthorCamel
	byArticleAuthor
	byArticleElement
	byClass
	byWriter
	byBylineCamel
	byNameCamel
	byLinkCamel
	byTestID
	byAuthor
	byAutor
	byAuthorPath
	byAuthorsPath
	byWriterPath
	byAutorPath
	byStaffPath
	namesSource
	atPublished // itemprop datePublished, or time pubdate
	atTime      // the element time
	atPublish   // a class or id with "publish" or "posted"
	atDate
	atClock
	atInfo
	atModified
	atToday

	bylineHints = byStaffPath<<1 - 1
	dateHints   = atPublished | atTime | atPublish | atDate | atClock | atInfo
)

// bylineSels names the kinds of bylines in the order of their bits.
var bylineSels = []string{
	"itemprop author", "rel=author", "class byline", "class author-name", "class author__name", "class authorName",
	"class article-author", "class article__author", "class author", "class writer", "class Byline", "class AuthorName", "class AuthorLink",
	"data-testid byline", "class with author", "class with autor", "link /author/", "link /authors/", "link /writer/", "link /autor/", "link /staff/",
}

// mark is an element that may hold something, in the order of the page.
type mark struct {
	n  *html.Node
	h  hint
	in where
	at int // how many texts come before it
}

// scan is what one walk over a page finds for all its fields.
type scan struct {
	langs     []string // lang and xml:lang of the element html
	base      string   // as written
	canonical string   // as written
	title     string
	links     []string // as written
	linked    []string // JSON-LD blocks
	headings  []mark   // h1, and h2 where there is no h1
	marks     []mark
	dated     []mark // short texts with a digit
	signed    []mark // texts that begin as a byline does
	texts     int
	classes   map[string]hint
	wide      map[*html.Node]bool // around the headline, and so not beside the article
	first     *html.Node          // h1 or h2
}

// What a page may have of each; more is cut off.
const (
	maxMarks    = 5000
	maxHeadings = 60
	maxBlocks   = 500 // of JSON-LD
	maxShort    = 90  // bytes of a text that may be a date or a byline
)

// readScan fills p.scan and p.meta. Pages that call the whole of an article
// "comments-open" or the like are walked over again without believing that.
func (p *page) readScan() {
	p.scan = &scan{classes: map[string]hint{}}
	p.walkOver()
	if wide := p.aroundHeadline(); len(wide) > 0 {
		p.scan = &scan{classes: p.scan.classes, wide: wide}
		p.walkOver()
	}
}

// aroundHeadline are the elements that are beside the article by their class
// and hold its headline.
func (p *page) aroundHeadline() map[*html.Node]bool {
	var wide map[*html.Node]bool
	for _, h := range p.scan.headings {
		if h.in&inRelated == 0 {
			return nil
		}
	}
	for _, h := range p.scan.headings[:min(len(p.scan.headings), 1)] {
		for n := h.n; n != nil; n = n.Parent {
			if n.Type == html.ElementNode && p.scan.hints(n)&isBeside != 0 {
				if wide == nil {
					wide = map[*html.Node]bool{}
				}
				wide[n] = true
			}
		}
	}
	return wide
}

// walkOver walks over the page once.
func (p *page) walkOver() {
	p.meta = map[string][]string{}
	in := []where{0} // of the node's ancestors, the root first
	n := p.root
	for n != nil {
		here := in[len(in)-1]
		down := false
		switch n.Type {
		case html.TextNode:
			p.scan.text(n, here)
		case html.ElementNode:
			here, down = p.element(n, here)
		default:
			down = true
		}
		if down && n.FirstChild != nil {
			in = append(in, here)
			n = n.FirstChild
			continue
		}
		for n != nil && n.NextSibling == nil && n != p.root {
			n = n.Parent
			in = in[:max(len(in)-1, 1)]
		}
		if n == nil || n == p.root {
			return
		}
		n = n.NextSibling
	}
}

// text notes a text that may be a date or a byline.
func (s *scan) text(n *html.Node, in where) {
	t := strings.TrimSpace(n.Data)
	if t == "" || in&inHead != 0 {
		return
	}
	s.texts++
	if len(t) > maxShort || in&inRelated != 0 {
		return
	}
	m := mark{n: n, in: in, at: s.texts - 1}
	if len(s.dated) < maxMarks && hasDigit(t) {
		s.dated = append(s.dated, m)
	}
	if len(s.signed) < 50 && in&(inFigure|beside) == 0 && byStart(t) {
		s.signed = append(s.signed, m)
	}
}

func hasDigit(s string) bool {
	for i := 0; i < len(s); i++ {
		if s[i] >= '0' && s[i] <= '9' || s[i] >= 0xD9 { // digits of other scripts are behind Latin
			return true
		}
	}
	return false
}

// element notes what an element tells, and says whether its children count.
func (p *page) element(n *html.Node, in where) (where, bool) {
	s := p.scan
	switch n.Data {
	case "script":
		if t := attr(n, "type"); t != "" && len(s.linked) < maxBlocks && strings.Contains(strings.ToLower(t), "ld+json") && n.FirstChild != nil {
			s.linked = append(s.linked, n.FirstChild.Data)
		}
		return in, false
	case "style", "noscript", "template", "svg", "iframe", "textarea", "select":
		return in, false
	case "meta":
		p.addMeta(n)
	case "base":
		if s.base == "" {
			s.base = attr(n, "href")
		}
		return in, true
	case "link":
		if s.canonical == "" && listHas(strings.ToLower(attr(n, "rel")), "canonical") {
			s.canonical = attr(n, "href")
		}
	case "title":
		if s.title == "" && n.FirstChild != nil {
			s.title = clean(n.FirstChild.Data)
		}
		return in, false
	case "html":
		for _, at := range []string{"lang", "xml:lang"} {
			if v := attr(n, at); v != "" {
				s.langs = append(s.langs, v)
			}
		}
		return in, true
	case "head":
		return in | inHead, true
	case "body":
		return in, true
	}
	h := s.hints(n)
	if s.wide[n] {
		h &^= isBeside
	}
	in = surroundings(n, h, in)
	m := mark{n: n, h: h, in: in, at: s.texts}
	switch n.Data {
	case "a":
		if v := strings.TrimSpace(attr(n, "href")); v != "" && v[0] != '#' && len(s.links) < 10*maxLinks {
			s.links = append(s.links, v)
		}
	case "h1", "h2":
		if s.first == nil {
			s.first = n
		}
		if n.Data == "h1" && len(s.headings) < maxHeadings {
			s.headings = append(s.headings, m)
		}
	}
	if h&(bylineHints|namesSource|dateHints) != 0 && len(s.marks) < maxMarks {
		s.marks = append(s.marks, m)
	}
	return in, true
}

// surroundings is what the children of an element lie in.
func surroundings(n *html.Node, h hint, in where) where {
	switch n.Data {
	case "article", "main":
		in |= inArticle
	case "aside":
		in |= beside | inAside
	case "footer":
		in |= beside
	case "nav":
		in |= beside | inRelated
	case "figure":
		in |= inFigure
	case "address":
		in |= inAddress
	case "a":
		in |= inLink
	}
	if h&isBeside != 0 && n.Data != "main" && n.Data != "article" {
		in |= beside | inRelated
	}
	if h&atToday != 0 {
		in |= inTop
	}
	return in
}

const (
	isBeside hint = 1 << 62 // a class with "comment" or "related"
	known    hint = 1 << 63 // in the table of classes
)

// classHints are what the parts of classes say. Upper and lower case count:
// "Byline" and "byline" are of different rank.
var classHints = []struct {
	part string
	h    hint
}{
	{"byline", byByline | atInfo},
	{"author-name", byAuthorName},
	{"author__name", byAuthorElement},
	{"authorName", byAuthorCamel},
	{"article-author", byArticleAuthor},
	{"article__author", byArticleElement},
	{"writer", byWriter},
	{"Byline", byBylineCamel | atInfo},
	{"AuthorName", byNameCamel},
	{"AuthorLink", byLinkCamel},
	{"author", byAuthor},
	{"autor", byAutor},
	{"source", namesSource | atInfo},
	{"comment", isBeside},
	{"related", isBeside},
}

// dateClasses are looked for without regard to case, in ids too.
var dateClasses = []struct {
	part string
	h    hint
}{
	{"publish", atPublish},
	{"pubdate", atPublish | atDate},
	{"pubtime", atPublish | atDate},
	{"posted", atPublish},
	{"date", atDate},
	{"datum", atDate},
	{"fecha", atDate},
	{"time", atClock},
	{"created", atDate},
	{"info", atInfo},
	{"meta", atInfo},
	{"updated", atModified},
	{"modif", atModified},
	{"update-", atModified},
	{"last-upd", atModified},
}

// todayClasses are the beginnings of classes and ids of what a page shows above
// all its articles.
var todayClasses = []string{"today", "current-date", "currentdate", "header-date", "headerdate", "topbar", "top-bar", "weather"}

// hints reads an element's name and attributes.
func (s *scan) hints(n *html.Node) hint {
	var h hint
	if n.Data == "time" {
		h |= atTime
	}
	for _, a := range n.Attr {
		switch a.Key {
		case "class":
			h |= s.class(a.Val, true)
		case "id":
			h |= s.class(a.Val, false)
		case "itemprop":
			if listHas(a.Val, "author") {
				h |= byItemprop
			}
			if listHas(a.Val, "datePublished") {
				h |= atPublished
			}
			if listHas(a.Val, "dateModified") {
				h |= atModified
			}
		case "pubdate":
			h |= atPublished
		case "data-testid":
			if strings.Contains(a.Val, "byline") {
				h |= byTestID
			}
		case "rel":
			if n.Data == "a" && listHas(a.Val, "author") {
				h |= byRel
			}
		case "href":
			if n.Data == "a" {
				h |= pathHints(a.Val)
			}
		}
	}
	return h
}

// pathHints tells links to an author's page.
func pathHints(href string) hint {
	var h hint
	for i, part := range []string{"/author/", "/authors/", "/writer/", "/autor/", "/staff/"} {
		if strings.Contains(href, part) {
			h |= byAuthorPath << i
		}
	}
	return h
}

// class reads the classes of an element, or its id, which says less. Pages have
// few classes and many elements, so what was read is kept.
func (s *scan) class(v string, class bool) hint {
	key := v
	if !class {
		key = "#" + v
	}
	if h := s.classes[key]; h != 0 {
		return h
	}
	h := known
	if class {
		for _, c := range classHints {
			if strings.Contains(v, c.part) {
				h |= c.h
			}
		}
		if h&byAuthor != 0 && listHas(v, "author") {
			h |= byClass
		}
	}
	low := strings.ToLower(v)
	for _, c := range dateClasses {
		if strings.Contains(low, c.part) {
			h |= c.h
		}
	}
	for word := range strings.FieldsSeq(low) {
		for _, c := range todayClasses {
			if strings.HasPrefix(word, c) {
				h |= atToday
			}
		}
	}
	if len(s.classes) < 20000 {
		s.classes[key] = h
	}
	return h
}

func attr(n *html.Node, key string) string {
	for _, a := range n.Attr {
		if a.Key == key {
			return a.Val
		}
	}
	return ""
}

// listHas reports whether a list parted by blanks has a word.
func listHas(list, word string) bool {
	for f := range strings.FieldsSeq(list) {
		if f == word {
			return true
		}
	}
	return false
}

// maxShortNodes is how many nodes a short text may be spread over.
const maxShortNodes = 200

// shortText is the text below a node if it has at most limit bytes.
func shortText(n *html.Node, limit int) (string, bool) {
	if n.Type == html.TextNode {
		t := clean(n.Data)
		return t, len(t) <= limit
	}
	size, nodes := 0, 0
	walkUntil(n, func(c *html.Node) (down, on bool) {
		switch c.Type {
		case html.TextNode:
			size += len(strings.TrimSpace(c.Data))
		case html.ElementNode:
			switch c.Data {
			case "script", "style", "noscript", "template", "svg", "iframe", "button":
				return false, true
			}
		}
		nodes++
		return true, size <= limit && nodes < maxShortNodes
	})
	if size > limit || nodes >= maxShortNodes {
		return "", false
	}
	t := nodeText(n)
	return t, len(t) <= limit
}
