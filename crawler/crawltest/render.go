package crawltest

import (
	"encoding/json"
	"fmt"
	"html"
	"slices"
	"strings"
	"time"
)

// esc escapes text for HTML and XML.
func esc(s string) string { return html.EscapeString(s) }

// render makes all pages anew. The caller holds n.mu, or is the only one to
// know n.
func (n *Newsroom) render() {
	n.pages = map[string]Page{}
	for _, o := range outlets {
		var own []*Article
		for _, a := range n.articles {
			if a.Outlet == o.Domain {
				own = append(own, a)
			}
		}
		slices.SortStableFunc(own, func(a, b *Article) int { return b.Published.Compare(a.Published) })
		n.renderOutlet(o, own)
	}
	if n.hostile {
		n.renderHostile()
	}
}

// renderOutlet makes the pages of one outlet; own has the newest first.
func (n *Newsroom) renderOutlet(o Outlet, own []*Article) {
	var last time.Time
	for _, a := range own {
		if a.Modified.After(last) {
			last = a.Modified
		}
		n.pages[strings.TrimPrefix(a.URL, "http://")] = Page{Body: articleHTML(o, a, own), Modified: a.Modified}
	}
	put := func(path, contentType, body string) {
		n.pages[o.Domain+path] = Page{Body: body, ContentType: contentType, Modified: last}
	}
	robots := "User-agent: *\nAllow: /\n"
	switch o.Domain {
	case "straitsherald.example":
		robots = "User-agent: *\nDisallow: /private/\n"
		put("/private/draft", "", shell(o, "A draft that no crawler reads", "<article><h1>A draft</h1><p>robots.txt forbids this invented page.</p></article>", ""))
	case "marketbell.example":
		robots = "User-agent: *\nCrawl-delay: 1\nDisallow: /account/\n"
	}
	put("/robots.txt", "text/plain; charset=utf-8", robots+"Sitemap: http://"+o.Domain+"/sitemap.xml\n")
	put("/feed.xml", "application/rss+xml; charset=utf-8", rss(o, own))
	put("/atom.xml", "application/atom+xml; charset=utf-8", atom(o, own, last))
	put("/feed.json", "application/feed+json", jsonFeed(o, own))
	put("/sitemap.xml", "application/xml", fmt.Sprintf(`<?xml version="1.0" encoding="UTF-8"?>
<sitemapindex xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"><sitemap><loc>http://%s/news-sitemap.xml</loc><lastmod>%s</lastmod></sitemap></sitemapindex>
`, o.Domain, last.Format(time.RFC3339)))
	put("/news-sitemap.xml", "application/xml", newsSitemap(o, own))
	section := sectionHTML(o, own)
	put("/", "", section)
	put("/news/", "", section)
	put("/about", "", shell(o, "About "+o.Name, "<main><h1>About "+esc(o.Name)+"</h1><p>"+esc(disclaimer(o))+"</p></main>", ""))
}

// disclaimer says in the language of the outlet that it is invented.
func disclaimer(o Outlet) string {
	switch o.Language {
	case "de":
		return o.Name + " ist eine erfundene Zeitung, die nur zum Testen dient."
	case "es":
		return o.Name + " es un periódico inventado que solo sirve para pruebas."
	case "zh":
		return o.Name + "是虚构的媒体，仅用于测试。"
	}
	return o.Name + " is an invented outlet that exists only for tests and demonstrations."
}

// shell puts body into the frame of an outlet's page.
func shell(o Outlet, title, body, head string) string {
	return fmt.Sprintf(`<!doctype html>
<html lang="%s">
<head>
<meta charset="utf-8">
<title>%s</title>
%s<link rel="alternate" type="application/rss+xml" href="/feed.xml">
<style>body{font-family:serif;max-width:44em;margin:auto}nav a{margin-right:1em}</style>
</head>
<body>
<header><a href="/">%s</a><nav><a href="/">Home</a><a href="/news/">News</a><a href="/about">About</a></nav></header>
%s
<footer><p>%s</p><p><a href="/about">Terms</a> <a href="/about">Privacy</a></p></footer>
</body>
</html>
`, o.Language, esc(title)+" | "+esc(o.Name), head, esc(o.Name), body, esc(disclaimer(o)))
}

