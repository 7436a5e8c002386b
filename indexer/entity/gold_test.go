package entity

import (
	"fmt"
	"os"
	"regexp"
	"strings"
	"testing"

	"dateline"
)

// goldMention is a name marked by hand.
type goldMention struct {
	part       int // 0 in the headline, 1 in the body
	start, end int
	name       string
	types      []dateline.EntityType // the first is the one it is counted under
}

type goldText struct {
	id, lang string
	parts    [2]string
	mentions []goldMention
}

var goldMark = regexp.MustCompile(`\[([^\]|]+)\|([POL](?:/[POL])?)(?: ([^\]]+))?\]`)

var goldTypes = map[string]dateline.EntityType{"P": dateline.Person, "O": dateline.Organization, "L": dateline.Place}

// readGold reads a file of marked texts, see testdata/gold/README.md.
func readGold(t testing.TB, lang string) []goldText {
	t.Helper()
	b, err := os.ReadFile("testdata/gold/" + lang + ".txt")
	if err != nil {
		t.Fatal(err)
	}
	var out []goldText
	for block := range strings.SplitSeq(string(b), "== ") {
		if strings.TrimSpace(block) == "" {
			continue
		}
		f := strings.SplitN(block, "\n", 4)
		if len(f) < 4 || f[2] != "" {
			t.Fatalf("%s.txt: text %q has no headline, empty line and body", lang, f[0])
		}
		g := goldText{id: f[0], lang: lang}
		for p, marked := range []string{f[1], strings.TrimSpace(f[3])} {
			var plain strings.Builder
			last := 0
			for _, m := range goldMark.FindAllStringSubmatchIndex(marked, -1) {
				plain.WriteString(marked[last:m[0]])
				surface := marked[m[2]:m[3]]
				x := goldMention{part: p, start: plain.Len(), end: plain.Len() + len(surface), name: surface}
				for typ := range strings.SplitSeq(marked[m[4]:m[5]], "/") {
					x.types = append(x.types, goldTypes[typ])
				}
				if m[6] >= 0 {
					x.name = marked[m[6]:m[7]]
				}
				plain.WriteString(surface)
				g.mentions = append(g.mentions, x)
				last = m[1]
			}
			plain.WriteString(marked[last:])
			g.parts[p] = plain.String()
			if strings.ContainsAny(g.parts[p], "[]|") {
				t.Fatalf("%s: a mark is not closed in %q", g.id, marked)
			}
		}
		out = append(out, g)
	}
	return out
}

// goldNames reads the names that count as the same.
func goldNames(t *testing.T) map[string][]string {
	t.Helper()
	b, err := os.ReadFile("testdata/gold/names.tsv")
	if err != nil {
		t.Fatal(err)
	}
	out := map[string][]string{}
	for line := range strings.Lines(string(b)) {
		if name, also, ok := strings.Cut(strings.TrimRight(line, "\n"), "\t"); ok && line[0] != '#' {
			out[name] = strings.Split(also, "|")
		}
	}
	return out
}

func has(m map[string]int, k string) bool {
	_, ok := m[k]
	return ok
}

type tally struct{ tp, fp, fn int }

func (c tally) f1() float64 {
	if c.tp == 0 {
		return 0
	}
	return 200 * float64(c.tp) / float64(2*c.tp+c.fp+c.fn)
}

// goldScore counts the entities of marked texts, under several heads.
type goldScore struct {
	counts            map[string]*tally
	aliases, resolved map[string]int // other names, by the set of texts
	wrong             []string
}

func (s *goldScore) at(k string) *tally {
	if s.counts[k] == nil {
		s.counts[k] = &tally{}
	}
	return s.counts[k]
}

// goldEntities numbers the entities of a text by type and name, with the other
// names that count as right, and gives the type of each.
func goldEntities(g goldText, also map[string][]string) (id map[string]int, first []dateline.EntityType) {
	id = map[string]int{}
	for _, m := range g.mentions {
		if k := string(m.types[0]) + "|" + foldName(m.name); !has(id, k) {
			id[k] = len(first)
			first = append(first, m.types[0])
		}
	}
	for _, m := range g.mentions {
		n := id[string(m.types[0])+"|"+foldName(m.name)]
		for _, typ := range m.types {
			for _, name := range append([]string{m.name}, also[m.name]...) {
				if k := string(typ) + "|" + foldName(name); !has(id, k) {
					id[k] = n
				}
			}
		}
	}
	return id, first
}

// goldSet gives the set a text belongs to, see testdata/gold/README.md: those
// written last have the lists and rules not in view.
func goldSet(g goldText) string {
	if strings.Contains(g.id, " later-") {
		return "later "
	}
	if strings.Contains(g.id, " unseen-") {
		return "unseen "
	}
	return ""
}

