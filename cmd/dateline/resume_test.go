package main

import (
	"bytes"
	"compress/gzip"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"dateline"
)

// stopAt is a context that ends when an importer has read so many articles.
type stopAt struct {
	context.Context
	im *importer
	n  int
}

func (s stopAt) Err() error {
	if s.im.read >= s.n {
		return context.Canceled
	}
	return s.Context.Err()
}

// TestArchiveResumed stops the import of an archive: the next goes on at the
// last record of what was stored.
func TestArchiveResumed(t *testing.T) {
	const n = importBatch + 50
	for _, zipped := range []bool{false, true} {
		name := "a.warc"
		if zipped {
			name += ".gz"
		}
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			var b bytes.Buffer
			for i := range n {
				page := fmt.Sprintf("<!doctype html><html lang=en><head><title>Harbour %d opens</title></head><body><article><h1>Harbour %d opens</h1>%s</article></body></html>",
					i, i, strings.Repeat("<p>The new harbour opened on Friday after three years of work, and the first ferry left at noon.</p>", 4))
				http := "HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\n\r\n" + page
				rec := fmt.Sprintf("WARC/1.1\r\nWARC-Type: response\r\nWARC-Record-ID: <urn:uuid:%d>\r\nWARC-Date: 2025-11-14T10:00:00Z\r\n"+
					"WARC-Target-URI: https://courier.example/news/harbour-%d-opens\r\nContent-Type: application/http;msgtype=response\r\nContent-Length: %d\r\n\r\n%s\r\n\r\n", i, i, len(http), http)
				if !zipped {
					b.WriteString(rec)
					continue
				}
				w := gzip.NewWriter(&b)
				if _, err := w.Write([]byte(rec)); err != nil {
					t.Fatal(err)
				}
				if err := w.Close(); err != nil {
					t.Fatal(err)
				}
			}
			file := filepath.Join(dir, name)
			if err := os.WriteFile(file, b.Bytes(), 0o644); err != nil {
				t.Fatal(err)
			}
			a := &app{cfg: &dateline.Config{Data: filepath.Join(dir, "data")}, log: slog.New(slog.DiscardHandler)}
			if err := a.openIndex(t.Context(), indexMode{keepAll: true}); err != nil {
				t.Fatal(err)
			}
			defer a.close()
			read := func(stop int) (int, error) {
				im := newImporter(t.Context(), a)
				im.mode = "test"
				im.ctx = stopAt{t.Context(), im, stop}
				err := im.all([]string{file})
				return im.read, err
			}
			if got, err := read(importBatch + 20); got != importBatch+20 || !errors.Is(err, context.Canceled) {
				t.Fatalf("stopped: %d read, %v", got, err)
			}
			// The last record of the batch is read again: what follows it in its
			// member was not seen.
			if got, err := read(2 * n); got != n-importBatch+1 || err != nil {
				t.Errorf("the next: %d read, %v, want %d", got, err, n-importBatch+1)
			}
			if got, err := read(2 * n); got != 0 || err != nil {
				t.Errorf("once more: %d read, %v, want none", got, err)
			}
			s, err := a.idx.Stats(t.Context())
			if err != nil || s.Articles != n || s.Versions != n {
				t.Errorf("%d articles in %d versions, %v, want %d", s.Articles, s.Versions, err, n)
			}
		})
	}
}
