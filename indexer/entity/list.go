package entity

import (
	"bufio"
	"fmt"
	"io"
	"strings"

	"dateline"
)

// ListLine is a line of a list of names, see LISTS.md.
type ListLine struct {
	dateline.Entity
	// Line is its number in the list, from 1.
	Line         int
	country      string
	needsContext bool
}

// maxListLines bounds an own list.
const maxListLines = 200_000

// ParseList reads a list of names: lines of type (P, O, L, T, W, N), name,
// Wikidata id, aliases parted by bars, and country, parted by tabs; what is
// behind the name may be left out. Empty lines and those that begin with # are
// comments. An error names the line and what would have been right.
func ParseList(in io.Reader) ([]ListLine, error) {
	var out []ListLine
	sc := bufio.NewScanner(in)
	sc.Buffer(nil, 1<<20)
	for n := 1; sc.Scan(); n++ {
		line := strings.TrimRight(sc.Text(), "\r")
		if strings.TrimSpace(line) == "" || line[0] == '#' {
			continue
		}
		if n > maxListLines {
			return nil, fmt.Errorf("list of names: more than %d lines", maxListLines)
		}
		f := strings.Split(line, "\t")
		typ := listTypes[f[0]]
		switch {
		case typ == "":
			return nil, fmt.Errorf("list of names, line %d: type %q, want one of P, O, L, T, W, N and a tab", n, f[0])
		case len(f) < 2 || strings.TrimSpace(f[1]) == "":
			return nil, fmt.Errorf("list of names, line %d: no name, want one behind the type and a tab", n)
		case len(f) > 5:
			return nil, fmt.Errorf("list of names, line %d: %d fields, want at most 5: type, name, Wikidata id, aliases, country", n, len(f))
		}
		f = append(f, "", "", "")
		if f[2] != "" && (f[2][0] != 'Q' || strings.Trim(f[2][1:], "0123456789") != "") {
			return nil, fmt.Errorf("list of names, line %d: Wikidata id %q, want Q and digits, or nothing", n, f[2])
		}
		l := ListLine{Line: n, country: f[4], needsContext: f[0] == "T" || f[0] == "W"}
		l.Entity = dateline.Entity{ID: dateline.Slug(f[1]), Type: typ, Name: f[1], Wikidata: f[2]}
		for a := range strings.SplitSeq(f[3], "|") {
			if a != "" && a != f[1] {
				l.Aliases = append(l.Aliases, a)
			}
		}
		out = append(out, l)
	}
	if err := sc.Err(); err != nil {
		return nil, fmt.Errorf("list of names: %w", err)
	}
	return out, nil
}
