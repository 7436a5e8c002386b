package crawler

import (
	"bufio"
	"context"
	"database/sql"
	"flag"
	"fmt"
	"log/slog"
	"maps"
	"math/rand/v2"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"dateline"
)

var crawlKills = flag.Int("kills", 12, "how often TestCrawlKilled kills the crawl")

const (
	killedCrawl = "DATELINE_TEST_CRAWL" // folder and address of the server, for the process that is killed
	killHosts   = 25
	killEach    = 40 // articles for each kill
	killWorkers = 8
)

// fileSink keeps the addresses of articles in a file, each once, and durably
// before Add returns, as the store does.
type fileSink struct {
	mu   sync.Mutex
	f    *os.File
	have map[string]bool
}

func openFileSink(path string) (*fileSink, error) {
	f, err := os.OpenFile(path, os.O_CREATE|os.O_RDWR|os.O_APPEND, 0o600)
	if err != nil {
		return nil, err
	}
	s := &fileSink{f: f, have: map[string]bool{}}
	lines := bufio.NewScanner(f)
	for lines.Scan() {
		s.have[lines.Text()] = true
	}
	return s, lines.Err()
}

func (s *fileSink) Add(_ context.Context, a *dateline.Article) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.have[a.URL] {
		return nil
	}
	s.have[a.URL] = true
	if _, err := s.f.WriteString(a.URL + "\n"); err != nil {
		return err
	}
	return s.f.Sync()
}

// crawlToBeKilled is the process.
func crawlToBeKilled(t *testing.T, dir, addr string) {
	sink, err := openFileSink(filepath.Join(dir, "articles"))
	if err != nil {
		t.Fatal(err)
	}
	cfg := testConfig()
	cfg.ConnectTo, cfg.Concurrency, cfg.Archive = map[string]string{"*": addr}, killWorkers, true
	var src []Source
	for i := range killHosts {
		src = append(src, Source{Kind: "sitemap", Value: fmt.Sprintf("http://h%02d.example/map.xml", i)})
	}
	c, err := Open(dir, cfg, src, simple, sink, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	if err := c.RunOnce(t.Context(), false); err != nil {
		t.Fatal(err)
	}
}

// killSite counts who asks for what.
type killSite struct {
	mu    sync.Mutex
	asked map[string]int
	total int
	each  int // articles of a host
}

func (s *killSite) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	switch {
	case r.URL.Path == "/map.xml":
		for i := range s.each {
			fmt.Fprintf(w, "http://%s/news/%d\n", r.Host, i)
		}
	case strings.HasPrefix(r.URL.Path, "/news/") && !strings.Contains(r.URL.Path, "no-such-page"):
		s.mu.Lock()
		s.asked["http://"+r.Host+r.URL.Path]++
		s.total++
		s.mu.Unlock()
		w.Header().Set("Content-Type", "text/html")
		fmt.Fprintf(w, "<title>Title</title><p>Text of %s.</p>", r.URL.Path)
	default:
		http.NotFound(w, r)
	}
}

func (s *killSite) count() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.total
}

// times is how often each address was asked for.
func (s *killSite) times() map[string]int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return maps.Clone(s.asked)
}

