package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"golang.org/x/sys/unix"
)

// dl runs the program to its end and gives what it wrote and its exit code.
func dl(t *testing.T, dir string, args ...string) (stdout, stderr string, code int) {
	t.Helper()
	var o, e bytes.Buffer
	cmd := exec.Command("dateline", args...)
	cmd.Dir, cmd.Stdout, cmd.Stderr = dir, &o, &e
	if err := cmd.Run(); err != nil && cmd.ProcessState == nil {
		t.Fatal(err)
	}
	return o.String(), e.String(), cmd.ProcessState.ExitCode()
}

// mustRun is dl for a command that must succeed.
func mustRun(t *testing.T, dir string, args ...string) string {
	t.Helper()
	out, errs, code := dl(t, dir, args...)
	if code != 0 {
		t.Fatalf("dateline %s: exit code %d\n%s", strings.Join(args, " "), code, errs)
	}
	return out
}

// background starts the program; the test ends it with Ctrl-C.
func background(t *testing.T, dir string, args ...string) *exec.Cmd {
	t.Helper()
	var log bytes.Buffer
	cmd := exec.Command("dateline", args...)
	cmd.Dir, cmd.Stderr = dir, &log
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = cmd.Process.Signal(os.Interrupt)
		_ = cmd.Wait()
		if t.Failed() {
			t.Logf("dateline %s:\n%s", strings.Join(args, " "), &log)
		}
	})
	return cmd
}

// someArticles writes n articles as JSONL and gives the file.
func someArticles(t *testing.T, dir string, n int) string {
	t.Helper()
	var b strings.Builder
	for i := range n {
		fmt.Fprintf(&b, `{"id":"a%d","title":"Article %d","body":"Alibaba and the memo, number %d.","published":"2025-11-%02dT10:00:00Z","outlet":"Test Wire"}`+"\n", i, i, i, i%28+1)
	}
	file := filepath.Join(dir, "a.jsonl")
	if err := os.WriteFile(file, []byte(b.String()), 0o644); err != nil {
		t.Fatal(err)
	}
	return file
}

var (
	took   = regexp.MustCompile(`"took_ms":[0-9.]+`)
	cursor = regexp.MustCompile(`"next":"[^"]*"`)
)

// TestReadBeside runs the commands that read while a server has the data
// folder open: they answer what the server answers.
func TestReadBeside(t *testing.T) {
	for _, name := range []string{"data", strings.Repeat("long/", 30) + "data"} {
		t.Run(fmt.Sprint(len(name)), func(t *testing.T) {
			dir := t.TempDir()
			data := filepath.Join(dir, name)
			mustRun(t, dir, "import", "--all", "--data", data, someArticles(t, dir, 250))
			alone := mustRun(t, dir, "export", "--data", data, "--format", "jsonl", "memo")
			searchAlone := mustRun(t, dir, "search", "--data", data, "--json", "--outlet", "Test Wire", "memo")
			statsAlone := mustRun(t, dir, "stats", "--data", data, "--json")

			addr := freeAddr(t)
			server := background(t, dir, "serve", "--data", data, "--listen", addr)
			waitFor(t, "ready", 30*time.Second, func() bool {
				_, err := get(t.Context(), addr, url.Values{})
				return err == nil
			})
			if fi, err := os.Stat(filepath.Join(data, socketName)); err != nil || fi.Mode().Perm() != 0o600 {
				t.Errorf("socket: %v, %v", fi, err)
			}
			resp, err := http.Get("http://" + addr + "/api/v1/search?q=memo&outlet=Test+Wire&limit=20")
			if err != nil {
				t.Fatal(err)
			}
			body, err := io.ReadAll(resp.Body)
			resp.Body.Close()
			if err != nil {
				t.Fatal(err)
			}
			same := func(what, got, want string) {
				t.Helper()
				if got, want = took.ReplaceAllString(got, ""), took.ReplaceAllString(want, ""); got != want {
					t.Errorf("%s:\n%.600s\nwant\n%.600s", what, got, want)
				}
			}
			beside := mustRun(t, dir, "search", "--data", data, "--json", "--outlet", "Test Wire", "memo")
			same("search beside a server", beside, string(body))
			// A cursor is good for the process that gave it.
			same("search alone", cursor.ReplaceAllString(searchAlone, ""), cursor.ReplaceAllString(string(body), ""))
			if name != "data" {
				return // the way to the socket is all that differs
			}
			same("export beside a server", mustRun(t, dir, "export", "--data", data, "--format", "jsonl", "memo"), alone)
			if n := strings.Count(alone, "\n"); n != 250 {
				t.Errorf("export: %d lines, want 250", n)
			}
			same("stats beside a server", mustRun(t, dir, "stats", "--data", data, "--json"), statsAlone)
			if table := mustRun(t, dir, "search", "--data", data, "--limit", "1", "memo"); !strings.Contains(table, "Article") {
				t.Errorf("table: %q", table)
			}
			if _, errs, code := dl(t, dir, "search", "--data", data, "--sort", "best", "memo"); code != exitUsage {
				t.Errorf("wrong sort: exit code %d, %s", code, errs)
			}
			// What writes says who is in the way.
			_, errs, code := dl(t, dir, "reindex", "--data", data)
			if want := fmt.Sprintf("in use by process %d", server.Process.Pid); code != exitFailed || !strings.Contains(errs, want) {
				t.Errorf("reindex beside a server: exit code %d, %q, want 1 and %q", code, errs, want)
			}
		})
	}
}

