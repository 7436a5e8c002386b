package crawler

import (
	"bufio"
	"bytes"
	"errors"
	"io"
	"strconv"
	"strings"
	"time"
)

// arcMagic begins an ARC file, the format that archives had before WARC.
const arcMagic = "filedesc://"

// arcHeader reads the first line of an ARC record: URL, IP address, date,
// media type and length, in version 2 with five more fields before the length.
func arcHeader(line string) (rec Record, length int64, ok bool) {
	f := strings.Split(line, " ")
	if len(f) < 5 { // an address may hold blanks
		return rec, 0, false
	}
	length, err := strconv.ParseInt(f[len(f)-1], 10, 64)
	if err != nil || length < 0 || length > maxRecord {
		return rec, 0, false
	}
	for _, at := range []int{len(f) - 3, len(f) - 8} { // of the date, in version 1 and 2
		if at < 2 {
			continue
		}
		date, err := time.Parse("20060102150405", f[at])
		if err != nil {
			continue
		}
		rec.URI, rec.Date, rec.Type = strings.Join(f[:at-1], "%20"), date, "response"
		if strings.HasPrefix(rec.URI, arcMagic) {
			rec.URI, rec.Type = "", "warcinfo"
		}
		return rec, length, true
	}
	return rec, 0, false
}

// readARC reads the n bytes of an ARC record. Files whose line ends were
// changed are a little shorter than their last record says: that record is
// taken if its page is whole by its own Content-Length.
func (rec *Record) readARC(br *bufio.Reader, n int64) error {
	var buf bytes.Buffer
	kept := min(n, maxKept)
	got, err := io.CopyN(&buf, br, kept)
	if err == nil {
		var more int64
		more, err = io.CopyN(io.Discard, br, n-kept)
		got += more
	}
	rec.Body, rec.Cut = buf.Bytes(), n > kept
	switch {
	case rec.Type == "warcinfo":
		rec.Body = nil // the file's version and field names, which are no payload
	case bytes.HasPrefix(rec.Body, []byte("HTTP/")):
		rec.payload()
	}
	if errors.Is(err, io.EOF) && got < n {
		whole, cerr := strconv.ParseInt(rec.HTTP.Get("Content-Length"), 10, 64)
		if cerr == nil && whole >= 0 && int64(len(rec.Body)) >= whole {
			return nil
		}
		return io.ErrUnexpectedEOF
	}
	return err
}
