package entity

import (
	"cmp"
	"slices"
	"strings"
	"unicode/utf8"

	"dateline"
	"dateline/indexer/entity/tagger"
)

// The tagger proposes names; lists and rules keep what they are sure of. This
// file is where they meet.

// entityType gives the type that a name of the tagger has here. Names of
// events, products and peoples are nothing: they keep others from being
// chosen there.
func entityType(t tagger.Type) dateline.EntityType {
	switch t {
	case tagger.Person:
		return dateline.Person
	case tagger.Organization:
		return dateline.Organization
	case tagger.Place:
		return dateline.Place
	}
	return nothing
}

// Function words by which a text's language is guessed where none is given.
var (
	englishWords = set(`the of and in to a is was for that on with he it as by at from has have been said will be are not`)
	foreignWords = set(`der die das und ist nicht mit auf von den im ein eine el los las una y que en por para del con le les des du et est une dans pour
 sur il che di non per della het een van niet os uma com para na em och det som att og til`)
)

// inEnglish reports whether the tagger, which knows English only, has a say.
func inEnglish(lang string, toks [][]token) bool {
	if lang != "" {
		return lang == "en"
	}
	here, there := 0, 0
	for _, ts := range toks {
		for _, t := range ts {
			if t.cap {
				continue
			}
			if englishWords[t.fold] {
				here++
			} else if foreignWords[t.fold] {
				there++
			}
		}
	}
	return here >= there
}

// proposal is a span of the tagger.
type proposal struct {
	span
	id    int // its place among those that are joined
	words []token
}

// propose asks the tagger, and settles what it says differently of the same
// name within the article; some of it is doubtful.
func (d *doc) propose() (sure, weak []proposal) {
	var out []proposal
	for p, spans := range tagger.Default().Tag(d.texts...) {
		ts := d.toks[p]
		k := 0
		for _, s := range spans {
			for k < len(ts) && ts[k].end <= s.Start {
				k++
			}
			j := k
			for j < len(ts) && ts[j].start < s.End {
				j++
			}
			d.sport = s.Sport
			out = append(out, d.trim(p, k, j, entityType(s.Type), s.Margin)...)
		}
	}
	return d.settle(out)
}

// maxNameWords is how many words the longest name has that is believed.
const maxNameWords = 20

