package entity

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"
)

// property asserts what holds for any text in any language: mentions lie in
// the text in order without overlaps and on the borders of its runes, the same
// text gives the same, and an explanation has the same mentions with reasons.
func property(t *testing.T, r *Recognizer, title, body, lang string) {
	t.Helper()
	ms := r.Recognize(title, body, lang)
	check(t, title, body, ms)
	for _, m := range ms {
		s := body
		if m.InTitle {
			s = title
		}
		if utf8.ValidString(s) && (!border(s, m.Start) || !border(s, m.End)) {
			t.Fatalf("%q [%d:%d] is not on the borders of runes", s, m.Start, m.End)
		}
		if strings.TrimSpace(m.Text) != m.Text {
			t.Fatalf("%q has blanks at its ends", m.Text)
		}
	}
	if again := r.Recognize(title, body, lang); !slices.Equal(ms, again) {
		t.Fatalf("%q, %q (%s): %v, then %v", title, body, lang, ms, again)
	}
	if title == "" {
		return // it is then one text, not two
	}
	var explained []string
	for _, d := range r.Explain(title, body, lang) {
		if d.Why == "" || strings.HasPrefix(d.Why, "rule: ;") || d.Why == "rule: " {
			t.Fatalf("no reason for %+v", d.Mention)
		}
		explained = append(explained, fmt.Sprint(d.Mention))
	}
	var plain []string
	for _, m := range ms {
		plain = append(plain, fmt.Sprint(m))
	}
	if !slices.Equal(plain, explained) {
		t.Fatalf("%q, %q (%s): recognised %v, explained %v", title, body, lang, plain, explained)
	}
}

func border(s string, at int) bool { return at == len(s) || utf8.RuneStart(s[at]) }

// TestProperty mutates the gold texts of all languages and mixes them: bytes
// and runes changed, left out, doubled and cut, texts of one language read as
// another.
func TestProperty(t *testing.T) {
	r := New(story)
	var texts [][2]string
	for _, lang := range goldLanguages {
		for _, g := range readGold(t, lang) {
			texts = append(texts, g.parts)
		}
	}
	rng := rand.New(rand.NewPCG(1, 2))
	langs := append(slices.Clone(goldLanguages), "", "it", "pt", "ko", "xx")
	for range 250 {
		g := texts[rng.IntN(len(texts))]
		body := mutate(rng, g[1]+texts[rng.IntN(len(texts))][1])
		if len(body) > 1500 {
			body = body[:1500] // may cut a rune
		}
		property(t, r, mutate(rng, g[0]), body, langs[rng.IntN(len(langs))])
	}
}

// odd are pieces that rules look at.
var odd = []string{"(", ")", "«", "»", "'", "’", "·", "-", "&", ".", "\n", "\x00", "\xff", "\u0301", "\u200f", "ـ", "株式会社", "有限公司", "大学", "ООО «", "GmbH & Co. KG", "l'", "'s", "von", "氏", "الرئيس", "U.S.", "(NFB)"}

func mutate(rng *rand.Rand, s string) string {
	for range 1 + rng.IntN(6) {
		rs := []rune(s)
		if len(rs) < 4 {
			return s
		}
		i, j := rng.IntN(len(rs)-1), rng.IntN(len(rs)-1)
		i, j = min(i, j), max(i, j)
		switch rng.IntN(6) {
		case 0:
			s = string(rs[:i]) + string(rs[j:])
		case 1:
			s = string(rs[:i]) + odd[rng.IntN(len(odd))] + string(rs[i:])
		case 2:
			rs[i], rs[j] = rs[j], rs[i]
			s = string(rs)
		case 3:
			s = string(rs[:j]) + string(rs[i:])
		case 4:
			b := []byte(s)
			b[rng.IntN(len(b))] ^= 1 << rng.IntN(8)
			s = string(b)
		case 5:
			s = string(rs[:i]) + strings.ToUpper(string(rs[i:j])) + string(rs[j:])
		}
	}
	return s
}

func FuzzRecognize(f *testing.F) {
	r := New(story)
	for _, lang := range goldLanguages {
		for k, g := range readGold(f, lang) {
			if k < 3 {
				f.Add(g.parts[0], g.parts[1], lang)
			}
		}
	}
	f.Add("U.S. President Visits", "Mr. O'Neil of the Bank of X (BX) said. 北京A.B.C. d’Arc's", "")
	f.Add("\xff\xfeA", "of of & A & B's. \xe4\xb8", "fr")
	f.Fuzz(func(t *testing.T, title, body, lang string) {
		property(t, r, title, body, lang)
	})
}
