// Package indexer recognises what articles name, stores them, and answers
// searches: it is a dateline.Sink and a dateline.Searcher.
//
// The store is the truth. The full-text index and the columns in memory are
// derived from it and are made again whenever they are missing or outdated.
//
// A search evaluates the query tree (eval.go) over a view (view.go): one
// state of a generation (generation.go), which is a bleve index of terms and
// a log of everything else (doclog.go, record.go). Sets of articles are
// bitsets over ordinals (bitset.go), values are columns (columns.go).
package indexer

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"dateline"
	"dateline/indexer/store"
)

// mappingVersion changes with the mapping, the analysis or the records; an
// index made with another is rebuilt.
const mappingVersion = "9"

// batchSize is how many articles are indexed, and made visible, at once.
const batchSize = 1000

// Recognizer finds entities. Lookup finds one by its name or an alias.
type Recognizer interface {
	Recognize(title, body, lang string) []dateline.Mention
	Lookup(name string, typ dateline.EntityType) (dateline.Entity, bool)
}

// Options say how to open an Index.
type Options struct {
	Stories    []dateline.Story
	Outlets    []dateline.Outlet
	Recognizer Recognizer
	KeepAll    bool                // keep what no story is about
	GivenOnly  bool                // recognise no entities, take only those given
	Synonyms   map[string][]string // see ReadSynonyms
	Recency    float64             // what being new is worth in relevance, 0 (nothing) to 1: see run.prefer
	Log        *slog.Logger

	PastQueries bool // suggest what several clients searched for: see Searched
}

// Index is an open collection of articles.
type Index struct {
	dir       string
	o         Options
	log       *slog.Logger
	st        *store.Store
	lock      *os.File
	stories   []story
	outlets   map[string]dateline.Outlet
	window    int // see nearWindow
	pruneFrom int // see worthPruning

	wmu    sync.Mutex // held while the index is written
	broken bool       // a batch failed: see reopen

	gmu sync.RWMutex // guards gen
	gen *generation

	emu      sync.RWMutex               // guards entities, saved and shown
	entities map[string]dateline.Entity // those with more than a name and a type: see described
	saved    map[string]int             // entity id -> 1 + the number of aliases stored
	shown    map[entityKey]string       // the best attested name, where it is not the column's: see attest

	layers  *layers
	over    atomic.Pointer[overlay]
	changed []dateline.EntityChange // what admins said, in order; guarded by wmu

	past *pastQueries // nil if none are kept

	rebuilding sync.Mutex // held while a new generation is made

	changes atomic.Uint64
	wake    chan struct{}
	stop    context.CancelFunc
	stopped chan struct{}
	ctx     context.Context //nolint:containedctx // ends the background work at Close
	closed  sync.Once
}

var (
	_ dateline.Sink     = (*Index)(nil)
	_ dateline.Searcher = (*Index)(nil)
)

type story struct {
	dateline.Story
	about dateline.Node
}

// Open opens the index in a directory, making what is missing. Only one
// process at a time can have it open: another gets a *LockedError.
func Open(dir string, o Options) (*Index, error) {
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return nil, err
	}
	lock, err := lockDir(dir)
	if err != nil {
		return nil, err
	}
	x := &Index{dir: dir, o: o, log: o.Log, lock: lock, wake: make(chan struct{}, 1), stopped: make(chan struct{}), outlets: map[string]dateline.Outlet{}, entities: map[string]dateline.Entity{}, saved: map[string]int{}, shown: map[entityKey]string{}, window: nearWindow, pruneFrom: worthPruning}
	if x.log == nil {
		x.log = slog.New(slog.DiscardHandler)
	}
	x.ctx, x.stop = context.WithCancel(context.Background())
	if err := x.open(); err != nil {
		x.stop()
		if x.gen != nil {
			x.gen.close()
		}
		if x.st != nil {
			x.st.Close()
		}
		lock.Close()
		return nil, err
	}
	go x.run()
	return x, nil
}

