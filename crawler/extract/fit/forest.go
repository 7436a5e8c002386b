package main

import (
	"math"
	"math/rand/v2"
	"slices"

	"dateline/crawler/extract/internal/body"
)

// growth says how a forest is grown.
type growth struct {
	trees, leaves int
	rate          float64 // of learning
	columns, rows float64 // the share each tree sees
	ridge         float64
	least         float64 // the smallest sum of second derivatives of a leaf
}

const bins = 64

// table is a sample by columns, each value the number of its bin.
type table struct {
	n    int
	cols [][]uint8
	cuts [][]float32 // cuts[f][b] is the least value of bin b+1
}

func newTable(rows [][]float32) *table {
	t := &table{n: len(rows)}
	if t.n == 0 {
		return t
	}
	step := max(1, t.n/20000)
	for f := range rows[0] {
		var sample []float32
		for i := 0; i < t.n; i += step {
			sample = append(sample, rows[i][f])
		}
		slices.Sort(sample)
		var cuts []float32
		for b := 1; b < bins; b++ {
			c := sample[b*len(sample)/bins]
			if c > sample[0] && (len(cuts) == 0 || c > cuts[len(cuts)-1]) {
				cuts = append(cuts, c)
			}
		}
		// Rare values at the end have no quantile of their own.
		if u := slices.Compact(sample); len(u) <= bins {
			cuts = append([]float32(nil), u[1:]...)
		}
		col := make([]uint8, t.n)
		for i := range rows {
			k, found := slices.BinarySearch(cuts, rows[i][f])
			if found {
				k++
			}
			col[i] = uint8(k)
		}
		t.cols = append(t.cols, col)
		t.cuts = append(t.cuts, cuts)
	}
	return t
}

type bin struct{ g, h float64 }

// leaf is a leaf under way: the rows in it and its best split.
type leaf struct {
	rows        []int32
	g, h        float64
	hist        [][]bin
	gain        float64
	feature, at int
	left, right *leaf
}

// grow fits a forest to targets y in [0, 1] by gradient boosting of the
// logistic loss, each row with a weight.
func grow(t *table, y, w []float64, how growth, seed uint64) body.Forest {
	rng := rand.New(rand.NewPCG(seed, 7))
	var sy, sw float64
	for i := range y {
		sy += y[i] * w[i]
		sw += w[i]
	}
	base := math.Log(sy / (sw - sy))
	out := body.Forest{Base: float32(base)}
	score := make([]float64, t.n)
	g, h := make([]float64, t.n), make([]float64, t.n)
	for i := range score {
		score[i] = base
	}
	for range how.trees {
		var rows []int32
		for i := range score {
			p := 1 / (1 + math.Exp(-score[i]))
			g[i], h[i] = w[i]*(p-y[i]), w[i]*max(p*(1-p), 1e-6)
			if w[i] > 0 && rng.Float64() < how.rows {
				rows = append(rows, int32(i))
			}
		}
		var columns []int
		for f := range t.cols {
			if len(t.cuts[f]) > 0 && rng.Float64() < how.columns {
				columns = append(columns, f)
			}
		}
		root := growTree(t, g, h, rows, columns, how)
		tree := flatten(root, t, how, nil)
		out.Trees = append(out.Trees, tree)
		for i := range score {
			score[i] += how.rate * value(root, t, i, how)
		}
	}
	return out
}

func growTree(t *table, g, h []float64, rows []int32, columns []int, how growth) *leaf {
	root := &leaf{rows: rows}
	root.count(t, g, h, columns)
	root.best(t, columns, how)
	open := []*leaf{root}
	for n := 1; n < how.leaves; n++ {
		k := -1
		for i, l := range open {
			if l.gain > 1e-9 && (k < 0 || l.gain > open[k].gain) {
				k = i
			}
		}
		if k < 0 {
			break
		}
		l := open[k]
		a, b := &leaf{}, &leaf{}
		col := t.cols[l.feature]
		for _, i := range l.rows {
			if int(col[i]) <= l.at {
				a.rows = append(a.rows, i)
			} else {
				b.rows = append(b.rows, i)
			}
		}
		small, big := a, b
		if len(b.rows) < len(a.rows) {
			small, big = b, a
		}
		small.count(t, g, h, columns)
		big.rest(l, small)
		l.hist, l.rows = nil, nil
		a.best(t, columns, how)
		b.best(t, columns, how)
		l.left, l.right = a, b
		open[k] = a
		open = append(open, b)
	}
	return root
}

func (l *leaf) count(t *table, g, h []float64, columns []int) {
	l.hist = make([][]bin, len(columns))
	for _, i := range l.rows {
		l.g += g[i]
		l.h += h[i]
	}
	for k, f := range columns {
		hist := make([]bin, bins)
		col := t.cols[f]
		for _, i := range l.rows {
			b := &hist[col[i]]
			b.g += g[i]
			b.h += h[i]
		}
		l.hist[k] = hist
	}
}

// rest takes the parent's histogram without the other child's.
func (l *leaf) rest(parent, other *leaf) {
	l.g, l.h = parent.g-other.g, parent.h-other.h
	l.hist = parent.hist
	for k := range l.hist {
		for b := range l.hist[k] {
			l.hist[k][b].g -= other.hist[k][b].g
			l.hist[k][b].h -= other.hist[k][b].h
		}
	}
}

func (l *leaf) best(t *table, columns []int, how growth) {
	whole := l.g * l.g / (l.h + how.ridge)
	for k, f := range columns {
		var sg, sh float64
		for b := range t.cuts[f] {
			sg += l.hist[k][b].g
			sh += l.hist[k][b].h
			rg, rh := l.g-sg, l.h-sh
			if sh < how.least || rh < how.least {
				continue
			}
			if gain := sg*sg/(sh+how.ridge) + rg*rg/(rh+how.ridge) - whole; gain > l.gain {
				l.gain, l.feature, l.at = gain, f, b
			}
		}
	}
}

func (l *leaf) value(how growth) float64 { return -l.g / (l.h + how.ridge) }

func value(l *leaf, t *table, i int, how growth) float64 {
	for l.left != nil {
		if int(t.cols[l.feature][i]) <= l.at {
			l = l.left
		} else {
			l = l.right
		}
	}
	return l.value(how)
}

// flatten writes a tree as nodes, the left child after its parent.
func flatten(l *leaf, t *table, how growth, out []body.Node) []body.Node {
	if l.left == nil {
		return append(out, body.Node{Split: float32(how.rate * l.value(how))})
	}
	at := len(out)
	out = append(out, body.Node{Feature: uint16(l.feature), Split: t.cuts[l.feature][l.at]})
	out = flatten(l.left, t, how, out)
	out[at].Right = uint16(len(out))
	return flatten(l.right, t, how, out)
}
