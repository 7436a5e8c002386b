package indexer

import (
	"cmp"
	"fmt"
	"html"
	"slices"
	"strings"
	"time"

	"dateline"
)

// world answers searches the plainest way: it looks at every article. It
// shares with the index the analysis of text, and nothing else, so that a
// mistake in one is not in the other.
type world struct {
	arts    []*truth // by id
	aliases map[string][]string
	index   *Index // for what its words also mean
	slugs   map[string]string
}

func (w *world) expanded(n dateline.Node) dateline.Node {
	n, _ = w.index.expand(n)
	return n
}

// storyTitle is the title of the one story there is.
const storyTitle = "The memo"

// truth is an article with what there is to know of it.
type truth struct {
	a     *dateline.Article
	parts [3][]token                   // title, body, summary
	forms [3][]extra                   // the other forms of their words
	vals  map[string]map[string]string // field -> id -> name
	runs  map[string]bool              // three words of the body in a row
	group int
}

func newTruth(a *dateline.Article) *truth {
	l := langKey(a.Lang)
	t := &truth{a: a, parts: [3][]token{analyze(l, a.Title), analyze(l, a.Body), analyze(l, a.Summary)}, vals: map[string]map[string]string{}, runs: map[string]bool{}}
	for i, text := range []string{a.Title, a.Body, a.Summary} {
		t.forms[i] = extras(l, text, t.parts[i])
	}
	put := func(f, id, name string) {
		if id == "" {
			return
		}
		if t.vals[f] == nil {
			t.vals[f] = map[string]string{}
		}
		if t.vals[f][id] == "" {
			t.vals[f][id] = cmp.Or(name, id)
		}
	}
	put("outlet", a.Outlet.ID, a.Outlet.Name)
	for _, e := range a.Entities {
		put(map[dateline.EntityType]string{dateline.Person: "person", dateline.Organization: "org", dateline.Place: "place"}[e.Type], e.ID, e.Name)
	}
	for _, n := range a.Authors {
		put("author", dateline.Slug(n), n)
	}
	put("lang", a.Lang, a.Lang)
	put("section", dateline.Slug(a.Section), a.Section)
	for _, s := range a.Stories {
		put("story", s, storyTitle)
	}
	put("type", a.Type, a.Type)
	for _, q := range a.Quotes {
		put("said", q.SpeakerID, q.Speaker)
	}
	body := t.parts[1]
	for i := 0; i+2 < len(body); i++ {
		t.runs[body[i].stem+" "+body[i+1].stem+" "+body[i+2].stem] = true
	}
	return t
}

func newWorld(as []*dateline.Article, es []dateline.Entity) *world {
	w := &world{aliases: map[string][]string{}, slugs: map[string]string{}}
	for _, a := range as {
		w.arts = append(w.arts, newTruth(a))
	}
	slices.SortFunc(w.arts, func(a, b *truth) int { return strings.Compare(a.a.ID, b.a.ID) })
	for _, e := range es {
		w.aliases[e.ID] = append([]string{e.Name}, e.Aliases...)
	}
	w.findCopies()
	return w
}

// findCopies makes groups that are closed under likeness.
func (w *world) findCopies() {
	for i, t := range w.arts {
		t.group = i
	}
	for i, t := range w.arts {
		for _, u := range w.arts[:i] {
			if t.group == u.group || !sameText(t.runs, u.runs) {
				continue
			}
			from, to := t.group, u.group
			for _, m := range w.arts {
				if m.group == from {
					m.group = to
				}
			}
		}
	}
}

func sameText(a, b map[string]bool) bool {
	if len(a) < minShingles || len(b) < minShingles {
		return false
	}
	shared := 0
	for s := range a {
		if b[s] {
			shared++
		}
	}
	return float64(shared) >= minResemblance*float64(len(a)+len(b)-shared) || float64(shared) >= minContainment*float64(min(len(a), len(b)))
}

// means tells whether a typed value is this id, its name or one of its aliases.
func (w *world) means(value, id, name string) bool {
	slug, ok := w.slugs[value]
	if !ok {
		slug = dateline.Slug(value)
		w.slugs[value] = slug
	}
	return value == id || slug == id || strings.EqualFold(value, name) ||
		slices.ContainsFunc(w.aliases[id], func(s string) bool { return strings.EqualFold(s, value) })
}

