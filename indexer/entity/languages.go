package entity

import (
	"maps"
	"regexp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"dateline"
)

// functionWords are words by which a language is guessed that no other of
// those here has, or few.
var functionWords = map[string]map[string]bool{
	"de": set(`und der das ist nicht mit fur auf von dem den sich eine`),
	"en": set(`the of and to is was for that on with he it as by at from has have been said will are`),
	"es": set(`el los las y del una por con que su segun fue para es al`),
	"fr": set(`le les des du et est une dans pour sur au aux qui ont avec ses`),
	"it": set(`il di che della del dei per e una con nel alla ha`),
	"pt": set(`o os do da dos das em uma que para com nao ao foi`),
	"nl": set(`het een van de en niet op voor met zijn dat`),
}

// language gives the language of the text, as given or guessed: by its script,
// or by its function words. It is English where nothing speaks for another.
func (d *doc) language() string {
	if d.lang != "" {
		return d.lang
	}
	count := map[string]int{}
	words := 0
	for p, ts := range d.toks {
		for _, t := range ts {
			words++
			for lang, set := range functionWords {
				if !t.cap && set[t.fold] {
					count[lang]++
				}
			}
			if c, _ := utf8.DecodeRuneInString(t.text); unicode.Is(unicode.Cyrillic, c) {
				count["ru"]++
			} else if unicode.Is(unicode.Arabic, c) {
				count["ar"]++
			}
		}
		for _, c := range d.texts[p] {
			switch {
			case unicode.In(c, unicode.Hiragana, unicode.Katakana):
				count["ja"] += 3
			case unicode.Is(unicode.Han, c):
				count["zh"]++
			case unicode.Is(unicode.Hangul, c):
				count["ko"]++
			}
		}
	}
	best, most := "en", max(count["en"], 1)
	for _, lang := range slices.Sorted(maps.Keys(count)) {
		if n := count[lang]; n > most && n*12 >= words {
			best, most = lang, n
		}
	}
	d.lang = best
	return best
}

// alsoWords are listed names that are words of a language.
var alsoWords = map[string]map[string]bool{
	"de": set(`seine adria nil inn main oder elster aller leine weser`),
	"fr": set(`nice tours orange bien elle marche somme paru`),
	"es": set(`sol como vale real oro nada mares parte`),
}

// elided are articles and prepositions that French and Italian write onto the
// word behind them.
var elided = set(`l d qu s n j m c t jusqu lorsqu puisqu quelqu dell all nell sull dall un quest`)

// elision parts a token from the article or preposition written onto it.
func elision(t token) (token, bool) {
	i := strings.IndexAny(t.text, "'’")
	if i <= 0 || !elided[strings.ToLower(t.text[:i])] {
		return t, false
	}
	_, n := utf8.DecodeRuneInString(t.text[i:])
	rest := t.text[i+n:]
	if rest == "" {
		return t, false
	}
	t.start, t.text, t.elided = t.start+i+n, rest, true
	t.bare, t.fold = strings.ReplaceAll(rest, ".", ""), fold(rest)
	c, _ := utf8.DecodeRuneInString(rest)
	t.cap, t.digit = unicode.IsUpper(c) || unicode.IsTitle(c), unicode.IsDigit(c)
	t.upper = utf8.RuneCountInString(rest) > 1 && strings.ToUpper(rest) == rest
	return t, true
}

// elisions parts words from the articles and prepositions written onto them:
// l'Inde, dell'Economia. L'Oréal stays what it is.
func (r *Recognizer) elisions(ts []token) {
	for i, t := range ts {
		if slices.ContainsFunc(r.first[t.fold], func(a alias) bool { return matches(a, ts[i:]) }) {
			continue
		}
		if x, ok := elision(t); ok {
			ts[i] = x
		}
	}
}

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
		if c, _ := utf8.DecodeRuneInString(t.text); !strings.ContainsRune("وفبلك", c) || len(r.first[t.fold]) > 0 || len(offices().first[t.fold]) > 0 {
			continue
		}
		for _, p := range []string{"و", "ف", "ب", "ل", "ك", "وب", "ول", "لـ", "بـ", "وـ"} {
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
			if (len(r.first[rest]) > 0 || len(offices().first[rest]) > 0) && utf8.RuneCountInString(rest) > 2 {
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
	known := func(w string) bool { return r.ends[w] || len(r.first[w]) > 0 || len(r.inContext[w]) > 0 }
	for i := range ts {
		t := &ts[i]
		if c, _ := utf8.DecodeRuneInString(t.fold); !t.cap || t.upper || !unicode.Is(unicode.Cyrillic, c) || len(r.first[t.fold]) > 0 {
			continue
		}
	endings:
		for _, e := range russianEndings {
			for _, c := range e.cases {
				if stem, ok := strings.CutSuffix(t.fold, c); ok && utf8.RuneCountInString(stem) > 1 && known(stem+e.end) && (!r.ends[t.fold] || len(r.first[stem+e.end]) > 0) {
					t.fold, t.also = stem+e.end, t.fold
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
	{"ет", [6]string{"та", "ту", "том", "те", "та", "том"}},
	{"ец", [6]string{"ца", "цу", "цом", "це", "ца", "цем"}},
	{"ия", [6]string{"ии", "ии", "иеи", "ии", "ию", "ию"}},
	{"ова", [6]string{"овои", "овои", "овои", "овои", "ову", "ову"}},
	{"", [6]string{"а", "у", "ом", "е", "ым", "ем"}},
	{"а", [6]string{"ы", "е", "ои", "и", "у", "еи"}},
	{"я", [6]string{"и", "е", "еи", "ю", "ю", "ю"}},
	{"и", [6]string{"я", "ю", "ем", "е", "ого", "ому"}},
	{"ь", [6]string{"я", "ю", "ем", "е", "и", "ью"}},
}
