package crawler

import (
	"path/filepath"
	"testing"
	"time"
)

// TestSourcesAgain stops between a sitemap index and its part: after the
// restart the part is due, though the index is unchanged and names nothing.
func TestSourcesAgain(t *testing.T) {
	f, err := openFrontier(filepath.Join(t.TempDir(), "frontier.db"))
	if err != nil {
		t.Fatal(err)
	}
	defer f.close()
	src := []Source{{Kind: "sitemap", Value: "http://example.com/index.xml", Story: "s"}}
	lease := func() (urls []string) {
		t.Helper()
		now := time.Now().UnixMilli()
		for {
			x, err := f.lease("example.com", now)
			if err != nil {
				t.Fatal(err)
			}
			if x == nil {
				return urls
			}
			urls = append(urls, x.url)
			err = f.conclude(x, outcome{due: now + 1e6, status: 200, fetched: x.url != src[0].Value, unchanged: x.url == src[0].Value})
			if err != nil {
				t.Fatal(err)
			}
		}
	}
	set := func(s []Source) {
		t.Helper()
		if err := f.setSources(s, true); err != nil {
			t.Fatal(err)
		}
	}
	set(src)
	part := "http://example.com/part.xml"
	if err := f.write(func() error {
		_, err := f.add(found{url: part, kind: "sitemap"}, &task{source: src[0].key(), story: "s"}, time.Now().UnixMilli())
		return err
	}); err != nil {
		t.Fatal(err)
	}
	set(src)
	if got := lease(); len(got) != 2 {
		t.Errorf("due after a restart: %v, want the index and its part", got)
	}
	set(nil)
	if got := lease(); len(got) != 0 {
		t.Errorf("due without the source: %v, want none", got)
	}
	set(src)
	if got := lease(); len(got) != 2 {
		t.Errorf("due when the source is there again: %v, want the index and its part", got)
	}
}
