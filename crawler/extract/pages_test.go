package extract

import "testing"

func TestPages(t *testing.T) {
	const base = "https://www.example.org/news/council-votes-for-bridge"
	rel := func(next string) string { return `<link rel="next" href="` + next + `">` }
	for name, tc := range map[string]struct{ url, head, next, first string }{
		"parameter":          {base, rel("?page=2"), base + "?page=2", ""},
		"from the first":     {base + "?page=1", rel("?page=2"), base + "?page=2", ""},
		"other parameters":   {base + "?id=7", rel("?id=7&p=2"), base + "?id=7&p=2", ""},
		"path":               {base, rel(base + "/2"), base + "/2", ""},
		"path in words":      {base, rel(base + "/seite-2"), base + "/seite-2", ""},
		"path of two":        {base, rel(base + "/page/2/"), base + "/page/2/", ""},
		"file":               {base + ".html", rel("council-votes-for-bridge-2.html"), base + "-2.html", ""},
		"file in words":      {base + ".html", rel("council-votes-for-bridge_page2.html"), base + "_page2.html", ""},
		"other host's name":  {base, rel("https://example.org/news/council-votes-for-bridge?page=2"), "https://example.org/news/council-votes-for-bridge?page=2", ""},
		"in a pager":         {base, `<div class="c-pagination"><a href="?page=2">2</a><a href="?page=3">3</a></div>`, base + "?page=2", ""},
		"second of three":    {base + "?page=2", rel("?page=3") + `<link rel=prev href="?page=1">`, base + "?page=3", base + "?page=1"},
		"last":               {base + "/3", `<link rel=canonical href="` + base + `">`, "", base},
		"next article":       {base, rel("/news/mayor-opens-the-school"), "", ""},
		"next number":        {"https://www.example.org/news/1001", rel("/news/1002"), "", ""},
		"next small number":  {"https://www.example.org/news/story-1.html", rel("/news/story-2.html"), "", ""},
		"a page is left out": {base, rel("?page=3"), "", ""},
		"other host":         {base, rel("https://other.example/news/council-votes-for-bridge?page=2"), "", ""},
		"comments":           {base, `<div id=comments><ul class=pagination><li><a href="?page=2">2</a></ul></div>`, "", ""},
		"no pager":           {base, `<p><a href="?page=2">more</a></p>`, "", ""},
		"itself":             {base, rel(base), "", ""},
		"nonsense":           {base, rel("http://[::1"), "", ""},
	} {
		p, err := Extract([]byte(`<html><head><title>Council votes</title><meta property="og:type" content="article">`+tc.head+`</head><body><h1>Council votes</h1>`+paras(3)), "text/html", tc.url)
		if err != nil {
			t.Fatal(err)
		}
		if p.Next != tc.next || p.First != tc.first {
			t.Errorf("%s: next %q, first %q, want %q, %q", name, p.Next, p.First, tc.next, tc.first)
		}
	}
	for name, head := range map[string]string{"a list": "", "a live blog": `<meta property="og:type" content="article"><script type="application/ld+json">{"@type":"LiveBlogPosting","headline":"Council votes"}</script>`} {
		p, err := Extract([]byte(`<html><head><title>Council votes</title>`+head+rel("?page=2")+`</head><body><h1>Council votes</h1>`+paras(3)), "text/html", base)
		if err != nil || p.Next != "" {
			t.Errorf("%s has the next page %q, %v", name, p.Next, err)
		}
	}
}
