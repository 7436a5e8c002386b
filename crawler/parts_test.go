package crawler

import (
	"bytes"
	"compress/gzip"
	"crypto/sha1"
	"encoding/binary"
	"encoding/hex"
	"log/slog"
	"net/http"
	"net/netip"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
	"unicode/utf16"
)

// bomb is 64 MiB of nothing in some 64 KiB.
func bomb(w http.ResponseWriter) {
	w.Header().Set("Content-Type", "text/html")
	w.Header().Set("Content-Encoding", "gzip")
	zw := gzip.NewWriter(w)
	chunk := make([]byte, 1<<20)
	for range 64 {
		if _, err := zw.Write(chunk); err != nil {
			return
		}
	}
	_ = zw.Close()
}

func TestCrawlDelay(t *testing.T) {
	for _, c := range []struct {
		robots string
		want   time.Duration
	}{
		{"User-agent: *\nCrawl-delay: 3\n", 3 * time.Second},
		{"User-agent: dateline\nDisallow: /x\n\nUser-agent: *\nCrawl-delay: 3\n", 0},
		{"User-agent: other\nCrawl-delay: 9\n\nUser-agent: Dateline/2\nCrawl-delay: 0.5\n", 500 * time.Millisecond},
		{"User-agent: *\nCrawl-delay: 86400\n", time.Minute},
		{"User-agent: *\nCrawl-delay: soon\n", 0},
	} {
		if got := crawlDelay(c.robots, "Dateline"); got != c.want {
			t.Errorf("%q: %v, want %v", c.robots, got, c.want)
		}
	}
}

// TestSitemapCases compares the addresses and dates, in order.
func TestSitemapCases(t *testing.T) {
	var r rate
	for _, c := range lines[struct {
		Name    string
		ErrorOK bool `json:"error_ok"`
		AlsoOK  int  `json:"also_ok_count"`
		Expect  struct {
			Entries []struct {
				Loc, Lastmod string
				News         struct {
					Date string `json:"publication_date"`
				}
			}
		}
	}](t, "sitemaps/expected.jsonl") {
		b, err := os.ReadFile(filepath.FromSlash(cases + "sitemaps/files/" + c.Name))
		needCases(t, err)
		if bytes.HasPrefix(b, []byte{0x1f, 0x8b}) {
			if b, err = gunzipBytes(b, sourceMax); err != nil {
				t.Errorf("%s: %v", c.Name, err)
				continue
			}
		}
		got, err := readSitemap(b)
		if c.ErrorOK && err != nil || len(got) == c.AlsoOK && c.AlsoOK > 0 {
			r.count(t, true, "")
			continue
		}
		ok := len(got) == len(c.Expect.Entries)
		for i, e := range c.Expect.Entries {
			if !ok {
				break
			}
			date := parseDate(e.News.Date)
			if date.IsZero() {
				date = parseDate(e.Lastmod)
			}
			ok = absolute("http://base.example/", got[i].url) == absolute("http://base.example/", e.Loc) && (date.IsZero() || got[i].published.Equal(date)) && got[i].news == (e.News.Date != "")
		}
		r.count(t, ok, "%s: %+v, want %+v (%v)", c.Name, got, c.Expect.Entries, err)
	}
	r.want(t, 1)
}

