package crawler

import (
	"errors"
	"syscall"
	"time"
)

// fullPause is how long a crawl rests after the disk was found full.
const fullPause = 30 * time.Second

// StorageError says that something fetched could not be stored because the
// disk is full. RunOnce ends with it; Run pauses and goes on when there is
// room. No address is done with that was not stored.
type StorageError struct{ Err error }

func (e *StorageError) Error() string {
	return "crawler: no room to store what was fetched (free some space; the crawl goes on where it was): " + e.Err.Error()
}
func (e *StorageError) Unwrap() error { return e.Err }

// diskFull tells a full disk (or quota, or file size limit) from other faults.
func diskFull(err error) bool {
	if errors.Is(err, syscall.ENOSPC) || errors.Is(err, syscall.EDQUOT) || errors.Is(err, syscall.EFBIG) {
		return true
	}
	const sqliteFull = 13 // SQLITE_FULL; the low byte of an extended code
	var coded interface{ Code() int }
	return errors.As(err, &coded) && coded.Code()&0xff == sqliteFull
}
