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

// closeQuietly closes an index whose last write failed, which was reported.
func closeQuietly(bl bleve.Index) (err error) {
	defer func() {
		if v := recover(); v != nil {
			err = fmt.Errorf("bleve: %v", v)
		}
	}()
	return bl.Close()
}
