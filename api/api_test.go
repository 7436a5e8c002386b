package api

import (
	"bytes"
	"compress/gzip"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"net/http"
	"net/http/httptest"
	"net/url"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"dateline"
	"dateline/api/ui"
)

type fake struct {
	gen  uint64
	last dateline.Query
	err  error

	searched []string
}

var day = time.Date(2025, 11, 14, 18, 2, 0, 0, time.UTC)

func articles() []*dateline.Article {
	var out []*dateline.Article
	for i, title := range []string{"Memo on Alibaba", `<script>alert("x")</script> & more`, "备忘录", "Four", "Five"} {
		u := "https://ft.com/" + string(rune('a'+i))
		a := &dateline.Article{
			ID: dateline.ArticleID(u), URL: u, Title: title, Outlet: dateline.Outlet{ID: "ft.com", Name: "Financial Times"},
			Published: day.Add(time.Duration(i) * time.Hour), Lang: "en", Body: strings.Repeat("word ", 200),
			Entities: []dateline.EntityCount{{ID: "alibaba-group", Name: "Alibaba Group", Type: dateline.Organization, Count: 7}},
		}
		out = append(out, a)
	}
	out[3].URL = "javascript:alert(1)"
	out[4].Published = time.Time{}
	return out
}

func (f *fake) Search(_ context.Context, q dateline.Query) (*dateline.Results, error) {
	f.last = q
	if f.err != nil {
		return nil, f.err
	}
	r := &dateline.Results{Total: 5, Took: 1800 * time.Microsecond, Undated: 1, Next: "abc", Facets: map[string][]dateline.FacetValue{}}
	if q.Text == "nothing" {
		return &dateline.Results{}, nil
	}
	if q.SomeWords && q.Text == "alibaba xylophone" {
		a := articles()[0]
		r.SomeWords = &dateline.SomeWords{Total: 12, Words: []string{"alibaba", "xylophone"}, Hits: []dateline.Hit{{Article: a, TitleHTML: a.Title, Missing: []string{"xylophone"}}}}
	}
	for _, a := range articles() {
		if len(r.Hits) < q.Limit {
			r.Hits = append(r.Hits, dateline.Hit{Article: a, TitleHTML: strings.NewReplacer("<", "&lt;", ">", "&gt;", "&", "&amp;", "Memo", "<mark>Memo</mark>").Replace(a.Title), SnippetHTML: "a <mark>memo</mark>", Score: 4.2})
		}
	}
	if slices.Contains(q.Facets, "outlet") {
		r.Facets["outlet"] = []dateline.FacetValue{{ID: "ft.com", Name: "Financial Times", Count: 5, Selected: len(q.Filters["outlet"]) > 0}}
	}
	if slices.Contains(q.Facets, "org") {
		r.Facets["org"] = []dateline.FacetValue{{ID: "alibaba-group", Name: "Alibaba Group", Count: 5}}
	}
	if q.Interval != "" {
		d := day.Truncate(24 * time.Hour)
		r.Timeline = []dateline.Bucket{{From: d, To: d.AddDate(0, 0, 1), Count: 4}}
	}
	return r, nil
}

func (f *fake) Suggest(context.Context, string, int) ([]dateline.Suggestion, error) {
	return []dateline.Suggestion{{Kind: "entity", Text: "Alibaba <Group>", ID: "alibaba-group", Type: dateline.Organization, Count: 5}}, nil
}

func (f *fake) Searched(q dateline.Query, found int, client string) {
	f.searched = append(f.searched, fmt.Sprint(client, " ", q.Text, " ", found))
}

func (f *fake) Article(_ context.Context, id string) (*dateline.Article, error) {
	for _, a := range articles() {
		if a.ID == id {
			return a, nil
		}
	}
	return nil, &dateline.NotFoundError{Kind: "article", ID: id}
}

func (f *fake) Versions(_ context.Context, id string) ([]dateline.Version, error) {
	return nil, &dateline.NotFoundError{Kind: "article", ID: id}
}

