package body

import (
	"unicode/utf8"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// Bounds of what is read of one page. They are far above what articles have;
// a page beyond them is cut, not refused.
const (
	maxBlocks = 20000
	maxText   = 8 << 20 // bytes of text
	maxInline = 6       // inline elements around a line that are looked at
)

// element is an element that holds text. Elements without text have none, so
// that a page of a million empty tags costs nothing but the walk.
type element struct {
	parent int32 // -1 at the root
	depth  int32
	tag    atom.Atom
	own    group     // what its class and id say of it
	above  group     // the same of it and all elements around it
	sig    uint64    // its tag and classes
	words  [2]uint32 // where its class words begin and end in page.words

	end int32 // elements up to here, by number, are inside it

	// Of all blocks below it.
	first, last   int32
	chars, linked int32
	blocks, paras int32
	wordCount     int32
	consents      int32 // words of texts about cookies

	// Known when the headline is.
	prose   int32 // characters of blocks that read as prose, but for those in what is no article
	outside bool  // it is comments, a consent manager or the like
}

// block is a line of text as a reader sees it: what stands between two
// boundaries of block elements.
type block struct {
	elem       int32
	start, end int32 // in page.text
	tok        [2]int32
	linked     int32 // characters inside links
	links      int32
	chars      int32 // runes
	bold       int32 // characters in b, strong
	ital       int32
	boldLead   bool
	image      bool      // an image stands between it and the line before it
	inline     group     // what the classes of inline elements around its text say
	words      [2]uint32 // class words of inline elements around its first text
	hash       uint64
	ld         float32 // share of its characters inside links
}

// Page is a page split into blocks.
type Page struct {
	elems   []element
	blocks  []block
	text    []byte
	toks    []uint64
	words   []uint64 // hashes of class words
	scripts []string // those that hold the page's data
}

// frame is an element that the walk is in.
type frame struct {
	node  *html.Node
	elem  int32 // -1 until a block in it has text
	block bool
}

// blockTags part lines.
var blockTags = map[atom.Atom]bool{
	atom.P: true, atom.Div: true, atom.Section: true, atom.Article: true, atom.Aside: true, atom.Nav: true, atom.Header: true, atom.Footer: true, atom.Main: true,
	atom.H1: true, atom.H2: true, atom.H3: true, atom.H4: true, atom.H5: true, atom.H6: true, atom.Hgroup: true, atom.Address: true, atom.Form: true, atom.Fieldset: true,
	atom.Li: true, atom.Ul: true, atom.Ol: true, atom.Dl: true, atom.Dt: true, atom.Dd: true, atom.Blockquote: true, atom.Pre: true, atom.Details: true, atom.Summary: true,
	atom.Table: true, atom.Caption: true, atom.Tbody: true, atom.Thead: true, atom.Tr: true, atom.Figure: true, atom.Figcaption: true, atom.Body: true, atom.Html: true, atom.Center: true, atom.Menu: true, atom.Dialog: true,
}

// silent elements show no text, or text that is never of an article.
var silent = map[atom.Atom]bool{
	atom.Script: true, atom.Style: true, atom.Noscript: true, atom.Template: true, atom.Svg: true, atom.Iframe: true, atom.Head: true,
	atom.Button: true, atom.Select: true, atom.Textarea: true, atom.Datalist: true, atom.Object: true, atom.Video: true, atom.Audio: true, atom.Canvas: true, atom.Math: false,
	atom.Input: true, atom.Dialog: true, atom.Noembed: true, atom.Noframes: true,
}

type splitter struct {
	Page
	stack []frame
	space bool // white space is pending
	cur   block
	links int // open a elements
	bolds int
	itals int
}

// Split walks the tree once.
func Split(root *html.Node) *Page {
	s := &splitter{}
	s.text = make([]byte, 0, 32<<10)
	s.cur.start = 0
	for n := root; n != nil; {
		if s.enter(n) && n.FirstChild != nil {
			n = n.FirstChild
			continue
		}
		for {
			s.leave(n)
			if n == root {
				n = nil
				break
			}
			if n.NextSibling != nil {
				n = n.NextSibling
				break
			}
			n = n.Parent
		}
		if len(s.blocks) >= maxBlocks || len(s.text) >= maxText {
			break
		}
	}
	s.flush()
	s.sum()
	return &s.Page
}

func (s *splitter) enter(n *html.Node) bool {
	switch n.Type {
	case html.TextNode:
		s.add(n.Data)
		return false
	case html.ElementNode:
	case html.DocumentNode:
		return true
	default:
		return false
	}
	if n.DataAtom == atom.Script && n.FirstChild != nil && len(s.scripts) < maxScripts && holdsState(attr(n, "type"), attr(n, "id"), n.FirstChild.Data) {
		s.scripts = append(s.scripts, n.FirstChild.Data)
	}
	if silent[n.DataAtom] || n.Namespace != "" {
		return false
	}
	b := blockTags[n.DataAtom]
	switch n.DataAtom {
	case atom.Br, atom.Hr:
		s.flush()
		return false
	case atom.Td, atom.Th:
		s.space = true
	case atom.Img, atom.Picture:
		s.cur.image = true
	case atom.A:
		s.links++
		s.cur.links++
	case atom.B, atom.Strong:
		s.bolds++
	case atom.I, atom.Em:
		s.itals++
	}
	if b {
		s.flush()
	}
	s.stack = append(s.stack, frame{node: n, elem: -1, block: b})
	return true
}

func (s *splitter) leave(n *html.Node) {
	if n.Type != html.ElementNode {
		return
	}
	switch n.DataAtom {
	case atom.A:
		s.links = max(0, s.links-1)
	case atom.B, atom.Strong:
		s.bolds = max(0, s.bolds-1)
	case atom.I, atom.Em:
		s.itals = max(0, s.itals-1)
	}
	if k := len(s.stack); k > 0 && s.stack[k-1].node == n {
		if s.stack[k-1].block {
			s.flush()
		}
		s.stack = s.stack[:k-1]
	}
}

// add appends text to the line under way: white space as single spaces.
func (s *splitter) add(t string) {
	began := len(s.text)
	runes := int32(0)
	for i := 0; i < len(t); {
		c := t[i]
		if c < utf8.RuneSelf {
			i++
			switch {
			case c == ' ' || c == '\n' || c == '\t' || c == '\r' || c == '\f' || c == '\v':
				s.space = true
				continue
			case c < 0x20 || c == 0x7f:
				continue
			}
			if s.space && len(s.text) > int(s.cur.start) {
				s.text = append(s.text, ' ')
				runes++
			}
			s.space = false
			s.text = append(s.text, c)
			runes++
			continue
		}
		r, n := utf8.DecodeRuneInString(t[i:])
		i += n
		switch {
		case r == 0xa0 || r == 0x1680 || r >= 0x2000 && r <= 0x200a || r == 0x2028 || r == 0x2029 || r == 0x202f || r == 0x205f || r == 0x3000 || r == 0x85:
			s.space = true
			continue
		case !shown(r):
			continue
		}
		if s.space && len(s.text) > int(s.cur.start) {
			s.text = append(s.text, ' ')
			runes++
		}
		s.space = false
		s.text = append(s.text, t[i-n:i]...)
		runes++
	}
	if len(s.text) == began {
		return
	}
	if s.cur.chars == 0 {
		s.cur.boldLead = s.bolds > 0
		s.cur.elem = s.place()
	}
	s.cur.chars += runes
	if s.links > 0 {
		s.cur.linked += runes
	}
	if s.bolds > 0 {
		s.cur.bold += runes
	}
	if s.itals > 0 {
		s.cur.ital += runes
	}
}

// place gives the block element of the line that begins, and those around it.
// Inline elements around blocks are containers as well; those inside the
// innermost block only say something of the line.
func (s *splitter) place() int32 {
	inner := len(s.stack) - 1
	for inner >= 0 && !s.stack[inner].block {
		inner--
	}
	k := inner + 1
	for k > 0 && s.stack[k-1].elem < 0 {
		k--
	}
	at := int32(-1)
	if k > 0 {
		at = s.stack[k-1].elem
	}
	for ; k <= inner; k++ {
		at = s.newElement(s.stack[k].node, at)
		s.stack[k].elem = at
	}
	s.cur.words[0] = uint32(len(s.words))
	for k = max(inner+1, len(s.stack)-maxInline); k < len(s.stack); k++ {
		s.cur.inline |= s.classWords(s.stack[k].node)
	}
	s.cur.words[1] = uint32(len(s.words))
	return at
}

// flush ends a line.
func (s *splitter) flush() {
	s.space = false
	if s.cur.chars == 0 {
		s.text = s.text[:s.cur.start]
		s.cur = block{start: s.cur.start, image: s.cur.image}
		return
	}
	b := s.cur
	b.end = int32(len(s.text))
	b.tok[0] = int32(len(s.toks))
	s.toks = tokens(s.toks, s.text[b.start:b.end])
	b.tok[1] = int32(len(s.toks))
	s.cur = block{start: b.end}
	if b.tok[0] == b.tok[1] { // punctuation only
		s.text = s.text[:b.start]
		s.cur.start = b.start
		return
	}
	b.hash = Join(s.toks[b.tok[0]:b.tok[1]])
	b.ld = float32(b.linked) / float32(b.chars)
	s.blocks = append(s.blocks, b)
}

func (s *splitter) newElement(n *html.Node, parent int32) int32 {
	e := element{parent: parent, tag: n.DataAtom, first: -1}
	if parent >= 0 {
		e.depth = s.elems[parent].depth + 1
		e.above = s.elems[parent].above
	}
	e.words[0] = uint32(len(s.words))
	e.own = s.classWords(n)
	e.words[1] = uint32(len(s.words))
	e.sig = mix(hashString(n.Data), Join(s.words[e.words[0]:e.words[1]]))
	if n.DataAtom == atom.Body || n.DataAtom == atom.Html {
		e.own = 0 // their names are of the whole page
	}
	e.above |= e.own
	s.elems = append(s.elems, e)
	return int32(len(s.elems) - 1)
}

// sum adds the counts of blocks to all elements around them.
func (s *splitter) sum() {
	for i := range s.blocks {
		b := &s.blocks[i]
		e := &s.elems[b.elem]
		e.chars += b.chars
		e.linked += b.linked
		e.blocks++
		if e.tag == atom.P {
			e.paras++
		}
		e.wordCount += b.tok[1] - b.tok[0]
		e.consents += consents(s.tokens(b))
		if e.first < 0 {
			e.first = int32(i)
		}
		e.last = int32(i)
	}
	for i := len(s.elems) - 1; i >= 0; i-- {
		e := &s.elems[i]
		e.end = max(e.end, int32(i)+1)
		if e.parent < 0 {
			continue
		}
		p := &s.elems[e.parent]
		p.end = max(p.end, e.end)
		p.chars += e.chars
		p.linked += e.linked
		p.blocks += e.blocks
		p.paras += e.paras
		p.wordCount += e.wordCount
		p.consents += e.consents
		if p.first < 0 || e.first >= 0 && e.first < p.first {
			p.first = e.first
		}
		p.last = max(p.last, e.last)
	}
}

// prose reports whether a block reads as running text rather than as a label.
func (p *Page) prose(b *block) bool {
	n := b.tok[1] - b.tok[0]
	return n >= 12 && b.ld < 0.4
}

func (p *Page) line(b *block) string { return string(p.text[b.start:b.end]) }

func (p *Page) tokens(b *block) []uint64 { return p.toks[b.tok[0]:b.tok[1]] }

func attr(n *html.Node, key string) string {
	for i := range n.Attr {
		if n.Attr[i].Key == key {
			return n.Attr[i].Val
		}
	}
	return ""
}
