package entity

import (
	"cmp"
	"maps"
	"slices"
	"strings"
	"sync"
	"unicode"
	"unicode/utf8"
)

// office is a line of lists/offices.tsv.
type office struct {
	template string // of its name
	line     int
	any      bool              // every country has one
	names    map[string]string // country -> its own name there
	beside   map[string]bool   // countries meant only where they stand beside it
}

// has reports whether a country has the office; an empty one stands for any.
func (o *office) has(country string) bool {
	if country == "" || o.any {
		return true
	}
	_, ok := o.names[country]
	return ok
}

// alone gives the countries that may be meant where none stands beside the
// office, in a fixed order: those that the article speaks of, and defaults.
func (o *office) alone(scores map[string]float32, home []string, dflt string) []string {
	cs := slices.Sorted(maps.Keys(scores))
	if dflt != "" {
		cs = append(cs, dflt)
	} else if len(home) > 0 {
		cs = append(cs, home[0])
	}
	return slices.DeleteFunc(cs, func(c string) bool { return !o.has(c) || o.beside[c] })
}

// only gives the one country that has the office, or nothing.
func (o *office) only() string {
	if o.any || len(o.names) != 1 {
		return ""
	}
	for c := range o.names {
		return c
	}
	return ""
}

// name gives the canonical name of a country's office; without a country the
// name that all have in common.
func (o *office) name(country string) string {
	if n := o.names[country]; n != "" {
		return n
	}
	if country == "" {
		s := strings.ReplaceAll(strings.ReplaceAll(o.template, " of %c", ""), "%a ", "")
		return s
	}
	c := country
	if articled[c] {
		c = "the " + c
	}
	a := nations().first[country]
	if a == "" {
		a = country
	}
	return strings.ReplaceAll(strings.ReplaceAll(o.template, "%c", c), "%a", a)
}

// articled are countries whose names have an article behind "of".
var articled = map[string]bool{
	"Philippines": true, "Netherlands": true, "United States": true, "United Kingdom": true, "United Arab Emirates": true, "Czech Republic": true,
	"Democratic Republic of the Congo": true, "Republic of the Congo": true, "Dominican Republic": true, "Central African Republic": true,
}

// officeAlias is what texts call an office.
type officeAlias struct {
	words  []string // folded; a single one in scripts without blanks
	upper  []bool   // written with a capital
	office *office
	beside bool // only beside a country
	weak   bool // only where the article speaks of the country
}

type officeList struct {
	first map[string][]officeAlias // by first word
	han   map[rune][]officeAlias   // by first character, longest first
	named map[string][]officeOf    // by the name that a country has for it
}

// officeOf is which country's which office a name is.
type officeOf struct {
	office  *office
	country string
}

// offices reads lists/offices.tsv.
var offices = sync.OnceValue(func() *officeList {
	out := &officeList{first: map[string][]officeAlias{}, han: map[rune][]officeAlias{}, named: map[string][]officeOf{}}
	line := 0
	for f := range numberedLines("lists/offices.tsv", &line) {
		o := &office{template: f[0], line: line, names: map[string]string{}, beside: map[string]bool{}}
		for c := range strings.SplitSeq(f[1], "|") {
			c, beside := strings.CutPrefix(c, "~")
			c, name, _ := strings.Cut(c, "=")
			if c == "*" {
				o.any = true
				continue
			}
			o.names[c], o.beside[c] = name, beside
			n := o.name(c)
			out.named[n] = append(out.named[n], officeOf{o, c})
		}
		for a := range strings.SplitSeq(f[2], "|") {
			out.add(o, a)
		}
	}
	for _, as := range out.han {
		slices.SortStableFunc(as, func(a, b officeAlias) int { return cmp.Compare(len(b.words[0]), len(a.words[0])) })
	}
	return out
})

func (l *officeList) add(o *office, a string) {
	a, beside := strings.CutPrefix(a, "~")
	a, weak := strings.CutPrefix(a, "?")
	x := officeAlias{office: o, beside: beside, weak: weak}
	if c, _ := utf8.DecodeRuneInString(a); unspaced(c) {
		x.words = []string{simplify(a)}
		c, _ = utf8.DecodeRuneInString(x.words[0])
		l.han[c] = append(l.han[c], x)
		return
	}
	for _, t := range tokenize(a) {
		text := t
		if rest, ok := elision(t); ok {
			text = rest
		}
		x.words = append(x.words, text.fold)
		x.upper = append(x.upper, text.cap)
	}
	l.first[x.words[0]] = append(l.first[x.words[0]], x)
	if x.words[0] == "министерство" { // its cases
		for _, w := range []string{"министерства", "министерству", "министерством", "министерстве"} {
			y := x
			y.words = append([]string{w}, x.words[1:]...)
			l.first[w] = append(l.first[w], y)
		}
	}
}

