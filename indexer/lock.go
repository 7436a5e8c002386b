package indexer

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strconv"

	"golang.org/x/sys/unix"
)

// LockedError says which process has the index open.
type LockedError struct {
	Dir string
	PID int // 0 if the process did not say
}

func (e *LockedError) Error() string {
	if e.PID == 0 {
		return "in use by another dateline process"
	}
	return fmt.Sprintf("in use by process %d", e.PID)
}

// lockDir makes this process the only one that has the folder open. The lock
// goes with the file, and so with the process, however it ends.
func lockDir(dir string) (*os.File, error) {
	f, err := os.OpenFile(filepath.Join(dir, "lock"), os.O_CREATE|os.O_RDWR, 0o644)
	if err != nil {
		return nil, err
	}
	if err := unix.Flock(int(f.Fd()), unix.LOCK_EX|unix.LOCK_NB); err != nil {
		defer f.Close()
		if !errors.Is(err, unix.EWOULDBLOCK) {
			return nil, fmt.Errorf("lock %s: %w", f.Name(), err)
		}
		b, _ := io.ReadAll(io.LimitReader(f, 32)) // only to say who
		pid, _ := strconv.Atoi(string(bytes.TrimSpace(b)))
		return nil, &LockedError{Dir: dir, PID: pid}
	}
	// Who has it is a courtesy: a full disk must not keep searches away.
	if err := f.Truncate(0); err == nil {
		_, _ = fmt.Fprintln(f, os.Getpid())
	}
	return f, nil
}
