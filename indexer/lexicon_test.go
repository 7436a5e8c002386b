package indexer

import (
	"fmt"
	"math/rand"
	"slices"
	"strings"
	"testing"
)

func TestEditDistance(t *testing.T) {
	for _, tt := range []struct {
		a, b  string
		limit int
		want  int
	}{
		{"memo", "memo", 1, 0},
		{"memo", "meno", 1, 1},
		{"memo", "mmeo", 1, 1},
		{"memo", "mem", 1, 1},
		{"memo", "memoo", 1, 1},
		{"memo", "moon", 1, 2},
		{"elysée", "elysee", 1, 1},
		{"vulnerabilty", "vulnerability", 2, 1},
		{"abcdef", "badcfe", 2, 3},
		{"", "ab", 2, 2},
	} {
		if got := newSpeller(tt.a, tt.limit, false).distance([]byte(tt.b)); got != tt.want {
			t.Errorf("%q %q: %d, want %d", tt.a, tt.b, got, tt.want)
		}
		if got := newSpeller(tt.b, tt.limit, false).distance([]byte(tt.a)); got != tt.want {
			t.Errorf("%q %q: %d, want %d", tt.b, tt.a, got, tt.want)
		}
	}
}

// distanceBy is the definition, which a table of both words follows.
func distanceBy(a, b []rune) int {
	d := make([][]int, len(a)+1)
	for i := range d {
		d[i] = make([]int, len(b)+1)
		for j := range d[i] {
			switch {
			case i == 0 || j == 0:
				d[i][j] = i + j
			case a[i-1] == b[j-1]:
				d[i][j] = d[i-1][j-1]
			default:
				d[i][j] = 1 + min(d[i-1][j-1], d[i-1][j], d[i][j-1])
				if i > 1 && j > 1 && a[i-1] == b[j-2] && a[i-2] == b[j-1] {
					d[i][j] = min(d[i][j], 1+d[i-2][j-2])
				}
			}
		}
	}
	return d[len(a)][len(b)]
}

func prefixDistanceBy(want, word []rune) int {
	least := len(want)
	for n := range len(word) + 1 {
		least = min(least, distanceBy(want, word[:n]))
	}
	return least
}

// TestNear compares what a lexicon finds with a look at each word.
func TestNear(t *testing.T) {
	r := rand.New(rand.NewSource(1))
	alphabet := []rune("aabcdelmé解и")
	invent := func() string {
		w := make([]rune, 1+r.Intn(10))
		for i := range w {
			w[i] = alphabet[r.Intn(len(alphabet))]
		}
		return string(w)
	}
	var l lexicon
	var all []string
	for range 3000 {
		w := invent()
		if _, ok := l.find(w); !ok {
			all = append(all, w)
		}
		if _, ok := l.add(w); !ok {
			t.Fatal(w)
		}
	}
	if l.len() != len(all) {
		t.Fatalf("%d words, want %d", l.len(), len(all))
	}
	for range 300 {
		q, limit, prefix := invent(), r.Intn(3), r.Intn(2) == 0
		if r.Intn(2) == 0 {
			q = all[r.Intn(len(all))]
		}
		var got, want []string
		l.near(newSpeller(q, limit, prefix), func(n uint32, d int) { got = append(got, fmt.Sprint(string(l.word(n)), d)) })
		for _, w := range all {
			d := distanceBy([]rune(q), []rune(w))
			if prefix {
				d = prefixDistanceBy([]rune(q), []rune(w))
			}
			if d <= limit {
				want = append(want, fmt.Sprint(w, d))
			}
		}
		if !slices.Equal(got, want) {
			t.Fatalf("%q within %d, prefix %v: %v, want %v", q, limit, prefix, got, want)
		}
		got, want = nil, nil
		l.prefixed(q, func(n uint32) { got = append(got, string(l.word(n))) })
		for _, w := range all {
			if strings.HasPrefix(w, q) {
				want = append(want, w)
			}
		}
		if !slices.Equal(got, want) {
			t.Fatalf("prefix %q: %v, want %v", q, got, want)
		}
	}
}

func FuzzSpeller(f *testing.F) {
	f.Add("memo", "mmeo", 1, false)
	f.Add("ali", "alibaba", 2, true)
	f.Fuzz(func(t *testing.T, a, b string, limit int, prefix bool) {
		if limit < 0 || limit > 3 || len(a) > 40 || len(b) > 40 {
			t.Skip("nobody asks for that: words are shorter, limits 0 to 3")
		}
		want := distanceBy([]rune(a), []rune(b))
		if prefix {
			want = prefixDistanceBy([]rune(a), []rune(b))
		}
		if got := newSpeller(a, limit, prefix).distance([]byte(b)); got != min(want, limit+1) {
			t.Errorf("%q %q within %d: %d, want %d", a, b, limit, got, want)
		}
	})
}

func TestNumbers(t *testing.T) {
	var l numbers
	want := []uint32{7, 7, 0, 1 << 31, 1<<32 - 1, 3}
	for _, v := range want {
		l.add(v)
	}
	var got []uint32
	l.each(func(v uint32) { got = append(got, v) })
	if !slices.Equal(got, want) || !l.has(3) || l.has(4) {
		t.Error(got)
	}
}

func TestLexiconRefuses(t *testing.T) {
	var l lexicon
	for _, w := range []string{strings.Repeat("a", maxWordRunes+1), strings.Repeat("解", maxWordBytes/3+1)} {
		if _, ok := l.add(w); ok || l.len() > 0 {
			t.Errorf("%d letters were taken", len(w))
		}
	}
}

// syllables make invented words.
var syllables = []string{"ba", "con", "der", "e", "fu", "gan", "hi", "in", "jo", "ker", "lum", "men", "no", "or", "pre", "qua", "ri", "st", "tion", "un", "ver", "wa", "ex", "ys", "zer"}

// BenchmarkNear looks for the words nearest to mistyped ones among 120,000.
func BenchmarkNear(b *testing.B) {
	r := rand.New(rand.NewSource(1))
	var l lexicon
	for l.len() < 120_000 {
		var w strings.Builder
		for range 2 + r.Intn(4) {
			w.WriteString(syllables[r.Intn(len(syllables))])
		}
		if _, ok := l.add(w.String()); !ok {
			b.Fatal(w.String())
		}
	}
	for _, limit := range []int{1, 2} {
		b.Run(fmt.Sprint("edits=", limit), func(b *testing.B) {
			found := 0
			for i := 0; b.Loop(); i++ {
				w := []byte(l.word(uint32(i * 7919 % l.len())))
				w[len(w)/2] = 'x'
				l.near(newSpeller(string(w), limit, false), func(uint32, int) { found++ })
			}
			b.ReportMetric(float64(cap(l.text)+4*(cap(l.end)+cap(l.count)+cap(l.letter)+cap(l.head)+cap(l.slots))+cap(l.runes))/(1<<20), "MiB")
		})
	}
}
