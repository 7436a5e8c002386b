package crawler

import (
	"fmt"
	"net/netip"
	"net/url"
	"regexp"
	"sort"
	"strconv"
	"strings"

	"golang.org/x/net/publicsuffix"
)

// Canonical gives the one spelling of a web address under which an article
// is kept: parsed as a browser does, without fragment, credentials, parameters that
// name the way, the visit or the AMP form, and trailing index.html, the
// remaining parameters in order; the page itself for the copy of an AMP cache.
// Canonical of a canonical address is that address.
func Canonical(raw string) (string, error) {
	if plain(raw) {
		return raw, nil
	}
	return canonicalParsed(raw)
}

func canonicalParsed(raw string) (string, error) {
	// Dropping a part can uncover another that has to go (two trailing
	// index.html, say), so repeat until nothing changes.
	prev := raw
	for range 8 {
		next, err := canonicalOnce(prev)
		if err != nil {
			return "", err
		}
		if next == prev {
			return next, nil
		}
		prev = next
	}
	return "", fmt.Errorf("address %q has no stable form", raw)
}

func canonicalOnce(raw string) (string, error) {
	u, err := webURL.Parse(withScheme(raw))
	if err != nil {
		return "", fmt.Errorf("address %q: %w", raw, err)
	}
	scheme := strings.TrimSuffix(u.Protocol(), ":")
	if scheme != "http" && scheme != "https" {
		return "", fmt.Errorf("address %q: scheme %q is not http or https", raw, scheme)
	}
	if u.Hostname() == "" {
		return "", fmt.Errorf("address %q has no host", raw)
	}
	if page := uncached(u.Hostname(), u.Pathname(), strings.TrimPrefix(u.Search(), "?")); page != "" {
		return page, nil // the caller goes on with it
	}
	path := slashes.ReplaceAllString(pathSession.ReplaceAllString(unescape(u.Pathname()), ""), "$1/")
	for strings.HasSuffix(path, "/index.html") || strings.HasSuffix(path, "/index.htm") {
		path = path[:strings.LastIndexByte(path, '/')+1]
	}
	// The host of the parser is already lower case, IDNA encoded and without
	// the scheme's default port.
	s := withoutDot(scheme+"://"+u.Host()) + path
	if q := canonicalQuery(unescape(strings.TrimPrefix(u.Search(), "?"))); q != "" {
		s += "?" + q
	}
	// What net/http cannot ask for is no use to a crawler.
	if _, err := url.Parse(s); err != nil {
		return "", fmt.Errorf("address %q: %w", raw, err)
	}
	return s, nil
}

// rootDot is the dot after the last label of a host, which makes a name
// complete in DNS.
var rootDot = regexp.MustCompile(`^(https?://[^/?#:@\[]*[^/?#:@\[.])\.([:/?#]|$)`)

// withoutDot takes "paper.example." for "paper.example": they are one host,
// whose delay and whose articles would else be those of two.
func withoutDot(address string) string { return rootDot.ReplaceAllString(address, "$1$2") }

// slashes are the runs that servers take for one slash. After a colon they
// are part of an address within the address, as archives have them.
var slashes = regexp.MustCompile(`(^|[^:/])//+`)

// canonicalQuery sorts the raw pairs without decoding them: servers disagree
// about + and %20, so the author's spelling is kept.
func canonicalQuery(q string) string {
	var keep []string
	for _, pair := range strings.Split(q, "&") {
		if pair == "" {
			continue
		}
		name, value, _ := strings.Cut(pair, "=")
		if name == "" {
			continue
		}
		if value == "" {
			pair = name // "b=" and "b" are one to every form parser
		}
		if dec, err := url.QueryUnescape(name); err == nil {
			name = dec
		}
		if !isTracker(name) && !isSession(pair) && !ampSwitch(name, value) {
			keep = append(keep, pair)
		}
	}
	// By name only, stably: the order of a repeated parameter can matter.
	sort.SliceStable(keep, func(i, j int) bool {
		a, _, _ := strings.Cut(keep[i], "=")
		b, _, _ := strings.Cut(keep[j], "=")
		return a < b
	})
	return strings.Join(keep, "&")
}

// RegistrableDomain gives the registrable domain (eTLD+1) of an address, or
// the host itself where there is none: an IP address, localhost.
func RegistrableDomain(rawURL string) string {
	u, err := url.Parse(rawURL)
	if err != nil {
		return ""
	}
	host := strings.TrimSuffix(strings.ToLower(u.Hostname()), ".")
	if _, err := netip.ParseAddr(host); err == nil {
		return host
	}
	if d, err := publicsuffix.EffectiveTLDPlusOne(host); err == nil {
		return d
	}
	return host
}

func sameSite(a, b string) bool {
	d := RegistrableDomain(a)
	return d != "" && d == RegistrableDomain(b)
}

// resolve makes a link of a page absolute and canonical; "" if it is not one.
func resolve(base, ref string) string {
	ref = strings.TrimSpace(ref)
	if ref == "" {
		return ""
	}
	u, err := webURL.ParseRef(base, ref)
	if err != nil {
		return ""
	}
	s, err := Canonical(u.Href(true))
	if err != nil {
		return ""
	}
	return s
}

// absolute makes a link absolute and changes nothing else but the fragment,
// for addresses whose parameters are not ours to drop; "" if it is no web address.
func absolute(base, ref string) string {
	u, err := webURL.ParseRef(base, strings.TrimSpace(ref))
	if err != nil || (u.Protocol() != "http:" && u.Protocol() != "https:") || u.Hostname() == "" {
		return ""
	}
	u.SetUsername("")
	u.SetPassword("")
	s := strayPercent(withoutDot(u.Href(true)))
	if _, err := url.Parse(s); err != nil || strings.TrimSpace(ref) == "" {
		return ""
	}
	return s
}

// unescape writes percent escapes in one way: letters and digits plain, the
// others with capitals. Reserved characters keep their escapes, which mean
// something.
func unescape(s string) string {
	var b strings.Builder
	for i := 0; i < len(s); i++ {
		c := s[i]
		switch {
		case c == '%' && i+2 < len(s) && isHex(s[i+1]) && isHex(s[i+2]):
			n, _ := strconv.ParseUint(s[i+1:i+3], 16, 8)
			c = byte(n)
			switch {
			case c|0x20 >= 'a' && c|0x20 <= 'z', c >= '0' && c <= '9', c == '-', c == '_', c == '~', c == '.':
				b.WriteByte(c)
			default:
				fmt.Fprintf(&b, "%%%02X", c)
			}
			i += 2
		case strings.IndexByte("%[]^|\\`{}", c) >= 0: // a browser sends them plain, but they are no part of a URL
			fmt.Fprintf(&b, "%%%02X", c)
		default:
			b.WriteByte(c)
		}
	}
	return b.String()
}

func isHex(c byte) bool {
	return c >= '0' && c <= '9' || c|0x20 >= 'a' && c|0x20 <= 'f'
}
