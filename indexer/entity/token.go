package entity

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// token is a word of a text in a script with spaces.
type token struct {
	start, end int
	text       string // without a possessive 's
	bare       string // text without dots
	fold       string
	also       string // fold before a case was taken off, or empty
	cap        bool   // begins with an upper-case letter
	upper      bool   // two or more letters, all of them upper case
	digit      bool
	poss       bool // a possessive 's followed
	begin      bool // first of a sentence, quotation or line
	line       bool // first of a line
	glue       glue // what stands between this token and the one before
	head       bool // in a line in title case
	shout      bool // in a line in capitals
	elided     bool // an article or preposition was parted from it: l'Inde
}

type glue uint8

const (
	glueBreak  glue = iota // punctuation, line break
	glueSpace              // blanks
	glueHyphen             // a hyphen
	glueComma              // a comma and blanks
	glueParen              // blanks and an opening parenthesis
)

func wordRune(c rune) bool {
	return (unicode.IsLetter(c) || unicode.IsDigit(c) || unicode.IsMark(c)) && !unspaced(c)
}

// abbreviations end with a dot that ends no sentence.
var abbreviations = set("mr mrs ms dr prof sen rep gov gen lt col sgt capt st jr sr inc corp co ltd no vs rev hon maj pres mt ft dept cmdr adm")

// tokenize cuts a text into words.
func tokenize(s string) []token {
	out := make([]token, 0, len(s)/5+2) // a little more than English has
	last := 0
	for i := 0; i < len(s); {
		c, n := utf8.DecodeRuneInString(s[i:])
		if !wordRune(c) && c != '&' {
			i += n
			continue
		}
		start := i
		i += n
		for i < len(s) && c != '&' {
			c2, n2 := utf8.DecodeRuneInString(s[i:])
			if wordRune(c2) {
				i += n2
				continue
			}
			if i+n2 < len(s) {
				c3, n3 := utf8.DecodeRuneInString(s[i+n2:])
				if (c2 == '\'' || c2 == '’') && unicode.IsLetter(c3) && !unspaced(c3) {
					i += n2
					continue
				}
				if c2 == '&' && unicode.IsUpper(c3) { // AT&T
					i += n2
					continue
				}
				if c2 == '.' && unicode.IsLetter(c3) && single(s[start:i]) {
					// U.S: one letter on each side of the dot
					c4, _ := utf8.DecodeRuneInString(s[i+n2+n3:])
					if !unicode.IsLetter(c4) {
						i += n2
						continue
					}
				}
			}
			if c2 == '.' && i-start >= 3 && strings.Contains(s[start:i], ".") {
				i += n2 // the last dot of U.S.
			}
			break
		}
		t := token{start: start, end: i, text: s[start:i]}
		if x := withoutPossessive(t.text); x != "" && len(x) < len(t.text) {
			t.text, t.end, t.poss = x, start+len(x), true
		}
		t.bare = strings.ReplaceAll(t.text, ".", "")
		t.fold = fold(t.text)
		f, _ := utf8.DecodeRuneInString(t.text)
		t.cap = unicode.IsUpper(f) || unicode.IsTitle(f)
		t.digit = unicode.IsDigit(f)
		letters, lower := 0, 0
		for _, c := range t.text {
			if unicode.IsLetter(c) {
				letters++
				if !unicode.IsUpper(c) {
					lower++
				}
			}
		}
		t.upper = letters >= 2 && lower == 0
		gap := s[last:start]
		t.line = len(out) == 0 || strings.ContainsAny(gap, "\n\r")
		t.glue = gapGlue(gap)
		if len(out) > 0 {
			p := &out[len(out)-1]
			if t.glue == glueBreak && !t.line && strings.HasPrefix(gap, ".") && strings.TrimSpace(gap[1:]) == "" &&
				(abbreviations[p.fold] && (t.upper || !p.upper) || (p.cap && utf8.RuneCountInString(p.bare) == 1)) { // FT. is the paper: Ft. is an abbreviation
				t.glue = glueSpace
			}
			if t.glue == glueSpace && strings.HasSuffix(p.text, ".") && !t.cap {
				t.glue = glueSpace
			}
		}
		t.begin = t.line || (t.glue == glueBreak && strings.ContainsAny(gap, ".!?:;\"“”«»„—–‘()[]*•|"))
		out = append(out, t)
		last = i
		if t.poss {
			last = t.end
			if last < i {
				last = i
			}
		}
	}
	markLines(out)
	return out
}

// withoutPossessive cuts a possessive 's off a word.
func withoutPossessive(s string) string {
	if n := len(s); n > 2 && (s[n-1] == 's' || s[n-1] == 'S') {
		if s[n-2] == '\'' {
			return s[:n-2]
		}
		if x, ok := strings.CutSuffix(s[:n-1], "’"); ok {
			return x
		}
	}
	return s
}

// possessiveLen is how many bytes a possessive 's has that a text begins with.
func possessiveLen(s string) int {
	if strings.HasPrefix(s, "’") {
		return len("’s")
	}
	return len("'s")
}

// single reports whether s is one letter, or letters each before a dot.
func single(s string) bool {
	if j := strings.LastIndexByte(s, '.'); j >= 0 {
		s = s[j+1:]
	}
	return utf8.RuneCountInString(s) == 1
}

func gapGlue(gap string) glue {
	t := strings.TrimSpace(gap)
	switch {
	case strings.ContainsAny(gap, "\n\r"):
		return glueBreak
	case t == "":
		return glueSpace
	case t == "-" || t == "‐" || t == "‑" || t == "–" || t == "'" || t == "·":
		if len(gap) == len(t) {
			return glueHyphen
		}
		return glueBreak
	case t == ",":
		return glueComma
	case t == "(":
		return glueParen
	}
	return glueBreak
}

// markLines finds lines in title case and in capitals.
func markLines(ts []token) {
	for i := 0; i < len(ts); {
		j := i + 1
		for j < len(ts) && !ts[j].line {
			j++
		}
		caps, long, upper, words := 0, 0, 0, 0
		for _, t := range ts[i:j] {
			if t.digit {
				continue
			}
			words++
			if t.upper {
				upper++
			}
			if utf8.RuneCountInString(t.bare) > 3 {
				long++
				if t.cap {
					caps++
				}
			}
		}
		head := j-i <= 25 && long >= 4 && caps*10 >= long*8
		shout := words >= 4 && upper*10 >= words*8
		for k := i; k < j; k++ {
			ts[k].head, ts[k].shout = head, shout
		}
		i = j
	}
}

func set(words string) map[string]bool {
	m := map[string]bool{}
	for _, w := range strings.Fields(words) {
		m[w] = true
	}
	return m
}
