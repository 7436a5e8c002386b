package dateline

import (
	"errors"
	"reflect"
	"strings"
	"testing"
	"time"
)

func day(y, m, d int) time.Time { return time.Date(y, time.Month(m), d, 0, 0, 0, 0, time.UTC) }

func TestParseQuery(t *testing.T) {
	word := func(s string) Node { return &Term{Text: s} }
	and := func(n ...Node) Node { return &And{n} }
	or := func(n ...Node) Node { return &Or{n} }
	not := func(n Node) Node { return &Not{n} }
	tests := []struct {
		in   string
		want Node
		out  string // FormatNode; in if empty
	}{
		{"alibaba", word("alibaba"), ""},
		{"alibaba memo", and(word("alibaba"), word("memo")), ""},
		{"alibaba　memo", and(word("alibaba"), word("memo")), "alibaba memo"},
		{"alibaba AND memo", and(word("alibaba"), word("memo")), "alibaba memo"},
		{"a OR b c", or(word("a"), and(word("b"), word("c"))), ""},
		{"(a OR b) c", and(or(word("a"), word("b")), word("c")), ""},
		{"a (b (c d))", and(word("a"), word("b"), word("c"), word("d")), "a b c d"},
		{"a or b", and(word("a"), word("or"), word("b")), ""},
		{"a OR (b OR c)", or(word("a"), word("b"), word("c")), "a OR b OR c"},
		{"-a", not(word("a")), ""},
		{"NOT a", not(word("a")), "-a"},
		{"NOT NOT a", word("a"), "a"},
		{"a AND NOT b", and(word("a"), not(word("b"))), "a -b"},
		{"a -(b OR c)", and(word("a"), not(or(word("b"), word("c")))), ""},
		{"zero-day", word("zero-day"), ""},
		{"AT & T", and(word("AT"), word("T")), "AT T"},
		{"foo - bar", and(word("foo"), word("bar")), "foo bar"},
		{"foo -> bar", and(word("foo"), word("bar")), "foo bar"},
		{"foo -- bar", and(word("foo"), word("bar")), "foo bar"},
		{`foo -"bar"`, and(word("foo"), not(&Phrase{Text: "bar"})), ""},
		{"foo -:/", word("foo"), "foo"},
		{"*", nil, ""},
		{`"zero-day  exploits"`, &Phrase{Text: "zero-day exploits"}, `"zero-day exploits"`},
		{`"alibaba pla"~10`, &Phrase{Text: "alibaba pla", Slop: 10}, ""},
		{`“white house” memo`, and(&Phrase{Text: "white house"}, word("memo")), `"white house" memo`},
		{`"a \"b\" \\ c"`, &Phrase{Text: `a "b" \ c`}, ""},
		{`"OR"`, &Phrase{Text: "OR"}, ""},
		{"cyber*", &Prefix{Text: "cyber"}, ""},
		{"title:memo", &Term{Field: "title", Text: "memo"}, ""},
		{"Title:cyber*", &Prefix{Field: "title", Text: "cyber"}, "title:cyber*"},
		{`title:"white house"~3`, &Phrase{Field: "title", Text: "white house", Slop: 3}, ""},
		{`person:"Xi Jinping"`, &FieldTerm{"person", "Xi Jinping"}, ""},
		{"org:解放军", &FieldTerm{"org", "解放军"}, ""},
		{`org:"PLA"`, &FieldTerm{"org", "PLA"}, "org:PLA"},
		{"-outlet:ft.com", not(&FieldTerm{"outlet", "ft.com"}), ""},
		{"12:30", word("12:30"), ""},
		{"https://www.ft.com/content/1", word("https://www.ft.com/content/1"), ""},
		{"Breaking: alibaba", and(word("Breaking:"), word("alibaba")), ""},
		{"date:2025-11-14", &DateRange{day(2025, 11, 14), day(2025, 11, 15)}, ""},
		{"date:2025-11", &DateRange{day(2025, 11, 1), day(2025, 12, 1)}, "date:2025-11-01..2025-11-30"},
		{"date:2025-11-01..2025-11-20", &DateRange{day(2025, 11, 1), day(2025, 11, 21)}, ""},
		{"date:2025-11-01..", &DateRange{From: day(2025, 11, 1)}, "date:>=2025-11-01"},
		{"date:..2025-11-01", &DateRange{To: day(2025, 11, 2)}, "date:<2025-11-02"},
		{"date:>2025-11-01", &DateRange{From: day(2025, 11, 2)}, "date:>=2025-11-02"},
		{"date:>=2025-11-01", &DateRange{From: day(2025, 11, 1)}, ""},
		{"date:<2025-11-01", &DateRange{To: day(2025, 11, 1)}, ""},
		{"date:<=2025-11-01", &DateRange{To: day(2025, 11, 2)}, "date:<2025-11-02"},
		{
			"date:2025-11-14T12:00:00+02:00..2025-11-15", &DateRange{day(2025, 11, 14).Add(10 * time.Hour), day(2025, 11, 16)},
			"date:2025-11-14T10:00:00Z..2025-11-15",
		},
		{"a\xffb", word("a\uFFFDb"), "a\uFFFDb"},
	}
	for _, tt := range tests {
		got, err := ParseQuery(tt.in)
		if err != nil {
			t.Errorf("%q: %v", tt.in, err)
			continue
		}
		if !reflect.DeepEqual(got, tt.want) {
			t.Errorf("%q: got %s", tt.in, FormatNode(got))
		}
		out := tt.out
		if out == "" && tt.want != nil {
			out = tt.in
		}
		if s := FormatNode(got); s != out {
			t.Errorf("%q: formatted as %q, want %q", tt.in, s, out)
		}
	}
	for _, s := range []string{"", "  ", "\t\n"} {
		if n, err := ParseQuery(s); n != nil || err != nil {
			t.Errorf("%q: %v, %v", s, n, err)
		}
	}
}

