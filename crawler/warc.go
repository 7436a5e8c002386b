package crawler

import (
	"bytes"
	"crypto/rand"
	"crypto/sha1"
	"encoding/base32"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/klauspost/compress/gzip"
)

// warcMax is where a new archive file is begun.
const warcMax = 1 << 30

// warcWriter appends responses to dir/*.warc.gz, each record a gzip member of
// its own, so that a file cut by a crash loses its last record at most.
type warcWriter struct {
	dir, agent string
	log        *slog.Logger
	repaired   bool
	mu         sync.Mutex
	f          warcFile // nil between files
	size       int64
	zip        map[int]*gzip.Writer                // by level; they are large
	torn       bool                                // the current file ends in half a record
	create     func(path string) (warcFile, error) // nil: createWARC; tests put in a disk that fails
}

// warcFile is what the writer needs of an *os.File.
type warcFile interface {
	Name() string
	Write(b []byte) (int, error)
	Seek(offset int64, whence int) (int64, error)
	Truncate(size int64) error
	Sync() error
	Close() error
}

func createWARC(path string) (warcFile, error) {
	return os.OpenFile(path, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o644)
}

// openMark is the end of the name of an empty file that lies beside an
// archive file while that is written: where it is found at the start, the
// last run was killed.
const openMark = ".open"

// damagedMark is the end of the name of an archive file in which nothing is
// that can be read.
const damagedMark = ".damaged"

// repair cuts off the half record that a killed run may have left at the end
// of its file. A record is acknowledged only when it is whole on disk, so
// nothing is lost. Damage before the end is left as it is.
func (w *warcWriter) repair() error {
	marks, err := filepath.Glob(filepath.Join(w.dir, "*"+openMark))
	if err != nil {
		return err
	}
	for _, mark := range marks {
		name := strings.TrimSuffix(mark, openMark)
		at, torn, err := tornAt(name)
		if errors.Is(err, errNoWARC) {
			// As of a file whose size came to the disk, and its bytes did not:
			// it is kept, but must not keep the crawl from its archive.
			if err := os.Rename(name, name+damagedMark); err != nil {
				return err
			}
			w.log.Warn("archive: no record can be read, put aside", "file", filepath.Base(name)+damagedMark)
		} else if err != nil && !errors.Is(err, os.ErrNotExist) {
			return fmt.Errorf("%s: %w", name, err)
		}
		if torn {
			if err := os.Truncate(name, at); err != nil {
				return err
			}
			w.log.Warn("archive: the last record was cut by a crash and is removed", "file", filepath.Base(name), "offset", at)
		}
		if err := os.Remove(mark); err != nil {
			return err
		}
	}
	return nil
}

// tornAt says where the half record at the end of a file begins, if there is one.
func tornAt(name string) (at int64, torn bool, err error) {
	f, err := os.Open(name)
	if err != nil {
		return 0, false, err
	}
	defer f.Close()
	res, err := ReadWARC(f, func(Record) error { return nil })
	if err != nil { // not even the first bytes were written
		if info, serr := f.Stat(); serr == nil && info.Size() < 5 {
			return 0, true, nil
		}
		return 0, false, err
	}
	return res.Tail, res.Tail >= 0, nil
}

func recordID() string {
	var b [16]byte
	_, _ = rand.Read(b[:]) // never fails
	b[6], b[8] = b[6]&0x0f|0x40, b[8]&0x3f|0x80
	h := hex.EncodeToString(b[:])
	return fmt.Sprintf("<urn:uuid:%s-%s-%s-%s-%s>", h[:8], h[8:12], h[12:16], h[16:20], h[20:])
}

// feedDateField is our own field of a record: the date that the feed or sitemap
// had which named the page. Without it a second extraction would know less.
const feedDateField = "Dateline-Feed-Date"

// Fetched says how the page of a record came about.
func (r *Record) Fetched() Fetched {
	f := Fetched{URL: r.URI, At: r.Date}
	if t, err := time.Parse(time.RFC3339, r.Header.Get(feedDateField)); err == nil {
		f.FeedDate = t.UTC()
	}
	return f
}

