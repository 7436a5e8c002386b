package crawler

import "strings"

// plain says that an address is surely its own canonical spelling, as most
// links of a page are, so that the parser need not be asked, which takes a
// hundred times as long: a scheme, a name of lower-case letters with a dot in
// it, and a path of plain characters; no port, escape, parameter or fragment,
// and nothing that Canonical takes away.
func plain(raw string) bool {
	rest, ok := strings.CutPrefix(raw, "https://")
	if !ok {
		if rest, ok = strings.CutPrefix(raw, "http://"); !ok {
			return false
		}
	}
	end := strings.IndexByte(rest, '/')
	if end < 0 {
		return false // the slash is missing
	}
	host, path := rest[:end], rest[end:]
	return plainHost(host) && plainPath(path)
}

func plainHost(host string) bool {
	label := 0 // where the last one begins
	for i := range len(host) {
		switch c := host[i]; {
		case c >= 'a' && c <= 'z', c >= '0' && c <= '9', c == '-':
		case c == '.' && i > label: // no label is empty
			label = i + 1
		default:
			return false
		}
	}
	// A number in the end makes it an IPv4 address, of which there are odd
	// spellings; "--" may be punycode; the others may be caches of AMP pages.
	last := host[label:]
	return label > 0 && last != "" && last[0] >= 'a' && len(host) < 200 && !strings.Contains(host, "--") &&
		!strings.Contains(host, "ampproject.") && !strings.Contains(host, "google.") && !strings.Contains(host, "bing")
}

func plainPath(path string) bool {
	for i := range len(path) {
		switch c := path[i]; {
		case c >= 'a' && c <= 'z', c >= 'A' && c <= 'Z', c >= '0' && c <= '9', c == '-', c == '_':
		case c == '.' && path[i-1] != '/', c == '/' && (i == 0 || path[i-1] != '/'):
		default:
			return false
		}
	}
	return !strings.HasSuffix(path, "/index.html") && !strings.HasSuffix(path, "/index.htm")
}
