package indexer

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"sync"

	"github.com/blevesearch/bleve/v2"
	blevedoc "github.com/blevesearch/bleve/v2/document"
	"github.com/blevesearch/bleve/v2/index/scorch"
	blevemapping "github.com/blevesearch/bleve/v2/mapping"

	"dateline/indexer/segment"
	"dateline/indexer/store"
)

// generation is one index on disk: a bleve index of terms, the doc log and
// the vocabulary. It is derived from the store. One writer at a time changes
// it; searches use views.
type generation struct {
	dir    string
	bl     bleve.Index
	log    *docLog
	voc    *vocab
	cols   *columns // the writer's
	byTime timeOrder
	words  *words
	names  nameIndex
	titles titleIndex
	find   copyFinder
	idmu   sync.RWMutex      // searches read byID while the writer changes it
	byID   map[string]uint32 // article id -> live ordinal

	mu   sync.Mutex // guards what follows
	view *view
	segs map[uint64]bool // segments of the view, by bleve's number

	views sync.WaitGroup // views that a search or this still uses
}

// The names under which bleve sees the fields.
const (
	titleField = "t"
	bodyField  = "b"
)

// mappingKey is where bleve keeps the version of what made the index.
const mappingKey = "mapping"

// newMapping is empty: articles come analyzed, see segment.Batch.
func newMapping() blevemapping.IndexMapping {
	m := bleve.NewIndexMapping()
	m.DefaultMapping = bleve.NewDocumentStaticMapping()
	m.IndexDynamic, m.StoreDynamic, m.DocValuesDynamic = false, false, false
	return m
}

// bleveConfig: segments are of the program's own format.
func bleveConfig() map[string]any {
	return map[string]any{"bolt_timeout": "5s", "forceSegmentType": segment.Type, "forceSegmentVersion": segment.Version}
}

// createGeneration makes an empty one in a folder that must not exist.
func createGeneration(dir string) (*generation, error) {
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return nil, err
	}
	bl, err := bleve.NewUsing(filepath.Join(dir, "bleve"), newMapping(), scorch.Name, scorch.Name, bleveConfig())
	if err != nil {
		return nil, err
	}
	if err := bl.SetInternal([]byte(mappingKey), []byte(mappingVersion)); err != nil {
		return nil, errors.Join(err, bl.Close())
	}
	g := &generation{dir: dir, bl: bl}
	return g, g.load(nil)
}

// openGeneration opens one. current tells whether a store row is the current
// text of its article; what is not is dead.
func openGeneration(dir string, current func(seq int64) bool) (*generation, error) {
	bl, err := bleve.OpenUsing(filepath.Join(dir, "bleve"), bleveConfig())
	if err != nil {
		return nil, err
	}
	g := &generation{dir: dir, bl: bl}
	v, err := bl.GetInternal([]byte(mappingKey))
	if err == nil && string(v) != mappingVersion {
		err = fmt.Errorf("made with mapping %q, this program has %q", v, mappingVersion)
	}
	if err == nil {
		err = g.load(current)
	}
	if err != nil {
		return nil, errors.Join(err, g.close())
	}
	return g, nil
}

