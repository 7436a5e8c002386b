package extract

import (
	"strings"
	"time"
)

// maxZone is how far a zone's clock may be from UTC.
const maxZone = 14 * time.Hour

// local gives a date that metadata states with a zone, mostly UTC, as the
// page's readers see it: the day that they were told is often another. A clock
// that differs by the offset of a zone tells the zone; a day alone tells only
// the day. The instant stays the same or is left out.
func (p *page) local(w written) written {
	if !w.hasTime {
		return w
	}
	_, off := w.t.Zone()
	var zone *written
	var days []written
	for _, m := range p.shownMarks() {
		text, ok := shortText(m.n, 119)
		if !ok {
			continue
		}
		seen, ok := p.parse(text)
		if m.h&atTime != 0 && w.zoned {
			if own, ok := p.ownTime(w, m, seen, ok); ok {
				return own
			}
		}
		switch {
		case !ok:
		case seen.hasTime && zone == nil && w.zoned:
			if z, ok := zoneBetween(w, seen); ok {
				at := inZone(w, z)
				zone = &at
			}
		case !seen.hasTime:
			days = append(days, seen)
		}
	}
	switch {
	case zone != nil:
		return *zone
	case off != 0 && w.zoned:
		return w
	}
	if z, ok := p.statedZone(w); ok {
		return z
	}
	if u, ok := p.urlDate(); ok && w.zoned {
		days = append(days, u)
	}
	for _, d := range days {
		if sameDay(w, d) {
			return w
		}
	}
	for _, d := range days {
		if d = seenDay(w, d); !d.hasTime {
			return d
		}
	}
	return w
}

// ownTime is a date as readers see it by the very element that shows it.
func (p *page) ownTime(w written, m mark, seen written, ok bool) (written, bool) {
	at, is := p.parse(attr(m.n, "datetime"))
	if !is || !at.zoned || !at.hasTime || at.t.Sub(w.t).Abs() >= 2*time.Minute {
		return w, false
	}
	switch z, zok := zoneBetween(w, seen); {
	case ok && seen.hasTime && zok:
		return inZone(w, z), true
	case ok && !seen.hasTime:
		return seenDay(w, seen), true
	}
	_, o := at.t.Zone()
	_, off := w.t.Zone()
	return inZone(w, o), o != 0 && off == 0
}

// shownMarks are the elements and texts near the headline that may show the
// date, those behind the headline first.
func (p *page) shownMarks() []mark {
	var behind, before []mark
	for i, list := range [][]mark{p.scan.marks, p.scan.dated} {
		for _, m := range list {
			if i == 0 && m.h&(atTime|atPublish|atDate|atClock|byByline) == 0 || aside(m.in) || m.in&inTop != 0 || len(behind) > 80 {
				continue
			}
			d := 0
			if p.headline != nil {
				d = m.at - p.headline.at
			}
			switch {
			case d >= 0 && d < 80:
				behind = append(behind, m)
			case d < 0 && d > -15:
				before = append(before, m)
			}
		}
	}
	return append(behind, before...)
}

// statedZone is a date with the zone in which metadata states it elsewhere.
func (p *page) statedZone(w written) (written, bool) {
	for _, name := range publishedMetas {
		for _, v := range p.meta[name] {
			if o, ok := p.parse(v); ok && o.zoned {
				if _, off := o.t.Zone(); off != 0 && o.t.Sub(w.t).Abs() < 2*time.Minute {
					return inZone(w, off), true
				}
			}
		}
	}
	return written{}, false
}

// zoneBetween is the offset, in seconds, of the zone in which a clock without a
// zone shows an instant.
func zoneBetween(w, seen written) (int, bool) {
	if seen.zoned {
		_, off := seen.t.Zone()
		return off, seen.t.Sub(w.t).Abs() < 2*time.Minute
	}
	d := wall(seen.t).Sub(w.t.Truncate(time.Minute))
	zone := d.Round(15 * time.Minute)
	return int(zone.Seconds()), (d-zone).Abs() < 2*time.Minute && realZones[int(zone.Minutes())]
}

// wall is the same clock at UTC.
func wall(t time.Time) time.Time {
	return time.Date(t.Year(), t.Month(), t.Day(), t.Hour(), t.Minute(), t.Second(), 0, time.UTC)
}

// realZones are the offsets of zones in use, in minutes: the whole hours and these.
var realZones = func() map[int]bool {
	z := map[int]bool{-570: true, -210: true, -150: true, 210: true, 270: true, 330: true, 345: true, 390: true, 525: true, 570: true, 630: true, 765: true, 825: true}
	for h := -12; h <= 14; h++ {
		z[h*60] = true
	}
	return z
}()

func inZone(w written, seconds int) written {
	if seconds == 0 {
		return written{w.t.UTC(), true, true}
	}
	return written{w.t.In(time.FixedZone("", seconds)), true, true}
}

// seenDay is a day that readers see, if the whole of it can hold the instant in
// some zone.
func seenDay(w, day written) written {
	first, last := day.t.Add(-maxZone), day.t.Add(36*time.Hour)
	if !sameDay(w, day) && w.t.After(first) && w.t.Before(last) {
		return day
	}
	return w
}

// urlDate is the date in the page's address.
func (p *page) urlDate() (written, bool) {
	for _, u := range []string{p.url.Path, p.canonical()} {
		for _, m := range urlDate.FindAllStringSubmatch(u, 5) {
			if w, ok := p.dateOf(m); ok {
				return w, true
			}
		}
		for _, m := range urlPacked.FindAllStringSubmatch(u, 5) {
			if w, ok := p.dateOf(m); ok {
				return w, true
			}
		}
	}
	return written{}, false
}

// dateOf makes a date of a match's year, month and day.
func (p *page) dateOf(m []string) (written, bool) {
	mn := num(m[2])
	if mn == 0 {
		mn = monthNames().lang["en"][strings.ToLower(m[2])].n
	}
	t, ok := day(num(m[1]), mn, num(m[3]))
	return written{t: t}, ok && p.plausible(written{t: t})
}
