package crawler

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"

	"github.com/andybalholm/brotli"
	"github.com/klauspost/compress/flate"
	"github.com/klauspost/compress/gzip"
	"github.com/klauspost/compress/zlib"
	"github.com/klauspost/compress/zstd"
)

// accepted are the content codings that readBody undoes.
const accepted = "gzip, br, zstd, deflate"

const (
	maxCodings = 3       // of one body: each is a decoder more
	zstdWindow = 8 << 20 // bytes, as RFC 9659 allows a sender in HTTP
	smallBody  = 1 << 20 // bytes of a body for which there is always room
	codedMore  = 1 << 16 // bytes that a coded body may have beyond twice what is wanted of it: many small blocks, checksums
)

// foreignCodings are those of the IANA registry that nobody asked for. What
// else stands in Content-Encoding (a charset, "none", "binary") is a server's
// mistake, and the body is as it stands.
var foreignCodings = map[string]bool{
	"compress": true, "x-compress": true, "exi": true, "pack200-gzip": true, "aes128gcm": true, "dcb": true, "dcz": true,
}

// readBody undoes the content codings. The cap holds for what comes out, so a
// small body that grows without end is given up early. more is asked before
// more than smallBody is kept in memory, and may refuse; nil does not.
func readBody(body io.Reader, codings []string, limit int64, more func() error) ([]byte, error) {
	b, err := readStart(body, codings, limit+1, more)
	if int64(len(b)) > limit {
		return nil, failed("too_large", fmt.Errorf("more than %d bytes", limit))
	}
	if err != nil {
		return nil, err
	}
	return b, nil
}

// readStart is readBody for who wants no more than the first limit bytes.
func readStart(body io.Reader, codings []string, limit int64, more func() error) ([]byte, error) {
	r, err := decoder(body, codings, limit)
	if err != nil {
		return nil, readFailure(err)
	}
	defer r.Close()
	b, err := io.ReadAll(io.LimitReader(r, min(limit, smallBody)))
	if err == nil && len(b) == smallBody && limit > smallBody {
		if more != nil {
			if err := more(); err != nil {
				return nil, err
			}
		}
		buf := bytes.NewBuffer(b)
		_, err = buf.ReadFrom(io.LimitReader(r, limit-smallBody))
		b = buf.Bytes()
	}
	if err != nil {
		err = readFailure(err)
	}
	return b, err
}

// capped gives up on what a coding is to be undone of. A decoder that is fed
// with empty members, frames or blocks reads on without giving anything, so the
// cap on what it gives does not stop it; in layers of codings a few kilobytes
// make gigabytes of them.
type capped struct {
	r    io.Reader
	left int64
}

func (c *capped) Read(p []byte) (int, error) {
	if c.left <= 0 {
		return 0, failed("too_large", errors.New("a coded body that is larger than what comes of it"))
	}
	n, err := c.r.Read(p[:min(int64(len(p)), c.left)])
	c.left -= int64(n)
	return n, err
}

// decoder undoes the codings that Content-Encoding names, the last one first,
// for who wants limit bytes.
func decoder(body io.Reader, codings []string, limit int64) (io.ReadCloser, error) {
	names := strings.Split(strings.ToLower(strings.Join(codings, ",")), ",")
	r := io.NopCloser(body)
	undone := 0
	for i := len(names) - 1; i >= 0; i-- {
		name := strings.TrimSpace(names[i])
		next, err := undo(name, &capped{r, 2*limit + codedMore})
		if err != nil {
			return nil, err
		}
		if next == nil {
			continue
		}
		if undone++; undone > maxCodings {
			return nil, failed("bad_encoding", fmt.Errorf("more than %d content codings", maxCodings))
		}
		r = next
	}
	return r, nil
}

