package main

import (
	"bytes"
	"encoding/json"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// TestUpOffline starts without a network: the server answers, the crawl keeps
// trying, and the log and the stats say of each source what failed.
func TestUpOffline(t *testing.T) {
	dir := t.TempDir()
	nobody, addr := freeAddr(t), freeAddr(t)
	config := filepath.Join(dir, "config.yaml")
	text := `stories:
  - id: memo
    title: The memo
    about: ''
    sources:
      - feed: http://courier.example/feed.xml
      - sitemap: http://ledger.example/sitemap.xml
      - page: http://10.0.0.1/news
      - urls: [http://oddities.example/news/one]
crawler:
  delay: 10ms
  timeout: 2s
  proxy: http://` + nobody + `
api:
  listen: ` + addr + "\n"
	if err := os.WriteFile(config, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	data := filepath.Join(dir, "data")
	var log bytes.Buffer
	cmd := exec.Command("dateline", "up", "--config", config, "--data", data)
	cmd.Stderr = &log
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	defer func() {
		if t.Failed() {
			t.Logf("log:\n%s", log.String())
		}
	}()
	waitFor(t, "an answer", 30*time.Second, func() bool {
		_, err := get(t.Context(), addr, url.Values{"q": {"memo"}})
		return err == nil
	})
	var s stats
	waitFor(t, "an error for each source in the stats", 30*time.Second, func() bool {
		out, err := exec.Command("dateline", "stats", "--json", "--config", config, "--data", data).Output()
		if err != nil {
			t.Logf("stats: %v", err)
			return false
		}
		s = stats{}
		if err := json.Unmarshal(out, &s); err != nil {
			t.Fatal(err)
		}
		failed := 0
		for _, src := range s.Sources {
			if src.Error != "" && src.LastSuccess == nil {
				failed++
			}
		}
		return failed == 4
	})
	for _, src := range s.Sources {
		want := "connection refused"
		if strings.Contains(src.Source, "10.0.0.1") {
			want = "private_address"
		}
		if !strings.Contains(src.Error, want) {
			t.Errorf("%s: error %q, want %q in it", src.Source, src.Error, want)
		}
	}
	if s.NotFetched["robots_unreachable"] != 3 || s.NotFetched["private_address"] != 1 {
		t.Errorf("not fetched: %v", s.NotFetched)
	}
	if err := cmd.Process.Signal(os.Interrupt); err != nil {
		t.Fatal(err)
	}
	_ = cmd.Wait() // 130, looked at below
	if code := cmd.ProcessState.ExitCode(); code != exitInterrupted {
		t.Errorf("exit code %d, want %d", code, exitInterrupted)
	}
	for _, src := range []string{"feed http://courier.example/feed.xml", "sitemap http://ledger.example/sitemap.xml", "page http://10.0.0.1/news", "urls http://oddities.example/news/one"} {
		if !strings.Contains(log.String(), src) {
			t.Errorf("the log does not name %s", src)
		}
	}
}
