// Package indexer recognises what articles name, stores them, and answers
// searches: it is a dateline.Sink and a dateline.Searcher.
//
// The store is the truth. The full-text index and the columns in memory are
// derived from it and are made again whenever they are missing or outdated.
package indexer

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"path/filepath"
	"sort"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"dateline"
	"dateline/indexer/store"

	"github.com/blevesearch/bleve/v2"
	"github.com/blevesearch/bleve/v2/mapping"
)

// mappingVersion changes with the mapping or the analysis; an index made with
// another is rebuilt.
const mappingVersion = "1"

// batchSize is how many articles are indexed, and made visible, at once.
const batchSize = 64

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
	KeepAll    bool // keep what no story is about
	GivenOnly  bool // recognise no entities, take only those given
	Log        *slog.Logger
}

// OffStoryError is why an article was not kept: no story is about it.
type OffStoryError struct{ URL string }

func (e *OffStoryError) Error() string { return "no story is about " + e.URL }

// Reason is the reason as stats count it.
func (e *OffStoryError) Reason() string { return "off_story" }

// Index is an open collection of articles.
type Index struct {
	dir     string
	o       Options
	log     *slog.Logger
	st      *store.Store
	lock    *os.File
	stories []story
	outlets map[string]dateline.Outlet

	wmu    sync.Mutex // held while the index is written or rebuilt
	broken bool       // a batch failed: see reopen

	mu       sync.RWMutex // guards what follows: a search sees one state
	bl       bleve.Index
	genDir   string
	cols     *columns
	entities map[string]dateline.Entity
	saved    map[string]int // entity id -> 1 + the number of aliases stored
	pages    pageCache

	generation atomic.Uint64
	wake       chan struct{}
	stop       context.CancelFunc
	stopped    chan struct{}
	ctx        context.Context
	closed     sync.Once
}

