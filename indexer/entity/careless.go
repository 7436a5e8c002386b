package entity

import (
	"strings"

	"dateline"
)

// Mails, posts and comments are often written without capitals: the places of
// the lists are known in them all the same.

// careless reports whether a text was written without care for capitals: its
// author is "i", or a quarter of its sentences begin with a small letter.
func careless(ts []token) bool {
	begins, small := 0, 0
	for i, t := range ts {
		if t.text == "i" && (i+1 == len(ts) || ts[i+1].glue == glueSpace) && (i == 0 || ts[i-1].text != "i") {
			return true
		}
		if t.begin && !t.digit {
			begins++
			if !t.cap {
				small++
			}
		}
	}
	return small > 0 && small*4 >= begins
}

// minSmall is how many letters a name has at least that is known without
// capitals; shorter ones are often other words.
const minSmall = 5

// lowerPlaces finds places whose names are written without capitals.
func (d *doc) lowerPlaces(p int) {
	ts := d.toks[p]
	if !careless(ts) {
		return
	}
	for i := 0; i < len(ts); i++ {
		if ts[i].cap || d.known[p][i] > 0 || i > 0 && ts[i].glue != glueSpace && ts[i].glue != glueComma && !ts[i].begin {
			continue // nor parts of addresses in the web
		}
		for _, a := range d.r.first[ts[i].fold] {
			n := len(a.words)
			e := d.r.ents[a.ent]
			if e.Type != dateline.Place || a.acronym || i+n > len(ts) || !strings.EqualFold(e.Name, strings.Join(a.raw, " ")) || len(e.Name) < minSmall || n == 1 && (otherWord[a.words[0]] || isFirstName(a.words[0]) && !(i > 0 && placeBefore[ts[i-1].fold])) {
				continue
			}
			whole := true
			for k := range n {
				whole = whole && ts[i+k].fold == a.words[k] && !ts[i+k].cap && (k == 0 || ts[i+k].glue == glueSpace)
			}
			if !whole || i+n < len(ts) && ts[i+n].glue == glueHyphen {
				continue
			}
			d.spans = append(d.spans, span{part: p, start: ts[i].start, end: ts[i+n-1].end, typ: dateline.Place, ent: a.ent, prio: 10})
			for k := i; k < i+n; k++ {
				d.known[p][k] = len(d.spans)
			}
			i += n - 1
			break
		}
	}
}

// otherWord are names of places that are words of other meanings without a
// capital.
var otherWord = set(`turkey china jersey commonwealth queens jordan cologne buffalo phoenix perm guinea panama chihuahua chile cali nice bath reading mobile
 riverside anchorage florence split cork bury deal sale wells hull derby tours angers essen halle champagne bologna limerick java lander tyre salem
 concord independence normal enterprise eureka mission orange delta centre center union liberty hope bend bloomington rugby battle stone sandy plano
 lagos surprise wiggles gary barking dover dorking tooting crewe ascot afton paradise moscato tripoli fontana marina garland lodi pasco temple auburn
 olive richmond irving mesquite pearl rocklin camel trinity valence hamburger frankfurter sardinia ghent poplar troy vernal whiting wheeling island`)
