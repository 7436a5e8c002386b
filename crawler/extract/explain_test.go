package extract

import (
	"reflect"
	"testing"
)

func TestExplain(t *testing.T) {
	in := []byte(`<html lang="en-GB"><title>Ferry runs again - Harbour Post</title><meta property="og:site_name" content="hp.example">
		<script type="application/ld+json">{"@type":"NewsArticle","headline":"Ferry: timetable","datePublished":"soon","publisher":{"name":"Harbour Post"}}</script>
		<meta property="article:section" content="Harbour"><meta property="og:image" content="/ferry.jpg">
		<meta property="article:published_time" content="2024-03-06T02:25:54Z"><h1>Ferry runs again</h1>
		<p class="byline">By Nora Quill</p><p class="date">March 5, 2024 | 9:25pm</p>`)
	p, got, err := Explain(in, "text/html; charset=utf-8", "https://hp.example/a")
	if err != nil {
		t.Fatal(err)
	}
	chosen := map[string]Candidate{}
	fields := map[string]int{}
	for _, c := range got {
		fields[c.Field]++
		if c.Chosen {
			chosen[c.Field] = c
		}
	}
	for field, want := range map[string]Candidate{
		"title":     {Field: "title", Source: "h1", Value: "Ferry runs again", Chosen: true, Score: 1},
		"authors":   {Field: "authors", Source: "class byline", Value: "By Nora Quill", Chosen: true},
		"published": {Field: "published", Source: "meta article:published_time", Value: "2024-03-06T02:25:54Z", Chosen: true},
		"lang":      {Field: "lang", Source: "html lang", Value: "en-GB", Chosen: true},
		"section":   {Field: "section", Source: "meta article:section", Value: "Harbour", Chosen: true},
		"image":     {Field: "image", Source: "meta", Value: "/ferry.jpg", Chosen: true},
		"type":      {Field: "type", Source: "nothing else", Value: "news", Chosen: true},
		"outlet":    {Field: "outlet", Source: "json-ld", Value: "Harbour Post", Chosen: true},
	} {
		if chosen[field] != want {
			t.Errorf("%s: got %+v, want %+v of %+v", field, chosen[field], want, got)
		}
	}
	if fields["title"] < 3 || fields["published"] < 3 {
		t.Errorf("candidates %v: want those passed over too", fields)
	}
	for _, c := range got {
		if c.Field == "published" && c.Source == "p text" && c.Score < 5 {
			t.Errorf("the date shown has %v points", c.Score)
		}
	}
	q, err := Extract(in, "text/html; charset=utf-8", "https://hp.example/a")
	if err != nil || !reflect.DeepEqual(p, q) {
		t.Errorf("explaining changed the page: %+v, want %+v", p, q)
	}
}
