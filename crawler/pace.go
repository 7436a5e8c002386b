package crawler

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"strings"
	"sync/atomic"
	"time"
)

// A body that comes slower than this is given up: it holds a connection and a
// worker, and a server that means well sends a page in seconds.
const (
	paceBytes = 1 << 10         // at least, in each paceEvery
	paceEvery = 5 * time.Second // so about 200 bytes a second
)

// pace watches a body while it is read.
type pace struct {
	io.Reader
	n      atomic.Int64 // bytes since the last look
	cancel context.CancelCauseFunc
	timer  *time.Timer
	err    error // with which the body ended before its time
}

// errSlow is the cause of a request that was given up for its pace.
var errSlow = failed("timeout", fmt.Errorf("less than %d bytes in %v", paceBytes, paceEvery))

// newPace cancels the request when its body comes too slowly; stop ends that.
func newPace(r io.Reader, cancel context.CancelCauseFunc) *pace {
	p := &pace{Reader: r, cancel: cancel}
	p.timer = time.AfterFunc(paceEvery, p.look)
	return p
}

func (p *pace) look() {
	if p.n.Swap(0) < paceBytes {
		p.cancel(errSlow)
		return
	}
	p.timer.Reset(paceEvery)
}

func (p *pace) Read(b []byte) (int, error) {
	n, err := p.Reader.Read(b)
	p.n.Add(int64(n))
	if err != nil && !errors.Is(err, io.EOF) {
		p.err = err
	}
	return n, err
}

// broke is how the connection failed under a body that was being read; nil if
// it did not. Decoders pass such an error on in words of their own, from which
// it could not be told that the page may be sound: a reset stream is a body
// that was cut, not one that was coded wrongly.
func (p *pace) broke() error {
	var ne net.Error
	switch {
	case p.err == nil:
		return nil
	case errors.Is(p.err, context.DeadlineExceeded), errors.Is(p.err, context.Canceled), errors.As(p.err, &ne) && ne.Timeout():
		return p.err
	case strings.Contains(p.err.Error(), "chunk"): // net/http has no type for a transfer coding that is wrong
		return failed("bad_encoding", p.err)
	}
	return failed("truncated", p.err)
}

// rest is for a reader that has to wait for something else; goOn ends that.
func (p *pace) rest() { p.timer.Stop() }

func (p *pace) goOn() {
	p.n.Store(paceBytes) // the time until the next look is not all its own
	p.timer.Reset(paceEvery)
}

func (p *pace) stop() { p.timer.Stop() }
