// Package ui holds the templates, the style sheet and the search box of
// Dateline's pages.
package ui

import (
	"bytes"
	"embed"
	"html/template"
	"io/fs"
	"net/url"
	"strconv"
	"strings"
	"time"
)

//go:embed templates static
var files embed.FS

// Static is what /static serves.
func Static() fs.FS {
	sub, err := fs.Sub(files, "static")
	if err != nil {
		panic(err) // the folder is embedded above
	}
	return sub
}

// Script is the module that other sites embed.
func Script() []byte {
	b, err := files.ReadFile("static/dateline-search.js")
	if err != nil {
		panic(err) // the file is embedded above
	}
	return b
}

// Pages are the parsed templates.
type Pages struct{ sets map[string]*template.Template }

// New parses the templates.
func New() *Pages {
	p := &Pages{sets: map[string]*template.Template{}}
	for _, name := range []string{"search", "thing", "article", "error", "embed", "list"} {
		p.sets[name] = template.Must(template.New("layout.html").Funcs(funcs).ParseFS(files,
			"templates/layout.html", "templates/parts.html", "templates/"+name+".html"))
	}
	return p
}

// Render writes the page of that name.
func (p *Pages) Render(name string, data any) ([]byte, error) {
	var b bytes.Buffer
	err := p.sets[name].ExecuteTemplate(&b, "layout.html", data)
	return b.Bytes(), err
}

var funcs = template.FuncMap{
	"safe": func(s string) template.HTML { return template.HTML(s) }, // only for fields that hold escaped text and <mark>
	"num":  Num,
	"day":  func(t time.Time) string { return t.UTC().Format("2 January 2006") },
	"stamp": func(t time.Time) string {
		return t.UTC().Format("2 January 2006, 15:04") + " UTC"
	},
	"rfc":  func(t time.Time) string { return t.UTC().Format("2006-01-02T15:04:05Z") },
	"web":  Web,
	"path": url.PathEscape,
}

// Num writes a number with thin separators: 12,345.
func Num(n int) string {
	s := strconv.Itoa(n)
	for i := len(s) - 3; i > 0 && s[i-1] != '-'; i -= 3 {
		s = s[:i] + "," + s[i:]
	}
	return s
}

// Web gives a URL back if it is an http or https one, else nothing.
func Web(s string) string {
	u, err := url.Parse(s)
	if err != nil || u.Host == "" || !strings.EqualFold(u.Scheme, "http") && !strings.EqualFold(u.Scheme, "https") {
		return ""
	}
	return s
}
