package extract

import (
	"strings"
	"testing"
)

// TestPublishedRaw has one invented page per rule of the day that readers see.
func TestPublishedRaw(t *testing.T) {
	const utc = `<meta property="article:published_time" content="2024-03-06T02:25:54Z">`
	const ny = `<meta property="article:published_time" content="2024-03-05T21:25:54-05:00">`
	for _, c := range []struct{ name, url, in, want, instant, host string }{
		{"UTC alone", "/a", utc, "2024-03-06T02:25:54Z", "2024-03-06T02:25:54Z", ""},
		{"clock shown in the outlet's zone", "/a", utc + `<p class="byline-date">March 5, 2024 | 9:25pm</p>`, "2024-03-05T21:25:54-05:00", "2024-03-06T02:25:54Z", ""},
		{"same instant with a zone", "/a", utc + `<time datetime="2024-03-06T13:25:54+11:00">today</time>`, "2024-03-06T13:25:54+11:00", "2024-03-06T02:25:54Z", ""},
		{"the day in the address", "/2024/03/05/a", utc, "2024-03-05", "2024-03-06T02:25:54Z", ""},
		{"the day shown", "/a", utc + `<time datetime="2024-03-06T02:25:54Z">5 March 2024</time>`, "2024-03-05", "2024-03-06T02:25:54Z", ""},
		{"UTC shown", "/2024/03/05/a", utc + `<time>6 March 2024, 02:25 UTC</time>`, "2024-03-06T02:25:54Z", "2024-03-06T02:25:54Z", ""},
		{"clock of another time", "/a", utc + `<time>5 March 2024, 18:07</time>`, "2024-03-06T02:25:54Z", "2024-03-06T02:25:54Z", ""},
		{"another article's day", "/a", utc + `<aside><time>5 March 2024</time></aside>`, "2024-03-06T02:25:54Z", "2024-03-06T02:25:54Z", ""},
		{"far days are of something else", "/2024/02/01/a", utc, "2024-03-06T02:25:54Z", "2024-03-06T02:25:54Z", ""},
		{"a zone is kept", "/2024/03/04/a", `<meta property="article:published_time" content="2024-03-05T21:25:54-05:00">`, "2024-03-05T21:25:54-05:00", "2024-03-06T02:25:54Z", ""},
		{"text after the headline", "/a", `<h1>Ferry runs again</h1><div><i>Nora Quill</i><b>5. března 2024</b></div>`, "2024-03-05", "2024-03-05T00:00:00Z", ""},
		{"no copyright year", "/a", `<h1>Ferry runs again</h1><p>© 5 March 2024 Harbour Post</p>`, "", "", ""},
		{"modified is not published", "/a", `<meta property="article:modified_time" content="2024-03-05T10:00:00+01:00">`, "", "", ""},
		{"the element of the very date before others", "/a", utc + `<h1>Ferry runs</h1><div class="date">5 March 2024</div><time datetime="2024-03-06T02:25:54Z">6 March 2024</time>`, "2024-03-06T02:25:54Z", "2024-03-06T02:25:54Z", ""},
		{"no zone differs by half an hour here", "/a", utc + `<h1>Ferry runs</h1><time>6 March 2024, 02:55</time>`, "2024-03-06T02:25:54Z", "2024-03-06T02:25:54Z", ""},
		{"readers see another zone", "/a", ny + `<h1>Ferry runs</h1><time>6 March 2024, 02:25</time>`, "2024-03-06T02:25:54Z", "2024-03-06T02:25:54Z", ""},
		{"a day alone does not speak against a zone", "/a", ny + `<h1>Ferry runs</h1><time>6 March 2024</time>`, "2024-03-05T21:25:54-05:00", "2024-03-06T02:25:54Z", ""},
		{"no zone written", "/2024/03/05/a", `<h1>Ferry runs</h1><time datetime="2024-03-06 02:25:54">2:25</time>`, "2024-03-06T02:25:54Z", "2024-03-06T02:25:54Z", ""},
		{"a clock of the outlet's country", "/a", `<h1>Fähre fährt</h1><div class="date">05.03.24 | 14:07 Uhr</div>`, "2024-03-05T14:07:00+01:00", "2024-03-05T13:07:00Z", "hafenpost.de"},
		{"in summer", "/a", `<h1>Fähre fährt</h1><div class="date">05.07.2024, 14:07 Uhr</div>`, "2024-07-05T14:07:00+02:00", "2024-07-05T12:07:00Z", "hafenpost.de"},
	} {
		if c.host == "" {
			c.host = "harbourpost.example"
		}
		p, err := Extract([]byte(c.in), "text/html; charset=utf-8", "https://"+c.host+c.url)
		if err != nil {
			t.Fatal(err)
		}
		got := ""
		if at := p.Article.Published; !at.IsZero() {
			got = at.Format("2006-01-02T15:04:05Z07:00")
		}
		if p.PublishedRaw != c.want || got != c.instant {
			t.Errorf("%s: got %q at %q, want %q at %q", c.name, p.PublishedRaw, got, c.want, c.instant)
		}
	}
}

