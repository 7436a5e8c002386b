package indexer

import (
	"context"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"math"
	"slices"
	"sort"
	"strings"
	"sync"
	"time"

	"dateline"

	"github.com/RoaringBitmap/roaring/v2"
	"github.com/blevesearch/bleve/v2"
	"github.com/blevesearch/bleve/v2/search/query"
)

// FieldSaid is a query field that is not a facet.
const fieldSaid = "said"

// resolve gives the ids that a value of a field may mean: itself, an alias's
// entity, or a name's owner. The caller holds x.mu.
func (x *Index) resolve(field, value string) []string {
	f := fieldIndex(field)
	if f < 0 {
		return nil
	}
	value = strings.TrimSpace(value)
	if value == "" {
		return nil
	}
	if _, ok := x.cols.dicts[f].byID[value]; ok {
		return []string{value}
	}
	var out []string
	add := func(id string) {
		if id != "" && !slices.Contains(out, id) {
			out = append(out, id)
		}
	}
	key := fold(value)
	if t := entityType(field); t != "" {
		if e, ok := x.entities[value]; ok && e.Type == t {
			return []string{value}
		}
		if x.o.Recognizer != nil {
			if e, ok := x.o.Recognizer.Lookup(value, t); ok {
				add(e.ID)
			}
		}
	}
	for _, id := range x.cols.dicts[f].names[key] {
		add(id)
	}
	if field == dateline.FieldOutlet {
		for id, o := range x.outlets {
			if fold(o.Name) == key || fold(id) == key {
				add(id)
			}
		}
	}
	if field == dateline.FieldStory {
		for _, s := range x.o.Stories {
			if fold(s.Title) == key || fold(s.ID) == key {
				add(s.ID)
			}
		}
	}
	if len(out) == 0 {
		add(dateline.Slug(value))
		add(strings.ToLower(value))
		for id := range x.cols.dicts[f].byID {
			if fold(id) == key {
				add(id)
			}
		}
	}
	return out
}

func (x *Index) nameOf(f int, v *facetValue) string {
	switch fields[f] {
	case dateline.FieldOutlet:
		if o, ok := x.outlets[v.id]; ok && o.Name != "" {
			return o.Name
		}
	case dateline.FieldStory:
		for _, s := range x.o.Stories {
			if s.ID == v.id && s.Title != "" {
				return s.Title
			}
		}
	case dateline.FieldPerson, dateline.FieldOrg, dateline.FieldPlace:
		if e, ok := x.entities[v.id]; ok && e.Name != "" {
			return e.Name
		}
	}
	return v.name
}

func (x *Index) valuesSet(field string, values []string) *roaring.Bitmap {
	out := roaring.New()
	f := fieldIndex(field)
	if f < 0 {
		return out
	}
	d := &x.cols.dicts[f]
	for _, v := range values {
		for _, id := range x.resolve(field, v) {
			if o, ok := d.byID[id]; ok {
				out.Or(d.values[o].docs)
			}
		}
	}
	return out
}

func (x *Index) rangeSet(from, to time.Time) *roaring.Bitmap {
	out := roaring.New()
	it := x.cols.dated.Iterator()
	for it.HasNext() {
		o := it.Next()
		if inRange(time.Unix(x.cols.docs[o].pub, 0), from, to) {
			out.Add(o)
		}
	}
	return out
}

// run is one evaluation of a query tree over the current state.
type run struct {
	x      *Index
	ctx    context.Context
	scores map[uint32]float64
	text   bool // some leaf asked the text index
}

