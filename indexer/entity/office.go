package entity

import (
	"fmt"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"dateline"
)

// An office is what many countries have under one name: a foreign ministry, a
// congress, a labour party. Which one a text means is settled by the word of
// nationality or the country beside it, else by the country that the article
// is about.

// officeSpan is what a text calls an office.
type officeSpan struct {
	office  *office
	country string // named beside it, or empty
	how     string // what named the country
	weak    bool   // nothing unless the article speaks of the country
}

// matchOffices adds the spans of offices in a part of the text.
func (d *doc) matchOffices(p int) {
	ts := d.toks[p]
	for i := 0; i < len(ts); i++ {
		best, n := officeAlias{}, 0
		within := ""
		for _, a := range offices().first[officeWord(ts[i].fold, d.de)] {
			if len(a.words) > n && a.matches(ts[i:], d.de) {
				best, n, within = a, len(a.words), ""
			} else if i+1 < len(ts) && len(a.words) > max(n, 1) {
				// ministère égyptien de la Défense
				if c := nationality(ts[i+1 : i+2]); c != "" && a.matches(append([]token{ts[i]}, ts[i+2:min(len(ts), i+2+len(a.words))]...), d.de) {
					best, n, within = a, len(a.words)+1, c
				}
			}
		}
		if n == 0 {
			continue
		}
		from := 0
		if best.words[0] == "the" {
			from = 1
		}
		d.addOffice(p, i+from, i+n, best, within)
		i += n - 1
	}
	d.matchHanOffices(p)
}

// addOffice adds the office that tokens [i, j) name, with the country within
// or beside it.
func (d *doc) addOffice(p, i, j int, a officeAlias, within string) {
	ts := d.toks[p]
	s := span{part: p, start: ts[i].start, end: ts[j-1].end, typ: dateline.Organization, ent: -1, prio: 10}
	if st := d.region(p, i); within == "" && st < i {
		if d.de { // das niedersächsische Umweltministerium
			s.start, s.prio = ts[st].start, 7
			d.spans = append(d.spans, s)
		}
		return // of a state or a town: the other rules know it
	}
	st, en, country, how := i, j, within, "the word of nationality within it"
	if within == "" {
		st, en, country, how = d.countryBeside(p, i, j)
	}
	if country == "" && (a.beside || !a.standsAlone(ts[i:j])) || !a.office.has(country) || d.officeGoesOn(p, en) || a.beside && a.upper[0] && !ts[i].cap {
		return
	}
	if country != "" {
		s.start, s.end = ts[st].start, ts[en-1].end
	}
	s.office = &officeSpan{a.office, country, how, a.weak}
	d.spans = append(d.spans, s)
	for k := st; k < en; k++ {
		if d.known[p][k] == 0 || country != "" {
			d.known[p][k] = len(d.spans)
		}
	}
}

// region gives where the name of a state or a town, or its adjective, begins
// that stands right before an office, or the office's own token.
func (d *doc) region(p, i int) int {
	ts := d.toks[p]
	if i == 0 || ts[i].glue != glueSpace || ts[i-1].poss || nationality(ts[i-1:i]) != "" {
		return i
	}
	w := ts[i-1].fold
	if d.de {
		stem := strings.TrimRight(w, "nmrs")
		if strings.HasSuffix(stem, "ische") && len(stem) > 8 && !germanAdj[w] {
			return i - 1
		}
		return i
	}
	if n := d.known[p][i-1]; n > 0 && ts[i].cap && ts[i-1].cap && d.spans[n-1].typ == dateline.Place && d.countryAt(p, i-1) == "" && latin(ts[i].text) {
		return i - 1
	}
	return i
}

// standsAlone reports whether an office may be meant without its country
// beside it: names in capitals are so written.
func (a officeAlias) standsAlone(ts []token) bool {
	for k, t := range ts {
		if a.upper[k] && !t.cap {
			return false
		}
	}
	return !ts[0].shout
}

// smallLinks stand between an office and its country.
var smallLinks = set(`of the de du des del della dello do da der d den`)

