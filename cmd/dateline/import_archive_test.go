package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"dateline"
	"dateline/crawler"
)

// harbourPage is a page that makes an article.
func harbourPage(n int, head string) string {
	return fmt.Sprintf("<!doctype html><html lang=en><head><title>Harbour %d opens</title>%s</head><body><article><h1>Harbour %d opens</h1>%s</article></body></html>",
		n, head, n, strings.Repeat("<p>The new harbour opened on Friday after three years of work, and the first ferry left at noon.</p>", 4))
}

func warcRecord(kind, uri, block string) string {
	ctype := "application/http;msgtype=response"
	if kind == "resource" {
		ctype = "text/html; charset=utf-8"
	}
	return fmt.Sprintf("WARC/1.1\r\nWARC-Type: %s\r\nWARC-Record-ID: <urn:uuid:1>\r\nWARC-Date: 2025-11-14T10:00:00Z\r\nWARC-Target-URI: %s\r\nContent-Type: %s\r\nContent-Length: %d\r\n\r\n%s\r\n\r\n",
		kind, uri, ctype, len(block), block)
}

func httpBlock(header, page string) string {
	return "HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\n" + header + "\r\n" + page
}

// TestArchivePages takes out of archives what are pages and may be taken.
func TestArchivePages(t *testing.T) {
	dir := t.TempDir()
	var b strings.Builder
	for _, r := range []string{
		warcRecord("response", "https://courier.example/news/0", httpBlock("", harbourPage(0, ""))),
		warcRecord("request", "https://courier.example/news/0", "GET / HTTP/1.1\r\n\r\n"),
		warcRecord("response", "https://courier.example/news/1", httpBlock("X-Robots-Tag: noindex\r\n", harbourPage(1, ""))),
		warcRecord("response", "https://courier.example/news/2", httpBlock("X-Robots-Tag: otherbot: noindex\r\n", harbourPage(2, ""))),
		warcRecord("response", "https://courier.example/news/3", httpBlock("", harbourPage(3, `<meta name="dateline" content="noindex">`))),
		warcRecord("response", "https://courier.example/news/4", httpBlock("", harbourPage(4, `<meta name="robots" content="unavailable_after: 2020-01-01">`))),
		warcRecord("response", "https://courier.example/news/5", strings.Replace(httpBlock("", harbourPage(5, "")), "200 OK", "404 Not Found", 1)),
		warcRecord("response", "https://courier.example/news/6", strings.Replace(httpBlock("", harbourPage(6, "")), "text/html", "image/png", 1)),
		warcRecord("resource", "https://courier.example/news/7", harbourPage(7, "")),
		warcRecord("response", "https://courier.example/news/8", "HTTP/1.1 200 OK\r\n\r\n"+harbourPage(8, "")),
	} {
		b.WriteString(r)
	}
	http := httpBlock("", harbourPage(9, ""))
	arc := "filedesc://x.arc 0.0.0.0 20251114100000 text/plain 9\n1 0 Test\n\n\n" +
		fmt.Sprintf("https://courier.example/news/9 10.0.0.1 20251114100000 text/html %d\n%s\n\n", len(http), http)
	for name, text := range map[string]string{"a.warc": b.String(), "b.arc": arc} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	data := filepath.Join(dir, "data")
	code, _, log := command("import", dir, "--all", "--data", data)
	if code != exitDone || !strings.Contains(log, "5 read, 5 new") || !strings.Contains(log, "3 left out") {
		t.Fatalf("exit %d, %s", code, log)
	}
	_, out, _ := command("search", "--json", "harbour", "--data", data)
	for i := range 10 {
		want := map[int]bool{0: true, 2: true, 7: true, 8: true, 9: true}[i]
		if got := strings.Contains(out, fmt.Sprintf("/news/%d\"", i)); got != want {
			t.Errorf("page %d taken: %v, want %v", i, got, want)
		}
	}
}

// TestArchiveMemory reads an archive with a film of 320 MiB in it, in less
// memory than that.
func TestArchiveMemory(t *testing.T) {
	film := strings.Repeat("\x00\x01\x02\x03\x04\x05\x06\x07", 1<<17)
	const parts = 320 // of 1 MiB
	head := "HTTP/1.1 200 OK\r\nContent-Type: video/mp4\r\n\r\n"
	in := []io.Reader{strings.NewReader(fmt.Sprintf("WARC/1.1\r\nWARC-Type: response\r\nWARC-Target-URI: https://courier.example/film\r\nWARC-Date: 2025-11-14T10:00:00Z\r\n"+
		"Content-Type: application/http;msgtype=response\r\nContent-Length: %d\r\n\r\n%s", len(head)+parts*len(film), head))}
	for range parts {
		in = append(in, strings.NewReader(film))
	}
	in = append(in, strings.NewReader("\r\n\r\n"+warcRecord("response", "https://courier.example/news/1", httpBlock("", harbourPage(1, "")))))
	var before, after runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&before)
	pages, most := 0, uint64(0)
	res, err := crawler.ReadWARC(io.MultiReader(in...), func(r crawler.Record) error {
		runtime.GC()
		runtime.ReadMemStats(&after)
		most = max(most, after.HeapAlloc)
		if isPage(&r) {
			pages++
		} else if !r.Cut {
			t.Errorf("the film is not cut: %d bytes", len(r.Body))
		}
		return nil
	})
	if err != nil || res.Damaged || pages != 1 {
		t.Fatalf("%d pages, %+v, %v", pages, res, err)
	}
	if grown := int64(most) - int64(before.HeapAlloc); grown > 80<<20 {
		t.Errorf("%d MiB more in use, want at most 80", grown>>20)
	}
}

