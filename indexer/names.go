package indexer

import (
	"cmp"
	"context"
	"slices"
	"strings"
	"sync"
	"unicode/utf8"

	"dateline"
)

// nameIndex finds entities by the words of their names and aliases. Values
// that no article of a view has are in it too, and left out by who asks.
type nameIndex struct {
	mu    sync.RWMutex // searches read while the writer adds
	words wordLists    // of value numbers, as columns have them
	taken [numFields]int
	known map[uint32]int // value -> how many aliases are taken, plus 1
}

// take adds the names of the values that have come since.
func (n *nameIndex) take(values *[numFields][]*facetValue) {
	n.mu.Lock()
	defer n.mu.Unlock()
	for f, l := range values {
		if f < len(filterFields) && entityType(fields[f]) != "" {
			for o := n.taken[f]; o < len(l); o++ {
				n.add(uint32(f)<<valueBits|uint32(o), l[o].name)
			}
		}
		n.taken[f] = len(l)
	}
}

// alias adds the names of a known entity. It is called for each article that
// names it, and does nothing when these aliases were taken before.
func (n *nameIndex) alias(value uint32, e dateline.Entity) {
	n.mu.Lock()
	defer n.mu.Unlock()
	if n.known[value] > len(e.Aliases) {
		return
	}
	if n.known == nil {
		n.known = map[uint32]int{}
	}
	n.known[value] = len(e.Aliases) + 1
	n.add(value, e.Name)
	for _, a := range e.Aliases {
		n.add(value, a)
	}
}

// also adds more names of a value.
func (n *nameIndex) also(value uint32, names ...string) {
	n.mu.Lock()
	defer n.mu.Unlock()
	for _, name := range names {
		n.add(value, name)
	}
}

// become takes over what another, which nobody else uses, has.
func (n *nameIndex) become(other *nameIndex) {
	n.mu.Lock()
	defer n.mu.Unlock()
	n.words, n.taken, n.known = other.words, other.taken, other.known
}

func (n *nameIndex) add(value uint32, name string) {
	for _, t := range analyze(otherLang, name) {
		if k, ok := n.words.find(t.word); !ok || !n.words.lists[k].has(value) {
			n.words.put(t.word, value)
		}
	}
}

// docCount gives how many live articles have a value: exactly, and without
// counting all others as counts does.
func (v *view) docCount(value uint32) int {
	f, o := value>>valueBits, value&valueMask
	if int(o) >= len(v.values[f]) {
		return 0
	}
	fv := v.values[f][o]
	if v.undone == 0 {
		return fv.count(v.n)
	}
	n := 0
	fv.each(v.n, func(d uint32) {
		if v.live.has(d) {
			n++
		}
	})
	return n
}

// docs tells how many articles name an entity by a name with this word: of
// the one that most name.
func (n *nameIndex) docs(v *view, word string) int {
	n.mu.RLock()
	defer n.mu.RUnlock()
	most := 0
	if k, ok := n.words.find(word); ok {
		n.words.lists[k].each(func(value uint32) { most = max(most, v.docCount(value)) })
	}
	return most
}

// like gives the words of names that are most like one, but not itself.
func (n *nameIndex) like(v *view, word string, limit, most int) []nearWord {
	n.mu.RLock()
	defer n.mu.RUnlock()
	var out []nearWord
	n.words.near(newSpeller(word, limit, false), func(k uint32, d int) {
		if d == 0 {
			return
		}
		a := nearWord{number: k, distance: d, word: string(n.words.word(k))}
		n.words.lists[k].each(func(value uint32) { a.count = max(a.count, v.docCount(value)) })
		if a.count > 0 {
			out = append(out, a)
		}
	})
	return best(out, most)
}

// foundName is an entity whose name is like what was typed.
type foundName struct {
	value    uint32
	distance int   // edits in all words
	about    int64 // how much they are about it; 0 if that does not matter
	count    int   // articles
}