func (w *world) has(t *truth, field string, values []string) bool {
	for id, name := range t.vals[field] {
		if slices.ContainsFunc(values, func(v string) bool { return w.means(v, id, name) }) {
			return true
		}
	}
	return false
}

func (w *world) matches(t *truth, n dateline.Node) bool {
	one := func(c dateline.Node) bool { return w.matches(t, c) }
	switch n := n.(type) {
	case nil:
		return true
	case *dateline.And:
		return !slices.ContainsFunc(n.Nodes, func(c dateline.Node) bool { return !one(c) })
	case *dateline.Or:
		return slices.ContainsFunc(n.Nodes, one)
	case *dateline.Not:
		return !one(n.Node)
	case *dateline.Term:
		return t.row(n.Field, n.Text, false)
	case *dateline.Prefix:
		return t.row(n.Field, n.Text, true)
	case *dateline.Phrase:
		if n.Slop == 0 {
			return t.row(n.Field, n.Text, false)
		}
		return t.near(n.Field, n.Text, n.Slop)
	case *dateline.FieldTerm:
		return w.has(t, n.Field, []string{n.Value})
	case *dateline.DateRange:
		return within(t.a.Published, n.From, n.To)
	}
	panic(fmt.Sprintf("unknown node %T", n))
}

func within(t, from, to time.Time) bool {
	return !t.IsZero() && (from.IsZero() || !t.Before(from)) && (to.IsZero() || t.Before(to))
}

func (t *truth) in(field string) [][]token {
	if field == "title" {
		return t.parts[:1]
	}
	return t.parts[:]
}

// row tells whether the words stand side by side; of the last, a prefix needs
// the beginning only.
func (t *truth) row(field, text string, prefix bool) bool {
	want := analyze(langKey(t.a.Lang), text)
	for part, p := range t.in(field) {
		if t.otherForms(part, text, want, prefix) > 0 {
			return true
		}
		for i := 0; i+len(want) <= len(p); i++ {
			k := 0
			for k < len(want) {
				got := p[i+k]
				if prefix && k == len(want)-1 {
					if !strings.HasPrefix(got.word, want[k].word) && !strings.HasPrefix(got.stem, want[k].word) {
						break
					}
				} else if got.stem != want[k].stem {
					break
				}
				k++
			}
			if k == len(want) {
				return true
			}
		}
	}
	return len(want) == 0
}

// otherForms counts in a part what is found by another form than the words as
// they stand: "wifi" finds Wi-Fi, and "Wi-Fi" finds wifi.
func (t *truth) otherForms(part int, text string, want []token, prefix bool) (n float64) {
	if len(want) == 1 {
		for _, e := range t.forms[part] {
			switch {
			case strings.HasPrefix(e.stem, "^"): // only U.S. finds US and nothing else
			case !prefix && e.stem == want[0].stem, prefix && (strings.HasPrefix(e.word, want[0].word) || strings.HasPrefix(e.stem, want[0].word)):
				n++
			}
		}
		return n
	}
	var form string
	for _, e := range extras(langKey(t.a.Lang), text, want) {
		if e.n == len(want) {
			form = e.stem // of U.S. the last, which is ^us
		}
	}
	if form == "" || prefix {
		return 0
	}
	for _, x := range t.parts[part] {
		if x.stem == form {
			n++
		}
	}
	for _, e := range t.forms[part] {
		if e.stem == form {
			n++
		}
	}
	return n
}

// near looks at each stretch of slop+1 words for all that are wanted.
func (t *truth) near(field, text string, slop int) bool {
	want := analyze(langKey(t.a.Lang), text)
	if len(want) == 0 {
		return true
	}
	if len(want) == 1 {
		return t.row(field, text, false)
	}
	slop = max(slop, len(want)-1)
	for _, p := range t.in(field) {
		for i := range p {
			left := map[string]int{}
			for _, x := range p[i:min(len(p), i+slop+1)] {
				left[x.stem]++
			}
			if !slices.ContainsFunc(want, func(x token) bool { left[x.stem]--; return left[x.stem] < 0 }) {
				return true
			}
		}
	}
	return false
}

// base gives what a query matches but for its filters.
func (w *world) base(q dateline.Query) []*truth {
	var out []*truth
	root := w.expanded(q.Root)
	for _, t := range w.arts {
		ok := w.matches(t, root)
		for f, vs := range q.Excludes {
			ok = ok && !(len(vs) > 0 && w.has(t, f, vs))
		}
		if !q.From.IsZero() || !q.To.IsZero() {
			ok = ok && within(t.a.Published, q.From, q.To)
		}
		if ok {
			out = append(out, t)
		}
	}
	return out
}