// trim makes proposals of tokens [i, j), without what is no part of a name
// at its ends, and two where "and" joins two organizations.
func (d *doc) trim(p, i, j int, typ dateline.EntityType, margin float32) []proposal {
	if j-i > maxNameWords {
		return nil
	}
	ts := d.toks[p]
	for k := i + 1; k < j; k++ {
		if gap := d.texts[p][ts[k-1].end:ts[k].start]; strings.Contains(gap, "/") || ts[k].glue == glueBreak && (strings.HasPrefix(gap, ". ") || dash[gap] || gap == " - " && apart(ts, i, k, typ)) { // Twitter / NASA
			return append(d.trim(p, i, k, typ, margin), d.trim(p, k, j, typ, margin)...)
		}
	}
	for typ == dateline.Person && i < j && d.known[p][i] > 0 && d.spans[d.known[p][i]-1].start < ts[i].start {
		i++ // of the University of Texas Arlington Mira Ostrander
	}
	for i < j && (!ts[i].cap && !ts[i].digit || i+1 < j && ts[i].begin && typ == dateline.Person && (stop[ts[i].fold] || opening[ts[i].fold])) {
		i++ // publication Freedom Magazine; Later Ostrander left
	}
	for i < j && (ts[i].fold == "the" || (typ == dateline.Person || j-i > 2 && hasWord(ts[i+1:min(i+3, j)], "of")) && titles[ts[i].fold] && !orgHead[ts[i].fold]) {
		i++ // Chairman of the
		for i < j && (ts[i].fold == "of" || ts[i].fold == "the") {
			i++
		}
	}
	// Rima Haddad of the Velmora Bank is a person, and another name behind it.
	for k := i + 1; k < j-1; k++ {
		if ts[k].fold == "of" && !d.anyOrg(p, i, k) && (typ == dateline.Person || typ == dateline.Organization && k-i > 1 && (d.knownAt(p, k+1) || k-i == 2 && margin < 20 && d.isPlace(p, k+1, j))) {
			return append(d.trim(p, i, k, dateline.Person, margin), d.trim(p, k+1, j, dateline.Organization, margin)...)
		}
	}
	if typ == dateline.Person && j-i > 1 && foreignHead[ts[i].fold] {
		typ = dateline.Organization // Banque Ostrander
	}
	if typ == dateline.Organization {
		// The head of the Refugee Council Mira Ostrander; Group B Velmora.
		if k := d.personBehind(p, i, j); k > 0 {
			return append(d.trim(p, i, k, typ, margin), d.trim(p, k, j, dateline.Person, margin)...)
		}
		if j-i > 2 && ts[i].fold == "group" && utf8.RuneCountInString(ts[i+1].bare) == 1 {
			return d.trim(p, i+2, j, typ, margin)
		}
	}
	if (typ == dateline.Organization || typ == dateline.Person) && j-i > 1 && venue[ts[j-1].fold] && !ts[j-1].poss {
		typ = dateline.Place // Quillhaven Cricket Ground
	}
	if (typ == dateline.Organization || typ == nothing) && j-i > 1 && j-i < 4 && (honorific[ts[i].fold] || ts[i].fold == "professor" || ts[i].fold == "doctor") && !d.anyOrg(p, i, j) && nameTok(ts[i+1]) {
		return d.trim(p, i+1, j, dateline.Person, margin) // Professor Eastman
	}
	for i < j-1 && ts[i].digit && !ts[i].cap && ordinal(ts[i].fold) {
		i++ // 22nd Velmora Expo
	}
	for j > i && (!ts[j-1].cap && !ts[j-1].digit && ts[j-1].glue != glueHyphen || typ == dateline.Organization && d.titleEnds(p, j)) {
		j-- // Velmora Treasury Secretary Mira Ostrander
	}
	if typ == dateline.Organization && j-i == 1 && j < len(ts) && titles[ts[j].fold] && ts[j].cap && (d.known[p][i] > 0 || ts[i].upper) {
		return nil // LA Sheriff's office: the lists know the place
	}
	if typ == dateline.Person {
		for j < len(ts) && j > i && ts[j].glue == glueHyphen && !ts[j-1].poss {
			j++ // Hau Lung-bin
		}
	}
	if i >= j {
		return nil
	}
	if typ == dateline.Organization && !ts[j-1].poss && j < len(ts) && ts[j].glue == glueSpace && ts[j].cap && eventTail[ts[j].fold] {
		j++ // FIFA World Cup
	}
	if k := d.placeThenPerson(p, i, j); k > 0 && typ != nothing {
		return d.trim(p, k, j, dateline.Person, margin)
	}
	if typ == dateline.Organization {
		for k := i + 2; k < j-2; k++ {
			if ts[k].fold == "and" && orgWord(ts[i:k]) && newOrg(ts[k+1:j]) {
				return append(d.trim(p, i, k, typ, margin), d.trim(p, k+1, j, typ, margin)...)
			}
		}
		j = d.withoutCountry(p, i, j)
		j = d.andBeforeAcronym(p, i, j)
	}
	switch {
	case typ == dateline.Organization && (utf8.RuneCountInString(ts[j-1].bare) == 1 || j-i > 1 && ts[j-2].fold == "space" && craft[ts[j-1].fold]): // Group G, a space station
		typ = nothing
	case typ == dateline.Organization && j-i == 1 && d.known[p][i] == 0 && endsInDigit(ts[i].bare): // IE6
		typ = nothing
	case typ == dateline.Person && ts[j-1].digit, ship[ts[i].fold]: // Luna-25, USS Velmora
		typ = nothing
	case typ != dateline.Person && slices.ContainsFunc(ts[i:j], func(t token) bool { return event[t.fold] }):
		typ = nothing
	case typ == dateline.Organization && (eventTail[ts[j-1].fold] || j < len(ts) && ts[j].glue == glueSpace && event[ts[j].fold] || eventHead[ts[i].fold] && j-i > 1):
		typ = nothing
	case j-i == 1 && typ != nothing && (!d.nameAlone(ts[i], typ) || typ == dateline.Organization && ts[i].shout):
		return nil
	}
	x := proposal{words: ts[i:j], span: span{part: p, start: ts[i].start, end: ts[j-1].end, typ: typ, ent: -1, prio: prioTagger, margin: margin}}
	if typ == dateline.Organization && j-i > 1 && j < len(ts) && ts[j].glue == glueParen && ts[j].upper && abbreviates(ts[j].fold, fold(d.texts[p][x.start:x.end])) {
		x.margin = max(x.margin, 2*least[typ]) // who has an acronym exists
	}
	return []proposal{x}
}

