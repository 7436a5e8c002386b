package indexer

import (
	"html"
	"sort"
	"strings"
	"unicode/utf8"

	"dateline"
)

const snippetBytes = 240

type span struct{ start, end int }

// highlighter marks in a page's hits what the query asked for.
type highlighter struct {
	phrases  []dateline.Node // *Term, *Phrase, *Prefix
	entities map[string]bool
	names    []string
}

func newHighlighter(x *Index, q dateline.Query) *highlighter {
	h := &highlighter{entities: map[string]bool{}}
	value := func(f, v string) {
		if entityType(f) == "" && f != dateline.FieldSaid {
			return
		}
		for _, id := range x.resolve(f, v) {
			h.entities[id] = true
			if e, ok := x.known(id); ok {
				h.names = append(append(h.names, e.Name), e.Aliases...)
			}
		}
	}
	var walk func(dateline.Node)
	walk = func(n dateline.Node) {
		switch n := n.(type) {
		case *dateline.And:
			for _, c := range n.Nodes {
				walk(c)
			}
		case *dateline.Or:
			for _, c := range n.Nodes {
				walk(c)
			}
		case *dateline.Term, *dateline.Phrase, *dateline.Prefix:
			h.phrases = append(h.phrases, n)
		case *dateline.FieldTerm:
			value(n.Field, n.Value)
		}
	}
	walk(q.Root)
	for f, vs := range q.Filters {
		for _, v := range vs {
			value(f, v)
		}
	}
	return h
}

func (h *highlighter) spans(lang, text string, title bool, ms []dateline.Mention) []span {
	if len(h.phrases) == 0 && len(h.entities) == 0 {
		return nil
	}
	toks := analyze(lang, text)
	var out []span
	find := func(s string, prefix bool) {
		want := analyze(lang, s)
		if len(want) == 0 {
			return
		}
		for _, i := range findPhrase(toks, want, prefix) {
			out = append(out, span{toks[i].start, toks[i+len(want)-1].end})
		}
	}
	for _, n := range h.phrases {
		switch n := n.(type) {
		case *dateline.Term:
			if title || n.Field == "" {
				find(n.Text, false)
			}
		case *dateline.Prefix:
			if title || n.Field == "" {
				find(n.Text, true)
			}
		case *dateline.Phrase:
			if !title && n.Field != "" {
				continue
			}
			if n.Slop == 0 {
				find(n.Text, false)
				continue
			}
			for _, t := range analyze(otherLang, n.Text) {
				find(t.word, false)
			}
		}
	}
	marked := false
	for _, m := range ms {
		if m.InTitle == title && h.entities[m.EntityID] && m.Start >= 0 && m.Start < m.End && m.End <= len(text) {
			out = append(out, span{m.Start, m.End})
			marked = true
		}
	}
	if !marked {
		for _, n := range h.names {
			find(n, false)
		}
	}
	sort.Slice(out, func(i, j int) bool { return out[i].start < out[j].start })
	merged := out[:0]
	for _, s := range out {
		if k := len(merged); k > 0 && s.start <= merged[k-1].end {
			merged[k-1].end = max(merged[k-1].end, s.end)
			continue
		}
		merged = append(merged, s)
	}
	return merged
}

func (h *highlighter) mark(a *dateline.Article) (title, snippet string) {
	lang := langKey(a.Lang)
	title = render(a.Title, h.spans(lang, a.Title, true, a.Mentions), 0, len(a.Title))
	text, ms := a.Body, a.Mentions
	spans := h.spans(lang, text, false, ms)
	if len(spans) == 0 && a.Summary != "" {
		text = a.Summary
		spans = h.spans(lang, text, false, nil)
	}
	from, to := window(text, spans)
	snippet = render(text, spans, from, to)
	if from > 0 {
		snippet = "… " + snippet
	}
	if to < len(text) {
		snippet += " …"
	}
	return title, snippet
}

// window picks the part of text with the most marks, on the borders of words.
func window(text string, spans []span) (int, int) {
	if len(text) <= snippetBytes {
		return 0, len(text)
	}
	from := 0
	best := 0
	for i := range spans {
		n := 0
		for _, s := range spans[i:] {
			if s.end > spans[i].start+snippetBytes*3/4 {
				break
			}
			n++
		}
		if n > best {
			best, from = n, spans[i].start-snippetBytes/4
		}
	}
	from = max(0, min(from, len(text)-snippetBytes))
	if from > 0 {
		from = border(text, from, +1)
	}
	to := min(len(text), from+snippetBytes)
	if to < len(text) {
		if b := border(text, to, -1); b > from {
			to = b
		}
	}
	for _, s := range spans { // never cut a mark in two
		if s.start < from && s.end > from {
			from = s.start
		}
		if s.start < to && s.end > to {
			to = s.end
		}
	}
	return from, to
}

// border gives the nearest start of a word after, or end of one before, i.
func border(text string, i, dir int) int {
	for i > 0 && i < len(text) && !utf8.RuneStart(text[i]) {
		i--
	}
	if dir > 0 {
		lim := min(len(text), i+40)
		if k := strings.IndexAny(text[i:lim], " \n\t"); k >= 0 {
			return i + k + 1
		}
		return i
	}
	lim := max(0, i-40)
	for lim > 0 && !utf8.RuneStart(text[lim]) {
		lim--
	}
	if k := strings.LastIndexAny(text[lim:i], " \n\t"); k >= 0 {
		return lim + k
	}
	return i
}

func render(text string, spans []span, from, to int) string {
	var b strings.Builder
	at := from
	flat := func(s string) string { return html.EscapeString(strings.ReplaceAll(s, "\n", " ")) }
	for _, s := range spans {
		if s.start < at || s.end > to {
			continue
		}
		b.WriteString(flat(text[at:s.start]))
		b.WriteString("<mark>" + flat(text[s.start:s.end]) + "</mark>")
		at = s.end
	}
	b.WriteString(flat(text[at:to]))
	return strings.TrimSpace(b.String())
}
