package crawler

import (
	"bytes"
	"compress/flate"
	"compress/gzip"
	"compress/zlib"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/andybalholm/brotli"
	"github.com/klauspost/compress/zstd"
)

// coded writes s in a content coding.
func coded(t *testing.T, coding, s string) string {
	t.Helper()
	var b bytes.Buffer
	var w io.WriteCloser
	var err error
	switch coding {
	case "gzip":
		w = gzip.NewWriter(&b)
	case "br":
		w = brotli.NewWriter(&b)
	case "zstd":
		w, err = zstd.NewWriter(&b)
	case "zlib":
		w = zlib.NewWriter(&b)
	case "raw deflate":
		w, err = flate.NewWriter(&b, 6)
	default:
		t.Fatalf("coding %q", coding)
	}
	if err == nil {
		_, err = io.WriteString(w, s)
	}
	if err == nil {
		err = w.Close()
	}
	if err != nil {
		t.Fatal(err)
	}
	return b.String()
}

func TestCodings(t *testing.T) {
	const page = "<title>Title</title><p>Some text of the article.</p>"
	zero := strings.Repeat("\x00", 4<<20)
	gz := coded(t, "gzip", page)
	broken := []byte(gz)
	broken[len(broken)-6] ^= 0x55 // in the checksum
	for _, c := range []struct{ name, header, body, reason string }{
		{"plain", "", page, ""},
		{"gzip", "gzip", gz, ""},
		{"x-gzip, in capitals", "X-GZIP", gz, ""},
		{"gzip in two members", "gzip", coded(t, "gzip", page[:20]) + coded(t, "gzip", page[20:]), ""},
		{"gzip and zeroes", "gzip", gz + "\x00\x00\x00", ""},
		{"gzip and a line end", "gzip", gz + "\r\n", ""},
		{"gzip twice", "gzip, gzip", coded(t, "gzip", gz), ""},
		{"br", "br", coded(t, "br", page), ""},
		{"zstd", "zstd", coded(t, "zstd", page), ""},
		{"deflate with zlib", "deflate", coded(t, "zlib", page), ""},
		{"deflate without zlib", "deflate", coded(t, "raw deflate", page), ""},
		{"br over gzip", "gzip, br", coded(t, "br", gz), ""},
		{"identity", "identity", page, ""},
		{"a charset by mistake", "UTF-8", page, ""},
		{"says gzip and is not", "gzip", page, ""},
		{"gzip cut", "gzip", gz[:len(gz)-12], "truncated"},
		{"gzip cut in its header", "gzip", gz[:5], "truncated"},
		{"gzip with a wrong checksum", "gzip", string(broken), "bad_encoding"},
		{"br cut", "br", coded(t, "br", page)[:20], "truncated"},
		{"br that is none", "br", "\xff\xff\xff\xff", "bad_encoding"},
		{"zstd cut", "zstd", coded(t, "zstd", page)[:20], "truncated"},
		{"zstd that is none", "zstd", page, "bad_encoding"},
		{"deflate cut", "deflate", coded(t, "raw deflate", page)[:20], "truncated"},
		{"not asked for", "compress", page, "bad_encoding"},
		{"too many", "gzip, gzip, gzip, gzip", coded(t, "gzip", coded(t, "gzip", coded(t, "gzip", gz))), "bad_encoding"},
		{"gzip bomb", "gzip", coded(t, "gzip", zero), "too_large"},
		{"gzip bomb in two", "gzip, gzip", coded(t, "gzip", coded(t, "gzip", zero)), "too_large"},
		{"br bomb", "br", coded(t, "br", zero), "too_large"},
		{"zstd bomb", "zstd", coded(t, "zstd", zero), "too_large"},
		{"deflate bomb", "deflate", coded(t, "zlib", zero), "too_large"},
		{"empty gzip members", "gzip", strings.Repeat(coded(t, "gzip", ""), 120_000), "too_large"},
		{"empty gzip members, gzipped", "gzip, gzip", coded(t, "gzip", strings.Repeat(coded(t, "gzip", ""), 120_000)), "too_large"},
		{"empty zstd frames, gzipped", "zstd, gzip", coded(t, "gzip", strings.Repeat("\x50\x2a\x4d\x18\x00\x00\x00\x00", 300_000)), "too_large"},
		{"many small blocks", "deflate", smallBlocks(t, page), ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			s := newSite(t)
			s.pages["/news/one"] = func(w http.ResponseWriter, r *http.Request) {
				w.Header().Set("Content-Type", "text/html")
				if c.header != "" {
					w.Header().Set("Content-Encoding", c.header)
				}
				w.Header().Set("Content-Length", fmt.Sprint(len(c.body)))
				_, _ = io.WriteString(w, c.body)
			}
			a, err := visitor(t, testConfig()).Article(t.Context(), s.URL+"/news/one")
			if c.reason != "" {
				wantReason(t, err, c.reason)
			} else if err != nil || a.Body != "Some text of the article." {
				t.Errorf("%+v, %v", a, err)
			}
		})
	}
}

