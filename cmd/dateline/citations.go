package main

import (
	"encoding/xml"
	"fmt"
	"io"
	"strings"
	"time"

	"dateline"
)

// bibEscaper writes the characters that TeX would take as its own.
var bibEscaper = strings.NewReplacer(`\`, `\textbackslash{}`, "{", `\{`, "}", `\}`, "%", `\%`, "&", `\&`,
	"$", `\$`, "#", `\#`, "_", `\_`, "~", `\textasciitilde{}`, "^", `\textasciicircum{}`)

func writeBibTeX(w io.Writer, a *dateline.Article) error {
	var b strings.Builder
	fmt.Fprintf(&b, "@online{%s,\n", a.ID)
	field := func(name, value string) {
		if value = bibEscaper.Replace(printable(value)); value != "" {
			fmt.Fprintf(&b, "  %s = {%s},\n", name, value)
		}
	}
	field("title", a.Title)
	field("author", strings.Join(a.Authors, " and "))
	field("organization", a.Outlet.Name)
	if !a.Published.IsZero() {
		field("date", a.Published.Format(time.DateOnly))
	}
	// BibLaTeX reads url verbatim: only braces could end it early.
	if u := strings.NewReplacer("{", "%7B", "}", "%7D").Replace(printable(a.URL)); u != "" {
		fmt.Fprintf(&b, "  url = {%s},\n", u)
	}
	field("langid", a.Lang)
	b.WriteString("}\n\n")
	_, err := io.WriteString(w, b.String())
	return err
}

func writeRIS(w io.Writer, a *dateline.Article) error {
	var b strings.Builder
	tag := func(name, value string) {
		if value = printable(value); value != "" {
			fmt.Fprintf(&b, "%s  - %s\r\n", name, value)
		}
	}
	tag("TY", "NEWS")
	tag("TI", a.Title)
	for _, who := range a.Authors {
		tag("AU", who)
	}
	tag("T2", a.Outlet.Name)
	if !a.Published.IsZero() {
		tag("DA", a.Published.Format("2006/01/02"))
	}
	tag("LA", a.Lang)
	tag("UR", a.URL)
	tag("ID", a.ID)
	b.WriteString("ER  - \r\n\r\n")
	_, err := io.WriteString(w, b.String())
	return err
}

// newRSS writes RSS 2.0 (https://www.rssboard.org/rss-specification), one item
// at a time, so that an export of any size needs little memory.
func newRSS(w io.Writer, home string) exporter {
	type guid struct {
		Permalink bool   `xml:"isPermaLink,attr"`
		ID        string `xml:",chardata"`
	}
	type item struct {
		XMLName     xml.Name `xml:"item"`
		Title       string   `xml:"title"`
		Link        string   `xml:"link"`
		Description string   `xml:"description,omitempty"`
		GUID        guid     `xml:"guid"`
		PubDate     string   `xml:"pubDate,omitempty"`
	}
	enc := xml.NewEncoder(w)
	return exporter{
		begin: func() error {
			if _, err := io.WriteString(w, xml.Header+`<rss version="2.0"><channel><title>Dateline</title><link>`); err != nil {
				return err
			}
			if err := xml.EscapeText(w, []byte(home)); err != nil {
				return err
			}
			_, err := io.WriteString(w, "</link><description>Coverage found by Dateline</description>\n")
			return err
		},
		each: func(a *dateline.Article) error {
			it := item{Title: a.Title, Link: a.URL, Description: a.Summary, GUID: guid{ID: a.ID}}
			if !a.Published.IsZero() {
				it.PubDate = a.Published.UTC().Format(time.RFC1123Z)
			}
			return enc.Encode(it)
		},
		end: func() error {
			_, err := io.WriteString(w, "</channel></rss>\n")
			return err
		},
	}
}
