package crawler

import (
	"bufio"
	"encoding/hex"
	"encoding/json"
	"net/netip"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/mmcdole/gofeed"
	whatwg "github.com/nlnwa/whatwg-url/url"
)

// cases is the folder of the conformance data, whose SOURCES.md says where
// each set is from. It is no part of the repository.
const cases = "../../shared/data/crawler/"

// needCases skips a test where the data is not at hand; in CI it must be.
func needCases(t *testing.T, err error) {
	t.Helper()
	if err == nil {
		return
	}
	if os.Getenv("CI") == "true" {
		t.Fatalf("conformance data missing: %v", err)
	}
	t.Skipf("conformance data missing: %v", err)
}

// lines reads a case file.
func lines[T any](t *testing.T, path string) []T {
	t.Helper()
	f, err := os.Open(filepath.FromSlash(cases + path))
	needCases(t, err)
	defer f.Close()
	var all []T
	sc := bufio.NewScanner(f)
	sc.Buffer(nil, 64<<20)
	for sc.Scan() {
		var v T
		if err := json.Unmarshal(sc.Bytes(), &v); err != nil {
			t.Fatal(err)
		}
		all = append(all, v)
	}
	if err := sc.Err(); err != nil || len(all) == 0 {
		t.Fatalf("%s: %d cases, %v", path, len(all), err)
	}
	return all
}

// rate reports how many cases of a set pass, and fails below want (a share).
type rate struct{ good, all int }

func (r *rate) count(t *testing.T, ok bool, format string, args ...any) {
	t.Helper()
	r.all++
	if ok {
		r.good++
	} else {
		t.Logf(format, args...)
	}
}

func (r *rate) want(t *testing.T, share float64) {
	t.Helper()
	t.Logf("%d of %d cases", r.good, r.all)
	if r.all == 0 || float64(r.good) < share*float64(r.all) {
		t.Errorf("%d of %d cases pass, want a share of %v", r.good, r.all, share)
	}
}

type robotsCase struct {
	Name, Robots, Agent, URL, Level string
	RobotsHex                       string `json:"robots_hex"`
	Allowed                         bool
}

