package extract

import (
	"regexp"
	"strings"

	xhtml "golang.org/x/net/html"
)

// formatting tags are left in titles by careless templates; anything else in
// angle brackets is text.
var formatting = regexp.MustCompile(`(?i)</?(?:b|i|em|strong|span|sup|sub|br|p|a)(?:\s[^<>]{0,300})?/?>`)

func (p *page) title(outlet string) string {
	t, source := p.pickTitle(outlet)
	p.chosen("title", source, t)
	return t
}

func (p *page) pickTitle(outlet string) (title, source string) {
	host := p.url.Hostname()
	doc := p.pageTitle()
	og := p.firstMeta("og:title", "twitter:title", "sailthru.title", "parsely-title", "dc.title")
	refs := []string{og, p.ld.headline, doc}
	for i, r := range refs {
		p.consider("title", titleSources[i], r)
		refs[i] = trimSite(trimSite(r, outlet, host), p.firstMeta("og:site_name"), host)
	}
	best, bestScore, firstH1, searchTitle := "", 0.0, "", ""
	for i, h := range p.scan.headings {
		t := withoutKicker(h.n)
		if t == "" || len(t) > 600 {
			continue
		}
		if trail(h.n) {
			p.consider("title", "h1 in a breadcrumb", t)
			searchTitle = t
			continue
		}
		if firstH1 == "" && !siteLike(t, outlet, host) {
			firstH1 = t
		}
		score := 0.0
		for _, r := range refs {
			score = max(score, likeness(t, r))
		}
		if h.in&inArticle != 0 {
			score += 0.03
		}
		if siteLike(t, outlet, host) && len(words(t)) < 5 {
			score -= 0.5
		}
		p.weigh("title", "h1", t, score)
		if score > bestScore {
			best, bestScore = t, score
			p.headline = &p.scan.headings[i]
		}
	}
	which := 1
	// A headline that only repeats the crumb's was written for search engines too.
	if searchTitle != "" && refs[0] != "" && squash(refs[1]) == squash(searchTitle) {
		which = 0
	}
	if r := refs[which]; refs[0] != "" && (r == "" || strings.HasSuffix(r, "...") || strings.HasSuffix(r, "…")) {
		which = 0
	}
	if refs[which] == "" {
		which = 2
	}
	ref := refs[which]
	switch {
	case best != "" && bestScore >= 0.4:
		if t := afterKicker(best, refs[0]); t != best {
			return t, titleSources[0]
		}
		return best, "h1"
	case ref == "", siteLike(ref, outlet, host) && firstH1 != "":
		return firstH1, "h1"
	default:
		return clean(formatting.ReplaceAllString(ref, "")), titleSources[which]
	}
}

var titleSources = []string{"meta", "json-ld", "title element"}

// kickerClass names the parts of a headline that are not the headline: the
// section or topic above it and separators that only screen readers see.
var kickerClass = regexp.MustCompile(`(?i)(?:over-?line|kicker|dachzeile|eyebrow|topline|spitzmarke|prefix|(?:^|[\s_-])(?:section|category|rubrik|label|tag|colon|sr-only|visually-hidden|offscreen)(?:$|[\s_-]))`)

// withoutKicker is the text of a headline element without kicker elements in
// it, or its whole text if there is no other.
func withoutKicker(h *xhtml.Node) string {
	whole := nodeText(h)
	var parts []string
	found := false
	walk(h, func(n *xhtml.Node) bool {
		switch {
		case n == h:
		case n.Type == xhtml.TextNode:
			parts = append(parts, n.Data)
		case n.Type == xhtml.ElementNode:
			for _, a := range n.Attr {
				if (a.Key == "class" || a.Key == "data-qa" || a.Key == "data-testid") && kickerClass.MatchString(a.Val) {
					found = true
					return false
				}
			}
			switch n.Data {
			case "script", "style", "noscript", "template", "svg", "iframe", "button":
				return false
			case "br", "p", "div":
				parts = append(parts, " ")
			}
		}
		return true
	})
	t := strings.Trim(clean(strings.Join(parts, "")), " |:/")
	if !found || t == "" {
		return whole
	}
	return t
}

// trail reports whether a heading is the last crumb of a breadcrumb trail:
// such a title is written for search engines, the headline stands elsewhere.
func trail(n *xhtml.Node) bool {
	is := func(n *xhtml.Node) bool {
		for _, a := range n.Attr {
			k, v := strings.ToLower(a.Key), strings.ToLower(a.Val)
			if strings.Contains(k, "breadcrumb") || (k == "class" || k == "id") && (strings.Contains(v, "breadcrumb") || strings.Contains(v, "seotitle") || strings.Contains(v, "seo-title")) {
				return true
			}
		}
		return false
	}
	return is(n) || n.Parent != nil && is(n.Parent)
}

var kickerEnd = regexp.MustCompile(`(?:[:|/]|\s[–—-])\s*$`)

// afterKicker drops a topic put before the headline ("Election: Who won") when
// the page's title for sharing is the headline alone. What is longer than the
// headline is no topic.
func afterKicker(h1, shared string) string {
	cut := len(h1) - len(shared)
	if cut > 0 && cut <= len(shared) && size(shared) >= 15 && h1[cut:] == shared && kickerEnd.MatchString(h1[:cut]) {
		return shared
	}
	return h1
}
