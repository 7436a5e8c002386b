package extract

import (
	"regexp"
	"strconv"
	"strings"
	"time"

	"github.com/PuerkitoBio/goquery"
)

var (
	isoDate   = regexp.MustCompile(`(?:^|[^0-9])((?:19|20)\d\d)[-/.](\d{1,2})[-/.](\d{1,2})(?:[^0-9]|$)`)
	cjkDate   = regexp.MustCompile(`((?:19|20)\d\d)\s*[年년]\s*(\d{1,2})\s*[月월]\s*(\d{1,2})\s*[日일]`)
	compact   = regexp.MustCompile(`^((?:19|20)\d\d)(\d\d)(\d\d)(?:T?(\d\d)(\d\d)(\d\d)?)?(Z|[+-]\d\d:?\d\d)?$`)
	dayMonth  = regexp.MustCompile(`(?i)(\d{1,2})(?:st|nd|rd|th|er|\.|º)?[\s-]+(?:de\s+|di\s+)?(\p{L}{3,12})\.?,?[\s-]+(?:de\s+|del\s+)?((?:19|20)\d\d)`)
	monthDay  = regexp.MustCompile(`(?i)(\p{L}{3,12})\.?\s+(\d{1,2})(?:st|nd|rd|th)?,?\s+((?:19|20)\d\d)`)
	dotDate   = regexp.MustCompile(`(?:^|\D)(\d{1,2})\.\s?(\d{1,2})\.\s?((?:19|20)\d\d)(?:\D|$)`)
	slashDate = regexp.MustCompile(`(?:^|\D)(\d{1,2})[/-](\d{1,2})[/-]((?:19|20)\d\d)(?:\D|$)`)
	clock     = regexp.MustCompile(`(?i)(?:^|[^\d:])(\d{1,2})[:h時时](\d\d)(?:[:分](\d\d)(?:[.,]\d+)?)?\s*([ap]\.?m\b\.?)?\s*(Z\b|UTC|GMT|[+-]\d\d:?\d\d|[+-]\d\d\b|[A-Z]{3,4}\b)?`)
	urlDate   = regexp.MustCompile(`(?i)[/_.-]((?:19|20)\d\d)[/_.-](\d{1,2}|jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[/_.-](\d{1,2})(?:[^0-9]|$)`)
	urlPacked = regexp.MustCompile(`(?:^|\D)((?:19|20)\d\d)(\d\d)(\d\d)(?:\D|$)`)
)

var zones = map[string]int{
	"Z": 0, "UTC": 0, "GMT": 0, "WET": 0, "EST": -5 * 60, "EDT": -4 * 60, "CST": -6 * 60, "CDT": -5 * 60, "MST": -7 * 60, "MDT": -6 * 60,
	"PST": -8 * 60, "PDT": -7 * 60, "CET": 60, "MEZ": 60, "CEST": 120, "MESZ": 120, "BST": 60, "EET": 120, "EEST": 180, "MSK": 180,
	"IST": 330, "JST": 540, "KST": 540, "HKT": 480, "SGT": 480, "AEST": 600, "AEDT": 660,
}

var months = func() map[string]time.Month {
	m := map[string]time.Month{}
	for _, line := range []string{
		"january february march april may june july august september october november december",
		"januar februar märz april mai juni juli august september oktober november dezember",
		"janvier février mars avril mai juin juillet août septembre octobre novembre décembre",
		"enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre",
		"gennaio febbraio marzo aprile maggio giugno luglio agosto settembre ottobre novembre dicembre",
		"janeiro fevereiro março abril maio junho julho agosto setembro outubro novembro dezembro",
		"januari februari maart april mei juni juli augustus september oktober november december",
		"января февраля марта апреля мая июня июля августа сентября октября ноября декабря",
		"stycznia lutego marca kwietnia maja czerwca lipca sierpnia września października listopada grudnia",
		"ledna února března dubna května června července srpna září října listopadu prosince",
		"ocak şubat mart nisan mayıs haziran temmuz ağustos eylül ekim kasım aralık",
		"januari februari maret april mei juni juli agustus september oktober november desember",
		"januari februari mars april maj juni juli augusti september oktober november december",
		"januar februar marts april maj juni juli august september oktober november desember",
		"tammikuuta helmikuuta maaliskuuta huhtikuuta toukokuuta kesäkuuta heinäkuuta elokuuta syyskuuta lokakuuta marraskuuta joulukuuta",
		"ianuarie februarie martie aprilie mai iunie iulie august septembrie octombrie noiembrie decembrie",
		"січня лютого березня квітня травня червня липня серпня вересня жовтня листопада грудня",
		"ιανουαρίου φεβρουαρίου μαρτίου απριλίου μαΐου ιουνίου ιουλίου αυγούστου σεπτεμβρίου οκτωβρίου νοεμβρίου δεκεμβρίου",
		"يناير فبراير مارس أبريل مايو يونيو يوليو أغسطس سبتمبر أكتوبر نوفمبر ديسمبر",
		"jan feb mar apr may jun jul aug sep oct nov dec",
		"jän feb mrz apr mai jun jul aug sept okt nov dez",
		"ene fev mar abr mag giu lug ago set ott nov dic",
		"janv févr mars avr mai juin juil août sept out nov déc",
	} {
		for i, w := range strings.Fields(line) {
			if _, ok := m[w]; !ok {
				m[w] = time.Month(i + 1)
			}
		}
	}
	return m
}()

