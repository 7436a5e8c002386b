package extract

import (
	"bytes"
	"fmt"
	"strings"
	"testing"
)

// offer is what the pages of an outlet have in common, in the words and the markup
// of an article.
const offerLine = "Readers who want to hear more of the valley and its people find our reporters each Thursday evening at the old mill, where the coffee is free and the talk is long."

func memoryPage(n int) (page []byte, address string) {
	var b strings.Builder
	fmt.Fprintf(&b, "<html><head><title>Report %d from the valley</title></head><body><article><h1>Report %d from the valley</h1>", n, n)
	for k := range 5 {
		fmt.Fprintf(&b, "<p>Paragraph %d of report %d says what the farmers of village %d told the council about the water of spring %d on Monday.</p>", k, n, n*7+k, n+k)
	}
	fmt.Fprintf(&b, "<p>%s</p></article></body></html>", offerLine)
	return []byte(b.String()), fmt.Sprintf("https://news.valley.example/report/%d", n)
}

func memoryBody(t *testing.T, m *Memory, n int, learn bool) string {
	t.Helper()
	page, address := memoryPage(n)
	p, err := m.Extract(page, "text/html", address)
	if err != nil {
		t.Fatal(err)
	}
	if learn {
		m.Learn(p)
	}
	return p.Article.Body
}

func TestMemory(t *testing.T) {
	m := NewMemory()
	for n := range commonPages {
		if !strings.Contains(memoryBody(t, m, n, true), offerLine) {
			t.Fatal("one page alone cannot show that the line is the outlet's; the fixture needs another")
		}
	}
	if !strings.Contains(memoryBody(t, m, 0, false), offerLine) {
		t.Error("what was learned has an effect before Activate")
	}
	m.Activate()
	for _, n := range []int{0, 9} {
		got := memoryBody(t, m, n, false)
		if strings.Contains(got, offerLine) {
			t.Errorf("report %d still has the outlet's line", n)
		}
		if !strings.Contains(got, "Paragraph 0") || !strings.Contains(got, "Paragraph 4") {
			t.Errorf("report %d lost its own paragraphs: %q", n, got)
		}
	}
	page, _ := memoryPage(9)
	p, err := m.Extract(page, "text/html", "https://elsewhere.example/report/9")
	if err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(p.Article.Body, offerLine) {
		t.Error("the line was taken from another outlet's page")
	}
}

// An article at several addresses has all of its lines in common with itself.
func TestMemorySameArticle(t *testing.T) {
	m := NewMemory()
	page, _ := memoryPage(1)
	for n := range 4 {
		p, err := m.Extract(page, "text/html", fmt.Sprintf("https://valley.example/edition-%d/report", n))
		if err != nil {
			t.Fatal(err)
		}
		m.Learn(p)
		m.Learn(p) // again: a page counts once
	}
	m.Activate()
	p, err := m.Extract(page, "text/html", "https://valley.example/report")
	if err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(p.Article.Body, "Paragraph 0") || !strings.Contains(p.Article.Body, "Paragraph 4") {
		t.Errorf("the article is gone: %q", p.Article.Body)
	}
}

func TestMemoryBounds(t *testing.T) {
	m := NewMemory()
	for n := range memoryOutlets + 20 {
		for k := range 2 {
			m.Learn(&Page{outletKey: fmt.Sprintf("outlet-%d.example", n), Canonical: fmt.Sprint("https://x.example/", k), lines: []uint64{1, uint64(n)}})
		}
	}
	for k := range memoryPages + 7 {
		m.Learn(&Page{outletKey: "last.example", Canonical: fmt.Sprint("https://x.example/", k), lines: []uint64{uint64(k)}})
	}
	if len(m.outlets) != memoryOutlets {
		t.Errorf("%d outlets, want %d", len(m.outlets), memoryOutlets)
	}
	if m.outlets["outlet-0.example"] != nil || m.outlets["last.example"] == nil {
		t.Error("not the oldest outlets were forgotten")
	}
	if pages := m.outlets["last.example"].pages; len(pages) != memoryPages || pages[0].lines[0] != 7 {
		t.Errorf("%d pages from %d on, want the last %d", len(pages), pages[0].lines[0], memoryPages)
	}
}

func TestMemoryFile(t *testing.T) {
	m := NewMemory()
	for n := range 5 {
		memoryBody(t, m, n, true)
	}
	m.Activate()
	memoryBody(t, m, 6, true) // learned, not in force
	var a, b bytes.Buffer
	if err := m.Write(&a); err != nil {
		t.Fatal(err)
	}
	again, err := ReadMemory(bytes.NewReader(a.Bytes()))
	if err != nil {
		t.Fatal(err)
	}
	if err := again.Write(&b); err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(a.Bytes(), b.Bytes()) {
		t.Error("what was read is written differently")
	}
	if got := memoryBody(t, again, 7, false); strings.Contains(got, offerLine) {
		t.Error("what was in force is not after reading")
	}
	for n := range a.Len() {
		if _, err := ReadMemory(bytes.NewReader(a.Bytes()[:n])); err == nil {
			t.Fatalf("the first %d of %d bytes were taken for a memory", n, a.Len())
		}
	}
}
