package indexer

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"dateline"
)

func TestExtras(t *testing.T) {
	for text, want := range map[string]string{
		"Wi-Fi":                                 "wifi",
		"wi\u2011fi, wifi":                      "wifi",
		"U.S.":                                  "us ^us",
		"U.S.A. and the U.K.":                   "usa ^usa uk ^uk",
		"the US, us":                            "^us",
		"us and it":                             "",
		"e.g. this":                             "eg ^eg",
		"J. K. Rowling":                         "",
		"J.Smith, a.b.example":                  "",
		"F-35 over COVID-19":                    "f35 covid19",
		"CVE-2025-1234":                         "^cve",
		"2025-11-14, 9-11, 20-30":               "",
		"state-of-the-art":                      "",
		"e-mails":                               "email",
		"cost - benefit, a- b":                  "",
		"北-京, 北京":                               "",
		"A.B.C.D.E.F.G":                         "",
		"Zusammenarbeitsvertrags-Verhandlungen": "",
	} {
		var got []string
		for _, e := range extras("en", text, analyze("en", text)) {
			got = append(got, e.stem)
		}
		if s := strings.Join(got, " "); s != want {
			t.Errorf("%s: %q, want %q", text, s, want)
		}
	}
}

func TestWordsWithSigns(t *testing.T) {
	for text, want := range map[string]string{
		"C++, C# and C":    "c++ c# and c",
		"C+ or c+++":       "c or c",
		"c++x #c a#b":      "c x c a b",
		"Disney+ and Go++": "disney and go++",
		"5# is":            "5 is",
		"AT&T R&D":         "at t r d",
		"C++'s":            "c++ s",
	} {
		var got []string
		for _, tok := range analyze(otherLang, text) {
			got = append(got, tok.word)
		}
		if s := strings.Join(got, " "); s != want {
			t.Errorf("%s: %q, want %q", text, s, want)
		}
	}
}

// TestCodes: a code or name is found however it is written, by its parts, and
// not by what merely has a part of it.
func TestCodes(t *testing.T) {
	x := open(t, t.TempDir())
	es := art(90, "En español", "Este es un memo.")
	es.Lang = "es"
	for i, text := range []string{
		"details of Wi-Fi use", "details of wifi use", "the wi fi password", // 0 1 2
		"The U.S. said", "The US said", "They told us", // 3 4 5
		"written in C++ now", "written in C# now", "written in C now", // 6 7 8
		"AT&T sold it", "look at them", // 9 10
		"CVE-2025-1234 was used", "CVE-2025-9999 was used", "in 2025 the CVE list", // 11 12 13
		"unit PLA-61398", "on 2025-11-14", "an F-35", "an F35", "R&D costs", "5G masts", // 14 to 19
		"The U.N. met", // 20
	} {
		add(t, x, art(i, fmt.Sprint("number ", i), text+"."))
	}
	add(t, x, es)
	for q, want := range map[string]string{
		"wifi": "0 1", "wi-fi": "0 1 2", "Wi-Fi": "0 1 2", "wi fi": "0 2", `"wi fi"`: "0 2", "WiFi details": "0 1", "wif*": "0 1", "title:wifi": "",
		"U.S.": "3 4", "US": "3 4 5", "us": "3 4 5", "u.s. said": "3 4", `"The U.S. said"`: "3",
		"U.N.": "20", "un": "20 90", "C++": "6", "c#": "7", "C": "8", "AT&T": "9", "at": "10 9",
		"CVE-2025-1234": "11", "CVE 2025": "11 12 13", "cve-2025*": "11 12", "PLA-61398": "14", "61398": "14",
		"2025-11-14": "15", "F-35": "16 17", "F35": "16 17", "f 35": "16", "R&D": "18", "5g": "19", "-wifi use": "11 12",
	} {
		var got []string
		for _, h := range search(t, x, q).Hits {
			n := strings.TrimPrefix(h.Article.Title, "number ")
			if h.Article.Title == es.Title {
				n = "90"
			}
			got = append(got, n)
			if q[0] != '-' && !strings.Contains(h.SnippetHTML, "<mark>") {
				t.Errorf("%s: nothing is marked in %s", q, h.SnippetHTML)
			}
		}
		slices.Sort(got)
		if s := strings.Join(got, " "); s != want {
			t.Errorf("%s: %q, want %q", q, s, want)
		}
	}
	if got := search(t, x, "wifi 0").Hits[0].SnippetHTML; !strings.Contains(got, "<mark>Wi-Fi</mark>") {
		t.Errorf("marked: %s", got)
	}
	// The evaluator, which decides what belongs to a story, finds the same.
	for _, q := range []string{"wifi", "Wi-Fi", "wif*", "U.S.", "us", "C++", "c", "F35", `"f 35"~3`, `"wifi"~3`} {
		root, err := dateline.ParseQuery(q)
		if err != nil {
			t.Fatal(err)
		}
		found := map[string]bool{}
		for _, h := range search(t, x, q).Hits {
			found[h.Article.ID] = true
		}
		if err := x.Each(t.Context(), func(a *dateline.Article) error {
			if got := newDocument(a).matches(root, x.resolve); got != found[a.ID] {
				t.Errorf("%s: the evaluator says %v of %q, the index %v", q, got, a.Body, !got)
			}
			return nil
		}); err != nil {
			t.Fatal(err)
		}
	}
}

// FuzzAnalyze: the words of any text are in it in order, each as a query finds
// itself, and so do its other forms.
func FuzzAnalyze(f *testing.F) {
	for _, s := range []string{"Wi-Fi in the U.S.", "C++ & C#", "l’armée's", "北京 Peking", "e\u0301-mail", "A.B.C.D", "x-\xff-y", "ﬁ-ﬁ", "ＵＳ", "İ-i"} {
		for lang := range formCaches {
			f.Add(lang, s)
		}
	}
	f.Fuzz(func(t *testing.T, lang, text string) {
		toks := analyze(lang, text)
		at := 0
		for _, tok := range toks {
			if tok.start < at || tok.end <= tok.start || tok.end > len(text) {
				t.Fatalf("%q: word at %d to %d, after one that ends at %d", text, tok.start, tok.end, at)
			}
			at = tok.end
			if tok.word == "" || tok.stem == "" || tok.word != fold(text[tok.start:tok.end]) {
				t.Fatalf("%q: word %q, stem %q of %q", text, tok.word, tok.stem, text[tok.start:tok.end])
			}
			again := analyze(lang, text[tok.start:tok.end])
			if len(again) != 1 || again[0].stem != tok.stem || again[0].word != tok.word {
				t.Fatalf("%q: %q alone is %v, was %v", text, text[tok.start:tok.end], again, tok)
			}
		}
		es := extras(lang, text, toks)
		for _, e := range es {
			if e.first+e.n > len(toks) || e.n < 1 || e.start != toks[e.first].start || e.end != toks[e.first+e.n-1].end || e.word == "" || e.stem == "" {
				t.Fatalf("%q: form %+v of %v", text, e, toks)
			}
			written := text[e.start:e.end]
			if utf8.ValidString(text) && !utf8.ValidString(written) {
				t.Fatalf("%q: form %q", text, written)
			}
			form, ok := whole(lang, written, analyze(lang, written))
			if e.n > 1 && (!ok || countForm(toks, es, form) == 0) {
				t.Fatalf("%q: %q as a query is %v, and not found", text, written, form)
			}
		}
		if len(es) > 2*len(toks) {
			t.Fatalf("%q: %d forms of %d words", text, len(es), len(toks))
		}
	})
}