// filter applies the filters but the one on the field skip.
func (w *world) filter(base []*truth, q dateline.Query, skip string) []*truth {
	var out []*truth
	for _, t := range base {
		ok := true
		for f, vs := range q.Filters {
			ok = ok && (f == skip || len(vs) == 0 || w.has(t, f, vs))
		}
		if ok {
			out = append(out, t)
		}
	}
	return out
}

// byTime orders articles, those without a date last, and equal ones by id.
func byTime(a, b *truth, newest bool) int {
	p, q := a.a.Published, b.a.Published
	if p.IsZero() != q.IsZero() {
		if p.IsZero() {
			return 1
		}
		return -1
	}
	c := p.Compare(q)
	if newest {
		c = -c
	}
	return cmp.Or(c, strings.Compare(a.a.ID, b.a.ID))
}

// hitsOf gives one article for each group of copies if they are collapsed.
func hitsOf(found []*truth, q dateline.Query) []*truth {
	if q.Copies != dateline.CopiesCollapse {
		return found
	}
	first := map[int]*truth{}
	for _, t := range found {
		if f := first[t.group]; f == nil || byTime(t, f, false) < 0 {
			first[t.group] = t
		}
	}
	var out []*truth
	for _, t := range found {
		if first[t.group] == t {
			out = append(out, t)
		}
	}
	return out
}

func orderOf(q dateline.Query) string {
	switch {
	case q.Sort != "":
		return q.Sort
	case q.Root != nil:
		return dateline.SortRelevance
	}
	return dateline.SortNewest
}

// check says in what an answer is wrong; hits are those of all pages if
// complete, else of the first.
func (w *world) check(q dateline.Query, r *dateline.Results, hits []dateline.Hit, complete bool) error {
	base := w.base(q)
	found := w.filter(base, q, "")
	want := hitsOf(found, q)
	if r.Total != len(want) {
		return fmt.Errorf("total %d, want %d", r.Total, len(want))
	}
	undated := 0
	for _, t := range want {
		if t.a.Published.IsZero() {
			undated++
		}
	}
	if r.Undated != undated {
		return fmt.Errorf("undated %d, want %d", r.Undated, undated)
	}
	if err := w.checkFacets(q, r, base); err != nil {
		return err
	}
	if err := w.checkSome(q, r, found); err != nil {
		return err
	}
	if err := w.checkMeant(q, r); err != nil {
		return err
	}
	if err := checkTimeline(q.Interval, q.Zone, r.Timeline, want); err != nil {
		return err
	}
	n := len(want)
	if !complete {
		n = min(n, q.Limit)
	}
	if len(hits) != n {
		return fmt.Errorf("%d hits, want %d", len(hits), n)
	}
	if !complete && (r.Next != "") != (q.Limit > 0 && len(want) > q.Limit) {
		return fmt.Errorf("next is %q after %d of %d", r.Next, len(hits), len(want))
	}
	order := orderOf(q)
	if order != dateline.SortRelevance {
		slices.SortFunc(want, func(a, b *truth) int { return byTime(a, b, order == dateline.SortNewest) })
	}
	byID := map[string]*truth{}
	for _, t := range want {
		byID[t.a.ID] = t
	}
	for i, h := range hits {
		t := byID[h.Article.ID]
		if t == nil {
			return fmt.Errorf("hit %d, %s, does not match or comes twice", i, h.Article.ID)
		}
		delete(byID, h.Article.ID)
		if order != dateline.SortRelevance && want[i] != t {
			return fmt.Errorf("hit %d is %s, want %s", i, h.Article.ID, want[i].a.ID)
		}
		if err := w.checkHit(q, h, t, found); err != nil {
			return fmt.Errorf("hit %d, %s: %w", i, h.Article.ID, err)
		}
	}
	if order == dateline.SortRelevance {
		if err := inOrder(hits); err != nil || len(hits) == 0 {
			return err
		}
		return w.checkScores(q, hits, hitsOf(found, q))
	}
	return nil
}

