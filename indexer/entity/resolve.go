package entity

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"dateline"
)

// repeats are the names found in an article, and their parts, to look for
// wherever else they stand.
type repeats struct {
	d       *doc
	lex     *Recognizer
	id      map[string]int
	part    map[string]map[string]bool // single name -> full names
	bearers map[string][]bearer        // surname -> who has it, in the order of the text
	surname map[string]int             // single name -> entity of lex
}

// again looks for the names found so far wherever else they stand: names in
// headlines, surnames and first names alone.
func (d *doc) again(found []span) []span {
	found = d.parenAcronyms(found)
	r := &repeats{
		d: d, lex: &Recognizer{first: map[string][]alias{}, cjk: map[rune][]runeAlias{}, names: map[string][]int{}}, id: map[string]int{},
		part: map[string]map[string]bool{}, bearers: map[string][]bearer{}, surname: map[string]int{},
	}
	for _, s := range found {
		if s.full == "" {
			r.note(s)
		}
	}
	r.addParts()
	for _, as := range r.lex.first {
		slices.SortStableFunc(as, func(a, b alias) int { return len(b.words) - len(a.words) })
	}
	taken := make([][]bool, len(d.texts))
	for p := range taken {
		taken[p] = make([]bool, len(d.texts[p]))
	}
	for _, s := range found {
		for k := s.start; k < s.end; k++ {
			taken[s.part][k] = true
		}
	}
	all := slices.Clone(found)
	for p, ts := range d.toks {
		for i := 0; i < len(ts); {
			n := 0
			if len(r.lex.first[ts[i].fold]) > 0 {
				all, n = r.find(all, p, i, taken[p])
			}
			i += max(n, 1)
		}
	}
	return d.choose(all)
}

// name adds a name to look for.
func (r *repeats) name(text string, typ dateline.EntityType) int {
	k := foldName(text) + "|" + string(typ)
	n, ok := r.id[k]
	if !ok {
		n = len(r.lex.ents)
		r.id[k] = n
		r.lex.ents = append(r.lex.ents, dateline.Entity{Name: text, Type: typ})
		r.lex.add(text, n)
	}
	return n
}

// note adds what was found, and what it may be called for short.
func (r *repeats) note(s span) {
	d, n, name := r.d, -1, s.text
	if s.ent >= 0 {
		name = d.r.ents[s.ent].Name
	}
	if s.ent < 0 || d.r.needs(s.ent) {
		n = r.name(s.text, s.typ)
	}
	if s.typ == dateline.Organization && n >= 0 {
		for _, short := range d.companyShort(s) {
			r.lex.add(short, n)
		}
	}
	if s.typ != dateline.Person {
		return
	}
	ts := tokenize(s.text)
	if romance[d.language()] && len(ts) > 2 && !particles[ts[1].fold] { // Omar García Harfuch
		if n < 0 {
			n = r.name(s.text, s.typ)
		}
		r.lex.add(s.text[ts[1].start:], n)
	}
	for len(ts) > 1 && generation[ts[len(ts)-1].fold] {
		ts = ts[:len(ts)-1]
	}
	for k, t := range ts {
		if len(ts) < 2 || k != 0 && k != len(ts)-1 || stop[t.fold] || utf8.RuneCountInString(t.bare) < 3 && !pinyinSurnames[t.fold] {
			continue
		}
		if r.part[t.fold] == nil {
			r.part[t.fold] = map[string]bool{}
		}
		r.part[t.fold][foldName(name)] = true
		if n < 0 {
			n = r.name(s.text, s.typ)
		}
		r.surname[t.fold] = n
		if k > 0 || pinyinSurnames[t.fold] {
			r.bearers[t.fold] = append(r.bearers[t.fold], bearer{s.part, s.start, n})
		}
	}
}

// addParts adds the first names and surnames that belong to one person, and
// the surnames of several, in a fixed order.
func (r *repeats) addParts() {
	for _, w := range slices.Sorted(maps.Keys(r.part)) {
		fulls := r.part[w]
		if len(fulls) > 1 && len(r.bearers[w]) == 0 {
			continue
		}
		if len(fulls) == 1 {
			delete(r.bearers, w)
		}
		for _, form := range append([]string{w}, surnameCases(w)...) {
			c, size := utf8.DecodeRuneInString(form)
			r.lex.add(string(unicode.ToUpper(c))+form[size:], r.surname[w])
		}
	}
}

