package crawler

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/klauspost/compress/zstd"
)

// warcRecordOf is a record with some more fields in its header.
func warcRecordOf(kind, uri, fields, block string) string {
	return fmt.Sprintf("WARC/1.0\r\nWARC-Type: %s\r\nWARC-Record-ID: <urn:%s>\r\nWARC-Target-URI: %s\r\nWARC-Date: 2025-11-14T10:00:00Z\r\n%sContent-Length: %d\r\n\r\n%s\r\n\r\n",
		kind, uri, uri, fields, len(block), block)
}

func recordsOf(t testing.TB, r io.Reader) (list []Record, res ReadResult) {
	t.Helper()
	res, err := ReadWARC(r, func(r Record) error {
		list = append(list, r)
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return list, res
}

// TestWARCMessages reads HTTP answers as archives really have them.
func TestWARCMessages(t *testing.T) {
	const http, page = "Content-Type: application/http; msgtype=response\r\n", "<html>text</html>"
	for name, c := range map[string]struct {
		fields, block string
		status        int
		body          string
		cut           bool
	}{
		"media type in other letters": {"Content-Type: Application/HTTP\r\n", "HTTP/1.1 200 OK\r\n\r\n" + page, 200, page, false},
		"no media type":               {"", "HTTP/1.1 200 OK\r\n\r\n" + page, 200, page, false},
		"no reason":                   {http, "HTTP/1.1 200\r\n\r\n" + page, 200, page, false},
		"HTTP/2":                      {http, "HTTP/2 200\r\nx: y\r\n\r\n" + page, 200, page, false},
		"status is no number":         {http, "HTTP/1.1 OK\r\n\r\n" + page, 0, page, false},
		"lines that are no fields":    {http, "HTTP/1.1 200 OK\r\nno field\r\n: no name\r\nA\x01: b\x00\r\nX-Y : z\r\n\r\n" + page, 200, page, false},
		"bare line ends":              {http, "HTTP/1.1 200 OK\nX: y\n\n" + page, 200, page, false},
		"interim answers":             {http, "HTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\nHTTP/1.1 100\r\n\r\nHTTP/1.1 200 OK\r\n\r\n" + page, 200, page, false},
		"latin 1 in a header":         {http, "HTTP/1.1 200 OK\r\nX: caf\xe9\r\n\r\n" + page, 200, page, false},
		"chunked in a list":           {http, "HTTP/1.1 200 OK\r\nTransfer-Encoding: identity, chunked\r\n\r\n5\r\n<p>ab\r\n0\r\n\r\n", 200, "<p>ab", false},
		"chunks without the last":     {http, "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\n<p>ab\r\n", 200, "<p>ab", true},
		"chunk cut":                   {http, "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nff\r\n<p>ab", 200, "<p>ab", true},
		"chunk cut behind the end":    {http, "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nff\r\n" + page, 200, page, false},
		"header but no chunks":        {http, "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n" + page, 200, page, false},
		"shorter than its length":     {http, "HTTP/1.1 200 OK\r\nContent-Length: 90\r\n\r\n<p>ab", 200, "<p>ab", true},
		"the length of what was zip":  {http, "HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 9\r\n\r\n" + page, 200, page, false},
		"cut in its zip":              {http, "HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\n\r\n" + member(t, page)[:30], 200, member(t, page)[:30], true},
		"zip that is damaged":         {http, "HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\n\r\n" + member(t, page)[:20] + "zzzzzzzzzzzzzzzzzz", 200, member(t, page)[:20] + "zzzzzzzzzzzzzzzzzz", true},
		"zip in chunks":               {http, "HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nTransfer-Encoding: chunked\r\n\r\n" + fmt.Sprintf("%x\r\n%s\r\n0\r\n\r\n", len(member(t, page)), member(t, page)), 200, page, false},
		"truncated":                   {http + "WARC-Truncated: length\r\n", "HTTP/1.1 200 OK\r\n\r\n<html><p>ab", 200, "<html><p>ab", true},
		"truncated behind the end":    {http + "WARC-Truncated: disconnect\r\n", "HTTP/1.1 200 OK\r\n\r\n" + page, 200, page, false},
		"cut in its headers":          {http, "HTTP/1.1 200 OK\r\nContent-Length: 5\r\nX: y", 200, "", true},
		"no HTTP at all":              {"Content-Type: text/dns\r\n", "20251114\r\ncourier.example. 600 IN A 192.0.2.1\r\n", 0, "20251114\r\ncourier.example. 600 IN A 192.0.2.1\r\n", false},
	} {
		list, res := recordsOf(t, strings.NewReader(warcRecordOf("response", "http://a.example/", c.fields, c.block)))
		if len(list) != 1 || res.Damaged {
			t.Errorf("%s: %d records, %+v", name, len(list), res)
			continue
		}
		if r := list[0]; r.Status != c.status || string(r.Body) != c.body || r.Cut != c.cut {
			t.Errorf("%s: status %d, cut %v, body %q, want %d, %v, %q", name, r.Status, r.Cut, r.Body, c.status, c.cut, c.body)
		}
	}
}

// TestWARCHeaders reads the header of a record in the forms that writers give it.
func TestWARCHeaders(t *testing.T) {
	date := time.Date(2025, time.November, 14, 10, 0, 0, 0, time.UTC)
	for name, c := range map[string]struct {
		text, uri string
		date      time.Time
	}{
		"0.17":         {"WARC/0.17\r\nWARC-Type: response\r\nWARC-Target-URI: http://a.example/\r\nWARC-Date: 2025-11-14T10:00:00Z\r\nContent-Length: 0\r\n\r\n\r\n\r\n", "http://a.example/", date},
		"other case":   {"WARC/1.1\nwarc-type: Response\nwarc-target-uri: <http://a.example/>\nWARC-DATE: 2025-11-14T10:00:00.123456789Z\ncontent-length: 0\n\n\n\n", "http://a.example/", date.Add(123456789)},
		"folded":       {"WARC/1.0\r\nWARC-Type: response\r\nWARC-Target-URI:\r\n http://a.example/\r\nWARC-Date: 2025-11-14T10:00Z\r\nX: one\r\n\ttwo\r\nContent-Length: 0\r\n\r\n\r\n\r\n", "http://a.example/", date},
		"not ASCII":    {"WARC/1.0\r\nWARC-Type: response\r\nÜbrig: é\r\nWARC-Filename: \xe9.gz\r\nWARC-Target-URI: http://a.example/é\r\nWARC-Date: 20251114100000\r\nContent-Length: 0\r\n\r\n\r\n\r\n", "http://a.example/é", date},
		"blanks":       {"WARC/1.0\r\nWARC-Type : response\r\nWARC-Target-URI  :  http://a.example/  \r\nWARC-Date: 2025-11\r\nContent-Length : 0\r\n\r\n\r\n\r\n", "http://a.example/", time.Date(2025, time.November, 1, 0, 0, 0, 0, time.UTC)},
		"another zone": {"WARC/1.0\r\nWARC-Type: response\r\nWARC-Target-URI: http://a.example/\r\nWARC-Date: 2025-11-14T12:00:00+02:00\r\nContent-Length: 0\r\n\r\n\r\n\r\n", "http://a.example/", date},
		"mixed ends":   {"WARC/1.0\nWARC-Type: response\r\nWARC-Target-URI: http://a.example/\nWARC-Date: 2025-11-14\r\nContent-Length: 0\n\r\n\n\n", "http://a.example/", date.Add(-10 * time.Hour)},
	} {
		list, res := recordsOf(t, strings.NewReader(c.text+c.text))
		if len(list) != 2 || res.Damaged {
			t.Errorf("%s: %d records, %+v", name, len(list), res)
			continue
		}
		for _, r := range list {
			if r.Type != "response" || r.URI != c.uri || !r.Date.Equal(c.date) {
				t.Errorf("%s: %s %q %v, want %q %v", name, r.Type, r.URI, r.Date, c.uri, c.date)
			}
		}
	}
}

// TestWARCKeepsGood damages files in more ways; no good record is lost, and
// each place is told.
func TestWARCKeepsGood(t *testing.T) {
	rec := func(n int) string { return plainRecord(fmt.Sprint("http://a.example/", n), 3000) }
	arc := func(n int) string {
		block := "HTTP/1.0 200 OK\r\nContent-Length: 5\r\n\r\nhello"
		return fmt.Sprintf("http://a.example/%d 10.0.0.1 20140216050221 text/html %d\n%s\n", n, len(block), block)
	}
	const fileDesc = "filedesc://x.arc 0.0.0.0 20140216050221 text/plain 9\n1 0 Test\n\n\n"
	long := strings.Replace(rec(2), "Content-Length: 3", "Content-Length: 9", 1)
	short := strings.Replace(rec(2), "Content-Length: 30", "Content-Length: 10", 1)
	zeroes := strings.Repeat("\x00", 512)
	flipped := []byte(member(t, rec(1)+rec(2)+rec(3)))
	flipped[len(flipped)-6] ^= 1 // of the checksum
	for name, c := range map[string]struct {
		file string
		want string // ends of the URIs
		at   []int64
	}{
		"garbage first":                {"no record\n\x00\x1f\x8b" + rec(1) + rec(2), "1 2", []int64{0}},
		"garbage first, zipped":        {"no record\n" + member(t, rec(1)) + member(t, rec(2)), "1 2", []int64{0}},
		"zeroes first, ARC":            {zeroes + fileDesc + arc(1), " 1", []int64{0}},
		"all in one member, long":      {member(t, rec(1)+long+rec(3)+rec(4)), "1 3 4", []int64{0}},
		"all in one member, short":     {member(t, rec(1)+short+rec(3)+rec(4)), "1 3 4", []int64{0}},
		"all in one member, garbage":   {member(t, rec(1)+zeroes+rec(3)+"none\r\n\r\n"+rec(4)), "1 3 4", []int64{0, 0}},
		"all in one member, checksum":  {string(flipped), "1 2 3", []int64{0}},
		"all in one member, cut":       {member(t, rec(1)+rec(2)+rec(3))[:len(member(t, rec(1)+rec(2)))-20], "1", []int64{0}},
		"zeroes between members":       {member(t, rec(1)) + zeroes + member(t, rec(2)) + zeroes, "1 2", []int64{int64(len(member(t, rec(1)))), int64(len(member(t, rec(1)) + zeroes + member(t, rec(2))))}},
		"line ends between members":    {member(t, rec(1)) + "\r\n\n" + member(t, rec(2)) + "\n", "1 2", nil},
		"zipped and plain":             {member(t, rec(1)) + rec(2) + rec(3) + member(t, rec(4)), "1 2 3 4", nil},
		"ARC behind WARC":              {rec(1) + fileDesc + arc(2) + member(t, fileDesc) + member(t, arc(3)), "1  2  3", nil},
		"no empty line between":        {strings.TrimRight(rec(1), "\r\n") + rec(2), "1 2", nil},
		"header cut into the next":     {rec(1)[:25] + rec(2) + rec(3)[:60] + rec(4), "2 4", []int64{0, int64(25 + len(rec(2)))}},
		"ARC with a wrong length":      {fileDesc + arc(1) + strings.Replace(arc(2), "html 4", "html 9", 1) + arc(3) + arc(4), " 1 3 4", []int64{int64(len(fileDesc + arc(1)))}},
		"ARC zipped, with garbage":     {member(t, fileDesc+arc(1)+zeroes+arc(2)), " 1 2", []int64{0}},
		"frames":                       {frame(t, nil, rec(1)) + frame(t, nil, rec(2)+rec(3)), "1 2 3", nil},
		"frames with one that is cut":  {frame(t, nil, rec(1)) + frame(t, nil, rec(2))[:60] + frame(t, nil, rec(3)), "1 3", []int64{int64(len(frame(t, nil, rec(1))))}},
		"frames with long headers":     {longFrame(rec(1)) + longFrame(rec(2)), "1 2", nil},
		"frame with half a header":     {frame(t, nil, rec(1)) + longFrame(rec(2))[:16], "1", []int64{int64(len(frame(t, nil, rec(1))))}},
		"frames with zeroes between":   {frame(t, nil, rec(1)) + zeroes + frame(t, nil, rec(3)), "1 3", []int64{int64(len(frame(t, nil, rec(1))))}},
		"frames and one to be skipped": {frame(t, nil, rec(1)) + "\x5a\x2a\x4d\x18\x04\x00\x00\x00WARC" + frame(t, nil, rec(3)), "1 3", nil},
	} {
		t.Run(name, func(t *testing.T) {
			for _, stream := range []bool{false, true} {
				var r io.Reader = strings.NewReader(c.file)
				if stream {
					if strings.HasPrefix(name, "frames with one") {
						continue // what is zipped and damaged has to be searched again
					}
					r = io.MultiReader(r)
				}
				list, res := recordsOf(t, r)
				var got []string
				for _, r := range list {
					got = append(got, strings.TrimPrefix(r.URI, "http://a.example/"))
				}
				at := append([]int64{res.Offset}, res.More...)[:min(res.Damages, 1)+len(res.More)]
				if strings.Join(got, " ") != c.want || !slices.Equal(at, c.at) || res.Damages != len(c.at) || res.Damaged && res.Complaint == "" {
					t.Errorf("stream %v: %q, damage at %v (%d): %s; want %q, %v", stream, got, at, res.Damages, res.Complaint, c.want, c.at)
				}
			}
		})
	}
	if _, err := ReadWARC(strings.NewReader("no record in here\n"+zeroes), func(Record) error { return nil }); err == nil {
		t.Error("a file without a record is taken for an archive")
	}
}

// frame is a Zstandard frame with a checksum.
func frame(t testing.TB, dict []byte, s string) string {
	t.Helper()
	var o []zstd.EOption
	if dict != nil {
		o = append(o, zstd.WithEncoderDict(dict))
	}
	w, err := zstd.NewWriter(nil, o...)
	if err != nil {
		t.Fatal(err)
	}
	defer w.Close()
	return string(w.EncodeAll([]byte(s), nil))
}

// longFrame is a frame that holds a text as it is, with the longest header: a
// window, the number of a dictionary (none), and the size in eight bytes.
func longFrame(s string) string {
	h := append([]byte{}, zstdMagic...)
	h = append(h, 0xc3, 0x58, 0, 0, 0, 0)
	h = binary.LittleEndian.AppendUint64(h, uint64(len(s)))
	block := len(s)<<3 | 1 // the last one
	return string(append(h, byte(block), byte(block>>8), byte(block>>16))) + s
}

// TestWARCDictionary reads an archive whose frames need the dictionary at its
// beginning, as it is or zipped, and says what is missing where it is missing.
func TestWARCDictionary(t *testing.T) {
	dict := buildDict(t)
	records := frame(t, dict, plainRecord("http://a.example/1", 900)) + frame(t, dict, plainRecord("http://a.example/2", 200000))
	for name, d := range map[string]string{"as it is": string(dict), "zipped": frame(t, nil, string(dict))} {
		size := len(d)
		head := string([]byte{0x5d, 0x2a, 0x4d, 0x18, byte(size), byte(size >> 8), byte(size >> 16), 0})
		list, res := recordsOf(t, strings.NewReader(head+d+records))
		if len(list) != 2 || res.Damaged || list[1].URI != "http://a.example/2" || len(list[1].Body) != 200000 || list[0].Offset != int64(8+size) {
			t.Errorf("%s: %d records, %+v", name, len(list), res)
		}
	}
	list, res := recordsOf(t, strings.NewReader("]*M\x18\x02\x00\x00\x00ab"+frame(t, nil, plainRecord("http://a.example/1", 9))))
	if len(list) != 1 || res.Damages != 1 || res.Offset != 0 || !strings.Contains(res.Complaint, "dictionary") {
		t.Errorf("with a wrong dictionary: %d records, %+v", len(list), res)
	}
	list, res = recordsOf(t, strings.NewReader(records))
	if len(list) != 0 || !res.Damaged || !strings.Contains(res.Complaint, "dictionary") {
		t.Errorf("without a dictionary: %d records, %+v", len(list), res)
	}
}

func buildDict(t testing.TB) []byte {
	t.Helper()
	var samples [][]byte
	for i := range 64 {
		samples = append(samples, []byte(plainRecord(fmt.Sprintf("http://a.example/%d", i*7919), 20+i)))
	}
	dict, err := zstd.BuildDict(zstd.BuildDictOptions{ID: 7, Contents: samples, History: []byte(plainRecord("http://a.example/", 50)), Offsets: [3]int{1, 4, 8}})
	if err != nil {
		t.Fatal(err)
	}
	return dict
}

// TestWARCSegments joins the segments of a record, and takes none for the whole.
func TestWARCSegments(t *testing.T) {
	const http = "Content-Type: application/http; msgtype=response\r\n"
	origin := "WARC-Segment-Origin-ID: <urn:http://a.example/>\r\n"
	first := warcRecordOf("response", "http://a.example/", http+"WARC-Segment-Number: 1\r\n", "HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\none")
	second := warcRecordOf("continuation", "http://a.example/", origin+"WARC-Segment-Number: 2\r\n", "two")
	third := warcRecordOf("continuation", "http://a.example/", origin+"WARC-Segment-Number: 3\r\nWARC-Segment-Total-Length: 47\r\n", "six")
	other := plainRecord("http://a.example/other", 10)
	for name, c := range map[string]struct{ file, want string }{
		"whole":               {first + second + third + other, "response 200 onetwosix false, response 200 xxxxxxxxxx false"},
		"without the last":    {first + second + other, "response 200 onetwo true, response 200 xxxxxxxxxx false"},
		"without the second":  {first + third + other, "response 200 one true, continuation 0 six true, response 200 xxxxxxxxxx false"},
		"without the first":   {other + second, "response 200 xxxxxxxxxx false, continuation 0 two true"},
		"at the end":          {first, "response 200 one true"},
		"zipped":              {member(t, first) + member(t, second) + member(t, third), "response 200 onetwosix false"},
		"of another's origin": {first + strings.Replace(second, "Origin-ID: <urn:http", "Origin-ID: <urn:ftp", 1), "response 200 one true, continuation 0 two true"},
	} {
		list, res := recordsOf(t, strings.NewReader(c.file))
		var got []string
		for _, r := range list {
			got = append(got, fmt.Sprintf("%s %d %s %v", r.Type, r.Status, bytes.TrimSpace(r.Body), r.Cut))
		}
		if s := strings.Join(got, ", "); s != c.want || res.Damaged {
			t.Errorf("%s: %s, %+v, want %s", name, s, res, c.want)
		}
	}
}

// TestArchiveOfZeroes goes on beside a file of which a crash of the machine
// left zeroes only, and keeps it.
func TestArchiveOfZeroes(t *testing.T) {
	dir := t.TempDir()
	old := filepath.Join(dir, "dateline-20251114T000000.000000000.warc.gz")
	if err := errors.Join(os.WriteFile(old, make([]byte, 4096), 0o600), os.WriteFile(old+openMark, nil, 0o600)); err != nil {
		t.Fatal(err)
	}
	w := &warcWriter{dir: dir, agent: "Dateline/1.0", log: slog.New(slog.DiscardHandler)}
	if err := w.write(&response{url: "http://a.example/", status: 200, header: http.Header{}, body: []byte("hello"), date: time.Now()}); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	if info, err := os.Stat(old + damagedMark); err != nil || info.Size() != 4096 {
		t.Errorf("%v, want the file put aside", err)
	}
	files, err := filepath.Glob(filepath.Join(dir, "*.warc.gz*"))
	if err != nil || len(files) != 2 {
		t.Errorf("%v, %v, want the old file and a new one", files, err)
	}
}
