package extract

import (
	"strings"

	xhtml "golang.org/x/net/html"
)

// block is a run of text that no block element parts, in document order.
type block struct {
	text string      // clean, not empty
	in   *xhtml.Node // the innermost block element around it
	zone area
	link int // bytes of the text that are in links
}

// area says in what a block lies.
type area uint8

const (
	zoneHeading area = 1 << iota // h1 to h6
	zoneFigure                   // figure, figcaption
	zoneBeside                   // nav, footer, aside, form
	zoneArticle                  // article, main
	zoneHeader                   // header
)

var areas = map[string]area{
	"h1": zoneHeading, "h2": zoneHeading, "h3": zoneHeading, "h4": zoneHeading, "h5": zoneHeading, "h6": zoneHeading,
	"figure": zoneFigure, "figcaption": zoneFigure, "nav": zoneBeside, "footer": zoneBeside, "aside": zoneBeside, "form": zoneBeside,
	"article": zoneArticle, "main": zoneArticle, "header": zoneHeader,
}

// maxTextBlocks bounds how many blocks of one page are looked at for fields.
const maxTextBlocks = 20000

// blocks are the page's blocks, read once in one walk over the tree as it was
// parsed.
func (p *page) blocks() []block {
	if p.blocksOnce {
		return p.blockList
	}
	p.blocksOnce = true
	r := blockReader{}
	r.read(p.root, nil, 0, false)
	r.flush(nil, 0)
	p.blockList = r.out
	return p.blockList
}

// blocksOf are the blocks of a subtree.
func blocksOf(n *xhtml.Node) []block {
	r := blockReader{}
	r.read(n, n, 0, false)
	r.flush(n, 0)
	return r.out
}

type blockReader struct {
	buf  strings.Builder
	link int
	out  []block
}

// read goes down the tree, which the parser keeps from being deep.
func (r *blockReader) read(n, in *xhtml.Node, z area, linked bool) {
	switch n.Type {
	case xhtml.TextNode:
		r.buf.WriteString(n.Data)
		if linked {
			r.link += len(n.Data)
		}
		return
	case xhtml.ElementNode:
		switch n.Data {
		case "script", "style", "noscript", "template", "svg", "iframe", "button", "select", "textarea", "head":
			return
		case "a":
			linked = true
		}
	}
	isBlock := n.Type == xhtml.ElementNode && (blockTags[n.Data] || areas[n.Data] != 0 || n.Data == "td" || n.Data == "th" || n.Data == "address")
	if isBlock {
		r.flush(in, z)
		in, z = n, z|areas[n.Data]
	}
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		r.read(c, in, z, linked)
	}
	if isBlock && n.Data != "br" {
		r.flush(in, z)
	}
}

// flush ends a block.
func (r *blockReader) flush(in *xhtml.Node, z area) {
	if r.buf.Len() == 0 {
		return
	}
	if t := clean(r.buf.String()); t != "" && len(r.out) < maxTextBlocks {
		r.out = append(r.out, block{text: t, in: in, zone: z, link: r.link})
	}
	r.buf.Reset()
	r.link = 0
}

// templateNames are the words that a page's template names an element by, lower-case:
// its class, id, itemprop, role and test ids, with a space at both ends.
func templateNames(n *xhtml.Node) string {
	if n == nil {
		return ""
	}
	var b strings.Builder
	b.WriteByte(' ')
	for _, a := range n.Attr {
		switch a.Key {
		case "class", "id", "itemprop", "role", "data-testid", "data-qa", "data-component", "data-type":
			if len(a.Val) <= 1000 {
				b.WriteString(strings.ToLower(a.Val))
				b.WriteByte(' ')
			}
		}
	}
	return b.String()
}

var blockTags = map[string]bool{
	"p": true, "div": true, "section": true, "article": true, "h1": true, "h2": true, "h3": true, "h4": true, "h5": true, "h6": true,
	"li": true, "ul": true, "ol": true, "dl": true, "dt": true, "dd": true, "blockquote": true, "pre": true, "table": true, "tr": true, "br": true, "hr": true, "figure": true, "figcaption": true, "body": true, "main": true, "header": true,
}