// countryBeside gives the country that stands beside the office in tokens
// [i, j), what says so, and the tokens that both cover.
func (d *doc) countryBeside(p, i, j int) (st, en int, country, how string) {
	ts := d.toks[p]
	// A word of nationality before: the Egyptian Foreign Ministry.
	if i > 0 && (ts[i].glue == glueSpace || ts[i].glue == glueHyphen) && !ts[i-1].poss && d.language() != "ar" && !d.ofOffice(p, i-1) {
		for n := min(3, i); n > 0; n-- {
			if n > 1 && !nations().pairs[ts[i-n].fold] {
				continue
			}
			if c := nationality(ts[i-n : i]); c != "" {
				return i - n, j, c, "the word of nationality before it"
			}
		}
	}
	// Whose it is: Egypt's Foreign Ministry, Chinas Außenministerium.
	if i > 0 && ts[i].glue == glueSpace && (ts[i-1].poss || d.de && strings.HasSuffix(ts[i-1].text, "s")) {
		if c := d.countryAt(p, i-1); c != "" && (ts[i].cap || d.language() != "en") {
			return i, j, c, "the country before it"
		}
	}
	// A word of nationality, or a country, behind it.
	for n := min(3, len(ts)-j); n > 0; n-- {
		if ts[j].glue == glueSpace && !ts[j-1].poss {
			if c := nationality(ts[j : j+n]); c != "" && !english(ts[j:j+n]) {
				return i, j + n, c, "the word of nationality behind it"
			}
		}
	}
	k := j
	for k < len(ts) && k < j+2 && ts[k].glue == glueSpace && smallLinks[ts[k].fold] {
		k++
	}
	if k < len(ts) && ts[k].glue == glueSpace && !ts[j-1].poss && (ts[i].cap || k == j || !latin(ts[i].text) || d.language() != "es") && (k > j || !ts[j-1].cap || !latin(ts[k].text) || ts[k].elided) {
		if c := d.countryAt(p, k); c != "" {
			e := k + 1
			for e < len(ts) && d.known[p][e] == d.known[p][k] {
				e++
			}
			return i, e, c, "the country behind it"
		}
	}
	return i, j, "", ""
}

// ofOffice reports whether a token belongs to an office found before.
func (d *doc) ofOffice(p, k int) bool {
	n := d.known[p][k]
	return n > 0 && d.spans[n-1].office != nil
}

func latin(s string) bool {
	c, _ := utf8.DecodeRuneInString(s)
	return unicode.Is(unicode.Latin, c)
}

// english reports whether words of nationality are of English only, which has
// them before what they belong to.
func english(ts []token) bool {
	return nations().english[joinFold(ts)] && !nations().romance[joinFold(ts)]
}

func joinFold(ts []token) string {
	if len(ts) == 1 {
		return ts[0].fold
	}
	var b strings.Builder
	for k, t := range ts {
		if k > 0 {
			b.WriteByte(' ')
		}
		b.WriteString(t.fold)
	}
	return b.String()
}

// nationality gives the country that all of the words are the adjective of.
func nationality(ts []token) string {
	capital := true
	for k, t := range ts {
		if k > 0 && t.glue != glueSpace && t.glue != glueHyphen || t.poss {
			return ""
		}
		capital = capital && t.cap
	}
	k := joinFold(ts)
	c := nations().adjective[k]
	if c != "" && !capital && nations().english[k] && !nations().romance[k] {
		return "" // they, and us
	}
	return c
}

// countryAt gives the country that a known place at a token is.
func (d *doc) countryAt(p, k int) string {
	if n := d.known[p][k]; n > 0 && d.spans[n-1].ent >= 0 && d.spans[n-1].typ == dateline.Place {
		if name := d.r.ents[d.spans[n-1].ent].Name; nations().known[name] {
			return name
		}
	}
	return ""
}

// officeGoesOn reports whether the name of an office goes on behind it, so
// that it is another one: the Supreme Court of Cassation, Energía y Minas.
func (d *doc) officeGoesOn(p, k int) bool {
	ts := d.toks[p]
	if k+1 >= len(ts) || ts[k].glue != glueSpace || ts[k-1].poss {
		return false
	}
	and := ts[k].fold == "y" || ts[k].fold == "et" || ts[k].fold == "e"
	if !and && !smallLinks[ts[k].fold] && ts[k].fold != "for" && ts[k].fold != "fur" {
		return false
	}
	for k++; k+1 < len(ts) && ts[k].glue == glueSpace && smallLinks[ts[k].fold] || ts[k].fold == "la" || ts[k].fold == "los"; k++ {
		if and {
			return false
		}
	}
	return ts[k].glue == glueSpace && ts[k].cap && !(and && ts[k].elided) && d.countryAt(p, k) == "" && !(and && d.known[p][k] > 0)
}

