// Package segment is the format in which scorch, the index inside bleve,
// keeps this program's inverted index. It is plugged in through
// scorch.RegisterSegmentPlugin, so bleve still decides when segments are
// written, merged and dropped, and what survives a crash.
//
// Bleve's own format costs a search 60 to 100 ns a posting, each behind an
// interface, and indexing a map entry, a roaring bitmap and a chunk of numbers
// for each term of each field. This one knows what the program puts in: an
// article is an ordinal, its terms are counted before they come here, and the
// three fields of an article are one posting. Postings are read in blocks.
//
//	file     = magic, ords, postings, dictionary, blocks, footer
//	ords     = an ordinal, uint32, for each document, ascending
//	postings = for each term: for each document: uvarint of
//	           (distance to the document before) << 1 | plain
//	           and unless plain, which is once in the body: a frequency
//	dictionary = blocks of 16 terms in order, for each term: uvarint bytes it
//	           shares with the one before, uvarint length of the rest, the
//	           rest, uvarint number of documents, uvarint bytes of postings
//	blocks   = for each block: where it begins in the dictionary, uint64, and
//	           where its postings begin, uint64
//	footer   = documents uint32, terms uint32, offsets of postings, dictionary
//	           and blocks uint64 each, crc32c of all before it uint32
//
// Fixed-size integers are little endian. A frequency is a byte of the title's
// (2 bits), the lead's (2 bits) and the body's (4 bits) count; a count that
// its bits cannot hold is all ones, and a uvarint of what is above it follows.
//
// A file is read through a mapping and checked in whole when it is opened, so
// what is read later needs no checks but those that keep to its bounds.
package segment

import (
	"encoding/binary"
	"errors"
	"fmt"
	"hash/crc32"
	"io"
)

const (
	magic      = "dlseg 1\n"
	footerSize = 4 + 4 + 8 + 8 + 8 + 4
	blockTerms = 16
	blockSize  = 16 // of an entry in blocks

	// MaxTerm is the longest term in bytes; longer ones are cut by who makes
	// them.
	MaxTerm = 1 << 10
)

var castagnoli = crc32.MakeTable(crc32.Castagnoli)

// Freq is how often a term is in the fields of an article: in the body at
// most 65,535 times, in the title and in the lead (the summary) at most 255.
type Freq uint32

// NewFreq makes one; counts above the limits are the limits.
func NewFreq(title, lead, body int) Freq {
	return Freq(min(title, 255)<<24 | min(lead, 255)<<16 | min(body, 65535))
}

// Add gives the sum of both.
func (f Freq) Add(g Freq) Freq {
	return NewFreq(f.Title()+g.Title(), f.Lead()+g.Lead(), f.Body()+g.Body())
}

// Title is the count in the title.
func (f Freq) Title() int { return int(f >> 24) }

// Lead is the count in the summary.
func (f Freq) Lead() int { return int(f >> 16 & 255) }

// Body is the count in the body.
func (f Freq) Body() int { return int(f & 65535) }

func appendPosting(b []byte, distance uint32, f Freq) []byte {
	if f == 1 {
		return binary.AppendUvarint(b, uint64(distance)<<1|1)
	}
	b = binary.AppendUvarint(b, uint64(distance)<<1)
	t, l, n := f.Title(), f.Lead(), f.Body()
	b = append(b, byte(min(t, 3)<<6|min(l, 3)<<4|min(n, 15)))
	if t >= 3 {
		b = binary.AppendUvarint(b, uint64(t-3))
	}
	if l >= 3 {
		b = binary.AppendUvarint(b, uint64(l-3))
	}
	if n >= 15 {
		b = binary.AppendUvarint(b, uint64(n-15))
	}
	return b
}

// BlockLen is the number of postings that are decoded at once.
const BlockLen = 128

// Postings are the documents of one term. The zero value has none.
type Postings struct {
	data []byte
	left int
	next uint32 // one after the last document, as distances are from it
}

// Count is the number of documents that are still to come.
func (p *Postings) Count() int { return p.left }

// Block decodes the next postings, at most BlockLen, and gives how many; 0 at
// the end. Documents ascend.
func (p *Postings) Block(docs *[BlockLen]uint32, freqs *[BlockLen]Freq) int {
	n := min(p.left, BlockLen)
	data, next, at := p.data, p.next, 0
	for i := range n {
		var v uint64
		if at < len(data) && data[at] < 0x80 {
			v = uint64(data[at])
			at++
		} else {
			u, k := binary.Uvarint(data[min(at, len(data)):])
			if k <= 0 {
				p.left = 0
				return i
			}
			v = u
			at += k
		}
		doc := next + uint32(v>>1)
		next = doc + 1
		docs[i] = doc
		if v&1 != 0 {
			freqs[i] = 1
			continue
		}
		if at >= len(data) {
			p.left = 0
			return i
		}
		c := data[at]
		at++
		t, l, b := uint64(c>>6), uint64(c>>4&3), uint64(c&15)
		if t == 3 || l == 3 || b == 15 {
			more := func(v uint64, cap uint64) uint64 {
				if v != cap {
					return v
				}
				u, k := binary.Uvarint(data[min(at, len(data)):])
				at += max(k, 0)
				return v + u
			}
			t, l, b = more(t, 3), more(l, 3), more(b, 15)
		}
		freqs[i] = NewFreq(int(t), int(l), int(b))
	}
	p.data, p.next = data[at:], next
	p.left -= n
	return n
}

