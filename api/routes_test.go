package api

import (
	"encoding/json"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// TestOpenAPIHasEachRoute ties the description to the routes and to the
// parameters that a search takes.
func TestOpenAPIHasEachRoute(t *testing.T) {
	var doc struct {
		OpenAPI string
		Paths   map[string]map[string]struct {
			OperationID string
			Summary     string
			Parameters  []struct{ Name, In, Description string }
			Responses   map[string]struct{ Content map[string]any }
		}
		Components struct{ Schemas map[string]any }
	}
	if err := json.Unmarshal(openAPI, &doc); err != nil {
		t.Fatal(err)
	}
	if !strings.HasPrefix(doc.OpenAPI, "3.1.") {
		t.Errorf("OpenAPI %q", doc.OpenAPI)
	}
	wild := regexp.MustCompile(`:(\w+)`)
	left := map[string]bool{}
	for path := range doc.Paths {
		left[path] = true
	}
	var routes []adminRoute
	for _, r := range (&server{}).apiRoutes() {
		routes = append(routes, adminRoute{http.MethodGet, r})
	}
	for _, r := range slices.Concat(routes, (&server{}).adminRoutes()) {
		path := wild.ReplaceAllString(r.path, "{$1}")
		op, ok := doc.Paths[path][strings.ToLower(r.method)]
		if !ok {
			t.Errorf("openapi.json does not have %s %s", r.method, path)
		}
		delete(left, path)
		if op.Summary == "" || op.OperationID == "" || op.Responses["200"].Content == nil || op.Responses["default"].Content["application/problem+json"] == nil {
			t.Errorf("%s is not described in full: %+v", path, op)
		}
		var names []string
		for _, p := range op.Parameters {
			names = append(names, p.Name)
			if p.In == "path" && !strings.Contains(path, "{"+p.Name+"}") || p.Description == "" {
				t.Errorf("%s: parameter %s", path, p.Name)
			}
		}
		for _, m := range wild.FindAllStringSubmatch(r.path, -1) {
			if !slices.Contains(names, m[1]) {
				t.Errorf("%s does not describe %s", path, m[1])
			}
		}
		if path != "/search" && path != "/search.{format}" && path != "/timeline" && path != "/facets/{name}" {
			continue
		}
		want := []string{"q", "from", "to", "sort", "copies", "limit", "cursor", "facets", "facet_size", "interval", "tz"}
		for _, f := range filterFields {
			want = append(want, f, "-"+f)
		}
		for _, name := range want {
			if !slices.Contains(names, name) {
				t.Errorf("%s does not describe %s", path, name)
			}
		}
	}
	for path := range left {
		t.Errorf("openapi.json has %s, which is no route", path)
	}
	for _, ref := range regexp.MustCompile(`#/components/schemas/(\w+)`).FindAllSubmatch(openAPI, -1) {
		if doc.Components.Schemas[string(ref[1])] == nil {
			t.Errorf("openapi.json refers to %s, which it does not have", ref[1])
		}
	}
}
