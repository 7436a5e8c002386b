package extract

import (
	"strings"
	"time"

	"github.com/PuerkitoBio/goquery"
	xhtml "golang.org/x/net/html"
)

// maxZone is how far a zone's clock may be from UTC.
const maxZone = 14 * time.Hour

// shown are the elements in which pages show their date to readers.
const shown = `time, [class*="publish"], [class*="date"], [class*="Date"], [class*="time"], [class*="byline"], [id*="publish"], [id*="date"]`

// local gives a date that metadata states in UTC in the outlet's own zone,
// where the page shows which: the day that readers were told is often another.
// A clock that differs by a whole number of quarter hours tells the zone; a
// day alone tells only the day. The instant stays the same or is left out.
func (p *page) local(w written) written {
	if _, off := w.t.Zone(); off != 0 || !w.hasTime {
		return w
	}
	out, found := w, false
	var days []written
	see := func(s string, shown bool) {
		if found {
			return
		}
		o, ok := p.parse(s)
		if !ok {
			return
		}
		if !o.hasTime {
			if shown {
				days = append(days, o)
			}
			return
		}
		if _, off := o.t.Zone(); off != 0 {
			if d := o.t.Sub(w.t); d.Abs() < 2*time.Minute {
				out, found = written{w.t.In(o.t.Location()), true}, true
			}
			return
		}
		d := o.t.Sub(w.t.Truncate(time.Minute))
		zone := d.Round(15 * time.Minute)
		if d.Abs() <= maxZone && (d-zone).Abs() < 2*time.Minute {
			if zone != 0 {
				out, found = written{w.t.In(time.FixedZone("", int(zone.Seconds()))), true}, true
			} else if shown { // readers are told UTC
				found = true
			}
		}
	}
	for _, name := range publishedMetas {
		for _, v := range p.meta[name] {
			see(v, false)
		}
	}
	p.doc.Find(shown).EachWithBreak(func(i int, s *goquery.Selection) bool {
		if beside(s) {
			return i < 80
		}
		if v, ok := s.Attr("datetime"); ok {
			see(v, false)
		}
		if t := nodeText(s.Nodes[0]); len(t) < 120 {
			see(t, true)
		}
		return !found && i < 80
	})
	if found {
		return out
	}
	if u, ok := p.urlDate(); ok {
		days = append([]written{u}, days...)
	}
	for _, d := range days {
		// The whole of that day, in some zone, must be able to hold the instant.
		first, last := d.t.Add(-maxZone), d.t.Add(36*time.Hour)
		if d.t.Format(time.DateOnly) == w.t.Format(time.DateOnly) {
			return w
		}
		if w.t.After(first) && w.t.Before(last) {
			return d
		}
	}
	return w
}

// urlDate is the date in the page's address.
func (p *page) urlDate() (written, bool) {
	for _, u := range []string{p.url.Path, p.canonical()} {
		for _, m := range urlDate.FindAllStringSubmatch(u, 5) {
			if w, ok := p.dateOf(m); ok {
				return w, true
			}
		}
		for _, m := range urlPacked.FindAllStringSubmatch(u, 5) {
			if w, ok := p.dateOf(m); ok {
				return w, true
			}
		}
	}
	return written{}, false
}

// dateOf makes a date of a match's year, month and day.
func (p *page) dateOf(m []string) (written, bool) {
	mn := num(m[2])
	if mn == 0 {
		mn = int(months[strings.ToLower(m[2])])
	}
	t, ok := day(num(m[1]), mn, num(m[3]))
	return written{t: t}, ok && p.plausible(written{t: t})
}

// dateNear looks for a date in the short texts after the first heading, the
// last resort.
func (p *page) dateNear() (written, bool) {
	h := p.doc.Find("h1, h2").First()
	if h.Length() == 0 {
		return written{}, false
	}
	seen, after := 0, false
	var found written
	ok := false
	walk(p.root, func(n *xhtml.Node) bool {
		if n == h.Nodes[0] {
			after = true
		}
		if ok || seen > 60 {
			return false
		}
		if n.Type == xhtml.ElementNode {
			switch n.Data {
			case "script", "style", "noscript", "template", "aside", "footer", "nav":
				return false
			}
		}
		if after && n.Type == xhtml.TextNode {
			if t := clean(n.Data); t != "" {
				seen++
				if len(t) < 90 && !strings.ContainsAny(t, "©") {
					found, ok = p.parse(t)
				}
			}
		}
		return true
	})
	return found, ok
}
