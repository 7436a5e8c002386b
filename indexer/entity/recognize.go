package entity

import (
	"cmp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"dateline"
)

// span is a mention that may be chosen.
type span struct {
	part       int // which text
	start, end int
	typ        dateline.EntityType
	text       string
	ent        int // index of a known entity, or -1
	prio       int // among equal lengths, the highest wins
	soft       bool
	full       string  // long form that an acronym stands for
	margin     float32 // how sure the tagger is, if it proposed the span
	office     *officeSpan
	rule       string // what proposed it, for Explain
	bearers    string // how it was told from others of the name, for Explain
	owned      bool   // the list says whose office it is: China's Ministry of Commerce
}

type doc struct {
	r     *Recognizer
	texts []string
	toks  [][]token
	known [][]int // per token: known span covering it + 1 (index into spans), or 0
	spans []span
	de    bool
	han   bool   // it has characters of a script without blanks
	lang  string // as given or guessed, see language
	sport bool   // the tagger takes the article for a report on sports

	explain bool // keep why
	why     []decision
	aliases [][2]string // short names that rules made, and what they are short for

	offices *[]namedOffice     // see officesNamed
	about   map[string]float32 // how often each country is named, see evidence
	lower   map[string]bool    // words in lower case, see lowered
	single  map[string]int     // capitalised words that stand alone, see alone
}

// recognize gives the mentions in the parts of an article.
func (r *Recognizer) recognize(texts []string, lang string) []dateline.Mention {
	d := &doc{r: r, texts: texts, lang: lang}
	return d.recognize()
}

func (d *doc) recognize() []dateline.Mention {
	r, given := d.r, d.lang
	for _, s := range d.texts {
		ts := tokenize(s)
		d.toks = append(d.toks, ts)
		d.known = append(d.known, make([]int, len(ts)))
		d.han = d.han || strings.ContainsFunc(s, func(c rune) bool { return c > 0x0e00 && unspaced(c) }) // none is before Thai
	}
	d.de = d.language() == "de"
	for p, ts := range d.toks {
		switch d.language() {
		case "de":
			r.genitives(ts)
		case "fr", "it", "ca":
			r.elisions(ts)
		}
		r.arabicClitics(ts)
		r.russianCases(ts)
		d.pass("a list", p, d.matchKnown)
		d.pass("a name of a list that needs its context", p, d.matchInContext)
		d.pass("a list", p, d.matchUnspaced)
		d.pass("an office that many countries have", p, d.matchOffices)
		if !d.de {
			d.pass("a listed place without capitals", p, d.lowerPlaces)
		}
	}
	d.scripts()
	for p := range d.texts {
		d.rules(p)
	}
	if !d.de && inEnglish(given, d.toks) {
		d.join(d.propose())
	}
	d.venues()
	chosen := d.again(d.shortNames(d.choose(d.spans)))
	d.joinCompany(chosen)
	return d.resolve(chosen)
}

// pass runs a rule over a part and notes on the spans that it added what they
// come from.
func (d *doc) pass(rule string, p int, f func(int)) {
	n := len(d.spans)
	f(p)
	for k := n; k < len(d.spans); k++ {
		if d.spans[k].rule == "" {
			d.spans[k].rule = rule
		}
	}
}

// scripts runs the rules for scripts without capitals, or with their own.
func (d *doc) scripts() {
	if d.han {
		d.pass("a Chinese name by its characters and the words around", 0, func(int) { d.hanNames() })
	}
	for p := range d.texts {
		switch d.language() {
		case "ru", "uk":
			d.pass("a Russian organization, by the word before its name", p, d.russianOrgs)
			d.pass("a Russian first name and a surname", p, d.russianNames)
		case "ar":
			d.pass("an Arabic word that begins an organization", p, d.arabicOrgs)
			d.pass("an Arabic title or first name", p, d.arabicNames)
		case "ja":
			d.pass("what ends or follows a run of Japanese characters", p, d.japaneseNames)
		}
	}
	d.pass("the short form of a name above", 0, func(int) { d.matchAliases() })
}

