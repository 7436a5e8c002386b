package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"dateline"
)

func open(tb testing.TB, path string) *Store {
	tb.Helper()
	s, err := Open(path)
	if err != nil {
		tb.Fatal(err)
	}
	tb.Cleanup(func() { s.Close() })
	return s
}

func temp(tb testing.TB) *Store {
	tb.Helper()
	return open(tb, filepath.Join(tb.TempDir(), "articles.db"))
}

func art(n int, title, body string, seen int64) *dateline.Article {
	u := fmt.Sprintf("https://example.com/%d", n)
	return &dateline.Article{
		ID: dateline.ArticleID(u), URL: u, Title: title, Body: body, Outlet: dateline.Outlet{ID: "example.com", Name: "Example"},
		LastSeen: time.Unix(seen, 0).UTC(),
	}
}

func store(tb testing.TB, s *Store, as ...*dateline.Article) []Result {
	tb.Helper()
	r, err := s.Put(tb.Context(), as)
	if err != nil {
		tb.Fatal(err)
	}
	return r
}

// TestRoundTrip puts every field and reads it again.
func TestRoundTrip(t *testing.T) {
	s := temp(t)
	in := art(1, "Memo \"leaked\" 备忘录", "Alibaba denies.\n\nThe embassy too.", 1_763_000_000)
	in.Authors, in.Lang, in.Section, in.Summary = []string{"A. Writer"}, "en", "Technology", "Short."
	in.Published, in.FirstSeen = time.Unix(1_762_000_000, 0).UTC(), time.Unix(1_762_900_000, 0).UTC()
	in.Mentions = []dateline.Mention{
		{Start: 0, End: 7, Type: dateline.Organization, Text: "Alibaba", Name: "Alibaba Group", EntityID: "alibaba-group"},
		{Start: 0, End: 4, Type: dateline.Organization, Text: "Memo", Name: "Memo", EntityID: "memo", InTitle: true},
	}
	in.Entities = []dateline.EntityCount{{ID: "alibaba-group", Name: "Alibaba Group", Type: dateline.Organization, Count: 1}, {ID: "memo", Name: "Memo", Type: dateline.Organization, Count: 1}}
	in.Extra = map[string]string{"colour": `"green"`}
	in.Updates = []dateline.Update{{Time: time.Unix(1_762_000_100, 0).UTC(), Title: "Alibaba denies.", Text: "The embassy too.", End: len(in.Body)}, {Text: "The embassy too.", Start: 17, End: len(in.Body)}}
	in.Corrections = []dateline.Correction{{Kind: dateline.EditorsNote, Text: "Editor's note: none."}}
	store(t, s, in)
	var meta string
	if err := s.r.QueryRow("SELECT meta FROM articles").Scan(&meta); err != nil || strings.Contains(meta, "embassy") {
		t.Errorf("an update's text is stored twice, or %v: %s", err, meta)
	}
	got, err := s.Get(t.Context(), in.ID)
	if err != nil {
		t.Fatal(err)
	}
	want := *in
	want.Versions = 1
	if !reflect.DeepEqual(got, &want) {
		t.Errorf("got  %+v\nwant %+v", got, &want)
	}
	many, err := s.GetMany(t.Context(), []string{in.ID, "unknown"})
	if err != nil || len(many) != 1 || many[in.ID] == nil {
		t.Errorf("GetMany: %v, %v", many, err)
	}
	var missing *dateline.NotFoundError
	if _, err := s.Get(t.Context(), "unknown"); !errors.As(err, &missing) {
		t.Errorf("Get of an unknown id: %v, want a NotFoundError", err)
	}
}

