package body

import (
	"html"
	"strings"
	"unicode/utf8"
)

// Many pages carry their article a second time, in the data that a script
// renders it from: __NEXT_DATA__, Fusion.globalContent, Apollo's cache and the
// like. Where that is the only place with the whole text it must be read there.
// The formats differ, but in all of them an article is a list of paragraphs or
// one string of HTML, so that is what is looked for.

// Bounds of what is read of the scripts of one page.
const (
	maxScripts    = 12
	leastScript   = 1500
	maxScript     = 4 << 20
	maxPieces     = 20000
	maxNesting    = 64
	maxLists      = 6   // lists around a string that are told apart, the innermost
	leastProse    = 40  // bytes of a string that reads as a paragraph
	leastEmbedded = 400 // bytes of the text of an article
)

// stateMarks are what the scripts begin with that hold a page's data.
var stateMarks = []string{"__NEXT_DATA__", "Fusion.", "__APOLLO_STATE__", "__INITIAL_STATE__", "__PRELOADED_STATE__", "__NUXT__", "__remixContext", "__INITIAL_DATA__", "__STATE__", "__data", "initialState", "preloadedState", "__PRELOADED", "__BBC", "__next_f"}

// holdsState reports whether a script is a page's data.
func holdsState(kind, id, text string) bool {
	if len(text) < leastScript || len(text) > maxScript || strings.Contains(kind, "ld+json") {
		return false
	}
	if strings.HasSuffix(kind, "/json") || id == "__NEXT_DATA__" {
		return true
	}
	head := text[:min(len(text), 4000)]
	for _, m := range stateMarks {
		if strings.Contains(head, m) {
			return true
		}
	}
	return false
}

// piece is a string of a page's data and the lists that it is in, the innermost last.
type piece struct {
	key   uint64
	text  string
	lists [maxLists]place
	n     int // lists that are filled
}

// place is an index in a list.
type place struct{ list, at int32 }

// level is an object or list that the reader is in.
type level struct {
	list bool
	key  uint64
	at   place
}

type stateReader struct {
	pieces []piece
	lists  int32
	stack  []level
}

// embedded finds the article in the data of a page's scripts, as lines.
func embedded(scripts []string) string {
	best := ""
	for i, s := range scripts {
		if i >= maxScripts {
			break
		}
		r := &stateReader{}
		r.read(s, 0)
		if t := r.article(); len(t) > len(best) {
			best = t
		}
	}
	if len(best) < leastEmbedded {
		return ""
	}
	return best
}

// read collects the strings of JSON, or of a script with JSON in it, of which
// the rest is passed over.
func (r *stateReader) read(s string, nested int) {
	for i := 0; i < len(s) && len(r.pieces) < maxPieces; {
		switch s[i] {
		case '{', '[':
			l := level{list: s[i] == '['}
			if l.list {
				r.lists++
				l.at = place{r.lists, 0}
			}
			if k := len(r.stack); k > 0 {
				l.key = r.stack[k-1].key
			}
			if len(r.stack) < maxNesting {
				r.stack = append(r.stack, l)
			}
		case '}', ']':
			if k := len(r.stack); k > 0 && r.stack[k-1].list == (s[i] == ']') {
				r.stack = r.stack[:k-1]
			}
		case ',':
			if k := len(r.stack); k > 0 && r.stack[k-1].list {
				r.stack[k-1].at.at++
			}
		case '"':
			raw, next := quoted(s, i)
			i = next
			for next < len(s) && (s[next] == ' ' || s[next] == '\n' || s[next] == '\t' || s[next] == '\r') {
				next++
			}
			if next < len(s) && s[next] == ':' {
				if k := len(r.stack); k > 0 && len(raw) < 100 {
					r.stack[k-1].key = hashString(raw)
				}
				continue
			}
			r.value(raw, nested)
			continue
		}
		i++
	}
}

// quoted gives what is between the quote at i and the one that ends it, and
// where reading goes on.
func quoted(s string, i int) (raw string, next int) {
	for j := i + 1; j < len(s); j++ {
		switch s[j] {
		case '\\':
			j++
		case '"':
			return s[i+1 : j], j + 1
		}
	}
	return "", len(s)
}

