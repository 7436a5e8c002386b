package main

import (
	"reflect"
	"strings"
	"testing"

	"dateline/indexer/entity/tagger"
)

// known is enough to fill in every article.
var known = map[string][]string{
	"first": {"Mira", "Tobias", "Ana"}, "last": {"Ostrander", "Wrenfield", "Vik"}, "town": {"Oslo", "New Halden"},
	"gazetteer": {"Velmora", "Quillhaven"}, "country": {"Estonia", "Peru"},
}

// TestNewswire: every slot of newswire.txt is filled, every mark taken out,
// and the same names give the same articles.
func TestNewswire(t *testing.T) {
	one, err := readWire(newswire, known)
	if err != nil {
		t.Fatal(err)
	}
	again, err := readWire(newswire, known)
	if err != nil || !reflect.DeepEqual(one, again) {
		t.Errorf("another run gives other articles (%v)", err)
	}
	types := map[tagger.Type]int{}
	for _, x := range one {
		if strings.ContainsAny(x.Text, "{}^") || mark.MatchString(x.Text) {
			t.Errorf("not filled: %q", x.Text)
		}
		last := 0
		for _, n := range x.Names {
			s := x.Text[n.Start:n.End]
			if n.Start < last || s == "" || s != strings.TrimSpace(s) || strings.ContainsAny(s, "\n[]") {
				t.Errorf("name %q at %d in %q", s, n.Start, x.Text)
			}
			last = n.End
			types[n.Type]++
		}
	}
	if len(one) < 100*copies || len(one)%copies != 0 || len(types) != 4 {
		t.Errorf("%d articles with names of %d types", len(one), len(types))
	}
}

func TestWireErrors(t *testing.T) {
	for _, c := range []struct{ name, text, want string }{
		{"no such list", "\n---\n[P {nobody}] left.", `no list is named "nobody"`},
		{"a list without values", "\n= club", `list "club" has no values`},
		{"lists that name each other", "\n= a\n{b}\n\n= b\n{a}\n---\n{a} left.", "lists name each other"},
	} {
		_, err := readWire(c.text, known)
		if err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: got %v, want %q", c.name, err, c.want)
		}
	}
}

func TestMarked(t *testing.T) {
	x := marked("[L Oslo] said [O Velmora & Co]'s [P Mira Vik] won.")
	want := []tagger.Span{{Start: 0, End: 4, Type: tagger.Place}, {Start: 10, End: 22, Type: tagger.Organization}, {Start: 25, End: 33}}
	if x.Text != "Oslo said Velmora & Co's Mira Vik won." || !reflect.DeepEqual(x.Names, want) {
		t.Errorf("got %q %v", x.Text, x.Names)
	}
}
