package api

import (
	"context"
	"encoding/json"
	"net/http"
	"regexp"
	"strings"
	"testing"
	"time"

	"dateline"
)

// oneCrawl is a crawl whose state does not change but by being run.
type oneCrawl struct {
	runs int
	err  error
}

func (o *oneCrawl) CrawlStats(context.Context) (dateline.CrawlStats, error) {
	at := time.Date(2025, time.November, 14, 18, 0, 0, 0, time.UTC)
	return dateline.CrawlStats{
		Sources: []dateline.SourceStats{
			{Source: "feed https://paper.example/rss", LastSuccess: &at, Found: 7, Fetched: 5, Taken: 4, NextDue: &at, Refused: map[string]int{"robots": 2}},
			{Source: `feed https://gazette.example/"`, Error: "gone: status 404", Refused: map[string]int{}},
			{Source: "urls https://one.example/", Found: 1, Taken: 1, LastSuccess: &at},
			{Source: "urls https://two.example/", Found: 1, Error: "gone: status 404"},
		},
		Fetched: 5, NotModified: 3, NotFetched: map[string]int{"robots": 2, "gone": 1},
		Hosts: []dateline.HostStats{{Host: "paper.example", Next: time.Now().Add(time.Hour), Why: "retry_after", Delay: 2, Requests: 9}},
	}, nil
}

func (o *oneCrawl) CrawlNow(context.Context) error {
	o.runs++
	return o.err
}

func TestCrawl(t *testing.T) {
	c := &oneCrawl{}
	h := New(Config{AdminToken: adminToken, Crawl: c}, newIndex(t), nil)
	if w := get(t, h, "/api/v1/crawl"); w.Code != http.StatusUnauthorized {
		t.Errorf("without a token: %d", w.Code)
	}
	if w := post(t, h, "/api/v1/crawl", `{"action":"run"}`, "Authorization", ""); w.Code != http.StatusUnauthorized || c.runs != 0 {
		t.Errorf("without a token: %d, %d runs", w.Code, c.runs)
	}
	if w := post(t, h, "/api/v1/crawl", `{"action":"stop"}`); w.Code != http.StatusBadRequest || c.runs != 0 {
		t.Errorf("an unknown action: %d %s", w.Code, w.Body)
	}
	w := post(t, h, "/api/v1/crawl", `{"action":"run"}`)
	var st dateline.CrawlStats
	if err := json.Unmarshal(w.Body.Bytes(), &st); err != nil || w.Code != http.StatusOK || c.runs != 1 {
		t.Fatalf("%d %s, %d runs", w.Code, w.Body, c.runs)
	}
	if len(st.Sources) != 4 || st.Sources[0].Taken != 4 || st.NotFetched["robots"] != 2 || len(st.Hosts) != 1 || st.Hosts[0].Why != "retry_after" {
		t.Errorf("state %+v", st)
	}
	c.err = dateline.ErrNotCrawling
	if w := post(t, h, "/api/v1/crawl", `{"action":"run"}`); w.Code != http.StatusConflict || !strings.Contains(w.Body.String(), "dateline up") {
		t.Errorf("where nobody crawls: %d %s", w.Code, w.Body)
	}
	h = New(Config{Crawl: c}, newIndex(t), nil)
	if w := get(t, h, "/api/v1/crawl"); w.Code != http.StatusNotFound {
		t.Errorf("without a token in the config: %d", w.Code)
	}
}

func TestCrawlMetrics(t *testing.T) {
	w := get(t, New(Config{Crawl: &oneCrawl{}}, newIndex(t), nil), "/metrics")
	for _, line := range []string{
		"dateline_crawl_fetched_total 5", "dateline_crawl_not_modified_total 3", `dateline_crawl_not_fetched{reason="robots"} 2`,
		`dateline_source_taken_total{source="feed https://paper.example/rss"} 4`, `dateline_source_failing{source="feed https://gazette.example/\""} 1`,
		`dateline_source_last_success_timestamp_seconds{source="feed https://paper.example/rss"} 1763143200`, `dateline_crawl_hosts_resting{why="retry_after"} 1`,
		`dateline_source_found_total{source="urls"} 2`, `dateline_source_taken_total{source="urls"} 1`, `dateline_source_failing{source="urls"} 1`,
		`dateline_source_last_success_timestamp_seconds{source="urls"} 1763143200`,
	} {
		if !strings.Contains("\n"+w.Body.String(), "\n"+line+"\n") {
			t.Errorf("no line %s in\n%s", line, w.Body)
		}
	}
	if n := strings.Count(w.Body.String(), "dateline_source_last_success_timestamp_seconds{"); n != 2 {
		t.Errorf("%d sources that ever answered, want 2", n)
	}
	if w := get(t, New(Config{}, newIndex(t), nil), "/metrics"); strings.Contains(w.Body.String(), "dateline_crawl") {
		t.Error("numbers of a crawl that there is not")
	}
}

// TestMetricsByConvention reads every line of the metrics as Prometheus and its
// linter do: a head before the samples, counters that end in _total, base
// units, no name twice.
func TestMetricsByConvention(t *testing.T) {
	w := get(t, New(Config{Crawl: &oneCrawl{}}, newIndex(t), nil), "/metrics")
	sample := regexp.MustCompile(`^([a-z_]+)(?:\{[a-z]+="(?:[^"\\\n]|\\["\\n])*"\})? (\d+(?:\.\d+)?)$`)
	kinds, seen := map[string]string{}, map[string]bool{}
	name := ""
	for line := range strings.Lines(w.Body.String()) {
		line = strings.TrimSuffix(line, "\n")
		f := strings.Fields(line)
		switch {
		case strings.HasPrefix(line, "# HELP "):
			if name = f[2]; kinds[name] != "" || len(f) < 5 {
				t.Errorf("%s: twice, or without help", line)
			}
		case strings.HasPrefix(line, "# TYPE "):
			if kinds[name] = f[3]; f[2] != name || strings.HasSuffix(name, "_total") != (f[3] == "counter") {
				t.Errorf("%s: after the help of %s; counters, and they alone, end in _total", line, name)
			}
			if strings.Contains(name, "milli") || strings.Contains(name, "minute") || strings.HasSuffix(name, "_count") {
				t.Errorf("%s: want base units", name)
			}
		default:
			m := sample.FindStringSubmatch(line)
			if m == nil || m[1] != name || kinds[name] == "" || seen[strings.TrimSuffix(line, m[2])] {
				t.Errorf("%q under %s", line, name)
				continue
			}
			seen[strings.TrimSuffix(line, m[2])] = true
		}
	}
	if len(seen) < 15 {
		t.Errorf("%d series, want more", len(seen))
	}
}
