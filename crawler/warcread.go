package crawler

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/textproto"
	"regexp"
	"strconv"
	"strings"
	"time"

	"github.com/klauspost/compress/gzip"
)

// Bounds of one record. Of what is longer than maxKept only the beginning is
// kept in memory: a page is shorter, and a film is not wanted.
const (
	maxRecord = 1 << 40 // bytes that a record may say it has
	maxKept   = 32 << 20
	maxLines  = 1 << 20 // bytes of the headers of a record, or of the HTTP message in it
)

// Record is one record of a WARC file.
type Record struct {
	Offset int64 // of the record, or of its gzip member, in the file
	Type   string
	URI    string
	Date   time.Time
	Header textproto.MIMEHeader // of the record
	Status int                  // of an HTTP response; else 0
	HTTP   http.Header          // of an HTTP response or request
	Body   []byte               // the payload: without HTTP headers and codings
	Cut    bool                 // the payload is longer than the 32 MiB that are in Body, or cannot be decoded
}

// ReadResult tells how far a WARC file could be read.
type ReadResult struct {
	Records   int
	Damaged   bool
	Damages   int    // places; after each, reading goes on at the next whole record
	Offset    int64  // where the first damage is
	Complaint string // what it is
	Tail      int64  // where the damage begins after which nothing could be read, and nothing whole is; -1 if there is none
}

// maxReread bounds how much of a damaged file is read twice in search of the
// next record, so that a made-up file cannot keep the reader busy for ever.
const maxReread = 4 << 30