// sectionHTML is the page that lists an outlet's articles.
func sectionHTML(o Outlet, own []*Article) string {
	var b strings.Builder
	b.WriteString("<main><h1>News</h1>\n")
	for _, a := range own {
		fmt.Fprintf(&b, "<section class=\"teaser\"><h2><a href=\"%s\">%s</a></h2><time datetime=\"%s\">%s</time><p>%s</p></section>\n",
			strings.TrimPrefix(a.URL, "http://"+o.Domain), esc(a.Title), a.Published.Format(time.RFC3339), a.Published.Format("2 January 2006"), esc(a.summary()))
	}
	if o.Domain == "straitsherald.example" {
		b.WriteString("<p><a href=\"/private/draft\">A draft that no crawler may read</a></p>\n")
	}
	b.WriteString("</main>")
	return shell(o, "News", b.String(), "")
}

// summary is the first sentence or so of an article.
func (a *Article) summary() string {
	s := []rune(a.Body[0])
	if len(s) > 160 {
		return string(s[:159]) + "…"
	}
	return string(s)
}

// articleHTML is the page of an article in the markup of its outlet.
func articleHTML(o Outlet, a *Article, own []*Article) string {
	head := "<link rel=\"canonical\" href=\"" + a.URL + "\">\n"
	stamp := a.Published.Format(time.RFC3339)
	date := a.Published.Format("2 January 2006, 15:04") + " UTC"
	switch o.Language {
	case "de":
		date = a.Published.Format("02.01.2006, 15:04") + " Uhr (UTC)"
	case "es":
		date = fmt.Sprintf("%d de noviembre de 2025", a.Published.Day())
	case "zh":
		date = fmt.Sprintf("2025年11月%d日 %s", a.Published.Day(), a.Published.Format("15:04"))
	}

	var text strings.Builder
	for i, p := range a.Body {
		if a.Kind == "live" && len(p) > 6 && p[2] == ':' {
			at := a.Published.Format("2006-01-02T") + p[:5] + ":00Z"
			fmt.Fprintf(&text, "<section class=\"update\"><h3><time datetime=\"%s\">%s</time></h3><p>%s</p></section>\n", at, p[:5], esc(p[6:]))
			continue
		}
		fmt.Fprintf(&text, "<p>%s</p>\n", esc(p))
		if i == 1 && o.style%2 == 0 {
			text.WriteString("<aside class=\"newsletter\"><h4>Newsletter</h4><p>Sign up for our invented morning letter.</p><form action=\"/about\"><input type=\"email\" name=\"e\"><button>Sign up</button></form></aside>\n")
		}
	}
	if a.Kind == "paywall" {
		text.WriteString("<div class=\"paywall\"><p>To read on, subscribe.</p><a href=\"/about\">Subscribe</a></div>\n")
	}
	if a.Wire != "" {
		text.WriteString("<p class=\"credit\">" + agency + " (MPA)</p>\n")
	}

	var related strings.Builder
	related.WriteString("<aside class=\"related\"><h4>Read more</h4><ul>")
	k := 0
	for _, other := range own {
		if other != a && k < 4 {
			fmt.Fprintf(&related, "<li><a href=\"%s\">%s</a></li>", strings.TrimPrefix(other.URL, "http://"+o.Domain), esc(other.Title))
			k++
		}
	}
	related.WriteString("</ul></aside>\n")
	comments := "<section id=\"comments\" class=\"comments\"><h4>Comments</h4><p class=\"comment\">First! (an invented reader)</p></section>\n"

	og := fmt.Sprintf(`<meta property="og:type" content="article">
<meta property="og:title" content="%s">
<meta property="og:description" content="%s">
<meta property="og:site_name" content="%s">
<meta property="og:url" content="%s">
`, esc(a.Title), esc(a.summary()), esc(o.Name), a.URL)

	switch o.style {
	case 0: // JSON-LD and Open Graph
		head += og + jsonLD(o, a, false)
		return shell(o, a.Title, fmt.Sprintf("<main><article>\n<p class=\"kicker\">%s</p><h1>%s</h1>\n<p class=\"byline\">By <a rel=\"author\" href=\"/about\">%s</a> <time datetime=\"%s\">%s</time></p>\n<div class=\"article-body\">\n%s</div>\n</article>\n%s%s</main>",
			esc(a.Section), esc(a.Title), esc(a.Author), stamp, date, text.String(), related.String(), comments), head)
	case 1: // Open Graph's article properties
		head += og + fmt.Sprintf("<meta property=\"article:published_time\" content=\"%s\">\n<meta property=\"article:modified_time\" content=\"%s\">\n<meta name=\"author\" content=\"%s\">\n<meta property=\"article:section\" content=\"%s\">\n",
			stamp, a.Modified.Format(time.RFC3339), esc(a.Author), esc(a.Section))
		return shell(o, a.Title, fmt.Sprintf("<div id=\"page\"><div class=\"post\">\n<h1 class=\"headline\">%s</h1>\n<div class=\"meta\"><span class=\"author\">%s</span> | %s</div>\n<div class=\"entry-content\">\n%s</div>\n</div>\n%s%s</div>",
			esc(a.Title), esc(a.Author), date, text.String(), comments, related.String()), head)
	case 2: // a time element only
		ld := ""
		if a.Kind == "live" || a.Kind == "paywall" {
			ld = jsonLD(o, a, false)
		}
		return shell(o, a.Title, fmt.Sprintf("<main>\n%s<article>\n<header><h1>%s</h1><address class=\"author\">%s</address><time datetime=\"%s\" pubdate>%s</time></header>\n%s</article>\n%s</main>",
			related.String(), esc(a.Title), esc(a.Author), stamp, date, text.String(), comments), head+ld)
	case 3: // microdata
		return shell(o, a.Title, fmt.Sprintf("<div itemscope itemtype=\"https://schema.org/NewsArticle\">\n<h1 itemprop=\"headline\">%s</h1>\n<span itemprop=\"author\" itemscope itemtype=\"https://schema.org/Person\"><span itemprop=\"name\">%s</span></span>\n<meta itemprop=\"datePublished\" content=\"%s\"><span class=\"date\">%s</span>\n<div itemprop=\"articleBody\">\n%s</div>\n</div>\n%s%s",
			esc(a.Title), esc(a.Author), stamp, date, text.String(), related.String(), comments), head+og)
	}
	// nested divs, and JSON-LD in a graph
	return shell(o, a.Title, fmt.Sprintf("<div class=\"wrap\"><div class=\"col-8\"><div><h1>%s</h1></div>\n<div class=\"info\">%s &middot; %s</div>\n<div class=\"story\"><div class=\"inner\">\n%s</div></div>\n</div><div class=\"col-4\">%s</div></div>\n%s",
		esc(a.Title), esc(a.Author), date, text.String(), related.String(), comments), head+jsonLD(o, a, true))
}

