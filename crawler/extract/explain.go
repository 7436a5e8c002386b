package extract

import (
	"math"
	"slices"
	"strings"

	"dateline/crawler/extract/internal/body"
)

// Candidate is a value that was looked at for a field, in the order of looking.
type Candidate struct {
	Field  string `json:"field"`  // "title", "authors", "published", "outlet", "lang", "section", "type" or "image"
	Source string `json:"source"` // "json-ld", "og:title", "h1", a selector, ...
	Value  string `json:"value"`  // as the page has it, up to 300 bytes
	Chosen bool   `json:"chosen"` // the field was taken from it

	// Score tells by how much it is preferred to others of its field and kind:
	// for a headline likeness to what metadata says, from 0 to about 1; for a date
	// that readers are shown points, of which one is the least; for a language the
	// mean logarithm of its triples' frequency. 0 where the order of sources decides.
	Score float64 `json:"score,omitempty"`
}

// maxCandidates bounds what one page can have explained.
const maxCandidates = 500

// Explain is Extract, and says what was looked at for each field of a Candidate
// and what was taken.
func Explain(page []byte, contentType, pageURL string) (*Page, []Candidate, error) {
	p, err := parsePage(page, contentType, pageURL)
	if err != nil {
		return nil, nil, err
	}
	p.seen = &[]Candidate{}
	return p.extract(body.Fitted()), *p.seen, nil
}

// weigh notes a candidate with its score.
func (p *page) weigh(field, source, value string, score float64) {
	if p.seen == nil {
		return
	}
	n := len(*p.seen)
	if p.consider(field, source, value); len(*p.seen) > n {
		(*p.seen)[n].Score = math.Round(score*100) / 100
	}
}

// decide notes the value that a field has in the end, and its source.
func (p *page) decide(field, source, value string) {
	if p.seen == nil || value == "" {
		return
	}
	for i := range *p.seen {
		if c := &(*p.seen)[i]; c.Field == field && c.Source == source && c.Value == value {
			c.Chosen = true
			return
		}
	}
	n := len(*p.seen)
	if p.consider(field, source, value); len(*p.seen) > n {
		(*p.seen)[n].Chosen = true
	}
}

// consider notes candidates for a field.
func (p *page) consider(field, source string, values ...string) {
	if p.seen == nil {
		return
	}
	for _, v := range values {
		c := Candidate{Field: field, Source: source, Value: strings.ToValidUTF8(v[:min(len(v), 300)], "")}
		if v != "" && len(*p.seen) < maxCandidates && !slices.Contains(*p.seen, c) {
			*p.seen = append(*p.seen, c)
		}
	}
}

// chosen marks the candidate that a field was taken from: the first of a source
// with its value, or else the first that holds it. Any source will do for "".
func (p *page) chosen(field, source, value string) {
	if p.seen == nil || value == "" {
		return
	}
	is := []func(c string) bool{
		func(c string) bool { return c == value },
		func(c string) bool { return strings.Contains(c, value) },
	}
	for _, ok := range is {
		for i := range *p.seen {
			if c := &(*p.seen)[i]; c.Field == field && (source == "" || c.Source == source) && ok(c.Value) {
				c.Chosen = true
				return
			}
		}
	}
}

// chosenSource marks all that the source considered last gave for a field.
func (p *page) chosenSource(field string) {
	if p.seen == nil {
		return
	}
	source := ""
	for i := len(*p.seen) - 1; i >= 0; i-- {
		c := &(*p.seen)[i]
		if c.Field != field {
			continue
		}
		if source == "" {
			source = c.Source
		}
		if c.Source == source {
			c.Chosen = true
		}
	}
}
