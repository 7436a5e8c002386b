package body

import (
	"bytes"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"golang.org/x/net/html"
)

func splitString(t testing.TB, page string) *Page {
	t.Helper()
	root, err := html.Parse(strings.NewReader(page))
	if err != nil {
		t.Fatal(err)
	}
	return Split(root)
}

func lines(p *Page) []string {
	var out []string
	for i := range p.blocks {
		out = append(out, p.line(&p.blocks[i]))
	}
	return out
}

func TestSplit(t *testing.T) {
	for _, c := range []struct {
		name, in string
		want     []string
	}{
		{"inline elements part nothing", `<p>The <b>mayor</b> of <a href="/x">Sundby</a> left.</p>`, []string{"The mayor of Sundby left."}},
		{"breaks and blocks part lines", `<div>One<br>two<p>three</p>four</div>`, []string{"One", "two", "three", "four"}},
		{"cells are apart in a row", `<table><tr><td>Sundby</td><td>12</td></tr><tr><td>Holm</td><td>9</td></tr></table>`, []string{"Sundby 12", "Holm 9"}},
		{"what shows no text", `<p>Seen</p><script>var a = "no"</script><style>p{}</style><button>Press</button><template>no</template>`, []string{"Seen"}},
		{"white space and invisible characters", "<p> A\n\t\u00a0b\u200bc \u00ad d </p><p> \n </p><p>\u2014</p>", []string{"A bc d"}},
		{"a span around blocks", `<span class="x">a<div>b</div>c</span>`, []string{"a", "b", "c"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			if got := lines(splitString(t, c.in)); !slices.Equal(got, c.want) {
				t.Errorf("got %q, want %q", got, c.want)
			}
		})
	}
}

// Elements are numbered in document order, so that what is inside one is a run.
func TestHolds(t *testing.T) {
	p := splitString(t, `<div id=a><div id=b><p>one</p><p>two</p></div><div id=c><p>three</p></div></div><p>four</p>`)
	elem := func(line string) int32 { return p.blocks[slices.Index(lines(p), line)].elem }
	b := p.elems[elem("one")].parent
	a := p.elems[b].parent
	for line, want := range map[string][2]bool{"one": {true, true}, "two": {true, true}, "three": {true, false}, "four": {false, false}} {
		if got := [2]bool{p.holds(a, elem(line)), p.holds(b, elem(line))}; got != want {
			t.Errorf("%s is in a, in b: %v, want %v", line, got, want)
		}
	}
	if got := p.apart(elem("one"), elem("three")); got != 2 {
		t.Errorf("from one to what holds three too: %d steps, want 2", got)
	}
}

func TestTokens(t *testing.T) {
	same := [][2]string{{"Don't STOP", "dont, stop!"}, {"Ärger im Büro", "ärger  im büro"}, {"北京", "北 京"}, {"l’eau", "leau"}}
	for _, c := range same {
		if a, b := Tokens(c[0]), Tokens(c[1]); !slices.Equal(a, b) || len(a) == 0 {
			t.Errorf("%q and %q: %v and %v, want the same words", c[0], c[1], a, b)
		}
	}
	for _, c := range [][2]string{{"stop", "shop"}, {"a b", "ab"}, {"a b", "b a"}} {
		if Join(Tokens(c[0])) == Join(Tokens(c[1])) {
			t.Errorf("%q and %q are the same, want them apart", c[0], c[1])
		}
	}
	if n := len(Tokens("—  …")); n != 0 {
		t.Errorf("punctuation has %d words, want none", n)
	}
}

func TestPhrase(t *testing.T) {
	for in, want := range map[string]int{
		"Related articles:": 2, "LESEN SIE AUCH": 2, "Sign up for the morning letter": 1, "Читайте также: что будет": 1, "関連記事": 2,
		"The council voted on Tuesday.": 0, "": 0, "Share prices fell": 0,
	} {
		if got := phrase(Tokens(in)); got != want {
			t.Errorf("%q: %d, want %d", in, got, want)
		}
	}
}

func TestKeep(t *testing.T) {
	var page strings.Builder
	for range 6 {
		page.WriteString("<p>ten words that are all of one line and fit</p>")
	}
	d := New(splitString(t, page.String()), Input{})
	for _, c := range []struct {
		name string
		s    []float32
		want []int
	}{
		{"sure", []float32{0.01, 0.97, 0.98, 0.3, 0.96, 0.02}, []int{1, 2, 4}},
		{"half a text is better than none", []float32{0.02, 0.35, 0.3, 0.02, 0.02, 0.02}, []int{1, 2}},
		{"nothing", []float32{0.01, 0.02, 0.01, 0.02, 0.01, 0.02}, nil},
	} {
		if got := d.Keep(c.s); !slices.Equal(got, c.want) {
			t.Errorf("%s: got %v, want %v", c.name, got, c.want)
		}
	}
}

func TestOutside(t *testing.T) {
	const story = `<h1>Harbour bridge closes</h1><p>The bridge over the harbour closes on Monday for repairs that will take until autumn, the port said.</p>`
	d := New(splitString(t, `<article class="no-comments">`+story+`</article>
<section class="user-comments"><p>I drive over it each morning and I can only say that it was about time to do it.</p></section>
<div class="x1"><p>We use cookies. These cookies track your browser for advertising; withdraw your consent in our privacy settings.</p></div>
<nav><a href="/">Sundby</a></nav>`), Input{Title: "Harbour bridge closes"})
	var got []string
	for i := range d.Len() {
		if d.Outside(i) {
			got = append(got, d.Line(i)[:6])
		}
	}
	if want := []string{"I driv", "We use", "Sundby"}; !slices.Equal(got, want) {
		t.Errorf("outside: %q, want %q", got, want)
	}
}