// TestSitemapsAsFound reads sitemaps as sites serve them, beyond the protocol.
func TestSitemapsAsFound(t *testing.T) {
	wide := func(order binary.ByteOrder, mark bool, s string) string {
		units := utf16.Encode([]rune(s))
		if mark {
			units = append([]uint16{0xfeff}, units...)
		}
		var b bytes.Buffer
		for _, u := range units {
			_ = binary.Write(&b, order, u) // a buffer takes all
		}
		return b.String()
	}
	const set = `<?xml version="1.0" encoding="UTF-16"?><urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"><url><loc>http://a.example/é</loc><lastmod>2025-11-14</lastmod></url></urlset>`
	for name, c := range map[string][2]string{
		"UTF-16, little end first":   {wide(binary.LittleEndian, true, set), "http://a.example/%C3%A9"},
		"UTF-16, big end first":      {wide(binary.BigEndian, true, set), "http://a.example/%C3%A9"},
		"UTF-16 without a mark":      {wide(binary.LittleEndian, false, set), "http://a.example/%C3%A9"},
		"UTF-16 as text":             {wide(binary.LittleEndian, true, "http://a.example/1\r\nhttp://a.example/2\r\n"), "http://a.example/1 http://a.example/2"},
		"says UTF-16, is UTF-8":      {set, "http://a.example/%C3%A9"},
		"Latin-1 that says UTF-8":    {"<?xml version='1.0' encoding='UTF-8'?><urlset><url><loc>http://a.example/\xe9</loc></url></urlset>", "http://a.example/%C3%A9"},
		"RSS":                        {`<?xml version="1.0"?><!-- x --><rss version="2.0"><channel><item><link>http://a.example/1</link></item></channel></rss>`, "http://a.example/1"},
		"Atom":                       {`<feed xmlns="http://www.w3.org/2005/Atom"><entry><link href="http://a.example/1"/></entry></feed>`, "http://a.example/1"},
		"entities from outside":      {`<!DOCTYPE urlset [<!ENTITY x SYSTEM "file:///etc/passwd">]><urlset><url><loc>http://a.example/1</loc></url><url><loc>http://a.example/&x;</loc></url></urlset>`, "http://a.example/1 http://a.example/&x;"},
		"cut within an entry":        {`<urlset><url><loc>http://a.example/1</loc></url><url><loc>http://a.example/2</loc><lastm`, "http://a.example/1 http://a.example/2"},
		"cut within an address":      {`<urlset><url><loc>http://a.example/1</loc></url><url><loc>http://a.exa`, "http://a.example/1"},
		"other namespaces, capitals": {`<S:URLSET xmlns:S="urn:x"><S:URL><S:LOC> http://a.example/1 </S:LOC></S:URL></S:URLSET>`, "http://a.example/1"},
		"pictures beside":            {`<urlset><url><loc>http://a.example/1</loc><image:image><image:loc>http://a.example/1.jpg</image:loc></image:image></url></urlset>`, "http://a.example/1"},
		"addresses in CDATA":         {`<urlset><url><loc><![CDATA[http://a.example/1?a=1&b=2]]></loc></url></urlset>`, "http://a.example/1?a=1&b=2"},
		"bare ampersands":            {`<urlset><url><loc>http://a.example/1?a=1&b=2</loc></url></urlset>`, "http://a.example/1?a=1&b=2"},
	} {
		l := parseSitemap([]byte(c[0]), "http://a.example/map.xml", 1<<20, true)
		var got []string
		for _, f := range l.found {
			got = append(got, f.url)
		}
		if strings.Join(got, " ") != c[1] {
			t.Errorf("%s: %q (%v), want %q", name, got, l.err, c[1])
		}
	}
}

func TestWARCCases(t *testing.T) {
	for _, c := range lines[struct {
		Name    string
		Error   *string `json:"warcio_error"`
		Records []struct {
			Type string
			URI  *string
			SHA1 string `json:"body_sha1"`
		}
	}](t, "warc/expected.jsonl") {
		f, err := os.Open(filepath.FromSlash(cases + "warc/files/" + c.Name))
		if err != nil {
			t.Fatal(err)
		}
		i := 0
		res, err := ReadWARC(f, func(r Record) error {
			if i < len(c.Records) {
				w := c.Records[i]
				sum := sha1.Sum(r.Body)
				if r.Type != w.Type || w.URI != nil && r.URI != *w.URI || hex.EncodeToString(sum[:]) != w.SHA1 {
					t.Errorf("%s record %d: %s %s %x, want %+v", c.Name, i, r.Type, r.URI, sum, w)
				}
			}
			i++
			return nil
		})
		f.Close()
		if err != nil || i < len(c.Records) || c.Error == nil && (i != len(c.Records) || res.Damaged) {
			t.Errorf("%s: %d records of %d: %+v %v", c.Name, i, len(c.Records), res, err)
		}
	}
}

func TestWARCCut(t *testing.T) {
	dir := t.TempDir()
	w := &warcWriter{dir: dir, agent: "Dateline/1.0", log: slog.New(slog.DiscardHandler)}
	for range 3 {
		if err := w.write(&response{url: "http://example.com/a", status: 200, header: http.Header{"Content-Encoding": {"gzip"}}, body: []byte("hello"), date: time.Now()}); err != nil {
			t.Fatal(err)
		}
	}
	w.Close()
	files, _ := filepath.Glob(filepath.Join(dir, "*"))
	b, err := os.ReadFile(files[0])
	if err != nil {
		t.Fatal(err)
	}
	var last int64
	n := 0
	keep := func(r Record) error { last = r.Offset; n++; return nil }
	if res, err := ReadWARC(bytes.NewReader(b), keep); err != nil || res.Damaged || n != 4 {
		t.Fatalf("%+v %v %d", res, err, n)
	}
	for size := int(last) + 1; size < len(b); size++ {
		res, err := ReadWARC(bytes.NewReader(b[:size]), func(Record) error { return nil })
		if err != nil || !res.Damaged || res.Offset != last || res.Records != 3 {
			t.Fatalf("cut at %d: %+v %v", size, res, err)
		}
	}
}

