package extract

import "testing"

// TestPublishedRaw has one invented page per rule of the day that readers see.
func TestPublishedRaw(t *testing.T) {
	const utc = `<meta property="article:published_time" content="2024-03-06T02:25:54Z">`
	for _, c := range []struct{ name, url, in, want, instant string }{
		{"UTC alone", "/a", utc, "2024-03-06T02:25:54Z", "2024-03-06T02:25:54Z"},
		{"clock shown in the outlet's zone", "/a", utc + `<p class="byline-date">March 5, 2024 | 9:25pm</p>`, "2024-03-05T21:25:54-05:00", "2024-03-06T02:25:54Z"},
		{"same instant with a zone", "/a", utc + `<time datetime="2024-03-06T13:25:54+11:00">today</time>`, "2024-03-06T13:25:54+11:00", "2024-03-06T02:25:54Z"},
		{"the day in the address", "/2024/03/05/a", utc, "2024-03-05", "2024-03-06T02:25:54Z"},
		{"the day shown", "/a", utc + `<time datetime="2024-03-06T02:25:54Z">5 March 2024</time>`, "2024-03-05", "2024-03-06T02:25:54Z"},
		{"UTC shown", "/2024/03/05/a", utc + `<time>6 March 2024, 02:25 UTC</time>`, "2024-03-06T02:25:54Z", "2024-03-06T02:25:54Z"},
		{"clock of another time", "/a", utc + `<time>5 March 2024, 18:07</time>`, "2024-03-06T02:25:54Z", "2024-03-06T02:25:54Z"},
		{"another article's day", "/a", utc + `<aside><time>5 March 2024</time></aside>`, "2024-03-06T02:25:54Z", "2024-03-06T02:25:54Z"},
		{"far days are of something else", "/2024/02/01/a", utc, "2024-03-06T02:25:54Z", "2024-03-06T02:25:54Z"},
		{"a zone is kept", "/2024/03/04/a", `<meta property="article:published_time" content="2024-03-05T21:25:54-05:00">`, "2024-03-05T21:25:54-05:00", "2024-03-06T02:25:54Z"},
		{"text after the headline", "/a", `<h1>Ferry runs again</h1><div><i>Nora Quill</i><b>5. března 2024</b></div>`, "2024-03-05", "2024-03-05T00:00:00Z"},
		{"no copyright year", "/a", `<h1>Ferry runs again</h1><p>© 5 March 2024 Harbour Post</p>`, "", ""},
		{"modified is not published", "/a", `<meta property="article:modified_time" content="2024-03-05T10:00:00+01:00">`, "", ""},
	} {
		p, err := Extract([]byte(c.in), "text/html; charset=utf-8", "https://harbourpost.example"+c.url)
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
