package api

import (
	"context"
	"slices"
	"strings"

	"github.com/gin-gonic/gin"

	"dateline"
)

func (s *server) entities(c *gin.Context) {
	v, err := only(c, "q", "type", "limit")
	if err != nil {
		s.fail(c, err)
		return
	}
	n, err := intParam(v, "limit", defaultLimit, maxLimit)
	if err != nil {
		s.fail(c, err)
		return
	}
	typ := dateline.EntityType(v.Get("type"))
	if typ != "" && !isEntityType(typ) {
		s.fail(c, &dateline.ParamError{Param: "type", Message: "must be one of person, organization, place"})
		return
	}
	if fresh(c, s.tag(c, v.Encode())) {
		return
	}
	list, err := s.b.Entities(c.Request.Context(), strings.TrimSpace(v.Get("q")), typ, n)
	if err != nil {
		s.fail(c, err)
		return
	}
	s.json(c, EntitiesResponse{notNil(list)})
}

func isEntityType(t dateline.EntityType) bool {
	return t == dateline.Person || t == dateline.Organization || t == dateline.Place
}

func (s *server) entity(c *gin.Context) {
	if _, err := only(c); err != nil {
		s.fail(c, err)
		return
	}
	tag := s.tag(c, "")
	e, err := s.b.Entity(c.Request.Context(), c.Param("id"))
	if err != nil {
		s.fail(c, err)
		return
	}
	if fresh(c, tag) {
		return
	}
	r, err := s.b.Search(c.Request.Context(), about(fieldOf(e.Type), e.ID, 0))
	if err != nil {
		s.fail(c, err)
		return
	}
	s.json(c, EntityResponse{
		ID: e.ID, Name: e.Name, Type: e.Type, Wikidata: e.Wikidata, Aliases: notNil(e.Aliases), Count: e.Count,
		Names: notNil(e.Names), Parts: e.Parts,
		Timeline: bucketsJSON(r.Timeline), Undated: r.Undated, Outlets: notNil(r.Facets[dateline.FieldOutlet]),
		NamedWith: namedWith(r.Facets, e.ID, 2*defaultFacetSize),
	})
}

func (s *server) outlets(c *gin.Context) {
	if _, err := only(c); err != nil {
		s.fail(c, err)
		return
	}
	if fresh(c, s.tag(c, "")) {
		return
	}
	list, err := s.b.Outlets(c.Request.Context())
	if err != nil {
		s.fail(c, err)
		return
	}
	s.json(c, OutletsResponse{notNil(list)})
}

// findOutlet gives an outlet with the number of its articles.
func (s *server) findOutlet(ctx context.Context, id string) (dateline.FacetValue, error) {
	list, err := s.b.Outlets(ctx)
	if err != nil {
		return dateline.FacetValue{}, err
	}
	if i := slices.IndexFunc(list, func(v dateline.FacetValue) bool { return v.ID == id }); i >= 0 {
		return list[i], nil
	}
	return dateline.FacetValue{}, &dateline.NotFoundError{Kind: "outlet", ID: id}
}

func (s *server) outlet(c *gin.Context) {
	if _, err := only(c); err != nil {
		s.fail(c, err)
		return
	}
	tag := s.tag(c, "")
	o, err := s.findOutlet(c.Request.Context(), c.Param("id"))
	if err != nil {
		s.fail(c, err)
		return
	}
	if fresh(c, tag) {
		return
	}
	q := filtered(dateline.FieldOutlet, o.ID, 1)
	r, err := s.b.Search(c.Request.Context(), q)
	if err != nil {
		s.fail(c, err)
		return
	}
	out := OutletResponse{
		ID: o.ID, Name: o.Name, Count: r.Total, Timeline: bucketsJSON(r.Timeline), Undated: r.Undated,
		Entities: namedWith(r.Facets, "", 2*defaultFacetSize),
	}
	if len(r.Hits) > 0 { // an outlet's country and language are kept with its articles
		out.Country, out.Language = r.Hits[0].Article.Outlet.Country, r.Hits[0].Article.Outlet.Language
	}
	s.json(c, out)
}

func (s *server) stories(c *gin.Context) {
	if _, err := only(c); err != nil {
		s.fail(c, err)
		return
	}
	if fresh(c, s.tag(c, "")) {
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
	if _, err := only(c); err != nil {
		s.fail(c, err)
		return
	}
	st, err := s.findStory(c.Param("id"))
	if err != nil {
		s.fail(c, err)
		return
	}
	if fresh(c, s.tag(c, "")) {
		return
	}
	q, r, err := s.firstReports(c.Request.Context(), st.ID, 10)
	if err != nil {
		s.fail(c, err)
		return
	}
	s.json(c, StoryResponse{storyJSON(st), r.Total, SearchJSON(q, r).Hits, bucketsJSON(r.Timeline), r.Undated})
}
