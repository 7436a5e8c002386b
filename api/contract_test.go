package api

import (
	"encoding/csv"
	"encoding/json"
	"encoding/xml"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"dateline"
	"dateline/indexer"
	"dateline/indexer/entity"
)

// The articles of newIndex.
const (
	memoURL = "https://ft.com/memo"
	noteURL = "https://scmp.com/note"
	zhURL   = "https://caixin.com/memo"

	originURL, reprintURL = "https://wire.com/a", "https://post.com/b" // only in the index that newIndex is asked for copies
)

// newIndex is a real index with a story of three articles, one of them edited
// and one without a date.
func newIndex(t *testing.T, copies ...bool) *indexer.Index {
	t.Helper()
	alibaba := dateline.Entity{Name: "Alibaba Group", Type: dateline.Organization, Wikidata: "Q1359568", Aliases: []string{"Alibaba", "阿里巴巴"}}
	x, err := indexer.Open(t.TempDir(), indexer.Options{
		Stories:    []dateline.Story{{ID: "memo", Title: "The memo", About: "alibaba OR 阿里巴巴", Entities: []dateline.Entity{alibaba}}},
		Recognizer: entity.New([]dateline.Entity{alibaba}),
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { x.Close() })
	long := strings.Repeat("The memo says nothing more than that. ", 20)
	memo := &dateline.Article{
		URL: memoURL, Title: "Memo says Alibaba helps the military", Outlet: dateline.Outlet{ID: "ft.com", Name: "Financial Times", Country: "GB", Language: "en"},
		Authors: []string{"Ann Lee"}, Published: time.Date(2025, 11, 14, 18, 2, 0, 0, time.UTC), DateSource: "json-ld", DateConfidence: 98, Lang: "en",
		Modified: time.Date(2025, 11, 15, 9, 0, 0, 0, time.UTC), FirstSeen: time.Date(2025, 11, 14, 18, 10, 0, 0, time.UTC), LastSeen: time.Date(2025, 11, 14, 18, 10, 0, 0, time.UTC),
		Summary: "A memo about Alibaba.", Body: "Alibaba denies it. " + long + "\n\nAt the end Alibaba is named again.",
		Image: "https://ft.com/i.jpg", Section: "World", Keywords: []string{"cyber"}, Type: "news", Paywalled: true, Agency: "Reuters",
		Standfirst: "Officials knew.", ImageWidth: 1200, ImageHeight: 630, ImageCaption: "The <memo>", Teaser: true, AMP: "https://ft.com/amp/memo",
		Alternates: []dateline.Alternate{{Lang: "zh", URL: "https://ft.com/zh/memo"}}, Pages: []string{memoURL + "?page=2"},
		Updates:     []dateline.Update{{Time: time.Date(2025, 11, 14, 18, 0, 0, 0, time.UTC), Title: "It begins", Text: "First.", End: 20}, {Title: "Later", Text: "Far down.", Start: 700, End: 760}},
		Corrections: []dateline.Correction{{Kind: dateline.CorrectionNote, Text: "An earlier version named another firm."}},
	}
	note := &dateline.Article{
		URL: noteURL, Title: "=Alibaba {note}", Outlet: dateline.Outlet{ID: "scmp.com", Name: "SCMP"}, Lang: "en",
		Published: time.Date(2025, 11, 16, 1, 0, 0, 0, time.UTC), Body: "Alibaba & <others>.",
	}
	zh := &dateline.Article{URL: zhURL, Title: "阿里巴巴备忘录", Outlet: dateline.Outlet{ID: "caixin.com", Name: "财新"}, Lang: "zh", Body: "阿里巴巴否认。"}
	wire := "Alibaba denies it."
	for i := range 60 { // a text of many different words, as reprints are known by
		wire += fmt.Sprintf(" Sentence %d names customer%d and server%d.", i, i*7, i*13)
	}
	origin := &dateline.Article{
		URL: originURL, Title: "Alibaba denies", Outlet: dateline.Outlet{ID: "wire.com", Name: "Wire"}, Lang: "en", Body: wire,
		Published: time.Date(2024, 1, 2, 8, 0, 0, 0, time.UTC),
	}
	origin.Body += "\n\n\"The memo is wrong about our servers,\" said Alibaba."
	reprint := *origin
	reprint.URL, reprint.Outlet, reprint.Published = reprintURL, dateline.Outlet{ID: "post.com", Name: "Post"}, origin.Published.Add(time.Hour)
	edited := *memo
	edited.Title, edited.Body = "Memo says Alibaba aids the military", strings.Replace(memo.Body, "denies it", "denies all of it", 1)
	edited.LastSeen = memo.LastSeen.Add(time.Hour)
	list := []*dateline.Article{memo, note, zh, &edited}
	if len(copies) > 0 {
		list = append(list, &reprint, origin)
	}
	for _, a := range list {
		if err := x.Add(t.Context(), a); err != nil {
			t.Fatal(err)
		}
		if err := x.Flush(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	return x
}

// object asks for a path and gives its JSON object.
func object(t *testing.T, h http.Handler, path string) map[string]any {
	t.Helper()
	w := get(t, h, path)
	var out map[string]any
	if err := json.Unmarshal(w.Body.Bytes(), &out); err != nil || w.Code != http.StatusOK {
		t.Fatalf("%s: %d %v: %.300s", path, w.Code, err, w.Body)
	}
	return out
}

// at walks into an answer: keys of objects and numbers of lists, apart by dots.
func at(v any, path string) any {
	for step := range strings.SplitSeq(path, ".") {
		switch x := v.(type) {
		case map[string]any:
			v = x[step]
		case []any:
			var i int
			if _, err := fmt.Sscan(step, &i); err != nil || i >= len(x) {
				return nil
			}
			v = x[i]
		default:
			return nil
		}
	}
	return v
}

func TestAnswers(t *testing.T) {
	h := New(Config{PublicURL: "https://news.example"}, newIndex(t), nil)
	memo, note, zh := dateline.ArticleID(memoURL), dateline.ArticleID(noteURL), dateline.ArticleID(zhURL)
	for _, tc := range []struct {
		path, at string
		want     string // as JSON
	}{
		{"/search?q=org:阿里巴巴", "total", `3`},
		{"/search?q=alibaba&sort=oldest", "hits.0.id", `"` + memo + `"`},
		{"/search?sort=newest", "hits.2.id", `"` + zh + `"`},
		{"/search?sort=oldest", "hits.2.id", `"` + zh + `"`},
		{"/search?sort=oldest", "hits.0.published", `"2025-11-14T18:02:00Z"`},
		{"/search?sort=oldest", "hits.0.outlet", `{"id":"ft.com","name":"Financial Times"}`},
		{"/search?sort=oldest", "hits.0.authors", `["Ann Lee"]`},
		{"/search?sort=oldest", "hits.0.versions", `2`},
		{"/search?sort=oldest", "hits.0.entities.0.id", `"alibaba-group"`},
		{"/search?sort=oldest", "hits.2.published", `null`},
		{"/search?q=alibaba&sort=newest", "hits.0.title_html", `"=\u003cmark\u003eAlibaba\u003c/mark\u003e {note}"`},
		{"/search?q=alibaba&sort=newest", "hits.0.snippet_html", `"\u003cmark\u003eAlibaba\u003c/mark\u003e \u0026amp; \u0026lt;others\u0026gt;."`},
		{"/search", "undated", `1`},
		{"/search?from=2025-11-14&to=2025-11-14", "total", `1`},
		{"/search?from=2025-11-14T18:02:00Z&to=2025-11-16T01:00:00Z", "total", `1`},
		{"/search?outlet=ft.com&outlet=SCMP", "total", `2`},
		{"/search?-outlet=ft.com", "total", `2`},
		{"/search?outlet=ft.com", "facets.outlet.0", `{"count":1,"id":"caixin.com","name":"财新","selected":false}`},
		{"/search?outlet=ft.com", "facets.outlet.1", `{"count":1,"id":"ft.com","name":"Financial Times","selected":true}`},
		{"/search?facets=lang,section", "facets.section", `[{"count":1,"id":"world","name":"World","selected":false}]`},
		{"/search?facets=", "facets", `{}`},
		{"/search?copies=collapse&limit=0", "hits", `[]`},
		{"/search?type=news", "total", `1`},
		{"/search?author=Ann+Lee", "total", `1`},
		{"/search?interval=week", "timeline.0", `{"count":2,"from":"2025-11-10T00:00:00Z","to":"2025-11-17T00:00:00Z"}`},
		{"/suggest?q=ali", "query", `"ali"`},
		{"/suggest?q=ali", "suggestions.0", `{"count":3,"id":"alibaba-group","kind":"entity","text":"Alibaba Group","text_html":"\u003cmark\u003eAli\u003c/mark\u003ebaba Group","type":"organization","url":"https://news.example/entities/alibaba-group"}`},
		{"/suggest?q=", "suggestions", `[]`},
		{"/articles/" + memo, "url", `"` + memoURL + `"`},
		{"/articles/" + memo, "summary", `"A memo about Alibaba."`},
		{"/articles/" + memo, "body", `null`},
		{"/articles/" + memo, "section", `"World"`},
		{"/articles/" + memo, "keywords", `["cyber"]`},
		{"/articles/" + memo, "image", `"https://ft.com/i.jpg"`},
		{"/articles/" + memo, "type", `"news"`},
		{"/articles/" + memo, "paywalled", `true`},
		{"/articles/" + memo, "agency", `"Reuters"`},
		{"/articles/" + memo, "standfirst", `"Officials knew."`},
		{"/articles/" + memo, "image_width", `1200`},
		{"/articles/" + memo, "image_height", `630`},
		{"/articles/" + memo, "image_caption", `"The \u003cmemo\u003e"`},
		{"/articles/" + memo, "teaser", `true`},
		{"/articles/" + note, "teaser", `false`},
		{"/articles/" + memo, "amp", `"https://ft.com/amp/memo"`},
		{"/articles/" + memo, "alternates.0.lang", `"zh"`},
		{"/articles/" + memo, "pages.0", `"` + memoURL + `?page=2"`},
		{"/articles/" + memo, "updates.0.time", `"2025-11-14T18:00:00Z"`},
		{"/articles/" + memo, "updates.0.text", `"First."`},
		{"/articles/" + memo, "updates.1.text", `null`}, // beyond the excerpt
		{"/articles/" + memo, "updates.1.title", `null`},
		{"/articles/" + memo, "updates.1.start", `700`},
		{"/articles/" + memo, "corrections.0.kind", `"correction"`},
		{"/articles/" + note, "corrections", `null`},
		{"/articles/" + memo, "modified", `"2025-11-15T09:00:00Z"`},
		{"/articles/" + memo, "date_source", `"json-ld"`},
		{"/articles/" + memo, "date_confidence", `98`},
		{"/articles/" + note, "date_confidence", `null`},
		{"/articles/" + memo, "stories", `["memo"]`},
		{"/articles/" + memo, "mentions", `[{"end":7,"entity_id":"alibaba-group","start":0}]`},
		{"/articles/" + zh, "mentions.0", `{"end":12,"entity_id":"alibaba-group","start":0}`},
		{"/articles/" + zh, "keywords", `[]`},
		{"/articles/" + memo + "/versions", "versions.0.changed", `[]`},
		{"/articles/" + memo + "/versions", "versions.0.title", `"Memo says Alibaba helps the military"`},
		{"/articles/" + memo + "/versions", "versions.1.version", `2`},
		{"/articles/" + memo + "/versions", "versions.1.changed", `["title","body"]`},
		{"/articles/" + memo + "/versions", "versions.1.substantive", `true`},
		{"/articles/" + note + "/versions", "versions.1", `null`},
		{"/articles/" + memo + "/diff", "from", `1`},
		{"/articles/" + memo + "/diff", "title", `[{"op":"equal","text":"Memo says Alibaba "},{"op":"delete","text":"helps "},{"op":"insert","text":"aids "},{"op":"equal","text":"the military"}]`},
		{"/articles/" + memo + "/diff?from=1&to=2", "body.1", `{"op":"insert","text":"all of "}`},
		{"/articles/" + memo + "/diff?from=1&to=2", "truncated", `true`},
		{"/articles/" + memo + "/diff?from=2&to=2", "title", `[{"op":"equal","text":"Memo says Alibaba aids the military"}]`},
		{"/entities?q=阿里", "entities", `[{"id":"alibaba-group","name":"Alibaba Group","type":"organization","count":3}]`},
		{"/entities?type=person&q=zzz", "entities", `[]`},
		{"/entities/alibaba-group", "aliases", `["Alibaba","阿里巴巴"]`},
		{"/entities/alibaba-group", "wikidata", `"Q1359568"`},
		{"/entities/alibaba-group", "count", `3`},
		{"/entities/alibaba-group", "undated", `1`},
		{"/entities/alibaba-group", "outlets.1", `{"count":1,"id":"ft.com","name":"Financial Times","selected":false}`},
		{"/outlets", "outlets.2", `{"count":1,"id":"scmp.com","name":"SCMP","selected":false}`},
		{"/outlets/ft.com", "name", `"Financial Times"`},
		{"/outlets/ft.com", "country", `"GB"`},
		{"/outlets/ft.com", "count", `1`},
		{"/outlets/ft.com", "timeline.0.count", `1`},
		{"/outlets/ft.com", "entities.0.id", `"alibaba-group"`},
		{"/stories", "stories.0.id", `"memo"`},
		{"/stories/memo", "count", `3`},
		{"/stories/memo", "first_reports.0.id", `"` + memo + `"`},
		{"/stories/memo", "title", `"The memo"`},
		{"/timeline?interval=month", "timeline", `[{"count":2,"from":"2025-11-01T00:00:00Z","to":"2025-12-01T00:00:00Z"}]`},
		{"/timeline", "undated", `1`},
		{"/facets/outlet?prefix=fin", "values", `[{"count":1,"id":"ft.com","name":"Financial Times","selected":false}]`},
		{"/facets/outlet?prefix=tim", "values.0.id", `"ft.com"`},
		{"/facets/outlet?prefix=nan", "values", `[]`},
		{"/facets/org?outlet=ft.com&facet_size=1", "facet", `"org"`},
	} {
		got, err := json.Marshal(at(object(t, h, "/api/v1"+escape(tc.path)), tc.at))
		if err != nil {
			t.Fatal(err)
		}
		var want any
		if err := json.Unmarshal([]byte(tc.want), &want); err != nil {
			t.Fatalf("%s: %v", tc.want, err)
		}
		wanted, _ := json.Marshal(want)
		if string(got) != string(wanted) {
			t.Errorf("%s %s:\n got %s\nwant %s", tc.path, tc.at, got, wanted)
		}
	}
}

// escape writes a path as a browser sends it.
func escape(path string) string {
	u, err := url.Parse(path)
	if err != nil {
		return path
	}
	u.RawQuery = strings.NewReplacer(" ", "+", "\"", "%22").Replace(u.RawQuery)
	return u.String()
}

// TestWrongParameters wants a 400 that names the parameter from every route.
func TestWrongParameters(t *testing.T) {
	h := New(Config{}, newIndex(t), nil)
	memo := dateline.ArticleID(memoURL)
	for path, param := range map[string]string{
		"/search?cursor=nonsense": "cursor", "/search?copies=hide": "copies", "/search?facet_size=0": "facet_size",
		"/search?limit=-1": "limit", "/search?outlets=x": "outlets", "/search?sort=": "", "/search?hl=de": "hl",
		"/search.csv?limit=500": "limit", "/search.rss?bogus=1": "bogus",
		"/suggest?q=a&limit=0": "limit", "/suggest?q=a&limit=21": "limit", "/suggest?prefix=a": "prefix", "/suggest?q=a&q=b": "q", "/suggest?q=%ff": "q",
		"/articles/" + memo + "?full=1": "full", "/articles/" + memo + "/versions?limit=1": "limit",
		"/articles/" + memo + "/diff?from=0": "from", "/articles/" + memo + "/diff?to=3": "to", "/articles/" + memo + "/diff?hl=de": "hl", "/articles/" + memo + "/diff?to=x": "to",
		"/entities?limit=101": "limit", "/entities?type=org": "type", "/entities?name=x": "name", "/entities/alibaba-group?limit=1": "limit",
		"/outlets?q=x": "q", "/outlets/ft.com?q=x": "q", "/stories?q=x": "q", "/stories/memo?q=x": "q",
		"/timeline?interval=decade": "interval", "/timeline?tz=europe/berlin": "tz", "/search?tz=Nowhere": "tz", "/timeline?prefix=x": "prefix", "/facets/outlet?prefix=a&prefix=b": "prefix", "/facets/outlet?q=a&bogus=": "bogus",
	} {
		w := get(t, h, "/api/v1"+path)
		if param == "" {
			if w.Code != http.StatusOK {
				t.Errorf("%s: %d %s", path, w.Code, w.Body)
			}
			continue
		}
		var p Problem
		if err := json.Unmarshal(w.Body.Bytes(), &p); err != nil || w.Code != http.StatusBadRequest || p.Param != param ||
			w.Header().Get("Content-Type") != "application/problem+json" || w.Header().Get("ETag") != "" {
			t.Errorf("%s: %d %s, want a problem that names %s", path, w.Code, w.Body, param)
		}
	}
}

// TestEveryAnswerHasATag also checks that a 304 comes only while nothing changed.
func TestEveryAnswerHasATag(t *testing.T) {
	x := newIndex(t)
	h := New(Config{}, x, nil)
	memo := dateline.ArticleID(memoURL)
	paths := []string{
		"/api/v1/search?q=memo", "/api/v1/search.csv", "/api/v1/suggest?q=ali", "/api/v1/articles/" + memo, "/api/v1/articles/" + memo + "/versions",
		"/api/v1/articles/" + memo + "/diff", "/api/v1/entities", "/api/v1/entities/alibaba-group", "/api/v1/outlets", "/api/v1/outlets/ft.com",
		"/api/v1/stories", "/api/v1/stories/memo", "/api/v1/timeline", "/api/v1/facets/outlet", "/openapi.json", "/llms.txt", "/opensearch.xml", "/docs", "/search?q=memo",
	}
	tags := map[string]string{}
	for _, path := range paths {
		w := get(t, h, path)
		tags[path] = w.Header().Get("ETag")
		if w.Code != http.StatusOK || tags[path] == "" {
			t.Errorf("%s: %d, ETag %q", path, w.Code, tags[path])
		} else if w := get(t, h, path, "If-None-Match", tags[path]); w.Code != http.StatusNotModified || w.Body.Len() > 0 {
			t.Errorf("%s again: %d", path, w.Code)
		}
	}
	if err := x.Delete(t.Context(), memo); err != nil {
		t.Fatal(err)
	}
	for _, path := range []string{"/api/v1/search?q=memo", "/api/v1/outlets", "/api/v1/articles/" + memo} {
		if w := get(t, h, path, "If-None-Match", tags[path]); w.Code == http.StatusNotModified {
			t.Errorf("%s: not modified after a deletion", path)
		}
	}
}

func TestCursorGivesEachMatchOnce(t *testing.T) {
	h := New(Config{}, newIndex(t), nil)
	var ids []string
	path := "/api/v1/search?limit=1&sort=oldest"
	for path != "" {
		w := get(t, h, path)
		o := object(t, h, path)
		ids = append(ids, at(o, "hits.0.id").(string))
		link := w.Header().Get("Link")
		if (o["next"] != nil) != strings.HasSuffix(link, `rel="next"`) {
			t.Fatalf("next %v, Link %q", o["next"], link)
		}
		path, _, _ = strings.Cut(strings.TrimPrefix(link, "<"), ">")
		if len(ids) > 3 {
			t.Fatalf("no end: %v", ids)
		}
	}
	if slices.Sort(ids); len(slices.Compact(ids)) != 3 {
		t.Errorf("got %v, want three articles", ids)
	}
}

func TestExports(t *testing.T) {
	h := New(Config{PublicURL: "https://news.example"}, newIndex(t), nil)
	body := func(format string) string {
		w := get(t, h, "/api/v1/search."+format+"?q=org:alibaba&sort=newest")
		if w.Code != http.StatusOK || w.Header().Get("Content-Type") != exportTypes[format] {
			t.Fatalf("%s: %d %s", format, w.Code, w.Header().Get("Content-Type"))
		}
		return w.Body.String()
	}
	rows, err := csv.NewReader(strings.NewReader(body("csv"))).ReadAll()
	if err != nil || len(rows) != 4 || strings.Join(rows[0][:7], ",") != "id,url,title,outlet,authors,published,lang" || rows[1][2] != "'=Alibaba {note}" || rows[2][5] != "2025-11-14T18:02:00Z" {
		t.Errorf("csv: %v %v", err, rows)
	}
	dec, lines := json.NewDecoder(strings.NewReader(body("jsonl"))), 0
	for {
		var a articleLine
		if err := dec.Decode(&a); err == io.EOF {
			break
		} else if err != nil || a.ID == "" || a.Body != "" {
			t.Fatalf("jsonl: %v %+v", err, a)
		}
		lines++
	}
	if lines != 3 {
		t.Errorf("jsonl: %d lines", lines)
	}
	if s := body("bib"); strings.Count(s, "@online{") != 3 || !strings.Contains(s, `title = {=Alibaba \{note\}}`) {
		t.Errorf("bib: %s", s)
	}
	if s := body("ris"); strings.Count(s, "ER  - ") != 3 || !strings.Contains(s, "DA  - 2025/11/14\r\n") {
		t.Errorf("ris: %s", s)
	}
	var rss struct {
		Items []struct {
			Title       string `xml:"title"`
			Description string `xml:"description"`
			GUID        string `xml:"guid"`
		} `xml:"channel>item"`
	}
	if err := xml.Unmarshal([]byte(body("rss")), &rss); err != nil || len(rss.Items) != 3 || rss.Items[0].Description != "Alibaba &amp; &lt;others&gt;." {
		t.Errorf("rss: %v %+v", err, rss)
	}
	var atom struct {
		ID      string `xml:"id"`
		Updated string `xml:"updated"`
		Entries []struct {
			Link struct {
				Href string `xml:"href,attr"`
			} `xml:"link"`
			Updated string `xml:"updated"`
		} `xml:"entry"`
	}
	if err := xml.Unmarshal([]byte(body("atom")), &atom); err != nil || len(atom.Entries) != 3 || atom.Updated != "2025-11-16T01:00:00Z" || atom.Entries[0].Link.Href != noteURL || atom.Entries[2].Updated == "" {
		t.Errorf("atom: %v %+v", err, atom)
	}
	var feed struct {
		Version string
		Items   []struct{ ID, URL string }
	}
	if err := json.Unmarshal([]byte(body("feed.json")), &feed); err != nil || len(feed.Items) != 3 || feed.Items[0].URL != noteURL {
		t.Errorf("feed.json: %v %+v", err, feed)
	}
	if w := get(t, h, "/api/v1/search.xls"); w.Code != http.StatusNotFound {
		t.Errorf("an unknown format: %d", w.Code)
	}
	r := httptest.NewRequest("HEAD", "/api/v1/search.csv", nil)
	w := httptest.NewRecorder()
	if h.ServeHTTP(w, r); w.Code != http.StatusOK || w.Body.Len() != 0 {
		t.Errorf("HEAD: %d, %d bytes", w.Code, w.Body.Len())
	}
}

// articleLine is what the test reads of a line of an export.
type articleLine struct{ ID, Body, Excerpt string }
