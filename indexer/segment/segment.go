package segment

import (
	"encoding/binary"
	"errors"
	"fmt"
	"os"
	"slices"
	"sync/atomic"

	"github.com/RoaringBitmap/roaring/v2"
	api "github.com/blevesearch/scorch_segment_api/v2"
	"golang.org/x/sys/unix"
)

// Segment is an immutable part of the index: in memory until scorch has
// written it, then a mapped file.
type Segment struct {
	data   []byte
	path   string // "" while it is in memory
	mapped bool
	refs   atomic.Int64

	terms                  int
	ords                   []uint32
	postings, dict, blocks []byte
}

var (
	_ api.UnpersistedSegment = (*Segment)(nil)
	_ api.PersistedSegment   = file{}
)

// file is a segment on disk; scorch tells the two kinds apart by their
// methods.
type file struct{ *Segment }

// Path is where the segment is.
func (f file) Path() string { return f.path }

// Persist is hidden: what is on disk need not be written.
func (f file) Persist() {}

// Of gives the segment behind one of scorch's.
func Of(s api.Segment) (*Segment, error) {
	switch s := s.(type) {
	case *Segment:
		return s, nil
	case file:
		return s.Segment, nil
	}
	return nil, fmt.Errorf("a segment of %T, want this program's", s)
}

func open(path string) (file, error) {
	f, err := os.Open(path)
	if err != nil {
		return file{}, err
	}
	defer f.Close()
	st, err := f.Stat()
	if err != nil {
		return file{}, err
	}
	if st.Size() < int64(len(magic)+footerSize) {
		return file{}, fmt.Errorf("%s: %w", path, errFormat)
	}
	data, err := unix.Mmap(int(f.Fd()), 0, int(st.Size()), unix.PROT_READ, unix.MAP_SHARED)
	if err != nil {
		return file{}, fmt.Errorf("map %s: %w", path, err)
	}
	s, err := read(data)
	if err != nil {
		return file{}, errors.Join(fmt.Errorf("%s: %w", path, err), unix.Munmap(data))
	}
	s.path, s.mapped = path, true
	return file{s}, nil
}

// Persist writes the segment to a file and makes it durable.
func (s *Segment) Persist(path string) error {
	f, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE|os.O_TRUNC, 0o600)
	if err != nil {
		return err
	}
	_, err = f.Write(s.data)
	if err == nil {
		err = f.Sync()
	}
	if err = errors.Join(err, f.Close()); err != nil {
		return errors.Join(err, os.Remove(path))
	}
	return nil
}

// Ords are the ordinals of the documents, ascending.
func (s *Segment) Ords() []uint32 { return s.ords }

// Len is the number of terms.
func (s *Segment) Len() int { return s.terms }

// AddRef and DecRef count who uses the segment.
func (s *Segment) AddRef() { s.refs.Add(1) }

// DecRef lets the file go when nobody uses the segment any more.
func (s *Segment) DecRef() error {
	if s.refs.Add(-1) == 0 && s.mapped {
		data := s.data
		s.data, s.postings, s.dict, s.blocks = nil, nil, nil, nil
		return unix.Munmap(data)
	}
	return nil
}

// Close is DecRef.
func (s *Segment) Close() error { return s.DecRef() }

// Count is the number of documents.
func (s *Segment) Count() uint64 { return uint64(len(s.ords)) }

// Size is the memory in bytes that it takes, mapped or not.
func (s *Segment) Size() int { return len(s.data) + 4*len(s.ords) }

// Fields are the names of the fields.
func (s *Segment) Fields() []string { return append([]string{idField}, fieldNames[:]...) }

const idField = "_id"

// ID gives the identifier in bleve of the article with an ordinal.
func ID(ord uint32) string {
	var b [4]byte
	binary.BigEndian.PutUint32(b[:], ord)
	return string(b[:])
}

// DocID gives the identifier of a document.
func (s *Segment) DocID(num uint64) ([]byte, error) {
	if num >= uint64(len(s.ords)) {
		return nil, fmt.Errorf("document %d of %d", num, len(s.ords))
	}
	return []byte(ID(s.ords[num])), nil
}

// DocNumbers gives the documents with these identifiers that are here.
func (s *Segment) DocNumbers(ids []string) (*roaring.Bitmap, error) {
	out := roaring.NewBitmap()
	for _, id := range ids {
		if n, ok := s.number([]byte(id)); ok {
			out.Add(n)
		}
	}
	return out, nil
}

func (s *Segment) number(id []byte) (uint32, bool) {
	if len(id) != 4 {
		return 0, false
	}
	n, ok := slices.BinarySearch(s.ords, binary.BigEndian.Uint32(id))
	return uint32(n), ok
}

// VisitStoredFields visits the identifier: nothing else is stored here.
func (s *Segment) VisitStoredFields(num uint64, visit api.StoredFieldValueVisitor) error {
	id, err := s.DocID(num)
	if err == nil {
		visit(idField, 't', id, nil)
	}
	return err
}

// BytesRead is 0: the kernel reads a mapping, and nobody counts.
func (s *Segment) BytesRead() uint64 { return 0 }

// ResetBytesRead does nothing.
func (s *Segment) ResetBytesRead(uint64) {}

// BytesWritten is 0.
func (s *Segment) BytesWritten() uint64 { return 0 }
