package extract

import (
	"html"
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"
)

var (
	byPrefix  = regexp.MustCompile(`(?i)^\s*(?:(?:written |reported |posted |published |story |text |analysis |review |reporting |opinion |words )?by|von|por|par|di|av|af|door|autore?r?|autora|authors?|text|redaktion|글|文|作者|记者|記者|撰文|来源|來源|责任编辑|责编|编辑)(?:\s*[:：/／]\s*|\s+)|^\s*(?:记者|記者|作者|文／|文/)`)
	nameSplit = regexp.MustCompile(`(?i)\s*[,;|&、；•·/]\s*|\s+(?:and|und|y|et|e|en|og|och|with|mit|avec|con)\s+|\s+[–—-]\s+`)
	nameTail  = regexp.MustCompile(`(?i)\s*(?:\||\bfor\b|\bin\s+\p{Lu}|\(|\bpublished\b|\bupdated\b|\bposted\b|\blast modified\b|\bon\s+\w+\s+\d|\d{1,2}[:.]\d\d|\d{4}).*$`)
	roleWord  = regexp.MustCompile(`(?i)\b(?:staff|reporters?|correspondents?|editors?|writers?|editorial|newsroom|desk|contributors?|columnist|news service|team|redaktion|redacci[oó]n|rédaction|redazione|redactie|producer|photographer|associated press|press association|updated|published|subscribe|follow|share|minutes?|comments?|email|twitter|facebook|admin|administrator|guest|anonymous|unknown|director|professor|bureau chief|agencies|agency|afp|dpa|reuters)\b|通讯员|编辑|本报|新华社|記者$`)
	// "ByJane Doe", "Byby JANE DOE": the word and the name in elements of their own.
	gluedBy = regexp.MustCompile(`^(?:By|BY|by)(?:by)?[: ]*(\p{Lu}\p{L}*[ .])`)
	// Before and after a name: links to other articles, the agency or the post held.
	moreBy   = regexp.MustCompile(`(?i)^(?:more (?:stories|articles|from|by)(?: by)?|(?:all|view all) (?:articles|posts|stories) by|posts by|alle artikel von)\s+`)
	nameRole = regexp.MustCompile(`(?i)^(?:and|und|et|y|e)\s+|^\S*(?:expert(?:e|in)|redakteur(?:in)?|korrespondent(?:in)?|gastautor(?:in)?|reporter(?:in)?)\s+|\s+(?:the )?(?:associated|canadian|australian associated) press$|\s+(?:alle artikel|all articles|view bio|see full bio|see all|contactar|follow)$`)
	// A name that is no person's. Names of persons never begin with "The".
	orgWord = regexp.MustCompile(`(?i)^the(?:\s|$)|\b(?:inc|ltd|llc|gmbh|media|news|newspapers?|press|times|tribune|gazette|magazine|radio|television|network|agentur|full bio|nachrichten|noticias|notizie)\b|新聞|新闻社|通信社|通訊社|テレビ|デジタル|编辑部|編集部`)
	cjkRole = regexp.MustCompile(`(?:记者|記者|作者|通讯员|編集委員|特派员|编辑)`)
)

// splitNames makes names of a byline.
func splitNames(s string, strict bool) []string {
	s = byline(s)
	if s == "" {
		return nil
	}
	var out []string
	for _, n := range nameSplit.Split(s, 30) {
		n = byPrefix.ReplaceAllString(n, "")
		n = nameTail.ReplaceAllString(n, "")
		n = nameRole.ReplaceAllString(n, "")
		n = strings.Trim(n, " .,:;|-–—*\"“”()[]【】《》")
		if wide(firstRune(n)) {
			n = strings.TrimSpace(cjkRole.ReplaceAllString(n, " "))
		}
		if goodName(n, strict) {
			out = append(out, n)
		}
	}
	return out
}

// byline is a byline without tags and the word for "by"; "" for an address.
func byline(s string) string {
	s = clean(stripTags(html.UnescapeString(s)))
	if s == "" || strings.Contains(s, "://") || strings.HasPrefix(s, "www.") {
		return ""
	}
	s = gluedBy.ReplaceAllString(s, "$1")
	s = moreBy.ReplaceAllString(s, "")
	s = byPrefix.ReplaceAllString(s, "")
	return byPrefix.ReplaceAllString(s, "")
}

