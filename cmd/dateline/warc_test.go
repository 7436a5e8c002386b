package main

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// TestArchiveSource crawls a story whose source is an archive: its article is
// found; a cut archive is reported and what came before the cut is kept.
func TestArchiveSource(t *testing.T) {
	dir := t.TempDir()
	page := `<!doctype html><html lang="en"><head><title>Harbour opens</title></head><body><article><h1>Harbour opens</h1>` +
		strings.Repeat("<p>The new harbour opened on Friday after three years of work, and the first ferry left at noon.</p>", 4) + "</article></body></html>"
	http := "HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\n\r\n" + page
	record := fmt.Sprintf("WARC/1.1\r\nWARC-Type: response\r\nWARC-Record-ID: <urn:uuid:1>\r\nWARC-Date: 2025-11-14T10:00:00Z\r\n"+
		"WARC-Target-URI: https://courier.example/news/harbour-opens\r\nContent-Type: application/http;msgtype=response\r\nContent-Length: %d\r\n\r\n%s\r\n\r\n", len(http), http)
	write := func(name, text string) string {
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		return path
	}
	write("a.warc", record+record[:len(record)/2])
	config := write("config.yaml", "stories:\n  - id: harbour\n    title: Harbour\n    about: ''\n    sources:\n      - warc: '"+filepath.Join(dir, "*.warc")+"'\n")
	do := func(args ...string) (int, string, string) {
		var stdout, stderr strings.Builder
		code := run(append(args, "--config", config, "--data", filepath.Join(dir, "data")), strings.NewReader(""), &stdout, &stderr)
		return code, stdout.String(), stderr.String()
	}
	if code, _, log := do("crawl", "--once"); code != exitDone || !strings.Contains(log, "archive not read to its end") {
		t.Errorf("crawl: exit %d, log %s", code, log)
	}
	if code, out, log := do("search", "--json", "harbour"); code != exitDone || !strings.Contains(out, `"total":1,`) {
		t.Errorf("search: exit %d, %s %s", code, out, log)
	}
	if code, _, log := do("import", filepath.Join(dir, "a.warc")); code != exitPartly || !strings.Contains(log, "damaged at byte") || !strings.Contains(log, "1 known") {
		t.Errorf("import: exit %d, log %s", code, log)
	}
}
