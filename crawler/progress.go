package crawler

import "sync/atomic"

// Progress is what a crawler did since it was opened. Unlike Stats it costs
// nothing to ask for.
type Progress struct {
	Fetched     int // responses read whole
	NotModified int // answers that nothing is new
	Taken       int // articles handed over, also anew
	Refused     int // tries that came to nothing
}

type progress struct{ fetched, notModified, taken, refused atomic.Int64 }

func (p *progress) count(o outcome) {
	for _, x := range []struct {
		did bool
		n   *atomic.Int64
	}{{o.fetched, &p.fetched}, {o.unchanged, &p.notModified}, {o.taken, &p.taken}, {o.reason != "", &p.refused}} {
		if x.did {
			x.n.Add(1)
		}
	}
}

// Progress tells how far the crawl is.
func (c *Crawler) Progress() Progress {
	p := &c.progress
	return Progress{
		Fetched: int(p.fetched.Load()), NotModified: int(p.notModified.Load()),
		Taken: int(p.taken.Load()), Refused: int(p.refused.Load()),
	}
}
