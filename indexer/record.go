package indexer

import (
	"bytes"
	"encoding/binary"
	"errors"
	"iter"
	"math/bits"
)

// record is one article in the doc log.
//
//	seq   uint64, of the store's row
//	id    byte length, bytes
//	title string
//	flags byte: 1 has a date
//	pub   varint, seconds since 1970
//	lang  string, the analysis
//	vocab uvarint, how many terms the vocabulary had then; uint32, their sum
//	for each field: count, then id, name (empty where it is the id), weight byte;
//	for an entity also twice the number of its other names, plus 1 if the
//	article came with it, and the names
//	links: count, ordinals of articles that it is a copy of; sketch: the number of runs and sketchSize of them, uint32 each
//	forward: for title, body and summary the number of terms and of their
//	bytes, then the terms
//
// Integers are uvarints and strings have their length before them where
// nothing else is said.
type record struct {
	seq    int64
	id     string
	title  string
	dated  bool
	pub    int64
	lang   string
	vocab  int // terms of the vocabulary that are needed to read this
	sum    uint32
	values [numFields][]idName
	sketch sketched
	links  []uint32
	parts  [3]int   // terms in title, body, summary
	terms  []uint32 // of the three parts, one after the other
}

const (
	partTitle = iota
	partBody
	partSummary
)

var errRecord = errors.New("broken record")

// encode gives the payload and where in it the forward index begins.
func (r *record) encode(b []byte) ([]byte, int) {
	str := func(s string) {
		b = binary.AppendUvarint(b, uint64(len(s)))
		b = append(b, s...)
	}
	b = binary.LittleEndian.AppendUint64(b, uint64(r.seq))
	b = append(b, byte(len(r.id)))
	b = append(b, r.id...)
	str(r.title)
	var flags byte
	if r.dated {
		flags |= 1
	}
	b = append(b, flags)
	b = binary.AppendVarint(b, r.pub)
	str(r.lang)
	b = binary.AppendUvarint(b, uint64(r.vocab))
	b = binary.LittleEndian.AppendUint32(b, r.sum)
	for f, vs := range r.values {
		b = binary.AppendUvarint(b, uint64(len(vs)))
		for _, v := range vs {
			str(v.id)
			if v.name == v.id {
				str("")
			} else {
				str(v.name)
			}
			b = append(b, v.weight)
			if entityType(fields[f]) == "" {
				continue
			}
			also := uint64(len(v.also)) << 1
			if v.given {
				also |= 1
			}
			b = binary.AppendUvarint(b, also)
			for _, n := range v.also {
				str(n)
			}
		}
	}
	b = binary.AppendUvarint(b, uint64(len(r.links)))
	for _, l := range r.links {
		b = binary.AppendUvarint(b, uint64(l))
	}
	b = binary.LittleEndian.AppendUint32(b, r.sketch.runs)
	for _, h := range r.sketch.sketch {
		b = binary.LittleEndian.AppendUint32(b, h)
	}
	at := len(b)
	from := 0
	for _, n := range r.parts {
		size := 0
		for _, t := range r.terms[from : from+n] {
			size += (bits.Len32(t|1) + 6) / 7
		}
		from += n
		b = binary.AppendUvarint(b, uint64(n))
		b = binary.AppendUvarint(b, uint64(size))
	}
	for _, t := range r.terms {
		b = binary.AppendUvarint(b, uint64(t))
	}
	return b, at
}

// reader reads fields one after the other and remembers that one was missing.
type reader struct {
	b   []byte
	bad bool
}

func (r *reader) uvarint() uint64 {
	v, n := binary.Uvarint(r.b)
	if n <= 0 {
		r.bad, r.b = true, nil
		return 0
	}
	r.b = r.b[n:]
	return v
}

func (r *reader) varint() int64 {
	v, n := binary.Varint(r.b)
	if n <= 0 {
		r.bad, r.b = true, nil
		return 0
	}
	r.b = r.b[n:]
	return v
}

func (r *reader) take(n uint64) []byte {
	if n > uint64(len(r.b)) {
		r.bad, r.b = true, nil
		return nil
	}
	out := r.b[:n]
	r.b = r.b[n:]
	return out
}

func (r *reader) bytes() []byte { return r.take(r.uvarint()) }

// value reads a value of a field.
func (r *reader) value(v *rawValue) {
	v.id, v.name = r.bytes(), r.bytes()
	if len(v.name) == 0 {
		v.name = v.id
	}
	if b := r.take(1); b != nil {
		v.weight = b[0]
	}
	v.given, v.also = false, v.also[:0]
	if entityType(fields[v.f]) == "" {
		return
	}
	also := r.uvarint()
	v.given = also&1 != 0
	for n := also >> 1; n > 0 && !r.bad; n-- {
		v.also = append(v.also, r.bytes())
	}
}