func (r *run) eval(n dateline.Node, positive bool) (*roaring.Bitmap, error) {
	x := r.x
	switch n := n.(type) {
	case nil:
		return x.cols.live.Clone(), nil
	case *dateline.And:
		// Filters first costs nothing and keeps the sets small.
		out := x.cols.live.Clone()
		for _, c := range n.Nodes {
			s, err := r.eval(c, positive)
			if err != nil {
				return nil, err
			}
			out.And(s)
		}
		return out, nil
	case *dateline.Or:
		out := roaring.New()
		for _, c := range n.Nodes {
			s, err := r.eval(c, positive)
			if err != nil {
				return nil, err
			}
			out.Or(s)
		}
		return out, nil
	case *dateline.Not:
		s, err := r.eval(n.Node, false)
		if err != nil {
			return nil, err
		}
		return roaring.AndNot(x.cols.live, s), nil
	case *dateline.Term:
		return r.words(n.Field, n.Text, positive)
	case *dateline.Phrase:
		if n.Slop > 0 {
			return r.near(n, positive)
		}
		return r.words(n.Field, n.Text, positive)
	case *dateline.Prefix:
		return r.prefix(n, positive)
	case *dateline.FieldTerm:
		if fieldIndex(n.Field) < 0 {
			return nil, &dateline.ParamError{Param: "q", Message: fmt.Sprintf("field %q cannot be searched yet", n.Field)}
		}
		return x.valuesSet(n.Field, []string{n.Value}), nil
	case *dateline.DateRange:
		return x.rangeSet(n.From, n.To), nil
	}
	return nil, fmt.Errorf("unknown query node %T", n)
}

// textFields are the fields to ask, with how much a match in them counts.
func textFields(field, lang string) map[string]float64 {
	if field == "title" {
		return map[string]float64{"title_" + lang: 2}
	}
	return map[string]float64{"title_" + lang: 2, "body_" + lang: 1}
}

type booster interface {
	query.Query
	SetBoost(float64)
}

// leaf asks the text index; build makes the query of one language's field.
func (r *run) leaf(field, text string, positive bool, build func(lang, field string, toks []token) booster) (*roaring.Bitmap, error) {
	r.text = r.text || positive
	if len(analyze(otherLang, text)) == 0 {
		return r.x.cols.live.Clone(), nil
	}
	var qs []query.Query
	for lang := range r.x.cols.langs {
		toks := analyze(lang, text)
		for f, boost := range textFields(field, lang) {
			q := build(lang, f, toks)
			q.SetBoost(boost)
			qs = append(qs, q)
		}
	}
	out := roaring.New()
	if len(qs) == 0 {
		return out, nil
	}
	req := bleve.NewSearchRequestOptions(query.NewDisjunctionQuery(qs), int(r.x.cols.live.GetCardinality()), 0, false)
	if !positive {
		req.Score = "none"
	}
	res, err := r.x.bl.SearchInContext(r.ctx, req)
	if err != nil {
		return nil, err
	}
	for _, h := range res.Hits {
		if o, ok := r.x.cols.byID[h.ID]; ok {
			out.Add(o)
			if positive {
				r.scores[o] += h.Score
			}
		}
	}
	return out, nil
}

func phraseQuery(f string, toks []token) booster {
	if len(toks) == 1 {
		q := query.NewTermQuery(toks[0].stem)
		q.SetField(f)
		return q
	}
	terms := make([]string, len(toks))
	for i, t := range toks {
		terms[i] = t.stem
	}
	return query.NewPhraseQuery(terms, f)
}

func (r *run) words(field, text string, positive bool) (*roaring.Bitmap, error) {
	return r.leaf(field, text, positive, func(_, f string, toks []token) booster { return phraseQuery(f, toks) })
}

func (r *run) prefix(n *dateline.Prefix, positive bool) (*roaring.Bitmap, error) {
	words := analyze(otherLang, n.Text)
	out, err := r.leaf(n.Field, n.Text, positive, func(_, f string, toks []token) booster {
		last := query.NewPrefixQuery(exactMark + toks[len(toks)-1].word)
		last.SetField(f)
		if len(toks) == 1 {
			return last
		}
		return query.NewConjunctionQuery([]query.Query{phraseQuery(f, toks[:len(toks)-1]), last})
	})
	if err != nil || len(words) < 2 {
		return out, err
	}
	return r.verify(out, n)
}

func (r *run) near(n *dateline.Phrase, positive bool) (*roaring.Bitmap, error) {
	out, err := r.leaf(n.Field, n.Text, positive, func(_, f string, toks []token) booster {
		var qs []query.Query
		for i := range toks {
			qs = append(qs, phraseQuery(f, toks[i:i+1]))
		}
		return query.NewConjunctionQuery(qs)
	})
	if err != nil || len(analyze(otherLang, n.Text)) < 2 {
		return out, err
	}
	return r.verify(out, n)
}

