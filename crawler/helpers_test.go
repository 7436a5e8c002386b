package crawler

import (
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

func sortTimes(all []time.Time) { slices.SortFunc(all, time.Time.Compare) }
