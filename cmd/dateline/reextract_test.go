package main

import (
	"bytes"
	"database/sql"
	"flag"
	"fmt"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

var allPages = flag.Bool("all-pages", false, "crawl and read again every real page, not one of eleven")

// TestReextractRealPages crawls real pages, some of them twice and edited
// meanwhile, and reads the archive again: twice, each row of the store stays
// what the crawl made it.
func TestReextractRealPages(t *testing.T) {
	if testing.Short() {
		t.Skip("crawls real pages")
	}
	n := uint32(11)
	if *allPages {
		n = 1
	}
	pages := realPages(t, filepath.FromSlash("../../../shared/data/extraction"), n)
	if len(pages) < 20 {
		t.Fatalf("%d pages, want at least 20", len(pages))
	}
	site := &realSite{pages: map[string]*realPage{}, lists: map[string][2]string{}, asked: map[string]int{}}
	sources, _ := site.publish(pages)
	run, data := site.program(t, sources, 10*time.Minute)
	run("crawl", "--once")
	time.Sleep(time.Until(time.Now().Truncate(time.Second).Add(time.Second))) // versions are told apart by the second
	site.edit()
	run("crawl", "--once", "--now")

	db := filepath.Join(data, "articles.db")
	before, edited := rowsOf(t, db)
	export := run("export", "", "--format", "jsonl")
	if len(before) < len(pages)/2 || edited == 0 {
		t.Fatalf("%d articles, %d of them edited, of %d pages", len(before), edited, len(pages))
	}
	for again := 1; again <= 2; again++ {
		run("reextract")
		after, _ := rowsOf(t, db)
		sameRows(t, fmt.Sprintf("reextract %d", again), before, after)
		if got := run("export", "", "--format", "jsonl"); !bytes.Equal(got, export) {
			t.Errorf("reextract %d: the export is another", again)
		}
	}
	t.Logf("%d pages, %d articles, %d of them edited", len(pages), len(before), edited)
}

// edit makes half of the pages say more than before.
func (s *realSite) edit() {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, p := range s.pages {
		if hashOf(p.uri)%2 == 0 {
			p.more = " This sentence was added by an editor when the page had been fetched once."
		}
	}
}

// rowsOf reads what the store has of each article: all columns but the number
// of its change, and its versions. Lines are told apart by the article's id.
func rowsOf(t *testing.T, file string) (rows map[string]string, edited int) {
	t.Helper()
	db, err := sql.Open("sqlite", "file:"+file+"?mode=ro")
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	rows = map[string]string{}
	read := func(q string) {
		t.Helper()
		list, err := db.QueryContext(t.Context(), q)
		if err != nil {
			t.Fatal(err)
		}
		defer list.Close()
		for list.Next() {
			var id, row string
			if err := list.Scan(&id, &row); err != nil {
				t.Fatal(err)
			}
			rows[id] += row + "\n"
		}
		if err := list.Err(); err != nil {
			t.Fatal(err)
		}
	}
	read(`SELECT id, json_array(url, outlet_id, published, first_seen, last_seen, hash, versions, meta, body, mentions) FROM articles ORDER BY id`)
	read(`SELECT article_id, json_array(version, observed, title, body, hash) FROM versions ORDER BY article_id, version`)
	for _, r := range rows {
		if strings.Count(r, "\n") > 2 {
			edited++
		}
	}
	return rows, edited
}

func sameRows(t *testing.T, what string, before, after map[string]string) {
	t.Helper()
	n := 0
	for id, b := range before {
		if a := after[id]; a != b {
			if n++; n <= 5 {
				i := 0
				for i < min(len(a), len(b)) && a[i] == b[i] {
					i++
				}
				from := max(0, i-80)
				t.Errorf("%s: article %s: got …%.200q, want …%.200q", what, id, a[from:], b[from:])
			}
		}
	}
	if n > 0 || len(after) != len(before) {
		t.Errorf("%s: %d of %d articles are others, and there are %d", what, n, len(before), len(after))
	}
}
