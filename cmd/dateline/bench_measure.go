package main

import (
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"runtime/debug"
	"runtime/metrics"
	"slices"
	"strings"
	"sync"
	"syscall"
	"time"
)

// cpuTime is the CPU time that this process has used: what else runs on the
// machine does not count, and what runs in the background here does.
func cpuTime() time.Duration {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		return 0
	}
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
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		return 0, 0
	}
	most = int64(u.Maxrss)
	if runtime.GOOS != "darwin" { // which counts bytes, others kilobytes
		most *= 1024
	}
	return most, most
}

// cost is the CPU time of one kind of query, in milliseconds.
type cost struct {
	P50     float64 `json:"p50"`
	P95     float64 `json:"p95"`
	P99     float64 `json:"p99"`
	Samples int     `json:"samples"`
}

// measureQueries runs n queries in turn until the time is over, each at least
// once if one round of them takes no longer than three times of that. What is
// shorter than the clock can tell is run several times for one sample.
func measureQueries(n int, limit time.Duration, query func(i int) error) (*cost, error) {
	began := time.Now()
	repeat := make([]int, 0, n)
	for i := range n { // the first round warms up, and tells how long they take
		clock := cpuTime()
		if err := query(i); err != nil {
			return nil, err
		}
		repeat = append(repeat, int(1+200*time.Microsecond/max(time.Microsecond, cpuTime()-clock)))
		if time.Since(began) > 3*limit {
			break
		}
	}
	n = len(repeat)
	var l []float64
	runtime.GC()
	began = time.Now()
	for i := 0; i < 5 || i < n && time.Since(began) < 3*limit || time.Since(began) < limit; i++ {
		k := i % n
		clock := cpuTime()
		for range repeat[k] {
			if err := query(k); err != nil {
				return nil, err
			}
		}
		l = append(l, float64(cpuTime()-clock)/1e6/float64(repeat[k]))
	}
	slices.Sort(l)
	at := func(p float64) float64 { return l[int(p*float64(len(l)-1)+0.5)] }
	return &cost{at(.5), at(.95), at(.99), len(l)}, nil
}

const heapMetric = "/memory/classes/heap/objects:bytes"

func heapNow() int64 {
	s := []metrics.Sample{{Name: heapMetric}}
	metrics.Read(s)
	return int64(s[0].Value.Uint64())
}

// liveHeap is what is left after a collection.
func liveHeap() int64 {
	debug.FreeOSMemory()
	runtime.GC()
	return heapNow()
}

// peakHeap watches the heap until the function it gives is called, which tells
// the most there was.
func peakHeap() (end func() int64) {
	var most int64
	var wg sync.WaitGroup
	stop := make(chan struct{})
	wg.Go(func() {
		t := time.NewTicker(5 * time.Millisecond)
		defer t.Stop()
		for {
			select {
			case <-stop:
				return
			case <-t.C:
				most = max(most, heapNow())
			}
		}
	})
	return func() int64 {
		close(stop)
		wg.Wait()
		return max(most, heapNow())
	}
}

// diskUse is the size of all files in a folder, or of one file.
func diskUse(paths ...string) (int64, error) {
	var n int64
	for _, path := range paths {
		err := filepath.WalkDir(path, func(_ string, d fs.DirEntry, err error) error {
			if err != nil || !d.Type().IsRegular() {
				return err
			}
			info, err := d.Info()
			if err == nil {
				n += info.Size()
			}
			return err
		})
		if err != nil {
			return 0, err
		}
	}
	return n, nil
}