func (f *fake) Copies(_ context.Context, id string) ([]*dateline.Article, error) {
	return nil, &dateline.NotFoundError{Kind: "article", ID: id}
}

func (f *fake) CopiesOf(string) *dateline.Copies { return nil }

func (f *fake) Entities(context.Context, string, dateline.EntityType, int) ([]dateline.EntityCount, error) {
	return nil, nil
}

func (f *fake) Entity(_ context.Context, id string) (dateline.EntityInfo, error) {
	if id != "alibaba-group" {
		return dateline.EntityInfo{}, &dateline.NotFoundError{Kind: "entity", ID: id}
	}
	return dateline.EntityInfo{Entity: dateline.Entity{ID: id, Name: "Alibaba Group", Type: dateline.Organization}, Count: 5}, nil
}

func (f *fake) ChangeEntity(_ context.Context, c dateline.EntityChange) (dateline.EntityChange, dateline.EntityInfo, error) {
	return c, dateline.EntityInfo{}, nil
}

func (f *fake) EntityChanges(context.Context, string) ([]dateline.EntityChange, error) {
	return nil, nil
}

func (f *fake) Meaning(_, value string) []string { return []string{value} }

func (f *fake) Outlets(context.Context) ([]dateline.FacetValue, error) {
	return []dateline.FacetValue{{ID: "ft.com", Name: "Financial Times", Count: 5}}, nil
}

func (f *fake) Stories() []dateline.Story { return []dateline.Story{{ID: "memo", Title: "The memo"}} }
func (f *fake) Generation() uint64        { return f.gen }

func get(t *testing.T, h http.Handler, path string, header ...string) *httptest.ResponseRecorder {
	t.Helper()
	r := httptest.NewRequest("GET", path, nil)
	for i := 0; i+1 < len(header); i += 2 {
		r.Header.Set(header[i], header[i+1])
	}
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	return w
}

// TestBucketLabels: bars are named as clocks in the zone of the search show.
func TestBucketLabels(t *testing.T) {
	for _, c := range []struct{ zone, from, to, want string }{
		{"", "2025-11-14T00:00:00Z", "2025-11-15T00:00:00Z", "14 November 2025"},
		{"", "2025-11-14T18:00:00Z", "2025-11-14T19:00:00Z", "14 November 2025, 18:00 UTC"},
		{"Asia/Shanghai", "2025-11-13T16:00:00Z", "2025-11-14T16:00:00Z", "14 November 2025"},
		{"Asia/Shanghai", "2025-11-13T16:00:00Z", "2025-11-13T17:00:00Z", "14 November 2025, 00:00 CST"},
		{"Europe/Berlin", "2025-03-29T23:00:00Z", "2025-03-30T22:00:00Z", "30 March 2025"},
		{"Europe/Berlin", "2025-10-19T22:00:00Z", "2025-10-26T23:00:00Z", "Week of 20 October 2025"},
		{"America/New_York", "2025-10-01T04:00:00Z", "2025-11-01T04:00:00Z", "October 2025"},
		{"Asia/Kolkata", "2024-12-31T18:30:00Z", "2025-12-31T18:30:00Z", "2025"},
	} {
		var q dateline.Query
		var b dateline.Bucket
		var err error
		if c.zone != "" {
			if q.Zone, err = parseZone(c.zone); err != nil {
				t.Fatal(err)
			}
		}
		for s, into := range map[string]*time.Time{c.from: &b.From, c.to: &b.To} {
			if *into, err = time.Parse(time.RFC3339, s); err != nil {
				t.Fatal(err)
			}
		}
		if got := (look{lang: "en"}).bucketLabel(q, b); got != c.want {
			t.Errorf("%s to %s in %q: %q, want %q", c.from, c.to, c.zone, got, c.want)
		}
	}
}

