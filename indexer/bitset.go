package indexer

import "math/bits"

// bitset is a set of ordinals, one bit each. With some hundred thousand
// articles a set is a few tens of kilobytes and an intersection takes
// microseconds, so nothing cleverer is needed.
type bitset []uint64

func newBitset(n int) bitset { return make(bitset, (n+63)/64) }

func (b bitset) set(i uint32)      { b[i>>6] |= 1 << (i & 63) }
func (b bitset) unset(i uint32)    { b[i>>6] &^= 1 << (i & 63) }
func (b bitset) has(i uint32) bool { return int(i>>6) < len(b) && b[i>>6]&(1<<(i&63)) != 0 }

// grown gives a copy that has room for n ordinals.
func (b bitset) grown(n int) bitset {
	c := newBitset(n)
	copy(c, b)
	return c
}

func (b bitset) clone() bitset { return append(bitset(nil), b...) }

// The operands of and, or and andNot have the same length.

func (b bitset) and(o bitset) {
	o = o[:len(b)]
	for i := range b {
		b[i] &= o[i]
	}
}

func (b bitset) or(o bitset) {
	o = o[:len(b)]
	for i := range b {
		b[i] |= o[i]
	}
}

func (b bitset) andNot(o bitset) {
	o = o[:len(b)]
	for i := range b {
		b[i] &^= o[i]
	}
}

func (b bitset) count() int {
	n := 0
	for _, w := range b {
		n += bits.OnesCount64(w)
	}
	return n
}

func (b bitset) countAnd(o bitset) int {
	n := 0
	o = o[:len(b)]
	for i, w := range b {
		n += bits.OnesCount64(w & o[i])
	}
	return n
}

func (b bitset) empty() bool {
	for _, w := range b {
		if w != 0 {
			return false
		}
	}
	return true
}

// each calls fn with the members in order.
func (b bitset) each(fn func(uint32)) {
	for i, w := range b {
		for w != 0 {
			fn(uint32(i<<6 + bits.TrailingZeros64(w)))
			w &= w - 1
		}
	}
}
