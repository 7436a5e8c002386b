package dateline

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Limits of a query. They keep what a stranger types from costing more than
// a search is worth.
const (
	maxQueryBytes = 4096
	maxQueryDepth = 50
	maxQueryNodes = 256
	maxSlop       = 1000
)

// queryFields are the names that may stand before a colon.
var queryFields = []string{
	"title", FieldPerson, FieldOrg, FieldPlace, FieldOutlet, FieldAuthor,
	FieldLang, FieldStory, "said", FieldSection, FieldType, "date",
}

// ParseQuery parses the query language. A blank query, or only *, gives a nil Node,
// which matches everything; a wrong one a [*QueryError].
//
// Words side by side are joined by AND, which binds tighter than OR; NOT (or a
// minus before a word) binds tightest. AND, OR and NOT are operators in
// capitals only. Signs that stand alone, as the & of "AT & T", are skipped.
//
// [FormatNode] is the inverse.
func ParseQuery(s string) (Node, error) {
	p := parser{s: strings.ToValidUTF8(s, "\uFFFD")}
	if len(p.s) > maxQueryBytes {
		return nil, p.errorf(maxQueryBytes, "make it shorter", "the query is longer than %d bytes", maxQueryBytes)
	}
	n, err := p.or()
	if err != nil {
		return nil, err
	}
	p.space()
	if p.pos < len(p.s) { // only a ) ends or() early
		return nil, p.errorf(p.pos, `remove it, or open the group with "("`, `")" without "("`)
	}
	if n == nil {
		if p.skipped && strings.TrimSpace(p.s) != "*" {
			return nil, p.errorf(0, "add a word", "there is no word to search for")
		}
		return nil, nil
	}
	if countNodes(n) > maxQueryNodes {
		return nil, p.errorf(0, "make it shorter", "the query has more than %d parts", maxQueryNodes)
	}
	if len(FormatNode(n)) > maxQueryBytes {
		return nil, p.errorf(0, "make it shorter", "the query is longer than %d bytes", maxQueryBytes)
	}
	return n, nil
}

// parser is a recursive-descent parser that reads its tokens as it goes.
type parser struct {
	s       string
	pos     int
	depth   int
	leaves  int
	skipped bool // a sign that stands alone was skipped
}

func (p *parser) errorf(pos int, hint, format string, args ...any) error {
	return &QueryError{Query: p.s, Position: pos, Message: fmt.Sprintf(format, args...), Hint: hint}
}

func (p *parser) space() {
	for p.pos < len(p.s) {
		r, n := utf8.DecodeRuneInString(p.s[p.pos:])
		if !unicode.IsSpace(r) {
			return
		}
		p.pos += n
	}
}

// isQuote tells whether r opens a phrase. Telephones type the curly ones.
func isQuote(r rune) bool { return r == '"' || r == '“' || r == '”' || r == '„' }

// endsWord tells whether r cannot be inside a bare word.
func endsWord(r rune) bool { return unicode.IsSpace(r) || r == '(' || r == ')' || isQuote(r) }

// word returns the bare word at the current position without taking it.
func (p *parser) word() string {
	rest := p.s[p.pos:]
	if i := strings.IndexFunc(rest, endsWord); i >= 0 {
		return rest[:i]
	}
	return rest
}

// operator takes the operator op if it comes next.
func (p *parser) operator(op string) bool {
	p.space()
	if p.word() != op {
		return false
	}
	p.pos += len(op)
	return true
}

// or parses operands joined by OR; it is nil if there are none.
func (p *parser) or() (Node, error) {
	var nodes []Node
	for {
		n, err := p.and()
		if err != nil {
			return nil, err
		}
		p.space()
		start := p.pos
		more := p.operator("OR")
		if n == nil {
			if more {
				return nil, p.errorf(start, `to search for the word, put it in quotes: "OR"`, "OR needs something before it")
			}
			if len(nodes) > 0 {
				return nil, p.errorf(p.pos, `to search for the word, put it in quotes: "OR"`, "OR needs something after it")
			}
			return nil, nil
		}
		if o, ok := n.(*Or); ok {
			nodes = append(nodes, o.Nodes...)
		} else {
			nodes = append(nodes, n)
		}
		if !more {
			break
		}
	}
	if len(nodes) == 1 {
		return nodes[0], nil
	}
	return &Or{Nodes: nodes}, nil
}