// write returns when the record is on disk.
func (w *warcWriter) write(r *response) error {
	w.mu.Lock()
	defer w.mu.Unlock()
	if err := w.open(); err != nil {
		return err
	}
	var block bytes.Buffer
	proto := "HTTP/1.1"
	if r.proto == "HTTP/1.0" {
		proto = r.proto // HTTP/2 has no status line; readers expect the form of 1.1
	}
	fmt.Fprintf(&block, "%s %d %s\r\n", proto, r.status, http.StatusText(r.status))
	h := r.header.Clone()
	drop := []string{"Transfer-Encoding", "Content-Length", "Set-Cookie"}
	body, level := r.sent, gzip.NoCompression // it is compressed as it is
	if body == nil {
		// Without its coding, so the headers must say so.
		drop, body, level = append(drop, "Content-Encoding"), r.body, gzip.BestSpeed
	}
	for _, k := range drop {
		h.Del(k)
	}
	h.Set("Content-Length", strconv.Itoa(len(body)))
	if err := h.Write(&block); err != nil {
		return err
	}
	block.WriteString("\r\n")
	block.Write(body)
	sum := sha1.Sum(body)
	own := ""
	if !r.feedDate.IsZero() {
		own = feedDateField + ": " + r.feedDate.UTC().Format(time.RFC3339) + "\r\n"
	}
	head := fmt.Sprintf("WARC/1.1\r\nWARC-Type: response\r\nWARC-Record-ID: %s\r\nWARC-Target-URI: %s\r\nWARC-Date: %s\r\n"+
		"WARC-Payload-Digest: sha1:%s\r\n%sContent-Type: application/http; msgtype=response\r\nContent-Length: %d\r\n\r\n",
		recordID(), r.url, r.date.UTC().Format(time.RFC3339), base32.StdEncoding.EncodeToString(sum[:]), own, block.Len())
	return w.append([]byte(head), block.Bytes(), level)
}

// append writes one member; after a failed write the file is cut back, so
// that later records can be read.
func (w *warcWriter) append(head, block []byte, level int) error {
	var member bytes.Buffer
	zw := w.zip[level]
	if zw == nil {
		var err error
		if zw, err = gzip.NewWriterLevel(&member, level); err != nil {
			return err
		}
		if w.zip == nil {
			w.zip = map[int]*gzip.Writer{}
		}
		w.zip[level] = zw
	}
	zw.Reset(&member)
	for _, b := range [][]byte{head, block, []byte("\r\n\r\n")} {
		if _, err := zw.Write(b); err != nil {
			return err
		}
	}
	if err := zw.Close(); err != nil {
		return err
	}
	_, err := w.f.Write(member.Bytes())
	if err == nil {
		err = w.f.Sync()
	}
	if err != nil {
		terr := w.f.Truncate(w.size)
		if _, serr := w.f.Seek(w.size, io.SeekStart); terr == nil {
			terr = serr
		}
		if terr != nil {
			w.torn = true // mended at the next start; the next record goes to a new file
			return errors.Join(err, terr, w.end())
		}
		return err
	}
	w.size += int64(member.Len())
	return nil
}

func (w *warcWriter) open() error {
	if w.f != nil && w.size < warcMax {
		return nil
	}
	if err := w.end(); err != nil {
		return err
	}
	if err := os.MkdirAll(w.dir, 0o755); err != nil {
		return err
	}
	if !w.repaired {
		// Not before the first record: who only reads must not touch a file
		// that another process may be writing.
		if err := w.repair(); err != nil {
			return err
		}
		w.repaired = true
	}
	name := fmt.Sprintf("dateline-%s.warc.gz", time.Now().UTC().Format("20060102T150405.000000000"))
	path := filepath.Join(w.dir, name)
	if err := os.WriteFile(path+openMark, nil, 0o644); err != nil {
		return err
	}
	create := w.create
	if create == nil {
		create = createWARC
	}
	f, err := create(path)
	if err != nil {
		return errors.Join(err, os.Remove(path+openMark))
	}
	w.f, w.size = f, 0
	// The name is durable only with its directory.
	if d, err := os.Open(w.dir); err == nil {
		err = d.Sync()
		d.Close()
		if err != nil {
			return err
		}
	}
	if err := w.info(); err != nil {
		// A file without its first record is of no use.
		w.torn = w.f != nil
		return errors.Join(err, w.end(), os.Remove(path), os.Remove(path+openMark))
	}
	return nil
}

// info writes the first record of a file.
func (w *warcWriter) info() error {
	info := "software: " + w.agent + "\r\nformat: WARC File Format 1.1\r\n"
	head := fmt.Sprintf("WARC/1.1\r\nWARC-Type: warcinfo\r\nWARC-Record-ID: %s\r\nWARC-Date: %s\r\nContent-Type: application/warc-fields\r\nContent-Length: %d\r\n\r\n",
		recordID(), time.Now().UTC().Format(time.RFC3339), len(info))
	return w.append([]byte(head), []byte(info), gzip.BestSpeed)
}

// Close ends the current file.
func (w *warcWriter) Close() error {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.end()
}

// end closes the current file, if there is one.
func (w *warcWriter) end() error {
	if w.f == nil {
		return nil
	}
	err := w.f.Close()
	if err == nil && !w.torn {
		err = os.Remove(w.f.Name() + openMark)
	}
	w.f, w.torn = nil, false
	return err
}