// TestCrawlKilled kills a crawl again and again, at moments that differ from run
// to run: no address is lost, no article is there twice, and what is asked for
// again is what was in flight. A hundred times:
//
//	go test ./crawler -run '^TestCrawlKilled$' -kills 100 -v
func TestCrawlKilled(t *testing.T) {
	if what := os.Getenv(killedCrawl); what != "" {
		dir, addr, _ := strings.Cut(what, "\n")
		crawlToBeKilled(t, dir, addr)
		return
	}
	if testing.Short() {
		t.Skip("several processes")
	}
	site := &killSite{asked: map[string]int{}, each: *crawlKills * killEach / killHosts}
	srv := httptest.NewUnstartedServer(site)
	var conns atomic.Int64
	srv.Config.ConnState = func(_ net.Conn, s http.ConnState) {
		switch s {
		case http.StateNew:
			conns.Add(1)
		case http.StateClosed:
			conns.Add(-1)
		}
	}
	srv.Start()
	defer srv.Close()
	dir := t.TempDir()
	run := func() (wait func() error, kill func()) {
		cmd := reRun(t, "TestCrawlKilled", killedCrawl+"="+dir+"\n"+srv.Listener.Addr().String())
		var out strings.Builder
		cmd.Stdout = &out
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		ended := make(chan error, 1)
		go func() { ended <- cmd.Wait() }()
		wait = func() error {
			if err := <-ended; err != nil {
				return fmt.Errorf("%w\n%s", err, out.String())
			}
			return nil
		}
		return wait, func() {
			_ = cmd.Process.Kill()
			<-ended
			// What was sent before the kill is still read: by connections that were
			// accepted when a later one is, until they are closed.
			res, err := (&http.Client{Transport: &http.Transport{DisableKeepAlives: true}}).Get(srv.URL + "/last")
			if err != nil {
				t.Fatal(err)
			}
			res.Body.Close()
			for end := time.Now().Add(time.Minute); conns.Load() > 0; time.Sleep(time.Millisecond) {
				if time.Now().After(end) {
					t.Fatalf("%d connections of the killed crawl are open", conns.Load())
				}
			}
		}
	}
	inFlight := map[string]int{} // how often each was asked for and not yet done with at a kill
	amid := 0
	for round := range *crawlKills {
		before := site.count()
		known := site.times()
		_, kill := run()
		for end := time.Now().Add(time.Minute); site.count() < before+1+rand.IntN(killEach/2); time.Sleep(time.Millisecond) {
			if time.Now().After(end) {
				kill()
				t.Fatalf("round %d: no more requests", round)
			}
		}
		time.Sleep(rand.N(20 * time.Millisecond))
		kill()
		lost := undone(t, dir, site)
		times := site.times()
		lost = slices.DeleteFunc(lost, func(u string) bool { return times[u] == known[u] }) // in flight at an earlier kill
		// Beside those at work, a page of each host may stand aside until it is
		// known what the host answers where there is nothing.
		if most := killWorkers + killHosts - probedHosts(t, dir); len(lost) > most {
			t.Fatalf("round %d: %d addresses were asked for and are not done with, want %d at most: %q", round, len(lost), most, lost)
		}
		for _, u := range lost {
			inFlight[u]++
			amid++
		}
	}
	wait, _ := run()
	if err := wait(); err != nil {
		t.Fatal(err)
	}
	n := killHosts * site.each
	times := site.times()
	if len(times) != n {
		t.Errorf("%d addresses were asked for, want %d", len(times), n)
	}
	again := 0
	for u, asked := range times {
		again += asked - 1
		if asked > 1+inFlight[u] {
			t.Errorf("%s was asked for %d times, was in flight at %d kills", u, asked, inFlight[u])
		}
	}
	b, err := os.ReadFile(filepath.Join(dir, "articles"))
	if err != nil {
		t.Fatal(err)
	}
	kept := strings.Fields(string(b))
	slices.Sort(kept)
	if unique := slices.Compact(slices.Clone(kept)); len(kept) != n || len(unique) != n {
		t.Errorf("%d articles, %d different ones, want %d", len(kept), len(unique), n)
	}
	if left := undone(t, dir, site); len(left) > 0 {
		t.Errorf("not done with in the end: %q", left)
	}
	_, damaged := archiveOf(t, dir)
	if damaged != 0 {
		t.Errorf("%d damages in the archive", damaged)
	}
	t.Logf("%d kills, %d articles, %d requests in flight at the kills, %d made again", *crawlKills, n, amid, again)
	if amid == 0 {
		t.Error("nothing was in flight at any kill: the test showed nothing")
	}
}

// frontierOf opens the database of a crawler that is not running.
func frontierOf(t *testing.T, dir string) *sql.DB {
	t.Helper()
	db, err := sql.Open("sqlite", "file:"+(&url.URL{Path: filepath.Join(dir, "frontier.db")}).EscapedPath()+"?_pragma=busy_timeout(10000)")
	if err != nil {
		t.Fatal(err)
	}
	return db
}

// probedHosts is how many hosts were asked for what does not exist.
func probedHosts(t *testing.T, dir string) (n int) {
	t.Helper()
	db := frontierOf(t, dir)
	defer db.Close()
	if err := db.QueryRow(`SELECT COUNT(*) FROM probes`).Scan(&n); err != nil {
		t.Fatal(err)
	}
	return n
}

// undone are the addresses that were asked for, of which the frontier does not
// know that they were had.
func undone(t *testing.T, dir string, site *killSite) (list []string) {
	t.Helper()
	db := frontierOf(t, dir)
	defer db.Close()
	rows, err := db.Query(`SELECT url FROM urls WHERE first_fetch > 0 AND due < ` + strconv.FormatInt(never, 10))
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	had := map[string]bool{}
	for rows.Next() {
		var u string
		if err := rows.Scan(&u); err != nil {
			t.Fatal(err)
		}
		had[u] = true
	}
	if err := rows.Err(); err != nil {
		t.Fatal(err)
	}
	site.mu.Lock()
	defer site.mu.Unlock()
	for u := range site.asked {
		if !had[u] {
			list = append(list, u)
		}
	}
	return list
}
