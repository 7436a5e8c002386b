package indexer

import (
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
	want := make([]uint32, len(toks))
	for i, t := range toks {
		n, ok := r.v.voc.lookup(t.stem)
		if !ok {
			return nil
		}
		want[i] = n
	}
	at := len(r.posts)
	cand := r.all(field, toks)
	r.posts = r.posts[:at]
	cand.each(func(o uint32) {
		parts, terms := r.v.forward(o, r.terms)
		r.terms = terms
		var count [len(parts)]int
		from := 0
		for i, n := range parts {
			if i == partTitle || field == "" {
				count[i] = occurrences(terms[from:from+n], want, slop)
			}
			from += n
		}
		if f := segment.NewFreq(count[partTitle], count[partSummary], count[partBody]); f != 0 {
			r.posts = append(r.posts, posting{o, f})
		}
	})
	return nil
}

// all gives the live articles that have every one of the terms.
func (r *run) all(field string, toks []token) bitset {
	var out bitset
	at := len(r.posts)
	for i, t := range toks {
		if slices.ContainsFunc(toks[:i], func(u token) bool { return u.stem == t.stem }) {
			continue
		}
		r.posts = r.posts[:at]
		r.term(field, t.stem)
		s := r.v.none()
		for _, p := range r.posts[at:] {
			s.set(p.ord)
		}
		if out == nil {
			out = s
		} else {
			out.and(s)
		}
	}
	return out
}

// occurrences counts how often the words stand in order or, with a slop, how
// many windows of it hold them all.
func occurrences(terms, want []uint32, slop int) int {
	if slop > 0 {
		return windows(terms, want, slop)
	}
	n := 0
	for i := 0; i+len(want) <= len(terms); i++ {
		if terms[i] == want[0] && slices.Equal(terms[i+1:i+len(want)], want[1:]) {
			n++
		}
	}
	return n
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