func (r *stateReader) value(raw string, nested int) {
	if raw == "" {
		return
	}
	text := raw
	if strings.IndexByte(raw, '\\') >= 0 {
		text = unescape(raw)
	}
	if len(text) > leastScript && nested < 2 {
		// Data in a string; React's streams number theirs: "1f:[...".
		at := strings.IndexByte(text[:8], ':') + 1
		if c := text[at]; c == '{' || c == '[' || text[0] == '{' || text[0] == '[' {
			r.read(text, nested+1)
			return
		}
	}
	if code(text) {
		return
	}
	p := piece{text: text}
	if k := len(r.stack); k > 0 {
		p.key = r.stack[k-1].key
	}
	for k := len(r.stack) - 1; k >= 0 && p.n < maxLists; k-- {
		if r.stack[k].list {
			p.lists[p.n] = r.stack[k].at
			p.n++
		}
	}
	r.pieces = append(r.pieces, p)
}

// tagNames are strings of data that writes elements as lists: ["p", "Text ..."].
var tagNames = map[string]bool{"p": true, "div": true, "span": true, "a": true, "strong": true, "em": true, "b": true, "i": true, "hr": true, "br": true, "h2": true, "h3": true, "h4": true, "ul": true, "ol": true, "li": true, "blockquote": true, "inline-embed": true, "text": true, "paragraph": true}

// code reports whether a string is no text: a program, a style, a drawing, an address.
func code(s string) bool {
	if tagNames[s] || strings.HasPrefix(s, "http") || strings.HasPrefix(s, "<path") || strings.HasPrefix(s, "<svg") || strings.HasPrefix(s, "<script") {
		return true
	}
	head := s[:min(len(s), 2000)]
	return strings.Count(head, "{") > 2 && strings.Count(head, ";") > 2 || strings.Contains(head, "function(") || strings.Contains(head, "=>{")
}

// article chooses between the longest string of HTML and the list with the most prose.
func (r *stateReader) article() string {
	type bucket struct {
		list int32
		key  uint64
	}
	mass := map[bucket]int{}
	var top bucket
	markup := ""
	for i := range r.pieces {
		p := &r.pieces[i]
		if len(p.text) > leastEmbedded && len(p.text) > len(markup) && (strings.Contains(p.text, "</p>") || strings.Contains(p.text, "<br")) {
			markup = p.text
		}
		if len(p.text) < leastProse || strings.Count(p.text, " ") < 4 && !wideText(p.text) {
			continue
		}
		for _, l := range p.lists[:p.n] {
			b := bucket{l.list, p.key}
			mass[b] += len(p.text)
			// Of lists with the same, the inner one: its number is higher.
			if mass[b] > mass[top] || mass[b] == mass[top] && b.list > top.list {
				top = b
			}
		}
	}
	// Go down to a list inside it that has most of its prose.
	for range maxLists {
		inner := top
		for i := range r.pieces {
			p := &r.pieces[i]
			if p.key != top.key || !p.in(top.list) {
				continue
			}
			for _, l := range p.lists[:p.n] {
				b := bucket{l.list, p.key}
				if l.list == top.list {
					break
				}
				if mass[b]*10 >= mass[top]*6 {
					inner = b
				}
			}
		}
		if inner == top {
			break
		}
		top = inner
	}
	if len(markup) > mass[top] {
		return Lines(markup)
	}
	return r.paragraphs(top.list, top.key)
}

func (p *piece) in(list int32) bool { return p.index(list) >= 0 }

// index is the place in a list that a piece is at, -1 if it is not in it.
func (p *piece) index(list int32) int32 {
	for _, l := range p.lists[:p.n] {
		if l.list == list {
			return l.at
		}
	}
	return -1
}

// paragraphs joins the strings of a list, those of one entry to one line.
func (r *stateReader) paragraphs(list int32, key uint64) string {
	var b strings.Builder
	last := int32(-1)
	for i := range r.pieces {
		p := &r.pieces[i]
		at := p.index(list)
		if p.key != key || at < 0 {
			continue
		}
		if at != last && last >= 0 {
			b.WriteString("\n")
		}
		last = at
		b.WriteString(p.text)
	}
	return Lines(b.String())
}

