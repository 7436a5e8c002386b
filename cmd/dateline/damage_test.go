package main

import (
	"bytes"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// TestDamagedIndex damages the derived files in every way that a crash or a
// bad disk may: the next start rebuilds them and answers as before.
func TestDamagedIndex(t *testing.T) {
	dir := t.TempDir()
	data := filepath.Join(dir, "data")
	index := filepath.Join(data, "index")
	mustRun(t, dir, "import", "--all", "--data", data, someArticles(t, dir, 200))
	search := func() (answer, log string) {
		t.Helper()
		var out, errs strings.Builder
		code := run([]string{"search", "--json", "--data", data, "--sort", "oldest", "--limit", "100", "alibaba number"}, strings.NewReader(""), &out, &errs)
		if code != 0 {
			t.Errorf("search: exit code %d\n%s", code, &errs)
		}
		return cursor.ReplaceAllString(took.ReplaceAllString(out.String(), ""), ""), errs.String()
	}
	want, _ := search()
	if !strings.Contains(want, `"total":200`) {
		t.Fatalf("%.200s", want)
	}
	files := func() (list []string) {
		err := filepath.WalkDir(index, func(path string, d fs.DirEntry, err error) error {
			if err == nil && d.Type().IsRegular() {
				list = append(list, path)
			}
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		return list
	}
	check := func(what string) {
		t.Helper()
		got, log := search()
		if got != want {
			t.Errorf("%s: another answer\n%.300s\nwant\n%.300s", what, got, want)
		}
		if strings.Contains(log, "panic:") || strings.Contains(log, "fatal error") {
			t.Errorf("%s: %.2000s", what, log)
		}
		if again, log := search(); again != want || strings.Contains(log, "made anew") {
			t.Errorf("%s: rebuilt again at the start after: %s", what, log)
		}
	}
	rebuilt := func(what string) {
		t.Helper()
		got, log := search()
		if got != want || !strings.Contains(log, "made anew") {
			t.Errorf("%s: answer %.200s, log %.2000s, want the same answer and a line on the rebuilding", what, got, log)
		}
	}
	if err := os.RemoveAll(index); err != nil {
		t.Fatal(err)
	}
	rebuilt("no index folder")
	for _, text := range []string{"", "gen-99\n", "../../etc\n", "\x00\xff"} {
		if err := os.WriteFile(filepath.Join(index, "CURRENT"), []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
		rebuilt("CURRENT is " + text)
	}
	if err := os.Remove(filepath.Join(index, "CURRENT")); err != nil {
		t.Fatal(err)
	}
	rebuilt("no CURRENT")

	damages := map[string]func(path string, text []byte) error{
		"removed": func(path string, _ []byte) error { return os.Remove(path) },
		"emptied": func(path string, _ []byte) error { return os.Truncate(path, 0) },
		"cut":     func(path string, text []byte) error { return os.Truncate(path, int64(len(text)*2/3)) },
		"overwrote": func(path string, text []byte) error {
			return os.WriteFile(path, bytes.Repeat([]byte{0xa5}, len(text)), 0o644)
		},
	}
	for how, do := range damages {
		n := len(files())
		for i := range n {
			list := files()
			if i >= len(list) {
				break
			}
			path := list[i]
			text, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			if err := do(path, text); err != nil {
				t.Fatal(err)
			}
			check(how + " " + filepath.Base(path))
		}
	}
	if got, log := search(); got != want || strings.Contains(log, "made anew") {
		t.Errorf("the index was made anew and is so again: %s", log)
	}
}
