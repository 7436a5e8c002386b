package main

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"path/filepath"

	"dateline"
	"dateline/indexer/store"
)

// wholeFile is how far an import has come that read its file to the end.
const wholeFile = -1

// sampled is how much of a file's beginning and end tells it from another.
const sampled = 64 << 10

// resumeMode names what decides, beside the file, which articles are kept.
// Under another mode a file is read anew: what was off the stories may not be
// now, and another version of the program may find more in it.
func resumeMode(cfg *dateline.Config, m indexMode) string {
	b, err := json.Marshal([]any{version(), m.keepAll, m.givenOnly, stories(cfg)})
	if err != nil {
		return "" // never resumes
	}
	return string(b)
}

// resume tells from where to read a file, and begins to note how far it is read.
func (im *importer) resume(file *os.File) (int64, error) {
	im.at, im.held = nil, false
	if im.mode == "" {
		return 0, nil
	}
	abs, err := filepath.Abs(file.Name())
	if err != nil {
		return 0, err
	}
	size, hash, err := fingerprint(file, im.mode)
	if err != nil {
		return 0, err
	}
	im.at = &store.Progress{File: abs, Hash: hash, Size: size}
	old, ok, err := im.idx.ImportProgress(im.ctx, abs)
	if err != nil {
		return 0, err
	}
	if ok && old.Hash == hash && old.Size == size && !im.again {
		im.at.Offset = old.Offset
	}
	return im.at.Offset, nil
}

// resumePage says whether an HTML file was imported before, and if not, what is
// to be noted of it; nil if nothing is.
func (im *importer) resumePage(file *os.File) (at *store.Progress, known bool, err error) {
	if im.mode == "" {
		return nil, false, nil
	}
	abs, err := filepath.Abs(file.Name())
	if err != nil {
		return nil, false, err
	}
	fi, err := file.Stat()
	if err != nil {
		return nil, false, err
	}
	sum := sha256.Sum256(fmt.Appendf(nil, "%d %d %q", fi.Size(), fi.ModTime().UnixNano(), im.mode))
	at = &store.Progress{File: abs, Hash: hex.EncodeToString(sum[:]), Size: fi.Size(), Offset: wholeFile}
	if im.again {
		return at, false, nil
	}
	old, ok, err := im.idx.ImportProgress(im.ctx, abs)
	return at, ok && old == *at, err
}

// fingerprint tells a file from another without reading all of it.
func fingerprint(file *os.File, mode string) (size int64, hash string, err error) {
	fi, err := file.Stat()
	if err != nil {
		return 0, "", err
	}
	size = fi.Size()
	h := sha256.New()
	fmt.Fprintf(h, "%d %d %q\n", size, fi.ModTime().UnixNano(), mode)
	for _, at := range []int64{0, max(0, size-sampled)} {
		if _, err := io.Copy(h, io.NewSectionReader(file, at, sampled)); err != nil {
			return 0, "", err
		}
	}
	return size, hex.EncodeToString(h.Sum(nil)), nil
}
