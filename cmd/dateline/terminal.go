package main

import (
	"io"
	"os"
	"strings"

	"golang.org/x/sys/unix"
	"golang.org/x/text/width"
)

const (
	clearLine  = "\r\x1b[K"
	usualWidth = 80 // columns, of a terminal that does not say
	between    = "  "
)

// columns gives the columns that a terminal has just now; ok is false if w is
// no terminal.
func columns(w io.Writer) (n int, ok bool) {
	f, isFile := w.(*os.File)
	if !isFile {
		return 0, false
	}
	size, err := unix.IoctlGetWinsize(int(f.Fd()), unix.TIOCGWINSZ)
	if err != nil {
		return 0, false
	}
	if size.Col == 0 {
		return usualWidth, true
	}
	return int(size.Col), true
}

// fit puts parts, the most important first, into one line that does not wrap:
// as many as there is room for, and of the first what fits. A line that wraps
// could not be taken back.
func fit(cols int, parts ...string) string {
	var b strings.Builder
	left := cols - 1 // the last column is the cursor's
	for i, p := range parts {
		if i > 0 {
			p = between + p
		}
		if need := displayed(p); need <= left {
			b.WriteString(p)
			left -= need
			continue
		}
		if i == 0 {
			for _, r := range p {
				if left -= displayed(string(r)); left < 0 {
					break
				}
				b.WriteRune(r)
			}
		}
		break
	}
	return b.String()
}

// displayed is how many columns a text takes.
func displayed(s string) (n int) {
	for _, r := range s {
		n++
		if k := width.LookupRune(r).Kind(); k == width.EastAsianWide || k == width.EastAsianFullwidth {
			n++
		}
	}
	return n
}
