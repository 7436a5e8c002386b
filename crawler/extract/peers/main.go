// Command peers measures how many pages per second of processor time the
// extractor reads, beside parsing alone and three libraries, all in one run over
// the same pages. It is a module of its own, so that the product has none of them.
//
//	cd crawler/extract/peers && GOMAXPROCS=1 go run . -data ../../../../shared/data/extraction
package main

import (
	"bytes"
	"compress/gzip"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"log"
	"net/url"
	"os"
	"path/filepath"
	"syscall"
	"time"

	readability "codeberg.org/readeck/go-readability/v2"
	distiller "github.com/markusmobius/go-domdistiller"
	trafilatura "github.com/markusmobius/go-trafilatura"
	"golang.org/x/net/html"

	"dateline/crawler/extract"
)

// engine reads a page; what it finds is dropped.
type engine struct {
	name string
	read func(page []byte, u *url.URL) error
	used time.Duration
	fail int // pages that it refused
}

var engines = []*engine{
	{name: "parsing alone (x/net/html)", read: func(page []byte, _ *url.URL) error {
		_, err := html.Parse(bytes.NewReader(page))
		return err
	}},
	{name: "dateline, all fields", read: func(page []byte, u *url.URL) error {
		_, err := extract.Extract(page, "", u.String())
		return err
	}},
	{name: "go-readability 2.1.3", read: func(page []byte, u *url.URL) error {
		_, err := readability.FromReader(bytes.NewReader(page), u)
		return err
	}},
	{name: "go-domdistiller 1.0.0", read: func(page []byte, u *url.URL) error {
		_, err := distiller.ApplyForReader(bytes.NewReader(page), &distiller.Options{OriginalURL: u})
		return err
	}},
	{name: "go-trafilatura 1.12.2, without dates", read: func(page []byte, u *url.URL) error {
		_, err := trafilatura.Extract(bytes.NewReader(page), trafilatura.Options{OriginalURL: u, EnableFallback: true, HtmlDateMode: trafilatura.Disabled})
		return err
	}},
}

// spent is the processor time of this process so far.
func spent() time.Duration {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		log.Fatal(err)
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

func main() {
	log.SetFlags(0)
	log.SetPrefix("peers: ")
	data := flag.String("data", "", "folder with index.jsonl and the pages it names")
	flag.Parse()
	n, err := run(*data)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Printf("%-38s %14s %10s %8s\n", fmt.Sprintf("%d pages", n), "pages per CPU s", "of parsing", "refused")
	parse := engines[0].used
	for _, e := range engines {
		fmt.Printf("%-38s %14.0f %9.2fx %8d\n", e.name, float64(n)/e.used.Seconds(), e.used.Seconds()/parse.Seconds(), e.fail)
	}
}

// run has every engine read each page in turn, so that all see the same load.
func run(data string) (int, error) {
	f, err := os.Open(filepath.Join(data, "index.jsonl"))
	if err != nil {
		return 0, fmt.Errorf("%w, want --data with the folder of cases", err)
	}
	defer f.Close()
	d := json.NewDecoder(f)
	for n := 0; ; n++ {
		var c struct {
			ID   string `json:"id"`
			URL  string `json:"url"`
			File string `json:"html_file"`
		}
		if err := d.Decode(&c); errors.Is(err, io.EOF) {
			return n, nil
		} else if err != nil {
			return n, err
		}
		page, err := gunzip(filepath.Join(data, c.File))
		if err != nil {
			return n, fmt.Errorf("%s: %w", c.ID, err)
		}
		u, err := url.Parse(c.URL)
		if err != nil {
			return n, fmt.Errorf("%s: %w", c.ID, err)
		}
		for _, e := range engines {
			e.measure(page, u)
		}
	}
}

func (e *engine) measure(page []byte, u *url.URL) {
	start := spent()
	defer func() {
		e.used += spent() - start
		if recover() != nil {
			e.fail++
		}
	}()
	if err := e.read(page, u); err != nil {
		e.fail++
	}
}

func gunzip(name string) ([]byte, error) {
	f, err := os.Open(name)
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
