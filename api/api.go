// Package api serves Dateline over HTTP: the JSON API, the pages and the
// search box that other sites embed.
package api

import (
	"context"
	"crypto/sha256"
	_ "embed" // for openapi.json
	"encoding/hex"
	"encoding/json"
	"encoding/xml"
	"fmt"
	"log/slog"
	"net/http"
	"net/url"
	"runtime/debug"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/gin-gonic/gin"

	"dateline"
	"dateline/api/ui"
)

//go:embed openapi.json
var openAPI []byte

// requestTimeout is how long one search may take.
const requestTimeout = 15 * time.Second

const csp = "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self' data:; connect-src 'self'; " +
	"form-action 'self'; base-uri 'none'; frame-ancestors 'none'"

// Backend is what the API asks.
type Backend interface {
	dateline.Searcher
	// Suggest completes what is being typed.
	Suggest(ctx context.Context, q string, limit int) ([]dateline.Suggestion, error)
	// Article gives one article, or *dateline.NotFoundError.
	Article(ctx context.Context, id string) (*dateline.Article, error)
	// Entities finds entities by name or alias; an empty type means any.
	Entities(ctx context.Context, q string, typ dateline.EntityType, limit int) ([]dateline.EntityCount, error)
	// Entity gives one entity and how many articles name it, or *dateline.NotFoundError.
	Entity(ctx context.Context, id string) (dateline.Entity, int, error)
	// Outlets lists every outlet with its number of articles.
	Outlets(ctx context.Context) ([]dateline.FacetValue, error)
	// Stories lists the stories that are followed.
	Stories() []dateline.Story
	// Generation changes whenever an answer may change.
	Generation() uint64
}

// Config is how the server shows itself.
type Config struct {
	PublicURL     string   // where the world reaches the server; empty takes it from the request
	FullText      bool     // show articles' whole text, not just an excerpt
	EmbedOrigins  []string // who may call the API from a browser; empty or "*" is everyone
	RatePerMinute int      // requests per client address; 0 is no limit
	Version       string
}

type server struct {
	cfg   Config
	b     Backend
	log   *slog.Logger
	limit *limiter
	pages *ui.Pages
}

// New makes the handler.
func New(cfg Config, b Backend, log *slog.Logger) http.Handler {
	if log == nil {
		log = slog.New(slog.DiscardHandler)
	}
	cfg.PublicURL = strings.TrimRight(cfg.PublicURL, "/")
	s := &server{cfg: cfg, b: b, log: log, pages: ui.New()}
	if cfg.RatePerMinute > 0 {
		s.limit = newLimiter(cfg.RatePerMinute)
	}
	gin.SetMode(gin.ReleaseMode)
	r := gin.New()
	r.HandleMethodNotAllowed = true
	r.RedirectTrailingSlash = false
	// Only a reverse proxy on this host may say who the client is.
	if err := r.SetTrustedProxies([]string{"127.0.0.1", "::1"}); err != nil {
		log.Error("trusted proxies", "error", err)
	}
	r.Use(s.recovery, s.headers, s.rate)

	get := func(g gin.IRoutes, path string, h gin.HandlerFunc) {
		g.GET(path, h)
		g.HEAD(path, h)
	}
	v1 := r.Group("/api/v1")
	get(v1, "/search", s.search)
	get(v1, "/suggest", s.suggest)
	get(v1, "/articles/:id", s.article)
	get(v1, "/entities", s.entities)
	get(v1, "/entities/:id", s.entity)
	get(v1, "/outlets", s.outlets)
	get(v1, "/stories", s.stories)
	get(v1, "/stories/:id", s.story)
	get(v1, "/timeline", s.timeline)
	get(v1, "/facets/:name", s.facet)

	get(r, "/openapi.json", func(c *gin.Context) { c.Data(http.StatusOK, "application/json", openAPI) })
	get(r, "/healthz", func(c *gin.Context) { c.String(http.StatusOK, "ok\n") })
	get(r, "/readyz", s.ready)
	get(r, "/robots.txt", func(c *gin.Context) {
		c.String(http.StatusOK, "User-agent: *\nDisallow: /api/\nDisallow: /search\n")
	})
	get(r, "/opensearch.xml", s.openSearch)
	s.routePages(r, get)

	r.NoRoute(func(c *gin.Context) {
		if isAPI(c) {
			if c.Request.Method == http.MethodOptions {
				c.Status(http.StatusNoContent)
				return
			}
			writeProblem(c, Problem{Title: "Not found", Status: http.StatusNotFound, Detail: "there is nothing at " + c.Request.URL.Path})
			return
		}
		s.pageError(c, http.StatusNotFound, "Not found", "There is no page at this address.")
	})
	r.NoMethod(func(c *gin.Context) {
		if c.Request.Method == http.MethodOptions {
			c.Status(http.StatusNoContent)
			return
		}
		c.Header("Allow", "GET, HEAD, OPTIONS")
		if isAPI(c) {
			writeProblem(c, Problem{Title: "Method not allowed", Status: http.StatusMethodNotAllowed, Detail: c.Request.Method + " is not allowed here"})
			return
		}
		c.String(http.StatusMethodNotAllowed, "method not allowed\n")
	})
	return r
}

