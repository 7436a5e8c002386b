package indexer

import (
	"bufio"
	"encoding/binary"
	"errors"
	"fmt"
	"hash/crc32"
	"io"
	"os"

	"golang.org/x/sys/unix"
)

// A doc log is a file of one generation to which a record is appended for
// each article that is indexed. The place of a record is the article's
// ordinal, which is also its identifier in bleve, so columns, postings and
// texts meet without a look-up by name. An article that changes gets a new
// record; the old one is dead until the next reindex.
//
// A record holds what searches need and bleve does not give cheaply: the
// values of the columns, and the forward index, which is the article's terms
// in their order as numbers of the vocabulary. Phrases and proximity are
// verified on it, so bleve keeps no positions.
//
//	file   = magic record*
//	record = length uint32, crc32c of the payload uint32, payload
//
// The log is read through a mapping of the file, so it costs no heap.
type docLog struct {
	f    *os.File
	size int64
	maps []mapped // the last is the current one; views may use older ones
	w    *bufio.Writer
}

// mapped is the file in memory.
type mapped []byte

const (
	logMagic     = "dateline doc log 6\n"
	recordHead   = 8
	maxRecord    = 256 << 20
	mapReserve   = 64 << 20
	mapAlignment = 1 << 20
)

var castagnoli = crc32.MakeTable(crc32.Castagnoli)

// openDocLog opens or makes a log. A record that was cut by a crash, and what
// follows it, is taken off: its article is not marked as indexed yet.
// each is called with the mapping and the offset in it of every whole record.
func openDocLog(path string, each func(m mapped, off int64) error) (*docLog, error) {
	f, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE, 0o644)
	if err != nil {
		return nil, err
	}
	l := &docLog{f: f}
	if err := l.scan(each); err != nil {
		l.close()
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	return l, nil
}

func (l *docLog) scan(each func(mapped, int64) error) error {
	st, err := l.f.Stat()
	if err != nil {
		return err
	}
	if st.Size() < int64(len(logMagic)) {
		if err := l.f.Truncate(0); err != nil {
			return err
		}
		if _, err := l.f.WriteAt([]byte(logMagic), 0); err != nil {
			return err
		}
		l.size = int64(len(logMagic))
		return l.begin()
	}
	l.size = st.Size()
	if err := l.remap(); err != nil {
		return err
	}
	m := l.maps[len(l.maps)-1]
	if string(m[:len(logMagic)]) != logMagic {
		return errors.New("not a doc log of this version")
	}
	at := int64(len(logMagic))
	for at+recordHead <= l.size {
		n := int64(binary.LittleEndian.Uint32(m[at:]))
		if n > maxRecord || at+recordHead+n > l.size {
			break
		}
		p := m[at+recordHead : at+recordHead+n]
		if crc32.Checksum(p, castagnoli) != binary.LittleEndian.Uint32(m[at+4:]) {
			break
		}
		if err := each(m, at); err != nil {
			return err
		}
		at += recordHead + n
	}
	if at < l.size {
		if err := l.f.Truncate(at); err != nil {
			return err
		}
		l.size = at
	}
	return l.begin()
}

func (l *docLog) begin() error {
	if _, err := l.f.Seek(l.size, io.SeekStart); err != nil {
		return err
	}
	l.w = bufio.NewWriterSize(l.f, 1<<20)
	return l.remap()
}

// remap makes the current mapping cover the file with room to grow, so that
// most appends need no new one.
func (l *docLog) remap() error {
	if n := len(l.maps); n > 0 && l.size <= int64(len(l.maps[n-1])) {
		return nil
	}
	length := l.size + l.size/2 + mapReserve
	length -= length % mapAlignment
	m, err := unix.Mmap(int(l.f.Fd()), 0, int(length), unix.PROT_READ, unix.MAP_SHARED)
	if err != nil {
		return fmt.Errorf("map the doc log: %w", err)
	}
	l.maps = append(l.maps, m)
	return nil
}

// append writes a record and gives its offset; it is readable after sync.
func (l *docLog) append(payload []byte) (int64, error) {
	if len(payload) > maxRecord {
		return 0, fmt.Errorf("a record of %d bytes is too large", len(payload))
	}
	var head [recordHead]byte
	binary.LittleEndian.PutUint32(head[:], uint32(len(payload)))
	binary.LittleEndian.PutUint32(head[4:], crc32.Checksum(payload, castagnoli))
	off := l.size
	if _, err := l.w.Write(head[:]); err != nil {
		return 0, err
	}
	if _, err := l.w.Write(payload); err != nil {
		return 0, err
	}
	l.size += recordHead + int64(len(payload))
	return off, nil
}

// sync makes what was appended durable.
func (l *docLog) sync() error {
	if err := l.w.Flush(); err != nil {
		return err
	}
	if err := l.f.Sync(); err != nil {
		return err
	}
	return l.remap()
}

// cut takes back what was appended since the log had this size.
func (l *docLog) cut(size int64) error {
	l.size = size
	l.w.Reset(l.f)
	if err := l.f.Truncate(size); err != nil {
		return err
	}
	_, err := l.f.Seek(size, io.SeekStart)
	return err
}

// bytes is the mapping to read records from.
func (l *docLog) bytes() mapped { return l.maps[len(l.maps)-1] }

// payload gives the record at an offset.
func (m mapped) payload(off int64) []byte {
	n := int64(binary.LittleEndian.Uint32(m[off:]))
	return m[off+recordHead : off+recordHead+n : off+recordHead+n]
}

func (l *docLog) close() error {
	var errs []error
	for _, m := range l.maps {
		errs = append(errs, unix.Munmap(m))
	}
	l.maps = nil
	return errors.Join(append(errs, l.f.Close())...)
}
