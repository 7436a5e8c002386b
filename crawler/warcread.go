package crawler

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/textproto"
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
	Offset  int64 // of the record, or of its gzip member or Zstandard frame, in the file
	Type    string
	URI     string
	Date    time.Time
	Header  textproto.MIMEHeader // of the record
	Status  int                  // of an HTTP response; else 0
	HTTP    http.Header          // of an HTTP response or request
	Body    []byte               // the payload: without HTTP headers and codings
	Cut     bool                 // Body is not the whole payload: that has more than 32 MiB, cannot be decoded, or was not kept whole
	Damages int                  // places of damage before it in the file
}

// ReadResult tells how far a WARC file could be read.
type ReadResult struct {
	Records   int
	Damaged   bool
	Damages   int     // places; after each, reading goes on at the next whole record
	Offset    int64   // where the first damage is
	Complaint string  // what it is
	More      []int64 // where the next damages are, maxPlaces at most
	Tail      int64   // where the damage begins after which nothing could be read, and nothing whole is; -1 if there is none
}

// maxPlaces bounds how many places of damage are told beside the first.
const maxPlaces = 20

// maxReread bounds how much of a damaged file is read twice in search of the
// next record, so that a made-up file cannot keep the reader busy for ever.
const maxReread = 4 << 30

// errNoWARC is told of a file in which no record is.
var errNoWARC = errors.New("warc: not a WARC file")

// ReadWARC calls fn for each record of a .warc, of one whose records are
// zipped with gzip or Zstandard, or of the older ARC format. A cut or damaged
// file is not an error: the result says where the first damage is, and reading
// goes on at the next whole record, also at one that lies in the bytes of the
// damaged one (of a zipped one only if r is an io.Seeker). The error is fn's,
// or of r, or that the file is no WARC at all.
func ReadWARC(r io.Reader, fn func(Record) error) (ReadResult, error) {
	w := &warcReader{c: newCounter(r), res: ReadResult{Tail: -1}, whole: -1, segments: segments{fn: fn}}
	defer w.zstd.close()
	err := w.file()
	if err == nil {
		err = w.endSegments()
	}
	if err == nil && w.kind == 0 && w.res.Damaged {
		return ReadResult{Tail: -1}, errNoWARC
	}
	return w.res, err
}

// warcReader reads one file.
type warcReader struct {
	c       *counter
	res     ReadResult
	whole   int64 // where the last whole record is; other records may be in its gzip member
	kind    kind  // of what the file was last seen to be made of
	arc     bool  // its records are ARC's
	zip     *gzip.Reader
	in      *counter // of what is unzipped
	zstd    zstdFrames
	reread  int64 // bytes read twice
	handler error // fn's, which ends the reading
	segments
}

// kind is what a file is made of; 0 while nothing of it was known.
type kind int

const (
	plainFile  kind = iota + 1 // records as they are
	zippedFile                 // gzip members or Zstandard frames
)

// take hands over a whole record.
func (w *warcReader) take(rec Record, at int64) error {
	rec.Offset, rec.Damages = at, w.res.Damages
	w.res.Records++
	w.whole = at
	w.res.Tail = -1 // damage before it, if any, was not the end
	w.handler = w.join(rec)
	return w.handler
}

// damage notes what is wrong at an offset.
func (w *warcReader) damage(at int64, err error) {
	switch w.res.Damages++; {
	case w.res.Damages == 1:
		w.res.Damaged, w.res.Offset, w.res.Complaint = true, at, cut(err).Error()
	case len(w.res.More) < maxPlaces:
		w.res.More = append(w.res.More, at)
	}
	if w.res.Tail < 0 && at != w.whole {
		w.res.Tail = at
	}
}

func cut(err error) error {
	if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
		return errors.New("warc: the file is cut off within a record")
	}
	return err
}

// file reads the parts of the file one after the other: parts of several kinds
// may have been put together.
func (w *warcReader) file() error {
	for first := true; ; first = false {
		if err := skipBlank(w.c); err != nil && first {
			return err // nothing can be read
		}
		at := w.c.n
		read, err := w.part(at)
		switch {
		case w.handler != nil:
			return w.handler
		case errors.Is(err, io.EOF):
			return nil
		case err == nil && w.c.n > at:
			continue
		case err == nil: // it would never end
			err = errors.New("warc: nothing can be read")
		}
		w.damage(at, err)
		if w.reread += w.c.n - at; w.reread > maxReread {
			return nil
		}
		if err := w.c.back(at+1, read); err != nil {
			return err
		}
		if w.c.n == at {
			w.c.skip(1)
		}
		if !w.next() {
			return nil
		}
	}
}

// part reads one record, or one gzip member or Zstandard frame with all that
// are in it. It gives io.EOF where nothing more is, and with another error the
// bytes of the record that were read.
func (w *warcReader) part(at int64) ([]byte, error) {
	magic, err := w.c.r.Peek(len(arcMagic))
	switch {
	case len(magic) == 0:
		return nil, err
	case bytes.HasPrefix(magic, gzipMagic):
		w.kind = zippedFile
		return nil, w.member(at)
	case isFrame(magic):
		w.kind = zippedFile
		return nil, w.frame(at)
	case bytes.HasPrefix(magic, recordMagic), string(magic) == arcMagic:
		w.kind = plainFile
	}
	rec, read, err := w.record(w.c)
	if err != nil {
		return read, err
	}
	w.kind = plainFile
	return nil, w.take(rec, at)
}

// member reads a gzip member.
func (w *warcReader) member(at int64) (err error) {
	if w.zip == nil {
		w.zip, err = gzip.NewReader(w.c)
	} else {
		err = w.zip.Reset(w.c)
	}
	if err != nil {
		return cut(err)
	}
	w.zip.Multistream(false)
	return w.inside(w.zip, at)
}

// inside reads the records of a member or frame: one as a rule, but some
// writers put several or all into one. The error is that it cannot be unzipped
// to its end; what is wrong with a record is noted, and the next one looked for.
func (w *warcReader) inside(r io.Reader, at int64) error {
	stream := &failing{r: r}
	if w.in == nil {
		w.in = newCounter(stream)
	} else {
		w.in.reset(stream)
	}
	in := w.in
	for n := 0; ; n++ {
		if err := skipBlank(in); err != nil {
			return after(n, err)
		}
		rec, read, err := w.record(in)
		switch {
		case errors.Is(err, io.EOF):
			return nil
		case err == nil:
			// To its checksum, before the record is believed; those of several
			// are believed by their lengths.
			end := skipBlank(in)
			if end == nil || n > 0 {
				err = w.take(rec, at)
			}
			if end != nil {
				return after(n, end)
			}
			if err != nil {
				return err
			}
			continue
		}
		back := len(read) > 0 && w.reread < maxReread
		if back {
			w.reread += int64(len(read))
			in.unread(read[1:])
		}
		if !w.nextPlain(in) {
			if stream.err != nil {
				return after(n, stream.err)
			}
			w.damage(at, after(n, err))
			return nil
		}
		w.damage(at, after(n, err))
	}
}

// after says behind how many records of a member an error is.
func after(n int, err error) error {
	if err = cut(err); n > 0 {
		err = fmt.Errorf("%w, in what is zipped there, after its record %d", err, n)
	}
	return err
}

// failing remembers the error that ended a stream before its end.
type failing struct {
	r   io.Reader
	err error
}

func (f *failing) Read(p []byte) (int, error) {
	n, err := f.r.Read(p)
	if err != nil && !errors.Is(err, io.EOF) {
		f.err = err
	}
	return n, err
}
