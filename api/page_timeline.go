package api

import (
	"time"

	"dateline"
	"dateline/api/ui"
)

// bar is one bar of the picture, in its units, and the search it leads to.
type bar struct {
	X, Y, W, H, HitX, HitW float64
	Label, URL             string
	Count                  int
}

type timelineView struct {
	Bars        []bar
	Title       string
	First, Last string
	Top         int // articles of the highest bar
	Undated     int
}

// bucketLabel names a bar as clocks in the time zone of the search do.
func (l look) bucketLabel(q dateline.Query, b dateline.Bucket) string {
	at := b.From.UTC()
	if q.Zone != nil {
		at = at.In(q.Zone)
	}
	y, m, d := at.Date()
	day := time.Date(y, m, d, 0, 0, 0, 0, time.UTC) // as dates are written, which is in UTC
	switch d := b.To.Sub(b.From); {
	case d <= time.Hour:
		return ui.Day(l.lang, day) + l.t(", ") + at.Format("15:04 MST")
	case d < 48*time.Hour:
		return ui.Day(l.lang, day)
	case d < 8*24*time.Hour:
		return l.t("Week of %s", ui.Day(l.lang, day))
	case d < 32*24*time.Hour:
		return ui.Month(l.lang, day)
	}
	return day.Format("2006")
}

// timeline draws 1000 by 100 units; each bar links to its part of the search.
func (l look) timeline(q dateline.Query, r *dateline.Results) timelineView {
	out := timelineView{Undated: r.Undated}
	n := len(r.Timeline)
	if n == 0 {
		return out
	}
	sum := 0
	peak := r.Timeline[0]
	for _, b := range r.Timeline {
		sum += b.Count
		if b.Count > peak.Count {
			peak = b
		}
	}
	out.Top = peak.Count
	top := max(peak.Count, 1)
	step := 1000 / float64(n)
	gap := min(step*.2, 4)
	for i, b := range r.Timeline {
		d := clone(q)
		d.From, d.To = b.From, b.To
		h := float64(b.Count) * 96 / float64(top)
		if b.Count > 0 {
			h = max(h, 2)
		}
		w := min(step-gap, 72)
		x := float64(i) * step
		if ui.Dir(l.lang) == "rtl" { // time runs as the language does
			x = 1000 - x - step
		}
		out.Bars = append(out.Bars, bar{
			X: round2(x + (step-w)/2), Y: round2(100 - h), W: round2(w), H: round2(h), HitX: round2(x), HitW: round2(step),
			Label: l.bucketLabel(q, b), URL: l.search(d), Count: b.Count,
		})
	}
	out.First, out.Last = l.bucketLabel(q, r.Timeline[0]), l.bucketLabel(q, r.Timeline[n-1])
	out.Title = l.t("Timeline: %s from %s to %s; most, %s, in: %s", ui.Articles(l.lang, sum), out.First, out.Last, ui.Num(l.lang, peak.Count), l.bucketLabel(q, peak))
	return out
}

func round2(f float64) float64 { return float64(int(f*100+.5)) / 100 }
