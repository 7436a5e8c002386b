// Package extract turns the bytes of one web page into an article: main text,
// headline, dates, authors, outlet, language and the rest of what a page says
// of itself. It does no I/O and keeps no state.
package extract

import (
	"errors"
	"net/url"
	"strings"
	"time"

	"github.com/PuerkitoBio/goquery"
	"golang.org/x/net/html"

	"dateline"
	"dateline/crawler/extract/internal/body"
)

// MaxBytes is the largest page that Extract takes.
const MaxBytes = 20 << 20

// maxLinks is how many links of one page are reported.
const maxLinks = 2000

// ErrTooLarge is returned for a page over MaxBytes.
var ErrTooLarge = errors.New("extract: page is larger than 20 MiB")

// Page is what one page holds.
type Page struct {
	Article      *dateline.Article // never nil; Title and Body may be empty
	Canonical    string            // absolute: rel=canonical, else og:url, else the page's own URL
	PublishedRaw string            // the publication date with the zone as written, RFC 3339 or 2006-01-02; empty if unknown
	OutletFrom   string            // where Article.Outlet.Name is from: FromList, FromName or FromAddress
	TitleTail    string            // the last part of the page's title, where sites put their name; empty if it has one part
	NoIndex      bool              // meta robots says noindex
	NoArchive    bool              // meta robots says noarchive
	Robots       []string          // what robots meta elements say, as X-Robots-Tag would: "noindex", "otherbot: noarchive"
	Links        []string          // absolute http(s) URLs, without fragment, each once
	List         string            `json:",omitempty"` // what shows that the page is no article but a list of them or a page about the site; empty if nothing does
	Next         string            `json:",omitempty"` // the next page of the same article
	First        string            `json:",omitempty"` // its first page, if this is a later one

	// For a Memory: whose page it is, and which of its lines may be of an article.
	outletKey string
	lines     []uint64
}

// page is one parsed page on its way through the extractors.
type page struct {
	doc  *goquery.Document
	root *html.Node
	url  *url.URL
	base *url.URL
	meta map[string][]string // lower-case name, property or itemprop -> contents
	scan *scan
	ld   *linked
	now  time.Time
	seen *[]Candidate // nil unless somebody asked

	headline   *mark // the h1 that has the title; nil if none has
	reader     dateReader
	zone       *time.Location // of the outlet's country; nil if unknown
	outletFrom string         // see Page.OutletFrom
	blockList  []block        // see blocks
	blocksOnce bool
	// common gives the lines that pages of an outlet have in common; may be nil.
	common func(outlet string) []uint64
}

// Extract parses a page that was fetched now. contentType is the HTTP header
// (may be empty) and pageURL the address it was fetched from. It fails only for
// a page that is too large or cannot be decoded; a page without an article
// gives empty fields.
func Extract(page []byte, contentType, pageURL string) (*Page, error) {
	return With(body.Fitted(), nil, page, contentType, pageURL)
}

// With is Extract with other weights than those built in, and with a memory that
// may be nil. It serves the program that fits the weights.
func With(m *body.Model, memory *Memory, page []byte, contentType, pageURL string) (*Page, error) {
	return with(m, memory, page, contentType, pageURL, time.Now())
}

func with(m *body.Model, memory *Memory, page []byte, contentType, pageURL string, fetched time.Time) (*Page, error) {
	p, err := parsePage(page, contentType, pageURL)
	if err != nil {
		return nil, err
	}
	p.now = fetched
	if memory != nil {
		p.common = memory.common
	}
	return p.extract(m), nil
}

func (p *page) extract(m *body.Model) *Page {
	out := p.article()
	a := out.Article
	locked := p.lockedParts()
	a.Updates = p.updates(a.Type)
	a.Standfirst = p.standfirst(a.Title, a.Summary)
	byline := p.bylineText()
	out.outletKey = outletKey(out.Canonical)
	d := p.split(a)
	scores := d.Judge(m)
	out.lines = d.Likely(scores, memoryLines)
	if p.common != nil {
		d.Forget(scores, p.common(out.outletKey))
	}
	a.Body = d.Article(scores)
	a.Corrections = p.corrections(a)
	a.Teaser = p.teaser(a, locked)
	a.Paywalled = a.Paywalled || a.Teaser
	withUpdates(a)
	withStandfirst(a)
	withCorrections(a)
	a.Lang = p.language(a.Title + "\n" + a.Body)
	a.Agency = p.agency(a.Body, a.Authors, byline)
	return out
}