func TestZones(t *testing.T) {
	for in, want := range map[string]string{
		"Europe/Berlin":        "",
		"Etc/GMT+3":            "",
		"GMT":                  "",
		"europe/berlin":        "is not an IANA time zone; want one like Europe/Berlin, America/New_York or UTC; did you mean Europe/Berlin?",
		"AMERICA/NEW_YORK":     "is not an IANA time zone; want one like Europe/Berlin, America/New_York or UTC; did you mean America/New_York?",
		"utc":                  "is not an IANA time zone; want one like Europe/Berlin, America/New_York or UTC; did you mean UTC?",
		"CET/Berlin":           "is not an IANA time zone; want one like Europe/Berlin, America/New_York or UTC",
		"Asia/Shanghai\n":      "is not an IANA time zone; want one like Europe/Berlin, America/New_York or UTC",
		"Europe/../Asia/Tokyo": "is not an IANA time zone; want one like Europe/Berlin, America/New_York or UTC",
	} {
		z, err := parseZone(in)
		if got := fmt.Sprint(err); want == "" && (err != nil || z.String() != in) || want != "" && got != want {
			t.Errorf("%q: %v, %q, want %q", in, z, got, want)
		}
	}
}

func TestParseParams(t *testing.T) {
	for _, tc := range []struct{ in, param string }{
		{"q=alibaba+memo&outlet=ft.com&outlet=bbc.com&-person=x&from=2025-11-14&to=2025-11-14", ""},
		{"limit=0&facets=&interval=&story=", ""},
		{"limit=101", "limit"},
		{"limit=x", "limit"},
		{"bogus=1", "bogus"},
		{"-bogus=1", "-bogus"},
		{"sort=best", "sort"},
		{"facets=outlet,nope", "facets"},
		{"interval=decade", "interval"},
		{"interval=day&tz=Asia/Shanghai", ""},
		{"tz=UTC", ""},
		{"tz=", ""},
		{"tz=Mars/Olympus", "tz"},
		{"tz=Local", "tz"},
		{"tz=../../etc/passwd", "tz"},
		{"tz=right/UTC", "tz"},
		{"tz=Europe", "tz"},
		{"tz=UTC&tz=UTC", "tz"},
		{"from=yesterday", "from"},
		{"from=2025-11-15&to=2025-11-14", "to"},
		{"q=a&q=b", "q"},
		{"q=%ff", "q"},
	} {
		v, err := url.ParseQuery(tc.in)
		if err != nil {
			t.Fatal(err)
		}
		q, err := ParseParams(v)
		var pe *dateline.ParamError
		if tc.param == "" {
			if err != nil {
				t.Errorf("%s: %v", tc.in, err)
			}
			again, err := ParseParams(encode(q))
			if err != nil || !reflect.DeepEqual(encode(again), encode(q)) {
				t.Errorf("%s: does not survive encode: %v", tc.in, err)
			}
		} else if !errors.As(err, &pe) || pe.Param != tc.param {
			t.Errorf("%s: got %v, want an error that names %s", tc.in, err, tc.param)
		}
	}
	q, _ := ParseParams(url.Values{"from": {"2025-11-14"}, "to": {"2025-11-14"}})
	if q.To.Sub(q.From) != 24*time.Hour {
		t.Errorf("a plain date as to must include its day: %v to %v", q.From, q.To)
	}
}

func TestSearchGolden(t *testing.T) {
	w := get(t, New(Config{}, &fake{}, nil), "/api/v1/search?q=memo&limit=1")
	const want = `{"query":"memo","total":5,"took_ms":1.8,"hits":[{"id":"ID","url":"https://ft.com/a","title":"Memo on Alibaba","title_html":"\u003cmark\u003eMemo\u003c/mark\u003e on Alibaba","snippet_html":"a \u003cmark\u003ememo\u003c/mark\u003e","outlet":{"id":"ft.com","name":"Financial Times"},"authors":[],"published":"2025-11-14T18:02:00Z","lang":"en","entities":[{"id":"alibaba-group","name":"Alibaba Group","type":"organization","count":7}],"versions":1,"score":4.2}],"facets":{"outlet":[{"id":"ft.com","name":"Financial Times","count":5,"selected":false}],"person":[],"org":[{"id":"alibaba-group","name":"Alibaba Group","count":5,"selected":false}],"place":[]},"timeline":[{"from":"2025-11-14T00:00:00Z","to":"2025-11-15T00:00:00Z","count":4}],"undated":1,"next":"abc"}` + "\n"
	if got := strings.Replace(w.Body.String(), articles()[0].ID, "ID", 1); got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
}