func (s *goldScore) add(g goldText, ms []dateline.Mention, also map[string][]string) {
	set := goldSet(g)
	id, first := goldEntities(g, also)
	hit, miss := map[int]bool{}, map[string]bool{}
	for _, m := range ms {
		k := string(m.Type) + "|" + foldName(m.Name)
		if n, ok := id[k]; ok {
			hit[n] = true
		} else if !miss[k] {
			miss[k] = true
			for _, head := range []string{"all", g.lang, string(m.Type)} {
				s.at(set+head).fp++
			}
			s.wrong = append(s.wrong, fmt.Sprintf("%s: too much: %s %q (%q)", g.id, m.Type, m.Name, m.Text))
		}
	}
	for n, typ := range first {
		for _, head := range []string{"all", g.lang, string(typ)} {
			if hit[n] {
				s.at(set+head).tp++
			} else {
				s.at(set+head).fn++
			}
		}
	}
	for _, x := range g.mentions {
		s.surface(g, x, ms, id)
	}
}

// surface judges the mention that stands where a mark does.
func (s *goldScore) surface(g goldText, x goldMention, ms []dateline.Mention, id map[string]int) {
	surface := g.parts[x.part][x.start:x.end]
	ok, got := false, "nothing"
	for _, m := range ms {
		if m.InTitle != (x.part == 0) || m.Start >= x.end || m.End <= x.start {
			continue
		}
		got = fmt.Sprintf("%s %q (%q)", m.Type, m.Name, m.Text)
		n, known := id[string(m.Type)+"|"+foldName(m.Name)]
		ok = m.Start == x.start && m.End == x.end && known && n == id[string(x.types[0])+"|"+foldName(x.name)]
		break
	}
	if foldName(surface) != foldName(x.name) {
		s.aliases[goldSet(g)]++
		if ok {
			s.resolved[goldSet(g)]++
		}
	}
	if !ok {
		s.wrong = append(s.wrong, fmt.Sprintf("%s: %q is %s %q, got %s", g.id, surface, x.types[0], x.name, got))
	}
}

// goldFloors are what was reached, in facet F1.
var goldFloors = []struct {
	what  string
	floor float64
}{
	{"all", 98.4},
	{"person", 98.8},
	{"organization", 98},
	{"place", 98.4},
	{"en", 98},
	{"zh", 99},
	{"de", 97.5},
	{"es", 99},
	{"ru", 99},
	{"ar", 99},
	{"ja", 97},
	{"later all", 95.5},
	{"later de", 95},
	{"later fr", 97},
	{"later es", 89},
	{"later zh", 98},
	{"later ru", 98},
	{"later ar", 94},
	{"later ja", 98},
	{"unseen all", 98.5},
	{"unseen de", 98},
	{"unseen fr", 98},
	{"unseen es", 98},
	{"unseen zh", 98},
	{"unseen ru", 98},
	{"unseen ar", 96},
	{"unseen ja", 97},
}

var goldLanguages = []string{"en", "zh", "de", "fr", "es", "ru", "ar", "ja"}

// TestGold compares the entities of texts that were marked by hand with those
// that are found.
func TestGold(t *testing.T) {
	also := goldNames(t)
	s := goldScore{counts: map[string]*tally{}, aliases: map[string]int{}, resolved: map[string]int{}}
	r := shippedOnly()
	texts, mentions := 0, 0
	for _, lang := range goldLanguages {
		for _, g := range readGold(t, lang) {
			texts++
			mentions += len(g.mentions)
			ms := r.Recognize(g.parts[0], g.parts[1], g.lang)
			check(t, g.parts[0], g.parts[1], ms)
			s.add(g, ms, also)
		}
	}
	if texts < 137 || mentions < 1700 {
		t.Errorf("%d texts and %d mentions, want 137 and 1700", texts, mentions)
	}
	for set, floor := range map[string]float64{"": 96.5, "unseen ": 97.5, "later ": 97} {
		share := 100 * float64(s.resolved[set]) / float64(s.aliases[set])
		t.Logf("%stexts: other names resolved %.1f%% of %d", set, share, s.aliases[set])
		if share < floor {
			t.Errorf("%stexts: %.1f%% of other names resolved, which is below %.1f", set, share, floor)
		}
	}
	t.Logf("%d texts, %d mentions", texts, mentions)
	for _, c := range goldFloors {
		n := *s.at(c.what)
		t.Logf("%-12s facet F1 %.1f (right %d, wrong %d, missed %d)", c.what, n.f1(), n.tp, n.fp, n.fn)
		if n.f1() < c.floor {
			t.Errorf("%s: facet F1 %.1f is below %.1f", c.what, n.f1(), c.floor)
		}
	}
	if t.Failed() || testing.Verbose() {
		t.Log(strings.Join(s.wrong, "\n"))
	}
}
