package crawler

import (
	"strings"
	"testing"
)

// TestCanonicalForms has one address for each rule, and those that look alike
// and must stay.
func TestCanonicalForms(t *testing.T) {
	for raw, want := range map[string]string{
		// Names that IDNA refuses and DNS may know; what is no punycode is no name.
		"http://www.XN--pokxncvks/":      "http://www.xn--pokxncvks/",
		"http://bücher.example/":         "http://xn--bcher-kva.example/",
		"http://xn--bcher-kva.example/":  "http://xn--bcher-kva.example/",
		"http://xn--a-é.example/":        "",
		"http://xn--999999999.example/x": "",
		// One host with and without the dot of the root.
		"http://paper.example./news/one":       "http://paper.example/news/one",
		"http://paper.example.:8080?x.=.":      "http://paper.example:8080/?x.=.",
		"http://a.example/x?to=http://b.test.": "http://a.example/x?to=http://b.test.",
		// As people write them.
		"paper.co.uk/news/one": "http://paper.co.uk/news/one",
		" www.paper.com ":      "http://www.paper.com/",
		"co.uk":                "",
		"report.nosuchtld/x":   "",
		"/news/one":            "",
		// How the reader came, and what only looks like it.
		"http://a.example/x?UTM_Source=a&mtm_kwd=b&wt_mc=c&CMP=d&_openstat=e&ysclid=f&mc_tc=g&hsa_cam=h&gad_source=1": "http://a.example/x",
		"http://a.example/x?cid=7&ref=home&source=rss&from=a&utm=1":                                                   "http://a.example/x?cid=7&from=a&ref=home&source=rss&utm=1",
		"http://a.example/x?%75tm_source=a&id=1":                                                                      "http://a.example/x?id=1",
		// The visit.
		"http://a.example/x;jsessionid=0AF3.node1?id=1": "http://a.example/x?id=1",
		"http://a.example/x?cfid=12345&id=1":            "http://a.example/x?cfid=12345&id=1",
		// AMP.
		"https://a.example/x?outputType=amp&amp=1":                                "https://a.example/x",
		"https://a.example/x?amp=volt&outputType=json":                            "https://a.example/x?amp=volt&outputType=json",
		"https://www.google.com/amp/s/www.paper.example/news/one.amp?id=1&utm_x=": "https://www.paper.example/news/one.amp?id=1",
		"https://www-paper-example.cdn.ampproject.org/c/s/www.paper.example/one":  "https://www.paper.example/one",
		"https://www-paper-example.cdn.ampproject.org/v/www.paper.example/one":    "http://www.paper.example/one",
		"https://www.google.com/search?q=amp":                                     "https://www.google.com/search?q=amp",
		"https://www.paper.example/amp/s/other.example/x":                         "https://www.paper.example/amp/s/other.example/x",
	} {
		got, err := Canonical(raw)
		if got != want || (err == nil) != (want != "") {
			t.Errorf("%q: %q, %v, want %q", raw, got, err, want)
		}
	}
}

// TestTrackerNames keeps the list as it is looked up: in lower case.
func TestTrackerNames(t *testing.T) {
	for n := range trackers {
		if n != strings.ToLower(n) {
			t.Errorf("%q is never found", n)
		}
	}
	for _, p := range trackerPrefixes {
		if p != strings.ToLower(p) || isTracker(p[:1]) {
			t.Errorf("prefix %q", p)
		}
	}
}

func TestVariants(t *testing.T) {
	for u, want := range map[string]bool{
		"https://m.paper.example/news/one": true, "https://mobile.paper.example/": true, "https://amp.paper.example/x": true,
		"https://www.paper.example/amp/news/one": true, "https://paper.example/news/one/amp/": true,
		"https://paper.example/news/one.amp.html": true, "https://paper.example/news/one.amp": true,
		"https://m.example/news/one": false, "https://paper.example/news/amplifier": false,
		"https://paper.example/camp/one": false, "https://paper.example/news/one": false, "https://media.paper.example/x": false,
	} {
		if got := isVariant(u); got != want {
			t.Errorf("%s: %v, want %v", u, got, want)
		}
	}
}
