package indexer

import (
	"context"
	"fmt"
	"math"
	"slices"
	"strings"
	"time"

	segment "github.com/blevesearch/scorch_segment_api/v2"

	"dateline"
)

// run is one evaluation of a query tree over a view: to a set of ordinals,
// and a score for each of those that words matched.
type run struct {
	v      *view
	x      *Index
	ctx    context.Context //nolint:containedctx // of one search, which the run does not outlive
	scored bool            // whether scores are wanted
	scores []float32       // by ordinal; nil unless scored

	stats *scoreStats

	posts []posting
	terms []uint32
}

// scoreStats are the numbers about the whole collection that scores depend
// on. A cursor carries them, so that the pages of one search are of one order
// whatever is added meanwhile.
type scoreStats struct {
	Docs   int   `json:"n"`
	Titles int64 `json:"t"` // terms in all titles
	Bodies int64 `json:"b"`
	Newest int64 `json:"w,omitempty"` // seconds since 1970, of the newest article
	Found  []int `json:"d,omitempty"` // articles that each leaf of the query matched, in order
	fixed  bool  // given by a cursor
	leaf   int
}

// BM25F (Robertson, Zaragoza, Taylor: "Simple BM25 extension to multiple
// weighted fields", 2004): the frequencies of a term in the fields are
// weighted, normalised by the length of their field and added before they are
// saturated. Tuned on Cranfield only.
const (
	bm25K1      = 1.2
	titleWeight = 4
	titleB      = 0.5
	bodyB       = 0.7
)

// posting is an article in which a leaf of the query occurs.
type posting struct {
	ord         uint32
	title, body uint32 // frequencies
}

// eval gives the matching live articles. Only leaves that count for, not
// against, an article are scored.
func (r *run) eval(n dateline.Node, positive bool) (bitset, error) {
	v := r.v
	if err := r.ctx.Err(); err != nil {
		return nil, err
	}
	switch n := n.(type) {
	case nil:
		return v.live.clone(), nil
	case *dateline.And:
		out := v.live.clone()
		for _, c := range n.Nodes {
			s, err := r.eval(c, positive)
			if err != nil {
				return nil, err
			}
			out.and(s)
		}
		return out, nil
	case *dateline.Or:
		out := v.none()
		for _, c := range n.Nodes {
			s, err := r.eval(c, positive)
			if err != nil {
				return nil, err
			}
			out.or(s)
		}
		return out, nil
	case *dateline.Not:
		s, err := r.eval(n.Node, false)
		if err != nil {
			return nil, err
		}
		out := v.live.clone()
		out.andNot(s)
		return out, nil
	case *dateline.Term:
		return r.leaf(n.Text, positive, func(lang string) error { return r.phrase(n.Field, n.Text, lang, 0) })
	case *dateline.Phrase:
		return r.leaf(n.Text, positive, func(lang string) error { return r.phrase(n.Field, n.Text, lang, n.Slop) })
	case *dateline.Prefix:
		return r.prefix(n, positive)
	case *dateline.FieldTerm:
		if fieldIndex(n.Field) < 0 {
			return nil, &dateline.ParamError{Param: "q", Message: fmt.Sprintf("no field %q to search; there are %s", n.Field, strings.Join(fields, ", "))}
		}
		return r.values(n, positive), nil
	case *dateline.DateRange:
		return v.rangeSet(n.From, n.To), nil
	}
	return nil, fmt.Errorf("unknown query node %T", n)
}

// values finds the articles that have a value. Those that are about an entity
// come before those that merely name it.
func (r *run) values(n *dateline.FieldTerm, positive bool) bitset {
	v := r.v
	set := r.x.valuesSet(v, n.Field, []string{n.Value})
	if !r.scored || !positive || entityType(n.Field) == "" {
		return set
	}
	f := fieldIndex(n.Field)
	idf := r.idf(set.count())
	for _, id := range r.x.resolve(n.Field, n.Value) {
		if o, ok := v.dicts[f].lookup(id); ok && int(o) < len(v.values[f]) {
			value := uint32(f)<<valueBits | o
			for _, d := range v.values[f][o].upTo(v.n) {
				if set.has(d) {
					w := float32(v.weightOf(d, value))
					r.scores[d] += idf * w * (bm25K1 + 1) / (bm25K1 + w)
				}
			}
		}
	}
	return set
}

