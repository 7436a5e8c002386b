// Package api serves Dateline over HTTP: the JSON API, the pages and the
// search box that other sites embed. It asks a Backend, which the command
// line makes of the index, and knows nothing of how articles are found.
//
// api.go has every route; params.go reads a search from a URL and writes it
// back; json.go has the types of the answers.
package api

import (
	"context"
	"log/slog"
	"net/http"
	"strings"
	"time"

	"github.com/gin-gonic/gin"

	"dateline"
	"dateline/api/ui"
)

// Backend is what the API asks.
type Backend interface {
	dateline.Searcher
	// Suggest completes what is being typed.
	Suggest(ctx context.Context, q string, limit int) ([]dateline.Suggestion, error)
	// Searched notes a search and how many articles it found, for Suggest.
	Searched(q dateline.Query, found int, client string)
	// Article gives one article, or *dateline.NotFoundError.
	Article(ctx context.Context, id string) (*dateline.Article, error)
	// Versions gives the texts of an article, oldest first, or *dateline.NotFoundError.
	Versions(ctx context.Context, id string) ([]dateline.Version, error)
	// Copies lists the articles with the text of one, itself included: the
	// origin first, then the reprints by time; or *dateline.NotFoundError.
	Copies(ctx context.Context, id string) ([]*dateline.Article, error)
	// CopiesOf tells of the copies of an article; nil if it has none.
	CopiesOf(id string) *dateline.Copies
	// Entities finds entities by name or alias; an empty type means any.
	Entities(ctx context.Context, q string, typ dateline.EntityType, limit int) ([]dateline.EntityCount, error)
	// Entity gives one entity, or *dateline.NotFoundError. The id of one that was
	// merged into another gives the other.
	Entity(ctx context.Context, id string) (dateline.EntityInfo, error)
	// ChangeEntity does what an admin says about an entity, durably.
	ChangeEntity(ctx context.Context, c dateline.EntityChange) (dateline.EntityChange, dateline.EntityInfo, error)
	// EntityChanges lists what admins said about an entity, newest first, or *dateline.NotFoundError.
	EntityChanges(ctx context.Context, id string) ([]dateline.EntityChange, error)
	// Meaning gives the ids that a value of a field may mean: an id, a name or an alias.
	Meaning(field, value string) []string
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
	AdminToken    string   // bearer token of whoever may write; empty: there is nothing to write to
	Crawl         Crawl    // what /crawl and /metrics tell of; nil: nothing is told
	Version       string
}

type server struct {
	cfg     Config
	b       Backend
	log     *slog.Logger
	limit   *limiter
	pages   *ui.Pages
	metrics metrics
	crawl   crawlMetrics
	started time.Time
	exports chan struct{} // one slot for each export under way
}

// route is one path of the server. GET routes answer HEAD too.
type route struct {
	path   string
	handle gin.HandlerFunc
}

// adminRoute is one path with a method under /api/v1 that needs the bearer token.
type adminRoute struct {
	method string
	route
}

// apiRoutes are the routes under /api/v1; openapi.json describes each.
func (s *server) apiRoutes() []route {
	return []route{
		{"/search", s.search},
		{"/search.:format", s.export},
		{"/suggest", s.suggest},
		{"/timeline", s.timeline},
		{"/facets/:name", s.facet},
		{"/articles/:id", s.article},
		{"/articles/:id/versions", s.versions},
		{"/articles/:id/diff", s.diff},
		{"/articles/:id/similar", s.similar},
		{"/copies/:id", s.copies},
		{"/quotes", s.quotes},
		{"/entities", s.entities},
		{"/entities/:id", s.entity},
		{"/outlets", s.outlets},
		{"/outlets/:id", s.outlet},
		{"/stories", s.stories},
		{"/stories/:id", s.story},
	}
}

// adminRoutes are those under /api/v1 that there are only where api.admin_token
// is set; openapi.json describes each.
func (s *server) adminRoutes() []adminRoute {
	return []adminRoute{
		{http.MethodPost, route{"/entities/:id", s.changeEntity}},
		{http.MethodGet, route{"/entities/:id/changes", s.entityChanges}},
		{http.MethodGet, route{"/crawl", s.crawlState}},
		{http.MethodPost, route{"/crawl", s.crawlNow}},
	}
}

// siteRoutes are the routes for people, browsers and operators.
func (s *server) siteRoutes() []route {
	return []route{
		{"/", s.pageHome},
		{"/search", s.pageSearch},
		{"/articles/:id", s.pageArticle},
		{"/articles/:id/changes", s.pageChanges},
		{"/entities/:id", s.pageEntity},
		{"/stories/:id", s.pageStory},
		{"/outlets", s.pageOutlets},
		{"/outlets/:id", s.pageOutlet},
		{"/embed", s.pageEmbed},
		{"/docs", s.pageDocs},
		{"/embed/v1/dateline-search.js", s.embedScript},
		{"/static/:file", s.static},
		{"/openapi.json", s.openAPI},
		{"/opensearch.xml", s.openSearch},
		{"/llms.txt", s.llms},
		{"/robots.txt", s.robots},
		{"/healthz", s.health},
		{"/readyz", s.ready},
		{"/metrics", s.metricsText},
	}
}

// New makes the handler.
func New(cfg Config, b Backend, log *slog.Logger) http.Handler {
	if log == nil {
		log = slog.New(slog.DiscardHandler)
	}
	cfg.PublicURL = strings.TrimRight(cfg.PublicURL, "/")
	s := &server{cfg: cfg, b: b, log: log, pages: ui.New(), started: time.Now(), exports: make(chan struct{}, maxExports)}
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
	r.Use(s.count, s.recovery, s.headers, s.rate)
	for _, x := range s.apiRoutes() {
		r.GET("/api/v1"+x.path, x.handle)
		r.HEAD("/api/v1"+x.path, x.handle)
	}
	if cfg.AdminToken != "" {
		for _, x := range s.adminRoutes() {
			r.Handle(x.method, "/api/v1"+x.path, s.admin, x.handle)
		}
	}
	for _, x := range s.siteRoutes() {
		r.GET(x.path, x.handle)
		r.HEAD(x.path, x.handle)
	}
	r.NoRoute(s.noRoute)
	r.NoMethod(s.noMethod)
	return r
}

func (s *server) noRoute(c *gin.Context) {
	if !isAPI(c) {
		s.pageError(c, http.StatusNotFound, "Not found", "There is no page at this address.")
		return
	}
	if c.Request.Method == http.MethodOptions {
		c.Status(http.StatusNoContent)
		return
	}
	writeProblem(c, Problem{Title: "Not found", Status: http.StatusNotFound, Detail: "there is nothing at " + c.Request.URL.Path})
}

func (s *server) noMethod(c *gin.Context) {
	if c.Request.Method == http.MethodOptions {
		c.Status(http.StatusNoContent)
		return
	}
	if allow := c.Writer.Header().Get("Allow"); allow != "" { // as the routes of this path have it
		c.Header("Allow", allow+", OPTIONS")
	}
	if isAPI(c) {
		writeProblem(c, Problem{Title: "Method not allowed", Status: http.StatusMethodNotAllowed, Detail: c.Request.Method + " is not allowed here"})
		return
	}
	c.String(http.StatusMethodNotAllowed, "method not allowed\n")
}