func TestProblems(t *testing.T) {
	h := New(Config{}, &fake{}, nil)
	for path, status := range map[string]int{
		"/api/v1/search?bogus=1": 400, "/api/v1/search?q=%22open": 400, "/api/v1/articles/none": 404,
		"/api/v1/none": 404, "/api/v1/facets/none": 404, "/api/v1/entities?type=dog": 400, "/api/v1/stories/none": 404,
	} {
		w := get(t, h, path)
		var p Problem
		if err := json.Unmarshal(w.Body.Bytes(), &p); err != nil || w.Code != status || p.Status != status || w.Header().Get("Content-Type") != "application/problem+json" {
			t.Errorf("%s: %d %s", path, w.Code, w.Body)
		}
		if strings.Contains(path, "open") && (p.Position == nil || p.Hint == "") {
			t.Errorf("%s: no position or hint: %s", path, w.Body)
		}
	}
	w := httptest.NewRecorder()
	h.ServeHTTP(w, httptest.NewRequest("POST", "/api/v1/search", nil))
	if w.Code != 405 {
		t.Errorf("POST: %d", w.Code)
	}
	if w := get(t, New(Config{}, &fake{err: errors.New("secret")}, nil), "/api/v1/search"); w.Code != 500 || strings.Contains(w.Body.String(), "secret") {
		t.Errorf("500: %d %s", w.Code, w.Body)
	}
}

func TestETagAndLimit(t *testing.T) {
	f := &fake{}
	h := New(Config{RatePerMinute: 4}, f, nil)
	tag := get(t, h, "/api/v1/search?outlet=a&outlet=b").Header().Get("ETag")
	if w := get(t, h, "/api/v1/search?outlet=b&outlet=a", "If-None-Match", tag); w.Code != 304 || w.Body.Len() > 0 {
		t.Errorf("same search: %d", w.Code)
	}
	f.gen++
	if w := get(t, h, "/api/v1/search?outlet=b&outlet=a", "If-None-Match", tag); w.Code != 200 {
		t.Errorf("new generation: %d", w.Code)
	}
	get(t, h, "/api/v1/outlets")
	if w := get(t, h, "/api/v1/outlets"); w.Code != 429 || w.Header().Get("Retry-After") == "" {
		t.Errorf("limit: %d", w.Code)
	}
}

func TestPages(t *testing.T) {
	h := New(Config{}, &fake{}, nil)
	id := articles()[1].ID
	for path, want := range map[string][]string{
		"/":                       {"The memo", "Latest coverage", `role="img"`, "Financial Times"},
		"/search?q=memo":          {"<mark>Memo</mark>", `rel="next"`, `name="from"`, "-outlet=ft.com", "from=2025-11-14", `rel="search"`, "5 articles"},
		"/search?outlet=ft.com":   {`<input type="hidden" name="outlet" value="ft.com">`, "Remove filter"},
		"/search?q=nothing":       {"Nothing found", "Try fewer words"},
		"/search?q=%22open":       {"At character", `role="alert"`},
		"/search?bogus=1":         {"bogus"},
		"/articles/" + id:         {"https://ft.com/b", "Read on at"},
		"/entities/alibaba-group": {"Alibaba Group"},
		"/stories/memo":           {"The memo"},
		"/outlets":                {"Financial Times"},
		"/outlets/ft.com":         {"Financial Times"},
		"/embed?story=memo":       {"story=&#34;memo&#34;|story=\"memo\"", "dateline-search.js"},
		"/nowhere":                {"Not found"},
		"/opensearch.xml":         {"http://example.com/search?q={searchTerms}"},
		"/static/style.css":       {":root"},
		"/readyz":                 {"ready"},
		"/healthz":                {"ok"},
		"/metrics":                {"dateline_articles 5", `dateline_http_requests_total{code="2xx"}`},
		"/llms.txt":               {"http://example.com/openapi.json"},
		"/docs":                   {"/articles/{id}/diff", "facet_size"},
		"/search?q=memo&hl=de":    {`<html lang="de" dir="ltr">`, "5 Artikel", `name="hl" value="de"`, "hl=de&amp;outlet", "Nächste Seite"},
		"/search?q=memo&hl=ar":    {`<html lang="ar" dir="rtl">`, "المقالات: 5"},
		"/search?q=memo&hl=xx":    {`<html lang="en"`},
		"//evil.example":          {`href="/evil.example?hl=de"`},
	} {
		w := get(t, h, path)
		body := w.Body.String()
		for _, s := range want {
			if !slices.ContainsFunc(strings.Split(s, "|"), func(x string) bool { return strings.Contains(body, x) }) {
				t.Errorf("%s (%d): no %q", path, w.Code, s)
			}
		}
		if strings.Contains(body, "<script>") || strings.Contains(body, `href="javascript:`) || strings.Contains(body, " style=") || strings.Contains(body, "ZgotmplZ") {
			t.Errorf("%s: unsafe markup", path)
		}
		if w.Header().Get("Content-Security-Policy") == "" {
			t.Errorf("%s: no CSP", path)
		}
	}
}