func (v *view) rangeSet(from, to time.Time) bitset {
	lo, hi := int64(math.MinInt64), int64(math.MaxInt64)
	if !from.IsZero() {
		lo = ceilUnix(from)
	}
	if !to.IsZero() {
		hi = ceilUnix(to)
	}
	out := v.dated.clone()
	for i, w := range out {
		if w == 0 {
			continue
		}
		base := i << 6
		for b := range min(64, v.n-base) {
			if p := v.pub[base+b]; p < lo || p >= hi {
				w &^= 1 << b
			}
		}
		out[i] = w
	}
	return out
}

// ceilUnix: dates are kept to the second, so a limit inside one is at its end.
func ceilUnix(t time.Time) int64 {
	s := t.Unix()
	if t.Nanosecond() > 0 {
		s++
	}
	return s
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

// idf is the weight of the next leaf, which matched so many articles.
func (r *run) idf(found int) float32 {
	s := r.stats
	if s.fixed && s.leaf < len(s.Found) {
		found = s.Found[s.leaf]
	} else if !s.fixed {
		s.Found = append(s.Found, found)
	}
	s.leaf++
	return float32(math.Log(1 + (float64(max(s.Docs, found))-float64(found)+0.5)/(float64(found)+0.5)))
}

func (r *run) score() {
	s := r.stats
	idf := r.idf(len(r.posts))
	n := float64(max(1, s.Docs))
	avgTitle, avgBody := max(1, float64(s.Titles)/n), max(1, float64(s.Bodies)/n)
	for _, p := range r.posts {
		var tf float32
		if p.title > 0 {
			tf = titleWeight * float32(p.title) / float32(1-titleB+titleB*float64(r.v.tlen[p.ord])/avgTitle)
		}
		if p.body > 0 {
			tf += float32(p.body) / float32(1-bodyB+bodyB*float64(r.v.blen[p.ord])/avgBody)
		}
		r.scores[p.ord] += idf * tf * (bm25K1 + 1) / (bm25K1 + tf)
	}
}

// halfAge is after how many seconds, from the newest article of the collection
// on, half of the bonus for being new is gone.
const halfAge = 30 * 24 * 3600

// prefer raises the scores of new articles: by the factor 1 + Recency for one
// as new as the newest, less for older ones, not at all for undated ones. It
// breaks near ties; it does not put a poor match before a good one.
func (r *run) prefer(set bitset) {
	set.each(func(o uint32) {
		if s := r.scores[o]; s > 0 && r.v.dated.has(o) {
			age := float64(max(0, r.stats.Newest-r.v.pub[o]))
			r.scores[o] = s * float32(1+r.x.o.Recency*math.Exp2(-age/halfAge))
		}
	})
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

// phrase appends the articles that have the words in a row or, with a slop,
// all within that many words.
func (r *run) phrase(field, text, lang string, slop int) error {
	toks := analyze(lang, text)
	if len(toks) == 1 {
		return r.term(field, toks[0].stem)
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
	cand, err := r.all(field, toks)
	if err != nil {
		return err
	}
	r.posts = r.posts[:at]
	cand.each(func(o uint32) {
		parts, terms := r.v.forward(o, r.terms)
		r.terms = terms
		p := posting{ord: o}
		from := 0
		for i, n := range parts {
			k := occurrences(terms[from:from+n], want, slop)
			from += n
			if i == partTitle {
				p.title = k
			} else if field == "" {
				p.body += k
			}
		}
		if p.title+p.body > 0 {
			r.posts = append(r.posts, p)
		}
	})
	return nil
}

// all gives the live articles that have every one of the terms.
func (r *run) all(field string, toks []token) (bitset, error) {
	var out bitset
	scored := r.scored
	r.scored = false
	defer func() { r.scored = scored }()
	at := len(r.posts)
	for i, t := range toks {
		if slices.ContainsFunc(toks[:i], func(u token) bool { return u.stem == t.stem }) {
			continue
		}
		r.posts = r.posts[:at]
		if err := r.term(field, t.stem); err != nil {
			return nil, err
		}
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
	return out, nil
}

// occurrences counts how often the words stand in order or, with a slop, how
// many windows of it hold them all.
func occurrences(terms, want []uint32, slop int) uint32 {
	if slop > 0 {
		return windows(terms, want, slop)
	}
	n := uint32(0)
	for i := 0; i+len(want) <= len(terms); i++ {
		if terms[i] == want[0] && slices.Equal(terms[i+1:i+len(want)], want[1:]) {
			n++
		}
	}
	return n
}

// windows counts the stretches that hold all the words, as often as each is
// wanted, the first and the last at most slop apart; stretches do not overlap.
func windows(terms, want []uint32, slop int) uint32 {
	slop = max(slop, len(want)-1)
	n := uint32(0)
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
