package entity

import (
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
)

// TestPropose has texts in English that lists and rules alone do not settle.
func TestPropose(t *testing.T) {
	r := shippedOnly()
	for _, c := range []struct {
		name, text string
		want       []string // type and name
		not        []string // names
	}{
		{"nobody listed them", "Tobias Wrenfield, who runs the Marlowe Transit Authority, flew from Quillhaven to Paris on Monday.", []string{"person Tobias Wrenfield", "organization Marlowe Transit Authority", "place Paris"}, nil},
		{"professor is a title", "The study was led by Professor Eastwick of the University of Velmora.", []string{"organization University of Velmora"}, []string{"Professor Eastwick"}},
		{"an event", "She spoke at the Harbour Film Festival in London.", []string{"place London"}, []string{"Harbour Film Festival"}},
		{"a team of a country", "The engineers of Team Estonia repaired the robot.", []string{"organization Team Estonia"}, []string{"Estonia"}},
		{"a university and its country", "He teaches at Velmora State University of the US.", []string{"organization Velmora State University", "place United States"}, nil},
		{"a craft", "Two sailors watched the International Space Station from the pier.", nil, []string{"International Space Station"}},
		{"joined by and, with an acronym", "The Fisheries Board and University Council (FBUC) met in Oslo.", []string{"place Oslo"}, nil},
	} {
		ms := r.Recognize("", c.text, "en")
		check(t, "", c.text, ms)
		var got, names []string
		for _, m := range ms {
			got, names = append(got, string(m.Type)+" "+m.Name), append(names, m.Name)
		}
		for _, w := range c.want {
			if !slices.Contains(got, w) {
				t.Errorf("%s: no %q in %q", c.name, w, got)
			}
		}
		for _, w := range c.not {
			if slices.Contains(names, w) {
				t.Errorf("%s: %q in %q", c.name, w, got)
			}
		}
	}
}

// TestProposeOddTexts recognises long texts of words that begin, join and end
// names, in any order: it must come to an end.
func TestProposeOddTexts(t *testing.T) {
	r := shippedOnly()
	rng := rand.New(rand.NewPCG(1, 2))
	words := strings.Fields("Fisheries Board University Council and of the / (FBUC) Kim - Inc. said Professor US State 22nd Expo for & Bank Oslo, . A. Union")
	for range 20 {
		var b strings.Builder
		for range 3000 {
			b.WriteString(words[rng.IntN(len(words))] + " ")
		}
		check(t, "", b.String(), r.Recognize("", b.String(), "en"))
	}
}
