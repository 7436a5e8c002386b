package dateline

import (
	"fmt"
	"strings"
	"time"
)

// FormatNode writes a node in the query language; the nil Node is "".
// ParseQuery gives every node that it made back from what FormatNode writes.
func FormatNode(n Node) string {
	var b strings.Builder
	formatNode(&b, n)
	return b.String()
}

func formatNode(b *strings.Builder, n Node) {
	switch n := n.(type) {
	case *And:
		for i, c := range n.Nodes {
			if i > 0 {
				b.WriteByte(' ')
			}
			_, or := c.(*Or)
			formatGroup(b, c, or)
		}
	case *Or:
		for i, c := range n.Nodes {
			if i > 0 {
				b.WriteString(" OR ")
			}
			formatGroup(b, c, false)
		}
	case *Not:
		b.WriteByte('-')
		switch n.Node.(type) {
		case *And, *Or:
			formatGroup(b, n.Node, true)
		default:
			formatGroup(b, n.Node, false)
		}
	case *Term:
		formatField(b, n.Field)
		if n.Field == "" && (strings.HasPrefix(n.Text, "-") || n.Text == "AND" || n.Text == "OR" || n.Text == "NOT") {
			b.WriteString(quoteQuery(n.Text))
			return
		}
		formatValue(b, n.Text)
	case *Phrase:
		formatField(b, n.Field)
		b.WriteString(quoteQuery(n.Text))
		if n.Slop > 0 {
			fmt.Fprintf(b, "~%d", n.Slop)
		}
	case *Prefix:
		formatField(b, n.Field)
		b.WriteString(n.Text)
		b.WriteByte('*')
	case *FieldTerm:
		formatField(b, n.Field)
		formatValue(b, n.Value)
	case *DateRange:
		formatDate(b, n)
	}
}

func formatGroup(b *strings.Builder, n Node, parens bool) {
	if parens {
		b.WriteByte('(')
	}
	formatNode(b, n)
	if parens {
		b.WriteByte(')')
	}
}

func formatField(b *strings.Builder, field string) {
	if field != "" {
		b.WriteString(field)
		b.WriteByte(':')
	}
}

func formatValue(b *strings.Builder, s string) {
	if s == "" || strings.ContainsFunc(s, endsWord) {
		s = quoteQuery(s)
	}
	b.WriteString(s)
}

var queryQuoter = strings.NewReplacer(`"`, `\"`, `\`, `\\`)

func quoteQuery(s string) string { return `"` + queryQuoter.Replace(s) + `"` }

func formatDate(b *strings.Builder, r *DateRange) {
	day := func(t time.Time) bool { return t.Truncate(24 * time.Hour).Equal(t) }
	write := func(t time.Time) string {
		if day(t) {
			return t.Format(time.DateOnly)
		}
		return t.Format(time.RFC3339)
	}
	b.WriteString("date:")
	switch {
	case r.To.IsZero():
		b.WriteString(">=" + write(r.From))
	case r.From.IsZero():
		b.WriteString("<" + write(r.To))
	default:
		from, to := write(r.From), write(r.To)
		if day(r.To) { // a plain date includes its day
			to = write(r.To.AddDate(0, 0, -1))
		}
		b.WriteString(from)
		if to != from {
			b.WriteString(".." + to)
		}
	}
}