func (x *Index) open() (err error) {
	for _, s := range x.o.Stories {
		n, err := dateline.ParseQuery(s.About)
		if err != nil {
			return fmt.Errorf("story %s: %w", s.ID, err)
		}
		x.stories = append(x.stories, story{s, n})
		for _, e := range s.Entities {
			if e.ID == "" {
				e.ID = dateline.Slug(e.Name)
			}
			x.entities[e.ID] = e
		}
	}
	for _, o := range x.o.Outlets {
		x.outlets[o.ID] = o
	}
	if x.o.PastQueries {
		if x.past, err = openPastQueries(filepath.Join(x.dir, "queries.json"), time.Now); err != nil {
			return err
		}
	}
	if x.st, err = store.Open(filepath.Join(x.dir, "articles.db")); err != nil {
		return err
	}
	if err := x.st.PutStories(x.ctx, x.o.Stories); err != nil {
		return err
	}
	known, err := x.st.Described(x.ctx)
	if err != nil {
		return err
	}
	for _, e := range known {
		if _, ok := x.entities[e.ID]; !ok {
			x.entities[e.ID] = e
		}
	}
	if x.changed, err = x.st.Changes(x.ctx); err != nil {
		return err
	}
	x.over.Store(newOverlay(x.changed))
	x.layers = &layers{over: x.over.Load, known: x.listed, named: x.said, st: x.st}
	x.changes.Store(uint64(time.Now().UnixNano()))
	if err := x.openCurrent(); err != nil {
		c, cerr := x.st.Counts(x.ctx)
		if cerr != nil {
			return cerr
		}
		if c.Articles > 0 || !errors.Is(err, os.ErrNotExist) { // a new folder has none yet
			x.log.Warn("the index is made anew from the store", "why", err)
		}
		if err := x.rebuild(x.ctx, false); err != nil {
			return err
		}
	}
	return x.indexPending(x.ctx)
}

// openCurrent opens the generation that the pointer file names. One that lacks
// what it had is an error.
func (x *Index) openCurrent() error {
	root := filepath.Join(x.dir, "index")
	b, err := os.ReadFile(filepath.Join(root, "CURRENT"))
	if err != nil {
		return err
	}
	name := strings.TrimSpace(string(b))
	if !strings.HasPrefix(name, "gen-") || filepath.Base(name) != name {
		return fmt.Errorf("the pointer file names %q, which is no generation", name)
	}
	rows, err := x.st.Rows(x.ctx)
	if err != nil {
		return err
	}
	g, err := openGeneration(x.ctx, filepath.Join(root, name), x.layers, func(seq int64) bool { _, ok := rows[seq]; return ok })
	if err != nil {
		return err
	}
	have := g.indexed()
	lost := 0
	for seq, marked := range rows {
		if marked && !have[seq] {
			lost++
		}
	}
	if lost > 0 {
		// They were there when they were marked. Bleve takes an older state where
		// it cannot read the newest, and what is written on top of that may be
		// gone at the next start.
		return errors.Join(fmt.Errorf("%d articles are no longer in it", lost), g.close())
	}
	for part := range slices.Chunk(g.uncounted(), batchSize) {
		l, err := x.st.BySeq(x.ctx, part)
		if err != nil {
			return errors.Join(err, g.close())
		}
		g.relearn(l)
	}
	g.words.upTo = g.cols.n
	x.use(g)
	return nil
}

// use makes a generation the one that is searched, and gives the one before.
func (x *Index) use(g *generation) *generation {
	x.nameEntities(g, &g.names)
	x.attestAll(g)
	x.gmu.Lock()
	defer x.gmu.Unlock()
	old := x.gen
	x.gen = g
	x.changes.Add(1)
	return old
}

func (x *Index) current() *generation {
	x.gmu.RLock()
	defer x.gmu.RUnlock()
	return x.gen
}

// errClosed answers what comes after Close.
var errClosed = errors.New("the index is closed, or being opened again after a failed write")

// reopen goes back to what is on disk after a batch that failed: what bleve
// holds in memory cannot be trusted then. Until that succeeds, searches fail
// rather than miss something.
func (x *Index) reopen() error {
	x.gmu.Lock()
	g := x.gen
	x.gen = nil
	x.gmu.Unlock()
	if g != nil {
		if err := g.close(); err != nil {
			x.log.Warn("closing the index after a failed write", "err", err)
		}
	}
	if err := x.openCurrent(); err != nil {
		return fmt.Errorf("open the index again after a failed write: %w", err)
	}
	x.broken = false
	return nil
}

// view gives the current state; the caller releases it.
func (x *Index) view() (*view, error) {
	x.gmu.RLock()
	defer x.gmu.RUnlock()
	if x.gen != nil {
		if v := x.gen.acquire(); v != nil {
			return v, nil
		}
	}
	return nil, errClosed
}

