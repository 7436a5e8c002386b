package indexer

import (
	"bytes"
	"log/slog"
	"strings"
	"testing"
)

// TestOtherMapping opens an index that another version of the program made.
func TestOtherMapping(t *testing.T) {
	dir := t.TempDir()
	x := open(t, dir)
	add(t, x, art(1, "One", "The memo."), art(2, "Two", "Another memo."))
	if err := x.gen.bl.SetInternal([]byte(mappingKey), []byte("before "+mappingVersion)); err != nil {
		t.Fatal(err)
	}
	if err := x.Close(); err != nil {
		t.Fatal(err)
	}
	for i, want := range []bool{true, false} {
		var log bytes.Buffer
		x, err := Open(dir, Options{Recognizer: rec, KeepAll: true, Log: slog.New(slog.NewTextHandler(&log, nil))})
		if err != nil {
			t.Fatal(err)
		}
		if n := search(t, x, "memo").Total; n != 2 {
			t.Errorf("start %d: %d articles found, want 2", i+1, n)
		}
		if got := strings.Contains(log.String(), "made anew"); got != want {
			t.Errorf("start %d: made anew: %v, want %v\n%s", i+1, got, want, &log)
		}
		if err := x.Close(); err != nil {
			t.Fatal(err)
		}
	}
}
