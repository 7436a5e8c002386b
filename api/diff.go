package api

import (
	"math"
	"strings"
	"unicode"
	"unicode/utf8"
)

// DiffOp is a run of text that two versions share (equal), that only the
// older has (delete) or only the newer (insert). Joining equal and delete
// gives the older text, equal and insert the newer.
type DiffOp struct {
	Op   string `json:"op"`
	Text string `json:"text"`
}

// maxDiffCells bounds the tables of one diff, about 8 MB; what is larger is
// told as replaced as a whole.
const maxDiffCells = 4_000_000

// contextRunes is how much of what did not change is kept at each side of a
// change where the whole text may not be shown.
const contextRunes = 40

// diffWords compares two texts word by word. Paragraphs are compared first, so
// that words are only compared within paragraphs that changed.
func diffWords(from, to string) []DiffOp {
	return (&differ{cells: maxDiffCells}).words(from, to)
}

func (d *differ) words(from, to string) []DiffOp {
	var out runs
	var del, ins []string // paragraphs that changed, not yet told
	flush := func() {
		for _, r := range d.lcs(words(strings.Join(del, "")), words(strings.Join(ins, ""))) {
			out.add(r.op, r.parts...)
		}
		del, ins = nil, nil
	}
	for _, r := range d.lcs(paragraphs(from), paragraphs(to)) {
		switch r.op {
		case "delete":
			del = append(del, r.parts...)
		case "insert":
			ins = append(ins, r.parts...)
		default:
			flush()
			out.add(r.op, r.parts...)
		}
	}
	flush()
	ops := []DiffOp{}
	for _, r := range out {
		if text := strings.Join(r.parts, ""); text != "" {
			ops = append(ops, DiffOp{r.op, text})
		}
	}
	return ops
}

// run is a DiffOp in the making: joining the parts only once keeps a long diff
// from costing the square of its length.
type run struct {
	op    string
	parts []string
}

type runs []run

// add joins what follows with a run of the same kind.
func (r *runs) add(op string, parts ...string) {
	if len(parts) == 0 {
		return
	}
	if n := len(*r); n > 0 && (*r)[n-1].op == op {
		(*r)[n-1].parts = append((*r)[n-1].parts, parts...)
		return
	}
	*r = append(*r, run{op, append([]string(nil), parts...)})
}

// differ spends a budget of cells over the comparisons of one diff.
type differ struct{ cells int }

// paragraphs splits after each line break; joined they give s.
func paragraphs(s string) []string { return strings.SplitAfter(s, "\n") }

// words splits s into words, each with the space after it. In scripts that
// write no spaces each letter counts as a word.
func words(s string) []string {
	var out []string
	start, space := 0, false
	cut := func(i int) {
		if i > start {
			out = append(out, s[start:i])
			start = i
		}
	}
	for i, r := range s {
		if unicode.IsSpace(r) {
			space = true
			continue
		}
		if space || unicode.In(r, unicode.Han, unicode.Hiragana, unicode.Katakana, unicode.Thai) {
			cut(i)
		}
		space = false
	}
	cut(len(s))
	return out
}

// lcs keeps the longest common subsequence of a and b; deletions come before
// insertions.
func (d *differ) lcs(a, b []string) runs {
	var out runs
	head := 0
	for head < len(a) && head < len(b) && a[head] == b[head] {
		head++
	}
	out.add("equal", a[:head]...)
	a, b = a[head:], b[head:]
	tail := 0
	for tail < len(a) && tail < len(b) && a[len(a)-1-tail] == b[len(b)-1-tail] {
		tail++
	}
	end := a[len(a)-tail:]
	a, b = a[:len(a)-tail], b[:len(b)-tail]
	n, m := len(a), len(b)
	if (n+1)*(m+1) > d.cells || n > math.MaxUint16 || m > math.MaxUint16 {
		out.add("delete", a...)
		out.add("insert", b...)
		out.add("equal", end...)
		return out
	}
	d.cells -= (n + 1) * (m + 1)
	// length[i*(m+1)+j] is the length of the longest common subsequence of a[i:] and b[j:].
	length := make([]uint16, (n+1)*(m+1))
	for i := n - 1; i >= 0; i-- {
		for j := m - 1; j >= 0; j-- {
			if a[i] == b[j] {
				length[i*(m+1)+j] = length[(i+1)*(m+1)+j+1] + 1
			} else {
				length[i*(m+1)+j] = max(length[(i+1)*(m+1)+j], length[i*(m+1)+j+1])
			}
		}
	}
	i, j := 0, 0
	for i < n || j < m {
		switch {
		case i < n && j < m && a[i] == b[j]:
			out.add("equal", a[i])
			i++
			j++
		case i < n && (j == m || length[(i+1)*(m+1)+j] >= length[i*(m+1)+j+1]):
			out.add("delete", a[i])
			i++
		default:
			out.add("insert", b[j])
			j++
		}
	}
	out.add("equal", end...)
	return out
}

// shorten keeps about limit runes of a diff, the changes with a few words
// around them, and says whether anything is left out.
func shorten(ops []DiffOp, limit int) (out []DiffOp, cut bool) {
	out = []DiffOp{}
	for i, op := range ops {
		if op.Op == "equal" {
			if r := []rune(op.Text); len(r) > 2*contextRunes {
				before, after := string(r[:contextRunes]), string(r[len(r)-contextRunes:])
				if i := strings.LastIndexAny(before, " \n"); i > 0 {
					before = before[:i]
				}
				if i := strings.IndexAny(after, " \n"); i >= 0 && i < len(after)-1 {
					after = after[i+1:]
				}
				if i == 0 {
					before = ""
				}
				if i == len(ops)-1 {
					after = ""
				}
				op.Text, cut = before+" … "+after, true
			}
		}
		if n := utf8.RuneCountInString(op.Text); n > limit {
			op.Text = excerpt(op.Text, limit)
			if op.Text != "" {
				out = append(out, op)
			}
			return out, true
		} else {
			limit -= n
		}
		out = append(out, op)
	}
	return out, cut
}
