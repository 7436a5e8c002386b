package extract

import (
	"net/url"
	"strings"
	"testing"
)

// TestPlainRef: what needs no parsing is resolved as the parser would.
func TestPlainRef(t *testing.T) {
	base, err := url.Parse("https://www.post.example:8443/news/a.html?x=1#top")
	if err != nil {
		t.Fatal(err)
	}
	p := &page{base: base}
	plain := 0
	for _, ref := range []string{
		"/", "/a", "/a/b.html?c=d&e=f", "/a?b=/../c", "/a/../b", "/./a", "/a//b", "//other.example/a", "/a;b=c,d", "/a:b", "/?", "/a?",
		"https://other.example", "https://other.example/", "https://other.example/a/b?c=d", "https://OTHER.example/a", "https://other.example:80/a", "https://u@other.example/a",
		"https://other.example?q=a", "https://", "https:///a", "https://other.example/a b", "https://other.example/ä", "https://other.example/%zz", "https://other.example/a/..", "http://other.example/a", "/~jane/.well-known",
	} {
		got, ok := p.plainRef(ref)
		if !ok {
			continue
		}
		plain++
		u, err := base.Parse(ref)
		if err != nil || u.String() != got {
			t.Errorf("%q: got %q, want %v (%v)", ref, got, u, err)
		}
	}
	if plain < 8 {
		t.Errorf("%d of the references need no parsing, want most that are plain", plain)
	}
}

func FuzzPlainRef(f *testing.F) {
	for _, s := range []string{"/a", "https://other.example/a?b=c", "/a/../b", "//x", "https://a.example?x"} {
		f.Add(s)
	}
	base, err := url.Parse("https://www.post.example/news/a.html")
	if err != nil {
		f.Fatal(err)
	}
	p := &page{base: base}
	f.Fuzz(func(t *testing.T, ref string) {
		ref = strings.TrimSpace(ref)
		if ref == "" {
			return
		}
		got, ok := p.plainRef(ref)
		if !ok {
			return
		}
		u, err := base.Parse(ref)
		if err != nil || u.String() != got {
			t.Errorf("%q: got %q, want %v (%v)", ref, got, u, err)
		}
	})
}
