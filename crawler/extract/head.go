package extract

import (
	"strings"
	"unicode"

	"github.com/PuerkitoBio/goquery"

	"dateline"
)

// top is what stands between a page's headline and its text, and so often
// comes into the text: topic, headline again, byline, date.
type top struct {
	title   string
	authors []string        // squashed
	labels  map[string]bool // squashed
}

// maxTop is how many lines are looked at, maxLabel how long one may be in runes.
const (
	maxTop   = 6
	maxLabel = 100
)

func (p *page) top(a *dateline.Article) *top {
	t := &top{title: squash(a.Title), labels: map[string]bool{}}
	for _, n := range a.Authors {
		if q := squash(n); q != "" {
			t.authors = append(t.authors, q)
		}
	}
	for _, l := range append(append(strings.Split(p.url.Path, "/"), a.Keywords...), a.Section) {
		t.labels[squash(l)] = true
	}
	p.doc.Find(`[class*="kicker"], [class*="overline"], [class*="eyebrow"], [class*="dachzeile"], [class*="topline"], [class*="breadcrumb"] a, [class*="category"], [rel~="category"], [class*="section-"], [class*="-section"]`).EachWithBreak(func(i int, s *goquery.Selection) bool {
		if s.Find("p").Length() == 0 {
			if l := nodeText(s.Nodes[0]); size(l) < 60 {
				t.labels[squash(l)] = true
			}
		}
		return i < 60
	})
	return t
}

// trim drops such lines from the start of a text. The first line that is long
// enough for a sentence ends the search.
func (t *top) trim(text string) string {
	in := strings.Split(text, "\n\n")
	out := in[:0:0]
	for i, l := range in {
		if i >= maxTop || t.ends(l) {
			return strings.Join(append(out, in[i:]...), "\n\n")
		}
		if !t.drop(l) {
			out = append(out, l)
		}
	}
	return strings.Join(out, "\n\n")
}

func (t *top) ends(l string) bool {
	n := size(l)
	return n > maxLabel && (n > maxLabel+size(t.title) || !strings.HasSuffix(squash(l), t.title)) || wide(firstRune(l)) && strings.ContainsAny(l, "。！？")
}

func (t *top) drop(l string) bool {
	q := squash(l)
	if t.title != "" && strings.HasSuffix(q, t.title) {
		return true // the headline, with its topic before it
	}
	if t.labels[q] {
		return true
	}
	_, dated := parseDate(l, true)
	if dated && size(l) < 60 && letters(l) < 25 {
		return true
	}
	for _, a := range t.authors {
		if strings.Contains(q, a) && (dated || q == a || byPrefix.MatchString(l) || gluedBy.MatchString(l)) {
			return true
		}
	}
	return false
}

func letters(s string) int {
	n := 0
	for _, r := range s {
		if unicode.IsLetter(r) {
			n++
		}
	}
	return n
}

// runTogether reports whether one line of a text holds most of the page's
// paragraphs: on short pages the library falls back to the text of the whole
// page without its structure, navigation and topic before the first words.
func runTogether(text, paragraphs string) bool {
	var ps []string
	for _, l := range strings.Split(paragraphs, "\n\n") {
		if size(l) >= 12 && len(ps) < 100 {
			ps = append(ps, squash(l))
		}
	}
	for i, l := range strings.Split(text, "\n\n") {
		if size(l) < 30 || i > 500 {
			continue
		}
		q, n := squash(l), 0
		for _, p := range ps {
			if len(q) > len(p) && strings.Contains(q, p) {
				n++
			}
		}
		if n > 1 && n*5 > len(ps)*3 {
			return true
		}
	}
	return false
}
