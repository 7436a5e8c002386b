package dateline

import "fmt"

// QueryError is a query that cannot be understood: where (byte offset into
// Query, from 0), what is wrong, and what would have been right.
type QueryError struct {
	Query    string
	Position int
	Message  string
	Hint     string
}

func (e *QueryError) Error() string {
	s := fmt.Sprintf("query: %s at offset %d", e.Message, e.Position)
	if e.Hint != "" {
		s += ": " + e.Hint
	}
	return s
}

// ParamError is a search parameter that is unknown or out of range.
type ParamError struct{ Param, Message string }

func (e *ParamError) Error() string { return fmt.Sprintf("parameter %q: %s", e.Param, e.Message) }

// NotFoundError is a thing asked for by id that is not there.
type NotFoundError struct{ Kind, ID string }

func (e *NotFoundError) Error() string { return fmt.Sprintf("no %s with id %q", e.Kind, e.ID) }
