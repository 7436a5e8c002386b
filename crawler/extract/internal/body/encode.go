package body

import (
	"encoding/binary"
	"errors"
	"math"
	"slices"
)

// The weights file: magic, then all numbers little-endian in the order of
// Encode. It is written by the fitting program and embedded.
const magic = "DLBODY1\n"

// Encode gives the model as bytes, the same for the same model.
func (m *Model) Encode() []byte {
	b := []byte(magic)
	b = binary.LittleEndian.AppendUint32(b, stageTwo) // a file of other features must not be read
	f32 := func(x float32) { b = binary.LittleEndian.AppendUint32(b, math.Float32bits(x)) }
	names := make([]uint64, 0, len(m.Words))
	for w := range m.Words {
		names = append(names, w)
	}
	slices.Sort(names)
	b = binary.LittleEndian.AppendUint32(b, uint32(len(names)))
	for _, w := range names {
		b = binary.LittleEndian.AppendUint64(b, w)
		f32(m.Words[w])
	}
	for _, f := range []*Forest{&m.First, &m.Second} {
		f32(f.Base)
		b = binary.LittleEndian.AppendUint32(b, uint32(len(f.Trees)))
		for _, t := range f.Trees {
			b = binary.LittleEndian.AppendUint16(b, uint16(len(t)))
			for _, n := range t {
				b = binary.LittleEndian.AppendUint16(b, n.Feature)
				b = binary.LittleEndian.AppendUint16(b, n.Right)
				f32(n.Split)
			}
		}
	}
	return b
}

var errWeights = errors.New("body: weights of other features or damaged, want those that the fitting program writes")

// Decode reads what Encode wrote.
func Decode(b []byte) (*Model, error) {
	bad := false
	take := func(n int) []byte {
		if len(b) < n {
			bad, b = true, make([]byte, n)
		}
		x := b[:n]
		b = b[n:]
		return x
	}
	u16 := func() uint16 { return binary.LittleEndian.Uint16(take(2)) }
	u32 := func() uint32 { return binary.LittleEndian.Uint32(take(4)) }
	f32 := func() float32 { return math.Float32frombits(u32()) }
	if string(take(len(magic))) != magic || u32() != stageTwo {
		return nil, errWeights
	}
	m := &Model{}
	n := int(u32())
	if n*12 > len(b) {
		return nil, errWeights
	}
	m.Words = make(map[uint64]float32, n)
	for range n {
		w := binary.LittleEndian.Uint64(take(8))
		m.Words[w] = f32()
	}
	for _, f := range []*Forest{&m.First, &m.Second} {
		f.Base = f32()
		trees := int(u32())
		for range trees {
			if bad {
				return nil, errWeights
			}
			t := make([]Node, u16())
			for i := range t {
				t[i] = Node{Feature: u16(), Right: u16(), Split: f32()}
				if int(t[i].Feature) >= stageTwo || t[i].Right != 0 && (int(t[i].Right) <= i || int(t[i].Right) >= len(t)) {
					return nil, errWeights
				}
			}
			if len(t) == 0 {
				return nil, errWeights
			}
			f.Trees = append(f.Trees, t)
		}
	}
	if bad || len(b) > 0 {
		return nil, errWeights
	}
	return m, nil
}
