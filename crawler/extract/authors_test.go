package extract

import (
	"slices"
	"testing"
)

// TestAuthors has one invented page per rule of finding and cleaning authors.
func TestAuthors(t *testing.T) {
	ld := func(author string) string {
		return `<script type="application/ld+json">{"@type":"NewsArticle","publisher":{"name":"Harbour Post"},"author":` + author + `}</script>`
	}
	for _, c := range []struct {
		name, in string
		want     []string
	}{
		{"by and name in elements of their own", `<div class="byline"><span>By</span><span>Nora Quill</span></div>`, []string{"Nora Quill"}},
		{"by twice", `<div class="byline">By<a>by NORA QUILL</a></div>`, []string{"Nora Quill"}},
		{"a name that begins with By", `<div class="byline">Byron Quill</div>`, []string{"Byron Quill"}},
		{"last of a list", ld(`"Nora Quill, Amir Stone, and Li Berg"`), []string{"Nora Quill", "Amir Stone", "Li Berg"}},
		{"agency after the name", ld(`"Nora Quill The Associated Press"`), []string{"Nora Quill"}},
		{"role before the name", ld(`"Schiffs-Experte Nils Hafen"`), []string{"Nils Hafen"}},
		{"link to more", `<a rel="author">More stories by Nora Quill</a>`, []string{"Nora Quill"}},
		{"outlet beside a person", ld(`[{"name":"Nora Quill"},{"name":"Harbour Post"},{"name":"Quayside Media"}]`), []string{"Nora Quill"}},
		{"outlet's desk, a person in the byline", ld(`{"@type":"Organization","name":"Harbour Post"}`) + `<p class="byline">By Nora Quill</p>`, []string{"Nora Quill"}},
		{"only the outlet signs", ld(`{"@type":"Organization","name":"Harbour Post"}`), []string{"Harbour Post"}},
		{"an agency signs", ld(`"AFP"`), []string{"AFP"}},
		{"a desk with two names stays whole", ld(`"Harbour Post and AFP"`), []string{"Harbour Post and AFP"}},
		{"an account is no author", `<meta name="author" content="admin">`, nil},
		{"an address is no author", ld(`"desk@harbourpost.example"`), nil},
		{"account beside a byline", `<meta property="article:author" content="nora.quill"><p class="byline">By Nora Quill</p>`, []string{"Nora Quill"}},
		{"classes of the whole page", `<body class="comments-open"><a rel="author">Nora Quill</a>`, []string{"Nora Quill"}},
		{"author of a comment", `<div class="comment"><a rel="author">Rude Person</a></div>`, nil},
		{"address in an aside", `<aside><address><a rel="author">Nora Quill</a></address></aside>`, []string{"Nora Quill"}},
		{"author of a related article", `<aside><a rel="author">Other Person</a></aside>`, nil},
	} {
		p, err := Extract([]byte(c.in), "text/html; charset=utf-8", "https://harbourpost.example/a/b")
		if err != nil {
			t.Fatal(err)
		}
		if !slices.Equal(p.Article.Authors, c.want) {
			t.Errorf("%s: got %q, want %q", c.name, p.Article.Authors, c.want)
		}
	}
}
