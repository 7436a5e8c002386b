package indexer

import (
	"strings"
	"testing"

	"dateline"
)

func TestFindQuotes(t *testing.T) {
	people := map[string]dateline.EntityType{
		"Mara Ovind": dateline.Person, "Ovind": dateline.Person, "Tomas Reel": dateline.Person, "Reel": dateline.Person,
		"Harbour Board": dateline.Organization, "Tarnwick": dateline.Place, "欧文德": dateline.Person,
	}
	for _, tt := range []struct{ name, body, want string }{
		{"after", `"The bridge is safe," said Mara Ovind on Monday.`, "The bridge is safe,=Mara Ovind"},
		{"curly, verb after name", `“We were told nothing,” Tomas Reel said.`, "We were told nothing,=Tomas Reel"},
		{"before", `Mara Ovind told the paper: "It will reopen in May."`, "It will reopen in May.=Mara Ovind"},
		{"goes on", `"It is safe," said Ovind. "It was always safe."`, "It is safe,=Ovind|It was always safe.=Ovind"},
		{"two speakers", `"It is safe," said Ovind. "It is not safe," said Reel.`, "It is safe,=Ovind|It is not safe,=Reel"},
		{"person before organisation", `"No comment today," said Reel of the Harbour Board.`, "No comment today,=Reel"},
		{"organisation", `The Harbour Board said the works were "on time and on budget".`, "on time and on budget=Harbour Board"},
		{"a place does not speak", `In Tarnwick, people said "we want it back".`, "we want it back="},
		{"nobody", `A sign read "keep off the bridge".`, "keep off the bridge="},
		{"a title is no quote of a speaker", `Ovind lives there. The book "Rust and Old Rivets" is out.`, "Rust and Old Rivets="},
		{"a name is no quote", `The group "Salt Typhoon" did it, said Ovind.`, ""},
		{"one word is no quote", `The "bridge" is shut, said Ovind.`, ""},
		{"she", "Ovind has left the board.\n\n\"I was told in March,\" she said on Thursday.", "I was told in March,=Ovind"},
		{"she is no board", "Ovind has left the Harbour Board.\n\n\"I was told in March,\" she said on Thursday.", "I was told in March,=Ovind"},
		{"nobody for she", `"I was told in March," she said on Thursday.`, "I was told in March,="},
		{"german", `„Die Brücke ist sicher“, sagte Ovind.`, "Die Brücke ist sicher=Ovind"},
		{"spanish", `«El puente es seguro», afirmó Ovind.`, "El puente es seguro=Ovind"},
		{"chinese name", `欧文德称，“盐台风”是一个组织。`, ""},
		{"chinese", `欧文德表示：“大桥是安全的。”`, "大桥是安全的。=欧文德"},
		{"never closed", `"It goes on and on said Ovind`, ""},
		{"next paragraph is another matter", "\"It is safe,\" said Ovind.\n\n\"Nobody is named here.\"", "It is safe,=Ovind|Nobody is named here.="},
	} {
		var ms []dateline.Mention
		for n, ty := range people {
			for at := 0; ; {
				k := strings.Index(tt.body[at:], n)
				if k < 0 {
					break
				}
				ms = append(ms, dateline.Mention{Start: at + k, End: at + k + len(n), Type: ty, Name: n, EntityID: n})
				at += k + len(n)
			}
		}
		var got []string
		for _, q := range findQuotes(tt.body, ms) {
			if tt.body[q.Start:q.End] != q.Text {
				t.Errorf("%s: offsets do not cover %q", tt.name, q.Text)
			}
			got = append(got, q.Text+"="+q.Speaker)
		}
		if g := strings.Join(got, "|"); !sameSpeakers(g, tt.want) {
			t.Errorf("%s: got %q, want %q", tt.name, g, tt.want)
		}
	}
}

// sameSpeakers: a surname stands for the whole name, as both are mentions here.
func sameSpeakers(got, want string) bool {
	short := strings.NewReplacer("Mara Ovind", "Ovind", "Tomas Reel", "Reel")
	return short.Replace(got) == short.Replace(want)
}

func TestSaid(t *testing.T) {
	x := open(t, t.TempDir())
	add(t, x, art(1, "One", `"We deny every word of it," said Jack Ma on Friday.`), art(2, "Two", `Jack Ma was there. "We deny it all," said a clerk.`))
	for q, want := range map[string]int{`said:"Jack Ma"`: 1, "said:马云": 1, "said:jack-ma": 1, "said:nobody": 0, `person:"Jack Ma" -said:"Jack Ma"`: 1} {
		if got := search(t, x, q).Total; got != want {
			t.Errorf("%s: %d, want %d", q, got, want)
		}
	}
}

func FuzzFindQuotes(f *testing.F) {
	f.Add(`"a b," said X. „c d“ «e f`, 0, 3)
	f.Fuzz(func(t *testing.T, body string, start, end int) {
		for _, q := range findQuotes(body, []dateline.Mention{{Start: start, End: end, Type: dateline.Person, Name: "X", EntityID: "x"}}) {
			if body[q.Start:q.End] != q.Text {
				t.Fatal("offsets do not cover the quote")
			}
		}
	})
}