// load reads the log into columns. An article of which bleve has no document
// is dead, and its store row is indexed again.
func (g *generation) load(current func(int64) bool) (err error) {
	g.cols, g.byID, g.segs = newColumns(), map[string]uint32{}, map[uint64]bool{}
	if g.voc, err = openVocab(filepath.Join(g.dir, "terms")); err != nil {
		return err
	}
	if g.words, err = openWords(filepath.Join(g.dir, "words")); err != nil {
		return err
	}
	c := g.cols
	var vals []weighed
	var deferred []uint32 // articles whose links went to dead ones
	type pending struct {
		o     uint32
		links []uint32
		sk    sketch
	}
	var live []pending
	var newest record
	c.own(1 << 12)
	g.log, err = openDocLog(filepath.Join(g.dir, "docs"), func(off int64, p []byte) error {
		var r record
		vals = vals[:0]
		at, err := r.decode(p, func(f int, id, name []byte, weight uint8) {
			vals = append(vals, weighed{c.intern(f, id, name), weight})
		})
		if err != nil {
			return fmt.Errorf("record at byte %d: %w", off, err)
		}
		if c.n+1 > 64*len(c.live) {
			c.live, c.dated = c.live.grown(2*c.n+64), c.dated.grown(2*c.n+64)
		}
		o := c.add(&r, off, at, vals)
		newest.vocab, newest.sum = r.vocab, r.sum
		if current == nil || !current(r.seq) {
			c.kill(o)
			return nil
		}
		if old, ok := g.byID[r.id]; ok {
			c.kill(old)
		}
		g.byID[r.id] = o
		live = append(live, pending{o, r.links, r.sketch})
		return nil
	})
	if err != nil {
		return err
	}
	if !g.voc.check(newest.vocab, newest.sum) {
		return errors.New("the vocabulary is not the one of the doc log")
	}
	if err := g.refresh(); err != nil {
		return err
	}
	// What bleve lost or never got.
	have := newBitset(c.n)
	for _, s := range g.view.segs {
		for i, o := range s.ords {
			if int(o) >= c.n {
				return fmt.Errorf("document %d is in bleve and not in the doc log", o)
			}
			if s.deleted == nil || !s.deleted.Contains(uint32(i)) {
				have.set(o)
			}
		}
	}
	for id, o := range g.byID {
		if !have.has(o) {
			c.kill(o)
			delete(g.byID, id)
		}
	}
	m := g.log.bytes()
	for _, p := range live {
		if !c.live.has(p.o) {
			continue
		}
		g.find.note(p.sk, p.o)
		g.titles.add(p.o, analyze(otherLang, string(recordTitle(m.payload(c.off[p.o])))))
		for _, l := range p.links {
			if int(l) < c.n && c.live.has(l) {
				c.unite(p.o, l)
			} else {
				deferred = append(deferred, p.o)
			}
		}
	}
	for _, o := range deferred {
		mine := g.find.bodyShingles(c, m, o, nil)
		for _, d := range g.find.likes(c, m, sketchOf(mine), mine) {
			if c.group[d] != c.group[o] {
				c.unite(o, d)
			}
		}
	}
	g.words.upTo = min(g.words.upTo, c.n)
	g.names.take(&c.values)
	return g.refresh()
}

// indexed gives the store rows whose text is in the index.
func (g *generation) indexed() map[int64]bool {
	out := make(map[int64]bool, len(g.byID))
	m := g.log.bytes()
	for _, o := range g.byID {
		out[recordSeq(m.payload(g.cols.off[o]))] = true
	}
	return out
}

// put indexes a batch and removes articles; when it returns nil both are
// durable and visible. An article that is there already is replaced, and one
// of the same store row is left alone.
func (g *generation) put(batch []store.Stored, remove []string) error {
	m := g.log.bytes()
	var fresh []store.Stored
	last := map[string]int{}
	for _, s := range batch {
		if o, ok := g.byID[s.Article.ID]; ok && recordSeq(m.payload(g.cols.off[o])) == s.Seq {
			continue
		}
		if i, ok := last[s.Article.ID]; ok {
			fresh[i] = s
			continue
		}
		last[s.Article.ID] = len(fresh)
		fresh = append(fresh, s)
	}
	was := *g.cols
	size := g.log.size
	c := g.cols
	c.own(len(fresh))
	b, inv := g.bl.NewBatch(), segment.NewBatch()
	kill := func(id string) {
		if o, ok := g.byID[id]; ok {
			if c.next[o] != o {
				g.find.part(c, g.readable(), o) // its copies may have come in this batch
			}
			c.kill(o)
			b.Delete(segment.ID(o))
		}
	}
	for _, id := range remove {
		kill(id)
	}
	undo := func(err error) error {
		// What bleve took of the batch is replaced when it comes again, as it
		// then has the same ordinals.
		for o := was.n; o < c.n; o++ {
			for _, v := range c.valuesOf(uint32(o)) {
				fv := c.values[v>>valueBits][v&valueMask]
				l := fv.upTo(was.n)
				fv.docs.Store(&l)
			}
		}
		values := c.values
		*g.cols = was
		g.cols.values = values // what was interned stays, without articles
		return errors.Join(err, g.log.cut(size))
	}
	var buf []byte
	var vals []weighed
	docs := analyzeAll(fresh)
	added, edited := make([]uint32, len(fresh)), make([]bool, len(fresh))
	for i, s := range fresh {
		_, edited[i] = g.byID[s.Article.ID]
		kill(s.Article.ID)
		d := docs[i]
		r := g.recordOf(s, d)
		vals = vals[:0]
		for f, vs := range r.values {
			for _, v := range vs {
				vals = append(vals, weighed{c.intern(f, []byte(v.id), []byte(v.name)), v.weight})
			}
		}
		sh := shingles(r.terms[r.parts[partTitle]:r.parts[partTitle]+r.parts[partBody]], nil)
		r.sketch = sketchOf(sh)
		r.links = g.find.likes(c, g.readable(), r.sketch, sh)
		var at int
		buf, at = r.encode(buf[:0])
		off, err := g.log.append(buf)
		if err != nil {
			return undo(err)
		}
		o := c.add(r, off, at, vals)
		for _, l := range r.links {
			c.unite(o, l)
		}
		g.find.note(r.sketch, o)
		added[i] = o
		invert(inv, o, d)
		doc := blevedoc.NewDocument(segment.ID(o))
		doc.AddField(inv.Field())
		if err := b.IndexAdvanced(doc); err != nil {
			return undo(err)
		}
	}
	if err := g.voc.sync(); err != nil {
		return undo(err)
	}
	if err := g.log.sync(); err != nil {
		return undo(err)
	}
	if err := writeBatch(g.bl, b); err != nil {
		return undo(err)
	}
	g.idmu.Lock()
	for _, id := range remove {
		delete(g.byID, id)
	}
	for i, s := range fresh {
		g.byID[s.Article.ID] = added[i]
	}
	g.idmu.Unlock()
	g.names.take(&c.values)
	for i, d := range docs {
		g.titles.add(added[i], d.title)
	}
	if err := g.learn(docs, edited); err != nil {
		return err
	}
	return g.refresh()
}

