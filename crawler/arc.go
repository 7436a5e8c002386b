package crawler

import (
	"strconv"
	"strings"
	"time"
)

// arcMagic begins an ARC file, the format that archives had before WARC.
const arcMagic = "filedesc://"

// arcHeader reads the first line of an ARC record: URL, IP address, date,
// media type and length, in version 2 with five more fields before the length.
func arcHeader(line string) (rec Record, length int64, ok bool) {
	if !arcStart.MatchString(line) {
		return rec, 0, false
	}
	f := strings.Split(line, " ")
	if len(f) < 5 { // an address may hold blanks
		return rec, 0, false
	}
	length, err := strconv.ParseInt(f[len(f)-1], 10, 64)
	if err != nil || length < 0 || length > maxRecord {
		return rec, 0, false
	}
	for _, at := range []int{len(f) - 3, len(f) - 8} { // of the date, in version 1 and 2
		if at < 2 {
			continue
		}
		date, err := time.Parse("20060102150405", f[at])
		if err != nil {
			continue
		}
		rec.URI, rec.Date, rec.Type = strings.Join(f[:at-1], "%20"), date, "response"
		if strings.HasPrefix(rec.URI, arcMagic) {
			rec.URI, rec.Type = "", "warcinfo"
		}
		return rec, length, true
	}
	return rec, 0, false
}

// wholeARC says whether a page is whole by its own Content-Length: files whose
// line ends were changed are a little shorter than their last record says.
func wholeARC(block []byte) bool {
	_, h, body, ok := httpMessage(block)
	n, err := strconv.ParseInt(h.Get("Content-Length"), 10, 64)
	return ok && err == nil && n >= 0 && int64(len(body)) >= n
}