// apart reports whether a hyphen between blanks parts tokens i to k from what
// follows; texts that were cut into words have Al - Qaeda and Saskatoon - Biggar.
func apart(ts []token, i, k int, typ dateline.EntityType) bool {
	last := ts[k-1]
	return last.digit || last.upper && len(last.bare) > 2 && !ts[k].upper || typ == dateline.Person && k-i > 1 && !particles[last.fold]
}

// titleEnds reports whether the last word before token j is a title, not part
// of a name as it is in The Harbour Reporter: a name follows it, or what it has.
func (d *doc) titleEnds(p, j int) bool {
	ts := d.toks[p]
	t := ts[j-1]
	return titles[t.fold] && !orgTail[t.fold] && (t.poss || j < len(ts) && ts[j].glue == glueSpace && ts[j].cap)
}

// placeThenPerson gives where a person's name begins that stands right behind
// a listed place: the ambassador to the United States Mira Ostrander.
func (d *doc) placeThenPerson(p, i, j int) int {
	n := d.known[p][i]
	if n == 0 || d.spans[n-1].typ != dateline.Place {
		return 0
	}
	k := i
	for k < j && d.known[p][k] == n {
		k++
	}
	if j-k != 2 || k-i < 2 || d.anyOrg(p, k, j) || d.known[p][k] > 0 || d.known[p][k+1] > 0 || !nameTok(d.toks[p][k]) || !nameTok(d.toks[p][k+1]) {
		return 0
	}
	return k
}

// personBehind gives where a person's name begins that stands right behind an
// organization's: two words, the first a first name, behind a word that ends
// names of organizations.
func (d *doc) personBehind(p, i, j int) int {
	ts, k := d.toks[p], j-2
	if k < i+2 || !orgTail[ts[k-1].fold] || ts[k-1].poss || !isFirstName(ts[k].fold) || !nameTok(ts[k]) || !nameTok(ts[k+1]) || d.anyOrg(p, k, j) || notName[ts[k].fold] || notName[ts[k+1].fold] || d.known[p][k+1] > 0 {
		return 0
	}
	return k
}

// withoutCountry leaves out the country behind a whole name of a university:
// Velmora State University of the US.
func (d *doc) withoutCountry(p, i, j int) int {
	ts := d.toks[p]
	for k := i + 2; k < j-1; k++ {
		if (ts[k].fold == "of" || ts[k].fold == "in") && academy[ts[k-1].fold] {
			m := k + 1
			if ts[m].fold == "the" && m+1 < j {
				m++
			}
			if d.isPlace(p, m, j) {
				return k
			}
		}
	}
	return j
}

var academy = set(`university college institute academy`)

// andBeforeAcronym lets a name go on over "and" where an acronym in
// parentheses follows: Union of Bakers and Millers (UBM).
func (d *doc) andBeforeAcronym(p, i, j int) int {
	ts := d.toks[p]
	if j+1 < len(ts) && (ts[j].fold == "and" || ts[j].text == "&") && ts[j+1].cap {
		for k := j + 2; k < len(ts) && k < j+5; k++ {
			if ts[k].glue == glueParen && ts[k].upper && abbreviates(ts[k].fold, fold(d.texts[p][ts[i].start:ts[k-1].end])) {
				return k
			}
			if !ts[k].cap || ts[k].glue != glueSpace {
				break
			}
		}
	}
	return j
}

// endsInDigit reports whether a word of letters has a number behind them, as
// products and models have.
func endsInDigit(w string) bool {
	return len(w) > 1 && w[len(w)-1] >= '0' && w[len(w)-1] <= '9' && (w[0] < '0' || w[0] > '9')
}

// nameAlone reports whether a word can be a name without others.
func (d *doc) nameAlone(t token, typ dateline.EntityType) bool {
	if stop[t.fold] || titles[t.fold] || notAcronym[t.fold] || eventTail[t.fold] || utf8.RuneCountInString(t.bare) < 2 {
		return false
	}
	if withArticle[t.fold] {
		return false
	}
	return typ != dateline.Organization || t.upper || !orgHead[t.fold] && !orgTail[t.fold] && !d.lowered(t.fold)
}

