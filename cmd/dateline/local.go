package main

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"sync"
	"time"
)

// socketName is where, in the data folder, the process that has the folder
// open answers the commands that only read. Only its owner may ask there.
const socketName = "dateline.sock"

// local answers other processes of this machine on the socket, and this
// process itself without one.
type local struct {
	srv    *http.Server
	inside *pipeListener
	socket string // empty if the file system has none
}

// serveLocal serves h for the data folder dir, which this process has open.
func serveLocal(dir string, h http.Handler) (*local, error) {
	l := &local{
		srv:    &http.Server{Handler: h, ReadHeaderTimeout: 10 * time.Second},
		inside: &pipeListener{conns: make(chan net.Conn), done: make(chan struct{})},
	}
	go func() { _ = l.srv.Serve(l.inside) }()
	ln, err := listenSocket(dir)
	if err != nil {
		return l, err
	}
	l.socket = filepath.Join(dir, socketName)
	go func() { _ = l.srv.Serve(ln) }()
	return l, nil
}

// Close waits for answers under way, and gives the socket up before the lock
// on the folder goes to another process.
func (l *local) Close() error {
	if l.socket != "" {
		os.Remove(l.socket)
	}
	ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
	defer cancel()
	return errors.Join(l.srv.Shutdown(ctx), l.srv.Close())
}

// listenSocket makes the socket under another name and moves it into place:
// whoever sees it finds it private and answered, and a stale one is replaced.
func listenSocket(dir string) (net.Listener, error) {
	making := filepath.Join(dir, ".socket")
	if err := os.RemoveAll(making); err != nil {
		return nil, err
	}
	if err := os.Mkdir(making, 0o700); err != nil {
		return nil, err
	}
	defer os.RemoveAll(making)
	short, forget, err := shortDir(making)
	if err != nil {
		return nil, err
	}
	defer forget()
	ln, err := net.ListenUnix("unix", &net.UnixAddr{Name: filepath.Join(short, "s"), Net: "unix"})
	if err != nil {
		return nil, err
	}
	ln.SetUnlinkOnClose(false) // it has another name by then
	name := filepath.Join(making, "s")
	if err := errors.Join(os.Chmod(name, 0o600), os.Rename(name, filepath.Join(dir, socketName))); err != nil {
		ln.Close()
		return nil, err
	}
	return ln, nil
}

// shortDir gives a way to dir that fits into a socket's address, which holds
// some hundred bytes, and what to call when it is no longer needed.
func shortDir(dir string) (string, func(), error) {
	const fits = 80
	if len(dir) <= fits {
		return dir, func() {}, nil
	}
	abs, err := filepath.Abs(dir)
	if err != nil {
		return "", nil, err
	}
	tmp, err := os.MkdirTemp("", "dateline-")
	if err != nil {
		return "", nil, err
	}
	forget := func() { os.RemoveAll(tmp) }
	link := filepath.Join(tmp, "d")
	if err := os.Symlink(abs, link); err != nil {
		forget()
		return "", nil, err
	}
	return link, forget, nil
}

// dialSocket reaches the process that has the data folder dir open.
func dialSocket(ctx context.Context, dir string) (net.Conn, error) {
	short, forget, err := shortDir(dir)
	if err != nil {
		return nil, err
	}
	defer forget()
	var d net.Dialer
	return d.DialContext(ctx, "unix", filepath.Join(short, socketName))
}

// pipeListener takes connections from its own process.
type pipeListener struct {
	conns chan net.Conn
	done  chan struct{}
	once  sync.Once
}

func (p *pipeListener) Accept() (net.Conn, error) {
	select {
	case c := <-p.conns:
		return c, nil
	case <-p.done:
		return nil, net.ErrClosed
	}
}

func (p *pipeListener) Close() error {
	p.once.Do(func() { close(p.done) })
	return nil
}

func (p *pipeListener) Addr() net.Addr { return &net.UnixAddr{Name: "inside", Net: "pipe"} }

func (p *pipeListener) dial(ctx context.Context) (net.Conn, error) {
	ours, theirs := net.Pipe()
	select {
	case p.conns <- theirs:
		return ours, nil
	case <-p.done:
		return nil, fmt.Errorf("dial: %w", net.ErrClosed)
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}
