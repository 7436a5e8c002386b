package indexer

import (
	"math"
	"slices"
	"strings"
	"sync"
	"time"
	"unicode"
	"unicode/utf8"

	"dateline"
)

// introductionWindow is how many days apart two articles of a story may be for
// a short name in one to mean whom the other introduces.
const introductionWindow = 14

// introductions tell which short names are introduced in a story, when, and
// for whom: surnames by full names ("Mr. Rudd" after Kevin Rudd), acronyms by
// what stands with them or has these initials (CFIUS). They are of the articles
// that are indexed, as the recogniser saw them, so that neither their order
// nor what was resolved by them matters.
type introductions struct {
	mu   sync.RWMutex // searches read while the writer adds
	by   map[string]map[entityKey]storyDays
	open map[string][]uint32 // the same -> articles that do not say whom it means; dead ones too

	touched map[string][]dayRange // of late, until the writer has looked
}

// storyDays counts articles by story and day since 1970.
type storyDays map[string]map[int32]int32

type dayRange struct {
	story string
	day   int32
}

func newIntroductions() *introductions {
	return &introductions{by: map[string]map[entityKey]storyDays{}, open: map[string][]uint32{}, touched: map[string][]dayRange{}}
}

// Short names by what they are.
const (
	surnameMark  = "p" // of a person
	acronymMark  = "a" // that stood for the name in an article
	initialsMark = "i" // that the name has
)

// shortNames gives by what a short name is looked up, in order; nothing if a
// name is none.
func shortNames(typ dateline.EntityType, name string) []string {
	var out []string
	if typ == dateline.Person && !strings.ContainsAny(name, " ·") {
		out = append(out, surnameMark+fold(name))
	}
	if isAcronym(name) {
		out = append(out, acronymMark+undotted(name))
		if typ == dateline.Organization {
			out = append(out, initialsMark+undotted(name))
		}
	}
	return out
}

// isAcronym tells whether a name is two to seven capital letters, with or
// without dots.
func isAcronym(name string) bool {
	n := 0
	for _, r := range name {
		switch {
		case unicode.IsUpper(r):
			n++
		case r != '.' || n == 0:
			return false
		}
	}
	return n >= 2 && n <= 7
}

func undotted(s string) string { return strings.ReplaceAll(s, ".", "") }

// minInitials letters at least are needed for a name to be found by its
// initials alone.
const minInitials = 3

// introduced gives which short names a name introduces.
func introduced(typ dateline.EntityType, name string, also []string) []string {
	words := strings.Fields(name)
	if len(words) < 2 {
		return nil
	}
	switch typ {
	case dateline.Person:
		words = strings.Fields(fold(name))
		for len(words) > 2 && slices.Contains([]string{"jr", "jr.", "sr", "sr.", "ii", "iii", "iv"}, words[len(words)-1]) {
			words = words[:len(words)-1]
		}
		return []string{surnameMark + strings.TrimRight(words[len(words)-1], ".,")}
	case dateline.Organization:
		var out []string
		for _, a := range also {
			if isAcronym(a) {
				out = append(out, acronymMark+undotted(a))
			}
		}
		var initials []rune
		for _, w := range words {
			if r, _ := utf8.DecodeRuneInString(w); unicode.IsUpper(r) {
				initials = append(initials, r)
			}
		}
		if n := len(initials); n >= minInitials && n <= 7 {
			out = append(out, initialsMark+string(initials))
		}
		return out
	}
	return nil
}

// dayOf is the day of a time (UTC), since 1970.
func dayOf(t time.Time) int32 { return daySince(t.Unix()) }

func daySince(unix int64) int32 {
	return int32(max(math.MinInt32, min(math.MaxInt32, int64(math.Floor(float64(unix)/86400)))))
}

// namedIn is an entity that an article names, as the recogniser saw it.
type namedIn struct {
	entityKey
	name  string
	given bool // it came with the article
	also  []string
}

