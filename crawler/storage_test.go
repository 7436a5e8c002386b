package crawler

import (
	"context"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"dateline"
)

// smallDisk is a file on a disk that is full after some bytes.
type smallDisk struct {
	*os.File
	room *atomic.Int64
}

func (d *smallDisk) Write(b []byte) (int, error) {
	if left := d.room.Load(); int64(len(b)) > left {
		n, _ := d.File.Write(b[:max(left, 0)])
		d.room.Store(0)
		return n, &os.PathError{Op: "write", Path: d.Name(), Err: syscall.ENOSPC}
	}
	d.room.Add(-int64(len(b)))
	return d.File.Write(b)
}

func onSmallDisk(room *atomic.Int64) func(string) (warcFile, error) {
	return func(path string) (warcFile, error) {
		f, err := os.OpenFile(path, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o644)
		if err != nil {
			return nil, err
		}
		return &smallDisk{f, room}, nil
	}
}

func archiveOf(t *testing.T, dir string) (pages []string, damaged int) {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(dir, "warc", "*.warc.gz"))
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range files {
		f, err := os.Open(name)
		if err != nil {
			t.Fatal(err)
		}
		res, err := ReadWARC(f, func(r Record) error {
			if r.Type == "response" {
				pages = append(pages, r.URI)
			}
			return nil
		})
		f.Close()
		if err != nil {
			t.Fatal(err)
		}
		damaged += res.Damages
	}
	return pages, damaged
}

// TestArchiveDiskFull fills the disk in the middle of a record: the crawl
// says so, nothing is done with that is not kept, and all of it comes when
// there is room.
func TestArchiveDiskFull(t *testing.T) {
	s := newSite(t)
	var src []Source
	for _, p := range []string{"a", "b", "c", "d"} {
		s.article("/news/" + p)
		src = append(src, Source{Kind: "urls", Value: s.URL + "/news/" + p})
	}
	dir, sink := t.TempDir(), &memory{}
	cfg := testConfig()
	cfg.Archive, cfg.Concurrency = true, 1
	c := start(t, dir, cfg, sink, src...)
	var room atomic.Int64
	room.Store(900) // some records
	c.warc.create = onSmallDisk(&room)
	err := c.RunOnce(t.Context(), false)
	var full *StorageError
	if !errors.As(err, &full) || !errors.Is(err, syscall.ENOSPC) || !strings.Contains(err.Error(), "free some space") {
		t.Fatalf("error %v, want one that says the disk is full", err)
	}
	pages, damaged := archiveOf(t, dir)
	if damaged != 0 || len(pages) != len(sink.all) || len(sink.all) >= 4 || len(sink.all) == 0 {
		t.Fatalf("%d pages in the archive, %d damages, %d taken: want some of 4, and as many in the archive", len(pages), damaged, len(sink.all))
	}
	st, err := c.Stats(t.Context())
	if err != nil || st.NotFetched["archive_error"] == 0 {
		t.Errorf("stats %+v, %v", st, err)
	}
	room.Store(1 << 20)
	st = once(t, c, false)
	pages, damaged = archiveOf(t, dir)
	if len(sink.all) != 4 || len(pages) != 4 || damaged != 0 || len(st.NotFetched) != 0 {
		t.Errorf("%d taken, %d in the archive, %d damages, stats %+v", len(sink.all), len(pages), damaged, st)
	}
}

// TestDiskFullPauses keeps a running crawl alive until there is room.
func TestDiskFullPauses(t *testing.T) {
	s := newSite(t)
	s.article("/news/one")
	var full atomic.Bool
	full.Store(true)
	taken := make(chan struct{})
	sink := &memory{fail: func(*dateline.Article) error {
		if full.Load() {
			return &os.PathError{Op: "write", Path: "articles.db", Err: syscall.ENOSPC}
		}
		close(taken)
		return nil
	}}
	c := start(t, t.TempDir(), testConfig(), sink, Source{Kind: "urls", Value: s.URL + "/news/one"})
	c.fullPause = 200 * time.Millisecond
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
	defer cancel()
	done := make(chan error, 1)
	go func() { done <- c.Run(ctx) }()
	time.Sleep(700 * time.Millisecond)
	if n := s.times("/news/one"); n < 1 || n > 5 {
		t.Errorf("asked %d times in 700 ms with a pause of 200 ms", n)
	}
	full.Store(false)
	select {
	case <-taken:
	case <-ctx.Done():
		t.Error("not taken when there was room again")
	}
	cancel()
	if err := <-done; err != nil {
		t.Error(err)
	}
}