// opening are words that open a sentence before a name.
var opening = set(`later earlier once soon recently elsewhere perhaps maybe only like unlike said former inside outside behind beside enter exit`)

// withArticle are words that name an organization only behind an article; the
// lists have them so.
var withArticle = set(`treasury fed senate house pentagon kremlin potus flotus`)

// ordinal reports whether a word is a number with an ordinal's ending.
func ordinal(w string) bool {
	n := strings.TrimLeft(w, "0123456789")
	return n != w && (n == "st" || n == "nd" || n == "rd" || n == "th")
}

// lowered reports whether the article also has a word in lower case.
func (d *doc) lowered(w string) bool {
	if d.lower == nil {
		d.lower = map[string]bool{}
		for _, ts := range d.toks {
			for _, t := range ts {
				if !t.cap {
					d.lower[t.fold] = true
				}
			}
		}
	}
	return d.lower[w]
}

// Words that end, or begin, names of what is no organization.
var (
	eventTail = set(`festival fair championship championships cup study act expo games prize award awards olympics marathon tour treaty accord accords
 agreement war wars battle revolution protocol declaration report survey initiative plan day week month race rally trophy conference summit talks bill law code
 edition series show magazine's manifesto amendment constitution`)
	ship      = set(`uss hms hmcs hmas usns hmc`)
	venue     = set(`stadium oval ground speedway circuit racecourse velodrome ballpark raceway airport`)
	dash      = map[string]bool{" -- ": true, " – ": true, " — ": true}
	craft     = set(`station shuttle telescope probe`)
	event     = set(`festival expo championship championships olympics study survey`)
	eventHead = set(`operation hurricane typhoon cyclone storm tropical super project`)
)

const prioTagger = 9

// listed reports whether a list has exactly the words of a proposal, as a name
// of this type.
func (d *doc) listed(p proposal, typ dateline.EntityType) bool {
	k := d.tokenAt(p.part, p.start)
	if k >= len(d.toks[p.part]) || d.known[p.part][k] == 0 {
		return false
	}
	s := d.spans[d.known[p.part][k]-1]
	return s.typ == typ && s.start == p.start && s.end == p.end
}

// holdsListed reports whether a proposal is longer than a listed name that it
// holds.
func (d *doc) holdsListed(p proposal) bool {
	k := d.tokenAt(p.part, p.start)
	for range p.words {
		if k < len(d.toks[p.part]) && d.known[p.part][k] > 0 {
			s := d.spans[d.known[p.part][k]-1]
			return p.start <= s.start && s.end <= p.end && s.end-s.start < p.end-p.start
		}
		k++
	}
	return false
}

// join puts the tagger's proposals and the spans of lists and rules together:
// where they overlap, one of them is left out.
// Weak proposals only speak for rules that are weak themselves.
func (d *doc) join(ps, weak []proposal) {
	ps = d.withoutParts(append(ps, d.longerOrgs(weak)...))
	slices.SortStableFunc(ps, func(a, b proposal) int { return cmp.Or(cmp.Compare(a.part, b.part), cmp.Compare(a.start, b.start)) })
	for i := range ps {
		ps[i].id = i
	}
	byPart, weakIn := d.parted(ps), d.parted(weak)
	lost := make([]bool, len(ps))
	kept := make([]span, 0, len(d.spans)+len(ps))
	for _, s := range d.spans {
		over := overlapping(byPart[s.part], s)
		win := len(over) > 0 || s.prio >= prioSure || slices.ContainsFunc(overlapping(weakIn[s.part], s), func(p proposal) bool { return p.typ == s.typ })
		for _, p := range over {
			win = win && !d.beats(p, s)
		}
		if !win {
			continue
		}
		kept = append(kept, s)
		for _, p := range over {
			lost[p.id] = true
		}
	}
	for i := range ps {
		if !lost[i] {
			kept = append(kept, ps[i].span)
		}
	}
	d.spans = kept
}