// writer writes a segment front to back; its terms come in order.
type writer struct {
	w       io.Writer
	size    uint64
	crc     uint32
	docs    uint32
	terms   uint32
	start   uint64 // of the postings
	dict    []byte
	blocks  []byte
	last    []byte
	scratch []byte
	err     error
}

func newWriter(w io.Writer, ords []uint32) *writer {
	s := &writer{w: w, docs: uint32(len(ords))}
	b := make([]byte, 0, len(magic)+4*len(ords))
	b = append(b, magic...)
	for _, o := range ords {
		b = binary.LittleEndian.AppendUint32(b, o)
	}
	s.write(b)
	s.start = s.size
	return s
}

func (s *writer) write(b []byte) {
	if s.err != nil {
		return
	}
	s.crc = crc32.Update(s.crc, castagnoli, b)
	s.size += uint64(len(b))
	_, s.err = s.w.Write(b)
}

// add writes a term, which is after those before it.
func (s *writer) add(term []byte, docs []uint32, freqs []Freq) {
	shared := 0
	if s.terms%blockTerms == 0 {
		s.blocks = binary.LittleEndian.AppendUint64(s.blocks, uint64(len(s.dict)))
		s.blocks = binary.LittleEndian.AppendUint64(s.blocks, s.size-s.start)
	} else {
		for shared < min(len(term), len(s.last)) && term[shared] == s.last[shared] {
			shared++
		}
	}
	b := s.scratch[:0]
	next := uint32(0)
	for i, d := range docs {
		b = appendPosting(b, d-next, freqs[i])
		next = d + 1
	}
	s.scratch = b
	s.write(b)
	s.dict = binary.AppendUvarint(s.dict, uint64(shared))
	s.dict = binary.AppendUvarint(s.dict, uint64(len(term)-shared))
	s.dict = append(s.dict, term[shared:]...)
	s.dict = binary.AppendUvarint(s.dict, uint64(len(docs)))
	s.dict = binary.AppendUvarint(s.dict, uint64(len(b)))
	s.last = append(s.last[:0], term...)
	s.terms++
}

func (s *writer) finish() error {
	dict := s.size
	s.write(s.dict)
	blocks := s.size
	s.write(s.blocks)
	b := binary.LittleEndian.AppendUint32(nil, s.docs)
	b = binary.LittleEndian.AppendUint32(b, s.terms)
	b = binary.LittleEndian.AppendUint64(b, s.start)
	b = binary.LittleEndian.AppendUint64(b, dict)
	b = binary.LittleEndian.AppendUint64(b, blocks)
	s.write(b)
	s.write(binary.LittleEndian.AppendUint32(nil, s.crc))
	return s.err
}

var errFormat = errors.New("not a segment of this version, or cut short")

// read makes a segment of the bytes of one.
func read(data []byte) (*Segment, error) {
	n := uint64(len(data))
	if n < uint64(len(magic)+footerSize) || string(data[:len(magic)]) != magic {
		return nil, errFormat
	}
	foot := data[n-footerSize:]
	if got, want := crc32.Checksum(data[:n-4], castagnoli), binary.LittleEndian.Uint32(foot[footerSize-4:]); got != want {
		return nil, fmt.Errorf("checksum %08x, want %08x: the file is damaged", got, want)
	}
	docs, terms := binary.LittleEndian.Uint32(foot), binary.LittleEndian.Uint32(foot[4:])
	postings, dict, blocks := binary.LittleEndian.Uint64(foot[8:]), binary.LittleEndian.Uint64(foot[16:]), binary.LittleEndian.Uint64(foot[24:])
	end := n - footerSize
	if postings != uint64(len(magic))+4*uint64(docs) || dict < postings || blocks < dict || blocks > end ||
		end-blocks != blockSize*((uint64(terms)+blockTerms-1)/blockTerms) {
		return nil, errFormat
	}
	s := &Segment{
		data: data, terms: int(terms), ords: make([]uint32, docs),
		postings: data[postings:dict], dict: data[dict:blocks], blocks: data[blocks:end],
	}
	for i := range s.ords {
		s.ords[i] = binary.LittleEndian.Uint32(data[len(magic)+4*i:])
	}
	s.refs.Store(1)
	return s, nil
}
