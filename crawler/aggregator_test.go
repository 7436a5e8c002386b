package crawler

import (
	"encoding/base64"
	"strings"
	"testing"
)

func TestUnwrap(t *testing.T) {
	const article = "https://paper.example/news/memo-on-the-harbour?id=1"
	long := "https://paper.example/" + strings.Repeat("a-long-way-", 20)
	message := func(a string) string {
		b := []byte{0x08, 0x13, 0x22, byte(len(a))}
		if len(a) >= 0x80 {
			b = []byte{0x08, 0x13, 0x22, byte(len(a)&0x7f | 0x80), byte(len(a) >> 7)}
		}
		b = append(append(b, a...), 0xd2, 0x01, 0x00)
		return "https://news.google.com/rss/articles/" + base64.RawURLEncoding.EncodeToString(b) + "?oc=5"
	}
	token := "https://news.google.com/rss/articles/" + base64.RawURLEncoding.EncodeToString([]byte("\x08\x13\x22\x20AU_yqLMdRzWtPqk8mE4bX0v7nC1sJhG2")) + "?oc=5"
	for _, c := range []struct{ name, in, want string }{
		{"Google News", message(article), article},
		{"Google News, long", message(long), long},
		{"Google News, a token", token, token},
		{"Google News, a topic", "https://news.google.com/topics/abc", "https://news.google.com/topics/abc"},
		{"Google Alerts", "https://www.google.com/url?rct=j&sa=t&url=https://paper.example/news/memo-on-the-harbour%3Fid%3D1&ct=ga", article},
		{"Bing", "http://www.bing.com/news/apiclick.aspx?ref=FexRss&url=https%3a%2f%2fpaper.example%2fnews%2fmemo-on-the-harbour%3fid%3d1&c=1", article},
		{"no address in it", "https://www.google.com/url?url=javascript:alert(1)", "https://www.google.com/url?url=javascript:alert(1)"},
		{"an outlet", article, article},
		{"an outlet with an address in it", "https://paper.example/url?url=https://other.example/", "https://paper.example/url?url=https://other.example/"},
		{"nothing", "", ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			if got := unwrap(c.in); got != c.want {
				t.Errorf("%q, want %q", got, c.want)
			}
		})
	}
}

func FuzzUnwrap(f *testing.F) {
	f.Add("https://news.google.com/rss/articles/CBMiI2h0dHBzOi8vcGFwZXIuZXhhbXBsZS9uZXdzL21lbW8tMdIBAA")
	f.Add("https://www.google.com/url?url=https://paper.example/")
	f.Fuzz(func(t *testing.T, in string) {
		if got := unwrap(in); got != in && !isWeb(got) {
			t.Errorf("unwrap(%q) = %q", in, got)
		}
	})
}
