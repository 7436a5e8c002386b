package indexer

import (
	"cmp"
	"slices"
	"strings"
	"sync"
	"unicode"
	"unicode/utf8"

	"dateline"
)

// A name is well attested if of the articles that name the entity at least
// wellAttested do so by this name, and at least one in attestedShare.
const (
	wellAttested  = 2
	attestedShare = 10
)

// labels count by which names articles call an entity, to choose the one that
// is shown: the longest that is well attested. Nearly all entities have one name
// only, which costs them a number.
type labels struct {
	mu    sync.RWMutex
	docs  [numFields][]int32                // articles that name a value, as recognised
	other map[uint32]map[string]*labelCount // of a value: what it is called beside its first name
	dirty map[uint32]bool                   // values counted since the writer has looked
}

// labelCount is how many articles have a name as the one of an entity, and how
// many beside it.
type labelCount struct{ named, also int32 }

func newLabels() *labels {
	return &labels{other: map[uint32]map[string]*labelCount{}, dirty: map[uint32]bool{}}
}

// add counts an article (by 1, or -1 when it is gone) that calls a value so;
// first is the name that the value has in the columns.
func (l *labels) add(value uint32, first string, name string, also []string, by int32) {
	l.mu.Lock()
	defer l.mu.Unlock()
	f, o := value>>valueBits, int(value&valueMask)
	for len(l.docs[f]) <= o {
		l.docs[f] = append(l.docs[f], make([]int32, o+1-len(l.docs[f]))...)
	}
	l.docs[f][o] += by
	if name != first {
		l.count(value, name).named += by
	}
	for _, a := range also {
		l.count(value, a).also += by
	}
	if len(l.other[value]) > 0 {
		l.dirty[value] = true
	}
}

func (l *labels) count(value uint32, name string) *labelCount {
	m := l.other[value]
	if m == nil {
		m = map[string]*labelCount{}
		l.other[value] = m
	}
	if m[name] == nil {
		m[strings.Clone(name)] = &labelCount{}
	}
	return m[name]
}

// has tells whether articles name an entity, as the recogniser saw it.
func (l *labels) has(g *generation, k entityKey) bool {
	v, ok := g.valueOf(k)
	if !ok {
		return false
	}
	l.mu.RLock()
	defer l.mu.RUnlock()
	f, o := v>>valueBits, int(v&valueMask)
	return o < len(l.docs[f]) && l.docs[f][o] > 0
}

// varies tells whether a value had several names at some time, so that the
// words by which it is found need a second look.
func (l *labels) varies(value uint32) bool {
	l.mu.RLock()
	defer l.mu.RUnlock()
	return len(l.other[value]) > 0
}

// others gives the names of a value beside its first one: those of articles,
// and acronyms that stood for it.
func (l *labels) others(value uint32) []string {
	l.mu.RLock()
	defer l.mu.RUnlock()
	var out []string
	for n, c := range l.other[value] {
		if c.named+c.also > 0 {
			out = append(out, n)
		}
	}
	return out
}

// counted gives the values that were counted since this was asked last, of
// those that have several names.
func (l *labels) counted() []uint32 {
	l.mu.Lock()
	defer l.mu.Unlock()
	out := make([]uint32, 0, len(l.dirty))
	for v := range l.dirty {
		out = append(out, v)
	}
	clear(l.dirty)
	slices.Sort(out)
	return out
}

// several gives all values that have several names.
func (l *labels) several() []uint32 {
	l.mu.RLock()
	defer l.mu.RUnlock()
	out := make([]uint32, 0, len(l.other))
	for v := range l.other {
		out = append(out, v)
	}
	slices.Sort(out)
	return out
}

// candidate is a name with the articles that have it.
type candidate struct {
	name  string
	count int32
}

// candidates gives the names of a value that articles have, and how many
// articles name it.
func (l *labels) candidates(value uint32, first string) (out []candidate, docs int32) {
	f, o := value>>valueBits, int(value&valueMask)
	l.mu.RLock()
	defer l.mu.RUnlock()
	if int(f) >= len(l.docs) || o >= len(l.docs[f]) {
		return nil, 0
	}
	docs = l.docs[f][o]
	rest, also := docs, int32(0)
	for name, c := range l.other[value] {
		rest -= c.named
		if name == first {
			also = c.also
		} else if n := c.named + c.also; n > 0 {
			out = append(out, candidate{name, n})
		}
	}
	if rest += also; rest > 0 {
		out = append(out, candidate{first, rest})
	}
	return out, docs
}

// longest chooses among the names that so many articles have: the longest that is
// well attested and not a cry, else the one that most have. "" if there is none.
func longest(l []candidate, docs int32) string {
	merged := map[string]int32{}
	for _, c := range l {
		merged[c.name] += c.count
	}
	l = l[:0:0]
	for n, c := range merged {
		l = append(l, candidate{n, c})
	}
	if len(l) == 0 {
		return ""
	}
	well := func(c candidate) bool {
		return c.count >= wellAttested && c.count*attestedShare >= docs && !shouted(c.name)
	}
	return slices.MinFunc(l, func(a, b candidate) int {
		if p, q := well(a), well(b); p != q {
			if p {
				return -1
			}
			return 1
		} else if p {
			if d := cmp.Compare(utf8.RuneCountInString(b.name), utf8.RuneCountInString(a.name)); d != 0 {
				return d
			}
		}
		return cmp.Or(cmp.Compare(b.count, a.count), cmp.Compare(utf8.RuneCountInString(b.name), utf8.RuneCountInString(a.name)), strings.Compare(a.name, b.name))
	}).name
}

// shouted tells whether a name is all capitals and no acronym, as headlines
// have it.
func shouted(name string) bool {
	return !isAcronym(name) && strings.ContainsFunc(name, unicode.IsUpper) && !strings.ContainsFunc(name, unicode.IsLower)
}

// alsoCalled gives what of an article's texts a record keeps of an entity
// beside its name: acronyms, and longer names of organizations. Longer ones of
// people have titles in them; who has a longer name is called so.
func alsoCalled(a *dateline.Article) map[string][]string {
	names := map[string]string{} // by id; a mention may have another
	for _, e := range a.Entities {
		if e.Type == dateline.Organization {
			names[e.ID] = e.Name
		}
	}
	var out map[string][]string
	for _, m := range a.Mentions {
		name := names[m.EntityID]
		if m.Type != dateline.Organization || name == "" {
			continue
		}
		t := spaced(m.Text)
		if t == name || !isAcronym(t) && (utf8.RuneCountInString(t) <= utf8.RuneCountInString(name) || shouted(t)) {
			continue
		}
		if out == nil {
			out = map[string][]string{}
		}
		if l := out[m.EntityID]; !slices.Contains(l, t) {
			out[m.EntityID] = append(l, t)
		}
	}
	for _, l := range out {
		slices.Sort(l)
	}
	return out
}

func spaced(s string) string { return strings.Join(strings.Fields(s), " ") }
