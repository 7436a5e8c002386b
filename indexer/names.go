package indexer

import (
	"cmp"
	"context"
	"slices"
	"strings"
	"sync"

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
	distance int // edits in all words
	count    int // articles
}

// entitiesLike gives entities with a name in which the words stand in a row,
// the last as a prefix, most named first; then, if typos are allowed, those
// with names that have words like these, the nearest first.
func (x *Index) entitiesLike(v *view, want []token, typ dateline.EntityType, limit int, typos bool) []dateline.EntityCount {
	var found []foundName
	before := func(a, b foundName) int {
		return cmp.Or(cmp.Compare(a.distance, b.distance), cmp.Compare(b.count, a.count), strings.Compare(v.value(a.value).id, v.value(b.value).id))
	}
	take := func(value uint32, distance int) {
		if t := entityType(fields[value>>valueBits]); typ != "" && typ != t {
			return
		}
		if n := v.docCount(value); n > 0 {
			found = append(found, foundName{value, distance, n})
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
			if int(value&valueMask) < len(v.values[value>>valueBits]) && (len(want) == 1 || x.named(v.value(value), want)) {
				take(value, 0)
			}
		}
		if typos && (limit <= 0 || len(found) < limit) {
			exact := slices.Clone(found)
			for value, d := range names.nearly(want) {
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
func (x *Index) named(fv *facetValue, want []token) bool {
	names := []string{fv.name}
	if e, ok := x.known(fv.id); ok {
		names = append(append(names, e.Name), e.Aliases...)
	}
	return slices.ContainsFunc(names, func(n string) bool { return len(findPhrase(analyze(otherLang, n), want, true)) > 0 })
}

// Entities lists entities that have a name or alias with a word that begins
// with q, most named first; Count is the number of articles.
func (x *Index) Entities(_ context.Context, q string, typ dateline.EntityType, limit int) ([]dateline.EntityCount, error) {
	v, err := x.view()
	if err != nil {
		return nil, err
	}
	defer v.release()
	return x.entitiesLike(v, analyze(otherLang, q), typ, limit, false), nil
}
