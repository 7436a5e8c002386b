package indexer

import (
	"cmp"
	"context"
	"slices"
	"strings"

	"dateline"
	"dateline/indexer/store"
)

// settleNames brings what a batch of articles says of names to others: whom
// short names mean in articles that are indexed already, how entities are
// called, and by which names they are found.
func (x *Index) settleNames(ctx context.Context, g *generation, l []store.Stored) error {
	if ords := g.awaiting(); len(ords) > 0 {
		if err := g.relabel(ctx, ords); err != nil {
			return err
		}
		g.names.take(&g.cols.values)
		if err := g.refresh(); err != nil {
			return err
		}
	}
	o := x.over.Load()
	for _, s := range l {
		for _, e := range s.Article.Entities {
			if k, ok := x.known(e.ID); ok {
				x.nameKnown(g, &g.names, k)
			} else if k := (entityKey{Type: e.Type, ID: e.ID}); o.root(k) != k {
				if v, ok := g.valueOf(o.root(k)); ok {
					g.names.also(v, e.Name)
				}
			}
		}
	}
	for _, v := range g.labels.counted() {
		k := o.root(g.keyOf(v))
		if r, ok := g.valueOf(k); ok {
			g.names.also(r, g.labels.others(v)...)
		}
		name := x.attested(g, k)
		x.emu.Lock()
		if name == "" {
			delete(x.shown, k)
		} else {
			x.shown[k] = name
		}
		x.emu.Unlock()
	}
	return nil
}

// keyOf gives the entity that a value stands for.
func (g *generation) keyOf(value uint32) entityKey {
	f := value >> valueBits
	id, _ := g.cols.dicts[f].at(value & valueMask)
	return entityKey{Type: entityType(fields[f]), ID: id}
}

// valueOf gives the value that stands for an entity.
func (g *generation) valueOf(k entityKey) (uint32, bool) {
	for f := range filterFields {
		if entityType(fields[f]) == k.Type {
			o, ok := g.cols.dicts[f].lookup(k.ID)
			return uint32(f)<<valueBits | o, ok
		}
	}
	return 0, false
}

// attested gives the best attested name of an entity and all that is part of
// it; "" if it is the one that the columns have.
func (x *Index) attested(g *generation, k entityKey) string {
	var l []candidate
	docs := int32(0)
	own := ""
	for _, p := range x.over.Load().parts(k) {
		v, ok := g.valueOf(p)
		if !ok {
			continue
		}
		_, first := g.cols.dicts[v>>valueBits].at(v & valueMask)
		if p == k {
			own = first
		}
		c, n := g.labels.candidates(v, first)
		l, docs = append(l, c...), docs+n
	}
	if best := longest(l, docs); best != own {
		return best
	}
	return ""
}

// attestAll chooses the names of all entities that have several.
func (x *Index) attestAll(g *generation) {
	o := x.over.Load()
	todo := map[entityKey]bool{}
	for _, v := range g.labels.several() {
		todo[o.root(g.keyOf(v))] = true
	}
	for k := range o.members {
		todo[k] = true
	}
	shown := map[entityKey]string{}
	for k := range todo {
		if n := x.attested(g, k); n != "" {
			shown[k] = n
		}
	}
	g.labels.counted() // these are among them
	x.emu.Lock()
	defer x.emu.Unlock()
	x.shown = shown
}

// nameKnown makes an entity that is described findable by its names.
func (x *Index) nameKnown(g *generation, names *nameIndex, e dateline.Entity) {
	k := entityKey{Type: e.Type, ID: e.ID}
	v, ok := g.valueOf(k)
	if ok {
		d := &g.cols.dicts[v>>valueBits]
		for _, a := range append([]string{e.Name}, e.Aliases...) {
			d.addName(a, e.ID)
		}
	}
	if r := x.over.Load().root(k); r != k {
		if v, ok := g.valueOf(r); ok {
			names.also(v, append([]string{e.Name}, e.Aliases...)...)
		}
	} else if ok {
		names.alias(v, e)
	}
}

