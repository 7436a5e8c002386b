package entity

import (
	"slices"
	"sort"
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
	full       string // long form that an acronym stands for
}

type doc struct {
	r     *Recognizer
	texts []string
	toks  [][]token
	known [][]int // per token: known span covering it + 1 (index into spans), or 0
	spans []span
	de    bool

	single map[string]int // capitalised words that stand alone, see alone
}

func (r *Recognizer) recognize(texts []string, lang string) []dateline.Mention {
	d := &doc{r: r, texts: texts, de: lang == "de"}
	for p, s := range texts {
		ts := tokenize(s)
		d.toks = append(d.toks, ts)
		d.known = append(d.known, make([]int, len(ts)))
		if lang == "" && german(ts) {
			d.de = true
		}
		d.matchKnown(p)
		d.matchUnspaced(p)
	}
	for p := range texts {
		d.persons(p)
		d.orgs(p)
		if !d.de {
			d.places(p)
		}
	}
	chosen := d.choose(d.spans)
	chosen = d.again(chosen)
	return d.resolve(chosen)
}

// german guesses from function words whether nouns are capitalised.
func german(ts []token) bool {
	n := 0
	for _, t := range ts {
		switch t.fold {
		case "und", "der", "das", "ist", "nicht", "mit", "fur", "auf", "von", "dem", "den":
			n++
		}
	}
	return n >= 2 && n*12 >= len(ts)
}

