package indexer

import (
	"cmp"
	"math"
	"slices"
	"strings"
	"sync"
	"sync/atomic"

	"dateline"
	"dateline/indexer/store"
)

// fields are the facets, in the order of the columns, and said, which is a
// column that only queries use. Those that are seldom counted come last, as
// counting stops after those that are.
var fields = []string{
	dateline.FieldOutlet, dateline.FieldPerson, dateline.FieldOrg, dateline.FieldPlace, dateline.FieldAuthor,
	dateline.FieldSection, dateline.FieldStory, dateline.FieldLang, dateline.FieldType, dateline.FieldSaid,
}

const (
	numFields = 10
	fieldSaid = numFields - 1
)

// filterFields are those that parameters may name.
var filterFields = fields[:fieldSaid]

// entityFields are the columns of entities, and of what they said.
var entityFields = []int{1, 2, 3, fieldSaid}

func fieldIndex(f string) int { return slices.Index(fields, f) }

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

// idName is a value of an article. weight is how much the article is about
// it: the number of mentions, those in the title counted titleMention times and
// those in the lead (see store.LeadEnd) leadMention times;
// 1 for what is not an entity.
type idName struct {
	id, name string
	weight   uint8

	given bool     // an entity that came with the article; of records only
	also  []string // other names of an entity: see alsoCalled; of records only
}

const (
	titleMention = 5
	leadMention  = 2
)

// facetValues gives an article's values of each field.
func facetValues(a *dateline.Article) [numFields][]idName {
	var out [numFields][]idName
	add := func(f int, id, name string, weight int) {
		if id == "" {
			return
		}
		for _, v := range out[f] {
			if v.id == id {
				return
			}
		}
		if name == "" {
			name = id
		}
		out[f] = append(out[f], idName{id: id, name: name, weight: uint8(max(1, min(255, weight)))})
	}
	add(0, a.Outlet.ID, a.Outlet.Name, 1)
	more := map[entityKey]int{} // for where it stands
	lead := store.LeadEnd(a.Body)
	for _, m := range a.Mentions {
		switch k := (entityKey{Type: m.Type, ID: m.EntityID}); {
		case m.InTitle:
			more[k] += titleMention - 1
		case m.Start < lead:
			more[k] += leadMention - 1
		}
	}
	for _, e := range a.Entities {
		weight := e.Count + more[entityKey{Type: e.Type, ID: e.ID}]
		switch e.Type {
		case dateline.Person:
			add(1, e.ID, e.Name, weight)
		case dateline.Organization:
			add(2, e.ID, e.Name, weight)
		case dateline.Place:
			add(3, e.ID, e.Name, weight)
		}
	}
	for _, n := range a.Authors {
		add(4, dateline.Slug(n), n, 1)
	}
	add(5, dateline.Slug(a.Section), a.Section, 1)
	for _, s := range a.Stories {
		add(6, s, s, 1)
	}
	add(7, a.Lang, a.Lang, 1)
	add(8, a.Type, a.Type, 1)
	for _, q := range a.Quotes {
		add(fieldSaid, q.SpeakerID, q.Speaker, 1)
	}
	return out
}

// facetValue is one value of a field. Its articles are a list that only
// grows: a view of the index looks at those below its own size and asks its
// set of live articles about each. Most values have one article only.
type facetValue struct {
	id, name string
	first    atomic.Uint32 // an article + 1; 0 if there is none
	more     atomic.Pointer[[]uint32]
	about    atomic.Int64 // how much all live articles are about it: see aboutness
}

// aboutness is how much of an article is about a value of a weight, of which
// more and more says less and less, as in scores: from 100 for a value that is
// named once to 220.
func aboutness(weight uint8) int64 {
	w := float64(max(1, weight))
	return int64(math.Round(100 * w * (entityK1 + 1) / (entityK1 + w)))
}

func (v *facetValue) add(o uint32) {
	if v.first.Load() == 0 {
		v.first.Store(o + 1)
		return
	}
	var l []uint32
	if p := v.more.Load(); p != nil {
		l = *p
	}
	l = append(l, o)
	v.more.Store(&l)
}

// cut takes out the articles from n on.
func (v *facetValue) cut(n int) {
	if p := v.more.Load(); p != nil {
		k, _ := slices.BinarySearch(*p, uint32(n))
		l := (*p)[:k:k]
		v.more.Store(&l)
	}
	if int(v.first.Load()) > n {
		v.first.Store(0)
	}
}

