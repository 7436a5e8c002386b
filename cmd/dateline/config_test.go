package main

import (
	"maps"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"dateline"
)

func TestDecodeConfigDefault(t *testing.T) {
	c, err := decodeConfig("config.yaml", dateline.DefaultConfig)
	if err != nil {
		t.Fatal(err)
	}
	if len(c.Stories) != 1 || c.Stories[0].ID != "alibaba-pla-memo" {
		t.Fatalf("stories: %+v", c.Stories)
	}
	s := c.Stories[0]
	countries, outlets := map[string]bool{}, map[string]bool{}
	for _, o := range c.Outlets {
		countries[o.Country] = true
		outlets[o.ID] = true
	}
	kinds := map[string]int{}
	for _, src := range s.Sources {
		kind, _ := src.Kind()
		kinds[kind]++
	}
	if len(s.Entities) < 25 || len(outlets) < 25 || len(countries) < 12 || kinds["gdelt"] < 1 || kinds["feed"]+kinds["sitemap"] < 25 {
		t.Errorf("%d entities, %d outlets, %d countries, sources %v", len(s.Entities), len(outlets), len(countries), kinds)
	}
	// No name may stand for two entities.
	names := map[string]string{}
	for _, e := range s.Entities {
		for _, n := range append([]string{e.Name}, e.Aliases...) {
			if other, ok := names[strings.ToLower(n)]; ok {
				t.Errorf("%q names %s and %s", n, other, e.Name)
			}
			names[strings.ToLower(n)] = e.Name
		}
	}
	// What the file spells out are the defaults.
	d := dateline.NewConfig()
	d.Stories, d.Outlets = c.Stories, c.Outlets
	d.Crawler.ConnectTo, d.Crawler.AllowNetworks = c.Crawler.ConnectTo, c.Crawler.AllowNetworks
	if !reflect.DeepEqual(c, d) || len(c.Crawler.ConnectTo)+len(c.Crawler.AllowNetworks) > 0 {
		t.Errorf("not the defaults: %+v", c)
	}
}

func TestDecodeConfig(t *testing.T) {
	t.Setenv("DL_TOKEN", "s3cret")
	c, err := decodeConfig("x.yaml", []byte(`
data: "${DL_TOKEN}"
stories:
  - id: s
    title: S
    about: 'a AND (b OR "c d")'
    from: 2025-11-01
    to: 2025-11-20
    entities: [{name: Xi Jinping, type: person, aliases: [习近平]}]
    sources:
      - {feed: "https://a.example/rss"}
      - {sitemap: "https://a.example/sitemap.xml"}
      - {page: "https://a.example/world"}
      - {gdelt: 'x "y z"'}
      - {urls: ["https://a.example/1", "https://a.example/2"]}
      - {warc: "archive/*.warc.gz"}
outlets: [{domain: ft.com, name: Financial Times, country: GB, language: en}]
crawler:
  delay: 500ms
  timeout:
  max_page: 500KiB
  allow_networks: [127.0.0.0/8]
  connect_to: {"*.example": "127.0.0.1:8000"}
  archive: false
indexer: {engine: opensearch, store: postgres}
api: {admin_token: "x${DL_TOKEN}", rate_limit: 5/s, full_text: true}
`))
	if err != nil {
		t.Fatal(err)
	}
	s := c.Stories[0]
	var kinds []string
	for _, src := range s.Sources {
		kind, _ := src.Kind()
		kinds = append(kinds, kind)
	}
	if !slices.Equal(kinds, []string{"feed", "sitemap", "page", "gdelt", "urls", "warc"}) {
		t.Errorf("sources %v", kinds)
	}
	if s.To.Sub(s.From) != 20*24*time.Hour || s.Entities[0].ID != "xi-jinping" {
		t.Errorf("story %+v", s.Story)
	}
	w := c.Crawler
	if w.Delay != 500*time.Millisecond || w.Timeout != 30*time.Second || w.MaxPage != 500<<10 || w.Concurrency != 32 || w.Archive ||
		w.AllowNetworks[0].String() != "127.0.0.0/8" || !maps.Equal(w.ConnectTo, map[string]string{"*.example": "127.0.0.1:8000"}) {
		t.Errorf("crawler %+v", w)
	}
	if c.Data != "${DL_TOKEN}" || c.API.AdminToken != "xs3cret" || c.API.RateLimit != (dateline.Rate{N: 5, Per: time.Second}) || !c.API.FullText {
		t.Errorf("%+v", c)
	}
}

