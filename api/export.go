package api

import (
	"context"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/gin-gonic/gin"

	"dateline"
)

const (
	// exportTimeout is how long an export may stream.
	exportTimeout = 30 * time.Minute
	// maxExports is how many files are streamed at once.
	maxExports = 4
	// feedItems is how many articles a feed has: the newest.
	feedItems = 50
)

// exportTypes are the formats of a search besides JSON, with their media types.
var exportTypes = map[string]string{
	"csv":       "text/csv; charset=utf-8",
	"jsonl":     "application/jsonl; charset=utf-8",
	"bib":       "application/x-bibtex; charset=utf-8",
	"ris":       "application/x-research-info-systems; charset=utf-8",
	"rss":       "application/rss+xml; charset=utf-8",
	"atom":      "application/atom+xml; charset=utf-8",
	"feed.json": "application/feed+json; charset=utf-8",
}

func isFeed(format string) bool { return slices.Contains([]string{"rss", "atom", "feed.json"}, format) }

// export answers a search in another format: a feed of the newest matches, or
// a file of every match, streamed page by page.
func (s *server) export(c *gin.Context) {
	format := c.Param("format")
	contentType := exportTypes[format]
	if contentType == "" {
		s.fail(c, &dateline.NotFoundError{Kind: "format", ID: format})
		return
	}
	q, _, err := searchOf(c)
	if err != nil {
		s.fail(c, err)
		return
	}
	page := encode(q)
	page.Del("cursor")
	q.Limit, q.Cursor, q.Facets, q.Interval = maxLimit, "", nil, ""
	if isFeed(format) {
		q.Limit, q.Sort = feedItems, dateline.SortNewest
	}
	if fresh(c, s.tag(c, encode(q).Encode())) {
		return
	}
	if !isFeed(format) {
		select {
		case s.exports <- struct{}{}:
			defer func() { <-s.exports }()
		default:
			c.Header("Retry-After", "60")
			writeProblem(c, Problem{
				Title: "Busy", Status: http.StatusServiceUnavailable,
				Detail: fmt.Sprintf("%d exports are under way; try again in a minute", maxExports),
			})
			return
		}
	}
	// The first page is read before the status goes out, so that a wrong
	// search still gets its problem.
	r, err := s.b.Search(c.Request.Context(), q)
	if err != nil {
		s.fail(c, err)
		return
	}
	c.Header("Content-Type", contentType)
	if !isFeed(format) {
		c.Header("Content-Disposition", `attachment; filename="dateline.`+format+`"`)
	}
	c.Status(http.StatusOK)
	if c.Request.Method == http.MethodHead {
		return
	}
	// The server's own limit is for answers, not for downloads.
	if err := http.NewResponseController(c.Writer).SetWriteDeadline(time.Now().Add(exportTimeout)); err != nil {
		s.log.Debug("export: no deadline of its own", "error", err)
	}
	title := "Dateline"
	if q.Text != "" {
		title += ": " + q.Text
	}
	e, err := NewExporter(format, c.Writer, Feed{
		Title: title, Home: s.base(c) + "/search?" + page.Encode(), Self: s.base(c) + c.Request.URL.RequestURI(), FullText: s.cfg.FullText,
	})
	if err == nil {
		err = s.stream(c.Request.Context(), e, q, r, isFeed(format))
	}
	if err != nil {
		s.log.Error("export broke off", "path", c.Request.URL.Path, "error", err)
		panic(http.ErrAbortHandler) // a cut file must not look like a whole one
	}
}

// stream writes r and, unless only the first page is wanted, all that follow it.
func (s *server) stream(ctx context.Context, e Exporter, q dateline.Query, r *dateline.Results, first bool) error {
	if err := e.Begin(); err != nil {
		return err
	}
	for {
		for _, h := range r.Hits {
			if err := e.Add(h.Article); err != nil {
				return err
			}
		}
		if r.Next == "" || first {
			return e.End()
		}
		q.Cursor = r.Next
		var err error
		if r, err = s.b.Search(ctx, q); err != nil {
			return err
		}
	}
}

// oneLine makes text fit a field that ends with its line: control characters
// become spaces.
func oneLine(s string) string {
	return strings.Join(strings.Fields(strings.Map(func(r rune) rune {
		if r < ' ' || r == 0x7f || r == 0x2028 || r == 0x2029 {
			return ' '
		}
		return r
	}, s)), " ")
}
