package api

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"dateline"
)

const adminToken = "a token of some length"

// post sends a change of an entity with the token.
func post(t *testing.T, h http.Handler, path, body string, header ...string) *httptest.ResponseRecorder {
	t.Helper()
	r := httptest.NewRequest(http.MethodPost, path, strings.NewReader(body))
	r.Header.Set("Content-Type", "application/json")
	r.Header.Set("Authorization", "Bearer "+adminToken)
	for i := 0; i < len(header); i += 2 {
		r.Header.Set(header[i], header[i+1])
	}
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	return w
}

// TestNoTokenNoWriteSurface: without a token set, the routes are not there.
func TestNoTokenNoWriteSurface(t *testing.T) {
	h := New(Config{}, newIndex(t), nil)
	for path, want := range map[string]int{"/api/v1/entities/alibaba-group": http.StatusMethodNotAllowed, "/api/v1/entities/alibaba-group/changes": http.StatusNotFound} {
		for _, auth := range []string{"Bearer", "Bearer ", "", "Bearer x"} {
			w := post(t, h, path, `{"action":"undo"}`, "Authorization", auth)
			if w.Code != want || w.Header().Get("Content-Type") != "application/problem+json" || w.Header().Get("WWW-Authenticate") != "" {
				t.Errorf("%s with %q: %d %v, want %d", path, auth, w.Code, w.Header(), want)
			}
		}
	}
	if w := get(t, h, "/api/v1/entities/alibaba-group/changes"); w.Code != http.StatusNotFound {
		t.Errorf("changes: %d", w.Code)
	}
}

func TestAdminToken(t *testing.T) {
	h := New(Config{AdminToken: adminToken}, newIndex(t), nil)
	const path = "/api/v1/entities/alibaba-group"
	for _, auth := range []string{"", "Bearer", "Bearer ", "Bearer " + adminToken + "x", "Bearer " + adminToken[1:], "Basic " + adminToken, adminToken} {
		w := post(t, h, path, `{"action":"rename","name":"X"}`, "Authorization", auth)
		if w.Code != http.StatusUnauthorized || !strings.HasPrefix(w.Header().Get("WWW-Authenticate"), "Bearer") {
			t.Errorf("%q: %d %v", auth, w.Code, w.Header())
		}
	}
	if w := get(t, h, path+"/changes"); w.Code != http.StatusUnauthorized {
		t.Errorf("changes without a token: %d", w.Code)
	}
	if w := get(t, h, path); w.Code != http.StatusOK || !strings.Contains(w.Body.String(), `"name":"Alibaba Group"`) {
		t.Errorf("after that: %d %s", w.Code, w.Body)
	}
	if w := post(t, h, path, `{"action":"rename","name":"Ali"}`, "Authorization", "bearer  "+adminToken); w.Code != http.StatusOK {
		t.Errorf("with the token: %d %s", w.Code, w.Body)
	}
	r := httptest.NewRequest(http.MethodPut, path, nil)
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	if allow := w.Header().Get("Allow"); w.Code != http.StatusMethodNotAllowed || !strings.Contains(allow, "POST") || !strings.Contains(allow, "OPTIONS") {
		t.Errorf("PUT: %d, Allow %q", w.Code, allow)
	}
}

// TestWrongChanges: each mistake is told for what it is, and nothing is done.
func TestWrongChanges(t *testing.T) {
	x := newIndex(t)
	h := New(Config{AdminToken: adminToken}, x, nil)
	long := strings.Repeat("x", 201)
	for _, tc := range []struct {
		id, body string
		status   int
		detail   string
	}{
		{"alibaba-group", `{"action":"sell"}`, 400, "rename, merge, split, undo"},
		{"alibaba-group", `{"action":"rename"}`, 400, `"name": must have letters`},
		{"alibaba-group", `{"action":"rename","name":" … "}`, 400, `"name": must have letters`},
		{"alibaba-group", `{"action":"rename","name":"` + long + `"}`, 400, "longer than 200 bytes"},
		{"alibaba-group", `{"action":"rename","name":"a\u0001b"}`, 400, "not valid"},
		{"alibaba-group", `{"action":"rename","name":"A","into":"b"}`, 400, `"into"`},
		{"alibaba-group", `{"action":"merge"}`, 400, `"into": is missing`},
		{"alibaba-group", `{"action":"merge","into":"nobody-at-all"}`, 404, "nobody-at-all"},
		{"alibaba-group", `{"action":"merge","into":"alibaba-group"}`, 409, "itself"},
		{"alibaba-group", `{"action":"split"}`, 409, "part of nothing"},
		{"alibaba-group", `{"action":"split","into":"x"}`, 409, "no part"},
		{"alibaba-group", `{"action":"split","alias":"BABA"}`, 400, "either into"},
		{"alibaba-group", `{"action":"split","alias":"BABA","into":"a","name":"b"}`, 400, "either into"},
		{"alibaba-group", `{"action":"split","alias":"BABA","name":"Baba","into_type":"animal"}`, 400, "into_type"},
		{"alibaba-group", `{"action":"split","alias":"BABA","name":"Alibaba Group"}`, 409, "give into instead"},
		{"alibaba-group", `{"action":"split","alias":"BABA","into":"alibaba-group"}`, 409, "already"},
		{"alibaba-group", `{"action":"undo"}`, 409, "no change"},
		{"alibaba-group", `{"action":"undo","name":"x"}`, 400, `"name"`},
		{"alibaba-group", `{"action":"rename","name":"A","type":"animal"}`, 400, `"type"`},
		{"alibaba-group", `{"action":"rename","name":"A","type":"person"}`, 404, "alibaba-group"},
		{"nobody-at-all", `{"action":"rename","name":"A"}`, 404, "nobody-at-all"},
		{"alibaba-group", `{"action":"rename","name":"A","label":"B"}`, 400, "label"},
		{"alibaba-group", `{"action":"rename"} {}`, 400, "more after"},
		{"alibaba-group", `nonsense`, 400, "invalid"},
		{"alibaba-group", `{"name":"` + strings.Repeat("x", 20<<10) + `"}`, 413, "larger"},
		{"alibaba-group?x=1", `{"action":"undo"}`, 400, `"x"`},
	} {
		w := post(t, h, "/api/v1/entities/"+tc.id, tc.body)
		var p Problem
		if err := json.Unmarshal(w.Body.Bytes(), &p); err != nil {
			t.Fatal(err)
		}
		if w.Code != tc.status || p.Status != tc.status || !strings.Contains(p.Detail, tc.detail) {
			t.Errorf("%s %.80s: %d %q, want %d with %q", tc.id, tc.body, w.Code, p.Detail, tc.status, tc.detail)
		}
	}
	if w := post(t, h, "/api/v1/entities/alibaba-group", `{"action":"undo"}`, "Content-Type", "text/plain"); w.Code != http.StatusUnsupportedMediaType {
		t.Errorf("plain text: %d", w.Code)
	}
	l, err := x.EntityChanges(t.Context(), "alibaba-group")
	if err != nil || len(l) != 0 {
		t.Errorf("changes %v, %v, want none", l, err)
	}
}