// verify keeps of a set what the evaluator says matches.
func (r *run) verify(set *roaring.Bitmap, n dateline.Node) (*roaring.Bitmap, error) {
	out := roaring.New()
	ords := set.ToArray()
	for len(ords) > 0 {
		k := min(len(ords), 200)
		ids := make([]string, k)
		for i, o := range ords[:k] {
			ids[i] = r.x.cols.docs[o].id
		}
		as, err := r.x.st.GetMany(r.ctx, ids)
		if err != nil {
			return nil, err
		}
		for i, o := range ords[:k] {
			if a := as[ids[i]]; a != nil && newDocument(a).matches(n, r.x.resolve) {
				out.Add(o)
			}
		}
		ords = ords[k:]
	}
	return out, nil
}

// less orders two articles; score may be nil.
func (c *columns) compare(a, b uint32, order string, scores map[uint32]float64) int {
	p, q := &c.docs[a], &c.docs[b]
	if order == dateline.SortRelevance {
		if s, t := scores[a], scores[b]; s != t {
			if s > t {
				return -1
			}
			return 1
		}
		return strings.Compare(p.id, q.id)
	}
	if p.dated != q.dated {
		if p.dated {
			return -1
		}
		return 1
	}
	if p.pub != q.pub {
		if (p.pub > q.pub) == (order == dateline.SortNewest) {
			return -1
		}
		return 1
	}
	return strings.Compare(p.id, q.id)
}

func (c *columns) order(ords []uint32, order string, scores map[uint32]float64) {
	slices.SortFunc(ords, func(a, b uint32) int { return c.compare(a, b, order, scores) })
}

type cursor struct {
	Hash  string  `json:"h"`
	Score float64 `json:"s,omitempty"`
	Pub   int64   `json:"p,omitempty"`
	Dated bool    `json:"d,omitempty"`
	ID    string  `json:"i"`
	Page  string  `json:"g,omitempty"` // key of the remembered order, for relevance
	At    int     `json:"n,omitempty"` // how many of it were given
}

func (c cursor) String() string {
	b, _ := json.Marshal(c)
	return base64.RawURLEncoding.EncodeToString(b)
}

func parseCursor(s, hash string) (cursor, error) {
	var c cursor
	b, err := base64.RawURLEncoding.DecodeString(s)
	if err == nil {
		err = json.Unmarshal(b, &c)
	}
	if err != nil || c.ID == "" || c.At < 0 {
		return c, &dateline.ParamError{Param: "cursor", Message: "not a cursor that this server gave"}
	}
	if c.Hash != hash {
		return c, &dateline.ParamError{Param: "cursor", Message: "this cursor belongs to another search"}
	}
	return c, nil
}

// ranked is an order of relevance that is remembered while it is paged
// through, because scores move when articles are added.
type ranked struct {
	ids    []string
	scores []float64
}

type pageCache struct {
	mu   sync.Mutex
	m    map[string]ranked
	keys []string
}

func (p *pageCache) get(k string) (ranked, bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	r, ok := p.m[k]
	return r, ok
}

func (p *pageCache) put(k string, r ranked) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.m == nil {
		p.m = map[string]ranked{}
	}
	if _, ok := p.m[k]; !ok {
		p.keys = append(p.keys, k)
	}
	p.m[k] = r
	for len(p.keys) > 32 {
		delete(p.m, p.keys[0])
		p.keys = p.keys[1:]
	}
}

func (p *pageCache) clear() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.m, p.keys = nil, nil
}

