package indexer

import (
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"maps"
	"math/rand/v2"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"dateline"
)

// markedRec finds what a text marks: {p:Lee=Ann Lee} is a person who stands as
// Lee and is called Ann Lee in this article, o an organization, l a place.
type markedRec struct{ fakeRec }

var nameMarks = regexp.MustCompile(`\{([pol]):([^=}]*)=([^}]*)\}`)

func (r markedRec) Recognize(title, body, _ string) []dateline.Mention {
	var out []dateline.Mention
	for i, text := range []string{title, body} {
		for _, m := range nameMarks.FindAllStringSubmatchIndex(text, -1) {
			name := text[m[6]:m[7]]
			e := dateline.Entity{ID: dateline.Slug(name), Name: name, Type: map[byte]dateline.EntityType{'p': dateline.Person, 'o': dateline.Organization, 'l': dateline.Place}[text[m[2]]]}
			if k, ok := r.Lookup(name, e.Type); ok {
				e = k
			}
			out = append(out, dateline.Mention{Start: m[4], End: m[5], Type: e.Type, Text: text[m[4]:m[5]], Name: e.Name, EntityID: e.ID, InTitle: i == 0})
		}
	}
	return out
}

var markedKnown = markedRec{fakeRec{[]dateline.Entity{
	{ID: "alibaba-group", Name: "Alibaba Group", Type: dateline.Organization, Aliases: []string{"Alibaba", "BABA"}},
	{ID: "washington", Name: "Washington", Type: dateline.Place, Aliases: []string{"DC"}},
	{ID: "xi-jinping", Name: "Xi Jinping", Type: dateline.Person, Aliases: []string{"Xi"}},
}}}

// markedNames are what the random articles name. Of some the surname, the
// acronym, capitals or another spelling stands alone.
var markedNames = strings.Split(`{p:Kevin Rudd=Kevin Rudd}|{p:Rudd=Kevin Rudd}|{p:Rudd=Rudd}|{p:RUDD=Rudd}|{p:Ann Rudd=Ann Rudd}|{p:Dennis Wilder=Dennis Wilder}|{p:Dennis C. Wilder=Dennis C. Wilder}
{p:Wilder=Wilder}|{p:Xi=Xi Jinping}|{p:Xi Jinping=Xi Jinping}|{o:Alibaba=Alibaba Group}|{o:Alibaba Group=Alibaba Group}|{o:BABA=Alibaba Group}|{l:Washington=Washington}|{l:Washington Post=Washington}
{o:Port Authority of Newham=Port Authority of Newham}|{o:PAN=Port Authority of Newham}|{o:PAN=PAN}|{o:Pan Arctic News=Pan Arctic News}|{o:Committee on Foreign Ships=Committee on Foreign Ships}|{o:CFS=CFS}
{o:ACME HOLDINGS=ACME HOLDINGS}|{o:Acme Holdings=Acme Holdings}|{o:Acme Holdings Corporation=Acme Holdings}|{o:Acme=Acme}|{l:DC=Washington}|{p:Washington=Washington}|{o:P.A.N.=P.A.N.}`, "|")

func init() {
	var out []string
	for _, n := range markedNames {
		out = append(out, strings.Split(n, "\n")...)
	}
	markedNames = out
}

func markedArticle(rng *rand.Rand, n int) *dateline.Article {
	a := art(n, fmt.Sprintf("News %d", rng.IntN(1000)), "")
	a.Published = time.Date(2025, 11, 1+rng.IntN(40), rng.IntN(24), 0, 0, 0, time.UTC)
	if rng.IntN(12) == 0 {
		a.Published = time.Time{}
	}
	if rng.IntN(3) == 0 {
		a.Title += " " + markedNames[rng.IntN(len(markedNames))]
	}
	for range 1 + rng.IntN(5) {
		name := markedNames[rng.IntN(len(markedNames))]
		switch rng.IntN(5) {
		case 0:
			a.Body += fmt.Sprintf("\n\n\"It is a new and secret thing,\" said %s.", name)
		default:
			a.Body += " They met " + name + " there."
		}
	}
	if rng.IntN(3) > 0 {
		a.Body += " The memo is here."
	}
	if rng.IntN(4) == 0 {
		a.Body += " The port is near."
	}
	if rng.IntN(6) == 0 {
		a.Given = []dateline.Entity{{Name: []string{"Rudd", "Kevin Rudd", "PAN"}[rng.IntN(3)], Type: []dateline.EntityType{dateline.Person, dateline.Person, dateline.Organization}[rng.IntN(3)]}}
	}
	return a
}

