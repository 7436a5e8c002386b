package indexer

import (
	"cmp"
	"errors"
	"fmt"
	"strings"
	"sync"
	"sync/atomic"

	"github.com/RoaringBitmap/roaring/v2"
	"github.com/blevesearch/bleve/v2/index/scorch"

	"dateline/indexer/segment"
)

// view is one state of a generation. It never changes, so a search has one
// answer whatever is written meanwhile, and nobody waits.
type view struct {
	columns
	voc  *vocab
	log  mapped
	snap *scorch.IndexSnapshot
	segs []segView
	refs atomic.Int32
	gen  *generation

	newestOnce  sync.Once
	newestFirst []uint32 // see order.go

	allOnce sync.Once
	all     [numFields][]uint32 // counts of each value over all live articles
}

// segView is one bleve segment: its document numbers stand for ordinals.
type segView struct {
	seg     *segment.Segment
	deleted *roaring.Bitmap
	ords    []uint32
}

// refresh makes what was written the view of new searches.
func (g *generation) refresh() error {
	adv, err := g.bl.Advanced()
	if err != nil {
		return err
	}
	r, err := adv.Reader()
	if err != nil {
		return err
	}
	snap, ok := r.(*scorch.IndexSnapshot)
	if !ok {
		return fmt.Errorf("bleve gave a %T, want a scorch snapshot", r)
	}
	v := &view{columns: *g.cols, voc: g.voc, log: g.log.bytes(), snap: snap, gen: g}
	v.refs.Store(1)
	g.views.Add(1)
	g.mu.Lock()
	defer g.mu.Unlock()
	g.segs = map[uint64]bool{}
	for _, s := range snap.Segments() {
		seg, err := segment.Of(s.Segment())
		if err != nil {
			v.gen.views.Done()
			return errors.Join(err, snap.Close())
		}
		g.segs[s.Id()] = true
		v.segs = append(v.segs, segView{seg, s.Deleted(), seg.Ords()})
	}
	old := g.view
	g.view = v
	if old != nil {
		old.release()
	}
	return nil
}

// acquire gives the current view; the caller releases it.
func (g *generation) acquire() *view {
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.view == nil {
		return nil
	}
	g.view.refs.Add(1)
	return g.view
}

// release gives a view back; the last one to do so lets bleve drop segments
// that were merged away.
func (v *view) release() {
	if v.refs.Add(-1) > 0 {
		return
	}
	defer v.gen.views.Done()
	_ = v.snap.Close() // takes a reference off; it has no other way to fail
}

// settled tells whether bleve has merged segments since the view was made.
func (g *generation) settled() bool {
	adv, err := g.bl.Advanced()
	if err != nil {
		return true
	}
	r, err := adv.Reader()
	if err != nil {
		return true
	}
	defer r.Close()
	snap, ok := r.(*scorch.IndexSnapshot)
	if !ok {
		return true
	}
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.view == nil || len(snap.Segments()) != len(g.view.segs) {
		return false
	}
	for _, s := range snap.Segments() {
		if !g.segs[s.Id()] {
			return false
		}
	}
	return true
}

func (v *view) id(o uint32) string { return string(recordID(v.log.payload(v.off[o]))) }

// seq gives the number of the change that made an ordinal's text.
func (v *view) seq(o uint32) int64 { return recordSeq(v.log.payload(v.off[o])) }

// lists gives the terms of an article, part by part.
func (v *view) lists(o uint32) [3]termList {
	return forwardLists(v.log[v.off[o]+recordHead+int64(v.fwd[o]):])
}

// counts gives how many live articles have each value of a field.
func (v *view) counts(f int) []uint32 {
	v.allOnce.Do(func() {
		for i := range v.all {
			v.all[i] = make([]uint32, len(v.values[i]))
		}
		v.live.each(func(o uint32) {
			for _, x := range v.valuesOf(o) {
				v.all[x>>valueBits][x&valueMask]++
			}
		})
	})
	return v.all[f]
}

// earlier orders two live articles by when they were published, undated ones
// last.
func (v *view) earlier(a, b uint32) int {
	if d := v.dated.has(a); d != v.dated.has(b) {
		if d {
			return -1
		}
		return 1
	}
	if p, q := v.pub[a], v.pub[b]; p != q {
		return cmp.Compare(p, q)
	}
	return strings.Compare(v.id(a), v.id(b))
}

// none is an empty set as long as the other sets of the view.
func (v *view) none() bitset { return make(bitset, len(v.live)) }