func inOrder(hits []dateline.Hit) error {
	for i, h := range hits[min(1, len(hits)):] {
		if b := hits[i]; b.Score < h.Score || b.Score == h.Score && b.Article.ID >= h.Article.ID {
			return fmt.Errorf("hit %d has score %v and id %s, the next %v and %s", i, b.Score, b.Article.ID, h.Score, h.Article.ID)
		}
	}
	return nil
}

func (w *world) checkHit(q dateline.Query, h dateline.Hit, t *truth, found []*truth) error {
	members, inSet, origin := 0, 0, t
	for _, u := range w.arts {
		if u.group == t.group {
			members++
			if byTime(u, origin, false) < 0 {
				origin = u
			}
		}
	}
	for _, u := range found {
		if u.group == t.group {
			inSet++
		}
	}
	if members == 1 {
		if h.Copies != nil {
			return fmt.Errorf("copies %+v, want none", *h.Copies)
		}
	} else {
		n := members
		if q.Copies == dateline.CopiesCollapse {
			n = inSet
		}
		if c := (dateline.Copies{ID: origin.a.ID, Count: n, Origin: origin == t}); h.Copies == nil || *h.Copies != c {
			return fmt.Errorf("copies %+v, want %+v", h.Copies, c)
		}
	}
	plain := html.UnescapeString(strings.NewReplacer("<mark>", "", "</mark>", "").Replace(h.TitleHTML))
	if plain != t.a.Title || h.Article.Title != t.a.Title || h.Article.Body != t.a.Body {
		return fmt.Errorf("title %q, marked %q, want %q", h.Article.Title, h.TitleHTML, t.a.Title)
	}
	return nil
}

// unit is a kind of bucket, and tells whether a stretch of time is one.
type unit struct {
	name  string
	width time.Duration
	ok    func(from, to time.Time) bool
}

var units = []unit{
	{"hour", time.Hour, func(f, t time.Time) bool { return f.Minute() == 0 && t.Sub(f) == time.Hour }},
	{"day", 24 * time.Hour, func(f, t time.Time) bool { return f.Hour() == 0 && t.Sub(f) == 24*time.Hour }},
	{"week", 7 * 24 * time.Hour, func(f, t time.Time) bool { return f.Weekday() == time.Monday && t.Sub(f) == 7*24*time.Hour }},
	{"month", 30 * 24 * time.Hour, func(f, t time.Time) bool { return f.Day() == 1 && t.Equal(f.AddDate(0, 1, 0)) }},
	{"year", 365 * 24 * time.Hour, func(f, t time.Time) bool { return f.YearDay() == 1 && t.Equal(f.AddDate(1, 0, 0)) }},
}

func checkTimeline(interval string, zone *time.Location, got []dateline.Bucket, want []*truth) error {
	var times []time.Time
	for _, t := range want {
		if !t.a.Published.IsZero() {
			times = append(times, t.a.Published)
		}
	}
	if interval == "" || len(times) == 0 {
		if len(got) > 0 {
			return fmt.Errorf("a timeline of %d, want none", len(got))
		}
		return nil
	}
	slices.SortFunc(times, time.Time.Compare)
	span := times[len(times)-1].Sub(times[0])
	least := max(0, slices.IndexFunc(units, func(u unit) bool { return u.name == interval }))
	most := 998
	if interval == "auto" {
		most = 40
	}
	for least < 4 && span > time.Duration(most)*units[least].width {
		least++
	}
	if len(got) == 0 || len(got) > 1000 {
		return fmt.Errorf("%d buckets", len(got))
	}
	for i, b := range got {
		if zone != nil {
			if err := wholeUnit(b.From.In(zone), b.To.In(zone), units[least].name); err != nil {
				return err
			}
		} else if !units[least].ok(b.From.UTC(), b.To.UTC()) || b.From.Minute() != 0 || b.From.Second() != 0 {
			return fmt.Errorf("bucket %v to %v, want a whole %s", b.From, b.To, units[least].name)
		}
		if i > 0 && !got[i-1].To.Equal(b.From) {
			return fmt.Errorf("a gap before %v", b.From)
		}
		n := 0
		for _, t := range times {
			if within(t, b.From, b.To) {
				n++
			}
		}
		if n != b.Count {
			return fmt.Errorf("bucket %v: %d, want %d", b.From, b.Count, n)
		}
	}
	if first, last := got[0], got[len(got)-1]; first.Count == 0 || last.Count == 0 {
		return fmt.Errorf("an empty bucket at an end of the timeline")
	}
	return nil
}
