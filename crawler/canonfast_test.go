package crawler

import (
	"math/rand/v2"
	"strings"
	"testing"
)

// TestPlain holds plain against the parser, on addresses that are put together
// out of what matters to either.
func TestPlain(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 4))
	parts := []string{
		"http", "https", "://", "//", "/", ".", "-", "--", "xn--", "www.", "paper", "example", ".com", ".co.uk", "amp", "google.", "bing.",
		"cdn.ampproject.org", "1", "127.0.0.1", "0x7f", ":80", "@", "index.html", "index.htm", "..", "A", "Ä", "%41", "?", "#", "a=b", ";", "_", " ", "sid=12345678a", "news/one-two",
		"\t", "+", "~", "jsessionid",
	}
	var raws []string
	for range 200_000 {
		var b strings.Builder
		if r.IntN(3) > 0 {
			b.WriteString("http://paper.example/")
		}
		for range 1 + r.IntN(7) {
			b.WriteString(parts[r.IntN(len(parts))])
		}
		raws = append(raws, b.String())
	}
	n := 0
	for _, raw := range raws {
		if !plain(raw) {
			continue
		}
		n++
		if got, err := canonicalParsed(raw); err != nil || got != raw {
			t.Errorf("%q is taken for canonical: %q, %v", raw, got, err)
		}
	}
	if n < 1000 {
		t.Errorf("%d plain addresses of %d: the test shows little", n, len(raws))
	}
	for raw, want := range map[string]bool{
		"https://www.paper.example/2026/11/21/harbour-plan_2.html": true, "http://paper.example/": true,
		"http://paper.example": false, "http://paper/": false, "http://paper.example/a//b": false, "http://paper.example/a/../b": false,
		"http://paper.example/?a": false, "HTTP://paper.example/": false, "http://10.0.0.1/": false, "http://.example/": false, "http://paper.example./": false,
	} {
		if plain(raw) != want {
			t.Errorf("%s: plain %v", raw, !want)
		}
	}
}

func BenchmarkCanonical(b *testing.B) {
	for name, raw := range map[string]string{"plain": "https://www.paper.example/2026/11/21/harbour-plan.html", "parsed": "https://www.paper.example/2026/11/21/harbour-plan.html?utm_source=x&id=7"} {
		b.Run(name, func(b *testing.B) {
			for b.Loop() {
				if _, err := Canonical(raw); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
