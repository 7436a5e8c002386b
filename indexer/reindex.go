package indexer

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"dateline"
	"dateline/indexer/store"
)

// Reindex recognises entities and decides stories anew for every article and
// builds a new index beside the old one, which answers, and takes what is
// added, until the new one has caught up with it.
func (x *Index) Reindex(ctx context.Context) error {
	if err := x.rebuild(ctx, true); err != nil {
		return err
	}
	return x.st.Tidy(ctx)
}

func (x *Index) rebuild(ctx context.Context, recognise bool) (err error) {
	if !x.rebuilding.TryLock() {
		return errors.New("the index is being made anew already")
	}
	defer x.rebuilding.Unlock()
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
	over := x.over.Load()
	g, err := createGeneration(ctx, filepath.Join(root, name), x.layers)
	if err != nil {
		return err
	}
	defer func() {
		if err != nil {
			err = errors.Join(err, g.close(), os.RemoveAll(g.dir))
		}
	}()
	put := func(l []store.Stored, remove []string) error {
		if recognise {
			changed := make([]*dateline.Article, len(l))
			for i := range l {
				l[i].Article, _ = x.prepare(l[i].Article) // stays although a story no longer is about it
				changed[i] = l[i].Article
			}
			if err := x.st.Update(ctx, changed); err != nil {
				return err
			}
		}
		return g.put(l, remove)
	}
	var batch []store.Stored
	err = x.st.Each(ctx, true, func(l []store.Stored) error {
		batch = append(batch, l...)
		if len(batch) < batchSize {
			return nil
		}
		defer func() { batch = nil }()
		return put(batch, nil)
	})
	if err == nil {
		err = put(batch, nil)
	}
	if err == nil {
		err = g.merge(ctx, fewSegments)
	}
	if err == nil {
		err = g.refresh()
	}
	if err != nil {
		return err
	}
	x.wmu.Lock()
	defer x.wmu.Unlock()
	if err := x.catchUp(ctx, g, put); err != nil {
		return err
	}
	open := g.awaiting()
	if x.over.Load() != over { // an admin said something meanwhile
		g.cols.live.each(func(o uint32) { open = append(open, o) })
	}
	if err := g.relabel(ctx, open); err != nil {
		return err
	}
	g.names.take(&g.cols.values)
	if err := g.refresh(); err != nil {
		return err
	}
	tmp := filepath.Join(root, "CURRENT.tmp")
	if err := writeSync(tmp, name+"\n"); err != nil {
		return err
	}
	if err := os.Rename(tmp, filepath.Join(root, "CURRENT")); err != nil {
		return err
	}
	if was := x.use(g); was != nil {
		if err := was.close(); err != nil {
			x.log.Warn("closing the index before this one", "err", err)
		}
	}
	x.broken = false
	for _, o := range old {
		if err := os.RemoveAll(o); err != nil {
			x.log.Warn("an old index was not removed", "err", err)
		}
	}
	return nil
}

// catchUp brings a new generation what changed while it was made.
func (x *Index) catchUp(ctx context.Context, g *generation, put func([]store.Stored, []string) error) error {
	rows, err := x.st.Rows(ctx)
	if err != nil {
		return err
	}
	have := g.indexed()
	var missing []int64
	for seq := range rows {
		if !have[seq] {
			missing = append(missing, seq)
		}
	}
	l, err := x.st.BySeq(ctx, missing)
	if err != nil {
		return err
	}
	edited := map[string]bool{}
	for _, s := range l {
		edited[s.Article.ID] = true
	}
	var gone []string
	m := g.log.bytes()
	g.cols.live.each(func(o uint32) {
		p := m.payload(g.cols.off[o])
		if _, ok := rows[recordSeq(p)]; !ok && !edited[string(recordID(p))] {
			gone = append(gone, string(recordID(p)))
		}
	})
	if len(l) == 0 && len(gone) == 0 {
		return nil
	}
	return put(l, gone)
}

func writeSync(path, s string) error {
	f, err := os.Create(path)
	if err != nil {
		return err
	}
	_, err = f.WriteString(s)
	return errors.Join(err, f.Sync(), f.Close())
}
