package body

import "strings"

// Article is the text of the page: the blocks that are kept, or, where most of
// the text is not among the page's elements, what its JSON-LD or its scripts have.
func (d *Doc) Article(s []float32) string {
	text := d.Text(d.Keep(s))
	if len(d.in.Linked) >= leastOther && len(text)*5 < len(d.in.Linked)*2 && d.same(d.in.Linked, text) {
		return d.in.Linked
	}
	// The data of scripts may be of more than the article. It is taken only where
	// little was found, and nothing else says how long the article is.
	if len(d.embedded) >= leastOther && len(text) < mostTeaser && len(text)*5 < len(d.embedded) && len(d.in.Linked) < len(text)*2 && running(d.embedded) && d.same(d.embedded, text) {
		return d.embedded
	}
	return text
}

// Lengths in bytes: from leastOther on another source's text is taken for an
// article; what is longer than mostTeaser is more than the beginning of one.
const (
	leastOther = 500
	mostTeaser = 1500
)

// same reports whether another source's text seems to be of the same article as
// what was found among the blocks.
func (d *Doc) same(other, text string) bool {
	toks := Tokens(other)
	in := shingles(toks, 3, 50000)
	own := Tokens(text)
	if len(own) >= 30 {
		return in.share(own, 3) > 0.5
	}
	// Too little to compare; the headline's or summary's words must be in it.
	words := shingles(toks, 1, 50000)
	return words.share(d.titleToks, 1) >= 0.5 || words.share(Tokens(d.in.Description), 1) >= 0.7 || len(own) > 5 && strings.Contains(other, text)
}

// running reports whether a text is made of sentences rather than of labels.
func running(text string) bool {
	var all, sentences int
	for _, l := range strings.Split(text, "\n\n") {
		all += len(l)
		if f := facts([]byte(l)); f.sentence && len(l) >= leastProse {
			sentences += len(l)
		}
	}
	return sentences*10 >= all*8
}
