package main

import (
	"fmt"
	"io"
	"os"
	"path/filepath"
	"sync/atomic"
	"time"
)

// progress is a line on the terminal that says how far an import is. On
// anything else, and as nil, it writes nothing.
type progress struct {
	w           io.Writer
	name        string
	total       int64        // bytes of the files
	done        atomic.Int64 // the same, as far as they are read; an archive is read in the background
	skipped     int64        // bytes of done that took no time
	start, last time.Time
}

// newProgress is nil unless w is a terminal.
func newProgress(w io.Writer, files []string) *progress {
	if _, ok := columns(w); !ok {
		return nil
	}
	p := &progress{w: w, start: time.Now()}
	for _, name := range files {
		if fi, err := os.Stat(name); err == nil {
			p.total += fi.Size()
		}
	}
	return p
}

// file names the file that is read now.
func (p *progress) file(name string) {
	if p != nil {
		p.name = printable(filepath.Base(name))
	}
}

// skip counts a file that need not be read.
func (p *progress) skip(f *os.File) {
	if p == nil {
		return
	}
	if fi, err := f.Stat(); err == nil {
		p.done.Add(fi.Size())
		p.skipped += fi.Size()
	}
}

// whole counts a file that was read at once.
func (p *progress) whole(f *os.File) {
	if p == nil {
		return
	}
	if fi, err := f.Stat(); err == nil {
		p.done.Add(fi.Size())
	}
}

// reader counts what is read of a file, from where it stands.
func (p *progress) reader(f *os.File) io.Reader {
	if p == nil {
		return f
	}
	if at, err := f.Seek(0, io.SeekCurrent); err == nil {
		p.done.Add(at)
		p.skipped += at
	}
	return countedFile{f, p}
}

// countedFile counts what is read, and stays a file that can be read again
// from an earlier place, which a damaged archive needs.
type countedFile struct {
	*os.File
	p *progress
}

func (c countedFile) Read(b []byte) (int, error) {
	n, err := c.File.Read(b)
	c.p.done.Add(int64(n))
	return n, err
}

func (c countedFile) Seek(offset int64, whence int) (int64, error) {
	before, err := c.File.Seek(0, io.SeekCurrent)
	if err != nil {
		return 0, err
	}
	at, err := c.File.Seek(offset, whence)
	if err == nil {
		c.p.done.Add(at - before)
	}
	return at, err
}

// show draws the line, a few times a second.
func (p *progress) show(docs int, perSecond float64) {
	if p == nil || time.Since(p.last) < 200*time.Millisecond {
		return
	}
	p.last = time.Now()
	done := min(p.done.Load(), p.total)
	left := "?"
	if read := done - p.skipped; read > 0 {
		left = time.Duration(float64(time.Since(p.start)) / float64(read) * float64(p.total-done)).Round(time.Second).String()
	}
	cols, _ := columns(p.w)
	fmt.Fprint(p.w, clearLine+fit(cols, fmt.Sprintf("%3d%%", 100*done/max(p.total, 1)), fmt.Sprintf("%d docs", docs), fmt.Sprintf("%.0f docs/s", perSecond), left+" left", p.name))
}

// end takes the line away.
func (p *progress) end() {
	if p != nil && !p.last.IsZero() {
		fmt.Fprint(p.w, clearLine)
	}
}
