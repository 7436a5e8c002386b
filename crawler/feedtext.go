package crawler

import (
	"bytes"
	"encoding/xml"
	"fmt"
	"io"
	"mime"
	"regexp"
	"strings"
	"unicode/utf8"

	"golang.org/x/net/html/charset"
	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/unicode"
	"golang.org/x/text/encoding/unicode/utf32"
)

var xmlEncoding = regexp.MustCompile(`^\s*<\?xml[^>]{0,200}?encoding\s*=\s*["']([A-Za-z0-9_.:-]{1,40})["'][^>]{0,200}\?>`)

// feedText gives a feed in UTF-8 and without a declaration of another
// charset. The order is that of RFC 7303: byte order mark, Content-Type, XML
// declaration; then UTF-8 if it is that, and windows-1252 if not.
func feedText(b []byte, contentType string) []byte {
	enc, n := markedEncoding(b)
	b = b[n:]
	if enc == nil && n == 0 {
		_, params, _ := mime.ParseMediaType(contentType)
		declared := ""
		if m := xmlEncoding.FindSubmatch(b[:min(len(b), 1024)]); m != nil {
			declared = string(m[1])
		}
		for _, name := range []string{params["charset"], declared} {
			if strings.HasPrefix(strings.ToLower(name), "utf-16") || strings.HasPrefix(strings.ToLower(name), "utf-32") {
				continue // it was read as bytes up to here, so it is neither
			}
			if e, canonical := charset.Lookup(name); e != nil {
				// What calls itself UTF-8 and is not has come from a program that never asked.
				if canonical == "utf-8" && !utf8.Valid(b) {
					continue
				}
				enc = e
				break
			}
		}
		if enc == nil && !utf8.Valid(b) {
			enc = charmap.Windows1252
		}
	}
	if enc != nil && enc != encoding.Nop {
		if out, err := enc.NewDecoder().Bytes(b); err == nil {
			b = out
		}
	}
	b = bytes.ToValidUTF8(bytes.TrimLeft(b, " \t\r\n"), []byte("\uFFFD"))
	if m := xmlEncoding.FindIndex(b[:min(len(b), 1024)]); m != nil {
		b = append([]byte(`<?xml version="1.0"?>`), b[m[1]:]...)
	}
	return b
}

// markedEncoding goes by the byte order mark, or by how "<" or "<?" looks in
// the wide charsets; n is the length of the mark.
func markedEncoding(b []byte) (enc encoding.Encoding, n int) {
	has := func(p string) bool { return bytes.HasPrefix(b, []byte(p)) }
	u16 := func(e unicode.Endianness) encoding.Encoding { return unicode.UTF16(e, unicode.IgnoreBOM) }
	u32 := func(e utf32.Endianness) encoding.Encoding { return utf32.UTF32(e, utf32.IgnoreBOM) }
	switch {
	case has("\xef\xbb\xbf"):
		return nil, 3
	case has("\xff\xfe\x00\x00"):
		return u32(utf32.LittleEndian), 4
	case has("\x00\x00\xfe\xff"):
		return u32(utf32.BigEndian), 4
	case has("\xff\xfe"):
		return u16(unicode.LittleEndian), 2
	case has("\xfe\xff"):
		return u16(unicode.BigEndian), 2
	case has("<\x00\x00\x00"):
		return u32(utf32.LittleEndian), 0
	case has("\x00\x00\x00<"):
		return u32(utf32.BigEndian), 0
	case has("<\x00"):
		return u16(unicode.LittleEndian), 0
	case has("\x00<"):
		return u16(unicode.BigEndian), 0
	case has("\x4c\x6f\xa7\x94"): // "<?xm" of a mainframe
		return charmap.CodePage037, 0
	}
	return nil, 0
}

var (
	strayAmp = regexp.MustCompile(`&(?:#\d{1,7};|#[xX][0-9a-fA-F]{1,6};|[A-Za-z][A-Za-z0-9]{1,30};)?`)
	control  = regexp.MustCompile(`[\x00-\x08\x0b\x0c\x0e-\x1f]`)
)

// mendXML repairs the faults that hand-made feeds have most: a bare "&",
// control characters, and a CDATA section that is never closed.
func mendXML(b []byte) []byte {
	b = control.ReplaceAll(b, nil)
	b = strayAmp.ReplaceAllFunc(b, func(m []byte) []byte {
		if len(m) == 1 {
			return []byte("&amp;")
		}
		return m
	})
	if i := bytes.LastIndex(b, []byte("<![CDATA[")); i >= 0 && !bytes.Contains(b[i:], []byte("]]>")) {
		b = append(bytes.Clone(b), "]]>"...)
	}
	if i := bytes.LastIndexByte(b, '<'); i >= 0 && !bytes.ContainsRune(b[i:], '>') {
		b = bytes.Clone(b[:i]) // cut within a tag
	}
	return closeTags(b)
}

// closeTags ends what a cut document leaves open.
func closeTags(b []byte) []byte {
	dec := xml.NewDecoder(bytes.NewReader(b))
	dec.Strict = false
	dec.CharsetReader = func(_ string, r io.Reader) (io.Reader, error) { return r, nil }
	var open []string
	for {
		tok, err := dec.RawToken()
		if err != nil {
			break
		}
		switch x := tok.(type) {
		case xml.StartElement:
			name := x.Name.Local
			if x.Name.Space != "" {
				name = x.Name.Space + ":" + name
			}
			if open = append(open, name); len(open) > maxOpen {
				return b
			}
		case xml.EndElement:
			if n := len(open); n > 0 {
				open = open[:n-1]
			}
		}
	}
	b = bytes.Clone(b)
	for i := len(open) - 1; i >= 0; i-- {
		b = fmt.Appendf(b, "</%s>", open[i])
	}
	return b
}

// maxOpen is how deep a feed is that is mended.
const maxOpen = 50
