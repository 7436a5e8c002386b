package extract

import (
	"regexp"
	"strings"

	xhtml "golang.org/x/net/html"

	"dateline/crawler/extract/internal/body"
)

// standfirstMark names elements for the lines under a headline in the words of
// templates in many languages.
var standfirstMark = regexp.MustCompile(`standfirst|stand-first|[\s_-](?:dek|deck)[\s_-]|sub-?(?:head|title|headline|deck)|subtitulo|sottotitolo|untertitel|undertittel|underrubrik|unterzeile` +
	`|article-?_*(?:lead|lede|intro|summary|teaser|description|excerpt|chapo|synopsis)|(?:^|[\s_-])(?:lead|lede|intro|ingress|manchet|vorspann|chapo|chapeau|entradilla|bajada|volanta|sumario|anons|abstract|synopsis|blurb)(?:$|[\s_-])` +
	`|[\s_-](?:lead|intro|teaser|summary)-?(?:text|paragraph|copy)|(?:post|entry|story|content|header|page|news)-?_*(?:lead|lede|intro|dek|excerpt|summary|standfirst|subtitle)(?:$|[\s_-])| description $|alternativeheadline`)

// notStandfirst is a disclaimer, the credit of a picture, or a date with its zone.
var notStandfirst = regexp.MustCompile(`(?i)^(?:the )?(?:opinions|views) expressed|(?:/\s?|\bvia |©\s?|\bcredit: )(?:getty|afp|ap|reuters|shutterstock|istock|alamy|unsplash|epa|dpa)\b[^.]{0,40}$|\d{4},? (?:GMT|UTC|[A-Z]?[ECMP][SD]?T)$`)

const (
	minStandfirst = 25   // runes; 12 of wide characters
	maxStandfirst = 700  // runes
	nearHeadline  = 12   // blocks after the headline in which a standfirst may be
	sameText      = 0.85 // likeness from which two texts say the same
)

// standfirst is the text between headline and body that sums the article up,
// as the page sets it apart: by the name of its element, or as a heading or
// text in a header that the page's description repeats.
func (p *page) standfirst(title, summary string) string {
	bs := p.blocks()
	at := headlineAt(bs, title)
	if at < 0 {
		return ""
	}
	lead := squash(strings.TrimRight(summary, ".… "))
	for i := at + 1; i < len(bs) && i <= at+nearHeadline; i++ {
		b := bs[i]
		n := size(b.text)
		if b.zone&(zoneFigure|zoneBeside) != 0 || n > maxStandfirst || b.link*2 > len(b.text) || likeness(b.text, title) > sameText || strings.Contains(squash(b.text), squash(title)) {
			continue
		}
		if n < minStandfirst && !(n >= minStandfirst/2 && wide(firstRune(b.text))) {
			continue
		}
		described := summary != "" && (likeness(b.text, summary) >= sameText || lead != "" && strings.HasPrefix(squash(b.text), lead))
		switch {
		case p.named(b.in, standfirstMark) && !bodyLike(b.in, bs, i):
		case b.zone&zoneHeading != 0 && b.in.Data != "h1" && (described || i == at+1 && b.zone&zoneHeader != 0 && sentence(b.text)):
		case described && b.zone&zoneHeader != 0:
		case described && !bodyLike(b.in, bs, i):
		default:
			if n > 200 && b.zone&zoneHeading == 0 { // the body has begun
				return ""
			}
			continue
		}
		if _, dated := parseDate(b.text, true); dated && n < 80 && !sentence(b.text) || byLine.MatchString(b.text) || body.Boilerplate(b.text) ||
			notStandfirst.MatchString(b.text) || !sentence(b.text) && likeness(b.text, title) > 0.6 {
			continue
		}
		// A standfirst of several paragraphs or lines lies in one element.
		out := b.text
		for j := i + 1; j < len(bs) && j <= i+3 && bs[j].in.Parent == b.in.Parent && b.in.Data != "p" && bs[j].in == b.in; j++ {
			out += " " + bs[j].text
		}
		if size(out) > maxStandfirst {
			return b.text
		}
		return out
	}
	return ""
}

// headlineAt is the block of the headline; -1 if it is not on the page.
func headlineAt(bs []block, title string) int {
	if title == "" {
		return -1
	}
	want, best, at := squash(title), 0.0, -1
	for i, b := range bs {
		if b.zone&zoneHeading == 0 || len(b.text) > 4*len(title)+100 {
			continue
		}
		score := likeness(b.text, title)
		if squash(b.text) == want {
			score = 1
		}
		if b.in.Data == "h1" {
			score += 0.1
		}
		if score > best {
			best, at = score, i
		}
		if best > 1 {
			break
		}
	}
	if best < 0.7 {
		return -1
	}
	return at
}

// named reports whether an element, or one of the two around it that hold
// little else, is named so.
func (p *page) named(n *xhtml.Node, name *regexp.Regexp) bool {
	for range 3 {
		if n == nil || n.Type != xhtml.ElementNode || n.Data == "body" || n.Data == "article" || n.Data == "main" {
			return false
		}
		if name.MatchString(templateNames(n)) {
			return true
		}
		n = n.Parent
	}
	return false
}

// bodyLike reports whether a block is one of several paragraphs of a text: its
// element's siblings are paragraphs of the same name.
func bodyLike(n *xhtml.Node, bs []block, i int) bool {
	if n.Data != "p" {
		return false
	}
	more := 0
	for j := max(0, i-4); j < len(bs) && j <= i+4; j++ {
		if o := bs[j]; j != i && o.in.Data == "p" && o.in.Parent == n.Parent && size(o.text) > 60 && attr(o.in, "class") == attr(n, "class") {
			more++
		}
	}
	return more > 1
}

// sentence reports whether a text reads as one and not as a label.
func sentence(s string) bool {
	if wide(firstRune(s)) {
		return size(s) >= 25 && strings.ContainsAny(s, "。，、！？")
	}
	return len(strings.Fields(s)) >= 9
}
