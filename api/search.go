package api

import (
	"cmp"
	"context"
	"html"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/gin-gonic/gin"

	"dateline"
)

// searchOf reads the search that a request asks for. JSON, exports and pages
// all come through here; extra names parameters that are not the search's.
func searchOf(c *gin.Context, extra ...string) (dateline.Query, url.Values, error) {
	v, err := params(c)
	if err != nil {
		return dateline.Query{}, nil, err
	}
	rest := url.Values{}
	for _, name := range extra {
		if values := v[name]; len(values) > 1 {
			return dateline.Query{}, nil, &dateline.ParamError{Param: name, Message: "is given more than once"}
		} else if len(values) == 1 && (len(values[0]) > maxValueBytes || !isText(values[0])) {
			return dateline.Query{}, nil, &dateline.ParamError{Param: name, Message: "is too long or not text"}
		} else if len(values) == 1 {
			rest[name] = values
		}
		v.Del(name)
	}
	q, err := ParseParams(v)
	return q, rest, err
}

func (s *server) search(c *gin.Context) {
	q, _, err := searchOf(c)
	if err != nil {
		s.fail(c, err)
		return
	}
	canonical := encode(q)
	if fresh(c, s.tag(c, canonical.Encode())) {
		return
	}
	q.SomeWords = true
	r, err := s.b.Search(c.Request.Context(), q)
	if err != nil {
		s.fail(c, err)
		return
	}
	s.b.Searched(q, r.Total, c.ClientIP())
	if r.Next != "" {
		canonical.Set("cursor", r.Next)
		c.Header("Link", "<"+s.cfg.PublicURL+"/api/v1/search?"+canonical.Encode()+`>; rel="next"`)
	}
	s.json(c, SearchJSON(q, r))
}

func (s *server) timeline(c *gin.Context) {
	q, _, err := searchOf(c)
	if err != nil {
		s.fail(c, err)
		return
	}
	q.Limit, q.Cursor, q.Facets = 0, "", nil
	if q.Interval == "" {
		q.Interval = "auto"
	}
	if fresh(c, s.tag(c, encode(q).Encode())) {
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
	q, rest, err := searchOf(c, "prefix")
	if err != nil {
		s.fail(c, err)
		return
	}
	q.Limit, q.Cursor, q.Interval, q.Facets, q.FacetPrefix = 0, "", "", []string{name}, rest.Get("prefix")
	if fresh(c, s.tag(c, q.FacetPrefix+"\n"+encode(q).Encode())) {
		return
	}
	r, err := s.b.Search(c.Request.Context(), q)
	if err != nil {
		s.fail(c, err)
		return
	}
	s.json(c, FacetResponse{Facet: name, Values: notNil(r.Facets[name])})
}

func (s *server) suggest(c *gin.Context) {
	v, err := only(c, "q", "limit")
	if err != nil {
		s.fail(c, err)
		return
	}
	n, err := intParam(v, "limit", 8, 20)
	if err != nil {
		s.fail(c, err)
		return
	}
	text := strings.TrimSpace(v.Get("q"))
	if fresh(c, s.tag(c, strconv.Itoa(n)+"\n"+text)) {
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
			out.Suggestions = append(out.Suggestions, SuggestionJSON{x.Kind, x.Text, cmp.Or(x.TextHTML, html.EscapeString(x.Text)), x.ID, x.Type, s.suggestionURL(c, x), x.Count})
		}
	}
	s.json(c, out)
}

// suggestionURL is where a suggestion leads: to the entity's page, to the
// article at its publisher, to the search.
func (s *server) suggestionURL(c *gin.Context, x dateline.Suggestion) string {
	switch {
	case x.Kind == "entity":
		return s.base(c) + "/entities/" + url.PathEscape(x.ID)
	case x.Kind == "query":
		return s.base(c) + "/search?" + url.Values{"q": {x.Text}}.Encode()
	}
	return x.URL
}

// filtered is a search for everything with one filter.
func filtered(field, id string, limit int) dateline.Query {
	q := everything(limit)
	q.Filters[field] = []string{id}
	return q
}

// everything is the search for all articles.
func everything(limit int) dateline.Query {
	return dateline.Query{
		Filters: map[string][]string{}, Excludes: map[string][]string{}, Sort: dateline.SortNewest,
		Limit: limit, Facets: slices.Clone(defaultFacets), FacetSize: defaultFacetSize, Interval: "auto",
	}
}

// about is filtered with the filter as the query itself: then every facet is
// counted within it, that of the entity's own type too.
func about(field, id string, limit int) dateline.Query {
	q := everything(limit)
	q.Root = &dateline.FieldTerm{Field: field, Value: id}
	return q
}

// firstReports are the oldest articles of a story.
func (s *server) firstReports(ctx context.Context, story string, limit int) (dateline.Query, *dateline.Results, error) {
	q := filtered(dateline.FieldStory, story, limit)
	q.Sort = dateline.SortOldest
	r, err := s.b.Search(ctx, q)
	return q, r, err
}
