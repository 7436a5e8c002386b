package indexer

import (
	"context"
	"flag"
	"fmt"
	"math/rand"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"dateline"
)

var (
	exactCases = flag.Int("exact.cases", 1000, "random searches that TestExact compares with brute force")
	exactSeed  = flag.Int64("exact.seed", 0, "try only this seed")
)

// cast are the entities of the random articles.
var cast = []dateline.Entity{
	{ID: "alibaba-group", Name: "Alibaba Group", Type: dateline.Organization, Aliases: []string{"Alibaba", "阿里巴巴", "BABA"}},
	{ID: "peoples-liberation-army", Name: "People's Liberation Army", Type: dateline.Organization, Aliases: []string{"PLA", "解放军"}},
	{ID: "jack-ma", Name: "Jack Ma", Type: dateline.Person, Aliases: []string{"马云"}},
	{ID: "dennis-wilder", Name: "Dennis Wilder", Type: dateline.Person},
	{ID: "beijing", Name: "Beijing", Type: dateline.Place, Aliases: []string{"Peking", "北京"}},
	{ID: "washington", Name: "Washington", Type: dateline.Place},
}

var exactWords = strings.Fields(`memo memos alibaba Alibaba army armies report reported reporting denies denied claims exploit exploits zero-day day days
	house White café naïve run running runs CVE-2025-1234 5G AT&T U.S. Häuser Haus straße l'armée armées PLA BABA Beijing Peking Washington
	解放军 阿里巴巴 北京 备忘录 马云 アリババ люди армии ١٢٣ <b> & cyber cyberattack cyberattacks the of und des и
	US us U.K. wifi Wi-Fi wi fi F-35 F35 C++ C C# e-mails email emails`)

var exactLangs = []string{"en", "en", "en", "de", "fr", "zh", "ru", "sv", "es-MX", ""}

// maker makes random articles and searches.
type maker struct {
	*rand.Rand
	wires   [][]string
	wide    bool // dates far apart
	n       int  // articles made
	version int
}

func newMaker(seed int64) *maker {
	m := &maker{Rand: rand.New(rand.NewSource(seed))}
	for range 4 {
		m.wires = append(m.wires, invented(m.Int63(), 120))
	}
	m.wide = m.Intn(3) == 0
	return m
}

func pick[T any](m *maker, l []T) T { return l[m.Intn(len(l))] }

func (m *maker) words(n int) string {
	var out []string
	for range n {
		out = append(out, pick(m, exactWords))
	}
	return strings.Join(out, " ")
}

func (m *maker) time() time.Time {
	t := time.Date(2025, 11, 1+m.Intn(20), m.Intn(24), 0, 0, 0, time.UTC)
	switch m.Intn(12) {
	case 0:
		return time.Time{}
	case 1:
		return time.Date(2025, 11, 3, 0, 0, 0, 0, time.UTC) // a Monday; many are of one second
	case 2:
		return t.Add(-time.Second)
	case 3:
		if m.wide {
			return t.AddDate(-m.Intn(60), m.Intn(12), 0)
		}
	}
	return t.Add(time.Duration(m.Intn(3600)) * time.Second)
}

// article makes one, or changes the text of the one that has this number.
func (m *maker) article(n int) *dateline.Article {
	m.version++
	o := m.Intn(8)
	u := fmt.Sprintf("https://o%d.example/%d", n%8, n)
	a := &dateline.Article{
		ID: dateline.ArticleID(u), URL: u, Lang: pick(m, exactLangs), Published: m.time(),
		Outlet: dateline.Outlet{ID: fmt.Sprintf("o%d.example", o), Name: fmt.Sprintf("Outlet %d", o)},
		Title:  fmt.Sprintf("%s v%d", m.words(1+m.Intn(5)), m.version),
		Type:   pick(m, []string{"", "news", "live"}), Section: pick(m, []string{"", "World", "Business & Tech"}),
	}
	for range m.Intn(3) {
		a.Authors = append(a.Authors, fmt.Sprintf("Author %c", 'A'+m.Intn(5)))
	}
	if m.Intn(3) == 0 {
		a.Summary = m.words(m.Intn(8))
	}
	if m.Intn(3) == 0 { // the text of an agency
		w := pick(m, m.wires)
		a.Body = m.words(m.Intn(5)) + " " + strings.Join(w, " ") + " " + m.words(m.Intn(5))
		return a
	}
	a.Body = m.words(m.Intn(25))
	for _, e := range cast {
		switch m.Intn(8) {
		case 0:
			a.Body += fmt.Sprintf("\n\n\"%s\" said %s. ", m.words(3), e.Name)
		case 1:
			a.Body += " " + pick(m, append([]string{e.Name}, e.Aliases...))
		}
	}
	return a
}

