package crawler

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"
)

// TestStatsOfHosts tells an operator what comes next, what a source was refused,
// and which host rests for what, to another process too.
func TestStatsOfHosts(t *testing.T) {
	s := newSite(t)
	s.text("/feed", "application/rss+xml", `<rss version="2.0"><channel><title>x</title>
		<item><link>BASE/news/one</link></item><item><link>BASE/news/missing</link></item><item><link>BASE/pdf/one</link></item></channel></rss>`)
	s.article("/news/one")
	s.text("/pdf/one", "application/pdf", "%PDF")
	busy := newSite(t)
	busy.pages["/news/one"] = func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Retry-After", "7200")
		w.WriteHeader(http.StatusServiceUnavailable)
	}
	busy.article("/news/two")
	dir := t.TempDir()
	feed, one := Source{Kind: "feed", Value: s.URL + "/feed"}, Source{Kind: "urls", Value: busy.URL + "/news/one"}
	c := start(t, dir, testConfig(), &memory{}, feed, one)
	began := time.Now()
	once(t, c, false)
	if err := c.SetSources([]Source{feed, one, {Kind: "urls", Value: busy.URL + "/news/two"}}); err != nil {
		t.Fatal(err)
	}
	st, err := ReadStats(t.Context(), dir)
	if err != nil {
		t.Fatal(err)
	}
	f := st.Sources[0]
	if f.NextDue == nil || f.NextDue.Before(began.Add(pollMin-time.Second)) || f.NextDue.After(began.Add(pollMax)) {
		t.Errorf("the feed is due at %v", f.NextDue)
	}
	if len(f.Refused) != 2 || f.Refused["gone"] != 1 || f.Refused["not_html"] != 1 {
		t.Errorf("of the feed were refused %v", f.Refused)
	}
	u := st.Sources[1]
	if u.NextDue == nil || u.NextDue.Before(began.Add(119*time.Minute)) || u.Refused["http_5xx"] != 1 {
		t.Errorf("the address is due at %v, refused %v", u.NextDue, u.Refused)
	}
	if len(st.Hosts) != 2 {
		t.Fatalf("hosts %+v, want two", st.Hosts)
	}
	rests, other := st.Hosts[0], st.Hosts[1]
	if rests.Host != hostOf(busy.URL) || rests.Why != whyRetryAfter || rests.Next.Before(began.Add(119*time.Minute)) || rests.Requests < 2 || rests.Waiting != 1 {
		t.Errorf("%+v, want the host that rests", rests)
	}
	if other.Host != hostOf(s.URL) || other.Why != "" || other.Requests < 4 || other.Delay <= 0 || other.Waiting != 0 {
		t.Errorf("%+v, want the host that is asked", other)
	}
}

// TestStatsOfHalfBudget tells why addresses wait though their host may be asked.
func TestStatsOfHalfBudget(t *testing.T) {
	s := newSite(t)
	var list strings.Builder
	for i := range 30 {
		fmt.Fprintf(&list, "<url><loc>BASE/news/%d</loc><lastmod>2025-01-02</lastmod></url>", i)
		s.article(fmt.Sprintf("/news/%d", i))
	}
	s.text("/map.xml", "application/xml", "<urlset>"+list.String()+"</urlset>")
	dir := t.TempDir()
	cfg := testConfig()
	cfg.HostBudget = 20
	once(t, start(t, dir, cfg, &memory{}, Source{Kind: "sitemap", Value: s.URL + "/map.xml"}), false)
	st, err := ReadStats(t.Context(), dir)
	if err != nil || len(st.Hosts) != 1 {
		t.Fatalf("%+v, %v", st.Hosts, err)
	}
	if h := st.Hosts[0]; h.Why != "half_budget" || h.Waiting < 20 || h.Requests != 10 {
		t.Errorf("%+v, want that the rest of the list waits for want of budget", h)
	}
}

// TestStatsOfAddressThatWaits tells of an address that nobody has asked for yet
// that it is due now.
func TestStatsOfAddressThatWaits(t *testing.T) {
	s := newSite(t)
	dir := t.TempDir()
	start(t, dir, testConfig(), &memory{}, Source{Kind: "urls", Value: s.URL + "/news/one"})
	a, err := ReadAddress(t.Context(), dir, s.URL+"/news/one")
	if err != nil || a.Due == nil || time.Since(*a.Due).Abs() > time.Hour || a.FirstFetch != nil {
		t.Errorf("%+v, %v, want it due now", a, err)
	}
}

// TestStatsOfRestingSource tells when a source will be asked, not when it would
// like to be: its host rests.
func TestStatsOfRestingSource(t *testing.T) {
	s := newSite(t)
	s.pages["/feed"] = func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Retry-After", "7200")
		w.WriteHeader(http.StatusTooManyRequests)
	}
	dir := t.TempDir()
	feed, one := Source{Kind: "feed", Value: s.URL + "/feed"}, Source{Kind: "urls", Value: s.URL + "/news/one"}
	c := start(t, dir, testConfig(), &memory{}, feed)
	began := time.Now()
	once(t, c, false)
	if err := c.SetSources([]Source{one, feed}); err != nil {
		t.Fatal(err)
	}
	if err := c.PollNow(); err != nil {
		t.Fatal(err)
	}
	st, err := ReadStats(t.Context(), dir)
	if err != nil {
		t.Fatal(err)
	}
	for _, x := range st.Sources {
		if x.NextDue == nil || x.NextDue.Before(began.Add(119*time.Minute)) {
			t.Errorf("%s is due at %v, want when its host has rested", x.Source, x.NextDue)
		}
	}
	if a, err := ReadAddress(t.Context(), dir, one.Value); err != nil || a.Due == nil || a.Due.Before(began.Add(119*time.Minute)) {
		t.Errorf("%+v, %v, want it due when its host has rested", a, err)
	}
}
