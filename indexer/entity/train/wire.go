package main

import (
	_ "embed"
	"fmt"
	"math/rand/v2"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"

	"dateline/indexer/entity/tagger"
)

// Newswire is what no set teaches: sports teams that are named after their
// towns, datelines, results, bylines, headlines of companies. newswire.txt has
// articles in which names are drawn anew for each copy, so that what stands
// around a name is learned and not the name.
//
//go:embed newswire.txt
var newswire string

// copies is how often each article of newswire.txt is filled in.
const copies = 5

// filler draws names for the articles of newswire.txt.
type filler struct {
	rng   *rand.Rand
	lists map[string][]string
	drawn map[string]string // of this article, by slot and number
}

var (
	slot = regexp.MustCompile(`\{([a-z]+)(?:\.(\d+))?(\^?)\}`)
	mark = regexp.MustCompile(`\[([POLM]) ([^\[\]]+)\]`)
)

var markTypes = map[string]tagger.Type{"P": tagger.Person, "O": tagger.Organization, "L": tagger.Place, "M": tagger.Other}

// readWire gives the articles of newswire.txt, filled in with names that
// known has: those of the other sets and of the lists.
func readWire(text string, known map[string][]string) ([]tagger.Example, error) {
	lists := map[string][]string{}
	for k, v := range known {
		lists[k] = v
	}
	head, body, _ := strings.Cut(text, "\n---\n")
	for _, block := range strings.Split(head, "\n= ")[1:] {
		name, values, ok := strings.Cut(block, "\n")
		if !ok {
			return nil, fmt.Errorf("newswire.txt: list %q has no values, want them on the next line", name)
		}
		lists[name] = strings.Split(strings.TrimSpace(values), "|")
	}
	var out []tagger.Example
	for n, article := range strings.Split(strings.ReplaceAll(body, "\n---\n", "\n\n"), "\n\n") {
		article = strings.TrimSpace(article)
		if article == "" {
			continue
		}
		for c := range copies {
			f := filler{rng: rand.New(rand.NewPCG(uint64(n), uint64(c))), lists: lists, drawn: map[string]string{}}
			s, err := f.fill(article, 0)
			if err != nil {
				return nil, fmt.Errorf("newswire.txt: article %d: %w", n+1, err)
			}
			out = append(out, marked(s))
		}
	}
	return out, nil
}

// maxSlots bounds how deep lists may name lists.
const maxSlots = 3

// fill replaces the slots of a text.
func (f *filler) fill(s string, depth int) (string, error) {
	if depth > maxSlots {
		return "", fmt.Errorf("lists name each other: %q", s)
	}
	var err error
	out := slot.ReplaceAllStringFunc(s, func(m string) string {
		p := slot.FindStringSubmatch(m)
		v, e := f.value(p[1], p[2], depth)
		if e != nil {
			err = e
		}
		if p[3] == "^" {
			v = strings.ToUpper(v)
		}
		return v
	})
	return out, err
}

// value gives what a slot is filled with, anew if it has no number.
func (f *filler) value(kind, number string, depth int) (string, error) {
	if v, ok := f.drawn[kind+number]; ok && number != "" {
		return v, nil
	}
	v, err := f.draw(kind, number)
	if err == nil {
		v, err = f.fill(v, depth+1)
	}
	// No two towns or teams of an article are the same.
	for range 4 {
		taken := false
		for k, x := range f.drawn {
			taken = taken || x == v && strings.HasPrefix(k, kind)
		}
		if !taken || err != nil {
			break
		}
		if v, err = f.draw(kind, number); err == nil {
			v, err = f.fill(v, depth+1)
		}
	}
	if number != "" {
		f.drawn[kind+number] = v
	}
	return v, err
}

func (f *filler) one(kind string) string { return f.lists[kind][f.rng.IntN(len(f.lists[kind]))] }

// chance is true in so many cases of a hundred.
func (f *filler) chance(percent int) bool { return f.rng.IntN(100) < percent }

func (f *filler) draw(kind, number string) (string, error) {
	switch kind {
	case "n":
		return strconv.Itoa(2 + f.rng.IntN(97)), nil
	case "person":
		first, last := f.one("first"), f.one("last")
		if number != "" { // the article may go on with one of the two
			first, _ = f.value("first", number, 0)
			last, _ = f.value("last", number, 0)
		}
		return f.person(first, last), nil
	case "club":
		switch {
		case f.chance(40):
			return f.one("club"), nil
		case f.chance(60):
			return f.town(), nil
		}
		return f.town() + " " + pick(f.rng, "United", "City", "FC", "Town", "Rovers", "Athletic", "Wanderers", "SC"), nil
	case "city":
		return f.town(), nil
	case "company":
		return f.company(), nil
	case "coin":
		return f.coin(), nil
	}
	if len(f.lists[kind]) == 0 {
		return "", fmt.Errorf("no list is named %q", kind)
	}
	return f.one(kind), nil
}

func pick(rng *rand.Rand, values ...string) string { return values[rng.IntN(len(values))] }

// town gives a name of those that news name, or any of the gazetteer.
func (f *filler) town() string {
	if f.chance(50) {
		return f.one("town")
	}
	return f.one("gazetteer")
}

func (f *filler) person(first, last string) string {
	switch f.rng.IntN(20) {
	case 0:
		return first + " " + string(rune('A'+f.rng.IntN(26))) + ". " + last
	case 1:
		return first + " " + f.one("last") + " " + last
	case 2:
		return first + " " + pick(f.rng, "de", "van", "van der", "bin", "al-", "von", "da", "El", "Al", "Mc", "O'") + " " + last
	case 3:
		return first + "-" + f.one("first") + " " + last
	}
	return first + " " + last
}

