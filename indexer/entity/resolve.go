package entity

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"dateline"
)

// again looks for the names found so far wherever else they stand: names in
// headlines, surnames and first names alone.
func (d *doc) again(found []span) []span {
	found = d.parenAcronyms(found)
	lex := &Recognizer{first: map[string][]alias{}, cjk: map[rune][]runeAlias{}, names: map[string][]int{}}
	part := map[string]map[string]bool{} // single name -> full names
	bearers := map[string][]bearer{}     // surname -> who has it, in the order of the text
	id := map[string]int{}
	addName := func(text string, typ dateline.EntityType) int {
		k := foldName(text) + "|" + string(typ)
		n, ok := id[k]
		if !ok {
			n = len(lex.ents)
			id[k] = n
			lex.ents = append(lex.ents, dateline.Entity{Name: text, Type: typ})
			lex.add(text, n)
		}
		return n
	}
	surname := map[string]int{}
	for _, s := range found {
		if s.full != "" {
			continue
		}
		name := s.text
		if s.ent >= 0 {
			name = d.r.ents[s.ent].Name
		}
		n := -1
		if s.ent < 0 || s.ent >= d.r.given && listed().context[string(s.typ)+name] {
			n = addName(s.text, s.typ)
		}
		if s.typ == dateline.Organization && n >= 0 {
			for _, short := range d.companyShort(s) {
				lex.add(short, n)
			}
		}
		if s.typ != dateline.Person {
			continue
		}
		ts := tokenize(s.text)
		if romance[d.language()] && len(ts) > 2 && !particles[ts[1].fold] { // Omar García Harfuch
			if n < 0 {
				n = addName(s.text, s.typ)
			}
			lex.add(s.text[ts[1].start:], n)
		}
		for len(ts) > 1 && generation[ts[len(ts)-1].fold] {
			ts = ts[:len(ts)-1]
		}
		if len(ts) < 2 {
			continue
		}
		for k, t := range ts {
			if k != 0 && k != len(ts)-1 || stop[t.fold] || utf8.RuneCountInString(t.bare) < 3 && !pinyinSurnames[t.fold] {
				continue
			}
			if part[t.fold] == nil {
				part[t.fold] = map[string]bool{}
			}
			part[t.fold][foldName(name)] = true
			if n < 0 {
				n = addName(s.text, s.typ)
			}
			surname[t.fold] = n
			if k > 0 || pinyinSurnames[t.fold] {
				bearers[t.fold] = append(bearers[t.fold], bearer{s.part, s.start, n})
			}
		}
	}
	for w, fulls := range part {
		if len(fulls) == 1 || len(bearers[w]) > 0 {
			n := surname[w]
			if len(fulls) == 1 {
				delete(bearers, w)
			}
			for _, form := range append([]string{w}, surnameCases(w)...) {
				c, size := utf8.DecodeRuneInString(form)
				lex.add(string(unicode.ToUpper(c))+form[size:], n)
			}
		}
	}
	for _, as := range lex.first {
		slices.SortStableFunc(as, func(a, b alias) int { return len(b.words) - len(a.words) })
	}
	free := make([][]bool, len(d.texts))
	for p := range free {
		free[p] = make([]bool, len(d.texts[p]))
	}
	for _, s := range found {
		for k := s.start; k < s.end; k++ {
			free[s.part][k] = true
		}
	}
	all := slices.Clone(found)
	for p, ts := range d.toks {
		for i := 0; i < len(ts); {
			n := 0
			for _, a := range lex.first[ts[i].fold] {
				if !matches(a, ts[i:]) {
					continue
				}
				st, en := ts[i].start, ts[i+len(a.words)-1].end
				if slices.Contains(free[p][st:en], true) {
					continue
				}
				n = len(a.words)
				if n == 1 && i > 0 && !ts[i].begin && ts[i].glue == glueSpace && nameTok(ts[i-1]) && !titles[ts[i-1].fold] && !ts[i].head && !ts[i-1].poss && (!ts[i-1].begin || d.mayBegin(ts[i-1])) {
					if prev := ts[i-1]; lex.ents[a.ent].Type == dateline.Person && bearsName(ts, i-1) && !slices.Contains(free[p][prev.start:prev.end], true) {
						all = append(all, span{part: p, start: prev.start, end: en, typ: dateline.Person, ent: -1, prio: 4})
					}
					break // a longer name that is not known
				}
				ent := a.ent
				if n == 1 && len(bearers[a.words[0]]) > 0 {
					if ent = latest(bearers[a.words[0]], p, st); ent < 0 {
						break // nobody of that name was named before
					}
				}
				all = append(all, span{part: p, start: st, end: en, typ: lex.ents[ent].Type, ent: -1, prio: 3, full: lex.ents[ent].Name})
				break
			}
			i += max(n, 1)
		}
	}
	return d.choose(all)
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

// withoutTitles leaves out organizations that are somebody's title: Bundesrat
// Albert Rösti.
func (d *doc) withoutTitles(ss []span) []span {
	var out []span
	for i, s := range ss {
		if s.typ == dateline.Organization && i+1 < len(ss) && titles[foldName(s.text)] {
			if n := ss[i+1]; n.part == s.part && n.typ == dateline.Person && strings.TrimSpace(d.texts[s.part][s.end:n.start]) == "" {
				continue
			}
		}
		out = append(out, s)
	}
	return out
}

// resolve gives every span its canonical name within the article.
func (d *doc) resolve(ss []span) []dateline.Mention {
	// The full names of persons, by each of their words.
	type target struct {
		name string
		typ  dateline.EntityType
		id   string
	}
	canon := func(s span) target {
		if s.ent >= 0 {
			e := d.r.ents[s.ent]
			return target{e.Name, e.Type, e.ID}
		}
		name := s.text
		if s.full != "" {
			name = s.full
		}
		name = cleanName(name, s.typ)
		for short := name; short != ""; short = shorter(short, s.typ) {
			for _, n := range d.r.names[foldName(short)] {
				if e := d.r.ents[n]; e.Type == s.typ {
					return target{e.Name, e.Type, e.ID}
				}
			}
		}
		return target{name, s.typ, dateline.Slug(name)}
	}
	d.headlines(ss)
	ss = d.withoutTitles(ss)
	byWord := map[string]map[string]target{}
	acro := map[string]target{}
	votes := map[string]map[dateline.EntityType]int{}
	ts := make([]target, len(ss))
	for i, s := range ss {
		ts[i] = canon(s)
		if name := d.officeName(s, ss); name == "-" {
			ts[i].typ = nothing
		} else if name != "" {
			ts[i] = canon(span{text: name, typ: dateline.Organization, ent: -1})
		} else if s.ent >= d.r.given {
			if e := d.r.ents[d.meant(s)]; e.ID != ts[i].id {
				ts[i] = target{e.Name, e.Type, e.ID}
			}
		}
		if s.ent < 0 && s.typ == dateline.Person {
			if w := nameWords(foldName(ts[i].name)); len(w) > 1 {
				for _, k := range []string{w[0], w[len(w)-1]} {
					if byWord[k] == nil {
						byWord[k] = map[string]target{}
					}
					byWord[k][ts[i].id] = ts[i]
				}
			}
		} else if s.typ == dateline.Person {
			w := nameWords(foldName(ts[i].name))
			k := w[len(w)-1]
			if byWord[k] == nil {
				byWord[k] = map[string]target{}
			}
			byWord[k][ts[i].id] = ts[i]
		}
		if s.full != "" && s.prio == 11 {
			acro[s.text] = ts[i]
		}
	}
	// An acronym without parentheses stands for the one organization in the
	// article that has these initials.
	long := map[string]map[string]target{}
	for i, s := range ss {
		if w := tokenize(s.text); s.typ == dateline.Organization && len(w) > 2 {
			var caps strings.Builder
			for _, t := range w {
				if c, _ := utf8.DecodeRuneInString(t.bare); t.cap {
					caps.WriteRune(c)
				}
			}
			k := caps.String()
			if long[k] == nil {
				long[k] = map[string]target{}
			}
			long[k][ts[i].id] = ts[i]
		}
	}
	for i, s := range ss {
		if m := long[s.text]; s.ent < 0 && s.prio < 11 && len(m) == 1 {
			for _, t := range m {
				ts[i] = t
			}
		}
	}
	for i, s := range ss {
		if s.ent >= 0 && len(acro) == 0 {
			continue
		}
		if s.ent < 0 {
			if s.typ == dateline.Person {
				if m := byWord[foldName(ts[i].name)]; len(m) == 1 {
					for _, t := range m {
						ts[i] = t
					}
				}
			}
			if t, ok := acro[s.text]; ok {
				ts[i] = t
			}
		}
	}
	// A surname of the shipped list belongs to whoever bears it in the article
	// when the famous bearer is never named in full.
	named := map[string]bool{}
	others := map[string]map[string]target{}
	for i, s := range ss {
		if s.typ != dateline.Person {
			continue
		}
		w := nameWords(foldName(s.text))
		if s.ent >= 0 && len(w) > 1 {
			named[ts[i].id] = true
		} else if w := nameWords(foldName(ts[i].name)); s.ent < 0 && len(w) > 1 {
			k := w[len(w)-1]
			if others[k] == nil {
				others[k] = map[string]target{}
			}
			others[k][ts[i].id] = ts[i]
		}
	}
	for i, s := range ss {
		if s.ent < d.r.given || s.typ != dateline.Person || named[ts[i].id] {
			continue
		}
		if m := others[foldName(s.text)]; len(m) == 1 {
			for _, t := range m {
				ts[i] = t
			}
		}
	}
	// A place that is also the surname of somebody in the article: who speaks or
	// acts under that name after having been named in full is the person.
	for i, s := range ss {
		if s.ent < d.r.given || s.typ != dateline.Place || !d.acts(s) && !d.actsAbroad(s) && !listed().context[string(s.typ)+d.r.ents[s.ent].Name] {
			continue
		}
		k := foldName(s.text)
		for j, o := range ss {
			w := nameWords(foldName(o.text))
			if o.typ == dateline.Person && len(w) > 1 && w[len(w)-1] == k && (o.part < s.part || o.part == s.part && o.start < s.start) {
				ts[i] = ts[j]
			}
		}
	}
	for i := range ss {
		k := foldName(ts[i].name)
		if votes[k] == nil {
			votes[k] = map[dateline.EntityType]int{}
		}
		n := 1
		if ss[i].ent >= 0 {
			n = 1000
		} else if ss[i].prio > 3 {
			n = 2
		}
		votes[k][ts[i].typ] += n
	}
	out := make([]dateline.Mention, 0, len(ss))
	for i, s := range ss {
		t := ts[i]
		if s.ent < 0 {
			v := votes[foldName(t.name)]
			for _, typ := range []dateline.EntityType{dateline.Person, dateline.Organization, dateline.Place} {
				if v[typ] > v[t.typ] {
					t.typ = typ
				}
			}
		}
		if t.id == "" || t.typ == nothing {
			continue
		}
		out = append(out, dateline.Mention{
			Start: s.start, End: s.end, Type: t.typ, Text: s.text, Name: t.name, EntityID: t.id,
			InTitle: len(d.texts) == 2 && s.part == 0,
		})
	}
	return out
}