// matchHanOffices adds the offices in scripts without blanks, with the country
// before them: 埃及外交部, エジプト外務省.
func (d *doc) matchHanOffices(p int) {
	if !d.han {
		return
	}
	s := simplify(d.texts[p])
	ends := map[int]int{} // where a country ends -> its span
	for n, x := range d.spans {
		if x.part == p && x.ent >= 0 && x.typ == dateline.Place && nations().known[d.r.ents[x.ent].Name] {
			ends[x.end] = n
		}
	}
	for i := 0; i < len(s); {
		c, n := utf8.DecodeRuneInString(s[i:])
		for _, a := range offices().han[c] {
			if !strings.HasPrefix(s[i:], a.words[0]) {
				continue
			}
			n = len(a.words[0])
			x := span{part: p, start: i, end: i + n, typ: dateline.Organization, ent: -1, prio: 10, office: &officeSpan{office: a.office}}
			if k, ok := ends[i]; ok {
				x.start = d.spans[k].start
				x.office.country, x.office.how = d.r.ents[d.spans[k].ent].Name, "the country before it"
			} else if w, size := utf8.DecodeLastRuneInString(s[:i]); nations().han[w] != "" && !inWord(s[:i-size]) {
				x.start, x.office.country, x.office.how = i-size, nations().han[w], "the country before it"
			}
			if !a.office.has(x.office.country) {
				x.start, x.office.country = i, ""
			}
			if before, _ := utf8.DecodeLastRuneInString(s[:i]); x.office.country == "" && (a.beside || d.language() == "ja" && unicode.Is(unicode.Han, before)) {
				continue // 立憲民主党
			}
			d.spans = append(d.spans, x)
			break
		}
		i += n
	}
}

// inWord reports whether a text ends in a character that may be the beginning
// of a word with the next one: 南韩 is no 韩.
func inWord(s string) bool {
	c, _ := utf8.DecodeLastRuneInString(s)
	return strings.ContainsRune("南北朝东西中前新大", c)
}

// evidence counts how often the article speaks of each country: by its name,
// its towns, its words of nationality. Headlines count twice.
func (d *doc) evidence(ss []span) map[string]float32 {
	if d.about != nil {
		return d.about
	}
	d.about = map[string]float32{}
	weight := func(part int) float32 {
		if len(d.texts) == 2 && part == 0 {
			return 2
		}
		return 1
	}
	for _, s := range ss {
		if s.office != nil && s.office.country != "" {
			d.about[s.office.country] += weight(s.part)
		} else if s.ent >= 0 && d.commonOffice(s).office == nil {
			e := d.r.ents[s.ent]
			if c := d.r.countryOf(s.ent); c != "" && e.Type == dateline.Person {
				d.about[c] += weight(s.part) / 4 // guests are named too
			} else if c != "" {
				d.about[c] += weight(s.part)
			}
		}
	}
	foreign := d.language() != "en" // whose words of nationality may be small
	for p, ts := range d.toks {
		for i := range ts {
			if !ts[i].cap && !foreign {
				continue
			}
			for n := 1; n <= 2 && i+n <= len(ts) && (n == 1 || nations().pairs[ts[i].fold]); n++ {
				if c := nationality(ts[i : i+n]); c != "" && (n > 1 || i == 0 || !nations().pairs[ts[i-1].fold] || nationality(ts[i-1:i+1]) == "") {
					d.about[c] += weight(p)
				}
			}
		}
	}
	return d.about
}

// commonOffice gives the office that a listed name is where other countries'
// offices are called so too.
func (d *doc) commonOffice(s span) officeOf {
	if s.ent >= d.r.given {
		for _, o := range offices().named[d.r.ents[s.ent].Name] {
			if o.office.called(s.text) {
				return o
			}
		}
	}
	return officeOf{}
}

// countryOf gives the country that a listed entity is, or lies in, or serves.
func (r *Recognizer) countryOf(ent int) string {
	e := r.ents[ent]
	if nations().known[e.Name] && e.Type == dateline.Place {
		return e.Name
	}
	if c := r.country[ent]; c != "" {
		return c
	}
	if o := offices().named[e.Name]; len(o) > 0 {
		return o[0].country
	}
	return ""
}

// whose gives the country whose office is meant, and why.
func (d *doc) whose(o officeSpan, s span, ss []span, dflt string) (country, how string) {
	if o.country != "" {
		return o.country, o.how
	}
	if c := o.office.only(); c != "" {
		return c, "the one country that has it"
	}
	if c := d.namedBefore(o.office, s, ss); c != "" {
		return c, "the country that was named with it before"
	}
	home := homes[d.language()]
	best, most := "", float32(0)
	scores := d.evidence(ss)
	for _, c := range o.office.alone(scores, home, dflt) {
		v := scores[c]
		if len(home) > 0 && !slices.Contains(home, c) {
			v /= 8
		}
		if c == dflt && len(home) == 0 {
			v += 1.5
		} else if c == dflt || dflt == "" && len(home) > 0 && c == home[0] {
			v += 0.5
		}
		if v > most {
			best, most = c, v
		}
	}
	switch {
	case best == "":
		return "", ""
	case scores[best] > 0:
		return best, "the country that the article is about"
	}
	return best, "the country that has it if none is named"
}

// namedOffice is an office that the article names with its country, or an
// organization that no list has.
type namedOffice struct {
	part, start int
	office      *office
	country     string
	text        string
}

