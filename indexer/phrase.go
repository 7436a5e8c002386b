package indexer

import (
	"encoding/binary"
	"slices"

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
	r.all(field, toks).each(func(o uint32) {
		var count [3]int
		if r.ctx.Err() != nil {
			return
		}
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
	})
	return r.ctx.Err()
}

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
