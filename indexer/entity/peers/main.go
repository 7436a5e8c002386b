// Command peers measures github.com/jdkato/prose/v2 over the same articles as
// `dateline bench entities`, which runs it:
//
//	go build -C indexer/entity/peers -o prose .
//	dateline bench entities --prose indexer/entity/peers/prose
//
// It is a module of its own, so that the product does not depend on prose. It
// reads articles as JSON lines, {"id","text"}, from standard input, recognises
// the names in them again and again for --time, and writes a line of JSON.
package main

import (
	"bufio"
	"encoding/json"
	"flag"
	"fmt"
	"io"
	"os"
	"runtime"
	"runtime/debug"
	"strings"
	"syscall"
	"time"

	"github.com/jdkato/prose/v2"
)

// maxLine bounds an article.
const maxLine = 16 << 20

func main() {
	limit := flag.Duration("time", 2*time.Second, "CPU time to recognise articles for")
	flag.Parse()
	if err := run(os.Stdin, os.Stdout, *limit); err != nil {
		fmt.Fprintln(os.Stderr, "prose:", err)
		os.Exit(1)
	}
}

// report is what `dateline bench entities` reads.
type report struct {
	Name  string  `json:"name"`
	Load  float64 `json:"load"`  // CPU seconds to the names of the first article, whatever is read for it
	Docs  int     `json:"docs"`  // articles in the time measured
	CPU   float64 `json:"cpu"`   // CPU seconds that they took
	Peak  int64   `json:"peak"`  // bytes of memory at most, beside what the process had before
	Names int     `json:"names"` // in one round over all articles
}

func run(in io.Reader, out io.Writer, limit time.Duration) error {
	runtime.GOMAXPROCS(1)
	var texts []string
	sc := bufio.NewScanner(in)
	sc.Buffer(nil, maxLine)
	for sc.Scan() {
		var r struct{ Text string }
		if err := json.Unmarshal(sc.Bytes(), &r); err != nil {
			return fmt.Errorf("line %d: %w, want {\"id\",\"text\"}", len(texts)+1, err)
		}
		texts = append(texts, r.Text)
	}
	if err := sc.Err(); err != nil {
		return err
	}
	if len(texts) == 0 {
		return fmt.Errorf("no articles, want JSON lines of {\"id\",\"text\"}")
	}
	r := report{Name: "prose " + version()}
	before, _ := memory()
	begin := cpuTime()
	for i := 0; i < len(texts) || cpuTime()-begin < limit; i++ {
		// As its documentation has it: the model is embedded, and a document
		// unpacks it.
		d, err := prose.NewDocument(texts[i%len(texts)])
		if err != nil {
			return err
		}
		n := len(d.Entities())
		if i < len(texts) {
			r.Names += n
		}
		if i == 0 {
			r.Load = (cpuTime() - begin).Seconds()
			begin = cpuTime()
			continue
		}
		r.Docs++
	}
	r.CPU = (cpuTime() - begin).Seconds()
	_, most := memory()
	r.Peak = most - before
	return json.NewEncoder(out).Encode(r)
}

func usage() syscall.Rusage {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		return syscall.Rusage{}
	}
	return u
}

func cpuTime() time.Duration {
	u := usage()
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

// memory gives what this process has now, and the most that it had at once, in
// bytes. Where the system tells only the latter, both are that.
func memory() (now, most int64) {
	if b, err := os.ReadFile("/proc/self/status"); err == nil {
		for line := range strings.Lines(string(b)) {
			var name string
			var kib int64
			if _, err := fmt.Sscanf(line, "%s %d kB", &name, &kib); err != nil {
				continue
			}
			switch name {
			case "VmHWM:":
				most = kib * 1024
			case "VmRSS:":
				now = kib * 1024
			}
		}
		return now, most
	}
	most = int64(usage().Maxrss)
	if runtime.GOOS != "darwin" { // which counts bytes, others kilobytes
		most *= 1024
	}
	return most, most
}

// version is that of prose which this program was built with.
func version() string {
	if b, ok := debug.ReadBuildInfo(); ok {
		for _, m := range b.Deps {
			if m.Path == "github.com/jdkato/prose/v2" {
				return m.Version
			}
		}
	}
	return "v2"
}