func queryHash(q dateline.Query, order string) string {
	h := sha256.New()
	fmt.Fprintf(h, "%s\x00%s\x00%d\x00%d\x00%s", q.Text, order, q.From.Unix(), q.To.Unix(), describe(q.Root))
	for _, m := range []map[string][]string{q.Filters, q.Excludes} {
		var keys []string
		for k, v := range m {
			if len(v) > 0 {
				keys = append(keys, k)
			}
		}
		sort.Strings(keys)
		for _, k := range keys {
			v := slices.Clone(m[k])
			sort.Strings(v)
			fmt.Fprintf(h, "\x00%s=%q", k, v)
		}
		fmt.Fprint(h, "\x01")
	}
	return hex.EncodeToString(h.Sum(nil)[:8])
}

func describe(n dateline.Node) string {
	list := func(name string, l []dateline.Node) string {
		var s []string
		for _, c := range l {
			s = append(s, describe(c))
		}
		return name + "(" + strings.Join(s, ",") + ")"
	}
	switch n := n.(type) {
	case nil:
		return ""
	case *dateline.And:
		return list("and", n.Nodes)
	case *dateline.Or:
		return list("or", n.Nodes)
	case *dateline.Not:
		return "not(" + describe(n.Node) + ")"
	case *dateline.DateRange:
		return fmt.Sprintf("date(%d,%d)", n.From.Unix(), n.To.Unix())
	}
	return fmt.Sprintf("%T%+q", n, fmt.Sprintf("%+v", n))
}

func checkParams(q dateline.Query) (string, error) {
	bad := func(p, f string, a ...any) error {
		return &dateline.ParamError{Param: p, Message: fmt.Sprintf(f, a...)}
	}
	if q.Limit < 0 || q.Limit > 100 {
		return "", bad("limit", "must be 0 to 100, not %d", q.Limit)
	}
	order := q.Sort
	switch order {
	case "":
		order = dateline.SortNewest
		if q.Root != nil {
			order = dateline.SortRelevance
		}
	case dateline.SortRelevance, dateline.SortNewest, dateline.SortOldest:
	default:
		return "", bad("sort", "%q is none of relevance, newest, oldest", order)
	}
	for _, f := range q.Facets {
		if fieldIndex(f) < 0 {
			return "", bad("facets", "no facet %q; there are %s", f, strings.Join(fields, ", "))
		}
	}
	for _, m := range []map[string][]string{q.Filters, q.Excludes} {
		for f := range m {
			if fieldIndex(f) < 0 {
				return "", bad(f, "no such filter; there are %s", strings.Join(fields, ", "))
			}
		}
	}
	if q.FacetSize < 0 || q.FacetSize > 1000 {
		return "", bad("facet_size", "must be 1 to 1000, not %d", q.FacetSize)
	}
	if q.Interval != "" && q.Interval != "auto" && intervalIndex(q.Interval) < 0 {
		return "", bad("interval", "%q is none of auto, hour, day, week, month, year", q.Interval)
	}
	return order, nil
}

// Search answers a query. All its counts are exact and of one state.
func (x *Index) Search(ctx context.Context, q dateline.Query) (*dateline.Results, error) {
	began := time.Now()
	order, err := checkParams(q)
	if err != nil {
		return nil, err
	}
	hash := queryHash(q, order)
	var cur cursor
	if q.Cursor != "" {
		if cur, err = parseCursor(q.Cursor, hash); err != nil {
			return nil, err
		}
	}
	x.mu.RLock()
	defer x.mu.RUnlock()
	r := &run{x: x, ctx: ctx, scores: map[uint32]float64{}}
	base, err := r.eval(q.Root, true)
	if err != nil {
		return nil, err
	}
	for f, vs := range q.Excludes {
		if len(vs) > 0 {
			base.AndNot(x.valuesSet(f, vs))
		}
	}
	if !q.From.IsZero() || !q.To.IsZero() {
		base.And(x.rangeSet(q.From, q.To))
	}
	chosen := map[string]*roaring.Bitmap{}
	for f, vs := range q.Filters {
		if len(vs) > 0 {
			chosen[f] = x.valuesSet(f, vs)
		}
	}
	without := func(skip string) *roaring.Bitmap {
		s := base.Clone()
		for f, c := range chosen {
			if f != skip {
				s.And(c)
			}
		}
		return s
	}
	all := without("")
	res := &dateline.Results{Total: int(all.GetCardinality()), Facets: map[string][]dateline.FacetValue{}}
	dated := roaring.And(all, x.cols.dated)
	res.Undated = res.Total - int(dated.GetCardinality())
	for _, f := range q.Facets {
		set := all
		if chosen[f] != nil {
			set = without(f)
		}
		size := q.FacetSize
		if size == 0 {
			size = 20
		}
		res.Facets[f] = x.facet(fieldIndex(f), set, q.Filters[f], q.Excludes[f], size)
	}
	if q.Interval != "" {
		res.Timeline = x.timeline(dated, q.Interval)
	}
	if q.Limit > 0 {
		for o, s := range r.scores {
			r.scores[o] = math.Round(s*1e6) / 1e6
		}
		if err := x.page(ctx, q, order, hash, cur, all, r.scores, res); err != nil {
			return nil, err
		}
	}
	res.Took = time.Since(began)
	return res, nil
}