func isAPI(c *gin.Context) bool {
	p := c.Request.URL.Path
	return p == "/api" || strings.HasPrefix(p, "/api/")
}

// recovery turns a panic into a 500.
func (s *server) recovery(c *gin.Context) {
	defer func() {
		v := recover()
		if v == nil {
			return
		}
		if err, ok := v.(error); ok && err == http.ErrAbortHandler {
			panic(v)
		}
		s.log.Error("panic", "path", c.Request.URL.Path, "value", fmt.Sprint(v), "stack", string(debug.Stack()))
		if !c.Writer.Written() {
			writeProblem(c, problemOf(fmt.Errorf("panic: %v", v)))
		}
		c.Abort()
	}()
	ctx, cancel := context.WithTimeout(c.Request.Context(), requestTimeout)
	defer cancel()
	c.Request = c.Request.WithContext(ctx)
	c.Next()
}

// headers sets what every answer carries.
func (s *server) headers(c *gin.Context) {
	h := c.Writer.Header()
	h.Set("Content-Security-Policy", csp)
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Referrer-Policy", "strict-origin-when-cross-origin")
	if p := c.Request.URL.Path; isAPI(c) || p == "/openapi.json" || strings.HasPrefix(p, "/embed/") {
		if len(s.cfg.EmbedOrigins) == 0 || slices.Contains(s.cfg.EmbedOrigins, "*") {
			h.Set("Access-Control-Allow-Origin", "*")
		} else {
			h.Add("Vary", "Origin")
			if o := c.GetHeader("Origin"); o != "" && slices.Contains(s.cfg.EmbedOrigins, o) {
				h.Set("Access-Control-Allow-Origin", o)
			}
		}
		h.Set("Access-Control-Allow-Methods", "GET, HEAD, OPTIONS")
		h.Set("Access-Control-Allow-Headers", "If-None-Match")
		h.Set("Access-Control-Expose-Headers", "ETag, Link, Retry-After")
		h.Set("Cross-Origin-Resource-Policy", "cross-origin")
	}
	c.Next()
}

// rate bounds how often one client may ask.
func (s *server) rate(c *gin.Context) {
	p := c.Request.URL.Path
	if s.limit == nil || p == "/healthz" || p == "/readyz" || strings.HasPrefix(p, "/static/") || c.Request.Method == http.MethodOptions {
		c.Next()
		return
	}
	if ok, after := s.limit.allow(c.ClientIP()); !ok {
		c.Header("Retry-After", strconv.Itoa(after))
		writeProblem(c, Problem{
			Title: "Too many requests", Status: http.StatusTooManyRequests,
			Detail: fmt.Sprintf("at most %d requests a minute; try again in %d seconds", s.cfg.RatePerMinute, after),
		})
		return
	}
	c.Next()
}

// fail answers an API request that went wrong.
func (s *server) fail(c *gin.Context, err error) {
	p := problemOf(err)
	if p.Status == http.StatusInternalServerError {
		s.log.Error("request failed", "path", c.Request.URL.Path, "error", err)
	}
	writeProblem(c, p)
}

