// Command fit fits the weights by which the text of a page is told from the
// rest, and says how good they are on outlets that they were not fitted on.
//
//	go run ./crawler/extract/fit --data ../shared/data/extraction
//
// It splits the outlets into folds, fits on all but one, judges that one, and so
// for each; then it fits on all pages and writes the weights. The same data give
// the same weights, byte for byte.
package main

import (
	"flag"
	"fmt"
	"hash/fnv"
	"log"
	"os"
	"slices"

	"dateline/crawler/extract/internal/body"
)

func main() {
	log.SetFlags(0)
	log.SetPrefix("fit: ")
	data := flag.String("data", "", "folder with index.jsonl and the pages it names")
	out := flag.String("out", "", "write the weights fitted on all pages to this file")
	folds := flag.Int("folds", 5, "folds of outlets; 0 judges nothing")
	inner := flag.Int("inner", 4, "folds inside the pages that are fitted on, for the second stage")
	how := growth{}
	flag.IntVar(&how.trees, "trees", 200, "trees of each stage")
	flag.IntVar(&how.leaves, "leaves", 16, "leaves of each tree")
	flag.Float64Var(&how.rate, "rate", 0.05, "rate of learning")
	flag.Float64Var(&how.columns, "columns", 0.12, "share of the features that each tree sees")
	flag.Float64Var(&how.rows, "rows", 0.5, "share of the blocks that each tree sees")
	flag.Float64Var(&how.ridge, "ridge", 4, "ridge on the values of leaves")
	flag.Float64Var(&how.least, "least", 2, "smallest sum of second derivatives of a leaf")
	lines := flag.String("lines", "", "write what was thought of each line to this file")
	answers := flag.String("answers", "", "write the judged texts to this file, as the scorer reads them")
	flag.Parse()
	if *data == "" {
		log.Fatal("--data is missing, want the folder of cases")
	}
	pages, err := load(*data)
	if err != nil {
		log.Fatal(err)
	}
	if *folds > 1 {
		if err := judge(pages, *folds, *inner, how, *answers, *lines); err != nil {
			log.Fatal(err)
		}
	}
	if *out == "" {
		return
	}
	m := fit(pages, *inner, how)
	if err := os.WriteFile(*out, m.Encode(), 0o644); err != nil {
		log.Fatal(err)
	}
	fmt.Printf("fitted on %d pages of %d outlets: %s\n", len(pages), len(outlets(pages)), *out)
}

func outlets(pages []*example) []string {
	var out []string
	for _, p := range pages {
		out = append(out, p.outlet)
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// fold puts an outlet into one of n folds, always the same.
func fold(outlet string, n int, salt byte) int {
	h := fnv.New64a()
	h.Write([]byte{salt})
	h.Write([]byte(outlet))
	s := h.Sum64()
	return int((s ^ s>>32) % uint64(n))
}

// parted gives the pages outside and inside fold k.
func parted(pages []*example, k, n int, salt byte) (rest, in []*example) {
	for _, p := range pages {
		if fold(p.outlet, n, salt) == k {
			in = append(in, p)
		} else {
			rest = append(rest, p)
		}
	}
	return rest, in
}

// stageRows are the features of all blocks of pages with a weight.
func labelled(pages []*example, v map[*example][][]float32) (rows [][]float32, y, w []float64) {
	for _, p := range pages {
		for i, x := range v[p] {
			if p.weight[i] > 0 {
				rows = append(rows, x)
				y = append(y, p.label[i])
				w = append(w, p.weight[i])
			}
		}
	}
	return rows, y, w
}

// fit fits a model. What one part of it gives to the next is always computed on
// outlets that the part was not fitted on.
func fit(pages []*example, inner int, how growth) *body.Model {
	first := map[*example][][]float32{}
	for k := range inner {
		rest, in := parted(pages, k, inner, 'w')
		words := fitWords(rest, uint64(k))
		for _, p := range in {
			first[p] = vectors(p, words)
		}
	}
	score := map[*example][]float32{}
	for k := range inner {
		rest, in := parted(pages, k, inner, 'i')
		f := growOn(rest, first, how, uint64(k))
		for _, p := range in {
			score[p] = make([]float32, len(first[p]))
			for i, v := range first[p] {
				if p.doc.Outside(i) {
					continue
				}
				score[p][i] = body.Sigmoid(f.Sum(v))
			}
		}
	}
	words := fitWords(pages, 99)
	m := &body.Model{Words: map[uint64]float32{}}
	for f, w := range words.weights {
		m.Words[f] = float32(w)
	}
	m.First = growOn(pages, first, how, 99)
	second := map[*example][][]float32{}
	for _, p := range pages {
		for i, c := range p.doc.Context(score[p]) {
			second[p] = append(second[p], append(append([]float32(nil), first[p][i]...), c...))
		}
	}
	m.Second = growOn(pages, second, how, 199)
	return m
}

func vectors(p *example, words *wordFit) [][]float32 {
	out := make([][]float32, p.doc.Len())
	for i := range out {
		out[i] = p.doc.Vector(i, words.sum(p.names[i]), words.sum(p.words[i]))
	}
	return out
}

func growOn(pages []*example, v map[*example][][]float32, how growth, seed uint64) body.Forest {
	rows, y, w := labelled(pages, v)
	return grow(newTable(rows), y, w, how, seed)
}