func (f *filler) coin() string {
	var b strings.Builder
	for range 2 + f.rng.IntN(2) {
		b.WriteString(pick(f.rng, "ve", "ro", "ka", "lu", "mi", "ta", "zo", "ne", "qua", "bri", "sol", "cor", "lex", "ma", "dyn", "ar", "el", "no", "vi", "tra"))
	}
	b.WriteString(pick(f.rng, "", "", "x", "n", "tech", "gen", "ify", "is", "us", "on", "ia", "pay", "com", "bio", "lab"))
	s := b.String()
	return strings.ToUpper(s[:1]) + s[1:]
}

func (f *filler) company() string {
	base := f.coin()
	switch f.rng.IntN(5) {
	case 0:
		base = f.one("last")
	case 1:
		base = f.one("last") + pick(f.rng, " & ", " and ", "-") + f.one("last")
	case 2:
		base = f.town()
	case 3:
		base = pick(f.rng, "First", "National", "United", "General", "Royal", "Pacific", "Northern", "Global", "Blue", "Green", "Red", "Silver", "Golden", "New", "American", "Central") + " " +
			pick(f.rng, "Star", "River", "Stone", "Power", "Gas", "Rock", "Bridge", "Mountain", "Union", "Horizon", "Sky", "Water", "Rail", "Eagle", "Sun", "Oak")
	}
	tail := pick(f.rng, "Inc", "Corp", "Ltd", "Plc", "AG", "SA", "NV", "SE", "SpA", "LLC", "Co", "Group", "Holdings", "Energy", "Bank", "Capital", "Pharmaceuticals",
		"Technologies", "Motors", "Airlines", "Securities", "Asset Management", "Partners", "Insurance", "Media", "Resources", "Mining", "Oil", "Steel", "Telecom",
		"Markets", "Research", "Advisors", "Investments", "Foods", "Therapeutics", "Entertainment", "Group Plc", "Holdings Inc", "Energy Corp", "Financial Group", "Oil & Gas")
	if base[0] != tail[0] && f.chance(12) && !strings.Contains(base, " ") {
		return base
	}
	return base + " " + tail
}

// marked takes the marks out of a text.
func marked(s string) tagger.Example {
	var x tagger.Example
	var b strings.Builder
	at := 0
	for _, m := range mark.FindAllStringSubmatchIndex(s, -1) {
		b.WriteString(s[at:m[0]])
		start := b.Len()
		b.WriteString(s[m[4]:m[5]])
		x.Names = append(x.Names, tagger.Span{Start: start, End: b.Len(), Type: markTypes[s[m[2]:m[3]]]})
		at = m[1]
	}
	b.WriteString(s[at:])
	x.Text = b.String()
	return x
}

// minTown is how often a place must be named to count as one of the news.
const minTown, minCountry = 4, 15

// knownNames takes from the labelled sets and the lists the names that fill
// articles: of people the first and the last words, of places towns and
// countries.
func knownNames(sets []tagger.Example, lists tagger.Lists) map[string][]string {
	first, last := map[string]bool{}, map[string]bool{}
	places := map[string]int{}
	for _, x := range sets {
		for _, n := range x.Names {
			s := x.Text[n.Start:n.End]
			switch n.Type {
			case tagger.Person:
				if w := strings.Fields(s); len(w) == 2 && namelike(w[0]) && namelike(w[1]) {
					first[w[0]], last[w[1]] = true, true
				}
			case tagger.Place:
				places[s]++
			}
		}
	}
	out := map[string][]string{"first": sorted(first), "last": sorted(last)}
	for s, n := range places {
		w := strings.Fields(s)
		isCountry := lists.Names[strings.ToLower(s)]&classes["country"] != 0 || lists.Names[s]&classes["country"] != 0
		switch {
		case isCountry && n >= minCountry && !strings.Contains(s, "."):
			out["country"] = append(out["country"], s)
		case !isCountry && n >= minTown && len(w) < 3 && namelike(w[0]):
			out["town"] = append(out["town"], s)
		}
	}
	for s, bits := range lists.Names {
		if bits&classes["city"] != 0 && bits&(classes["country"]|classes["first"]) == 0 && len(strings.Fields(s)) < 3 {
			if s = plain(s); namelike(strings.Fields(s + " .")[0]) {
				out["gazetteer"] = append(out["gazetteer"], s)
			}
		}
	}
	for _, k := range []string{"country", "town", "gazetteer"} {
		slices.Sort(out[k])
		out[k] = slices.Compact(out[k])
	}
	return out
}

// plain writes a name without accents, as newswire does.
func plain(s string) string {
	return strings.Map(func(c rune) rune {
		if unicode.Is(unicode.Mn, c) {
			return -1
		}
		return c
	}, norm.NFD.String(s))
}

// namelike reports whether a word has a capital, then only letters of ASCII,
// three or more in all.
func namelike(w string) bool {
	for i := range len(w) {
		c := w[i]
		if i == 0 && (c < 'A' || c > 'Z') || i > 0 && (c < 'a' || c > 'z') && (c < 'A' || c > 'Z') && c != '-' {
			return false
		}
	}
	return len(w) > 2 && strings.ToUpper(w) != w
}

func sorted(m map[string]bool) []string {
	var out []string
	for s := range m {
		out = append(out, s)
	}
	slices.Sort(out)
	return out
}
