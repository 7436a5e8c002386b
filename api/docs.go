package api

import (
	"encoding/json"
	"slices"
	"strings"
	"sync"
)

// docRoute is a route as the docs page tells it.
type docRoute struct {
	Path, Summary string
	Params        []docParam
}

type docParam struct{ Name, In, Description string }

// docs reads the routes from openapi.json, so that the page cannot differ from it.
var docs = sync.OnceValue(func() []docRoute {
	var doc struct {
		Paths map[string]map[string]struct {
			Summary    string
			Parameters []docParam
		}
	}
	if err := json.Unmarshal(openAPI, &doc); err != nil {
		return nil // a test decodes it
	}
	var out []docRoute
	for path, item := range doc.Paths {
		for method, op := range item {
			name := path
			if method != "get" {
				name = strings.ToUpper(method) + " " + path
			}
			out = append(out, docRoute{name, op.Summary, op.Parameters})
		}
	}
	slices.SortFunc(out, func(a, b docRoute) int {
		if (a.Path == "/search") != (b.Path == "/search") { // what everything else resembles comes first
			if a.Path == "/search" {
				return -1
			}
			return 1
		}
		if a.Path < b.Path {
			return -1
		}
		return 1
	})
	return out
})