// rules runs the rules for scripts with capitals.
func (d *doc) rules(p int) {
	d.pass("the town of a dateline", p, d.datelines)
	d.pass("a Chinese surname and syllables", p, d.pinyinNames)
	d.pass("two syllables with a hyphen, a given name", p, d.hyphenated)
	d.pass("a first name, a title, or who speaks", p, d.persons)
	d.pass("a legal form of companies", p, d.legalNames)
	switch {
	case romance[d.language()]:
		d.pass("a word that begins an organization", p, d.romanceOrgs)
		d.pass("who speaks or stands beside what they are", p, d.romancePersons)
	case d.de:
		d.pass("a noun for what the person is", p, d.germanPersons)
		d.pass("a German organization by its parts", p, d.germanOrgs)
		d.pass("a word of organizations' names", p, d.orgs)
	default:
		d.pass("a word of organizations' names", p, d.orgs)
	}
	d.pass("an acronym in parentheses, or before them", p, d.bracketed)
	d.pass("an acronym that is named often or after an article", p, d.acronyms)
	if !d.de {
		d.pass("a word of places, or one before them", p, d.places)
	}
}

func (d *doc) matchKnown(p int) {
	ts := d.toks[p]
	for i := 0; i < len(ts); {
		n := 0
		for _, a := range d.r.first[ts[i].fold] {
			if len(a.words) == 1 && a.ent >= d.r.shipped && (d.de && germanNouns[a.words[0]] || alsoWords[d.language()][a.words[0]]) {
				continue
			}
			if matches(a, ts[i:]) && !d.longerName(p, i, a) {
				n = len(a.words)
				s := span{part: p, start: ts[i].start, end: ts[i+n-1].end, typ: d.r.ents[a.ent].Type, ent: a.ent, prio: 10}
				if n > 1 && (a.raw[0] == "the" || a.poss != nil && a.poss[0] && d.matchOwner(p, i)) { // must stand there, and is no part of the name
					s.start, s.owned = ts[i+1].start, a.poss != nil && a.poss[0]
				}
				if a.poss != nil && a.poss[n-1] && ts[i+n-1].poss && s.typ == dateline.Organization {
					s.end += possessiveLen(d.texts[p][s.end:]) // Moody's has its 's
				}
				if n == 1 && !a.acronym && i > 0 && !ts[i].head && s.typ != dateline.Organization {
					s.soft = true
				}
				d.spans = append(d.spans, s)
				for k := i; k < i+n; k++ {
					d.known[p][k] = len(d.spans)
				}
				break
			}
		}
		if n == 0 {
			n = d.matchLoosely(p, i)
		}
		i += max(n, 1)
	}
}

// looseWords may stand in the name of an organization where a list has none.
var looseWords = set(`of and the for at`)

// matchLoosely finds a listed organization of three words and more whose name
// the text writes with small words between: Food Standards of Australia and
// New Zealand. It gives how many tokens that are.
func (d *doc) matchLoosely(p, i int) int {
	ts := d.toks[p]
	if !ts[i].cap || ts[i].shout {
		return 0
	}
	for _, a := range d.r.first[ts[i].fold] {
		if len(a.words) < 3 {
			break // the longest come first
		}
		if d.r.ents[a.ent].Type != dateline.Organization {
			continue
		}
		j, k := i, 0
		for j < len(ts) && k < len(a.words) && j-i < len(a.words)+4 && (j == i || ts[j].glue == glueSpace && !ts[j-1].poss) {
			if ts[j].fold == a.words[k] && (ts[j].cap || !a.upperAt(k)) {
				k++
			} else if k < 2 || !looseWords[ts[j].fold] || ts[j].cap || looseWords[ts[j-1].fold] {
				break
			}
			j++
		}
		if k < len(a.words) {
			continue
		}
		d.spans = append(d.spans, span{part: p, start: ts[i].start, end: ts[j-1].end, typ: dateline.Organization, ent: a.ent, prio: 10})
		for m := i; m < j; m++ {
			d.known[p][m] = len(d.spans)
		}
		return j - i
	}
	return 0
}

// upperAt reports whether the list has a word with a capital.
func (a alias) upperAt(k int) bool {
	c, _ := utf8.DecodeRuneInString(a.raw[k])
	return unicode.IsUpper(c)
}