// each calls fn with the articles of a view of n ordinals.
func (v *facetValue) each(n int, fn func(o uint32)) {
	o := v.first.Load()
	if o == 0 || int(o) > n {
		return
	}
	fn(o - 1)
	for _, o := range v.rest(n) {
		fn(o)
	}
}

// rest gives those of each but the first.
func (v *facetValue) rest(n int) []uint32 {
	p := v.more.Load()
	if p == nil {
		return nil
	}
	l := *p
	if k := len(l); k == 0 || int(l[k-1]) < n {
		return l
	}
	k, _ := slices.BinarySearch(l, uint32(n))
	return l[:k]
}

// count gives the number of articles of a view of n ordinals, dead ones too.
func (v *facetValue) count(n int) int {
	if o := v.first.Load(); o == 0 || int(o) > n {
		return 0
	}
	return 1 + len(v.rest(n))
}

// dict interns the values of one field. It is shared between the writer and
// all views, and only ever grows.
type dict struct {
	mu     sync.RWMutex
	values []*facetValue
	byID   table
	names  map[string][]string // folded name or alias -> ids, where the id does not follow from the name

	// Only the writer uses these: values and their texts come from large pieces.
	fresh []facetValue
	text  strings.Builder
}

func (d *dict) lookup(id string) (uint32, bool) {
	d.mu.RLock()
	defer d.mu.RUnlock()
	return d.find(id)
}

func (d *dict) find(id string) (found uint32, ok bool) {
	d.byID.each(hashTerm(id), func(_ int, o uint32) bool {
		if d.values[o].id == id {
			found, ok = o, true
		}
		return ok
	})
	return found, ok
}

// at gives the id and the name of a value.
func (d *dict) at(o uint32) (id, name string) {
	d.mu.RLock()
	defer d.mu.RUnlock()
	return d.values[o].id, d.values[o].name
}

