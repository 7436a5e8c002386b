package entity

import (
	"strings"
	"unicode/utf8"

	"dateline"
)

// parenAcronyms lets an acronym in parentheses behind an organization's name
// stand for it wherever else it is in the article, before or after, also where
// it is made of another language's words: Italian Episcopal Conference (CEI).
func (d *doc) parenAcronyms(found []span) []span {
	short := map[string]string{} // acronym -> full name
	for _, s := range found {
		ts, text := d.toks[s.part], d.texts[s.part]
		k := d.tokenAt(s.part, s.end)
		if s.typ != dateline.Organization || s.full != "" || k >= len(ts) {
			continue
		}
		t := ts[k]
		if t.glue != glueParen || !t.upper || t.end >= len(text) || text[t.end] != ')' || notAcronym[t.fold] || !abbreviates(t.fold, fold(s.text)) {
			continue
		}
		name := s.text
		if s.ent >= 0 {
			name = d.r.ents[s.ent].Name
		}
		short[t.bare] = name
	}
	if len(short) == 0 {
		return found
	}
	for i, s := range found {
		if name := short[strings.ReplaceAll(s.text, ".", "")]; name != "" && s.ent < 0 && s.full == "" {
			found[i].full, found[i].typ, found[i].prio = name, dateline.Organization, 11
		}
	}
	covered := make([]map[int]bool, len(d.texts))
	for p := range covered {
		covered[p] = map[int]bool{}
	}
	for _, s := range found {
		for i := s.start; i < s.end; i++ {
			covered[s.part][i] = true
		}
	}
	for p, ts := range d.toks {
		for _, t := range ts {
			if name := short[t.bare]; name != "" && t.upper && !t.shout && !covered[p][t.start] {
				found = append(found, span{part: p, start: t.start, end: t.end, typ: dateline.Organization, ent: -1, prio: 11, full: name})
			}
		}
	}
	return d.choose(found)
}

// abbreviates reports whether a folded acronym can be made of a folded name:
// of its letters in their order, or of first letters of its words in any.
func abbreviates(short, name string) bool {
	if n := utf8.RuneCountInString(short); n < 2 || n > 7 || len(short) >= len(name) {
		return false
	}
	words := strings.Fields(name)
	for i, w := range words {
		if short[0] == w[0] && inOrder(short, strings.Join(words[i:], " ")) && (i == 0 || len(short) > 3) {
			return true
		}
	}
	firsts := map[rune]int{}
	for _, w := range words {
		c, _ := utf8.DecodeRuneInString(w)
		firsts[c]++
	}
	for _, c := range short {
		if firsts[c]--; firsts[c] < 0 {
			return false
		}
	}
	return true
}

// inOrder reports whether a name has the letters in their order.
func inOrder(letters, name string) bool {
	for _, c := range letters {
		i := strings.IndexRune(name, c)
		if i < 0 {
			return false
		}
		name = name[i+utf8.RuneLen(c):]
	}
	return true
}