// TestPutAgain puts the same text and another: the first changes nothing that
// can be found, the second makes a version.
func TestPutAgain(t *testing.T) {
	s := temp(t)
	if r := store(t, s, art(1, "One", "first", 100)); r[0].Status != Added || r[0].Version != 1 {
		t.Errorf("first: %+v", r)
	}
	pending := func() (ids []string) {
		l, err := s.Pending(t.Context(), 10)
		if err != nil {
			t.Fatal(err)
		}
		for _, p := range l {
			ids = append(ids, p.Article.ID)
			if err := s.MarkIndexed(t.Context(), []int64{p.Seq}); err != nil {
				t.Fatal(err)
			}
		}
		return ids
	}
	if got := pending(); len(got) != 1 {
		t.Errorf("pending after the first: %v", got)
	}
	if r := store(t, s, art(1, "One", "first", 200)); r[0].Status != Unchanged || r[0].Version != 1 {
		t.Errorf("again: %+v", r)
	}
	if got := pending(); len(got) != 0 {
		t.Errorf("pending after the same text: %v", got)
	}
	if r := store(t, s, art(1, "One", "second", 300), art(1, "One", "second", 300)); r[0].Status != Changed || r[0].Version != 2 || r[1].Status != Unchanged {
		t.Errorf("edit: %+v", r)
	}
	if got := pending(); len(got) != 1 {
		t.Errorf("pending after an edit: %v", got)
	}
	a, err := s.Get(t.Context(), art(1, "", "", 0).ID)
	if err != nil || a.Body != "second" || a.Versions != 2 || a.FirstSeen.Unix() != 100 || a.LastSeen.Unix() != 300 {
		t.Errorf("%+v, %v", a, err)
	}
	// A mark for a change that another has overtaken marks nothing.
	store(t, s, art(1, "One", "third", 400))
	l, err := s.Pending(t.Context(), 10)
	if err != nil || len(l) != 1 {
		t.Fatal(l, err)
	}
	store(t, s, art(1, "One", "fourth", 500))
	if err := s.MarkIndexed(t.Context(), []int64{l[0].Seq}); err != nil {
		t.Fatal(err)
	}
	if got := pending(); len(got) != 1 {
		t.Error("a change was marked as indexed that was not")
	}
}

// TestCurrent: an edit gives an article another number, and only that is current.
func TestCurrent(t *testing.T) {
	s := temp(t)
	store(t, s, art(1, "One", "a", 100), art(2, "Two", "b", 100))
	store(t, s, art(1, "One", "edited", 200))
	got, err := s.Current(t.Context(), []int64{1, 2, 3, 4})
	if err != nil || len(got) != 2 || got[2].Title != "Two" || got[3].Body != "edited" || got[3].Versions != 2 {
		t.Errorf("%v, %v", got, err)
	}
	if got, err := s.Current(t.Context(), nil); err != nil || len(got) != 0 {
		t.Errorf("%v, %v", got, err)
	}
}

func TestVersions(t *testing.T) {
	s := temp(t)
	id := art(1, "", "", 0).ID
	store(t, s, art(1, "The memo", "Alibaba helps the army.", 100))
	store(t, s, art(1, "The Memo!", "Alibaba  helps the army.", 200))
	store(t, s, art(1, "The Memo!", "Alibaba  helps the army, a memo says.", 300))
	store(t, s, art(1, "The Memo!", "Alibaba  helps the army, a memo says.", 900)) // the same again
	got, err := s.Versions(t.Context(), id)
	if err != nil {
		t.Fatal(err)
	}
	at := func(n int64) time.Time { return time.Unix(n, 0).UTC() }
	want := []dateline.Version{
		{Version: 1, Observed: at(100), Title: "The memo", Body: "Alibaba helps the army.", Changed: []string{}},
		{Version: 2, Observed: at(200), Title: "The Memo!", Body: "Alibaba  helps the army.", Changed: []string{"title", "body"}},
		{Version: 3, Observed: at(300), Title: "The Memo!", Body: "Alibaba  helps the army, a memo says.", Changed: []string{"body"}, Substantive: true},
	}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("got  %+v\nwant %+v", got, want)
	}
	var kept int
	if err := s.r.QueryRow("SELECT count(body) FROM versions").Scan(&kept); err != nil || kept != 2 {
		t.Errorf("%d texts in versions (%v), want the 2 that were superseded", kept, err)
	}
	var missing *dateline.NotFoundError
	if _, err := s.Versions(t.Context(), "unknown"); !errors.As(err, &missing) {
		t.Errorf("versions of an unknown id: %v, want a NotFoundError", err)
	}
}