// jsonLD describes an article in the words of schema.org.
func jsonLD(o Outlet, a *Article, graph bool) string {
	kind := "Person"
	if a.Wire != "" || a.Author == "Newsroom" {
		kind = "Organization"
	}
	m := map[string]any{
		"@type":            "NewsArticle",
		"headline":         a.Title,
		"datePublished":    a.Published.Format(time.RFC3339),
		"dateModified":     a.Modified.Format(time.RFC3339),
		"author":           map[string]any{"@type": kind, "name": a.Author},
		"publisher":        map[string]any{"@type": "NewsMediaOrganization", "name": o.Name},
		"articleSection":   a.Section,
		"inLanguage":       o.Language,
		"mainEntityOfPage": a.URL,
		"url":              a.URL,
	}
	switch a.Kind {
	case "paywall":
		m["isAccessibleForFree"] = false
		m["hasPart"] = map[string]any{"@type": "WebPageElement", "isAccessibleForFree": false, "cssSelector": ".paywall"}
	case "live":
		m["@type"] = "LiveBlogPosting"
		var updates []any
		for _, p := range a.Body {
			if len(p) > 6 && p[2] == ':' {
				updates = append(updates, map[string]any{
					"@type": "BlogPosting", "headline": p[6:], "articleBody": p[6:],
					"datePublished": a.Published.Format("2006-01-02T") + p[:5] + ":00Z",
				})
			}
		}
		m["liveBlogUpdate"] = updates
	case "correction":
		m["correction"] = a.Body[len(a.Body)-1]
	}
	top := m
	if graph {
		top = map[string]any{"@graph": []any{map[string]any{"@type": "WebSite", "name": o.Name, "url": "http://" + o.Domain + "/"}, m}}
	}
	top["@context"] = "https://schema.org"
	j, err := json.Marshal(top)
	if err != nil {
		panic(err) // strings and lists of strings always encode
	}
	return "<script type=\"application/ld+json\">" + string(j) + "</script>\n"
}

