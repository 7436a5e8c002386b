package extract

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"dateline"
	"dateline/crawler/extract/internal/body"
)

// split gives the page's lines with what is known of the page, for the text to
// be chosen from them.
func (p *page) split(a *dateline.Article) *body.Doc {
	in := body.Input{Title: a.Title, Authors: a.Authors, Description: a.Summary, Linked: body.Lines(p.ld.body)}
	in.Labels = append(append(append(in.Labels, a.Keywords...), a.Section), strings.Split(p.url.Path, "/")...)
	return body.New(body.Split(p.root), in)
}

// Split parses a page and splits it into the lines that its text is chosen
// from. It serves the program that fits the weights.
func Split(page []byte, contentType, pageURL string) (*body.Doc, error) {
	p, err := parsePage(page, contentType, pageURL)
	if err != nil {
		return nil, err
	}
	return p.split(p.article().Article), nil
}

// size is a text's length in runes.
func size(s string) int { return utf8.RuneCountInString(s) }

// letters counts the letters of a text.
func letters(s string) int {
	n := 0
	for _, r := range s {
		if unicode.IsLetter(r) {
			n++
		}
	}
	return n
}
