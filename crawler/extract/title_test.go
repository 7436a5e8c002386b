package extract

import "testing"

// TestTitle has one invented page per rule of choosing and cleaning the title.
func TestTitle(t *testing.T) {
	for _, c := range []struct{ name, in, want string }{
		{"the headline, not the site", `<title>Ferry runs again - Harbour Post</title><meta property="og:site_name" content="Harbour Post"><h1>Harbour Post</h1><h1>Ferry runs again after the storm</h1>`, "Ferry runs again after the storm"},
		{"kicker in a span", `<h1><span class="article-title__overline">Harbour</span><span class="h-offscreen"> - </span><span>Ferry runs again</span></h1>`, "Ferry runs again"},
		{"linked section and a bar", `<h1><div class="entry-section"><a href="/harbour">Harbour | </a></div><span class="text">Ferry runs again</span></h1>`, "Ferry runs again"},
		{"a kicker is all there is", `<h1><span class="kicker">Ferry runs again</span></h1>`, "Ferry runs again"},
		{"sectional is no section", `<h1><span class="intersectional">Ferry runs</span> again</h1>`, "Ferry runs again"},
		{"crumb for search engines", `<meta property="og:title" content="The boat that would not stay away"><script type="application/ld+json">{"@type":"NewsArticle","headline":"Ferry: timetable, stops, prices"}</script><nav><h1 class="breadcrumb_last">Ferry: timetable, stops, prices</h1></nav>`, "The boat that would not stay away"},
		{"crumb, and JSON-LD has the headline", `<meta property="og:title" content="Ferry: timetable, stops, prices"><script type="application/ld+json">{"@type":"NewsArticle","headline":"The boat that would not stay away"}</script><h1 data-breadcrumb-headline>Ferry: timetable, stops, prices</h1>`, "The boat that would not stay away"},
		{"topic before the shared title", `<meta property="og:title" content="The boat that would not stay away"><h1>Harbour: The boat that would not stay away</h1>`, "The boat that would not stay away"},
		{"an ending is no topic", `<meta property="og:title" content="would not stay away at all"><h1>The boat would not stay away at all</h1>`, "The boat would not stay away at all"},
		{"a long first part is no topic", `<meta property="og:title" content="Ferry against rowing boat"><h1>The many ways of crossing the bay in winter: Ferry against rowing boat</h1>`, "The many ways of crossing the bay in winter: Ferry against rowing boat"},
		{"meta with value for content", `<meta property="og:title" value="The boat that would not stay away">`, "The boat that would not stay away"},
	} {
		p, err := Extract([]byte(c.in), "text/html; charset=utf-8", "https://harbourpost.example/a/b")
		if err != nil {
			t.Fatal(err)
		}
		if p.Article.Title != c.want {
			t.Errorf("%s: got %q, want %q", c.name, p.Article.Title, c.want)
		}
	}
}
