// Colly crawls the outlets of `dateline bench crawl` with github.com/gocolly/colly
// and prints what it took as JSON. It is a plain crawler: it obeys robots.txt,
// asks for each address once, parses each page and takes title, headline,
// canonical address, date, links and the text of the paragraphs out of it. It
// stores nothing.
//
// It is a module of its own, so that the product does not depend on Colly.
package main

import (
	"context"
	"encoding/json"
	"flag"
	"fmt"
	"log"
	"net"
	"net/http"
	"os"
	"strings"
	"sync/atomic"
	"syscall"
	"time"

	"github.com/gocolly/colly/v2"
)

var (
	addr     = flag.String("addr", "", "address of the server, which all names are mapped to")
	outlets  = flag.Int("outlets", 1, "number of outlets")
	charsets = flag.Bool("charsets", true, "guess the charset of each page")
)

func cpu() time.Duration {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		log.Fatal(err)
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

func main() {
	log.SetFlags(0)
	flag.Parse()
	options := []colly.CollectorOption{colly.Async(true), colly.UserAgent("Dateline/1.0")}
	if *charsets {
		options = append(options, colly.DetectCharset())
	}
	c := colly.NewCollector(options...)
	c.IgnoreRobotsTxt = false
	d := &net.Dialer{}
	c.WithTransport(&http.Transport{
		DialContext:         func(ctx context.Context, _, _ string) (net.Conn, error) { return d.DialContext(ctx, "tcp", *addr) },
		MaxIdleConns:        64,
		MaxIdleConnsPerHost: 1,
	})
	c.SetRequestTimeout(time.Minute)
	if err := c.Limit(&colly.LimitRule{DomainGlob: "*", Parallelism: 32}); err != nil {
		log.Fatal(err)
	}
	var pages, bytes, read atomic.Int64
	c.OnHTML("html", func(e *colly.HTMLElement) {
		page := strings.HasPrefix(e.Request.URL.Path, "/a/")
		if !page { // the list of an outlet
			e.ForEach("a[href]", func(_ int, a *colly.HTMLElement) {
				if err := a.Request.Visit(a.Attr("href")); err != nil {
					log.Fatal(err)
				}
			})
			return
		}
		pages.Add(1)
		bytes.Add(int64(len(e.Response.Body)))
		_ = e.DOM.Find("title").First().Text()
		_ = e.DOM.Find("h1").First().Text()
		_, _ = e.DOM.Find(`link[rel="canonical"]`).Attr("href")
		_, _ = e.DOM.Find(`meta[property="article:published_time"]`).Attr("content")
		links := 0
		for _, href := range e.ChildAttrs("a[href]", "href") {
			if e.Request.AbsoluteURL(href) != "" {
				links++
			}
		}
		read.Add(int64(links + len(e.DOM.Find("p").Text())))
	})
	c.OnError(func(r *colly.Response, err error) { log.Fatal(r.Request.URL, ": ", err) })
	began, used := time.Now(), cpu()
	for i := range *outlets {
		if err := c.Visit(fmt.Sprintf("http://outlet%02d.example/", i)); err != nil {
			log.Fatal(err)
		}
	}
	c.Wait()
	row := map[string]any{
		"pages": pages.Load(), "bytes": bytes.Load(), "cpu_seconds": (cpu() - used).Seconds(), "wall_seconds": time.Since(began).Seconds(),
	}
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		log.Fatal(err)
	}
	row["resident_bytes"] = u.Maxrss << 10
	if err := json.NewEncoder(os.Stdout).Encode(row); err != nil {
		log.Fatal(err)
	}
}
