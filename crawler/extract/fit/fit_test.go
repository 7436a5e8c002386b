package main

import (
	"bytes"
	"math"
	"testing"

	"dateline/crawler/extract/internal/body"
)

func TestLabels(t *testing.T) {
	truth := "The mayor opened the bridge on Monday morning.\n\nWhat comes next\n\nTraffic returns to the old town in May, the council said."
	lines := []string{
		"Home", "The mayor opened the bridge on Monday morning.", "What comes next",
		"Traffic returns to the old town in May, the council said.", "Monday", "Read what others say of the bridge that was opened",
	}
	var toks [][]uint64
	for _, l := range lines {
		toks = append(toks, body.Tokens(l))
	}
	want := []float64{0, 1, 1, 1, 0, 0}
	for i, got := range labels(toks, truth) {
		if got != want[i] {
			t.Errorf("%q: %v, want %v", lines[i], got, want[i])
		}
	}
	w := weights(toks, truth)
	if w[3] <= w[2] || w[2] <= w[0] {
		t.Errorf("weights %v do not grow with the lines' lengths", w)
	}
}

func TestMatch(t *testing.T) {
	a := runs(body.Tokens("one two three four five"))
	b := runs(body.Tokens("one two three four six"))
	if p, r := match(a, b); p != 0.5 || r != 0.5 {
		t.Errorf("precision %v, recall %v; want one run of two each", p, r)
	}
	if p, r := match(a, runs(nil)); p != 0 || r != 0 {
		t.Errorf("an empty text has precision %v, recall %v", p, r)
	}
}

// A forest must learn what no single split can, say the same of the same, and
// be read as it was grown.
func TestGrow(t *testing.T) {
	var rows [][]float32
	var y, w []float64
	for i := range 400 {
		a, b := float32(i%20), float32(i/20)
		rows = append(rows, []float32{a, b, float32(i % 7)})
		target := 0.0
		if (a < 10) != (b < 10) {
			target = 1
		}
		y, w = append(y, target), append(w, 1)
	}
	how := growth{trees: 60, leaves: 6, rate: 0.3, columns: 1, rows: 0.9, ridge: 1, least: 1}
	f := grow(newTable(rows), y, w, how, 1)
	for i, r := range rows {
		if p := body.Sigmoid(f.Sum(r)); math.Abs(float64(p)-y[i]) > 0.3 {
			t.Fatalf("row %v: %v, want about %v", r, p, y[i])
		}
	}
	again := grow(newTable(rows), y, w, how, 1)
	m, n := &body.Model{First: f}, &body.Model{First: again}
	if !bytes.Equal(m.Encode(), n.Encode()) {
		t.Error("the same data gave another forest")
	}
}

func TestFold(t *testing.T) {
	n := map[int]int{}
	for _, o := range []string{"a.example", "b.example", "c.example", "d.example", "e.example", "f.example", "g.example", "h.example"} {
		k := fold(o, 4, 'o')
		if k != fold(o, 4, 'o') || k < 0 || k > 3 {
			t.Errorf("%s is in fold %d", o, k)
		}
		n[k]++
	}
	if len(n) < 3 {
		t.Errorf("eight outlets fall into %d folds of four", len(n))
	}
	for in, want := range map[string]string{"https://www.news.example.co.uk/a": "example.co.uk", "http://web.archive.org/web/2019/https://www.sundby.example/x": "sundby.example"} {
		if got := outletOf(in); got != want {
			t.Errorf("%s: outlet %q, want %q", in, got, want)
		}
	}
}