// article reads all but the text and what is known by it.
func (p *page) article() *Page {
	out := &Page{Article: &dateline.Article{}}
	a := out.Article
	out.NoIndex, out.NoArchive = p.robots()
	out.Robots = p.robotsTags()
	out.Links = p.links()
	out.Canonical = p.canonical()
	a.URL = out.Canonical
	if a.URL != "" {
		a.ID = dateline.ArticleID(a.URL)
	}
	own := p.outlet() // what the page calls its outlet, which is what it puts beside titles and names
	a.Outlet.Name, out.OutletFrom, out.TitleTail = own, p.outletFrom, p.titleTail()
	if o, ok := KnownOutlet(p.host()); ok {
		a.Outlet, out.OutletFrom = o, FromList
		p.consider("outlet", "list", o.Name)
		p.chosen("outlet", "list", o.Name)
	} else {
		p.chosen("outlet", "", own)
	}
	a.Title = p.title(own)
	a.Published, out.PublishedRaw, a.DateSource, a.DateConfidence = p.published()
	out.List = p.list(a.DateSource)
	a.Modified = p.modified()
	a.Authors = p.authors(own)
	a.Summary = p.summary()
	a.Image = p.image()
	p.picture(a)
	a.AMP = p.relation("amphtml")
	a.Alternates = p.alternates(out.Canonical)
	a.Section = p.section()
	a.Keywords = p.keywords()
	a.Type = p.kind(a.Title)
	a.Paywalled = p.paywalled()
	out.Next, out.First = p.pages(a.Type, out.Canonical)
	return out
}

// parsePage reads what the extractors share: the tree, its metas, its JSON-LD.
func parsePage(body []byte, contentType, pageURL string) (*page, error) {
	root, err := Tree(body, contentType)
	if err != nil {
		return nil, err
	}
	u, err := url.Parse(strings.TrimSpace(pageURL))
	if err != nil {
		u = &url.URL{}
	}
	p := &page{doc: goquery.NewDocumentFromNode(root), root: root, url: u, base: u, now: time.Now()}
	p.readScan()
	if h := strings.TrimSpace(p.scan.base); h != "" {
		if b, err := u.Parse(h); err == nil && (b.Scheme == "http" || b.Scheme == "https") {
			p.base = b
		}
	}
	p.ld = readLinked(p.scan.linked)
	p.reader, p.zone = dateReader{primary(p.htmlLang()), p.monthFirst()}, zoneOfHost(p.host())
	return p, nil
}

func (p *page) robots() (noIndex, noArchive bool) {
	for _, name := range []string{"robots", "googlebot", "googlebot-news"} {
		for _, v := range p.meta[name] {
			for _, d := range strings.FieldsFunc(strings.ToLower(v), func(r rune) bool { return r == ',' || r == ' ' || r == ';' }) {
				switch d {
				case "noindex":
					noIndex = noIndex || name == "robots"
				case "none":
					if name == "robots" {
						noIndex, noArchive = true, true
					}
				case "noarchive":
					noArchive = noArchive || name == "robots"
				}
			}
		}
	}
	return noIndex, noArchive
}

// absolute resolves a reference against the page's base; "" unless http(s).
func (p *page) absolute(ref string) string {
	ref = strings.TrimSpace(ref)
	if ref == "" || len(ref) > 4096 {
		return ""
	}
	if u, ok := p.plainRef(ref); ok {
		return strings.ToValidUTF8(u, "") // the page's own host is as it was given
	}
	u, err := p.base.Parse(ref)
	if err != nil || (u.Scheme != "http" && u.Scheme != "https") || u.Host == "" {
		return ""
	}
	return strings.ToValidUTF8(u.String(), "")
}

// plainRef resolves a reference that needs no parsing, as most do: an address
// or a path from the root of letters, digits and a few signs.
func (p *page) plainRef(ref string) (string, bool) {
	path := ref
	switch {
	case strings.HasPrefix(ref, "https://"):
		path = ref[len("https://"):]
		host, _, _ := strings.Cut(path, "/")
		if host == "" || strings.ContainsAny(host, ":@?&=") || host != strings.ToLower(host) {
			return "", false
		}
	case ref[0] != '/' || len(ref) > 1 && ref[1] == '/' || p.base.Host == "" || p.base.Scheme != "http" && p.base.Scheme != "https":
		return "", false
	default:
		ref = p.base.Scheme + "://" + p.base.Host + ref
	}
	for i := 0; i < len(path); i++ {
		if c := path[i]; c >= 0x80 || !plainByte[c] || c == '.' && i > 0 && path[i-1] == '/' {
			return "", false
		}
	}
	return ref, true
}

var plainByte = func() (t [128]bool) {
	for _, c := range "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789/-_.~?=&+,;:" {
		t[c] = true
	}
	return t
}()

func (p *page) links() []string {
	var out []string
	seen := map[string]bool{}
	for _, h := range p.scan.links {
		if seen[h] {
			continue
		}
		seen[h] = true
		l := p.absolute(h)
		if i := strings.IndexByte(l, '#'); i >= 0 {
			l = l[:i]
		}
		if l != "" && (l == h || !seen[l]) {
			seen[l] = true
			out = append(out, l)
		}
		if len(out) >= maxLinks {
			break
		}
	}
	return out
}

func (p *page) canonical() string {
	if l := p.absolute(p.scan.canonical); l != "" {
		return l
	}
	for _, v := range p.meta["og:url"] {
		if l := p.absolute(v); l != "" {
			return l
		}
	}
	return strings.ToValidUTF8(p.url.String(), "")
}
