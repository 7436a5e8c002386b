package extract

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"encoding/json"
	"errors"
	"flag"
	"io"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"
)

var update = flag.Bool("update", false, "rewrite the golden files")

func TestGolden(t *testing.T) {
	files, _ := filepath.Glob("testdata/*.html")
	if len(files) < 8 {
		t.Fatalf("only %d fixtures", len(files))
	}
	for _, f := range files {
		t.Run(strings.TrimSuffix(filepath.Base(f), ".html"), func(t *testing.T) {
			b, err := os.ReadFile(f)
			if err != nil {
				t.Fatal(err)
			}
			p, err := Extract(b, "text/html", "https://www.example.org/2024/03/05/"+strings.TrimSuffix(filepath.Base(f), ".html"))
			if err != nil {
				t.Fatal(err)
			}
			var buf bytes.Buffer
			e := json.NewEncoder(&buf)
			e.SetEscapeHTML(false)
			e.SetIndent("", "  ")
			if err := e.Encode(p); err != nil {
				t.Fatal(err)
			}
			golden := strings.TrimSuffix(f, ".html") + ".json"
			if *update {
				if err := os.WriteFile(golden, buf.Bytes(), 0o644); err != nil {
					t.Fatal(err)
				}
			}
			want, err := os.ReadFile(golden)
			if err != nil {
				t.Fatal(err)
			}
			if !bytes.Equal(want, buf.Bytes()) {
				t.Errorf("got\n%s\nwant\n%s", buf.Bytes(), want)
			}
		})
	}
}

func TestParseDate(t *testing.T) {
	for _, c := range []struct {
		in, want   string
		monthFirst bool
	}{
		{"2019-11-19T23:30:00-05:00", "2019-11-19T23:30:00-05:00", true},
		{"2019-11-19T23:30:00.123Z", "2019-11-19T23:30:00Z", true},
		{"2019-11-19 23:30:00 +0800", "2019-11-19T23:30:00+08:00", true},
		{"2019-11-19T23:30+01", "2019-11-19T23:30:00+01:00", true},
		{"2019-11-19", "2019-11-19", true},
		{"20191119T101500Z", "2019-11-19T10:15:00Z", true},
		{"1574168580", "2019-11-19T13:03:00Z", true},
		{"Tue, 19 Nov 2019 10:00:00 GMT", "2019-11-19T10:00:00Z", true},
		{"Nov. 19, 2019 5:04 p.m. ET", "2019-11-19T17:04:00Z", true},
		{"Published November 19th, 2019 at 9:05 AM EST", "2019-11-19T09:05:00-05:00", true},
		{"19. November 2019, 14:30 Uhr", "2019-11-19T14:30:00Z", false},
		{"19.11.2019", "2019-11-19", false},
		{"19 de noviembre de 2019", "2019-11-19", false},
		{"19 févr. 2019", "2019-02-19", false},
		{"3/4/2019", "2019-03-04", true},
		{"3/4/2019", "2019-04-03", false},
		{"2019年11月19日 08:30", "2019-11-19T08:30:00Z", false},
		{"2019-13-45", "", true},
		{"nothing", "", true},
		{"", "", true},
	} {
		w, ok := parseDate(c.in, c.monthFirst)
		got := ""
		if ok {
			got = w.raw()
		}
		if got != c.want {
			t.Errorf("%q: got %q, want %q", c.in, got, c.want)
		}
	}
}

func TestSplitNames(t *testing.T) {
	for in, want := range map[string]string{
		"By Jane Doe and John Q. Public":   "Jane Doe|John Q. Public",
		"Von Anna Müller und Bernd Schulz": "Anna Müller|Bernd Schulz",
		"Par Émile Petit et Zoé Grand":     "Émile Petit|Zoé Grand",
		"记者 王小明":                           "王小明",
		"jane@example.org":                 "",
		"https://facebook.com/jane":        "",
		"@janedoe":                         "",
		"Jane Doe, Staff Writer":           "Jane Doe",
	} {
		if got := strings.Join(splitNames(in, false), "|"); got != want {
			t.Errorf("%q: got %q, want %q", in, got, want)
		}
	}
}

func TestLenient(t *testing.T) {
	for _, s := range []string{
		"{\"headline\": \"A\nB\tC\",}",
		"<!-- {\"headline\": \"A \\x B\"} -->",
		"//<![CDATA[\n[{\"headline\":\"A B\",}]\n//]]>",
		"{\"headline\":\"He said \"yes\" twice\", \"x\":[1,2,]}",
	} {
		if len(lenient(s)) == 0 {
			t.Errorf("nothing read of %q", s)
		}
	}
	if v := lenient("{{{"); len(v) != 0 {
		t.Errorf("got %v", v)
	}
}

func TestLimits(t *testing.T) {
	if _, err := Extract(make([]byte, MaxBytes+1), "", ""); !errors.Is(err, ErrTooLarge) {
		t.Errorf("got %v", err)
	}
	deep := strings.Repeat("<div>", 100000) + "text"
	Extract([]byte(deep), "text/html", "https://example.org/") // an error is right, a crash is not
	p, err := Extract(nil, "", "")
	if err != nil || p.Article == nil {
		t.Errorf("empty page: %v %v", p, err)
	}
}

