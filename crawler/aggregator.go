package crawler

import (
	"encoding/base64"
	"net/url"
	"strings"
)

// unwrap gives the address of the article behind a link of a news search:
// their feeds lead through an address of their own, which robots.txt may
// forbid or a script answers. What is not known is given back as it is.
//
//   - Google Alerts, Google and Bing: the address is a parameter.
//   - Google News: the name of the page is base64 of a message that holds the
//     address. Since 2024 many hold a token instead; those stay as they are.
func unwrap(link string) string {
	u, err := url.Parse(link)
	if err != nil {
		return link
	}
	host := strings.TrimPrefix(strings.ToLower(u.Hostname()), "www.")
	switch {
	case host == "news.google.com":
		_, name, ok := strings.Cut(u.Path, "/articles/")
		if !ok {
			break
		}
		if a := googleNewsAddress(name); a != "" {
			return a
		}
	case strings.HasPrefix(host, "google.") && u.Path == "/url", host == "bing.com" && u.Path == "/news/apiclick.aspx":
		for _, key := range []string{"url", "q"} {
			if a := u.Query().Get(key); isWeb(a) {
				return a
			}
		}
	}
	return link
}

// googleNewsAddress finds the first address in the message of a Google News
// page: a field of type bytes, whose length is in front of it.
func googleNewsAddress(name string) string {
	b, err := base64.RawURLEncoding.DecodeString(strings.TrimRight(name, "="))
	if err != nil {
		return ""
	}
	for i := 0; i+1 < len(b); i++ {
		n, rest := int(b[i]), b[i+1:]
		if n >= 0x80 && len(rest) > 0 { // a length of two bytes, as protocol buffers write it
			n, rest = n&0x7f|int(rest[0])<<7, rest[1:]
		}
		if n >= 12 && n <= len(rest) && isWeb(string(rest[:n])) {
			return string(rest[:n])
		}
	}
	return ""
}

func isWeb(s string) bool {
	if !strings.HasPrefix(s, "http://") && !strings.HasPrefix(s, "https://") {
		return false
	}
	for _, r := range s {
		if r <= ' ' || r == 0x7f || r == 0xfffd {
			return false
		}
	}
	u, err := url.Parse(s)
	return err == nil && u.Hostname() != ""
}
