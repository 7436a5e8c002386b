package entity

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"dateline"
)

// genitives lets a German genitive stand for the name it is made of:
// Deutschlands, Angela Merkels. The text of a mention keeps its s.
func (r *Recognizer) genitives(ts []token) {
	for i := range ts {
		t := &ts[i]
		if w, ok := strings.CutSuffix(t.fold, "s"); ok && t.cap && !t.upper && len(w) > 1 && !r.ends[t.fold] && r.ends[w] && len(r.first[t.fold]) == 0 {
			t.fold = w
		}
	}
}

// longerName reports whether a listed surname is the beginning of another
// person's name: Xi, but Xi Meijuan.
func (d *doc) longerName(p, i int, a alias) bool {
	ts := d.toks[p]
	if len(a.words) != 1 || d.r.ents[a.ent].Type != dateline.Person || !pinyinSurnames[a.words[0]] || i+1 >= len(ts) {
		return false
	}
	next := ts[i+1]
	if ts[i].poss || ts[i].head || next.glue != glueSpace || !nameTok(next) || titles[next.fold] || len(d.r.first[next.fold]) > 0 {
		return false
	}
	d.add(p, i, i+2, dateline.Person, 6)
	return true
}

// matchOwner adds the place before a possessive that shows which of several
// organizations of one name is meant, and reports whether there is one: China's
// Ministry of Commerce.
func (d *doc) matchOwner(p, i int) bool {
	ts := d.toks[p]
	for _, a := range d.r.first[ts[i].fold] {
		if len(a.words) == 1 && d.r.ents[a.ent].Type == dateline.Place && matches(a, ts[i:]) {
			d.spans = append(d.spans, span{part: p, start: ts[i].start, end: ts[i].end, typ: dateline.Place, ent: a.ent, prio: 10})
			return true
		}
	}
	return false
}

// declensions gives the cases of a Russian name: of, to, with and about it,
// and it as an object. Names that decline in another way than nouns do give
// none.
func declensions(name string) []string {
	if c, _ := utf8.DecodeRuneInString(name); !unicode.Is(unicode.Cyrillic, c) {
		return nil
	}
	words := strings.Fields(name)
	if len(words) > 3 {
		return nil
	}
	var out []string
	for k := range 5 {
		forms := make([]string, len(words))
		for i, w := range words {
			if forms[i] = decline(w, k); forms[i] == "" {
				return nil
			}
		}
		if f := strings.Join(forms, " "); f != name {
			out = append(out, f)
		}
	}
	return out
}

// russianEndings has for each ending the five cases that replace it; the
// longest that fits is taken.
var russianEndings = []struct {
	end   string
	cases [5]string
}{
	{"ский", [5]string{"ского", "скому", "ским", "ском", "ского"}},
	{"цкий", [5]string{"цкого", "цкому", "цким", "цком", "цкого"}},
	{"ия", [5]string{"ии", "ии", "ией", "ии", "ию"}},
	{"ова", [5]string{"овой", "овой", "овой", "овой", "ову"}},
	{"ая", [5]string{}}, {"ое", [5]string{}}, {"ые", [5]string{}}, {"ие", [5]string{}}, {"ый", [5]string{}},
	{"ов", [5]string{"ова", "ову", "овым", "ове", "ова"}},
	{"ев", [5]string{"ева", "еву", "евым", "еве", "ева"}},
	{"ин", [5]string{"ина", "ину", "иным", "ине", "ина"}},
	{"ка", [5]string{"ки", "ке", "кой", "ке", "ку"}},
	{"га", [5]string{"ги", "ге", "гой", "ге", "гу"}},
	{"а", [5]string{"ы", "е", "ой", "е", "у"}},
	{"я", [5]string{"и", "е", "ей", "е", "ю"}},
	{"й", [5]string{"я", "ю", "ем", "е", "я"}},
	{"ь", [5]string{"я", "ю", "ем", "е", "я"}},
	{"о", [5]string{"о", "о", "о", "о", "о"}}, {"е", [5]string{"е", "е", "е", "е", "е"}}, {"и", [5]string{"и", "и", "и", "и", "и"}},
	{"у", [5]string{"у", "у", "у", "у", "у"}}, {"э", [5]string{"э", "э", "э", "э", "э"}}, {"ы", [5]string{}}, {"ю", [5]string{"ю", "ю", "ю", "ю", "ю"}},
	{"", [5]string{"а", "у", "ом", "е", "а"}},
}

func decline(w string, k int) string {
	if strings.ToUpper(w) == w { // США
		return w
	}
	if n := utf8.RuneCountInString(w); n < 3 {
		return w // Си
	}
	for _, e := range russianEndings {
		if stem, ok := strings.CutSuffix(w, e.end); ok {
			if e.cases[k] == "" {
				return ""
			}
			return stem + e.cases[k]
		}
	}
	return ""
}
