package api

import (
	"crypto/sha256"
	"crypto/subtle"
	"encoding/json"
	"errors"
	"io"
	"mime"
	"net/http"
	"strings"

	"github.com/gin-gonic/gin"

	"dateline"
)

// maxChangeBytes bounds the body of a change of an entity.
const maxChangeBytes = 16 << 10

// admin lets through who has the token. How long it takes to compare says
// nothing about the token, nor about its length.
func (s *server) admin(c *gin.Context) {
	scheme, token, _ := strings.Cut(c.GetHeader("Authorization"), " ")
	have, want := sha256.Sum256([]byte(strings.TrimSpace(token))), sha256.Sum256([]byte(s.cfg.AdminToken))
	if !strings.EqualFold(scheme, "bearer") || subtle.ConstantTimeCompare(have[:], want[:]) != 1 {
		c.Header("WWW-Authenticate", `Bearer realm="dateline"`)
		writeProblem(c, Problem{Title: "Not authorized", Status: http.StatusUnauthorized, Detail: "this needs the header Authorization: Bearer and the api.admin_token of the config"})
		return
	}
	c.Header("Cache-Control", "no-store")
	c.Next()
}

// ChangeRequest is what is posted to /entities/{id}.
type ChangeRequest struct {
	Action   string              `json:"action"`              // rename, merge, split or undo
	Type     dateline.EntityType `json:"type,omitempty"`      // of the entity, where several share the id
	Into     string              `json:"into,omitempty"`      // the id of the other entity
	IntoType dateline.EntityType `json:"into_type,omitempty"` // its type, where it is not the same
	Name     string              `json:"name,omitempty"`      // the new name, or the name of a new entity
	Alias    string              `json:"alias,omitempty"`     // the name to split off
}

// ChangeResponse answers a change: as it is kept, and what became of the entity.
type ChangeResponse struct {
	Change dateline.EntityChange `json:"change"`
	Entity dateline.EntityCount  `json:"entity"` // the one that a merge made, or whose part it is
}

// ChangesResponse answers /entities/{id}/changes, newest first.
type ChangesResponse struct {
	Changes []dateline.EntityChange `json:"changes"`
}

// changeEntity does what an admin says about an entity.
func (s *server) changeEntity(c *gin.Context) {
	if _, err := only(c); err != nil {
		s.fail(c, err)
		return
	}
	var in ChangeRequest
	if !readJSON(c, maxChangeBytes, &in) {
		return
	}
	if in.Type != "" && !isEntityType(in.Type) {
		s.fail(c, &dateline.ParamError{Param: "type", Message: "must be one of person, organization, place"})
		return
	}
	change, e, err := s.b.ChangeEntity(c.Request.Context(), dateline.EntityChange{
		Action: in.Action, Entity: c.Param("id"), Type: in.Type, Into: in.Into, IntoType: in.IntoType, Name: in.Name, Alias: in.Alias,
	})
	if err != nil {
		s.fail(c, err)
		return
	}
	s.json(c, ChangeResponse{change, dateline.EntityCount{ID: e.ID, Name: e.Name, Type: e.Type, Count: e.Count}})
}

// entityChanges lists what admins said about an entity.
func (s *server) entityChanges(c *gin.Context) {
	if _, err := only(c); err != nil {
		s.fail(c, err)
		return
	}
	list, err := s.b.EntityChanges(c.Request.Context(), c.Param("id"))
	if err != nil {
		s.fail(c, err)
		return
	}
	s.json(c, ChangesResponse{notNil(list)})
}

// readJSON reads the body of a request, of at most so many bytes, which has no
// other fields; false means that the client has been told what is wrong.
func readJSON(c *gin.Context, most int64, v any) bool {
	bad := func(status int, title, detail string) bool {
		writeProblem(c, Problem{Title: title, Status: status, Detail: detail})
		return false
	}
	if t, _, err := mime.ParseMediaType(c.GetHeader("Content-Type")); err != nil || t != "application/json" {
		return bad(http.StatusUnsupportedMediaType, "Not JSON", "send Content-Type: application/json")
	}
	d := json.NewDecoder(http.MaxBytesReader(c.Writer, c.Request.Body, most))
	d.DisallowUnknownFields()
	err := d.Decode(v)
	if err == nil {
		if _, more := d.Token(); !errors.Is(more, io.EOF) {
			err = errors.New("there is more after the object")
		}
	}
	var large *http.MaxBytesError
	switch {
	case errors.As(err, &large):
		return bad(http.StatusRequestEntityTooLarge, "Too large", "the body is larger than anything that is asked here")
	case err != nil:
		return bad(http.StatusBadRequest, "Body not understood", err.Error())
	}
	return true
}