// rss is an outlet's RSS 2.0 feed.
func rss(o Outlet, own []*Article) string {
	var b strings.Builder
	fmt.Fprintf(&b, `<?xml version="1.0" encoding="UTF-8"?>
<rss version="2.0" xmlns:dc="http://purl.org/dc/elements/1.1/"><channel><title>%s</title><link>http://%s/</link><description>%s</description><language>%s</language>
`, esc(o.Name), o.Domain, esc(disclaimer(o)), o.Language)
	for _, a := range own {
		fmt.Fprintf(&b, "<item><title>%s</title><link>%s</link><guid isPermaLink=\"true\">%s</guid><pubDate>%s</pubDate><dc:creator>%s</dc:creator><description>%s</description></item>\n",
			esc(a.Title), a.URL, a.URL, a.Published.Format(time.RFC1123Z), esc(a.Author), esc(a.summary()))
	}
	b.WriteString("</channel></rss>\n")
	return b.String()
}

// atom is an outlet's Atom feed.
func atom(o Outlet, own []*Article, last time.Time) string {
	var b strings.Builder
	fmt.Fprintf(&b, `<?xml version="1.0" encoding="UTF-8"?>
<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="%s"><title>%s</title><id>http://%s/</id><updated>%s</updated><link rel="self" href="/atom.xml"/>
`, o.Language, esc(o.Name), o.Domain, last.Format(time.RFC3339))
	for _, a := range own {
		fmt.Fprintf(&b, "<entry><title>%s</title><id>%s</id><link rel=\"alternate\" href=\"%s\"/><published>%s</published><updated>%s</updated><author><name>%s</name></author><summary>%s</summary></entry>\n",
			esc(a.Title), a.URL, a.URL, a.Published.Format(time.RFC3339), a.Modified.Format(time.RFC3339), esc(a.Author), esc(a.summary()))
	}
	b.WriteString("</feed>\n")
	return b.String()
}

// jsonFeed is an outlet's JSON Feed 1.1.
func jsonFeed(o Outlet, own []*Article) string {
	items := []any{}
	for _, a := range own {
		items = append(items, map[string]any{
			"id": a.URL, "url": a.URL, "title": a.Title, "summary": a.summary(), "content_text": a.summary(),
			"date_published": a.Published.Format(time.RFC3339), "date_modified": a.Modified.Format(time.RFC3339),
			"authors": []any{map[string]any{"name": a.Author}},
		})
	}
	j, err := json.Marshal(map[string]any{
		"version": "https://jsonfeed.org/version/1.1", "title": o.Name, "language": o.Language,
		"home_page_url": "http://" + o.Domain + "/", "feed_url": "http://" + o.Domain + "/feed.json", "items": items,
	})
	if err != nil {
		panic(err) // strings and lists of strings always encode
	}
	return string(j)
}

// newsSitemap is an outlet's Google News sitemap.
func newsSitemap(o Outlet, own []*Article) string {
	var b strings.Builder
	b.WriteString(`<?xml version="1.0" encoding="UTF-8"?>
<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" xmlns:news="http://www.google.com/schemas/sitemap-news/0.9">
`)
	for _, a := range own {
		fmt.Fprintf(&b, "<url><loc>%s</loc><lastmod>%s</lastmod><news:news><news:publication><news:name>%s</news:name><news:language>%s</news:language></news:publication><news:publication_date>%s</news:publication_date><news:title>%s</news:title></news:news></url>\n",
			a.URL, a.Modified.Format(time.RFC3339), esc(o.Name), o.Language, a.Published.Format(time.RFC3339), esc(a.Title))
	}
	b.WriteString("</urlset>\n")
	return b.String()
}
