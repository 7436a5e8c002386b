package segment

import (
	"bufio"
	"bytes"
	"container/heap"
	"errors"
	"fmt"
	"io"
	"math"
	"os"
	"slices"

	"github.com/RoaringBitmap/roaring/v2"
	"github.com/blevesearch/bleve/v2/index/scorch"
	index "github.com/blevesearch/bleve_index_api"
	api "github.com/blevesearch/scorch_segment_api/v2"
)

// Type and Version are what scorch is asked for.
const (
	Type    = "dateline"
	Version = 1
)

func init() { scorch.RegisterSegmentPlugin(plugin{}, false) }

type plugin struct{}

func (plugin) Type() string    { return Type }
func (plugin) Version() uint32 { return Version }

func (p plugin) New(docs []index.Document) (api.Segment, uint64, error) {
	return p.NewUsing(docs, nil)
}

// NewUsing makes the segment of the batch that the documents come from. They
// come in any order, so only their number is compared.
func (plugin) NewUsing(docs []index.Document, _ map[string]any) (api.Segment, uint64, error) {
	var batch *Batch
	for _, d := range docs {
		var b *Batch
		d.VisitFields(func(f index.Field) {
			if f, ok := f.(batchField); ok {
				b = f.batch
			}
		})
		if b == nil || batch != nil && b != batch {
			return nil, 0, errors.New("a document that is not of this program's batch")
		}
		batch = b
	}
	if batch == nil || len(batch.ords) != len(docs) {
		return nil, 0, fmt.Errorf("%d documents, which are not those of one batch", len(docs))
	}
	s, err := batch.build()
	if err != nil {
		return nil, 0, err
	}
	return s, uint64(len(s.data)), nil
}

func (p plugin) Open(path string) (api.Segment, error) { return p.OpenUsing(path, nil) }

func (plugin) OpenUsing(path string, _ map[string]any) (api.Segment, error) {
	s, err := open(path)
	if err != nil {
		return nil, err
	}
	return s, nil
}

func (p plugin) Merge(segs []api.Segment, drops []*roaring.Bitmap, path string, closeCh chan struct{}, r api.StatsReporter) ([][]uint64, uint64, error) {
	return p.MergeUsing(segs, drops, path, closeCh, r, nil)
}

// dropped is the new number of a document that is not in the merged segment.
const dropped = math.MaxUint64

func (plugin) MergeUsing(segs []api.Segment, drops []*roaring.Bitmap, path string, closeCh chan struct{}, r api.StatsReporter, _ map[string]any) (nums [][]uint64, size uint64, err error) {
	in := make([]*Segment, len(segs))
	for i, s := range segs {
		if in[i], err = Of(s); err != nil {
			return nil, 0, err
		}
	}
	f, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE|os.O_TRUNC, 0o600)
	if err != nil {
		return nil, 0, err
	}
	defer func() {
		if err = errors.Join(err, f.Close()); err != nil {
			err = errors.Join(err, os.Remove(path))
		}
	}()
	b := bufio.NewWriterSize(f, 1<<20)
	nums, size, err = merge(b, in, drops, closeCh)
	if err != nil {
		return nil, 0, err
	}
	if err := errors.Join(b.Flush(), f.Sync()); err != nil {
		return nil, 0, err
	}
	if r != nil {
		r.ReportBytesWritten(size)
	}
	return nums, size, nil
}

// merge writes one segment of several. Documents are put in the order of
// their ordinals, whatever the order of the segments.
func merge(out io.Writer, in []*Segment, drops []*roaring.Bitmap, closeCh chan struct{}) ([][]uint64, uint64, error) {
	type doc struct{ ord, seg, num uint32 }
	var docs []doc
	nums := make([][]uint64, len(in))
	for i, s := range in {
		nums[i] = make([]uint64, len(s.ords))
		for n, o := range s.ords {
			nums[i][n] = dropped
			if i >= len(drops) || drops[i] == nil || !drops[i].Contains(uint32(n)) {
				docs = append(docs, doc{o, uint32(i), uint32(n)})
			}
		}
	}
	slices.SortFunc(docs, func(a, b doc) int { return int(int64(a.ord) - int64(b.ord)) })
	ords := make([]uint32, len(docs))
	for n, d := range docs {
		ords[n] = d.ord
		nums[d.seg][d.num] = uint64(n)
	}
	w := newWriter(out, ords)
	var heads heads
	for i, s := range in {
		if t := s.Range(nil, nil); t.Next() {
			heads = append(heads, head{t, i})
		}
	}
	heap.Init(&heads)
	var list []posting
	var term []byte
	var mergedDocs []uint32
	var mergedFreqs []Freq
	var bd [BlockLen]uint32
	var bf [BlockLen]Freq
	for n := 0; len(heads) > 0; n++ {
		if n%1024 == 0 && closed(closeCh) {
			return nil, 0, api.ErrClosed
		}
		term = append(term[:0], heads[0].t.Term()...)
		list = list[:0]
		sorted := true
		for len(heads) > 0 && bytes.Equal(heads[0].t.Term(), term) {
			h := heads[0]
			p := h.t.Postings()
			to := nums[h.seg]
			for k := p.Block(&bd, &bf); k > 0; k = p.Block(&bd, &bf) {
				for i, d := range bd[:k] {
					if int(d) >= len(to) {
						return nil, 0, errFormat
					}
					if to[d] == dropped {
						continue
					}
					n := uint32(to[d])
					sorted = sorted && (len(list) == 0 || list[len(list)-1].doc < n)
					list = append(list, posting{n, bf[i]})
				}
			}
			if h.t.Next() {
				heap.Fix(&heads, 0)
			} else {
				heap.Pop(&heads)
			}
		}
		if len(list) == 0 {
			continue
		}
		if !sorted {
			slices.SortFunc(list, func(a, b posting) int { return int(int64(a.doc) - int64(b.doc)) })
		}
		mergedDocs, mergedFreqs = mergedDocs[:0], mergedFreqs[:0]
		for _, p := range list {
			mergedDocs, mergedFreqs = append(mergedDocs, p.doc), append(mergedFreqs, p.freq)
		}
		w.add(term, mergedDocs, mergedFreqs)
	}
	if err := w.finish(); err != nil {
		return nil, 0, err
	}
	return nums, w.size, nil
}

type posting struct {
	doc  uint32
	freq Freq
}

// head is a segment whose terms are merged, at its current term.
type head struct {
	t   *Terms
	seg int
}

// heads is a heap of them by term, and by segment among equal terms.
type heads []head

func (h heads) Len() int { return len(h) }
func (h heads) Less(i, j int) bool {
	if c := bytes.Compare(h[i].t.Term(), h[j].t.Term()); c != 0 {
		return c < 0
	}
	return h[i].seg < h[j].seg
}
func (h heads) Swap(i, j int) { h[i], h[j] = h[j], h[i] }
func (h *heads) Push(x any)   { *h = append(*h, x.(head)) } //nolint:forcetypeassert // only heads are pushed
func (h *heads) Pop() any {
	old := *h
	x := old[len(old)-1]
	*h = old[:len(old)-1]
	return x
}

func closed(c chan struct{}) bool {
	select {
	case <-c:
		return true
	default:
		return false
	}
}