// page fills in the hits that follow the cursor.
func (x *Index) page(ctx context.Context, q dateline.Query, order, hash string, cur cursor, all *roaring.Bitmap, scores map[uint32]float64, res *dateline.Results) error {
	var ids []string
	var got []float64
	next := cursor{Hash: hash}
	if rk, ok := x.pages.get(cur.Page); ok && cur.Page != "" && cur.At <= len(rk.ids) {
		at := cur.At
		for at < len(rk.ids) && len(ids) < q.Limit {
			if _, live := x.cols.byID[rk.ids[at]]; live {
				ids, got = append(ids, rk.ids[at]), append(got, rk.scores[at])
			}
			at++
		}
		if at < len(rk.ids) {
			next.Page, next.At, next.ID, next.Score = cur.Page, at, rk.ids[at-1], rk.scores[at-1]
		}
	} else {
		ords := all.ToArray()
		if q.Cursor != "" {
			ords = slices.DeleteFunc(ords, func(o uint32) bool { return !after(&x.cols.docs[o], scores[o], cur, order) })
		}
		x.cols.order(ords, order, scores)
		n := min(len(ords), q.Limit)
		for _, o := range ords[:n] {
			ids, got = append(ids, x.cols.docs[o].id), append(got, scores[o])
		}
		if n < len(ords) {
			l := &x.cols.docs[ords[n-1]]
			next.ID, next.Pub, next.Dated, next.Score = l.id, l.pub, l.dated, scores[ords[n-1]]
			if order == dateline.SortRelevance {
				rk := ranked{ids: make([]string, len(ords)), scores: make([]float64, len(ords))}
				for i, o := range ords {
					rk.ids[i], rk.scores[i] = x.cols.docs[o].id, scores[o]
				}
				next.Page, next.At = fmt.Sprintf("%s-%x-%s", hash, x.Generation(), cur.ID), n
				x.pages.put(next.Page, rk)
			}
		}
	}
	if next.ID != "" {
		res.Next = next.String()
	}
	as, err := x.st.GetMany(ctx, ids)
	if err != nil {
		return err
	}
	h := newHighlighter(x, q)
	for i, id := range ids {
		a := as[id]
		if a == nil {
			continue // deleted this instant
		}
		title, snippet := h.mark(a)
		res.Hits = append(res.Hits, dateline.Hit{Article: a, TitleHTML: title, SnippetHTML: snippet, Score: got[i]})
	}
	return nil
}

func after(d *colDoc, score float64, c cursor, order string) bool {
	switch {
	case order == dateline.SortRelevance:
		if score != c.Score {
			return score < c.Score
		}
	case d.dated != c.Dated:
		return !d.dated
	case d.pub != c.Pub:
		return (d.pub < c.Pub) == (order == dateline.SortNewest)
	}
	return d.id > c.ID
}