func TestParseQueryErrors(t *testing.T) {
	tests := []struct {
		in   string
		pos  int
		want string // in the message
	}{
		{`alibaba "white house`, 8, "without an end"},
		{"(a OR b", 0, `"(" without ")"`},
		{"a) b", 1, `")" without "("`},
		{"a ()", 2, "empty parentheses"},
		{"a OR", 4, "OR needs something after"},
		{"OR a", 0, "OR needs something before"},
		{"AND a", 0, "AND needs something before"},
		{"a AND OR b", 6, "AND needs something after"},
		{"a NOT", 2, "NOT needs something after"},
		{"a tilte:memo", 2, `did you mean "title:"`},
		{`persn:"Xi Jinping"`, 0, `did you mean "person:"`},
		{"a person: x", 9, "needs a value"},
		{"org:(a OR b)", 4, "org:a OR org:b"},
		{"x date:yesterday", 7, "is not a date"},
		{"date:2025-13-01", 5, "is not a date"},
		{"date:2025-11-20..2025-11-01", 5, "end before they begin"},
		{"date:..", 5, "needs a date"},
		{"date:0001-01-01", 5, "out of range"},
		{"c*ber", 1, "can only end a word"},
		{`""`, 0, "no word"},
		{`"a b"~`, 5, "needs a number"},
		{"&", 0, "no word"},
		{strings.Repeat("a", 4097), 4096, "longer than 4096"},
		{strings.Repeat("(", 51) + "a" + strings.Repeat(")", 51), 50, "deeper than 50"},
		{strings.Repeat("a ", 257), 512, "more than 256"},
	}
	for _, tt := range tests {
		n, err := ParseQuery(tt.in)
		var qe *QueryError
		if !errors.As(err, &qe) {
			t.Errorf("%.40q: got %v, %v", tt.in, n, err)
			continue
		}
		if qe.Position != tt.pos || !strings.Contains(err.Error(), tt.want) || qe.Hint == "" {
			t.Errorf("%.40q: got %d %v, want %d %s", tt.in, qe.Position, err, tt.pos, tt.want)
		}
	}
}

func FuzzParseQuery(f *testing.F) {
	for _, s := range []string{
		`alibaba AND (memo OR "white house" OR -pla) cyber* title:"a b"~3 person:"Xi \"J\""`,
		"date:2025-11-01..2025-11-20 date:>2025-11-01 date:<=2025-11-01T10:00:00Z", "NOT NOT -(a b)", "12:30 http://x.y/z*",
		"“a” & -* org:(x", "a\xff\x00", "title:-x -- - -\"a\"", "a:b", "a -> -:/ --(b) -", "date:2999 date:1000",
	} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		n, err := ParseQuery(s)
		if err != nil {
			var qe *QueryError
			if !errors.As(err, &qe) || qe.Position < 0 || qe.Position > len(qe.Query) {
				t.Fatalf("%q: %#v", s, err)
			}
			return
		}
		out := FormatNode(n)
		again, err := ParseQuery(out)
		if err != nil {
			t.Fatalf("%q -> %q: %v", s, out, err)
		}
		if !reflect.DeepEqual(n, again) {
			t.Fatalf("%q -> %q -> %q", s, out, FormatNode(again))
		}
	})
}
