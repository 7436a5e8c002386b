package extract

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"hash/fnv"
	"io"
	"math/rand/v2"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"
)

var whole = flag.Bool("whole", false, "pages of 20 MiB, and every real page, instead of smaller ones and a sample")

// What one page may take, whatever it holds: the time is that of a slow and
// busy machine, and some fifty times what the slowest case takes on a quiet
// one; a way that is quadratic in any of them takes hours.
const (
	boundTime = 2 * time.Minute
	boundHeap = 1200 << 20 // bytes that the process may ask the system for, for a page of 20 MiB
)

// repeat writes numbered parts until they are size bytes.
func repeat(size int, part func(i int) string) []byte {
	var b bytes.Buffer
	for i := 0; b.Len() < size; i++ {
		b.WriteString(part(i))
	}
	return b.Bytes()[:min(size, b.Len())]
}

func same(s string) func(int) string { return func(int) string { return s } }

func numbered(format string) func(int) string {
	return func(i int) string { return fmt.Sprintf(format, i) }
}

// hostile are pages that a parser or an extractor may take for ever on.
func hostile(size int) map[string][]byte {
	headed := func(b []byte) []byte {
		return append([]byte("<title>A headline of some words</title><h1>A headline of some words</h1>"), b...)
	}
	return map[string][]byte{
		"nested blocks":            repeat(size, same("<div>")),
		"nested blocks with text":  repeat(size, numbered("<div>words of block %d are here ")),
		"nested formatting":        repeat(size, numbered("<b><font size=%d>x")),
		"misnested formatting":     repeat(size, numbered("<p><font a=%d></p>")),
		"many deep trees":          repeat(size, same(strings.Repeat("<div>", 400)+"text"+strings.Repeat("</div>", 400))),
		"body tags":                repeat(size, numbered("<body a%d=1>")),
		"attributes":               append([]byte("<p "), repeat(size, numbered("a%d=1 "))...),
		"huge attribute":           []byte(`<p class="` + strings.Repeat("byline ", size/7) + `">text`),
		"paragraphs":               headed(repeat(size, numbered("<p>Words of paragraph %d are said here, and again.</p>\n"))),
		"short blocks":             headed(repeat(size, numbered("<div>By Jane Doe %d</div>"))),
		"bylines":                  headed(repeat(size, same("<span class=byline>By <a rel=author>Jane Doe</a></span>"))),
		"headings":                 headed(repeat(size, numbered("<h1>A headline of words %d</h1>"))),
		"links":                    headed(repeat(size, numbered("<a href=/x/%d>link of words</a> "))),
		"dates":                    headed(repeat(size, same("<time datetime=2024-01-01T10:00:00Z>1 January 2024</time>"))),
		"metas":                    repeat(size, same("<meta name=author content='Jane Doe'><meta property=article:tag content=a,b,c>")),
		"table":                    append([]byte("<table>"), repeat(size, numbered("<tr><td>cell %d<td>x"))...),
		"nested tables":            repeat(size, same("<table>a<tr><td>b")),
		"foster parents":           append([]byte("<table>"), repeat(size, same("<p>a</p>b<i>"))...),
		"JSON-LD blocks":           repeat(size, numbered(`<script type="application/ld+json">{"@type":"NewsArticle","headline":"x %d"}</script>`)),
		"deep JSON-LD":             []byte(`<script type="application/ld+json">{"@type":"NewsArticle","author":` + strings.Repeat("[", size/2) + strings.Repeat("]", size/2) + "}</script>"),
		"deep JSON-LD, not too":    []byte(strings.Repeat(`<script type="application/ld+json">{"@type":"NewsArticle","hasPart":`+strings.Repeat(`{"@graph":[`, 4000)+strings.Repeat("]}", 4000)+"}</script>", 1+size/56000)),
		"broken JSON-LD":           []byte(`<script type="application/ld+json">{"@type":"NewsArticle","headline":"` + strings.Repeat(`a" ,`, size/4) + "</script>"),
		"comments":                 repeat(size, same("<!--x-->")),
		"angle brackets":           repeat(size, same("<")),
		"entities":                 repeat(size, same("&amp")),
		"one line":                 headed([]byte("<p>" + strings.Repeat("word, ", size/6))),
		"no spaces":                headed([]byte("<p>" + strings.Repeat("w", size))),
		"unclosed comment":         []byte("<p>text</p><!--" + strings.Repeat("x<p>", size/4)),
		"templates and selections": repeat(size, same("<template><select><option>x<svg><p>")),
	}
}

func TestHostilePagesAreBounded(t *testing.T) {
	size := 400 << 10
	if *whole {
		size = MaxBytes - 1024
	}
	for name, b := range hostile(size) {
		t.Run(name, func(t *testing.T) { extractBounded(t, b) })
	}
	if _, err := Extract(bytes.Repeat([]byte("<div>"), 10<<20), "text/html", "https://example.org/"); !errors.Is(err, ErrTooLarge) {
		t.Errorf("50 MiB of nested tags: got %v, want %v", err, ErrTooLarge)
	}
}

