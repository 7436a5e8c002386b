package indexer

import (
	"cmp"
	"context"
	"slices"
	"time"

	"dateline"
)

// foundIn gives an article as its record has it: entities with their weights as
// counts, stories, time and speakers, but no texts. other is called with its
// other values and those of stories.
func foundIn(p []byte, other func(v *rawValue)) (*dateline.Article, error) {
	var r record
	a := &dateline.Article{}
	_, err := r.decode(p, func(v *rawValue) {
		id, name := string(v.id), string(v.name)
		switch t := entityType(fields[v.f]); {
		case t != "":
			a.Entities = append(a.Entities, dateline.EntityCount{ID: id, Name: name, Type: t, Count: int(v.weight)})
			if v.given {
				a.Given = append(a.Given, dateline.Entity{ID: id})
			}
			return
		case v.f == fieldSaid:
			a.Quotes = append(a.Quotes, dateline.Quote{SpeakerID: id, Speaker: name})
			return
		case fields[v.f] == dateline.FieldStory:
			a.Stories = append(a.Stories, id)
		}
		other(v)
	})
	if r.dated {
		a.Published = time.Unix(r.pub, 0).UTC()
	}
	return a, err
}

// relabel resolves the entities of articles anew and puts what they come to
// into the columns; their records stay. The caller refreshes.
func (g *generation) relabel(ctx context.Context, ords []uint32) error {
	slices.Sort(ords)
	changed := map[uint32][]weighed{}
	set := func(o uint32, vals []weighed, a *dateline.Article, fields ...int) {
		laid := facetValues(g.layers.lay(a, g.intros))
		for _, f := range fields {
			for _, v := range laid[f] {
				vals = append(vals, weighed{g.cols.intern(f, []byte(v.id), []byte(v.name)), v.weight})
			}
		}
		if vals = sortedValues(vals); !g.cols.hasValues(o, vals) {
			changed[o] = vals
		}
	}
	texts := map[int64]uint32{}
	rests := map[uint32][]weighed{}
	for _, o := range slices.Compact(ords) {
		if !g.cols.live.has(o) {
			continue
		}
		p := g.log.bytes().payload(g.cols.off[o])
		var rest []weighed
		a, err := foundIn(p, func(v *rawValue) { rest = append(rest, weighed{g.cols.intern(v.f, v.id, v.name), v.weight}) })
		if err != nil {
			return err
		}
		if g.layers.depends(a, g.intros) {
			texts[recordSeq(p)], rests[o] = o, rest
			continue
		}
		set(o, rest, a, entityFields...)
	}
	seqs := make([]int64, 0, len(texts))
	for q := range texts {
		seqs = append(seqs, q)
	}
	slices.Sort(seqs)
	l, err := g.layers.st.BySeq(ctx, seqs)
	if err != nil {
		return err
	}
	for _, s := range l { // those that were edited meanwhile are indexed soon
		o := texts[s.Seq]
		set(o, rests[o], s.Article, entityFields...)
	}
	g.cols.patch(changed)
	return nil
}

// sortedValues puts values in the order of the columns, each once.
func sortedValues(vals []weighed) []weighed {
	slices.SortFunc(vals, func(a, b weighed) int { return cmp.Compare(a.value, b.value) })
	return slices.CompactFunc(vals, func(a, b weighed) bool { return a.value == b.value })
}

// hasValues tells whether these are an article's values.
func (c *columns) hasValues(o uint32, vals []weighed) bool {
	have := c.valuesOf(o)
	weights := c.weight[int(c.valEnd[o])-len(have) : c.valEnd[o]]
	if len(have) != len(vals) {
		return false
	}
	for i, w := range vals {
		if have[i] != w.value || weights[i] != w.weight {
			return false
		}
	}
	return true
}

// patch gives articles other values. Views keep what they had: the lists are
// made anew.
func (c *columns) patch(changed map[uint32][]weighed) {
	if len(changed) == 0 {
		return
	}
	vals := make([]uint32, 0, len(c.vals)+64)
	weight := make([]uint8, 0, len(c.vals)+64)
	ends := make([]uint32, 0, c.n+64)
	lost, got := map[uint32][]uint32{}, map[uint32][]uint32{}
	about := map[uint32]int64{}
	for o := range uint32(c.n) {
		now, ok := changed[o]
		have := c.valuesOf(o)
		if !ok {
			vals, weight = append(vals, have...), append(weight, c.weight[int(c.valEnd[o])-len(have):c.valEnd[o]]...)
			ends = append(ends, uint32(len(vals)))
			continue
		}
		for i, v := range have {
			about[v] -= aboutness(c.weight[int(c.valEnd[o])-len(have)+i])
		}
		for _, w := range now {
			about[w.value] += aboutness(w.weight)
			vals, weight = append(vals, w.value), append(weight, w.weight)
			if !slices.Contains(have, w.value) {
				got[w.value] = append(got[w.value], o)
			}
		}
		for _, v := range have {
			if !slices.ContainsFunc(now, func(w weighed) bool { return w.value == v }) {
				lost[v] = append(lost[v], o)
			}
		}
		ends = append(ends, uint32(len(vals)))
	}
	c.vals, c.weight, c.valEnd = vals, weight, ends
	var own [numFields]bool
	replace := func(v uint32) {
		f, k := v>>valueBits, v&valueMask
		d := &c.dicts[f]
		d.mu.Lock()
		defer d.mu.Unlock()
		if !own[f] {
			own[f] = true
			d.values = slices.Clone(d.values)
		}
		old := d.values[k]
		now := &facetValue{id: old.id, name: old.name}
		var ords []uint32
		old.each(c.n, func(o uint32) {
			if _, gone := slices.BinarySearch(lost[v], o); !gone {
				ords = append(ords, o)
			}
		})
		ords = append(ords, got[v]...)
		slices.Sort(ords)
		for _, o := range ords {
			now.add(o)
		}
		now.about.Store(old.about.Load())
		d.values[k] = now
		c.values[f] = d.values
	}
	for v := range lost {
		replace(v)
	}
	for v := range got {
		if _, done := lost[v]; !done {
			replace(v)
		}
	}
	for v, more := range about {
		c.values[v>>valueBits][v&valueMask].about.Add(more)
	}
}
