package main

import (
	"hash/maphash"
	"net/url"
	"strings"
	"sync"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// skimmer collects what skim gives.
type skimmer struct {
	m         *crawlMeter
	base      *url.URL
	title, h1 string
	canonical string
	date      string
	text      strings.Builder // of the paragraphs
	links     []string
}

func (s *skimmer) walk(n *html.Node, prose bool) {
	if n.Type == html.TextNode && prose {
		s.text.WriteString(n.Data)
	}
	if n.Type == html.ElementNode {
		switch n.DataAtom {
		case atom.Title:
			if s.title == "" {
				s.title = textOf(n)
			}
		case atom.H1:
			if s.h1 == "" {
				s.h1 = textOf(n)
			}
		case atom.P:
			prose = true
		case atom.Link:
			if nodeAttr(n, "rel") == "canonical" {
				s.canonical = nodeAttr(n, "href")
			}
		case atom.Meta:
			if nodeAttr(n, "property") == "article:published_time" {
				s.date = nodeAttr(n, "content")
			}
		case atom.A:
			s.link(nodeAttr(n, "href"))
		}
	}
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		s.walk(c, prose)
	}
}

// link makes a link absolute, unless the same words stood on a page of this
// outlet before: menus are on all of them.
func (s *skimmer) link(href string) {
	if href == "" || !s.m.seen.first(s.base.Host, href) {
		return
	}
	if u, err := s.base.Parse(strings.TrimSpace(href)); err == nil {
		s.links = append(s.links, u.String())
	}
}

// hashSet keeps hashes of pairs of strings.
type hashSet struct {
	mu   sync.Mutex
	seed maphash.Seed
	m    map[uint64]struct{}
}

func newHashSet() *hashSet { return &hashSet{seed: maphash.MakeSeed(), m: map[uint64]struct{}{}} }

// first says that the pair was not there, and enters it.
func (h *hashSet) first(a, b string) bool {
	k := maphash.String(h.seed, a)*31 + maphash.String(h.seed, b)
	h.mu.Lock()
	defer h.mu.Unlock()
	if _, ok := h.m[k]; ok {
		return false
	}
	h.m[k] = struct{}{}
	return true
}

func nodeAttr(n *html.Node, name string) string {
	for _, a := range n.Attr {
		if a.Key == name {
			return a.Val
		}
	}
	return ""
}

func textOf(n *html.Node) string {
	var b strings.Builder
	for c := range n.Descendants() {
		if c.Type == html.TextNode {
			b.WriteString(c.Data)
		}
	}
	return b.String()
}
