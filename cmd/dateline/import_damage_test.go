package main

import (
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

// TestArchiveDamageTold tells damage when it is come to, goes on behind it after
// a stop, and tells it again once the archive was read to its end.
func TestArchiveDamageTold(t *testing.T) {
	dir := t.TempDir()
	file := filepath.Join(dir, "a.warc")
	var b strings.Builder
	const n = importBatch + 20
	for i := range n {
		b.WriteString(warcRecord("response", fmt.Sprintf("https://courier.example/news/harbour-%d", i), httpBlock("", harbourPage(i, ""))))
		if i == 0 {
			b.WriteString("damage\n")
		}
	}
	if err := os.WriteFile(file, []byte(b.String()), 0o600); err != nil {
		t.Fatal(err)
	}
	var log strings.Builder
	a := &app{cfg: &dateline.Config{Data: filepath.Join(dir, "data")}, log: slog.New(slog.NewTextHandler(&log, nil))}
	if err := a.openIndex(t.Context(), indexMode{keepAll: true}); err != nil {
		t.Fatal(err)
	}
	defer a.close()
	read := func(stop int) *importer {
		im := newImporter(t.Context(), a)
		im.mode = "test"
		im.ctx = stopAt{t.Context(), im, stop}
		if err := im.all([]string{file}); err != nil && !errors.Is(err, context.Canceled) {
			t.Fatal(err)
		}
		return im
	}
	read(importBatch + 10) // behind the first batch
	if got := strings.Count(log.String(), "the archive is damaged"); got != 1 {
		t.Errorf("the damage was told %d times, want once: %s", got, log.String())
	}
	if im := read(2 * n); im.read != n-importBatch+1 || len(im.failed) != 0 {
		t.Errorf("the next: %d read, %q", im.read, im.failed)
	}
	a.log = slog.New(slog.DiscardHandler)
	for range 2 {
		im := newImporter(t.Context(), a)
		im.mode = "another"
		if err := im.all([]string{file}); err != nil || im.read != n || len(im.failed) != 1 || !strings.Contains(im.failed[0], "damaged at byte ") {
			t.Errorf("%v, %d read, %q, want the damage", err, im.read, im.failed)
		}
	}
}
