package main

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"hash/fnv"
	"html"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"dateline/crawler"
)

// realPage is a page that an outlet really published, served on this machine.
type realPage struct {
	url     string // as listed: canonical, and http where the outlet has https
	host    string
	uri     string // path and query, as they are requested
	file    string
	article string // the address that its article is kept under
	noindex bool   // asks not to be taken: fetched, and rightly left out
	denied  bool   // by the robots.txt of its host
	next    string // host and request of the article's next page
	more    string // what was added to its text since
}

// plainNews are paths that a section page's reader takes for articles
// without doubt.
var plainNews = regexp.MustCompile(`^/[^/?]+/[^?]*[^/?.]{8,}(\.html)?/?$`)

// notSections are first segments under which no article is looked for.
var notSections = regexp.MustCompile(`^/(tags?|topics?|authors?|categor(y|ies)|search|about|contact|feeds?|newsletters?)/`)

// realPages reads the index in dir, and gives one of every n articles, once.
func realPages(t *testing.T, dir string, n uint32) []*realPage {
	t.Helper()
	f, err := os.Open(filepath.Join(dir, "index.jsonl"))
	if os.IsNotExist(err) {
		t.Skip("the real pages are not here: shared/data/extraction/index.jsonl")
	} else if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	var list []*realPage
	seen := map[string]bool{}
	err = eachLine(f, func(_ int, line []byte) error {
		var l struct {
			URL    string   `json:"url"`
			File   string   `json:"html_file"`
			Scored []string `json:"scored"`
		}
		if err := json.Unmarshal(line, &l); err != nil {
			return err
		}
		if l.URL == "" || l.File == "" || !slices.Contains(l.Scored, "body") {
			return nil
		}
		if rest, ok := strings.CutPrefix(l.URL, "https://"); ok {
			l.URL = "http://" + rest
		}
		u, err := crawler.Canonical(l.URL)
		if err != nil {
			return err
		}
		at, err := url.Parse(u)
		if err != nil {
			return err
		}
		if hashOf(u)%n != 0 {
			return nil
		}
		p := &realPage{url: u, host: at.Host, uri: at.RequestURI(), file: filepath.Join(dir, filepath.FromSlash(l.File)), article: u}
		body, err := readPage(p.file)
		if err != nil {
			return err
		}
		x, err := extractPage(body, "text/html", u)
		if err != nil {
			return err
		}
		p.noindex = !crawler.MayIndex("Dateline/1.0", x.Robots, time.Now()) // some say until when they are to be found
		if next, err := at.Parse(x.Next); err == nil && x.Next != "" {
			p.next = next.Host + next.RequestURI()
		}
		// The page's own word for its address holds within its site.
		if ref, err := at.Parse(strings.TrimSpace(x.Canonical)); err == nil && x.Canonical != "" {
			c, err := crawler.Canonical(ref.String())
			if err == nil && crawler.RegistrableDomain(c) == crawler.RegistrableDomain(u) && (ref.Path != "/" && ref.Path != "" || ref.RawQuery != "") {
				p.article = c
			}
		}
		bare := func(s string) string { return s[strings.Index(s, "://"):] }
		if seen[bare(p.url)] || seen[bare(p.article)] {
			return nil
		}
		seen[bare(p.url)], seen[bare(p.article)] = true, true
		list = append(list, p)
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return list
}

func hashOf(s string) uint32 {
	h := fnv.New32a()
	_, _ = h.Write([]byte(s))
	return h.Sum32()
}

// realSite serves the pages with the lists that lead to them, and counts what
// is asked for.
type realSite struct {
	pages map[string]*realPage // host + uri
	lists map[string][2]string // host + uri -> content type, text

	mu    sync.Mutex
	asked map[string]int
}

func (s *realSite) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	key := r.Host + r.RequestURI
	s.mu.Lock()
	s.asked[key]++
	s.mu.Unlock()
	if l, ok := s.lists[key]; ok {
		w.Header().Set("Content-Type", l[0])
		_, _ = w.Write([]byte(l[1]))
		return
	}
	p := s.pages[key]
	if p == nil {
		http.NotFound(w, r)
		return
	}
	body, err := readPage(p.file)
	if err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError)
		return
	}
	s.mu.Lock()
	more := p.more
	s.mu.Unlock()
	if more != "" {
		body = bytes.ReplaceAll(body, []byte("</p>"), []byte(more+"</p>"))
	}
	w.Header().Set("Content-Type", "text/html")
	_, _ = w.Write(body)
}

