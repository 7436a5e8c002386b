package indexer

import (
	"html"
	"math/bits"
	"slices"
	"strings"
	"unicode/utf8"

	"dateline"
)

type span struct{ start, end int }

// marked is a part of a text that is marked.
type marked struct {
	span
	of uint64 // the parts of the query that it is of, a bit each
}

// pattern is words that are marked where they stand in a row.
type pattern struct {
	words  []token
	prefix bool // the last is the beginning of a word
	of     uint64
}

// patterns are what to mark in texts of one language.
type patterns struct {
	lang     string
	list     []pattern
	byStem   map[string][]int // those whose first word is a whole one, by its stem
	prefixes []int            // the others
	sieve    *sieve
}

// wanted is words of a query as they were asked for.
type wanted struct {
	text          string
	prefix, title bool // title: only there
	of            uint64
}

// highlighter marks in a page's hits what the query asked for.
type highlighter struct {
	words    []wanted
	entities map[string]uint64
	names    []wanted // of the entities, for texts in which none is recognised
	made     map[patternsKey]*patterns
	parts    int // of the query
}

type patternsKey struct {
	lang         string
	title, names bool
}

func newHighlighter(x *Index, q dateline.Query) *highlighter {
	h := &highlighter{entities: map[string]uint64{}, made: map[patternsKey]*patterns{}}
	value := func(f, v string) {
		if entityType(f) == "" && f != dateline.FieldSaid {
			return
		}
		part := h.part()
		for _, id := range x.resolve(f, v) {
			h.entities[id] |= part
			if e, ok := x.entity(fieldIndex(f), id); ok {
				for _, name := range append([]string{e.Name}, e.Aliases...) {
					h.names = append(h.names, wanted{text: name, of: part})
				}
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
		case *dateline.Term:
			h.want(n.Text, n.Field, false)
		case *dateline.Prefix:
			h.want(n.Text, n.Field, true)
		case *dateline.Phrase:
			if n.Slop == 0 {
				h.want(n.Text, n.Field, false)
				return
			}
			for _, t := range analyze(otherLang, n.Text) {
				h.want(t.word, n.Field, false)
			}
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

// part is the bit of a further part of the query. Beyond 64 they share bits:
// the best fragments are then chosen a little less well.
func (h *highlighter) part() uint64 {
	h.parts++
	return 1 << ((h.parts - 1) % 64)
}

func (h *highlighter) want(text, field string, prefix bool) {
	h.words = append(h.words, wanted{text: text, prefix: prefix, title: field != "", of: h.part()})
}

// patterns gives what to mark in titles or other texts of a language.
func (h *highlighter) patterns(k patternsKey) *patterns {
	if p := h.made[k]; p != nil {
		return p
	}
	p := &patterns{lang: k.lang, byStem: map[string][]int{}}
	var first []string
	add := func(w wanted) {
		words := analyze(k.lang, w.text)
		if len(words) == 0 || w.title && !k.title {
			return
		}
		put := func(words []token) {
			i := len(p.list)
			p.list = append(p.list, pattern{words, w.prefix, w.of})
			if w.prefix && len(words) == 1 {
				p.prefixes = append(p.prefixes, i)
			} else {
				p.byStem[words[0].stem] = append(p.byStem[words[0].stem], i)
			}
			for _, t := range words {
				first = append(first, t.word, strings.TrimPrefix(t.stem, capsMark))
			}
		}
		put(words)
		if form, ok := whole(k.lang, w.text, words); ok && !w.prefix {
			put([]token{form})
		}
	}
	// Beside other words a stop word says nothing where it stands.
	silent := func(w wanted) bool { return !w.prefix && isStopWord(k.lang, w.text) }
	telling := slices.ContainsFunc(h.words, func(w wanted) bool { return !silent(w) && (k.title || !w.title) })
	for _, w := range h.words {
		if !telling || !silent(w) {
			add(w)
		}
	}
	if k.names {
		for _, w := range h.names {
			add(w)
		}
	}
	p.sieve = newSieve(k.lang, first)
	h.made[k] = p
	return p
}

// find appends where the patterns are in a text.
func (p *patterns) find(out []marked, text string) []marked {
	if len(p.list) == 0 {
		return out
	}
	toks, at := analyzeSome(p.lang, text, p.sieve), p.sieve.at
	for _, e := range extras(p.lang, text, toks) {
		for _, k := range p.byStem[e.stem] {
			if c := &p.list[k]; len(c.words) == 1 {
				out = append(out, marked{span{e.start, e.end}, c.of})
			}
		}
		for _, k := range p.prefixes {
			if c := &p.list[k]; !e.isCaps() && tokenMatches(e.token, c.words[0], true) && !tokenMatches(toks[e.first], c.words[0], true) {
				out = append(out, marked{span{e.start, e.end}, c.of})
			}
		}
	}
	for i, t := range toks {
		for _, k := range p.byStem[t.stem] {
			c := &p.list[k]
			n := len(c.words)
			if i+n > len(toks) || at[i+n-1] != at[i]+n-1 {
				continue
			}
			same := true
			for j := 1; j < n && same; j++ {
				same = tokenMatches(toks[i+j], c.words[j], c.prefix && j == n-1)
			}
			if same {
				out = append(out, marked{span{t.start, toks[i+n-1].end}, c.of})
			}
		}
		for _, k := range p.prefixes {
			if c := &p.list[k]; tokenMatches(t, c.words[0], true) {
				out = append(out, marked{span{t.start, t.end}, c.of})
			}
		}
	}
	return out
}

// spans gives what is marked in a text, in order.
func (h *highlighter) spans(lang, text string, title bool, ms []dateline.Mention) []marked {
	var out []marked
	for _, m := range ms {
		if of := h.entities[m.EntityID]; of != 0 && m.InTitle == title && m.Start >= 0 && m.Start < m.End && m.End <= len(text) &&
			utf8.RuneStart(text[m.Start]) && (m.End == len(text) || utf8.RuneStart(text[m.End])) {
			out = append(out, marked{span{m.Start, m.End}, of})
		}
	}
	names := len(out) == 0 && len(h.names) > 0
	if len(h.words) > 0 || names {
		out = h.patterns(patternsKey{lang, title, names}).find(out, text)
	}
	return merge(text, out)
}

// merge sorts spans and makes those that touch one. One that is longer than a
// snippet can show is cut short.
func merge(text string, l []marked) []marked {
	slices.SortFunc(l, func(a, b marked) int { return a.start - b.start })
	merged := l[:0]
	for _, s := range l {
		if k := len(merged); k > 0 && s.start <= merged[k-1].end {
			merged[k-1].end = max(merged[k-1].end, s.end)
			merged[k-1].of |= s.of
			continue
		}
		merged = append(merged, s)
	}
	for i := range merged {
		if s := &merged[i]; s.end-s.start > maxMark {
			s.end = min(s.end, forth(text, s.start, maxMark))
		}
	}
	return merged
}

// mark gives the title and the best of the text, as HTML.
func (h *highlighter) mark(a *dateline.Article) (title, snippet string) {
	lang := langKey(a.Lang)
	title = strings.TrimSpace(render(a.Title, h.spans(lang, a.Title, true, a.Mentions), 0, len(a.Title)))
	text := a.Body
	spans := h.spans(lang, text, false, a.Mentions)
	if len(spans) == 0 && a.Summary != "" {
		text = a.Summary
		spans = h.spans(lang, text, false, nil)
	}
	return title, snippetOf(text, spans)
}

// render is a part of a text as HTML, with the spans that are in it marked.
func render(text string, spans []marked, from, to int) string {
	var b strings.Builder
	at := from
	flat := func(s string) {
		b.WriteString(html.EscapeString(strings.ToValidUTF8(strings.ReplaceAll(s, "\n", " "), "\uFFFD")))
	}
	for _, s := range spans {
		if s.start < at || s.end > to {
			continue
		}
		flat(text[at:s.start])
		b.WriteString("<mark>")
		flat(text[s.start:s.end])
		b.WriteString("</mark>")
		at = s.end
	}
	flat(text[at:to])
	return b.String()
}

// distinct is how many parts of a query there are in a set of them.
func distinct(of uint64) int { return bits.OnesCount64(of) }
