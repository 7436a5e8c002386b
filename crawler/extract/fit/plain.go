package main

import (
	"fmt"
	"hash/fnv"
	"html"
	"math/rand/v2"
	"strings"

	xhtml "golang.org/x/net/html"

	"dateline/crawler/extract/internal/body"
)

// Real pages are large. A small paper's own template, a test or a page from an
// archive may hold a headline and three paragraphs, so such pages are made of the
// lines of every page: some of its text in the plainest markup, with or without
// some of what else it shows around it.

// plainWeight is what a line of a made page counts beside one of a real page.
const plainWeight = 0.25

func plain(e *example) (*example, error) {
	h := fnv.New64a()
	h.Write([]byte(e.ID))
	rng := rand.New(rand.NewPCG(h.Sum64(), 11))
	var in, out, known []string
	for i, l := range e.label {
		t := e.doc.Line(i)
		switch {
		case l > 0.9 && len(t) > 25:
			in = append(in, t)
		case l < 0.1 && e.weight[i] > 0 && len(t) < 200 && !e.doc.Outside(i):
			out = append(out, t)
			if body.Boilerplate(t) {
				known = append(known, t)
			}
		}
	}
	if len(in) < 2 {
		return nil, nil
	}
	n := min(len(in), 2+rng.IntN(9))
	from := rng.IntN(len(in) - n + 1)
	in = in[from : from+n]
	p := &example{pageCase: e.pageCase, outlet: e.outlet, made: true}
	p.ID += "-plain"
	p.With, p.Without = nil, nil
	is := map[string]bool{}
	var b strings.Builder
	b.WriteString("<html><body>")
	others := func(open, each, close string) {
		if len(out) == 0 || rng.IntN(2) == 0 {
			return
		}
		b.WriteString(open)
		for range 1 + rng.IntN(6) {
			b.WriteString(strings.ReplaceAll(each, "%", html.EscapeString(out[rng.IntN(len(out))])))
		}
		b.WriteString(close)
	}
	others("<nav><ul>", `<li><a href="/x">%</a></li>`, "</ul></nav>")
	outer := []string{"article", "main", "div", "section", ""}[rng.IntN(5)]
	if outer != "" {
		b.WriteString("<" + outer + ">")
	}
	title := e.doc.Title()
	if rng.IntN(4) > 0 {
		b.WriteString("<h1>" + html.EscapeString(title) + "</h1>")
	}
	if rng.IntN(3) == 0 {
		others("", "<p class=byline>%</p>", "")
	}
	for i, t := range in {
		// A subheading now and then, in a live blog with the time.
		if f := strings.Fields(t); i > 0 && len(f) > 8 && rng.IntN(4) == 0 {
			h := strings.Join(f[:2+rng.IntN(4)], " ")
			if rng.IntN(3) == 0 {
				h = fmt.Sprintf("%d:%02d %s", rng.IntN(24), rng.IntN(60), h)
			}
			b.WriteString("<h2>" + html.EscapeString(h) + "</h2>\n")
			is[squash(h)] = true
		}
		b.WriteString("<p>" + html.EscapeString(t) + "</p>\n")
		is[squash(t)] = true
	}
	// What is known by its words stands among the paragraphs as well.
	if len(known) > 0 && rng.IntN(2) == 0 {
		b.WriteString("<p>" + html.EscapeString(known[rng.IntN(len(known))]) + "</p>\n")
	}
	if outer != "" {
		b.WriteString("</" + outer + ">")
	}
	others("<aside>", `<p><a href="/y">%</a></p>`, "</aside>")
	others("<footer>", "<p>%</p>", "</footer>")
	root, err := xhtml.Parse(strings.NewReader(b.String() + "</body></html>"))
	if err != nil {
		return nil, err
	}
	p.doc = body.New(body.Split(root), body.Input{Title: title})
	for i := range p.doc.Len() {
		p.names = append(p.names, collect(p.doc.EachName, i))
		p.words = append(p.words, collect(p.doc.EachWord, i))
		y, w := 0.0, plainWeight*30*0.2
		if is[p.doc.Line(i)] {
			y, w = 1, plainWeight*30*0.4
		}
		if p.doc.Outside(i) {
			w = 0
		}
		p.label, p.weight = append(p.label, y), append(p.weight, w)
	}
	return p, nil
}