func TestLinksAndRobots(t *testing.T) {
	p, err := Extract([]byte(`<html><head><base href="/b/"><meta name=robots content="NOINDEX, noarchive"><meta name=Dateline content="nosnippet nofollow"><meta name=googlebot content="unavailable_after: 25 Jun 2025 15:00:00 GMT"><meta name=author content="All, Ann"><link rel=canonical href="../c">
		</head><body><a href=x>1</a><a href="x#y">2</a><a href="mailto:a@b.c">3</a><a href="//other.example/z">4</a><a href="javascript:1">5</a><a href="#top">6</a>`), "", "https://example.org/a/page")
	if err != nil {
		t.Fatal(err)
	}
	if got := strings.Join(p.Links, " "); got != "https://example.org/b/x https://other.example/z" {
		t.Errorf("links %q", got)
	}
	if got := strings.Join(p.Robots, "|"); got != "dateline: nosnippet, nofollow|googlebot: unavailable_after: 25 jun 2025 15:00:00 gmt|noindex, noarchive" {
		t.Errorf("robots %q", got)
	}
	if !p.NoIndex || !p.NoArchive || p.Canonical != "https://example.org/c" {
		t.Errorf("%+v", p)
	}
}

func checkClean(t *testing.T, p *Page) {
	t.Helper()
	a := p.Article
	for _, s := range append([]string{a.Title, a.Body, a.Summary, a.Section, a.Outlet.Name, a.Lang, a.URL, a.Image, p.Canonical}, append(a.Authors, a.Keywords...)...) {
		if !utf8.ValidString(s) {
			t.Errorf("invalid UTF-8: %q", s)
		}
		for _, r := range s {
			if unicode.IsControl(r) && r != '\n' {
				t.Errorf("control character in %q", s)
				break
			}
		}
	}
}

func FuzzExtract(f *testing.F) {
	files, _ := filepath.Glob("testdata/*.html")
	for _, n := range files {
		b, _ := os.ReadFile(n)
		f.Add(b, "text/html", "https://example.org/2020/01/02/x")
	}
	f.Add([]byte("<script type=application/ld+json>{\"@type\":[\"NewsArticle\"],\"headline\":\"\\u0000\x01\"}</script>"), "text/html; charset=big5", "::")
	f.Fuzz(func(t *testing.T, b []byte, contentType, u string) {
		if len(b) > 1<<20 {
			return
		}
		p, err := Extract(b, contentType, u)
		if err != nil {
			return
		}
		checkClean(t, p)
	})
}

func TestRealPages(t *testing.T) {
	dir := filepath.FromSlash("../../../shared/data/extraction")
	f, err := os.Open(filepath.Join(dir, "index.jsonl"))
	if err != nil {
		t.Skip("extraction cases are not here: ", err)
	}
	defer f.Close()
	r := bufio.NewReader(f)
	n, good, seen := 0, 0, 0
	for n < 60 {
		line, err := r.ReadBytes('\n')
		if errors.Is(err, io.EOF) {
			break
		}
		if seen++; seen%13 != 0 {
			continue
		}
		var c struct {
			URL  string `json:"url"`
			File string `json:"html_file"`
		}
		if err := json.Unmarshal(line, &c); err != nil {
			t.Fatal(err)
		}
		h, err := os.Open(filepath.Join(dir, filepath.FromSlash(c.File)))
		if err != nil {
			t.Skip("page is not here: ", err)
		}
		z, err := gzip.NewReader(h)
		if err != nil {
			t.Fatal(err)
		}
		b, err := io.ReadAll(z)
		h.Close()
		if err != nil {
			t.Fatal(err)
		}
		p, err := Extract(b, "", c.URL)
		if err != nil {
			t.Fatal(err)
		}
		checkClean(t, p)
		n++
		if p.Article.Title != "" && p.Article.Body != "" {
			good++
		} else {
			t.Logf("no title or body: %s", c.URL)
		}
	}
	if good*100 < n*95 {
		t.Errorf("only %d of %d pages have title and body", good, n)
	}
}

// TestDamaged feeds pages with bytes changed, cut and repeated.
func TestDamaged(t *testing.T) {
	files, _ := filepath.Glob("testdata/*.html")
	r := rand.New(rand.NewPCG(1, 2))
	for _, f := range files {
		b, err := os.ReadFile(f)
		if err != nil {
			t.Fatal(err)
		}
		for range 20 {
			d := bytes.Clone(b)
			for range 1 + r.IntN(30) {
				i := r.IntN(len(d))
				switch r.IntN(3) {
				case 0:
					d[i] = byte(r.IntN(256))
				case 1:
					j := min(len(d), i+r.IntN(40))
					d = append(d[:i:i], d[j:]...)
				default:
					j := min(len(d), i+r.IntN(200))
					d = append(d[:j:j], d[i:]...)
				}
				if len(d) == 0 {
					break
				}
			}
			p, err := Extract(d, "text/html", "https://example.org/2020/01/02/x")
			if err == nil {
				checkClean(t, p)
			}
		}
	}
}
