package body

import "math"

// Model is what was fitted: weights of words, and two stages of trees. The
// first judges a block by itself and its neighbours' looks, the second also by
// what the first said of the blocks around it.
type Model struct {
	Words  map[uint64]float32
	First  Forest
	Second Forest
}

// Node is a node of a tree: below the threshold the next node follows, else
// the one at Right. A leaf has Right 0 and its value in Split.
type Node struct {
	Feature uint16
	Right   uint16 // index in the tree
	Split   float32
}

// Forest is a sum of trees.
type Forest struct {
	Base  float32
	Trees [][]Node
}

// Sum is the forest's value for features v, the logarithm of odds.
func (f *Forest) Sum(v []float32) float32 {
	sum := f.Base
	for _, t := range f.Trees {
		i := 0
		for {
			n := &t[i]
			if n.Right == 0 {
				sum += n.Split
				break
			}
			if v[n.Feature] < n.Split {
				i++
			} else {
				i = int(n.Right)
			}
		}
	}
	return sum
}

// Sigmoid makes a probability of the logarithm of odds.
func Sigmoid(x float32) float32 { return float32(1 / (1 + math.Exp(-float64(x)))) }

// stageTwo is the number of features of the second stage: those of the first
// and what the first said.
const stageTwo = numFeatures + contextFeatures

const contextFeatures = 41

// context computes the second stage's own features of all blocks from the
// probabilities s of the first, but for blocks up to the probability none.
func (d *Doc) context(s []float32, none float32, fill func(i int, v []float32)) {
	n := len(d.blocks)
	elem := make([]float32, len(d.elems)) // kept characters, as far as the first stage believes
	total := float32(0)
	for _, g := range d.sigs {
		g.score = 0
	}
	ahead := make([]float32, n+1)
	for i := range d.blocks {
		b := &d.blocks[i]
		w := s[i] * float32(b.chars)
		elem[b.elem] += w
		total += w
		ahead[i+1] = total
		d.sigs[d.sig(b)].score += w
	}
	for i := len(d.elems) - 1; i > 0; i-- {
		if p := d.elems[i].parent; p >= 0 {
			elem[p] += elem[i]
		}
	}
	heart, wider := int32(-1), int32(-1)
	for i := range d.elems {
		if total > 0 && elem[i] >= 0.6*total && d.elems[i].blocks > 1 {
			heart = int32(i)
		}
		if total > 0 && elem[i] >= 0.92*total && d.elems[i].blocks > 1 {
			wider = int32(i)
		}
	}
	// How far it is to a block that is surely kept.
	before, after := make([]int32, n), make([]int32, n)
	last := int32(-1)
	for i := range n {
		before[i] = last
		if s[i] > 0.6 && d.reads(&d.blocks[i]) {
			last = int32(i)
		}
	}
	last = -1
	for i := n - 1; i >= 0; i-- {
		after[i] = last
		if s[i] > 0.6 && d.reads(&d.blocks[i]) {
			last = int32(i)
		}
	}
	seen := make(map[uint64]bool, n)
	v := make([]float32, contextFeatures)
	for i := range n {
		b := &d.blocks[i]
		if s[i] <= none {
			seen[b.hash] = true
			continue
		}
		k := 0
		put := func(x float32) { v[k] = x; k++ }
		for off := -4; off <= 4; off++ {
			if j := i + off; j >= 0 && j < n {
				put(s[j])
			} else {
				put(-1)
			}
		}
		var sum, chars float32
		for j := max(0, i-8); j < min(n, i+9); j++ {
			sum += s[j] * float32(d.blocks[j].chars)
			chars += float32(d.blocks[j].chars)
		}
		put(sum / max(chars, 1))
		at := b.elem
		for range 5 {
			if at < 0 {
				put(-1)
				put(-1)
				continue
			}
			x := &d.elems[at]
			put(elem[at] / float32(max(x.chars, 1)))
			put(elem[at] / max(total, 1))
			at = x.parent
		}
		g := d.sigs[d.sig(b)]
		put(g.score / float32(max(g.chars, 1)))
		put(g.score / max(total, 1))
		for _, m := range [...]int32{heart, wider} {
			if m < 0 {
				put(-9)
				put(-9)
				put(-9)
				continue
			}
			up, height := d.under(b.elem, m)
			put(float32(up))
			put(float32(height))
			put(elem[m] / float32(max(d.elems[m].chars, 1)))
		}
		put(ahead[i] / max(total, 1))
		put((total - ahead[i+1]) / max(total, 1))
		// How far the neighbour is, and whether it is built alike; -1 for none.
		beside := func(at, far, gap int32) {
			o := &d.blocks[at]
			put(log2(far))
			put(log2(gap))
			put(float32(d.apart(b.elem, o.elem)))
			put(truth(d.sig(o) == d.sig(b)))
		}
		none := func() {
			for range 4 {
				put(-1)
			}
		}
		if at := before[i]; at >= 0 {
			beside(at, int32(i)-at, b.start-d.blocks[at].end)
		} else {
			none()
		}
		if at := after[i]; at >= 0 {
			beside(at, at-int32(i), d.blocks[at].start-b.end)
		} else {
			none()
		}
		put(log2(int32(total)))
		put(truth(seen[b.hash]))
		put(float32(runLength(s, i)))
		seen[b.hash] = true
		fill(i, v)
	}
}

// runLength is how many blocks in a row about block i are on its side of one half.
func runLength(s []float32, i int) int {
	side := s[i] > 0.5
	n := 1
	for j := i - 1; j >= 0 && n < 12 && (s[j] > 0.5) == side; j-- {
		n++
	}
	for j := i + 1; j < len(s) && n < 24 && (s[j] > 0.5) == side; j++ {
		n++
	}
	return n
}
