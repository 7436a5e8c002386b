package crawler

import (
	"bytes"
	"compress/gzip"
	"crypto/sha1"
	"encoding/hex"
	"log/slog"
	"net/http"
	"net/netip"
	"os"
	"path/filepath"
	"testing"
	"time"
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

func TestSitemapCases(t *testing.T) {
	type entry struct{ Loc string }
	good, all := 0, 0
	for _, c := range lines[struct {
		Name    string
		ErrorOK bool `json:"error_ok"`
		AlsoOK  int  `json:"also_ok_count"`
		Expect  struct {
			Entries []entry
		}
	}](t, "sitemaps/expected.jsonl") {
		b, err := os.ReadFile(filepath.FromSlash(cases + "sitemaps/files/" + c.Name))
		if err != nil {
			continue
		}
		if bytes.HasPrefix(b, []byte{0x1f, 0x8b}) {
			if b, err = gunzipBytes(b, sourceMax); err != nil {
				t.Errorf("%s: %v", c.Name, err)
				continue
			}
		}
		got, err := readSitemap(b)
		all++
		if len(got) == len(c.Expect.Entries) || len(got) == c.AlsoOK && c.AlsoOK > 0 || c.ErrorOK && err != nil {
			good++
		} else {
			t.Logf("%s: %d entries, want %d (%v)", c.Name, len(got), len(c.Expect.Entries), err)
		}
	}
	t.Logf("%d of %d files", good, all)
	if good < all {
		t.Errorf("%d of %d sitemaps read as expected", good, all)
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

func TestNextDue(t *testing.T) {
	now := time.UnixMilli(1_700_000_000_000)
	a := &task{kind: "article", firstFetch: now.Add(-20 * time.Minute).UnixMilli()}
	if got := time.UnixMilli(a.nextDue(now)); !got.Equal(now.Add(40 * time.Minute)) {
		t.Errorf("due %v", got.Sub(now))
	}
	a.firstFetch = now.Add(-200 * time.Hour).UnixMilli()
	if a.nextDue(now) != never {
		t.Error("an old article is looked at for ever")
	}
}
