package main

import (
	"bytes"
	"encoding/json"
	"math/rand/v2"
	"net/url"
	"os/exec"
	"path/filepath"
	"testing"
	"time"

	"dateline/indexer/store"
)

// kills is how often each test kills the program, at moments that differ from
// run to run.
const kills = 20

func pause(limit time.Duration) { time.Sleep(rand.N(limit)) }

// TestDemoKilled kills the demo again and again, every third time while it is
// still starting: what was found once is found after the restart, and nothing
// is there twice.
func TestDemoKilled(t *testing.T) {
	if testing.Short() {
		t.Skip("many restarts")
	}
	dir := t.TempDir()
	data := filepath.Join(dir, "data")
	known := map[string]bool{}
	grew := 0
	for round := range kills + 1 {
		addr := freeAddr(t)
		cmd, log := startDemo(t, addr, data)
		func() {
			defer func() {
				_ = cmd.Process.Kill()
				_ = cmd.Wait() // "signal: killed"
				if t.Failed() {
					t.Logf("round %d log:\n%s", round, log)
				}
			}()
			if round%3 == 2 && round != kills {
				pause(600 * time.Millisecond)
				return
			}
			waitFor(t, "ready", 30*time.Second, func() bool {
				_, err := get(t.Context(), addr, url.Values{})
				return err == nil
			})
			// Whatever is answered now was durable before the kill.
			ids := all(t, addr)
			for id := range known {
				if !ids[id] {
					t.Fatalf("round %d: article %s was found before the kill and is lost", round, id)
				}
			}
			pause(800 * time.Millisecond)
			before := len(known)
			for id := range all(t, addr) {
				known[id] = true
			}
			if len(known) > before {
				grew++
			}
		}()
	}
	if grew < 2 {
		t.Errorf("articles came in %d rounds only: the test showed little", grew)
	}
	var s stats
	if err := json.Unmarshal([]byte(mustRun(t, dir, "stats", "--json", "--data", data)), &s); err != nil {
		t.Fatal(err)
	}
	if s.Articles < len(known) || s.Versions != s.Articles {
		t.Errorf("%d articles in %d versions, want %d or more, each in one", s.Articles, s.Versions, len(known))
	}
	t.Logf("%d articles, new ones in %d of %d rounds", len(known), grew, kills+1)
}

// acknowledged tells how far an import noted that it has come, and how many
// articles are stored. While it runs, it may be making the tables.
func acknowledged(t *testing.T, data, file string, running bool) (done int64, articles int) {
	t.Helper()
	st, err := store.OpenReader(filepath.Join(data, "articles.db"))
	if err != nil {
		return 0, 0 // killed before it was made
	}
	defer st.Close()
	p, _, err := st.Progress(t.Context(), file)
	if err != nil && running {
		return 0, 0
	}
	if err != nil {
		t.Fatal(err)
	}
	c, err := st.Counts(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return p.Offset, c.Articles
}

// TestImportKilled kills an import at many moments: what it noted as done is
// there, no more and no less, and the same command ends with every article once.
func TestImportKilled(t *testing.T) {
	if testing.Short() {
		t.Skip("many restarts")
	}
	const n = 5000
	dir := t.TempDir()
	file, data := someArticles(t, dir, n), filepath.Join(dir, "data")
	var last int64
	amid := 0
	for round := range kills {
		cmd := exec.Command("dateline", "import", "--all", "--data", data, file)
		cmd.Dir = dir
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		ended := make(chan struct{})
		go func() {
			_ = cmd.Wait()
			close(ended)
		}()
		// As soon as it has got further, or a little later.
		for end := time.Now().Add(30 * time.Second); time.Now().Before(end); time.Sleep(20 * time.Millisecond) {
			if done, _ := acknowledged(t, data, file, true); done > last || last == n {
				break
			}
		}
		pause(100 * time.Millisecond)
		_ = cmd.Process.Kill()
		<-ended
		done, articles := acknowledged(t, data, file, false)
		if done == wholeFile {
			done = n
		}
		if int64(articles) != done || done < last {
			t.Fatalf("round %d: %d lines noted as done, %d articles stored; %d were done before", round, done, articles, last)
		}
		if done > 0 && done < n {
			amid++
		}
		last = done
	}
	if amid == 0 {
		t.Error("no kill in the middle of the file: the test showed nothing")
	}
	_, log, code := dl(t, dir, "import", "--all", "--data", data, file)
	if code != 0 {
		t.Fatalf("import after the kills: exit code %d\n%s", code, log)
	}
	if got := total(t, data); got != n {
		t.Errorf("%d articles found, want %d", got, n)
	}
	ids := map[string]bool{}
	for line := range bytes.Lines([]byte(mustRun(t, dir, "export", "--data", data, "--format", "jsonl", "memo"))) {
		var a struct {
			ID       string
			Versions int
		}
		if err := json.Unmarshal(line, &a); err != nil {
			t.Fatal(err)
		}
		if ids[a.ID] || a.Versions != 1 {
			t.Fatalf("article %s is there twice, or in %d versions", a.ID, a.Versions)
		}
		ids[a.ID] = true
	}
	if len(ids) != n {
		t.Errorf("%d articles exported, want %d", len(ids), n)
	}
	t.Logf("%d kills amid the file, the last at line %d", amid, last)
}
