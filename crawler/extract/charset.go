package extract

import (
	"bytes"
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/net/html/charset"
	"golang.org/x/text/encoding"
)

var metaCharset = regexp.MustCompile(`(?i)<meta[^>]{0,200}?charset\s*=\s*["']?\s*([a-z0-9_:.-]{2,40})`)

// jisEscape begins Japanese text in a charset of seven bits.
var jisEscape = regexp.MustCompile(`\x1b\$[@B]`)

// decode gives the page as valid UTF-8.
func decode(b []byte, contentType string) ([]byte, error) {
	enc, name, certain := charset.DetermineEncoding(b, contentType)
	valid := utf8.Valid(b)
	if !certain || (name == "windows-1252" && !strings.Contains(strings.ToLower(contentType), "charset")) {
		declared := certain
		if !certain {
			if m := metaCharset.FindSubmatch(b); m != nil {
				if e, n := charset.Lookup(string(m[1])); e != nil {
					if strings.HasPrefix(n, "utf-16") {
						e, n = encoding.Nop, "utf-8" // it was read as bytes up to here, so it is not
					}
					enc, name, declared = e, n, true
				}
			}
		}
		switch {
		case !declared && jisEscape.Match(b): // looks like ASCII, as all its bytes are below 0x80
			enc, name = charset.Lookup("iso-2022-jp")
		case valid && !declared:
			enc, name = nil, "utf-8"
		case !declared:
			enc, name = guess(b, enc, name)
		}
	}
	if name == "utf-8" && !valid {
		// Declared UTF-8 but it is not: a stray byte, or another charset altogether.
		if bad := invalidShare(b); bad > 0.3 {
			enc, name = guess(b, enc, name)
		}
	}
	if enc == nil || name == "utf-8" || enc == encoding.Nop {
		b = bytes.TrimPrefix(b, []byte("\xef\xbb\xbf"))
		if valid {
			return b, nil
		}
		return bytes.ToValidUTF8(b, []byte("\uFFFD")), nil
	}
	out, err := enc.NewDecoder().Bytes(b)
	if err != nil {
		return nil, err
	}
	return bytes.ToValidUTF8(out, []byte("\uFFFD")), nil
}

// invalidShare is the share of bytes over 0x7f that are no part of a valid rune.
func invalidShare(b []byte) float64 {
	high, bad := 0, 0
	for i := 0; i < len(b); {
		if b[i] < utf8.RuneSelf {
			i++
			continue
		}
		r, n := utf8.DecodeRune(b[i:])
		high += n
		if r == utf8.RuneError && n == 1 {
			bad++
		}
		i += n
	}
	if high == 0 {
		return 0
	}
	return float64(bad) / float64(high)
}

// clean makes one line of text: valid UTF-8, no control or invisible
// characters, runs of white space a single space.
func clean(s string) string {
	var b strings.Builder
	b.Grow(len(s))
	space := false
	for _, r := range s {
		switch {
		case unicode.IsSpace(r) || r == '\u2028' || r == '\u2029':
			space = true
			continue
		case unicode.IsControl(r), r == '\ufeff', r == '\u200b', r == '\u00ad', r == '\u2060', r == utf8.RuneError,
			r >= '\u202a' && r <= '\u202e', r >= '\u2066' && r <= '\u2069':
			continue
		}
		if space && b.Len() > 0 {
			b.WriteByte(' ')
		}
		space = false
		b.WriteRune(r)
	}
	return b.String()
}