// smallBlocks writes s in deflate with a block for each byte.
func smallBlocks(t *testing.T, s string) string {
	t.Helper()
	var b bytes.Buffer
	w := zlib.NewWriter(&b)
	for i := range len(s) {
		if _, err := w.Write([]byte{s[i]}); err != nil {
			t.Fatal(err)
		}
		if err := w.Flush(); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// TestLargeBodies keeps a few large bodies in memory at a time. The others wait,
// as long as a request may take, and are asked for again then.
func TestLargeBodies(t *testing.T) {
	cfg := testConfig()
	cfg.MaxPage = 4 << 20
	c := visitor(t, cfg).c
	synctest.Test(t, func(t *testing.T) {
		c.largePages, c.largeLists = make(chan struct{}, largePages), make(chan struct{}, largeLists)
		c.transport = roundTrip(func(r *http.Request) (*http.Response, error) {
			size := smallBody - 1
			if strings.HasSuffix(r.URL.Path, "/large") {
				size = 2 << 20
			}
			return &http.Response{StatusCode: 200, ContentLength: int64(size), Body: io.NopCloser(strings.NewReader(strings.Repeat("x", size)))}, nil
		})
		got := make(chan *response, 20)
		refused := make(chan error, 20)
		ask := func(path string, limit int64) {
			r, err := c.get(t.Context(), "http://a.example"+path, "", "", limit)
			if err != nil {
				refused <- err
				return
			}
			got <- r
		}
		for range largePages + 3 {
			go ask("/large", cfg.MaxPage)
			go ask("/list/large", 2*cfg.MaxPage)
		}
		synctest.Wait()
		if len(got) != largePages+largeLists {
			t.Fatalf("%d large bodies in memory, want %d pages and %d lists", len(got), largePages, largeLists)
		}
		go ask("/small", cfg.MaxPage)
		synctest.Wait()
		if len(got) != largePages+largeLists+1 {
			t.Error("a small body waits")
		}
		for range largePages + largeLists + 1 {
			(<-got).drop()
		}
		synctest.Wait()
		if len(got) < largePages || len(refused) > 0 {
			t.Errorf("%d more large bodies after the first were dropped, refused %d", len(got), len(refused))
		}
		time.Sleep(cfg.Timeout + time.Second)
		for len(refused) > 0 {
			if err := <-refused; !errors.Is(err, errCrowded) {
				t.Errorf("a body that waited in vain: %v", err)
			}
		}
		for len(got) > 0 {
			(<-got).drop()
		}
		if len(c.largePages)+len(c.largeLists) > 0 {
			t.Errorf("%d places of pages and %d of lists are left taken", len(c.largePages), len(c.largeLists))
		}
	})
}

// TestAccepted says no more to servers than is undone.
func TestAccepted(t *testing.T) {
	for name := range strings.SplitSeq(accepted, ", ") {
		if r, err := undo(name, strings.NewReader("x")); r == nil && err == nil {
			t.Errorf("%s is asked for and not undone", name)
		}
	}
}

// slowBody gives one byte a second, for ever.
type slowBody struct{ ctx context.Context }

func (s slowBody) Read(p []byte) (int, error) {
	select {
	case <-time.After(time.Second):
		p[0] = 'x'
		return 1, nil
	case <-s.ctx.Done():
		return 0, s.ctx.Err()
	}
}
func (slowBody) Close() error { return nil }

type roundTrip func(*http.Request) (*http.Response, error)

func (f roundTrip) RoundTrip(r *http.Request) (*http.Response, error) { return f(r) }

// TestSlowBody gives a body up long before the time-out when it drips.
func TestSlowBody(t *testing.T) {
	cfg := testConfig()
	cfg.Timeout = 10 * time.Minute
	c := visitor(t, cfg).c
	synctest.Test(t, func(t *testing.T) {
		c.transport = roundTrip(func(r *http.Request) (*http.Response, error) {
			return &http.Response{StatusCode: 200, ContentLength: -1, Body: slowBody{r.Context()}}, nil
		})
		start := time.Now()
		_, err := c.get(t.Context(), "http://a.example/x", "", "", 1<<20)
		if reasonOf(err) != "timeout" || !errors.Is(err, errSlow) {
			t.Errorf("error %v, want a timeout for the pace", err)
		}
		if d := time.Since(start); d > 2*paceEvery {
			t.Errorf("given up after %v, want at most %v", d, 2*paceEvery)
		}
	})
}

// TestCutWithoutLength does not take a page for whole that ends with the
// connection and before its end tag.
func TestCutWithoutLength(t *testing.T) {
	const whole = "<html><title>Title</title><p>Some text of the article.</p></html>"
	for _, c := range []struct {
		name, raw string
		ok        bool
	}{
		{"whole", "HTTP/1.0 200 OK\r\nContent-Type: text/html\r\n\r\n" + whole, true},
		{"cut", "HTTP/1.0 200 OK\r\nContent-Type: text/html\r\n\r\n" + whole[:len(whole)-3], false},
		{"cut, of HTTP/1.1", "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nConnection: close\r\n\r\n" + whole[:len(whole)-3], false},
		{"without any end tag", "HTTP/1.0 200 OK\r\nContent-Type: text/html\r\n\r\n<title>Title</title><p>Some text of the article.</p>", true},
		{"shorter than it says", "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 200\r\n\r\n" + whole, false},
		{"without its last chunk", "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nTransfer-Encoding: chunked\r\n\r\n" + fmt.Sprintf("%x\r\n%s\r\n", len(whole), whole), false},
		{"a part that nobody asked for", "HTTP/1.1 206 Partial Content\r\nContent-Type: text/html\r\nContent-Range: bytes 0-64/900\r\nContent-Length: 65\r\n\r\n" + whole, false},
	} {
		t.Run(c.name, func(t *testing.T) {
			a, err := visitor(t, testConfig()).Article(t.Context(), rawServer(t, []byte(c.raw))+"/news/one")
			if c.ok && (err != nil || a.Body == "") {
				t.Errorf("%+v, %v", a, err)
			} else if !c.ok {
				wantReason(t, err, "truncated")
			}
		})
	}
}

// TestStatuses tells answers apart that are no page.
func TestStatuses(t *testing.T) {
	s := newSite(t)
	v := visitor(t, testConfig())
	for status, reason := range map[int]string{
		201: "no_content", 202: "no_content", 204: "no_content", 205: "no_content", 206: "truncated", 300: "http_4xx", 304: "no_content",
		400: "http_4xx", 401: "http_4xx", 402: "http_4xx", 403: "http_4xx", 404: "gone", 408: "timeout", 410: "gone", 425: "timeout", 451: "http_4xx",
		500: "http_5xx", 502: "http_5xx", 504: "http_5xx", 999: "http_5xx",
	} {
		path := fmt.Sprintf("/news/%d", status)
		s.pages[path] = func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Type", "text/html")
			w.WriteHeader(status)
			if status != 204 && status != 304 {
				_, _ = io.WriteString(w, anArticle)
			}
		}
		_, err := v.Article(t.Context(), s.URL+path)
		wantReason(t, err, reason)
	}
	s.pages["/news/203"] = func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/html")
		w.WriteHeader(http.StatusNonAuthoritativeInfo)
		_, _ = io.WriteString(w, anArticle)
	}
	if a, err := v.Article(t.Context(), s.URL+"/news/203"); err != nil || a.Body == "" {
		t.Errorf("203: %+v, %v", a, err)
	}
}

