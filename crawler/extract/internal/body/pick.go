package body

import (
	"cmp"
	"slices"
	"strings"

	"golang.org/x/net/html/atom"
)

// Len is the number of blocks.
func (d *Doc) Len() int { return len(d.blocks) }

// Line is the text of block i.
func (d *Doc) Line(i int) string { return d.line(&d.blocks[i]) }

// Vector is the first stage's features of block i, with the sums of the weights
// of its names and of its words.
func (d *Doc) Vector(i int, names, words float32) []float32 {
	v := make([]float32, numFeatures)
	d.fill(i, v)
	v[sparseFeature], v[sparseFeature+1] = names, words
	return v
}

// Judge gives the probability of each block to be of the article.
func (d *Doc) Judge(m *Model) []float32 {
	v := make([]float32, len(d.blocks)*stageTwo)
	s := make([]float32, len(d.blocks))
	for i := range d.blocks {
		if d.Outside(i) {
			continue
		}
		x := v[i*stageTwo : (i+1)*stageTwo]
		d.fill(i, x[:numFeatures])
		x[sparseFeature], x[sparseFeature+1] = m.sparse(d, i)
		s[i] = Sigmoid(m.First.Sum(x[:numFeatures]))
	}
	if len(m.Second.Trees) == 0 {
		return s
	}
	out := make([]float32, len(s))
	d.context(s, hopeless, func(i int, c []float32) {
		x := v[i*stageTwo : (i+1)*stageTwo]
		copy(x[numFeatures:], c)
		out[i] = Sigmoid(m.Second.Sum(x))
	})
	return out
}

// hopeless is the first stage's probability up to which a block is not judged
// again: half of the blocks of a page are below, and none of an article.
const hopeless = 0.004

// Context gives the second stage's own features of each block.
func (d *Doc) Context(s []float32) [][]float32 {
	out := make([][]float32, len(d.blocks))
	d.context(s, -1, func(i int, c []float32) { out[i] = append([]float32(nil), c...) })
	return out
}

// Keep chooses the blocks that are the text: those from the probability that
// makes the expected F1 of the choice the greatest, counted in words. On a page
// that the model is sure of that is one half; where all is doubtful it is less,
// since half of a text is better than none.
func (d *Doc) Keep(s []float32) []int {
	order := make([]int, 0, len(s))
	var all float32
	for i, p := range s {
		all += p * d.weight(i)
		if p >= lowest {
			order = append(order, i)
		}
	}
	slices.SortStableFunc(order, func(a, b int) int { return cmp.Compare(s[b], s[a]) })
	var hit, size, best float32
	n := 0
	for k, i := range order {
		w := d.weight(i)
		hit += s[i] * w
		size += w
		if f := 2 * hit / (size + all); f >= best {
			best, n = f, k+1
		}
	}
	kept := order[:n]
	slices.Sort(kept)
	return d.withHeadings(kept, s)
}

// headingLeast is the probability from which a heading is kept where what it
// heads is: alone it says too little to be judged.
const headingLeast = 0.2

// withHeadings adds the headings that stand right before kept blocks, beside them.
func (d *Doc) withHeadings(kept []int, s []float32) []int {
	out := make([]int, 0, len(kept))
	last := -1
	for _, i := range kept {
		if h := i - 1; h > last && h != int(d.h1) && s[h] >= headingLeast && heading[d.elems[d.blocks[h].elem].tag] && d.elems[d.blocks[h].elem].parent == d.elems[d.blocks[i].elem].parent {
			out = append(out, h)
		}
		out = append(out, i)
		last = i
	}
	return out
}

var heading = map[atom.Atom]bool{atom.H2: true, atom.H3: true, atom.H4: true, atom.H5: true, atom.H6: true}

// lowest is the probability that a block must have on any page.
const lowest = 0.12

func (d *Doc) weight(i int) float32 { return float32(d.blocks[i].tok[1] - d.blocks[i].tok[0]) }

// Text joins blocks as paragraphs, without the headline and lines that came before.
func (d *Doc) Text(keep []int) string {
	var b strings.Builder
	seen := make(set, len(keep))
	written := 0
	for _, i := range keep {
		x := &d.blocks[i]
		n := x.tok[1] - x.tok[0]
		if written < 4 && d.titleHash != 0 && x.hash == d.titleHash {
			continue // the headline again
		}
		if n > 5 && seen.has(x.hash) || dropped(d.tokens(x)) {
			continue
		}
		seen[x.hash] = struct{}{}
		if written > 0 {
			b.WriteString("\n\n")
		}
		b.Write(d.text[x.start:x.end])
		written++
	}
	return b.String()
}

// Where gives the tags around block i, innermost first.
func (d *Doc) Where(i int) string {
	out := ""
	for at, n := d.blocks[i].elem, 0; at >= 0 && n < 6; at, n = d.elems[at].parent, n+1 {
		out += d.elems[at].tag.String() + "<"
	}
	return out
}

// Embedded is the article as the page's scripts have it, empty without.
func (d *Doc) Embedded() string { return d.embedded }

// Title is the headline that the page was given.
func (d *Doc) Title() string { return d.in.Title }

// likely is the probability from which a line is worth remembering: what is
// surely of no article needs no memory.
const likely = 0.1

// Likely gives the hashes of the lines that may be of the article, each once; of
// more than most those at the start and at the end, where outlets put their own.
func (d *Doc) Likely(s []float32, most int) []uint64 {
	var out []uint64
	seen := set{}
	for i := range d.blocks {
		if h := d.blocks[i].hash; s[i] >= likely && !seen.has(h) {
			seen[h] = struct{}{}
			out = append(out, h)
		}
	}
	if n := len(out) - most; n > 0 {
		out = slices.Delete(out, most/2, most/2+n)
	}
	return out
}

// Forget takes the probability from lines that the outlet's pages have in
// common, which are sorted. Where most of the article is among them it was
// published at several addresses, and they are left.
func (d *Doc) Forget(s []float32, common []uint64) {
	if len(common) == 0 {
		return
	}
	var all, known float32
	var at []int
	for i := range d.blocks {
		w := s[i] * d.weight(i)
		all += w
		// A standfirst may stand in the lists of other pages.
		if _, ok := slices.BinarySearch(common, d.blocks[i].hash); ok && d.descWords.share(d.tokens(&d.blocks[i]), 1) < 0.8 {
			known += w
			at = append(at, i)
		}
	}
	if known*2 > all {
		return
	}
	for _, i := range at {
		s[i] = 0
	}
}