// longerOrgs gives the weak proposals of organizations that only let a name
// begin before a rule that found it too: Harbour Watch Society of Velmora.
func (d *doc) longerOrgs(weak []proposal) []proposal {
	var out []proposal
	for _, p := range weak {
		if p.typ == dateline.Organization && !hasWord(p.words, "and") && slices.ContainsFunc(d.spans, func(s span) bool {
			return s.typ == p.typ && s.prio == 7 && s.part == p.part && s.end == p.end && s.start > p.start
		}) {
			out = append(out, p)
		}
	}
	return out
}

// parted gives the proposals, which are in the order of the text, by parts.
func (d *doc) parted(ps []proposal) [][]proposal {
	out := make([][]proposal, len(d.texts))
	for i := 0; i < len(ps); {
		j := i + 1
		for j < len(ps) && ps[j].part == ps[i].part {
			j++
		}
		out[ps[i].part] = ps[i:j]
		i = j
	}
	return out
}

// prioSure is the priority from which a rule stands without the tagger.
const prioSure = 6

// withoutParts leaves out words that are the surname, or the first name, of a
// person that the article names in full: the search for what is named again
// knows whose they are.
func (d *doc) withoutParts(ps []proposal) []proposal {
	part := map[string]bool{}
	note := func(ts []token) {
		if n := len(ts); n > 1 {
			part[ts[0].fold], part[ts[n-1].fold] = true, true
		}
	}
	for _, p := range ps {
		if p.typ == dateline.Person {
			note(p.words)
		}
	}
	for _, s := range d.spans {
		if s.typ == dateline.Person && s.prio >= prioSure {
			k := d.tokenAt(s.part, s.start)
			note(d.toks[s.part][k:max(k, d.tokenAt(s.part, s.end))])
		}
	}
	return slices.DeleteFunc(ps, func(p proposal) bool {
		return p.typ == dateline.Person && len(p.words) == 1 && part[p.words[0].fold]
	})
}

func overlapping(ps []proposal, s span) []proposal {
	i, _ := slices.BinarySearchFunc(ps, s.start, func(p proposal, at int) int {
		if p.end <= at {
			return -1
		}
		return 1
	})
	j := i
	for j < len(ps) && ps[j].start < s.end {
		j++
	}
	return ps[i:j]
}

// beats reports whether a proposal wins over a span of a list or a rule that
// it overlaps.
func (d *doc) beats(p proposal, s span) bool {
	longer := p.end-p.start > s.end-s.start
	inside := p.start <= s.start && s.end <= p.end
	switch {
	case s.prio == 11 || s.prio == 8: // a name with its acronym
		return false
	case s.prio == 10: // a list
		if s.typ == dateline.Place && p.typ == dateline.Organization && s.start == p.start && s.end == p.end {
			return p.margin > d.teamMargin()
		}
		return longer && inside && p.margin > longMargin && !d.joins(p, s)
	case s.prio >= prioSure && s.start <= p.start && p.end <= s.end && s.end-s.start > p.end-p.start:
		if p.typ == s.typ && s.start == p.start && p.margin > 30 {
			return !d.goesOn(s.part, p.end)
		}
		return p.typ != s.typ && !(s.typ == dateline.Organization && p.typ == dateline.Place)
	case s.prio >= 4 && s.typ == dateline.Person && s.start == p.start && s.end == p.end:
		if p.typ == nothing {
			return p.margin > 60
		}
		// The long list of first names has words of all sorts.
		return p.margin > 20 && !(s.prio >= prioSure && firstNames[p.words[0].fold])
	}
	return true
}

// goesOn reports whether a name may go on behind an offset: with "of" or "for".
func (d *doc) goesOn(p, at int) bool {
	k := d.tokenAt(p, at)
	return k < len(d.toks[p]) && (d.toks[p][k].fold == "of" || d.toks[p][k].fold == "for")
}

// joins reports whether a proposal holds a listed name that stands in it for
// itself: beside an "and" or an "of", or before a verb in a headline.
func (d *doc) joins(p proposal, s span) bool {
	if s.typ == dateline.Person && s.start == p.start && p.words[0].head {
		return !d.below(d.texts[p.part][p.start:p.end])
	}
	if s.typ == dateline.Place {
		return false
	}
	for _, t := range p.words {
		if (t.start < s.start || t.start >= s.end) && (t.fold == "of" || t.fold == "and") {
			return true
		}
	}
	return false
}
