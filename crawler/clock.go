package crawler

import "time"

var clockStart = time.Now()

// steady is the time of the wall clock at the start plus what went by since.
// A clock that is set back or forward under a running crawl thus neither
// stalls it nor makes everything due at once.
func steady() time.Time { return clockStart.Add(time.Since(clockStart)) }
