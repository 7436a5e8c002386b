package indexer

import (
	"context"
	"fmt"
	"math/rand"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"dateline"
)

// suggestions writes them short: kind:text.
func suggestions(t *testing.T, x *Index, q string, limit int) []string {
	t.Helper()
	l, err := x.Suggest(t.Context(), q, limit)
	if err != nil {
		t.Fatal(q, err)
	}
	var out []string
	for _, s := range l {
		out = append(out, s.Kind+":"+s.Text)
	}
	return out
}

func TestSuggest(t *testing.T) {
	dir := t.TempDir()
	x := open(t, dir)
	as := []*dateline.Article{
		art(0, "Alibaba denies the memo", "Jack Ma in Beijing"),
		art(1, "What the memo says", "Alibaba and the People's Liberation Army"),
		art(2, "Übermut am Fluß", "Beijing"),
		art(3, "What the Memo says", "a reprint in Beijing"),
		art(4, "解放军否认", "解放军"),
		art(5, "Memory lane", "nobody"),
		art(6, "Memo & <b>", "nobody"),
		func() *dateline.Article { // a name one letter from memo
			a := art(7, "Rain", "nobody")
			a.Given = []dateline.Entity{{Name: "Nemo Quill", Type: dateline.Person}}
			return a
		}(),
	}
	for i, a := range as {
		a.Published = time.Date(2025, 11, 1+i, 0, 0, 0, 0, time.UTC)
	}
	add(t, x, as...)
	check := func(when string) {
		t.Helper()
		for q, want := range map[string]string{
			"ali":              "entity:Alibaba Group|article:Alibaba denies the memo",
			"alibab group":     "entity:Alibaba Group",
			"aliabba":          "entity:Alibaba Group|article:Alibaba denies the memo", // swapped, not yet ended
			"blibaba":          "entity:Alibaba Group|article:Alibaba denies the memo",
			"alxb":             "entity:Alibaba Group|article:Alibaba denies the memo", // one in four
			"alx":              "",
			"alxbx":            "",                                // two in five
			"liberatoin armz":  "entity:People's Liberation Army", // two in the first word, one in the second
			"beijjing":         "entity:Beijing",
			"马云":               "entity:Jack Ma",
			"memo":             "entity:Nemo Quill|article:Memo & <b>|article:Memory lane|article:What the Memo says|article:Alibaba denies the memo", // there is room for one that is nearly so
			"memo says":        "article:What the Memo says",
			"meno sayz":        "article:What the Memo says",
			"memor":            "article:Memory lane|article:Memo & <b>|article:What the Memo says|article:Alibaba denies the memo", // the word itself, then nearly
			"what mem":         "article:What the Memo says",
			"ubermut":          "article:Übermut am Fluß",
			"fluss":            "article:Übermut am Fluß",
			"flus":             "article:Übermut am Fluß",
			"解放":               "entity:People's Liberation Army|article:解放军否认",
			"nothing like it":  "",
			"":                 "",
			"   ":              "",
			"denies alibaba m": "article:Alibaba denies the memo",
		} {
			if got := strings.Join(suggestions(t, x, q, 10), "|"); got != want {
				t.Errorf("%s: %s:\n got %s\nwant %s", when, q, got, want)
			}
		}
	}
	check("added")
	l, err := x.Suggest(t.Context(), "memo", 3)
	if err != nil || len(l) != 3 || l[0].TextHTML != "<mark>Memo</mark> &amp; &lt;b&gt;" || l[0].URL != as[6].URL || l[0].ID != as[6].ID {
		t.Errorf("%+v, %v", l, err)
	}
	l, err = x.Suggest(t.Context(), "alibabb", 3)
	if err != nil || l[0].TextHTML != "<mark>Alibaba</mark> Group" || l[0].Count != 2 {
		t.Errorf("%+v, %v", l, err)
	}
	l, err = x.Suggest(t.Context(), "memor", 3)
	if err != nil || l[0].TextHTML != "<mark>Memor</mark>y lane" || l[1].TextHTML != "<mark>Memo</mark> &amp; &lt;b&gt;" {
		t.Errorf("%+v, %v", l, err)
	}
	if got := markWords("Memory of a memo", analyze(otherLang, "memor")); got != "<mark>Memor</mark>y of a memo" {
		t.Errorf("%s: the word itself is there, and one like it is marked", got)
	}
	if got := suggestions(t, x, "memo", 4); strings.Contains(strings.Join(got, ""), "entity") {
		t.Errorf("%q: a name that is nearly so before headlines that are so", got)
	}
	if err := x.Close(); err != nil {
		t.Fatal(err)
	}
	x = open(t, dir)
	check("opened again")
	if err := x.Reindex(t.Context()); err != nil {
		t.Fatal(err)
	}
	check("reindexed")

	edited := art(1, "Nothing to see", "here")
	add(t, x, edited)
	if err := x.Delete(t.Context(), as[3].ID); err != nil {
		t.Fatal(err)
	}
	if got := suggestions(t, x, "what", 10); len(got) > 0 {
		t.Errorf("%q are suggested, which no article has now", got)
	}
	if got := suggestions(t, x, "liberation", 10); !slices.Equal(got, []string{"entity:People's Liberation Army"}) {
		t.Error(got)
	}
	if l, err := x.Suggest(t.Context(), "beij", 10); err != nil || len(l) != 1 || l[0].Count != 2 {
		t.Errorf("%+v, %v: want the two articles that are left", l, err)
	}
}

