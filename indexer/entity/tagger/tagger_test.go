package tagger

import (
	"bytes"
	"reflect"
	"strings"
	"testing"
	"time"
	"unicode/utf8"
)

// lesson is a small set from which two sorts of names can be learned.
func lesson() ([]Example, Lists) {
	var out []Example
	people, places := []string{"Mira Ostrander", "Tobias Fenwick", "Ludo Carrow"}, []string{"Velmora", "Port Ashby", "Oskarin"}
	for range 4 {
		for _, p := range people {
			for _, l := range places {
				text := "The baker " + p + " moved to " + l + " in spring."
				at := strings.Index(text, p)
				in := strings.Index(text, l)
				out = append(out, Example{text, []Span{{Start: at, End: at + len(p), Type: Person}, {Start: in, End: in + len(l), Type: Place}}})
			}
		}
	}
	return out, Lists{Clusters: map[string][2]uint16{"baker": {1, 2}, "spring": {3, 4}}, Names: map[string]uint16{"Port Ashby": 1}}
}

func learn(t testing.TB) *Model {
	data, lists := lesson()
	return Learn(data, lists, Options{Epochs: 5, MinCount: 1, Seed: 1})
}

func TestLearn(t *testing.T) {
	m := learn(t)
	text := "The baker Hanna Quist moved to Brelo in spring."
	var got []string
	for _, s := range m.Tag(text)[0] {
		got = append(got, []string{"person", "organization", "place", "other"}[s.Type]+" "+text[s.Start:s.End])
		if s.Margin <= 0 {
			t.Errorf("margin %v of %q, want above 0", s.Margin, text[s.Start:s.End])
		}
	}
	if want := []string{"person Hanna Quist", "place Brelo"}; !reflect.DeepEqual(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
}

func TestSameBytes(t *testing.T) {
	a, err := learn(t).Encode()
	if err != nil {
		t.Fatal(err)
	}
	m, err := Decode(a)
	if err != nil {
		t.Fatal(err)
	}
	again, err := m.Encode()
	if err != nil {
		t.Fatal(err)
	}
	other, err := learn(t).Encode()
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(a, again) || !bytes.Equal(a, other) {
		t.Error("the same model gives other bytes when read back or learned again")
	}
}

func TestDecodeRefuses(t *testing.T) {
	whole, err := learn(t).Encode()
	if err != nil {
		t.Fatal(err)
	}
	for n := 0; n < len(whole); n += 7 {
		if _, err := Decode(whole[:n]); err == nil {
			t.Errorf("no error with %d of %d bytes", n, len(whole))
		}
	}
}

func TestTokenize(t *testing.T) {
	for _, c := range []struct {
		in   string
		want []string // words parted by bars, one sentence each
	}{
		{"The U.S.-led talks ended. Nobody won.", []string{"The|U.S.|-|led|talks|ended|.", "Nobody|won|."}},
		{"Mr. O'Brien's AT&T shares rose 3.5%.", []string{"Mr.|O'Brien|'s|AT&T|shares|rose|3.5|%|."}},
		{"J. R. Dobbs of Quill Corp. left", []string{"J.|R.|Dobbs|of|Quill|Corp.|left"}},
		{"One line\nJean-Luc d’Arc’s", []string{"One|line", "Jean|-|Luc|d’Arc|’s"}},
		{"", nil},
	} {
		ws, ss := tokenize(c.in, nil, nil)
		var got []string
		for _, s := range ss {
			var line []string
			for _, w := range ws[s.from:s.to] {
				line = append(line, c.in[w.start:w.end])
			}
			got = append(got, strings.Join(line, "|"))
		}
		if !reflect.DeepEqual(got, c.want) {
			t.Errorf("%q: got %q, want %q", c.in, got, c.want)
		}
	}
}

func TestTagsFollow(t *testing.T) {
	words, _ := tokenize("Ann Lee saw Rome", nil, nil)
	for _, c := range []struct {
		names []Span
		want  []int
	}{
		{[]Span{{Start: 0, End: 7}, {Start: 12, End: 16, Type: Place}}, []int{tagOf(Person, atFirst), tagOf(Person, atLast), 0, tagOf(Place, atOnly)}},
		{[]Span{{Start: 0, End: 7}, {Start: 4, End: 11, Type: Other}}, []int{0, 0, 0, 0}}, // overlap: not usable
		{nil, []int{0, 0, 0, 0}},
	} {
		if got := trueTags(words, c.names); !reflect.DeepEqual(got, c.want) {
			t.Errorf("%v: got %v, want %v", c.names, got, c.want)
		}
	}
}

func FuzzTag(f *testing.F) {
	m := Default()
	f.Add("Mayor Visits Port Ashby", "Ms. O'Neil of the Bank of Velmora (BV) spoke. 北京A.B.C. d’Arc's")
	f.Add("\xff\xfeA", "of of & A & B's. \xe4\xb8 A-b-C-\n\n.")
	f.Fuzz(func(t *testing.T, title, body string) {
		parts := m.Tag(title, body)
		for p, text := range []string{title, body} {
			end := 0
			for _, s := range parts[p] {
				if s.Start < end || s.End <= s.Start || s.End > len(text) || s.Type > Other {
					t.Fatalf("span %+v behind %d in %q", s, end, text)
				}
				if utf8.ValidString(text) && !utf8.ValidString(text[s.Start:s.End]) {
					t.Fatalf("span %+v cuts a rune of %q", s, text)
				}
				end = s.End
			}
		}
		if again := m.Tag(title, body); !reflect.DeepEqual(parts, again) {
			t.Fatalf("%q, %q: got %v and then %v", title, body, parts, again)
		}
	})
}

func BenchmarkDecode(b *testing.B) {
	b.ReportMetric(float64(len(embedded)), "packed-B")
	for b.Loop() {
		if _, err := Decode(embedded); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkTag(b *testing.B) {
	m := Default()
	text := strings.Repeat("The council of Port Ashby said on Monday that Mira Ostrander, who leads the Velmora Rail Company, will speak to the press. The company had told its staff that the line would close.\n", 16)
	words := len(strings.Fields(text))
	begin, n := time.Now(), 0
	for b.Loop() {
		m.Tag(text)
		n++
	}
	b.ReportMetric(float64(words*n)/time.Since(begin).Seconds(), "words/s")
}