// undo gives the reader of one coding; nil where there is nothing to undo.
func undo(name string, r io.Reader) (io.ReadCloser, error) {
	switch name {
	case "gzip", "x-gzip":
		zr, err := gunzipIfGzip(r)
		return io.NopCloser(zr), err
	case "br":
		return io.NopCloser(brotli.NewReader(r)), nil
	case "zstd":
		zr, err := zstd.NewReader(r, zstd.WithDecoderConcurrency(1), zstd.WithDecoderMaxWindow(zstdWindow), zstd.WithDecoderLowmem(true))
		if err != nil {
			return nil, err
		}
		return zr.IOReadCloser(), nil
	case "deflate":
		return inflate(r)
	}
	if foreignCodings[name] {
		return nil, failed("bad_encoding", fmt.Errorf("content coding %q", name))
	}
	return nil, nil //nolint:nilnil // nothing to undo
}

// inflate reads "deflate": zlib by RFC 9110, and without zlib's frame as
// servers have it that took the name for the thing.
func inflate(r io.Reader) (io.ReadCloser, error) {
	br := bufio.NewReader(r)
	head, err := br.Peek(2)
	if err != nil && !errors.Is(err, io.EOF) {
		return nil, err
	}
	if len(head) == 2 && head[0]&0x0f == 8 && (uint(head[0])<<8|uint(head[1]))%31 == 0 {
		return zlib.NewReader(br)
	}
	return flate.NewReader(br), nil
}

// readFailure tells a cut or slow body from one that is coded wrongly.
func readFailure(err error) error {
	var ne net.Error
	var fe *fetchError
	switch {
	case errors.As(err, &fe), errors.Is(err, context.DeadlineExceeded), errors.As(err, &ne), errors.Is(err, context.Canceled),
		errors.Is(err, io.ErrUnexpectedEOF):
		return err
	}
	return failed("bad_encoding", err)
}

// gunzipIfGzip reads gzip, or what only says that it is as it stands: servers
// label plain pages so, and .gz files twice.
func gunzipIfGzip(r io.Reader) (io.Reader, error) {
	br := bufio.NewReader(r)
	magic, err := br.Peek(2)
	if err != nil && !errors.Is(err, io.EOF) {
		return nil, err
	}
	if len(magic) < 2 || magic[0] != 0x1f || magic[1] != 0x8b {
		return br, nil
	}
	m := &members{br: br, zr: &gzip.Reader{}}
	return m, m.next()
}

// members reads the members of a gzip stream and lets be what follows the
// last one and is none: padding and line ends, as browsers do.
type members struct {
	br *bufio.Reader // being an io.ByteReader, it is read no further than a member goes
	zr *gzip.Reader
}

func (m *members) next() error {
	err := m.zr.Reset(m.br)
	if errors.Is(err, io.EOF) {
		err = io.ErrUnexpectedEOF
	}
	m.zr.Multistream(false)
	return err
}

func (m *members) Read(p []byte) (int, error) {
	for {
		n, err := m.zr.Read(p)
		if n > 0 || !errors.Is(err, io.EOF) {
			if n > 0 && errors.Is(err, io.EOF) {
				err = nil // found again by the next call
			}
			return n, err
		}
		if magic, err := m.br.Peek(2); err != nil || magic[0] != 0x1f || magic[1] != 0x8b {
			if err != nil && !errors.Is(err, io.EOF) {
				return 0, err
			}
			return 0, io.EOF
		}
		if err := m.next(); err != nil {
			return 0, err
		}
	}
}

// gunzipBytes undoes a .gz file under the same cap.
func gunzipBytes(b []byte, limit int64) ([]byte, error) {
	return readBody(bytes.NewReader(b), []string{"gzip"}, limit, nil)
}

// cutHTML says whether a page ends before its end tag, where nothing else
// tells: a body that ends with the connection has no length.
func cutHTML(res *http.Response, body []byte) bool {
	if res.ContentLength >= 0 || res.ProtoMajor != 1 || len(res.TransferEncoding) > 0 || !res.Close {
		return false
	}
	low := bytes.ToLower(body)
	return bytes.Contains(low[:min(len(low), 4096)], []byte("<html")) && !bytes.Contains(low, []byte("</html"))
}
