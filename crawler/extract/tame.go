package extract

import (
	"bytes"
	"fmt"
	"slices"
	"strings"

	"golang.org/x/net/html"
)

// Bounds of a tree. Of 807 real pages the one with the most has 12,000 tags,
// and the parser refuses what is nested 512 deep.
const (
	maxTags     = 200_000 // start and end tags that are parsed as they are
	maxElements = 100_000 // elements of a page that is tamed
	maxDepth    = 200     // open elements of a page that is tamed
	maxBoxes    = 150     // ... from which on div and span are left out, so that what parts the text is kept
	maxAttrs    = 64      // attributes of one element of a page that is tamed
	maxRoots    = 16      // html and body tags of one page: each brings the attributes of all before
)

// parseTree parses a page of any shape in bounded time and memory: linear in
// its length. A page that the parser would take too long for, or that it
// refuses, is parsed without what made it so.
func parseTree(text []byte) (*html.Node, error) {
	if bytes.Count(text, []byte("<")) <= maxTags && roots(text) <= maxRoots {
		root, err := html.Parse(bytes.NewReader(text))
		if err == nil {
			return root, nil
		}
	}
	root, err := html.Parse(bytes.NewReader(tame(text)))
	if err != nil {
		return nil, fmt.Errorf("extract: parse: %w", err)
	}
	return root, nil
}

// roots counts the start tags of html and body, up to one more than maxRoots.
func roots(text []byte) int {
	n := 0
	for n <= maxRoots {
		i := bytes.IndexByte(text, '<')
		if i < 0 {
			break
		}
		text = text[i+1:]
		if len(text) > 4 && (bytes.EqualFold(text[:4], []byte("html")) || bytes.EqualFold(text[:4], []byte("body"))) {
			n++
		}
	}
	return n
}

// kept are the elements that a tamed page has, and what they become: the
// parser moves what is wrong in a table, so there are none.
var kept = named(`html head body title script meta link base main article section header footer aside nav div p h1 h2 h3 h4 h5 h6
	ul ol li dl dt dd blockquote pre figure figcaption address time a img br hr span table=div caption=div tr=div td=div th=div`)

func named(list string) map[string]string {
	m := map[string]string{}
	for _, f := range strings.Fields(list) {
		from, to, ok := strings.Cut(f, "=")
		if !ok {
			to = from
		}
		m[from] = to
	}
	return m
}

// ending says for an element which others, where they are open, its start tag
// closes, and which keep it from looking further out.
func ending(name string) (closes, within string) {
	switch name {
	case "li":
		return "li", "ul ol"
	case "dt", "dd":
		return "dt dd", "dl"
	case "td", "th":
		return "td th", "table"
	case "tr":
		return "tr", "table"
	case "a":
		return "a", ""
	case "span", "img", "br", "time", "script", "meta", "link", "base":
		return "", ""
	}
	return "p", ""
}

// tame writes a page anew with at most maxElements elements, each of them
// closed, at most maxDepth deep. Formatting, forms, drawings and scripts other
// than JSON-LD are left out; text is kept.
func tame(text []byte) []byte {
	t := tamer{z: html.NewTokenizer(bytes.NewReader(text)), out: make([]byte, 0, len(text)+4096), skipped: map[string]int{}}
	for t.n < maxElements && t.next() {
	}
	t.popTo(0)
	return t.out
}

type tamer struct {
	z       *html.Tokenizer
	out     []byte
	open    []string       // the names that the page has
	skipped map[string]int // start tags too deep to be written
	drop    bool           // the text that comes is of an element that is left out
	n       int
}

func (t *tamer) next() bool {
	switch t.z.Next() {
	case html.ErrorToken:
		return false
	case html.TextToken:
		if !t.drop {
			t.out = append(t.out, t.z.Raw()...)
		}
		t.drop = false
	case html.StartTagToken, html.SelfClosingTagToken:
		t.start()
	case html.EndTagToken:
		name, _ := t.z.TagName()
		t.drop = false
		if kept[string(name)] != "" {
			t.end(string(name))
		}
	}
	return true
}

func (t *tamer) start() {
	tag, more := t.z.TagName()
	raw := string(tag)
	name := kept[raw]
	switch raw {
	case "style", "iframe", "noembed", "noframes", "noscript", "plaintext", "xmp", "textarea": // whose text is not markup
		t.drop = true
		return
	}
	if name == "" || (name == "html" || name == "body" || name == "head") && t.n > 0 && slices.Contains(t.open, name) {
		return
	}
	tok := html.Token{Type: html.StartTagToken, Data: name}
	for more && len(tok.Attr) < maxAttrs {
		var k, v []byte
		k, v, more = t.z.TagAttr()
		tok.Attr = append(tok.Attr, html.Attribute{Key: string(k), Val: string(v)})
	}
	if name == "script" && !slices.ContainsFunc(tok.Attr, func(a html.Attribute) bool {
		return a.Key == "type" && strings.Contains(strings.ToLower(a.Val), "ld+json")
	}) {
		t.drop = true
		return
	}
	closes, within := ending(raw)
	for i := len(t.open) - 1; i >= 0 && !listHas(within, t.open[i]); i-- {
		if listHas(closes, t.open[i]) {
			t.popTo(i)
			break
		}
	}
	void := slices.Contains([]string{"meta", "link", "base", "img", "br", "hr"}, name)
	box := name == "div" || name == "span"
	if len(t.open) >= maxDepth && !void || len(t.open) >= maxBoxes && box && !isCell(raw) {
		t.skipped[raw]++ // its end tag is not another's
		t.drop = name == "script" || name == "title"
		return
	}
	t.n++
	t.out = append(t.out, tok.String()...)
	if !void {
		t.open = append(t.open, raw)
	}
}

// end closes the innermost element of a name with all that is open in it.
func (t *tamer) end(name string) {
	if t.skipped[name] > 0 {
		t.skipped[name]--
		return
	}
	for i := len(t.open) - 1; i >= 0; i-- {
		if t.open[i] == name {
			t.popTo(i)
			return
		}
	}
}

// popTo closes all open elements from the i-th on.
func (t *tamer) popTo(i int) {
	for last := len(t.open) - 1; last >= i; last-- {
		t.out = append(t.out, "</"+kept[t.open[last]]+">"...)
	}
	t.open = t.open[:i]
}

// isCell reports whether an element parts text as a paragraph does.
func isCell(name string) bool { return name == "td" || name == "th" || name == "caption" }
