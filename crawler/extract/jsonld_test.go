package extract

import (
	"strings"
	"testing"
)

// TestLinkedAuthors has the forms in which JSON-LD names authors.
func TestLinkedAuthors(t *testing.T) {
	for _, c := range []struct{ in, want string }{
		{`"author":"Nora Quill"`, "Nora Quill"},
		{`"author":["Nora Quill","Tom Hill"]`, "Nora Quill|Tom Hill"},
		{`"author":{"@type":"Person","name":"Nora Quill"}`, "Nora Quill"},
		{`"author":[{"name":"Nora Quill"},{"name":"Tom Hill"}]`, "Nora Quill|Tom Hill"},
		{`"author":{"name":["Nora Quill","Tom Hill"]}`, "Nora Quill|Tom Hill"},
		{`"author":{"@list":[{"name":"Nora Quill"},{"name":"Tom Hill"}]}`, "Nora Quill|Tom Hill"},
		{`"author":{"name":{"@value":"Nora Quill","@language":"en"}}`, "Nora Quill"},
		{`"author":{"givenName":"Nora","familyName":"Quill"}`, "Nora Quill"},
		{`"creator":"Nora Quill"`, "Nora Quill"},
		{`"author":{"@id":"#nora"},"about":{"@id":"#nora","@type":"Person","name":"Nora Quill"}`, "Nora Quill"},
		{`"author":{"url":"https://post.example/nora"}`, ""},
		{`"author":null`, ""},
	} {
		l := readLinked([]string{`{"@type":"NewsArticle","headline":"Ferry runs",` + c.in + `}`})
		if got := strings.Join(l.authors, "|"); got != c.want {
			t.Errorf("%s: got %q, want %q", c.in, got, c.want)
		}
	}
}

// TestBrokenLinked: what can be read of a block that is broken.
func TestBrokenLinked(t *testing.T) {
	for _, c := range []struct{ name, in, headline, published string }{
		{"cut off", `{"@type":"NewsArticle","headline":"Ferry \"runs\"","datePublished":"2024-03-05","articleBody":"The fer`, `Ferry "runs"`, "2024-03-05"},
		{"cut off in a graph", `{"@graph":[{"@type":"WebSite","name":"Post","dateModified":"2001-01-01"},{"@type":"NewsArticle","headline":"Ferry runs","datePublished":"2024-03-05"`, "Ferry runs", "2024-03-05"},
		{"a comma too many", `{"@type":"NewsArticle","headline":"Ferry runs","datePublished":"2024-03-05",}`, "Ferry runs", "2024-03-05"},
		{"a line break in a text", "{\"@type\":\"NewsArticle\",\"headline\":\"Ferry\nruns\",\"datePublished\":\"2024-03-05\"}", "Ferry runs", "2024-03-05"},
		{"no article", `{"@type":"WebSite","headline":"Ferry runs","datePublished":"2024-03-05"`, "", ""},
		{"nothing but a type", `{"@type":"NewsArticle"`, "", ""},
		{"no JSON", `NewsArticle`, "", ""},
	} {
		l := readLinked([]string{c.in})
		if l.headline != c.headline || l.published != c.published {
			t.Errorf("%s: got %q of %q, want %q of %q", c.name, l.headline, l.published, c.headline, c.published)
		}
	}
}
