package crawler

import (
	"fmt"
	"strings"
	"testing"
)

// TestRawAnswers sends answers as broken servers do: each is the page or a
// reason, and nothing else is ever taken.
func TestRawAnswers(t *testing.T) {
	const page = "<html><title>Title</title><p>hello</p></html>"
	html := "Content-Type: text/html\r\n"
	length := fmt.Sprintf("Content-Length: %d\r\n", len(page))
	chunks := fmt.Sprintf("%x\r\n%s\r\n0\r\n\r\n", len(page), page)
	for _, c := range []struct{ name, raw, want string }{ // want: "" is the page, else reasons
		{"as it should be", "HTTP/1.1 200 OK\r\n" + html + length + "\r\n" + page, ""},
		{"line ends without CR", strings.ReplaceAll("HTTP/1.1 200 OK\r\n"+html+length+"\r\n", "\r\n", "\n") + page, ""},
		{"no reason phrase", "HTTP/1.1 200\r\n" + html + length + "\r\n" + page, ""},
		{"folded header", "HTTP/1.1 200 OK\r\n" + html + "X-Long: a\r\n b\r\n" + length + "\r\n" + page, ""},
		{"chunks with extensions and trailers", "HTTP/1.1 200 OK\r\n" + html + "Transfer-Encoding: chunked\r\n\r\n" + fmt.Sprintf("%x;a=b\r\n%s\r\n0\r\nX-Sum: 1\r\n\r\n", len(page), page), ""},
		{"the same length twice", "HTTP/1.1 200 OK\r\n" + html + length + length + "\r\n" + page, ""},
		{"no media type", "HTTP/1.1 200 OK\r\n" + length + "\r\n" + page, ""},
		{"a media type in capitals", "HTTP/1.1 200 OK\r\nCONTENT-TYPE: TEXT/HTML;CHARSET=UTF-8\r\n" + length + "\r\n" + page, ""},
		{"more than it says", "HTTP/1.1 200 OK\r\n" + html + length + "\r\n" + page + "<p>more</p>", ""},
		{"a later version", "HTTP/1.9 200 OK\r\n" + html + length + "\r\n" + page, ""},
		{"until the connection ends", "HTTP/1.0 200 OK\r\n" + html + "\r\n" + page, ""},
		{"two lengths", "HTTP/1.1 200 OK\r\n" + html + length + "Content-Length: 7\r\n\r\n" + page, "network"},
		{"a length that is none", "HTTP/1.1 200 OK\r\n" + html + "Content-Length: 4x\r\n\r\n" + page, "network"},
		{"a length with a sign", "HTTP/1.1 200 OK\r\n" + html + "Content-Length: +45\r\n\r\n" + page, "network"},
		{"a length beyond all", "HTTP/1.1 200 OK\r\n" + html + "Content-Length: 99999999999999999999\r\n\r\n" + page, "network"},
		{"an enormous length", "HTTP/1.1 200 OK\r\n" + html + "Content-Length: 999999999999\r\n\r\n" + page, "truncated"},
		{"an unknown transfer coding", "HTTP/1.1 200 OK\r\n" + html + "Transfer-Encoding: rot13\r\n\r\n" + page, "network"},
		{"an enormous chunk", "HTTP/1.1 200 OK\r\n" + html + "Transfer-Encoding: chunked\r\n\r\nfffffffffffffff\r\n" + page, "truncated"},
		{"a chunk beyond all", "HTTP/1.1 200 OK\r\n" + html + "Transfer-Encoding: chunked\r\n\r\nffffffffffffffffffff\r\n" + page, "bad_encoding"},
		{"cut between two chunks", "HTTP/1.1 200 OK\r\n" + html + "Transfer-Encoding: chunked\r\n\r\n" + strings.TrimSuffix(chunks, "0\r\n\r\n"), "truncated"},
		{"a chunk without its end", "HTTP/1.1 200 OK\r\n" + html + "Transfer-Encoding: chunked\r\n\r\n5\r\nhello!!\r\n0\r\n\r\n", "bad_encoding"},
		{"a header without a colon", "HTTP/1.1 200 OK\r\nnonsense\r\n" + html + length + "\r\n" + page, "network"},
		{"a NUL in a header", "HTTP/1.1 200 OK\r\n" + html + "X-Nul: a\x00b\r\n" + length + "\r\n" + page, "network"},
		{"headers that end with the connection", "HTTP/1.1 200 OK\r\n" + html, "network truncated"},
		{"nothing at all", "", "network"},
		{"a page without headers", page, "network"},
		{"another protocol", "SSH-2.0-OpenSSH_9.6\r\n", "network"},
		{"a status that is none", "HTTP/1.1 abc OK\r\n" + html + length + "\r\n" + page, "network"},
		{"a status of two digits", "HTTP/1.1 20 OK\r\n" + html + length + "\r\n" + page, "network"},
		{"an unasked switch of protocols", "HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\nConnection: Upgrade\r\n\r\n" + page, "network no_content http_4xx"},
		{"an empty page", "HTTP/1.1 200 OK\r\n" + html + "Content-Length: 0\r\n\r\n", "not_article"},
		{"a picture by its type", "HTTP/1.1 200 OK\r\nContent-Type: image/png\r\n" + length + "\r\n" + page, "not_html"},
		{"a picture without a type", "HTTP/1.1 200 OK\r\nContent-Length: 12\r\n\r\n\x89PNG\r\n\x1a\n\x00\x00\x00\x0d", "not_html"},
		{"a header line of a megabyte", "HTTP/1.1 200 OK\r\nX-Long: " + strings.Repeat("x", 1<<20) + "\r\n" + html + length + "\r\n" + page, "too_large"},
	} {
		t.Run(c.name, func(t *testing.T) {
			a, err := visitor(t, testConfig()).Article(t.Context(), rawServer(t, []byte(c.raw))+"/news/one")
			if c.want == "" {
				if err != nil || a.Title != "Title" || a.Body != "hello" {
					t.Errorf("%+v, %v, want the page", a, err)
				}
				return
			}
			for reason := range strings.FieldsSeq(c.want) {
				if err != nil && strings.Contains(err.Error(), ": "+reason) {
					return
				}
			}
			t.Errorf("%+v, %v, want %s", a, err, c.want)
		})
	}
}
