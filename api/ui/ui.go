// Package ui holds the templates, the style sheet and the search box of
// Dateline's pages.
package ui

import (
	"bytes"
	"embed"
	"fmt"
	"html/template"
	"io/fs"
	"net/url"
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

// Pages are the parsed templates, of each language.
type Pages struct{ sets map[string]*template.Template }

// New parses the templates.
func New() *Pages {
	p := &Pages{sets: map[string]*template.Template{}}
	for _, lang := range Langs {
		for _, name := range []string{"search", "thing", "article", "changes", "error", "embed", "list", "docs"} {
			p.sets[lang+" "+name] = template.Must(template.New("layout.html").Funcs(funcs(lang)).ParseFS(files,
				"templates/layout.html", "templates/parts.html", "templates/"+name+".html"))
		}
	}
	return p
}

// Render writes the page of that name in one of Langs.
func (p *Pages) Render(lang, name string, data any) ([]byte, error) {
	set := p.sets[lang+" "+name]
	if set == nil {
		return nil, fmt.Errorf("no page %q in language %q", name, lang)
	}
	var b bytes.Buffer
	err := set.ExecuteTemplate(&b, "layout.html", data)
	return b.Bytes(), err
}

func funcs(lang string) template.FuncMap {
	return template.FuncMap{
		"safe":     func(s string) template.HTML { return template.HTML(s) }, // only for fields that hold escaped text and <mark>
		"t":        func(key string, args ...any) string { return T(lang, key, args...) },
		"num":      func(n int) string { return Num(lang, n) },
		"articles": func(n int) string { return Articles(lang, n) },
		"day":      func(t time.Time) string { return Day(lang, t) },
		"stamp":    func(t time.Time) string { return Stamp(lang, t) },
		"rfc":      func(t time.Time) string { return t.UTC().Format("2006-01-02T15:04:05Z") },
	}
}

// Web gives a URL back if it is an http or https one, else nothing.
func Web(s string) string {
	u, err := url.Parse(s)
	if err != nil || u.Host == "" || !strings.EqualFold(u.Scheme, "http") && !strings.EqualFold(u.Scheme, "https") {
		return ""
	}
	return s
}
