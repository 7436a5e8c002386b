package extract

import (
	"bytes"
	"compress/gzip"
	"encoding/json"
	"io"
	"os"
	"path/filepath"
	"testing"

	"golang.org/x/net/html"

	"dateline/crawler/extract/internal/body"
)

const cases = "../../../shared/data/extraction"

type benchPage struct {
	url  string
	page []byte
}

// readPages gives every nth page of the extraction cases.
func readPages(b testing.TB, nth int) []benchPage {
	f, err := os.Open(filepath.Join(cases, "index.jsonl"))
	if err != nil {
		b.Skip("no extraction cases: ", err)
	}
	defer f.Close()
	var out []benchPage
	d := json.NewDecoder(f)
	for n := 0; d.More(); n++ {
		var c struct {
			URL  string `json:"url"`
			File string `json:"html_file"`
		}
		if err := d.Decode(&c); err != nil {
			b.Fatal(err)
		}
		if n%nth != 0 {
			continue
		}
		z, err := os.Open(filepath.Join(cases, c.File))
		if err != nil {
			b.Fatal(err)
		}
		r, err := gzip.NewReader(z)
		if err != nil {
			b.Fatal(err)
		}
		page, err := io.ReadAll(r)
		if err != nil {
			b.Fatal(err)
		}
		z.Close()
		out = append(out, benchPage{c.URL, page})
	}
	return out
}

// BenchmarkPages takes the pages of the extraction cases one after another: all
// fields, and what of it is parsing, metadata and the text.
func BenchmarkPages(b *testing.B) {
	pages := readPages(b, 1)
	b.Run("all", func(b *testing.B) {
		i := 0
		for b.Loop() {
			p := pages[i%len(pages)]
			if _, err := Extract(p.page, "", p.url); err != nil {
				b.Fatal(err)
			}
			i++
		}
	})
	b.Run("parse", func(b *testing.B) {
		i := 0
		for b.Loop() {
			if _, err := html.Parse(bytes.NewReader(pages[i%len(pages)].page)); err != nil {
				b.Fatal(err)
			}
			i++
		}
	})
	b.Run("text", func(b *testing.B) {
		i := 0
		for b.Loop() {
			b.StopTimer()
			p, err := parsePage(pages[i%len(pages)].page, "", pages[i%len(pages)].url)
			if err != nil {
				b.Fatal(err)
			}
			a := p.article().Article
			b.StartTimer()
			d := p.split(a)
			d.Article(d.Judge(body.Fitted()))
			i++
		}
	})
}
