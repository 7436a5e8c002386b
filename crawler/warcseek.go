package crawler

import (
	"bufio"
	"bytes"
	"errors"
	"io"
	"regexp"

	"github.com/klauspost/compress/gzip"
)

// How parts of an archive begin.
var (
	gzipMagic   = []byte{0x1f, 0x8b}
	recordMagic = []byte("WARC/")
	recordStart = regexp.MustCompile(`^WARC/\d\.\d+\r?\n[A-Za-z]`)
	arcStart    = regexp.MustCompile(`^(?i)[a-z][a-z0-9+.-]{1,15}:`)
)

// counter knows how much of what it reads was used; being a ByteReader, it
// keeps the gzip reader from taking more than its member.
type counter struct {
	src  io.Reader
	r    *bufio.Reader
	n    int64
	over *bytes.Reader // what was put back; read before src
}

func newCounter(src io.Reader) *counter {
	return &counter{src: src, r: bufio.NewReaderSize(src, 64<<10)}
}

// reset begins with another source.
func (c *counter) reset(src io.Reader) {
	c.src, c.n, c.over = src, 0, nil
	c.r.Reset(src)
}

func (c *counter) Read(p []byte) (int, error) {
	n, err := c.r.Read(p)
	c.n += int64(n)
	return n, err
}

func (c *counter) ReadByte() (byte, error) {
	b, err := c.r.ReadByte()
	if err == nil {
		c.n++
	}
	return b, err
}

func (c *counter) readSlice(delim byte) ([]byte, error) {
	b, err := c.r.ReadSlice(delim)
	c.n += int64(len(b))
	return b, err
}

func (c *counter) skip(n int) {
	n, _ = c.r.Discard(n)
	c.n += int64(n)
}

// back goes to an offset that was read already: in the source if that can
// seek, else in read, which is all that was read from the byte before offset
// on. Without either, reading goes on where it is.
func (c *counter) back(offset int64, read []byte) error {
	s, ok := c.src.(io.Seeker)
	if !ok {
		if len(read) > 0 && c.n-offset == int64(len(read))-1 {
			c.unread(read[1:])
		}
		return nil
	}
	if offset >= c.n {
		return nil
	}
	if _, err := s.Seek(offset-c.n-int64(c.r.Buffered()), io.SeekCurrent); err != nil {
		return err
	}
	c.r.Reset(c.src)
	c.n = offset
	return nil
}

// unread puts the last bytes back that were read.
func (c *counter) unread(b []byte) {
	c.n -= int64(len(b))
	ahead, _ := c.r.Peek(c.r.Buffered()) // never fails
	again := append(bytes.Clone(b), ahead...)
	if c.over != nil {
		rest, _ := io.ReadAll(c.over) // never fails
		again = append(again, rest...)
	}
	c.over = bytes.NewReader(again)
	c.r.Reset(io.MultiReader(c.over, c.src))
}

// next goes to the next part of the file that begins with a record, of the
// kind that the file was seen to be made of: what is zipped may hold the text
// of records that are none of this file.
func (w *warcReader) next() bool {
	switch w.kind {
	case plainFile:
		return w.nextPlain(w.c)
	case zippedFile:
		return w.c.seek(startsZipped, gzipMember, zstdMagic)
	}
	return w.c.seek(func(b []byte) bool {
		return startsZipped(b) || w.startsPlain(b) || bytes.HasPrefix(b, []byte(arcMagic))
	},
		gzipMember, zstdMagic, recordMagic, []byte(arcMagic))
}

// nextPlain goes to the next place that begins a record; after a cut that is
// not always the start of a line.
func (w *warcReader) nextPlain(c *counter) bool {
	marks := [][]byte{recordMagic}
	if w.arc {
		marks = append(marks, []byte("http"), []byte("dns:"), []byte("ftp:"))
	}
	return c.seek(w.startsPlain, marks...)
}

func (w *warcReader) startsPlain(b []byte) bool {
	if !w.arc || bytes.HasPrefix(b, recordMagic) {
		return recordStart.Match(b)
	}
	line, _, _ := bytes.Cut(b, []byte("\n"))
	_, _, ok := arcHeader(string(bytes.TrimSuffix(line, []byte("\r"))))
	return ok
}

// gzipMember is the start of a gzip member with its method, which is always deflate.
var gzipMember = []byte{0x1f, 0x8b, 8}

// startsZipped says whether a gzip member or Zstandard frame begins that has a
// record at its start. A frame cannot be read in part.
func startsZipped(b []byte) bool {
	if !bytes.HasPrefix(b, gzipMagic) {
		return frameStart(b)
	}
	zr, err := gzip.NewReader(bytes.NewReader(b))
	if err != nil {
		return false
	}
	start := make([]byte, 9)
	n, _ := io.ReadFull(zr, start)
	return anotherStart.Match(start[:n])
}

// anotherStart is how the text of a record begins, in WARC and ARC.
var anotherStart = regexp.MustCompile(`^(?:WARC/\d|http|filedesc:|dns:|ftp:)`)

// seek goes to the next place where one of the marks is and what follows is good.
func (c *counter) seek(good func([]byte) bool, marks ...[]byte) bool {
	const window = 16 << 10
	longest := 0
	for _, m := range marks {
		longest = max(longest, len(m))
	}
	for {
		b, err := c.r.Peek(window)
		i := -1
		for _, m := range marks {
			if j := bytes.Index(b, m); j >= 0 && (i < 0 || j < i) {
				i = j
			}
		}
		if i < 0 {
			if err != nil {
				return false
			}
			c.skip(len(b) - longest + 1)
			continue
		}
		c.skip(i)
		if b, _ = c.r.Peek(window); good(b) {
			return true
		}
		c.skip(1)
	}
}

// skipBlank reads the empty lines after a record; that nothing follows is no error.
func skipBlank(c *counter) error {
	for {
		b, err := c.r.Peek(1)
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
		if b[0] != '\r' && b[0] != '\n' {
			return nil
		}
		c.skip(1)
	}
}
