package segment

import (
	"bytes"
	"encoding/binary"
	"sort"
)

// Terms walks the dictionary of a segment in order.
type Terms struct {
	s     *Segment
	i     int // of the next term
	at    int // of the next entry in dict
	end   []byte
	term  []byte
	count int
	start uint64 // of the term's postings
	bytes uint64
	found bool // Range has moved to the first term already
}

// block gives where a block begins in the dictionary and where its postings
// begin.
func (s *Segment) block(i int) (dict, postings uint64) {
	b := s.blocks[i*blockSize:]
	return binary.LittleEndian.Uint64(b), binary.LittleEndian.Uint64(b[8:])
}

// first gives the first term of a block, which is whole in the dictionary.
func (s *Segment) first(i int) []byte {
	at, _ := s.block(i)
	if at >= uint64(len(s.dict)) {
		return nil
	}
	d := s.dict[at:]
	_, n := binary.Uvarint(d)
	l, m := binary.Uvarint(d[max(n, 0):])
	if n <= 0 || m <= 0 || l > uint64(len(d)-n-m) {
		return nil
	}
	return d[n+m : n+m+int(l)]
}

// Range gives the terms from one, which may be absent, up to but without end;
// nil ends are open.
func (s *Segment) Range(from, end []byte) *Terms {
	t := &Terms{s: s, end: end}
	n := len(s.blocks) / blockSize
	// The last block that does not begin after from.
	b := max(0, sort.Search(n, func(i int) bool { return bytes.Compare(s.first(i), from) > 0 })-1)
	if n == 0 {
		t.i = s.terms
		return t
	}
	t.seek(b)
	for len(from) > 0 && t.step() {
		if bytes.Compare(t.term, from) >= 0 {
			t.found = true
			break
		}
	}
	return t
}

func (t *Terms) seek(block int) {
	dict, postings := t.s.block(block)
	t.i, t.at, t.start, t.bytes = block*blockTerms, int(min(dict, uint64(len(t.s.dict)))), postings, 0
	t.term = t.term[:0]
}

// Next moves to the next term and tells whether there is one.
func (t *Terms) Next() bool {
	if t.found {
		t.found = false
	} else if !t.step() {
		return false
	}
	if t.end != nil && bytes.Compare(t.term, t.end) >= 0 {
		t.i = t.s.terms
		return false
	}
	return true
}

func (t *Terms) step() bool {
	if t.i >= t.s.terms {
		return false
	}
	d := t.s.dict[t.at:]
	var v [2]uint64
	at := 0
	for k := range v {
		u, n := binary.Uvarint(d[at:])
		if n <= 0 {
			t.i = t.s.terms
			return false
		}
		v[k] = u
		at += n
	}
	if v[0] > uint64(len(t.term)) || v[1] > uint64(len(d)-at) {
		t.i = t.s.terms
		return false
	}
	t.term = append(t.term[:v[0]], d[at:at+int(v[1])]...)
	at += int(v[1])
	count, n := binary.Uvarint(d[at:])
	at += max(n, 0)
	size, m := binary.Uvarint(d[at:])
	at += max(m, 0)
	if n <= 0 || m <= 0 {
		t.i = t.s.terms
		return false
	}
	t.start += t.bytes
	t.count, t.bytes = int(count), size
	t.at += at
	t.i++
	return true
}

// Term is the current term; it is overwritten by Next.
func (t *Terms) Term() []byte { return t.term }

// Count is the number of documents of the current term.
func (t *Terms) Count() int { return t.count }

// Postings are those of the current term.
func (t *Terms) Postings() Postings {
	from := min(t.start, uint64(len(t.s.postings)))
	to := min(from+t.bytes, uint64(len(t.s.postings)))
	return Postings{data: t.s.postings[from:to], left: min(t.count, len(t.s.ords))}
}

// Postings gives those of a term.
func (s *Segment) Postings(term string) Postings {
	n := len(s.blocks) / blockSize
	b := sort.Search(n, func(i int) bool { return string(s.first(i)) > term }) - 1
	if b < 0 {
		return Postings{}
	}
	t := Terms{s: s, term: make([]byte, 0, 64)}
	t.seek(b)
	for range blockTerms {
		if !t.step() || string(t.term) > term {
			break
		}
		if string(t.term) == term {
			return t.Postings()
		}
	}
	return Postings{}
}
