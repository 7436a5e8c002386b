package main

import (
	"bytes"
	"fmt"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"
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
	write("", kinds[0])
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

	write("api: {full_text: true}\n", kinds[1])
	hangup()
	waitFor(t, "the second source", 30*time.Second, func() bool { return has(1) })
	if !strings.Contains(log.String(), "key=api") {
		t.Error("the log does not say that api needs a new start")
	}
	if !has(0) {
		t.Error("articles of the source that is gone are gone too")
	}
	stats := mustRun(t, dir, "stats", "--config", file, "--json")
	if strings.Contains(stats, fmt.Sprintf("%q", "feed "+kinds[0])) || !strings.Contains(stats, fmt.Sprintf("%q", "feed "+kinds[1])) {
		t.Errorf("stats %s, want the second source alone", stats)
	}
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