// mistyped changes a letter of one word in five.
func (m *maker) mistyped(word string) string {
	r := []rune(word)
	if len(r) == 0 || m.Intn(5) > 0 {
		return word
	}
	switch i := m.Intn(len(r)); m.Intn(3) {
	case 0:
		r[i] = 'x'
	case 1:
		r = slices.Insert(r, i, 'e')
	default:
		j := m.Intn(len(r))
		r[i], r[j] = r[j], r[i]
	}
	return string(r)
}

func (m *maker) field() string { return pick(m, []string{"", "", "", "title"}) }

// text gives words that stand together somewhere, or any words.
func (m *maker) text(w *world, n int) string {
	if len(w.arts) > 0 && m.Intn(4) > 0 {
		t := pick(m, w.arts)
		s := pick(m, []string{t.a.Title, t.a.Body, t.a.Body, t.a.Summary})
		if f := strings.Fields(s); len(f) > n {
			k := m.Intn(len(f) - n)
			return strings.Join(f[k:k+n], " ")
		}
	}
	return m.words(n)
}

// value gives an id, a name or an alias of a field, in any case.
func (m *maker) value(w *world, f string) string {
	if m.Intn(12) == 0 || len(w.arts) == 0 {
		return "nobody-has-this"
	}
	for range 20 {
		for id, name := range pick(m, w.arts).vals[f] {
			switch l := w.aliases[id]; m.Intn(4) {
			case 0:
				return name
			case 1:
				return strings.ToUpper(name)
			case 2:
				if len(l) > 0 {
					return pick(m, l)
				}
			}
			return id
		}
	}
	return "none"
}

// row gives words side by side, most of which stand near each other somewhere.
func (m *maker) row(w *world) dateline.Node {
	var l []dateline.Node
	for _, f := range strings.Fields(m.text(w, 2+m.Intn(6))) {
		if m.Intn(4) > 0 || len(l) < 2 {
			l = append(l, &dateline.Term{Text: f})
		}
	}
	for len(l) < 2 || m.Intn(3) == 0 {
		l = append(l, &dateline.Term{Text: m.words(1)})
	}
	if m.Intn(4) == 0 {
		return &dateline.And{Nodes: l}
	}
	return &dateline.Or{Nodes: l}
}

func (m *maker) node(w *world, depth int) dateline.Node {
	if depth > 0 && m.Intn(4) == 0 {
		return m.row(w)
	}
	if depth > 0 && m.Intn(3) > 0 {
		var l []dateline.Node
		for range 2 + m.Intn(2) {
			l = append(l, m.node(w, depth-1))
		}
		switch m.Intn(5) {
		case 0, 1:
			return &dateline.And{Nodes: l}
		case 2, 3:
			return &dateline.Or{Nodes: l}
		}
		return &dateline.Not{Node: l[0]}
	}
	switch m.Intn(9) {
	case 0, 1:
		return &dateline.Term{Field: m.field(), Text: m.text(w, 1)}
	case 2:
		return &dateline.Phrase{Field: m.field(), Text: m.text(w, 2+m.Intn(2))}
	case 3:
		if f := strings.Fields(m.text(w, 2+m.Intn(6))); m.Intn(2) == 0 { // ends of a stretch, just near enough or not
			return &dateline.Phrase{Field: m.field(), Text: f[len(f)-1] + " " + f[0], Slop: max(1, len(f)-2+m.Intn(2))}
		}
		return &dateline.Phrase{Field: m.field(), Text: m.text(w, 1) + " " + m.text(w, 1+m.Intn(2)), Slop: 1 + m.Intn(8)}
	case 4, 5:
		r := []rune(m.text(w, 1))
		p := &dateline.Prefix{Field: m.field(), Text: string(r[:1+m.Intn(len(r))])}
		if m.Intn(4) == 0 {
			r = []rune(m.text(w, 2))
			p.Text = string(r[:max(1, len(r)-m.Intn(3))])
		}
		return p
	case 6:
		from := m.time()
		to := m.time()
		if from.After(to) && !to.IsZero() {
			from, to = to, from
		}
		return &dateline.DateRange{From: from, To: to}
	}
	f := pick(m, fields)
	return &dateline.FieldTerm{Field: f, Value: m.value(w, f)}
}