// put adds a value that is not there.
func (d *dict) put(id, name string) *facetValue {
	if len(d.fresh) == 0 {
		d.fresh = make([]facetValue, 256)
	}
	v := &d.fresh[0]
	d.fresh = d.fresh[1:]
	v.id = d.keep(id)
	if v.name = v.id; name != id {
		v.name = d.keep(name)
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	d.values = append(d.values, v)
	if d.byID.full() {
		d.byID.grow()
		for o, old := range d.values[:len(d.values)-1] {
			d.byID.add(hashTerm(old.id), uint32(o))
		}
	}
	d.byID.add(hashTerm(id), uint32(len(d.values)-1))
	return v
}

// keep copies a text into a large piece, which costs less than one of its own.
func (d *dict) keep(s string) string {
	const piece = 16 << 10
	if len(s) > piece/16 {
		return strings.Clone(s)
	}
	if d.text.Cap()-d.text.Len() < len(s) {
		d.text = strings.Builder{}
		d.text.Grow(piece)
	}
	from := d.text.Len()
	d.text.WriteString(s)
	return d.text.String()[from:]
}

func (d *dict) named(folded string) []string {
	d.mu.RLock()
	defer d.mu.RUnlock()
	return slices.Clone(d.names[folded])
}

// addName makes a value findable by another name; slugs of it are found anyway.
func (d *dict) addName(name, id string) {
	n := fold(strings.TrimSpace(name))
	if n == "" || n == id {
		return
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	if l := d.names[n]; !slices.Contains(l, id) {
		d.names[n] = append(l, id)
	}
}

// A value number is its field in the upper bits and its place in the field's
// list in the lower, so one list of numbers holds all values of an article.
const (
	valueBits = 27
	valueMask = 1<<valueBits - 1
)

// columns are what filters, facets, orders and ranking need of every article,
// by ordinal. Views copy the struct: what an append does to the slices beyond
// a view's n is not seen by it, and sets are replaced, never changed.
type columns struct {
	n      int
	live   bitset
	dated  bitset
	undone int // dead ordinals

	pub    []int64  // seconds since 1970, or undated
	off    []int64  // record in the doc log
	fwd    []int32  // forward index in the record's payload
	lang   []uint8  // place in langs
	tlen   []uint8  // terms in the title, at most 255
	blen   []uint16 // terms in the body, at most 65535
	valEnd []uint32 // end of the article's values in vals
	vals   []uint32
	weight []uint8 // of each of vals

	values [numFields][]*facetValue
	dicts  *[numFields]dict

	langs          []string
	langDocs       []int
	titles, bodies int64 // sums of tlen and blen over live articles
	newest         int64 // latest pub of those ever added

	next  []uint32 // ring of the articles with the same text: see copies.go
	group []uint32 // one member of the ring, the same for all
}

func newColumns() *columns {
	c := &columns{dicts: &[numFields]dict{}}
	for i := range c.dicts {
		c.dicts[i].names = map[string][]string{}
	}
	return c
}

// intern gives the number of a value. Only the writer calls it.
func (c *columns) intern(f int, id, name []byte) uint32 {
	d := &c.dicts[f]
	o, ok := d.find(string(id)) // the writer needs no lock to read
	if !ok {
		o = uint32(len(d.values))
		v := d.put(string(id), string(name))
		c.values[f] = d.values
		if dateline.Slug(v.name) != v.id {
			d.addName(v.name, v.id)
		}
	}
	return uint32(f)<<valueBits | o
}

func (c *columns) langOf(name string) uint8 {
	if i := slices.Index(c.langs, name); i >= 0 {
		return uint8(i)
	}
	c.langs = append(slices.Clone(c.langs), name)
	c.langDocs = append(c.langDocs, 0)
	return uint8(len(c.langs) - 1)
}

// weighed is the number of a value with its weight in one article.
type weighed struct {
	value  uint32
	weight uint8
}

// add appends an article; its values follow in vals. The caller has grown
// live and dated for it.
func (c *columns) add(r *record, off int64, fwd int, vals []weighed) uint32 {
	o := uint32(c.n)
	c.n++
	slices.SortFunc(vals, func(a, b weighed) int { return cmp.Compare(a.value, b.value) })
	for i, w := range vals {
		v := w.value
		if i > 0 && v == vals[i-1].value {
			continue
		}
		c.vals, c.weight = append(c.vals, v), append(c.weight, w.weight)
		fv := c.values[v>>valueBits][v&valueMask]
		fv.add(o)
		fv.about.Add(aboutness(w.weight))
	}
	c.valEnd = append(c.valEnd, uint32(len(c.vals)))
	pub := r.pub
	if !r.dated {
		pub = undated
	}
	c.pub, c.off, c.fwd = append(c.pub, pub), append(c.off, off), append(c.fwd, int32(fwd))
	l := c.langOf(r.lang)
	c.lang = append(c.lang, l)
	c.tlen = append(c.tlen, uint8(min(255, r.parts[partTitle])))
	c.blen = append(c.blen, uint16(min(65535, r.parts[partBody])))
	c.next, c.group = append(c.next, o), append(c.group, o)
	c.live.set(o)
	if r.dated {
		c.dated.set(o)
		c.newest = max(c.newest, r.pub)
	}
	c.langDocs[l]++
	c.titles += int64(c.tlen[o])
	c.bodies += int64(c.blen[o])
	return o
}

// kill takes an article out of the live ones.
func (c *columns) kill(o uint32) {
	if !c.live.has(o) {
		return
	}
	c.live.unset(o)
	c.dated.unset(o)
	c.undone++
	l := c.valuesOf(o)
	for i, v := range l {
		c.values[v>>valueBits][v&valueMask].about.Add(-aboutness(c.weight[int(c.valEnd[o])-len(l)+i]))
	}
	c.langDocs[c.lang[o]]--
	c.titles -= int64(c.tlen[o])
	c.bodies -= int64(c.blen[o])
}

// own gives the writer sets of its own with room for n more articles, so that
// views keep theirs.
func (c *columns) own(n int) {
	c.live, c.dated = c.live.grown(c.n+n), c.dated.grown(c.n+n)
	c.langDocs = slices.Clone(c.langDocs)
	c.next = append(make([]uint32, 0, c.n+n), c.next...)
	c.group = append(make([]uint32, 0, c.n+n), c.group...)
}

// weightOf tells how much an article is about a value; 0 if it lacks it.
func (c *columns) weightOf(o, value uint32) uint8 {
	l := c.valuesOf(o)
	for i, v := range l {
		if v == value {
			return c.weight[int(c.valEnd[o])-len(l)+i]
		}
	}
	return 0
}

func (c *columns) valuesOf(o uint32) []uint32 {
	from := uint32(0)
	if o > 0 {
		from = c.valEnd[o-1]
	}
	return c.vals[from:c.valEnd[o]]
}