// counter knows how much of the file was used; being a ByteReader, it keeps
// the gzip reader from taking more than its member.
type counter struct {
	src io.Reader
	r   *bufio.Reader
	n   int64
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

// back goes to an offset that was read already, if the source can seek; else
// reading goes on where it is.
func (c *counter) back(offset int64) error {
	s, ok := c.src.(io.Seeker)
	if !ok || offset >= c.n {
		return nil
	}
	if _, err := s.Seek(offset-c.n-int64(c.r.Buffered()), io.SeekCurrent); err != nil {
		return err
	}
	c.r.Reset(c.src)
	c.n = offset
	return nil
}

// ReadWARC calls fn for each record of a .warc or .warc.gz, or of the older
// ARC format. A cut or damaged file is not an error: the result says where
// the first damage is, and reading goes on at the next whole record; if r is
// an io.Seeker, also one that lies in the bytes of the damaged one. The error
// is fn's, or of r, or that the file is no WARC at all.
func ReadWARC(r io.Reader, fn func(Record) error) (ReadResult, error) {
	c := &counter{src: r, r: bufio.NewReaderSize(r, 64<<10)}
	res := ReadResult{Tail: -1}
	magic, err := c.r.Peek(11)
	if len(magic) == 0 {
		if errors.Is(err, io.EOF) {
			return res, nil
		}
		return res, err
	}
	var handler error
	whole := int64(-1) // where the last whole record is; other records may be in its gzip member
	take := func(rec Record) error {
		res.Records++
		whole = rec.Offset
		res.Tail = -1 // damage before it, if any, was not the end
		handler = fn(rec)
		return handler
	}
	read, next := readPlain, nextPlain
	switch {
	case magic[0] == 0x1f:
		read, next = readMembers, nextMember
	case bytes.HasPrefix(magic, []byte("WARC/")), bytes.HasPrefix(magic, []byte(arcMagic)):
	default:
		return res, errors.New("warc: not a WARC file")
	}
	reread := int64(0)
	for {
		at, err := read(c, take)
		if handler != nil {
			return res, handler
		}
		if err == nil {
			return res, nil
		}
		if res.Damages++; res.Damages == 1 {
			res.Damaged, res.Offset, res.Complaint = true, at, err.Error()
		}
		if res.Tail < 0 && at != whole {
			res.Tail = at
		}
		reread += c.n - at
		if reread > maxReread {
			return res, nil
		}
		if err := c.back(at + 1); err != nil {
			return res, err
		}
		if !next(c) {
			return res, nil
		}
	}
}

// nextMember goes to the next gzip member that begins with a record.
func nextMember(c *counter) bool {
	return c.seek([]byte{0x1f, 0x8b, 8}, func(b []byte) bool {
		zr, err := gzip.NewReader(bytes.NewReader(b))
		if err != nil {
			return false
		}
		var start [5]byte
		_, err = io.ReadFull(zr, start[:])
		return err == nil && (string(start[:]) == "WARC/" || string(start[:4]) == "http")
	})
}

var recordStart = regexp.MustCompile(`^WARC/\d\.\d+\r?\n[A-Za-z]`)

// nextPlain goes to the next place that begins a record; after a cut that is
// not always the start of a line.
func nextPlain(c *counter) bool {
	return c.seek([]byte("WARC/"), recordStart.Match)
}

// seek goes to the next place where mark is and what follows is good.
func (c *counter) seek(mark []byte, good func([]byte) bool) bool {
	const window = 16 << 10
	for {
		b, err := c.r.Peek(window)
		i := bytes.Index(b, mark)
		if i < 0 {
			if err != nil {
				return false
			}
			i = len(b) - len(mark) + 1
			c.skip(i)
			continue
		}
		c.skip(i)
		if b, _ = c.r.Peek(window); good(b) {
			return true
		}
		c.skip(1)
	}
}

func (c *counter) skip(n int) {
	n, _ = c.r.Discard(n)
	c.n += int64(n)
}

func readMembers(c *counter, take func(Record) error) (int64, error) {
	var zr *gzip.Reader
	for {
		at := c.n
		if _, err := c.r.Peek(1); errors.Is(err, io.EOF) {
			return at, nil
		}
		var err error
		if zr == nil {
			zr, err = gzip.NewReader(c)
		} else {
			err = zr.Reset(c)
		}
		if err != nil {
			return at, cut(err)
		}
		zr.Multistream(false)
		br := bufio.NewReader(zr)
		for { // one record as a rule; some writers put several into a member
			rec, err := readRecord(br)
			if errors.Is(err, io.EOF) {
				break
			}
			if err == nil {
				// Read up to the checksum before the record is believed, unless another follows.
				err = memberGoesOn(br)
			}
			if err != nil {
				return at, cut(err)
			}
			rec.Offset = at
			if err := take(rec); err != nil {
				return at, err
			}
		}
	}
}

func readPlain(c *counter, take func(Record) error) (int64, error) {
	br := bufio.NewReader(c)
	pos := func() int64 { return c.n - int64(br.Buffered()) }
	for {
		at := pos()
		rec, err := readRecord(br)
		if errors.Is(err, io.EOF) {
			return at, nil
		}
		if err == nil {
			err = endsHere(br)
		}
		if err == nil {
			err = skipBlank(br)
		}
		if err != nil {
			return at, cut(err)
		}
		rec.Offset = at
		if err := take(rec); err != nil {
			return at, err
		}
	}
}

var anotherStart = regexp.MustCompile(`^(WARC/|[a-z]{2,9}:)`)

// memberGoesOn wants the end of the member, with its checksum, or another record.
func memberGoesOn(br *bufio.Reader) error {
	if err := skipBlank(br); err != nil {
		return err
	}
	b, err := br.Peek(10)
	if len(b) == 0 && errors.Is(err, io.EOF) || anotherStart.Match(b) {
		return nil
	}
	if err != nil && err != io.EOF {
		return err
	}
	return errors.New("warc: what follows a record is none")
}

// endsHere checks the empty line after a record: without it, the record was
// cut and its length reaches into the next one.
func endsHere(br *bufio.Reader) error {
	b, err := br.Peek(1)
	if errors.Is(err, io.EOF) || err == nil && (b[0] == '\r' || b[0] == '\n') {
		return nil
	}
	if err != nil {
		return err
	}
	return errors.New("warc: a record is shorter than it says")
}

func cut(err error) error {
	if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
		return errors.New("warc: the file is cut off within a record")
	}
	return err
}

// skipBlank reads the empty lines after a record.
func skipBlank(br *bufio.Reader) error {
	for {
		b, err := br.Peek(1)
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
		if b[0] != '\r' && b[0] != '\n' {
			return nil
		}
		_, _ = br.Discard(1)
	}
}

// readRecord gives io.EOF only where no record begins.
func readRecord(br *bufio.Reader) (Record, error) {
	var rec Record
	if err := skipBlank(br); err != nil {
		return rec, err
	}
	if _, err := br.Peek(1); err != nil {
		return rec, err
	}
	version, err := readLine(br, maxLines)
	if err != nil {
		return rec, err
	}
	if rec, n, ok := arcHeader(version); ok {
		return rec, rec.readARC(br, n)
	}
	if !strings.HasPrefix(version, "WARC/") {
		return rec, fmt.Errorf("warc: %.40q where a record should begin", version)
	}
	h, err := readHeader(br)
	if err != nil {
		return rec, err
	}
	n, err := strconv.ParseInt(strings.TrimSpace(h.Get("Content-Length")), 10, 64)
	if err != nil || n < 0 || n > maxRecord {
		return rec, fmt.Errorf("warc: content length %q", h.Get("Content-Length"))
	}
	if rec.Body, rec.Cut, err = block(br, n); err != nil {
		return rec, err
	}
	rec.Header, rec.Type = h, strings.ToLower(h.Get("Warc-Type"))
	rec.URI = strings.Trim(h.Get("Warc-Target-Uri"), "<> ")
	rec.Date, _ = time.Parse(time.RFC3339Nano, h.Get("Warc-Date"))
	if strings.HasPrefix(h.Get("Content-Type"), "application/http") {
		rec.payload()
	}
	return rec, nil
}