func firstRune(s string) rune { r, _ := utf8.DecodeRuneInString(s); return r }

func goodName(n string, strict bool) bool {
	runes := utf8.RuneCountInString(n)
	if runes < 2 || runes > 60 || strings.ContainsAny(n, "@{}<>=_#?!") || strings.Contains(n, "www.") || strings.Contains(n, "http") || strings.Contains(n, ".com") {
		return false
	}
	letters := 0
	for _, r := range n {
		if unicode.IsLetter(r) {
			letters++
		}
		if unicode.IsDigit(r) {
			return false
		}
	}
	if letters*2 < runes || roleWord.MatchString(n) || orgWord.MatchString(n) {
		return false
	}
	f := strings.Fields(n)
	if len(f) > 6 || len(f) == 1 && handle.MatchString(n) {
		return false
	}
	if strict && !wide(firstRune(n)) {
		// From free text: at least two words, the first and the last in capitals.
		if len(f) < 2 || !unicode.IsUpper(firstRune(f[0])) || !unicode.IsUpper(firstRune(f[len(f)-1])) {
			return false
		}
	}
	return true
}

func (p *page) authors(outlet string) []string {
	site := p.firstMeta("og:site_name")
	tidy := func(in []string) []string {
		var out []string
		seen := map[string]bool{}
		for _, n := range in {
			for _, o := range []string{outlet, site, p.ld.publisher} { // "Jane Doe USA TODAY"
				if cut := len(n) - len(o); o != "" && cut > 4 && n[cut-1] == ' ' && strings.EqualFold(n[cut:], o) {
					n = strings.TrimSpace(n[:cut])
				}
			}
			k := squash(n)
			if k == "" || seen[k] || len(out) >= 20 || k == squash(outlet) || k == squash(site) || k == squash(p.ld.publisher) || startsWithName(n, outlet) || siteName(k, p.url.Hostname()) {
				continue
			}
			if strings.IndexFunc(n, unicode.IsLower) < 0 && len(strings.Fields(n)) > 1 {
				n = titleCase(n)
			}
			seen[k] = true
			out = append(out, n)
		}
		return out
	}
	collect := func(source string, vs []string, strict bool) []string {
		p.consider("authors", source, vs...)
		var out []string
		for _, v := range vs {
			out = append(out, splitNames(v, strict)...)
		}
		if out = tidy(out); len(out) > 0 {
			p.chosenSource("authors")
		}
		return out
	}
	if a := collect("json-ld", p.ld.authors, false); len(a) > 0 {
		return a
	}
	rel := p.marked(6, func(m mark) bool { return m.h&byRel != 0 && m.in&beside == 0 })
	if len(rel) == 0 { // <address> is the author's place, also in an aside
		rel = p.marked(6, func(m mark) bool {
			return m.h&byRel != 0 && m.in&inAddress != 0 && (m.in&beside == 0 || m.in&inAside != 0)
		})
	}
	if a := collect("rel=author", rel, false); len(a) > 0 {
		return a
	}
	for _, k := range authorMetas {
		if a := collect("meta "+k, p.meta[k], false); len(a) > 0 {
			return a
		}
	}
	for i, kind := range bylineSels {
		vs := p.marked(2, func(m mark) bool { return m.h&(byItemprop<<i) != 0 && m.in&beside == 0 })
		if a := collect(kind, vs, true); len(a) > 0 {
			return a
		}
	}
	if a := collect("text", p.bylines(), true); len(a) > 0 {
		return a
	}
	// No person signs: the desk, agency or outlet that the page names as the
	// author, undivided, since "A and B" may be one name of such.
	stated := append(p.ld.authors[:len(p.ld.authors):len(p.ld.authors)], rel...)
	for _, k := range authorMetas {
		stated = append(stated, p.meta[k]...)
	}
	stated = append(stated, p.marked(3, func(m mark) bool { return m.h&(byItemprop|byByline|byClass) != 0 && m.in&beside == 0 })...)
	for _, v := range stated {
		if v = strings.Trim(byline(v), " |:,-"); collective(v) {
			p.consider("authors", "no person signs", v)
			p.chosenSource("authors")
			return []string{v}
		}
	}
	return nil
}

