package crawler

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/textproto"
	"strconv"
	"strings"
	"time"
)

// record reads one record. It gives io.EOF only where none begins; with any
// other error, what was read of it, its first 32 MiB at most.
func (w *warcReader) record(c *counter) (rec Record, read []byte, err error) {
	if _, err := c.r.Peek(1); err != nil {
		return rec, nil, err
	}
	head := &headLines{c: c}
	version, err := head.line()
	if err != nil {
		return rec, head.text, err
	}
	rec, n, arc := arcHeader(version)
	switch {
	case arc:
	case strings.HasPrefix(version, string(recordMagic)):
		rec.Header, err = head.fields()
		if err == nil {
			n, err = rec.fields()
		}
	default:
		err = fmt.Errorf("warc: %.40q where a record should begin", version)
	}
	if err != nil {
		return rec, head.text, err
	}
	w.arc = arc
	block, long, err := block(c, n)
	if arc && errors.Is(err, io.ErrUnexpectedEOF) && wholeARC(block) {
		err = nil
	}
	if err == nil {
		err = endsHere(c)
	}
	if err != nil {
		return rec, append(head.text, block...), err
	}
	rec.Body, rec.Cut = block, long
	rec.message()
	return rec, nil, nil
}

// fields reads what the header of a record says; n is the length of its block.
func (rec *Record) fields() (n int64, err error) {
	h := rec.Header
	n, err = strconv.ParseInt(h.Get("Content-Length"), 10, 64)
	if err != nil || n < 0 || n > maxRecord {
		return 0, fmt.Errorf("warc: content length %q", h.Get("Content-Length"))
	}
	rec.Type = strings.ToLower(h.Get("Warc-Type"))
	rec.URI = strings.Trim(h.Get("Warc-Target-Uri"), "<> ")
	rec.Date = warcDate(h.Get("Warc-Date"))
	return n, nil
}

// warcDate reads a date of WARC 1.1, which may leave out its smaller parts, or
// the form of drafts; the zero time if it is none.
func warcDate(s string) time.Time {
	for _, layout := range []string{time.RFC3339Nano, "2006-01-02T15:04Z", "2006-01-02T15Z", "2006-01-02T15:04:05", time.DateOnly, "2006-01", "2006", "20060102150405"} {
		if t, err := time.Parse(layout, s); err == nil {
			return t.UTC()
		}
	}
	return time.Time{}
}

// endsHere checks the empty line after a record, which some writers leave out
// before the next: without either, the record was cut and its length reaches
// into the next one.
func endsHere(c *counter) error {
	b, err := c.r.Peek(1)
	if errors.Is(err, io.EOF) || err == nil && (b[0] == '\r' || b[0] == '\n') {
		return nil
	}
	if err != nil {
		return err
	}
	if b, _ := c.r.Peek(16); recordStart.Match(b) {
		return nil
	}
	return errors.New("warc: a record is shorter than it says")
}

// headLines reads the lines before the block of a record, maxLines bytes at most,
// and keeps them.
type headLines struct {
	c    *counter
	text []byte
}

// line reads a line without its end.
func (l *headLines) line() (string, error) {
	begin := len(l.text)
	for {
		part, err := l.c.readSlice('\n')
		l.text = append(l.text, part...)
		switch {
		case len(l.text) > maxLines:
			return "", fmt.Errorf("warc: a header of more than %d bytes", maxLines)
		case err == nil:
			return strings.TrimRight(string(l.text[begin:]), "\r\n"), nil
		case errors.Is(err, io.EOF):
			return "", io.ErrUnexpectedEOF
		case !errors.Is(err, bufio.ErrBufferFull):
			return "", err
		}
	}
}

// onceFields are the fields that a header has once. Where one comes again the record
// was cut, and the header is another's.
var onceFields = map[string]bool{"Warc-Type": true, "Warc-Record-Id": true, "Warc-Date": true, "Warc-Target-Uri": true, "Content-Length": true}

// fields reads the named fields of a record up to the empty line. Unlike
// net/textproto it takes any bytes from 128 up, in names too, and blanks
// before the colon.
func (l *headLines) fields() (textproto.MIMEHeader, error) {
	h := textproto.MIMEHeader{}
	last := ""
	for {
		line, err := l.line()
		if err != nil || line == "" {
			return h, err
		}
		if strings.ContainsFunc(line, func(r rune) bool { return r < ' ' && r != '\t' || r == 0x7f }) {
			return nil, fmt.Errorf("warc: %.40q in the header of a record", line)
		}
		if v := h[last]; len(v) > 0 && (line[0] == ' ' || line[0] == '\t') {
			v[len(v)-1] = strings.TrimSpace(v[len(v)-1] + " " + strings.TrimSpace(line))
			continue
		}
		name, value, ok := strings.Cut(line, ":")
		last = textproto.CanonicalMIMEHeaderKey(strings.TrimSpace(name))
		if !ok || last == "" || onceFields[last] && len(h[last]) > 0 {
			return nil, fmt.Errorf("warc: %.40q in the header of a record", line)
		}
		h[last] = append(h[last], strings.TrimSpace(value))
	}
}

// block reads the n bytes of a record, and keeps the first maxKept, also of
// those before an error. Its memory grows with what is there, not with what is
// claimed.
func block(c *counter, n int64) (b []byte, long bool, err error) {
	var buf bytes.Buffer
	kept := min(n, maxKept)
	if _, err = io.CopyN(&buf, c, kept); err == nil {
		_, err = io.CopyN(io.Discard, c, n-kept)
	}
	if errors.Is(err, io.EOF) {
		err = io.ErrUnexpectedEOF
	}
	return buf.Bytes(), n > kept, err
}

