package indexer

import (
	"slices"
	"strings"

	segment "github.com/blevesearch/scorch_segment_api/v2"

	"dateline"
)

// posting is an article in which a leaf of the query occurs.
type posting struct {
	ord         uint32
	title, body uint32 // frequencies
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
		for _, t := range analyze(l, text) {
			b.WriteString(t.stem)
			b.WriteByte(0)
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

// take turns the postings of a leaf into a set and adds their scores.
func (r *run) take(positive bool) bitset {
	v := r.v
	out := v.none()
	for _, p := range r.posts {
		out.set(p.ord)
	}
	if r.scored && positive {
		r.score()
	}
	return out
}

// term appends the postings of one index term in live articles. The two
// fields of a segment are merged, as an article is one posting.
func (r *run) term(field, term string) error {
	for i := range r.v.segs {
		if err := r.segmentTerm(&r.v.segs[i], field, term); err != nil {
			return err
		}
	}
	return nil
}

func (r *run) segmentTerm(s *segView, field, term string) error {
	title, err := postings(s.seg, titleField, term, r.scored)
	if err != nil {
		return err
	}
	var body segment.PostingsIterator
	if field == "" {
		if body, err = postings(s.seg, bodyField, term, r.scored); err != nil {
			return err
		}
	}
	t, err := title.Next()
	if err != nil {
		return err
	}
	var b segment.Posting
	if body != nil {
		if b, err = body.Next(); err != nil {
			return err
		}
	}
	live := r.v.live
	for t != nil || b != nil {
		var p posting
		var num uint64
		switch {
		case b == nil || t != nil && t.Number() < b.Number():
			num, p.title = t.Number(), uint32(t.Frequency())
			t, err = title.Next()
		case t == nil || b.Number() < t.Number():
			num, p.body = b.Number(), uint32(b.Frequency())
			b, err = body.Next()
		default:
			num, p.title, p.body = t.Number(), uint32(t.Frequency()), uint32(b.Frequency())
			if t, err = title.Next(); err == nil {
				b, err = body.Next()
			}
		}
		if err != nil {
			return err
		}
		if p.ord = s.ords[num]; live.has(p.ord) {
			r.posts = append(r.posts, p)
		}
	}
	return nil
}

func postings(s segment.Segment, field, term string, freq bool) (segment.PostingsIterator, error) {
	d, err := s.Dictionary(field)
	if err != nil {
		return nil, err
	}
	l, err := d.PostingsList([]byte(term), nil, nil)
	if err != nil {
		return nil, err
	}
	return l.Iterator(freq, false, false, nil), nil
}

// prefix finds the articles with a word, or the stem of one, that begins so.
// Words before the last are a phrase with it and verified on the stored text,
// as the forward index has stems only.
func (r *run) prefix(n *dateline.Prefix, positive bool) (bitset, error) {
	words := analyze(otherLang, n.Text)
	if len(words) == 0 {
		return r.v.live.clone(), nil
	}
	last := words[len(words)-1].word
	if len(words) > 1 {
		cand := r.v.live
		for _, w := range words[:len(words)-1] {
			s, err := r.leaf(w.word, false, func(lang string) error { return r.phrase(n.Field, w.word, lang, 0) })
			if err != nil {
				return nil, err
			}
			s.and(cand)
			cand = s
		}
		if err := r.verify(cand, n); err != nil {
			return nil, err
		}
		return r.take(positive), nil
	}
	sum := map[uint32]int{} // ordinal -> place in posts
	r.posts = r.posts[:0]
	for i := range r.v.segs {
		s := &r.v.segs[i]
		for _, start := range []string{last, exactMark + last} {
			terms, err := segmentTerms(s.seg, n.Field, start)
			if err != nil {
				return nil, err
			}
			for _, t := range terms {
				if err := r.ctx.Err(); err != nil {
					return nil, err
				}
				from := len(r.posts)
				if err := r.segmentTerm(s, n.Field, t); err != nil {
					return nil, err
				}
				kept := from
				for _, p := range r.posts[from:] {
					if k, ok := sum[p.ord]; ok {
						r.posts[k].title += p.title
						r.posts[k].body += p.body
						continue
					}
					sum[p.ord] = kept
					r.posts[kept] = p
					kept++
				}
				r.posts = r.posts[:kept]
			}
		}
	}
	return r.take(positive), nil
}

// segmentTerms lists the distinct terms of a segment that begin so.
func segmentTerms(s segment.Segment, field, start string) ([]string, error) {
	names := []string{titleField}
	if field == "" {
		names = append(names, bodyField)
	}
	var out []string
	for _, f := range names {
		d, err := s.Dictionary(f)
		if err != nil {
			return nil, err
		}
		it := d.AutomatonIterator(nil, []byte(start), prefixEnd(start))
		for {
			e, err := it.Next()
			if err != nil {
				return nil, err
			}
			if e == nil {
				break
			}
			out = append(out, e.Term)
		}
	}
	slices.Sort(out)
	return slices.Compact(out), nil
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
		ids := make([]string, len(part))
		for i, o := range part {
			ids[i] = r.v.id(o)
		}
		as, err := r.x.st.GetMany(r.ctx, ids)
		if err != nil {
			return err
		}
		for i, o := range part {
			a := as[ids[i]]
			if a == nil {
				continue
			}
			d := newDocument(a)
			p := posting{ord: o}
			want := analyze(d.lang, n.Text)
			p.title = uint32(len(findPhrase(d.title, want, true)))
			if n.Field == "" {
				p.body = uint32(len(findPhrase(d.body, want, true)) + len(findPhrase(d.brief, want, true)))
			}
			if p.title+p.body > 0 {
				r.posts = append(r.posts, p)
			}
		}
	}
	return nil
}
