package entity

import (
	"slices"
	"testing"
)

// TestAsWritten has texts as pages and mails have them: datelines, headlines
// in title case and in capitals, live blogs, quotations, no capitals at all.
func TestAsWritten(t *testing.T) {
	r := shippedOnly()
	for _, c := range []struct {
		name, title, text string
		want              []string // type and surface
		not               []string // surfaces
	}{
		{"dateline with an agency", "", "QUILLHAVEN (Reuters) - The mayor resigned.", []string{"place QUILLHAVEN", "organization Reuters"}, nil},
		{"dateline with a country", "", "VELMORA FALLS, Estonia - The mayor resigned.", []string{"place VELMORA FALLS", "place Estonia"}, nil},
		{"dateline with a date", "", "QUILLHAVEN, Dec. 5 (Xinhua) -- The mayor resigned.", []string{"place QUILLHAVEN"}, nil},
		{"dateline of two towns", "", "QUILLHAVEN/LONDON (Reuters) - The mayors resigned.", []string{"place QUILLHAVEN", "place LONDON"}, nil},
		{"an acronym is no dateline", "", "NATO said that it would stay.", []string{"organization NATO"}, nil},
		{"capitals without a dateline", "", "BREAKING: the mayor resigned.", nil, []string{"BREAKING"}},
		{"headline in title case", "Tobias Wrenfield Leaves Marlowe Transit After Oslo Talks", "Tobias Wrenfield leaves the Marlowe Transit Authority.", []string{"person Tobias Wrenfield", "place Oslo"}, []string{"Leaves", "After"}},
		{"headline in capitals", "WRENFIELD LEAVES AFTER TALKS IN OSLO", "Tobias Wrenfield said so in Oslo on Monday.", []string{"person WRENFIELD", "place OSLO"}, []string{"TALKS", "LEAVES"}},
		{"a word of a line in capitals", "", "NEW RULES FOR MAYORS, SAYS PAPER", nil, []string{"RULES", "PAPER"}},
		{"live blog", "", "10:15 Mira Ostrander arrives at the court.\n10:40 UPDATE: Ostrander says that she will appeal.\n11:05 BREAKING: the judge leaves.", []string{"person Mira Ostrander", "person Ostrander"}, []string{"UPDATE", "BREAKING"}},
		{"quotation", "", "\"Quillhaven is quiet,\" said Mira Ostrander. \"I love Oslo.\"", []string{"person Mira Ostrander", "place Oslo"}, []string{"I"}},
		{"without capitals", "", "where can i rent a bike in san francisco or new jersey? i like it", []string{"place san francisco", "place new jersey"}, nil},
		{"without capitals, other words", "", "i ate turkey in a nice bath and was reading", nil, []string{"turkey", "nice", "bath", "reading"}},
		{"capitals as usual", "", "The firm sells a germany of cakes. It does.", nil, []string{"germany"}},
		{"a team and its town", "", "Leeds beat Burnley 2-1 on Saturday, with both goals from striker Mira Ostrander. Leeds host Derby next in the league.", []string{"organization Leeds", "organization Burnley", "person Mira Ostrander"}, nil},
		{"a company's short name", "", "Wernlau Pharmaceuticals Inc cut jobs on Monday. Shares of Wernlau fell.", []string{"organization Wernlau"}, nil},
		{"no short name in another's", "", "Wernlau Pharmaceuticals Inc cut jobs. Katrin Wernlau said so.", []string{"person Katrin Wernlau"}, nil},
		{"the paper's acronym ends a sentence", "", "They read the FT. Nikkei owns it.", []string{"organization Nikkei"}, []string{"FT. Nikkei"}},
		{"a person behind an organization", "", "The head of the Harbour Refugee Council David Wrenfield was there.", []string{"organization Harbour Refugee Council", "person David Wrenfield"}, nil},
		{"a bank of another language", "", "She left Banque Wrenfield Ostrander for a rival.", nil, []string{"Wrenfield Ostrander"}},
		{"a name that ends with an s of its own", "", "The outlook was cut by Moody’s and by McDonald's.", []string{"organization Moody’s", "organization McDonald's"}, []string{"Moody", "McDonald"}},
		{"names beside a dash", "", "Mira Ostrander - Analyst\nTobias Wrenfield -- Oslo office\nAl - Qaeda", []string{"person Mira Ostrander", "person Tobias Wrenfield"}, []string{"Mira Ostrander - Analyst"}},
		{"a ground", "", "They play at the Quillhaven Cricket Ground on Monday.", []string{"place Quillhaven Cricket Ground"}, nil},
		{"a version", "", "The users of QX6 were told to change.", nil, []string{"QX6"}},
	} {
		ms := r.Recognize(c.title, c.text, "en")
		check(t, c.title, c.text, ms)
		var got, surfaces []string
		for _, m := range ms {
			got, surfaces = append(got, string(m.Type)+" "+m.Text), append(surfaces, m.Text)
		}
		for _, w := range c.want {
			if !slices.Contains(got, w) {
				t.Errorf("%s: no %q in %q", c.name, w, got)
			}
		}
		for _, w := range c.not {
			if slices.Contains(surfaces, w) {
				t.Errorf("%s: %q in %q", c.name, w, got)
			}
		}
	}
}
