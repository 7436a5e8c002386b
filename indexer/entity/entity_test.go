package entity

import (
	"sync"
	"testing"
	"unicode/utf8"

	"dateline"
)

var story = []dateline.Entity{
	{Name: "People's Liberation Army", Type: dateline.Organization, Aliases: []string{"PLA", "解放军", "中国人民解放军", "Volksbefreiungsarmee"}},
	{Name: "Zhang Youxia", Type: dateline.Person, Aliases: []string{"张又侠"}},
}

// shippedOnly is a recognizer without stories, for tests that only read it.
var shippedOnly = sync.OnceValue(func() *Recognizer { return New(nil) })

func check(t *testing.T, title, body string, ms []dateline.Mention) {
	t.Helper()
	prev := [2]int{}
	for _, m := range ms {
		s, k := body, 1
		if m.InTitle {
			s, k = title, 0
		}
		if m.Start < prev[k] || m.End <= m.Start || m.End > len(s) || s[m.Start:m.End] != m.Text {
			t.Fatalf("bad offsets: %+v in %q", m, s)
		}
		if utf8.ValidString(s) && !utf8.ValidString(m.Text) {
			t.Fatalf("cut rune: %+v", m)
		}
		if m.Name == "" || m.EntityID == "" || m.Type == "" {
			t.Fatalf("incomplete: %+v", m)
		}
		prev[k] = m.End
	}
}

func TestRecognize(t *testing.T) {
	r := New(story)
	for _, c := range []struct {
		title, body, lang string
		want              []string // type letter + name, at least these
		not               []string // names that must not come up
	}{
		{
			"", "The People’s Liberation Army's drills near Taiwan worried the U.S. on Monday.", "en",
			[]string{"oPeople's Liberation Army", "pTaiwan", "pUnited States"},
			[]string{"Monday"},
		},
		{"", "解放军在台湾附近演习，张又侠在北京讲话。", "zh", []string{"oPeople's Liberation Army", "pTaiwan", "hZhang Youxia", "pBeijing"}, nil},
		{
			"", "Die Volksbefreiungsarmee übt, und der Himmel über Deutschland ist mit Wolken bedeckt.", "de",
			[]string{"oPeople's Liberation Army", "pGermany"},
			[]string{"Himmel", "Wolken"},
		},
		{"", "El gobierno de España y la ONU hablaron ayer en París.", "es", []string{"pSpain", "oUnited Nations", "pParis"}, nil},
		{"", "Margaret Holloway, a nurse, spoke first. Later Holloway's sister left.", "en", []string{"hMargaret Holloway"}, []string{"Holloway", "Later"}},
		{"", "Robert Scholz, who bakes bread, won. Scholz smiled and the judges praised Scholz.", "en", []string{"hRobert Scholz"}, []string{"Olaf Scholz"}},
		{"", "Margaret Holloway met Peter Holloway. They like tea, and Holloway said so.", "en", []string{"hMargaret Holloway", "hPeter Holloway"}, []string{"Holloway"}},
		{"Trump Meets Xi in Beijing as Trade Talks Resume", "", "en", []string{"hDonald Trump", "hXi Jinping", "pBeijing"}, []string{"Trade Talks", "Talks Resume"}},
		{"", "THE GOVERNMENT TOLD US THAT NATO WAS READY TO HELP IN FRANCE", "en", []string{"oNATO", "pFrance"}, []string{"United States"}},
		{"", "Bundeskanzler Friedrich Merz traf den Vorstand der Deutschen Bank und das Bild in der Zeitung ist alt.", "de", []string{"hFriedrich Merz"}, []string{"Bild", "Vorstand", "Zeitung"}},
		{"", "El presidente Pedro Sánchez viajó a Berlín con Emmanuel Macron.", "es", []string{"hPedro Sánchez", "pBerlin", "hEmmanuel Macron"}, nil},
		{"", "习近平和普京在莫斯科会谈，联合国表示欢迎。", "zh", []string{"hXi Jinping", "hVladimir Putin", "pMoscow", "oUnited Nations"}, nil},
		{"", "Shares of Quorvex Holdings Inc. fell. The University of Oxford and AT&T declined to comment.", "en", []string{"oQuorvex Holdings", "oUniversity of Oxford", "oAT&T"}, nil},
		{"", "They told us it was over. Mr. Quimby said so.", "en", []string{"hQuimby"}, []string{"United States"}},
		{"", "The Northern Fisheries Board (NFB) met. The NFB voted.", "en", []string{"oNorthern Fisheries Board"}, []string{"NFB"}},
	} {
		ms := r.Recognize(c.title, c.body, c.lang)
		check(t, c.title, c.body, ms)
		got := map[string]bool{}
		names := map[string]bool{}
		for _, m := range ms {
			k := map[dateline.EntityType]string{dateline.Person: "h", dateline.Organization: "o", dateline.Place: "p"}[m.Type]
			got[k+m.Name], names[m.Name] = true, true
		}
		for _, w := range c.want {
			if !got[w] {
				t.Errorf("%q: no %s in %v", c.body, w, got)
			}
		}
		for _, w := range c.not {
			if names[w] {
				t.Errorf("%q: %s in %v", c.body, w, got)
			}
		}
	}
}

func TestLookup(t *testing.T) {
	r := New(story)
	for in, want := range map[string]string{"U.S.": "united-states", "us": "united-states", "peoples liberation army": "peoples-liberation-army", "解放军": "peoples-liberation-army"} {
		if e, ok := r.Lookup(in, ""); !ok || e.ID != want {
			t.Errorf("Lookup(%q) = %v, want %s", in, e.ID, want)
		}
	}
	if _, ok := r.Lookup("PLA", dateline.Person); ok {
		t.Error("PLA is no person")
	}
}

func TestCount(t *testing.T) {
	r := shippedOnly()
	c := Count(r.Recognize("France and Peru", "Peru won in Peru. France lost.", "en"))
	if len(c) != 2 || c[0].ID != "peru" || c[0].Count != 3 || c[1].Count != 2 {
		t.Errorf("got %v", c)
	}
}
