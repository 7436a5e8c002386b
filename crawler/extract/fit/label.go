package main

import (
	"math"

	"dateline/crawler/extract/internal/body"
)

// run is the length of the runs of words that texts are compared by, as the
// scorer does.
const run = 4

func runs(t []uint64) map[uint64]int {
	out := map[uint64]int{}
	for i := 0; i < max(1, len(t)-run+1); i++ {
		out[body.Join(t[i:min(i+run, len(t))])]++
	}
	delete(out, 0)
	return out
}

// match gives precision and recall of a text's runs of words.
func match(truth, text map[uint64]int) (p, r float64) {
	var tp, nt, np float64
	for k, n := range truth {
		tp += float64(min(n, text[k]))
		nt += float64(n)
	}
	for _, n := range text {
		np += float64(n)
	}
	if np > 0 {
		p = tp / np
	}
	if nt > 0 {
		r = tp / nt
	}
	return p, r
}

// labels says of each line how much of it is in the true text. Short lines count
// only beside a line that is in it, in the same order, since a word or two are
// found anywhere.
func labels(lines [][]uint64, truth string) []float64 {
	t := body.Tokens(truth)
	has := runs(t)
	out := make([]float64, len(lines))
	for i, l := range lines {
		if len(l) < run {
			continue
		}
		n := 0
		for k := 0; k+run <= len(l); k++ {
			if has[body.Join(l[k:k+run])] > 0 {
				n++
			}
		}
		out[i] = float64(n) / float64(len(l)-run+1)
	}
	across := func(a, b []uint64) bool {
		a = a[max(0, len(a)-run+1):]
		b = b[:min(len(b), run-1)]
		j := append(append([]uint64(nil), a...), b...)
		if len(j) < run {
			return false
		}
		n, of := 0, 0
		for k := 0; k+run <= len(j); k++ {
			of++
			if has[body.Join(j[k:k+run])] > 0 {
				n++
			}
		}
		return n*2 > of
	}
	// near finds the next line in a direction that is in the text.
	near := func(i, step int) int {
		for j, n := i+step, 0; j >= 0 && j < len(lines) && n < 12; j, n = j+step, n+1 {
			if out[j] > 0.5 {
				return j
			}
		}
		return -1
	}
	for range 3 {
		for i, l := range lines {
			if len(l) >= run && out[i] > 0.3 || out[i] > 0.5 || len(l) > 8 {
				continue
			}
			a, b := near(i, -1), near(i, 1)
			if a >= 0 && across(lines[a], l) || b >= 0 && across(l, lines[b]) {
				out[i] = 1
			}
		}
	}
	return out
}

// weights gives each line its part of the page's measure: about as many words
// as the text would gain or lose by it, beside the text's length.
func weights(lines [][]uint64, truth string) []float64 {
	n := float64(len(body.Tokens(truth)))
	out := make([]float64, len(lines))
	for i, l := range lines {
		out[i] = math.Pow(min(1, (float64(len(l))+1)/(n+40)), 0.8) * 30
	}
	return out
}
