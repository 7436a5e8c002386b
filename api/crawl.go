package api

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/gin-gonic/gin"

	"dateline"
)

// Crawl is the crawl that the server tells of.
type Crawl interface {
	// CrawlStats tells how the crawl does.
	CrawlStats(ctx context.Context) (dateline.CrawlStats, error)
	// CrawlNow makes every source due, or gives dateline.ErrNotCrawling.
	CrawlNow(ctx context.Context) error
}

// CrawlRequest is what is posted to /crawl.
type CrawlRequest struct {
	Action string `json:"action"` // run: ask every source as soon as its host may be asked
}

// crawlState answers /crawl.
func (s *server) crawlState(c *gin.Context) {
	if _, err := only(c); err != nil {
		s.fail(c, err)
		return
	}
	s.answerCrawl(c)
}

func (s *server) answerCrawl(c *gin.Context) {
	if s.cfg.Crawl == nil {
		s.fail(c, dateline.ErrNotCrawling)
		return
	}
	st, err := s.cfg.Crawl.CrawlStats(c.Request.Context())
	if err != nil {
		s.fail(c, err)
		return
	}
	s.json(c, st)
}

// crawlNow does what an operator says about the crawl, and answers its state.
func (s *server) crawlNow(c *gin.Context) {
	if _, err := only(c); err != nil {
		s.fail(c, err)
		return
	}
	var in CrawlRequest
	if !readJSON(c, maxChangeBytes, &in) {
		return
	}
	if in.Action != "run" {
		s.fail(c, &dateline.ParamError{Param: "action", Message: fmt.Sprintf("%q must be run", in.Action)})
		return
	}
	if s.cfg.Crawl == nil {
		s.fail(c, dateline.ErrNotCrawling)
		return
	}
	if err := s.cfg.Crawl.CrawlNow(c.Request.Context()); err != nil {
		s.fail(c, err)
		return
	}
	s.answerCrawl(c)
}

// crawlMetricsLife is how long the numbers of a crawl are told again before
// they are counted anew, which takes a while where a million addresses are known.
const crawlMetricsLife = 15 * time.Second

// crawlMetrics keeps what /metrics tells of the crawl.
type crawlMetrics struct {
	mu   sync.Mutex
	at   time.Time
	text string
}

// crawlText is the crawl's part of the Prometheus text format.
func (s *server) crawlText(ctx context.Context) (string, error) {
	if s.cfg.Crawl == nil {
		return "", nil
	}
	m := &s.crawl
	m.mu.Lock()
	defer m.mu.Unlock()
	if !m.at.IsZero() && time.Since(m.at) < crawlMetricsLife {
		return m.text, nil
	}
	st, err := s.cfg.Crawl.CrawlStats(ctx)
	if err != nil {
		return "", err
	}
	m.at = time.Now()
	m.text = crawlNumbers(st, m.at)
	return m.text, nil
}

// labelText escapes the value of a label as the text format has it.
var labelText = strings.NewReplacer(`\`, `\\`, `"`, `\"`, "\n", `\n`)

func crawlNumbers(st dateline.CrawlStats, now time.Time) string {
	var b strings.Builder
	head := func(name, kind, help string) { metricHead(&b, name, kind, help) }
	head("dateline_crawl_fetched_total", "counter", "Responses read whole.")
	fmt.Fprintf(&b, "dateline_crawl_fetched_total %d\n", st.Fetched)
	head("dateline_crawl_not_modified_total", "counter", "Answers that nothing is new.")
	fmt.Fprintf(&b, "dateline_crawl_not_modified_total %d\n", st.NotModified)
	head("dateline_crawl_not_fetched", "gauge", "Addresses that gave no article, by reason.")
	reasons := make([]string, 0, len(st.NotFetched))
	for r := range st.NotFetched {
		reasons = append(reasons, r)
	}
	slices.Sort(reasons)
	for _, r := range reasons {
		fmt.Fprintf(&b, "dateline_crawl_not_fetched{reason=\"%s\"} %d\n", labelText.Replace(r), st.NotFetched[r])
	}
	sourceNumbers(&b, st.Sources)
	resting := map[string]int{}
	for _, h := range st.Hosts {
		if h.Why != "" && h.Next.After(now) {
			resting[h.Why]++
		}
	}
	head("dateline_crawl_hosts_resting", "gauge", "Hosts that are not asked for now, by what they rest for.")
	whys := make([]string, 0, len(resting))
	for w := range resting {
		whys = append(whys, w)
	}
	slices.Sort(whys)
	for _, w := range whys {
		fmt.Fprintf(&b, "dateline_crawl_hosts_resting{why=\"%s\"} %d\n", labelText.Replace(w), resting[w])
	}
	return b.String()
}

func metricHead(b *strings.Builder, name, kind, help string) {
	fmt.Fprintf(b, "# HELP %s %s\n# TYPE %s %s\n", name, help, name, kind)
}

// sourceNumbers has a series for each source, and one for all single addresses
// of a config together, which may be thousands.
func sourceNumbers(b *strings.Builder, sources []dateline.SourceStats) {
	const single = "urls"
	type numbers struct {
		found, taken, failing int
		last                  time.Time
	}
	all := map[string]*numbers{}
	var names []string
	for _, src := range sources {
		name := src.Source
		if strings.HasPrefix(name, single+" ") {
			name = single
		}
		n := all[name]
		if n == nil {
			n = &numbers{}
			all[name], names = n, append(names, name)
		}
		n.found += src.Found
		n.taken += src.Taken
		if src.Error != "" {
			n.failing++
		}
		if src.LastSuccess != nil && src.LastSuccess.After(n.last) {
			n.last = *src.LastSuccess
		}
	}
	for _, x := range []struct {
		name, kind, help string
		value            func(*numbers) int64
	}{
		{"dateline_source_found_total", "counter", "Addresses that a source was the first to name; those of urls lists are one source.", func(n *numbers) int64 { return int64(n.found) }},
		{"dateline_source_taken_total", "counter", "Articles that came from a source.", func(n *numbers) int64 { return int64(n.taken) }},
		{"dateline_source_failing", "gauge", "1 where the last try of a source failed; of urls lists, how many failed.", func(n *numbers) int64 { return int64(n.failing) }},
		{"dateline_source_last_success_timestamp_seconds", "gauge", "When a source last answered well; none if it never did.", func(n *numbers) int64 { return max(n.last.Unix(), 0) }},
	} {
		metricHead(b, x.name, x.kind, x.help)
		for _, name := range names {
			if v := x.value(all[name]); v > 0 || x.name != "dateline_source_last_success_timestamp_seconds" {
				fmt.Fprintf(b, "%s{source=\"%s\"} %d\n", x.name, labelText.Replace(name), v)
			}
		}
	}
}