func (d *doc) matchKnown(p int) {
	ts := d.toks[p]
	for i := 0; i < len(ts); {
		n := 0
		for _, a := range d.r.first[ts[i].fold] {
			if d.de && len(a.words) == 1 && a.ent >= d.r.given && germanNouns[a.words[0]] {
				continue
			}
			if matches(a, ts[i:]) {
				n = len(a.words)
				s := span{part: p, start: ts[i].start, end: ts[i+n-1].end, typ: d.r.ents[a.ent].Type, ent: a.ent, prio: 10}
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
		i += max(n, 1)
	}
}

// matches reports whether the tokens begin with the alias.
func matches(a alias, ts []token) bool {
	if len(ts) < len(a.words) {
		return false
	}
	for k, w := range a.words {
		t := ts[k]
		if t.fold != w {
			return false
		}
		if k > 0 && t.glue != glueSpace && t.glue != glueHyphen && t.glue != glueComma {
			return false
		}
		if k > 0 && ts[k-1].poss != a.poss[k-1] {
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
		if unicode.IsLower(f) && t.cap && !t.upper && k == 0 && !t.begin && !t.head {
			return false
		}
	}
	return true
}

// common words that an acronym in a line of capitals could also be.
func common(w string) bool {
	return w == "us" || w == "who" || w == "it" || w == "un" || w == "ap" || w == "la"
}

func (d *doc) matchUnspaced(p int) {
	s := d.texts[p]
	for i := 0; i < len(s); {
		c, n := utf8.DecodeRuneInString(s[i:])
		for _, a := range d.r.cjk[c] {
			if strings.HasPrefix(s[i:], a.text) {
				n = len(a.text)
				d.spans = append(d.spans, span{part: p, start: i, end: i + n, typ: d.r.ents[a.ent].Type, ent: a.ent, prio: 10})
				break
			}
		}
		i += n
	}
}

// nameTok reports whether a token can be part of a name.
func nameTok(t token) bool {
	return t.cap && !stop[t.fold] && !t.digit && (!t.upper || t.shout || utf8.RuneCountInString(t.bare) > 3 || strings.Contains(t.text, "."))
}

func isInitial(t token) bool { return t.cap && utf8.RuneCountInString(t.bare) == 1 }

func (d *doc) add(p, i, j int, typ dateline.EntityType, prio int) {
	ts := d.toks[p]
	d.spans = append(d.spans, span{part: p, start: ts[i].start, end: ts[j-1].end, typ: typ, ent: -1, prio: prio})
}

// personEnd gives where a person's name that begins at i ends.
func (d *doc) personEnd(p, i int) int {
	ts := d.toks[p]
	j := i
	names := 0
	for j < len(ts) && names < 4 {
		t := ts[j]
		if j > i && (t.glue != glueSpace && t.glue != glueHyphen || ts[j-1].poss) {
			break
		}
		if k := d.known[p][j]; k > 0 && j > i {
			if e := d.spans[k-1]; e.typ == dateline.Organization || e.start < t.start {
				break
			}
		}
		if isInitial(t) && j > i {
			j++
			continue
		}
		if particles[t.fold] && j > i && j+1 < len(ts) && ts[j+1].glue <= glueHyphen && ts[j+1].glue != glueBreak && nameTok(ts[j+1]) {
			j++
			continue
		}
		if !nameTok(t) || notName[t.fold] || (j > i && (orgTail[t.fold] || titles[t.fold] || sayVerbs[t.fold])) {
			break
		}
		if t.head && names >= 2 {
			break
		}
		names++
		j++
	}
	for j > i && (isInitial(ts[j-1]) || particles[ts[j-1].fold]) {
		j--
	}
	return j
}

func (d *doc) persons(p int) {
	ts := d.toks[p]
	for i := 0; i < len(ts); i++ {
		t := ts[i]
		// First [M.] Last.
		if firstNames[t.fold] && t.cap && (i == 0 || !ts[i-1].cap || stop[ts[i-1].fold] || titles[ts[i-1].fold] || t.glue == glueBreak || t.glue == glueComma || d.known[p][i-1] > 0) {
			if j := d.personEnd(p, i); j-i >= 2 && !d.isPlace(p, i, j) {
				d.add(p, i, j, dateline.Person, 6)
				i = j - 1
				continue
			}
		}
		// A title before the name.
		if titles[t.fold] && i+1 < len(ts) && ts[i+1].glue == glueSpace && !t.poss && ts[i+1].cap && !titles[ts[i+1].fold] && d.known[p][i] == 0 {
			j := d.personEnd(p, i+1)
			if n := j - i - 1; n >= 1 && !(t.head && !honorific[t.fold]) && !d.isKnown(p, i+1, j) && !(j < len(ts) && ts[j].glue == glueSpace && orgTail[ts[j].fold] && ts[j].cap) &&
				(n >= 2 || (honorific[t.fold] && t.cap)) {
				d.add(p, i+1, j, dateline.Person, 5)
				i = j - 1
				continue
			}
		}
		if !nameTok(t) || t.head || t.shout || d.de || titles[t.fold] || (i > 0 && t.glue == glueSpace && nameTok(ts[i-1]) && !notName[ts[i-1].fold] && !titles[ts[i-1].fold]) {
			continue
		}
		// X said; said X; X, 45, ...; X (born ...
		j := d.personEnd(p, i)
		n := j - i
		if n < 2 || n > 4 || d.isKnown(p, i, j) || d.anyOrg(p, i, j) {
			continue
		}
		said := j < len(ts) && sayVerbs[ts[j].fold] && ts[j].glue == glueSpace ||
			i > 0 && sayVerbs[ts[i-1].fold] && (t.glue == glueSpace)
		aged := j+1 < len(ts) && ts[j].glue == glueComma && ts[j].digit && len(ts[j].text) == 2 && ts[j+1].glue == glueComma
		who := j < len(ts) && ts[j].glue == glueComma && (ts[j].fold == "who" || ts[j].fold == "whose")
		mid := false
		for k := i + 1; k < j-1; k++ {
			mid = mid || isInitial(ts[k])
		}
		// The last word alone elsewhere in the article.
		alone := n <= 3 && (!t.begin || firstNames[t.fold]) && (i == 0 || ts[i-1].fold != "the") && d.alone(ts[j-1].fold) && d.known[p][j-1] == 0
		if said || aged || mid || who || alone {
			d.add(p, i, j, dateline.Person, 4)
			i = j - 1
		}
	}
}

// alone reports whether a capitalised word also stands as a surname would:
// without a capitalised neighbour and without an article before it.
func (d *doc) alone(w string) bool {
	if d.single == nil {
		d.single = map[string]int{}
		for _, ts := range d.toks {
			for i, t := range ts {
				if !nameTok(t) || t.head || t.shout || i > 0 && t.glue <= glueHyphen && t.glue != glueBreak && (ts[i-1].cap && !stop[ts[i-1].fold] || ts[i-1].fold == "the" || ts[i-1].fold == "of" || placeBefore[ts[i-1].fold]) {
					continue
				}
				if i+1 < len(ts) && ts[i+1].cap && ts[i+1].glue == glueSpace {
					continue
				}
				v := 1
				if i+1 < len(ts) && (sayVerbs[ts[i+1].fold] || personVerbs[ts[i+1].fold]) && ts[i+1].glue == glueSpace || t.poss {
					v = 2
				}
				d.single[t.fold] += v
			}
		}
	}
	return d.single[w] >= 2
}

// isKnown reports whether a known place or organization covers the first token.
func (d *doc) isKnown(p, i, j int) bool {
	for k := i; k < j; k++ {
		if n := d.known[p][k]; n > 0 && d.spans[n-1].typ != dateline.Person && k == i {
			return true
		}
	}
	return false
}

// isPlace reports whether known places cover all of the tokens.
func (d *doc) isPlace(p, i, j int) bool {
	n := d.known[p][i]
	return n > 0 && d.spans[n-1].end >= d.toks[p][j-1].end
}

func (d *doc) anyOrg(p, i, j int) bool {
	for _, t := range d.toks[p][i:j] {
		if orgTail[t.fold] || orgHead[t.fold] || placeTail[t.fold] {
			return true
		}
	}
	return false
}

func orgTok(t token) bool {
	return t.cap && !t.digit && (!stop[t.fold] || orgAdj[t.fold])
}

// orgAdj are stop words that still may begin an organization's name.
var orgAdj = set(`english chinese american british french german russian japanese indian spanish italian european african asian western eastern northern
 southern muslim islamic arab republican democratic israeli palestinian iranian turkish korean australian canadian mexican brazilian dutch swiss
 swedish polish greek latin olympic world north south east west new national christian jewish catholic`)

func (d *doc) orgs(p int) {
	ts := d.toks[p]
	for i := 0; i < len(ts); i++ {
		t := ts[i]
		if !orgTok(t) || (i > 0 && t.glue == glueSpace && orgTok(ts[i-1]) && !ts[i-1].poss && !titles[ts[i-1].fold]) {
			continue
		}
		if titles[t.fold] && !orgTail[t.fold] && t.fold != "general" && t.fold != "chief" {
			continue
		}
		// The run of capitalised words, with joiners inside.
		j := i + 1
		lastTail := -1
		if orgTail[t.fold] {
			lastTail = i
		}
		for j < len(ts) && j-i < 10 && !ts[j-1].poss {
			if ts[j].glue != glueSpace && ts[j].glue != glueHyphen {
				break
			}
			if orgTok(ts[j]) && !titles[ts[j].fold] || ts[j].text == "&" || ts[j].glue == glueHyphen && orgTok(ts[j-1]) {
				if orgTail[ts[j].fold] {
					lastTail = j
				}
				j++
				continue
			}
			f := ts[j].fold
			head := orgHead[ts[j-1].fold] || orgTail[ts[j-1].fold]
			if (f == "of" && orgWord(ts[i:j]) && !hasWord(ts[i:j], "of") || f == "for" && head || f == "and" && j-i >= 2 && hasOf(ts[i:j]) && andHead[t.fold] && !d.knownAt(p, j+1) && !newOrg(ts[j+1:])) && j+1 < len(ts) && ts[j+1].glue == glueSpace && !t.head {
				if orgTok(ts[j+1]) && (f != "and" || orgTail[ts[j+1].fold] || len(ts) > j+2) && !titles[ts[j+1].fold] {
					j++
					continue
				}
				if ts[j+1].fold == "the" && f != "and" && j+2 < len(ts) && orgTok(ts[j+2]) {
					j += 2
					continue
				}
			}
			break
		}
		for j-1 > i && !orgTok(ts[j-1]) && (ts[j-1].glue != glueHyphen || ts[j-1].text == "&") {
			j--
		}
		if t.shout {
			continue
		}
		// Acronym in parentheses after the name.
		if j < len(ts) && ts[j].glue == glueParen && ts[j].upper && j-i >= 2 && initials(ts[i:j], ts[j].bare) {
			d.add(p, i, j, dateline.Organization, 8)
			d.spans = append(d.spans, span{
				part: p, start: ts[j].start, end: ts[j].end, typ: dateline.Organization, ent: -1, prio: 11,
				full: d.texts[p][ts[i].start:ts[j-1].end],
			})
			i = j
			continue
		}
		end := -1
		if (orgHead[t.fold] || i+1 < j && orgHead[ts[i+1].fold] || i+2 < j && orgHead[ts[i+2].fold]) && hasOf(ts[i:j]) {
			end = j
		} else if lastTail > i && !t.head {
			end = lastTail + 1
			if hasOf(ts[lastTail:j]) && d.known[p][j-1] == 0 {
				end = j
			}
		}
		if end < 0 || end-i < 2 {
			continue
		}
		if t.begin && t.fold != "the" && stop[t.fold] && !orgAdj[t.fold] {
			continue
		}
		d.add(p, i, end, dateline.Organization, 7)
		i = end - 1
	}
	// Acronyms that stand alone.
	seen := map[string]int{}
	for _, ts := range d.toks {
		for _, t := range ts {
			if t.upper && !t.shout {
				seen[t.bare]++
			}
		}
	}
	for i, t := range ts {
		if n := len(t.bare); t.upper && !t.shout && n >= 3 && n <= 6 && !notAcronym[t.fold] && !stop[t.fold] && (i > 0 && ts[i-1].fold == "the" || seen[t.bare] >= 2) && letters(t.bare) {
			if (i+1 == len(ts) || !ts[i+1].cap || ts[i+1].glue != glueSpace) && (i == 0 || !nameTok(ts[i-1]) || t.glue != glueSpace) {
				d.add(p, i, i+1, dateline.Organization, 2)
			}
		}
	}
}

func letters(s string) bool {
	for _, c := range s {
		if !unicode.IsLetter(c) {
			return false
		}
	}
	return true
}

// knownAt reports whether a known organization or person begins at a token.
func (d *doc) knownAt(p, i int) bool {
	return i < len(d.toks[p]) && d.known[p][i] > 0 && d.spans[d.known[p][i]-1].typ != dateline.Place
}

// orgWord reports whether a word of the organization lexicon is among the words.
func orgWord(ts []token) bool {
	for _, t := range ts {
		if orgHead[t.fold] || orgTail[t.fold] {
			return true
		}
	}
	return false
}

// newOrg reports whether the words begin with another organization's name.
func newOrg(ts []token) bool {
	for i, t := range ts {
		if i > 4 || i > 0 && t.glue != glueSpace || !orgTok(t) && t.fold != "the" {
			return false
		}
		switch t.fold {
		case "university", "institute", "bank", "council", "college", "ministry", "department", "agency", "party", "committee":
			return true
		}
	}
	return false
}

func hasWord(ts []token, w string) bool {
	for _, t := range ts {
		if t.fold == w {
			return true
		}
	}
	return false
}

func hasOf(ts []token) bool {
	for _, t := range ts {
		if t.fold == "of" || t.fold == "for" {
			return true
		}
	}
	return false
}

// initials reports whether an acronym is made of the words' first letters.
func initials(ts []token, ac string) bool {
	var all, caps strings.Builder
	for _, t := range ts {
		c, _ := utf8.DecodeRuneInString(t.bare)
		all.WriteRune(unicode.ToUpper(c))
		if t.cap {
			caps.WriteRune(c)
		}
	}
	return ac == all.String() || ac == caps.String()
}

func (d *doc) places(p int) {
	ts := d.toks[p]
	for i := 0; i < len(ts); i++ {
		t := ts[i]
		if !nameTok(t) || t.head || t.shout || (i > 0 && t.glue == glueSpace && ts[i-1].cap && !stop[ts[i-1].fold]) {
			continue
		}
		j := i + 1
		for j < len(ts) && j-i < 5 && !ts[j-1].poss && (ts[j].glue == glueSpace || ts[j].glue == glueHyphen) && nameTok(ts[j]) {
			j++
		}
		if d.known[p][i] > 0 && d.isPlace(p, i, j) {
			continue
		}
		tail := ts[j-1].fold
		switch {
		case j-i >= 2 && (placeTail[tail] || placeHead[t.fold] && !t.begin):
			d.add(p, i, j, dateline.Place, 5)
		case placeOf[t.fold] && j-i == 1 && j+1 < len(ts) && ts[j].fold == "of" && nameTok(ts[j+1]) && t.fold != "city" && t.fold != "state":
			d.add(p, i, j+2, dateline.Place, 5)
		case i > 0 && placeBefore[ts[i-1].fold] && t.glue == glueSpace && j-i <= 3 && !t.upper && !orgTail[tail] && !notPlace[t.fold] && !titles[t.fold] && !firstNames[t.fold] && d.known[p][i] == 0 && !t.poss && !ts[j-1].poss &&
			(j == len(ts) || ts[j].glue != glueSpace || !orgTail[ts[j].fold]):
			prio := 1
			d.add(p, i, j, dateline.Place, prio)
		case j < len(ts) && ts[j].glue == glueComma && d.known[p][j] > 0 && d.spans[d.known[p][j]-1].typ == dateline.Place && j-i <= 2 && !t.begin && d.known[p][i] == 0 && !orgTail[tail] && !titles[t.fold] && !t.upper && !firstNames[t.fold]:
			d.add(p, i, j, dateline.Place, 1)
		}
		i = j - 1
	}
}

// choose takes the longest spans first, then those with the most evidence,
// and leaves out what overlaps them.
func (d *doc) choose(in []span) []span {
	ss := slices.Clone(in)
	sort.SliceStable(ss, func(a, b int) bool {
		la, lb := ss[a].end-ss[a].start, ss[b].end-ss[b].start
		if la != lb {
			return la > lb
		}
		return ss[a].prio > ss[b].prio
	})
	taken := make([][]bool, len(d.texts))
	for p := range taken {
		taken[p] = make([]bool, len(d.texts[p]))
	}
	var out []span
	for _, s := range ss {
		if s.start >= s.end || slices.Contains(taken[s.part][s.start:s.end], true) {
			continue
		}
		for k := s.start; k < s.end; k++ {
			taken[s.part][k] = true
		}
		s.text = d.texts[s.part][s.start:s.end]
		out = append(out, s)
	}
	sort.SliceStable(out, func(a, b int) bool {
		if out[a].part != out[b].part {
			return out[a].part < out[b].part
		}
		return out[a].start < out[b].start
	})
	return out
}

// again looks for the names found so far wherever else they stand: names in
// headlines, surnames and first names alone.
func (d *doc) again(found []span) []span {
	lex := &Recognizer{first: map[string][]alias{}, cjk: map[rune][]runeAlias{}, names: map[string][]int{}}
	part := map[string]map[string]bool{} // single name -> full names
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
		if s.ent < 0 {
			n = addName(s.text, s.typ)
		}
		if s.typ != dateline.Person {
			continue
		}
		ts := tokenize(s.text)
		if len(ts) < 2 {
			continue
		}
		for k, t := range ts {
			if k != 0 && k != len(ts)-1 || utf8.RuneCountInString(t.bare) < 3 || stop[t.fold] {
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
		}
	}
	for w, fulls := range part {
		if len(fulls) == 1 {
			n := surname[w]
			c, size := utf8.DecodeRuneInString(w)
			lex.add(string(unicode.ToUpper(c))+w[size:], n)
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
				if n == 1 && i > 0 && !ts[i].begin && ts[i].glue == glueSpace && nameTok(ts[i-1]) && !titles[ts[i-1].fold] && !ts[i].head && !ts[i-1].poss && !ts[i-1].begin {
					break // a longer name that is not known
				}
				all = append(all, span{part: p, start: st, end: en, typ: lex.ents[a.ent].Type, ent: -1, prio: 3, full: lex.ents[a.ent].Name})
				break
			}
			i += max(n, 1)
		}
	}
	return d.choose(all)
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
		for _, n := range d.r.names[foldName(name)] {
			if e := d.r.ents[n]; e.Type == s.typ {
				return target{e.Name, e.Type, e.ID}
			}
		}
		return target{name, s.typ, dateline.Slug(name)}
	}
	byWord := map[string]map[string]target{}
	acro := map[string]target{}
	votes := map[string]map[dateline.EntityType]int{}
	ts := make([]target, len(ss))
	for i, s := range ss {
		ts[i] = canon(s)
		if s.ent < 0 && s.typ == dateline.Person {
			if w := strings.Fields(foldName(ts[i].name)); len(w) > 1 {
				for _, k := range []string{w[0], w[len(w)-1]} {
					if byWord[k] == nil {
						byWord[k] = map[string]target{}
					}
					byWord[k][ts[i].id] = ts[i]
				}
			}
		} else if s.typ == dateline.Person {
			w := strings.Fields(foldName(ts[i].name))
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
		w := strings.Fields(foldName(s.text))
		if s.ent >= 0 && len(w) > 1 {
			named[ts[i].id] = true
		} else if w := strings.Fields(foldName(ts[i].name)); s.ent < 0 && len(w) > 1 {
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
		if t.id == "" {
			continue
		}
		out = append(out, dateline.Mention{
			Start: s.start, End: s.end, Type: t.typ, Text: s.text, Name: t.name, EntityID: t.id,
			InTitle: len(d.texts) == 2 && s.part == 0,
		})
	}
	return out
}

// cleanName makes a surface form a canonical name: single spaces, no company
// suffix.
func cleanName(s string, typ dateline.EntityType) string {
	w := strings.Fields(s)
	if typ == dateline.Organization && len(w) > 1 && suffixCompany[fold(w[len(w)-1])] {
		w = w[:len(w)-1]
	}
	return strings.TrimRight(strings.Join(w, " "), ",")
}
