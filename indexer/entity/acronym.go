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
			found[i].rule = "the acronym that the article gives an organization"
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
				found = append(found, span{part: p, start: t.start, end: t.end, typ: dateline.Organization, ent: -1, prio: 11, full: name, rule: "the acronym that the article gives an organization"})
			}
		}
	}
	return d.choose(found)
}

// bracketed finds organizations that no other rule does by the acronym in
// parentheses behind them, whose letters their words begin with: Office
// national des lacs (ONL); and the other way round, an acronym before its
// expansion: FIRST (For Inspiration and Recognition of ...).
func (d *doc) bracketed(p int) {
	ts, text := d.toks[p], d.texts[p]
	for k, t := range ts {
		if t.glue != glueParen || k == 0 || ts[k-1].poss || t.head {
			continue
		}
		if n := d.known[p][k-1]; n > 0 && d.spans[n-1].typ == dateline.Organization {
			continue // a list has the name before the parenthesis; parenAcronyms gives it the acronym
		}
		if n := utf8.RuneCountInString(t.bare); t.upper && n > 2 && n < 8 && t.end < len(text) && text[t.end] == ')' && !notAcronym[t.fold] {
			if d.de && ts[k-1].cap && !ts[k-1].upper && len(ts[k-1].fold) > 8 && t.fold[0] == ts[k-1].fold[0] && inOrder(t.fold, ts[k-1].fold) && t.glue == glueParen {
				d.pair(p, k-1, k, k, t.bare) // Kultusministerkonferenz (KMK)
				continue
			}
			for i := k - 1; i >= 0 && i >= k-10 && ts[i+1].glue != glueBreak && (i+1 == k || ts[i+1].glue != glueParen); i-- {
				if ts[i].cap && !ts[i].upper && k-i > 1 && spells(ts[i:k], t.fold) {
					d.pair(p, i, k, k, "")
					break
				}
			}
		}
		// The expansion in parentheses.
		j := k
		for j < len(ts) && j-k < 12 && (j == k || ts[j].glue == glueSpace || ts[j].glue == glueHyphen || ts[j].glue == glueComma) {
			j++
		}
		if j-k < 3 || !t.cap || j == len(ts) && !strings.HasPrefix(text[ts[j-1].end:], ")") || j < len(ts) && !strings.HasPrefix(text[ts[j-1].end:], ")") {
			continue
		}
		for a := k - 1; a >= 0 && a >= k-3; a-- {
			if n := utf8.RuneCountInString(ts[a].bare); ts[a].upper && n > 2 && n < 8 && !notAcronym[ts[a].fold] && spells(ts[k:j], ts[a].fold) {
				d.pair(p, k, j, a, ts[a].bare)
				break
			}
		}
	}
}

// pair adds an organization's name, tokens [i, j), and the acronym at a token
// that stands for it; elsewhere too, if it is given.
func (d *doc) pair(p, i, j, a int, everywhere string) {
	ts := d.toks[p]
	name := d.texts[p][ts[i].start:ts[j-1].end]
	d.add(p, i, j, dateline.Organization, 8)
	at := func(q int, t token) {
		d.spans = append(d.spans, span{part: q, start: t.start, end: t.end, typ: dateline.Organization, ent: -1, prio: 11, full: name})
	}
	at(p, ts[a])
	if everywhere == "" {
		return
	}
	for q, ts := range d.toks {
		for k, t := range ts {
			if t.bare == everywhere && t.upper && !t.shout && (q != p || k != a) {
				at(q, t)
			}
		}
	}
}

// spells reports whether the words of a name spell a folded acronym by their
// first letters, in order; a word may give more of its letters, small words
// may give none.
func spells(ts []token, acronym string) bool {
	rest := acronym
	for _, t := range ts {
		c, n := utf8.DecodeRuneInString(t.fold)
		if r, _ := utf8.DecodeRuneInString(rest); r != c {
			if !t.cap && (smallLinks[t.fold] || nounLinks[t.fold] || stop[t.fold] || t.fold == "und" || t.fold == "fur") {
				continue
			}
			return false
		}
		rest = rest[n:]
	}
	// What is left are letters within the last word.
	last := ts[len(ts)-1].fold
	_, n := utf8.DecodeRuneInString(last)
	return len(rest) <= 2 && inOrder(rest, last[n:])
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
