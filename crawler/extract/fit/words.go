package main

import (
	"math"
	"math/rand/v2"
	"slices"
)

// wordFit is a linear model over sparse features.
type wordFit struct {
	weights map[uint64]float64
}

// rareOutlets is how many outlets must have a feature: what fewer have tells of
// those outlets, not of news pages.
const rareOutlets = 4

// fitWords fits logistic regression to the blocks of pages by AdaGrad.
func fitWords(pages []*example, seed uint64) *wordFit {
	outlets := map[uint64]map[string]bool{}
	for _, p := range pages {
		seen := map[uint64]bool{}
		for _, blocks := range [][][]uint64{p.names, p.words} {
			for _, fs := range blocks {
				for _, f := range fs {
					seen[f] = true
				}
			}
		}
		for f := range seen {
			m := outlets[f]
			if m == nil {
				m = map[string]bool{}
				outlets[f] = m
			}
			m[p.outlet] = true
		}
	}
	m := &wordFit{weights: map[uint64]float64{}}
	index := map[uint64]int32{}
	var names []uint64
	for f, o := range outlets {
		if len(o) >= rareOutlets {
			names = append(names, f)
		}
	}
	slices.Sort(names)
	for i, f := range names {
		index[f] = int32(i)
	}
	type row struct {
		fs   []int32
		y, w float64
	}
	var rows []row
	for _, p := range pages {
		for i := range p.label {
			if p.weight[i] == 0 {
				continue
			}
			r := row{y: p.label[i], w: p.weight[i]}
			for _, fs := range [][]uint64{p.names[i], p.words[i]} {
				for _, f := range fs {
					if k, ok := index[f]; ok {
						r.fs = append(r.fs, k)
					}
				}
			}
			rows = append(rows, r)
		}
	}
	rng := rand.New(rand.NewPCG(seed, 3))
	weights, sums := make([]float64, len(names)), make([]float64, len(names))
	for i := range sums {
		sums[i] = 1
	}
	bias, biasSum := 0.0, 1.0
	const (
		rate  = 0.08
		decay = 2e-5
	)
	for range 4 {
		rng.Shuffle(len(rows), func(i, j int) { rows[i], rows[j] = rows[j], rows[i] })
		for _, r := range rows {
			s := bias
			for _, k := range r.fs {
				s += weights[k]
			}
			g := r.w * (1/(1+math.Exp(-s)) - r.y)
			biasSum += g * g
			bias -= rate * g / math.Sqrt(biasSum)
			for _, k := range r.fs {
				gk := g + decay*weights[k]
				sums[k] += gk * gk
				weights[k] -= rate * gk / math.Sqrt(sums[k])
			}
		}
	}
	for i, f := range names {
		if w := weights[i]; math.Abs(w) > 0.03 {
			m.weights[f] = w
		}
	}
	return m
}

func (m *wordFit) sum(fs []uint64) float32 {
	s := float32(0)
	for _, f := range fs {
		s += float32(m.weights[f])
	}
	return s
}
