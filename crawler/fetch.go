package crawler

import (
	"bufio"
	"bytes"
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/andybalholm/brotli"
	"github.com/klauspost/compress/gzip"
)

// errPrivate marks a dial that the guard refused.
var errPrivate = errors.New("address is not public")

// fetchError is a fetch that failed for a reason Stats counts.
type fetchError struct {
	reason string
	err    error
}

func (e *fetchError) Error() string {
	if e.err == nil {
		return e.reason
	}
	return e.reason + ": " + e.err.Error()
}
func (e *fetchError) Unwrap() error { return e.err }

func failed(reason string, err error) error { return &fetchError{reason, err} }

// reasonOf names an error of a request.
func reasonOf(err error) string {
	var fe *fetchError
	var ne net.Error
	var de *net.DNSError
	var ce *tls.CertificateVerificationError
	var re tls.RecordHeaderError
	switch {
	case errors.As(err, &fe):
		return fe.reason
	case errors.Is(err, errPrivate):
		return "private_address"
	case errors.Is(err, context.DeadlineExceeded), errors.As(err, &ne) && ne.Timeout():
		return "timeout"
	case errors.Is(err, io.ErrUnexpectedEOF):
		return "truncated"
	case errors.As(err, &de):
		return "dns"
	case errors.As(err, &ce), errors.As(err, &re):
		return "tls"
	}
	return "network"
}

// response is one answer, read whole and decompressed.
type response struct {
	url    string
	status int
	proto  string
	header http.Header
	body   []byte
	date   time.Time
}

// get does one request, follows nothing, and reads at most limit bytes of the
// decompressed body.
func (c *Crawler) get(ctx context.Context, rawURL, etag, lastModified string, limit int64) (*response, error) {
	u, err := url.Parse(rawURL)
	if err != nil || u.Host == "" || (u.Scheme != "http" && u.Scheme != "https") {
		return nil, failed("bad_url", err)
	}
	if err := c.judgeProxied(u); err != nil {
		return nil, err
	}
	ctx, cancel := context.WithTimeout(ctx, c.cfg.Timeout)
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, rawURL, nil)
	if err != nil {
		return nil, failed("bad_url", err)
	}
	req.Header.Set("User-Agent", c.cfg.UserAgent)
	req.Header.Set("Accept", "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.5")
	req.Header.Set("Accept-Encoding", "gzip, br")
	if etag != "" {
		req.Header.Set("If-None-Match", etag)
	}
	if lastModified != "" {
		req.Header.Set("If-Modified-Since", lastModified)
	}
	start := time.Now()
	res, err := c.client.Do(req)
	if err != nil {
		return nil, err
	}
	defer res.Body.Close()
	r := &response{url: rawURL, status: res.StatusCode, proto: res.Proto, header: res.Header, date: start.UTC()}
	if res.StatusCode != http.StatusOK {
		// An error's text is of no use; a little is read so that the connection lives on.
		_, _ = io.Copy(io.Discard, io.LimitReader(res.Body, 64<<10))
		return r, nil
	}
	if r.body, err = readBody(res.Body, res.Header.Values("Content-Encoding"), limit); err != nil {
		return r, err
	}
	return r, nil
}

// judgeProxied refuses what can be seen to be private in an address that is
// given to a proxy: the guard at the dial sees only the proxy's own address,
// and the names are resolved by the proxy.
func (c *Crawler) judgeProxied(u *url.URL) error {
	if c.cfg.Proxy == "" {
		return nil
	}
	ip, err := netip.ParseAddr(u.Hostname())
	if err != nil {
		if privateName(u.Hostname()) {
			return fmt.Errorf("%w: %s", errPrivate, u.Hostname())
		}
		return nil
	}
	return guardControl(c.cfg.AllowNetworks)("tcp", netip.AddrPortFrom(ip, 80).String(), nil)
}

// readBody undoes the content codings. The cap holds for what comes out, so a
// small body that grows without end is given up early.
func readBody(body io.Reader, codings []string, limit int64) ([]byte, error) {
	names := strings.Split(strings.ToLower(strings.Join(codings, ",")), ",")
	r := io.Reader(body)
	for i := len(names) - 1; i >= 0; i-- { // the last coding was applied last
		var err error
		switch name := strings.TrimSpace(names[i]); name {
		case "", "identity":
		case "gzip", "x-gzip":
			r, err = gunzipIfGzip(r)
		case "br":
			r = brotli.NewReader(r)
		default:
			return nil, failed("bad_encoding", fmt.Errorf("content coding %q", name))
		}
		if err != nil {
			return nil, readFailure(err)
		}
	}
	b, err := io.ReadAll(io.LimitReader(r, limit+1))
	if int64(len(b)) > limit {
		return nil, failed("too_large", fmt.Errorf("more than %d bytes", limit))
	}
	if err != nil {
		return nil, readFailure(err)
	}
	return b, nil
}

// readFailure tells a cut or slow body from one that is coded wrongly.
func readFailure(err error) error {
	var ne net.Error
	switch {
	case errors.Is(err, context.DeadlineExceeded), errors.As(err, &ne), errors.Is(err, context.Canceled),
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
	zr, err := gzip.NewReader(br)
	if errors.Is(err, io.EOF) {
		err = io.ErrUnexpectedEOF
	}
	return zr, err
}

// gunzipBytes undoes a .gz file under the same cap.
func gunzipBytes(b []byte, limit int64) ([]byte, error) {
	return readBody(bytes.NewReader(b), []string{"gzip"}, limit)
}

// retryAfter reads Retry-After: seconds or a date, at most a day.
func retryAfter(h http.Header, now time.Time) time.Duration {
	v := strings.TrimSpace(h.Get("Retry-After"))
	if v == "" {
		return 0
	}
	var d time.Duration
	if len(v) > 9 && strings.Trim(v, "0123456789") == "" {
		d = 24 * time.Hour // more seconds than an integer may hold
	} else if n, err := strconv.ParseInt(v, 10, 64); err == nil {
		d = time.Duration(min(max(n, 0), 86400)) * time.Second
	} else if t, err := http.ParseTime(v); err == nil {
		d = t.Sub(now)
	}
	return min(max(d, 0), 24*time.Hour)
}