// publish shares the hosts out to feeds, sitemaps and section pages and gives
// the sources that a config names.
func (s *realSite) publish(all []*realPage) (sources []map[string]string, ways map[string]int) {
	byHost := map[string][]*realPage{}
	var hosts []string
	for _, p := range all {
		s.pages[p.host+p.uri] = p
		if byHost[p.host] == nil {
			hosts = append(hosts, p.host)
		}
		byHost[p.host] = append(byHost[p.host], p)
	}
	ways = map[string]int{}
	var fed []*realPage
	several := 0
	for _, host := range hosts {
		pages := byHost[host]
		robots := "User-agent: *\nDisallow: /never/\n"
		if len(pages) > 1 {
			if several++; several%3 == 0 && !strings.ContainsAny(pages[0].uri, "*$#") {
				pages[0].denied = true
				robots += "Disallow: " + pages[0].uri + "$\n"
			}
		}
		s.lists[host+"/robots.txt"] = [2]string{"text/plain", robots}
		sectioned := !slices.ContainsFunc(pages, func(p *realPage) bool {
			return !plainNews.MatchString(p.uri) || notSections.MatchString(p.uri)
		})
		switch {
		case sectioned && ways["page"] <= min(ways["feed"], ways["sitemap"]):
			var b strings.Builder
			b.WriteString("<!doctype html><title>Latest</title><main><ul>")
			for _, p := range pages {
				fmt.Fprintf(&b, "<li><a href=\"%s\">An article</a>\n", html.EscapeString(p.uri))
			}
			s.lists[host+"/dateline-latest"] = [2]string{"text/html; charset=utf-8", b.String()}
			sources = append(sources, map[string]string{"page": "http://" + host + "/dateline-latest"})
			ways["page"] += len(pages)
		case ways["sitemap"] <= ways["feed"]:
			var b strings.Builder
			b.WriteString(`<?xml version="1.0" encoding="UTF-8"?><urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">`)
			for _, p := range pages {
				fmt.Fprintf(&b, "<url><loc>%s</loc></url>\n", html.EscapeString(p.url))
			}
			b.WriteString("</urlset>")
			s.lists[host+"/dateline-sitemap.xml"] = [2]string{"application/xml", b.String()}
			sources = append(sources, map[string]string{"sitemap": "http://" + host + "/dateline-sitemap.xml"})
			ways["sitemap"] += len(pages)
		default:
			fed = append(fed, pages...)
			ways["feed"] += len(pages)
		}
	}
	// A feed may point anywhere: these are of hosts of their own.
	for chunk := range slices.Chunk(fed, 20) {
		host := fmt.Sprintf("feed%d.example", len(sources))
		var b strings.Builder
		b.WriteString(`<?xml version="1.0" encoding="UTF-8"?><rss version="2.0"><channel><title>Latest</title>`)
		for _, p := range chunk {
			fmt.Fprintf(&b, "<item><title>An article</title><link>%s</link></item>\n", html.EscapeString(p.url))
		}
		b.WriteString("</channel></rss>")
		s.lists[host+"/rss.xml"] = [2]string{"application/rss+xml", b.String()}
		s.lists[host+"/robots.txt"] = [2]string{"text/plain", ""}
		sources = append(sources, map[string]string{"feed": "http://" + host + "/rss.xml"})
	}
	return sources, ways
}

// program serves the site on loopback and gives the program with a config of
// these sources, which may run for so long in all, and its data folder.
func (s *realSite) program(t *testing.T, sources []map[string]string, limit time.Duration) (run func(args ...string) []byte, data string) {
	t.Helper()
	server := httptest.NewServer(s)
	t.Cleanup(server.Close)
	dir := t.TempDir()
	file, data := filepath.Join(dir, "crawl.yaml"), filepath.Join(dir, "data")
	// JSON is YAML too.
	cfg, err := json.Marshal(map[string]any{
		"stories": []any{map[string]any{"id": "all", "title": "All", "about": "", "sources": sources}},
		"crawler": map[string]any{
			"delay": "1ms", "archive": true, "allow_networks": []string{"127.0.0.0/8"},
			"connect_to": map[string]string{"*": server.Listener.Addr().String()},
		},
		"api": map[string]any{"full_text": true},
	})
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(file, cfg, 0o644); err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), limit)
	t.Cleanup(cancel)
	return func(args ...string) []byte {
		t.Helper()
		cmd := exec.CommandContext(ctx, "dateline", append(args, "--config", file, "--data", data)...)
		cmd.Dir = dir
		var log bytes.Buffer
		cmd.Stderr = &log
		out, err := cmd.Output()
		if err != nil {
			t.Fatalf("dateline %s: %v\n%s", args[0], err, log.Bytes()[max(0, log.Len()-4000):])
		}
		return out
	}, data
}

