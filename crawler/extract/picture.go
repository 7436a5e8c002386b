package extract

import (
	"net/url"
	"path"
	"regexp"
	"strconv"
	"strings"

	xhtml "golang.org/x/net/html"

	"dateline"
)

// maxPixels is more than any picture of a page has a side.
const (
	maxPixels  = 30000
	maxCaption = 1000 // runes
)

// picture fills in the size and the caption of the article's image: as the
// page's metadata has them, else as the element that shows the same file.
func (p *page) picture(a *dateline.Article) {
	if a.Image == "" {
		return
	}
	if p.absolute(p.firstMeta("og:image", "og:image:url", "og:image:secure_url")) == a.Image {
		a.ImageWidth, a.ImageHeight = pixels(p.firstMeta("og:image:width")), pixels(p.firstMeta("og:image:height"))
	}
	if m := p.linkedImage(a.Image); m != nil {
		if a.ImageWidth == 0 || a.ImageHeight == 0 {
			a.ImageWidth, a.ImageHeight = pixels(ldText(m["width"])), pixels(ldText(m["height"]))
		}
		a.ImageCaption = ldText(m["caption"])
	}
	img := p.shows(a.Image)
	if img != nil && (a.ImageWidth == 0 || a.ImageHeight == 0) && p.absolute(attr(img, "src")) == a.Image {
		a.ImageWidth, a.ImageHeight = pixels(attr(img, "width")), pixels(attr(img, "height"))
	}
	if a.ImageWidth == 0 || a.ImageHeight == 0 {
		a.ImageWidth, a.ImageHeight = 0, 0 // one side says nothing
	}
	if img != nil && a.ImageCaption == "" {
		a.ImageCaption = caption(img)
	}
	if a.ImageCaption == "" {
		if alt := clean(p.firstMeta("og:image:alt", "twitter:image:alt")); squash(alt) != squash(a.Title) {
			a.ImageCaption = alt
		}
	}
	if r := []rune(a.ImageCaption); len(r) > maxCaption {
		a.ImageCaption = string(r[:maxCaption])
	}
}

// pixels reads a number of pixels; 0 if it is none that a picture has.
func pixels(s string) int {
	n, err := strconv.Atoi(strings.TrimSuffix(strings.TrimSpace(s), "px"))
	if err != nil || n < 2 || n > maxPixels { // 1 is a counter's
		return 0
	}
	return n
}

// linkedImage is what JSON-LD says of an image.
func (p *page) linkedImage(address string) map[string]any {
	list, ok := p.ld.article["image"].([]any)
	if !ok {
		list = []any{p.ld.article["image"]}
	}
	for i, v := range list {
		m, ok := v.(map[string]any)
		if !ok || i >= 20 {
			continue
		}
		if id, ok := m["@id"].(string); ok && len(m) <= 2 && p.ld.byID[id] != nil {
			m = p.ld.byID[id]
		}
		if l := p.absolute(ldURL(m, p.ld.byID)); l == address || fileName(l) != "" && fileName(l) == fileName(address) {
			return numbers(m)
		}
	}
	return nil
}

// numbers is an object with its numbers as text.
func numbers(m map[string]any) map[string]any {
	out := make(map[string]any, len(m))
	for k, v := range m {
		if f, ok := v.(float64); ok && f > 0 && f < maxPixels {
			v = strconv.Itoa(int(f))
		} else if q, ok := v.(map[string]any); ok && (k == "width" || k == "height") { // a QuantitativeValue
			if f, ok := q["value"].(float64); ok && f > 0 && f < maxPixels {
				v = strconv.Itoa(int(f))
			}
		}
		out[k] = v
	}
	return out
}

var idLike = regexp.MustCompile(`[\p{L}\d][\p{L}\d_-]{7,}`)

// fileName is what names an image's file at any size and at any host; "" if
// the address has nothing that tells files apart.
func fileName(address string) string {
	u, err := url.Parse(address)
	if err != nil {
		return ""
	}
	base := path.Base(u.Path)
	if i := strings.LastIndexByte(base, '.'); i > 0 {
		base = base[:i]
	}
	best := ""
	for _, w := range idLike.FindAllString(base, 20) {
		if len(w) > len(best) {
			best = w
		}
	}
	return strings.ToLower(best)
}

// shows is the element of the page that shows an image; nil if there is none.
func (p *page) shows(address string) *xhtml.Node {
	name := fileName(address)
	var found *xhtml.Node
	n := 0
	walk(p.root, func(c *xhtml.Node) bool {
		if found != nil || n > 500 {
			return false
		}
		if c.Type != xhtml.ElementNode || c.Data != "img" {
			return true
		}
		n++
		for _, at := range c.Attr {
			switch at.Key {
			case "src", "data-src", "data-lazy-src", "data-original", "srcset", "data-srcset":
				if len(at.Val) > 8000 {
					continue
				}
				if name != "" && strings.Contains(strings.ToLower(at.Val), name) || at.Key == "src" && p.absolute(at.Val) == address {
					found = c
					return false
				}
			}
		}
		return true
	})
	return found
}

// caption is the text of the figure around an image.
func caption(img *xhtml.Node) string {
	for n, i := img.Parent, 0; n != nil && i < 6; n, i = n.Parent, i+1 {
		if n.Type != xhtml.ElementNode || n.Data == "article" || n.Data == "main" || n.Data == "body" {
			return ""
		}
		out := ""
		seen := 0
		walk(n, func(c *xhtml.Node) bool {
			if seen++; out != "" || seen > 200 {
				return false
			}
			if c.Type == xhtml.ElementNode && (c.Data == "figcaption" || strings.Contains(attr(c, "class"), "caption")) && len(attr(c, "class")) < 300 {
				out = nodeText(c)
				return false
			}
			return true
		})
		if out != "" {
			return out
		}
		if n.Data == "figure" {
			return ""
		}
	}
	return ""
}

// relation is the address of the page's link of a relation; "" if there is none.
func (p *page) relation(rel string) string {
	out := ""
	p.eachLink(func(n *xhtml.Node) bool {
		if listHas(strings.ToLower(attr(n, "rel")), rel) && attr(n, "hreflang") == "" {
			out = p.absolute(attr(n, "href"))
		}
		return out == ""
	})
	return out
}

const maxAlternates = 60

// alternates are the article's addresses in other languages.
func (p *page) alternates(canonical string) []dateline.Alternate {
	var out []dateline.Alternate
	seen := map[string]bool{}
	p.eachLink(func(n *xhtml.Node) bool {
		lang := clean(attr(n, "hreflang"))
		if lang == "" || len(lang) > 35 || !listHas(strings.ToLower(attr(n, "rel")), "alternate") {
			return true
		}
		l := p.absolute(attr(n, "href"))
		if l == "" || l == canonical || seen[lang+" "+l] || strings.Contains(attr(n, "type"), "rss") || strings.Contains(attr(n, "type"), "atom") {
			return true
		}
		seen[lang+" "+l] = true
		out = append(out, dateline.Alternate{Lang: lang, URL: l})
		return len(out) < maxAlternates
	})
	return out
}

// eachLink calls fn with the page's link elements until it returns false.
func (p *page) eachLink(fn func(n *xhtml.Node) bool) {
	for _, n := range p.doc.Find("link[rel]").Nodes {
		if !fn(n) {
			return
		}
	}
}
