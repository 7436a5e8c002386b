package api

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"

	"github.com/gin-gonic/gin"

	"dateline"
)

// Problem is an error as RFC 9457 has it.
type Problem struct {
	Type     string `json:"type"`
	Title    string `json:"title"`
	Status   int    `json:"status"`
	Detail   string `json:"detail,omitempty"`
	Param    string `json:"param,omitempty"`
	Position *int   `json:"position,omitempty"` // byte offset into the query
	Hint     string `json:"hint,omitempty"`
}

// problemOf says what went wrong to the client: what it can mend in full,
// what is ours without detail.
func problemOf(err error) Problem {
	var (
		pe *dateline.ParamError
		qe *dateline.QueryError
		ne *dateline.NotFoundError
		ce *dateline.ConflictError
	)
	switch {
	case errors.As(err, &pe):
		return Problem{Title: "Bad parameter", Status: http.StatusBadRequest, Detail: pe.Error(), Param: pe.Param}
	case errors.As(err, &qe):
		return Problem{
			Title: "Query not understood", Status: http.StatusBadRequest, Detail: qe.Message,
			Param: "q", Position: &qe.Position, Hint: qe.Hint,
		}
	case errors.As(err, &ne):
		return Problem{Title: "Not found", Status: http.StatusNotFound, Detail: ne.Error()}
	case errors.As(err, &ce):
		return Problem{Title: "Does not fit", Status: http.StatusConflict, Detail: ce.Error()}
	case errors.Is(err, dateline.ErrNotCrawling):
		return Problem{Title: "No crawl", Status: http.StatusConflict, Detail: err.Error()}
	case errors.Is(err, context.Canceled), errors.Is(err, context.DeadlineExceeded):
		return Problem{Title: "Took too long", Status: http.StatusServiceUnavailable, Detail: "the search was given up; try a narrower one"}
	}
	return Problem{Title: "Internal error", Status: http.StatusInternalServerError, Detail: "this is a fault of the server; it has been logged"}
}

func writeProblem(c *gin.Context, p Problem) {
	if p.Type == "" {
		p.Type = "about:blank"
	}
	body, err := json.Marshal(p)
	if err != nil {
		c.AbortWithStatus(http.StatusInternalServerError)
		return
	}
	c.Header("Cache-Control", "no-store")
	c.Header("ETag", "")
	c.Data(p.Status, "application/problem+json", append(body, '\n'))
	c.Abort()
}
