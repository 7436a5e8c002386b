package extract

import (
	"regexp"
	"strings"
	"time"

	xhtml "golang.org/x/net/html"

	"dateline"
	"dateline/crawler/extract/internal/body"
)

// hourRE is an hour as live blogs write it.
var hourRE = regexp.MustCompile(`\b\d{1,2}[:.h時시点點]\s?\d\d`)

const (
	maxUpdates    = 500
	minUpdates    = 2     // of JSON-LD; of markup one more, since it proves less
	maxUpdateText = 20000 // bytes
	maxLiveBody   = 1 << 20
)

// updates are the entries of a live blog in the order of the page: those of
// the page's markup, which has their paragraphs, else those of JSON-LD.
func (p *page) updates(kind string) []dateline.Update {
	if kind != "live" {
		return nil
	}
	linked := p.linkedUpdates()
	marked := p.markedUpdates()
	if len(marked) > minUpdates && len(marked)*2 >= len(linked) {
		return dated(marked, linked)
	}
	if len(linked) >= minUpdates {
		return linked
	}
	return nil
}

// dated gives the times and titles of JSON-LD to entries of the markup that
// say the same and have none.
func dated(marked, linked []dateline.Update) []dateline.Update {
	byTitle := map[string]dateline.Update{}
	byStart := map[string]dateline.Update{}
	for _, u := range linked {
		byTitle[squash(u.Title)] = u
		byStart[startOf(u.Text)] = u
	}
	delete(byTitle, "")
	delete(byStart, "")
	for i := range marked {
		u := &marked[i]
		l, ok := byTitle[squash(u.Title)]
		if !ok {
			l, ok = byStart[startOf(u.Text)]
		}
		if !ok {
			continue
		}
		if !l.Time.IsZero() { // of markup often only the hour is written
			u.Time = l.Time
		}
		if u.Title == "" && l.Title != "" && !strings.HasPrefix(squash(u.Text), squash(l.Title)) {
			u.Title = l.Title
		}
	}
	return marked
}

func startOf(text string) string {
	q := squash(text[:min(len(text), 200)])
	return q[:min(len(q), 60)]
}

// linkedUpdates are those of JSON-LD.
func (p *page) linkedUpdates() []dateline.Update {
	list, ok := p.ld.article["liveBlogUpdate"].([]any)
	if !ok {
		list = []any{p.ld.article["liveBlogUpdate"]}
	}
	var out []dateline.Update
	for _, v := range list {
		m, ok := v.(map[string]any)
		if !ok || len(out) >= maxUpdates {
			continue
		}
		u := dateline.Update{Title: ldText(first(m["headline"], m["name"])), Time: p.updateTime(ldText(first(m["datePublished"], m["dateCreated"], m["dateModified"])))}
		if s, ok := m["articleBody"].(string); ok {
			u.Text = body.Lines(s)
		}
		if u.Text == "" {
			u.Text = ldText(m["description"])
		}
		if u = tidyUpdate(u); u.Text != "" || u.Title != "" {
			out = append(out, u)
		}
	}
	return out
}

func tidyUpdate(u dateline.Update) dateline.Update {
	if len(u.Text) > maxUpdateText {
		u.Text = excerptLines(u.Text, maxUpdateText)
	}
	if len(u.Title) > 500 {
		u.Title = ""
	}
	if q := squash(u.Title); q != "" {
		head, rest, _ := strings.Cut(u.Text, "\n\n")
		if squash(head) == q { // the title again
			u.Text = rest
		}
	}
	return u
}

// excerptLines are the first paragraphs of a text, up to n bytes.
func excerptLines(s string, n int) string {
	if i := strings.LastIndex(s[:n], "\n\n"); i > 0 {
		return s[:i]
	}
	return strings.ToValidUTF8(s[:n], "")
}

// updateTime reads the time of an entry; zero if it has none or one to come.
func (p *page) updateTime(s string) time.Time {
	d, ok := p.parse(s)
	if !ok || d.t.After(p.now.Add(24*time.Hour)) {
		return time.Time{}
	}
	return d.t.UTC().Truncate(time.Second)
}

// markedUpdates are the children of the element that has most of the text in
// children of one kind with a time each.
func (p *page) markedUpdates() []dateline.Update {
	parents := map[*xhtml.Node]int{} // by the entries that each may hold
	var order []*xhtml.Node
	p.eachTime(func(n *xhtml.Node) {
		for c, i := n, 0; c.Parent != nil && i < 8; c, i = c.Parent, i+1 {
			if c.Type != xhtml.ElementNode || c.Data == "body" || c.Data == "main" {
				return
			}
			if parents[c.Parent] == 0 {
				order = append(order, c.Parent)
			}
			parents[c.Parent]++
		}
	})
	var best *xhtml.Node
	bestSize := 0
	for i, parent := range order {
		if parents[parent] <= minUpdates || i > 3000 {
			continue
		}
		n, total := 0, 0
		eachEntry(parent, func(c *xhtml.Node) {
			if s := textSize(c); s >= 60 {
				n++
				total += s
			}
		})
		if n > minUpdates && total > bestSize {
			best, bestSize = parent, total
		}
	}
	if best == nil {
		return nil
	}
	var out []dateline.Update
	eachEntry(best, func(c *xhtml.Node) {
		if len(out) < maxUpdates {
			if u := p.entry(c); u.Text != "" || u.Title != "" {
				out = append(out, u)
			}
		}
	})
	return out
}

