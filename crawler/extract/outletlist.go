package extract

import (
	_ "embed"
	"net/url"
	"strings"
	"sync"

	"dateline"
)

// outletList names the world's outlets: host, name, country, language.
// DATA.md says how they are named.
//
//go:embed outlets.tsv
var outletList string

var knownOutlets = sync.OnceValue(func() map[string]dateline.Outlet {
	m := map[string]dateline.Outlet{}
	for line := range strings.Lines(outletList) {
		f := strings.Split(strings.TrimSuffix(line, "\n"), "\t")
		m[f[0]] = dateline.Outlet{Name: f[1], Country: f[2], Language: f[3]}
	}
	return m
})

// KnownOutlet gives name, country and language of the outlet at a host, by the
// longest part of the host's name that the list has: abcnews.go.com is no
// go.com, and www1.post.example is post.example. The ID is left empty.
func KnownOutlet(host string) (dateline.Outlet, bool) {
	known := knownOutlets()
	for host = strings.ToLower(host); strings.Contains(host, "."); {
		if o, ok := known[host]; ok {
			return o, true
		}
		_, host, _ = strings.Cut(host, ".")
	}
	return dateline.Outlet{}, false
}

// host is where the page is from: saved pages tell it by their canonical address.
func (p *page) host() string {
	if h := p.url.Hostname(); h != "" {
		return strings.ToLower(h)
	}
	if u, err := url.Parse(p.canonical()); err == nil {
		return strings.ToLower(u.Hostname())
	}
	return ""
}