func TestEmbedded(t *testing.T) {
	para := []string{
		"The ferry to the islands stays in port until the storm has passed, the line said on Sunday.",
		"About four hundred people wait in Sundby, most of them on their way home from the fair.",
		"The council opened the gymnasium and the church for those who found no room for the night.",
		"A second ferry is to help as soon as the waves are below three metres, perhaps on Tuesday.",
		"It is the third time this winter that the islands were cut off for longer than two days.",
	}
	rich := func(s string) string {
		return `{"type":"paragraph","content":[{"type":"text","value":"` + s[:20] + `"},{"type":"link","content":[{"type":"text","value":"` + s[20:30] + `"}]},{"type":"text","value":"` + s[30:] + `"}]}`
	}
	pad := `"theme":{"a":"` + strings.Repeat("x", 1600) + `"}`
	var plain, nested, elements []string
	for _, p := range para {
		plain = append(plain, `{"kind":"p","content":"`+p+`"}`)
		nested = append(nested, rich(p))
		elements = append(elements, `["p","`+p+`"]`)
	}
	want := strings.Join(para, "\n\n")
	for name, script := range map[string]string{
		"list of paragraphs": `{` + pad + `,"story":{"elements":[` + strings.Join(plain, ",") + `]},"teasers":[{"content":"A short line about another matter."}]}`,
		"rich text":          `{` + pad + `,"body":{"content":[` + strings.Join(nested, ",") + `]}}`,
		"elements as lists":  `window.__PRELOADED_STATE__ = {` + pad + `,"body":["div",` + strings.Join(elements, ",") + `]};`,
		"HTML":               `{` + pad + `,"html":"<p>` + strings.Join(para, `<\/p>\n<p class=\"x\">`) + `<\/p>"}`,
		"JSON in a string":   `{` + pad + `,"state":"` + strings.ReplaceAll(`{"p":"`+strings.Repeat("y", 1500)+`","elements":[`+strings.Join(plain, ",")+`]}`, `"`, `\"`) + `"}`,
	} {
		t.Run(name, func(t *testing.T) {
			if got := embedded([]string{script}); got != want {
				t.Errorf("got %q, want %q", got, want)
			}
		})
	}
}

func TestLines(t *testing.T) {
	in := "<p>One &amp; two</p><p>3 < 4</p>five<br/>six <b>bold</b>\n\n seven\u00a0 "
	if got, want := Lines(in), "One & two\n\n3 < 4\n\nfive\n\nsix bold\n\nseven"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}

func TestEncode(t *testing.T) {
	m := &Model{Words: map[uint64]float32{7: 0.5, 3: -1}}
	m.First = Forest{Base: 0.25, Trees: [][]Node{{{Feature: 2, Right: 2, Split: 1}, {Split: -0.5}, {Split: 0.5}}}}
	b := m.Encode()
	got, err := Decode(b)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(got.Encode(), b) {
		t.Error("what was decoded encodes differently")
	}
	v := make([]float32, numFeatures)
	for x, want := range map[float32]float32{0: -0.25, 1: 0.75, 2: 0.75} {
		v[2] = x
		if s := got.First.Sum(v); s != want {
			t.Errorf("feature at %v: %v, want %v", x, s, want)
		}
	}
	for n := range b {
		if _, err := Decode(b[:n]); err == nil {
			t.Fatalf("the first %d of %d bytes were taken for a model", n, len(b))
		}
	}
	b[len(b)-5]++ // a child before its parent, or a number too many
	if _, err := Decode(append(b, 0)); err == nil {
		t.Error("a byte too many was taken")
	}
}

func TestFitted(t *testing.T) {
	m, err := Decode(weights)
	if err != nil {
		t.Fatal(err)
	}
	if len(m.Words) < 100 || len(m.First.Trees) < 10 || len(m.Second.Trees) < 10 {
		t.Errorf("%d words, %d and %d trees: not what was fitted", len(m.Words), len(m.First.Trees), len(m.Second.Trees))
	}
}

func FuzzArticle(f *testing.F) {
	f.Add(`<article><h1>T</h1><p>One, two.</p><table><tr><td>x</table></article>`, "T", "One, two.")
	f.Add("<div class='a-b commentList'><li>\xff\x00<br>\u202ex", "", "")
	f.Add(`<script type="application/json">{"a":["b","`+strings.Repeat("word and ", 200)+`"]}</script>`, "word", "")
	f.Fuzz(func(t *testing.T, page, title, linked string) {
		root, err := html.Parse(strings.NewReader(page))
		if err != nil {
			t.Skip("the parser refuses it")
		}
		d := New(Split(root), Input{Title: title, Linked: Lines(linked)})
		s := d.Judge(Fitted())
		for i, p := range s {
			if !(p >= 0 && p <= 1) {
				t.Errorf("block %d has probability %v", i, p)
			}
		}
		text := d.Article(s)
		if !utf8.ValidString(text) || strings.Contains(text, "\n\n\n") || strings.TrimSpace(text) != text {
			t.Errorf("text is not clean: %q", text)
		}
	})
}

func FuzzEmbedded(f *testing.F) {
	f.Add(`{"a":["b",{"c":"d \u00e4 \ud83d\ude00"}],"e":"{\"f\":1}"}`)
	f.Add(`]]]}}{{[[":"\`)
	f.Fuzz(func(t *testing.T, s string) {
		if got := embedded([]string{s}); !utf8.ValidString(strings.ToValidUTF8(s, "")) || utf8.ValidString(s) && !utf8.ValidString(got) {
			t.Errorf("text is not UTF-8: %q", got)
		}
	})
}
