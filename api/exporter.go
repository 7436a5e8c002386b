package api

import (
	"encoding/csv"
	"encoding/json"
	"encoding/xml"
	"fmt"
	"io"
	"strconv"
	"strings"
	"time"

	"dateline"
)

// Feed is what a format tells of itself.
type Feed struct {
	Title    string
	Home     string // the page that shows the same search
	Self     string // the feed's own address
	FullText bool   // whether jsonl has the whole text
}

// Exporter writes articles one after the other, so that an export of any size
// needs little memory.
type Exporter interface {
	Begin() error
	Add(a *dateline.Article) error
	End() error
}

// NewExporter makes the exporter of a format: csv, jsonl, bib, ris, rss, atom
// or feed.json.
func NewExporter(format string, w io.Writer, f Feed) (Exporter, error) {
	switch format {
	case "csv":
		return &csvExporter{csv.NewWriter(w)}, nil
	case "jsonl":
		return &perArticle{func(a *dateline.Article) error { return writeLine(w, a, f.FullText) }}, nil
	case "bib":
		return &perArticle{func(a *dateline.Article) error { return writeBibTeX(w, a) }}, nil
	case "ris":
		return &perArticle{func(a *dateline.Article) error { return writeRIS(w, a) }}, nil
	case "rss":
		return &rssExporter{w: w, f: f}, nil
	case "atom":
		return &atomExporter{w: w, f: f}, nil
	case "feed.json":
		return &jsonFeedExporter{w: w, f: f}, nil
	}
	return nil, fmt.Errorf("unknown format %q", format)
}

// perArticle is a format without beginning or end.
type perArticle struct {
	add func(*dateline.Article) error
}

func (p *perArticle) Begin() error                  { return nil }
func (p *perArticle) Add(a *dateline.Article) error { return p.add(a) }
func (p *perArticle) End() error                    { return nil }

type csvExporter struct{ w *csv.Writer }

func (e *csvExporter) Begin() error {
	return e.w.Write([]string{"id", "url", "title", "outlet", "authors", "published", "lang", "section", "type", "agency", "paywalled", "versions", "teaser", "updates", "corrections"})
}

func (e *csvExporter) Add(a *dateline.Article) error {
	row := []string{
		a.ID, a.URL, a.Title, a.Outlet.Name, strings.Join(a.Authors, "; "), rfc3339(a.Published), a.Lang,
		a.Section, a.Type, a.Agency, strconv.FormatBool(a.Paywalled), strconv.Itoa(max(a.Versions, 1)),
		strconv.FormatBool(a.Teaser), strconv.Itoa(len(a.Updates)), strconv.Itoa(len(a.Corrections)),
	}
	for i := range row {
		row[i] = plainCell(row[i])
	}
	return e.w.Write(row)
}

func (e *csvExporter) End() error {
	e.w.Flush()
	return e.w.Error()
}

// plainCell keeps a spreadsheet from running a cell as a formula (OWASP, CSV
// injection): a leading =, +, -, @, tab or return gets an apostrophe.
func plainCell(s string) string {
	if s != "" && strings.ContainsRune("=+-@\t\r\n＝＋－＠", []rune(s)[0]) {
		return "'" + s
	}
	return s
}

func rfc3339(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.UTC().Format(time.RFC3339)
}

func writeLine(w io.Writer, a *dateline.Article, full bool) error {
	enc := json.NewEncoder(w)
	enc.SetEscapeHTML(false)
	return enc.Encode(articleJSON(a, full))
}

// bibEscaper writes the characters that TeX would take as its own.
var bibEscaper = strings.NewReplacer(`\`, `\textbackslash{}`, "{", `\{`, "}", `\}`, "%", `\%`, "&", `\&`,
	"$", `\$`, "#", `\#`, "_", `\_`, "~", `\textasciitilde{}`, "^", `\textasciicircum{}`)

func writeBibTeX(w io.Writer, a *dateline.Article) error {
	var b strings.Builder
	fmt.Fprintf(&b, "@online{%s,\n", a.ID)
	field := func(name, value string) {
		if value = bibEscaper.Replace(oneLine(value)); value != "" {
			fmt.Fprintf(&b, "  %s = {%s},\n", name, value)
		}
	}
	field("title", a.Title)
	field("author", strings.Join(a.Authors, " and "))
	field("organization", a.Outlet.Name)
	if !a.Published.IsZero() {
		field("date", a.Published.UTC().Format(time.DateOnly))
	}
	// BibLaTeX reads url verbatim: only braces could end it early.
	if u := strings.NewReplacer("{", "%7B", "}", "%7D").Replace(oneLine(a.URL)); u != "" {
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
		if value = oneLine(value); value != "" {
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
		tag("DA", a.Published.UTC().Format("2006/01/02"))
	}
	tag("LA", a.Lang)
	tag("UR", a.URL)
	tag("ID", a.ID)
	b.WriteString("ER  - \r\n\r\n")
	_, err := io.WriteString(w, b.String())
	return err
}

// escaped is s as XML text.
func escaped(s string) string {
	var b strings.Builder
	if err := xml.EscapeText(&b, []byte(s)); err != nil {
		return "" // a strings.Builder does not fail
	}
	return b.String()
}
