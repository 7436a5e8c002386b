package entity

import (
	"embed"
	"slices"
	"strings"
	"sync"
	"unicode/utf8"

	"dateline"
)

// The lists, where two have the same spelling the earlier one wins; LISTS.md
// says where they come from.
//
//go:embed entities.tsv lists/*.tsv lists/hant.txt lists/firstnames.txt
var lists embed.FS

var listFiles = []string{"lists/none.tsv", "lists/orgs.tsv", "lists/orgs_more.tsv", "lists/geography.tsv", "lists/companies.tsv", "lists/companies_more.tsv", "lists/people.tsv", "lists/people_more.tsv", "entities.tsv", "lists/places.tsv", "lists/regions.tsv", "lists/stocks.tsv", "lists/towns.tsv"}

// listTypes are the letters of list lines. A town (T) and an organization whose
// name is a word (W) count only where the words around say so, see context.go.
var listTypes = map[string]dateline.EntityType{
	"P": dateline.Person, "O": dateline.Organization, "L": dateline.Place, "T": dateline.Place, "W": dateline.Organization, "N": nothing,
}

// listedEntity is an entity of the embedded lists.
type listedEntity struct {
	dateline.Entity
	country      string // that it lies in, or serves
	needsContext bool
}

// shipped gives the entities of the embedded lists: lines of type, name,
// Wikidata id, aliases parted by bars, and country. An entity may stand in
// several lists, its aliases are joined.
var shipped = sync.OnceValue(func() []listedEntity {
	ids := map[string]string{}
	for f := range listLines("lists/wikidata.tsv") {
		ids[f[0]] = f[1]
	}
	type key struct {
		typ dateline.EntityType
		id  string
	}
	out := make([]listedEntity, 0, 1<<15)
	at := make(map[key]int, 1<<15)
	for _, file := range listFiles {
		for f := range listLines(file) {
			f = append(f, "", "", "")
			typ := listTypes[f[0]]
			if typ == "" || f[1] == "" {
				continue
			}
			k := key{typ, dateline.Slug(f[1])}
			n, ok := at[k]
			if !ok {
				n = len(out)
				at[k] = n
				e := listedEntity{needsContext: f[0] == "T" || f[0] == "W"}
				e.Entity = dateline.Entity{ID: k.id, Type: typ, Name: f[1]}
				if typ == dateline.Organization {
					e.Wikidata = ids[f[1]]
				}
				out = append(out, e)
			}
			e := &out[n]
			if e.Wikidata == "" {
				e.Wikidata = f[2]
			}
			if len(f) > 4 && e.country == "" {
				e.country = f[4]
			}
			if f[3] == "" {
				continue
			}
			for a := range strings.SplitSeq(f[3], "|") {
				if a != "" && a != e.Name && !slices.Contains(e.Aliases, a) {
					e.Aliases = append(e.Aliases, a)
				}
			}
		}
	}
	return out
})

// nothing is the type of what looks like an entity and is none.
const nothing dateline.EntityType = "nothing"

// listLines yields the fields of a list's lines without its comments.
func listLines(file string) func(func([]string) bool) { return numberedLines(file, new(int)) }

// numberedLines is listLines; n holds the number of the line, from 1.
func numberedLines(file string, n *int) func(func([]string) bool) {
	b, err := lists.ReadFile(file)
	if err != nil {
		panic("entity: " + err.Error()) // it is embedded
	}
	return func(yield func([]string) bool) {
		for line := range strings.Lines(string(b)) {
			*n++
			f := strings.Split(strings.TrimRight(line, "\r\n"), "\t")
			if line[0] != '#' && len(f) > 1 && !yield(f) {
				return
			}
		}
	}
}

// simplified maps traditional Chinese characters to the simplified ones for
// which they stand.
var simplified = sync.OnceValue(func() map[rune]rune {
	b, err := lists.ReadFile("lists/hant.txt")
	if err != nil {
		panic("entity: " + err.Error()) // it is embedded
	}
	out := map[rune]rune{}
	rs := []rune(strings.TrimSpace(string(b)))
	for i := 0; i+1 < len(rs); i += 2 {
		if utf8.RuneLen(rs[i]) == utf8.RuneLen(rs[i+1]) { // offsets stay what they are
			out[rs[i]] = rs[i+1]
		}
	}
	return out
})

// simplify writes traditional Chinese characters as simplified ones, so that
// one alias serves both. Offsets stay as they are.
func simplify(s string) string {
	m := simplified()
	for i, c := range s {
		if c < 0x4e00 || m[c] == 0 {
			continue
		}
		var b strings.Builder
		b.Grow(len(s))
		b.WriteString(s[:i])
		for j := i; j < len(s); {
			c, n := utf8.DecodeRuneInString(s[j:])
			if x := m[c]; x != 0 {
				b.WriteRune(x)
			} else {
				b.WriteString(s[j : j+n])
			}
			j += n
		}
		return b.String()
	}
	return s
}

// isFirstName reports whether a folded word is somebody's first name.
func isFirstName(w string) bool { return firstNames[w] || moreFirstNames()[w] }

// moreFirstNames are the first names of many countries.
var moreFirstNames = sync.OnceValue(func() map[string]bool {
	b, err := lists.ReadFile("lists/firstnames.txt")
	if err != nil {
		panic("entity: " + err.Error()) // it is embedded
	}
	out := make(map[string]bool, 20000)
	for line := range strings.Lines(string(b)) {
		if line[0] != '#' {
			out[strings.TrimSpace(line)] = true
		}
	}
	return out
})