// matches reports whether the tokens begin with the alias.
func matches(a alias, ts []token) bool {
	if len(ts) < len(a.words) {
		return false
	}
	for k, w := range a.words {
		t := ts[k]
		if t.fold != w && t.also != w {
			return false
		}
		if k > 0 && t.glue != glueSpace && t.glue != glueHyphen && t.glue != glueComma && (a.glue == nil || t.glue != a.glue[k] || ts[k-1].end+1 != t.start) {
			return false
		}
		if k > 0 && ts[k-1].poss != (a.poss != nil && a.poss[k-1]) {
			return false
		}
		if k > 0 && t.glue == glueComma && len(a.words) < 3 && w != "dc" {
			return false
		}
		if a.acronym {
			if t.bare != a.raw[k] || (t.shout && common(w)) {
				return false
			}
			continue
		}
		f, _ := utf8.DecodeRuneInString(a.raw[k])
		if unicode.IsUpper(f) && !t.cap {
			return false
		}
		if t.upper && !t.shout && len(t.bare) <= 3 && a.raw[k] != t.bare && romanNumeral(t.bare) { // Pius XI
			return false
		}
		if unicode.IsLower(f) && t.cap && !t.upper && k == 0 && !t.begin && !t.head {
			return false
		}
	}
	return true
}

// romanNumeral reports whether a word in capitals may be a number.
func romanNumeral(w string) bool { return strings.Trim(w, "IVXLCDM") == "" }

// common words that an acronym in a line of capitals could also be.
func common(w string) bool {
	return w == "us" || w == "who" || w == "it" || w == "un" || w == "ap" || w == "la"
}

func (d *doc) matchUnspaced(p int) {
	if !d.han {
		return
	}
	s := simplify(d.texts[p])
	for i := 0; i < len(s); {
		c, n := utf8.DecodeRuneInString(s[i:])
		for _, a := range d.r.cjk[c] {
			if strings.HasPrefix(s[i:], a.text) && !(d.r.ents[a.ent].Type == dateline.Place && goesOn(s, i, a.text)) {
				n = len(a.text)
				if d.r.ents[a.ent].Type == dateline.Place {
					n += townSuffix(s[i+n:])
				}
				d.spans = append(d.spans, span{part: p, start: i, end: i + n, typ: d.r.ents[a.ent].Type, ent: a.ent, prio: 10})
				break
			}
		}
		i += n
	}
}

// townSuffixes are characters for towns and regions behind their names, and
// townWords words that begin with one and go on otherwise.
var (
	townSuffixes = runes(`市県省县府町村区`)
	townWords    = strings.Fields(`市长 市長 市場 市场 市民 市内 市区 市政 市委 市值 市议 市議 市警 市况 市価 市价 省长 省委 省级 省钱 省庁 县长 县委 区长 区長 区民 区域 区内 県警 県民 県内 県議 県知事 府警 府民 府知事 町長 町民 村長 村民`)
)

// townSuffix gives the length of such a character at the beginning of a text.
func townSuffix(s string) int {
	c, n := utf8.DecodeRuneInString(s)
	if !townSuffixes[c] || slices.ContainsFunc(townWords, func(w string) bool { return strings.HasPrefix(s, w) }) {
		return 0
	}
	return n
}

func (d *doc) add(p, i, j int, typ dateline.EntityType, prio int) {
	ts := d.toks[p]
	d.spans = append(d.spans, span{part: p, start: ts[i].start, end: ts[j-1].end, typ: typ, ent: -1, prio: prio})
}

// choose takes the longest spans first, then those with the most evidence,
// and leaves out what overlaps them.
func (d *doc) choose(in []span) []span {
	ss := make([]*span, len(in))
	for i := range in {
		ss[i] = &in[i]
	}
	slices.SortStableFunc(ss, func(a, b *span) int {
		return cmp.Or(cmp.Compare(b.end-b.start, a.end-a.start), cmp.Compare(b.prio, a.prio))
	})
	taken := make([][]bool, len(d.texts))
	for p := range taken {
		taken[p] = make([]bool, len(d.texts[p]))
	}
	out := make([]span, 0, len(ss))
	for _, s := range ss {
		if s.start >= s.end || slices.Contains(taken[s.part][s.start:s.end], true) {
			continue
		}
		for k := s.start; k < s.end; k++ {
			taken[s.part][k] = true
		}
		x := *s
		x.text = d.texts[s.part][s.start:s.end]
		out = append(out, x)
	}
	slices.SortStableFunc(out, func(a, b span) int {
		return cmp.Or(cmp.Compare(a.part, b.part), cmp.Compare(a.start, b.start))
	})
	return out
}
