package crawler

import (
	"strings"

	whatwg "github.com/nlnwa/whatwg-url/url"
	"golang.org/x/net/idna"
	"golang.org/x/net/publicsuffix"
)

// webURL parses addresses as browsers do (WHATWG URL), with one leniency: see
// keepLabels.
var webURL = whatwg.NewParser(
	whatwg.WithPreParseHostFunc(func(_ *whatwg.Url, host string) string { return keepLabels(host) }),
	whatwg.WithPostParseHostFunc(func(_ *whatwg.Url, host string) string { return strings.ReplaceAll(host, keptLabel, "xn--") }),
)

// keptLabel stands for "xn--" while the parser looks at a host. The underscore
// keeps it from being the beginning of a registered name.
const keptLabel = "xn_kept--"

// keepLabels hides the labels from the parser that are sound punycode of
// letters which IDNA would map or refuse. Such names can be in DNS, which
// decides, as other crawlers and the browsers' own test cases have it; one
// that is no punycode stays and is refused.
func keepLabels(host string) string {
	if len(host) < 4 || !strings.Contains(strings.ToLower(host), "xn--") {
		return host
	}
	labels := strings.Split(host, ".")
	for i, l := range labels {
		l = strings.ToLower(l)
		puny, ok := strings.CutPrefix(l, "xn--")
		if !ok || strings.Trim(puny, "abcdefghijklmnopqrstuvwxyz0123456789-") != "" {
			continue
		}
		if _, err := idna.Punycode.ToUnicode(l); err != nil {
			continue
		}
		if _, err := idna.Lookup.ToASCII(l); err != nil {
			labels[i] = keptLabel + puny
		}
	}
	return strings.Join(labels, ".")
}

// withScheme takes "paper.example/x" for "http://paper.example/x", as people
// write addresses into files: only with a public suffix that the list knows,
// so that a file name or a path is none.
func withScheme(raw string) string {
	raw = strings.TrimSpace(raw)
	host, _, _ := strings.Cut(raw, "/")
	if strings.ContainsAny(host, ":@?#\\") || !strings.Contains(host, ".") {
		return raw
	}
	suffix, known := publicsuffix.PublicSuffix(strings.ToLower(host))
	if !known || strings.EqualFold(suffix, host) {
		return raw
	}
	return "http://" + raw
}