// TestCrawlRealPages crawls pages of real outlets from lists of each kind:
// every page that may be fetched is, once, and becomes an article.
func TestCrawlRealPages(t *testing.T) {
	if testing.Short() {
		t.Skip("reads and crawls hundreds of pages")
	}
	pages := realPages(t, filepath.FromSlash("../../../shared/data/extraction"), 1)
	if len(pages) < 300 {
		t.Fatalf("%d pages, want at least 300", len(pages))
	}
	site := &realSite{pages: map[string]*realPage{}, lists: map[string][2]string{}, asked: map[string]int{}}
	sources, ways := site.publish(pages)
	dateline, data := site.program(t, sources, 4*time.Minute)
	began := time.Now()
	dateline("crawl", "--once")
	took := time.Since(began)

	var s stats
	if err := json.Unmarshal(dateline("stats", "--json"), &s); err != nil {
		t.Fatal(err)
	}
	titles := map[string]string{}
	sc := bufio.NewScanner(bytes.NewReader(dateline("export", "", "--format", "jsonl")))
	sc.Buffer(nil, maxLine)
	for sc.Scan() {
		var a struct{ URL, Title string }
		if err := json.Unmarshal(sc.Bytes(), &a); err != nil {
			t.Fatal(err)
		}
		titles[a.URL] = a.Title
	}
	if err := sc.Err(); err != nil {
		t.Fatal(err)
	}

	site.mu.Lock()
	defer site.mu.Unlock()
	allowed, shown, denied, noindex := 0, 0, 0, 0
	for _, p := range pages {
		n := site.asked[p.host+p.uri]
		if p.denied {
			denied++
			if n != 0 {
				t.Errorf("%s: requested %d times, its robots.txt disallows it", p.url, n)
			}
			continue
		}
		if n != 1 {
			t.Errorf("%s: requested %d times, want once", p.url, n)
		}
		allowed++
		switch {
		case titles[p.article] != "":
			shown++
		case p.noindex:
			noindex++
			t.Logf("not taken: %s: noindex", p.url)
		default:
			t.Logf("not taken: %s (kept under %s)", p.url, p.article)
		}
	}
	further := map[string]bool{}
	for _, p := range pages {
		further[p.next] = true // which is not there
	}
	probed := map[string]int{} // by host: each may be asked once for an address that nobody made
	for key, n := range site.asked {
		if host, path, _ := strings.Cut(key, "/"); strings.Contains(path, "no-such-page-") {
			if probed[host] += n; probed[host] > 1 {
				t.Errorf("http://%s: %d probes of one host", key, probed[host])
			}
			continue
		}
		if further[key] {
			continue
		}
		if _, list := site.lists[key]; !list && site.pages[key] == nil {
			t.Errorf("http://%s: requested %d times, nothing names it", key, n)
		}
	}
	share := float64(shown) / float64(allowed)
	t.Logf("%d pages (%v), %d allowed, %d shown (%.1f%%), %d disallowed, %d noindex, %d hosts probed, not fetched %v, %d articles, %d exported, in %s",
		len(pages), ways, allowed, shown, 100*share, denied, noindex, len(probed), s.NotFetched, s.Articles, len(titles), took.Round(time.Millisecond))
	if share < 0.95 {
		t.Errorf("%d of %d allowed pages are articles with a title, want 95%%", shown, allowed)
	}
	if denied == 0 || s.NotFetched["robots"] < denied {
		t.Errorf("not_fetched has robots %d, want at least %d", s.NotFetched["robots"], denied)
	}
	if kept, _ := filepath.Glob(filepath.Join(data, "warc", "*")); len(kept) == 0 {
		t.Error("nothing archived")
	}
	if s.Articles < shown {
		t.Errorf("stats has %d articles, export %d", s.Articles, shown)
	}
}
