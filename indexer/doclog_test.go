package indexer

import (
	"bytes"
	"fmt"
	"math/rand"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"dateline"
)

func readLog(t *testing.T, path string) (l *docLog, got []string) {
	t.Helper()
	l, err := openDocLog(path, func(m mapped, off int64) error { got = append(got, string(m.payload(off))); return nil })
	if err != nil {
		t.Fatal(err)
	}
	return l, got
}

// TestDocLogCut cuts a log at every byte: the whole records before the cut
// are there, and what is appended then is too.
func TestDocLogCut(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "docs")
	l, _ := readLog(t, path)
	var ends []int64
	for i := range 4 {
		if _, err := l.append([]byte(fmt.Sprint("record ", i))); err != nil {
			t.Fatal(err)
		}
		ends = append(ends, l.size)
	}
	if err := l.sync(); err != nil {
		t.Fatal(err)
	}
	if err := l.close(); err != nil {
		t.Fatal(err)
	}
	whole, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	for n := range whole {
		if err := os.WriteFile(path, whole[:n], 0o644); err != nil {
			t.Fatal(err)
		}
		want := 0
		for want < len(ends) && ends[want] <= int64(n) {
			want++
		}
		l, got := readLog(t, path)
		if len(got) != want {
			t.Fatalf("cut at %d: %d records, want %d", n, len(got), want)
		}
		off, err := l.append([]byte("after"))
		if err == nil {
			err = l.sync()
		}
		if err != nil {
			t.Fatal(err)
		}
		if p := l.bytes().payload(off); string(p) != "after" {
			t.Fatalf("read %q", p)
		}
		l.close()
		l, got = readLog(t, path)
		l.close()
		if len(got) != want+1 {
			t.Fatalf("cut at %d and appended: %d records, want %d", n, len(got), want+1)
		}
	}
	flipped := bytes.Clone(whole)
	flipped[ends[1]+recordHead] ^= 1
	if err := os.WriteFile(path, flipped, 0o644); err != nil {
		t.Fatal(err)
	}
	l, got := readLog(t, path)
	l.close()
	if len(got) != 2 {
		t.Errorf("%d records before a damaged one, want 2", len(got))
	}
}

func TestRecordRoundTrip(t *testing.T) {
	rnd := rand.New(rand.NewSource(1))
	for range 200 {
		r := record{seq: rnd.Int63(), id: fmt.Sprint(rnd.Int63()), title: "Tïtle", dated: rnd.Intn(2) == 0, pub: rnd.Int63n(1<<40) - 1<<39, lang: "en", vocab: rnd.Intn(1000), sum: rnd.Uint32()}
		var want, got []string
		for f := range numFields {
			for range rnd.Intn(4) {
				v := idName{id: fmt.Sprint("id", rnd.Intn(9)), name: fmt.Sprint("name", rnd.Intn(9)), weight: uint8(rnd.Intn(256))}
				if entityType(fields[f]) != "" {
					v.given = rnd.Intn(2) == 0
					for range rnd.Intn(3) {
						v.also = append(v.also, fmt.Sprint("also", rnd.Intn(9)))
					}
				}
				if rnd.Intn(3) == 0 {
					v.name = v.id
				}
				r.values[f] = append(r.values[f], v)
				want = append(want, fmt.Sprint(f, v.id, v.name, v.weight, v.given, v.also))
			}
		}
		r.sketch.runs = rnd.Uint32()
		for i := range r.sketch.sketch {
			r.sketch.sketch[i] = rnd.Uint32()
		}
		for i := range r.parts {
			r.parts[i] = rnd.Intn(50)
			for range r.parts[i] {
				r.terms = append(r.terms, uint32(rnd.Int63n(1<<uint(1+rnd.Intn(32)))))
			}
		}
		for range rnd.Intn(3) {
			r.links = append(r.links, rnd.Uint32())
		}
		b, at := r.encode(nil)
		var d record
		fwd, err := d.decode(b, func(v *rawValue) {
			var also []string
			for _, a := range v.also {
				also = append(also, string(a))
			}
			got = append(got, fmt.Sprint(v.f, string(v.id), string(v.name), v.weight, v.given, also))
		})
		if err != nil {
			t.Fatal(err)
		}
		parts, terms := forward(b[fwd:], nil)
		if at != fwd || d.seq != r.seq || d.id != r.id || d.dated != r.dated || d.pub != r.pub || d.vocab != r.vocab || d.sum != r.sum || d.sketch != r.sketch || !slices.Equal(d.links, r.links) ||
			!slices.Equal(got, want) || parts != r.parts || d.parts != r.parts || !slices.Equal(terms, r.terms) {
			t.Fatalf("wrote %+v, read %+v", r, d)
		}
	}
}

