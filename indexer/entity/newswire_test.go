package entity

import (
	"os"
	"regexp"
	"strings"
	"testing"

	"dateline"
)

var wireMark = regexp.MustCompile(`\[([POLM]) ([^\[\]]+)\]`)

// TestNewswire measures exact spans with their types on invented newswire of
// results, companies, courts, disasters and datelines. Its floors are two
// points below what was reached.
func TestNewswire(t *testing.T) {
	b, err := os.ReadFile("testdata/newswire/en.txt")
	if err != nil {
		t.Fatal(err)
	}
	type name struct {
		start, end int
		typ        dateline.EntityType
	}
	r := shippedOnly()
	count := map[dateline.EntityType]*[3]int{dateline.Person: {}, dateline.Organization: {}, dateline.Place: {}}
	var all [3]int // right, too much, missed
	texts := 0
	for text := range strings.SplitSeq(string(b), "\n\n") {
		if strings.HasPrefix(text, "#") {
			continue
		}
		texts++
		text = strings.TrimSpace(text)
		gold := map[name]bool{}
		var plain strings.Builder
		last := 0
		for _, m := range wireMark.FindAllStringSubmatchIndex(text, -1) {
			plain.WriteString(text[last:m[0]])
			if typ, ok := goldTypes[text[m[2]:m[3]]]; ok {
				gold[name{plain.Len(), plain.Len() + m[5] - m[4], typ}] = true
			}
			plain.WriteString(text[m[4]:m[5]])
			last = m[1]
		}
		plain.WriteString(text[last:])
		ms := r.Recognize("", plain.String(), "en")
		check(t, "", plain.String(), ms)
		for _, m := range ms {
			n := name{m.Start, m.End, m.Type}
			k := 1
			if gold[n] {
				k = 0
				delete(gold, n)
			} else if testing.Verbose() {
				t.Logf("too much: %s %q in %.40q", m.Type, m.Text, plain.String())
			}
			count[m.Type][k]++
			all[k]++
		}
		for n := range gold {
			count[n.typ][2]++
			all[2]++
			if testing.Verbose() {
				t.Logf("missed: %s %q in %.40q", n.typ, plain.String()[n.start:n.end], plain.String())
			}
		}
	}
	if names := all[0] + all[2]; texts < 25 || names < 230 {
		t.Errorf("%d texts with %d names, want 25 and 230", texts, names)
	}
	for _, c := range []struct {
		what  string
		n     [3]int
		floor float64
	}{
		{"all", all, 87},
		{"person", *count[dateline.Person], 92},
		{"organization", *count[dateline.Organization], 83},
		{"place", *count[dateline.Place], 86},
	} {
		f1 := 200 * float64(c.n[0]) / float64(2*c.n[0]+c.n[1]+c.n[2])
		t.Logf("%-12s F1 %.1f (right %d, too much %d, missed %d)", c.what, f1, c.n[0], c.n[1], c.n[2])
		if f1 < c.floor {
			t.Errorf("%s: F1 %.1f is below %.1f", c.what, f1, c.floor)
		}
	}
}
