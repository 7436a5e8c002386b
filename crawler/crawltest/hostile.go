package crawltest

import (
	"fmt"
	"strings"
	"time"
)

// A hostilePage is a page that a crawler must survive.
type hostilePage struct {
	path  string
	title string
	page  Page
}

// hostilePages returns the pages of the outlet that means harm.
func hostilePages() []hostilePage {
	when := time.Date(2025, time.November, 18, 9, 0, 0, 0, time.UTC)
	text := strings.Repeat("<p>This page of the invented outlet Oddities names Alibaba, the White House memo and the PLA, so that a crawler keeps it if it can read it at all.</p>\n", 4)
	doc := func(head, body string) string {
		return "<!doctype html><html lang=\"en\"><head><meta charset=\"utf-8\">" + head +
			"<meta property=\"article:published_time\" content=\"2025-11-18T09:00:00Z\"></head><body><article>" + body +
			"</article><footer>Oddities is an invented outlet for tests.</footer></body></html>"
	}
	page := func(p Page) Page {
		p.Modified = when
		return p
	}
	return []hostilePage{
		{"/2025/11/18/script-in-the-title", "Script in the title", page(Page{Body: doc(
			"<title>&lt;script&gt;alert(1)&lt;/script&gt; Alibaba &lt;img src=x onerror=alert(2)&gt;</title>",
			"<h1>&lt;script&gt;alert(1)&lt;/script&gt; Alibaba &lt;img src=x onerror=alert(2)&gt;</h1><script>document.title='taken over'</script>"+text+"<p>&lt;/mark&gt;&lt;script&gt;alert(3)&lt;/script&gt; <a href=\"javascript:alert(4)\">a link</a></p>")})},
		{"/2025/11/18/endless", "A page without end", Page{Endless: true, Body: "<p>Alibaba, the memo and the PLA, again and again on this invented page.</p>\n"}},
		{"/2025/11/18/loop-a", "A redirect loop", Page{Redirect: "/2025/11/18/loop-b"}},
		{"/2025/11/18/wrong-charset", "A wrong charset", page(Page{ContentType: "text/html; charset=iso-8859-1", Body: strings.Replace(doc(
			"<title>Wrong charset: Ümläut, 阿里巴巴</title>", "<h1>Wrong charset: Ümläut, 阿里巴巴</h1>"+text+"<p>Fälle für Prüfungen: 阿里巴巴, 解放军.</p>"), "charset=\"utf-8\"", "charset=\"windows-1252\"", 1)})},
		{"/2025/11/18/broken-json-ld", "Broken JSON-LD", page(Page{Body: doc(
			"<title>Broken JSON-LD on Alibaba</title><script type=\"application/ld+json\">{\"@type\":\"NewsArticle\",\"headline\":\"Broken \"quotes\",\"datePublished\":[{]</script>",
			"<h1>Broken JSON-LD on Alibaba</h1>"+text)})},
		{"/2025/11/18/link-to-private-address", "A link to a private address", page(Page{Body: doc(
			"<title>Alibaba and a link to a private address</title>",
			"<h1>Alibaba and a link to a private address</h1>"+text+"<p><a href=\"http://169.254.169.254/latest/meta-data/\">The memo in full</a></p>")})},
		{"/2025/11/18/redirect-to-private-address", "A redirect to a private address", Page{Redirect: "http://169.254.169.254/latest/meta-data/"}},
		{"/2025/11/18/error-page-as-200", "An error page that says 200", page(Page{Body: "<!doctype html><html lang=\"en\"><head><title>404 - Page not found</title></head><body><h1>Page not found</h1><p>Sorry, the page you are looking for does not exist or has been moved.</p><p><a href=\"/\">Home</a></p></body></html>"})},
		{"/2025/11/18/gzip-bomb", "A gzip bomb", Page{GzipBomb: 64 << 20}},
		{"/2025/11/18/deep-nesting", "Ten thousand nested elements", page(Page{Body: doc(
			"<title>Deep nesting and Alibaba</title>", "<h1>Deep nesting and Alibaba</h1>"+text+strings.Repeat("<div>", 10000)+"deep")})},
	}
}

// renderHostile makes the pages of the outlet that means harm.
func (n *Newsroom) renderHostile() {
	o := Outlet{Domain: hostileDomain, Name: "Oddities", Language: "en"}
	var b strings.Builder
	b.WriteString("<main><h1>News</h1>\n")
	for _, h := range hostilePages() {
		n.pages[hostileDomain+h.path] = h.page
		fmt.Fprintf(&b, "<h2><a href=\"%s\">%s</a></h2>\n", h.path, esc(h.title))
	}
	b.WriteString("</main>")
	section := shell(o, "News", b.String(), "")
	n.pages[hostileDomain+"/2025/11/18/loop-b"] = Page{Redirect: "/2025/11/18/loop-a"}
	n.pages[hostileDomain+"/robots.txt"] = Page{Body: "User-agent: *\nAllow: /\n", ContentType: "text/plain"}
	n.pages[hostileDomain+"/news/"] = Page{Body: section}
	n.pages[hostileDomain+"/"] = Page{Body: section}
	n.pages[hostileDomain+"/about"] = Page{Body: shell(o, "About", "<p>"+esc(disclaimer(o))+"</p>", "")}
}