func TestParseDateLanguages(t *testing.T) {
	for _, in := range []string{"5. března 2024", "5 Mart 2024", "5 mars 2024", "5. marts 2024", "5. maaliskuuta 2024", "5 martie 2024", "5 березня 2024", "5 Μαρτίου 2024", "الثلاثاء، 05 مارس 2024 - 12:09 م", "5 Maret 2024"} {
		w, ok := parseDate(in, false)
		if got := w.t.Format("2006-01-02"); !ok || got != "2024-03-05" {
			t.Errorf("%q: got %q, %v", in, got, ok)
		}
	}
}

// TestPublishedChoice has one invented page per rule of choosing among dates.
func TestPublishedChoice(t *testing.T) {
	const h = `<h1>Ferry runs again</h1>`
	ld := func(s string) string {
		return `<script type="application/ld+json">{"@type":"NewsArticle",` + s + `}</script>`
	}
	for _, c := range []struct{ name, url, in, want, source string }{
		{"metadata before what is shown", "/a", ld(`"datePublished":"2024-03-05"`) + h + `<time>7 March 2024</time>`, "2024-03-05", "json-ld"},
		{"outvoted by metadata and what is shown", "/a", ld(`"datePublished":"2024-03-02T10:00:00Z"`) + `<meta property="article:published_time" content="2024-03-05T14:25:00Z">` + h + `<time>5 March 2024</time>`, "2024-03-05T14:25:00Z", "meta"},
		{"not by an update that is shown", "/a", ld(`"datePublished":"2024-03-02","dateModified":"2024-03-05"`) + h + `<time>Updated 5 March 2024</time>`, "2024-03-02", "json-ld"},
		{"today's date above all", "/a", `<div class="today-date">9 March 2024</div>` + h + `<p>5 March 2024</p>`, "2024-03-05", "time"},
		{"updated stands first", "/a", h + `<p class="date">Updated: 9 March 2024</p><p class="date">Published: 5 March 2024</p>`, "2024-03-05", "time"},
		{"a footer of the article", "/a", `<article>` + h + `<footer><time>5 March 2024</time></footer></article>`, "2024-03-05", "time"},
		{"a page that is called related as a whole", "/a", `<div class="has-related">` + h + `<time>5 March 2024</time></div>`, "2024-03-05", "time"},
		{"related articles", "/a", h + `<div class="related"><time>5 March 2024</time></div>`, "", ""},
		{"the address before a far date", "/2024/03/05/a", h + strings.Repeat("<p>Words.</p>", 100) + `<div class="date">9 March 2024</div>`, "2024-03-05", "url"},
		{"the time of day for the address", "/2024/03/05/a", h + strings.Repeat("<p>Words.</p>", 100) + `<div class="date">5 March 2024, 10:00</div>`, "2024-03-05T10:00:00Z", "time"},
		{"the end of the title", "/a", `<title>Ferry runs again - 5 March 2024 - Post</title>` + h, "2024-03-05", "time"},
		{"the month of the address", "/2024/03/a", `<div class="date">9 May 2023</div>` + h + `<div class="date">5 March 2024</div>`, "2024-03-05", "time"},
		{"a reader's account", "/a", h + `<span class="date">Joined 5 March 2024</span>`, "", ""},
		{"the future", "/a", ld(`"datePublished":"2999-03-05"`) + h + `<time>5 March 2024</time>`, "2024-03-05", "time"},
	} {
		p, err := Extract([]byte(c.in), "text/html; charset=utf-8", "https://harbourpost.example"+c.url)
		if err != nil {
			t.Fatal(err)
		}
		if p.PublishedRaw != c.want || p.Article.DateSource != c.source {
			t.Errorf("%s: got %q from %q, want %q from %q", c.name, p.PublishedRaw, p.Article.DateSource, c.want, c.source)
		}
	}
}
