package crawler

import (
	"bytes"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"strings"
	"time"
	"unicode/utf8"

	"golang.org/x/net/html/charset"
)

// parseSitemap reads a urlset, an index, a news sitemap or a text sitemap,
// gzipped or not. It keeps the entries before a fault and returns them with
// the error. Entries of other sites are refused: anyone may write a sitemap.
func parseSitemap(body []byte, base string, limit int64, deeper bool) ([]found, error) {
	if bytes.HasPrefix(body, []byte{0x1f, 0x8b}) {
		var err error
		if body, err = gunzipBytes(body, limit); err != nil {
			return nil, fmt.Errorf("sitemap: %w", err)
		}
	}
	entries, err := readSitemap(body)
	var list []found
	seen := map[string]bool{}
	foreign := 0
	for _, e := range entries {
		u := resolve(base, e.url)
		if u == "" || seen[u] || len(list) >= maxFound {
			continue
		}
		seen[u] = true
		if !sameSite(u, base) {
			foreign++
			continue
		}
		if e.kind == "sitemap" {
			if !deeper {
				continue
			}
			u = strings.TrimSpace(e.url) // its parameters are its own, as those of a source
			if !strings.HasPrefix(u, "http") {
				u = resolve(base, e.url)
			}
		}
		e.url = u
		list = append(list, e)
	}
	if err == nil && foreign > 0 && len(list) == 0 {
		err = fmt.Errorf("sitemap: all %d entries are of another site", foreign)
	}
	return list, err
}

// readSitemap tells XML from text by the first character.
func readSitemap(body []byte) ([]found, error) {
	text := bytes.TrimLeft(bytes.TrimPrefix(body, []byte("\ufeff")), " \t\r\n")
	if len(text) > 0 && text[0] != '<' && utf8.Valid(text) {
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
	dec.CharsetReader = charset.NewReaderLabel
	var (
		list              []found
		cur               *found
		date, lastmod     time.Time
		chars             strings.Builder
		path              []string
		known, inner, any bool
	)
	for {
		tok, err := dec.Token()
		if err == io.EOF {
			break
		}
		if err != nil {
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
			case "url":
				cur, date, lastmod = &found{}, time.Time{}, time.Time{}
			case "sitemap":
				cur, date, lastmod = &found{kind: "sitemap"}, time.Time{}, time.Time{}
			}
		case xml.CharData:
			chars.Write(x)
		case xml.EndElement:
			name := strings.ToLower(x.Name.Local)
			inner = len(path) >= 2 && (path[len(path)-2] == "url" || path[len(path)-2] == "sitemap")
			value := strings.TrimSpace(chars.String())
			chars.Reset()
			switch {
			case cur == nil:
			case name == "loc" && inner && cur.url == "": // not image:loc, which is deeper
				cur.url = value
			case name == "lastmod" && inner:
				lastmod = sitemapDate(value)
			case name == "publication_date":
				date = sitemapDate(value)
			case name == "url" || name == "sitemap":
				cur.published = date
				if date.IsZero() {
					cur.published = lastmod
				}
				if cur.url != "" {
					list = append(list, *cur)
				}
				cur = nil
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

// sitemapDate reads the W3C forms of ISO 8601; zero if it is none.
func sitemapDate(s string) time.Time {
	for _, layout := range []string{
		time.RFC3339Nano, "2006-01-02T15:04Z07:00", "2006-01-02T15:04:05-0700", "2006-01-02T15:04:05",
		"2006-01-02 15:04:05", "2006-01-02", "2006-01", "2006", time.RFC1123Z, time.RFC1123,
	} {
		if t, err := time.Parse(layout, s); err == nil {
			return t.UTC()
		}
	}
	return time.Time{}
}
