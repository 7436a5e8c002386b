package crawler

import (
	"bytes"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"regexp"
	"strings"
	"time"
)

// parseSitemap reads a urlset, an index, a news sitemap or a text sitemap,
// gzipped or not. It keeps the entries before a fault. Entries of other sites
// are kept apart: anyone may write a sitemap.
func parseSitemap(body []byte, base string, limit int64, deeper bool) listing {
	for range maxCodings { // some are zipped twice
		if !bytes.HasPrefix(body, []byte{0x1f, 0x8b}) {
			break
		}
		var err error
		if body, err = gunzipBytes(body, limit); err != nil {
			return listing{err: fmt.Errorf("sitemap: %w", err)}
		}
	}
	if feedRoot(body) { // the protocol allows RSS and Atom as sitemaps
		l := parseFeed(body, "", base)
		return l.ofSite(base)
	}
	entries, err := readSitemap(body)
	l := listing{what: "sitemap", err: err}
	seen := map[string]bool{}
	for _, e := range entries {
		u := resolve(base, e.url)
		if e.kind == "sitemap" {
			l.what = "sitemap index"
			u = absolute(base, e.url) // its parameters are its own, as those of a source
		} else if e.news && l.what == "sitemap" {
			l.what = "news sitemap"
		}
		if u == "" || seen[u] || e.kind == "sitemap" && !deeper {
			continue
		}
		if len(l.found)+len(l.foreign) >= maxFound {
			if l.err == nil {
				l.err = fmt.Errorf("sitemap: more than %d entries, the rest is left out", maxFound)
			}
			break
		}
		seen[u] = true
		e.url = u
		switch {
		case sameSite(u, base):
			l.found = append(l.found, e)
		default:
			l.foreign = append(l.foreign, e)
		}
	}
	return l
}

// rootTag is the first element of a document, after what may come before it.
var rootTag = regexp.MustCompile(`^(?s:\s*(?:<\?.*?\?>|<!--.*?-->|<!DOCTYPE[^>\[]*>))*\s*<([\w:.-]{1,40})`)

// feedRoot says whether a document is RSS, RDF or Atom.
func feedRoot(body []byte) bool {
	m := rootTag.FindSubmatch(feedText(body[:min(len(body), 8<<10)], ""))
	if m == nil {
		return false
	}
	switch localName(strings.ToLower(string(m[1]))) {
	case "rss", "rdf", "feed":
		return true
	}
	return false
}

// ofSite parts the entries of other sites from those of base's own.
func (l listing) ofSite(base string) listing {
	own := l.found[:0:0]
	for _, x := range l.found {
		if sameSite(x.url, base) {
			own = append(own, x)
		} else {
			l.foreign = append(l.foreign, x)
		}
	}
	l.found = own
	return l
}

// readSitemap tells XML from text by the first character.
func readSitemap(body []byte) ([]found, error) {
	text := feedText(body, "")
	if len(text) > 0 && text[0] != '<' {
		var list []found
		for line := range strings.Lines(string(text)) {
			if line = strings.TrimSpace(line); strings.HasPrefix(line, "http") {
				list = append(list, found{url: line})
			}
		}
		if len(list) == 0 {
			return nil, errors.New("sitemap: neither XML nor a list of addresses")
		}
		return list, nil
	}
	return readSitemapXML(text)
}

// readSitemapXML goes by local names only: namespaces are often wrong.
func readSitemapXML(text []byte) ([]found, error) {
	dec := xml.NewDecoder(bytes.NewReader(text))
	dec.Strict = false
	dec.CharsetReader = func(_ string, r io.Reader) (io.Reader, error) { return r, nil } // it is UTF-8 by now
	var (
		list              []found
		cur               *found
		date, lastmod     time.Time
		chars             strings.Builder
		path              []string
		known, inner, any bool
	)
	// flush keeps the entry read so far: also one that is never closed.
	flush := func() {
		if cur == nil {
			return
		}
		cur.published = date
		if date.IsZero() {
			cur.published = lastmod
		}
		if cur.url != "" {
			list = append(list, *cur)
		}
		cur, date, lastmod = nil, time.Time{}, time.Time{}
	}
	for {
		tok, err := dec.Token()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			flush()
			return list, fmt.Errorf("sitemap: %w", err)
		}
		any = true
		switch x := tok.(type) {
		case xml.StartElement:
			name := strings.ToLower(x.Name.Local)
			path = append(path, name)
			chars.Reset()
			switch name {
			case "urlset", "sitemapindex":
				known = true
			case "url", "sitemap":
				if len(path) >= 2 && path[len(path)-2] == "loc" {
					break // some write <loc><url>...</url></loc>
				}
				flush()
				cur = &found{}
				if name == "sitemap" {
					cur.kind = name
				}
			}
		case xml.CharData:
			chars.Write(x)
		case xml.EndElement:
			name := strings.ToLower(x.Name.Local)
			parent := ""
			if len(path) >= 2 {
				parent = path[len(path)-2]
			}
			inner = parent == "url" || parent == "sitemap"
			value := strings.TrimSpace(chars.String())
			chars.Reset()
			switch {
			case cur == nil:
			case name == "loc" && inner, name == "url" && parent == "loc": // not image:loc, which is deeper
				if value == "" {
					break
				}
				if cur.url != "" { // two addresses in one entry
					kind := cur.kind
					flush()
					cur = &found{kind: kind}
				}
				cur.url = value
			case name == "lastmod" && inner:
				lastmod = parseDate(value)
			case name == "publication_date" && (inner || parent == "news"): // not a video's, which may be older
				cur.news = true
				date = parseDate(value)
			case name == "url" || name == "sitemap":
				if cur.url == "" && strings.HasPrefix(value, "http") {
					cur.url = value // without <loc>
				}
				flush()
			}
			if len(path) > 0 {
				path = path[:len(path)-1]
			}
		}
	}
	if !known {
		if !any {
			return nil, errors.New("sitemap: empty")
		}
		return list, errors.New("sitemap: no urlset or sitemapindex")
	}
	return list, nil
}
