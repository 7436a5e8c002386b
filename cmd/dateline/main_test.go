package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"

	"github.com/rogpeppe/go-internal/testscript"
)

// TestMain lets this test binary be the dateline command: scripts and the
// crash tests run it as a process of its own.
func TestMain(m *testing.M) {
	testscript.Main(m, map[string]func(){
		"dateline": func() { os.Exit(run(os.Args[1:], os.Stdin, os.Stdout, os.Stderr)) },
	})
}

// freeAddr gives a loopback address that nobody listens on just now.
func freeAddr(t *testing.T) string {
	t.Helper()
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer ln.Close()
	return ln.Addr().String()
}

type answer struct {
	Total int `json:"total"`
	Hits  []struct {
		ID  string `json:"id"`
		URL string `json:"url"`
	} `json:"hits"`
	Facets   map[string][]struct{ ID string } `json:"facets"`
	Timeline []struct{ Count int }            `json:"timeline"`
	Next     string                           `json:"next"`
}

func get(ctx context.Context, addr string, v url.Values) (*answer, error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, "http://"+addr+"/api/v1/search?"+v.Encode(), nil)
	if err != nil {
		return nil, err
	}
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		return nil, err
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	if err != nil {
		return nil, err
	}
	if resp.StatusCode != http.StatusOK {
		return nil, fmt.Errorf("status %d: %s", resp.StatusCode, body)
	}
	var a answer
	return &a, json.Unmarshal(body, &a)
}

// all follows the cursor and fails on an article that comes twice.
func all(t *testing.T, addr string) map[string]bool {
	t.Helper()
	ids := map[string]bool{}
	v := url.Values{"limit": {"50"}, "sort": {"oldest"}}
	for {
		a, err := get(t.Context(), addr, v)
		if err != nil {
			t.Fatal(err)
		}
		for _, h := range a.Hits {
			if ids[h.ID] {
				t.Fatalf("article %s (%s) comes twice", h.ID, h.URL)
			}
			ids[h.ID] = true
		}
		if a.Next == "" {
			return ids
		}
		v.Set("cursor", a.Next)
	}
}

func waitFor(t *testing.T, what string, limit time.Duration, ok func() bool) {
	t.Helper()
	for end := time.Now().Add(limit); time.Now().Before(end); time.Sleep(100 * time.Millisecond) {
		if ok() {
			return
		}
	}
	t.Fatalf("%s: not within %s", what, limit)
}

func startDemo(t *testing.T, addr, dir string) (*exec.Cmd, *bytes.Buffer) {
	t.Helper()
	var log bytes.Buffer
	cmd := exec.Command("dateline", "demo", "--data", dir, "--listen", addr)
	cmd.Stderr = &log
	cmd.Dir = t.TempDir() // no config.yaml here: the built-in one
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	return cmd, &log
}

// TestDemo is the README's promise: crawl, index and serve with no network,
// and one organization under three names is one search.
func TestDemo(t *testing.T) {
	addr := freeAddr(t)
	cmd, log := startDemo(t, addr, filepath.Join(t.TempDir(), "data"))
	defer func() {
		_ = cmd.Process.Signal(os.Interrupt)
		err := cmd.Wait()
		if code := cmd.ProcessState.ExitCode(); code != exitInterrupted {
			t.Errorf("exit code %d (%v), want %d", code, err, exitInterrupted)
		}
		if t.Failed() {
			t.Logf("log:\n%s", log)
		}
	}()
	q := func(s string) *answer {
		a, err := get(t.Context(), addr, url.Values{"q": {s}})
		if err != nil {
			return &answer{}
		}
		return a
	}
	waitFor(t, "hits for org:PLA", 90*time.Second, func() bool { return q("org:PLA").Total >= 20 })
	var a, b, c *answer
	waitFor(t, "one total for three names", 30*time.Second, func() bool {
		a, b, c = q("org:PLA"), q("org:解放军"), q(`org:"People's Liberation Army"`)
		return a.Total == b.Total && b.Total == c.Total
	})
	if len(a.Facets["outlet"]) < 3 || len(a.Timeline) == 0 {
		t.Errorf("facets %v, timeline %v: want outlets and buckets", a.Facets, a.Timeline)
	}
}
