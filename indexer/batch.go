package indexer

import (
	"fmt"

	"github.com/blevesearch/bleve/v2"
)

// writeBatch makes an error of a panic: bleve panics on the batch after one
// that it could not write, for example because the disk was full.
func writeBatch(bl bleve.Index, b *bleve.Batch) (err error) {
	defer func() {
		if v := recover(); v != nil {
			err = fmt.Errorf("bleve: %v", v)
		}
	}()
	return bl.Batch(b)
}

// reopen goes back to what bleve has on disk after a batch that failed: what
// it holds in memory cannot be trusted then. Until that succeeds, searches
// fail rather than miss something.
func (x *Index) reopen() error {
	x.mu.Lock()
	defer x.mu.Unlock()
	old := x.bl
	closeQuietly(old)
	if err := x.openGeneration(); err != nil {
		if x.bl != nil && x.bl != old {
			x.bl.Close()
		}
		x.bl = old
		return fmt.Errorf("open the index again after a failed write: %w", err)
	}
	x.pages.clear()
	x.generation.Add(1)
	x.broken = false
	return nil
}

func closeQuietly(bl bleve.Index) {
	defer func() { _ = recover() }()
	_ = bl.Close() // its last write failed, and was reported
}