// TestManyHeaders gives up on headers that do not end.
func TestManyHeaders(t *testing.T) {
	raw := "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n" + strings.Repeat("X-More: "+strings.Repeat("x", 1000)+"\r\n", 500) + "\r\n<title>t</title><p>x</p>"
	_, err := visitor(t, testConfig()).Article(t.Context(), rawServer(t, []byte(raw))+"/news/one")
	wantReason(t, err, "too_large")
}

// TestHTTP2 talks HTTP/2 where the server does, over one connection, and
// sends no cookie back.
func TestHTTP2(t *testing.T) {
	var protos, cookies []string
	conns := map[string]bool{}
	srv := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		protos, conns[r.RemoteAddr] = append(protos, r.Proto), true
		cookies = append(cookies, r.Header.Get("Cookie"))
		http.SetCookie(w, &http.Cookie{Name: "visit", Value: "1"})
		if r.URL.Path == "/robots.txt" {
			http.NotFound(w, r)
			return
		}
		w.Header().Set("Content-Type", "text/html")
		fmt.Fprint(w, anArticle)
	}))
	srv.EnableHTTP2 = true
	srv.StartTLS()
	defer srv.Close()
	v := visitor(t, testConfig())
	w, _ := v.c.transport.(watch)
	tr, ok := w.RoundTripper.(*http.Transport)
	if !ok {
		t.Fatalf("transport %T", v.c.transport)
	}
	tr.TLSClientConfig.RootCAs = srv.Client().Transport.(*http.Transport).TLSClientConfig.RootCAs
	for _, path := range []string{"/news/one", "/news/two"} {
		if _, err := v.Article(t.Context(), srv.URL+path); err != nil {
			t.Fatal(err)
		}
	}
	if len(protos) != 3 || len(conns) != 1 || strings.Join(cookies, "") != "" {
		t.Errorf("%q over %d connections with cookies %q, want three requests over one without", protos, len(conns), cookies)
	}
	for _, p := range protos {
		if p != "HTTP/2.0" {
			t.Errorf("spoke %s", p)
		}
	}
}

