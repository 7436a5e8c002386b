package entity

import (
	"regexp"
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

// arabicClitics parts the words and, for, with, as, so from the name onto
// which Arabic writes them.
func (r *Recognizer) arabicClitics(ts []token) {
	for i := range ts {
		t := &ts[i]
		if c, _ := utf8.DecodeRuneInString(t.text); !strings.ContainsRune("وفبلك", c) || len(r.first[t.fold]) > 0 {
			continue
		}
		for _, p := range []string{"و", "ف", "ب", "ل", "ك", "وب", "ول"} {
			rest, ok := strings.CutPrefix(t.fold, p)
			if !ok || !strings.HasPrefix(t.text, p) {
				continue
			}
			if p[len(p)-2:] == "ل" && strings.HasPrefix(rest, "ل") { // للصين is for the الصين
				if w := "ا" + t.fold[len(p)-2:]; len(r.first[w]) > 0 {
					t.fold = w
					break
				}
			}
			if len(r.first[rest]) > 0 && utf8.RuneCountInString(rest) > 2 {
				t.fold, t.text, t.bare, t.start = rest, t.text[len(p):], t.bare[len(p):], t.start+len(p)
				break
			}
		}
	}
}

// pinyinWord matches one or two syllables as Chinese names have them.
var pinyinWord = regexp.MustCompile(`^(?:(?:zh|ch|sh|hs|ts|[bpmfdtnlgkhjqxrzcsyw])?(?:a|ai|an|ang|ao|e|ei|en|eng|er|i|ia|ian|iang|iao|ie|ih|in|ing|iong|iu|o|ong|ou|u|ua|uai|uan|uang|ue|ui|un|uo)){1,2}$`)

// syllable matches one syllable of a Korean or Chinese given name.
var syllable = regexp.MustCompile(`^[bcdfghjklmnpqrstwxyz]{0,3}[aeiou]{1,3}(?:[nkl]|ng|h|m|p)?$`)

// hyphenWords are second halves of English words with a hyphen that look like
// syllables.
var hyphenWords = set(`run up in on go old man men woman made up long him born free pin top win key`)

// hyphenated finds persons whose given name is two syllables with a hyphen,
// which nothing but an Eastern Asian name is: Hau Lung-bin, Kim Shin-Wook.
func (d *doc) hyphenated(p int) {
	ts := d.toks[p]
	for i := 0; i+2 < len(ts); i++ {
		t, a, b := ts[i], ts[i+1], ts[i+2]
		if !nameTok(t) || t.poss || t.shout || titles[t.fold] || len(t.fold) > 6 || a.glue != glueSpace || !a.cap || b.glue != glueHyphen || b.start != a.end+1 || b.upper ||
			!syllable.MatchString(a.fold) || !syllable.MatchString(b.fold) || hyphenWords[b.fold] || stop[a.fold] || len(b.fold) < 2 {
			continue
		}
		if i > 0 && t.glue == glueSpace && nameTok(ts[i-1]) && !titles[ts[i-1].fold] && !ts[i-1].begin || i+3 < len(ts) && ts[i+3].glue == glueHyphen {
			continue
		}
		d.add(p, i, i+3, dateline.Person, 7)
	}
}

// pinyinNames finds Chinese persons in Latin letters, surname first: Guo
// Haiyan, Wu Cheng-wen.
func (d *doc) pinyinNames(p int) {
	ts := d.toks[p]
	for i := 0; i+1 < len(ts); i++ {
		t, g := ts[i], ts[i+1]
		if !t.cap || t.poss || !pinyinSurnames[t.fold] || t.shout || g.glue != glueSpace || !g.cap || g.upper || stop[g.fold] || titles[g.fold] || !pinyinWord.MatchString(g.fold) {
			continue
		}
		if i > 0 && t.glue == glueSpace && nameTok(ts[i-1]) && !titles[ts[i-1].fold] && !ts[i-1].begin || d.known[p][i+1] > 0 && d.known[p][i+1] != d.known[p][i] {
			continue
		}
		j := i + 2
		if j < len(ts) && ts[j].glue == glueHyphen && pinyinWord.MatchString(ts[j].fold) {
			j++
		}
		// A short word may be a verb or a noun that follows a name.
		if j == i+2 && (stop[t.fold] || particles[t.fold] || t.head && len(g.fold) < 5) {
			continue
		}
		d.add(p, i, j, dateline.Person, 7)
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

// russianCases lets the cases of a Russian name stand for it: of, to, with and
// about it, it as an object, and with it where it is foreign (Putinym, but Xi
// Jinpinom).
func (r *Recognizer) russianCases(ts []token) {
	known := func(w string) bool { return r.ends[w] || len(r.first[w]) > 0 }
	for i := range ts {
		t := &ts[i]
		if c, _ := utf8.DecodeRuneInString(t.fold); !t.cap || t.upper || !unicode.Is(unicode.Cyrillic, c) || known(t.fold) {
			continue
		}
	endings:
		for _, e := range russianEndings {
			for _, c := range e.cases {
				if stem, ok := strings.CutSuffix(t.fold, c); ok && utf8.RuneCountInString(stem) > 1 && known(stem+e.end) {
					t.fold = stem + e.end
					break endings
				}
			}
		}
	}
}

// russianEndings has for each folded ending of a name the six that replace it.
var russianEndings = []struct {
	end   string
	cases [6]string
}{
	{"скии", [6]string{"ского", "скому", "ским", "ском", "ского", "ским"}},
	{"ия", [6]string{"ии", "ии", "иеи", "ии", "ию", "ию"}},
	{"ова", [6]string{"овои", "овои", "овои", "овои", "ову", "ову"}},
	{"", [6]string{"а", "у", "ом", "е", "ым", "ем"}},
	{"а", [6]string{"ы", "е", "ои", "и", "у", "еи"}},
	{"я", [6]string{"и", "е", "еи", "ю", "ю", "ю"}},
	{"и", [6]string{"я", "ю", "ем", "е", "ого", "ому"}},
	{"ь", [6]string{"я", "ю", "ем", "е", "и", "ью"}},
}