func wideText(s string) bool {
	for i, r := range s {
		if i > 30 {
			break
		}
		if wide(r) {
			return true
		}
	}
	return false
}

// unescape reads the escapes of a JSON string, leniently.
func unescape(s string) string {
	var b strings.Builder
	b.Grow(len(s))
	for i := 0; i < len(s); i++ {
		if s[i] != '\\' || i+1 >= len(s) {
			b.WriteByte(s[i])
			continue
		}
		i++
		switch s[i] {
		case 'n', 'r':
			b.WriteByte('\n')
		case 't', 'b', 'f':
			b.WriteByte(' ')
		case 'u':
			r, ok := hex4(s, i+1)
			if !ok {
				continue
			}
			i += 4
			if r >= 0xd800 && r < 0xdc00 && i+2 < len(s) && s[i+1] == '\\' && s[i+2] == 'u' {
				if lo, ok := hex4(s, i+3); ok && lo >= 0xdc00 && lo < 0xe000 {
					r = (r-0xd800)<<10 + (lo - 0xdc00) + 0x10000
					i += 6
				}
			}
			if utf8.ValidRune(r) {
				b.WriteRune(r)
			}
		default:
			b.WriteByte(s[i])
		}
	}
	return b.String()
}

func hex4(s string, i int) (rune, bool) {
	if i+4 > len(s) {
		return 0, false
	}
	var r rune
	for _, c := range []byte(s[i : i+4]) {
		r <<= 4
		switch {
		case c >= '0' && c <= '9':
			r |= rune(c - '0')
		case c >= 'a' && c <= 'f':
			r |= rune(c-'a') + 10
		case c >= 'A' && c <= 'F':
			r |= rune(c-'A') + 10
		default:
			return 0, false
		}
	}
	return r, true
}

// Lines makes plain lines of a text that may have tags and entities: one per
// paragraph, parted by an empty line.
func Lines(s string) string {
	if strings.IndexByte(s, '&') >= 0 {
		s = html.UnescapeString(s)
	}
	var out, line strings.Builder
	space := false
	end := func() {
		if line.Len() > 0 {
			if out.Len() > 0 {
				out.WriteString("\n\n")
			}
			out.WriteString(line.String())
			line.Reset()
		}
		space = false
	}
	for i := 0; i < len(s); {
		if s[i] == '<' {
			if n, breaks := tag(s[i:]); n > 0 {
				i += n
				if breaks {
					end()
				}
				continue
			}
		}
		r, n := utf8.DecodeRuneInString(s[i:])
		i += n
		switch {
		case r == '\n' || r == '\r':
			end()
			continue
		case r == ' ' || r == '\t' || r == 0xa0 || r >= 0x2000 && r <= 0x200a || r == 0x2028 || r == 0x2029 || r == 0x202f || r == 0x3000:
			space = true
			continue
		case !shown(r):
			continue
		}
		if space && line.Len() > 0 {
			line.WriteByte(' ')
		}
		space = false
		line.WriteRune(r)
	}
	end()
	return out.String()
}

// maxTag bounds the length of a tag in a text of another field.
const maxTag = 500

// tag gives the length of the tag that s begins with, 0 if it is none, and
// whether a line ends at it.
func tag(s string) (n int, breaks bool) {
	if len(s) < 3 || s[1] != '/' && !letter(s[1]) {
		return 0, false
	}
	end := strings.IndexByte(s[:min(len(s), maxTag)], '>')
	if end < 0 {
		return 0, false
	}
	name := strings.ToLower(strings.TrimPrefix(s[1:end], "/"))
	for i := range len(name) {
		if !letter(name[i]) && (name[i] < '0' || name[i] > '9') {
			name = name[:i]
			break
		}
	}
	switch name {
	case "p", "br", "div", "li", "ul", "ol", "h1", "h2", "h3", "h4", "h5", "h6", "blockquote", "tr", "table", "figure", "section":
		breaks = true
	}
	return end + 1, breaks
}

func letter(c byte) bool { return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' }
