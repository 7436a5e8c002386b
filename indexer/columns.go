package indexer

import (
	"strings"

	"dateline"

	"github.com/RoaringBitmap/roaring/v2"
)

// fields are the facets, in the order of the columns.
var fields = []string{dateline.FieldOutlet, dateline.FieldPerson, dateline.FieldOrg, dateline.FieldPlace, dateline.FieldAuthor,
	dateline.FieldLang, dateline.FieldSection, dateline.FieldStory, dateline.FieldType}

const numFields = 9

func fieldIndex(f string) int {
	for i, n := range fields {
		if n == f {
			return i
		}
	}
	return -1
}

func entityType(field string) dateline.EntityType {
	switch field {
	case dateline.FieldPerson:
		return dateline.Person
	case dateline.FieldOrg:
		return dateline.Organization
	case dateline.FieldPlace:
		return dateline.Place
	}
	return ""
}

type idName struct{ id, name string }

// facetValues gives an article's values of each field; index 0 stands for an
// unknown field and is empty, field i is at i+1.
func facetValues(a *dateline.Article) [numFields + 1][]idName {
	var out [numFields + 1][]idName
	add := func(f int, id, name string) {
		if id == "" {
			return
		}
		for _, v := range out[f+1] {
			if v.id == id {
				return
			}
		}
		if name == "" {
			name = id
		}
		out[f+1] = append(out[f+1], idName{id, name})
	}
	add(0, a.Outlet.ID, a.Outlet.Name)
	for _, e := range a.Entities {
		switch e.Type {
		case dateline.Person:
			add(1, e.ID, e.Name)
		case dateline.Organization:
			add(2, e.ID, e.Name)
		case dateline.Place:
			add(3, e.ID, e.Name)
		}
	}
	for _, n := range a.Authors {
		add(4, dateline.Slug(n), n)
	}
	add(5, a.Lang, a.Lang)
	add(6, dateline.Slug(a.Section), a.Section)
	for _, s := range a.Stories {
		add(7, s, s)
	}
	add(8, a.Type, a.Type)
	return out
}

type facetValue struct {
	id, name string
	docs     *roaring.Bitmap
}

// dict interns the values of one field.
type dict struct {
	byID   map[string]uint32
	values []*facetValue
	names  map[string][]string // folded name -> ids
}

func (d *dict) intern(v idName) uint32 {
	o, ok := d.byID[v.id]
	if !ok {
		o = uint32(len(d.values))
		d.byID[v.id] = o
		d.values = append(d.values, &facetValue{id: v.id, name: v.name, docs: roaring.New()})
		d.addName(v.name, v.id)
	}
	return o
}

func (d *dict) addName(name, id string) {
	n := fold(strings.TrimSpace(name))
	for _, x := range d.names[n] {
		if x == id {
			return
		}
	}
	d.names[n] = append(d.names[n], id)
}

type colDoc struct {
	id     string
	title  string
	lang   string
	url    string
	pub    int64
	dated  bool
	values [numFields][]uint32
}

// columns hold what filters, facets and orders need of every article.
type columns struct {
	docs  []colDoc
	byID  map[string]uint32
	live  *roaring.Bitmap
	dated *roaring.Bitmap
	dicts [numFields]dict
	langs map[string]int
}

func newColumns() *columns {
	c := &columns{byID: map[string]uint32{}, live: roaring.New(), dated: roaring.New(), langs: map[string]int{}}
	for i := range c.dicts {
		c.dicts[i] = dict{byID: map[string]uint32{}, names: map[string][]string{}}
	}
	return c
}

func (c *columns) put(a *dateline.Article) {
	c.remove(a.ID)
	o := uint32(len(c.docs))
	d := colDoc{id: a.ID, title: a.Title, lang: langKey(a.Lang), url: a.URL, dated: !a.Published.IsZero()}
	if d.dated {
		d.pub = a.Published.Unix()
		c.dated.Add(o)
	}
	for f, vs := range facetValues(a) {
		for _, v := range vs {
			x := c.dicts[f-1].intern(v)
			d.values[f-1] = append(d.values[f-1], x)
			c.dicts[f-1].values[x].docs.Add(o)
		}
	}
	c.docs = append(c.docs, d)
	c.byID[a.ID] = o
	c.live.Add(o)
	c.langs[d.lang]++
}

func (c *columns) remove(id string) {
	o, ok := c.byID[id]
	if !ok {
		return
	}
	d := &c.docs[o]
	for f := range d.values {
		for _, v := range d.values[f] {
			c.dicts[f].values[v].docs.Remove(o)
		}
	}
	c.live.Remove(o)
	c.dated.Remove(o)
	delete(c.byID, id)
	if c.langs[d.lang]--; c.langs[d.lang] == 0 {
		delete(c.langs, d.lang)
	}
	*d = colDoc{}
}
