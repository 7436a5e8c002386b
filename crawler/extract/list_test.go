package extract

import (
	"fmt"
	"strings"
	"testing"
)

// TestList tells pages that are no articles, by what they say.
func TestList(t *testing.T) {
	const text = `<p>The harbour council voted on Tuesday to reopen the ferry line to the islands in spring, after a year in which nothing went there at all.</p>`
	teasers := func(n int) string {
		var b strings.Builder
		for i := range n {
			fmt.Fprintf(&b, `<article><h2><a href="/world/story-%d">Ferry line number %d to reopen in spring</a></h2>%s</article>`, i, i, text)
		}
		return b.String()
	}
	dated := `<meta property="article:published_time" content="2026-11-26T10:00:00Z">`
	article := `<h1>Ferry line to reopen</h1>` + strings.Repeat(text, 6)
	for _, c := range []struct {
		name, head, class, body, want string
	}{
		{"an article", dated, "", article, ""},
		{"an article that says nothing of itself", "", "", article, ""},
		{"an article of a site that calls all pages one", `<meta property="og:type" content="website">` + dated, "", article, ""},
		{"an article with teasers below", "", "", article + teasers(9), ""},
		{"an article without paragraphs", "", "", strings.NewReplacer("<p>", "", "</p>", "<br>").Replace(article) + teasers(9), ""},
		{"a post whose headline is a link to itself", "", "", `<div><h2><a href="/a/b">Ferry line to reopen</a></h2>` + strings.Repeat(text, 9) + `</div>` + teasers(9), ""},
		{"a single post", "", "post-template-default single single-post postid-12", article, ""},
		{"a section", "", "", `<h1>World</h1>` + teasers(9), "teasers"},
		{"headlines in links", "", "", `<h1>World</h1>` + strings.Repeat(`<div><a href="/x"><h3>Ferry line to reopen in spring</h3></a><div>`+text+`</div></div>`, 6), "teasers"},
		{"a short list", "", "", `<h1>World</h1>` + teasers(3), ""},
		{"a category of WordPress", "", "archive category category-world category-12", article, "body class category-world"},
		{"a page of WordPress", `<meta property="og:type" content="article">`, "page-template-default page page-id-12", article, "body class page-id-12"},
		{"a term of Drupal", "", "path-taxonomy", article, "body class path-taxonomy"},
		{"a collection", `<script type="application/ld+json">{"@context":"https://schema.org","@graph":[{"@type":"CollectionPage","name":"World"}]}</script>`, "", article, "json-ld CollectionPage"},
		{"an article on a page of another type", `<script type="application/ld+json">{"@graph":[{"@type":["WebPage","FAQPage"]},{"@type":"NewsArticle","headline":"Ferry line to reopen"}]}</script>`, "", article, ""},
		{"an author", `<meta property="og:type" content="profile">`, "", article, "meta og:type profile"},
		{"a page about the site", `<meta property="og:type" content="website">`, "", article, "meta og:type website"},
	} {
		t.Run(c.name, func(t *testing.T) {
			html := `<!doctype html><html lang="en"><head><title>Page</title>` + c.head + `</head><body class="` + c.class + `">` + c.body + `</body></html>`
			p, err := Extract([]byte(html), "text/html; charset=utf-8", "https://paper.example/a/b")
			if err != nil {
				t.Fatal(err)
			}
			if p.List != c.want {
				t.Errorf("%q, want %q", p.List, c.want)
			}
		})
	}
}
