package indexer

import (
	"slices"
	"strings"

	"dateline"
	"dateline/indexer/segment"
)

// posting is an article in which a leaf of the query occurs.
type posting struct {
	ord  uint32
	freq segment.Freq
}

// leaf evaluates text in each language that live articles have: find appends
// to r.posts the articles of one analysis. Languages in which the words have
// the same stems are looked up once.
func (r *run) leaf(text string, positive bool, find func(lang string) error) (bitset, error) {
	v := r.v
	if len(analyze(otherLang, text)) == 0 {
		return v.live.clone(), nil
	}
	r.posts = r.posts[:0]
	type group struct {
		stems string
		lang  string
		mask  uint64
	}
	var groups []group
	for i, l := range v.langs {
		if v.langDocs[i] == 0 {
			continue
		}
		var b strings.Builder
		toks := analyze(l, text)
		for _, t := range toks {
			b.WriteString(t.stem)
			b.WriteByte(0)
		}
		if form, ok := whole(l, text, toks); ok {
			b.WriteString(form.stem)
		}
		k := slices.IndexFunc(groups, func(g group) bool { return g.stems == b.String() })
		if k < 0 {
			groups = append(groups, group{stems: b.String(), lang: l})
			k = len(groups) - 1
		}
		groups[k].mask |= 1 << i
	}
	for _, g := range groups {
		at := len(r.posts)
		if err := find(g.lang); err != nil {
			return nil, err
		}
		if len(groups) > 1 {
			kept := r.posts[:at]
			for _, p := range r.posts[at:] {
				if g.mask>>v.lang[p.ord]&1 != 0 {
					kept = append(kept, p)
				}
			}
			r.posts = kept
		}
	}
	return r.take(positive), nil
}

// take turns the postings of a leaf into a set, and keeps them for score.
func (r *run) take(positive bool) bitset {
	out := r.v.none()
	for _, p := range r.posts {
		out.set(p.ord)
	}
	if r.scored && positive {
		r.lastIDF = r.idf(len(r.posts))
		r.mute()
		r.keep(scoredLeaf{idf: r.lastIDF, k1: bm25K1})
	}
	return out
}

// term appends the postings of one index term in live articles.
func (r *run) term(field, term string) {
	r.each(field, term, func(o uint32, f segment.Freq) { r.posts = append(r.posts, posting{o, f}) })
}

// each calls f for the live articles that have a term.
func (r *run) each(field, term string, f func(o uint32, f segment.Freq)) {
	for i := range r.v.segs {
		s := &r.v.segs[i]
		s.each(r.v.live, field, s.seg.Postings(term), f)
	}
}

func (s *segView) each(live bitset, field string, p segment.Postings, f func(o uint32, f segment.Freq)) {
	var docs [segment.BlockLen]uint32
	var freqs [segment.BlockLen]segment.Freq
	for n := p.Block(&docs, &freqs); n > 0; n = p.Block(&docs, &freqs) {
		for i, d := range docs[:n] {
			freq := freqs[i]
			if field != "" {
				if freq = segment.NewFreq(freq.Title(), 0, 0); freq == 0 {
					continue
				}
			}
			if o := s.ords[d]; live.has(o) {
				f(o, freq)
			}
		}
	}
}

// prefix finds the articles with a word, or the stem of one, that begins so.
// Words before the last are a phrase with it and verified on the stored text,
// as the forward index has stems only.
func (r *run) prefix(n *dateline.Prefix, positive bool) (bitset, error) {
	words := analyze(otherLang, n.Text)
	if len(words) == 0 {
		return r.v.live.clone(), nil
	}
	if err := r.beginning(n.Field, words[len(words)-1].word); err != nil {
		return nil, err
	}
	if len(words) == 1 {
		return r.take(positive), nil
	}
	cand := r.v.none()
	for _, p := range r.posts {
		cand.set(p.ord)
	}
	for _, w := range words[:len(words)-1] {
		s, err := r.leaf(w.word, false, func(lang string) error { return r.phrase(n.Field, w.word, lang, 0) })
		if err != nil {
			return nil, err
		}
		cand.and(s)
	}
	if err := r.verify(cand, n); err != nil {
		return nil, err
	}
	return r.take(positive), nil
}

// beginning puts into r.posts the articles with a word or stem that begins so,
// with the counts of all these added up.
func (r *run) beginning(field, start string) error {
	sum := r.v.sums()
	found := r.v.none()
	for i := range r.v.segs {
		s := &r.v.segs[i]
		for _, start := range []string{start, exactMark + start} {
			terms := s.seg.Range([]byte(start), prefixEnd(start))
			for terms.Next() {
				if err := r.ctx.Err(); err != nil {
					return err // and sum is not used again, as it has counts
				}
				s.each(r.v.live, field, terms.Postings(), func(o uint32, f segment.Freq) {
					found.set(o)
					sum[o] = sum[o].Add(f)
				})
			}
		}
	}
	r.posts = r.posts[:0]
	found.each(func(o uint32) {
		r.posts = append(r.posts, posting{o, sum[o]})
		sum[o] = 0
	})
	sumPool.Put(&sum)
	return nil
}

// prefixEnd is the first string after all that begin with s.
func prefixEnd(s string) []byte {
	b := []byte(s)
	for i := len(b) - 1; i >= 0; i-- {
		if b[i] < 0xff {
			b[i]++
			return b[:i+1]
		}
	}
	return nil
}

// verify puts into r.posts what the evaluator says matches.
func (r *run) verify(set bitset, n *dateline.Prefix) error {
	var ords []uint32
	set.each(func(o uint32) { ords = append(ords, o) })
	r.posts = r.posts[:0]
	for part := range slices.Chunk(ords, 200) {
		as, err := r.x.asFound(r.ctx, r.v, part)
		if err != nil {
			return err
		}
		for i, a := range as {
			if a == nil {
				continue // deleted this instant
			}
			d := newDocument(a)
			want := analyze(d.lang, n.Text)
			title, body, lead := len(findPhrase(d.title, want, true)), 0, 0
			if n.Field == "" {
				body, lead = len(findPhrase(d.body, want, true)), len(findPhrase(d.brief, want, true))
			}
			if f := segment.NewFreq(title, lead, body); f != 0 {
				r.posts = append(r.posts, posting{part[i], f})
			}
		}
	}
	return nil
}