func TestDecodeConfigErrors(t *testing.T) {
	tests := []struct{ in, want string }{
		{"crawler:\n  dely: 2s\n", `config.yaml:2: unknown key "dely" in crawler, did you mean "delay"?`},
		{"storys: []\n", `config.yaml:1: unknown key "storys" in the config, did you mean "stories"?`},
		{"stories:\n  - id: a\n    titel: x\n", `config.yaml:3: unknown key "titel" in stories[0], did you mean "title"?`},
		{"crawler:\n  delay: fast\n", `config.yaml:2: crawler.delay: "fast" is not a duration`},
		{"crawler:\n  concurrency: many\n", `config.yaml:2: crawler.concurrency: "many" is not a whole number`},
		{"crawler:\n  max_page: 10 parsecs\n", `config.yaml:2: crawler.max_page: "10 parsecs" is not a size`},
		{"crawler: [1]\n", `config.yaml:1: crawler: must be keys with values`},
		{"stories: {}\n", `config.yaml:1: stories: must be a list`},
		{"api:\n  rate_limit: 5/year\n", `config.yaml:2: api.rate_limit: "5/year" is not a rate`},
		{"api:\n  full_text: yes\n", `config.yaml:2: api.full_text: "yes" is not true or false`},
		{"api:\n  listen: [a]\n", `config.yaml:2: api.listen: must be a text`},
		{"api:\n  admin_token: ${DL_NOT_SET}\n", `config.yaml:2: api.admin_token: environment variable DL_NOT_SET is not set`},
		{"data: a\ndata: b\n", `config.yaml:2: key "data" is there twice in the config`},
		{"stories:\n  - id: a\n    title: A\n    about: 'a AND ('\n", `config.yaml:4: stories[0].about: query: "(" without ")"`},
		{"stories:\n  - id: a\n    title: A\n    from: yesterday\n", `config.yaml:4: stories[0].from: "yesterday" is not a date`},
		{"stories:\n  - id: a\n    title: A\n    sources:\n      - {feed: 'http://a.b', page: 'http://a.b'}\n", `config.yaml:5: stories[0].sources[0]: must have exactly one of`},
		{"stories:\n  - id: a\n    title: A\n    entities:\n      - {name: X, type: thing}\n", `config.yaml:5: stories[0].entities[0].type: "thing" must be`},
		{"stories:\n  - title: A\n", `config.yaml: stories[0].id: is missing`},
		{"crawler: {concurrency: 0}\nindexer: {engine: lucene}\n", "config.yaml: crawler.concurrency: must be at least 1\nconfig.yaml: indexer.engine:"},
		{"a: b: c\n", "config.yaml:1: "},
		{"data: a\n---\ndata: b\n", "a second document"},
	}
	for _, tt := range tests {
		_, err := decodeConfig("config.yaml", []byte(tt.in))
		if err == nil || !strings.Contains(err.Error(), tt.want) {
			t.Errorf("%q: got %v, want %s", tt.in, err, tt.want)
		}
	}
	for _, in := range []string{"", "# nothing\n", "crawler:\n"} {
		if c, err := decodeConfig("config.yaml", []byte(in)); err != nil || c.Crawler.Concurrency != 32 {
			t.Errorf("%q: %v", in, err)
		}
	}
}

func TestLoadConfig(t *testing.T) {
	dir := t.TempDir()
	t.Chdir(dir)
	if c, err := loadConfig(""); err != nil || len(c.Stories) != 1 {
		t.Fatalf("built in: %v", err)
	}
	if _, err := loadConfig("config.yaml"); err == nil {
		t.Error("a named file that is missing is no error")
	}
	if err := os.WriteFile(filepath.Join(dir, "config.yaml"), []byte("data: elsewhere\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	if c, err := loadConfig(""); err != nil || c.Data != "elsewhere" {
		t.Errorf("./config.yaml: %+v, %v", c, err)
	}
}