func (m *maker) query(w *world) dateline.Query {
	q := dateline.Query{
		Limit: m.Intn(10), FacetSize: pick(m, []int{0, 1, 2, 3, 1000}), Filters: map[string][]string{}, Excludes: map[string][]string{},
		Sort: pick(m, []string{"", "relevance", "newest", "oldest"}), Copies: pick(m, []string{"", "show", "collapse"}),
		Interval: pick(m, []string{"", "auto", "hour", "day", "week", "month", "year"}), Zone: pick(m, testZones),
	}
	if m.Intn(6) > 0 {
		q.Root = m.node(w, 2)
		if m.Intn(3) == 0 { // words as people type them
			a := &dateline.And{}
			for range 2 + m.Intn(4) {
				a.Nodes = append(a.Nodes, &dateline.Term{Text: m.mistyped(m.text(w, 1))})
			}
			if m.Intn(3) == 0 {
				a.Nodes = append(a.Nodes, q.Root)
			}
			q.Root = a
		}
		q.Text = dateline.FormatNode(q.Root)
	}
	q.SomeWords = m.Intn(3) > 0
	for _, f := range filterFields {
		if m.Intn(3) == 0 {
			q.Facets = append(q.Facets, f)
		}
		if v := []rune(m.value(w, f)); m.Intn(60) == 0 {
			q.FacetPrefix = string(v[:min(len(v), 1+m.Intn(4))])
		}
		for range 1 + m.Intn(3) {
			switch m.Intn(40) {
			case 0, 1, 2, 3:
				q.Filters[f] = append(q.Filters[f], m.value(w, f))
			case 4:
				q.Excludes[f] = append(q.Excludes[f], m.value(w, f))
			}
		}
	}
	switch m.Intn(6) {
	case 0:
		q.From = m.time()
	case 1:
		q.To = m.time().Add(time.Millisecond)
	case 2:
		q.From = m.time().In(time.FixedZone("", 3*3600))
		q.To = q.From.AddDate(0, 0, m.Intn(9))
	}
	return q
}

func show(q dateline.Query) string {
	return fmt.Sprintf("%s filters %q excludes %q from %s to %s sort %q copies %q interval %q facets %v of %d, %q, limit %d",
		dateline.FormatNode(q.Root), q.Filters, q.Excludes, q.From, q.To, q.Sort, q.Copies, q.Interval, q.Facets, q.FacetSize, q.FacetPrefix, q.Limit)
}

// follow reads all pages.
func follow(ctx context.Context, x *Index, q dateline.Query) (first *dateline.Results, hits []dateline.Hit, err error) {
	for {
		r, err := x.Search(ctx, q)
		if err != nil {
			return nil, nil, err
		}
		if first == nil {
			first = r
		}
		hits = append(hits, r.Hits...)
		if q.Cursor = r.Next; r.Next == "" {
			return first, hits, nil
		}
	}
}

// compareOnce asks the index and the world one random question.
func (m *maker) compareOnce(ctx context.Context, x *Index, w *world) error {
	q := m.query(w)
	complete := q.Limit > 0 && m.Intn(4) == 0
	var r *dateline.Results
	var hits []dateline.Hit
	var err error
	if complete {
		r, hits, err = follow(ctx, x, q)
	} else if r, err = x.Search(ctx, q); err == nil {
		hits = r.Hits
	}
	if err == nil {
		err = w.check(q, r, hits, complete)
	}
	if err != nil {
		return fmt.Errorf("%w\nquery: %s\nin %d articles", err, show(q), len(w.arts))
	}
	return nil
}

func openExact(tb testing.TB, dir string) *Index {
	tb.Helper()
	x, err := Open(dir, Options{Recognizer: fakeRec{cast}, Stories: []dateline.Story{{ID: "memo", Title: storyTitle, About: "memo"}}, KeepAll: true})
	if err != nil {
		tb.Fatal(err)
	}
	x.window = exactWindow
	x.pruneFrom = 1
	tb.Cleanup(func() { x.Close() })
	return x
}

// library is what was written: the newest text of each article.
type library struct {
	numbers []int // of those not deleted
	text    map[string]*dateline.Article
}

