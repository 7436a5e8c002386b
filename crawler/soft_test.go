package crawler

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	"dateline"
)

// TestSoftPages judges pages by their words and marks.
func TestSoftPages(t *testing.T) {
	long := strings.Repeat("The harbour board met again on Friday and heard the fishermen. ", 20)
	for _, c := range []struct{ name, title, text, html, asked, final, want string }{
		{name: "an article", title: "Harbour opens", text: long},
		{name: "a short article", title: "Harbour opens", text: "The harbour opened at noon."},
		{name: "a long article on a missing page", title: "Why 404 pages say not found", text: long},
		{name: "a long article on a captcha", title: "Access denied: how captchas keep readers out", text: long},
		{name: "a short item on what does not exist", title: "Minister: fund does not matter", text: "The fund does not exist, she said."},
		{name: "English", title: "Page Not Found | Harbour Post", want: "soft_404"},
		{name: "the number", title: "404 - Harbour Post", text: "Try the front page.", want: "soft_404"},
		{name: "German", title: "Seite nicht gefunden", want: "soft_404"},
		{name: "French, typographic", title: "Cette page n’existe plus", want: "soft_404"},
		{name: "Russian", title: "Страница не найдена", want: "soft_404"},
		{name: "Polish", title: "Nie znaleziono strony", want: "soft_404"},
		{name: "Arabic", title: "الصفحة غير موجودة", want: "soft_404"},
		{name: "Chinese", title: "您访问的页面不存在", want: "soft_404"},
		{name: "Japanese, in the text", title: "港新聞", text: "お探しのページは移動または削除されました。", want: "soft_404"},
		{name: "in the text", title: "Harbour Post", text: "Sorry, the page you are looking for has gone.", want: "soft_404"},
		{name: "in the title element only", html: "<title>Error 404</title>", title: "Harbour Post", text: "Read more.", want: "soft_404"},
		{name: "to the front page", title: "Harbour Post", text: long, asked: "https://a.example/news/one", final: "https://a.example/", want: "soft_404"},
		{name: "to an error page", title: "Harbour Post", text: long, asked: "https://a.example/news/one", final: "https://a.example/404.html", want: "soft_404"},
		{name: "to https", title: "Harbour", text: long, asked: "http://a.example/", final: "https://a.example/"},
		{name: "to an article on errors", title: "Harbour", text: long, asked: "http://a.example/1", final: "https://a.example/errors/in-the-budget"},
		{name: "to a login", title: "Harbour Post", text: long, asked: "https://a.example/news/one", final: "https://a.example/login?next=/news/one", want: "soft_block"},
		{name: "to a consent host", title: "Harbour Post", text: long, asked: "https://a.example/news/one", final: "https://consent.b.example/collect", want: "soft_block"},
		{name: "Cloudflare", title: "Just a moment...", html: `<script>window._cf_chl_opt={}</script>`, want: "soft_block"},
		{name: "Akamai", title: "Access Denied", text: "You don't have permission to access this page on this server. Reference #18", want: "soft_block"},
		{name: "DataDome, no words", html: `<title>a.example</title><script>var dd={'host':'geo.captcha-delivery.com'}</script>`, title: "a.example", want: "soft_block"},
		{name: "Imperva, in a frame", html: `<iframe src="/_Incapsula_Resource?x=1"></iframe>`, want: "soft_block"},
		{name: "AWS", title: "Human Verification", want: "soft_block"},
		{name: "far away", title: "Harbour Post", text: "This content is not available in your region.", want: "soft_block"},
		{name: "German consent", title: "Mit Werbung weiterlesen", want: "soft_block"},
		{name: "Dutch consent", title: "Voordat je verdergaat", want: "soft_block"},
		{name: "Chinese gate", title: "安全验证", want: "soft_block"},
		{name: "Russian gate", title: "Доступ запрещён", want: "soft_block"},
		{name: "an article whose comments have a captcha", title: "Harbour opens", text: long, html: `<script src="https://www.google.com/recaptcha/api.js"></script>`},
		{name: "a short article whose page has a captcha", title: "Harbour opens", text: "The harbour opened.", html: `<script src="https://hcaptcha.com/1/api.js"></script><div>` + long + `</div>`},
	} {
		t.Run(c.name, func(t *testing.T) {
			asked, final := c.asked, c.final
			if asked == "" {
				asked, final = "https://a.example/news/one", "https://a.example/news/one"
			}
			p := &Page{Article: &dateline.Article{Title: c.title, Body: c.text}}
			if got := p.soft(asked, &response{url: final, status: 200, header: http.Header{}, body: []byte(c.html)}); got != c.want {
				t.Errorf("%q, want %q", got, c.want)
			}
		})
	}
	for _, h := range []http.Header{{"Cf-Mitigated": {"challenge"}}, {"X-Amzn-Waf-Action": {"captcha"}}} {
		p := &Page{Article: &dateline.Article{Title: "x", Body: long}}
		if got := p.soft("https://a.example/", &response{url: "https://a.example/", header: h}); got != "soft_block" {
			t.Errorf("%v: %q", h, got)
		}
	}
}

