package crawler

import (
	"io"
	"log"
	"math/rand/v2"
	"os"
	"os/exec"
	"slices"
	"testing"
	"time"
)

// noise does not compress, so that a record takes its time.
var noise = func() []byte {
	b := make([]byte, 1<<20)
	r := rand.New(rand.NewPCG(1, 2))
	for i := range b {
		b[i] = byte(r.Uint32())
	}
	return b
}()

// reRun is this test binary as a process of its own that runs one test.
func reRun(t *testing.T, test string, env ...string) *exec.Cmd {
	t.Helper()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(self, "-test.run", "^"+test+"$")
	cmd.Env = append(os.Environ(), env...)
	return cmd
}

// quiet takes what a server says of a handshake that is to fail.
func quiet() *log.Logger { return log.New(io.Discard, "", 0) }

func sortTimes(all []time.Time) { slices.SortFunc(all, time.Time.Compare) }

// lease picks the next address of a host, as the scheduler does.
func (f *frontier) lease(host string, now int64) (t *task, err error) {
	err = f.read(func() error { t, err = f.pick(host, false, now); return err })
	return t, err
}

// conclude writes one outcome, as the scheduler does.
func (f *frontier) conclude(t *task, o outcome) error {
	return f.turn(&batch{done: []result{{t, o}}})
}

// sqlDo runs a statement on the connection that the crawl writes by.
func (f *frontier) sqlDo(t *testing.T, query string) {
	t.Helper()
	if err := f.read(func() error { _, err := f.conn.ExecContext(t.Context(), query); return err }); err != nil {
		t.Fatal(err)
	}
}