// TestProgress shows that a batch and how far its file is read are stored
// together or not at all.
func TestProgress(t *testing.T) {
	s := temp(t)
	ctx := t.Context()
	if _, ok, err := s.Progress(ctx, "a.jsonl"); ok || err != nil {
		t.Errorf("before: %v, %v", ok, err)
	}
	aliases := []dateline.Entity{{ID: "pla", Name: "People's Liberation Army", Type: dateline.Organization, Aliases: []string{"PLA", "解放军"}}}
	p := Progress{File: "a.jsonl", Hash: "h", Size: 10, Offset: 5}
	if _, err := s.PutProgress(ctx, []*dateline.Article{art(1, "One", "first", 1)}, aliases, []Progress{p}); err != nil {
		t.Fatal(err)
	}
	bad := &dateline.Article{Title: "no id"}
	p2 := Progress{File: "a.jsonl", Hash: "h", Size: 10, Offset: 9}
	more := []dateline.Entity{{ID: "x", Name: "X", Type: dateline.Person}}
	if _, err := s.PutProgress(ctx, []*dateline.Article{art(2, "Two", "second", 1), bad}, more, []Progress{p2}); err == nil {
		t.Error("an article without id was stored")
	}
	if got, ok, err := s.Progress(ctx, "a.jsonl"); !ok || err != nil || got != p {
		t.Errorf("progress after a failed batch: %+v, %v, %v, want %+v", got, ok, err, p)
	}
	if c, err := s.Counts(ctx); err != nil || c.Articles != 1 {
		t.Errorf("after a failed batch: %+v, %v, want 1 article", c, err)
	}
	if es, err := s.Described(ctx); err != nil || !reflect.DeepEqual(es, aliases) {
		t.Errorf("entities: %+v, %v, want %+v", es, err, aliases)
	}
}

func TestTombstones(t *testing.T) {
	s := temp(t)
	ctx := t.Context()
	a := art(1, "One", "first", 1)
	store(t, s, a, art(2, "Two", "second", 1))
	if err := s.Delete(ctx, a.ID); err != nil {
		t.Fatal(err)
	}
	var missing *dateline.NotFoundError
	if err := s.Delete(ctx, a.ID); !errors.As(err, &missing) {
		t.Errorf("deleted twice: %v, want a NotFoundError", err)
	}
	tombs := func(want ...string) {
		t.Helper()
		got, err := s.Tombstones(ctx)
		if err != nil || !slices.Equal(got, want) {
			t.Errorf("tombstones: %v, %v, want %v", got, err, want)
		}
	}
	tombs(a.ID)
	if _, err := s.Versions(ctx, a.ID); !errors.As(err, &missing) {
		t.Errorf("its versions are left: %v", err)
	}
	if r := store(t, s, a); r[0].Status != Added || r[0].Version != 1 {
		t.Errorf("put again: %+v", r)
	}
	tombs() // it lives: the index must not forget it
	if err := s.Delete(ctx, a.ID); err != nil {
		t.Fatal(err)
	}
	if err := s.Bury(ctx, []string{a.ID}); err != nil {
		t.Fatal(err)
	}
	tombs()
}