// write makes a random change and gives it: what comes new or with another
// text, and the id that goes.
func (l *library) write(m *maker) (put []*dateline.Article, remove string) {
	switch m.Intn(4) {
	case 0:
		if len(l.numbers) > 0 {
			k := m.Intn(len(l.numbers))
			id := m.article(l.numbers[k]).ID
			l.numbers = slices.Delete(l.numbers, k, k+1)
			delete(l.text, id)
			return nil, id
		}
	case 1, 2:
		for range 1 + m.Intn(4) {
			if len(l.numbers) > 0 {
				put = append(put, m.article(pick(m, l.numbers)))
			}
		}
	}
	for len(put) == 0 || m.Intn(2) == 0 {
		put = append(put, m.article(m.n))
		l.numbers = append(l.numbers, m.n)
		m.n++
	}
	for _, a := range put {
		l.text[a.ID] = a
	}
	return put, ""
}

func apply(ctx context.Context, x *Index, put []*dateline.Article, remove string) error {
	if remove != "" {
		return x.Delete(ctx, remove)
	}
	if _, err := x.AddBatch(ctx, put, nil); err != nil {
		return err
	}
	return x.Flush(ctx)
}

// world reads what is stored, which must be what was written, and adds to it
// nothing but what the store holds.
func (l *library) world(ctx context.Context, x *Index) (*world, error) {
	var as []*dateline.Article
	err := x.Each(ctx, func(a *dateline.Article) error {
		if b := l.text[a.ID]; b == nil || a.Title != b.Title || a.Body != b.Body || a.Summary != b.Summary || !a.Published.Equal(b.Published) {
			return fmt.Errorf("%s is stored as %q, written was %v", a.ID, a.Title, b)
		}
		as = append(as, a)
		return nil
	})
	if err == nil && len(as) != len(l.text) {
		err = fmt.Errorf("%d articles are stored, %d were written", len(as), len(l.text))
	}
	w := newWorld(as, cast)
	w.index = x
	return w, err
}

// TestExact compares random searches over random articles with brute force,
// while articles come, change and go, and the index is opened again, made
// anew, thrown away and of another mapping.
func TestExact(t *testing.T) {
	cases := *exactCases
	if testing.Short() {
		cases = min(cases, 1000)
	}
	const perSeed = 1000
	seeds := []int64{*exactSeed}
	if *exactSeed == 0 {
		seeds = nil
		for s := range (cases + perSeed - 1) / perSeed {
			seeds = append(seeds, int64(s+1))
		}
	}
	for _, seed := range seeds {
		t.Run(fmt.Sprint("seed=", seed), func(t *testing.T) {
			t.Parallel()
			m := newMaker(seed)
			l := &library{text: map[string]*dateline.Article{}}
			dir := t.TempDir()
			x := openExact(t, dir)
			for m.n < 30+m.Intn(40) {
				put, remove := l.write(m)
				if err := apply(t.Context(), x, put, remove); err != nil {
					t.Fatal(err)
				}
			}
			w, err := l.world(t.Context(), x)
			for i := range perSeed {
				if err != nil {
					t.Fatalf("-exact.seed=%d, case %d: %v", seed, i, err)
				}
				if i%40 == 24 {
					for range 1 + m.Intn(3) {
						put, remove := l.write(m)
						if err := apply(t.Context(), x, put, remove); err != nil {
							t.Fatal(err)
						}
					}
					if w, err = l.world(t.Context(), x); err != nil {
						continue
					}
				}
				if i%100 == 70 {
					x = m.upset(t, x, dir, (i/100+int(seed))%5)
					w.index = x
				}
				err = m.compareOnce(t.Context(), x, w)
			}
			if err != nil {
				t.Fatalf("-exact.seed=%d, last case: %v", seed, err)
			}
		})
	}
}

// upset does to the index what must not change an answer.
func (m *maker) upset(t *testing.T, x *Index, dir string, how int) *Index {
	t.Helper()
	if how == 0 {
		if err := x.Reindex(t.Context()); err != nil {
			t.Fatal(err)
		}
		return x
	}
	if how == 1 {
		if err := x.gen.bl.SetInternal([]byte(mappingKey), []byte("another")); err != nil {
			t.Fatal(err)
		}
	}
	if err := x.Close(); err != nil {
		t.Fatal(err)
	}
	if how == 2 {
		if err := os.RemoveAll(filepath.Join(dir, "index")); err != nil {
			t.Fatal(err)
		}
	}
	if how == 3 { // a crash between the store and the index
		cut, err := filepath.Glob(filepath.Join(dir, "index", "gen-*", "docs"))
		if err != nil || len(cut) != 1 {
			t.Fatal(cut, err)
		}
		f, err := os.Stat(cut[0])
		if err != nil {
			t.Fatal(err)
		}
		if err := os.Truncate(cut[0], f.Size()-1-int64(m.Intn(100))); err != nil {
			t.Fatal(err)
		}
	}
	return openExact(t, dir)
}
