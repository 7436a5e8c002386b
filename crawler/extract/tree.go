package extract

import (
	"fmt"

	"golang.org/x/net/html"
)

// Tree parses a page as Extract does, with the same bounds and the same guess
// of its charset, for who wants something else of it.
func Tree(body []byte, contentType string) (*html.Node, error) {
	if len(body) > MaxBytes {
		return nil, ErrTooLarge
	}
	text, err := decode(body, contentType)
	if err != nil {
		return nil, fmt.Errorf("extract: decode: %w", err)
	}
	return parseTree(text)
}
