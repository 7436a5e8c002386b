package crawler

import (
	"bytes"
	"crypto/tls"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"

	"golang.org/x/net/http2"
	"golang.org/x/net/http2/hpack"
)

// frames answers requests over HTTP/2 frame by frame, as no server of the
// standard library does.
type frames struct {
	*http2.Framer
	conn  *tls.Conn
	id    uint32 // of the stream that waits for its answer
	block bytes.Buffer
	enc   *hpack.Encoder
}

// head begins an answer.
func (f *frames) head(status string, end bool, pairs ...string) {
	f.block.Reset()
	pairs = append([]string{":status", status}, pairs...)
	for i := 0; i < len(pairs); i += 2 {
		_ = f.enc.WriteField(hpack.HeaderField{Name: pairs[i], Value: pairs[i+1]})
	}
	_ = f.WriteHeaders(http2.HeadersFrameParam{StreamID: f.id, BlockFragment: f.block.Bytes(), EndHeaders: true, EndStream: end})
}

// framesServer is a site whose pages answer gives; it has no robots.txt, and
// asked counts the other requests.
func framesServer(t *testing.T, asked *atomic.Int32, answer func(f *frames)) (*httptest.Server, http.RoundTripper) {
	t.Helper()
	srv := httptest.NewUnstartedServer(nil)
	srv.TLS = &tls.Config{NextProtos: []string{"h2"}}
	srv.Config.TLSNextProto = map[string]func(*http.Server, *tls.Conn, http.Handler){"h2": func(_ *http.Server, c *tls.Conn, _ http.Handler) {
		if _, err := io.ReadFull(c, make([]byte, len(http2.ClientPreface))); err != nil {
			return
		}
		f := &frames{Framer: http2.NewFramer(c, c), conn: c}
		f.enc = hpack.NewEncoder(&f.block)
		f.ReadMetaHeaders = hpack.NewDecoder(4096, nil)
		_ = f.WriteSettings()
		for {
			frame, err := f.ReadFrame()
			if err != nil {
				return
			}
			switch frame := frame.(type) {
			case *http2.SettingsFrame:
				if !frame.IsAck() {
					_ = f.WriteSettingsAck()
				}
			case *http2.MetaHeadersFrame:
				f.id = frame.StreamID
				if frame.PseudoValue("path") == "/robots.txt" {
					f.head("404", true)
					continue
				}
				asked.Add(1)
				answer(f)
			}
		}
	}}
	srv.StartTLS()
	t.Cleanup(srv.Close)
	return srv, srv.Client().Transport
}

// TestHTTP2Answers breaks off, floods and lies over HTTP/2: each has its
// reason, and none is asked for more than is polite.
func TestHTTP2Answers(t *testing.T) {
	html := []string{"content-type", "text/html"}
	page := []byte(anArticle)
	for _, c := range []struct {
		name, reason string
		answer       func(f *frames)
		most         int32 // requests for the page
	}{
		{"page", "", func(f *frames) {
			f.head("200", false, html...)
			_ = f.WriteData(f.id, true, page)
		}, 1},
		{"GOAWAY instead of an answer", "network", func(f *frames) {
			_ = f.WriteGoAway(0, http2.ErrCodeNo, nil)
			_ = f.conn.Close()
		}, 2},
		{"streams refused", "network", func(f *frames) { _ = f.WriteRSTStream(f.id, http2.ErrCodeRefusedStream) }, 2},
		{"reset instead of an answer", "network", func(f *frames) { _ = f.WriteRSTStream(f.id, http2.ErrCodeInternal) }, 1},
		{"reset in the body", "truncated", func(f *frames) {
			f.head("200", false, html...)
			_ = f.WriteData(f.id, false, page[:20])
			_ = f.WriteRSTStream(f.id, http2.ErrCodeInternal)
		}, 1},
		{"reset in a body that says that it is plain", "truncated", func(f *frames) {
			f.head("200", false, append([]string{"content-encoding", "identity"}, html...)...)
			_ = f.WriteData(f.id, false, page)
			_ = f.WriteRSTStream(f.id, http2.ErrCodeEnhanceYourCalm)
		}, 1},
		{"GOAWAY in the body", "truncated", func(f *frames) {
			f.head("200", false, html...)
			_ = f.WriteData(f.id, false, page[:20])
			_ = f.WriteGoAway(0, http2.ErrCodeProtocol, nil)
			_ = f.conn.Close()
		}, 1},
		{"less than its length", "truncated", func(f *frames) {
			f.head("200", false, append([]string{"content-length", "99999"}, html...)...)
			_ = f.WriteData(f.id, true, page)
		}, 1},
		{"more than its length", "truncated", func(f *frames) {
			f.head("200", false, append([]string{"content-length", "7"}, html...)...)
			_ = f.WriteData(f.id, true, page)
		}, 1},
		{"early hints without end", "too_large", func(f *frames) {
			for range 20000 {
				f.head("103", false, "link", "</style.css>; rel=preload")
			}
		}, 1},
		{"large headers, over which net/http ends the connection", "network", func(f *frames) {
			f.block.Reset()
			_ = f.enc.WriteField(hpack.HeaderField{Name: ":status", Value: "200"})
			for i := range 18 {
				_ = f.enc.WriteField(hpack.HeaderField{Name: fmt.Sprintf("x-pad-%d", i), Value: strings.Repeat("~", 15000)})
			}
			b := f.block.Bytes()
			_ = f.WriteHeaders(http2.HeadersFrameParam{StreamID: f.id, BlockFragment: b[:16000]})
			for b = b[16000:]; len(b) > 16000; b = b[16000:] {
				_ = f.WriteContinuation(f.id, false, b[:16000])
			}
			_ = f.WriteContinuation(f.id, true, b)
		}, 1},
	} {
		t.Run(c.name, func(t *testing.T) {
			var asked atomic.Int32
			srv, transport := framesServer(t, &asked, c.answer)
			v := visitor(t, testConfig())
			w, _ := v.c.transport.(watch)
			w.RoundTripper.(*http.Transport).TLSClientConfig.RootCAs = transport.(*http.Transport).TLSClientConfig.RootCAs
			a, err := v.Article(t.Context(), srv.URL+"/news/one")
			if c.reason != "" {
				wantReason(t, err, c.reason)
			} else if err != nil || a.Body == "" {
				t.Errorf("%+v, %v", a, err)
			}
			if n := asked.Load(); n > c.most || n == 0 {
				t.Errorf("asked %d times, want at most %d", n, c.most)
			}
		})
	}
}
