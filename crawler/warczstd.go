package crawler

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"io"

	"github.com/klauspost/compress/zstd"
)

// zstdMagic begins a Zstandard frame (RFC 8878).
var zstdMagic = []byte{0x28, 0xb5, 0x2f, 0xfd}

const (
	skippable     = 0x184d2a50 // of the magic number of a frame that holds no text; the last four bits are its kind
	dictFrame     = 0x184d2a5d // the frame with the dictionary of all others, at the start of a .warc.zst
	maxDict       = 16 << 20   // bytes of a dictionary
	archiveWindow = 128 << 20  // bytes that a frame may refer back to: what the zstd program takes without being asked to
)

// zstdFrames reads the Zstandard frames of one file.
type zstdFrames struct {
	dec *zstd.Decoder // nil before the first
}

func (f *zstdFrames) close() {
	if f.dec != nil {
		f.dec.Close()
	}
}

// isFrame says whether a frame begins, of any kind.
func isFrame(b []byte) bool {
	return bytes.HasPrefix(b, zstdMagic) || len(b) >= 4 && binary.LittleEndian.Uint32(b)&^15 == skippable
}

// frameStart says whether a frame begins that may hold records.
func frameStart(b []byte) bool {
	var h zstd.Header
	return bytes.HasPrefix(b, zstdMagic) && h.Decode(b) == nil && h.FirstBlock.OK
}

// frame reads a frame: as a rule one record, as of a gzip member.
func (w *warcReader) frame(at int64) error {
	magic, err := w.c.r.Peek(4)
	if err != nil {
		return cut(err)
	}
	if !bytes.Equal(magic, zstdMagic) {
		return w.skipFrame(binary.LittleEndian.Uint32(magic) == dictFrame && w.res.Records == 0)
	}
	f := &w.zstd
	if f.dec == nil {
		if err := f.open(nil); err != nil {
			return err
		}
	}
	r := &frameReader{c: w.c}
	if err := f.dec.Reset(r); err != nil {
		return cut(err)
	}
	if err := w.inside(f.dec, at); err != nil {
		return err
	}
	if !r.last || r.left > 0 { // the decoder takes a cut header for the end
		return cut(io.ErrUnexpectedEOF)
	}
	return nil
}

// open makes the decoder, with a dictionary if it is not nil.
func (f *zstdFrames) open(dict []byte) error {
	o := []zstd.DOption{zstd.WithDecoderConcurrency(1), zstd.WithDecoderMaxWindow(archiveWindow), zstd.WithDecoderLowmem(true)}
	if dict != nil {
		o = append(o, zstd.WithDecoderDicts(dict))
	}
	dec, err := zstd.NewReader(nil, o...)
	if err != nil {
		return errors.New("warc: dictionary: " + err.Error()) // not that the archive is cut
	}
	f.close()
	f.dec = dec
	return nil
}

// skipFrame goes over a frame without text, or takes the dictionary out of it.
func (w *warcReader) skipFrame(isDict bool) error {
	var head [8]byte
	if _, err := io.ReadFull(w.c, head[:]); err != nil {
		return cut(err)
	}
	size := int64(binary.LittleEndian.Uint32(head[4:]))
	if !isDict {
		if _, err := io.CopyN(io.Discard, w.c, size); err != nil {
			return cut(err)
		}
		return nil
	}
	if size > maxDict {
		return fmt.Errorf("warc: a dictionary of %d bytes, more than %d", size, maxDict)
	}
	var dict bytes.Buffer
	if _, err := io.CopyN(&dict, w.c, size); err != nil {
		return cut(err)
	}
	b := dict.Bytes()
	if bytes.HasPrefix(b, zstdMagic) {
		var err error
		if b, err = readBody(&dict, []string{"zstd"}, maxDict, nil); err != nil {
			return errors.New("warc: dictionary: " + err.Error()) // not that the archive is cut
		}
	}
	return w.zstd.open(b)
}

// frameReader reads the bytes of one frame and no more, so that the place of
// the next is known.
type frameReader struct {
	c     *counter
	left  int64 // bytes until the header of the next block, or to the end
	begun bool
	last  bool // no block follows what is left
	sum   bool // the frame ends with a checksum
}

func (f *frameReader) Read(p []byte) (int, error) {
	if f.left == 0 {
		if f.last {
			return 0, io.EOF
		}
		if err := f.step(); err != nil {
			return 0, err
		}
	}
	n, err := f.c.Read(p[:min(int64(len(p)), f.left)])
	f.left -= int64(n)
	if errors.Is(err, io.EOF) {
		err = io.ErrUnexpectedEOF
	}
	return n, err
}

const (
	frameHeader   = 18 // bytes at most
	blockHeader   = 3
	frameChecksum = 4
	repeated      = 1 // the type of a block that is one byte many times
)

// step looks at the header of the frame and of its next block.
func (f *frameReader) step() error {
	b, err := f.c.r.Peek(frameHeader + blockHeader) // may be more than there is
	if err != nil && !errors.Is(err, io.EOF) {
		return err
	}
	if !f.begun {
		var h zstd.Header
		if err := h.Decode(b); err != nil {
			return err
		}
		f.begun, f.sum, f.left = true, h.HasCheckSum, int64(h.HeaderSize)
		b = b[h.HeaderSize:]
	}
	if len(b) < blockHeader {
		return io.ErrUnexpectedEOF
	}
	head := uint32(b[0]) | uint32(b[1])<<8 | uint32(b[2])<<16
	size := int64(head >> 3)
	if head>>1&3 == repeated {
		size = 1
	}
	f.left += blockHeader + size
	if f.last = head&1 == 1; f.last && f.sum {
		f.left += frameChecksum
	}
	return nil
}
