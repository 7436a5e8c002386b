package indexer

import "dateline"

// learnNames counts which names an indexed article has for its entities and
// whom it introduces: by 1, or by -1 when it is gone.
func (g *generation) learnNames(m mapped, o uint32, by int32) error {
	var r record
	if _, err := r.decode(m.payload(g.cols.off[o]), func(v *rawValue) {
		n := idName{id: string(v.id), name: string(v.name), given: v.given}
		for _, a := range v.also {
			n.also = append(n.also, string(a))
		}
		r.values[v.f] = append(r.values[v.f], n)
	}); err != nil {
		return err
	}
	g.learnValues(&r, o, by)
	return nil
}

// learnRecord is learnNames of a record that is about to be written.
func (g *generation) learnRecord(r *record, o uint32) { g.learnValues(r, o, 1) }

func (g *generation) learnValues(r *record, o uint32, by int32) {
	var l []namedIn
	var stories []string
	for _, s := range r.values[fieldIndex(dateline.FieldStory)] {
		stories = append(stories, s.id)
	}
	for f, vs := range r.values {
		t := entityType(fields[f])
		if t == "" {
			continue
		}
		for _, v := range vs {
			n := g.cols.intern(f, []byte(v.id), []byte(v.name))
			g.labels.add(n, g.cols.values[f][n&valueMask].name, v.name, v.also, by)
			if len(stories) > 0 && r.dated {
				l = append(l, namedIn{entityKey{Type: t, ID: v.id}, v.name, v.given, v.also})
			}
		}
	}
	g.intros.add(l, stories, daySince(r.pub), o, by)
}

// laidOver gives the articles of whom something may lie over what was found.
func (g *generation) laidOver() []uint32 {
	out := g.intros.all()
	clear(g.intros.touched)
	o := g.layers.over()
	for k := range o.parent {
		out = append(out, g.naming(k)...)
	}
	for k := range o.formed {
		out = append(out, g.naming(k)...)
	}
	return out
}

// naming gives the articles whose columns name an entity, dead ones too.
func (g *generation) naming(k entityKey) (out []uint32) {
	for f := range filterFields {
		if entityType(fields[f]) != k.Type {
			continue
		}
		if o, ok := g.cols.dicts[f].find(k.ID); ok {
			g.cols.values[f][o].each(g.cols.n, func(d uint32) { out = append(out, d) })
		}
	}
	return out
}

// awaiting gives the articles for which a short name may mean something else
// since this was asked last.
func (g *generation) awaiting() []uint32 {
	c := g.cols
	f := fieldIndex(dateline.FieldStory)
	return g.intros.awaiting(func(o uint32, d dayRange) bool {
		if !c.live.has(o) || !c.dated.has(o) || !near(daySince(c.pub[o]), d.day) {
			return false
		}
		k, ok := c.dicts[f].find(d.story)
		return ok && c.weightOf(o, uint32(f)<<valueBits|k) > 0
	})
}
