package extract

import (
	"regexp"
	"strings"
)

// Where the name of an outlet is from.
const (
	FromList    = "list"    // the list of known outlets
	FromName    = "name"    // a name that the page gives
	FromAddress = "address" // nothing better than an address or the name of an account
)

// maxOutlet is how many bytes the name of an outlet may have.
const maxOutlet = 100

var (
	// domainLike is an address in a name's place: "post.example", "www1.post.example".
	domainLike = regexp.MustCompile(`(?i)^(?:https?://)?[\p{L}\d-]+(?:\.[\p{L}\d-]+)*\.\p{L}{2,12}/?$`)
	company    = regexp.MustCompile(`(?i)[\s,]+(?:gmbh(?: & co\.? kg)?|ag|inc\.?|ltd\.?|llc|limited|s\.?p\.?a\.?|s\.?r\.?l\.?|s\.?l\.?|s\.?a\.?|a\.?s\.?|pty\.?(?: ltd\.?)?)$`)
)

// outlet is the name that the page gives its outlet: a name before an address
// in a name's place, which is kept where the page has no better.
func (p *page) outlet() string {
	p.outletFrom = FromName
	host := strings.TrimPrefix(strings.ToLower(p.url.Hostname()), "www.")
	names := []string{p.titleOutlet(host), p.firstMeta("og:site_name"), p.ld.publisher}
	for _, k := range []string{"application-name", "publisher", "dc.publisher", "cre", "apple-mobile-web-app-title"} {
		names = append(names, p.firstMeta(k))
	}
	for i, source := range []string{"title element", "og:site_name", "json-ld"} {
		p.consider("outlet", source, names[i])
	}
	p.consider("outlet", "meta", names[3:]...)
	p.consider("outlet", "address", host)
	address := ""
	for _, n := range names {
		n = clean(company.ReplaceAllString(n, ""))
		switch {
		case n == "" || len(n) > maxOutlet || strings.HasPrefix(n, "@") || strings.Contains(n, "://"):
		case n == clean(p.pageTitle()) || n == p.ld.headline: // a template's slip
		case domainLike.MatchString(n):
			if address == "" {
				address = n
			}
		default:
			return n
		}
	}
	if t := p.titleTail(); address != "" && t != "" && !domainLike.MatchString(t) && siteLike(t, address, host) && len(strings.Fields(t)) < 7 {
		return t
	}
	p.outletFrom = FromAddress
	if address != "" {
		return address
	}
	if t := strings.TrimPrefix(p.firstMeta("twitter:site"), "@"); t != "" && len(t) <= maxOutlet && !strings.Contains(t, "://") {
		return clean(t)
	}
	return host
}

// titleTail is the last part of the page's title, where sites put their name.
func (p *page) titleTail() string {
	t := p.pageTitle()
	if ix := suffixSep.FindAllStringIndex(t, -1); len(ix) > 0 {
		return clean(t[ix[len(ix)-1][1]:])
	}
	return ""
}

// titleOutlet is the title's last part if the address spells it out
// ("Harbour Post" at harbourpost.example): no metadata is better evidence.
func (p *page) titleOutlet(host string) string {
	t := p.titleTail()
	q := squash(t)
	if len(q) < 6 || strings.Contains(t, ".") {
		return ""
	}
	for _, label := range strings.Split(host, ".") {
		l := strings.ReplaceAll(label, "-", "")
		if len(l) >= 6 && (l == q || len(l) >= 8 && strings.HasSuffix(q, l)) {
			return t
		}
	}
	return ""
}