// eachEntry calls fn with the children of an element that have a time, if the
// most of them are of one kind.
func eachEntry(parent *xhtml.Node, fn func(c *xhtml.Node)) {
	kinds := map[string]int{}
	kind := ""
	for c := parent.FirstChild; c != nil; c = c.NextSibling {
		if c.Type == xhtml.ElementNode && timeIn(c) != nil {
			if kinds[c.Data]++; kinds[c.Data] > kinds[kind] {
				kind = c.Data
			}
		}
	}
	for c := parent.FirstChild; c != nil; c = c.NextSibling {
		if c.Type == xhtml.ElementNode && c.Data == kind && timeIn(c) != nil {
			fn(c)
		}
	}
}

// eachTime calls fn with the page's time elements outside of menus and asides.
func (p *page) eachTime(fn func(n *xhtml.Node)) {
	n := 0
	walk(p.root, func(c *xhtml.Node) bool {
		if c.Type != xhtml.ElementNode {
			return c.Type == xhtml.DocumentNode
		}
		switch c.Data {
		case "nav", "footer", "aside", "script", "style", "head":
			return false
		}
		if isTime(c) && n < 2*maxUpdates {
			n++
			fn(c)
		}
		return true
	})
}

// isTime reports whether an element tells a time: as <time>, or by the name of
// a leaf with digits in it.
func isTime(n *xhtml.Node) bool {
	if n.Data == "time" {
		return true
	}
	if n.Data != "span" && n.Data != "div" && n.Data != "p" {
		return false
	}
	f := n.FirstChild
	if f == nil || f.NextSibling != nil || f.Type != xhtml.TextNode || len(f.Data) > 60 || !hourRE.MatchString(f.Data) {
		return false
	}
	m := templateNames(n)
	return strings.Contains(m, "time") || strings.Contains(m, "date") || strings.Contains(m, "uhr") || strings.Contains(m, "hour") || strings.Contains(m, "stamp")
}

// timeIn is the first time element in an entry.
func timeIn(n *xhtml.Node) *xhtml.Node {
	var found *xhtml.Node
	seen := 0
	walk(n, func(c *xhtml.Node) bool {
		if seen++; found != nil || seen > 2000 {
			return false
		}
		if c.Type == xhtml.ElementNode && isTime(c) {
			found = c
		}
		return found == nil
	})
	return found
}

// entry reads one entry of the markup.
func (p *page) entry(n *xhtml.Node) dateline.Update {
	var u dateline.Update
	t := timeIn(n)
	if t == nil {
		return u
	}
	for _, s := range []string{attr(t, "datetime"), attr(t, "data-time"), attr(t, "data-timestamp"), attr(t, "title"), attr(t, "content"), nodeText(t)} {
		if u.Time = p.updateTime(s); !u.Time.IsZero() {
			break
		}
	}
	var text []string
	when := squash(nodeText(t))
	for _, b := range blocksOf(n) {
		switch {
		case b.zone&(zoneFigure|zoneBeside) != 0, when != "" && size(b.text) < 80 && strings.Contains(squash(b.text), when), size(b.text) < 60 && hourRE.MatchString(b.text) && letters(b.text) < 20, b.link*2 > len(b.text) && size(b.text) < 80,
			size(b.text) < 320 && body.Boilerplate(b.text):
		case b.zone&zoneHeading != 0 && u.Title == "" && len(text) == 0:
			u.Title = b.text
		default:
			if _, isDate := parseDate(b.text, true); isDate && size(b.text) < 40 {
				continue
			}
			text = append(text, b.text)
		}
	}
	u.Text = strings.Join(text, "\n\n")
	return tidyUpdate(u)
}

// withUpdates makes the body of a live blog: what it has before the first
// entry, then the entries in order, a passage each.
func withUpdates(a *dateline.Article) {
	if len(a.Updates) == 0 {
		return
	}
	known := map[string]bool{}
	for _, u := range a.Updates {
		known[squash(u.Title)] = true
		for l := range strings.SplitSeq(u.Text, "\n\n") {
			known[squash(l)] = true
		}
	}
	var b strings.Builder
	for l := range strings.SplitSeq(a.Body, "\n\n") {
		if l != "" && known[squash(l)] {
			break // the entries have begun
		}
		passage(&b, l)
	}
	for i := range a.Updates {
		u := &a.Updates[i]
		if b.Len()+len(u.Title)+len(u.Text) > maxLiveBody {
			a.Updates = a.Updates[:i]
			break
		}
		if b.Len() > 0 {
			b.WriteString("\n\n")
		}
		u.Start = b.Len()
		b.WriteString(u.Title)
		if u.Title != "" && u.Text != "" {
			b.WriteString("\n\n")
		}
		b.WriteString(u.Text)
		u.End = b.Len()
	}
	a.Body = b.String()
}

func passage(b *strings.Builder, s string) {
	if s == "" {
		return
	}
	if b.Len() > 0 {
		b.WriteString("\n\n")
	}
	b.WriteString(s)
}
