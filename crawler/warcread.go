package crawler

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httputil"
	"net/textproto"
	"strconv"
	"strings"
	"time"

	"github.com/klauspost/compress/gzip"
)

// maxRecord bounds the memory that one record can ask for.
const maxRecord = 1 << 30

// Record is one record of a WARC file.
type Record struct {
	Offset int64 // of the record, or of its gzip member, in the file
	Type   string
	URI    string
	Date   time.Time
	Header textproto.MIMEHeader // of the record
	Status int                  // of an HTTP response; else 0
	HTTP   http.Header          // of an HTTP response or request
	Body   []byte               // the payload: without HTTP headers and transfer coding
}

// ReadResult tells how far a WARC file could be read.
type ReadResult struct {
	Records   int
	Damaged   bool
	Offset    int64  // where the damage is
	Complaint string // what it is
}

// counter knows how much of the file was used; being a ByteReader, it keeps
// the gzip reader from taking more than its member.
type counter struct {
	r *bufio.Reader
	n int64
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

// ReadWARC calls fn for each record of a .warc or .warc.gz. A cut or damaged
// file is not an error: the records before the damage are given and the
// result says where it is. The error is fn's, or of r, or that the file is
// no WARC at all.
func ReadWARC(r io.Reader, fn func(Record) error) (ReadResult, error) {
	c := &counter{r: bufio.NewReaderSize(r, 64<<10)}
	var res ReadResult
	magic, err := c.r.Peek(5)
	if len(magic) == 0 {
		if err == io.EOF {
			return res, nil
		}
		return res, err
	}
	var handler error
	take := func(rec Record) error {
		res.Records++
		handler = fn(rec)
		return handler
	}
	var at int64
	if magic[0] == 0x1f {
		at, err = readMembers(c, take)
	} else if string(magic) == "WARC/" {
		at, err = readPlain(c, take)
	} else {
		return res, errors.New("warc: not a WARC file")
	}
	if handler != nil {
		return res, handler
	}
	if err != nil {
		res.Damaged, res.Offset, res.Complaint = true, at, err.Error()
	}
	return res, nil
}

func readMembers(c *counter, take func(Record) error) (int64, error) {
	var zr *gzip.Reader
	for {
		at := c.n
		if _, err := c.r.Peek(1); err == io.EOF {
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
			if err == io.EOF {
				break
			}
			if err == nil {
				// Read up to the checksum before the record is believed, unless more follows.
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
}

func readPlain(c *counter, take func(Record) error) (int64, error) {
	br := bufio.NewReader(c)
	pos := func() int64 { return c.n - int64(br.Buffered()) }
	for {
		at := pos()
		rec, err := readRecord(br)
		if err == io.EOF {
			return at, nil
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

func cut(err error) error {
	if err == io.EOF || errors.Is(err, io.ErrUnexpectedEOF) {
		return errors.New("warc: the file is cut off within a record")
	}
	return err
}

// skipBlank reads the empty lines after a record.
func skipBlank(br *bufio.Reader) error {
	for {
		b, err := br.Peek(1)
		if err == io.EOF {
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
	tp := textproto.NewReader(br)
	version, err := tp.ReadLine()
	if err != nil {
		return rec, io.ErrUnexpectedEOF
	}
	if !strings.HasPrefix(version, "WARC/") {
		return rec, fmt.Errorf("warc: %.40q where a record should begin", version)
	}
	h, err := tp.ReadMIMEHeader()
	if err != nil {
		if err == io.EOF {
			err = io.ErrUnexpectedEOF
		}
		return rec, err
	}
	n, err := strconv.ParseInt(strings.TrimSpace(h.Get("Content-Length")), 10, 64)
	if err != nil || n < 0 || n > maxRecord {
		return rec, fmt.Errorf("warc: content length %q", h.Get("Content-Length"))
	}
	var buf bytes.Buffer
	if _, err := io.CopyN(&buf, br, n); err != nil { // grows with what is there, not with what is claimed
		if err == io.EOF {
			err = io.ErrUnexpectedEOF
		}
		return rec, err
	}
	rec.Header, rec.Type = h, strings.ToLower(h.Get("Warc-Type"))
	rec.URI = strings.Trim(h.Get("Warc-Target-Uri"), "<> ")
	rec.Date, _ = time.Parse(time.RFC3339Nano, h.Get("Warc-Date"))
	rec.Body = buf.Bytes()
	if strings.HasPrefix(h.Get("Content-Type"), "application/http") {
		rec.payload()
	}
	return rec, nil
}

// payload parts an HTTP message into headers and body. What is no message is
// left as it is.
func (rec *Record) payload() {
	br := bufio.NewReader(bytes.NewReader(rec.Body))
	tp := textproto.NewReader(br)
	first, err := tp.ReadLine()
	if err != nil {
		return
	}
	h, err := tp.ReadMIMEHeader()
	if err != nil && err != io.EOF {
		return
	}
	body, err := io.ReadAll(br)
	if err != nil {
		return
	}
	if f := strings.Fields(first); len(f) > 1 && strings.HasPrefix(first, "HTTP/") {
		rec.Status, _ = strconv.Atoi(f[1])
	}
	rec.HTTP, rec.Body = http.Header(h), body
	if strings.EqualFold(h.Get("Transfer-Encoding"), "chunked") {
		// Some writers keep the header but not the chunks.
		if b, err := io.ReadAll(newChunked(body)); err == nil {
			rec.Body = b
		}
	}
	if enc := h.Get("Content-Encoding"); enc != "" {
		if b, err := readBody(bytes.NewReader(rec.Body), []string{enc}, maxRecord); err == nil {
			rec.Body = b
		}
	}
}

func newChunked(b []byte) io.Reader { return httputil.NewChunkedReader(bytes.NewReader(b)) }
