package segment

import (
	"bytes"
	"fmt"
	"slices"
	"strings"

	"github.com/blevesearch/bleve/v2/document"
	index "github.com/blevesearch/bleve_index_api"
)

// The fields of an article, as the parts of Batch.Count and as the fields
// that bleve sees.
const (
	Title = iota
	Lead
	Body
)

var fieldNames = [...]string{Title: "t", Lead: "s", Body: "b"}

// Batch inverts the articles that become one segment. Each is begun and its
// terms are counted; then its Field goes to bleve in a document.
type Batch struct {
	byTerm map[string]uint32
	terms  []string
	slot   []uint32 // 1 + place in cur of a term of the current article
	ords   []uint32
	cur    []entry
	all    []entry
}

// entry is one posting; doc is a place in ords.
type entry struct {
	term, doc uint32
	freq      Freq
}

// NewBatch gives an empty one.
func NewBatch() *Batch { return &Batch{byTerm: map[string]uint32{}} }

// Begin begins an article; ordinals ascend.
func (b *Batch) Begin(ord uint32) {
	b.flush()
	b.ords = append(b.ords, ord)
}

// Count counts a term in a part of the article.
func (b *Batch) Count(part int, term string) {
	n, ok := b.byTerm[term]
	if !ok {
		n = uint32(len(b.terms))
		term = strings.Clone(term)
		b.byTerm[term] = n
		b.terms = append(b.terms, term)
		b.slot = append(b.slot, 0)
	}
	k := b.slot[n]
	if k == 0 {
		b.cur = append(b.cur, entry{term: n, doc: uint32(len(b.ords) - 1)})
		k = uint32(len(b.cur))
		b.slot[n] = k
	}
	f := &b.cur[k-1].freq
	switch part {
	case Title:
		*f = NewFreq(f.Title()+1, f.Lead(), f.Body())
	case Lead:
		*f = NewFreq(f.Title(), f.Lead()+1, f.Body())
	default:
		*f = NewFreq(f.Title(), f.Lead(), f.Body()+1)
	}
}

func (b *Batch) flush() {
	for _, e := range b.cur {
		b.slot[e.term] = 0
	}
	b.all = append(b.all, b.cur...)
	b.cur = b.cur[:0]
}

// build writes the segment in memory.
func (b *Batch) build() (*Segment, error) {
	b.flush()
	if !slices.IsSorted(b.ords) {
		return nil, fmt.Errorf("ordinals of a batch do not ascend")
	}
	order := make([]uint32, len(b.terms))
	for i := range order {
		order[i] = uint32(i)
	}
	slices.SortFunc(order, func(x, y uint32) int { return strings.Compare(b.terms[x], b.terms[y]) })
	// Where the postings of each term begin when they are sorted by term;
	// within one the articles stay in their order.
	at := make([]uint32, len(b.terms)+1)
	for _, e := range b.all {
		at[e.term+1]++
	}
	for i := 1; i < len(at); i++ {
		at[i] += at[i-1]
	}
	docs, freqs := make([]uint32, len(b.all)), make([]Freq, len(b.all))
	next := slices.Clone(at)
	for _, e := range b.all {
		i := next[e.term]
		next[e.term]++
		docs[i], freqs[i] = e.doc, e.freq
	}
	var buf bytes.Buffer
	buf.Grow(len(magic) + footerSize + 8*len(b.ords) + 3*len(b.all) + 16*len(b.terms))
	w := newWriter(&buf, b.ords)
	for _, n := range order {
		w.add([]byte(b.terms[n]), docs[at[n]:at[n+1]], freqs[at[n]:at[n+1]])
	}
	if err := w.finish(); err != nil {
		return nil, err
	}
	return read(buf.Bytes())
}

// Field is how the articles of a batch come through bleve: one for each.
func (b *Batch) Field() document.Field { return batchField{b} }

type batchField struct{ batch *Batch }

func (batchField) Name() string                                     { return fieldNames[Body] }
func (batchField) Value() []byte                                    { return nil }
func (batchField) ArrayPositions() []uint64                         { return nil }
func (batchField) EncodedFieldType() byte                           { return 't' }
func (batchField) Analyze()                                         {}
func (batchField) Options() index.FieldIndexingOptions              { return index.IndexField }
func (batchField) AnalyzedLength() int                              { return 0 }
func (batchField) AnalyzedTokenFrequencies() index.TokenFrequencies { return nil }
func (batchField) Size() int                                        { return 0 }
func (batchField) NumPlainTextBytes() uint64                        { return 0 }
