package entity

import (
	"strings"
	"sync"

	"dateline"
)

// meaning is one thing that an ambiguous name of the lists can mean.
type meaning struct {
	name string          // of the entity
	cues map[string]bool // folded words that speak for it
}

// ambiguous gives the rarer meanings of names, by folded name.
var ambiguous = sync.OnceValue(func() map[string][]meaning {
	out := map[string][]meaning{}
	for f := range listLines("lists/ambiguous.tsv") {
		f = append(f, "", "")
		m := meaning{f[1], map[string]bool{}}
		for c := range strings.SplitSeq(f[2], "|") {
			m.cues[fold(c)] = true
		}
		out[fold(f[0])] = append(out[fold(f[0])], m)
	}
	return out
})

// meant gives the entity that a mention of a listed name means: the usual one,
// unless the words of its sentence speak for another.
func (d *doc) meant(s span) int {
	ms := ambiguous()[foldName(s.text)]
	if len(ms) == 0 {
		return s.ent
	}
	ts := d.toks[s.part]
	k := d.tokenAt(s.part, s.start)
	best, most := s.ent, 0
	for _, m := range ms {
		n := 0
		for _, step := range []int{-1, 1} {
			for j := k + step; j >= 0 && j < len(ts) && j-k < 25 && k-j < 25; j += step {
				if edge := max(j, j-step); edge < len(ts) && ts[edge].begin && (ts[edge].line || endsSentence(d.texts[s.part], ts[edge].start)) {
					break
				}
				if m.cues[ts[j].fold] {
					n++
				}
			}
		}
		if n > most {
			for _, e := range d.r.names[foldName(m.name)] {
				if d.r.ents[e].Name == m.name {
					best, most = e, n
				}
			}
		}
	}
	return best
}

// endsSentence reports whether a sentence ends before an offset.
func endsSentence(s string, at int) bool {
	return strings.ContainsAny(strings.TrimRight(s[max(0, at-3):at], " \"“”'"), ".!?")
}

// headlines takes back what a rule took for a person's name in a headline in
// title case, where a known name and a verb stand beside each other: Jordan
// Hosts Talks. Whoever is named so in the text below remains.
func (d *doc) headlines(ss []span) {
	for i := range ss {
		s := &ss[i]
		if s.ent >= 0 || s.typ != dateline.Person || s.full != "" {
			continue
		}
		ts := d.toks[s.part]
		k := d.tokenAt(s.part, s.start)
		if k+1 >= len(ts) || !ts[k].head || ts[k+1].end != s.end || d.below(s.text) {
			continue
		}
		for _, a := range d.r.first[ts[k].fold] {
			if len(a.words) == 1 && matches(a, ts[k:]) {
				s.end, s.ent, s.typ = ts[k].end, a.ent, d.r.ents[a.ent].Type
				s.text = d.texts[s.part][s.start:s.end]
				break
			}
		}
	}
}

// below reports whether a name also stands in a line that is no headline.
func (d *doc) below(name string) bool {
	for p, text := range d.texts {
		for at := 0; ; {
			i := strings.Index(text[at:], name)
			if i < 0 {
				break
			}
			if k := d.tokenAt(p, at+i); k < len(d.toks[p]) && !d.toks[p][k].head {
				return true
			}
			at += i + len(name)
		}
	}
	return false
}