// sketchBytes is the length of a sketch, which ends where the forward index
// begins.
const sketchBytes = 4 + 4*sketchSize

func readSketch(b []byte) (s sketched) {
	s.runs = binary.LittleEndian.Uint32(b)
	for i := range s.sketch {
		s.sketch[i] = binary.LittleEndian.Uint32(b[4+4*i:])
	}
	return s
}

func recordSeq(p []byte) int64 { return int64(binary.LittleEndian.Uint64(p)) }

func recordID(p []byte) []byte { return p[9 : 9+int(p[8])] }

// rawValue is a value as a record has it. Its bytes are of the record.
type rawValue struct {
	f        int
	id, name []byte
	weight   uint8
	given    bool
	also     [][]byte
}

// decode reads all of a record but its title and terms; value is called with
// each value, which it must not keep. It gives where the forward index begins
// in the payload.
func (r *record) decode(p []byte, value func(v *rawValue)) (int, error) {
	if len(p) < 9 || len(p) < 9+int(p[8]) {
		return 0, errRecord
	}
	r.seq, r.id = recordSeq(p), string(recordID(p))
	rd := reader{b: p[9+len(r.id):]}
	rd.bytes()
	if f := rd.take(1); f != nil {
		r.dated = f[0]&1 != 0
	}
	r.pub = rd.varint()
	r.lang = string(rd.bytes())
	r.vocab = int(rd.uvarint())
	if b := rd.take(4); b != nil {
		r.sum = binary.LittleEndian.Uint32(b)
	}
	var v rawValue
	for f := range numFields {
		v.f = f
		for n := rd.uvarint(); n > 0; n-- {
			rd.value(&v)
			if rd.bad {
				return 0, errRecord
			}
			value(&v)
		}
	}
	r.links = r.links[:0]
	for n := rd.uvarint(); n > 0 && !rd.bad; n-- {
		r.links = append(r.links, uint32(rd.uvarint()))
	}
	if b := rd.take(sketchBytes); b != nil {
		r.sketch = readSketch(b)
	}
	at := len(p) - len(rd.b)
	for i := range r.parts {
		r.parts[i] = int(rd.uvarint())
		rd.uvarint()
	}
	if rd.bad {
		return 0, errRecord
	}
	return at, nil
}

// termList is the terms of a part of an article, a uvarint each.
type termList struct {
	n    int
	data []byte
}

// forwardLists gives the terms of an article whose forward index b begins
// with; those of a broken one are empty.
func forwardLists(b []byte) (lists [3]termList) {
	var n, size [3]uint64
	r := reader{b: b}
	for i := range lists {
		n[i], size[i] = r.uvarint(), r.uvarint()
	}
	for i := range lists {
		d := r.take(size[i])
		if r.bad || n[i] > size[i] { // a term takes a byte at least
			return [3]termList{}
		}
		lists[i] = termList{int(n[i]), d}
	}
	return lists
}

// appendTerms reads the terms.
func (l termList) appendTerms(buf []uint32) []uint32 {
	d := l.data
	for at := 0; at < len(d); {
		// Most terms are frequent and have a number of one or two bytes.
		if d[at] < 0x80 {
			buf = append(buf, uint32(d[at]))
			at++
			continue
		}
		if at+1 < len(d) && d[at+1] < 0x80 {
			buf = append(buf, uint32(d[at]&0x7f)|uint32(d[at+1])<<7)
			at += 2
			continue
		}
		v, n := binary.Uvarint(d[at:])
		if n <= 0 {
			break
		}
		buf = append(buf, uint32(v))
		at += n
	}
	return buf
}

// count tells how often the terms that are encoded in want stand in a row.
func (l termList) count(want []byte) int {
	n := 0
	for range l.each(want) {
		n++
	}
	return n
}

// each gives the bytes at which the terms that are encoded in want stand in a
// row. An encoded term ends with its only byte below 0x80, so bytes that are
// equal are equal terms if the byte before them ends a term too.
func (l termList) each(want []byte) iter.Seq[int] {
	return func(yield func(int) bool) {
		d := l.data
		for at := 0; ; at++ {
			i := bytes.Index(d[at:], want)
			if i < 0 {
				return
			}
			at += i
			if (at == 0 || d[at-1] < 0x80) && !yield(at) {
				return
			}
		}
	}
}

// forward reads the terms of an article, whose forward index b begins with,
// into buf.
func forward(b []byte, buf []uint32) (parts [3]int, terms []uint32) {
	terms = buf[:0]
	for i, l := range forwardLists(b) {
		from := len(terms)
		terms = l.appendTerms(terms)
		parts[i] = len(terms) - from
	}
	return parts, terms
}