// TestChanges renames, splits and takes back, and looks at what answers.
func TestChanges(t *testing.T) {
	x := newIndex(t)
	h := New(Config{AdminToken: adminToken}, x, nil)
	const page = "/api/v1/entities/alibaba-group"
	everything := func() string {
		out := ""
		for _, path := range []string{
			page, "/api/v1/search?q=org:alibaba&facets=org,person,place", "/api/v1/suggest?q=ali", "/api/v1/entities?q=ali", "/api/v1/articles/" + dateline.ArticleID(memoURL),
			"/api/v1/search.jsonl", "/api/v1/facets/org", "/api/v1/entities/babacom", "/entities/alibaba-group",
		} {
			w := get(t, h, path)
			body := w.Body.String()
			if i := strings.Index(body, `"took_ms":`); i >= 0 {
				body = body[:i] + body[i+strings.Index(body[i:], ","):]
			}
			out += fmt.Sprintln(path, w.Code, body)
		}
		return out
	}
	before := everything()
	do := func(body string, want string) {
		t.Helper()
		w := post(t, h, page, body)
		if w.Code != http.StatusOK || !strings.Contains(w.Body.String(), want) {
			t.Fatalf("%s: %d %s, want %s", body, w.Code, w.Body, want)
		}
	}
	do(`{"action":"rename","name":"Ali  Baba"}`, `"name":"Ali Baba"`)
	for path, want := range map[string]string{
		page: `"name":"Ali Baba"`, "/api/v1/facets/org": `"name":"Ali Baba"`, "/api/v1/suggest?q=ali": `"text":"Ali Baba"`, "/api/v1/search?q=org:%22ali+baba%22": `"total":3`,
		"/api/v1/articles/" + dateline.ArticleID(memoURL): `"name":"Ali Baba"`, "/entities/alibaba-group": "Ali Baba",
	} {
		if w := get(t, h, path); w.Code != http.StatusOK || !strings.Contains(w.Body.String(), want) {
			t.Errorf("%s: %d %s, want %s", path, w.Code, w.Body, want)
		}
	}
	do(`{"action":"split","alias":"阿里巴巴","name":"Baba.com"}`, `"into":"babacom"`)
	for path, want := range map[string]string{
		"/api/v1/entities/babacom": `"names":[{"name":"阿里巴巴","articles":1,"mentions":2}]`, "/api/v1/search?q=org:阿里巴巴": `"total":1`, "/api/v1/search?q=org:Alibaba": `"total":2`,
	} {
		if w := get(t, h, path); w.Code != http.StatusOK || !strings.Contains(w.Body.String(), want) {
			t.Errorf("%s: %d %s, want %s", path, w.Code, w.Body, want)
		}
	}
	if w := post(t, h, "/api/v1/entities/babacom", `{"action":"merge","into":"alibaba-group"}`); w.Code != http.StatusOK {
		t.Fatalf("merge: %d %s", w.Code, w.Body)
	}
	if w := get(t, h, "/entities/babacom?hl=de"); w.Code != http.StatusFound || w.Header().Get("Location") != "/entities/alibaba-group?hl=de" {
		t.Errorf("the page of a part: %d %s", w.Code, w.Header().Get("Location"))
	}
	w := get(t, h, "/api/v1/entities/babacom")
	if !strings.Contains(w.Body.String(), `"id":"alibaba-group"`) || !strings.Contains(w.Body.String(), `"parts":["babacom"]`) {
		t.Errorf("a part answers %s", w.Body)
	}
	for range 3 {
		do(`{"action":"undo"}`, `"undone":true`)
	}
	if after := everything(); after != before {
		t.Errorf("all taken back:\n%s\nbefore:\n%s", after, before)
	}
	r := httptest.NewRequest(http.MethodGet, page+"/changes", nil)
	r.Header.Set("Authorization", "Bearer "+adminToken)
	rw := httptest.NewRecorder()
	h.ServeHTTP(rw, r)
	var list ChangesResponse
	if err := json.Unmarshal(rw.Body.Bytes(), &list); err != nil || len(list.Changes) != 3 || list.Changes[2].Action != dateline.ChangeRename || !list.Changes[0].Undone {
		t.Errorf("changes %s, %v", rw.Body, err)
	}
}
