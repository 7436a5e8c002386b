package store

import (
	"fmt"
	"math/rand/v2"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"dateline"
)

// named makes an article that names entities: "text=id" each, types by the
// first letter of the id (p, o, l).
func named(n int, day int, stories []string, names ...string) *dateline.Article {
	a := art(n, "", "", 1)
	if day > 0 {
		a.Published = time.Date(2025, 11, day, 12, 0, 0, 0, time.UTC)
	}
	a.Stories = stories
	for i, s := range names {
		text, id, _ := strings.Cut(s, "=")
		typ := map[byte]dateline.EntityType{'p': dateline.Person, 'o': dateline.Organization, 'l': dateline.Place}[id[0]]
		m := dateline.Mention{Start: len(a.Body), End: len(a.Body) + len(text), Type: typ, Text: text, EntityID: id}
		if i == 0 {
			m.Start, m.End, m.InTitle = 0, len(text), true
			a.Title = text
		} else {
			a.Body += text + ". "
		}
		a.Mentions = append(a.Mentions, m)
		k := slices.IndexFunc(a.Entities, func(e dateline.EntityCount) bool { return e.ID == id })
		if k < 0 {
			k = len(a.Entities)
			a.Entities = append(a.Entities, dateline.EntityCount{ID: id, Name: text, Type: typ})
		}
		a.Entities[k].Count++
	}
	return a
}

