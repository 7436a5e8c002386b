package main

import (
	"bytes"
	"fmt"
	"testing"
	"time"

	"dateline/crawler"
)

// TestStatusLine keeps what is logged above the line.
func TestStatusLine(t *testing.T) {
	var b bytes.Buffer
	s := &statusLine{w: &b}
	fmt.Fprintln(s, "before")
	s.show(crawlLine(crawler.Progress{Fetched: 3, NotModified: 1, Taken: 2, Refused: 4}, 61*time.Second))
	fmt.Fprintln(s, "between")
	s.show("")
	fmt.Fprintln(s, "after")
	const line = "1m1s  3 fetched, 1 not modified, 2 articles taken, 4 tries came to nothing"
	want := "before\n" + clearLine + line + clearLine + "between\n" + line + clearLine + "after\n"
	if b.String() != want {
		t.Errorf("%q, want %q", b.String(), want)
	}
	if newStatusLine(&b) != nil {
		t.Error("a status line on what is no terminal")
	}
}
