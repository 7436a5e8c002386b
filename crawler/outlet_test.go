package crawler

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"
)

// home is a front page as outlets have it: menu, teasers, foot.
const home = `<!doctype html><html><head><title>The Harbour Post</title>
%s
</head><body>
<header><a href="/">The Harbour Post</a>
<nav class="main-nav"><a href="/world">World</a> <a href="/business/">Business</a> <a href="/tag/ships">Ships</a> <a href="/login">Log in</a></nav></header>
<main>
<section><h2><a href="/world/ferry-line-to-reopen-in-spring">Ferry line to reopen in spring</a></h2><a href="/world">World</a></section>
<section><h2><a href="/business/cranes-for-the-new-quay-arrive">Cranes for the new quay arrive</a></h2><a href="/business/">Business</a></section>
<section><h2><a href="/world/2025/11/14/fog">Fog stops the pilots for a second day</a></h2></section>
</main>
<footer><a href="/about">About</a> <a href="/terms-of-use-of-this-site">Terms of use of this site</a> <a href="https://elsewhere.example/news/a-story-of-another-paper">Partner</a></footer>
</body></html>`

const post = "https://harbourpost.example"

func links(t *testing.T, page string) pageLinks {
	t.Helper()
	p, err := readLinks([]byte(page), "text/html; charset=utf-8", post+"/")
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func addresses(list []found) []string {
	var out []string
	for _, x := range list {
		out = append(out, strings.TrimPrefix(x.url, post))
	}
	return out
}

func TestHomePage(t *testing.T) {
	p := links(t, fmt.Sprintf(home, `<link rel="alternate" type="application/rss+xml" href="/feed.rss">
<link rel="alternate" type="application/rss+xml" href="/comments/feed/"><link rel="alternate" hreflang="de" href="/de/">`))
	want := []string{"/world/ferry-line-to-reopen-in-spring", "/business/cranes-for-the-new-quay-arrive", "/world/2025/11/14/fog"}
	if got := addresses(p.articles(post + "/")); !slices.Equal(got, want) {
		t.Errorf("articles %q, want %q", got, want)
	}
	if got, want := addresses(p.sections(post+"/")), []string{"/world", "/business/"}; !slices.Equal(got, want) {
		t.Errorf("sections %q, want %q", got, want)
	}
	if want := []string{post + "/feed.rss"}; !slices.Equal(p.feeds, want) {
		t.Errorf("feeds %q, want %q", p.feeds, want)
	}
}

// TestArticleLinks tells teasers from the rest by address, text and place.
func TestArticleLinks(t *testing.T) {
	for _, c := range []struct {
		name, html string
		want       []string
	}{
		{"a plain list", `<a href="/news/one">one</a><a href="/about">about</a>`, []string{"/news/one"}},
		{"a menu alone", `<nav><a href="/news/world">World</a><a href="/news/sport">Sport</a></nav>`, nil},
		{"a menu by class", `<div class="top-menu"><a href="/news/world">World</a></div>`, nil},
		{"a headline without a speaking address", `<div><h3><a href="/x7f">Minister resigns after late vote in parliament</a></h3></div>`, []string{"/x7f"}},
		{"a heading in the link", `<a href="/x7f"><div><h3>Minister resigns after late vote in parliament</h3></div></a>`, []string{"/x7f"}},
		{"Chinese", `<h3><a href="/c/2025-11/14/content_71234.htm">白宫备忘录称阿里巴巴向中国军方提供技术支持</a></h3>`, []string{"/c/2025-11/14/content_71234.htm"}},
		{"number in a query", `<a href="/story.php?id=48213">more</a>`, []string{"/story.php?id=48213"}},
		{"files and pictures", `<a href="/2025/11/14/map-of-the-harbour.jpg">Map</a><a href="/2025/report-on-the-harbour-works.pdf">Report</a>`, nil},
		{"pages of a list", `<a href="/news/page/2">2</a>`, nil},
		{
			"kickers beside teasers", `<a href="/a/b">Asia</a> <a href="/a/b/">Asia</a>
<h3><a href="/a/b/first-of-three-long-names">First of three long names</a></h3><h3><a href="/a/b/second-of-three-long-names">Second</a></h3><h3><a href="/a/b/third-of-three-long-names">Third</a></h3>`,
			[]string{"/a/b/first-of-three-long-names", "/a/b/second-of-three-long-names", "/a/b/third-of-three-long-names"},
		},
		{
			"a section named again and again", `<a href="/k/asia">Asia</a><a href="/k/asia">Asia</a><a href="/k/asia">Asia</a><a href="/k/asia">Asia</a><a href="/k/once">more</a>`,
			[]string{"/k/once"},
		},
		{"a section of the menu", `<nav><a href="/k/asia">Asia</a></nav><a href="/k/asia">Asia</a>`, nil},
		{"base", `<base href="https://harbourpost.example/deep/"><a href="down-in-the-old-town-1999">Down in the old town, 1999</a>`, []string{"/deep/down-in-the-old-town-1999"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			if got := addresses(links(t, c.html).articles(post + "/")); !slices.Equal(got, c.want) {
				t.Errorf("%q, want %q", got, c.want)
			}
		})
	}
}

// TestOutletByDomain finds an outlet's articles by nothing but its domain, on
// whichever way the outlet offers them.
func TestOutletByDomain(t *testing.T) {
	const host = "harbourpost.example"
	item := func(n string) string {
		return `<rss version="2.0"><channel><item><link>http://` + host + n + `</link></item></channel></rss>`
	}
	urlset := func(n string) string { return `<urlset><url><loc>http://` + host + n + `</loc></url></urlset>` }
	for _, c := range []struct {
		name  string
		pages map[string]string
		want  string // taken beside the teasers of the home page
	}{
		{"feed named by the page", map[string]string{"/": fmt.Sprintf(home, `<link rel="alternate" type="application/rss+xml" href="/feed.rss">`), "/feed.rss": item("/in/the-feed-only")}, "/in/the-feed-only"},
		{"sitemap named by robots.txt", map[string]string{
			"/": home, "/robots.txt": "User-agent: *\nAllow: /\nSitemap: http://" + host + "/maps/news.xml\n",
			"/maps/news.xml": urlset("/in/the-sitemap-only"),
		}, "/in/the-sitemap-only"},
		{"feed at a usual place", map[string]string{"/": home, "/rss.xml": item("/in/the-feed-only")}, "/in/the-feed-only"},
		{"sitemap at a usual place", map[string]string{"/": home, "/sitemap.xml": urlset("/in/the-sitemap-only")}, "/in/the-sitemap-only"},
		{"section of the menu", map[string]string{"/": home, "/world": `<h2><a href="/in/the-section-only">Stands in the section only, today</a></h2>`}, "/in/the-section-only"},
	} {
		t.Run(c.name, func(t *testing.T) {
			pages := map[string]string{}
			for path, body := range c.pages {
				pages[host+path] = body
			}
			pages[host+c.want] = anArticle
			for _, a := range []string{"/world/ferry-line-to-reopen-in-spring", "/business/cranes-for-the-new-quay-arrive", "/world/2025/11/14/fog"} {
				pages[host+a] = anArticle
			}
			w, cfg := newWorld(t, pages)
			sink := &memory{}
			// The server speaks no TLS: the address without it is found as well.
			st := once(t, start(t, t.TempDir(), cfg, sink, Source{Kind: "outlet", Value: host}), false)
			var got []string
			for _, a := range sink.all {
				got = append(got, strings.TrimPrefix(a.URL, "http://"+host))
			}
			if !slices.Contains(got, c.want) || len(got) != 4 {
				t.Errorf("taken %q, want %s and three of the home page; %+v", got, c.want, st)
			}
			if s := st.Sources[0]; s.Source != "outlet "+host || s.Error != "" || s.LastSuccess == nil || s.Taken != 4 {
				t.Errorf("source %+v", s)
			}
			if f := visitor(t, cfg).Source(t.Context(), Source{Kind: "outlet", Value: host}); f.Err != nil || !strings.HasPrefix(f.What, "home page") || f.Items < 3 {
				t.Errorf("finding %+v", f)
			}
			if w.asked(host+"/about")+w.asked(host+"/login")+w.asked(host+"/tag/ships") > 0 {
				t.Error("asked for what is no news")
			}
		})
	}
}

// TestPartsFade: a sitemap of an index that has nothing new is asked ever more
// seldom, as is a part that fails.
func TestPartsFade(t *testing.T) {
	now := time.Now()
	old := &task{kind: "sitemap", source: "sitemap http://x.example/s", depth: 1}
	last := time.Duration(0)
	for same := range 8 {
		d := old.pollAfter(&pollState{slowTime: slowHours, fastTime: fastHours}, same+1, 0, 0)
		if want := min(day<<same, fadeMax); d < want || d > want+want/20 || d < last {
			t.Errorf("after %d times without news: %v, want %v", same, d, want)
		}
		last = min(day<<same, fadeMax)
	}
	c := &Crawler{}
	dead := &task{kind: "feed", source: "outlet x.example", depth: 1, attempts: 30}
	if d := time.UnixMilli(c.fail(dead, "gone", 404, 0).due).Sub(now).Round(time.Hour); d != fadeMax {
		t.Errorf("a dead part is asked after %v, want %v", d, fadeMax)
	}
	configured := &task{kind: "feed", source: "feed http://x.example/f", attempts: 30}
	if d := time.UnixMilli(c.fail(configured, "gone", 404, 0).due).Sub(now).Round(time.Minute); d > 6*time.Hour {
		t.Errorf("a source of the config is asked after %v", d)
	}
}

// TestIndexOfManySitemaps: the sitemaps of a long index wait, the newest least.
func TestIndexOfManySitemaps(t *testing.T) {
	l := listing{}
	begin := time.Date(2025, time.November, 1, 0, 0, 0, 0, time.UTC)
	for i := range 1000 {
		l.found = append(l.found, found{url: fmt.Sprint(i), kind: "sitemap", published: begin.Add(time.Duration(i) * time.Hour)})
	}
	l.found = append(l.found, found{url: "an article"})
	l.stagger()
	at := map[string]time.Duration{}
	for _, x := range l.found {
		at[x.url] = x.later
	}
	if at["an article"] != 0 || at["999"] != 0 || at["800"] != 0 || at["799"] != partEvery || at["0"] != 800*partEvery {
		t.Errorf("waits: newest %v, 800th %v, next %v, oldest %v", at["999"], at["800"], at["799"], at["0"])
	}
}

// TestOutletAtLastAddress finds a home page that is at the last of the
// addresses that are tried.
func TestOutletAtLastAddress(t *testing.T) {
	const host = "www.harbourpost.example"
	_, cfg := newWorld(t, map[string]string{host + "/": home, host + "/world/ferry-line-to-reopen-in-spring": anArticle})
	cfg.ConnectTo = map[string]string{host: cfg.ConnectTo["*"], "harbourpost.example": "127.0.0.1:1"}
	sink := &memory{}
	st := once(t, start(t, t.TempDir(), cfg, sink, Source{Kind: "outlet", Value: "harbourpost.example"}), false)
	if sink.len() != 1 || st.Sources[0].Error != "" {
		t.Errorf("%d articles, want one; %+v", sink.len(), st)
	}
}

// TestOutletUnreachable tells why, at the last address that was tried.
func TestOutletUnreachable(t *testing.T) {
	_, cfg := newWorld(t, nil)
	cfg.ConnectTo = map[string]string{"*": "127.0.0.1:1"}
	st := once(t, start(t, t.TempDir(), cfg, &memory{}, Source{Kind: "outlet", Value: "harbourpost.example"}), false)
	if s := st.Sources[0]; s.Error == "" || s.LastSuccess != nil || len(st.NotFetched) != 1 {
		t.Errorf("%+v", st)
	}
}

// TestSetSources changes the sources of a crawl that goes on.
func TestSetSources(t *testing.T) {
	feed := func(n string) string {
		return `<rss version="2.0"><channel><item><link>http://paper.example/` + n + `</link></item></channel></rss>`
	}
	w, cfg := newWorld(t, map[string]string{
		"paper.example/a": feed("news/first"), "paper.example/b": feed("news/second"),
		"paper.example/news/first": anArticle, "paper.example/news/second": anArticle,
	})
	a, b := Source{Kind: "feed", Value: "http://paper.example/a"}, Source{Kind: "feed", Value: "http://paper.example/b"}
	sink := &memory{}
	c := start(t, t.TempDir(), cfg, sink, a)
	ctx, stop := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	go func() { ended <- c.Run(ctx) }()
	sink.wait(t, 1)
	if err := c.SetSources([]Source{a, b}); err != nil {
		t.Fatal(err)
	}
	sink.wait(t, 2)
	if n := w.asked("paper.example/a"); n != 1 {
		t.Errorf("a source that stays was asked %d times, want once", n)
	}
	if err := c.SetSources([]Source{{Kind: "feed", Value: "ftp://paper.example/a"}}); err == nil {
		t.Error("a wrong source is taken")
	}
	if err := c.SetSources([]Source{b}); err != nil {
		t.Fatal(err)
	}
	var st Stats
	for end := time.Now().Add(20 * time.Second); time.Now().Before(end) && st.Fetched != 2; time.Sleep(time.Millisecond) {
		var err error // the sink has an article a moment before the frontier is told
		if st, err = c.Stats(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	if len(st.Sources) != 1 || st.Sources[0].Source != b.key() || st.Sources[0].Taken != 1 || st.Fetched != 2 {
		t.Errorf("%+v, want the second source with its numbers", st)
	}
	stop()
	if err := <-ended; err != nil {
		t.Error(err)
	}
}

// TestPollNow asks the sources of a crawl that goes on, although none is due.
func TestPollNow(t *testing.T) {
	item := func(n string) string { return `<item><link>http://paper.example/news/` + n + `</link></item>` }
	w, cfg := newWorld(t, map[string]string{
		"paper.example/f":          `<rss version="2.0"><channel>` + item("first") + `</channel></rss>`,
		"paper.example/news/first": anArticle, "paper.example/news/second": anArticle,
	})
	sink := &memory{}
	c := start(t, t.TempDir(), cfg, sink, Source{Kind: "feed", Value: "http://paper.example/f"})
	ctx, stop := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	go func() { ended <- c.Run(ctx) }()
	sink.wait(t, 1)
	w.mu.Lock()
	w.pages["paper.example/f"] = `<rss version="2.0"><channel>` + item("first") + item("second") + `</channel></rss>`
	w.mu.Unlock()
	if err := c.PollNow(); err != nil {
		t.Fatal(err)
	}
	sink.wait(t, 2)
	if n := w.asked("paper.example/news/first"); n != 1 {
		t.Errorf("an article that is known was asked for %d times, want once", n)
	}
	stop()
	if err := <-ended; err != nil {
		t.Error(err)
	}
}

// TestCited follows links of articles to those of other sites, as far as they
// may go.
func TestCited(t *testing.T) {
	page := func(links ...string) string {
		s := anArticle
		for _, l := range links {
			s += `<a href="` + l + `">reported</a>`
		}
		return s
	}
	const second, third, fourth = "http://gazette.example/2025/11/14/memo-on-the-harbour", "http://herald.example/2025/11/13/the-harbour-and-the-memo", "http://times.example/2025/11/12/harbour-first-seen-by-us"
	w, cfg := newWorld(t, map[string]string{
		"paper.example/f": `<rss version="2.0"><channel><item><link>http://paper.example/news/one</link></item></channel></rss>`,
		"paper.example/news/one": page(second, "http://gazette.example/", "http://paper.example/news/two", "https://x.com/2025/11/14/memo-on-the-harbour",
			"http://share.example/2025/11/14/send-this-to-a-friend?u=http%3A%2F%2Fpaper.example%2F"),
		"gazette.example/2025/11/14/memo-on-the-harbour":     page(third),
		"herald.example/2025/11/13/the-harbour-and-the-memo": page(fourth),
		"times.example/2025/11/12/harbour-first-seen-by-us":  page(),
	})
	for _, on := range [][2]bool{{false, true}, {true, false}, {true, true}} {
		cfg.FollowLinks = on[0]
		src := Source{Kind: "feed", Value: "http://paper.example/f", Story: "st", Follow: on[1]}
		follow := on[0] && on[1]
		sink := &memory{}
		st := once(t, start(t, t.TempDir(), cfg, sink, src), false)
		var got []string
		for _, a := range sink.all {
			got = append(got, a.URL)
		}
		want := []string{"http://paper.example/news/one"}
		if follow {
			want = append(want, second, third) // the fourth is a link too far
		}
		slices.Sort(got)
		slices.Sort(want)
		if !slices.Equal(got, want) || st.Sources[0].Taken != len(want) {
			t.Errorf("follow %v: taken %q, want %q; %+v", follow, got, want, st)
		}
	}
	for _, key := range []string{"gazette.example/", "paper.example/news/two", "x.com/2025/11/14/memo-on-the-harbour"} {
		if w.asked(key) > 0 {
			t.Errorf("asked for %s", key)
		}
	}
}
