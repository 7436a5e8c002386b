package extract

import (
	"net/url"
	"regexp"
	"strconv"
	"strings"

	"golang.org/x/net/html"
)

// How addresses number the pages of one article. Numbers are small: a large one
// is an article's own.
var (
	pageKeys  = map[string]bool{"page": true, "p": true, "pg": true, "pagenum": true, "page_no": true, "pageno": true, "paged": true, "seite": true, "pagina": true, "sida": true, "strona": true}
	pagePath  = regexp.MustCompile(`(?i)^(.+?)/(?:(?:page|seite|pagina|sida|strona|p)[/-]?)?(\d{1,2})$`)
	pageFile  = regexp.MustCompile(`(?i)^(.*/[^/]{8,}?)(?:[-_,.](?:page|seite|pagina|sida|strona|p)?[-_]?)(\d{1,2})(\.\w{2,5})$`)
	pagerMark = regexp.MustCompile(`pagina(?:tion|tor|cion|zione)|(?:^|[\s_-])pager(?:[\s_-]|$)|page-?_?(?:nav|numbers|links)|multi-?page|article-?_?pages|seitenzahl`)
)

// pageNumber parts an address into that of the whole article and the number of
// its page, 1 where it has none.
func pageNumber(u *url.URL) (whole string, n int) {
	q := u.Query()
	for k := range q {
		if v, err := strconv.Atoi(q.Get(k)); pageKeys[strings.ToLower(k)] && err == nil && v > 0 && v < 100 {
			q.Del(k)
			n = v
			break
		}
	}
	path := strings.TrimSuffix(u.EscapedPath(), "/")
	if n == 0 {
		for _, re := range []*regexp.Regexp{pagePath, pageFile} {
			m := re.FindStringSubmatch(path)
			if m == nil {
				continue
			}
			if v, _ := strconv.Atoi(m[2]); v > 1 && strings.Count(m[1], "/") > 0 && m[1] != "" {
				n, path = v, m[1]+strings.Join(m[3:], "")
				break
			}
		}
	}
	host := strings.TrimPrefix(strings.ToLower(u.Host), "www.")
	whole = host + path
	if e := q.Encode(); e != "" {
		whole += "?" + e
	}
	return whole, max(n, 1)
}

// pages are the addresses of the next page of the same article, and of its
// first if this is a later one; "" if there is none. Only a link that says so
// counts, and only if its address is this one with the number one higher: the
// next article is never the next page.
func (p *page) pages(kind, canonical string) (next, first string) {
	if kind == "live" || !p.saysArticle() {
		return "", ""
	}
	whole, n := pageNumber(p.url)
	is := func(ref string, want int) string {
		l := p.absolute(ref)
		u, err := url.Parse(l)
		if l == "" || err != nil {
			return ""
		}
		if w, m := pageNumber(u); w != whole || m != want {
			return ""
		}
		l, _, _ = strings.Cut(l, "#")
		return l
	}
	// A link whose address has not the end of this one's path cannot be one of it.
	path, _, _ := strings.Cut(whole, "?")
	end := path[strings.LastIndexByte(path, '/')+1:]
	if dot := strings.LastIndexByte(end, '.'); dot >= 0 {
		end = end[:dot] // the number of a file stands before its extension
	}
	prev := ""
	for i, node := range p.doc.Find(`link[rel][href], a[href]`).Nodes {
		if i > 5000 || next != "" && (n == 1 || prev != "") {
			break
		}
		href := attr(node, "href")
		if !strings.Contains(p.absolute(href), end) {
			continue
		}
		// The address is cheaper to judge than the names around the link.
		rel := strings.ToLower(attr(node, "rel"))
		if next == "" && strings.Contains(href, strconv.Itoa(n+1)) {
			if l := is(href, n+1); l != "" && (listHas(rel, "next") || node.Data == "a" && inPager(node)) {
				next = l
			}
		}
		if n > 1 && prev == "" && (n == 2 || strings.Contains(href, strconv.Itoa(n-1))) {
			if l := is(href, n-1); l != "" && (listHas(rel, "prev") || listHas(rel, "previous") || node.Data == "a" && inPager(node)) {
				prev = l
			}
		}
	}
	if n == 1 {
		return next, ""
	}
	if u, err := url.Parse(canonical); err == nil {
		if w, m := pageNumber(u); w == whole && m == 1 {
			return next, canonical
		}
	}
	if n == 2 {
		return next, prev
	}
	return next, ""
}

// saysArticle reports whether a page calls itself an article: lists have pages
// too.
func (p *page) saysArticle() bool {
	if p.ld.article != nil && articleScore(p.ld.article, p.ld.types) >= 30 || strings.EqualFold(p.firstMeta("og:type"), "article") {
		return true
	}
	return p.doc.Find(`[itemprop~="articleBody"]`).Length() > 0
}

// inPager reports whether a link lies in what a template names as the list of
// an article's pages, and not of its comments.
func inPager(n *html.Node) bool {
	found := false
	for i := 0; n != nil && i < 8; n, i = n.Parent, i+1 {
		m := templateNames(n)
		if strings.Contains(m, "comment") {
			return false
		}
		found = found || i < 5 && pagerMark.MatchString(m)
	}
	return found
}