// TestPhrasesAreFolded keeps the lists in the form in which pages are compared.
func TestPhrasesAreFolded(t *testing.T) {
	for _, list := range [][]string{missing, missingText, blocked} {
		for _, p := range list {
			if p != fold(p) {
				t.Errorf("%q is never found, %q is", p, fold(p))
			}
		}
	}
	for _, g := range gates {
		if g != strings.ToLower(g) {
			t.Errorf("%q is never found", g)
		}
	}
}

func TestBlockedHost(t *testing.T) {
	var b blockCount
	for i, c := range []struct {
		host        string
		gate, block bool
	}{
		{"a.example", true, false},
		{"a.example", true, false},
		{"a.example", false, false},
		{"a.example", true, false},
		{"b.example", true, false},
		{"a.example", true, false},
		{"a.example", true, true},
		{"a.example", true, true},
		{"b.example", true, false},
	} {
		if got := b.met(c.host, c.gate); got != c.block {
			t.Errorf("page %d: blocked %v, want %v", i, got, c.block)
		}
	}
}

func TestVisible(t *testing.T) {
	for page, want := range map[string]int{
		"": 0, "ab c": 3, "<p>ab</p>": 2, "a<script>xxxx</script>b": 2, "a<!-- <p>xx -->b": 2, "a<style>x": 1, "a<svg><text>x</text></svg><b>c</b>": 2,
		strings.Repeat("<script></script>a", 10000): 10000, strings.Repeat("<", 10000): 0,
	} {
		if got := visible(page); got != want {
			t.Errorf("%.40q: %d, want %d", page, got, want)
		}
	}
}

func TestTrace(t *testing.T) {
	text := ""
	for i := range 100 {
		text += fmt.Sprintf("word%d ", i)
	}
	for _, c := range []struct {
		a, b        string
		least, most float64
	}{
		{text, text, 1, 1},
		{text, "  " + strings.ToUpper(text), 1, 1},
		{text, text + " thirteen", 0.8, 0.99},
		{text, "something else altogether is said in this place", 0, 0},
		{"", "", 0, 0},
		{"", text, 0, 0},
	} {
		if got := alike(trace(c.a), trace(c.b)); got < c.least || got > c.most {
			t.Errorf("%.20q and %.20q: %v, want %v to %v", c.a, c.b, got, c.least, c.most)
		}
	}
}

// TestProbe finds out, with one request a site, that it answers everything
// with one page, and takes what differs from it.
func TestProbe(t *testing.T) {
	const nothing = "<title>Welcome</title><p>Read what is new in the harbour today, and what was new last week.</p>"
	probes, elsewhere := 0, false
	s := newSite(t)
	s.text("/robots.txt", "text/plain", "")
	s.text("/front", "text/html", `<a href="/news/gone-one-2">a</a><a href="/news/gone-two-2">b</a><a href="/news/here-now-2">c</a>`)
	s.text("/news/here-now-2", "text/html", "<title>Harbour opens</title><p>Read what is new in the harbour today: it opened.</p>")
	inner := s.Config.Handler
	s.Config.Handler = http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if strings.Contains(r.URL.Path, "no-such-page") {
			probes++
		}
		if s.pages[r.URL.Path] == nil {
			if elsewhere {
				http.Redirect(w, r, "/sorry/here", http.StatusFound)
				return
			}
			w.Header().Set("Content-Type", "text/html")
			fmt.Fprint(w, nothing)
			return
		}
		inner.ServeHTTP(w, r)
	})
	dir, sink := t.TempDir(), &memory{}
	c := start(t, dir, testConfig(), sink, Source{Kind: "page", Value: s.URL + "/front"})
	st := once(t, c, false)
	if len(sink.all) != 1 || sink.all[0].Title != "Harbour opens" || st.NotFetched["soft_404"] != 2 {
		t.Errorf("%d taken, stats %+v, want one taken and two soft 404", len(sink.all), st.NotFetched)
	}
	if probes != 1 {
		t.Errorf("%d probes, want one for the site", probes)
	}
	// Where everything leads to one place, that is the answer.
	elsewhere = true
	s.text("/sorry/here", "text/html", nothing)
	sink = &memory{}
	st = once(t, start(t, t.TempDir(), testConfig(), sink, Source{Kind: "page", Value: s.URL + "/front"}), false)
	if len(sink.all) != 1 || st.NotFetched["soft_404"] != 2 {
		t.Errorf("redirected: %d taken, stats %+v", len(sink.all), st.NotFetched)
	}
}

// TestProbeObeysRobots makes no probe where robots.txt forbids it.
func TestProbeObeysRobots(t *testing.T) {
	s := newSite(t)
	s.text("/robots.txt", "text/plain", "User-agent: *\nDisallow: /news/no-such-page\n")
	s.text("/feed", "text/xml", `<rss version="2.0"><channel><item><link>BASE/news/one</link></item></channel></rss>`)
	s.article("/news/one")
	sink := &memory{}
	once(t, start(t, t.TempDir(), testConfig(), sink, Source{Kind: "feed", Value: s.URL + "/feed"}), false)
	s.mu.Lock()
	defer s.mu.Unlock()
	for path := range s.asked {
		if strings.Contains(path, "no-such-page") {
			t.Errorf("asked for %s", path)
		}
	}
	if len(sink.all) != 1 {
		t.Errorf("%d taken", len(sink.all))
	}
}
