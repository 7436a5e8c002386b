package tagger

import (
	"bytes"
	"compress/gzip"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"math"
)

// magic begins a model, after unpacking; its digit is the version of the
// features, which a model and the program must agree on.
const magic = "dltag2\n"

const maxModel = 64 << 20 // bytes, unpacked

// Encode gives the model as Decode wants it. The same model gives the same
// bytes.
func (m *Model) Encode() ([]byte, error) {
	b := []byte(magic)
	b = binary.LittleEndian.AppendUint32(b, math.Float32bits(m.scale))
	for _, r := range m.trans {
		for _, v := range r {
			b = binary.LittleEndian.AppendUint32(b, math.Float32bits(v))
		}
	}
	b = binary.AppendUvarint(b, uint64(m.lex.longest))
	for _, t := range []*table{m.lex.words, m.lex.names} {
		b = appendPairs(b, t.sorted())
	}
	// Keys, counts of weights, tags and weights each stand together, which
	// packs better.
	ps := m.feats.sorted()
	b = binary.AppendUvarint(b, uint64(len(ps)))
	b = appendKeys(b, ps)
	for _, p := range ps {
		b = append(b, byte(m.w[p.val]))
	}
	for shift := 8; shift >= 0; shift -= 8 {
		for _, p := range ps {
			for _, x := range m.w[p.val+1:][:m.w[p.val]] {
				b = append(b, byte(x>>shift))
			}
		}
	}
	var out bytes.Buffer
	z, err := gzip.NewWriterLevel(&out, gzip.BestCompression)
	if err != nil {
		return nil, err
	}
	if _, err := z.Write(b); err != nil {
		return nil, err
	}
	if err := z.Close(); err != nil {
		return nil, err
	}
	return out.Bytes(), nil
}

func appendPairs(b []byte, ps []pair) []byte {
	b = binary.AppendUvarint(b, uint64(len(ps)))
	b = appendKeys(b, ps)
	for _, p := range ps {
		b = binary.AppendUvarint(b, uint64(p.val))
	}
	return b
}

// appendKeys writes sorted keys as the differences between them.
func appendKeys(b []byte, ps []pair) []byte {
	last := uint32(0)
	for _, p := range ps {
		b = binary.AppendUvarint(b, uint64(p.key-last))
		last = p.key
	}
	return b
}

// Decode reads a model that Encode wrote.
func Decode(packed []byte) (*Model, error) {
	z, err := gzip.NewReader(bytes.NewReader(packed))
	if err != nil {
		return nil, fmt.Errorf("model: %w", err)
	}
	b, err := io.ReadAll(io.LimitReader(z, maxModel))
	if err != nil {
		return nil, fmt.Errorf("model: %w", err)
	}
	if !bytes.HasPrefix(b, []byte(magic)) {
		return nil, fmt.Errorf("model: begins with %q, want %q", b[:min(len(b), len(magic))], magic)
	}
	r := &reader{b: b[len(magic):]}
	m := &Model{scale: r.float()}
	for a := range m.trans {
		for t := range m.trans[a] {
			m.trans[a][t] = r.float()
		}
	}
	m.lex.longest = min(int(r.uvarint()), maxName)
	m.lex.words = newTable(r.pairs())
	m.lex.names = newTable(r.pairs())
	m.weights(r)
	if r.err == nil && len(r.b) > 0 {
		r.err = fmt.Errorf("%d bytes too many", len(r.b))
	}
	if r.err != nil {
		return nil, fmt.Errorf("model: %w", r.err)
	}
	return m, nil
}

func (m *Model) weights(r *reader) {
	ps := r.keys(r.count())
	counts := r.bytes(len(ps))
	n := 0
	for _, c := range counts {
		n += int(c)
	}
	tags, ws := r.bytes(n), r.bytes(n)
	if r.err != nil {
		return
	}
	m.w = make([]uint16, 0, n+len(ps))
	k := 0
	for i, c := range counts {
		ps[i].val = uint32(len(m.w))
		m.w = append(m.w, uint16(c))
		for range c {
			if tags[k] >= numTags {
				r.err = fmt.Errorf("tag %d, want less than %d", tags[k], numTags)
				return
			}
			m.w = append(m.w, uint16(tags[k])<<8|uint16(ws[k]))
			k++
		}
	}
	m.feats = newTable(ps)
}

// reader takes a model apart; after an error it gives zeros.
type reader struct {
	b   []byte
	err error
}

var errShort = errors.New("it is cut short")

func (r *reader) bytes(n int) []byte {
	if r.err != nil || n > len(r.b) {
		r.b, r.err = nil, cmpErr(r.err)
		return nil
	}
	out := r.b[:n]
	r.b = r.b[n:]
	return out
}

func cmpErr(err error) error {
	if err == nil {
		return errShort
	}
	return err
}

func (r *reader) float() float32 {
	b := r.bytes(4)
	if b == nil {
		return 0
	}
	return math.Float32frombits(binary.LittleEndian.Uint32(b))
}

func (r *reader) uvarint() uint64 {
	v, n := binary.Uvarint(r.b)
	if n <= 0 {
		r.b, r.err = nil, cmpErr(r.err)
		return 0
	}
	r.b = r.b[n:]
	return v
}

// count reads how many entries follow, each of which takes a byte or more.
func (r *reader) count() int {
	n := r.uvarint()
	if n > uint64(len(r.b)) {
		r.b, r.err = nil, cmpErr(r.err)
		return 0
	}
	return int(n)
}

func (r *reader) keys(n int) []pair {
	ps := make([]pair, n)
	last := uint32(0)
	for i := range ps {
		last += uint32(r.uvarint())
		ps[i].key = last
	}
	return ps
}

func (r *reader) pairs() []pair {
	ps := r.keys(r.count())
	for i := range ps {
		ps[i].val = uint32(r.uvarint())
	}
	return ps
}
