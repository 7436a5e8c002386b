package entity

import (
	"fmt"
	"strings"
	"testing"
	"time"
)

// articles joins the English gold texts to articles of 500 words.
func articles(tb testing.TB) []string {
	var out []string
	var words int
	var b strings.Builder
	for _, g := range readGold(tb, "en") {
		for _, part := range g.parts {
			b.WriteString(part + "\n")
			words += len(strings.Fields(part))
		}
		if words >= 500 {
			out = append(out, b.String())
			b.Reset()
			words = 0
		}
	}
	if len(out) == 0 {
		tb.Fatal("the gold texts have fewer than 500 words")
	}
	return out
}

// BenchmarkRecognize tells how many articles of 500 words one core
// recognises and resolves in a second, and what loading takes.
func BenchmarkRecognize(b *testing.B) {
	r := New(nil)
	texts := articles(b)
	r.RecognizeText(texts[0]) // loads the model
	b.ReportAllocs()
	begin, n := time.Now(), 0
	for b.Loop() {
		r.Recognize("", texts[n%len(texts)], "en")
		n++
	}
	b.ReportMetric(float64(n)/time.Since(begin).Seconds(), "docs/s")
}

// TestTwice asserts that the order of articles leaves no trace, and that an
// explanation has the mentions it explains.
func TestTwice(t *testing.T) {
	texts := articles(t)
	one, other := New(story), New(story)
	first := make([]string, len(texts))
	for i, s := range texts {
		ms := one.Recognize("", s, "en")
		check(t, "", s, ms)
		first[i] = fmt.Sprint(ms)
	}
	for i := len(texts) - 1; i >= 0; i-- {
		if got := fmt.Sprint(other.Recognize("", texts[i], "en")); got != first[i] {
			t.Errorf("article %d: in another order got %s, want %s", i, got, first[i])
		}
		for _, d := range one.Explain("", texts[i], "en") {
			if d.Why == "" || !strings.Contains(first[i], fmt.Sprint(d.Mention)) {
				t.Errorf("article %d: explained %+v, which is no mention of it or has no reason", i, d)
			}
		}
	}
}
