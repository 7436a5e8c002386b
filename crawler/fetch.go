package crawler

import (
	"bytes"
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptrace"
	"net/netip"
	"net/url"
	"strconv"
	"strings"
	"sync"
	"time"
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
	case errors.As(err, &re) && string(re.RecordHeader[:]) == "HTTP/": // it speaks HTTP where HTTPS is asked for
		return "network"
	case errors.As(err, &ce), errors.As(err, &re):
		return "tls"
	case strings.Contains(err.Error(), "tls: "): // alerts, and what crypto/tls says without a type
		return "tls"
	case strings.Contains(err.Error(), "response headers exceeded"), strings.Contains(err.Error(), "header list larger"),
		strings.Contains(err.Error(), "header list too large"):
		return "too_large" // net/http has no type for it, neither of HTTP/1 nor of HTTP/2
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
	sent   []byte // the body as it was sent, if that was compressed and it is to be archived
	date   time.Time
	room   chan struct{} // where a large body has a place; see drop

	feedDate time.Time // the date of the article in what named it; zero if unknown
}

// get does one request, follows nothing, and reads at most limit bytes of the
// decompressed body: more is an error. Who is done with the response calls its
// drop; errNoRoom says that there was no room for it now.
func (c *Crawler) get(ctx context.Context, rawURL, etag, lastModified string, limit int64) (*response, error) {
	var sent sentBody
	var room chan struct{}
	r, err := c.ask(ctx, rawURL, etag, lastModified, func(ctx context.Context, res *http.Response, body *pace) ([]byte, error) {
		var from io.Reader = body
		if c.warc != nil && res.Header.Get("Content-Encoding") != "" {
			from = io.TeeReader(body, &sent)
		}
		b, err := readBody(from, res.Header.Values("Content-Encoding"), limit, func() (err error) {
			body.rest()
			defer body.goOn()
			room, err = c.room(ctx, limit)
			return err
		})
		if err == nil && cutHTML(res, b) {
			err = io.ErrUnexpectedEOF
		}
		return b, err
	})
	if err != nil && room != nil {
		<-room
		return r, err
	}
	if err == nil {
		r.room = room
		if b := sent.Bytes(); len(b) > 0 && len(b) < len(r.body) {
			r.sent = b
		}
	}
	return r, err
}

// sentBody keeps a body as it was sent, if it is not large: of one that is, what
// it is decoded to is enough.
type sentBody struct {
	bytes.Buffer
	large bool
}

func (s *sentBody) Write(p []byte) (int, error) {
	if s.large = s.large || s.Len()+len(p) > smallBody; s.large {
		s.Buffer = bytes.Buffer{}
		return len(p), nil
	}
	return s.Buffer.Write(p)
}

// Of bodies over smallBody, some pages and fewer lists are in memory at a time:
// as many as are asked for at once would be hundreds of megabytes.
const (
	largePages = 4
	largeLists = 2
)

// errNoRoom is what a large body is given that waited for its place in vain.
var errNoRoom = fmt.Errorf("%w: too many large bodies at once", errCrowded)

// errLetGo marks an answer whose large body gave its place to others while
// something else had to wait its turn. It is asked for once more.
var errLetGo = fmt.Errorf("%w: a large body was let go", errCrowded)

// room waits for the place of a large body of at most limit bytes, as long as
// its request may take.
func (c *Crawler) room(ctx context.Context, limit int64) (chan struct{}, error) {
	places := c.largePages
	if limit > c.cfg.MaxPage {
		places = c.largeLists
	}
	select {
	case places <- struct{}{}:
		return places, nil
	case <-ctx.Done():
		return nil, errNoRoom
	}
}

// drop gives the place of a large body to another. The response is of no use
// any more.
func (r *response) drop() {
	if r != nil && r.room != nil {
		<-r.room
		r.room, r.body = nil, nil
	}
}

// letGo gives the place of a large body to others if those that wait for
// something else have half of the places already, and says whether it did.
func (r *response) letGo() bool {
	if r.room == nil || len(r.room) <= cap(r.room)/2 {
		return false
	}
	r.drop()
	return true
}

