package indexer

import (
	"cmp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// A snippet is the best sentences of a text, in the order in which they stand
// there: first the one with the most distinct words of the query, of those the
// one where they are nearest to each other, of those the earliest; then up to
// two more, if there is room, those with other words of the query first. What
// is too long is cut between words, and never within a mark. Lengths are
// columns: a wide character of Chinese, Japanese or Korean is two.

const (
	snippetColumns = 240
	maxFragments   = 3
	leastFragment  = 60  // no fragment begins in less room than this
	maxBefore      = 100 // from the beginning of a fragment to its first mark
	maxMark        = 120
	maxSpans       = 400 // that are looked at: enough for the best of a very long text
)

// fragment is a part of a text.
type fragment struct {
	from, to int
	whole    bool   // a sentence begins with it
	first    int    // the index of its first mark
	of       uint64 // the parts of the query in it
	reach    int    // bytes from the first mark until all of them were met
}

// snippetOf gives the snippet of a text as HTML.
func snippetOf(text string, spans []marked) string {
	var b strings.Builder
	l := fragments(text, spans)
	for i, f := range l {
		switch {
		case i > 0:
			b.WriteString(" … ")
		case !f.whole:
			b.WriteString("… ")
		}
		b.WriteString(strings.TrimSpace(render(text, spans, f.from, f.to)))
	}
	if n := len(l); n > 0 && l[n-1].to < len(strings.TrimRightFunc(text, unicode.IsSpace)) {
		b.WriteString(" …")
	}
	return b.String()
}

// fragments chooses what of a text is shown.
func fragments(text string, spans []marked) []fragment {
	if forth(text, 0, snippetColumns) == len(text) {
		return []fragment{{to: len(text), whole: true}}
	}
	if len(spans) == 0 {
		return []fragment{{to: cut(text, nil, 0, forth(text, 0, snippetColumns)), whole: true}}
	}
	var out []fragment
	var have uint64
	left := candidates(text, spans[:min(len(spans), maxSpans)])
	for room := snippetColumns; len(out) < maxFragments && room >= leastFragment; {
		var best fragment
		for i := range left {
			f := left[i]
			if room < snippetColumns && width(text[f.from:f.to]) > room {
				f = fit(text, spans, f, room)
			}
			if f.of == 0 || slices.ContainsFunc(out, func(o fragment) bool { return f.from < o.to && o.from < f.to }) {
				continue
			}
			if best.of == 0 || cmp.Or(
				distinct(f.of&^have)-distinct(best.of&^have), distinct(f.of)-distinct(best.of), best.reach-f.reach) > 0 {
				best = f
			}
		}
		if best.of == 0 {
			break
		}
		out = append(out, best)
		have |= best.of
		room -= width(text[best.from:best.to]) + len(" … ")
	}
	slices.SortFunc(out, func(a, b fragment) int { return a.from - b.from })
	return fill(text, spans, out)
}

// candidates are the fragments that begin with the sentence of a mark, or, if
// that begins too far away, before the mark, as long as a snippet may be.
func candidates(text string, spans []marked) []fragment {
	var out []fragment
	for i, s := range spans {
		var f fragment
		if f.from, f.whole = startOfSentence(text, s.start, maxBefore); !f.whole {
			f.from = wordStart(text, back(text, s.start, maxBefore/2), s.start)
		}
		f.first = i
		for f.first > 0 && spans[f.first-1].end > f.from {
			if f.first--; spans[f.first].start < f.from { // not within a mark
				f.from, f.whole = wordStart(text, spans[f.first].end, s.start), false
				f.first++
				break
			}
		}
		if n := len(out); n == 0 || out[n-1].from != f.from {
			out = append(out, fit(text, spans, f, snippetColumns))
		}
	}
	return out
}

// fit ends a fragment with its sentence or where the room ends. If its first
// mark has no room, it has nothing of the query.
func fit(text string, spans []marked, f fragment, room int) fragment {
	most := forth(text, f.from, room)
	f.to = endOfSentence(text, f.from, most)
	if f.to == most {
		f.to = cut(text, spans, f.from, most)
	}
	f.of, f.reach = 0, 0
	for _, s := range spans[f.first:] {
		if s.start < f.to && s.end > f.to && s.end <= most { // a phrase over the end of a sentence
			f.to = s.end
		}
		if s.end > f.to {
			f.to = max(f.from, min(f.to, s.start))
			break
		}
		if s.of&^f.of != 0 {
			f.of |= s.of
			f.reach = s.end - spans[f.first].start
		}
	}
	return f
}

// fill joins fragments that stand side by side, and lets the last go on as
// long as there is room.
func fill(text string, spans []marked, l []fragment) []fragment {
	if len(l) == 0 { // no mark had room, which merge does not let happen
		return []fragment{{to: cut(text, nil, 0, forth(text, 0, snippetColumns)), whole: true}}
	}
	out := l[:1]
	used := width(text[l[0].from:l[0].to])
	for _, f := range l[1:] {
		last := &out[len(out)-1]
		used += width(text[f.from:f.to]) + len(" … ")
		if strings.TrimSpace(text[last.to:f.from]) == "" {
			last.to = f.to
			continue
		}
		out = append(out, f)
	}
	if last := &out[len(out)-1]; used < snippetColumns {
		if end := forth(text, last.to, snippetColumns-used); end == len(text) {
			last.to = end
		} else {
			last.to = max(last.to, cut(text, spans, last.to, end))
		}
	}
	return out
}

// wide says whether a character takes two columns.
func wide(r rune) bool {
	return r >= 0x1100 && (isSingle(r) || unicode.Is(unicode.Hangul, r) || r >= 0x3000 && r <= 0x303f || r >= 0xff00 && r <= 0xff60)
}

func width(s string) int {
	n := 0
	for _, r := range s {
		n++
		if r >= 0x1100 && wide(r) {
			n++
		}
	}
	return n
}

// forth is where a text is n columns after i, or its end.
func forth(text string, i, n int) int {
	if len(text)-i <= n {
		return len(text) // no character has fewer bytes than columns
	}
	for i < len(text) {
		if text[i] < utf8.RuneSelf {
			if n == 0 {
				break
			}
			n--
			i++
			continue
		}
		r, size := utf8.DecodeRuneInString(text[i:])
		if n--; wide(r) {
			n--
		}
		if n < 0 {
			break
		}
		i += size
	}
	return i
}

// back is where a text is n columns before i, or its beginning.
func back(text string, i, n int) int {
	for i > 0 {
		if text[i-1] < utf8.RuneSelf {
			if n == 0 {
				break
			}
			n--
			i--
			continue
		}
		r, size := utf8.DecodeLastRuneInString(text[:i])
		if n--; wide(r) {
			n--
		}
		if n < 0 {
			break
		}
		i -= size
	}
	return i
}

// cut is the end of what is shown from from on, if it must be at most to: the
// end of a word if one is near, not within a mark, and not between a letter
// and its accents.
func cut(text string, spans []marked, from, to int) int {
	if to >= len(text) {
		return len(text)
	}
	end := to
	for _, s := range spans {
		if s.start >= end {
			break
		}
		if s.end > end && s.start >= from {
			end = s.start
		}
	}
	low := max(from, back(text, end, 40))
	if r, _ := utf8.DecodeRuneInString(text[end:]); end == to && !unicode.IsSpace(r) {
		if k := strings.LastIndexFunc(text[low:end], unicode.IsSpace); k >= 0 {
			end = low + k
			for _, s := range spans { // a mark may have a space in it
				if s.start < end && s.end > end && s.start >= from {
					end = s.start
				}
			}
		}
	}
	for range 16 {
		r, _ := utf8.DecodeRuneInString(text[end:])
		before, size := utf8.DecodeLastRuneInString(text[from:end])
		if size == 0 || !joins(r) && before != zeroWidthJoiner {
			break
		}
		end -= size
	}
	return from + len(strings.TrimRightFunc(text[from:end], unicode.IsSpace))
}

const zeroWidthJoiner = '\u200d'

// joins says whether a character belongs to the one before it.
func joins(r rune) bool { return unicode.IsMark(r) || r == zeroWidthJoiner }

// wordStart is where the first word begins after i, or max.
func wordStart(text string, i, most int) int {
	if i == 0 {
		return 0
	}
	if k := strings.IndexFunc(text[i:most], unicode.IsSpace); k >= 0 {
		i += k
		for i < most {
			r, size := utf8.DecodeRuneInString(text[i:])
			if !unicode.IsSpace(r) {
				break
			}
			i += size
		}
		return i
	}
	for i < most {
		r, size := utf8.DecodeRuneInString(text[i:])
		if !joins(r) {
			break
		}
		i += size
	}
	return i
}

// startOfSentence is where the sentence of i begins, if that is at most n
// columns before it.
func startOfSentence(text string, i, n int) (int, bool) {
	for low := back(text, i, n); i >= low; i-- {
		if (i == 0 || text[i-1] <= ' ' || text[i-1] >= utf8.RuneSelf) && startsSentence(text, i) {
			return i, true
		}
	}
	return 0, false
}

// endOfSentence is the end of the sentence that begins at from, or most.
func endOfSentence(text string, from, most int) int {
	for i := from + 1; i < most; i++ {
		if c := text[i-1]; (c <= ' ' || c >= utf8.RuneSelf) && startsSentence(text, i) {
			return from + len(strings.TrimRightFunc(text[from:i], unicode.IsSpace))
		}
	}
	return most
}

// startsSentence says whether a sentence begins at i. Better one too few than
// one too many: after an abbreviation none begins.
func startsSentence(text string, i int) bool {
	if i <= 0 || i >= len(text) {
		return i == 0
	}
	c := text[i-1]
	if c < utf8.RuneSelf && c > ' ' { // within a word
		return false
	}
	if c == ' ' && i > 1 { // between two words, nearly always
		if b := text[i-2]; b < utf8.RuneSelf && (asciiClass[b] == classWord || b == ',') {
			return false
		}
	}
	if !utf8.RuneStart(text[i]) {
		return false
	}
	at, _ := utf8.DecodeRuneInString(text[i:])
	before, size := utf8.DecodeLastRuneInString(text[:i])
	spaces := unicode.IsSpace(before)
	if unicode.IsSpace(at) || joins(at) || isStop(at) || isWideStop(at) || isCloser(at) && !spaces {
		return false
	}
	for n := 0; unicode.IsSpace(before); n++ {
		if i -= size; i == 0 || before == '\n' || n > 16 {
			return true
		}
		before, size = utf8.DecodeLastRuneInString(text[:i])
	}
	for n := 0; isCloser(before) && n < 4; n++ {
		if i -= size; i == 0 {
			return false
		}
		before, size = utf8.DecodeLastRuneInString(text[:i])
	}
	switch {
	case isWideStop(before):
		return true
	case !spaces || !isStop(before) || unicode.IsLower(at):
		return false
	}
	return before != '.' || !abbreviated(text[:i-size])
}

func isStop(r rune) bool {
	switch r {
	case '.', '!', '?', '…', '؟', '۔', '।':
		return true
	}
	return false
}

func isWideStop(r rune) bool { return r == '。' || r == '！' || r == '？' || r == '｡' }

func isCloser(r rune) bool {
	switch r {
	case '"', '\'', '”', '’', '»', ')', ']', '）', '」', '』', '】', '》':
		return true
	}
	return false
}

// abbreviations are what a full stop often follows within a sentence.
var abbreviations = map[string]bool{
	"mr": true, "mrs": true, "ms": true, "dr": true, "prof": true, "st": true, "gen": true, "col": true, "lt": true, "sgt": true, "capt": true,
	"rep": true, "sen": true, "gov": true, "rev": true, "hon": true, "vs": true, "no": true, "inc": true, "corp": true, "ltd": true, "co": true,
	"jan": true, "feb": true, "mar": true, "apr": true, "jun": true, "jul": true, "aug": true, "sept": true, "sep": true, "oct": true, "nov": true, "dec": true,
	"bzw": true, "ca": true, "nr": true, "str": true, "mme": true, "sr": true, "sra": true, "dott": true, "sig": true,
}

// abbreviated says whether the full stop after a text is likely that of an
// abbreviation: "Mr", or a single letter as in "J" and "U.S".
func abbreviated(text string) bool {
	other := func(r rune) bool { return !unicode.IsLetter(r) }
	tail := text[max(0, len(text)-12):]
	word := strings.TrimLeftFunc(tail[strings.LastIndexFunc(tail, other)+1:], other)
	return utf8.RuneCountInString(word) == 1 || abbreviations[strings.ToLower(word)]
}
