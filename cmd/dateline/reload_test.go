package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"dateline"
)

// TestHangup gives a running program another config: a source that is new is
// crawled, one that is gone is no longer told of, a wrong config is refused,
// and nothing is lost.
func TestHangup(t *testing.T) {
	room := newsroom(t)
	dir := t.TempDir()
	file := filepath.Join(dir, "config.yaml")
	var kinds []string
	for _, s := range room.Sources() {
		if s.Kind == "feed" {
			kinds = append(kinds, s.URL)
		}
	}
	if len(kinds) < 2 {
		t.Fatalf("the newsroom has %d feeds, want two", len(kinds))
	}
	write := func(extra string, feeds ...string) {
		t.Helper()
		text := "data: " + filepath.Join(dir, "data") + "\n" + extra + `
crawler: {delay: 10ms, allow_networks: [127.0.0.0/8], connect_to: {"*.example": "` + room.Addr() + `"}}
stories:
  - id: all
    title: Everything
    sources:
`
		for _, f := range feeds {
			text += "      - feed: " + f + "\n"
		}
		if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	const token = "api: {admin_token: one, full_text: %t}\n"
	write(fmt.Sprintf(token, false), kinds[0])
	addr := freeAddr(t)
	log := &lockedBuffer{}
	cmd := exec.Command("dateline", "up", "--config", file, "--listen", addr)
	cmd.Stderr, cmd.Dir = log, dir
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	defer func() {
		_ = cmd.Process.Signal(os.Interrupt)
		_ = cmd.Wait() // "exit status 130"
		if t.Failed() {
			t.Logf("log:\n%s", log)
		}
	}()
	host := func(i int) string {
		u, err := url.Parse(kinds[i])
		if err != nil {
			t.Fatal(err)
		}
		return strings.TrimPrefix(u.Hostname(), "www.")
	}
	has := func(i int) bool {
		a, err := get(t.Context(), addr, url.Values{"outlet": {host(i)}})
		return err == nil && a.Total > 0
	}
	hangup := func() {
		t.Helper()
		if err := cmd.Process.Signal(syscall.SIGHUP); err != nil {
			t.Fatal(err)
		}
	}
	waitFor(t, "the first source", 30*time.Second, func() bool { return has(0) })
	if has(1) {
		t.Fatal("an article of the second source is there already")
	}

	write("story: wrong\n", kinds[0], kinds[1])
	hangup()
	waitFor(t, "the refusal", 30*time.Second, func() bool { return strings.Contains(log.String(), `unknown key \"story\"`) })

	if err := os.WriteFile(file, []byte("# soon\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	hangup()
	waitFor(t, "the refusal of an empty file", 30*time.Second, func() bool { return strings.Contains(log.String(), "nothing in it") })

	write(fmt.Sprintf(token, true), kinds[1])
	hangup()
	waitFor(t, "the second source", 30*time.Second, func() bool { return has(1) })
	if !strings.Contains(log.String(), "key=api") {
		t.Error("the log does not say that api needs a new start")
	}
	if !has(0) {
		t.Error("articles of the source that is gone are gone too")
	}
	state := crawlOf(t, addr, http.MethodGet, "")
	if len(state.Sources) != 1 || state.Sources[0].Taken == 0 || state.Sources[0].NextDue == nil || len(state.Hosts) == 0 || state.Fetched == 0 {
		t.Errorf("/crawl tells %+v", state)
	}
	asked := state.Sources[0].LastSuccess
	waitFor(t, "the source to be asked again", 30*time.Second, func() bool {
		// Times are told to the second: it is asked until one has gone by. By
		// itself it would be asked after a minute at the earliest.
		last := crawlOf(t, addr, http.MethodPost, `{"action":"run"}`).Sources[0].LastSuccess
		return last != nil && asked != nil && last.After(*asked)
	})
	stats := mustRun(t, dir, "stats", "--config", file, "--json")
	if strings.Contains(stats, fmt.Sprintf("%q", "feed "+kinds[0])) || !strings.Contains(stats, fmt.Sprintf("%q", "feed "+kinds[1])) {
		t.Errorf("stats %s, want the second source alone", stats)
	}
}

// crawlOf asks for the state of the crawl, or posts to it.
func crawlOf(t *testing.T, addr, method, body string) dateline.CrawlStats {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), method, "http://"+addr+"/api/v1/crawl", strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Authorization", "Bearer one")
	req.Header.Set("Content-Type", "application/json")
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	var s dateline.CrawlStats
	if err := json.NewDecoder(resp.Body).Decode(&s); err != nil || resp.StatusCode != http.StatusOK {
		t.Fatalf("%s /crawl: %s, %v", method, resp.Status, err)
	}
	return s
}

// lockedBuffer takes the output of a process that is still running.
type lockedBuffer struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (l *lockedBuffer) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.Write(p)
}

func (l *lockedBuffer) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.String()
}