func openMarked(t *testing.T, dir string) *Index {
	t.Helper()
	x, err := Open(dir, Options{
		Recognizer: markedKnown, KeepAll: true,
		Stories: []dateline.Story{{ID: "memo", Title: "The memo", About: "memo"}, {ID: "port", Title: "The port", About: `port OR org:"Port Authority of Newham"`}},
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { x.Close() })
	return x
}

// told is all that an index tells of entities, as text.
func told(t *testing.T, x *Index) string {
	t.Helper()
	var b strings.Builder
	say := func(what string, v any, err error) {
		if err != nil {
			v = err.Error()
		}
		j, err := json.Marshal(v)
		if err != nil {
			t.Fatal(err)
		}
		fmt.Fprintf(&b, "%s %s\n", what, j)
	}
	names := map[string]bool{}
	err := x.Each(t.Context(), func(a *dateline.Article) error {
		say(a.URL, []any{a.Entities, a.Mentions, a.Quotes, a.Stories}, nil)
		for _, m := range a.Mentions {
			names[m.Text], names[m.Name], names[m.EntityID] = true, true, true
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	for _, n := range markedNames {
		m := nameMarks.FindStringSubmatch(n)
		names[m[2]], names[m[3]], names[dateline.Slug(m[3])] = true, true, true
	}
	for _, e := range markedKnown.es {
		names[e.ID], names[e.Name] = true, true
		for _, a := range e.Aliases {
			names[a] = true
		}
	}
	hits := func(r *dateline.Results) (out []string) {
		for _, h := range r.Hits {
			out = append(out, fmt.Sprintf("%s %.4f %s", h.Article.URL, h.Score, h.SnippetHTML))
		}
		return append(out, fmt.Sprint(r.Total))
	}
	for _, n := range slices.Sorted(maps.Keys(names)) {
		e, err := x.Entity(t.Context(), n)
		say("entity "+n, e, err)
		s, err := x.Suggest(t.Context(), n, 20)
		say("suggest "+n, s, err)
		for _, f := range []string{"person", "org", "place", "said"} {
			r, err := x.Search(t.Context(), dateline.Query{Root: &dateline.FieldTerm{Field: f, Value: n}, Limit: 100})
			if err != nil {
				t.Fatal(err)
			}
			say(f+":"+n, hits(r), nil)
		}
	}
	for _, q := range []dateline.Query{
		{}, {Copies: dateline.CopiesCollapse}, {Filters: map[string][]string{"person": {"rudd"}, "org": {"Acme", "PAN"}}}, {Excludes: map[string][]string{"person": {"Kevin Rudd"}}},
	} {
		q.Facets, q.FacetSize, q.Limit, q.Interval = filterFields, 1000, 100, "day"
		r, err := x.Search(t.Context(), q)
		if err != nil {
			t.Fatal(err)
		}
		say("search", []any{hits(r), r.Facets, r.Timeline}, nil)
	}
	return b.String()
}

// same compares what two indexes tell, or one at two times.
func same(t *testing.T, what, got, want string) {
	t.Helper()
	if got == want {
		return
	}
	g, w := strings.Split(got, "\n"), strings.Split(want, "\n")
	for i := range min(len(g), len(w)) {
		if g[i] != w[i] {
			t.Fatalf("%s:\ngot  %s\nwant %s", what, g[i], w[i])
		}
	}
	t.Fatalf("%s: %d lines, want %d", what, len(g), len(w))
}

// randomChange makes a change that may fit.
func randomChange(rng *rand.Rand, ids []string) dateline.EntityChange {
	id := func() string { return ids[rng.IntN(len(ids))] }
	m := nameMarks.FindStringSubmatch(markedNames[rng.IntN(len(markedNames))])
	types := []dateline.EntityType{"", "", "", "", "", dateline.Person, dateline.Organization, dateline.Place}
	c := dateline.EntityChange{Entity: id(), Type: types[rng.IntN(len(types))]}
	switch rng.IntN(8) {
	case 0:
		c.Action, c.Name = dateline.ChangeRename, m[3]+" the Great"
	case 1, 2, 3:
		c.Action, c.Into = dateline.ChangeMerge, id()
	case 4:
		c.Action = dateline.ChangeSplit
		if rng.IntN(2) == 0 {
			c.Into = id()
		}
	case 5, 6:
		c.Action, c.Alias, c.IntoType = dateline.ChangeSplit, m[2], types[rng.IntN(len(types))]
		if rng.IntN(2) == 0 {
			c.Into = id()
		} else {
			c.Name = m[2] + " Proper"
		}
	default:
		c.Action = dateline.ChangeUndo
	}
	return c
}

// tryChange does a change and tells whether it fitted; any other mistake ends
// the test.
func tryChange(t *testing.T, x *Index, c dateline.EntityChange) bool {
	t.Helper()
	_, _, err := x.ChangeEntity(t.Context(), c)
	var pe *dateline.ParamError
	var ce *dateline.ConflictError
	var ne *dateline.NotFoundError
	if err != nil && !errors.As(err, &ce) && !errors.As(err, &ne) && !errors.As(err, &pe) {
		t.Fatalf("%+v: %v", c, err)
	}
	return err == nil
}

var (
	overlaySeeds = flag.Uint64("overlay.seeds", 4, "random collections that TestEntitiesWhateverTheWay makes")
	overlayFirst = flag.Uint64("overlay.first", 0, "the seed of the first")
)

// TestEntitiesWhateverTheWay: the same articles and changes tell the same of
// entities, in whatever order articles came, with edits and deletions between,
// after a restart, after Reindex, and on another index; and changes that are
// taken back leave nothing behind.
func TestEntitiesWhateverTheWay(t *testing.T) {
	explained, changes := 0, 0
	for seed := *overlayFirst; seed < *overlayFirst+*overlaySeeds; seed++ {
		rng := rand.New(rand.NewPCG(seed, 7))
		var final []*dateline.Article
		for n := range 40 {
			final = append(final, markedArticle(rng, n))
		}
		dir := t.TempDir()
		lived, fresh := openMarked(t, dir), openMarked(t, t.TempDir())
		add(t, fresh, final...)
		for _, n := range rng.Perm(len(final)) { // a part comes edited, and others go again
			batch := []*dateline.Article{final[n]}
			switch rng.IntN(4) {
			case 0:
				add(t, lived, markedArticle(rng, n))
			case 1:
				gone := markedArticle(rng, 100+n)
				add(t, lived, gone, markedArticle(rng, n))
				if err := lived.Delete(t.Context(), gone.ID); err != nil {
					t.Fatal(err)
				}
			}
			add(t, lived, batch...)
		}
		first := told(t, fresh)
		same(t, fmt.Sprintf("seed %d: another order", seed), told(t, lived), first)
		if strings.Contains(first, `"text":"Rudd","name":"Kevin Rudd","entity_id":"kevin-rudd"`) {
			explained++
		}

		ids := []string{"kevin-rudd", "ann-rudd", "rudd", "dennis-wilder", "dennis-c-wilder", "wilder", "xi-jinping", "alibaba-group", "washington", "acme", "acme-holdings", "pan", "pan-arctic-news", "port-authority-of-newham", "cfs", "washington-post-proper", "acme-proper", "rudd-proper"}
		for range 24 {
			c := randomChange(rng, ids)
			fits := tryChange(t, lived, c)
			if fits != tryChange(t, fresh, c) {
				t.Fatalf("seed %d: %+v fits one index only", seed, c)
			}
			if !fits {
				continue
			}
			changes++
			same(t, fmt.Sprintf("seed %d: after %+v", seed, c), told(t, lived), told(t, fresh))
		}
		// More articles, then a restart after a kill, and all made anew.
		for n := range 6 {
			a := markedArticle(rng, 40+n)
			add(t, lived, a)
			add(t, fresh, a)
		}
		now := told(t, fresh)
		same(t, fmt.Sprintf("seed %d: more articles", seed), told(t, lived), now)
		killed := copyOf(t, dir)
		same(t, fmt.Sprintf("seed %d: after a kill", seed), told(t, openMarked(t, killed)), now)
		if err := os.RemoveAll(filepath.Join(killed, "index")); err != nil {
			t.Fatal(err)
		}
		if err := lived.Reindex(t.Context()); err != nil {
			t.Fatal(err)
		}
		same(t, fmt.Sprintf("seed %d: made anew", seed), told(t, lived), now)
		// All is taken back, in the order of the changes.
		for _, n := range []int{0, 1, 2, 3, 4, 5} {
			id := fmt.Sprintf("https://example.com/%d", 40+n)
			if err := lived.Delete(t.Context(), dateline.ArticleID(id)); err != nil {
				t.Fatal(err)
			}
		}
		for undone := true; undone; {
			undone = false
			for _, id := range ids {
				for _, typ := range []dateline.EntityType{"", dateline.Person, dateline.Organization, dateline.Place} {
					for tryChange(t, lived, dateline.EntityChange{Action: dateline.ChangeUndo, Entity: id, Type: typ}) {
						undone = true
					}
				}
			}
			for _, c := range lived.changed {
				for !c.Undone && tryChange(t, lived, dateline.EntityChange{Action: dateline.ChangeUndo, Entity: c.Entity, Type: c.Type}) {
					undone = true
				}
			}
		}
		for _, c := range lived.changed {
			if !c.Undone {
				t.Fatalf("seed %d: %+v could not be taken back", seed, c)
			}
		}
		same(t, fmt.Sprintf("seed %d: all taken back", seed), told(t, lived), first)
		lived.Close()
		fresh.Close()
	}
	if explained == 0 || changes < 10 {
		t.Errorf("%d collections with surnames that others explain, %d changes: too few to say anything", explained, changes)
	}
}

// copyOf copies a data folder as a kill would leave it.
func copyOf(t *testing.T, dir string) string {
	t.Helper()
	to := t.TempDir()
	if err := os.CopyFS(to, os.DirFS(dir)); err != nil {
		t.Fatal(err)
	}
	return to
}