// ask does one request; read takes the body of a good answer.
func (c *Crawler) ask(ctx context.Context, rawURL, etag, lastModified string, read func(context.Context, *http.Response, *pace) ([]byte, error)) (*response, error) {
	u, err := url.Parse(rawURL)
	if err != nil || u.Host == "" || (u.Scheme != "http" && u.Scheme != "https") {
		return nil, failed("bad_url", err)
	}
	if closedPorts[u.Port()] {
		return nil, failed("bad_url", errClosed(u))
	}
	if err := c.judgeProxied(ctx, u); err != nil {
		return nil, err
	}
	ctx, cancel := context.WithTimeout(ctx, c.cfg.Timeout)
	defer cancel()
	ctx, giveUp := context.WithCancelCause(ctx)
	defer giveUp(nil)
	req, err := http.NewRequestWithContext(httptrace.WithClientTrace(ctx, onceOnly(giveUp)), http.MethodGet, rawURL, nil)
	if err != nil {
		return nil, failed("bad_url", err)
	}
	req.Header.Set("User-Agent", c.cfg.UserAgent)
	req.Header.Set("Accept", "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.5")
	req.Header.Set("Accept-Encoding", accepted)
	if u.User != nil { // of a source in the configuration: what is found has none
		password, _ := u.User.Password()
		req.SetBasicAuth(u.User.Username(), password)
	}
	if etag != "" {
		req.Header.Set("If-None-Match", etag)
	}
	if lastModified != "" {
		req.Header.Set("If-Modified-Since", lastModified)
	}
	start := time.Now()
	res, err := c.transport.RoundTrip(req)
	if err != nil {
		if errors.Is(context.Cause(ctx), errAgain) {
			err = errAgain
		}
		return nil, err
	}
	defer res.Body.Close()
	body := newPace(res.Body, giveUp)
	defer body.stop()
	r := &response{url: rawURL, status: res.StatusCode, proto: res.Proto, header: res.Header, date: start.UTC()}
	if res.StatusCode == http.StatusNonAuthoritativeInfo {
		r.status = http.StatusOK // a page that a proxy changed on the way
	}
	if r.status != http.StatusOK {
		// An error's text is of no use but for what it says of a gate; a little is
		// read so that the connection lives on.
		if gateStatus[r.status] {
			r.body, _ = readStart(body, res.Header.Values("Content-Encoding"), gateStart, nil)
		}
		_, _ = io.Copy(io.Discard, io.LimitReader(body, 64<<10))
		return r, nil
	}
	if r.body, err = read(ctx, res, body); err != nil {
		if errors.Is(context.Cause(ctx), errSlow) {
			err = errSlow
		} else if broke := body.broke(); broke != nil && !errors.Is(err, errNoRoom) {
			err = broke
		}
		return r, err
	}
	return r, nil
}

// errAgain is the cause of a request that net/http would have made once more.
var errAgain = failed("network", errors.New("the server takes connections and ends them without an answer"))

// onceOnly lets net/http make a request again only where a connection that was
// kept turns out to be dead. It would else, as long as the time-out allows and
// without a pause, ask a server over and over that ends each new HTTP/2
// connection with GOAWAY or refuses its streams.
func onceOnly(giveUp context.CancelCauseFunc) *httptrace.ClientTrace {
	var mu sync.Mutex
	asked, kept := 0, false
	return &httptrace.ClientTrace{GotConn: func(i httptrace.GotConnInfo) {
		mu.Lock()
		defer mu.Unlock()
		if asked++; asked > 2 || asked == 2 && !kept {
			giveUp(errAgain)
		}
		kept = i.Reused
	}}
}

// lookupTime is how long the own resolver may take for a name that a proxy is
// given. Where only the proxy resolves names, it has no answer at all.
const lookupTime = time.Second

// judgeProxied refuses what can be seen to be private in an address that is
// given to a proxy: the guard at the dial sees only the proxy's own address.
// The proxy resolves names by itself, so one that has a private address here
// is refused, and one that has none here is the proxy's to judge.
func (c *Crawler) judgeProxied(ctx context.Context, u *url.URL) error {
	if c.cfg.Proxy == "" {
		return nil
	}
	guard := guardControl(c.cfg.AllowNetworks)
	host := u.Hostname()
	if w, err := webURL.Parse(u.String()); err == nil {
		host = strings.Trim(w.Hostname(), "[]") // an IPv4 address in whatever spelling
	}
	ip, err := netip.ParseAddr(host)
	if err == nil {
		return guard("tcp", netip.AddrPortFrom(ip, 80).String(), nil)
	}
	if privateName(host) {
		return fmt.Errorf("%w: %s", errPrivate, host)
	}
	ctx, cancel := context.WithTimeout(ctx, lookupTime)
	defer cancel()
	ips, err := net.DefaultResolver.LookupNetIP(ctx, "ip", host)
	if err != nil {
		return nil //nolint:nilerr // as it is where all names are the proxy's
	}
	for _, ip := range ips {
		if err := guard("tcp", netip.AddrPortFrom(ip.Unmap(), 80).String(), nil); err != nil {
			return err
		}
	}
	return nil
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