// extractBounded extracts a page and holds it to the bounds.
func extractBounded(t *testing.T, b []byte) *Page {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), boundTime)
	defer cancel()
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	var p *Page
	var err error
	done := make(chan struct{})
	go func() {
		defer close(done)
		p, err = Extract(b, "text/html; charset=utf-8", "https://example.org/2024/01/02/story")
	}()
	select {
	case <-done:
	case <-ctx.Done():
		t.Fatalf("not done after %v", boundTime)
	}
	if err != nil {
		t.Fatalf("not read: %v", err)
	}
	runtime.ReadMemStats(&after)
	if grown := int64(after.HeapSys) - int64(before.HeapSys); grown > boundHeap {
		t.Errorf("heap grew by %d MiB, want at most %d", grown>>20, boundHeap>>20)
	}
	checkClean(t, p)
	return p
}

// TestCharsetPagesAreBounded extracts the pages of the charset cases, which
// have bytes of many encodings, declared wrongly or not at all.
func TestCharsetPagesAreBounded(t *testing.T) {
	files, err := filepath.Glob(filepath.FromSlash("../../../shared/data/crawler/charset/files/*"))
	if err != nil || len(files) == 0 {
		missing(t, "charset pages", err)
	}
	for _, f := range files {
		b, err := os.ReadFile(f)
		if err != nil {
			t.Fatal(err)
		}
		p, err := Extract(b, "", "https://example.org/2024/01/02/story")
		if err != nil {
			t.Errorf("%s: %v", f, err)
			continue
		}
		checkClean(t, p)
	}
}

func missing(t *testing.T, what string, err error) {
	t.Helper()
	if os.Getenv("CI") == "true" {
		t.Fatalf("%s are not here: %v", what, err)
	}
	t.Skipf("%s are not here: %v", what, err)
}

// realPage is a page of the extraction cases.
type realPage struct {
	ID   string `json:"id"`
	URL  string `json:"url"`
	File string `json:"html_file"`
	html []byte
}

// eachRealPage calls fn with one of every n pages, chosen by their ids.
func eachRealPage(t *testing.T, n uint32, fn func(p realPage)) {
	t.Helper()
	dir := filepath.FromSlash("../../../shared/data/extraction")
	f, err := os.Open(filepath.Join(dir, "index.jsonl"))
	if err != nil {
		missing(t, "extraction cases", err)
	}
	defer f.Close()
	r := bufio.NewReader(f)
	for {
		line, err := r.ReadBytes('\n')
		if errors.Is(err, io.EOF) {
			return
		}
		var p realPage
		if err = errors.Join(err, json.Unmarshal(line, &p)); err != nil {
			t.Fatal(err)
		}
		h := fnv.New32a()
		io.WriteString(h, p.ID)
		if h.Sum32()%n != 0 {
			continue
		}
		z, err := os.ReadFile(filepath.Join(dir, filepath.FromSlash(p.File)))
		if err != nil {
			t.Fatal(err)
		}
		zr, err := gzip.NewReader(bytes.NewReader(z))
		if err != nil {
			t.Fatal(err)
		}
		if p.html, err = io.ReadAll(zr); err != nil {
			t.Fatal(err)
		}
		fn(p)
	}
}

// mutate cuts, doubles, swaps and flips parts of a page.
func mutate(r *rand.Rand, b []byte) []byte {
	b = bytes.Clone(b)
	for range 1 + r.IntN(8) {
		if len(b) < 2 {
			return b
		}
		i := r.IntN(len(b))
		j := min(len(b), i+1+r.IntN(1<<r.IntN(16)))
		switch r.IntN(4) {
		case 0:
			b = append(b[:i:i], b[j:]...)
		case 1:
			b = append(b[:j:j], b[i:]...)
		case 2:
			k := r.IntN(len(b) - (j - i) + 1)
			part := bytes.Clone(b[i:j])
			rest := append(b[:i:i], b[j:]...)
			b = append(append(rest[:k:k], part...), rest[k:]...)
		default:
			for ; i < j; i += 1 + r.IntN(50) {
				b[i] ^= 1 << r.IntN(8)
			}
		}
	}
	return b
}

func TestMutatedRealPagesAreBounded(t *testing.T) {
	n, each := uint32(40), 4
	if *whole {
		n, each = 1, 10
	}
	r := rand.New(rand.NewPCG(5, 3))
	tried := 0
	eachRealPage(t, n, func(page realPage) {
		for range each {
			b := mutate(r, page.html)
			p, err := Extract(b, "", page.URL)
			if err != nil {
				t.Errorf("%s: %v", page.ID, err)
				continue
			}
			checkClean(t, p)
			tried++
		}
	})
	t.Logf("%d pages", tried)
	if tried == 0 {
		t.Error("no page was tried")
	}
}

func TestTame(t *testing.T) {
	deep := strings.Repeat("<div>", 600)
	for name, tc := range map[string]struct{ in, want string }{
		"deep":        {deep + "<h1>Head</h1><p>Text.", "Head Text."},
		"formatting":  {strings.Repeat("<b><font color=1>", 300) + "<p>One <i>two</i> three.</p><p>Four.</p>", "One two three. Four."},
		"raw text":    {deep + "<style>x{}</style><script>var a = '<p>b</p>'</script><textarea>c</textarea><p>Text.</p>", "Text."},
		"lists":       {deep + "<ul><li>a<ul><li>b<li>c</ul><li>d</ul><p>e<p>f", "a b c d e f"},
		"table":       {deep + "<table><tr><td>a<td>b<tr><td>c</table>", "a b c"},
		"deep script": {deep + `<script type="application/ld+json">{"a":1}</script><p>Text.`, "Text."},
	} {
		root, err := parseTree([]byte(tc.in))
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		if got := nodeText(root); got != tc.want {
			t.Errorf("%s: got %q, want %q", name, got, tc.want)
		}
	}
}