// TestStaleSocket kills a server: the socket that it left is no hindrance.
func TestStaleSocket(t *testing.T) {
	dir := t.TempDir()
	data := filepath.Join(dir, "data")
	mustRun(t, dir, "import", "--all", "--data", data, someArticles(t, dir, 10))
	addr := freeAddr(t)
	cmd := exec.Command("dateline", "serve", "--data", data, "--listen", addr)
	cmd.Dir = dir
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	waitFor(t, "ready", 30*time.Second, func() bool {
		_, err := get(t.Context(), addr, url.Values{})
		return err == nil
	})
	_ = cmd.Process.Kill()
	_ = cmd.Wait()
	if _, err := os.Stat(filepath.Join(data, socketName)); err != nil {
		t.Fatalf("no stale socket, so nothing is shown: %v", err)
	}
	var a answer
	if err := json.Unmarshal([]byte(mustRun(t, dir, "search", "--data", data, "--json", "memo")), &a); err != nil || a.Total != 10 {
		t.Errorf("total %d, %v", a.Total, err)
	}
	if _, err := os.Stat(filepath.Join(data, socketName)); !os.IsNotExist(err) {
		t.Errorf("the socket is still there: %v", err)
	}
}

// TestManySearches runs searches at once: each finds the folder free or is
// answered by the one that has it.
func TestManySearches(t *testing.T) {
	dir := t.TempDir()
	data := filepath.Join(dir, "data")
	mustRun(t, dir, "import", "--all", "--data", data, someArticles(t, dir, 10))
	errs := make(chan string, 12)
	for range cap(errs) {
		go func() {
			cmd := exec.Command("dateline", "search", "--data", data, "--json", "memo")
			cmd.Dir = dir
			out, err := cmd.CombinedOutput()
			if err != nil || !bytes.Contains(out, []byte(`"total":10`)) {
				errs <- fmt.Sprintf("%v: %s", err, out)
				return
			}
			errs <- ""
		}()
	}
	for range cap(errs) {
		if e := <-errs; e != "" {
			t.Error(e)
		}
	}
}

// TestLockedSilently has the folder locked by a process that answers nobody.
func TestLockedSilently(t *testing.T) {
	dir := t.TempDir()
	data := filepath.Join(dir, "data")
	mustRun(t, dir, "import", "--all", "--data", data, someArticles(t, dir, 1))
	lock, err := os.OpenFile(filepath.Join(data, "lock"), os.O_RDWR|os.O_TRUNC, 0)
	if err != nil {
		t.Fatal(err)
	}
	defer lock.Close()
	if err := unix.Flock(int(lock.Fd()), unix.LOCK_EX); err != nil {
		t.Fatal(err)
	}
	if _, err := fmt.Fprintln(lock, os.Getpid()); err != nil {
		t.Fatal(err)
	}
	_, errs, code := dl(t, dir, "search", "--data", data, "memo")
	want := fmt.Sprintf("in use by process %d, which does not answer at dateline.sock", os.Getpid())
	if code != exitFailed || !strings.Contains(errs, want) {
		t.Errorf("exit code %d, %q, want 1 and %q", code, errs, want)
	}
	if out := mustRun(t, dir, "stats", "--data", data); !strings.Contains(out, "1 articles") {
		t.Errorf("stats need no lock: %q", out)
	}
}
