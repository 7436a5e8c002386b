package body

// vector is what the first stage knows of a block: numbers that trees compare
// with thresholds. Their order is the weights file's; names are in vectorNames.
type vector []float32

// groupFrom is where the features of groups begin.
const (
	plainFeatures = 94
	numFeatures   = plainFeatures + numGroups + 2
	sparseFeature = numFeatures - 2 // the sums of the weights of names and of words
)

// fill computes the features of block i but the sparse one into v.
func (d *Doc) fill(i int, v vector) {
	b := &d.blocks[i]
	f := &d.lines[i]
	e := &d.elems[b.elem]
	toks := d.tokens(b)
	n := int32(len(toks))
	k := 0
	put := func(x float32) { v[k] = x; k++ }

	// The line itself.
	put(log2(n))
	put(part(b.chars, n))
	put(b.ld)
	put(float32(min(b.links, 20)))
	put(truth(f.sentence))
	put(part(f.stops, n))
	put(part(f.commas, n))
	put(part(f.digits, b.chars))
	put(part(f.upper, f.letters))
	put(part(f.letters, b.chars))
	put(float32(runeKind(f.first)))
	put(part(f.odd, n))
	put(truth(f.colon))
	put(truth(f.quote))
	put(part(b.bold, b.chars))
	put(part(b.ital, b.chars))
	put(truth(b.boldLead))
	put(truth(b.image))
	put(float32(phrase(toks)))
	put(float32(min(d.repeats[b.hash], 10)))
	put(tagCode[e.tag])
	put(float32(min(e.depth, 60)))

	// What the page says of itself.
	put(d.likeTitle(toks))
	put(truth(b.hash == d.titleHash))
	put(d.desc.share(toks, 2))
	put(d.descWords.share(toks, 1))
	put(d.linked.share(toks, 3))
	put(log2(int32(d.linkedLen)))
	put(truth(d.labels.has(b.hash)))
	put(d.byAuthor(toks))
	put(float32(dateWords(toks, f)))
	put(part(consents(toks), n))

	// Where it stands.
	blocks := int32(len(d.blocks))
	put(part(int32(i), blocks))
	put(log2(int32(i)))
	put(log2(blocks - int32(i)))
	if d.h1 >= 0 {
		put(signedLog(int32(i) - d.h1))
		put(signedLog((b.start - d.blocks[d.h1].start) / 8))
		put(float32(d.apart(b.elem, d.blocks[d.h1].elem)))
	} else {
		put(-99)
		put(-99)
		put(-1)
	}
	if d.main >= 0 {
		m := &d.elems[d.main]
		up, height := d.under(b.elem, d.main)
		put(float32(up))
		put(float32(height))
		put(part(int32(i)-m.first, m.last-m.first+1))
		put(signedLog(int32(i) - m.first))
		put(signedLog(m.last - int32(i)))
		put(part(m.prose, d.prose))
		put(part(m.linked, m.chars))
		put(log2(m.paras))
	} else {
		for range 8 {
			put(-99)
		}
	}

	// Its element and those around it.
	at := b.elem
	for range 5 {
		if at < 0 {
			put(-1)
			put(-1)
			put(-1)
			put(-1)
			continue
		}
		x := &d.elems[at]
		put(part(x.prose, d.prose))
		put(part(x.linked, x.chars))
		put(log2(x.blocks))
		put(part(x.paras, x.blocks))
		at = x.parent
	}
	put(float32(int32(i) - e.first))
	put(float32(e.last - int32(i)))
	s := d.sigs[d.sig(b)]
	put(part(s.prose, d.prose))
	put(part(s.linked, s.chars))
	put(log2(s.blocks))
	put(part(s.chars, s.blocks))

	// Its neighbours.
	for _, off := range [...]int{-2, -1, 1, 2} {
		j := i + off
		if j < 0 || j >= len(d.blocks) {
			put(-1)
			put(-1)
			put(-1)
			put(-1)
			continue
		}
		o := &d.blocks[j]
		put(log2(o.tok[1] - o.tok[0]))
		put(o.ld)
		put(truth(d.sig(o) == d.sig(b)))
		put(float32(d.apart(b.elem, o.elem)))
	}
	var near, nearLinked, nearProse int32
	for j := max(0, i-4); j < min(len(d.blocks), i+5); j++ {
		near += d.blocks[j].chars
		nearLinked += d.blocks[j].linked
		if d.reads(&d.blocks[j]) {
			nearProse += d.blocks[j].chars
		}
	}
	put(log2(near))
	put(part(nearLinked, near))
	put(part(nearProse, near))

	// The page.
	put(log2(d.prose))
	put(log2(blocks))
	put(truth(wide(f.first)))

	// Groups: 3 by its own names, 2 by those of two elements around it, 1 by any farther.
	own := e.own | b.inline
	var nearby group
	if e.parent >= 0 {
		p := &d.elems[e.parent]
		nearby = p.own
		if p.parent >= 0 {
			nearby |= d.elems[p.parent].own
		}
	}
	far := e.above
	for g := range numGroups {
		bit := group(1) << g
		switch {
		case own&bit != 0:
			put(3)
		case nearby&bit != 0:
			put(2)
		case far&bit != 0:
			put(1)
		default:
			put(0)
		}
	}
}

// maxClimb bounds how far up the tree two elements are followed.
const maxClimb = 24

// apart is how many steps lead from element a up to what also holds b.
func (p *Page) apart(a, b int32) int {
	n := 0
	for x := a; x >= 0 && n < maxClimb; x = p.elems[x].parent {
		if p.holds(x, b) {
			return n
		}
		n++
	}
	return maxClimb
}

// holds reports whether element a is b or around it. Elements are numbered in
// document order, so a's are those up to its last.
func (p *Page) holds(a, b int32) bool {
	return a <= b && b < p.elems[a].end
}

// under says how many levels an element is below another, and else how many
// levels the other is below what holds both.
func (p *Page) under(e, m int32) (up, height int) {
	if p.holds(m, e) {
		return int(min(p.elems[e].depth-p.elems[m].depth, maxClimb)), 0
	}
	return -1, p.apart(m, e)
}

func (d *Doc) byAuthor(toks []uint64) float32 {
	if len(toks) > 60 {
		return 0
	}
	best := float32(0)
	for _, a := range d.authors {
		for i := 0; i+len(a) <= len(toks); i++ {
			if equal(a, toks[i:i+len(a)]) {
				best = max(best, float32(len(a))/float32(len(toks)))
			}
		}
	}
	return best
}

func equal(a, b []uint64) bool {
	for i := range a {
		if a[i] != b[i] {
			return false
		}
	}
	return true
}
