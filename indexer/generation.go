package indexer

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"sync"

	"github.com/blevesearch/bleve/v2"
	blevedoc "github.com/blevesearch/bleve/v2/document"
	"github.com/blevesearch/bleve/v2/index/scorch"
	blevemapping "github.com/blevesearch/bleve/v2/mapping"

	"dateline"
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
	copies copyFinder
	layers *layers
	intros *introductions
	labels *labels
	idmu   sync.RWMutex // searches read ids while the writer changes it
	ids    table        // ordinals by article id; the live one, if any

	mu   sync.Mutex // guards what follows
	view *view
	segs map[uint64]bool // segments of the view, by bleve's number

	views sync.WaitGroup // views that a search or this still uses
}

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
func createGeneration(ctx context.Context, dir string, l *layers) (*generation, error) {
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
	g := &generation{dir: dir, bl: bl, layers: l}
	return g, g.load(ctx, nil)
}

// openGeneration opens one. current tells whether a store row is the current
// text of its article; what is not is dead.
func openGeneration(ctx context.Context, dir string, l *layers, current func(seq int64) bool) (*generation, error) {
	bl, err := bleve.OpenUsing(filepath.Join(dir, "bleve"), bleveConfig())
	if err != nil {
		return nil, err
	}
	g := &generation{dir: dir, bl: bl, layers: l}
	v, err := bl.GetInternal([]byte(mappingKey))
	if err == nil && string(v) != mappingVersion {
		err = fmt.Errorf("made with mapping %q, this program has %q", v, mappingVersion)
	}
	if err == nil {
		err = g.load(ctx, current)
	}
	if err != nil {
		return nil, errors.Join(err, g.close())
	}
	return g, nil
}