// dump gives the rows of a query as lines.
func dump(t *testing.T, s *Store, q string) string {
	t.Helper()
	rows, err := s.r.QueryContext(t.Context(), q)
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	cols, err := rows.Columns()
	if err != nil {
		t.Fatal(err)
	}
	var b strings.Builder
	for rows.Next() {
		row, at := make([]any, len(cols)), make([]any, len(cols))
		for i := range row {
			at[i] = &row[i]
		}
		if err := rows.Scan(at...); err != nil {
			t.Fatal(err)
		}
		fmt.Fprintln(&b, row...)
	}
	if err := rows.Err(); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

const (
	allNames    = "SELECT * FROM entity_names ORDER BY entity_id,type,name,story_id,day"
	allEntities = "SELECT * FROM article_entities ORDER BY entity_id,type,article_id"
)

func TestNames(t *testing.T) {
	s := temp(t)
	a := named(1, 14, []string{"memo", "port"}, "Washington=l-washington", "The  Washington\nPost=o-post", "Post=o-post", "Post=o-post")
	given := named(2, 0, nil)
	given.Entities = []dateline.EntityCount{{ID: "p-ann", Name: "Ann Lee", Type: dateline.Person, Count: 3}}
	store(t, s, a, given)
	want := `l-washington place Washington memo 2025-11-14 1 1 1 0
l-washington place Washington port 2025-11-14 1 1 1 0
o-post organization Post memo 2025-11-14 1 2 0 2
o-post organization Post port 2025-11-14 1 2 0 2
o-post organization The Washington Post memo 2025-11-14 1 1 0 1
o-post organization The Washington Post port 2025-11-14 1 1 0 1
p-ann person Ann Lee  <nil> 1 3 0 0
`
	if got := dump(t, s, allNames); got != want {
		t.Errorf("got\n%swant\n%s", got, want)
	}
	if got, want := dump(t, s, "SELECT entity_id,count,title,lead FROM article_entities ORDER BY 1"), "l-washington 1 1 0\no-post 3 0 3\np-ann 3 0 0\n"; got != want {
		t.Errorf("got\n%swant\n%s", got, want)
	}
	post := EntityKey{dateline.Organization, "o-post"}
	got, err := s.Names(t.Context(), post)
	if err != nil || !slices.Equal(got, []NameCount{{post, "Post", 1, 2}, {post, "The Washington Post", 1, 1}}) {
		t.Errorf("%+v, %v", got, err)
	}
	for name, want := range map[string][]EntityKey{
		"the WASHINGTON post": {post}, "post": {post}, "lee": nil, "": nil, "Ann  Lee": {{dateline.Person, "p-ann"}},
	} {
		if got, err := s.NamedBy(t.Context(), name, 10); err != nil || !slices.Equal(got, want) {
			t.Errorf("%q: %+v, %v, want %+v", name, got, err, want)
		}
	}
}

func TestLeadEnd(t *testing.T) {
	long := strings.Repeat("word ", 300)
	for _, tc := range []struct {
		body string
		want int
	}{
		{"", 0},
		{"Short.\n\nAnd more.", 17},
		{"BEIJING\n" + long[:200] + "\n\n" + long, 208},
		{long, leadBytes},
	} {
		if got := LeadEnd(tc.body); got != tc.want {
			t.Errorf("%.20q: %d, want %d", tc.body, got, tc.want)
		}
	}
}

// TestNamesFollowArticles: whatever is added, edited, dated anew, derived anew
// and deleted, in whatever order, the names are those of what is there.
func TestNamesFollowArticles(t *testing.T) {
	for seed := range uint64(20) {
		rng := rand.New(rand.NewPCG(seed, 4))
		final := map[int]*dateline.Article{}
		var ops []func(*Store)
		texts := []string{"Ann Lee=p-ann", "Lee=p-ann", "Lee=p-bob", "Post=o-post", "POST=o-post", "Washington=l-washington"}
		random := func(n int) *dateline.Article {
			var names []string
			for range 1 + rng.IntN(5) {
				names = append(names, texts[rng.IntN(len(texts))])
			}
			return named(n, rng.IntN(4), [][]string{nil, {"memo"}, {"memo", "port"}}[rng.IntN(3)], names...)
		}
		for range 60 {
			n := rng.IntN(12)
			switch had := final[n]; {
			case had != nil && rng.IntN(4) == 0:
				ops = append(ops, func(s *Store) {
					if err := s.Delete(t.Context(), had.ID); err != nil {
						t.Fatal(err)
					}
				})
				delete(final, n)
			case had != nil && rng.IntN(3) == 0: // recognised anew
				now := random(n)
				now.Title, now.Body, now.Published = had.Title, had.Body, had.Published
				now.Mentions = slices.DeleteFunc(now.Mentions, func(m dateline.Mention) bool { return m.InTitle || m.End > len(now.Body) })
				for i := range now.Mentions {
					m := &now.Mentions[i]
					m.Text = now.Body[m.Start:m.End]
				}
				ops = append(ops, func(s *Store) {
					if err := s.Update(t.Context(), []*dateline.Article{now}); err != nil {
						t.Fatal(err)
					}
				})
				final[n] = now
			default:
				a := random(n)
				if had != nil && had.Title == a.Title && had.Body == a.Body && had.Published.Equal(a.Published) {
					continue // known: what is derived from it stays
				}
				batch := []*dateline.Article{a}
				if rng.IntN(4) == 0 { // twice in a batch
					b := random(n)
					b.Body += "New."
					batch = append(batch, b)
				}
				final[n] = batch[len(batch)-1]
				ops = append(ops, func(s *Store) { store(t, s, batch...) })
			}
		}
		lived, fresh := temp(t), temp(t)
		for _, op := range ops {
			op(lived)
		}
		var list []*dateline.Article
		for _, a := range final {
			list = append(list, a) // in the order of the map: any
		}
		store(t, fresh, list...)
		for _, q := range []string{allNames, allEntities} {
			if got, want := dump(t, lived, q), dump(t, fresh, q); got != want {
				t.Fatalf("seed %d: %s\nafter all that\n%swhat is there\n%s", seed, q, got, want)
			}
		}
		if err := lived.Tidy(t.Context()); err != nil {
			t.Fatal(err)
		}
		const names = "SELECT entity_id,type,name,key FROM names ORDER BY 1,2,3"
		if got, want := dump(t, lived, names), dump(t, fresh, names); got != want {
			t.Fatalf("seed %d: names\n%swant\n%s", seed, got, want)
		}
		store(t, lived, list...) // numbers that Tidy has taken are not used again for others
		if got, want := dump(t, lived, allNames), dump(t, fresh, allNames); got != want {
			t.Fatalf("seed %d: after Tidy\n%swant\n%s", seed, got, want)
		}
	}
}

// TestNamesOfAnOlderStore: a store from before there were names gets them.
func TestNamesOfAnOlderStore(t *testing.T) {
	path := filepath.Join(t.TempDir(), "articles.db")
	s, err := Open(path)
	if err != nil {
		t.Fatal(err)
	}
	for n := range 450 { // more than one page
		store(t, s, named(n, 1+n%20, []string{"memo"}, "Ann Lee=p-ann", fmt.Sprintf("Place %d=l-%d", n%7, n%7), "Lee=p-ann"))
	}
	want := dump(t, s, allNames)
	for _, q := range []string{
		"DROP VIEW entity_names", "DROP VIEW article_entities", "DROP TABLE article_names", "DROP TABLE names", "DROP TABLE entity_changes",
		"CREATE TABLE article_entities (entity_id TEXT NOT NULL, article_id TEXT NOT NULL, count INTEGER NOT NULL, PRIMARY KEY (entity_id, article_id)) WITHOUT ROWID",
		"PRAGMA user_version=5",
	} {
		if _, err := s.w.ExecContext(t.Context(), q); err != nil {
			t.Fatal(err)
		}
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	if got := dump(t, open(t, path), allNames); got != want {
		t.Errorf("got\n%.500swant\n%.500s", got, want)
	}
}
