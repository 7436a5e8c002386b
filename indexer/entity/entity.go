// Package entity finds the people, organizations and places that a text
// names. It is pure functions over lists, a trained tagger and rules: entities
// of the followed stories first, then lists shipped with the program, then
// what the tagger proposes and rules find of names that nobody listed. It does
// no I/O.
package entity

import (
	"slices"
	"sort"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"

	"dateline"
)

// alias is one spelling of a known entity, cut into words.
type alias struct {
	words   []string // folded
	raw     []string // as written, without dots
	poss    []bool   // a possessive 's followed; nil if nowhere
	glue    []glue   // what stands before each word; nil if blanks
	acronym bool     // matches case-sensitively
	ent     int      // index into Recognizer.ents
}

// runeAlias is a spelling in a script that writes no spaces.
type runeAlias struct {
	text string
	ent  int
}

// Recognizer finds entities in texts. It is safe for concurrent use.
type Recognizer struct {
	ents      []dateline.Entity
	given     int                  // how many of ents are of the stories
	shipped   int                  // from which of ents on they are from the shipped lists
	context   []bool               // of ents, what counts only in a context
	country   []string             // of ents, in which they lie or that they serve
	own       []ListLine           // the lines of an own list, from ents[given] on
	first     map[string][]alias   // by first word, longest first, story entities first
	inContext map[string][]alias   // what counts only in a context, likewise
	cjk       map[rune][]runeAlias // by first rune, same order
	names     map[string][]int     // folded name or alias -> entities
	ends      map[string]bool      // last words of names and aliases
}

// New makes a recognizer that knows the given entities and the shipped lists.
// Where both have the same spelling, the given ones win.
func New(known []dateline.Entity) *Recognizer { return NewWithList(known, nil) }

// NewWithList is New with the lines of an own list, see ParseList: they win over
// the shipped lists, and the given entities over both.
func NewWithList(known []dateline.Entity, own []ListLine) *Recognizer {
	const many = 1 << 15 // about as many as the shipped lists need
	r := &Recognizer{
		first: make(map[string][]alias, many), inContext: make(map[string][]alias, many/2), cjk: map[rune][]runeAlias{},
		names: make(map[string][]int, 2*many), ends: make(map[string]bool, many),
		own: own,
	}
	for _, e := range known {
		if e.ID == "" {
			e.ID = dateline.Slug(e.Name)
		}
		r.addEntity(listedEntity{Entity: e})
	}
	r.given = len(r.ents)
	for _, l := range own {
		r.addEntity(listedEntity{l.Entity, l.country, l.needsContext})
	}
	r.shipped = len(r.ents)
	for _, e := range shipped() {
		r.addEntity(e)
	}
	for _, index := range []map[string][]alias{r.first, r.inContext} {
		for _, as := range index {
			slices.SortStableFunc(as, func(a, b alias) int { return len(b.words) - len(a.words) })
		}
	}
	for _, as := range r.cjk {
		slices.SortStableFunc(as, func(a, b runeAlias) int { return len(b.text) - len(a.text) })
	}
	return r
}

// addEntity adds an entity with a name; others are left out.
func (r *Recognizer) addEntity(e listedEntity) {
	if strings.TrimSpace(e.Name) == "" {
		return
	}
	r.ents = append(r.ents, e.Entity)
	r.context = append(r.context, e.needsContext)
	r.country = append(r.country, e.country)
	n := len(r.ents) - 1
	r.add(e.Name, n)
	for _, a := range e.Aliases {
		r.add(a, n)
	}
}

// needs reports whether an entity counts only in a context.
func (r *Recognizer) needs(ent int) bool { return ent >= 0 && ent < len(r.context) && r.context[ent] }

func (r *Recognizer) add(a string, n int) {
	if a = strings.TrimSpace(a); !norm.NFC.IsNormalString(a) {
		a = norm.NFC.String(a)
	}
	if a == "" {
		return
	}
	if plain(a) {
		r.addPlain(a, n)
		return
	}
	k := foldName(a)
	if k != "" {
		r.names[k] = append(r.names[k], n)
	}
	if strings.ContainsFunc(a, unspaced) {
		a = simplify(a)
		c, _ := utf8.DecodeRuneInString(a)
		r.cjk[c] = append(r.cjk[c], runeAlias{a, n})
		return
	}
	r.addWords(a, n)
}

// plain reports whether a spelling is words of English letters with single
// blanks between, as most are: what is fast to add.
func plain(a string) bool {
	last := byte(' ')
	for i := 0; i < len(a); i++ {
		c := a[i]
		if c|0x20 < 'a' || c|0x20 > 'z' {
			if c != ' ' || last == ' ' {
				return false
			}
		}
		last = c
	}
	return last != ' '
}

// addPlain is add for a plain spelling.
func (r *Recognizer) addPlain(a string, n int) {
	k := strings.ToLower(a)
	name := k
	if rest, ok := strings.CutPrefix(k, "the "); ok {
		name = rest
	}
	r.names[name] = append(r.names[name], n)
	al := alias{ent: n}
	if !strings.Contains(a, " ") {
		al.words, al.raw = []string{k}, []string{a}
		al.acronym = len(a) > 1 && len(a) <= 5 && strings.ToUpper(a) == a
	} else {
		al.words, al.raw = strings.Split(k, " "), strings.Split(a, " ")
	}
	r.index(al)
}

// index adds an alias to the map of its first word.
func (r *Recognizer) index(al alias) {
	index := r.first
	if r.needs(al.ent) {
		index = r.inContext
	}
	index[al.words[0]] = append(index[al.words[0]], al)
	if r.ends != nil && !al.acronym {
		r.ends[al.words[len(al.words)-1]] = true
	}
}

