package indexer

import (
	"math"
	"math/bits"
	"slices"
	"time"

	"dateline"
)

var intervals = []string{"hour", "day", "week", "month", "year"}

func intervalIndex(s string) int { return slices.Index(intervals, s) }

// seconds is about how long each interval is.
var seconds = []int64{3600, 86400, 7 * 86400, 30 * 86400, 365 * 86400}

// timeline counts dated articles by time in contiguous buckets, whose borders
// are those of a time zone. An interval that would give more than 1000 of them
// is widened.
func (v *view) timeline(set bitset, interval string, zone *time.Location) []dateline.Bucket {
	lo, hi := int64(math.MaxInt64), int64(math.MinInt64)
	for i, w := range set {
		for w &= v.dated[i]; w != 0; w &= w - 1 {
			p := v.pub[i<<6+bits.TrailingZeros64(w)]
			lo, hi = min(lo, p), max(hi, p)
		}
	}
	if lo > hi {
		return nil
	}
	c := calendar{zone: zone}
	most := int64(40)
	if interval != "auto" {
		c.interval, most = intervalIndex(interval), 998
	}
	for c.interval < 4 && hi-lo > most*seconds[c.interval] {
		c.interval++
	}
	edges := []int64{c.floor(lo)}
	for t := edges[0]; t <= hi; edges = append(edges, t) {
		t = c.next(t)
	}
	out := make([]dateline.Bucket, len(edges)-1)
	for i := range out {
		out[i].From, out[i].To = time.Unix(edges[i], 0).UTC(), time.Unix(edges[i+1], 0).UTC()
	}
	// Slots of equal length tell near which border a time is: a search among
	// the borders for each article took longer than all the rest.
	shift := 0
	for (hi-lo)>>shift >= 4096 {
		shift++
	}
	slots := make([]uint16, (hi-lo)>>shift+1)
	for i, k := 0, 0; i < len(slots); i++ {
		for lo+int64(i)<<shift >= edges[k+1] {
			k++
		}
		slots[i] = uint16(k)
	}
	for i, w := range set {
		for w &= v.dated[i]; w != 0; w &= w - 1 {
			p := v.pub[i<<6+bits.TrailingZeros64(w)]
			k := int(slots[(p-lo)>>shift])
			for p >= edges[k+1] {
				k++
			}
			out[k].Count++
		}
	}
	return out
}

// calendar has the borders of an interval in a time zone, as Unix times.
type calendar struct {
	interval int
	zone     *time.Location // nil is UTC
}

func (c calendar) in(t int64) time.Time {
	if c.zone == nil {
		return time.Unix(t, 0).UTC()
	}
	return time.Unix(t, 0).In(c.zone)
}

// floor is the border at or before a time.
func (c calendar) floor(t int64) int64 {
	at := c.in(t)
	if c.interval == 0 {
		return c.hour(at)
	}
	y, m, d := at.Date()
	switch c.interval {
	case 2:
		d -= (int(at.Weekday()) + 6) % 7
	case 3:
		d = 1
	case 4:
		m, d = 1, 1
	}
	s := c.civil(y, m, d)
	// Where clocks are put back over midnight, a time of the old day may lie
	// behind the beginning of the new one.
	for n := c.next(s); n <= t; n = c.next(s) {
		s = n
	}
	return s
}

// next is the border after one.
func (c calendar) next(t int64) int64 {
	at := c.in(t)
	if c.interval == 0 {
		return c.nextHour(at)
	}
	y, m, d := at.Date()
	switch c.interval {
	case 1:
		d++
	case 2:
		d += 7 - (int(at.Weekday())+6)%7
	case 3:
		m, d = m+1, 1
	case 4:
		y, m, d = y+1, 1, 1
	}
	return max(c.civil(y, m, d), t+seconds[c.interval]/2) // on in any case, whatever a zone's data says
}

// civil is when clocks first show midnight of a day, or a later time if they
// never show it: in some zones clocks are put on at midnight, and two left out
// a day when they crossed the date line.
func (c calendar) civil(y int, m time.Month, d int) int64 {
	wall := time.Date(y, m, d, 0, 0, 0, 0, time.UTC).Unix()
	if c.zone == nil {
		return wall
	}
	at := wall - 26*3600 // no clock is that far ahead
	for range 64 {       // changes of the clocks in these two days, or hours
		local := c.in(at)
		_, offset := local.Zone()
		_, end := local.ZoneBounds()
		if !end.IsZero() && !end.After(local) {
			// By rules for the future, package time ends a year after 365 days,
			// and so before the last of a leap year. That day has no change.
			end = local.Add(time.Hour)
		}
		t := max(at, wall-int64(offset))
		if end.IsZero() || t < end.Unix() {
			return t
		}
		at = end.Unix()
	}
	return at
}

// hour is the beginning of a time's hour. Where the clocks are changed by a
// part of an hour, the rest of it is one too.
func (c calendar) hour(at time.Time) int64 {
	t := at.Unix()
	_, offset := at.Zone()
	s := t - mod(t+int64(offset), 3600)
	if start, _ := at.ZoneBounds(); !start.IsZero() && s < start.Unix() && c.shifts(start.Unix()) {
		return start.Unix()
	}
	return s
}

func (c calendar) nextHour(at time.Time) int64 {
	t := at.Unix()
	_, offset := at.Zone()
	n := t + 3600 - mod(t+int64(offset), 3600)
	if _, end := at.ZoneBounds(); !end.IsZero() && end.Unix() < n && c.shifts(end.Unix()) {
		return end.Unix()
	}
	return n
}

// shifts says whether the clocks are changed at t by a part of an hour.
func (c calendar) shifts(t int64) bool {
	_, before := c.in(t - 1).Zone()
	_, after := c.in(t).Zone()
	return (after-before)%3600 != 0
}

func mod(a, b int64) int64 { return (a%b + b) % b }