// and parses operands joined by AND or by nothing; it is nil if there are none.
func (p *parser) and() (Node, error) {
	var nodes []Node
	for {
		p.space()
		start := p.pos
		needed := p.operator("AND")
		if needed && len(nodes) == 0 {
			return nil, p.errorf(start, `to search for the word, put it in quotes: "AND"`, "AND needs something before it")
		}
		n, err := p.unary()
		if err != nil {
			return nil, err
		}
		if n == nil {
			if needed {
				return nil, p.errorf(p.pos, `to search for the word, put it in quotes: "AND"`, "AND needs something after it")
			}
			break
		}
		if a, ok := n.(*And); ok {
			nodes = append(nodes, a.Nodes...)
		} else {
			nodes = append(nodes, n)
		}
	}
	switch len(nodes) {
	case 0:
		return nil, nil
	case 1:
		return nodes[0], nil
	}
	return &And{Nodes: nodes}, nil
}

// unary parses one operand with the negations before it; it is nil before an
// operator, a closing parenthesis and the end.
func (p *parser) unary() (Node, error) {
	for {
		p.space()
		if p.pos == len(p.s) || p.s[p.pos] == ')' {
			return nil, nil
		}
		start := p.pos
		word := p.word()
		switch {
		case word == "AND" || word == "OR":
			return nil, nil
		case p.s[p.pos] == '(':
			return p.group()
		case word == "NOT":
			p.pos += len(word)
			return p.not(start, "NOT")
		case p.minus(word):
			p.pos++
			return p.not(start, "-")
		}
		n, err := p.leaf()
		if n != nil || err != nil {
			return n, err
		}
		p.skipped = true
	}
}

// minus tells whether the next word begins with a negation. The dash and the
// arrow of "a - b" and "a -> b" are none.
func (p *parser) minus(word string) bool {
	if word == "-" {
		p := parser{s: p.s, pos: p.pos + 1}
		return p.atQuote() || strings.HasPrefix(p.s[p.pos:], "(")
	}
	return strings.HasPrefix(word, "-") && searchable(word)
}

func spaceAt(s string, i int) bool {
	r, _ := utf8.DecodeRuneInString(s[i:])
	return unicode.IsSpace(r) || r == ')'
}

func (p *parser) enter(pos int) error {
	p.depth++
	if p.depth > maxQueryDepth {
		return p.errorf(pos, "use fewer parentheses", "the query is nested deeper than %d", maxQueryDepth)
	}
	return nil
}

func (p *parser) group() (Node, error) {
	start := p.pos
	if err := p.enter(start); err != nil {
		return nil, err
	}
	p.pos++
	n, err := p.or()
	if err != nil {
		return nil, err
	}
	p.depth--
	p.space()
	if p.pos == len(p.s) {
		return nil, p.errorf(start, `close it with ")"`, `"(" without ")"`)
	}
	p.pos++
	if n == nil {
		return nil, p.errorf(start, "put a word between the parentheses, or remove them", "empty parentheses")
	}
	return n, nil
}

func (p *parser) not(start int, op string) (Node, error) {
	if err := p.enter(start); err != nil {
		return nil, err
	}
	n, err := p.unary()
	if err != nil {
		return nil, err
	}
	p.depth--
	if n == nil {
		return nil, p.errorf(start, fmt.Sprintf("to search for it, put it in quotes: %q", op), "%s needs something after it", op)
	}
	if inner, ok := n.(*Not); ok {
		return inner.Node, nil
	}
	return &Not{Node: n}, nil
}

// leaf parses a word, a phrase, a prefix, a field with its value or a date.
// It is nil for a sign that stands alone.
func (p *parser) leaf() (Node, error) {
	start := p.pos
	p.leaves++
	if p.leaves > maxQueryNodes {
		return nil, p.errorf(start, "make it shorter", "the query has more than %d parts", maxQueryNodes)
	}
	if p.atQuote() {
		return p.phrase("", start)
	}
	word := p.word()
	name, value, ok := strings.Cut(word, ":")
	if !ok || !isFieldName(name) || strings.HasPrefix(value, "//") {
		p.pos += len(word)
		return p.text("", word, start)
	}
	field := strings.ToLower(name)
	if !slices.Contains(queryFields, field) {
		end := p.pos + len(word)
		if value == "" && (end == len(p.s) || spaceAt(p.s, end)) { // "Breaking: ..."
			p.pos = end
			return p.text("", word, start)
		}
		return nil, p.errorf(start, fmt.Sprintf(`did you mean "%s:"? Fields are %s; put the word in quotes to search for it`,
			Nearest(field, queryFields), strings.Join(queryFields, ", ")), "unknown field %q", name)
	}
	p.pos += len(name) + 1
	at := p.pos
	if value == "" && p.atQuote() {
		if field == "title" {
			return p.phrase(field, start)
		}
		var err error
		if value, err = p.quoted(); err != nil {
			return nil, err
		}
	} else {
		p.pos += len(value)
	}
	if value == "" {
		hint := fmt.Sprintf(`write %s:word or %s:"two words", without a space after the colon`, field, field)
		switch {
		case field == "date":
			hint = dateHint
		case at < len(p.s) && p.s[at] == '(':
			hint = fmt.Sprintf("a field takes one value: write (%s:a OR %s:b)", field, field)
		}
		return nil, p.errorf(at, hint, "%s: needs a value", field)
	}
	switch field {
	case "title":
		n, err := p.text(field, value, at)
		if n == nil && err == nil {
			return nil, p.errorf(at, "write title:word", "there is no word to search for")
		}
		return n, err
	case "date":
		return p.date(value, at)
	}
	return &FieldTerm{Field: field, Value: value}, nil
}

