package crawler

import (
	"net/url"
	"slices"
	"strings"
	"testing"
)

// TestNoArticle has addresses as outlets of many countries have them.
func TestNoArticle(t *testing.T) {
	for _, c := range []struct {
		want  bool
		paths string
	}{
		{true, `/ /tag/ships /tags/ships-and-more-of-them/ /topic/ferry-services-in-the-north /thema/faehrverkehr_im_norden/ /tudo-sobre/balsa-das-ilhas/
			/category/world/ /category/world/page/2/ /rubric/3 /editorias/mundo-e-america-latina/ /author/mara-lindqvist-12345 /autor/mara-lindqvist-e-outros/
			/signataires/mara-lindqvist/ /users/mara-lindqvist /by/mara-lindqvist /2026/11/25 /2026/11/ /archive/2026/11 /news/2026-11/ /world/page/2 /list/seite-3.html
			/search?q=ferry+line /suche/ /login?return=/world/a-long-name-of-one /wp-json/wp/v2/posts/12 /impressum /abo/angebote-im-ueberblick /privacy
			/jobs/senior-reporter-harbour-desk /weather/forecast-for-the-coast /harbour.jpg /world/report-of-the-year-2026.pdf
			/%D9%88%D8%B3%D9%88%D9%85/x /%D1%82%D0%B5%D0%BC%D1%8B/12 /hub/ferry-services /news?start=20 /world/a-long-name-of-one?page=2 /print/world/ferry-line-reopens`},
		{false, `/world/ferry-line-reopens /ferry-line-reopens/ /2026/11/26/ferry/ /news/2026/11/26/n_1900.shtml /doc/6100012 /view/AKR20261126001000001
			/topics/2026/11/26/ferry-line-reopens /category/world/2026/11/26/ferry-line-reopens/ /weather/2026/11/26/storm/ /weather/storm-hits-coast-5667788
			/games/23456789/a-review-of-the-year /archives/12345 /archive/slug-of-an-article /?p=1234 /cgi-bin/news.cgi?id=4711 /tagesschau/ferry /authority/rules
			/columnists/201911181077343476-a-columnist-writes/ /autoren/dana-reyes/what-is-new-today /weather/storm-hits-the-coast-again-today /collection/best-books-of-the-year/ /category.php?id=81 /news_view.html?bc=03&idx=8576&page=1 /view.html?newskey=20261126&page=4 /themedia/report /userstory/one /articles/-/120000 /abolition/one /searchlight/the-first-of-them /x7f`},
	} {
		for path := range strings.FieldsSeq(c.paths) {
			u, err := url.Parse(post + path)
			if err != nil {
				t.Fatal(err)
			}
			if got := noArticle(u); got != c.want {
				t.Errorf("%s: %v, want %v", path, got, c.want)
			}
		}
	}
}

// TestSections tells lists of a menu from the rest.
func TestSections(t *testing.T) {
	for _, c := range []struct {
		name, html     string
		want, articles []string
	}{
		{"categories", `<nav><a href="/category/world/">World</a><a href="/tag/ships/">Ships</a><a href="/author/dana/">Dana</a></nav>`, []string{"/category/world/"}, nil},
		{"tags alone", `<nav><a href="/tag/politics/">Politics</a><a href="/about/">About</a></nav>`, []string{"/tag/politics/"}, nil},
		{"numbers", `<nav><a href="/node_7134.htm">国际</a><a href="/2026/11/26/">Today</a></nav>`, []string{"/node_7134.htm"}, nil},
		{"queries", `<nav><a href="/list.asp?cat=3">World</a><a href="/list.asp?cat=3&amp;page=2">2</a><a href="/news.asp?id=12">One</a></nav>`, []string{"/list.asp?cat=3"}, nil},
		{"no menu", `<table><td><a href="/list.asp?cat=3">World</a><a href="/news.asp?nid=4400">Ferry line to reopen in spring</a><a href="/news.asp?nid=4401">Ferry</a></table>`, []string{"/list.asp?cat=3"}, []string{"/news.asp?nid=4400", "/news.asp?nid=4401"}},
		{
			"parts of articles", `<a href="/p/ferry-line-to-reopen"><h2>Ferry line to reopen in spring</h2></a><a href="/p/ferry-line-to-reopen/comments">12 comments on this post</a>
<a href="/p/ferry-line-to-reopen?action=share">Share this post with all your friends</a><a href="/p/ferry-line-to-reopen/2026/11/26/second-part-of-it">Second part of it</a>`,
			nil,
			[]string{"/p/ferry-line-to-reopen", "/p/ferry-line-to-reopen/2026/11/26/second-part-of-it"},
		},
	} {
		t.Run(c.name, func(t *testing.T) {
			p := links(t, c.html)
			if got := addresses(p.sections(post + "/")); !slices.Equal(got, c.want) {
				t.Errorf("sections %q, want %q", got, c.want)
			}
			if got := addresses(p.articles(post + "/")); !slices.Equal(got, c.articles) {
				t.Errorf("articles %q, want %q", got, c.articles)
			}
		})
	}
}

// TestFeedsOfLinks finds feeds that a page only links to.
func TestFeedsOfLinks(t *testing.T) {
	p := links(t, `<head><link rel="alternate" type="application/rss+xml" href="/all.xml"></head><footer><a href="/rss/world.rss">RSS</a> <a href="/rss.xml?cat=3">x</a> <a href="/stories?format=rss">Feed</a>
<a href="/world/ferry/feed/">Feed</a> <a href="/world/ferry/comments/feed/">Feed</a> <a href="/news/rss-feeds-are-back-in-fashion">RSS feeds are back in fashion</a><a href="/all.xml">RSS</a></footer>`)
	if want := []string{post + "/all.xml", post + "/rss/world.rss", post + "/rss.xml?cat=3", post + "/stories?format=rss", post + "/world/ferry/feed/"}; !slices.Equal(p.feeds, want) {
		t.Errorf("feeds %q, want %q", p.feeds, want)
	}
}

// TestJSONFeedNamed finds a JSON feed under the media type that its first
// version has.
func TestJSONFeedNamed(t *testing.T) {
	p := links(t, `<link rel="alternate" type="application/json" href="/feed.json"><link rel="alternate" type="application/json" href="/wp-json/wp/v2/pages/12">
<link rel="alternate" type="application/feed+json" href="/v11"><link rel="alternate" type="application/json+oembed" href="/oembed?feed">`)
	if want := []string{post + "/feed.json", post + "/v11"}; !slices.Equal(p.feeds, want) {
		t.Errorf("feeds %q, want %q", p.feeds, want)
	}
}
