// Package tagger finds names of people, organizations and places, and other
// names, in English text: a linear model over words, their shapes, endings,
// neighbours, clusters and lists, decoded so that names do not overlap.
//
// The model is embedded and read on first use. Package entity asks it for
// proposals; `go run ./indexer/entity/train` makes it, and
// indexer/entity/MODEL.md says from what.
package tagger

import (
	_ "embed"
	"fmt"
	"sync"
)

//go:embed model.gz
var embedded []byte

// Default is the model that is shipped. Reading it costs some tenths of a
// second once.
var Default = sync.OnceValue(func() *Model {
	m, err := Decode(embedded)
	if err != nil {
		panic(fmt.Sprintf("tagger: the embedded model: %v", err)) // a fault of the build, not of the input
	}
	return m
})

// Type is the sort of a name.
type Type uint8

// The sorts of names. Other is for names that are none of the three: peoples,
// events, products, works.
const (
	Person Type = iota
	Organization
	Place
	Other
)

// Span is a name in a text. Offsets are bytes.
type Span struct {
	Start, End int
	Type       Type
	// Margin is how much better the text is explained with this name than
	// without it, at its weakest word. Above 0; about 1 is doubtful.
	Margin float32
	// Sport tells that the article reports on sports.
	Sport bool
}

// Model is a trained tagger. It is safe for concurrent use.
type Model struct {
	lex   lexicons
	feats *table   // hash of a feature -> where its weights begin
	w     []uint16 // count of weights, then tag<<8 | weight as int8
	scale float32  // of a weight
	trans [numTags]scores
	work  sync.Pool // of *workspace
}

type workspace struct {
	a       article
	l       lattice
	islands []sentence
	feats   []uint32
	cache   []ownScores // of words, at places that their hashes give
}

// ownScores are the scores of tags by what a word is wherever it stands. Names
// come again, and the same small words stand between them.
type ownScores struct {
	raw, low, long, lists uint32
	sum                   sums
}

// sums are of the tags; a power of two above their number spares the check of
// bounds.
type sums [32]int32

// maxCached is how many words are remembered, a power of two.
const maxCached = 1 << 11

func (m *Model) workspace() *workspace {
	if ws, ok := m.work.Get().(*workspace); ok {
		return ws
	}
	return &workspace{a: article{lex: &m.lex}, feats: make([]uint32, 0, maxFeatures), cache: make([]ownScores, maxCached)}
}

// maxKept is the number of words above which the memory of an article is not
// kept for the next one.
const maxKept = 1 << 16

// Tag finds the names in the parts of an article, such as its title and its
// body. How a word is written in one part helps to judge it in another.
func (m *Model) Tag(parts ...string) [][]Span {
	ws := m.workspace()
	defer func() {
		if cap(ws.a.words) <= maxKept {
			m.work.Put(ws)
		}
	}()
	a := &ws.a
	a.reset()
	ends := make([]int, len(parts))
	for p, text := range parts {
		a.add(text)
		ends[p] = len(a.sents)
	}
	out := make([][]Span, len(parts))
	from := 0
	for p, text := range parts {
		for _, st := range a.sents[from:ends[p]] {
			ws.islands = a.begin(st, ws.islands[:0])
			for _, is := range ws.islands {
				m.decode(ws, text, is)
				out[p] = ws.spans(is, out[p])
			}
		}
		from = ends[p]
	}
	return out
}

// decode finds the best tags of an island of the current sentence.
func (m *Model) decode(ws *workspace, text string, is sentence) {
	l := &ws.l
	l.size(is.to - is.from)
	for i := range l.emit {
		w := &ws.a.s[is.from+i]
		own := &ws.cache[(w.raw^w.lists)%maxCached]
		if own.raw != w.raw || own.low != w.low || own.long != w.long || own.lists != w.lists {
			*own = ownScores{raw: w.raw, low: w.low, long: w.long, lists: w.lists}
			ws.feats = w.own(text[w.start:w.end], ws.feats[:0])
			m.add(ws.feats, &own.sum)
		}
		sum := own.sum
		ws.feats = ws.a.around(is.from+i, ws.feats[:0])
		m.add(ws.feats, &sum)
		for t, s := range sum[:numTags] {
			l.emit[i][t] = float32(s) * m.scale
		}
	}
	l.best(&m.trans)
	l.margins(&m.trans)
}

// add adds the weights of features to the sums of the tags. It first looks up
// where all of them are, so that the processor waits for memory only once.
func (m *Model) add(feats []uint32, sum *sums) {
	var rows [maxFeatures]uint32
	n := 0
	for _, f := range feats {
		if at, ok := m.feats.get(f); ok && n < len(rows) {
			rows[n] = at
			n++
		}
	}
	for _, at := range rows[:n] {
		for _, x := range m.w[at+1:][:m.w[at]] {
			sum[x>>8&31] += int32(int8(x))
		}
	}
}

// spans appends the names that the tags of an island mean.
func (ws *workspace) spans(is sentence, out []Span) []Span {
	l, s := &ws.l, ws.a.s[is.from:is.to]
	for i := 0; i < len(s); i++ {
		t := l.tags[i]
		if t == 0 {
			continue
		}
		sp := Span{Start: s[i].start, Type: Type((t - 1) / 4), Margin: l.margin[i], Sport: ws.a.topic&3 >= aboutSport}
		for open(l.tags[i]) && i+1 < len(s) {
			i++
			sp.Margin = min(sp.Margin, l.margin[i])
		}
		sp.End = s[i].end
		out = append(out, sp)
	}
	return out
}