// TestSuggestWhileWriting suggests, and searches what is mistyped, while
// articles come, change and go. What is suggested is there.
func TestSuggestWhileWriting(t *testing.T) {
	x := open(t, t.TempDir())
	add(t, x, art(0, "Alibaba memo", "The whistleblower stays."))
	ctx, stop := context.WithCancel(t.Context())
	var wg sync.WaitGroup
	wg.Go(func() {
		for i := 0; ctx.Err() == nil; i++ {
			a := art(1+i%20, fmt.Sprintf("Alibaba headline%c", 'a'+i%26), fmt.Sprintf("Jack Ma and word%c%c", 'a'+i%26, 'a'+i/26%26))
			if _, err := x.AddBatch(t.Context(), []*dateline.Article{a}, nil); err != nil {
				t.Error(err)
			}
			if err := x.Flush(t.Context()); err != nil {
				t.Error(err)
			}
			if i%5 == 4 {
				if err := x.Delete(t.Context(), a.ID); err != nil {
					t.Error(err)
				}
			}
			if i%40 == 39 {
				if err := x.Reindex(t.Context()); err != nil {
					t.Error(err)
				}
			}
		}
	})
	for range 300 {
		for _, q := range []string{"ali", "alibba mem", "jakc"} {
			l, err := x.Suggest(t.Context(), q, 8)
			if err != nil || q != "jakc" && len(l) == 0 {
				t.Fatal(q, l, err)
			}
			for _, s := range l {
				if s.Text == "" || s.Kind == "article" && s.URL == "" || s.Kind == "entity" && s.Count == 0 {
					t.Fatalf("%s: %+v", q, s)
				}
			}
		}
		q := dateline.Query{Text: "wistleblower stays", Limit: 5, SomeWords: true}
		q.Root = &dateline.And{Nodes: []dateline.Node{&dateline.Term{Text: "wistleblower"}, &dateline.Term{Text: "stays"}}}
		r, err := x.Search(t.Context(), q)
		if err != nil || r.DidYouMean != "whistleblower stays" || r.SomeWords == nil || r.SomeWords.Total != 1 {
			t.Fatalf("%+v, %v", r, err)
		}
	}
	stop()
	wg.Wait()
}

// room is an index of invented articles for benchmarks.
type room struct {
	x      *Index
	r      *rand.Rand
	titles []string
	person func() dateline.Entity // one of many, some much more often
}

