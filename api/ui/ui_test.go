package ui

import (
	"regexp"
	"strings"
	"testing"
	"time"
)

// TestTextsAreWhole wants a translation for each text that a template shows,
// with the same places for arguments.
func TestTextsAreWhole(t *testing.T) {
	used := regexp.MustCompile(`\bt "([^"]+)"`)
	n := 0
	entries, err := files.ReadDir("templates")
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		b, err := files.ReadFile("templates/" + e.Name())
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range used.FindAllStringSubmatch(string(b), -1) {
			n++
			if _, ok := texts[m[1]]; !ok {
				t.Errorf("%s shows %q, which texts does not have", e.Name(), m[1])
			}
		}
	}
	if n < 30 {
		t.Errorf("only %d texts seen", n)
	}
	for key, row := range texts {
		for i, text := range row {
			if text == "" || strings.Count(text, "%") != strings.Count(T("en", key), "%") {
				t.Errorf("%s of %q is %q", Langs[i+1], key, text)
			}
		}
	}
	for key := range long {
		if _, ok := texts[key]; !ok {
			t.Errorf("%q is not translated", key)
		}
	}
}

func TestMatch(t *testing.T) {
	for accept, want := range map[string]string{
		"": "en", "de-AT,de;q=0.9,en;q=0.8": "de", "fr, zh-Hans;q=0.5": "zh", "AR": "ar", "xx, *": "en", strings.Repeat(",", 100): "en",
	} {
		if got := Match(accept); got != want {
			t.Errorf("%q: %s, want %s", accept, got, want)
		}
	}
}

func TestDates(t *testing.T) {
	at := time.Date(2025, 3, 4, 5, 6, 0, 0, time.UTC)
	for lang, want := range map[string]string{
		"en": "4 March 2025, 05:06 UTC", "de": "4. März 2025, 05:06 UTC", "zh": "2025年3月4日 05:06 UTC", "ar": "4 مارس 2025، 05:06 UTC",
	} {
		if got := Stamp(lang, at); got != want {
			t.Errorf("%s: %q, want %q", lang, got, want)
		}
	}
	if got := Num("de", -1234567); got != "-1.234.567" {
		t.Error(got)
	}
}

func TestWeb(t *testing.T) {
	for in, ok := range map[string]bool{"https://a.example/x": true, "HTTP://a.example": true, "javascript:alert(1)": false, "//a.example": false, "": false, "data:text/html,x": false} {
		if (Web(in) != "") != ok {
			t.Errorf("%q", in)
		}
	}
}