// fresh sets the ETag of an answer to this path and canonical query; true
// means that the client has it already and has been told so.
func (s *server) fresh(c *gin.Context, canonical string) bool {
	sum := sha256.Sum256([]byte(fmt.Sprintf("%s\n%d\n%s\n%s", s.cfg.Version, s.b.Generation(), c.Request.URL.Path, canonical)))
	tag := `"` + hex.EncodeToString(sum[:12]) + `"`
	c.Header("ETag", tag)
	c.Header("Cache-Control", "no-cache")
	for have := range strings.SplitSeq(c.GetHeader("If-None-Match"), ",") {
		have = strings.TrimPrefix(strings.TrimSpace(have), "W/")
		if have == tag || have == "*" {
			c.Status(http.StatusNotModified)
			return true
		}
	}
	return false
}

func (s *server) json(c *gin.Context, v any) {
	body, err := json.Marshal(v)
	if err != nil {
		s.fail(c, err)
		return
	}
	c.Data(http.StatusOK, "application/json; charset=utf-8", append(body, '\n'))
}

// only fails if there is a parameter that is not one of names, or one twice.
func only(v url.Values, names ...string) error {
	for name, values := range v {
		if !slices.Contains(names, name) {
			return &dateline.ParamError{Param: name, Message: "is not a parameter here"}
		}
		if len(values) > 1 {
			return &dateline.ParamError{Param: name, Message: "is given more than once"}
		}
		if len(values[0]) > maxQueryBytes {
			return &dateline.ParamError{Param: name, Message: "is too long"}
		}
	}
	return nil
}

func limitParam(v url.Values, def int) (int, error) {
	if s := v.Get("limit"); s != "" {
		n, err := parseInt(s, 1, maxLimit)
		if err != nil {
			return 0, &dateline.ParamError{Param: "limit", Message: err.Error()}
		}
		return n, nil
	}
	return def, nil
}

func params(c *gin.Context) (url.Values, error) {
	v, err := url.ParseQuery(c.Request.URL.RawQuery)
	if err != nil {
		return nil, &dateline.ParamError{Param: "?", Message: "the query string is not well-formed"}
	}
	return v, nil
}

func (s *server) search(c *gin.Context) {
	v, err := params(c)
	if err != nil {
		s.fail(c, err)
		return
	}
	q, err := ParseParams(v)
	if err != nil {
		s.fail(c, err)
		return
	}
	canonical := encode(q)
	if s.fresh(c, canonical.Encode()) {
		return
	}
	r, err := s.b.Search(c.Request.Context(), q)
	if err != nil {
		s.fail(c, err)
		return
	}
	if r.Next != "" {
		canonical.Set("cursor", r.Next)
		c.Header("Link", "<"+s.cfg.PublicURL+"/api/v1/search?"+canonical.Encode()+`>; rel="next"`)
	}
	s.json(c, SearchJSON(q, r))
}

func (s *server) timeline(c *gin.Context) {
	v, err := params(c)
	if err != nil {
		s.fail(c, err)
		return
	}
	q, err := ParseParams(v)
	if err != nil {
		s.fail(c, err)
		return
	}
	q.Limit, q.Cursor, q.Facets = 0, "", nil
	if q.Interval == "" {
		q.Interval = "auto"
	}
	if s.fresh(c, encode(q).Encode()) {
		return
	}
	r, err := s.b.Search(c.Request.Context(), q)
	if err != nil {
		s.fail(c, err)
		return
	}
	s.json(c, TimelineResponse{r.Total, bucketsJSON(r.Timeline), r.Undated})
}