// load reads the log into columns. An article of which bleve has no document
// is dead: a crash came between the two, and its store row is still pending.
func (g *generation) load(ctx context.Context, current func(int64) bool) (err error) {
	g.cols, g.segs = newColumns(), map[uint64]bool{}
	g.intros, g.labels = newIntroductions(), newLabels()
	if g.voc, err = openVocab(filepath.Join(g.dir, "terms")); err != nil {
		return err
	}
	if g.words, err = openWords(filepath.Join(g.dir, "words")); err != nil {
		return err
	}
	c := g.cols
	var vals []weighed
	var deferred []uint32 // articles whose links went to dead ones
	type linked struct {
		o     uint32
		links []uint32
	}
	var copies []linked
	var newest record
	c.own(1 << 12)
	g.log, err = openDocLog(filepath.Join(g.dir, "docs"), func(m mapped, off int64) error {
		var r record
		vals = vals[:0]
		at, err := r.decode(m.payload(off), func(v *rawValue) {
			vals = append(vals, weighed{c.intern(v.f, v.id, v.name), v.weight})
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
		if old, ok := g.place(m, o); ok {
			c.kill(old)
		}
		if len(r.links) > 0 {
			copies = append(copies, linked{o, slices.Clone(r.links)})
		}
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
	for o := range uint32(c.n) {
		if !have.has(o) {
			c.kill(o)
		}
	}
	m := g.log.bytes()
	c.live.each(func(o uint32) {
		g.titles.add(o, analyze(otherLang, string(recordTitle(m.payload(c.off[o])))))
		if e := g.learnNames(m, o, 1); e != nil && err == nil {
			err = e
		}
	})
	if err != nil {
		return err
	}
	if err := g.relabel(ctx, g.laidOver()); err != nil {
		return err
	}
	for _, p := range copies {
		if !c.live.has(p.o) {
			continue
		}
		for _, l := range p.links {
			if int(l) < c.n && c.live.has(l) {
				c.unite(p.o, l)
			} else {
				deferred = append(deferred, p.o)
			}
		}
	}
	for _, o := range deferred {
		terms, _ := g.copies.body(c, m, o)
		for _, d := range g.copies.likes(c, m, g.copies.sketch(terms)) {
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
	out := map[int64]bool{}
	m := g.log.bytes()
	g.cols.live.each(func(o uint32) { out[recordSeq(m.payload(g.cols.off[o]))] = true })
	return out
}

// find gives the ordinal that the columns have for an article, which may be
// dead. The mapping has all their records.
func (g *generation) find(c *columns, m mapped, id string) (found uint32, ok bool) {
	g.idmu.RLock()
	defer g.idmu.RUnlock()
	g.ids.each(hashTerm(id), func(_ int, o uint32) bool {
		if int(o) < c.n && string(recordID(m.payload(c.off[o]))) == id {
			found, ok = o, true
		}
		return ok
	})
	return found, ok
}

// place makes an article findable and gives the ordinal that it had before.
func (g *generation) place(m mapped, o uint32) (old uint32, ok bool) {
	g.idmu.Lock()
	defer g.idmu.Unlock()
	id := func(o uint32) []byte { return recordID(m.payload(g.cols.off[o])) }
	h := hashTerm(string(id(o)))
	g.ids.each(h, func(at int, d uint32) bool {
		if ok = bytes.Equal(id(d), id(o)); ok {
			old = d
			g.ids.slots[at] = o
		}
		return ok
	})
	if ok {
		return old, true
	}
	if g.ids.full() {
		g.ids.grow()
		g.cols.live.each(func(d uint32) {
			if d < o {
				g.ids.add(hashTerm(string(id(d))), d)
			}
		})
	}
	g.ids.add(h, o)
	return 0, false
}

// put indexes a batch and removes articles; when it returns nil both are
// durable and visible. An article that is there already is replaced, and one
// of the same store row is left alone.
func (g *generation) put(batch []store.Stored, remove []string) error {
	m := g.log.bytes()
	var fresh []store.Stored
	last := map[string]int{}
	for _, s := range batch {
		if o, ok := g.find(g.cols, m, s.Article.ID); ok && g.cols.live.has(o) && recordSeq(m.payload(g.cols.off[o])) == s.Seq {
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
	var wrong error
	kill := func(id string) {
		if o, ok := g.find(c, m, id); ok && c.live.has(o) {
			if c.next[o] != o {
				g.copies.part(c, g.readable(), o)
			}
			if err := g.learnNames(m, o, -1); err != nil {
				wrong = errors.Join(wrong, err)
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
			c.kill(uint32(o))
			for _, v := range c.valuesOf(uint32(o)) {
				c.values[v>>valueBits][v&valueMask].cut(was.n)
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
	edited := make([]bool, len(fresh))
	records := make([]*record, len(fresh))
	for i, s := range fresh { // what one introduces counts for the others
		_, edited[i] = g.find(c, m, s.Article.ID)
		kill(s.Article.ID)
		records[i] = g.recordOf(s, docs[i])
		g.learnRecord(records[i], uint32(c.n+i))
	}
	if wrong != nil {
		return undo(wrong)
	}
	for i, s := range fresh {
		d, r := docs[i], records[i]
		vals = vals[:0]
		for f, vs := range facetValues(g.layers.lay(s.Article, g.intros)) {
			for _, v := range vs {
				vals = append(vals, weighed{c.intern(f, []byte(v.id), []byte(v.name)), v.weight})
			}
		}
		r.sketch = g.copies.sketch(r.terms[r.parts[partTitle] : r.parts[partTitle]+r.parts[partBody]])
		r.links = g.copies.likes(c, g.readable(), r.sketch)
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
	for o := was.n; o < c.n; o++ {
		g.place(g.log.bytes(), uint32(o))
	}
	g.names.take(&c.values)
	for i, d := range docs {
		g.titles.add(uint32(was.n+i), d.title)
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
	also := alsoCalled(a)
	for f := range r.values {
		if entityType(fields[f]) == "" {
			continue
		}
		for i := range r.values[f] {
			v := &r.values[f][i]
			v.given = givenName(a, v.id)
			if fields[f] == dateline.FieldOrg {
				v.also = also[v.id]
			}
		}
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

// merge has bleve make one segment of all, if there are more than few.
func (g *generation) merge(ctx context.Context, few int) error {
	adv, err := g.bl.Advanced()
	if err != nil {
		return err
	}
	s, ok := adv.(*scorch.Scorch)
	if !ok {
		return fmt.Errorf("bleve gave a %T, want scorch", adv)
	}
	v := g.acquire()
	if v == nil {
		return nil
	}
	n := len(v.segs)
	v.release()
	if n <= few {
		return nil
	}
	return s.ForceMerge(ctx, nil)
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
