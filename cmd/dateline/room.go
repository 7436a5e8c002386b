package main

import (
	"errors"
	"strings"
	"syscall"

	"dateline/indexer/store"
)

// roomHint is what to do when the disk is full.
const roomHint = "the disk is full, or a limit on the size of files is reached: make room, then run the same command again; what was stored is kept"

// noRoom says whether err is for want of room. bleve gives the system's error
// as text only.
func noRoom(err error) bool {
	for _, e := range []syscall.Errno{syscall.ENOSPC, syscall.EDQUOT, syscall.EFBIG} {
		if errors.Is(err, e) || strings.Contains(err.Error(), e.Error()) {
			return true
		}
	}
	return store.IsFull(err)
}
