package indexer

import (
	"fmt"
	"math/rand"
	"slices"
	"strings"
	"testing"

	"dateline"
)

func TestNeighbours(t *testing.T) {
	for q, want := range map[string]string{
		"alibaba":                          "",
		"alibaba memo":                     "alibaba memo",
		"alibaba OR memo OR pla":           "alibaba memo pla",
		"alibaba memo OR army leak":        "alibaba memo|army leak",
		"alibaba title:memo pla leak":      "pla leak",
		`alibaba "zero day" memo`:          "",
		`leak memo org:PLA white house`:    "leak memo|white house",
		"alibaba -(memo leak) army denies": "army denies",
		"(alibaba OR pla) memo leak":       "alibaba pla|memo leak",
	} {
		n, err := dateline.ParseQuery(q)
		if err != nil {
			t.Fatal(q, err)
		}
		var rows []string
		for _, row := range neighbours(n) {
			var words []string
			for _, w := range row {
				words = append(words, w.Text)
			}
			rows = append(rows, strings.Join(words, " "))
		}
		if got := strings.Join(rows, "|"); got != want {
			t.Errorf("%s: neighbours %q, want %q", q, got, want)
		}
	}
}

func TestNearFloor(t *testing.T) {
	const more = float32(2) + 1.0/(1<<22) // the next after 2
	for _, c := range []struct {
		scores []float32
		want   float32
	}{
		{nil, 0},
		{[]float32{3, 1}, 0},
		{[]float32{1, 5, 3, 2}, 3},
		{[]float32{5, 2, 2, 2}, 2},          // all that are equal: up to twice as many
		{[]float32{5, 2, 2, 2, 2, 1}, more}, // not if they are more
		{[]float32{2, 2, 2, 2, 2}, more},
		{[]float32{0, 0, 0, 0, 0, 0, 4}, 1.0 / (1 << 23) / (1 << 126)},
	} {
		r := &run{scores: c.scores}
		set := newBitset(len(c.scores))
		for o := range c.scores {
			set.set(uint32(o))
		}
		if got := r.nearFloor(set, 2); got != c.want {
			t.Errorf("%v: %v, want %v", c.scores, got, c.want)
		}
	}
	// Of many, against sorting them.
	rnd := rand.New(rand.NewSource(1))
	for range 50 {
		r := &run{scores: make([]float32, 300)}
		set := newBitset(300)
		for o := range r.scores {
			r.scores[o] = float32(rnd.Intn(10000))
			set.set(uint32(o))
		}
		sorted := slices.Sorted(slices.Values(r.scores))
		if got, want := r.nearFloor(set, 5), sorted[300-5]; got != want {
			t.Fatalf("of %v: %v, want %v", r.scores, got, want)
		}
	}
}

// TestNearWords: of articles with the same words as often, the one in which
// they are nearer comes first.
func TestNearWords(t *testing.T) {
	x := open(t, t.TempDir())
	filler := strings.Repeat("filler ", 9)
	for i, body := range []string{
		"memo " + filler + "leaked " + filler,                 // too far
		"memo one two three leaked " + filler + "x y z u v w", // near
		"leaked memo " + filler + filler,                      // side by side, in the other order
		"memo. " + filler + filler + "untold",                 // no pair
		"zero-day " + filler + "and exploits", "exploits of zero days and " + filler, "备忘录在一个很长的句子之后泄露", "备忘录 泄露, 之后在一个很长的句",
	} {
		add(t, x, art(i, fmt.Sprint("number ", i), body))
	}
	titles := func(q string) string {
		var out []string
		for _, h := range search(t, x, q).Hits {
			out = append(out, strings.TrimPrefix(h.Article.Title, "number "))
		}
		return strings.Join(out, " ")
	}
	if got := titles("memo leaked"); got != "2 1 0" {
		t.Errorf("memo leaked: %s, want 2 1 0", got)
	}
	if got := titles("exploits zero-day"); got != "5 4" {
		t.Errorf("exploits zero-day: %s, want 5 4", got)
	}
	if got := titles("泄露 备忘录"); got != "7 6" {
		t.Errorf("泄露 备忘录: %s, want 7 6", got)
	}
	if got := titles("memo OR leaked"); got != "2 1 0 3" {
		t.Errorf("memo OR leaked: %s, want 2 1 0 3", got)
	}
}

