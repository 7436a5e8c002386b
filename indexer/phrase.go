package indexer

import (
	"encoding/binary"
	"slices"
	"sync/atomic"

	"dateline/indexer/segment"
)

// phrase appends the articles that have the words in a row or, with a slop,
// all within that many words.
func (r *run) phrase(field, text, lang string, slop int) error {
	toks := analyze(lang, text)
	if len(toks) == 1 {
		r.term(field, toks[0].stem)
		return nil
	}
	if form, ok := whole(lang, text, toks); ok && slop == 0 {
		return r.either(field, form, func() error { return r.row(field, toks, 0) })
	}
	return r.row(field, toks, slop)
}

// row appends the articles that have several words in a row or near.
func (r *run) row(field string, toks []token, slop int) error {
	want := make([]uint32, len(toks))
	for i, t := range toks {
		n, ok := r.v.voc.lookup(t.stem)
		if !ok {
			return nil
		}
		want[i] = n
	}
	var encoded []byte
	for _, n := range want {
		encoded = binary.AppendUvarint(encoded, uint64(n))
	}
	var lot []uint32
	var err error
	verify := func() {
		if err = r.ctx.Err(); err != nil {
			lot = lot[:0]
			return
		}
		r.v.touch(lot)
		for _, o := range lot {
			var count [3]int
			for i, l := range r.v.lists(o) {
				if field != "" && i != partTitle {
					break
				}
				if slop == 0 {
					count[i] = l.count(encoded)
				} else if l.n >= len(want) {
					r.terms = l.appendTerms(r.terms[:0])
					count[i] = windows(r.terms, want, slop)
				}
			}
			if f := segment.NewFreq(count[partTitle], count[partSummary], count[partBody]); f != 0 {
				r.posts = append(r.posts, posting{o, f})
			}
		}
		lot = lot[:0]
	}
	r.all(field, toks).each(func(o uint32) {
		if lot = append(lot, o); len(lot) == lotSize {
			verify()
		}
	})
	verify()
	return err
}

// lotSize is how many articles are read at once: see touch.
const lotSize = 32

// touch asks for the terms of some articles before they are read one by one.
// They are far apart in memory, and a processor waits for many at once hardly
// longer than for one.
func (v *view) touch(ords []uint32) {
	if v.n == 0 {
		return
	}
	var x byte
	last := v.off[v.n-1] // the mapping is longer than the file
	for _, o := range ords {
		at := v.off[o] + recordHead + int64(v.fwd[o])
		x ^= v.log[at] ^ v.log[min(at+64, last)] ^ v.log[min(at+128, last)]
	}
	touched.Store(uint32(x))
}

// touched keeps the compiler from leaving out reads that nobody uses.
var touched atomic.Uint32

// all gives the live articles that have every one of the terms.
func (r *run) all(field string, toks []token) bitset {
	var out bitset
	for i, t := range toks {
		if slices.ContainsFunc(toks[:i], func(u token) bool { return u.stem == t.stem }) {
			continue
		}
		s := r.v.none()
		r.each(field, t.stem, func(o uint32, _ segment.Freq) { s.set(o) })
		if out == nil {
			out = s
		} else {
			out.and(s)
		}
	}
	return out
}

// windows counts the stretches that hold all the words, as often as each is
// wanted, the first and the last at most slop apart; stretches do not overlap.
func windows(terms, want []uint32, slop int) int {
	slop = max(slop, len(want)-1)
	n := 0
	need := map[uint32]int{}
	for _, w := range want {
		need[w]++
	}
	var at []int
	for i, t := range terms {
		if need[t] > 0 {
			at = append(at, i)
		}
	}
	have := map[uint32]int{}
	missing, lo := len(want), 0
	for _, pos := range at {
		s := terms[pos]
		if have[s]++; have[s] <= need[s] {
			missing--
		}
		for missing == 0 {
			if pos-at[lo] <= slop {
				n++
			}
			l := terms[at[lo]]
			if have[l]--; have[l] < need[l] {
				missing++
			}
			lo++
		}
	}
	return n
}