// find adds the name that stands at a token where nothing was found yet, and
// gives how many tokens it has.
func (r *repeats) find(all []span, p, i int, taken []bool) ([]span, int) {
	d, ts := r.d, r.d.toks[p]
	n := 0
	for _, a := range r.lex.first[ts[i].fold] {
		if !matches(a, ts[i:]) {
			continue
		}
		st, en := ts[i].start, ts[i+len(a.words)-1].end
		if slices.Contains(taken[st:en], true) {
			continue
		}
		n = len(a.words)
		if n == 1 && i > 0 && !ts[i].begin && ts[i].glue == glueSpace && nameTok(ts[i-1]) && !titles[ts[i-1].fold] && !ts[i].head && !ts[i-1].poss && (!ts[i-1].begin || d.mayBegin(ts[i-1])) {
			if prev := ts[i-1]; r.lex.ents[a.ent].Type == dateline.Person && bearsName(ts, i-1) && !slices.Contains(taken[prev.start:prev.end], true) {
				all = append(all, span{part: p, start: prev.start, end: en, typ: dateline.Person, ent: -1, prio: 4, rule: "another first name before a surname of the article"})
			}
			break // a longer name that is not known
		}
		ent, of := a.ent, ""
		if bs := r.bearers[a.words[0]]; n == 1 && len(bs) > 0 {
			if ent = latest(bs, p, st); ent < 0 {
				break // nobody of that name was named before
			}
			if d.explain {
				of = fmt.Sprintf(", the last one named of %d who bear that name", len(r.part[a.words[0]]))
			}
		}
		all = append(all, span{part: p, start: st, end: en, typ: r.lex.ents[ent].Type, ent: -1, prio: 3, full: r.lex.ents[ent].Name, rule: "the same name elsewhere in the article", bearers: of})
		break
	}
	return all, n
}

// companyShort gives what a company is called for short whose legal form the
// text has: its name without it, and a word of the name that is no other word.
func (d *doc) companyShort(s span) []string {
	ts := tokenize(s.text)
	if len(ts) < 2 || !legalToken(ts[len(ts)-1]) && !(legalForm[ts[len(ts)-1].fold] && ts[len(ts)-1].cap) {
		return nil
	}
	name := cleanName(s.text, s.typ)
	out := []string{name}
	ts = tokenize(name)
	if len(ts) < 2 {
		return out
	}
	for _, t := range []token{ts[0], ts[len(ts)-1]} {
		if t.cap && utf8.RuneCountInString(t.bare) > 4 && !stop[t.fold] && !orgTail[t.fold] && !orgHead[t.fold] && !romanceHeads[t.fold] && !isFirstName(t.fold) && nations().adjective[t.fold] == "" &&
			len(d.r.first[t.fold]) == 0 && len(d.r.inContext[t.fold]) == 0 && !d.lowered(t.fold) && (t.start == 0 || !d.de) && !companyNouns[t.fold] {
			out = append(out, t.text)
			break
		}
	}
	return out
}

// generation are words behind a person's name that tell father from son.
var generation = set(`jr sr ii iii iv`)

// adverbs begin sentences before a surname.
var adverbs = set(`later earlier soon instead finally perhaps maybe together elsewhere inside outside next once again even only still like unlike
 president-elect yesterday tomorrow clearly thus hence indeed besides`)

// nameWords cuts a folded name of a person into words, without Jr and III.
func nameWords(name string) []string {
	w := strings.Fields(name)
	for len(w) > 1 && generation[w[len(w)-1]] {
		w = w[:len(w)-1]
	}
	return w
}

// mayBegin reports whether the first word of a sentence can be a first name
// before a surname, although no list has it.
func (d *doc) mayBegin(t token) bool {
	if cyrillic(t) {
		first, _ := russianFirstName(t.fold)
		return first != ""
	}
	return isFirstName(t.fold) || !adverbs[t.fold] && !strings.HasSuffix(t.fold, "ly") && !sayVerbs[t.fold] && len(d.r.first[t.fold]) == 0
}

// bearsName reports whether a token can be somebody's only first name.
func bearsName(ts []token, i int) bool {
	if orgTail[ts[i].fold] || orgHead[ts[i].fold] || notName[ts[i].fold] || ts[i].upper {
		return false
	}
	return i == 0 || ts[i].glue != glueSpace || !ts[i-1].cap || titles[ts[i-1].fold] || stop[ts[i-1].fold]
}

// bearer is a person who was named in full somewhere.
type bearer struct {
	part, start int
	ent         int
}

// latest gives whom a surname that several persons bear means at a place: the
// one who was named last before it, or -1.
func latest(bs []bearer, part, at int) int {
	out := -1
	for _, b := range bs {
		if b.part == part && b.start < at {
			out = b.ent
		}
	}
	return out
}