func newRoom(b *testing.B, articles int) *room {
	b.Helper()
	r := rand.New(rand.NewSource(1))
	words := make([]string, 40_000)
	for i := range words {
		for range 2 + r.Intn(4) {
			words[i] += syllables[r.Intn(len(syllables))]
		}
	}
	z := rand.NewZipf(r, 1.1, 8, uint64(len(words)-1))
	text := func(n int) string {
		l := make([]string, n)
		for i := range l {
			l[i] = words[z.Uint64()]
		}
		return strings.Join(l, " ")
	}
	x, err := Open(b.TempDir(), Options{KeepAll: true})
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { x.Close() })
	people := make([]dateline.Entity, 20_000)
	for i := range people {
		people[i] = dateline.Entity{Name: text(2), Type: dateline.Person}
	}
	whom := rand.NewZipf(r, 1.1, 20, uint64(len(people)-1))
	m := &room{x: x, r: r, person: func() dateline.Entity { return people[whom.Uint64()] }}
	for len(m.titles) < articles {
		var batch []*dateline.Article
		for range 2000 {
			a := art(len(m.titles), text(9), text(20))
			a.Published = time.Date(2025, 11, 1, 0, len(m.titles), 0, 0, time.UTC)
			for range 4 {
				a.Given = append(a.Given, m.person())
			}
			batch = append(batch, a)
			m.titles = append(m.titles, a.Title)
		}
		if _, err := x.AddBatch(b.Context(), batch, nil); err != nil {
			b.Fatal(err)
		}
	}
	if err := x.Flush(b.Context()); err != nil {
		b.Fatal(err)
	}
	return m
}

// slip changes a letter of the first word.
func (m *room) slip(q string) string {
	if len(q) < 6 {
		return q
	}
	k := 1 + m.r.Intn(4)
	return q[:k] + "x" + q[k+1:]
}

// words gives n words of a title.
func (m *room) words(n int) string {
	f := strings.Fields(m.titles[m.r.Intn(len(m.titles))])
	return strings.Join(f[:n], " ")
}

// BenchmarkSuggest types queries letter by letter into a box over 100,000
// articles, and reports the 95th percentile of the time that one answer takes.
func BenchmarkSuggest(b *testing.B) {
	m := newRoom(b, 100_000)
	var typed []string
	for i := range 200 {
		q := m.person().Name
		if i%2 == 0 {
			q = m.words(1 + m.r.Intn(3))
		}
		if i%3 == 0 {
			q = m.slip(q)
		}
		for n := 1; n <= min(len(q), 14); n++ {
			typed = append(typed, q[:n])
		}
	}
	var took []time.Duration
	n := 0
	b.ResetTimer()
	for i := 0; b.Loop(); i++ {
		began := time.Now()
		l, err := m.x.Suggest(b.Context(), typed[i*7919%len(typed)], 8)
		if err != nil {
			b.Fatal(err)
		}
		took = append(took, time.Since(began))
		n += len(l)
	}
	slices.Sort(took)
	b.ReportMetric(float64(took[len(took)*95/100].Microseconds())/1000, "p95-ms")
	b.ReportMetric(float64(n)/float64(len(took)), "lines")
	g := m.x.current()
	var lists int
	for _, l := range []*wordLists{&g.titles.words, &g.names.words} {
		for _, e := range l.lists {
			lists += cap(e.b) + 32
		}
	}
	b.ReportMetric(float64(lists)/(1<<20), "MiB-lists")
}

// BenchmarkFewHits asks for three words of a title, one mistyped: nothing has
// them, so other queries are tried and articles with some of them are given.
func BenchmarkFewHits(b *testing.B) {
	m := newRoom(b, 100_000)
	var queries []dateline.Query
	for range 200 {
		q := dateline.Query{Text: m.slip(m.words(3)), Limit: 10, SomeWords: true}
		var err error
		if q.Root, err = dateline.ParseQuery(q.Text); err != nil {
			b.Fatal(err)
		}
		queries = append(queries, q)
	}
	helped := 0
	b.ResetTimer()
	for i := 0; b.Loop(); i++ {
		r, err := m.x.Search(b.Context(), queries[i%len(queries)])
		if err != nil {
			b.Fatal(err)
		}
		if r.DidYouMean != "" && r.SomeWords != nil {
			helped++
		}
	}
	b.ReportMetric(float64(helped)/float64(b.N), "helped")
}
