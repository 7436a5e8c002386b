package entity

import (
	"strings"

	"dateline"
)

// townBefore are words before a town in the languages here.
var townBefore = set(`in near from outside around aus nach bei nahe a en desde hacia cerca di da em para depuis vers pres в во из под около`)

// matchInContext finds what the lists have with the letters T and W where the
// words around say that it is a town or an organization: in Zwickau; Bothell,
// Washington; shares of Target; Gap Inc.
func (d *doc) matchInContext(p int) {
	ts := d.toks[p]
	for i := range ts {
		if d.known[p][i] > 0 || !ts[i].cap && !ts[i].digit {
			continue
		}
		for _, a := range d.r.inContext[ts[i].fold] {
			j := i + len(a.words)
			if !matches(a, ts[i:]) || d.de && strings.ContainsAny(ts[i].text, "äöüÄÖÜ") && !strings.ContainsAny(a.raw[0], "äöüÄÖÜ") { // Länder is not Lander
				continue
			}
			e := d.r.ents[a.ent]
			if e.Type == dateline.Place && d.isTown(p, i, j) || e.Type == dateline.Organization && d.isCompany(p, i, j) {
				d.spans = append(d.spans, span{part: p, start: ts[i].start, end: ts[j-1].end, typ: e.Type, ent: a.ent, prio: 10})
				for k := i; k < j; k++ {
					d.known[p][k] = len(d.spans)
				}
				break
			}
		}
	}
}

// isTown reports whether the words around tokens [i, j) say that they are a
// town: a preposition before them, or its country or region behind.
func (d *doc) isTown(p, i, j int) bool {
	ts := d.toks[p]
	if ts[j-1].poss && !d.de || ts[i].shout || ts[i].head && i > 0 && !townBefore[ts[i-1].fold] {
		return false
	}
	if j < len(ts) && ts[j].glue <= glueHyphen && ts[j].glue != glueBreak && ts[j].cap && !d.de {
		return false // a longer name
	}
	before := i > 0 && ts[i].glue == glueSpace && townBefore[ts[i-1].fold] && (!ts[i-1].cap || ts[i-1].begin)
	if romance[d.language()] && i > 1 && (ts[i-1].fold == "de" || ts[i-1].fold == "di") && ts[i].glue == glueSpace && !ts[i-2].cap && ts[i-1].glue == glueSpace {
		before = true // el alcalde de Figueres
	}
	after := j < len(ts) && ts[j].glue == glueComma && d.countryAt(p, j) != "" && !ts[i].begin
	return before || after
}

// Words around a company whose name is a word.
var (
	companyBefore = set(`company maker giant retailer carrier airline bank brand chain startup firm group insurer broadcaster newspaper magazine journal weekly daily site website platform owner rival operator supplier
 manufacturer automaker carmaker chipmaker utility developer publisher miner lender journal party conglomerate drugmaker zeitschrift magazin konzern unternehmen firma hersteller zeitung partei revista diario empresa
 compania cadena periodico partido magazine revue journal entreprise societe groupe constructeur parti quotidien hebdomadaire компания журнал газета`)
	companyBeforeOf = set(`shares stock shareholders investors ceo chief executives employees subsidiary unit owner parent customers spokesman spokeswoman spokesperson founder chairman stake takeover acquisition bid`)
	companyAfter    = set(`shares stock stores ceo chief executive executives employees shareholders investors spokesman spokeswoman spokesperson customers reported announced said says acquired sued plc inc corp ltd corporation
 holdings founder chairman boss aktien aktie chef group bought filed unveiled`)
)

// isCompany reports whether the words around tokens [i, j), which are also
// words of a language or somebody's name, say that they are an organization.
func (d *doc) isCompany(p, i, j int) bool {
	ts := d.toks[p]
	if ts[i].shout || ts[i].head || j < len(ts) && ts[j].glue == glueHyphen || i > 0 && ts[i].glue == glueSpace && ts[i-1].cap && !ts[i-1].begin && !companyBefore[ts[i-1].fold] {
		return false
	}
	whole := strings.Join(foldsOf(ts[i:j]), " ")
	if j < len(ts) && ts[j].glue == glueSpace && (companyAfter[ts[j].fold] || legalForm[ts[j].fold] && ts[j].cap) && !(ts[i].begin && d.lowered(whole)) {
		return true
	}
	if j < len(ts) && ts[j].glue == glueParen && ts[j].upper && len(ts[j].bare) < 6 && j-i == 1 {
		return true // Target (TGT)
	}
	if i == 0 || ts[i].glue != glueSpace {
		return false
	}
	if companyBefore[ts[i-1].fold] {
		return true
	}
	return i > 1 && (ts[i-1].fold == "of" || ts[i-1].fold == "in" || ts[i-1].fold == "for") && companyBeforeOf[ts[i-2].fold]
}

func foldsOf(ts []token) []string {
	out := make([]string, len(ts))
	for k, t := range ts {
		out[k] = t.fold
	}
	return out
}

// venues parts what was taken for one name where a listed organization of
// three words and more is followed by its hall or stadium: Daughters of the
// American Revolution Constitution Hall.
func (d *doc) venues() {
	for i := range d.spans {
		s := &d.spans[i]
		if s.typ == nothing && s.ent < 0 {
			d.eventPlace(i)
			continue
		}
		if s.typ != dateline.Organization || s.ent >= 0 || s.full != "" {
			continue
		}
		ts := d.toks[s.part]
		k, end := d.tokenAt(s.part, s.start), d.tokenAt(s.part, s.end)
		if k >= end || !venueTail[ts[end-1].fold] {
			continue
		}
		for _, a := range d.r.first[ts[k].fold] {
			if n := len(a.words); n > 2 && end-k-n > 1 && d.r.ents[a.ent].Type == dateline.Organization && matches(a, ts[k:]) {
				d.spans = append(d.spans, span{part: s.part, start: ts[k+n].start, end: s.end, typ: dateline.Place, ent: -1, prio: 8, rule: "a hall behind a listed organization"})
				s = &d.spans[i]
				s.end, s.ent, s.prio = ts[k+n-1].end, a.ent, 10
				break
			}
		}
	}
}

// eventPlace leaves a listed place a place that a festival or a fair is named
// after, where the name says what it is: Taipei City Lantern Festival. Others
// (Cannes Film Festival) are part of the event's name.
func (d *doc) eventPlace(i int) {
	s := d.spans[i]
	ts := d.toks[s.part]
	k, end := d.tokenAt(s.part, s.start), d.tokenAt(s.part, s.end)
	if k >= end || !localEvent[ts[end-1].fold] {
		return
	}
	for _, a := range d.r.first[ts[k].fold] {
		n := len(a.words)
		if d.r.ents[a.ent].Type != dateline.Place || end-k-n < 1 || !matches(a, ts[k:]) {
			continue
		}
		if !placeKind[ts[k+n].fold] || end-k-n < 2 {
			continue
		}
		en := ts[k+n].end
		n++
		d.spans = append(d.spans, span{part: s.part, start: s.start, end: en, typ: dateline.Place, ent: a.ent, prio: 10, rule: "the place that an event is named after"})
		d.spans[i].start = ts[k+n].start
		return
	}
}

var placeKind = set(`city county province prefecture`)

var localEvent = set(`festival marathon expo fair parade carnival biennale derby airshow`)

var venueTail = set(`hall stadium arena theater theatre auditorium tower pavilion ballroom`)
