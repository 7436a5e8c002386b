package crawler

import (
	"bytes"
	"compress/gzip"
	"fmt"
	"io"
	"slices"
	"strings"
	"testing"
)

// plainRecord is one uncompressed record with a body of some length.
func plainRecord(uri string, length int) string {
	body := "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n" + strings.Repeat("x", length)
	return fmt.Sprintf("WARC/1.1\r\nWARC-Type: response\r\nWARC-Target-URI: %s\r\nWARC-Date: 2025-11-14T10:00:00Z\r\n"+
		"Content-Type: application/http; msgtype=response\r\nContent-Length: %d\r\n\r\n%s\r\n\r\n", uri, len(body), body)
}

func member(t testing.TB, s string) string {
	t.Helper()
	var b bytes.Buffer
	z := gzip.NewWriter(&b)
	if _, err := io.WriteString(z, s); err != nil {
		t.Fatal(err)
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

func readAll(t testing.TB, r io.Reader) (uris []string, res ReadResult) {
	t.Helper()
	res, err := ReadWARC(r, func(r Record) error {
		uris = append(uris, r.URI)
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return uris, res
}

// TestWARCGoesOn damages a record in the middle in several ways: the records
// before and after are read, and the place of the damage is told.
func TestWARCGoesOn(t *testing.T) {
	rec := func(name string) string { return plainRecord("http://a.example/"+name, 3000) }
	for _, zip := range []bool{false, true} {
		pack := func(s string) string {
			if zip {
				return member(t, s)
			}
			return s
		}
		one, two, three := pack(rec("1")), pack(rec("2")), pack(rec("3"))
		flipped := []byte(two)
		flipped[len(flipped)/2] ^= 0x55
		for name, bad := range map[string]string{
			"cut early":        two[:30],
			"cut late":         two[:len(two)-20],
			"zeroes":           strings.Repeat("\x00", 500),
			"other text":       "this is no record\r\n\r\n",
			"length too long":  pack(strings.Replace(rec("2"), "Content-Length: 3", "Content-Length: 9", 1)),
			"length no number": pack(strings.Replace(rec("2"), "Content-Length: ", "Content-Length: x", 1)),
			"flipped":          string(flipped),
		} {
			if name == "flipped" && !zip {
				continue // plain records have no checksum that every writer sets
			}
			t.Run(fmt.Sprintf("%s/%v", name, zip), func(t *testing.T) {
				file := one + bad + three + one
				uris, res := readAll(t, strings.NewReader(file))
				want := []string{"http://a.example/1", "http://a.example/3", "http://a.example/1"}
				if !slices.Equal(uris, want) || !res.Damaged || res.Offset != int64(len(one)) || res.Tail != -1 || res.Complaint == "" {
					t.Errorf("%v, %+v, want %v and damage at %d", uris, res, want, len(one))
				}
				// A stream that cannot go back may lose what lies in the damage, no more.
				uris, res = readAll(t, io.MultiReader(strings.NewReader(file)))
				if len(uris) == 0 || uris[0] != want[0] || !res.Damaged || res.Offset != int64(len(one)) {
					t.Errorf("as a stream: %v, %+v", uris, res)
				}
			})
		}
		uris, res := readAll(t, strings.NewReader(one+two+three[:len(three)-30]))
		if len(uris) != 2 || res.Tail != int64(len(one)+len(two)) || res.Offset != res.Tail {
			t.Errorf("cut at the end: %v, %+v, want the tail at %d", uris, res, len(one)+len(two))
		}
	}
}

// TestWARCManyDamages ends in a time that grows with the file.
func TestWARCManyDamages(t *testing.T) {
	part := member(t, plainRecord("http://a.example/x", 100))
	file := strings.Repeat(part[:len(part)-9], 3000)
	uris, res := readAll(t, strings.NewReader(file))
	if len(uris) != 0 || res.Damages != 3000 || res.Tail != 0 {
		t.Errorf("%d records, %+v, want 3000 damages from 0", len(uris), res)
	}
}

func TestDechunk(t *testing.T) {
	for in, want := range map[string]string{
		"5\r\nhello\r\n0\r\n\r\n":                  "hello",
		"3;x=y\r\nhel\r\n2\r\nlo\r\n0\r\nX: y\r\n": "hello",
		"5\nhello\n0\n\n":                          "hello",
		"<html>not chunked</html>":                 "<html>not chunked</html>",
		"3\r\nhel\r\nwhat is this\r\n":             "helwhat is this\r\n",
		"ff\r\nhello":                              "hello",
		"5\r\nhello":                               "hello",
		"":                                         "",
		"-1\r\nx":                                  "-1\r\nx",
		"ffffffffffffffffff\r\nx":                  "ffffffffffffffffff\r\nx",
	} {
		if got, _ := dechunk([]byte(in)); string(got) != want {
			t.Errorf("%q: %q, want %q", in, got, want)
		}
	}
}

func TestARC(t *testing.T) {
	const file = "filedesc://x.arc 0.0.0.0 20140216050221 text/plain 9\n1 0 Test\n\n\n" +
		"http://a.example/a b 10.0.0.1 20140216050221 text/html 41\nHTTP/1.0 200 OK\nContent-Length: 5\n\nhello\n\n"
	var got []Record
	res, err := ReadWARC(strings.NewReader(file), func(r Record) error {
		got = append(got, r)
		return nil
	})
	if err != nil || res.Damaged || len(got) != 2 {
		t.Fatalf("%+v, %+v, %v", got, res, err)
	}
	if r := got[1]; r.URI != "http://a.example/a%20b" || r.Status != 200 || strings.TrimSpace(string(r.Body)) != "hello" || r.Date.Year() != 2014 {
		t.Errorf("%+v", r)
	}
}

func FuzzWARC(f *testing.F) {
	rec := plainRecord("http://a.example/x", 20)
	f.Add([]byte(rec + rec))
	f.Add([]byte(member(f, rec) + member(f, rec)))
	f.Add([]byte(member(f, rec)[:60] + member(f, rec)))
	f.Add([]byte("filedesc://x.arc 0.0.0.0 20140216050221 text/plain 9\n1 0 Test\n\n"))
	f.Add([]byte(frame(f, nil, rec) + frame(f, nil, rec+rec)[:50] + frame(f, nil, rec)))
	f.Add([]byte(member(f, rec+"\x00\x00"+rec) + rec))
	f.Add([]byte("]*M\x18\x02\x00\x00\x00ab" + frame(f, nil, rec)))
	f.Fuzz(func(t *testing.T, b []byte) {
		n := 0
		last := int64(-1)
		// A stream that cannot go back gives no more, and comes to an end.
		stream := 0
		if _, err := ReadWARC(io.MultiReader(bytes.NewReader(b)), func(Record) error { stream++; return nil }); err == nil && stream > len(b)<<15 {
			t.Errorf("%d records of a stream of %d bytes", stream, len(b))
		}
		res, err := ReadWARC(bytes.NewReader(b), func(r Record) error {
			if n++; r.Offset < last || r.Offset >= int64(len(b)) {
				t.Errorf("record %d at %d after %d, in %d bytes", n, r.Offset, last, len(b))
			}
			last = r.Offset
			return nil
		})
		if err != nil {
			return // no WARC
		}
		most := len(b) << 15 // what is zipped grows so much at most
		if res.Records != n || res.Damaged != (res.Damages > 0) || res.Damages > most || res.Tail >= int64(len(b)) {
			t.Errorf("%+v of %d records in %d bytes", res, n, len(b))
		}
		// A file cut at its tail is sound: that is what repairs an archive.
		if res.Tail >= 0 && res.Damages == 1 {
			again, err := ReadWARC(bytes.NewReader(b[:res.Tail]), func(Record) error { return nil })
			if err != nil && res.Tail > 0 || again.Damaged || again.Records != n {
				t.Errorf("cut at the tail: %+v, %v, want %d sound records", again, err, n)
			}
		}
	})
}

// BenchmarkWARC reads an archive whose records are zipped one by one.
func BenchmarkWARC(b *testing.B) {
	var file strings.Builder
	for i := range 50 {
		file.WriteString(member(b, fmt.Sprintf("WARC/1.0\r\nWARC-Type: request\r\nContent-Length: %d\r\n\r\nGET / HTTP/1.1\r\n\r\n\r\n\r\n", 18)))
		file.WriteString(member(b, plainRecord(fmt.Sprint("http://a.example/", i), 100<<10)))
	}
	b.SetBytes(int64(file.Len()))
	b.ReportAllocs()
	for b.Loop() {
		if uris, _ := readAll(b, strings.NewReader(file.String())); len(uris) != 100 {
			b.Fatal(len(uris))
		}
	}
}
