package extract

import (
	"html"
	"regexp"
	"slices"
	"strings"
	"unicode"

	xhtml "golang.org/x/net/html"
)

// addMeta notes a meta element under all its names.
func (p *page) addMeta(n *xhtml.Node) {
	v := attr(n, "content")
	if v == "" { // written by templates that take a meta for an input
		v = attr(n, "value")
	}
	if v = clean(v); v == "" {
		return
	}
	for _, at := range []string{"property", "name", "itemprop", "http-equiv"} {
		if k := attr(n, at); k != "" {
			k = strings.ToLower(strings.TrimSpace(k))
			if len(p.meta[k]) < 50 {
				p.meta[k] = append(p.meta[k], v)
			}
		}
	}
}

func (p *page) firstMeta(names ...string) string {
	for _, n := range names {
		for _, v := range p.meta[n] {
			if v = clean(html.UnescapeString(v)); v != "" {
				return v
			}
		}
	}
	return ""
}

// words are lower-case tokens; Han, kana and Thai characters stand alone.
func words(s string) []string {
	var out []string
	var b strings.Builder
	flush := func() {
		if b.Len() > 0 {
			out = append(out, b.String())
			b.Reset()
		}
	}
	for _, r := range s {
		switch {
		case wide(r):
			flush()
			out = append(out, string(r))
		case unicode.IsLetter(r), unicode.IsDigit(r), unicode.IsMark(r):
			b.WriteRune(unicode.ToLower(r))
		case r == '\'' || r == '’':
		default:
			flush()
		}
	}
	flush()
	return out
}

func wide(r rune) bool {
	return unicode.In(r, unicode.Han, unicode.Hiragana, unicode.Katakana, unicode.Thai, unicode.Khmer, unicode.Lao, unicode.Myanmar)
}

// likeness is the Dice coefficient of the word bags of two texts.
func likeness(a, b string) float64 {
	wa, wb := words(a), words(b)
	if len(wa) == 0 || len(wb) == 0 {
		return 0
	}
	n := map[string]int{}
	for _, w := range wa {
		n[w]++
	}
	both := 0
	for _, w := range wb {
		if n[w] > 0 {
			n[w]--
			both++
		}
	}
	return 2 * float64(both) / float64(len(wa)+len(wb))
}

// nodeText is the text below a node without scripts and styles.
func nodeText(n *xhtml.Node) string {
	var b strings.Builder
	walk(n, func(c *xhtml.Node) bool {
		switch c.Type {
		case xhtml.TextNode:
			b.WriteString(c.Data)
		case xhtml.ElementNode:
			switch c.Data {
			case "script", "style", "noscript", "template", "svg", "iframe", "button":
				return false
			case "br", "p", "div", "li", "h1", "h2", "h3", "h4", "time", "td", "dt", "dd", "section", "header", "footer":
				b.WriteByte(' ')
			}
		}
		return true
	})
	return clean(b.String())
}

// walk visits a subtree in document order without recursion; visit returns
// false to leave out the children.
func walk(n *xhtml.Node, visit func(*xhtml.Node) bool) {
	walkUntil(n, func(c *xhtml.Node) (down, on bool) { return visit(c), true })
}

// walkUntil is walk that ends when visit says not to go on.
func walkUntil(n *xhtml.Node, visit func(*xhtml.Node) (down, on bool)) {
	for c := n; c != nil; {
		down, on := visit(c)
		if !on {
			return
		}
		if down && c.FirstChild != nil {
			c = c.FirstChild
			continue
		}
		for c != n && c.NextSibling == nil {
			c = c.Parent
			if c == nil {
				return
			}
		}
		if c == n {
			return
		}
		c = c.NextSibling
	}
}

// pageTitle is the page's title element.
func (p *page) pageTitle() string { return p.scan.title }

var suffixSep = regexp.MustCompile(`\s+[|–—·•»:-]+\s+|\s*[|｜_]\s*|\s+::\s+`)

// trimSite takes the site's name off the end (or start) of a title.
func trimSite(t, outlet, host string) string {
	for range 3 {
		ix := suffixSep.FindAllStringIndex(t, -1)
		if len(ix) == 0 {
			return t
		}
		last := ix[len(ix)-1]
		tail, head := t[last[1]:], t[:last[0]]
		if siteLike(tail, outlet, host) && head != "" {
			t = head
			continue
		}
		if h := t[:ix[0][0]]; siteLike(h, outlet, host) && t[ix[0][1]:] != "" {
			t = t[ix[0][1]:]
			continue
		}
		return t
	}
	return t
}

func squash(s string) string { return strings.Join(words(s), "") }

func siteLike(s, outlet, host string) bool {
	q := squash(s)
	if q == "" {
		return true
	}
	if o := squash(outlet); o != "" && (q == o || len(o) > 3 && strings.Contains(q, o) || slices.Contains(words(s), o) || len(q) > 3 && strings.Contains(o, q)) {
		return true
	}
	host = strings.TrimPrefix(strings.ToLower(host), "www.")
	if h := squash(strings.SplitN(host, ".", 2)[0]); len(h) > 2 && strings.Contains(q, h) {
		return true
	}
	return strings.Contains(squash(host), q) && len(q) > 3
}

func (p *page) summary() string {
	for _, s := range []string{p.firstMeta("og:description"), p.firstMeta("description"), p.firstMeta("twitter:description"), p.ld.description} {
		if s = clean(stripTags(s)); s != "" {
			if r := []rune(s); len(r) > 2000 {
				s = string(r[:2000])
			}
			return s
		}
	}
	return ""
}

func (p *page) image() string {
	for _, c := range []struct{ source, value string }{
		{"meta", p.firstMeta("og:image", "og:image:url", "og:image:secure_url", "twitter:image", "twitter:image:src")},
		{"json-ld", p.ld.image},
	} {
		p.consider("image", c.source, c.value)
		if l := p.absolute(c.value); l != "" {
			p.decide("image", c.source, c.value)
			return l
		}
	}
	return ""
}

func (p *page) section() string {
	for _, c := range []struct{ source, value string }{
		{"meta article:section", p.firstMeta("article:section")},
		{"json-ld", p.ld.section},
		{"meta", p.firstMeta("parsely-section", "sailthru.section", "section", "category", "cxenseparse:recs:category")},
	} {
		p.consider("section", c.source, c.value)
		switch {
		case c.value == "" || strings.HasPrefix(c.value, "http"):
		case len(c.value) > 100:
			return ""
		default:
			p.decide("section", c.source, c.value)
			return c.value
		}
	}
	return ""
}

func (p *page) keywords() []string {
	var out []string
	seen := map[string]bool{}
	add := func(s string) {
		s = strings.Trim(clean(html.UnescapeString(s)), " ,;.\"'")
		k := strings.ToLower(s)
		if s == "" || len(s) > 100 || seen[k] || len(out) >= 30 || strings.HasPrefix(k, "http") {
			return
		}
		seen[k] = true
		out = append(out, s)
	}
	split := func(s string) {
		for _, w := range strings.FieldsFunc(s, func(r rune) bool { return r == ',' || r == ';' || r == '，' || r == '、' }) {
			add(w)
		}
	}
	for _, s := range p.ld.keywords {
		add(s)
	}
	for _, k := range []string{"news_keywords", "article:tag", "keywords", "parsely-tags", "sailthru.tags"} {
		for _, v := range p.meta[k] {
			split(v)
		}
	}
	return out
}