// facet counts the values of a field in a set; size 0 is all.
func (x *Index) facet(f int, set *roaring.Bitmap, selected, excluded []string, size int) []dateline.FacetValue {
	d := &x.cols.dicts[f]
	counts := make([]int, len(d.values))
	if set == x.cols.live {
		for i, v := range d.values {
			counts[i] = int(v.docs.GetCardinality())
		}
	} else {
		it := set.Iterator()
		for it.HasNext() {
			for _, v := range x.cols.docs[it.Next()].values[f] {
				counts[v]++
			}
		}
	}
	pick := func(values []string) map[string]bool {
		m := map[string]bool{}
		for _, v := range values {
			ids := x.resolve(fields[f], v)
			known := false
			for _, id := range ids {
				if _, ok := d.byID[id]; ok {
					m[id], known = true, true
				}
			}
			if !known {
				m[v] = true // listed with 0, so that it can be taken away
			}
		}
		return m
	}
	sel, exc := pick(selected), pick(excluded)
	var out []dateline.FacetValue
	for i, v := range d.values {
		if counts[i] > 0 || sel[v.id] || exc[v.id] {
			out = append(out, dateline.FacetValue{ID: v.id, Name: x.nameOf(f, v), Count: counts[i], Selected: sel[v.id], Excluded: exc[v.id]})
		}
	}
	for _, m := range []map[string]bool{sel, exc} {
		for id := range m {
			if _, ok := d.byID[id]; !ok {
				out = append(out, dateline.FacetValue{ID: id, Name: id, Selected: sel[id], Excluded: exc[id]})
			}
		}
	}
	sort.Slice(out, func(i, j int) bool {
		if out[i].Count != out[j].Count {
			return out[i].Count > out[j].Count
		}
		return out[i].ID < out[j].ID
	})
	if size > 0 && len(out) > size {
		kept := out[:size:size]
		for _, v := range out[size:] {
			if v.Selected || v.Excluded {
				kept = append(kept, v)
			}
		}
		out = kept
	}
	return out
}

var intervals = []string{"hour", "day", "week", "month", "year"}

func intervalIndex(s string) int { return slices.Index(intervals, s) }

func floorTime(t time.Time, i int) time.Time {
	t = t.UTC()
	y, m, d := t.Date()
	switch i {
	case 0:
		return time.Date(y, m, d, t.Hour(), 0, 0, 0, time.UTC)
	case 1:
		return time.Date(y, m, d, 0, 0, 0, 0, time.UTC)
	case 2:
		return time.Date(y, m, d-(int(t.Weekday())+6)%7, 0, 0, 0, 0, time.UTC)
	case 3:
		return time.Date(y, m, 1, 0, 0, 0, 0, time.UTC)
	}
	return time.Date(y, 1, 1, 0, 0, 0, 0, time.UTC)
}

func nextTime(t time.Time, i int) time.Time {
	switch i {
	case 0:
		return t.Add(time.Hour)
	case 1:
		return t.AddDate(0, 0, 1)
	case 2:
		return t.AddDate(0, 0, 7)
	case 3:
		return t.AddDate(0, 1, 0)
	}
	return t.AddDate(1, 0, 0)
}

// timeline counts articles by time in contiguous buckets. An interval that
// would give more than 1000 of them is widened.
func (x *Index) timeline(set *roaring.Bitmap, interval string) []dateline.Bucket {
	if set.IsEmpty() {
		return nil
	}
	lo, hi := int64(math.MaxInt64), int64(math.MinInt64)
	it := set.Iterator()
	for it.HasNext() {
		p := x.cols.docs[it.Next()].pub
		lo, hi = min(lo, p), max(hi, p)
	}
	width := []float64{3600, 86400, 7 * 86400, 30 * 86400, 365 * 86400}
	i, most := 0, 40.0
	if interval != "auto" {
		i, most = intervalIndex(interval), 998
	}
	for i < 4 && float64(hi-lo)/width[i] > most {
		i++
	}
	counts := map[int64]int{}
	it = set.Iterator()
	for it.HasNext() {
		counts[floorTime(time.Unix(x.cols.docs[it.Next()].pub, 0), i).Unix()]++
	}
	var out []dateline.Bucket
	end := time.Unix(hi, 0)
	for t := floorTime(time.Unix(lo, 0), i); !t.After(end); {
		n := nextTime(t, i)
		out = append(out, dateline.Bucket{From: t, To: n, Count: counts[t.Unix()]})
		t = n
	}
	return out
}