// TestStopWords: a stop word must match, and scores only among its like.
func TestStopWords(t *testing.T) {
	x := open(t, t.TempDir())
	de := art(3, "vier", "die Akte die")
	de.Lang = "de"
	add(t, x, art(0, "one", "the memo"), art(1, "two", "a memo"), art(2, "three", "the the the other"), de, art(4, "five", "die another day"))
	score := func(q string) map[string]float64 {
		out := map[string]float64{}
		for _, h := range search(t, x, q).Hits {
			out[h.Article.Title] = h.Score
		}
		return out
	}
	memo := score("memo")
	if got := score("the memo"); len(got) != 1 || got["one"] != memo["one"] {
		t.Errorf("the memo: %v, want one as it scores for memo, %v", got, memo)
	}
	if got := score("the OR memo"); len(got) != 3 || got["three"] != 0 || got["two"] != memo["two"] {
		t.Errorf("the OR memo: %v, want three articles, of which three scores nothing", got)
	}
	if got := score("the"); got["three"] <= got["one"] || got["one"] <= 0 {
		t.Errorf("the: %v, want scores", got)
	}
	if got := score(`"the" OR memo`); got["three"] <= 0 {
		t.Errorf(`"the" OR memo: %v, want a score for three`, got)
	}
	if got := score("die OR memo"); got["vier"] != 0 || got["five"] <= 0 {
		t.Errorf("die OR memo: %v, want a score in English and none in German", got)
	}
}

// TestPagesWithNearWords: what comes while pages are read changes neither who
// gets the bonus for near words nor the order of the rest.
func TestPagesWithNearWords(t *testing.T) {
	x := open(t, t.TempDir())
	x.window = 6
	rnd := rand.New(rand.NewSource(3))
	n := 0
	some := func(k int) {
		var as []*dateline.Article
		for range k {
			var body []string
			for range 30 {
				body = append(body, []string{"memo", "leaked", "army", "x", "y", "z", "u"}[rnd.Intn(7)])
			}
			as = append(as, art(n, fmt.Sprint("number ", n), strings.Join(body, " ")))
			n++
		}
		add(t, x, as...)
	}
	some(40)
	root, err := dateline.ParseQuery("memo leaked army")
	if err != nil {
		t.Fatal(err)
	}
	q := dateline.Query{Text: "memo leaked army", Root: root, Limit: 100}
	whole, err := x.Search(t.Context(), q)
	if err != nil {
		t.Fatal(err)
	}
	q.Limit = 5
	var got []string
	for {
		r, err := x.Search(t.Context(), q)
		if err != nil {
			t.Fatal(err)
		}
		for _, h := range r.Hits {
			got = append(got, h.Article.ID)
		}
		if q.Cursor = r.Next; r.Next == "" {
			break
		}
		if n < 100 {
			some(20)
		}
	}
	at := 0
	for _, id := range got { // new ones may be among them
		if at < len(whole.Hits) && id == whole.Hits[at].Article.ID {
			at++
		}
	}
	if at < len(whole.Hits) {
		t.Errorf("the pages have %d of %d articles in the order of the first moment", at, len(whole.Hits))
	}
	if slices.Sort(got); len(slices.Compact(got)) != len(got) {
		t.Error("an article came twice")
	}
}

func BenchmarkNearWords(b *testing.B) {
	x := open(b, b.TempDir())
	rnd := rand.New(rand.NewSource(1))
	zipf := rand.NewZipf(rnd, 1.1, 4, 20000)
	for at := range 4 {
		var as []*dateline.Article
		for i := range 1000 {
			var body []string
			for range 400 {
				body = append(body, fmt.Sprint("w", zipf.Uint64()))
			}
			as = append(as, art(1000*at+i, "title", strings.Join(body, " ")))
		}
		add(b, x, as...)
	}
	for _, q := range []string{"w40 w90", "w20 OR w50 OR w110 OR w400"} {
		root, err := dateline.ParseQuery(q)
		if err != nil {
			b.Fatal(err)
		}
		for _, window := range []int{0, 50, 100, 1000} {
			b.Run(fmt.Sprintf("%s/window=%d", q, window), func(b *testing.B) {
				v, err := x.view()
				if err != nil {
					b.Fatal(err)
				}
				defer v.release()
				x.window = window
				for b.Loop() {
					r, done := newRun(b.Context(), x, v, true)
					r.rank(root)
					if window == 0 {
						r.rows = nil
					}
					set, err := r.eval(root, true)
					if err == nil {
						r.score(set, 0)
						err = r.near(set)
					}
					if err != nil {
						b.Fatal(err)
					}
					done()
				}
			})
		}
	}
}