// TestKeepAlive asks a site over one connection, also after answers whose
// bodies are of no use.
func TestKeepAlive(t *testing.T) {
	conns := map[string]bool{}
	s := newSite(t)
	inner := s.Config.Handler
	s.Config.Handler = http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		conns[r.RemoteAddr] = true
		inner.ServeHTTP(w, r)
	})
	s.article("/news/one")
	s.pages["/news/two"] = func(w http.ResponseWriter, _ *http.Request) {
		w.WriteHeader(http.StatusForbidden)
		_, _ = io.WriteString(w, strings.Repeat("no ", 10000))
	}
	v := visitor(t, testConfig())
	for _, path := range []string{"/news/one", "/news/two", "/news/none", "/news/one"} {
		_, _ = v.Article(t.Context(), s.URL+path) // two of them give none
	}
	if s.times("/news/one") != 2 || len(conns) != 1 {
		t.Errorf("%d connections for five requests, want one", len(conns))
	}
}

// TestRobotsLimit takes the first 500 KiB of a robots.txt, however long it is.
func TestRobotsLimit(t *testing.T) {
	pad := strings.Repeat("# "+strings.Repeat("x", 97)+"\n", robotsMax/100-1)
	s := newSite(t)
	s.text("/robots.txt", "text/plain", "User-agent: *\nDisallow: /private/\n"+pad+strings.Repeat("Disallow: /news/one\n", 600000))
	s.text("/news/one", "text/html", anArticle)
	s.text("/private/one", "text/html", anArticle)
	v := visitor(t, testConfig())
	_, err := v.Article(t.Context(), s.URL+"/private/one")
	wantReason(t, err, "robots")
	r, err := v.c.getRobots(t.Context(), s.URL+"/robots.txt")
	if err != nil || len(r.body) > robotsMax || len(r.body) < robotsMax-100 || r.body[len(r.body)-1] != '\n' {
		t.Errorf("%v, want whole lines of the first %d bytes", err, robotsMax)
	}
}
