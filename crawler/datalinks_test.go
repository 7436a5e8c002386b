package crawler

import (
	"slices"
	"testing"
)

// TestDataLinks reads lists that a page holds as data for its scripts.
func TestDataLinks(t *testing.T) {
	const (
		one = "/news/ferry-line-to-reopen-in-spring-9001"
		two = "/news/cranes-for-the-new-quay-arrive-9002"
	)
	for _, c := range []struct {
		name, html     string
		want, sections []string
	}{
		{"a value of its own", `<div id="__next"></div><script id="__NEXT_DATA__" type="application/json">{"props":{"stories":[
{"headline":"Ferry line to reopen in spring","url":"` + one + `","image":{"url":"/pictures/of-the-ferry-in-spring-9001"},"author":{"name":"Dana Reyes","url":"/team/dana-reyes-of-the-harbour-desk"}},
{"headline":"Cranes arrive","url":"` + two + `"}],"nav":[{"label":"World","href":"/world"},{"label":"Log in","href":"/login"}]}}</script>`, []string{one, two}, []string{"/world"}},
		{"a value that a script begins with", `<script>window.x=1;window.__INITIAL_STATE__={"list":[{"title":"Ferry","canonical_url":"https:\/\/harbourpost.example\/news\/ferry-line-to-reopen-in-spring-9001"}]};go();</script>`, []string{one}, nil},
		{"a string of JSON", `<script>window.__S = JSON.parse("{\"items\":[{\"name\":\"Cranes\",\"href\":\"` + two + `\"}]}")</script>`, []string{two}, nil},
		{"pieces", `<script>self.__next_f.push([1,"4:[\"$\",\"div\",null,{\"story\":{\"path\":\"` + one + `\",\"thumbUrl\":\"/a/picture-with-a-long-name-12345\"}"])</script>`, []string{one}, nil},
		{"an attribute", `<div id="app" data-page="{&quot;props&quot;:{&quot;posts&quot;:[{&quot;title&quot;:&quot;Ferry&quot;,&quot;url&quot;:&quot;` + one + `&quot;}]}}" style="{a}"></div>`, []string{one}, nil},
		{"a list for search engines", `<script type="application/ld+json">{"@type":"ItemList","itemListElement":[{"@type":"ListItem","position":1,"url":"https://harbourpost.example` + one + `"},{"@type":"ListItem","position":2,"url":"https://harbourpost.example` + two + `"}]}</script>`, []string{one, two}, nil},
		{"headlines below", `<script>Fusion.globalContent={"content_elements":[{"canonical_url":"/x7f","headlines":{"basic":"Minister resigns after late vote in parliament"}}]};</script>`, []string{"/x7f"}, nil},
		{"the way to a page", `<script type="application/ld+json">{"@type":"BreadcrumbList","itemListElement":[{"@type":"ListItem","item":{"@id":"https://harbourpost.example/news/all-about-ferries-and-ships","name":"All about ferries and ships"}}]}</script>`, nil, nil},
		{"no JSON", `<script>var a = {b: "` + one + `", url: go("x")}; if (a == "/news/never-a-link-of-this-page-1") { f({"open": </script>`, nil, nil},
		{"pages with links need no data", `<h2><a href="/a/first-of-five-long-names">x</a></h2><h2><a href="/a/second-of-five-long-names">x</a></h2><h2><a href="/a/third-of-five-long-names">x</a></h2><h2><a href="/a/fourth-of-five-long-names">x</a></h2><h2><a href="/a/fifth-of-five-long-names">x</a></h2>
<script type="application/json">{"title":"Ferry","url":"` + one + `"}</script>`, []string{"/a/first-of-five-long-names", "/a/second-of-five-long-names", "/a/third-of-five-long-names", "/a/fourth-of-five-long-names", "/a/fifth-of-five-long-names"}, nil},
	} {
		t.Run(c.name, func(t *testing.T) {
			p := links(t, c.html)
			if got := addresses(p.articles(post + "/")); !slices.Equal(got, c.want) {
				t.Errorf("articles %q, want %q", got, c.want)
			}
			if got := addresses(p.sections(post + "/")); !slices.Equal(got, c.sections) {
				t.Errorf("sections %q, want %q", got, c.sections)
			}
		})
	}
}
