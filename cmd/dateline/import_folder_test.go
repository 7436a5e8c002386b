package main

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// TestImportFolderAgain imports a folder of saved pages twice: what was not
// changed is not read again, what was, and what could not be taken, is.
func TestImportFolderAgain(t *testing.T) {
	dir := t.TempDir()
	pages, data := filepath.Join(dir, "pages"), filepath.Join(dir, "data")
	write := func(name, text string) {
		t.Helper()
		file := filepath.Join(pages, name)
		if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	for i := range 5 {
		write(fmt.Sprintf("%d/page.html", i), harbourPage(i, fmt.Sprintf(`<link rel="canonical" href="https://courier.example/news/%d">`, i)))
	}
	write("empty.html", "<html></html>")
	do := func(want string, code int, args ...string) {
		t.Helper()
		got, _, log := command(append([]string{"import", pages, "--all", "--data", data}, args...)...)
		if got != code || !strings.Contains(log, want) {
			t.Errorf("exit %d, %s, want %d and %q", got, log, code, want)
		}
	}
	do("5 read, 5 new or changed", exitPartly)
	do("5 HTML files were imported before and not read again (--again reads them)\n0 read", exitPartly)
	write("3/page.html", harbourPage(33, `<link rel="canonical" href="https://courier.example/news/3">`))
	do("4 HTML files were imported before and not read again (--again reads them)\n1 read, 1 new or changed", exitPartly)
	touched := time.Now().Add(-time.Hour)
	if err := os.Chtimes(filepath.Join(pages, "2/page.html"), touched, touched); err != nil {
		t.Fatal(err)
	}
	do("1 read, 0 new or changed, 1 known", exitPartly)
	if err := os.Remove(filepath.Join(pages, "empty.html")); err != nil {
		t.Fatal(err)
	}
	do("\n0 read", exitDone)
	do("5 read, 0 new or changed, 5 known", exitDone, "--again")
	// Under another rule a page that was off the stories may not be now.
	got, _, log := command("import", pages, "--data", data)
	if got != exitDone || !strings.Contains(log, "5 read") {
		t.Errorf("without --all: exit %d, %s", got, log)
	}
}
