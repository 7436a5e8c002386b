package indexer

import (
	"slices"
	"strings"
	"sync"

	"dateline"
)

// titleIndex finds articles by the beginnings of words in their titles, as a
// search box needs it: with each letter that is typed, and in spite of typos.
// The lists of words have ordinals in growing order. It takes about 40 bytes
// an article, and is of no view: who asks leaves out what is not live.
type titleIndex struct {
	mu    sync.RWMutex // searches read while the writer adds
	words wordLists
}

func (t *titleIndex) add(o uint32, title []token) {
	t.mu.Lock()
	defer t.mu.Unlock()
	for i, w := range title {
		if !slices.ContainsFunc(title[:i], func(u token) bool { return u.word == w.word }) {
			t.words.put(w.word, o)
		}
	}
}

// match gives the live articles with words in their titles that begin as those
// wanted, or with typos are nearly such.
func (t *titleIndex) match(v *view, want []token, typos bool) bitset {
	t.mu.RLock()
	defer t.mu.RUnlock()
	var out bitset
	for i, w := range want {
		set := v.none()
		take := func(k uint32) {
			t.words.lists[k].each(func(o uint32) {
				if int(o) < v.n {
					set.set(o)
				}
			})
		}
		t.words.prefixed(w.word, take)
		if s := newSpeller(w.word, typoLimit(len([]rune(w.word))), i == len(want)-1); typos && s.limit > 0 {
			t.words.near(s, func(k uint32, _ int) { take(k) })
		}
		if out == nil {
			out = set
		} else {
			out.and(set)
		}
	}
	out.and(v.live)
	return out
}

// titlesLike gives the newest articles whose titles are like what was typed,
// no two of one title: first those that have it, then, if typos are allowed,
// those that nearly have.
func (v *view) titlesLike(want []token, limit int, nearly bool) []uint32 {
	var out []uint32
	seen := map[string]bool{}
	var exact bitset
	for _, typos := range []bool{false, true} {
		if len(out) == limit || typos && !nearly || typos && !slices.ContainsFunc(want, func(w token) bool { return typoLimit(len([]rune(w.word))) > 0 }) {
			break
		}
		ords, ok := []uint32(nil), false
		if !typos && len(want) == 1 && v.gen.titles.count(want[0].word) > v.n/4 {
			ords, ok = v.startingSo(want[0].word, 4*limit)
		}
		if !ok {
			set := v.gen.titles.match(v, want, typos)
			if typos {
				set.andNot(exact)
			}
			exact = set
			p := pager{v: v, order: dateline.SortNewest}
			ords, _ = p.page(set, 4*limit)
		}
		for _, o := range ords {
			// Four times as many were asked for, as some may have one title.
			if key := fold(v.title(o)); !seen[key] && len(out) < limit {
				seen[key] = true
				out = append(out, o)
			}
		}
		if exact == nil {
			break
		}
	}
	return out
}

// count gives how many words in titles begin so.
func (t *titleIndex) count(start string) int {
	t.mu.RLock()
	defer t.mu.RUnlock()
	n := 0
	t.words.prefixed(start, func(k uint32) { n += int(t.words.count[k]) })
	return n
}

// startingSo gives the n newest articles with a word in the title that begins
// so, where many have one: it reads titles, the newest first, and gives up if
// that is taking long.
func (v *view) startingSo(start string, n int) ([]uint32, bool) {
	var out []uint32
	newest := v.inTime()
	for _, o := range newest[:min(len(newest), 20*n)] {
		if v.live.has(o) && slices.ContainsFunc(analyze(otherLang, v.title(o)), func(t token) bool { return strings.HasPrefix(t.word, start) }) {
			if out = append(out, o); len(out) == n {
				return out, true
			}
		}
	}
	return nil, false
}

// title reads an article's title from its record.
func (v *view) title(o uint32) string { return string(recordTitle(v.log.payload(v.off[o]))) }

func recordTitle(p []byte) []byte {
	rd := reader{b: p[9+int(p[8]):]}
	return rd.bytes()
}