// TestMigrate opens a file of the first schema.
func TestMigrate(t *testing.T) {
	path := filepath.Join(t.TempDir(), "articles.db")
	db, err := sql.Open("sqlite", "file:"+path)
	if err != nil {
		t.Fatal(err)
	}
	long := strings.Repeat("The memo says that Alibaba helps. ", 5000)
	for _, q := range []string{
		migrations[0], "PRAGMA user_version=1",
		`INSERT INTO articles(id,seq,url,outlet_id,hash,versions,meta,body,mentions) VALUES
			('a',1,'u','o','h2',2,'{"id":"a","title":"Now","stories":["s"]}','now','[]'), ('b',2,'v','o','h3',1,'{"id":"b","title":"Long"}','` + long + `','[]')`,
		`INSERT INTO versions VALUES ('a',1,100,'Then','then','h1'), ('a',2,200,'Now','now','h2'), ('b',1,300,'Long','` + long + `','h3')`,
	} {
		if _, err := db.Exec(q); err != nil {
			t.Fatal(err)
		}
	}
	size := func(db *sql.DB) (n int) {
		if err := db.QueryRow("SELECT page_count FROM pragma_page_count").Scan(&n); err != nil {
			t.Fatal(err)
		}
		return n
	}
	before := size(db)
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	var schema *SchemaError
	if _, err := OpenReader(path); !errors.As(err, &schema) || schema.Have != 1 {
		t.Errorf("a reader of the old file: %v, want a SchemaError", err)
	}
	s := open(t, path)
	got, err := s.Versions(t.Context(), "a")
	if err != nil || len(got) != 2 || got[0].Body != "then" || got[0].Title != "Then" || got[1].Body != "now" || got[1].Title != "Now" || got[1].Observed.Unix() != 200 {
		t.Errorf("%+v, %v", got, err)
	}
	if got, err := s.Versions(t.Context(), "b"); err != nil || len(got) != 1 || got[0].Body != long {
		t.Errorf("%d versions, %v", len(got), err)
	}
	if l, err := s.Pending(t.Context(), 10); err != nil || len(l) != 2 {
		t.Errorf("%d pending, %v: what was not indexed is not known", len(l), err)
	}
	var story string
	if err := s.r.QueryRow("SELECT story_id FROM article_stories WHERE article_id='a'").Scan(&story); err != nil || story != "s" {
		t.Errorf("story %q, %v", story, err)
	}
	if after := size(s.r); after >= before*3/4 {
		t.Errorf("%d pages after the migration, %d before: the second copy of the text is still there", after, before)
	}
	if got, err := s.Current(t.Context(), []int64{1, 2, 3}); err != nil || len(got) != 2 || got[1].Title != "Now" || got[2].Body != long {
		t.Errorf("%v, %v", got, err)
	}
	s.Close()
	open(t, path) // once more: nothing left to do
}

func TestNewerSchema(t *testing.T) {
	path := filepath.Join(t.TempDir(), "articles.db")
	s := open(t, path)
	if _, err := s.w.Exec("PRAGMA user_version=99"); err != nil {
		t.Fatal(err)
	}
	s.Close()
	var schema *SchemaError
	if _, err := Open(path); !errors.As(err, &schema) || schema.Have != 99 || !strings.Contains(err.Error(), "newer version") {
		t.Errorf("%v, want a SchemaError that names the newer version", err)
	}
}

// TestReaders reads while a writer goes on, here and through a reader as
// another process has it: each read sees whole batches.
func TestReaders(t *testing.T) {
	path := filepath.Join(t.TempDir(), "articles.db")
	s := open(t, path)
	ctx, cancel := context.WithCancel(t.Context())
	const batch, batches = 10, 30
	var wg sync.WaitGroup
	for range 3 {
		r, err := OpenReader(path)
		if err != nil {
			t.Fatal(err)
		}
		defer r.Close()
		for _, st := range []*Store{s, r} {
			wg.Go(func() {
				for ctx.Err() == nil {
					c, err := st.Counts(context.WithoutCancel(ctx))
					if err != nil || c.Articles%batch != 0 || c.Versions != c.Articles {
						t.Errorf("%+v, %v, want whole batches of %d", c, err, batch)
						return
					}
				}
			})
		}
	}
	for i := range batches {
		var as []*dateline.Article
		for j := range batch {
			as = append(as, art(i*batch+j, "Title", fmt.Sprint("body ", i, j), 1))
		}
		store(t, s, as...)
	}
	cancel()
	wg.Wait()
	if c, err := s.Counts(t.Context()); err != nil || c.Articles != batch*batches {
		t.Errorf("%+v, %v", c, err)
	}
	if _, err := OpenReader(filepath.Join(t.TempDir(), "none.db")); err == nil {
		t.Error("a reader made a file")
	}
}