// addWords adds a spelling in a script that parts words by blanks, also with
// the words parted from articles that French writes onto them.
func (r *Recognizer) addWords(a string, n int) {
	ts := tokenize(a)
	r.addTokens(ts, n)
	if len(ts) > 1 && strings.ContainsAny(a, "'’") {
		parted := false
		for i, t := range ts[1:] {
			if x, ok := elision(t); ok {
				ts[i+1], parted = x, true
			}
		}
		if parted {
			r.addTokens(ts, n)
		}
	}
}

func (r *Recognizer) addTokens(ts []token, n int) {
	al := alias{ent: n}
	letters, upper := 0, true
	for _, t := range ts {
		al.words = append(al.words, t.fold)
		al.raw = append(al.raw, t.bare)
		al.poss = append(al.poss, t.poss)
		al.glue = append(al.glue, t.glue)
		letters += utf8.RuneCountInString(t.bare)
		upper = upper && t.upper
	}
	if len(al.words) == 0 {
		return
	}
	al.acronym = upper && letters <= 5 && len(al.words) == 1
	r.index(al)
}

// Lookup gives the known entity of the type with that name or alias; case,
// accents, apostrophes and dots do not matter. An empty type takes any.
func (r *Recognizer) Lookup(nameOrAlias string, typ dateline.EntityType) (dateline.Entity, bool) {
	for _, n := range r.names[foldName(norm.NFC.String(nameOrAlias))] {
		if typ == "" && r.ents[n].Type != nothing || r.ents[n].Type == typ {
			e := r.ents[n]
			e.Aliases = slices.Clone(e.Aliases)
			return e, true
		}
	}
	return dateline.Entity{}, false
}

// RecognizeText gives the mentions in a single text.
func (r *Recognizer) RecognizeText(text string) []dateline.Mention {
	return r.recognize([]string{text}, "")
}

// Recognize gives the mentions in an article: those of the title first, each
// part in the order of the text. Lang is a BCP 47 primary tag or empty.
func (r *Recognizer) Recognize(title, body, lang string) []dateline.Mention {
	return r.recognize([]string{title, body}, lang)
}

// Count gives how often each entity is named, the most frequent first, then
// by id.
func Count(ms []dateline.Mention) []dateline.EntityCount {
	type key struct {
		id  string
		typ dateline.EntityType
	}
	at := map[key]int{}
	var out []dateline.EntityCount
	for _, m := range ms {
		k := key{m.EntityID, m.Type}
		i, ok := at[k]
		if !ok {
			i = len(out)
			at[k] = i
			out = append(out, dateline.EntityCount{ID: m.EntityID, Name: m.Name, Type: m.Type})
		}
		out[i].Count++
	}
	sort.SliceStable(out, func(i, j int) bool {
		if out[i].Count != out[j].Count {
			return out[i].Count > out[j].Count
		}
		if out[i].ID != out[j].ID {
			return out[i].ID < out[j].ID
		}
		return out[i].Type < out[j].Type
	})
	return out
}

// unspaced reports whether a letter belongs to a script written without
// spaces between words, or with particles glued to names.
func unspaced(c rune) bool {
	return unicode.In(c, unicode.Han, unicode.Hiragana, unicode.Katakana, unicode.Hangul, unicode.Thai)
}

// fold makes a word comparable: lower case, no accents, apostrophes or dots.
func fold(s string) string {
	if lowerASCII(s) {
		return s
	}
	ascii, plain := true, true
	for _, c := range s {
		ascii = ascii && c < utf8.RuneSelf
		plain = plain && (c < utf8.RuneSelf || undecomposed(c))
	}
	if !ascii {
		s = simplify(s)
	}
	if !plain {
		s = norm.NFD.String(s)
	}
	var b strings.Builder
	b.Grow(len(s))
	for _, c := range s {
		switch {
		case c == '\'' || c == '’' || c == '‘' || c == 'ʼ' || c == '.':
		case c >= 0x300 && c <= 0x36f:
		case c == 'ß':
			b.WriteString("ss")
		case c == 'ø' || c == 'Ø':
			b.WriteByte('o')
		case c == 'ł' || c == 'Ł':
			b.WriteByte('l')
		case c == 'й' || c == 'Й':
			b.WriteRune('и')
		case c == 'ё' || c == 'Ё':
			b.WriteRune('е')
		case c == 'ı':
			b.WriteByte('i')
		default:
			b.WriteRune(unicode.ToLower(c))
		}
	}
	if plain {
		return b.String()
	}
	return norm.NFC.String(b.String())
}

// lowerASCII reports whether a word is folded already, as most are.
func lowerASCII(s string) bool {
	for i := range len(s) {
		if c := s[i]; c >= utf8.RuneSelf || c >= 'A' && c <= 'Z' || c == '\'' || c == '.' {
			return false
		}
	}
	return true
}

// undecomposed reports whether a letter is its own decomposition, or one of
// the Russian ones that fold knows: most names of other scripts need no more.
func undecomposed(c rune) bool {
	return c >= 'А' && c <= 'я' || c == 'ё' || c == 'Ё' || c >= 0x627 && c <= 0x64a || c >= 0x4e00 && c < 0xa000
}

// foldName folds a whole name: its words with single spaces between.
func foldName(s string) string {
	w := strings.FieldsFunc(fold(s), func(c rune) bool {
		return !unicode.IsLetter(c) && !unicode.IsDigit(c) && !unicode.IsMark(c) && c != '&'
	})
	if len(w) > 1 && w[0] == "the" {
		w = w[1:]
	}
	return strings.Join(w, " ")
}