// TestArchiveJoinsPages takes an article of three pages, with others between
// them in the archive, and one whose second page is not there.
func TestArchiveJoinsPages(t *testing.T) {
	page := func(n int, text, next string) string {
		head := `<meta property="og:type" content="article">`
		if next != "" {
			head += `<link rel="next" href="` + next + `">`
		}
		return httpBlock("", strings.ReplaceAll(harbourPage(n, head), "the first ferry", text+" ferry"))
	}
	dir := t.TempDir()
	var b strings.Builder
	for _, r := range []string{
		warcRecord("response", "https://courier.example/news/harbour-opens-1", page(1, "the red", "/news/harbour-opens-1?page=2")),
		warcRecord("response", "https://courier.example/news/harbour-opens-2", page(2, "the white", "/news/harbour-opens-2?page=2")),
		warcRecord("response", "https://courier.example/news/harbour-opens-1?page=2", page(1, "the green", "/news/harbour-opens-1?page=3")),
		warcRecord("response", "https://courier.example/news/harbour-opens-3", page(3, "the black", "")),
		warcRecord("response", "https://courier.example/news/harbour-opens-1?page=3", page(1, "the blue", "")),
	} {
		b.WriteString(r)
	}
	if err := os.WriteFile(filepath.Join(dir, "a.warc"), []byte(b.String()), 0o600); err != nil {
		t.Fatal(err)
	}
	config := filepath.Join(dir, "config.yaml")
	if err := os.WriteFile(config, []byte("api: {full_text: true}\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	data := filepath.Join(dir, "data")
	if code, _, log := command("import", filepath.Join(dir, "a.warc"), "--all", "--data", data, "--config", config); code != exitDone {
		t.Fatalf("exit %d, %s", code, log)
	}
	_, out, _ := command("export", "", "--format", "jsonl", "--data", data, "--config", config)
	got := map[string]string{}
	for line := range strings.Lines(out) {
		var a struct {
			URL, Body string
			Pages     []string
		}
		if err := json.Unmarshal([]byte(line), &a); err != nil {
			t.Fatal(err)
		}
		for _, colour := range []string{"red", "green", "blue", "white", "black"} {
			if strings.Contains(a.Body, "the "+colour+" ferry") {
				got[a.URL] += colour + " "
			}
		}
		got[a.URL] += fmt.Sprint(len(a.Pages))
	}
	want := map[string]string{
		"https://courier.example/news/harbour-opens-1": "red green blue 2",
		"https://courier.example/news/harbour-opens-2": "white 0",
		"https://courier.example/news/harbour-opens-3": "black 0",
	}
	if fmt.Sprint(got) != fmt.Sprint(want) {
		t.Errorf("got %v, want %v", got, want)
	}
	// What was imported whole is not read again.
	if _, _, log := command("import", filepath.Join(dir, "a.warc"), "--all", "--data", data, "--config", config); !strings.Contains(log, "imported before") {
		t.Errorf("the second time: %s", log)
	}
}

// TestArchivePageNeverComes stops the import of an archive whose first article
// waits for a page that is not there: what was read long after it is not read
// again.
func TestArchivePageNeverComes(t *testing.T) {
	dir := t.TempDir()
	var b strings.Builder
	b.WriteString(warcRecord("response", "https://courier.example/news/0", httpBlock("", harbourPage(0, `<meta property="og:type" content="article"><link rel="next" href="/news/0?page=2">`))))
	const n = maxApart + 3*importBatch
	for i := range n {
		page := "<!doctype html><title>No</title>" // not an article, and quickly read
		if i%10 == 0 || i > maxApart {
			page = harbourPage(i+1, "")
		}
		b.WriteString(warcRecord("response", fmt.Sprintf("https://courier.example/news/%d", i+1), httpBlock("", page)))
	}
	file := filepath.Join(dir, "a.warc")
	if err := os.WriteFile(file, []byte(b.String()), 0o600); err != nil {
		t.Fatal(err)
	}
	a := &app{cfg: &dateline.Config{Data: filepath.Join(dir, "data")}, log: slog.New(slog.DiscardHandler)}
	if err := a.openIndex(t.Context(), indexMode{keepAll: true}); err != nil {
		t.Fatal(err)
	}
	defer a.close()
	read := func(stop int) int {
		im := newImporter(t.Context(), a)
		im.mode = "test"
		im.ctx = stopAt{t.Context(), im, stop}
		if err := im.all([]string{file}); err != nil && !errors.Is(err, context.Canceled) {
			t.Fatal(err)
		}
		return im.read
	}
	before := 1 + maxApart/10 // articles up to where the first is given up
	first := read(before + 2*importBatch)
	if again := read(2*n) - (before + n - maxApart - first); again > importBatch+1 {
		t.Errorf("%d of %d articles were read again, want at most %d", again, first, importBatch+1)
	}
}