// message takes the payload out of the block: what is of an HTTP message after
// its headers, without codings.
func (rec *Record) message() {
	ctype := strings.ToLower(rec.Header.Get("Content-Type"))
	switch {
	case rec.Header.Get("Warc-Segment-Number") != "":
		return // see segments
	case rec.Header == nil && rec.Type == "warcinfo":
		rec.Body = nil // the version and field names of an ARC file, which are no payload
	case strings.HasPrefix(ctype, "application/http"), rec.Type == "response" && bytes.HasPrefix(rec.Body, []byte("HTTP/")):
		rec.payload()
	}
	if rec.Header.Get("Warc-Truncated") != "" {
		rec.shortened()
	}
}

// shortened notes that the payload ends early, unless it is a page that has
// its end: many archives keep the first MiB, or what came before the line broke.
func (rec *Record) shortened() {
	if !bytes.Contains(bytes.ToLower(rec.Body), []byte("</html")) {
		rec.Cut = true
	}
}

// maxInterim answers with 1xx may come before the one that counts.
const maxInterim = 5

// payload parts an HTTP message into headers and body. What is no message is
// left as it is.
func (rec *Record) payload() {
	first, h, body, ok := httpMessage(rec.Body)
	for range maxInterim {
		if !ok || !interim(first) || !bytes.HasPrefix(body, []byte("HTTP/")) {
			break
		}
		first, h, body, ok = httpMessage(body)
	}
	if !ok {
		return
	}
	rec.Status = statusOf(first)
	rec.HTTP, rec.Body = h, body
	short := false
	if chunked(h) {
		rec.Body, short = dechunk(body)
	} else if n, err := strconv.ParseInt(h.Get("Content-Length"), 10, 64); err == nil {
		short = n > int64(len(body))
	}
	if enc := h.Values("Content-Encoding"); len(enc) > 0 {
		// Some keep the header of a coding that they have undone.
		b, err := readBody(bytes.NewReader(rec.Body), enc, maxKept, nil)
		if err == nil {
			rec.Body = b
		} else if reason := reasonOf(err); reason == "too_large" || reason == "truncated" || bytes.HasPrefix(rec.Body, gzipMagic) {
			rec.Cut = true
		}
	}
	if short {
		rec.shortened()
	}
}

// statusOf reads the status of a response line, with or without a reason, of
// any version; 0 if it is none.
func statusOf(line string) int {
	f := strings.Fields(line)
	if len(f) < 2 || !strings.HasPrefix(f[0], "HTTP/") {
		return 0
	}
	n, err := strconv.Atoi(f[1])
	if err != nil || n < 100 || n > 999 {
		return 0
	}
	return n
}

func interim(line string) bool { s := statusOf(line); return s >= 100 && s < 200 }

// chunked says whether the last transfer coding is that.
func chunked(h http.Header) bool {
	all := strings.Split(strings.Join(h.Values("Transfer-Encoding"), ","), ",")
	return strings.EqualFold(strings.TrimSpace(all[len(all)-1]), "chunked")
}

// httpMessage parts a message as it was sent. Real servers send lines that are
// no fields: they are left out, as browsers do.
func httpMessage(b []byte) (first string, h http.Header, body []byte, ok bool) {
	line, rest, _ := bytes.Cut(b, []byte("\n"))
	first = strings.TrimSpace(string(line[:min(len(line), maxLines)]))
	h = http.Header{}
	last := ""
	for len(rest) > 0 {
		if len(b)-len(rest) > maxLines {
			return "", nil, nil, false
		}
		line, rest, _ = bytes.Cut(rest, []byte("\n"))
		line = bytes.TrimRight(line, "\r")
		if len(line) == 0 {
			return first, h, rest, true
		}
		if v := h[last]; len(v) > 0 && (line[0] == ' ' || line[0] == '\t') {
			v[len(v)-1] = strings.TrimSpace(v[len(v)-1] + " " + string(bytes.TrimSpace(line)))
			continue
		}
		name, value, colon := bytes.Cut(line, []byte(":"))
		last = textproto.CanonicalMIMEHeaderKey(string(bytes.TrimSpace(name)))
		if colon && last != "" {
			h[last] = append(h[last], string(bytes.TrimSpace(value)))
		}
	}
	return first, h, nil, first != ""
}

// dechunk undoes the chunked coding as far as it goes; short says that it ends
// before its last chunk. Some writers keep the header but not the chunks, and
// some chunks are counted wrongly: what is none stays as it is.
func dechunk(b []byte) (out []byte, short bool) {
	for first := true; ; first = false {
		line, rest, ok := bytes.Cut(b, []byte("\n"))
		size, _, _ := strings.Cut(strings.TrimSpace(string(line[:min(len(line), 64)])), ";")
		n, err := strconv.ParseUint(strings.TrimSpace(size), 16, 63)
		switch {
		case !ok || err != nil:
			return append(out, b...), !first && len(b) == 0
		case n == 0:
			return out, false // trailers may follow
		case n > uint64(len(rest)):
			return append(out, rest...), true
		}
		out = append(out, rest[:n]...)
		b = bytes.TrimPrefix(bytes.TrimPrefix(rest[n:], []byte("\r")), []byte("\n"))
	}
}
