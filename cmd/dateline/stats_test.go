package main

import (
	"strings"
	"testing"
	"time"

	"dateline/crawler"
)

// TestPrintStats says where a source is asked, and what is wrong with it.
func TestPrintStats(t *testing.T) {
	var b strings.Builder
	at := time.Date(2025, time.November, 14, 10, 0, 0, 0, time.UTC)
	hour := time.Now().Add(time.Hour).UTC().Truncate(time.Second)
	printStats(&b, &stats{Stats: crawler.Stats{Sources: []crawler.SourceStats{
		{Source: "feed http://a.example/old", MovedTo: "http://a.example/new\x1b[31m", Found: 3, Refused: map[string]int{"robots": 2, "gone": 1}, LastSuccess: &at, NextDue: &hour, Error: "gone: status 410"},
		{Source: "feed http://b.example/"},
	}, Hosts: []crawler.HostStats{
		{Host: "c.example", Next: hour, Why: "retry_after"}, {Host: "d.example", Next: at, Why: "half_budget", Waiting: 7}, {Host: "e.example", Next: hour}, {Host: "f.example", Next: at, Why: "dead"},
	}}})
	want := "0 articles in 0 versions\n0 fetched, 0 not modified\n" +
		"feed http://a.example/old\n  found 3, fetched 0, taken 0, refused: gone 1, robots 2\n  last success 2025-11-14T10:00:00Z, next " + hour.Format(time.RFC3339) +
		", moved to " + printable("http://a.example/new\x1b[31m") + ", last error: gone: status 410\n" +
		"feed http://b.example/\n  found 0, fetched 0, taken 0\n  last success never, next never\n" +
		"c.example rests until " + hour.Format(time.RFC3339) + ": retry_after\n" +
		"d.example: half of the day's requests are made (crawler.host_budget), so 7 older addresses wait for another day\n"
	if out := b.String(); out != want || strings.Contains(out, "\x1b") {
		t.Errorf("%q, want %q", out, want)
	}
}

// TestPrintAddress tells the way to an address, and what came of it.
func TestPrintAddress(t *testing.T) {
	at := time.Date(2025, time.November, 14, 10, 0, 0, 0, time.UTC)
	for _, c := range []struct {
		s    crawler.AddressStats
		want string
	}{
		{
			crawler.AddressStats{
				URL: "http://a.example/1", Source: "sitemap http://a.example/map.xml", Path: []string{"http://a.example/map.xml", "http://a.example/sub.xml", "http://a.example/1"},
				Stories: []string{"one"}, Status: 200, ArticleID: "abc", FirstFetch: &at, Due: &at,
			},
			"http://a.example/1\n  source   sitemap http://a.example/map.xml\n  path     http://a.example/map.xml\n  then     http://a.example/sub.xml\n" +
				"  stories  one\n  result   article abc\n  fetched  2025-11-14T10:00:00Z\n  due      2025-11-14T10:00:00Z\n",
		},
		{
			crawler.AddressStats{URL: "http://a.example/1", Source: "urls http://a.example/1", Path: []string{"http://a.example/1"}, Reason: "gone", Status: 404},
			"http://a.example/1\n  source   urls http://a.example/1\n  result   gone (status 404)\n  due      never again\n",
		},
	} {
		var b strings.Builder
		printAddress(&b, &c.s)
		if b.String() != c.want {
			t.Errorf("%q, want %q", b.String(), c.want)
		}
	}
}
