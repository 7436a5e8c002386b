package main

import (
	"bytes"
	"compress/gzip"
	"encoding/json"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// TestArchiveVersions takes one address several times out of archives: its
// texts are versions by the date of their records, in whatever order they
// come, and importing them again adds none.
func TestArchiveVersions(t *testing.T) {
	const address = "https://courier.example/news/harbour-opens-1"
	at := func(date, text string) string {
		return strings.Replace(warcRecord("response", address, httpBlock("", strings.ReplaceAll(harbourPage(1, ""), "the first ferry", text+" ferry"))), "2025-11-14T10:00:00Z", date, 1)
	}
	dir := t.TempDir()
	var zipped bytes.Buffer
	w := gzip.NewWriter(&zipped)
	if _, err := io.WriteString(w, at("2025-11-14T12:00:00Z", "the blue")+at("2025-11-14T11:00:00Z", "the green")); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	for name, text := range map[string]string{
		"a.warc.gz": zipped.String(), // both in one member
		"b.warc":    at("2025-11-14T13:00:00Z", "the blue") + at("2025-11-14T10:00:00Z", "the red") + "damage",
	} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	config := filepath.Join(dir, "config.yaml")
	if err := os.WriteFile(config, []byte("api: {full_text: true}\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	data := filepath.Join(dir, "data")
	for _, files := range [][]string{{"b.warc"}, {"a.warc.gz"}, {"b.warc"}, {"a.warc.gz", "b.warc"}} {
		args := []string{"import", "--all", "--again", "--data", data, "--config", config}
		for _, f := range files {
			args = append(args, filepath.Join(dir, f))
		}
		if code, _, log := command(args...); code != exitDone && code != exitPartly {
			t.Fatalf("%v: exit %d, %s", files, code, log)
		}
	}
	_, out, _ := command("export", "", "--format", "jsonl", "--data", data, "--config", config)
	var a struct {
		Body      string
		Versions  int
		FirstSeen string `json:"first_seen"`
	}
	if err := json.Unmarshal([]byte(out), &a); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	if a.Versions != 3 || !strings.Contains(a.Body, "the blue ferry") || a.FirstSeen != "2025-11-14T10:00:00Z" {
		t.Errorf("%+v, want 3 versions, the blue ferry at last, first seen at 10", a)
	}
}

// TestArchiveNoAddress takes no page of a record without a web address.
func TestArchiveNoAddress(t *testing.T) {
	dir := t.TempDir()
	file := filepath.Join(dir, "a.warc")
	text := warcRecord("resource", "urn:uuid:1", harbourPage(1, "")) + warcRecord("response", "", httpBlock("", harbourPage(2, ""))) +
		strings.Replace(warcRecord("resource", "https://courier.example/3", harbourPage(3, "")), "text/html", "Text/HTML", 1)
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	if code, _, log := command("import", file, "--all", "--data", filepath.Join(dir, "data")); code != exitDone || !strings.Contains(log, "1 read, 1 new") {
		t.Errorf("exit %d, %s", code, log)
	}
}
