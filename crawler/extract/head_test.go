package extract

import (
	"strings"
	"testing"

	"dateline"
)

func TestTrimTop(t *testing.T) {
	p, err := parsePage([]byte(`<p class="kicker">Quays</p><nav class="breadcrumb"><a href="/">Harbour life</a></nav>`), "", "https://harbourpost.example/world/a")
	if err != nil {
		t.Fatal(err)
	}
	top := p.top(&dateline.Article{Title: "Ferry runs again", Authors: []string{"Nora Quill"}, Section: "Sea"})
	const text = "The ferry to the island ran again on Monday, after three weeks in which nobody crossed the bay but by rowing boat."
	for _, c := range []struct{ name, in, want string }{
		{"section, kicker, crumb, path", "Sea\n\nQuays\n\nHarbour life\n\nWORLD\n\n" + text, text},
		{"topic and headline", "Storm damage: Ferry runs again\n\n" + text, text},
		{"topic glued to the headline", "Storm damageFerry runs again\n\n" + text, text},
		{"byline and date", "By Nora Quill\n\nNora Quill - 5 March 2024\n\n5 March 2024, 10:15\n\n" + text, text},
		{"byline glued", "byNora Quill\n\n" + text, text},
		{"a short first sentence stays", "Nothing moved.\n\n" + text, "Nothing moved.\n\n" + text},
		{"a sentence with a date stays", "Nothing moved in the harbour until 5 March 2024.\n\n" + text, "Nothing moved in the harbour until 5 March 2024.\n\n" + text},
		{"a sentence about the author stays", "Nora Quill saw it.\n\n" + text, "Nora Quill saw it.\n\n" + text},
		{"labels further down stay", text + "\n\nSea\n\n" + text, text + "\n\nSea\n\n" + text},
		{"nothing", "", ""},
	} {
		if got := top.trim(c.in); got != c.want {
			t.Errorf("%s: got %q, want %q", c.name, got, c.want)
		}
	}
}

func TestRunTogether(t *testing.T) {
	ps := []string{"The first paragraph is here.", "The second one follows it.", "And here is the third one."}
	all := strings.Join(ps, "\n\n")
	for text, want := range map[string]bool{
		"Home News World" + strings.Join(ps, " "): true,
		"World" + ps[0] + ps[1]:                   true,
		all:                                       false,
		ps[0] + "\n\nSea " + ps[1] + "\n\n" + ps[2]: false,
		"": false,
	} {
		if got := runTogether(text, all); got != want {
			t.Errorf("%q: got %v, want %v", text, got, want)
		}
	}
}
