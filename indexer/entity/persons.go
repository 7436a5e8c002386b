package entity

import (
	"strings"
	"unicode/utf8"

	"dateline"
)

// nameTok reports whether a token can be part of a name.
func nameTok(t token) bool {
	return t.cap && !stop[t.fold] && !t.digit && (!t.upper || t.shout || utf8.RuneCountInString(t.bare) > 3 || strings.Contains(t.text, "."))
}

func isInitial(t token) bool { return t.cap && utf8.RuneCountInString(t.bare) == 1 }

// maxPersonWords bounds a person's name with its initials and particles.
const maxPersonWords = 12

// personEnd gives where a person's name that begins at i ends.
func (d *doc) personEnd(p, i int) int {
	ts := d.toks[p]
	j := i
	names := 0
	for j < len(ts) && names < 4 && j-i < maxPersonWords {
		t := ts[j]
		if j > i && (t.glue != glueSpace && t.glue != glueHyphen || ts[j-1].poss) {
			break
		}
		if k := d.known[p][j]; k > 0 && j > i {
			e := d.spans[k-1]
			given := names >= 2 && isFirstName(ts[i].fold) && !t.upper && e.start == t.start && e.end == t.end // Tarek William Saab
			if (e.typ == dateline.Organization || e.start < t.start) && !given {
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
		if isFirstName(t.fold) && t.cap && (i == 0 || !ts[i-1].cap || stop[ts[i-1].fold] || titles[ts[i-1].fold] || t.glue == glueBreak || t.glue == glueComma || d.known[p][i-1] > 0 || d.de && !isFirstName(ts[i-1].fold)) { // German nouns have capitals
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
		alone := n <= 3 && (!t.begin || isFirstName(t.fold)) && (i == 0 || ts[i-1].fold != "the") && d.alone(ts[j-1].fold) && d.known[p][j-1] == 0
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
