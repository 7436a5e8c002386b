package extract

import "testing"

// TestOutlet has one invented page per rule of naming the outlet.
func TestOutlet(t *testing.T) {
	ld := func(name string) string {
		return `<script type="application/ld+json">{"@type":"NewsArticle","headline":"Ferry runs","publisher":{"name":"` + name + `"}}</script>`
	}
	for _, c := range []struct{ name, host, in, want string }{
		{"site name first", "hp.example", `<meta property="og:site_name" content="Harbour Post">` + ld("Quayside Group"), "Harbour Post"},
		{"a name before an address", "hp.example", `<meta property="og:site_name" content="hp.example">` + ld("Harbour Post"), "Harbour Post"},
		{"company form cut off", "hp.example", `<meta property="og:site_name" content="HP.example"><meta name="publisher" content="Hafenpost GmbH &amp; Co. KG">`, "Hafenpost"},
		{"an address is better than none", "www.hp.example", `<meta property="og:site_name" content="HP.example">`, "HP.example"},
		{"title's end that the address spells", "harbourpost.example", `<title>Ferry runs – Harbour Post</title>` + ld("港口報"), "Harbour Post"},
		{"with more before it", "harbourpost.example", `<title>Ferry runs – The New Harbour Post</title>`, "The New Harbour Post"},
		{"a title's end that is no name", "harbourpost.example", `<title>Ferry runs | Storms</title><meta property="og:site_name" content="Harbour Post">`, "Harbour Post"},
		{"the headline in the site's place", "hp.example", `<meta property="og:site_name" content="Ferry runs">` + ld("Harbour Post"), "Harbour Post"},
		{"handle", "hp.example", `<meta name="twitter:site" content="@harbourpost">`, "harbourpost"},
		{"nothing but the address", "www.hp.example", ``, "hp.example"},
	} {
		p, err := Extract([]byte(c.in), "text/html; charset=utf-8", "https://"+c.host+"/a")
		if err != nil {
			t.Fatal(err)
		}
		if got := p.Article.Outlet.Name; got != c.want {
			t.Errorf("%s: got %q, want %q", c.name, got, c.want)
		}
	}
}