var _ dateline.Sink = (*Index)(nil)
var _ dateline.Searcher = (*Index)(nil)

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
	x := &Index{dir: dir, o: o, log: o.Log, lock: lock, wake: make(chan struct{}, 1), stopped: make(chan struct{}), outlets: map[string]dateline.Outlet{}, entities: map[string]dateline.Entity{}, saved: map[string]int{}}
	if x.log == nil {
		x.log = slog.New(slog.NewTextHandler(io.Discard, nil))
	}
	x.ctx, x.stop = context.WithCancel(context.Background())
	if err := x.open(); err != nil {
		x.stop()
		if x.bl != nil {
			x.bl.Close()
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
	if x.st, err = store.Open(filepath.Join(x.dir, "articles.db")); err != nil {
		return err
	}
	known, err := x.st.AllEntities(x.ctx)
	if err != nil {
		return err
	}
	for _, e := range known {
		if _, ok := x.entities[e.ID]; !ok {
			x.entities[e.ID] = e
		}
	}
	x.generation.Store(uint64(time.Now().UnixNano()))
	if err := x.openGeneration(); err != nil {
		x.log.Warn("the index is rebuilt", "why", err)
		if x.bl != nil {
			x.bl.Close()
			x.bl = nil
		}
		if err := x.rebuild(x.ctx, false); err != nil {
			return err
		}
	}
	return x.indexPending(x.ctx)
}

// openGeneration opens the generation that the pointer file names and loads the columns.
func (x *Index) openGeneration() error {
	root := filepath.Join(x.dir, "index")
	b, err := os.ReadFile(filepath.Join(root, "CURRENT"))
	if err != nil {
		return err
	}
	name := strings.TrimSpace(string(b))
	if !strings.HasPrefix(name, "gen-") || filepath.Base(name) != name {
		return fmt.Errorf("bad pointer %q", name)
	}
	x.genDir = filepath.Join(root, name)
	if x.bl, err = bleve.OpenUsing(x.genDir, map[string]any{"bolt_timeout": "5s"}); err != nil {
		x.bl = nil
		return err
	}
	v, err := x.bl.GetInternal([]byte("mapping"))
	if err != nil {
		return err
	}
	if string(v) != mappingVersion {
		return fmt.Errorf("mapping version %q, want %q", v, mappingVersion)
	}
	x.cols = newColumns()
	if err := x.st.Each(x.ctx, false, func(l []store.Stored) error {
		for _, s := range l {
			x.putColumns(x.cols, s.Article)
		}
		return nil
	}); err != nil {
		return err
	}
	x.nameEntities(x.cols)
	c, err := x.st.Counts(x.ctx)
	if err != nil {
		return err
	}
	n, err := x.bl.DocCount()
	if err != nil {
		return err
	}
	tomb, err := x.st.Tombstones(x.ctx)
	if err != nil {
		return err
	}
	if int(n) < c.Articles-c.Pending || int(n) > c.Articles+len(tomb) {
		return fmt.Errorf("%d documents in the index, %d articles in the store", n, c.Articles)
	}
	return nil
}

func newMapping() mapping.IndexMapping {
	m := bleve.NewIndexMapping()
	doc := bleve.NewDocumentStaticMapping()
	for l := range langs() {
		for _, f := range []string{"title_", "body_"} {
			t := bleve.NewTextFieldMapping()
			t.Analyzer = "dateline_" + l
			t.Store, t.IncludeInAll, t.DocValues, t.IncludeTermVectors = false, false, false, true
			doc.AddFieldMappingsAt(f+l, t)
		}
	}
	m.DefaultMapping = doc
	m.IndexDynamic, m.StoreDynamic, m.DocValuesDynamic = false, false, false
	return m
}

func indexDoc(a *dateline.Article) map[string]any {
	l := langKey(a.Lang)
	body := []string{a.Body}
	if a.Summary != "" {
		body = append(body, a.Summary)
	}
	return map[string]any{"title_" + l: a.Title, "body_" + l: body}
}

// Close stops the indexing and closes the files; nothing stored is lost.
func (x *Index) Close() (err error) {
	x.closed.Do(func() {
		x.stop()
		<-x.stopped
		x.wmu.Lock()
		defer x.wmu.Unlock()
		x.mu.Lock()
		defer x.mu.Unlock()
		err = errors.Join(x.bl.Close(), x.st.Close(), x.lock.Close())
	})
	return err
}

func (x *Index) run() {
	defer close(x.stopped)
	for {
		select {
		case <-x.ctx.Done():
			return
		case <-x.wake:
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
	dead, err := x.st.Tombstones(ctx)
	if err != nil {
		return err
	}
	if len(dead) > 0 {
		b := x.bl.NewBatch()
		for _, id := range dead {
			b.Delete(id)
		}
		x.mu.Lock()
		if err = writeBatch(x.bl, b); err == nil {
			for _, id := range dead {
				x.cols.remove(id)
			}
			x.generation.Add(1)
		}
		x.mu.Unlock()
		if err != nil {
			x.broken = true
			return err
		}
		if err := x.st.Bury(ctx, dead); err != nil {
			return err
		}
	}
	for {
		l, err := x.st.Pending(ctx, batchSize)
		if err != nil || len(l) == 0 {
			return err
		}
		b := x.bl.NewBatch()
		seqs := make([]int64, len(l))
		for i, s := range l {
			seqs[i] = s.Seq
			if err := b.Index(s.Article.ID, indexDoc(s.Article)); err != nil {
				return err
			}
		}
		x.mu.Lock()
		if err = writeBatch(x.bl, b); err == nil {
			for _, s := range l {
				x.putColumns(x.cols, s.Article)
			}
			x.generation.Add(1)
		}
		x.mu.Unlock()
		if err != nil {
			x.broken = true
			return err
		}
		if err := x.st.MarkIndexed(ctx, seqs); err != nil {
			return err
		}
	}
}

func (x *Index) putColumns(c *columns, a *dateline.Article) {
	c.put(a)
	for _, e := range a.Entities {
		if k, ok := x.entities[e.ID]; ok {
			x.nameEntity(c, k)
		}
	}
}

func (x *Index) nameEntity(c *columns, e dateline.Entity) {
	for f := range fields {
		if entityType(fields[f]) != e.Type || e.Type == "" {
			continue
		}
		d := &c.dicts[f]
		if _, ok := d.byID[e.ID]; !ok {
			continue
		}
		d.addName(e.Name, e.ID)
		for _, a := range e.Aliases {
			d.addName(a, e.ID)
		}
	}
}

func (x *Index) nameEntities(c *columns) {
	for _, e := range x.entities {
		x.nameEntity(c, e)
	}
}

// Reindex recognises entities and decides stories anew for every article and
// builds a new index beside the old one, which answers until it is done.
func (x *Index) Reindex(ctx context.Context) error {
	x.wmu.Lock()
	defer x.wmu.Unlock()
	if err := x.rebuild(ctx, true); err != nil {
		return err
	}
	return x.indexPending(ctx)
}

func (x *Index) rebuild(ctx context.Context, recognise bool) (err error) {
	root := filepath.Join(x.dir, "index")
	if err := os.MkdirAll(root, 0o755); err != nil {
		return err
	}
	old, err := filepath.Glob(filepath.Join(root, "gen-*"))
	if err != nil {
		return err
	}
	n := 1
	for _, o := range old {
		var k int
		if _, err := fmt.Sscanf(filepath.Base(o), "gen-%d", &k); err == nil && k >= n {
			n = k + 1
		}
	}
	name := fmt.Sprintf("gen-%d", n)
	dir := filepath.Join(root, name)
	bl, err := bleve.New(dir, newMapping())
	if err != nil {
		return err
	}
	defer func() {
		if err != nil {
			bl.Close()
			os.RemoveAll(dir)
		}
	}()
	cols := newColumns()
	err = x.st.Each(ctx, true, func(l []store.Stored) error {
		b := bl.NewBatch()
		var changed []*dateline.Article
		for _, s := range l {
			a := s.Article
			if recognise {
				a, _ = x.prepare(a)
				changed = append(changed, a)
			}
			if err := b.Index(a.ID, indexDoc(a)); err != nil {
				return err
			}
			x.mu.RLock()
			x.putColumns(cols, a)
			x.mu.RUnlock()
		}
		if err := bl.Batch(b); err != nil {
			return err
		}
		if recognise {
			return x.st.Update(ctx, changed)
		}
		return nil
	})
	if err != nil {
		return err
	}
	if err := bl.SetInternal([]byte("mapping"), []byte(mappingVersion)); err != nil {
		return err
	}
	tmp := filepath.Join(root, "CURRENT.tmp")
	if err := writeSync(tmp, name+"\n"); err != nil {
		return err
	}
	if err := os.Rename(tmp, filepath.Join(root, "CURRENT")); err != nil {
		return err
	}
	x.mu.Lock()
	was := x.bl
	x.bl, x.cols, x.genDir = bl, cols, dir
	x.nameEntities(cols)
	x.pages.clear()
	x.generation.Add(1)
	x.mu.Unlock()
	if was != nil {
		was.Close()
	}
	for _, o := range old {
		os.RemoveAll(o)
	}
	return nil
}

func writeSync(path, s string) error {
	f, err := os.Create(path)
	if err != nil {
		return err
	}
	_, err = f.WriteString(s)
	return errors.Join(err, f.Sync(), f.Close())
}

// prepare gives a copy of an article with its entities and stories decided.
func (x *Index) prepare(in *dateline.Article) (*dateline.Article, error) {
	c := *in
	a := &c
	if a.ID == "" {
		a.ID = dateline.ArticleID(a.URL)
	}
	if o, ok := x.outlets[a.Outlet.ID]; ok {
		a.Outlet = o
	}
	if a.Outlet.ID == "" && a.Outlet.Name != "" {
		a.Outlet.ID = dateline.Slug(a.Outlet.Name)
	}
	a.Published = a.Published.UTC().Truncate(time.Second)
	a.Entities, a.Stories = nil, nil
	counts := map[string]*dateline.EntityCount{}
	if !x.o.GivenOnly && x.o.Recognizer != nil {
		a.Mentions = x.o.Recognizer.Recognize(a.Title, a.Body, a.Lang)
	} else if x.o.GivenOnly {
		a.Mentions = nil
	}
	for _, m := range a.Mentions {
		e := counts[m.EntityID]
		if e == nil {
			e = &dateline.EntityCount{ID: m.EntityID, Name: m.Name, Type: m.Type}
			counts[m.EntityID] = e
		}
		e.Count++
	}
	var learnt []dateline.Entity
	d := newDocument(a)
	for _, g := range a.Given {
		e := g
		if x.o.Recognizer != nil {
			if k, ok := x.o.Recognizer.Lookup(g.Name, g.Type); ok {
				e = k
			}
		}
		if e.ID == "" {
			e.ID = dateline.Slug(e.Name)
		}
		if e.ID == "" || counts[e.ID] != nil {
			continue
		}
		n := 0
		for _, name := range append([]string{e.Name}, e.Aliases...) {
			w := analyze(d.lang, name)
			if len(w) > 0 {
				n += len(findPhrase(d.title, w, false)) + len(findPhrase(d.body, w, false))
			}
		}
		counts[e.ID] = &dateline.EntityCount{ID: e.ID, Name: e.Name, Type: e.Type, Count: max(n, 1)}
		learnt = append(learnt, e)
	}
	if x.o.Recognizer != nil {
		for _, c := range counts {
			if k, ok := x.o.Recognizer.Lookup(c.Name, c.Type); ok && k.ID == c.ID {
				learnt = append(learnt, k)
			}
		}
	}
	x.mu.Lock()
	for _, e := range learnt {
		if k, ok := x.entities[e.ID]; !ok || len(k.Aliases) < len(e.Aliases) {
			x.entities[e.ID] = e
		}
	}
	x.mu.Unlock()
	for _, e := range counts {
		a.Entities = append(a.Entities, *e)
	}
	sort.Slice(a.Entities, func(i, j int) bool {
		p, q := a.Entities[i], a.Entities[j]
		if p.Count != q.Count {
			return p.Count > q.Count
		}
		return p.ID < q.ID
	})
	resolve := func(f, v string) []string {
		x.mu.RLock()
		defer x.mu.RUnlock()
		return x.resolve(f, v)
	}
	for _, s := range x.stories {
		if (!s.From.IsZero() || !s.To.IsZero()) && !inRange(a.Published, s.From, s.To) {
			continue
		}
		if d.matches(s.about, resolve) {
			a.Stories = append(a.Stories, s.ID)
		}
	}
	if len(a.Stories) == 0 && !x.o.KeepAll {
		return a, &OffStoryError{a.URL}
	}
	return a, nil
}

// Add stores an article; when it returns nil the article is durable, and
// within a second it is searchable.
func (x *Index) Add(ctx context.Context, a *dateline.Article) error {
	p, err := x.prepare(a)
	if err != nil {
		return err
	}
	r, err := x.put(ctx, []*dateline.Article{p}, nil)
	if err == nil && r[0].Status != store.Unchanged {
		x.poke()
	}
	return err
}

// BatchResult says what AddBatch did.
type BatchResult struct{ Added, Changed, Unchanged, OffStory int }

// AddBatch stores articles and, if p is not nil, how far their import has
// come, all in one transaction.
func (x *Index) AddBatch(ctx context.Context, batch []*dateline.Article, p *store.Progress) (BatchResult, error) {
	var res BatchResult
	var keep []*dateline.Article
	for _, a := range batch {
		c, err := x.prepare(a)
		if err != nil {
			res.OffStory++
			continue
		}
		keep = append(keep, c)
	}
	rs, err := x.put(ctx, keep, p)
	if err != nil {
		return BatchResult{}, err
	}
	for _, r := range rs {
		switch r.Status {
		case store.Added:
			res.Added++
		case store.Changed:
			res.Changed++
		default:
			res.Unchanged++
		}
	}
	x.poke()
	return res, nil
}

func (x *Index) put(ctx context.Context, l []*dateline.Article, p *store.Progress) ([]store.Result, error) {
	var es []dateline.Entity
	seen := map[string]bool{}
	x.mu.Lock()
	for _, a := range l {
		for _, e := range a.Entities {
			if k, ok := x.entities[e.ID]; ok && !seen[e.ID] && x.saved[e.ID] <= len(k.Aliases) {
				es, seen[e.ID] = append(es, k), true
			}
		}
	}
	x.mu.Unlock()
	// Aliases in the same transaction: a restart knows an article by all names.
	r, err := x.st.PutProgress(ctx, l, es, p)
	if err != nil {
		return nil, err
	}
	x.mu.Lock()
	for _, e := range es {
		x.saved[e.ID] = max(x.saved[e.ID], len(e.Aliases)+1)
	}
	x.mu.Unlock()
	return r, nil
}

// ImportProgress tells how far the import of a file has come.
func (x *Index) ImportProgress(ctx context.Context, file string) (store.Progress, bool, error) {
	return x.st.Progress(ctx, file)
}

// Delete removes an article from the store and the index.
func (x *Index) Delete(ctx context.Context, id string) error {
	if err := x.st.Delete(ctx, id); err != nil {
		return err
	}
	return x.Flush(ctx)
}

// Article gives one article, or a *dateline.NotFoundError.
func (x *Index) Article(ctx context.Context, id string) (*dateline.Article, error) {
	return x.st.Get(ctx, id)
}

// Versions gives the texts of an article, oldest first, and what each changed.
func (x *Index) Versions(ctx context.Context, id string) ([]dateline.Version, error) {
	return x.st.Versions(ctx, id)
}

// Each calls fn with every stored article in the order of ids.
func (x *Index) Each(ctx context.Context, fn func(*dateline.Article) error) error {
	return x.st.Each(ctx, true, func(l []store.Stored) error {
		for _, s := range l {
			if err := fn(s.Article); err != nil {
				return err
			}
		}
		return nil
	})
}

// Entities lists entities that have a name or alias with a word that begins
// with q, most named first; Count is the number of articles.
func (x *Index) Entities(_ context.Context, q string, typ dateline.EntityType, limit int) ([]dateline.EntityCount, error) {
	x.mu.RLock()
	defer x.mu.RUnlock()
	return x.entitiesLike(q, typ, limit), nil
}

func (x *Index) entitiesLike(q string, typ dateline.EntityType, limit int) []dateline.EntityCount {
	want := analyze(otherLang, q)
	var out []dateline.EntityCount
	for f := 1; f <= 3; f++ {
		t := entityType(fields[f])
		if typ != "" && typ != t {
			continue
		}
		for _, v := range x.cols.dicts[f].values {
			n := int(v.docs.GetCardinality())
			if n == 0 {
				continue
			}
			e, name := x.entities[v.id], x.nameOf(f, v)
			ok := len(want) == 0
			for _, s := range append([]string{name}, e.Aliases...) {
				if ok {
					break
				}
				ok = len(findWords(analyze(otherLang, s), want)) > 0
			}
			if ok {
				out = append(out, dateline.EntityCount{ID: v.id, Name: name, Type: t, Count: n})
			}
		}
	}
	sort.Slice(out, func(i, j int) bool {
		if out[i].Count != out[j].Count {
			return out[i].Count > out[j].Count
		}
		return out[i].ID < out[j].ID
	})
	if limit > 0 && len(out) > limit {
		out = out[:limit]
	}
	return out
}

// findWords finds want in order, the last as a prefix.
func findWords(toks, want []token) []int { return findPhrase(toks, want, true) }

// Entity gives what is known of an entity and how many articles name it.
func (x *Index) Entity(_ context.Context, id string) (dateline.Entity, int, error) {
	x.mu.RLock()
	defer x.mu.RUnlock()
	for f := 1; f <= 3; f++ {
		d := &x.cols.dicts[f]
		o, ok := d.byID[id]
		if !ok {
			continue
		}
		e, ok := x.entities[id]
		if !ok {
			e = dateline.Entity{ID: id, Name: d.values[o].name, Type: entityType(fields[f])}
		}
		return e, int(d.values[o].docs.GetCardinality()), nil
	}
	if e, ok := x.entities[id]; ok {
		return e, 0, nil
	}
	return dateline.Entity{}, 0, &dateline.NotFoundError{Kind: "entity", ID: id}
}

// Outlets lists the outlets with the number of their articles.
func (x *Index) Outlets(context.Context) ([]dateline.FacetValue, error) {
	x.mu.RLock()
	defer x.mu.RUnlock()
	return x.facet(0, x.cols.live, nil, nil, 0), nil
}

// Stories are the stories that are followed.
func (x *Index) Stories() []dateline.Story { return x.o.Stories }

// Stats are the sizes of the collection.
type Stats struct {
	store.Counts
	Indexed    int
	Generation uint64
}

// Stats counts what there is.
func (x *Index) Stats(ctx context.Context) (Stats, error) {
	c, err := x.st.Counts(ctx)
	x.mu.RLock()
	defer x.mu.RUnlock()
	return Stats{Counts: c, Indexed: int(x.cols.live.GetCardinality()), Generation: x.Generation()}, err
}

// Generation is a number that changes whenever what can be found changes.
func (x *Index) Generation() uint64 { return x.generation.Load() }

// Suggest completes q: entities, then titles of articles.
func (x *Index) Suggest(ctx context.Context, q string, limit int) ([]dateline.Suggestion, error) {
	want := analyze(otherLang, q)
	if len(want) == 0 {
		return nil, nil
	}
	if limit <= 0 || limit > 50 {
		limit = 10
	}
	x.mu.RLock()
	defer x.mu.RUnlock()
	var out []dateline.Suggestion
	for _, e := range x.entitiesLike(q, "", max(1, limit*2/3)) {
		out = append(out, dateline.Suggestion{Kind: "entity", Text: e.Name, ID: e.ID, Type: e.Type, Count: e.Count})
	}
	seen := map[string]bool{}
	var hits []uint32
	it := x.cols.live.Iterator()
	for it.HasNext() {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		o := it.Next()
		if len(findWords(analyze(otherLang, x.cols.docs[o].title), want)) > 0 {
			hits = append(hits, o)
		}
	}
	x.cols.order(hits, dateline.SortNewest, nil)
	for _, o := range hits {
		d := &x.cols.docs[o]
		if len(out) >= limit {
			break
		}
		if f := fold(d.title); !seen[f] {
			seen[f] = true
			out = append(out, dateline.Suggestion{Kind: "article", Text: d.title, ID: d.id, URL: d.url})
		}
	}
	return out, nil
}
