package api

import (
	"fmt"

	"github.com/gin-gonic/gin"

	"dateline"
)

func (s *server) article(c *gin.Context) {
	if _, err := only(c); err != nil {
		s.fail(c, err)
		return
	}
	tag := s.tag(c, "")
	a, err := s.b.Article(c.Request.Context(), c.Param("id"))
	if err != nil {
		s.fail(c, err)
		return
	}
	if !fresh(c, tag) {
		out := articleJSON(a, s.cfg.FullText)
		out.Copies = s.b.CopiesOf(a.ID)
		s.json(c, out)
	}
}

func (s *server) versions(c *gin.Context) {
	if _, err := only(c); err != nil {
		s.fail(c, err)
		return
	}
	tag := s.tag(c, "")
	list, err := s.b.Versions(c.Request.Context(), c.Param("id"))
	if err != nil {
		s.fail(c, err)
		return
	}
	if fresh(c, tag) {
		return
	}
	out := VersionsResponse{Versions: []VersionJSON{}}
	for _, v := range list {
		out.Versions = append(out.Versions, VersionJSON{v.Version, Time{v.Observed}, v.Title, notNil(v.Changed), v.Substantive})
	}
	s.json(c, out)
}

// copies lists a group of copies by the id of any of them.
func (s *server) copies(c *gin.Context) {
	if _, err := only(c); err != nil {
		s.fail(c, err)
		return
	}
	tag := s.tag(c, "")
	list, err := s.b.Copies(c.Request.Context(), c.Param("id"))
	if err != nil {
		s.fail(c, err)
		return
	}
	if fresh(c, tag) {
		return
	}
	out := CopiesResponse{Copies: []HitJSON{}}
	for i, a := range list {
		h := articleJSON(a, false).HitJSON
		h.Copies = &dateline.Copies{ID: list[0].ID, Count: len(list), Origin: i == 0}
		out.ID = list[0].ID
		out.Copies = append(out.Copies, h)
	}
	s.json(c, out)
}

// versionPair picks the two versions that a diff compares: by default the
// newest and the one before it.
func versionPair(c *gin.Context, list []dateline.Version) (from, to dateline.Version, err error) {
	v, err := only(c, "from", "to", "hl")
	if err != nil {
		return from, to, err
	}
	last := 0
	byNumber := map[int]dateline.Version{}
	for _, x := range list {
		byNumber[x.Version] = x
		last = max(last, x.Version)
	}
	pick := func(name string, def int) (dateline.Version, error) {
		n, err := intParam(v, name, def, max(last, 1))
		if err != nil {
			return dateline.Version{}, err
		}
		x, ok := byNumber[n]
		if !ok {
			return x, &dateline.ParamError{Param: name, Message: fmt.Sprintf("there is no version %d of this article", n)}
		}
		return x, nil
	}
	if to, err = pick("to", last); err != nil {
		return from, to, err
	}
	from, err = pick("from", max(to.Version-1, 1))
	return from, to, err
}

func (s *server) diff(c *gin.Context) {
	if _, err := only(c, "from", "to"); err != nil {
		s.fail(c, err)
		return
	}
	tag := s.tag(c, c.Query("from")+"\n"+c.Query("to"))
	id := c.Param("id")
	list, err := s.b.Versions(c.Request.Context(), id)
	if err != nil {
		s.fail(c, err)
		return
	}
	from, to, err := versionPair(c, list)
	if err != nil {
		s.fail(c, err)
		return
	}
	if !fresh(c, tag) {
		s.json(c, diffJSON(id, from, to, s.cfg.FullText))
	}
}

// diffJSON compares two versions. Where the whole text may not be shown, what
// did not change is cut to a few words, and what did to an excerpt.
func diffJSON(id string, from, to dateline.Version, full bool) DiffResponse {
	out := DiffResponse{ID: id, From: from.Version, To: to.Version, Title: diffWords(from.Title, to.Title), Body: diffWords(from.Body, to.Body)}
	if !full {
		out.Body, out.Truncated = shorten(out.Body, excerptRunes)
	}
	return out
}