func TestFullText(t *testing.T) {
	id := articles()[0].ID
	for _, full := range []bool{false, true} {
		var a ArticleJSON
		w := get(t, New(Config{FullText: full}, &fake{}, nil), "/api/v1/articles/"+id)
		if err := json.Unmarshal(w.Body.Bytes(), &struct {
			Body, Excerpt *string
		}{&a.Body, &a.Excerpt}); err != nil {
			t.Fatal(err)
		}
		if full != (a.Body != "") || full == (a.Excerpt != "") || len(a.Excerpt) > excerptRunes {
			t.Errorf("full %v: body %d, excerpt %d", full, len(a.Body), len(a.Excerpt))
		}
	}
}

func TestScriptIsSmall(t *testing.T) {
	var b bytes.Buffer
	z, _ := gzip.NewWriterLevel(&b, gzip.BestCompression)
	if _, err := z.Write(ui.Script()); err != nil {
		t.Fatal(err)
	}
	z.Close()
	if b.Len() > 6<<10 || bytes.Contains(ui.Script(), []byte("innerHTML")) {
		t.Errorf("%d bytes", b.Len())
	}
}

func fieldNames(rt reflect.Type) []string {
	var out []string
	for f := range rt.Fields() {
		if f.Anonymous {
			out = append(out, fieldNames(f.Type)...)
			continue
		}
		name, _, _ := strings.Cut(f.Tag.Get("json"), ",")
		out = append(out, name)
	}
	return out
}

func TestOpenAPIMatchesTypes(t *testing.T) {
	var doc struct {
		Components struct {
			Schemas map[string]struct{ Properties map[string]any }
		}
	}
	if err := json.Unmarshal(openAPI, &doc); err != nil {
		t.Fatal(err)
	}
	for name, v := range map[string]any{
		"Copies": dateline.Copies{}, "OutletResponse": OutletResponse{}, "Version": VersionJSON{}, "VersionsResponse": VersionsResponse{},
		"CopiesResponse": CopiesResponse{}, "SimilarResponse": SimilarResponse{}, "Quote": QuoteJSON{}, "QuoteArticle": QuoteArticle{}, "QuotesResponse": QuotesResponse{}, "DiffOp": DiffOp{}, "DiffResponse": DiffResponse{},
		"OutletRef": OutletRef{}, "Entity": dateline.Entity{}, "EntityCount": dateline.EntityCount{}, "FacetValue": dateline.FacetValue{},
		"Bucket": BucketJSON{}, "Hit": HitJSON{}, "SomeHit": SomeHitJSON{}, "SomeWords": SomeWordsJSON{}, "SearchResponse": SearchResponse{}, "Mention": MentionJSON{}, "Article": ArticleJSON{},
		"Suggestion": SuggestionJSON{}, "SuggestResponse": SuggestResponse{}, "EntitiesResponse": EntitiesResponse{},
		"EntityResponse": EntityResponse{}, "OutletsResponse": OutletsResponse{}, "Story": StoryJSON{}, "StoriesResponse": StoriesResponse{},
		"StoryResponse": StoryResponse{}, "TimelineResponse": TimelineResponse{}, "FacetResponse": FacetResponse{}, "Problem": Problem{},
		"Attested": dateline.Attested{}, "EntityChange": dateline.EntityChange{}, "ChangeRequest": ChangeRequest{}, "ChangeResponse": ChangeResponse{}, "ChangesResponse": ChangesResponse{},
		"CrawlStats": dateline.CrawlStats{}, "SourceStats": dateline.SourceStats{}, "HostStats": dateline.HostStats{}, "CrawlRequest": CrawlRequest{},
	} {
		want := slices.Sorted(slices.Values(fieldNames(reflect.TypeOf(v))))
		if got := slices.Sorted(maps.Keys(doc.Components.Schemas[name].Properties)); !slices.Equal(got, want) {
			t.Errorf("%s: openapi.json has %v, Go %v", name, got, want)
		}
	}
}

