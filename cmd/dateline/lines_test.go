package main

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// What an outlet's pages have in common comes into force when a crawl starts,
// and stays in force, no more and no less, until the next one does.
func TestLines(t *testing.T) {
	const offer = "Readers who want to hear more of the valley find our reporters each Thursday evening at the old mill, where the coffee is free."
	dir := t.TempDir()
	open := func() *lines {
		t.Helper()
		m, err := openLines(dir)
		if err != nil {
			t.Fatal(err)
		}
		return m
	}
	has := func(m *lines, n int, learn bool) bool {
		t.Helper()
		var b strings.Builder
		fmt.Fprintf(&b, `<html><head><meta property="article:published_time" content="2024-03-0%dT08:00:00Z"></head><body><article><h1>Report %d</h1>`, n+1, n)
		for k := range 4 {
			fmt.Fprintf(&b, "<p>Paragraph %d of report %d says what the farmers of village %d told the council about their water on Monday.</p>", k, n, n*7+k)
		}
		fmt.Fprintf(&b, "<p>%s</p></article></body></html>", offer)
		p, err := m.Extract([]byte(b.String()), "text/html", fmt.Sprintf("https://news.valley.example/report/%d", n))
		if err != nil {
			t.Fatal(err)
		}
		if learn {
			if err := m.learn(p); err != nil {
				t.Fatal(err)
			}
		}
		return strings.Contains(p.Article.Body, offer)
	}
	m := open()
	for n := range 4 {
		if !has(m, n, true) {
			t.Fatal("the line is left out before anything is in force")
		}
	}
	if err := m.close(); err != nil {
		t.Fatal(err)
	}
	m = open()
	if !has(m, 0, true) {
		t.Error("what was learned is in force without a crawl's start")
	}
	if err := m.activate(); err != nil {
		t.Fatal(err)
	}
	for range 2 {
		m = open()
		if has(m, 0, false) || has(m, 5, true) {
			t.Error("the line is still there after activate")
		}
	}
	if names, err := os.ReadDir(dir); err != nil || len(names) != 1 {
		t.Errorf("files: %v, %v; want %s alone", names, err, linesFile)
	}
	if err := os.WriteFile(filepath.Join(dir, linesFile), []byte("DLMEM1\nx"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := openLines(dir); err == nil || !strings.Contains(err.Error(), linesFile) {
		t.Errorf("a damaged file: %v, want an error that names it", err)
	}
}
