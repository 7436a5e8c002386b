package entity

import "dateline"

// months as datelines have them, folded.
var months = set(`january february march april may june july august september october november december
 jan feb mar apr jun jul aug sep sept oct nov dec`)

// maxTown is how many words the town of a dateline has at most.
const maxTown = 4

// datelines finds the town with which a report begins: a line that starts with
// up to four words in capitals and goes on with an agency in parentheses, a
// dash, a date, or a comma and another place. QUILLHAVEN, Estonia (Reuters) -
func (d *doc) datelines(p int) {
	ts, text := d.toks[p], d.texts[p]
	for i := 0; i < len(ts); i++ {
		if !ts[i].line || ts[i].shout {
			continue
		}
		// Towns of one report are parted by slashes.
		for n := 0; n < 3; n++ {
			j := i
			for j < len(ts) && j-i < maxTown && ts[j].upper && !ts[j].digit && (j == i || ts[j].glue == glueSpace || ts[j].glue == glueHyphen) {
				j++
			}
			if j == i || j >= len(ts) {
				break
			}
			slash := text[ts[j-1].end:ts[j].start] == "/"
			if !slash && !d.ofDateline(p, j) {
				break
			}
			if d.known[p][i] == 0 && len(ts[i].bare) > 2 {
				d.add(p, i, j, dateline.Place, prioDateline)
			}
			if !slash {
				break
			}
			i = j
		}
	}
}

// prioDateline is above the tagger's: nothing else stands there.
const prioDateline = 11

// ofDateline reports whether what begins at token j goes on from a town.
func (d *doc) ofDateline(p, j int) bool {
	ts, text := d.toks[p], d.texts[p]
	gap := text[ts[j-1].end:ts[j].start]
	switch {
	case ts[j].line:
		return false
	case ts[j].glue == glueParen:
		k := j
		for k < len(ts) && k-j < 3 && (k == j || ts[k].glue == glueSpace) {
			k++
		}
		return ts[j].cap && k < len(ts) && closes(text[ts[k-1].end:ts[k].start])
	case ts[j].glue == glueComma:
		return months[ts[j].fold] || d.known[p][j] > 0 && d.spans[d.known[p][j]-1].typ == dateline.Place
	}
	return gap == " - " || gap == " -- " || gap == " — " || gap == " – " || gap == "—" || gap == " | "
}

// closes reports whether a gap closes a parenthesis and has a dash.
func closes(gap string) bool {
	return len(gap) > 2 && gap[0] == ')' && (gap[1] == ' ' || gap[1] == '-') && (gap[2] == '-' || gap[2] >= 0x80)
}