// officeWord gives the word under which offices are looked up: German
// genitives stand for what they are made of.
func officeWord(w string, german bool) string {
	l := offices()
	if len(l.first[w]) > 0 {
		return w
	}
	if c, _ := utf8.DecodeRuneInString(w); unicode.Is(unicode.Cyrillic, c) {
		for _, e := range russianEndings {
			for _, c := range e.cases {
				if stem, ok := strings.CutSuffix(w, c); ok && utf8.RuneCountInString(stem) > 3 && len(l.first[stem+e.end]) > 0 {
					return stem + e.end
				}
			}
		}
	}
	if german {
		for _, e := range []string{"s", "es"} {
			if stem, ok := strings.CutSuffix(w, e); ok && len(l.first[stem]) > 0 {
				return stem
			}
		}
	}
	return w
}

// matches reports whether the tokens begin with the alias.
func (a officeAlias) matches(ts []token, german bool) bool {
	if len(ts) < len(a.words) {
		return false
	}
	for k, w := range a.words {
		t := ts[k]
		if k == 0 && officeWord(t.fold, german) != w || k > 0 && t.fold != w {
			return false
		}
		if k > 0 && t.glue != glueSpace && t.glue != glueHyphen && t.glue != glueComma || k+1 < len(a.words) && t.poss {
			return false
		}
	}
	// An acronym is written as one.
	if len(a.words) == 1 && len(a.words[0]) < 5 && a.upper[0] && latin(a.words[0]) && len(ts[0].bare) < 5 {
		return ts[0].upper || len(a.words[0]) == 4 && ts[0].cap
	}
	return true
}

// nationList is what lists/countries.tsv says.
type nationList struct {
	known     map[string]bool   // countries
	adjective map[string]string // folded words of nationality -> country
	pairs     map[string]bool   // their first words, where they have several
	english   map[string]bool   // those of English
	romance   map[string]bool   // those of French, Spanish, Arabic and Russian
	han       map[rune]string   // a character before an office -> country
	first     map[string]string // country -> its first English adjective
}

// nations reads lists/countries.tsv.
var nations = sync.OnceValue(func() *nationList {
	out := &nationList{known: map[string]bool{}, adjective: map[string]string{}, pairs: map[string]bool{}, english: map[string]bool{}, romance: map[string]bool{}, han: map[rune]string{}, first: map[string]string{}}
	add := func(country, word string, also map[string]bool) {
		k := joinFold(tokenize(word))
		if k == "" {
			return
		}
		if out.adjective[k] == "" {
			out.adjective[k] = country
		}
		if first, _, more := strings.Cut(k, " "); more {
			out.pairs[first] = true
		}
		if also != nil {
			also[k] = true
		}
	}
	for f := range listLines("lists/countries.tsv") {
		f = append(f, make([]string, 8)...)
		country := f[0]
		out.known[country] = true
		for k, col := range f[1:7] {
			for w := range strings.SplitSeq(col, "|") {
				switch {
				case w == "":
				case k == 0:
					if out.first[country] == "" {
						out.first[country] = w
					}
					add(country, w, out.english)
				case k == 1 || k == 4:
					for _, e := range adjectiveEndings[k] {
						add(country, w+e, out.romance)
					}
				default:
					add(country, w, out.romance)
				}
			}
		}
		for w := range strings.SplitSeq(f[7], "|") {
			if c, n := utf8.DecodeRuneInString(simplify(w)); n > 0 && n == len(w) && out.han[c] == "" {
				out.han[c] = country
			}
		}
	}
	return out
})

// adjectiveEndings are those of the German and the Russian column.
var adjectiveEndings = map[int][]string{
	1: {"", "e", "en", "er", "es", "em"},
	4: {"ий", "ая", "ое", "ие", "ого", "ой", "ому", "им", "ом", "ую", "их", "ими"},
}