func FuzzRecord(f *testing.F) {
	r := record{seq: 1, id: "a", title: "t", lang: "en", parts: [3]int{1, 1, 0}, terms: []uint32{1, 2}}
	b, _ := r.encode(nil)
	f.Add(b)
	f.Fuzz(func(_ *testing.T, b []byte) {
		var r record
		if at, err := r.decode(b, func(*rawValue) {}); err == nil {
			forward(b[at:], nil)
		}
	})
}

// TestLostPieces: whatever of the derived index goes missing or bad, the next
// start answers as before.
func TestLostPieces(t *testing.T) {
	for _, tt := range []struct {
		name string
		harm func(gen string) error
	}{
		{"pointer", func(g string) error { return os.Remove(filepath.Join(g, "..", "CURRENT")) }},
		{"pointer to nothing", func(g string) error {
			return os.WriteFile(filepath.Join(g, "..", "CURRENT"), []byte("gen-77\n"), 0o644)
		}},
		{"pointer elsewhere", func(g string) error {
			return os.WriteFile(filepath.Join(g, "..", "CURRENT"), []byte("../../etc\n"), 0o644)
		}},
		{"doc log", func(g string) error { return os.Remove(filepath.Join(g, "docs")) }},
		{"half the doc log", func(g string) error { return os.Truncate(filepath.Join(g, "docs"), 9000) }},
		{"other doc log", func(g string) error {
			return os.WriteFile(filepath.Join(g, "docs"), []byte("dateline doc log 1\nrubbish"), 0o644)
		}},
		{"vocabulary", func(g string) error { return os.Remove(filepath.Join(g, "terms")) }},
		{"half the vocabulary", func(g string) error { return os.Truncate(filepath.Join(g, "terms"), 100) }},
		{"bleve", func(g string) error { return os.RemoveAll(filepath.Join(g, "bleve")) }},
		{"bleve's metadata", func(g string) error {
			return os.WriteFile(filepath.Join(g, "bleve", "index_meta.json"), []byte("{"), 0o644)
		}},
		{"bleve's segments", func(g string) error {
			l, err := filepath.Glob(filepath.Join(g, "bleve", "store", "*.zap"))
			for _, f := range l {
				if err := os.Truncate(f, 10); err != nil {
					return err
				}
			}
			return err
		}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			dir := t.TempDir()
			x := open(t, dir)
			var as []*dateline.Article
			for i := range 100 {
				as = append(as, art(i, fmt.Sprint("Alibaba memo ", i), fmt.Sprintf("zero-day exploit number%d of the PLA", i)))
			}
			add(t, x, as...)
			queries := []string{"", "memo", `"zero-day exploit"`, "org:pla number7", "number9*"}
			want := map[string]int{}
			for _, q := range queries {
				want[q] = search(t, x, q).Total
			}
			gen := x.current().dir
			x.Close()
			if err := tt.harm(gen); err != nil {
				t.Fatal(err)
			}
			x = open(t, dir)
			for _, q := range queries {
				if got := search(t, x, q).Total; got != want[q] || got == 0 {
					t.Errorf("%q: %d, want %d", q, got, want[q])
				}
			}
		})
	}
}

// TestCursorAfterRestart follows a cursor of relevance in another process's
// place, with articles added between.
func TestCursorAfterRestart(t *testing.T) {
	dir := t.TempDir()
	x := open(t, dir)
	left := map[string]bool{}
	var as []*dateline.Article
	for i := range 50 {
		a := art(i, "memo", fmt.Sprint("memo and other words ", i%7, " ", i))
		left[a.ID] = true
		as = append(as, a)
	}
	add(t, x, as...)
	q := dateline.Query{Text: "memo other", Root: &dateline.And{Nodes: []dateline.Node{&dateline.Term{Text: "memo"}, &dateline.Term{Text: "other"}}}, Limit: 9}
	for i := 100; ; i++ {
		r, err := x.Search(t.Context(), q)
		if err != nil {
			t.Fatal(err)
		}
		for _, h := range r.Hits {
			if h.Article.Title == "memo" && !left[h.Article.ID] {
				t.Error("given twice:", h.Article.ID)
			}
			delete(left, h.Article.ID)
		}
		if r.Next == "" {
			break
		}
		q.Cursor = r.Next
		add(t, x, art(i, "late", "memo memo memo and other other words"))
		x.Close()
		x = open(t, dir)
	}
	if len(left) > 0 {
		t.Errorf("%d never given", len(left))
	}
}
