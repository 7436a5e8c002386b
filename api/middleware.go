package api

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"runtime/debug"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/gin-gonic/gin"

	"dateline"
)

// requestTimeout is how long one answer may take; exports have their own limit.
const requestTimeout = 15 * time.Second

const csp = "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self' data:; connect-src 'self'; " +
	"form-action 'self'; base-uri 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'; trusted-types 'none'"

func isAPI(c *gin.Context) bool {
	p := c.Request.URL.Path
	return p == "/api" || strings.HasPrefix(p, "/api/")
}

// recovery turns a panic into a 500 and bounds how long an answer may take.
func (s *server) recovery(c *gin.Context) {
	defer func() {
		v := recover()
		if v == nil {
			return
		}
		if err, ok := v.(error); ok && errors.Is(err, http.ErrAbortHandler) {
			panic(v)
		}
		s.log.Error("panic", "path", c.Request.URL.Path, "value", fmt.Sprint(v), "stack", string(debug.Stack()))
		if !c.Writer.Written() {
			writeProblem(c, problemOf(fmt.Errorf("panic: %v", v)))
		}
		c.Abort()
	}()
	limit := requestTimeout
	if c.Param("format") != "" {
		limit = exportTimeout
	}
	ctx, cancel := context.WithTimeout(c.Request.Context(), limit)
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
	if s.limit == nil || p == "/healthz" || p == "/readyz" || p == "/metrics" || strings.HasPrefix(p, "/static/") || c.Request.Method == http.MethodOptions {
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

// tag is the ETag of the answer to this path and canonical query. It is to be
// taken before the answer is read: an answer newer than its tag costs one
// request more, an older one would stay.
func (s *server) tag(c *gin.Context, canonical string) string {
	return hash(fmt.Sprintf("%s\n%d\n%s\n%s\n%s", s.cfg.Version, s.b.Generation(), s.base(c), c.Request.URL.Path, canonical))
}

func hash(s string) string {
	sum := sha256.Sum256([]byte(s))
	return `"` + hex.EncodeToString(sum[:12]) + `"`
}

// fresh sets the ETag; true means that the client has this answer already and
// has been told so.
func fresh(c *gin.Context, tag string) bool {
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

// send answers with a body whose ETag is its hash.
func send(c *gin.Context, status int, contentType string, body []byte) {
	if status == http.StatusOK && fresh(c, hash(string(body))) {
		return
	}
	c.Data(status, contentType, body)
}

func (s *server) json(c *gin.Context, v any) {
	body, err := json.Marshal(v)
	if err != nil {
		s.fail(c, err)
		return
	}
	c.Data(http.StatusOK, "application/json; charset=utf-8", append(body, '\n'))
}

// params are the parameters of a request.
func params(c *gin.Context) (url.Values, error) {
	v, err := url.ParseQuery(c.Request.URL.RawQuery)
	if err != nil {
		return nil, &dateline.ParamError{Param: "?", Message: "the query string is not well-formed"}
	}
	return v, nil
}

// only are the parameters of a request that takes these names, each at most once.
func only(c *gin.Context, names ...string) (url.Values, error) {
	v, err := params(c)
	if err != nil {
		return nil, err
	}
	for _, name := range sortedKeys(v) {
		bad := func(message string) error { return &dateline.ParamError{Param: name, Message: message} }
		switch values := v[name]; {
		case !slices.Contains(names, name):
			return nil, bad("is not a parameter here")
		case len(values) > 1:
			return nil, bad("is given more than once")
		case len(values[0]) > maxQueryBytes:
			return nil, bad(fmt.Sprintf("is longer than %d bytes", maxQueryBytes))
		case !isText(values[0]):
			return nil, bad("is not valid UTF-8 text")
		}
	}
	return v, nil
}

// intParam reads a whole number from 1 to high.
func intParam(v url.Values, name string, def, high int) (int, error) {
	s := v.Get(name)
	if s == "" {
		return def, nil
	}
	n, err := parseInt(s, 1, high)
	if err != nil {
		return 0, &dateline.ParamError{Param: name, Message: err.Error()}
	}
	return n, nil
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