// entitiesLike gives entities with a name in which the words stand in a row,
// the last as a prefix, most named first, or, if salient is set, those first
// that articles are most about; then, if typos are allowed, those with names
// that have words like these, the nearest first.
func (x *Index) entitiesLike(v *view, want []token, typ dateline.EntityType, limit int, salient, typos bool) []dateline.EntityCount {
	var found []foundName
	before := func(a, b foundName) int {
		return cmp.Or(cmp.Compare(a.distance, b.distance), cmp.Compare(b.about, a.about), cmp.Compare(b.count, a.count), strings.Compare(v.value(a.value).id, v.value(b.value).id))
	}
	take := func(value uint32, distance int) {
		if t := entityType(fields[value>>valueBits]); typ != "" && typ != t {
			return
		}
		if n := v.docCount(value); n > 0 {
			about := int64(0)
			if salient {
				about = v.value(value).about.Load()
			}
			found = append(found, foundName{value, distance, about, n})
		}
		if limit > 0 && len(found) == 4*limit+100 { // a short prefix has thousands
			slices.SortFunc(found, before)
			found = found[:limit]
		}
	}
	names := &v.gen.names
	if len(want) == 0 {
		for f := range filterFields {
			if entityType(fields[f]) != "" {
				for o := range v.values[f] {
					take(uint32(f)<<valueBits|uint32(o), 0)
				}
			}
		}
	} else {
		for _, value := range names.having(want) {
			if int(value&valueMask) < len(v.values[value>>valueBits]) && (len(want) == 1 && !v.gen.labels.varies(value) || x.named(v, value, want)) {
				take(value, 0)
			}
		}
		if typos && (limit <= 0 || len(found) < limit) {
			exact := slices.Clone(found)
			for value, d := range names.nearly(want) {
				if v.gen.labels.varies(value) {
					var ok bool
					if d, ok = x.nearlyNamed(v, value, want); !ok {
						continue
					}
				}
				if !slices.ContainsFunc(exact, func(f foundName) bool { return f.value == value }) {
					take(value, max(1, d))
				}
			}
		}
	}
	slices.SortFunc(found, before)
	if limit > 0 && len(found) > limit {
		found = found[:limit]
	}
	out := make([]dateline.EntityCount, len(found))
	for i, e := range found {
		fv := v.value(e.value)
		out[i] = dateline.EntityCount{ID: fv.id, Name: x.nameOf(int(e.value>>valueBits), fv), Type: entityType(fields[e.value>>valueBits]), Count: e.count}
	}
	return out
}

func (v *view) value(n uint32) *facetValue { return v.values[n>>valueBits][n&valueMask] }

// having gives the values with a word that begins so or, of several words,
// with the first of them.
func (n *nameIndex) having(want []token) []uint32 {
	n.mu.RLock()
	defer n.mu.RUnlock()
	var out []uint32
	take := func(k uint32) {
		n.words.lists[k].each(func(value uint32) { out = append(out, value) })
	}
	if len(want) == 1 {
		n.words.prefixed(want[0].word, take)
	} else if k, ok := n.words.find(want[0].word); ok {
		take(k)
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// nearly gives the values that have a word like each of those wanted, the
// last as a prefix, and by how many edits in all.
func (n *nameIndex) nearly(want []token) map[uint32]int {
	n.mu.RLock()
	defer n.mu.RUnlock()
	return n.words.nearly(want)
}

// named tells whether a name of a value has the words in a row.
func (x *Index) named(v *view, value uint32, want []token) bool {
	return slices.ContainsFunc(x.namesOf(v.gen, value), func(n string) bool { return len(findPhrase(analyze(otherLang, n), want, true)) > 0 })
}

// nearlyNamed tells whether the names of a value have a word like each of those
// wanted, the last as a prefix, and by how many edits in all.
func (x *Index) nearlyNamed(v *view, value uint32, want []token) (edits int, ok bool) {
	var words []token
	for _, n := range x.namesOf(v.gen, value) {
		words = append(words, analyze(otherLang, n)...)
	}
	for i, w := range want {
		s := newSpeller(w.word, typoLimit(utf8.RuneCountInString(w.word)), i == len(want)-1)
		least := s.limit + 1
		for _, t := range words {
			least = min(least, s.distance([]byte(t.word)))
		}
		if least > s.limit {
			return 0, false
		}
		edits += least
	}
	return edits, true
}

// namesOf gives the names of an entity by which it is found: its own and those
// of what is part of it, as lists, articles and admins have them.
func (x *Index) namesOf(g *generation, value uint32) []string {
	f := int(value >> valueBits)
	d := &g.cols.dicts[f]
	id, name := d.at(value & valueMask)
	k := entityKey{Type: entityType(fields[f]), ID: id}
	out := []string{x.nameFor(k, name)}
	for _, p := range x.over.Load().parts(k) {
		if e, ok := x.known(p.ID); ok && e.Type == p.Type {
			out = append(append(out, e.Name), e.Aliases...)
		}
		if o, ok := d.lookup(p.ID); ok {
			_, first := d.at(o)
			names, _ := g.labels.candidates(uint32(f)<<valueBits|o, first)
			for _, n := range names {
				out = append(out, n.name)
			}
		}
	}
	return out
}

// Entities lists entities that have a name or alias with a word that begins
// with q, most named first; Count is the number of articles.
func (x *Index) Entities(_ context.Context, q string, typ dateline.EntityType, limit int) ([]dateline.EntityCount, error) {
	v, err := x.view()
	if err != nil {
		return nil, err
	}
	defer v.release()
	return x.entitiesLike(v, analyze(otherLang, q), typ, limit, false, false), nil
}