// TestFrontierDiskFull lets the frontier's file grow no more.
func TestFrontierDiskFull(t *testing.T) {
	s := newSite(t)
	var feed strings.Builder
	feed.WriteString(`<rss version="2.0"><channel>`)
	for range 3000 {
		feed.WriteString("<item><link>BASE/news/" + recordID()[10:46] + "</link></item>")
	}
	s.text("/feed", "application/rss+xml", feed.String()+"</channel></rss>")
	dir := t.TempDir()
	src := Source{Kind: "feed", Value: s.URL + "/feed"}
	cfg := testConfig()
	c := start(t, dir, cfg, &memory{}, src)
	c.front.sqlDo(t, `PRAGMA max_page_count = 30`)
	var full *StorageError
	if err := c.RunOnce(t.Context(), false); !errors.As(err, &full) {
		t.Fatalf("error %v, want a StorageError", err)
	}
	var n int
	if err := c.front.db.QueryRow(`SELECT COUNT(*) FROM urls WHERE kind = 'article'`).Scan(&n); err != nil || n != 0 {
		t.Errorf("%d articles of a feed that could not be written whole, %v", n, err)
	}
	c.front.sqlDo(t, `PRAGMA max_page_count = 1000000`)
	c.Close()
	// At the next start the feed is due again, and its articles are found.
	c = start(t, dir, cfg, &memory{}, src)
	ctx, cancel := context.WithTimeout(t.Context(), 2*time.Second)
	defer cancel()
	_ = c.RunOnce(ctx, false) // ends with ctx: the articles are many
	if err := c.front.db.QueryRow(`SELECT COUNT(*) FROM urls WHERE kind = 'article'`).Scan(&n); err != nil || n != 3000 {
		t.Errorf("%d articles, %v, want 3000", n, err)
	}
}

// TestStorageFailuresAreNotGivenUp keeps an address due however often its
// article could not be stored.
func TestStorageFailuresAreNotGivenUp(t *testing.T) {
	c := &Crawler{}
	for reason, ever := range map[string]bool{"sink_error": true, "archive_error": true, "timeout": false, "not_html": false} {
		o := c.fail(&task{kind: "article", attempts: 1000}, reason, 200, 0)
		if (o.due < never) != ever {
			t.Errorf("%s: due again %v, want %v", reason, o.due < never, ever)
		}
	}
}

// killedWriter writes an archive in a process of its own until it is killed.
const killedWriter = "DATELINE_TEST_ARCHIVE"

// TestArchiveKilled kills a process that writes records, many times: what it
// said was written is there, and after the next record the files are sound.
func TestArchiveKilled(t *testing.T) {
	if dir := os.Getenv(killedWriter); dir != "" {
		w := &warcWriter{dir: dir, agent: "Dateline/1.0", log: slog.New(slog.DiscardHandler)}
		for {
			if err := w.write(&response{url: "http://a.example/x", status: 200, header: http.Header{}, body: noise, date: time.Now()}); err != nil {
				panic(err)
			}
			os.Stdout.WriteString("+") // acknowledged
		}
	}
	if testing.Short() {
		t.Skip("several processes")
	}
	dir := t.TempDir()
	said := 0
	for round := range 6 {
		cmd := reRun(t, "TestArchiveKilled", killedWriter+"="+filepath.Join(dir, "warc"))
		out, err := cmd.StdoutPipe()
		if err != nil {
			t.Fatal(err)
		}
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		late := time.AfterFunc(20*time.Second, func() { cmd.Process.Kill() })
		if _, err := io.ReadFull(out, make([]byte, 1)); err != nil {
			t.Fatal(err)
		}
		late.Stop()
		time.AfterFunc(time.Duration(13*round)*time.Millisecond, func() { cmd.Process.Kill() })
		b, _ := io.ReadAll(out)
		_ = cmd.Wait() // "signal: killed"
		said += 1 + strings.Count(string(b), "+")
	}
	pages, _ := archiveOf(t, dir)
	if said == 0 || len(pages) < said {
		t.Fatalf("%d records acknowledged, %d in the archive", said, len(pages))
	}
	w := &warcWriter{dir: filepath.Join(dir, "warc"), agent: "Dateline/1.0", log: slog.New(slog.DiscardHandler)}
	if err := w.write(&response{url: "http://a.example/last", status: 200, header: http.Header{}, body: noise, date: time.Now()}); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	after, damaged := archiveOf(t, dir)
	if damaged != 0 || len(after) != len(pages)+1 {
		t.Errorf("%d records and %d damages after the repair, want %d and none", len(after), damaged, len(pages)+1)
	}
	if marks, _ := filepath.Glob(filepath.Join(dir, "warc", "*"+openMark)); len(marks) != 0 {
		t.Errorf("marks left: %v", marks)
	}
}

// TestArchiveTorn cuts an archive at every kind of place, as a crash would.
func TestArchiveTorn(t *testing.T) {
	dir := t.TempDir()
	w := &warcWriter{dir: filepath.Join(dir, "warc"), agent: "Dateline/1.0", log: slog.New(slog.DiscardHandler)}
	var ends []int64
	for range 3 {
		if err := w.write(&response{url: "http://a.example/x", status: 200, header: http.Header{}, body: []byte("hello"), date: time.Now()}); err != nil {
			t.Fatal(err)
		}
		ends = append(ends, w.size)
	}
	name := w.f.Name()
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	whole, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	for cut := 0; cut < len(whole); cut += 1 + cut%5 {
		if err := os.WriteFile(name, whole[:cut], 0o600); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(name+openMark, nil, 0o600); err != nil {
			t.Fatal(err)
		}
		if err := w.repair(); err != nil {
			t.Fatalf("cut at %d: %v", cut, err)
		}
		info, err := os.Stat(name)
		if err != nil {
			t.Fatal(err)
		}
		want := int64(0)
		for _, e := range ends {
			if e <= int64(cut) {
				want = e
			}
		}
		// The first member is the file's own record.
		if got := info.Size(); got > int64(cut) || got < want {
			t.Fatalf("cut at %d: %d bytes after the repair, want at least %d", cut, got, want)
		}
		if _, damaged := archiveOf(t, dir); damaged != 0 {
			t.Fatalf("cut at %d: still damaged", cut)
		}
	}
}
