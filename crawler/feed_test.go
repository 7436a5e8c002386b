package crawler

import (
	"strings"
	"testing"
	"time"
)

// TestFeedsByHand reads feeds as people and scripts write them.
func TestFeedsByHand(t *testing.T) {
	const day = "2025-11-14T10:00:00Z"
	for _, c := range []struct {
		name, text string
		want       string // addresses, one a line
		dated      bool
	}{
		{
			"tags that do not match", `<rss version="2.0"><channel><item><title>a</b></title><link>http://a.example/1</link><pubDate>Fri, 14 Nov 2025 10:00:00 GMT</pubDate></item>
			<item><guid>http://a.example/2</guid></chanel></rss>`, "http://a.example/1\nhttp://a.example/2", true,
		},
		{
			"items of RSS in Atom", `<feed xmlns="http://www.w3.org/2005/Atom"><item><link href="http://a.example/1"/><updated>` + day + `</updated></item></feed>`,
			"http://a.example/1", true,
		},
		{
			"cut in the middle", `<rss version="2.0"><channel><item><link>http://a.example/1</link></item><item><link>http://a.example/2</link><description>&lt;p&gt;half a te`,
			"http://a.example/1\nhttp://a.example/2", false,
		},
		{
			"entities that nobody declared", `<rss version="2.0"><channel><item><title>&nbsp;caf&eacute; & more</title><link>http://a.example/1?a=1&b=2</link></item></channel></rss>`,
			"http://a.example/1?a=1&b=2", false,
		},
		{
			"prefixes that nobody declared", `<rss version="2.0"><channel><item><link>http://a.example/1</link><dc:date>` + day + `</dc:date><media:x/></item></channel></rss>`,
			"http://a.example/1", true,
		},
		{
			"text before and after", "Warning: something in feed.php\n" + `<?xml version="1.0"?><rss version="2.0"><channel><item><link>http://a.example/1</link></item></channel></rss><!-- cached -->`,
			"http://a.example/1", false,
		},
		{
			"several links of Atom", `<feed xmlns="http://www.w3.org/2005/Atom"><entry><link href="http://a.example/raw"/><link rel="edit" href="http://a.example/edit"/>` +
				`<link rel="alternate" type="text/html" href="http://a.example/1"/></entry></feed>`, "http://a.example/1", false,
		},
		{
			"a service that counts", `<rss version="2.0" xmlns:feedburner="http://rssnamespace.org/feedburner/ext/1.0"><channel><item><link>http://feeds.example/~r/x/1</link>` +
				`<feedburner:origLink>http://a.example/1</feedburner:origLink></item></channel></rss>`, "http://a.example/1", false,
		},
		{
			"addresses relative to xml:base", `<feed xmlns="http://www.w3.org/2005/Atom" xml:base="http://b.example/x/"><entry><link href="../1"/></entry></feed>`,
			"http://b.example/1", false,
		},
	} {
		t.Run(c.name, func(t *testing.T) {
			l := parseFeed([]byte(c.text), "", "http://a.example/feed")
			var got []string
			for _, f := range l.found {
				got = append(got, f.url)
			}
			if strings.Join(got, "\n") != c.want || l.err != nil {
				t.Fatalf("%q, %v, want %q", got, l.err, c.want)
			}
			if want, _ := time.Parse(time.RFC3339, day); c.dated && !l.found[0].published.Equal(want) {
				t.Errorf("published %v, want %v", l.found[0].published, want)
			}
		})
	}
	for _, text := range []string{"", "<html><body>Not found</body></html>", "item entry", "{}", "<item"} {
		if l := parseFeed([]byte(text), "", "http://a.example/feed"); l.err == nil || len(l.found) > 0 {
			t.Errorf("%q is read as a feed: %+v", text, l)
		}
	}
}

// TestDatesAsWritten has dates as feeds have them, beyond the conformance data.
func TestDatesAsWritten(t *testing.T) {
	for in, want := range map[string]string{
		"Thu, 01 Jan 2004 19:48:21 GMT":       "2004-01-01T19:48:21Z",
		"Thu Aug 30 2012 17:26:16 +0200":      "2012-08-30T15:26:16Z",
		"Sun Jan  4 16:29:06 PST 2004":        "2004-01-05T00:29:06Z",
		"Mon, 13 Feb, 2012 06:28:00 UTC":      "2012-02-13T06:28:00Z",
		"Wed, 19 Aug 2009 18:28:00 Etc/GMT":   "2009-08-19T18:28:00Z",
		"1 Jan 2004":                          "2004-01-01T00:00:00Z",
		"Thu, 01 Jan 2004 7:48 PM":            "2004-01-01T19:48:00Z",
		"Thu, 01 Jan 2004 12:05:10 AM EST":    "2004-01-01T05:05:10Z",
		"Thu, 01 Jan 2004 19:48 PM":           "2004-01-01T19:48:00Z",
		"Sun, 16 zzz 2012 11:47:32 GMT":       "",
		"Sun, 16 Dec 2012 zz:47:32 GMT":       "",
		"Sun, 99 Jun 2009 00:00:00 GMT":       "",
		"2003":                                "2003-01-01T00:00:00Z",
		"2003-12-31T18:14Z":                   "2003-12-31T18:14:00Z",
		"2003-12-31T10:14:55-08:00":           "2003-12-31T18:14:55Z",
		"2003-12-31T10:61:55Z":                "",
		"2003-02-30":                          "",
		"20031231":                            "2003-12-31T00:00:00Z",
		"2003335":                             "2003-12-01T00:00:00Z",
		"03335":                               "2003-12-01T00:00:00Z",
		"2003-12-31T10:14:55.000+0100":        "2003-12-31T09:14:55Z",
		"2025-11-14T10:00:00.123456789Z":      "2025-11-14T10:00:00Z",
		"Fri, 14 Nov 2025 10:00:00 +05:30":    "2025-11-14T04:30:00Z",
		"Fri, 14 Nov 2025 10:00:00 GMT+1":     "2025-11-14T09:00:00Z",
		"Friday, November 14, 2025 10:00 EST": "2025-11-14T15:00:00Z",
		"Fri, 14 Nov 2025 10:00:00 Z (UTC)":   "2025-11-14T10:00:00Z",
	} {
		got := ""
		if d := parseDate(in); !d.IsZero() {
			got = d.Format(time.RFC3339)
		}
		if got != want {
			t.Errorf("%q: %s, want %s", in, got, want)
		}
	}
}
