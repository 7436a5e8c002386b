package entity

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"dateline"
)

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
		if !orgTok(t) || (i > 0 && t.glue == glueSpace && orgTok(ts[i-1]) && !ts[i-1].poss && !titles[ts[i-1].fold] && !(d.de && germanRole(ts[i-1].fold))) {
			continue
		}
		if d.de && germanRole(t.fold) {
			continue // Zulieferer Brandstätter
		}
		if foreignHead[t.fold] && t.cap && !t.head && i+1 < len(ts) && ts[i+1].glue == glueSpace && (ts[i+1].cap || smallLinks[ts[i+1].fold]) && !d.de {
			if j := d.romanceEnd(p, i); j-i > 1 && hasCap(ts[i+1:j]) { // a Spanish name
				d.add(p, i, j, dateline.Organization, 7)
				i = j - 1
				continue
			}
		}
		if titles[t.fold] && !orgTail[t.fold] && t.fold != "general" && t.fold != "chief" {
			continue
		}
		// A team named after its country: Team Estonia.
		if t.fold == "team" && t.cap && !t.head && i+1 < len(ts) && ts[i+1].glue == glueSpace && !t.poss && d.known[p][i+1] > 0 && d.isPlace(p, i+1, i+2) {
			d.add(p, i, i+2, dateline.Organization, 7)
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
			// The Communications Authority of Kenya and the Workers' Party of
			// Brazil are whole with their country, a university without.
			if hasOf(ts[lastTail:j]) && (d.known[p][j-1] == 0 || !academy[ts[lastTail].fold]) {
				end = j
			}
		}
		if end < 0 || end-i < 2 {
			continue
		}
		if t.begin && t.fold != "the" && stop[t.fold] && !orgAdj[t.fold] {
			continue
		}
		end = d.withoutCountry(p, i, end)
		d.add(p, i, end, dateline.Organization, 7)
		i = end - 1
	}
}

// acronyms finds acronyms that stand alone.
func (d *doc) acronyms(p int) {
	ts := d.toks[p]
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

// notStation are words before a station that is no stop of trains or buses.
var notStation = set(`space police fire power radio tv television gas petrol weather polling research pumping filling broadcasting base charging play work work-`)

// stationEnd gives where the name of a station that begins at a token ends, or
// 0: words with capitals, acronyms among them, and "Station" with one.
func (d *doc) stationEnd(p, i int) int {
	ts := d.toks[p]
	for j := i + 1; j < len(ts) && j-i < 6 && ts[j].glue == glueSpace && ts[j].cap && !ts[j-1].poss && !ts[j].head; j++ {
		if ts[j].fold == "station" && !notStation[ts[j-1].fold] && !stop[ts[i].fold] && (j+1 == len(ts) || !ts[j+1].cap || ts[j+1].glue != glueSpace) {
			return j + 1
		}
	}
	return 0
}

func (d *doc) places(p int) {
	ts := d.toks[p]
	for i := 0; i < len(ts); i++ {
		t := ts[i]
		if t.cap && !t.shout && (i == 0 || t.glue != glueSpace || !ts[i-1].cap || ts[i-1].begin) {
			// A railway station: NTU Hospital Station.
			if e := d.stationEnd(p, i); e > 0 {
				d.add(p, i, e, dateline.Place, 8)
				i = e - 1
				continue
			}
		}
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
		case j-i >= 2 && (placeTail[tail] || placeHead[t.fold] && !t.begin && !(t.fold == "state" && i > 0 && ts[i-1].fold == "of")):
			d.add(p, i, j, dateline.Place, 5)
		case placeOf[t.fold] && j-i == 1 && j+1 < len(ts) && ts[j].fold == "of" && nameTok(ts[j+1]) && t.fold != "city" && t.fold != "state":
			d.add(p, i, j+2, dateline.Place, 5)
		case i > 0 && placeBefore[ts[i-1].fold] && t.glue == glueSpace && j-i <= 3 && !t.upper && !orgTail[tail] && !notPlace[t.fold] && !titles[t.fold] && !isFirstName(t.fold) && d.known[p][i] == 0 && !t.poss && !ts[j-1].poss &&
			(j == len(ts) || ts[j].glue != glueSpace || !orgTail[ts[j].fold]):
			prio := 1
			d.add(p, i, j, dateline.Place, prio)
		case j < len(ts) && ts[j].glue == glueComma && d.known[p][j] > 0 && d.spans[d.known[p][j]-1].typ == dateline.Place && j-i <= 2 && !t.begin && d.known[p][i] == 0 && !orgTail[tail] && !titles[t.fold] && !t.upper && !isFirstName(t.fold):
			d.add(p, i, j, dateline.Place, 1)
		}
		i = j - 1
	}
}
