package api

import (
	"net/http"
	"os"
	"reflect"
	"regexp"
	"strings"
	"testing"

	"dateline"
)

// TestExamplesInDocsAnswer asks for each `GET /…` in docs/api.md.
func TestExamplesInDocsAnswer(t *testing.T) {
	b, err := os.ReadFile("../docs/api.md")
	if err != nil {
		t.Fatal(err)
	}
	text := string(b)
	h := New(Config{}, newIndex(t), nil)
	examples := regexp.MustCompile(`(?m)^GET (/\S+)$`).FindAllStringSubmatch(text, -1)
	if len(examples) < 7 {
		t.Errorf("only %d examples", len(examples))
	}
	for _, m := range examples {
		want := http.StatusOK
		if strings.Contains(m[1], "%22open") {
			want = http.StatusBadRequest
		}
		if w := get(t, h, escape(m[1])); w.Code != want {
			t.Errorf("%s: %d %.200s", m[1], w.Code, w.Body)
		}
	}
	for _, r := range (&server{}).apiRoutes() {
		path := regexp.MustCompile(`:(\w+)`).ReplaceAllString(r.path, "{$1}")
		if path != "/search.{format}" && !strings.Contains(text, path) {
			t.Errorf("docs/api.md does not tell of %s", path)
		}
	}
	for _, r := range (&server{}).adminRoutes() {
		path := regexp.MustCompile(`:(\w+)`).ReplaceAllString(r.path, "{$1}")
		if !strings.Contains(text, r.method+" "+path) && !strings.Contains(text, r.method+" /api/v1"+path) {
			t.Errorf("docs/api.md does not tell of %s %s", r.method, path)
		}
	}
	for _, r := range (&server{}).siteRoutes() {
		path := regexp.MustCompile(`:(\w+)`).ReplaceAllString(r.path, "{$1}")
		if !strings.HasPrefix(path, "/static/") && !strings.Contains(text, "`"+path) {
			t.Errorf("docs/api.md does not tell of %s", path)
		}
	}
	for _, v := range []any{SearchResponse{}, HitJSON{}, ArticleJSON{}, VersionJSON{}, EntityResponse{}, OutletResponse{}, StoryResponse{}, Problem{}, dateline.Attested{}, dateline.EntityChange{}, ChangeRequest{}, ChangeResponse{}, ChangesResponse{}, dateline.CrawlStats{}, dateline.SourceStats{}, dateline.HostStats{}, CrawlRequest{}} {
		for _, name := range fieldNames(reflect.TypeOf(v)) {
			if !regexp.MustCompile("[`\"]"+regexp.QuoteMeta(name)+"[`\"]").MatchString(text) && !strings.Contains(text, "hits[]."+name) {
				t.Errorf("docs/api.md does not tell of %s, a field of %T", name, v)
			}
		}
	}
}

// TestEmbedDocsTellEachAttribute compares docs/embed.md with the script.
func TestEmbedDocsTellEachAttribute(t *testing.T) {
	b, err := os.ReadFile("../docs/embed.md")
	if err != nil {
		t.Fatal(err)
	}
	script, err := os.ReadFile("ui/static/dateline-search.js")
	if err != nil {
		t.Fatal(err)
	}
	found := regexp.MustCompile(`(?:getAttribute|#num)\('([a-z-]+)'|emit\('(dl-[a-z]+)'|(--dl-[a-z]+)|part: '([a-z]+)'|slot', \{ name: '([a-z]+)'`).FindAllStringSubmatch(string(script), -1)
	if len(found) < 25 {
		t.Errorf("only %d names in the script", len(found))
	}
	for _, m := range found {
		name := strings.Join(m[1:], "")
		if !regexp.MustCompile("[` ]" + regexp.QuoteMeta(name) + "[` ]").Match(b) {
			t.Errorf("docs/embed.md does not tell of %s", name)
		}
	}
}
