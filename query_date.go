package dateline

import (
	"fmt"
	"strings"
	"time"
)

const dateHint = "write date:2025-11-14, date:2025-11-01..2025-11-20, date:>2025-11-01 or date:<=2025-11-01"

// Dates outside these are mistakes, and would collide with the open ends of a
// DateRange.
var (
	minDate = time.Date(1000, 1, 1, 0, 0, 0, 0, time.UTC)
	maxDate = time.Date(3000, 1, 1, 0, 0, 0, 0, time.UTC)
)

func (p *parser) date(value string, at int) (Node, error) {
	var from, to span
	var r DateRange
	var err error
	one := func(s string) span {
		var sp span
		if err == nil {
			sp, err = parseSpan(s)
		}
		return sp
	}
	if a, b, ok := strings.Cut(value, ".."); ok {
		if a != "" {
			from = one(a)
			r.From = from.start
		}
		if b != "" {
			to = one(b)
			r.To = to.end
			if to.instant {
				r.To = to.start
			}
		}
		if a == "" && b == "" {
			err = fmt.Errorf("a range needs a date")
		}
	} else if s, ok := strings.CutPrefix(value, ">="); ok {
		r.From = one(s).start
	} else if s, ok := strings.CutPrefix(value, ">"); ok {
		r.From = one(s).end
	} else if s, ok := strings.CutPrefix(value, "<="); ok {
		r.To = one(s).end
	} else if s, ok := strings.CutPrefix(value, "<"); ok {
		r.To = one(s).start
	} else {
		d := one(value)
		r.From, r.To = d.start, d.end
	}
	if err != nil {
		return nil, p.errorf(at, dateHint, "%v", err)
	}
	for _, t := range []time.Time{r.From, r.To} {
		if !t.IsZero() && (t.Before(minDate) || t.After(maxDate)) {
			return nil, p.errorf(at, dateHint, "the date is out of range")
		}
	}
	if !r.From.IsZero() && !r.To.IsZero() && !r.From.Before(r.To) {
		return nil, p.errorf(at, "write the earlier date first", "the dates end before they begin")
	}
	return &r, nil
}

// span is the time that a date names: a year, a month, a day or a second.
type span struct {
	start, end time.Time
	instant    bool
}

func parseSpan(s string) (span, error) {
	if t, err := time.Parse(time.DateOnly, s); err == nil && t.Year() > 0 {
		return span{start: t, end: t.AddDate(0, 0, 1)}, nil
	}
	if t, err := time.Parse("2006-01", s); err == nil && t.Year() > 0 {
		return span{start: t, end: t.AddDate(0, 1, 0)}, nil
	}
	if t, err := time.Parse("2006", s); err == nil && t.Year() > 0 {
		return span{start: t, end: t.AddDate(1, 0, 0)}, nil
	}
	for _, layout := range []string{time.RFC3339, "2006-01-02T15:04:05", "2006-01-02T15:04Z07:00", "2006-01-02T15:04"} {
		if t, err := time.Parse(layout, s); err == nil && t.Year() > 0 {
			t = t.UTC().Truncate(time.Second)
			return span{start: t, end: t.Add(time.Second), instant: true}, nil
		}
	}
	return span{}, fmt.Errorf("%q is not a date", s)
}