// written is a date as a page writes it.
type written struct {
	t       time.Time // in the zone as written, UTC if none
	hasTime bool
}

func (w written) raw() string {
	if w.hasTime {
		return w.t.Format(time.RFC3339)
	}
	return w.t.Format(time.DateOnly)
}

func day(y, m, d int) (time.Time, bool) {
	if m < 1 || m > 12 || d < 1 || d > 31 {
		return time.Time{}, false
	}
	t := time.Date(y, time.Month(m), d, 0, 0, 0, 0, time.UTC)
	return t, t.Day() == d
}

func num(s string) int { n, _ := strconv.Atoi(s); return n }

// parseDate reads a date in the layouts that news pages use.
func parseDate(s string, monthFirst bool) (written, bool) {
	s = clean(s)
	if s == "" || len(s) > 300 {
		return written{}, false
	}
	if m := compact.FindStringSubmatch(s); m != nil {
		if t, ok := day(num(m[1]), num(m[2]), num(m[3])); ok {
			if m[4] == "" {
				return written{t: t}, true
			}
			return withClock(t, num(m[4]), num(m[5]), num(m[6]), m[7]), true
		}
	}
	if n, err := strconv.ParseInt(s, 10, 64); err == nil {
		if len(s) == 13 {
			n /= 1000
		} else if len(s) != 10 {
			return written{}, false
		}
		return written{time.Unix(n, 0).UTC(), true}, true
	}
	if t, err := time.Parse(time.RFC3339, s); err == nil {
		return written{t.Truncate(time.Second), true}, true
	}
	var t time.Time
	var ok bool
	rest := ""
	try := func(re *regexp.Regexp, y, mo, d int, name bool) {
		if ok {
			return
		}
		ix := re.FindStringSubmatchIndex(s)
		if ix == nil {
			return
		}
		g := func(i int) string { return s[ix[2*i]:ix[2*i+1]] }
		mn := 0
		if name {
			mn = int(months[strings.ToLower(g(mo))])
			if w := strings.ToLower(g(mo)); mn == 0 {
				for i := len(w); i > 0 && mn == 0; i-- { // "Sept." and other cuts
					if i >= 3 {
						mn = int(months[w[:i]])
					}
				}
			}
		} else {
			mn = num(g(mo))
		}
		dn := num(g(d))
		if re == slashDate && (mn > 12 || monthFirst && dn <= 12) {
			mn, dn = dn, mn
		}
		if t, ok = day(num(g(y)), mn, dn); ok {
			rest = s[:ix[2]] + " " + s[max(ix[3], ix[5], ix[7]):]
			if re == isoDate || re == cjkDate {
				rest = s[ix[7]:]
			}
		}
	}
	try(isoDate, 1, 2, 3, false)
	try(cjkDate, 1, 2, 3, false)
	try(dayMonth, 3, 2, 1, true)
	try(monthDay, 3, 1, 2, true)
	try(dotDate, 3, 2, 1, false)
	try(slashDate, 3, 2, 1, false)
	if !ok {
		if ct, err := time.Parse("Mon Jan _2 15:04:05 MST 2006", s); err == nil {
			return withClock(time.Date(ct.Year(), ct.Month(), ct.Day(), 0, 0, 0, 0, time.UTC), ct.Hour(), ct.Minute(), ct.Second(), ct.Location().String()), true
		}
		return written{}, false
	}
	if c := clock.FindStringSubmatch(strings.TrimLeft(rest, "T日, ")); c != nil {
		h := num(c[1])
		if ap := strings.ToLower(c[4]); ap != "" {
			if h == 12 {
				h = 0
			}
			if ap[0] == 'p' {
				h += 12
			}
		}
		if h < 24 && num(c[2]) < 60 && num(c[3]) < 61 {
			return withClock(t, h, num(c[2]), num(c[3]), c[5]), true
		}
	}
	return written{t: t}, true
}