func TestCanonical(t *testing.T) {
	for raw, want := range map[string]string{
		"HTTP://Example.COM:80/a/../b?utm_source=x&b=2&a=1#f": "http://example.com/b?a=1&b=2",
		"https://example.com/index.html":                      "https://example.com/",
		"https://example.com/a/index.html?fbclid=1":           "https://example.com/a/",
		"https://user:pw@example.com":                         "https://example.com/",
		"https://example.com/?at_medium=x&id=7":               "https://example.com/?id=7",
	} {
		if got, err := Canonical(raw); err != nil || got != want {
			t.Errorf("%s: %s, %v, want %s", raw, got, err, want)
		}
	}
	for _, raw := range []string{"", "ftp://example.com/", "javascript:alert(1)", "/a/b", "http://"} {
		if got, err := Canonical(raw); err == nil {
			t.Errorf("%q taken as %s", raw, got)
		}
	}
}

func FuzzCanonical(f *testing.F) {
	f.Add("http://example.com/a//index.html/index.html?b=%3d&a=+&utm_x=1#x")
	f.Add("https://xn--/?%75tm_source=1")
	f.Fuzz(func(t *testing.T, raw string) {
		a, err := Canonical(raw)
		if err != nil {
			return
		}
		if b, err := Canonical(a); err != nil || a != b {
			t.Errorf("%q -> %q -> %q, %v", raw, a, b, err)
		}
	})
}

func TestGuard(t *testing.T) {
	guard := guardControl([]netip.Prefix{netip.MustParsePrefix("10.1.0.0/16")})
	for addr, ok := range map[string]bool{
		"10.1.2.3:80": true, "10.2.0.1:80": false, "127.0.0.1:80": false, "[::1]:80": false,
		"[::ffff:127.0.0.1]:80": false, "168.63.129.16:80": false, "169.254.169.254:80": false,
		"93.184.216.34:443": true, "[fd00::1]:80": false, "[64:ff9b::7f00:1]:80": false, "0.0.0.0:80": false,
	} {
		if err := guard("tcp", addr, nil); (err == nil) != ok {
			t.Errorf("%s: %v", addr, err)
		}
	}
}

func TestConnectTarget(t *testing.T) {
	m := map[string]string{"a.example.com": "1.1.1.1:1", "*.example.com": "2.2.2.2:2", "*.b.example.com": "3.3.3.3:3", "*": "4.4.4.4"}
	for addr, want := range map[string]string{
		"a.example.com:80": "1.1.1.1:1", "x.example.com:80": "2.2.2.2:2", "x.b.example.com:80": "3.3.3.3:3",
		"example.com:443": "4.4.4.4:443",
	} {
		if got := connectTarget(m, addr); got != want {
			t.Errorf("%s: %s, want %s", addr, got, want)
		}
	}
}

func TestRetryAfter(t *testing.T) {
	now := time.Date(2020, 1, 1, 0, 0, 0, 0, time.UTC)
	for v, want := range map[string]time.Duration{
		"": 0, "7": 7 * time.Second, "-1": 0, "x": 0, "99999999999": 24 * time.Hour,
		"Wed, 01 Jan 2020 00:01:00 GMT": time.Minute, "Tue, 31 Dec 2019 00:00:00 GMT": 0,
	} {
		if got := retryAfter(http.Header{"Retry-After": {v}}, now); got != want {
			t.Errorf("%q: %v, want %v", v, got, want)
		}
	}
}

func TestGDELT(t *testing.T) {
	l := parseGDELT([]byte(`{"articles":[{"url":"https://example.com/a?utm_source=g","seendate":"20230201T120000Z"}]}`))
	list, err := l.found, l.err
	if err != nil || len(list) != 1 || list[0].url != "https://example.com/a" || list[0].published.Hour() != 12 {
		t.Fatal(list, err)
	}
	if l := parseGDELT([]byte("Your query was too short.")); l.err == nil {
		t.Error("an error text was taken as an answer")
	}
}
