package body

// The sparse features of a block are words: of the classes of its element and
// of those around it, of its tags, of how the line begins and ends, and all of a
// short line. Each is a hash; the fitted model has weights for those that tell.

const (
	kindOwn = iota + 1
	kindNear
	kindFar
	kindTags
	kindFirst
	kindFirst2
	kindFirst3
	kindLast
	kindLast2
	kindWord
	kindInline
	kindAny
)

// The words of a short line say more than those of a long one, and are weighed
// apart. Of a very long line the first words are looked at.
const (
	shortLine    = 14
	maxLineWords = 60
)

// maxFar bounds the elements around a block whose names are read.
const maxFar = 14

// EachName calls fn with the sparse features of block i that come from classes,
// ids and tags. A feature may come more than once.
func (d *Doc) EachName(i int, fn func(uint64)) {
	b := &d.blocks[i]
	tags := mix(kindTags, hashString(d.elems[b.elem].tag.String()))
	for _, w := range d.words[b.words[0]:b.words[1]] {
		fn(mix(kindInline, w))
	}
	at, level := b.elem, 0
	for at >= 0 && level < maxFar {
		x := &d.elems[at]
		kind := uint64(kindFar)
		switch {
		case level == 0:
			kind = kindOwn
		case level < 3:
			kind = kindNear
			tags = mix(tags, hashString(x.tag.String()))
			fn(tags)
		}
		for _, w := range d.words[x.words[0]:x.words[1]] {
			fn(mix(kind, w))
		}
		at = x.parent
		level++
	}
}

// EachWord calls fn with the sparse features of block i that come from its words.
func (d *Doc) EachWord(i int, fn func(uint64)) {
	t := d.tokens(&d.blocks[i])
	n := len(t)
	fn(mix(kindFirst, t[0]))
	fn(mix(kindLast, t[n-1]))
	if n > 1 {
		fn(mix(kindFirst2, Join(t[:2])))
		fn(mix(kindLast2, Join(t[n-2:])))
	}
	if n > 2 {
		fn(mix(kindFirst3, Join(t[:3])))
	}
	kind := uint64(kindWord)
	if n > shortLine {
		kind = kindAny
	}
	for _, w := range t[:min(n, maxLineWords)] {
		fn(mix(kind, w))
	}
}

// sparse adds up the weights of a block's sparse features, those of names and
// those of words.
func (m *Model) sparse(d *Doc, i int) (names, words float32) {
	d.EachName(i, func(h uint64) { names += m.Words[h] })
	d.EachWord(i, func(h uint64) { words += m.Words[h] })
	return names, words
}