// TestUpdate replaces what was derived, but not under a text that was edited meanwhile.
func TestUpdate(t *testing.T) {
	s := temp(t)
	ctx := t.Context()
	old := art(1, "One", "first", 1)
	store(t, s, old)
	old.Entities = []dateline.EntityCount{{ID: "pla", Name: "PLA", Type: dateline.Organization, Count: 2}}
	old.Stories = []string{"memo"}
	if err := s.Update(ctx, []*dateline.Article{old}); err != nil {
		t.Fatal(err)
	}
	got, err := s.Get(ctx, old.ID)
	if err != nil || !slices.Equal(got.Stories, []string{"memo"}) || got.Versions != 1 {
		t.Errorf("%+v, %v", got, err)
	}
	pla := EntityKey{dateline.Organization, "pla"}
	if got, err := s.Names(ctx, pla); err != nil || !slices.Equal(got, []NameCount{{pla, "PLA", 1, 2}}) {
		t.Errorf("names %+v, %v", got, err)
	}
	store(t, s, art(1, "One", "edited", 2))
	if err := s.Update(ctx, []*dateline.Article{old}); err != nil {
		t.Fatal(err)
	}
	if got, err := s.Get(ctx, old.ID); err != nil || got.Body != "edited" || len(got.Stories) != 0 {
		t.Errorf("an edit was overwritten: %+v, %v", got, err)
	}
}

// TestRefresh: the same text with a date that was missing makes no version,
// and is indexed again.
func TestRefresh(t *testing.T) {
	s := temp(t)
	store(t, s, art(1, "a", "b", 10))
	l, err := s.Pending(t.Context(), 10)
	if err != nil || len(l) != 1 {
		t.Fatal(l, err)
	}
	if err := s.MarkIndexed(t.Context(), []int64{l[0].Seq}); err != nil {
		t.Fatal(err)
	}
	a := art(1, "a", "b", 20)
	a.Published, a.Mentions = time.Unix(1000, 0).UTC(), []dateline.Mention{{Start: 0, End: 1}}
	if r := store(t, s, a); r[0].Status != Refreshed || r[0].Version != 1 {
		t.Errorf("%+v", r)
	}
	a.LastSeen, a.Mentions = time.Unix(30, 0).UTC(), nil // what is derived does not count
	if r := store(t, s, a); r[0].Status != Unchanged {
		t.Errorf("%+v", r)
	}
	l, err = s.Pending(t.Context(), 10)
	if err != nil || len(l) != 1 || !l[0].Article.Published.Equal(a.Published) || l[0].Article.LastSeen.Unix() != 30 {
		t.Error(l, err)
	}
	rows, err := s.Rows(t.Context())
	if err != nil || len(rows) != 1 || rows[l[0].Seq] {
		t.Error(rows, err)
	}
}

