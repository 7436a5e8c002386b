package extract

import (
	"regexp"
	"strings"
	"time"
)

var (
	urlDate   = regexp.MustCompile(`(?i)[/_.-]((?:19|20)\d\d)[/_.-](\d{1,2}|jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[/_.-](\d{1,2})(?:[^0-9]|$)`)
	urlPacked = regexp.MustCompile(`(?:^|\D)((?:19|20)\d\d)(\d\d)(\d\d)(?:\D|$)`)
)

// parseDate reads a date on a page of no known language.
func parseDate(s string, monthFirst bool) (written, bool) {
	return dateReader{monthFirst: monthFirst}.read(s)
}

// plausible reports whether an article can bear this date.
func (p *page) plausible(w written) bool {
	return w.t.Year() >= 1990 && w.t.Before(p.now.Add(24*time.Hour))
}

// parse reads a date that this page may bear.
func (p *page) parse(s string) (written, bool) {
	w, ok := p.reader.read(s)
	if !ok {
		return w, false
	}
	w = inCountry(w, p.zone)
	return w, p.plausible(w)
}

// htmlLang is the language that the page says it is in, as written.
func (p *page) htmlLang() string {
	if len(p.scan.langs) > 0 {
		return p.scan.langs[0]
	}
	return p.firstMeta("og:locale")
}

// monthFirst: 3/4/2019 is 4 March on American pages and 3 April elsewhere.
func (p *page) monthFirst() bool {
	l := p.htmlLang()
	l = strings.ToLower(strings.ReplaceAll(l, "_", "-"))
	h := p.url.Hostname()
	return (l == "" || l == "en" || l == "en-us") && !strings.HasSuffix(h, ".uk") && !strings.HasSuffix(h, ".au") && !strings.HasSuffix(h, ".in")
}

var publishedMetas = []string{
	"article:published_time", "article:published", "og:article:published_time", "og:published_time", "datepublished", "parsely-pub-date", "dc.date.issued", "dcterms.created", "dc.date", "dcterms.date",
	"dc.date.created", "sailthru.date", "pubdate", "publishdate", "publish-date", "publish_date", "publication_date", "publicationdate", "article.published", "article_date_original", "date", "cxenseparse:recs:publishtime",
	"og:pubdate", "published", "originalpublicationdate", "displaydate", "ptime", "weibo: article:create_at", "article:create_at", "dcterms.issued", "last-modified-date-original",
}

// stated is a date of publication as one source states it.
type stated struct {
	w      written
	source string  // as in dateline.Article
	from   string  // where exactly, for Explain
	points float64 // of a date that readers are shown
}

// published gives the date of publication, the same as written on the page,
// its source and how sure it is.
func (p *page) published() (at time.Time, raw, source string, sure int) {
	best, sure, ok := p.pickDate()
	if !ok {
		return time.Time{}, "", "", 0
	}
	raw = p.local(best.w).raw()
	if raw != best.w.raw() {
		p.consider("published", "day or zone shown", raw)
	}
	p.decide("published", best.from, best.w.raw())
	return best.w.t.UTC().Truncate(time.Second), raw, best.source, sure
}

// How sure dates are: how many percent of days were right on pages with a known
// date, of sources that agree, of one alone, of several that do not agree, of
// addresses, of dates shown in a good place and of the others.
const (
	sureAgreed   = 98
	sureAlone    = 95
	sureDisputed = 90
	sureURL      = 93
	sureShown    = 94
	sureSomehow  = 75

	goodPlace = 4 // points
)

// pickDate weighs what metadata states against what readers are shown.
func (p *page) pickDate() (best stated, sure int, ok bool) {
	machine := p.machineDates()
	switch {
	case len(machine) > 0 && disputed(machine):
		shown, found := p.shownDate()
		return p.outvoted(machine, shown, found), sureDisputed, true
	case len(machine) > 0:
		if p.seen != nil {
			p.shownDate() // cannot change it, but whoever asks wants to see
		}
		if len(machine) > 1 {
			return machine[0], sureAgreed, true
		}
		return machine[0], sureAlone, true
	}
	shown, found := p.shownDate()
	sure = sureSomehow
	if shown.points >= goodPlace {
		sure = sureShown
	}
	if u, ok := p.urlDate(); ok && (!found || shown.points < urlPoints || sameDay(u, shown.w)) {
		if found && sameDay(u, shown.w) {
			return shown, sureAgreed, true // and the time of day
		}
		return stated{u, "url", "address", 0}, sureURL, true
	}
	return shown, sure, found
}

// machineDates are the dates of publication that metadata states, the best
// source first, each source once.
func (p *page) machineDates() []stated {
	var out []stated
	p.consider("published", "json-ld as written", p.ld.published)
	if w, ok := p.parse(p.ld.published); ok {
		out = append(out, stated{w, "json-ld", "json-ld", 0})
	}
	for _, name := range publishedMetas {
		for _, v := range p.meta[name] {
			p.consider("published", "meta "+name, v)
			if w, ok := p.parse(v); ok {
				out = append(out, stated{w, "meta", "meta " + name, 0})
				break
			}
		}
	}
	return out
}

// outvoted is the first of the dates that metadata states, unless another is
// stated too, is what readers are shown, and nobody says the same as the first:
// a template that gives JSON-LD the date of a draft or of an earlier version.
func (p *page) outvoted(machine []stated, shown stated, found bool) stated {
	first := machine[0]
	if !found || near(shown.w, first.w) {
		return first
	}
	for _, m := range machine[1:] {
		if sameDay(m.w, shown.w) {
			return m
		}
	}
	return first
}

// disputed: there are other dates, and nobody says the same as the first.
func disputed(machine []stated) bool {
	for _, m := range machine[1:] {
		if near(m.w, machine[0].w) {
			return false
		}
	}
	return len(machine) > 1
}

// near: two dates that name one time, the zone of one mistaken perhaps, or one
// day as written.
func near(a, b written) bool {
	d := a.t.Sub(b.t).Abs()
	return sameDay(a, b) || d < 15*time.Hour && (d%(30*time.Minute) < 2*time.Minute || d%(30*time.Minute) > 28*time.Minute)
}

func sameDay(a, b written) bool {
	return a.t.Format(time.DateOnly) == b.t.Format(time.DateOnly)
}

func (p *page) modified() time.Time {
	vs := []string{p.ld.modified}
	for _, k := range []string{"article:modified_time", "og:updated_time", "datemodified", "dcterms.modified", "lastmod", "last-modified"} {
		vs = append(vs, p.meta[k]...)
	}
	for _, v := range vs {
		if w, ok := p.parse(v); ok {
			return w.t.UTC().Truncate(time.Second)
		}
	}
	return time.Time{}
}
