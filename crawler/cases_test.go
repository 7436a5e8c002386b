package crawler

import (
	"encoding/base64"
	"reflect"
	"runtime"
	"strings"
	"testing"
)

// httpCase is a case of ../shared/data/crawler/http.
type httpCase struct {
	Name, Serve, Expect string
	Raw                 string `json:"raw_response_b64"`
}

// elsewhere are the cases that a test of its own checks, which may be older
// and check more.
var checkedElsewhere = map[string]func(*testing.T){
	"slow_body": TestSlowBody, "never_answers": TestSlowAndSilent, "port_closed": TestNetworkReasons,
	"redirect_loop_self": TestRedirects, "redirect_chain_5": TestRedirects, "redirect_chain_30": TestRedirects,
	"redirect_no_location": TestRedirects, "redirect_fragment": TestRedirects, "redirect_other_host_robots": TestRedirectToForbidden,
	"retry_after_huge": TestRetryAfter, "r429_no_header": TestOverloadedHostRestsLonger, "r503_flap": TestOverloadedHostRestsLonger,
	"etag_304": TestConditionalAndRestart, "etag_weak": TestValidators, "both_validators": TestValidators, "r304_new_etag": TestValidators,
	"feed_sy_period": TestFeedHint, "feed_gone_410": TestFeedGone, "feed_moved_301": TestFeedMoves,
	"robots_503_30days": TestRobotsUnreachable, "robots_redirect_5": TestRobotsRedirects, "robots_redirect_other_host": TestRobotsRedirects,
	"robots_utf16": TestRobotsText, "robots_nul": TestRobotsText, "robots_per_port": TestRobotsRedirects,
	"robots_meta_noindex": TestRefusals, "robots_xrobots_noindex": TestXRobotsTag, "robots_xrobots_agent": TestXRobotsTag, "robots_noarchive": TestRobotsMeta,
	"trap_soft404": TestProbe, "trap_sitemap_50001": TestTraps, "trap_sitemap_recursion": TestTraps, "trap_wildcard_dns": TestTraps,
	"kill9_warc_open": TestArchiveKilled, "disk_full": TestDiskFullPauses, "proxy_none": TestEnvironmentProxy,
}

// TestHTTPCases has a check for every case by its name: its raw bytes, a check
// here, or a test of its own. A case without one fails.
func TestHTTPCases(t *testing.T) {
	n := 0
	for _, c := range lines[httpCase](t, "http/cases.jsonl") {
		n++
		check, here := httpChecks[c.Name]
		other := checkedElsewhere[c.Name]
		switch {
		case here:
			t.Run(c.Name, func(t *testing.T) { check(t, c) })
		case c.Raw != "": // one that is not known by name
			t.Run(c.Name, func(t *testing.T) { rawEnds(t, c) })
		case other == nil:
			t.Errorf("%s: no check for %q -> %q", c.Name, c.Serve, c.Expect)
		default: // it runs as itself
			if name := runtime.FuncForPC(reflect.ValueOf(other).Pointer()).Name(); !strings.Contains(name, ".Test") {
				t.Errorf("%s: %s is not run as a test", c.Name, name)
			}
		}
	}
	t.Logf("%d cases", n)
}

// raw asks for the page that a server answers with the bytes of a case.
func raw(t *testing.T, c httpCase) (text string, err error) {
	t.Helper()
	b, err := base64.StdEncoding.DecodeString(c.Raw)
	if err != nil || len(b) == 0 {
		t.Fatalf("%d bytes, %v", len(b), err)
	}
	a, err := visitor(t, testConfig()).Article(t.Context(), rawServer(t, b)+"/news/one")
	if err != nil {
		return "", err
	}
	return a.Body, nil
}

// rawEnds wants a raw answer to end, in the page or in an error, never in
// something else.
func rawEnds(t *testing.T, c httpCase) {
	text, err := raw(t, c)
	if err == nil && text != "hello" {
		t.Errorf("taken as %q, want hello or an error (%s)", text, c.Expect)
	}
}

// rawFails wants one of several reasons.
func rawFails(reasons ...string) func(*testing.T, httpCase) {
	return func(t *testing.T, c httpCase) {
		t.Helper()
		_, err := raw(t, c)
		for _, r := range reasons {
			if err != nil && strings.Contains(err.Error(), ": "+r) {
				return
			}
		}
		t.Errorf("%v, want %v", err, reasons)
	}
}

// rawTaken wants the page.
func rawTaken(t *testing.T, c httpCase) {
	if text, err := raw(t, c); err != nil || text != "hello" {
		t.Errorf("%q, %v, want hello", text, err)
	}
}