func (s *server) facet(c *gin.Context) {
	name := c.Param("name")
	if !slices.Contains(facetFields, name) {
		s.fail(c, &dateline.NotFoundError{Kind: "facet", ID: name})
		return
	}
	v, err := params(c)
	if err != nil {
		s.fail(c, err)
		return
	}
	prefix := strings.ToLower(strings.TrimSpace(v.Get("prefix")))
	v.Del("prefix")
	q, err := ParseParams(v)
	if err != nil {
		s.fail(c, err)
		return
	}
	size := q.FacetSize
	q.Limit, q.Cursor, q.Interval, q.Facets = 0, "", "", []string{name}
	if s.fresh(c, prefix+"\n"+encode(q).Encode()) {
		return
	}
	if prefix != "" {
		q.FacetSize = 1_000_000 // the prefix chooses among all values, not among the first few
	}
	r, err := s.b.Search(c.Request.Context(), q)
	if err != nil {
		s.fail(c, err)
		return
	}
	out := FacetResponse{Facet: name, Values: []dateline.FacetValue{}}
	for _, fv := range r.Facets[name] {
		if len(out.Values) < size && hasWordPrefix(strings.ToLower(fv.Name), prefix) || prefix != "" && strings.HasPrefix(fv.ID, prefix) && len(out.Values) < size {
			out.Values = append(out.Values, fv)
		}
	}
	s.json(c, out)
}

// hasWordPrefix says whether any word of s begins with prefix.
func hasWordPrefix(s, prefix string) bool {
	return strings.HasPrefix(s, prefix) || strings.Contains(s, " "+prefix)
}

func (s *server) suggest(c *gin.Context) {
	v, err := params(c)
	if err == nil {
		err = only(v, "q", "limit")
	}
	var n int
	if err == nil {
		n, err = limitParam(v, 8)
	}
	if err != nil {
		s.fail(c, err)
		return
	}
	text := strings.TrimSpace(v.Get("q"))
	if s.fresh(c, strconv.Itoa(n)+"\n"+text) {
		return
	}
	out := SuggestResponse{Query: text, Suggestions: []SuggestionJSON{}}
	if text != "" {
		list, err := s.b.Suggest(c.Request.Context(), text, n)
		if err != nil {
			s.fail(c, err)
			return
		}
		for _, x := range list {
			out.Suggestions = append(out.Suggestions, SuggestionJSON{x.Kind, x.Text, markPrefix(x.Text, text), x.ID, x.Type, x.URL, x.Count})
		}
	}
	s.json(c, out)
}

// plain does what the requests without search parameters have in common;
// false means the request has been answered.
func (s *server) plain(c *gin.Context) bool {
	v, err := params(c)
	if err == nil {
		err = only(v)
	}
	if err != nil {
		s.fail(c, err)
		return false
	}
	return true
}

func (s *server) article(c *gin.Context) {
	if !s.plain(c) {
		return
	}
	a, err := s.b.Article(c.Request.Context(), c.Param("id"))
	if err != nil {
		s.fail(c, err)
		return
	}
	if !s.fresh(c, "") {
		s.json(c, articleJSON(a, s.cfg.FullText))
	}
}

func (s *server) entities(c *gin.Context) {
	v, err := params(c)
	if err == nil {
		err = only(v, "q", "type", "limit")
	}
	var n int
	if err == nil {
		n, err = limitParam(v, defaultLimit)
	}
	typ := dateline.EntityType(v.Get("type"))
	if err == nil && typ != "" && typ != dateline.Person && typ != dateline.Organization && typ != dateline.Place {
		err = &dateline.ParamError{Param: "type", Message: "must be one of person, organization, place"}
	}
	if err != nil {
		s.fail(c, err)
		return
	}
	if s.fresh(c, v.Encode()) {
		return
	}
	list, err := s.b.Entities(c.Request.Context(), strings.TrimSpace(v.Get("q")), typ, n)
	if err != nil {
		s.fail(c, err)
		return
	}
	s.json(c, EntitiesResponse{notNil(list)})
}

// filtered is a search for everything with one filter.
func filtered(field, id string, limit int) dateline.Query {
	return dateline.Query{
		Filters: map[string][]string{field: {id}}, Excludes: map[string][]string{}, Sort: dateline.SortNewest,
		Limit: limit, Facets: slices.Clone(defaultFacets), FacetSize: defaultFacetSize, Interval: "auto",
	}
}

// about is filtered with the filter as the query itself: then every facet is
// counted within it, that of the entity's own type too.
func about(field, id string, limit int) dateline.Query {
	q := filtered(field, id, limit)
	q.Filters = map[string][]string{}
	q.Root = &dateline.FieldTerm{Field: field, Value: id}
	return q
}