func withClock(t time.Time, h, m, s int, zone string) written {
	loc := time.UTC
	if zone != "" {
		if off, ok := zones[strings.ToUpper(zone)]; ok {
			if off != 0 {
				loc = time.FixedZone("", off*60)
			}
		} else if zone[0] == '+' || zone[0] == '-' {
			z := strings.ReplaceAll(zone[1:], ":", "")
			off := 0
			if len(z) == 4 {
				off = num(z[:2])*60 + num(z[2:])
			} else {
				off = num(z) * 60
			}
			if zone[0] == '-' {
				off = -off
			}
			if off != 0 && off > -15*60 && off < 15*60 {
				loc = time.FixedZone("", off*60)
			}
		}
	}
	return written{time.Date(t.Year(), t.Month(), t.Day(), h, m, s, 0, loc), true}
}

// plausible reports whether an article can bear this date.
func (p *page) plausible(w written) bool {
	return w.t.Year() >= 1990 && w.t.Before(p.now.Add(24*time.Hour))
}

func (p *page) parse(s string) (written, bool) {
	w, ok := parseDate(s, p.monthFirst())
	return w, ok && p.plausible(w)
}

// monthFirst: 3/4/2019 is 4 March on American pages and 3 April elsewhere.
func (p *page) monthFirst() bool {
	l, _ := p.doc.Find("html").First().Attr("lang")
	l = strings.ToLower(strings.ReplaceAll(l, "_", "-"))
	h := p.url.Hostname()
	return (l == "" || l == "en" || l == "en-us") && !strings.HasSuffix(h, ".uk") && !strings.HasSuffix(h, ".au") && !strings.HasSuffix(h, ".in")
}

var publishedMetas = []string{
	"article:published_time", "article:published", "og:article:published_time", "og:published_time", "datepublished", "parsely-pub-date", "dc.date.issued", "dcterms.created", "dc.date", "dcterms.date",
	"dc.date.created", "sailthru.date", "pubdate", "publishdate", "publish-date", "publish_date", "publication_date", "publicationdate", "article.published", "article_date_original", "date", "cxenseparse:recs:publishtime",
	"og:pubdate", "published", "originalpublicationdate", "displaydate", "ptime", "weibo: article:create_at", "article:create_at", "dcterms.issued", "last-modified-date-original",
}

func (p *page) published() (time.Time, string, string) {
	give := func(w written, source string) (time.Time, string, string) {
		p.consider("published", source, w.raw())
		p.chosenSource("published")
		raw := p.local(w).raw()
		if raw != w.raw() {
			p.consider("published", "day or zone shown", raw)
		}
		return w.t.UTC().Truncate(time.Second), raw, source
	}
	p.consider("published", "json-ld as written", p.ld.published)
	if w, ok := p.parse(p.ld.published); ok {
		return give(w, "json-ld")
	}
	for _, name := range publishedMetas {
		for _, v := range p.meta[name] {
			p.consider("published", "meta "+name, v)
			if w, ok := p.parse(v); ok {
				return give(w, "meta")
			}
		}
	}
	if w, ok := p.dateIn(`[itemprop~="datePublished"]`, "article time[pubdate]", "article time", "main time", "time",
		`[class*="publish"][class*="date"]`, `[class*="pubdate"]`, `[class*="post-date"]`, `[class*="article-date"]`, `[class*="entry-date"]`, `[class*="date-published"]`,
		`[class*="timestamp"]`, `[class*="dateline"]`, `[class~="date"]`, `[id*="pubtime"]`, `[class*="pubtime"]`, `[class*="time"]`); ok {
		return give(w, "time")
	}
	if w, ok := p.urlDate(); ok {
		return give(w, "url")
	}
	if w, ok := p.dateIn(`[class*="date"]`, `[class*="info"]`, `[class*="meta"]`, `[class*="source"]`); ok {
		return give(w, "time")
	}
	if w, ok := p.dateNear(); ok {
		return give(w, "time")
	}
	return time.Time{}, "", ""
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

// dateIn looks for a date in the elements of the selectors, in their order.
func (p *page) dateIn(sels ...string) (written, bool) {
	for _, sel := range sels {
		var found written
		ok := false
		p.doc.Find(sel).EachWithBreak(func(i int, s *goquery.Selection) bool {
			for _, at := range []string{"datetime", "content", "data-datetime", "data-timestamp", "title"} {
				if v, has := s.Attr(at); has && !ok {
					found, ok = p.parse(v)
				}
			}
			if !ok {
				if t := s.Text(); len(t) < 200 {
					found, ok = p.parse(t)
				}
			}
			return !ok && i < 10
		})
		if ok {
			return found, true
		}
	}
	return written{}, false
}