// nameEntities makes all entities findable by the names that they have beside
// the first.
func (x *Index) nameEntities(g *generation, names *nameIndex) {
	x.emu.RLock()
	known := make([]dateline.Entity, 0, len(x.entities))
	for _, e := range x.entities {
		known = append(known, e)
	}
	x.emu.RUnlock()
	for _, e := range known {
		x.nameKnown(g, names, e)
	}
	o := x.over.Load()
	for _, v := range g.labels.several() {
		if r, ok := g.valueOf(o.root(g.keyOf(v))); ok {
			names.also(r, g.labels.others(v)...)
		}
	}
	for r := range o.members {
		if v, ok := g.valueOf(r); ok {
			names.also(v, x.namesOf(g, v)...)
		}
	}
	for _, l := range []map[entityKey]string{o.names, o.made} {
		for k, n := range l {
			if v, ok := g.valueOf(k); ok {
				names.also(v, n)
			}
		}
	}
}

// attestedNames counts by which names articles name an entity, with all that
// is part of it, where admins and other articles say that it is meant.
func (x *Index) attestedNames(ctx context.Context, v *view, r entityKey) ([]dateline.Attested, error) {
	o := x.over.Load()
	sum := map[string]dateline.Attested{}
	add := func(l []store.NameCount, by int, meant func(k entityKey, name string) bool) {
		for _, n := range l {
			if meant(n.EntityKey, n.Name) {
				s := sum[n.Name]
				sum[n.Name] = dateline.Attested{Name: n.Name, Articles: s.Articles + by*n.Articles, Mentions: s.Mentions + by*n.Mentions}
			}
		}
	}
	means := func(k entityKey, name string) bool { return o.mention(k, name) == r }
	counted := map[entityKey]bool{}
	count := func(k entityKey) error {
		if counted[k] {
			return nil
		}
		counted[k] = true
		l, err := x.st.Names(ctx, k)
		if err != nil {
			return err
		}
		add(l, 1, means)
		return nil
	}
	for _, p := range o.parts(r) {
		if err := count(p); err != nil {
			return nil, err
		}
	}
	for f := range o.forms { // names of others that mean it
		for _, p := range append(o.parts(o.root(f.entityKey)), f.entityKey) {
			if err := count(p); err != nil {
				return nil, err
			}
		}
	}
	// Short names that other articles explain.
	came, went := map[entityKey]*explained{}, map[entityKey]*explained{}
	note := func(m map[entityKey]*explained, k, to entityKey, seq int64) {
		if m[k] == nil {
			m[k] = &explained{to: map[int64]entityKey{}}
		}
		m[k].seqs, m[k].to[seq] = append(m[k].seqs, seq), to
	}
	ords := v.gen.intros.mentioning(o.parts(r))
	for k := range counted {
		if val, ok := v.gen.valueOf(k); ok {
			_, name := v.gen.cols.dicts[val>>valueBits].at(val & valueMask)
			ords = append(ords, v.gen.intros.leaving(k, name)...)
		}
	}
	slices.Sort(ords)
	for _, d := range slices.Compact(ords) {
		if int(d) >= v.n || !v.live.has(d) {
			continue
		}
		a, err := foundIn(v.log.payload(v.off[d]), func(*rawValue) {})
		if err != nil {
			return nil, err
		}
		for _, e := range a.Entities {
			k := entityKey{Type: e.Type, ID: e.ID}
			to := x.layers.whole(o, v.gen.intros, a, e)
			if to == k {
				continue
			}
			note(came, k, to, v.seq(d))
			if counted[k] {
				note(went, k, to, v.seq(d))
			}
		}
	}
	for _, step := range []struct {
		m  map[entityKey]*explained
		by int
	}{{went, -1}, {came, 1}} {
		for k, e := range step.m {
			for to, seqs := range e.byWhom() {
				l, err := x.st.NamedIn(ctx, k, seqs)
				if err != nil {
					return nil, err
				}
				add(l, step.by, func(_ entityKey, name string) bool {
					if step.by < 0 {
						return means(k, name)
					}
					return means(to, name)
				})
			}
		}
	}
	out := make([]dateline.Attested, 0, len(sum))
	for _, s := range sum {
		if s.Articles > 0 {
			out = append(out, s)
		}
	}
	slices.SortFunc(out, func(a, b dateline.Attested) int {
		return cmp.Or(cmp.Compare(b.Articles, a.Articles), cmp.Compare(b.Mentions, a.Mentions), strings.Compare(a.Name, b.Name))
	})
	return out, nil
}

// explained are the articles that others explain whom an entity means in.
type explained struct {
	seqs []int64
	to   map[int64]entityKey
}

func (e *explained) byWhom() map[entityKey][]int64 {
	out := map[entityKey][]int64{}
	for _, q := range e.seqs {
		out[e.to[q]] = append(out[e.to[q]], q)
	}
	return out
}
