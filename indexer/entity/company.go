package entity

import (
	"strings"

	"dateline"
)

// Legal forms of companies, folded. Those in legalComma may follow a comma.
var (
	legalForm = set(`inc corp ltd plc llc llp co ag gmbh se sa nv bv spa srl kg kgaa ab asa as oyj oy pte pty bhd limited incorporated corporation
 company holding holdings sas sasu sarl sl slu sau ohg ug ltda lda mbh eg sac`)
	legalComma = set(`inc ltd llc sa nv co plc limited incorporated`)
	// legalDot are abbreviated: a dot after them is theirs.
	legalDot = set(`inc corp ltd co bros nv sa bv sl slu sau`)
	// groupWord may stand or not in the name of the same company.
	groupWord = set(`group gruppe grupo groupe holding holdings konzern international`)
)

// pinyinSurnames are Chinese and Korean surnames: they stand first, and a
// short one is a surname all the same.
var pinyinSurnames = set(`xi li ma wu fu lu he hu xu yu su qi du bo an ye ji gu ge wang zhang liu chen yang huang zhao zhou sun zhu lin guo gao luo liang zheng
 xie song tang han feng deng cao peng zeng xiao tian dong yuan pan jiang cai wei xue yan lei hou long tao mao qian dai tan fan fang jin shi yao
 shao wan qin meng bai zou xiong qiu hao kong cui kang shen lai tsai kim park lee choi moon yoon jung cho kang mao ding hua pang ning lou geng`)

// joinCompany lets the mention of an organization reach over the legal form
// that follows it: SAP SE; Samsung Electronics Co., Ltd.; Apple Inc.
func (d *doc) joinCompany(ss []span) {
	taken := make([]map[int]bool, len(d.texts))
	for p := range taken {
		taken[p] = map[int]bool{}
	}
	for _, s := range ss {
		taken[s.part][s.start] = true
	}
	for i := range ss {
		s := &ss[i]
		if s.typ != dateline.Organization {
			continue
		}
		ts, text := d.toks[s.part], d.texts[s.part]
		k := d.tokenAt(s.part, s.end)
		for range 3 {
			if k >= len(ts) || ts[k].start < s.end || !ts[k].cap || ts[k].head && !ts[k].upper || taken[s.part][ts[k].start] {
				break
			}
			f := strings.ReplaceAll(ts[k].fold, ".", "")
			if ts[k].glue != glueSpace && (ts[k].glue != glueComma && !strings.HasPrefix(text[s.end:], "., ") || !legalComma[f]) || !legalForm[f] {
				break
			}
			if f == "as" || f == "co" && ts[k].upper { // AS is a word, CO a state
				break
			}
			s.end = ts[k].end
			k++
		}
		if s.end < len(text) && text[s.end] == '.' && s.end > 0 {
			if last := d.tokenAt(s.part, s.end); last > 0 && ts[last-1].end == s.end && legalDot[fold(ts[last-1].text)] && ts[last-1].start > s.start {
				s.end++
			}
		}
		s.text = text[s.start:s.end]
	}
}

// tokenAt gives the index of the first token that begins at or after an offset.
func (d *doc) tokenAt(p, at int) int {
	lo, hi := 0, len(d.toks[p])
	for lo < hi {
		if m := (lo + hi) / 2; d.toks[p][m].start < at {
			lo = m + 1
		} else {
			hi = m
		}
	}
	return lo
}

// acts reports whether a verb of speaking or doing follows a mention.
func (d *doc) acts(s span) bool {
	ts := d.toks[s.part]
	k := d.tokenAt(s.part, s.end)
	return k < len(ts) && ts[k].glue == glueSpace && !ts[k].cap && (sayVerbs[ts[k].fold] || personVerbs[ts[k].fold])
}

// actsAbroad reports whether a mention in a Romance text stands where a
// person's surname would: no preposition before it, and a small word behind.
func (d *doc) actsAbroad(s span) bool {
	if !romance[d.language()] {
		return false
	}
	ts := d.toks[s.part]
	k := d.tokenAt(s.part, s.start)
	if k >= len(ts) || k > 0 && ts[k].glue == glueSpace && (townBefore[ts[k-1].fold] || nounLinks[ts[k-1].fold]) {
		return false
	}
	j := d.tokenAt(s.part, s.end)
	return j < len(ts) && ts[j].glue == glueSpace && !ts[j].cap && !nounLinks[ts[j].fold]
}

// cleanName makes a surface form a canonical name: single spaces, no legal
// form at its end.
func cleanName(s string, typ dateline.EntityType) string {
	w := strings.Fields(s)
	for typ == dateline.Organization && len(w) > 1 {
		last := strings.Trim(fold(w[len(w)-1]), ",.")
		if (!legalForm[last] || groupWord[last]) && last != "&" {
			break
		}
		w = w[:len(w)-1]
	}
	return strings.TrimRight(strings.Join(w, " "), ",&")
}

// shorter leaves out the last word of an organization's name where it only
// says that it is a group, or gives nothing.
func shorter(name string, typ dateline.EntityType) string {
	w := strings.Fields(name)
	if typ != dateline.Organization || len(w) < 2 || !groupWord[fold(w[len(w)-1])] {
		return ""
	}
	return strings.Join(w[:len(w)-1], " ")
}
