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
	cols := 80
	s := &statusLine{w: &b, cols: func() int { return cols }}
	fmt.Fprintln(s, "before")
	s.show(crawlLine(crawler.Progress{Fetched: 3, NotModified: 1, Taken: 2, Refused: 4}, 61*time.Second)...)
	fmt.Fprintln(s, "between")
	cols = 20 // the window is made smaller
	fmt.Fprintln(s, "now")
	s.show()
	fmt.Fprintln(s, "after")
	const line = "1m1s  3 fetched  2 articles taken  1 not modified  4 tries in vain"
	want := "before\n" + clearLine + line + clearLine + "between\n" + line + clearLine + "now\n1m1s  3 fetched" + clearLine + "after\n"
	if b.String() != want {
		t.Errorf("%q, want %q", b.String(), want)
	}
	if newStatusLine(&b) != nil {
		t.Error("a status line on what is no terminal")
	}
}

// TestFit never fills a line, whatever the width of the terminal and of its letters.
func TestFit(t *testing.T) {
	for _, c := range []struct {
		cols  int
		parts []string
		want  string
	}{
		{80, []string{"12s", "3 fetched", "2 taken"}, "12s  3 fetched  2 taken"},
		{24, []string{"12s", "3 fetched", "2 taken"}, "12s  3 fetched  2 taken"},
		{23, []string{"12s", "3 fetched", "2 taken"}, "12s  3 fetched"},
		{15, []string{"12s", "3 fetched", "2 taken"}, "12s  3 fetched"},
		{14, []string{"12s", "3 fetched", "2 taken"}, "12s"},
		{3, []string{"12s", "3 fetched"}, "12"},
		{1, []string{"12s"}, ""},
		{0, []string{"12s"}, ""},
		{9, []string{"5%", "北京.warc"}, "5%"},
		{6, []string{"北京日报"}, "北京"},
		{14, []string{"5%", "北京.warc"}, "5%  北京.warc"},
		{80, nil, ""},
	} {
		got := fit(c.cols, c.parts...)
		if got != c.want {
			t.Errorf("%q in %d columns: %q, want %q", c.parts, c.cols, got, c.want)
		}
	}
}