// readable is the log with what this batch has appended so far.
func (g *generation) readable() mapped {
	if g.log.w.Buffered() > 0 {
		if err := g.log.w.Flush(); err == nil {
			_ = g.log.remap()
		}
	}
	return g.log.bytes()
}

// invert counts the terms of an article: each stem, and each word that is not
// its own stem under exactMark, so that prefixes find words and not only stems.
// Languages share the terms: an article's stems are of its own language, and a
// search tells them apart by the language column.
func invert(b *segment.Batch, o uint32, d *document) {
	b.Begin(o)
	for _, p := range []struct {
		part   int
		toks   []token
		extras []extra
	}{{segment.Title, d.title, d.extras[partTitle]}, {segment.Lead, d.brief, d.extras[partSummary]}, {segment.Body, d.body, d.extras[partBody]}} {
		count := func(t token) {
			b.Count(p.part, t.stem)
			if t.word != t.stem {
				b.Count(p.part, exactMark+t.word)
			}
		}
		for _, t := range p.toks {
			count(t)
		}
		for _, e := range p.extras {
			if e.isCaps() {
				b.Count(p.part, e.stem)
			} else {
				count(e.token)
			}
		}
	}
}

// analyzeAll analyzes a batch on all cores.
func analyzeAll(batch []store.Stored) []*document {
	out := make([]*document, len(batch))
	var wg sync.WaitGroup
	n := runtime.GOMAXPROCS(0)
	for w := range min(n, len(batch)) {
		wg.Go(func() {
			for i := w; i < len(batch); i += n {
				out[i] = newDocument(batch[i].Article)
			}
		})
	}
	wg.Wait()
	return out
}

func (g *generation) recordOf(s store.Stored, d *document) *record {
	a := s.Article
	r := &record{seq: s.Seq, id: a.ID, title: a.Title, lang: d.lang, dated: !a.Published.IsZero(), values: facetValues(a)}
	if r.dated {
		r.pub = a.Published.Unix()
	}
	for i, p := range [][]token{d.title, d.body, d.brief} {
		r.parts[i] = len(p)
		for _, t := range p {
			r.terms = append(r.terms, g.voc.add(t.stem))
		}
	}
	r.vocab, r.sum = len(g.voc.hash), g.voc.sum
	return r
}

// close waits for the searches that use it.
func (g *generation) close() error {
	var errs []error
	g.mu.Lock()
	v := g.view
	g.view = nil
	g.mu.Unlock()
	if v != nil {
		v.release()
	}
	g.views.Wait()
	if g.bl != nil {
		errs = append(errs, closeQuietly(g.bl))
	}
	if g.log != nil {
		errs = append(errs, g.log.close())
	}
	if g.voc != nil {
		errs = append(errs, g.voc.close())
	}
	if g.words != nil {
		errs = append(errs, g.words.save())
	}
	return errors.Join(errs...)
}
