package main

import (
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"dateline/crawler/crawltest"
)

// newsroomConfig is a config file for the built-in newsroom with the given
// lines of sources, each indented by six blanks.
func newsroomConfig(t *testing.T, addr, sources string) string {
	t.Helper()
	text := `stories:
  - id: memo
    title: The memo
    about: ''
    sources:
` + sources + `
crawler:
  delay: 10ms
  timeout: 5s
  max_page: 1MiB
  allow_networks: [127.0.0.0/8]
  connect_to: {"*.example": "` + addr + `"}
`
	path := filepath.Join(t.TempDir(), "config.yaml")
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

func command(args ...string) (code int, stdout, stderr string) {
	var out, err strings.Builder
	code = run(args, strings.NewReader(""), &out, &err)
	return code, out.String(), err.String()
}

func newsroom(t *testing.T) *crawltest.Newsroom {
	t.Helper()
	room, err := crawltest.StartNewsroom()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(room.Close)
	return room
}

// TestExtractURL fetches single pages of the newsroom, good ones and hostile
// ones, each of which must say what is wrong.
func TestExtractURL(t *testing.T) {
	room := newsroom(t)
	config := newsroomConfig(t, room.Addr(), "      - urls: [http://courier.example/]")
	a := room.Articles()[0]
	code, out, log := command("extract", a.URL, "--config", config)
	if code != exitDone || !strings.Contains(out, a.URL) || !strings.Contains(out, `"body": "`) {
		t.Errorf("%s: exit %d\n%s%s", a.URL, code, out, log)
	}
	const hostile = "http://oddities.example/2025/11/18/"
	for url, want := range map[string]string{
		hostile + "loop-a":                      "redirect_loop",
		hostile + "redirect-to-private-address": "private_address",
		hostile + "error-page-as-200":           "soft_404",
		hostile + "gzip-bomb":                   "too_large",
		hostile + "endless":                     "too_large",
		hostile + "no-such-page":                "status 404",
		"http://10.0.0.1/":                      "private_address",
		"http://user@[::ffff:10.0.0.1]:80/":     "private_address",
		"http:///":                              "bad_url",
	} {
		code, out, log := command("extract", url, "--config", config)
		if code != exitFailed || out != "" || !strings.Contains(log, want) {
			t.Errorf("%s: exit %d, want %d and %q\n%s%s", url, code, exitFailed, want, out, log)
		}
	}
}

// TestExtractURLRobots reads no page that robots.txt forbids.
func TestExtractURLRobots(t *testing.T) {
	site := crawltest.StartSite(map[string]crawltest.Page{
		"/robots.txt": {Body: "User-agent: dateline\nDisallow: /news/\n", ContentType: "text/plain"},
		"/news/one":   {Body: "<title>One</title><p>A text.</p>"},
	})
	defer site.Close()
	config := newsroomConfig(t, "127.0.0.1:1", "      - urls: [http://courier.example/]")
	code, out, log := command("extract", site.URL("/news/one"), "--config", config)
	if code != exitFailed || out != "" || !strings.Contains(log, "/robots.txt forbids it for Dateline") {
		t.Errorf("exit %d\n%s%s", code, out, log)
	}
	if n := site.Hits()["/news/one"]; n != 0 {
		t.Errorf("asked %d times for a page that robots.txt forbids", n)
	}
}

// TestCheckNewsroom finds what every source of the newsroom offers.
func TestCheckNewsroom(t *testing.T) {
	room := newsroom(t)
	var lines strings.Builder
	for _, s := range room.Sources() {
		fmt.Fprintf(&lines, "      - %s: %s\n", s.Kind, s.URL)
	}
	config, data := newsroomConfig(t, room.Addr(), lines.String()), t.TempDir()
	code, out, log := command("check", "--config", config, "--data", data)
	if code != exitDone {
		t.Fatalf("exit %d\n%s%s", code, out, log)
	}
	for _, want := range []string{"RSS feed, ", "Atom feed, ", "JSON feed, ", "sitemap index, ", "section page, ", "newest 2025-11-"} {
		if !strings.Contains(out, want) {
			t.Errorf("no %q in\n%s", want, out)
		}
	}
	if left, _ := os.ReadDir(data); len(left) != 0 {
		t.Errorf("check leaves %v in the data folder", left)
	}
}

// TestCheckFailures names each source that fails, and the next step.
func TestCheckFailures(t *testing.T) {
	room := newsroom(t)
	config := newsroomConfig(t, room.Addr(), `      - feed: http://courier.example/feed.xml
      - feed: http://courier.example/
      - feed: http://courier.example/gone.xml
      - feed: http://10.1.2.3/feed.xml
      - urls: [http://oddities.example/2025/11/18/loop-a]
      - warc: no/such/*.warc.gz`)
	code, out, log := command("check", "--config", config, "--data", t.TempDir())
	if code != exitPartly || !strings.Contains(log, "5 failed") {
		t.Errorf("exit %d, want %d and 5 failures: %s", code, exitPartly, log)
	}
	for _, want := range []string{
		"feed http://courier.example/feed.xml: RSS feed", "next: if the address is a page with links, write 'page: http://courier.example/'",
		"gone.xml: FAILED: gone: status 404", "10.1.2.3/feed.xml: FAILED: private_address", "crawler.allow_networks",
		"loop-a: FAILED: redirect_loop", "no/such/*.warc.gz: FAILED",
	} {
		if !strings.Contains(out, want) {
			t.Errorf("no %q in\n%s", want, out)
		}
	}
}

// TestCheckOffline says at once that nothing can be reached.
func TestCheckOffline(t *testing.T) {
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	addr := ln.Addr().String()
	ln.Close() // nobody listens there now
	config := newsroomConfig(t, addr, "      - feed: http://courier.example/feed.xml\n      - sitemap: http://ledger.example/sitemap.xml")
	code, out, _ := command("check", "--config", config, "--data", t.TempDir())
	if code != exitPartly || !strings.Contains(out, "no source was reached") || !strings.Contains(out, "connection refused") {
		t.Errorf("exit %d\n%s", code, out)
	}
}

// TestCheckMoved names where a source has moved to, if for good.
func TestCheckMoved(t *testing.T) {
	moved := func(status int, to string) func(http.ResponseWriter, *http.Request) {
		return func(w http.ResponseWriter, r *http.Request) { http.Redirect(w, r, to, status) }
	}
	mux := http.NewServeMux()
	mux.HandleFunc("/feed.xml", func(w http.ResponseWriter, _ *http.Request) {
		_, _ = io.WriteString(w, `<rss version="2.0"><channel><title>x</title><item><link>http://courier.example/news/one</link></item></channel></rss>`)
	})
	mux.HandleFunc("/for-good", moved(http.StatusMovedPermanently, "/twice"))
	mux.HandleFunc("/twice", moved(http.StatusPermanentRedirect, "/feed.xml"))
	mux.HandleFunc("/for-now", moved(http.StatusFound, "/for-good"))
	srv := httptest.NewServer(mux)
	defer srv.Close()
	config := newsroomConfig(t, srv.Listener.Addr().String(), "      - feed: http://courier.example/for-good\n      - feed: http://ledger.example/for-now")
	code, out, log := command("check", "--config", config, "--data", t.TempDir())
	if want := "1 item, none with a date\n  moved for good to http://courier.example/feed.xml\n  next: put that into the config\nfeed http://ledger.example/for-now: RSS feed, 1 item"; code != exitDone || !strings.Contains(out, want) || strings.Count(out, "moved") != 1 {
		t.Errorf("exit %d\n%s%s, want %s", code, out, log, want)
	}
}