func (x *Index) dicts() *[numFields]dict {
	if g := x.current(); g != nil {
		return g.cols.dicts
	}
	return newColumns().dicts // while the first generation is made
}

// Close stops the indexing and closes the files; nothing stored is lost.
func (x *Index) Close() (err error) {
	x.closed.Do(func() {
		x.stop()
		<-x.stopped
		x.wmu.Lock()
		defer x.wmu.Unlock()
		x.gmu.Lock()
		g := x.gen
		x.gen = nil
		x.gmu.Unlock()
		if g != nil {
			err = g.close()
		}
		if x.past != nil {
			err = errors.Join(err, x.past.save(true))
		}
		err = errors.Join(err, x.st.Close(), x.lock.Close())
	})
	return err
}

// settleEvery is how often it is looked whether bleve has merged segments
// since the last write; a view of fewer segments is faster.
const settleEvery = 2 * time.Second

// quietAfter is how long nothing is written before all segments are merged.
const quietAfter = 30 * time.Second

func (x *Index) run() {
	defer close(x.stopped)
	var merging sync.WaitGroup
	defer merging.Wait()
	written := time.Now()
	quiet := false // since the last write was everything done that can be
	for {
		select {
		case <-x.ctx.Done():
			return
		case <-time.After(settleEvery):
			if err := x.settle(); err != nil {
				x.log.Error("the merged index was not taken; the old one answers", "err", err)
			}
			if !quiet && time.Since(written) > quietAfter {
				quiet = true
				// Beside this loop, as new articles must not wait for it.
				merging.Go(func() {
					if err := x.Merge(x.ctx); err != nil && x.ctx.Err() == nil {
						x.log.Warn("segments were not merged; searches take a little longer", "err", err)
					}
				})
			}
			continue
		case <-x.wake:
			written, quiet = time.Now(), false
		}
		// Let a burst gather, so that it is indexed as one batch.
		select {
		case <-x.ctx.Done():
			return
		case <-time.After(50 * time.Millisecond):
		}
		if err := x.Flush(x.ctx); err != nil && x.ctx.Err() == nil {
			x.log.Error("indexing failed; it will be tried again", "err", err)
			select {
			case <-x.ctx.Done():
				return
			case <-time.After(time.Second):
			}
			x.poke()
		}
	}
}

// settle takes segments that bleve has merged into the view.
func (x *Index) settle() error {
	if g := x.current(); g == nil || g.settled() {
		return nil
	}
	x.wmu.Lock()
	defer x.wmu.Unlock()
	if g := x.current(); g != nil { // perhaps a new generation meanwhile
		return g.refresh()
	}
	return nil
}

// fewSegments are not worth merging.
const fewSegments = 3

// Merge makes one segment of all, which makes searches faster, and lets go of
// memory that only writing needs. It happens by itself when nothing has been
// written for half a minute; searches and writes go on meanwhile.
func (x *Index) Merge(ctx context.Context) error {
	x.wmu.Lock()
	g := x.current()
	if g == nil {
		x.wmu.Unlock()
		return nil
	}
	g.copies.rest()
	x.wmu.Unlock()
	if err := g.merge(ctx, fewSegments); err != nil {
		return err
	}
	return x.settle()
}

func (x *Index) poke() {
	select {
	case x.wake <- struct{}{}:
	default:
	}
}

// Flush returns when everything that was stored before is searchable.
func (x *Index) Flush(ctx context.Context) error {
	x.wmu.Lock()
	defer x.wmu.Unlock()
	return x.indexPending(ctx)
}

func (x *Index) indexPending(ctx context.Context) error {
	if x.broken {
		if err := x.reopen(); err != nil {
			return err
		}
	}
	g := x.current()
	for {
		dead, err := x.st.Tombstones(ctx)
		if err != nil {
			return err
		}
		l, err := x.st.Pending(ctx, batchSize)
		if err != nil {
			return err
		}
		if len(l) == 0 && len(dead) == 0 {
			return nil
		}
		if err := g.put(l, dead); err != nil {
			x.broken = true
			return err
		}
		if err := x.settleNames(ctx, g, l); err != nil {
			x.broken = true
			return err
		}
		x.changes.Add(1)
		if err := x.st.Bury(ctx, dead); err != nil {
			return err
		}
		seqs := make([]int64, len(l))
		for i, s := range l {
			seqs[i] = s.Seq
		}
		if err := x.st.MarkIndexed(ctx, seqs); err != nil {
			return err
		}
	}
}
