package segment

import (
	"github.com/RoaringBitmap/roaring/v2"
	index "github.com/blevesearch/bleve_index_api"
	api "github.com/blevesearch/scorch_segment_api/v2"
)

// What follows shows a segment to bleve as it expects one, each field by
// itself, so that bleve's own queries, fuzzy ones too, run on it.

// Dictionary gives the terms of a field; a field that is not here has none.
func (s *Segment) Dictionary(field string) (api.TermDictionary, error) {
	d := dictionary{s: s, part: -1, id: field == idField}
	for i, f := range fieldNames {
		if f == field {
			d.part = i
		}
	}
	return d, nil
}

type dictionary struct {
	s    *Segment
	part int
	id   bool
}

func (d dictionary) PostingsList(term []byte, except *roaring.Bitmap, _ api.PostingsList) (api.PostingsList, error) {
	l := &list{}
	if d.id {
		if n, ok := d.s.number(term); ok && (except == nil || !except.Contains(n)) {
			l.docs, l.freqs = []uint32{n}, []uint32{1}
		}
		return l, nil
	}
	if d.part < 0 {
		return l, nil
	}
	l.fill(d.s.Postings(string(term)), d.part, except)
	return l, nil
}

func (d dictionary) Contains(key []byte) (bool, error) {
	l, err := d.PostingsList(key, nil, nil)
	return err == nil && l.Count() > 0, err
}

// Cardinality is of all fields together, as they share a dictionary.
func (d dictionary) Cardinality() int {
	if d.id {
		return len(d.s.ords)
	}
	return d.s.terms
}

func (d dictionary) AutomatonIterator(a api.Automaton, start, end []byte) api.DictionaryIterator {
	if d.id {
		return &idIterator{s: d.s, a: a, start: start, end: end}
	}
	return &termIterator{t: d.s.Range(start, end), a: a, part: d.part}
}

type termIterator struct {
	t    *Terms
	a    api.Automaton
	part int
}

func (i *termIterator) Next() (*index.DictEntry, error) {
	for i.part >= 0 && i.t.Next() {
		if !accepts(i.a, i.t.Term()) {
			continue
		}
		var l list
		l.fill(i.t.Postings(), i.part, nil)
		if n := l.Count(); n > 0 {
			return &index.DictEntry{Term: string(i.t.Term()), Count: n}, nil
		}
	}
	return nil, nil //nolint:nilnil // how bleve's iterators end
}

type idIterator struct {
	s          *Segment
	a          api.Automaton
	start, end []byte
	n          int
}

func (i *idIterator) Next() (*index.DictEntry, error) {
	for ; i.n < len(i.s.ords); i.n++ {
		id := ID(i.s.ords[i.n])
		if id >= string(i.start) && (i.end == nil || id < string(i.end)) && accepts(i.a, []byte(id)) {
			i.n++
			return &index.DictEntry{Term: id, Count: 1}, nil
		}
	}
	return nil, nil //nolint:nilnil // how bleve's iterators end
}

func accepts(a api.Automaton, term []byte) bool {
	if a == nil {
		return true
	}
	state := a.Start()
	for _, b := range term {
		if !a.CanMatch(state) {
			return false
		}
		state = a.Accept(state, b)
	}
	return a.IsMatch(state)
}

// list is the postings of one field of a term.
type list struct{ docs, freqs []uint32 }

func (l *list) fill(p Postings, part int, except *roaring.Bitmap) {
	var docs [BlockLen]uint32
	var freqs [BlockLen]Freq
	for n := p.Block(&docs, &freqs); n > 0; n = p.Block(&docs, &freqs) {
		for i, d := range docs[:n] {
			f := [...]int{Title: freqs[i].Title(), Lead: freqs[i].Lead(), Body: freqs[i].Body()}[part]
			if f > 0 && (except == nil || !except.Contains(d)) {
				l.docs, l.freqs = append(l.docs, d), append(l.freqs, uint32(f))
			}
		}
	}
}

func (l *list) Count() uint64         { return uint64(len(l.docs)) }
func (l *list) Size() int             { return 8 * len(l.docs) }
func (l *list) BytesRead() uint64     { return 0 }
func (l *list) ResetBytesRead(uint64) {}
func (l *list) BytesWritten() uint64  { return 0 }

func (l *list) Iterator(_, _, _ bool, _ api.PostingsIterator) api.PostingsIterator {
	return &iterator{l: l}
}

type iterator struct {
	l *list
	n int
}

func (i *iterator) Next() (api.Posting, error) {
	if i.n >= len(i.l.docs) {
		return nil, nil //nolint:nilnil // how bleve's iterators end
	}
	i.n++
	return onePosting{i.l.docs[i.n-1], i.l.freqs[i.n-1]}, nil
}

func (i *iterator) Advance(doc uint64) (api.Posting, error) {
	for i.n < len(i.l.docs) && uint64(i.l.docs[i.n]) < doc {
		i.n++
	}
	return i.Next()
}

func (i *iterator) Size() int             { return 0 }
func (i *iterator) BytesRead() uint64     { return 0 }
func (i *iterator) ResetBytesRead(uint64) {}
func (i *iterator) BytesWritten() uint64  { return 0 }

type onePosting struct{ doc, freq uint32 }

func (p onePosting) Number() uint64            { return uint64(p.doc) }
func (p onePosting) Frequency() uint64         { return uint64(p.freq) }
func (p onePosting) Norm() float64             { return 1 }
func (p onePosting) Locations() []api.Location { return nil }
func (p onePosting) Size() int                 { return 8 }
