package main

import (
	"bufio"
	"compress/gzip"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"golang.org/x/net/publicsuffix"

	"dateline/crawler/extract"
	"dateline/crawler/extract/internal/body"
)

// page is one line of the index of cases.
type pageCase struct {
	ID      string   `json:"id"`
	Set     string   `json:"set"`
	URL     string   `json:"url"`
	File    string   `json:"html_file"`
	Body    string   `json:"body"`
	With    []string `json:"with"`
	Without []string `json:"without"`
	Scored  []string `json:"scored"`
	Doubt   bool     `json:"doubt"`
}

// example is a page with what is learned from it.
type example struct {
	pageCase
	dir    string
	outlet string
	doc    *body.Doc
	truth  map[uint64]int // runs of words, nil without a true body
	names  [][]uint64     // sparse features of each block, in order; some come twice
	words  [][]uint64
	label  []float64
	weight []float64
	made   bool // a small page made of another's lines
}

// figured are the sets whose mean is the figure that counts.
var figured = []string{"fundus", "fundus-eval", "newspaper-ds", "scrapinghub", "wcxb-news"}

// load reads the cases with a true body or pieces of one.
func load(dir string) ([]*example, error) {
	f, err := os.Open(filepath.Join(dir, "index.jsonl"))
	if err != nil {
		return nil, err
	}
	defer f.Close()
	var out []*example
	d := json.NewDecoder(bufio.NewReaderSize(f, 1<<20))
	for {
		e := &example{}
		if err := d.Decode(&e.pageCase); errors.Is(err, io.EOF) {
			break
		} else if err != nil {
			return nil, fmt.Errorf("index.jsonl: %w", err)
		}
		whole := slices.Contains(e.Scored, "body") && !e.Doubt
		if !whole && len(e.With) == 0 {
			continue
		}
		if err := e.read(dir, whole); err != nil {
			return nil, fmt.Errorf("%s: %w", e.ID, err)
		}
		out = append(out, e)
		if !whole {
			continue
		}
		p, err := plain(e)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", e.ID, err)
		}
		if p != nil {
			out = append(out, p)
		}
	}
	return out, nil
}

// page reads the page's file.
func (e *example) page() ([]byte, error) {
	f, err := os.Open(filepath.Join(e.dir, e.File))
	if err != nil {
		return nil, err
	}
	defer f.Close()
	z, err := gzip.NewReader(f)
	if err != nil {
		return nil, err
	}
	return io.ReadAll(z)
}

func (e *example) read(dir string, whole bool) error {
	e.dir = dir
	page, err := e.page()
	if err != nil {
		return err
	}
	if e.doc, err = extract.Split(page, "", e.URL); err != nil {
		return err
	}
	e.outlet = outletOf(e.URL)
	if e.outlet == "" {
		e.outlet = e.ID
	}
	lines := make([][]uint64, e.doc.Len())
	for i := range lines {
		lines[i] = body.Tokens(e.doc.Line(i))
		e.names = append(e.names, collect(e.doc.EachName, i))
		e.words = append(e.words, collect(e.doc.EachWord, i))
	}
	if whole {
		e.truth = runs(body.Tokens(e.Body))
		e.label, e.weight = labels(lines, e.Body), weights(lines, e.Body)
		if !slices.Contains(figured, e.Set) {
			for i := range e.weight {
				e.weight[i] /= 2 // the truth is another program's output
			}
		}
		e.leaveOut()
		return nil
	}
	e.label, e.weight = make([]float64, len(lines)), make([]float64, len(lines))
	for i := range lines {
		l := squash(e.doc.Line(i))
		for _, p := range e.With {
			if q := squash(p); strings.Contains(l, q) || len(lines[i]) > 3 && strings.Contains(q, l) {
				e.label[i], e.weight[i] = 1, 2
			}
		}
		for _, p := range e.Without {
			if q := squash(p); strings.Contains(l, q) && e.label[i] == 0 {
				e.weight[i] = 2
			}
		}
	}
	e.leaveOut()
	return nil
}

// leaveOut takes from the fit the blocks that are never scored.
func (e *example) leaveOut() {
	for i := range e.weight {
		if e.doc.Outside(i) {
			e.weight[i] = 0
		}
	}
}

func collect(each func(int, func(uint64)), i int) []uint64 {
	var out []uint64
	each(i, func(h uint64) { out = append(out, h) })
	return out
}

func squash(s string) string { return strings.Join(strings.Fields(s), " ") }

func outletOf(address string) string {
	// A page of the web archive is its outlet's.
	if i := strings.LastIndex(address, "http"); i > 0 {
		address = address[i:]
	}
	u, err := url.Parse(address)
	if err != nil {
		return ""
	}
	host := strings.ToLower(u.Hostname())
	if d, err := publicsuffix.EffectiveTLDPlusOne(host); err == nil {
		return d
	}
	return host
}
