package entity

import (
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"dateline"
)

// target is the entity that a span means.
type target struct {
	name string
	typ  dateline.EntityType
	id   string
}

// resolver gives the chosen spans of an article their entities. Each step may
// change what the one before it said; how keeps why, for Explain.
type resolver struct {
	d   *doc
	ss  []span
	ts  []target
	how []string
}

// resolve gives every span its canonical name within the article.
func (d *doc) resolve(ss []span) []dateline.Mention {
	d.headlines(ss)
	r := &resolver{d: d, ss: d.withoutTitles(ss)}
	r.ts, r.how = make([]target, len(r.ss)), make([]string, len(r.ss))
	r.names()
	r.initials()
	r.parts()
	r.listedSurnames()
	r.placesThatAct()
	return r.mentions()
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

// listedAs gives the listed entity of the type with a name, also without what
// only says that it is a group.
func (r *resolver) listedAs(name string, typ dateline.EntityType) (target, bool) {
	for short := name; short != ""; short = shorter(short, typ) {
		for _, n := range r.d.r.names[foldName(short)] {
			if e := r.d.r.ents[n]; e.Type == typ {
				return target{e.Name, e.Type, e.ID}, true
			}
		}
	}
	if n := r.d.r.misspelt(name, typ); n >= 0 {
		e := r.d.r.ents[n]
		return target{e.Name, e.Type, e.ID}, true
	}
	// Another spelling of a listed surname behind the same first name.
	if w := strings.Fields(foldName(name)); typ == dateline.Person && len(w) > 1 {
		for _, n := range r.d.r.names[w[len(w)-1]] {
			if e := r.d.r.ents[n]; e.Type == typ && strings.HasPrefix(foldName(e.Name), w[0]+" ") {
				return target{e.Name, e.Type, e.ID}, true
			}
		}
	}
	return target{name, typ, dateline.Slug(name)}, false
}

// misspelt gives the listed organization of four words and more of which a
// name differs by one letter of one long word, or -1. Persons who differ so
// are others.
func (r *Recognizer) misspelt(name string, typ dateline.EntityType) int {
	w := strings.Fields(foldName(name))
	if typ != dateline.Organization || len(w) < 4 {
		return -1
	}
	for _, a := range r.first[w[0]] {
		if len(a.words) != len(w) || r.ents[a.ent].Type != typ {
			continue
		}
		wrong := 0
		for k := range w {
			if w[k] == a.words[k] {
				continue
			}
			if wrong++; wrong > 1 || len(w[k]) < 6 || !oneLetter(w[k], a.words[k]) {
				wrong = 2
				break
			}
		}
		if wrong == 1 {
			return a.ent
		}
	}
	return -1
}

// oneLetter reports whether two words differ by one letter: another, one more
// or one less.
func oneLetter(a, b string) bool {
	x, y := []rune(a), []rune(b)
	if len(x) > len(y) {
		x, y = y, x
	}
	if len(y)-len(x) > 1 {
		return false
	}
	k := 0
	for k < len(x) && x[k] == y[k] {
		k++
	}
	if len(x) == len(y) {
		return k < len(x) && slices.Equal(x[k+1:], y[k+1:])
	}
	return slices.Equal(x[k:], y[k+1:])
}

// names gives each span the name that it has by itself: of the list, of the
// office that it is, of the full name that a rule says it stands for.
func (r *resolver) names() {
	for i, s := range r.ss {
		if s.ent >= 0 {
			e := r.d.r.ents[s.ent]
			r.ts[i] = target{e.Name, e.Type, e.ID}
		} else {
			name := s.text
			if s.full != "" {
				name = s.full
			}
			name = cleanName(name, s.typ)
			known := false
			if r.ts[i], known = r.listedAs(name, s.typ); known {
				r.how[i] = "a list has " + name
			}
			if s.full != "" {
				r.how[i] = strings.TrimPrefix(r.how[i]+"; stands for "+s.full+s.bearers, "; ")
			}
		}
		name, how := r.d.officeName(s, r.ss)
		switch {
		case name == "-":
			r.ts[i].typ = nothing
		case name != "":
			r.ts[i], _ = r.listedAs(cleanName(name, dateline.Organization), dateline.Organization)
			r.how[i] = "whose office: " + how
		case s.ent >= r.d.r.given:
			if e := r.d.r.ents[r.d.meant(s)]; e.ID != r.ts[i].id {
				r.ts[i], r.how[i] = target{e.Name, e.Type, e.ID}, "words around it speak for that meaning (lists/ambiguous.tsv)"
			}
		}
	}
}

// initials lets an acronym without parentheses stand for the one organization
// in the article that has these initials.
func (r *resolver) initials() {
	long := map[string]map[string]target{}
	for i, s := range r.ss {
		w := tokenize(s.text)
		if s.typ != dateline.Organization || len(w) < 3 {
			continue
		}
		var caps strings.Builder
		for _, t := range w {
			if c, _ := utf8.DecodeRuneInString(t.bare); t.cap {
				caps.WriteRune(c)
			}
		}
		put(long, caps.String(), r.ts[i])
	}
	for i, s := range r.ss {
		if t, ok := one(long[s.text]); ok && s.ent < 0 && s.prio < 11 {
			r.ts[i], r.how[i] = t, "initials of "+t.name
		}
	}
}

// parts lets a first name or a surname alone stand for the one person of the
// article who bears it, and an acronym for what it was paired with.
func (r *resolver) parts() {
	byWord := map[string]map[string]target{}
	acro := map[string]target{}
	for i, s := range r.ss {
		if s.typ == dateline.Person {
			w := nameWords(foldName(r.ts[i].name))
			if len(w) > 1 && s.ent < 0 {
				put(byWord, w[0], r.ts[i])
			}
			if len(w) > 1 || s.ent >= 0 && len(w) > 0 {
				put(byWord, w[len(w)-1], r.ts[i])
			}
		}
		if s.full != "" && s.prio == 11 {
			acro[s.text] = r.ts[i]
		}
	}
	for i, s := range r.ss {
		if s.ent >= 0 {
			continue
		}
		if m := byWord[foldName(r.ts[i].name)]; s.typ == dateline.Person && len(m) > 0 {
			if t, ok := one(m); ok && t.id != r.ts[i].id {
				r.ts[i], r.how[i] = t, "a name of "+t.name+", whom alone the article names so"
			} else if len(m) > 1 {
				r.how[i] = "stays apart: " + strings.Join(namesOf(m), " and ") + " bear that name"
			}
		}
		if t, ok := acro[s.text]; ok {
			r.ts[i], r.how[i] = t, "the acronym that the article gives "+t.name
		}
	}
}

// listedSurnames gives a surname of the shipped list to whoever bears it in
// the article, when the famous bearer is never named in full.
func (r *resolver) listedSurnames() {
	named := map[string]bool{}
	others := map[string]map[string]target{}
	for i, s := range r.ss {
		if s.typ != dateline.Person {
			continue
		}
		w := nameWords(foldName(r.ts[i].name))
		if s.ent >= 0 && len(nameWords(foldName(s.text))) > 1 {
			named[r.ts[i].id] = true
		}
		if len(w) > 1 && (s.ent < 0 || named[r.ts[i].id]) {
			put(others, w[len(w)-1], r.ts[i])
		}
	}
	for i, s := range r.ss {
		if s.ent < r.d.r.given || s.typ != dateline.Person || named[r.ts[i].id] {
			continue
		}
		if t, ok := one(others[foldName(s.text)]); ok {
			r.how[i] = "the surname of " + t.name + ", whom the article names in full, and not " + r.ts[i].name
			r.ts[i] = t
		}
	}
}

// placesThatAct gives a place that is also the surname of somebody in the
// article to that person, where it speaks or acts after the full name.
func (r *resolver) placesThatAct() {
	for i, s := range r.ss {
		if s.ent < r.d.r.given || s.typ != dateline.Place || !r.d.acts(s) && !r.d.actsAbroad(s) && !r.d.r.needs(s.ent) {
			continue
		}
		k := foldName(s.text)
		for j, o := range r.ss {
			w := nameWords(foldName(o.text))
			if o.typ == dateline.Person && len(w) > 1 && w[len(w)-1] == k && (o.part < s.part || o.part == s.part && o.start < s.start) {
				r.ts[i], r.how[i] = r.ts[j], "speaks or acts, as "+r.ts[j].name+" of that surname does"
			}
		}
	}
}

// mentions settles the type of each name by a vote of its spans.
func (r *resolver) mentions() []dateline.Mention {
	votes := map[string]map[dateline.EntityType]int{}
	for i, s := range r.ss {
		k := foldName(r.ts[i].name)
		if votes[k] == nil {
			votes[k] = map[dateline.EntityType]int{}
		}
		n := 1
		if s.ent >= 0 {
			n = 1000
		} else if s.prio > 3 {
			n = 2
		}
		votes[k][r.ts[i].typ] += n
	}
	out := make([]dateline.Mention, 0, len(r.ss))
	for i, s := range r.ss {
		t := r.ts[i]
		if s.ent < 0 {
			v := votes[foldName(t.name)]
			for _, typ := range []dateline.EntityType{dateline.Person, dateline.Organization, dateline.Place} {
				if v[typ] > v[t.typ] {
					r.how[i] = strings.TrimPrefix(fmt.Sprintf("%s; a %s by most of its mentions", r.how[i], typ), "; ")
					t.typ = typ
				}
			}
		}
		if t.id == "" || t.typ == nothing {
			continue
		}
		out = append(out, dateline.Mention{
			Start: s.start, End: s.end, Type: t.typ, Text: s.text, Name: t.name, EntityID: t.id,
			InTitle: len(r.d.texts) == 2 && s.part == 0,
		})
		if r.d.explain {
			r.d.why = append(r.d.why, decision{s, r.how[i]})
		}
	}
	return out
}

// put adds a target under a key.
func put(m map[string]map[string]target, k string, t target) {
	if m[k] == nil {
		m[k] = map[string]target{}
	}
	m[k][t.id] = t
}

// one gives the only target of a set.
func one(m map[string]target) (target, bool) {
	for _, t := range m {
		return t, len(m) == 1
	}
	return target{}, false
}

func namesOf(m map[string]target) []string {
	var out []string
	for _, t := range m {
		out = append(out, t.name)
	}
	return slices.Sorted(slices.Values(out))
}

// decision is a span that became a mention, and why it has its entity.
type decision struct {
	span
	resolved string
}
