package indexer

import (
	"fmt"
	"os"
	"path/filepath"
	"testing"

	"dateline"
)

// TestWordsLast has the words counted once however the index ended: closed,
// killed before they were saved, or with a file that is broken or gone.
func TestWordsLast(t *testing.T) {
	dir := t.TempDir()
	x := open(t, dir)
	add(t, x, art(1, "Alibaba memo", "The memo, a memo."), art(2, "Memos", "Élan"))
	edited := art(2, "Memos", "Élan vital")
	add(t, x, edited)
	check := func(when string) {
		t.Helper()
		for w, want := range map[string]int{"alibaba": 1, "memo": 1, "memos": 1, "the": 1, "elan": 1, "vital": 1, "nothing": 0} {
			if got := x.gen.words.docs(w); got != want {
				t.Errorf("%s: %d articles have %q, want %d", when, got, w, want)
			}
		}
	}
	check("written")
	file := func() string {
		l, err := filepath.Glob(filepath.Join(dir, "index", "gen-*", "words"))
		if err != nil || len(l) != 1 {
			t.Fatal(l, err)
		}
		return l[0]
	}
	for _, how := range []struct {
		name  string
		upset func(path string) error
	}{
		{"closed", func(string) error { return nil }},
		{"gone", os.Remove},
		{"cut", func(p string) error { return os.Truncate(p, 30) }},
		{"of another program", func(p string) error { return os.WriteFile(p, []byte("words"), 0o644) }},
		{"empty", func(p string) error { return os.Truncate(p, 0) }},
	} {
		if err := x.Close(); err != nil {
			t.Fatal(err)
		}
		if err := how.upset(file()); err != nil {
			t.Fatal(err)
		}
		x = open(t, dir)
		check(how.name)
	}
	if err := x.Reindex(t.Context()); err != nil {
		t.Fatal(err)
	}
	check("reindexed")
}

// TestWordsAreBounded: of more words than there is room for, the frequent stay.
func TestWordsAreBounded(t *testing.T) {
	w := &words{path: filepath.Join(t.TempDir(), "words")}
	letters := func(n int) string {
		var b []byte
		for range 5 {
			b = append(b, byte('a'+n%26))
			n /= 26
		}
		return string(b)
	}
	frequent := []string{"whistleblower", "typhoon", "2025", "x"}
	for i := 0; i < maxWords+5000; i += 1000 {
		d := &document{}
		for k := range 1000 {
			d.body = append(d.body, token{word: letters(i + k)})
		}
		for _, f := range frequent {
			d.title = append(d.title, token{word: f})
		}
		w.count(d, false)
	}
	if n := w.lex.len(); n > maxWords*3/4+6000 {
		t.Errorf("%d words are kept", n)
	}
	for i, f := range frequent {
		if n := w.docs(f); (n > maxWords/1000) != (i < 2) {
			t.Errorf("%q is in %d", f, n)
		}
	}
	if err := w.counted(maxWords + 5000); err != nil {
		t.Fatal(err)
	}
	again, err := openWords(w.path)
	if err != nil || again.lex.len() != w.lex.len() || again.upTo != maxWords+5000 {
		t.Fatal(err, again.lex.len(), again.upTo)
	}
}

func TestParts(t *testing.T) {
	w := &words{}
	count := func(n int, text string) {
		for range n {
			w.count(newDocument(&dateline.Article{Body: text}), false)
		}
	}
	count(3, "white house")
	count(1, "whiteho use")
	for in, want := range map[string]string{"whitehouse": "white house 3", "whitehouses": "  0", "white": "  0", "": "  0", "a": "  0"} {
		a, b, n := w.parts(in)
		if got := fmt.Sprint(a, " ", b, " ", n); got != want {
			t.Errorf("%q: %q, want %q", in, got, want)
		}
	}
}
