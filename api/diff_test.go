package api

import (
	"math/rand"
	"strings"
	"testing"
)

func TestDiffWords(t *testing.T) {
	for _, tc := range []struct{ from, to, want string }{
		{"", "", ""},
		{"the memo is old", "the memo is new", "=the memo is |-old|+new"},
		{"a b c", "a c", "=a |-b |=c"},
		{"one\n\ntwo", "one\n\nmore\n\ntwo", "=one\n\n|+more\n\n|=two"},
		{"阿里巴巴否认", "阿里巴巴承认", "=阿里巴巴|-否|+承|=认"},
	} {
		var got []string
		for _, op := range diffWords(tc.from, tc.to) {
			got = append(got, map[string]string{"equal": "=", "delete": "-", "insert": "+"}[op.Op]+op.Text)
		}
		if s := strings.Join(got, "|"); s != tc.want {
			t.Errorf("%q to %q: got %q, want %q", tc.from, tc.to, s, tc.want)
		}
	}
}

// sides joins what the older and what the newer text have.
func sides(ops []DiffOp) (from, to string) {
	for _, op := range ops {
		if op.Op != "insert" {
			from += op.Text
		}
		if op.Op != "delete" {
			to += op.Text
		}
	}
	return from, to
}

// TestDiffKeepsBothTexts also covers texts too long to be compared by words.
func TestDiffKeepsBothTexts(t *testing.T) {
	r := rand.New(rand.NewSource(1))
	text := func(n int) string {
		var b strings.Builder
		for range n {
			b.WriteString([]string{"a ", "memo ", "中", "\n\n", "é", "x\t", "\n"}[r.Intn(7)])
		}
		return b.String()
	}
	for range 300 {
		a, b := text(r.Intn(60)), text(r.Intn(60))
		if from, to := sides(diffWords(a, b)); from != a || to != b {
			t.Fatalf("%q and %q became %q and %q", a, b, from, to)
		}
	}
	for _, pair := range [][2]string{
		{strings.Repeat("a ", 60000), "a b"}, // long, and yet within the table
		{strings.Repeat(strings.Repeat("a ", 1000)+"x\nsame\n", 500), strings.Repeat(strings.Repeat("b ", 1000)+"y\nsame\n", 500)},
	} {
		d := &differ{cells: maxDiffCells}
		if from, to := sides(d.words(pair[0], pair[1])); from != pair[0] || to != pair[1] {
			t.Error("a hostile text is not kept")
		}
		if d.cells < 0 {
			t.Errorf("a hostile pair of texts took %d cells, at most %d are allowed", maxDiffCells-d.cells, maxDiffCells)
		}
	}
	a, b := strings.Repeat("a b ", 5000), strings.Repeat("b c ", 5000)
	ops := diffWords(a, b)
	if from, to := sides(ops); from != a || to != b {
		t.Error("a long text is not kept")
	}
}

func TestShortenShowsNoWholeText(t *testing.T) {
	body := strings.Repeat("many words here ", 200)
	for _, to := range []string{body + "end", strings.Repeat("other words there ", 200), "start " + body} {
		ops, cut := shorten(diffWords(body, to), excerptRunes)
		shown := 0
		for _, op := range ops {
			shown += len([]rune(op.Text))
		}
		if !cut || shown > excerptRunes || shown == 0 {
			t.Errorf("%d runes shown, cut %v", shown, cut)
		}
	}
}

func TestShortenCutsBetweenWords(t *testing.T) {
	from := strings.Repeat("something ", 20) + "old" + strings.Repeat(" anything", 20)
	ops, _ := shorten(diffWords(from, strings.Replace(from, "old", "new", 1)), excerptRunes)
	for _, op := range ops {
		for w := range strings.FieldsSeq(op.Text) {
			if w != "something" && w != "anything" && w != "old" && w != "new" && w != "…" {
				t.Errorf("%q is cut: %v", w, ops)
			}
		}
	}
}