// officesNamed gives those of the article, in its order.
func (d *doc) officesNamed(ss []span) []namedOffice {
	if d.offices != nil {
		return *d.offices
	}
	out := []namedOffice{}
	for _, x := range ss {
		n := namedOffice{part: x.part, start: x.start}
		switch {
		case x.office != nil && x.office.country != "":
			n.office, n.country = x.office.office, x.office.country
			out = append(out, n)
		case x.owned:
			for _, o := range offices().named[d.r.ents[x.ent].Name] {
				n.office, n.country = o.office, o.country
				out = append(out, n)
			}
		case x.typ == dateline.Organization && x.ent < 0 && x.office == nil:
			n.text = x.text
			out = append(out, n)
		}
	}
	d.offices = &out
	return out
}

// namedBefore gives the country beside which the article named the same
// office last before a span.
func (d *doc) namedBefore(o *office, s span, ss []span) string {
	out := ""
	for _, n := range d.officesNamed(ss) {
		if n.part > s.part || n.part == s.part && n.start >= s.start {
			break
		}
		if n.office == o {
			out = n.country
		}
	}
	return out
}

// homes are the countries whose offices a text in a language means by
// themselves; the first where it names none.
var homes = map[string][]string{
	"de": {"Germany", "Austria", "Switzerland", "Luxembourg"},
	"fr": {"France", "Belgium", "Switzerland", "Quebec", "Canada", "Senegal", "Mali", "Ivory Coast", "Burkina Faso", "Cameroon", "Morocco", "Algeria", "Tunisia", "Haiti", "Luxembourg"},
	"es": {
		"Spain", "Mexico", "Argentina", "Chile", "Colombia", "Peru", "Venezuela", "Ecuador", "Bolivia", "Uruguay", "Paraguay", "Cuba",
		"Guatemala", "Honduras", "El Salvador", "Nicaragua", "Costa Rica", "Panama", "Dominican Republic",
	},
	"ja": {"Japan"}, "ru": {"Russia", "Belarus", "Kazakhstan"}, "it": {"Italy", "Switzerland"}, "pt": {"Brazil", "Portugal", "Angola", "Mozambique"},
	"zh": {"China", "Taiwan", "Hong Kong", "Singapore", "Malaysia"}, "ko": {"South Korea"}, "nl": {"Netherlands", "Belgium"},
	"en": {},
}

// officeName gives the canonical name of the office that a span means, "-"
// where it is no entity at all, or nothing where it is no office. A listed name that other countries' offices
// bear too is one: Congress.
func (d *doc) officeName(s span, ss []span) (name, how string) {
	o, dflt := officeSpan{}, ""
	if s.owned {
		return "", ""
	} else if s.office != nil {
		o = *s.office
	} else if s.ent >= 0 && s.typ == dateline.Organization {
		c := d.commonOffice(s)
		o.office, dflt = c.office, c.country
	}
	if o.office == nil {
		return "", ""
	}
	if o.country == "" {
		if name := d.longer(s, ss); name != "" {
			return name, "the one with these words that the article named before"
		}
	}
	country, how := d.whose(o, s, ss, dflt)
	if o.weak && d.evidence(ss)[country] == 0 {
		return "-", "the article speaks of no country that has it"
	}
	if country == dflt && dflt != "" {
		return "", ""
	}
	if d.explain {
		how = fmt.Sprintf("%s, %s (lists/offices.tsv:%d)", country, how, o.office.line)
	}
	return o.office.name(country), how
}

// longer gives the one organization that the article named before with the
// office's words and more: the Italian Supreme Court of Cassation, then the
// Supreme Court.
func (d *doc) longer(s span, ss []span) string {
	out := ""
	k := " " + foldName(s.text) + " "
	for _, x := range d.officesNamed(ss) {
		if x.part > s.part || x.part == s.part && x.start >= s.start {
			break
		}
		if len(x.text) <= len(s.text) || !strings.Contains(" "+foldName(x.text)+" ", k) {
			continue
		}
		if out != "" && out != x.text {
			return ""
		}
		out = x.text
	}
	return out
}

// called reports whether texts of any country call the office so.
func (o *office) called(text string) bool {
	ts := tokenize(text)
	if len(ts) == 0 {
		c, _ := utf8.DecodeRuneInString(simplify(text))
		return slices.ContainsFunc(offices().han[c], func(a officeAlias) bool { return a.office == o && a.words[0] == simplify(text) })
	}
	same := func(ts []token) bool {
		return slices.ContainsFunc(offices().first[ts[0].fold], func(a officeAlias) bool {
			return a.office == o && len(a.words) == len(ts) && a.matches(ts, false)
		})
	}
	return same(ts) || same(tokenize("the "+text)) // the Treasury
}