func isFieldName(s string) bool {
	return searchable(s) && !strings.ContainsFunc(s, func(r rune) bool {
		return !unicode.IsLetter(r) && !unicode.IsMark(r) && r != '_' && r != '-'
	})
}

// text makes a term or a prefix of a bare word.
func (p *parser) text(field, word string, start int) (Node, error) {
	stem := strings.TrimRight(word, "*")
	if !searchable(stem) {
		return nil, nil
	}
	if i := strings.IndexByte(stem, '*'); i >= 0 {
		return nil, p.errorf(start+i, "write the beginning of the word and a *, as in cyber*", "a * can only end a word")
	}
	if len(stem) < len(word) {
		return &Prefix{Field: field, Text: stem}, nil
	}
	return &Term{Field: field, Text: word}, nil
}

// searchable tells whether there is more in s than punctuation.
func searchable(s string) bool {
	return strings.ContainsFunc(s, func(r rune) bool {
		return unicode.In(r, unicode.L, unicode.N, unicode.M, unicode.So)
	})
}

func (p *parser) atQuote() bool {
	r, _ := utf8.DecodeRuneInString(p.s[p.pos:])
	return p.pos < len(p.s) && isQuote(r)
}

// quoted takes a string in quotation marks, in which \" and \\ are a quotation
// mark and a backslash, and returns it with its white space collapsed.
func (p *parser) quoted() (string, error) {
	start := p.pos
	open, n := utf8.DecodeRuneInString(p.s[p.pos:])
	p.pos += n
	var b strings.Builder
	for p.pos < len(p.s) {
		r, n := utf8.DecodeRuneInString(p.s[p.pos:])
		if r == '\\' && p.pos+1 < len(p.s) && (p.s[p.pos+1] == '"' || p.s[p.pos+1] == '\\') {
			b.WriteByte(p.s[p.pos+1])
			p.pos += 2
			continue
		}
		p.pos += n
		if r == '"' || open != '"' && isQuote(r) {
			return strings.Join(strings.Fields(b.String()), " "), nil
		}
		b.WriteRune(r)
	}
	return "", p.errorf(start, `close the phrase with "`, "quotation mark without an end")
}

func (p *parser) phrase(field string, start int) (Node, error) {
	text, err := p.quoted()
	if err != nil {
		return nil, err
	}
	if !searchable(text) {
		return nil, p.errorf(start, "put words between the quotation marks, or remove them", "there is no word in the phrase")
	}
	ph := &Phrase{Field: field, Text: text}
	if p.pos < len(p.s) && p.s[p.pos] == '~' {
		at := p.pos
		p.pos++
		end := p.pos
		for end < len(p.s) && '0' <= p.s[end] && p.s[end] <= '9' {
			end++
		}
		slop, err := strconv.Atoi(p.s[p.pos:end])
		if err != nil || slop > maxSlop {
			return nil, p.errorf(at, `write "two words"~10`, "~ needs a number up to %d", maxSlop)
		}
		p.pos = end
		ph.Slop = slop
	}
	return ph, nil
}

func countNodes(n Node) int {
	total := 1
	switch n := n.(type) {
	case *And:
		for _, c := range n.Nodes {
			total += countNodes(c)
		}
	case *Or:
		for _, c := range n.Nodes {
			total += countNodes(c)
		}
	case *Not:
		total += countNodes(n.Node)
	}
	return total
}

// Nearest returns the name with the least edit distance to s, for "did you mean".
func Nearest(s string, names []string) string {
	best, least := "", 1<<30
	for _, name := range names {
		if d := editDistance([]rune(s), []rune(name)); d < least {
			best, least = name, d
		}
	}
	return best
}

func editDistance(a, b []rune) int {
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range a {
		diagonal := row[0]
		row[0] = i + 1
		for j := range b {
			cost := diagonal
			if a[i] != b[j] {
				cost++
			}
			diagonal = row[j+1]
			row[j+1] = min(cost, row[j]+1, row[j+1]+1)
		}
	}
	return row[len(b)]
}
