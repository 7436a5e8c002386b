package crawler

import (
	"errors"
	"net/http"
	"slices"
	"testing"
)

// TestReadAddress remembers how addresses were found: by the source, a part of
// it, or an article that links to them.
func TestReadAddress(t *testing.T) {
	w, cfg := newWorld(t, map[string]string{
		"paper.example/map.xml":                             `<sitemapindex><sitemap><loc>http://paper.example/sub.xml</loc></sitemap></sitemapindex>`,
		"paper.example/sub.xml":                             `<urlset><url><loc>http://paper.example/news/one</loc></url><url><loc>http://victim.example/x</loc></url></urlset>`,
		"paper.example/news/one":                            `<title>Article</title><p>Some text.</p><a href="http://post.example/2025/11/14/harbour-opens-again-today">the Post</a>`,
		"post.example/2025/11/14/harbour-opens-again-today": anArticle,
	})
	cfg.FollowLinks = true
	dir := t.TempDir()
	src := Source{Kind: "sitemap", Value: "http://paper.example/map.xml", Story: "st", Follow: true}
	sink := &memory{}
	once(t, start(t, dir, cfg, sink, src), false)
	for u, want := range map[string][]string{
		"http://paper.example/map.xml":            {"http://paper.example/map.xml"},
		"http://paper.example/sub.xml":            {"http://paper.example/map.xml", "http://paper.example/sub.xml"},
		"http://paper.example/news/one?utm_x=1#a": {"http://paper.example/map.xml", "http://paper.example/sub.xml", "http://paper.example/news/one"},
		"http://post.example/2025/11/14/harbour-opens-again-today": {
			"http://paper.example/map.xml", "http://paper.example/sub.xml", "http://paper.example/news/one", "http://post.example/2025/11/14/harbour-opens-again-today",
		},
	} {
		a, err := ReadAddress(t.Context(), dir, u)
		if err != nil || !slices.Equal(a.Path, want) || a.Source != "sitemap http://paper.example/map.xml" || a.URL != want[len(want)-1] {
			t.Errorf("%s: %+v, %v, want the path %q", u, a, err, want)
		}
	}
	a, err := ReadAddress(t.Context(), dir, "http://paper.example/news/one")
	if err != nil || a.Status != http.StatusOK || a.ArticleID != sink.all[0].ID && a.ArticleID != sink.all[1].ID || a.FirstFetch == nil || a.Due == nil || !slices.Equal(a.Stories, []string{"st"}) {
		t.Errorf("%+v, %v", a, err)
	}
	if a, err := ReadAddress(t.Context(), dir, "http://victim.example/x"); err != nil || a.Reason != offSite || a.Due != nil {
		t.Errorf("%+v, %v", a, err)
	}
	for _, d := range []string{dir, t.TempDir()} {
		if _, err := ReadAddress(t.Context(), d, "http://nobody.example/"); !errors.Is(err, ErrUnknownAddress) {
			t.Errorf("%v", err)
		}
	}
	if w.asked("victim.example/x") != 0 {
		t.Error("asked for what was refused")
	}
}
