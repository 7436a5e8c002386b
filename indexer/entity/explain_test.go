package entity

import (
	"regexp"
	"strings"
	"testing"

	"dateline"
)

// TestExplain: each decision names the list and its line, the rule or the
// model, and why two mentions are one entity or stay apart.
func TestExplain(t *testing.T) {
	r := New(story)
	for _, c := range []struct {
		what, lang, body, text string // the last is the mention, the last one of that text
		want                   string // a regular expression
	}{
		{"list", "en", "He lives in Kenya.", "Kenya", `^lists/places\.tsv:\d+: Kenya Q114$`},
		{"story", "en", "The PLA met.", "PLA", `^story: People's Liberation Army$`},
		{"case of a listed name", "ru", "Он живёт в Кении.", "Кении", `^lists/places\.tsv:\d+: Kenya Q114$`},
		{"rule", "de", "Der Gouverneur Oleh Wyschnjak schwieg.", "Oleh Wyschnjak", `^rule: a noun for what the person is$`},
		{"model", "en", "The singer Velmira Ostrander met Kalle Brentano in Paris.", "Velmira Ostrander", `^(tagger: margin|rule: )`},
		{"surname", "en", "Margaret Holloway spoke. Later Holloway left.", "Holloway", `^rule: the same name elsewhere in the article; entity: stands for Margaret Holloway$`},
		{"two of a surname", "en", "He met Jack Ma. Ma smiled. Then came Pony Ma. Later Ma left.", "Ma", `stands for Pony Ma, the last one named of 2 who bear that name`},
		{"acronym", "en", "The Northern Fisheries Board (NFB) met. The NFB voted.", "NFB", `entity: .*Northern Fisheries Board`},
		{"office", "en", "Kenya votes in Nairobi. The Supreme Court will decide.", "Supreme Court", `entity: whose office: Kenya, the country that the article is about \(lists/offices\.tsv:\d+\)$`},
		{"office, by its country", "en", "The Egyptian Foreign Ministry said no.", "Egyptian Foreign Ministry", `^lists/offices\.tsv:\d+: Ministry of Foreign Affairs; entity: whose office: Egypt, the word of nationality before it`},
		{"a listed surname of somebody else", "en", "Robert Scholz, who bakes bread, won. Scholz smiled.", "Scholz", `entity: .*Robert Scholz`},
		{"another meaning", "en", "Brian Kemp governs Georgia from Atlanta.", "Georgia", `entity: words around it speak for that meaning \(lists/ambiguous\.tsv\)$`},
		{"a place that acts", "en", "Denzel Washington came to Washington. Washington said he was glad.", "Washington", `entity: speaks or acts, as Denzel Washington of that surname does$`},
	} {
		got := ""
		for _, d := range r.Explain("", c.body, c.lang) {
			if d.Text == c.text {
				got = d.Why
			}
		}
		if !regexp.MustCompile(c.want).MatchString(got) {
			t.Errorf("%s: %q in %q: got %q, want %s", c.what, c.text, c.body, got, c.want)
		}
	}
}

// TestMend: the steps of LISTS.md for a wrong entity are true. Each case is a
// text, what is found, a line of an own list, and what is found with it.
func TestMend(t *testing.T) {
	without := shippedOnly()
	for _, c := range []struct{ what, lang, body, before, line, after string }{
		{"an entity that is missing", "en", "Shares of it rose, and qorvex fell with Qorvex.", "", "O\tQorvex", "Qorvex"},
		{"a spelling that is missing", "zh", "泽仁斯基来了。", "", "P\tVolodymyr Zelenskyy\t\t泽仁斯基", "Volodymyr Zelenskyy"},
		{"what is no entity", "en", "He drank a Kenya.", "Kenya", "N\tKenya", ""},
		{"another type", "en", "He works for Kenya.", "Kenya", "O\tKenya Limited\t\tKenya", "Kenya Limited"},
		{"a town in its context", "de", "Er war in Brelldorf. Dann ging er.", "", "T\tBrelldorf\t\t\tGermany", "Brelldorf"},
		{"a word in its context", "en", "Shares of Plinth rose. Plinth by plinth.", "", "W\tPlinth", "Plinth, Plinth"},
		{"whose office", "en", "He flew to Brellgrad. The Supreme Court ruled.", "Supreme Court", "L\tBrellgrad\t\t\tKenya", "Brellgrad, Supreme Court of Kenya"},
		{"its comment", "en", "He lives in Kenya.", "Kenya", "# N\tKenya", "Kenya"},
	} {
		own, err := ParseList(strings.NewReader(c.line + "\n"))
		if err != nil {
			t.Errorf("%s: %v", c.what, err)
			continue
		}
		for _, step := range []struct {
			r    *Recognizer
			want string
		}{{without, c.before}, {NewWithList(nil, own), c.after}} {
			var got []string
			ms := step.r.Recognize("", c.body, c.lang)
			check(t, "", c.body, ms)
			for _, m := range ms {
				got = append(got, m.Name)
			}
			if g := strings.Join(got, ", "); g != step.want {
				t.Errorf("%s: %q: got %s, want %s", c.what, c.body, g, step.want)
			}
		}
	}
	own, err := ParseList(strings.NewReader("# mine\n\nO\tQorvex\tQ42\tQVX"))
	if err != nil {
		t.Fatal(err)
	}
	if d := NewWithList(nil, own).Explain("", "Qorvex fell.", "en"); len(d) != 1 || d[0].Why != "own list, line 3: Qorvex Q42" {
		t.Errorf("explained %+v", d)
	}
	if e, ok := NewWithList(nil, own).Lookup("QVX", dateline.Organization); !ok || e.ID != "qorvex" {
		t.Errorf("Lookup gave %+v, %v", e, ok)
	}
}

// TestParseList: what is wrong in a list is said with its line.
func TestParseList(t *testing.T) {
	for in, want := range map[string]string{
		"X\tName":              `line 1: type "X", want one of P, O, L, T, W, N`,
		"# c\nO":               "line 2: no name",
		"O\t \t":               "line 1: no name",
		"O\tA\t\t\t\t\tB":      "line 1: 7 fields, want at most 5",
		"O\tA\tQ1x":            `line 1: Wikidata id "Q1x"`,
		"P\tA\nnothing at all": `line 2: type "nothing at all"`,
	} {
		if _, err := ParseList(strings.NewReader(in)); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("ParseList(%q): got error %v, want %s", in, err, want)
		}
	}
}