// handle is a name of an account, as "jdoe" or "jane.doe".
var handle = regexp.MustCompile(`^[a-z]+(?:[._-][a-z]+)*$`)

var authorMetas = []string{"parsely-author", "sailthru.author", "dc.creator", "author", "byl", "article:author", "article:author_name", "og:article:author", "dcterms.creator", "cxenseparse:author"}

var nobody = regexp.MustCompile(`(?i)^(?:admin(?:istrator)?|author|autor|anonymous|unknown|user|guest|root|webmaster|default|null|none|undefined|n/?a|redazione web)$`)

// collective reports whether a text can be the name of those who sign
// together: an outlet, an agency, a desk.
func collective(v string) bool {
	n := size(v)
	return n >= 2 && n <= 60 && strings.IndexFunc(v, unicode.IsLetter) >= 0 && !strings.ContainsAny(v, "@{}<>=_#?!") && !strings.HasPrefix(v, "/") && !nobody.MatchString(v)
}

// maxByline is the longest text, in bytes, that is taken for a byline.
const maxByline = 200

// marked gives the texts of the first marks that are wanted.
func (p *page) marked(limit int, want func(mark) bool) []string {
	var out []string
	for _, m := range p.scan.marks {
		if !want(m) {
			continue
		}
		if t, ok := shortText(m.n, maxByline-1); ok && t != "" {
			out = append(out, t)
		}
		if len(out) >= limit {
			break
		}
	}
	return out
}

var (
	byLine   = regexp.MustCompile(`^(?:By|BY|by|Von|Par|Por|Di|Door)[: ]\s*\p{Lu}|^By\p{Lu}\p{Ll}+ \p{Lu}`)
	byStarts = []string{"By", "BY", "by", "Von", "Par", "Por", "Di", "Door"}
)

// byStart reports whether a text may be the start of a byline.
func byStart(s string) bool {
	for _, b := range byStarts {
		if strings.HasPrefix(s, b) {
			return true
		}
	}
	return false
}

// bylines are short texts that begin as a byline does, the first one found.
func (p *page) bylines() []string {
	for _, m := range p.scan.signed {
		for n, up := m.n.Parent, 0; n != nil && up < 4; n, up = n.Parent, up+1 {
			t, ok := shortText(n, maxShort-1)
			if !ok || !byStart(t) {
				break
			}
			if bylineElement[n.Data] && byLine.MatchString(t) {
				return []string{t}
			}
		}
	}
	return nil
}

var bylineElement = map[string]bool{
	"p": true, "div": true, "span": true, "address": true, "h2": true, "h3": true, "h4": true, "h5": true, "em": true, "strong": true, "small": true, "li": true,
}

// startsWithName: "Harbour Post Sports" is no person's name at the Harbour Post.
func startsWithName(n, outlet string) bool {
	return size(outlet) >= 3 && len(n) > len(outlet) && n[len(outlet)] == ' ' && strings.EqualFold(n[:len(outlet)], outlet)
}

func siteName(k, host string) bool {
	h := squash(strings.TrimPrefix(strings.ToLower(host), "www."))
	return len(k) > 3 && (k == h || strings.HasPrefix(h, k))
}

func titleCase(s string) string {
	var b strings.Builder
	start := true
	for _, r := range s {
		if start {
			b.WriteRune(r)
		} else {
			b.WriteRune(unicode.ToLower(r))
		}
		start = !unicode.IsLetter(r)
	}
	return b.String()
}

// bylineText is the byline as written, to look for an agency in.
func (p *page) bylineText() string {
	var b strings.Builder
	for _, a := range p.ld.authors {
		b.WriteString(a + " ; ")
	}
	b.WriteString(p.firstMeta("author") + " ; ")
	for _, t := range p.marked(6, func(m mark) bool { return m.h&(byByline|byAuthor|namesSource) != 0 }) {
		if len(t) < 150 {
			b.WriteString(t + " ; ")
		}
	}
	return b.String()
}