func (s *server) entity(c *gin.Context) {
	if !s.plain(c) {
		return
	}
	e, n, err := s.b.Entity(c.Request.Context(), c.Param("id"))
	if err != nil {
		s.fail(c, err)
		return
	}
	if s.fresh(c, "") {
		return
	}
	r, err := s.b.Search(c.Request.Context(), about(fieldOf(e.Type), e.ID, 0))
	if err != nil {
		s.fail(c, err)
		return
	}
	s.json(c, EntityResponse{
		ID: e.ID, Name: e.Name, Type: e.Type, Wikidata: e.Wikidata, Aliases: notNil(e.Aliases), Count: n,
		Timeline: bucketsJSON(r.Timeline), Undated: r.Undated, Outlets: notNil(r.Facets[dateline.FieldOutlet]),
		NamedWith: namedWith(r.Facets, e.ID, 2*defaultFacetSize),
	})
}

func (s *server) outlets(c *gin.Context) {
	if !s.plain(c) || s.fresh(c, "") {
		return
	}
	list, err := s.b.Outlets(c.Request.Context())
	if err != nil {
		s.fail(c, err)
		return
	}
	s.json(c, OutletsResponse{notNil(list)})
}

func (s *server) stories(c *gin.Context) {
	if !s.plain(c) || s.fresh(c, "") {
		return
	}
	out := StoriesResponse{Stories: []StoryJSON{}}
	for _, st := range s.b.Stories() {
		out.Stories = append(out.Stories, storyJSON(st))
	}
	s.json(c, out)
}

func (s *server) findStory(id string) (dateline.Story, error) {
	for _, st := range s.b.Stories() {
		if st.ID == id {
			return st, nil
		}
	}
	return dateline.Story{}, &dateline.NotFoundError{Kind: "story", ID: id}
}

func (s *server) story(c *gin.Context) {
	if !s.plain(c) {
		return
	}
	st, err := s.findStory(c.Param("id"))
	if err != nil {
		s.fail(c, err)
		return
	}
	if s.fresh(c, "") {
		return
	}
	q := filtered(dateline.FieldStory, st.ID, 10)
	q.Sort = dateline.SortOldest
	r, err := s.b.Search(c.Request.Context(), q)
	if err != nil {
		s.fail(c, err)
		return
	}
	s.json(c, StoryResponse{storyJSON(st), r.Total, SearchJSON(q, r).Hits, bucketsJSON(r.Timeline), r.Undated})
}

func (s *server) ready(c *gin.Context) {
	q := dateline.Query{Limit: 0}
	if _, err := s.b.Search(c.Request.Context(), q); err != nil {
		s.log.Warn("not ready", "error", err)
		c.String(http.StatusServiceUnavailable, "not ready\n")
		return
	}
	c.String(http.StatusOK, "ready\n")
}

// base is the address the world reaches this server at.
func (s *server) base(c *gin.Context) string {
	if s.cfg.PublicURL != "" {
		return s.cfg.PublicURL
	}
	scheme := "http"
	if c.Request.TLS != nil {
		scheme = "https"
	}
	return scheme + "://" + c.Request.Host
}

func (s *server) openSearch(c *gin.Context) {
	type link struct {
		Type     string `xml:"type,attr"`
		Rel      string `xml:"rel,attr,omitempty"`
		Template string `xml:"template,attr"`
	}
	doc := struct {
		XMLName       xml.Name `xml:"http://a9.com/-/spec/opensearch/1.1/ OpenSearchDescription"`
		ShortName     string
		Description   string
		InputEncoding string
		URLs          []link `xml:"Url"`
	}{
		ShortName: "Dateline", Description: "Search news coverage", InputEncoding: "UTF-8",
		URLs: []link{{Type: "text/html", Rel: "results", Template: s.base(c) + "/search?q={searchTerms}"}},
	}
	body, err := xml.MarshalIndent(doc, "", "  ")
	if err != nil {
		s.fail(c, err)
		return
	}
	c.Data(http.StatusOK, "application/opensearchdescription+xml; charset=utf-8", append([]byte(xml.Header), append(body, '\n')...))
}
