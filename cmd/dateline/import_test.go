package main

import (
	"bytes"
	"compress/gzip"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"

	"golang.org/x/sys/unix"
)

// total is the number of articles in a data folder, by search.
func total(t *testing.T, data string) int {
	t.Helper()
	var a answer
	if err := json.Unmarshal([]byte(mustRun(t, filepath.Dir(data), "search", "--json", "--limit", "1", "--data", data, "memo")), &a); err != nil {
		t.Fatal(err)
	}
	return a.Total
}

// TestImportAgain imports a file twice: a whole one is not read again, a
// changed one is, and what was off the stories is when all is wanted.
func TestImportAgain(t *testing.T) {
	dir := t.TempDir()
	data := filepath.Join(dir, "data")
	file := someArticles(t, dir, 30)
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	zipped := filepath.Join(dir, "b.jsonl.gz")
	gz := func(text []byte) {
		t.Helper()
		var b bytes.Buffer
		w := gzip.NewWriter(&b)
		if _, err := w.Write(text); err != nil {
			t.Fatal(err)
		}
		if err := w.Close(); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(zipped, b.Bytes(), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	gz(bytes.ReplaceAll(text, []byte(`"id":"a`), []byte(`"id":"z`)))
	other := filepath.Join(dir, "other.yaml")
	if err := os.WriteFile(other, []byte("stories:\n  - {id: roses, title: Roses, about: roses}\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	steps := []struct {
		what string
		do   func()
		args []string
		code int
		want []string
		not  string
	}{
		{what: "off the story", args: []string{"--config", other, file}, want: []string{"30 read, 0 new or changed, 0 known, 30 off"}},
		{what: "off the story again", args: []string{"--config", other, file}, want: []string{"0 read", "imported before"}},
		{what: "all", args: []string{"--config", other, "--all", file, zipped}, want: []string{"60 read, 60 new or changed"}},
		{what: "all again", args: []string{"--config", other, "--all", file, zipped}, want: []string{"0 read, 0 new", "a.jsonl: imported before", "b.jsonl.gz: imported before"}},
		{what: "another story", args: []string{"--all", file}, want: []string{"30 read, 0 new or changed, 30 known"}},
		{what: "changed", do: func() {
			later := bytes.Replace(text, []byte("number 7."), []byte("number X."), 1) // of the same size
			if err := os.WriteFile(file, later, 0o644); err != nil {
				t.Fatal(err)
			}
		}, args: []string{"--all", file}, want: []string{"30 read, 1 new or changed, 29 known"}, not: "imported before"},
		{what: "a bad line", do: func() {
			bad := append(bytes.Join(bytes.SplitAfter(text, []byte("\n"))[:10], nil), "{bad\n"...)
			if err := os.WriteFile(file, append(bad, bytes.ReplaceAll(text, []byte(`"id":"a`), []byte(`"id":"c`))...), 0o644); err != nil {
				t.Fatal(err)
			}
		}, args: []string{"--all", file}, code: exitPartly, want: []string{"40 read, 31 new or changed, 9 known", "a.jsonl:11:"}},
		{what: "a bad line again", args: []string{"--all", file}, code: exitPartly, want: []string{"30 read, 0 new or changed, 30 known", "a.jsonl:11:"}},
	}
	for _, s := range steps {
		if s.do != nil {
			s.do()
		}
		var stderr strings.Builder
		code := run(append([]string{"import", "--data", data}, s.args...), strings.NewReader(""), &stderr, &stderr)
		if code != s.code || s.not != "" && strings.Contains(stderr.String(), s.not) {
			t.Errorf("%s: exit code %d, want %d\n%s", s.what, code, s.code, &stderr)
		}
		for _, w := range s.want {
			if !strings.Contains(stderr.String(), w) {
				t.Errorf("%s: want %q in\n%s", s.what, w, &stderr)
			}
		}
	}
	if n := total(t, data); n != 90 {
		t.Errorf("%d articles, want 90", n)
	}
}

// TestImportInterrupted stops an import with Ctrl-C: the same command goes on
// where it was.
func TestImportInterrupted(t *testing.T) {
	const n = 15000 // a second or more of work on any machine
	dir := t.TempDir()
	data := filepath.Join(dir, "data")
	file := someArticles(t, dir, n)
	var log bytes.Buffer
	cmd := exec.Command("dateline", "import", "--all", "--data", data, file)
	cmd.Stderr, cmd.Dir = &log, dir
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	for end := time.Now().Add(30 * time.Second); time.Now().Before(end); time.Sleep(10 * time.Millisecond) {
		if done, _ := acknowledged(t, data, file, true); done > 0 {
			break
		}
	}
	_ = cmd.Process.Signal(os.Interrupt)
	_ = cmd.Wait()
	if code := cmd.ProcessState.ExitCode(); code != exitInterrupted {
		t.Fatalf("exit code %d, want %d (0: the machine was too quick)\n%s", code, exitInterrupted, &log)
	}
	_, errs, code := dl(t, dir, "import", "--all", "--data", data, file)
	var read int
	for _, line := range strings.Split(errs, "\n") {
		_, _ = fmt.Sscanf(line, "%d read,", &read)
	}
	if code != 0 || !strings.Contains(errs, "goes on where it was") || read == 0 || read > n-importBatch {
		t.Errorf("second import: exit code %d, %d read, want less than %d\n%s", code, read, n-importBatch, errs)
	}
	if got := total(t, data); got != n {
		t.Errorf("%d articles, want %d", got, n)
	}
}

// TestImportProgress imports with a terminal as standard error.
func TestImportProgress(t *testing.T) {
	if runtime.GOOS != "linux" {
		t.Skip("a terminal is made as Linux makes it")
	}
	tty, err := os.OpenFile("/dev/ptmx", os.O_RDWR, 0)
	if err != nil {
		t.Skip(err)
	}
	defer tty.Close()
	if err := unix.IoctlSetPointerInt(int(tty.Fd()), unix.TIOCSPTLCK, 0); err != nil {
		t.Fatal(err)
	}
	num, err := unix.IoctlGetInt(int(tty.Fd()), unix.TIOCGPTN)
	if err != nil {
		t.Fatal(err)
	}
	child, err := os.OpenFile(fmt.Sprintf("/dev/pts/%d", num), os.O_RDWR|unix.O_NOCTTY, 0)
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	cmd := exec.Command("dateline", "import", "--all", "--data", filepath.Join(dir, "data"), someArticles(t, dir, 2000))
	cmd.Dir, cmd.Stderr = dir, child
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	child.Close()
	var out bytes.Buffer
	_, _ = out.ReadFrom(tty) // ends with an error when the other side is closed
	if err := cmd.Wait(); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"%  ", " docs/s  ", " left  a.jsonl", "2000 read"} {
		if !strings.Contains(out.String(), want) {
			t.Errorf("want %q in %q", want, out.String())
		}
	}
	if i := strings.LastIndex(out.String(), "\x1b[K"); i < 0 || strings.Contains(out.String()[i:], " left ") {
		t.Errorf("the line was left on the terminal: %q", out.String())
	}
}