// add counts what an article of stories introduces (by 1, or -1 when it is
// gone), and notes what it leaves open.
func (in *introductions) add(l []namedIn, stories []string, day int32, ord uint32, by int32) {
	if len(stories) == 0 {
		return
	}
	in.mu.Lock()
	defer in.mu.Unlock()
	for _, e := range l {
		if !e.given && by > 0 {
			for _, key := range shortNames(e.Type, e.name) {
				in.open[key] = append(in.open[key], ord)
			}
		}
		for _, key := range introduced(e.Type, e.name, e.also) {
			in.count(key, e.entityKey, stories, day, by)
		}
	}
}

func (in *introductions) count(key string, k entityKey, stories []string, day, by int32) {
	if in.by[key] == nil {
		in.by[key] = map[entityKey]storyDays{}
	}
	if in.by[key][k] == nil {
		in.by[key][k] = storyDays{}
	}
	sd := in.by[key][k]
	for _, s := range stories {
		if sd[s] == nil {
			sd[s] = map[int32]int32{}
		}
		was := sd[s][day]
		if sd[s][day] = was + by; was+by <= 0 {
			delete(sd[s], day)
		}
		if was == 0 || was+by <= 0 {
			in.touched[key] = append(in.touched[key], dayRange{s, day})
		}
	}
}

// near tells whether there is an article of one of the stories around a day.
func (sd storyDays) near(stories []string, day int32) bool {
	for _, s := range stories {
		for d := range sd[s] {
			if near(d, day) {
				return true
			}
		}
	}
	return false
}

func near(a, b int32) bool { return a-b <= introductionWindow && b-a <= introductionWindow }

// means gives the one entity that a short name means in stories around a day.
// An acronym means what it was said to stand for, else what has such initials.
func (in *introductions) means(o *overlay, e entityKey, name string, stories []string, day int32) (entityKey, bool) {
	keys := shortNames(e.Type, name)
	if len(keys) == 0 {
		return e, false
	}
	in.mu.RLock()
	defer in.mu.RUnlock()
	for _, key := range keys {
		if found, n := in.only(o, key, e, stories, day); n > 0 {
			return found, n == 1
		}
	}
	return e, false
}

func (in *introductions) only(o *overlay, key string, e entityKey, stories []string, day int32) (found entityKey, n int) {
	for k, sd := range in.by[key] {
		if k == e || !sd.near(stories, day) {
			continue
		}
		if k = o.root(k); n == 0 || k != found {
			found = k
			n++
		}
	}
	return found, n
}

// awaiting gives the articles for which a short name may mean something else
// than before the writer looked last. near tells whether an article is of a
// story around a day.
func (in *introductions) awaiting(near func(ord uint32, d dayRange) bool) []uint32 {
	in.mu.Lock()
	defer in.mu.Unlock()
	var out []uint32
	for key, days := range in.touched {
		slices.SortFunc(days, func(a, b dayRange) int { return int(a.day) - int(b.day) })
		days = slices.Compact(days)
		for _, o := range in.open[key] {
			if slices.ContainsFunc(days, func(d dayRange) bool { return near(o, d) }) {
				out = append(out, o)
			}
		}
	}
	clear(in.touched)
	return out
}

// all gives every article that leaves a short name open.
func (in *introductions) all() []uint32 {
	in.mu.RLock()
	defer in.mu.RUnlock()
	var out []uint32
	for _, l := range in.open {
		out = append(out, l...)
	}
	return out
}

// mentioning gives the articles that leave open a short name by which one of
// the entities is introduced somewhere.
func (in *introductions) mentioning(l []entityKey) []uint32 {
	in.mu.RLock()
	defer in.mu.RUnlock()
	var out []uint32
	for key, who := range in.by {
		if len(in.open[key]) > 0 && slices.ContainsFunc(l, func(k entityKey) bool { _, ok := who[k]; return ok }) {
			out = append(out, in.open[key]...)
		}
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// leaving gives the articles that leave an entity of a short name open.
func (in *introductions) leaving(k entityKey, name string) []uint32 {
	in.mu.RLock()
	defer in.mu.RUnlock()
	var out []uint32
	for _, key := range shortNames(k.Type, name) {
		out = append(out, in.open[key]...)
	}
	slices.Sort(out)
	return slices.Compact(out)
}
