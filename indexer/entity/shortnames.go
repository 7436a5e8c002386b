package entity

import (
	"slices"
	"unicode/utf8"

	"dateline"
)

// companyTail are words, beside legal forms, that an article leaves out when
// it names a company again: Wernlau Pharmaceuticals, Wernlau.
var companyTail = set(`group motors technologies technology pharmaceuticals pharma therapeutics biosciences biotech airlines airways energy foods
 mills media systems securities capital partners industries steel telecom telecommunications resources mining oil gas power petroleum chemicals
 electronics entertainment financial insurance investments bancorp bancshares brands stores electric semiconductor software studios pictures
 healthcare medical laboratories labs logistics properties realty bank beverages`)

// maxHead is how many words the short name of a company has at most.
const maxHead = 2

// shortNames finds companies that are named again without the words that only
// say what sort of a company it is, and settles what such a name is.
func (d *doc) shortNames(chosen []span) []span {
	long := map[string]span{} // first folded words -> the full name
	heads := map[string]int{} // the same -> number of words
	for _, s := range chosen {
		if s.typ != dateline.Organization {
			continue
		}
		k := d.tokenAt(s.part, s.start)
		ts := d.toks[s.part][k:max(k, d.tokenAt(s.part, s.end))]
		n := len(ts)
		for n > 0 && (companyTail[ts[n-1].fold] || legalForm[ts[n-1].fold]) {
			n--
		}
		next := k + n // the legal form may stand behind the mention
		if n == len(ts) && (next >= len(d.toks[s.part]) || !d.toks[s.part][next].cap || !legalForm[d.toks[s.part][next].fold]) {
			continue
		}
		if n < 1 || n > maxHead || !d.headOfName(s.part, k, n) {
			continue
		}
		key := headKey(ts[:n])
		if _, ok := long[key]; !ok {
			long[key], heads[ts[0].fold] = s, max(heads[ts[0].fold], n)
		}
	}
	if len(long) == 0 {
		return chosen
	}
	out := slices.Clone(chosen)
	for p, ts := range d.toks {
		for i := 0; i < len(ts); i++ {
			for n := min(heads[ts[i].fold], len(ts)-i); n > 0; n-- {
				s, ok := long[headKey(ts[i:i+n])]
				if !ok || !d.standsAlone(p, i, n) {
					continue
				}
				out = d.asShortName(out, span{part: p, start: ts[i].start, end: ts[i+n-1].end, typ: dateline.Organization, ent: -1, prio: 3, full: s.text, rule: "the short name of an organization named in full"})
				i += n - 1
				break
			}
		}
	}
	slices.SortStableFunc(out, func(a, b span) int {
		if a.part != b.part {
			return a.part - b.part
		}
		return a.start - b.start
	})
	return out
}

func headKey(ts []token) string {
	key := ""
	for _, t := range ts {
		key += t.fold + " "
	}
	return key
}

// headOfName reports whether n tokens can be a company's name alone.
func (d *doc) headOfName(p, k, n int) bool {
	for j, t := range d.toks[p][k : k+n] {
		if !nameTok(t) || t.head || t.shout || titles[t.fold] || orgHead[t.fold] || orgTail[t.fold] || d.lowered(t.fold) || d.known[p][k+j] > 0 {
			return false
		}
	}
	return n > 1 || utf8.RuneCountInString(d.toks[p][k].bare) > 3
}

// standsAlone reports whether n tokens are no part of a longer name.
func (d *doc) standsAlone(p, i, n int) bool {
	ts := d.toks[p]
	for _, t := range ts[i : i+n] {
		if !t.cap || t.poss && t.start != ts[i+n-1].start {
			return false
		}
	}
	if i > 0 && ts[i].glue <= glueHyphen && ts[i].glue != glueBreak && ts[i-1].cap && !ts[i-1].poss && !stop[ts[i-1].fold] && !ts[i].begin {
		return false
	}
	return i+n == len(ts) || ts[i+n-1].poss || ts[i+n].glue != glueSpace && ts[i+n].glue != glueHyphen || !ts[i+n].cap
}

// asShortName adds a mention, or takes the place of one that has the same
// words and was guessed to be something else.
func (d *doc) asShortName(ss []span, s span) []span {
	s.text = d.texts[s.part][s.start:s.end]
	for i, o := range ss {
		if o.part != s.part || o.end <= s.start || o.start >= s.end {
			continue
		}
		if o.start == s.start && o.end == s.end && o.ent < 0 && o.full == "" {
			ss[i] = s
		}
		return ss
	}
	return append(ss, s)
}
