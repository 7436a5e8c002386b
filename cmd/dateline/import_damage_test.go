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

// TestArchiveDamageIsHeld tells damage again when an import goes on behind it.
func TestArchiveDamageIsHeld(t *testing.T) {
	dir := t.TempDir()
	file := filepath.Join(dir, "a.warc")
	var b strings.Builder
	for i := range importBatch + 20 {
		b.WriteString(warcRecord("response", fmt.Sprintf("https://courier.example/news/harbour-%d", i), httpBlock("", harbourPage(i, ""))))
		if i == 0 {
			b.WriteString("damage\n")
		}
	}
	if err := os.WriteFile(file, []byte(b.String()), 0o600); err != nil {
		t.Fatal(err)
	}
	a := &app{cfg: &dateline.Config{Data: filepath.Join(dir, "data")}, log: slog.New(slog.DiscardHandler)}
	if err := a.openIndex(t.Context(), indexMode{keepAll: true}); err != nil {
		t.Fatal(err)
	}
	defer a.close()
	im := newImporter(t.Context(), a)
	im.mode = "test"
	im.ctx = stopAt{t.Context(), im, importBatch + 10} // behind the first batch
	if err := im.all([]string{file}); !errors.Is(err, context.Canceled) {
		t.Fatal(err)
	}
	for range 2 {
		im = newImporter(t.Context(), a)
		im.mode = "test"
		if err := im.all([]string{file}); err != nil || len(im.failed) != 1 || !strings.Contains(im.failed[0], "damaged at byte ") {
			t.Errorf("%v, %q, want the damage", err, im.failed)
		}
	}
}
