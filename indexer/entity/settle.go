package entity

import (
	"strings"

	"dateline"
)

// least is the margin, all over the article, below which a proposal is weak.
var least = map[dateline.EntityType]float32{dateline.Person: 8, dateline.Organization: 40, dateline.Place: 25, nothing: 0}

// longMargin is the margin from which a proposal wins over a listed name that
// it holds and is longer than.
const longMargin = 5

// teamMargin is the margin from which the name of a listed place is that of an
// organization: in reports on sports, of the team of the town.
func (d *doc) teamMargin() float32 {
	if d.sport {
		return 1
	}
	return 25
}

// nameVotes is what the proposals of one name say, by type.
type nameVotes struct {
	person, org, place, none float32
	sum                      float32 // the weight of the name
	surname                  bool    // of somebody who is named in full
}

func (t *nameVotes) of(typ dateline.EntityType) *float32 {
	switch typ {
	case dateline.Person:
		return &t.person
	case dateline.Organization:
		return &t.org
	case dateline.Place:
		return &t.place
	}
	return &t.none
}

// names are the votes of an article's names.
type names struct {
	index map[string]int
	all   []nameVotes
}

func (n *names) id(name string) int {
	i, ok := n.index[name]
	if !ok {
		i = len(n.all)
		n.index[name] = i
		n.all = append(n.all, nameVotes{})
	}
	return i
}

// nameKey is the name of a proposal, folded.
func nameKey(ws []token) string {
	if len(ws) == 1 {
		return ws[0].fold
	}
	var b strings.Builder
	for _, t := range ws {
		b.WriteString(t.fold)
		b.WriteByte(' ')
	}
	return b.String()
}

// settle gives the proposals of the same name one type, the one with the
// most weight in the article, and a surname alone the type of the person
// whose full name is in it.
func (d *doc) settle(ps []proposal) (sure, weak []proposal) {
	ns := names{index: make(map[string]int, len(ps)), all: make([]nameVotes, 0, len(ps))}
	keys := make([]int, len(ps))
	for i := range ps {
		p := &ps[i]
		keys[i] = ns.id(nameKey(p.words))
		*ns.all[keys[i]].of(p.typ) += p.margin
		if n := len(p.words); p.typ == dateline.Person && n > 1 && n < 5 {
			ns.all[ns.id(p.words[n-1].fold)].surname = true
		}
	}
	// A surname alone speaks for the full name.
	for i := range ps {
		ws := ps[i].words
		if n := len(ws); n > 1 && n < 5 && !orgWord(ws) && !foreignHead[ws[0].fold] {
			if k, ok := ns.index[ws[n-1].fold]; ok {
				ns.all[keys[i]].person += ns.all[k].person
			}
		}
	}
	for i := range ps {
		ns.all[keys[i]].decide(&ps[i])
	}
	sure = make([]proposal, 0, len(ps))
	for i, p := range ps {
		if t := &ns.all[keys[i]]; t.surname || t.sum >= d.limit(p) {
			sure = append(sure, p)
		} else {
			weak = append(weak, p)
		}
	}
	return sure, weak
}

// decide gives a proposal the type that its name has in the article.
func (t *nameVotes) decide(p *proposal) {
	t.sum += p.margin
	if t.surname {
		p.typ = dateline.Person
		return
	}
	if t.person > 0 && len(p.words) == 2 && !orgWord(p.words) && 3*t.person > t.org && t.person > t.place && t.person > t.none {
		t.org = min(t.org, t.person) // two unknown words are mostly somebody's name
	}
	for _, typ := range [...]dateline.EntityType{dateline.Person, dateline.Organization, dateline.Place, nothing} {
		if v, now := *t.of(typ), *t.of(p.typ); v > now || v == now && typ == dateline.Person {
			p.typ = typ
		}
	}
	if p.typ == dateline.Person {
		t.sum = max(t.sum, t.person)
	}
}

// limit is the weight below which a proposal is weak.
func (d *doc) limit(p proposal) float32 {
	limit := least[p.typ]
	switch n := len(p.words); {
	case p.typ == dateline.Organization && n > 1 && (orgWord(p.words) || foreignHead[p.words[0].fold]),
		p.typ == dateline.Person && n > 1 && firstNames[p.words[0].fold]:
		limit /= 4
	case p.typ == dateline.Person && n == 2 && isFirstName(p.words[0].fold):
		limit /= 2
	}
	if p.typ == dateline.Person && len(p.words) == 2 && d.alone(p.words[1].fold) {
		limit = 0
	}
	if p.typ == dateline.Organization && d.listed(p, dateline.Place) {
		limit = d.teamMargin()
	}
	if len(p.words) > 1 && d.holdsListed(p) {
		limit = min(limit, longMargin)
	}
	return limit
}
