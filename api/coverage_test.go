package api

import (
	"context"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"

	"dateline"
)

func TestCopies(t *testing.T) {
	h := New(Config{}, newIndex(t, true), nil)
	origin, reprint := dateline.ArticleID(originURL), dateline.ArticleID(reprintURL)
	for _, id := range []string{origin, reprint} {
		o := object(t, h, "/api/v1/copies/"+id)
		if at(o, "id") != origin || at(o, "copies.0.id") != origin || at(o, "copies.1.id") != reprint || at(o, "copies.1.copies.origin") != false || at(o, "copies.2") != nil {
			t.Errorf("copies of %s: %v", id, o)
		}
		a := object(t, h, "/api/v1/articles/"+id)
		if at(a, "copies.id") != origin || at(a, "copies.count") != 2.0 || at(a, "copies.origin") != (id == origin) {
			t.Errorf("article %s: %v", id, a["copies"])
		}
	}
	if o := object(t, h, "/api/v1/search?copies=collapse&to=2024-12-31"); at(o, "total") != 1.0 || at(o, "hits.0.copies.count") != 2.0 || at(o, "hits.0.id") != origin {
		t.Errorf("collapsed: %v", o)
	}
	if o := object(t, h, "/api/v1/search?to=2024-12-31&sort=newest"); at(o, "total") != 2.0 || at(o, "hits.0.copies.origin") != false {
		t.Errorf("shown: %v", o)
	}
	for path, want := range map[string]string{"/search?to=2024-12-31": ">reprint of Wire</a>", "/search?to=2024-12-31&copies=collapse": "first of 2 copies", "/articles/" + reprint: "The same text in"} {
		if w := get(t, h, path); !strings.Contains(w.Body.String(), want) {
			t.Errorf("%s: no %q", path, want)
		}
	}
	if w := get(t, h, "/api/v1/copies/none"); w.Code != http.StatusNotFound {
		t.Errorf("no such article: %d", w.Code)
	}
}

func TestChangesPage(t *testing.T) {
	h := New(Config{}, newIndex(t), nil)
	memo, note := dateline.ArticleID(memoURL), dateline.ArticleID(noteURL)
	for path, want := range map[string][]string{
		"/articles/" + memo + "/changes?hl=de": {"<del>helps </del><ins>aids </ins>", "<ins>all of </ins>", "Fassung 2", "from=1&amp;to=2&amp;hl=de"},
		"/articles/" + note + "/changes":       {"One version only"},
		"/search?outlet=ft.com":                {"edited once", "/articles/" + memo + "/changes", "paywalled", "Reuters"},
		"/articles/none/changes":               {"Not found"},
		"/articles/" + memo + "/changes?to=9":  {"Bad parameter"},
	} {
		body := get(t, h, path).Body.String()
		for _, s := range want {
			if !strings.Contains(body, s) {
				t.Errorf("%s: no %q", path, s)
			}
		}
	}
}

// slow is a backend whose searches wait.
type slow struct {
	fake
	wait chan struct{}
}

func (s *slow) Search(ctx context.Context, q dateline.Query) (*dateline.Results, error) {
	if len(q.Facets) == 0 && q.Limit == maxLimit {
		<-s.wait
	}
	return &dateline.Results{}, nil
}

func TestExportsAreBounded(t *testing.T) {
	b := &slow{wait: make(chan struct{})}
	h := New(Config{}, b, nil)
	done := make(chan int)
	for range maxExports + 1 {
		go func() { done <- get(t, h, "/api/v1/search.csv").Code }()
	}
	if code := <-done; code != http.StatusServiceUnavailable { // the others wait
		t.Errorf("one export too many: %d", code)
	}
	close(b.wait)
	for range maxExports {
		if code := <-done; code != http.StatusOK {
			t.Errorf("an export: %d", code)
		}
	}
	if w := get(t, h, "/api/v1/search.csv"); w.Code != http.StatusOK {
		t.Errorf("after the others: %d", w.Code)
	}
}

func TestQuotes(t *testing.T) {
	h := New(Config{}, newIndex(t, true), nil)
	origin, reprint := dateline.ArticleID(originURL), dateline.ArticleID(reprintURL)
	for path, want := range map[string]int{
		"": 2, "?speaker=alibaba-group": 2, "?speaker=阿里巴巴": 2, "?speaker=nobody": 0, "?q=Memo+servers": 2, "?q=customer7": 0, "?speaker=Alibaba&q=wrong": 2,
	} {
		o := object(t, h, "/api/v1/quotes"+escape(path))
		list, _ := o["quotes"].([]any)
		if len(list) != want {
			t.Errorf("%s: %v, want %d", path, o, want)
		}
		for _, q := range list {
			if at(q, "speaker_id") != "alibaba-group" || !strings.HasPrefix(at(q, "text").(string), "The memo is wrong about our servers") || at(q, "article.url") == nil {
				t.Errorf("%s: %v", path, q)
			}
		}
	}
	first := object(t, h, "/api/v1/quotes?limit=1")
	second := object(t, h, "/api/v1/quotes?limit=1&cursor="+url.QueryEscape(first["next"].(string)))
	if at(first, "quotes.0.article.id") != reprint || at(second, "quotes.0.article.id") != origin {
		t.Errorf("pages: %v and %v", first, second)
	}
	for path, param := range map[string]string{"?person=x": "person", "?limit=0": "limit", "?cursor=x": "cursor"} {
		if w := get(t, h, "/api/v1/quotes"+path); w.Code != http.StatusBadRequest || !strings.Contains(w.Body.String(), `"param":"`+param+`"`) {
			t.Errorf("%s: %d %s", path, w.Code, w.Body)
		}
	}
}

func TestSimilar(t *testing.T) {
	h := New(Config{}, newIndex(t, true), nil)
	memo, note, origin := dateline.ArticleID(memoURL), dateline.ArticleID(noteURL), dateline.ArticleID(originURL)
	o := object(t, h, "/api/v1/articles/"+origin+"/similar")
	var ids []any
	for _, x := range o["similar"].([]any) {
		ids = append(ids, at(x, "id"))
	}
	if !slices.Contains(ids, any(memo)) || !slices.Contains(ids, any(note)) || slices.Contains(ids, any(origin)) || slices.Contains(ids, any(dateline.ArticleID(reprintURL))) {
		t.Errorf("similar to a wire article: %v", ids)
	}
	if o := object(t, h, "/api/v1/articles/"+origin+"/similar?limit=1"); len(o["similar"].([]any)) != 1 {
		t.Errorf("limit=1: %v", o)
	}
	if w := get(t, h, "/api/v1/articles/none/similar"); w.Code != http.StatusNotFound {
		t.Errorf("no such article: %d", w.Code)
	}
}
