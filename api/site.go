package api

import (
	_ "embed"
	"encoding/xml"
	"fmt"
	"net/http"
	"strings"
	"sync/atomic"
	"time"

	"github.com/gin-gonic/gin"

	"dateline" // for openapi.json and llms.txt
	"dateline/api/ui"
)

//go:embed openapi.json
var openAPI []byte

//go:embed llms.txt
var llmsText string

func (s *server) openAPI(c *gin.Context) { send(c, http.StatusOK, "application/json", openAPI) }

// llms tells a language model what is here and how to ask for it (llmstxt.org).
func (s *server) llms(c *gin.Context) {
	send(c, http.StatusOK, "text/markdown; charset=utf-8", []byte(strings.ReplaceAll(llmsText, "{base}", s.base(c))))
}

// robots keeps crawlers from the endless searches; articles and names may be read.
func (s *server) robots(c *gin.Context) {
	send(c, http.StatusOK, "text/plain; charset=utf-8", []byte("User-agent: *\nDisallow: /api/\nDisallow: /search\n"))
}

func (s *server) health(c *gin.Context) { c.String(http.StatusOK, "ok\n") }

func (s *server) ready(c *gin.Context) {
	if _, err := s.b.Search(c.Request.Context(), dateline.Query{}); err != nil {
		s.log.Warn("not ready", "error", err)
		c.String(http.StatusServiceUnavailable, "not ready\n")
		return
	}
	c.String(http.StatusOK, "ready\n")
}

func (s *server) static(c *gin.Context) {
	c.Header("Cache-Control", "public, max-age=3600")
	http.StripPrefix("/static/", http.FileServerFS(ui.Static())).ServeHTTP(c.Writer, c.Request)
}

func (s *server) embedScript(c *gin.Context) {
	if fresh(c, hash(string(ui.Script()))) {
		return
	}
	c.Header("Cache-Control", "public, max-age=3600")
	c.Data(http.StatusOK, "text/javascript; charset=utf-8", ui.Script())
}

func (s *server) openSearch(c *gin.Context) {
	type link struct {
		Type     string `xml:"type,attr"`
		Rel      string `xml:"rel,attr,omitempty"`
		Template string `xml:"template,attr"`
	}
	base := s.base(c)
	doc := struct {
		XMLName       xml.Name `xml:"http://a9.com/-/spec/opensearch/1.1/ OpenSearchDescription"`
		ShortName     string
		Description   string
		InputEncoding string
		URLs          []link `xml:"Url"`
	}{
		ShortName: "Dateline", Description: "Search news coverage", InputEncoding: "UTF-8",
		URLs: []link{
			{Type: "text/html", Rel: "results", Template: base + "/search?q={searchTerms}"},
			{Type: "application/rss+xml", Rel: "results", Template: base + "/api/v1/search.rss?q={searchTerms}"},
		},
	}
	body, err := xml.MarshalIndent(doc, "", "  ")
	if err != nil {
		s.fail(c, err)
		return
	}
	send(c, http.StatusOK, "application/opensearchdescription+xml; charset=utf-8", append([]byte(xml.Header), append(body, '\n')...))
}

// metrics counts answers by the first digit of their status.
type metrics struct {
	requests [6]atomic.Int64
	micros   atomic.Int64 // time spent answering
}

func (s *server) count(c *gin.Context) {
	begin := time.Now()
	defer func() {
		if class := c.Writer.Status() / 100; class > 0 && class < len(s.metrics.requests) {
			s.metrics.requests[class].Add(1)
		}
		s.metrics.micros.Add(time.Since(begin).Microseconds())
	}()
	c.Next()
}

// metricsText is the Prometheus text format; a few numbers need no library.
func (s *server) metricsText(c *gin.Context) {
	r, err := s.b.Search(c.Request.Context(), dateline.Query{})
	if err != nil {
		s.log.Error("metrics", "error", err)
		c.String(http.StatusServiceUnavailable, "not ready\n")
		return
	}
	var b strings.Builder
	fmt.Fprintf(&b, "# HELP dateline_articles Articles that can be found.\n# TYPE dateline_articles gauge\ndateline_articles %d\n", r.Total)
	b.WriteString("# HELP dateline_http_requests_total Answers by class of status.\n# TYPE dateline_http_requests_total counter\n")
	for class := 1; class < len(s.metrics.requests); class++ {
		fmt.Fprintf(&b, "dateline_http_requests_total{code=\"%dxx\"} %d\n", class, s.metrics.requests[class].Load())
	}
	fmt.Fprintf(&b, "# HELP dateline_http_request_seconds_total Time spent answering.\n# TYPE dateline_http_request_seconds_total counter\ndateline_http_request_seconds_total %.6f\n", float64(s.metrics.micros.Load())/1e6)
	fmt.Fprintf(&b, "# HELP dateline_uptime_seconds Time since the start.\n# TYPE dateline_uptime_seconds gauge\ndateline_uptime_seconds %.0f\n", time.Since(s.started).Seconds())
	crawl, err := s.crawlText(c.Request.Context())
	if err != nil {
		s.log.Error("metrics of the crawl", "error", err)
	}
	b.WriteString(crawl)
	c.Data(http.StatusOK, "text/plain; version=0.0.4; charset=utf-8", []byte(b.String()))
}
