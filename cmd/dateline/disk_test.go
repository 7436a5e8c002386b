package main

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"dateline/crawler/crawltest"
)

// onSmallDisk runs a shell script in which $DISK is a file system of that
// size, gone when the script ends. It gives what the script wrote.
func onSmallDisk(t *testing.T, size, script string) string {
	t.Helper()
	mnt := t.TempDir()
	mount := "mount -t tmpfs -o size=" + size + " dateline \"$DISK\" || exit 99\n"
	sh := func(script string) (string, error) {
		cmd := exec.Command("unshare", "--map-root-user", "--mount", "sh", "-c", script)
		cmd.Env = append(os.Environ(), "DISK="+mnt)
		cmd.Dir = t.TempDir() // no config.yaml here
		out, err := cmd.CombinedOutput()
		return string(out), err
	}
	if out, err := sh(mount); err != nil {
		t.Skipf("this machine does not let a test mount a small disk: %v %s (TestFileLimit shows the same with less)", err, out)
	}
	out, err := sh(mount + script)
	if err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	return out
}

// bulky writes n articles that fill a disk with few words.
func bulky(t *testing.T, n int) string {
	t.Helper()
	var b strings.Builder
	r := rand.New(rand.NewPCG(1, 2))
	for i := range n {
		fmt.Fprintf(&b, `{"id":"a%d","title":"Article %d","body":"Alibaba and the memo.`, i, i)
		for range 6 {
			b.WriteByte(' ')
			for range 30 {
				fmt.Fprintf(&b, "%x", r.Uint64())
			}
		}
		b.WriteString(`","published":"2025-11-14T10:00:00Z","outlet":"Test Wire"}` + "\n")
	}
	file := filepath.Join(t.TempDir(), "a.jsonl")
	if err := os.WriteFile(file, []byte(b.String()), 0o644); err != nil {
		t.Fatal(err)
	}
	return file
}

// field is the number that a script wrote behind a name.
func field(t *testing.T, out, name string) int {
	t.Helper()
	m := regexp.MustCompile(`(?m)` + name + `[": ]+(\d+)`).FindStringSubmatch(out)
	if m == nil {
		t.Fatalf("no %s in\n%s", name, out)
	}
	n, err := strconv.Atoi(m[1])
	if err != nil {
		t.Fatal(err)
	}
	return n
}

// checkRoom judges a script that ran a command without room and with it.
func checkRoom(t *testing.T, out string, want int) {
	t.Helper()
	if field(t, out, "first exit") != exitFailed || !strings.Contains(out, "make room, then run the same command again") {
		t.Errorf("without room: want exit code %d and what to do in\n%s", exitFailed, out)
	}
	if strings.Contains(out, "panic") {
		t.Errorf("panic:\n%s", out)
	}
	_, rest, _ := strings.Cut(out, "first exit")
	kept := field(t, rest, `"articles"`)
	if kept == 0 || kept == want {
		t.Errorf("%d of %d articles before the disk was full: the test showed nothing", kept, want)
	}
	if code := field(t, out, "second exit"); code != exitDone {
		t.Errorf("with room: exit code %d, want 0\n%s", code, out)
	}
	_, last, _ := strings.Cut(out, "second exit")
	if n, v := field(t, last, `"articles"`), field(t, last, `"versions"`); n != want || v != want {
		t.Errorf("%d articles in %d versions, want %d", n, v, want)
	}
	if n := field(t, last, `"total"`); n != want {
		t.Errorf("%d found, want %d", n, want)
	}
	t.Logf("%d of %d articles before the disk was full", kept, want)
}

// TestFullDiskImport imports onto a disk that is too small, and goes on when
// there is room.
func TestFullDiskImport(t *testing.T) {
	const n = 2000
	out := onSmallDisk(t, "8m", `
DL="--data $DISK/data"
dateline import --all $DL `+bulky(t, n)+`
echo "first exit $?"
dateline stats --json $DL
mount -o remount,size=200m "$DISK"
dateline import --all $DL `+bulky(t, n)+`
echo "second exit $?"
dateline stats --json $DL
dateline search --json --limit 1 $DL memo
`)
	checkRoom(t, out, n)
}

// TestFileLimit is the same with a limit on the size of files, which needs no
// rights.
func TestFileLimit(t *testing.T) {
	const n = 2000
	dir := t.TempDir()
	cmd := exec.Command("sh", "-c", `
DL="--data `+dir+`/data"
( ulimit -f 10000; dateline import --all $DL `+bulky(t, n)+` )
echo "first exit $?"
dateline stats --json $DL
dateline import --all $DL `+bulky(t, n)+`
echo "second exit $?"
dateline stats --json $DL
dateline search --json --limit 1 $DL memo
`)
	cmd.Dir = dir
	out, err := cmd.CombinedOutput()
	if err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	checkRoom(t, string(out), n)
}

// TestFullDiskCrawl crawls onto a disk that is too small, and goes on when
// there is room.
func TestFullDiskCrawl(t *testing.T) {
	room, err := crawltest.StartNewsroom(crawltest.WithoutHostile())
	if err != nil {
		t.Fatal(err)
	}
	defer room.Close()
	var sources []map[string]any
	for _, s := range room.Sources() {
		var v any = s.URL
		if s.Kind == "urls" {
			v = []string{s.URL}
		}
		sources = append(sources, map[string]any{s.Kind: v})
	}
	cfg, err := json.Marshal(map[string]any{ // JSON is YAML too
		"stories": []any{map[string]any{"id": "all", "title": "All", "about": "", "sources": sources}},
		"crawler": map[string]any{
			"delay": "1ms", "allow_networks": []string{"127.0.0.0/8"}, "connect_to": map[string]string{"*": room.Addr()},
		},
	})
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	file := filepath.Join(dir, "config.yaml")
	if err := os.WriteFile(file, cfg, 0o644); err != nil {
		t.Fatal(err)
	}
	mustRun(t, dir, "crawl", "--once", "--data", filepath.Join(dir, "data"))
	want := field(t, mustRun(t, dir, "stats", "--json", "--data", filepath.Join(dir, "data")), `"articles"`)
	if want < 20 {
		t.Fatalf("%d articles in the newsroom, too few to fill a disk", want)
	}
	out := onSmallDisk(t, "4m", `
DL="--config `+file+` --data $DISK/data"
dateline crawl --once $DL
echo "first exit $?"
dateline stats --json $DL
mount -o remount,size=200m "$DISK"
dateline crawl --once $DL
echo "second exit $?"
dateline stats --json $DL
dateline search --json --limit 1 $DL ''
`)
	checkRoom(t, out, want)
}