func (c robotsCase) text(t *testing.T) string {
	t.Helper()
	if c.RobotsHex == "" {
		return c.Robots
	}
	b, err := hex.DecodeString(c.RobotsHex)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

func TestRobotsCases(t *testing.T) {
	var must, google rate
	for _, c := range lines[robotsCase](t, "robots/cases.jsonl") {
		r := &must
		switch c.Level {
		case "google":
			r = &google
		case "must":
		default:
			continue // contested: the sources disagree
		}
		got := robotsAllowed(robotsText([]byte(c.text(t))), c.Agent, c.URL)
		r.count(t, got == c.Allowed, "%s: %v, want %v", c.Name, got, c.Allowed)
	}
	must.want(t, 1)
	google.want(t, 1)
}

// TestRobotsReal compares with the verdicts of Google's own parser on the
// robots.txt of real sites.
func TestRobotsReal(t *testing.T) {
	var r rate
	for _, c := range lines[struct {
		robotsCase
		Checks []struct {
			Agent, Path string
			Allowed     bool
		}
	}](t, "robots/real.jsonl") {
		text := robotsText([]byte(c.text(t)))
		for _, v := range c.Checks {
			got := robotsAllowed(text, v.Agent, "http://"+c.Name+v.Path)
			r.count(t, got == v.Allowed, "%s: %s %s: %v, want %v", c.Name, v.Agent, v.Path, got, v.Allowed)
		}
	}
	r.want(t, 0.9995)
}

func TestRobotsDirectives(t *testing.T) {
	var r rate
	for _, c := range lines[struct {
		Kind, Robots, Agent, Name string
		Value                     json.RawMessage
	}](t, "robots/directives.jsonl") {
		switch c.Kind {
		case "sitemaps":
			var want []string
			if err := json.Unmarshal(c.Value, &want); err != nil {
				t.Fatal(err)
			}
			got := sitemapLines(c.Robots, "https://site.local/robots.txt")
			r.count(t, strings.Join(got, " ") == strings.Join(want, " "), "%s: %q, want %q", c.Name, got, want)
		case "crawl_delay":
			var want *float64
			if err := json.Unmarshal(c.Value, &want); err != nil {
				t.Fatal(err)
			}
			var d time.Duration
			if want != nil {
				d = time.Duration(*want * float64(time.Second))
			}
			got := crawlDelay(c.Robots, c.Agent)
			r.count(t, got == d, "%s: %v, want %v", c.Name, got, d)
		}
	}
	r.want(t, 1)
}

// TestSSRFAddresses dials nothing: it judges what an address, in whatever
// spelling, becomes.
func TestSSRFAddresses(t *testing.T) {
	var r rate
	names := 0
	guard := guardControl(nil)
	for _, c := range lines[struct {
		Name, URL, IP string
		Block         bool
	}](t, "ssrf/addresses.jsonl") {
		canonical, err := Canonical(c.URL)
		blocked := err != nil
		if err == nil {
			u, err := url.Parse(canonical)
			if err != nil {
				t.Fatal(err)
			}
			ip, err := netip.ParseAddr(u.Hostname())
			if err != nil {
				names++ // a name: what it resolves to is judged at the dial
				continue
			}
			blocked = guard("tcp", netip.AddrPortFrom(ip, 80).String(), nil) != nil
		}
		r.count(t, blocked == c.Block, "%s %s (%s): blocked %v, want %v", c.Name, c.URL, c.IP, blocked, c.Block)
	}
	t.Logf("%d names", names)
	r.want(t, 1)
}

func TestNormalizeCases(t *testing.T) {
	var r rate
	for _, c := range lines[struct{ Name, In, Out, Level string }](t, "url/normalize.jsonl") {
		got, err := Canonical(c.In)
		want := c.Out
		if want != "" {
			want, _ = Canonical(c.Out) // "" for what is no web address, as file:
		}
		r.count(t, got == want, "%s %s: %q gives %q (%v), want %q", c.Level, c.Name, c.In, got, err, want)
	}
	r.want(t, 0.97)
}

func TestResolveCases(t *testing.T) {
	var r rate
	for _, c := range lines[struct{ Name, Ref, Base, Out string }](t, "url/resolve.jsonl") {
		base := c.Base
		if base == "" {
			base = "http://base.example/"
		}
		got := absolute(base, c.Ref)
		r.count(t, got == c.Out, "%s: %q on %q gives %q, want %q", c.Name, c.Ref, c.Base, got, c.Out)
	}
	r.want(t, 1)
}

// TestWPT runs the URL parser under Canonical against the browsers' own cases.
func TestWPT(t *testing.T) {
	var r rate
	for _, c := range lines[struct {
		Name, Input, Href string
		Base              *string
		Failure           bool
	}](t, "url/wpt_http.jsonl") {
		var u *whatwg.Url
		var err error
		if c.Base == nil {
			u, err = webURL.Parse(c.Input)
		} else {
			u, err = webURL.ParseRef(*c.Base, c.Input)
		}
		got := ""
		if err == nil {
			got = u.Href(false)
		}
		r.count(t, (err != nil) == c.Failure && got == c.Href, "%s: %q gives %q (%v), want %q", c.Name, c.Input, got, err, c.Href)
	}
	r.want(t, 0.985)
}

func TestFeedCases(t *testing.T) {
	rates := map[string]*rate{}
	get := func(k string) *rate {
		if rates[k] == nil {
			rates[k] = &rate{}
		}
		return rates[k]
	}
	for _, c := range lines[struct {
		Name, Tier string
		Count      int
		Headers    map[string]string
		Entries    []struct{ Link, Published, Updated string }
	}](t, "feeds/expected.jsonl") {
		b, err := os.ReadFile(filepath.FromSlash(cases + "feeds/files/" + c.Name))
		needCases(t, err)
		feed, err := readFeed(b, c.Headers["content-type"])
		if err != nil {
			feed = &gofeed.Feed{}
		}
		get(c.Tier).count(t, len(feed.Items) == c.Count, "%s %s: %d items, want %d (%v)", c.Tier, c.Name, len(feed.Items), c.Count, err)
		if len(feed.Items) != len(c.Entries) {
			continue
		}
		for i, e := range c.Entries {
			it := feed.Items[i]
			if e.Link != "" {
				got := itemLink(feed, i)
				get("link").count(t, absolute("http://base.example/", got) == absolute("http://base.example/", e.Link), "%s: link %q, want %q", c.Name, got, e.Link)
			}
			if want := e.Published + e.Updated; want != "" && (e.Published == "" || e.Updated == "") {
				got := itemDate(it).UTC().Format(time.RFC3339)
				get("date").count(t, got == want, "%s: date %s, want %s", c.Name, got, want)
			}
		}
	}
	for tier, share := range map[string]float64{"wellformed": 0.995, "encoding": 1, "json": 1, "illformed": 1, "link": 1, "date": 1} {
		t.Run(tier, func(t *testing.T) { get(tier).want(t, share) })
	}
}

func TestDateCases(t *testing.T) {
	var r rate
	for _, c := range lines[struct {
		In, UTC, Parser string
	}](t, "feeds/dates.jsonl") {
		got := ""
		if d := parseDate(c.In); !d.IsZero() {
			got = d.Format(time.RFC3339)
		}
		r.count(t, got == c.UTC, "%s %q: %s, want %s", c.Parser, c.In, got, c.UTC)
	}
	r.want(t, 0.95)
}