func TestMentions(t *testing.T) {
	a := art(1, "Alibaba denies", "The group Alibaba denies. 北京 too.", 10)
	a.Entities = []dateline.EntityCount{{ID: "beijing", Name: "Beijing", Type: dateline.Place, Count: 1}, {ID: "alibaba-group", Name: "Alibaba Group", Type: dateline.Organization, Count: 2}}
	a.Mentions = []dateline.Mention{
		{Start: 0, End: 7, Type: dateline.Organization, Text: "Alibaba", Name: "Alibaba Group", EntityID: "alibaba-group", InTitle: true},
		{Start: 10, End: 17, Type: dateline.Organization, Text: "Alibaba", Name: "Alibaba Group", EntityID: "alibaba-group"},
		{Start: 26, End: 32, Type: dateline.Place, Text: "北京", Name: "Beijing", EntityID: "beijing"},
	}
	s := temp(t)
	store(t, s, a)
	got, err := s.Get(t.Context(), a.ID)
	if err != nil || !slices.Equal(got.Mentions, a.Mentions) {
		t.Errorf("%+v, %v", got.Mentions, err)
	}
	b := *got
	b.Mentions = nil
	old := `[{"start":0,"end":7,"type":"organization","text":"Alibaba","name":"Alibaba Group","entity_id":"alibaba-group","t":true}]`
	if err := decodeMentions(&b, old); err != nil || len(b.Mentions) != 1 || b.Mentions[0] != a.Mentions[0] {
		t.Errorf("of an older store: %+v, %v", b.Mentions, err)
	}
	for _, bad := range []string{"1", "1 2;", "1 2 3;", "1 2 9 ;", "x", "5 2 0 ;", "1 2 0 1"} {
		if err := decodeMentions(&b, bad); err == nil {
			t.Errorf("%q was read", bad)
		}
	}
}

// TestNotesAndVersions says what of an article makes a version.
func TestNotesAndVersions(t *testing.T) {
	s := temp(t)
	seen := int64(1_763_000_000)
	first := art(1, "Memo", "Alibaba denies.", seen)
	note := dateline.Correction{Kind: dateline.CorrectionNote, Text: "Correction: the memo has two pages."}
	for _, step := range []struct {
		change      string
		do          func(a *dateline.Article)
		status      Status
		versions    int
		substantive bool
	}{
		{"nothing", func(*dateline.Article) {}, Unchanged, 1, false},
		{"time of modification", func(a *dateline.Article) { a.Modified = time.Unix(seen+60, 0).UTC() }, Refreshed, 1, false},
		{"standfirst and caption", func(a *dateline.Article) { a.Standfirst, a.ImageCaption = "Alibaba denies.", "The memo" }, Refreshed, 1, false},
		{"note", func(a *dateline.Article) {
			a.Corrections = []dateline.Correction{note}
			a.Body += "\n\n" + note.Text
		}, Changed, 2, true},
		{"nothing", func(*dateline.Article) {}, Unchanged, 2, true},
		{"punctuation of the note", func(a *dateline.Article) {
			a.Corrections = []dateline.Correction{{Kind: note.Kind, Text: note.Text + "."}}
			a.Body += "."
		}, Changed, 3, false},
		{"live update", func(a *dateline.Article) {
			a.Updates = []dateline.Update{{Text: "More.", Start: len(a.Body) + 2, End: len(a.Body) + 7}}
			a.Body += "\n\nMore."
		}, Changed, 4, true},
		{"time of the update", func(a *dateline.Article) {
			a.Updates = []dateline.Update{{Time: time.Unix(seen, 0).UTC(), Text: "More.", Start: a.Updates[0].Start, End: a.Updates[0].End}}
		}, Refreshed, 4, true},
		{"nothing", func(*dateline.Article) {}, Unchanged, 4, true},
	} {
		if seen == 1_763_000_000 {
			store(t, s, first)
		}
		seen += 600
		step.do(first)
		a := *first
		a.LastSeen = time.Unix(seen, 0).UTC()
		if r := store(t, s, &a); r[0].Status != step.status {
			t.Errorf("%s: %v, want %v", step.change, r[0].Status, step.status)
		}
		vs, err := s.Versions(t.Context(), a.ID)
		if err != nil || len(vs) != step.versions {
			t.Fatalf("%s: %d versions, %v, want %d", step.change, len(vs), err, step.versions)
		}
		if last := vs[len(vs)-1]; last.Substantive != step.substantive {
			t.Errorf("%s: version %d is substantive: %v, want %v", step.change, last.Version, last.Substantive, step.substantive)
		}
	}
}