// TestSomeWordsApart has the articles with some of the words in a member and a
// section of their own.
func TestSomeWordsApart(t *testing.T) {
	h := New(Config{}, &fake{}, nil)
	get := func(path string) string {
		w := httptest.NewRecorder()
		h.ServeHTTP(w, httptest.NewRequest(http.MethodGet, path, nil))
		if w.Code != http.StatusOK {
			t.Fatal(path, w.Code, w.Body)
		}
		return w.Body.String()
	}
	var r struct {
		Total     int
		Hits      []struct{ ID string }
		SomeWords struct {
			Total int
			Words []string
			Hits  []struct {
				ID      string
				Missing []string
			}
		} `json:"some_words"`
	}
	if err := json.Unmarshal([]byte(get("/api/v1/search?q=alibaba+xylophone&limit=1&facets=")), &r); err != nil {
		t.Fatal(err)
	}
	if s := r.SomeWords; r.Total != 5 || len(r.Hits) != 1 || s.Total != 12 || len(s.Words) != 2 || len(s.Hits) != 1 || s.Hits[0].ID == "" || !slices.Equal(s.Hits[0].Missing, []string{"xylophone"}) {
		t.Errorf("%+v", r)
	}
	page := get("/search?q=alibaba+xylophone&hl=de")
	for _, want := range []string{`id="some">Mit einigen der Wörter</h2><p>12 Artikel: <span dir="auto">alibaba, xylophone</span></p>`, `ohne xylophone</span>`} {
		if !strings.Contains(page, want) {
			t.Errorf("the page lacks %s", want)
		}
	}
	for _, path := range []string{"/search?q=alibaba", "/api/v1/search?q=alibaba", "/api/v1/timeline?q=alibaba+xylophone"} {
		if s := get(path); strings.Contains(s, "xylophone</span>") || strings.Contains(s, "some_words") {
			t.Errorf("%s has some words", path)
		}
	}
}

// TestSearchesAreNoted tells the backend of searches by people, with their
// addresses, and not of what a search box or a feed reader asks for itself.
func TestSearchesAreNoted(t *testing.T) {
	f := &fake{}
	h := New(Config{}, f, nil)
	for _, path := range []string{"/api/v1/search?q=memo", "/search?q=memo", "/api/v1/suggest?q=memo", "/api/v1/timeline?q=memo", "/api/v1/facets/org?q=memo", "/api/v1/search.rss?q=memo", "/search?q=%22open", "/entities/alibaba-group"} {
		r := httptest.NewRequest(http.MethodGet, path, nil)
		r.RemoteAddr = "198.51.100.7:4711"
		h.ServeHTTP(httptest.NewRecorder(), r)
	}
	if want := []string{"198.51.100.7 memo 5", "198.51.100.7 memo 5"}; !slices.Equal(f.searched, want) {
		t.Errorf("%q, want %q", f.searched, want)
	}
}
