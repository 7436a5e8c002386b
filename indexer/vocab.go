package indexer

import (
	"bufio"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"os"
	"sync"
)

// vocab numbers the terms of the forward index in the order of their first
// use, so that the frequent ones get the short numbers. Terms are known by
// a 64-bit hash alone: among ten million terms two share one with a chance
// of 1 in 370,000, and the table takes 12 bytes a term instead of the word.
//
// The file is the hashes in the order of their numbers, eight bytes each.
type vocab struct {
	mu    sync.RWMutex // searches look up while the writer adds
	slots []uint32     // open addressing; number + 1, 0 is free
	hash  []uint64     // by number
	f     *os.File
	w     *bufio.Writer
	saved int
	sum   uint32 // of the hashes in order
}

func openVocab(path string) (*vocab, error) {
	f, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE, 0o644)
	if err != nil {
		return nil, err
	}
	v := &vocab{f: f, slots: make([]uint32, 1<<12)}
	r := bufio.NewReaderSize(f, 1<<20)
	var b [8]byte
	for {
		_, err := io.ReadFull(r, b[:])
		if err == io.EOF || err == io.ErrUnexpectedEOF {
			break
		}
		if err != nil {
			f.Close()
			return nil, fmt.Errorf("%s: %w", path, err)
		}
		v.insert(binary.LittleEndian.Uint64(b[:]))
	}
	v.saved = len(v.hash)
	if err := errors.Join(f.Truncate(int64(8*v.saved)), seek(f, int64(8*v.saved))); err != nil {
		f.Close()
		return nil, err
	}
	v.w = bufio.NewWriter(f)
	return v, nil
}

func seek(f *os.File, at int64) error {
	_, err := f.Seek(at, io.SeekStart)
	return err
}

// hashTerm is FNV-1a with a finish that spreads it over all bits.
func hashTerm(s string) uint64 {
	h := uint64(14695981039346656037)
	for i := 0; i < len(s); i++ {
		h = (h ^ uint64(s[i])) * 1099511628211
	}
	return mix(h)
}

// mix is the finalizer of MurmurHash3.
func mix(h uint64) uint64 {
	h ^= h >> 33
	h *= 0xff51afd7ed558ccd
	h ^= h >> 33
	h *= 0xc4ceb9fe1a85ec53
	return h ^ h>>33
}

func (v *vocab) find(h uint64) (slot uint64, n uint32, ok bool) {
	mask := uint64(len(v.slots) - 1)
	for slot = h & mask; ; slot = (slot + 1) & mask {
		k := v.slots[slot]
		if k == 0 {
			return slot, 0, false
		}
		if v.hash[k-1] == h {
			return slot, k - 1, true
		}
	}
}

func (v *vocab) insert(h uint64) uint32 {
	if 4*(len(v.hash)+1) > 3*len(v.slots) {
		v.slots = make([]uint32, 2*len(v.slots))
		for i, k := range v.hash {
			s, _, _ := v.find(k)
			v.slots[s] = uint32(i + 1)
		}
	}
	s, n, ok := v.find(h)
	if ok {
		return n
	}
	v.hash = append(v.hash, h)
	v.sum = sumTerm(v.sum, h)
	v.slots[s] = uint32(len(v.hash))
	return uint32(len(v.hash) - 1)
}

// sumTerm goes on with the sum by which a record knows its vocabulary.
func sumTerm(sum uint32, h uint64) uint32 { return uint32(mix(h^uint64(sum)) >> 32) }

// check tells whether the first n terms are those that had this sum.
func (v *vocab) check(n int, sum uint32) bool {
	if n > len(v.hash) {
		return false
	}
	got := uint32(0)
	for _, h := range v.hash[:n] {
		got = sumTerm(got, h)
	}
	return got == sum
}

// lookup gives the number of a term.
func (v *vocab) lookup(term string) (uint32, bool) {
	v.mu.RLock()
	defer v.mu.RUnlock()
	_, n, ok := v.find(hashTerm(term))
	return n, ok
}

// add gives the number of a term, making one if need be. Only the writer
// calls it, so it need not lock to read.
func (v *vocab) add(term string) uint32 {
	h := hashTerm(term)
	if _, n, ok := v.find(h); ok {
		return n
	}
	v.mu.Lock()
	defer v.mu.Unlock()
	return v.insert(h)
}

// sync makes new terms durable; it comes before the records that use them.
func (v *vocab) sync() error {
	if v.saved == len(v.hash) {
		return nil
	}
	var b [8]byte
	for _, h := range v.hash[v.saved:] {
		binary.LittleEndian.PutUint64(b[:], h)
		_, _ = v.w.Write(b[:]) // its error stays and Flush gives it
	}
	if err := errors.Join(v.w.Flush(), v.f.Sync()); err != nil {
		// Try from the same place again: numbers are places in the file.
		v.w.Reset(v.f)
		return errors.Join(err, v.f.Truncate(int64(8*v.saved)), seek(v.f, int64(8*v.saved)))
	}
	v.saved = len(v.hash)
	return nil
}

func (v *vocab) close() error { return v.f.Close() }