// readLine reads a line of limit bytes at most, without its end.
func readLine(br *bufio.Reader, limit int) (string, error) {
	var line []byte
	for {
		part, err := br.ReadSlice('\n')
		line = append(line, part...)
		switch {
		case len(line) > limit:
			return "", fmt.Errorf("warc: a line of more than %d bytes", limit)
		case errors.Is(err, bufio.ErrBufferFull):
			continue
		case errors.Is(err, io.EOF):
			return "", io.ErrUnexpectedEOF
		case err != nil:
			return "", err
		}
		return strings.TrimRight(string(line), "\r\n"), nil
	}
}

// readHeader reads the named fields of a record up to the empty line, maxLines
// bytes at most.
func readHeader(br *bufio.Reader) (textproto.MIMEHeader, error) {
	var text strings.Builder
	for {
		line, err := readLine(br, maxLines-text.Len())
		if err != nil {
			return nil, err
		}
		text.WriteString(line + "\r\n")
		if line == "" {
			return textproto.NewReader(bufio.NewReader(strings.NewReader(text.String()))).ReadMIMEHeader()
		}
	}
}

// block reads the n bytes of a record, and keeps the first maxKept. Its memory
// grows with what is there, not with what is claimed.
func block(br *bufio.Reader, n int64) (b []byte, long bool, err error) {
	var buf bytes.Buffer
	kept := min(n, maxKept)
	if _, err = io.CopyN(&buf, br, kept); err == nil {
		_, err = io.CopyN(io.Discard, br, n-kept)
	}
	if errors.Is(err, io.EOF) {
		err = io.ErrUnexpectedEOF
	}
	if err != nil {
		return nil, false, err
	}
	return buf.Bytes(), n > kept, nil
}

// payload parts an HTTP message into headers and body. What is no message is
// left as it is.
func (rec *Record) payload() {
	r := bytes.NewReader(rec.Body)
	br := bufio.NewReader(r)
	tp := textproto.NewReader(br)
	first, err := tp.ReadLine()
	if err != nil {
		return
	}
	h, err := tp.ReadMIMEHeader()
	if err != nil && !errors.Is(err, io.EOF) {
		return
	}
	body := rec.Body[len(rec.Body)-r.Len()-br.Buffered():]
	if f := strings.Fields(first); len(f) > 1 && strings.HasPrefix(first, "HTTP/") {
		rec.Status, _ = strconv.Atoi(f[1])
	}
	rec.HTTP, rec.Body = http.Header(h), body
	if strings.EqualFold(h.Get("Transfer-Encoding"), "chunked") {
		rec.Body = dechunk(body)
	}
	if enc := h.Values("Content-Encoding"); len(enc) > 0 {
		// Some keep the header of a coding that they have undone.
		b, err := readBody(bytes.NewReader(rec.Body), enc, maxKept, nil)
		if err == nil {
			rec.Body = b
		} else if reason := reasonOf(err); reason == "too_large" || reason == "truncated" {
			rec.Cut = true
		}
	}
}

// dechunk undoes the chunked coding as far as it goes. Some writers keep the
// header but not the chunks, and some chunks are counted wrongly: what is none
// stays as it is.
func dechunk(b []byte) []byte {
	var out []byte
	for len(b) > 0 {
		line, rest, ok := bytes.Cut(b, []byte("\n"))
		size, _, _ := strings.Cut(strings.TrimSpace(string(line[:min(len(line), 64)])), ";")
		n, err := strconv.ParseUint(strings.TrimSpace(size), 16, 63)
		if !ok || err != nil {
			return append(out, b...)
		}
		if n == 0 {
			break // trailers may follow
		}
		if n > uint64(len(rest)) {
			return append(out, rest...) // cut
		}
		out = append(out, rest[:n]...)
		b = bytes.TrimPrefix(bytes.TrimPrefix(rest[n:], []byte("\r")), []byte("\n"))
	}
	return out
}
