package crawler

import (
	"bytes"
	"crypto/rand"
	"crypto/sha1"
	"encoding/base32"
	"encoding/hex"
	"errors"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"strconv"
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
	mu         sync.Mutex
	f          *os.File
	size       int64
}

func recordID() string {
	var b [16]byte
	_, _ = rand.Read(b[:]) // never fails
	b[6], b[8] = b[6]&0x0f|0x40, b[8]&0x3f|0x80
	h := hex.EncodeToString(b[:])
	return fmt.Sprintf("<urn:uuid:%s-%s-%s-%s-%s>", h[:8], h[8:12], h[12:16], h[16:20], h[20:])
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
	// The body is kept decoded, so the headers must say so.
	for _, k := range []string{"Content-Encoding", "Transfer-Encoding", "Content-Length", "Set-Cookie"} {
		h.Del(k)
	}
	h.Set("Content-Length", strconv.Itoa(len(r.body)))
	if err := h.Write(&block); err != nil {
		return err
	}
	block.WriteString("\r\n")
	block.Write(r.body)
	sum := sha1.Sum(r.body)
	head := fmt.Sprintf("WARC/1.1\r\nWARC-Type: response\r\nWARC-Record-ID: %s\r\nWARC-Target-URI: %s\r\nWARC-Date: %s\r\n"+
		"WARC-Payload-Digest: sha1:%s\r\nContent-Type: application/http; msgtype=response\r\nContent-Length: %d\r\n\r\n",
		recordID(), r.url, r.date.UTC().Format(time.RFC3339), base32.StdEncoding.EncodeToString(sum[:]), block.Len())
	return w.append([]byte(head), block.Bytes())
}

// append writes one member; after a failed write the file is cut back, so
// that later records can be read.
func (w *warcWriter) append(head, block []byte) error {
	var member bytes.Buffer
	zw := gzip.NewWriter(&member)
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
		err = errors.Join(err, w.f.Truncate(w.size))
		_, serr := w.f.Seek(w.size, 0)
		return errors.Join(err, serr)
	}
	w.size += int64(member.Len())
	return nil
}

func (w *warcWriter) open() error {
	if w.f != nil && w.size < warcMax {
		return nil
	}
	if w.f != nil {
		if err := w.f.Close(); err != nil {
			return err
		}
		w.f = nil
	}
	if err := os.MkdirAll(w.dir, 0o755); err != nil {
		return err
	}
	name := fmt.Sprintf("dateline-%s.warc.gz", time.Now().UTC().Format("20060102T150405.000000000"))
	f, err := os.OpenFile(filepath.Join(w.dir, name), os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o644)
	if err != nil {
		return err
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
	info := "software: " + w.agent + "\r\nformat: WARC File Format 1.1\r\n"
	head := fmt.Sprintf("WARC/1.1\r\nWARC-Type: warcinfo\r\nWARC-Record-ID: %s\r\nWARC-Date: %s\r\nContent-Type: application/warc-fields\r\nContent-Length: %d\r\n\r\n",
		recordID(), time.Now().UTC().Format(time.RFC3339), len(info))
	return w.append([]byte(head), []byte(info))
}

// Close ends the current file.
func (w *warcWriter) Close() error {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.f == nil {
		return nil
	}
	err := w.f.Close()
	w.f = nil
	return err
}
