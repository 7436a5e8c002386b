package indexer

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"dateline"
)

// oddZones are zones in which days, hours or dates are not what one expects.
var oddZones = []string{
	"UTC", "Europe/Berlin", "America/New_York", "Asia/Shanghai", "Asia/Kolkata", "Asia/Kathmandu",
	"Australia/Lord_Howe", // half an hour of summer time
	"America/Sao_Paulo",   // put clocks on at midnight until 2018
	"America/Asuncion",
	"Pacific/Apia",      // had no 30 December 2011
	"Africa/Casablanca", // changes around Ramadan
	"Europe/Dublin",
}

func loadZone(tb testing.TB, name string) *time.Location {
	tb.Helper()
	z, err := time.LoadLocation(name)
	if err != nil {
		tb.Fatal(err)
	}
	return z
}

// clockUnit is the hour, day, week, month or year that clocks show.
func clockUnit(t time.Time, interval string) string {
	switch interval {
	case "hour":
		return t.Format("2006-01-02 15 -0700")
	case "day":
		return t.Format("2006-01-02")
	case "week":
		y, w := t.ISOWeek()
		return fmt.Sprint(y, " ", w)
	case "month":
		return t.Format("2006-01")
	}
	return t.Format("2006")
}

// testZones are what random searches ask for.
var testZones = func() []*time.Location {
	out := []*time.Location{nil, nil}
	for _, name := range oddZones {
		z, err := time.LoadLocation(name)
		if err != nil {
			panic(err)
		}
		out = append(out, z)
	}
	return out
}()

// wholeUnit says whether clocks show one unit from from to to, and no longer.
func wholeUnit(from, to time.Time, interval string) error {
	what := clockUnit(from, interval)
	if clockUnit(from.Add(-time.Second), interval) == what || clockUnit(to.Add(-time.Second), interval) != what || clockUnit(to, interval) == what {
		return fmt.Errorf("bucket %v to %v, want a whole %s", from, to, interval)
	}
	return nil
}

// viewOf is a view of nothing but times.
func viewOf(times []int64) (*view, bitset) {
	v := &view{columns: columns{n: len(times), pub: times}}
	set := newBitset(len(times))
	for i := range times {
		set.set(uint32(i))
	}
	v.dated = set.clone()
	return v, set
}

// TestTimelineZones compares with the units that clocks show for each time.
func TestTimelineZones(t *testing.T) {
	r := rand.New(rand.NewPCG(9, 1))
	for _, name := range oddZones {
		zone := loadZone(t, name)
		for _, interval := range intervals {
			unit := seconds[intervalIndex(interval)]
			for range 60 {
				from := time.Date(2009+r.IntN(16), time.Month(1+r.IntN(12)), 1, 0, 0, 0, 0, time.UTC).Unix()
				if _, change := time.Unix(from, 0).In(zone).ZoneBounds(); !change.IsZero() && r.IntN(3) > 0 {
					from = change.Unix() - r.Int64N(3*unit) // about where clocks change
				}
				var times []int64
				want := map[string]int{}
				for range 1 + r.IntN(60) {
					at := from + r.Int64N(1+unit*int64(1+r.IntN(30)))
					times = append(times, at)
					want[clockUnit(time.Unix(at, 0).In(zone), interval)]++
				}
				v, set := viewOf(times)
				got := v.timeline(set, interval, zone)
				for i, b := range got {
					at := b.From.In(zone)
					what := clockUnit(at, interval)
					if i > 0 && !got[i-1].To.Equal(b.From) {
						t.Fatalf("%s: a gap before %v", name, at)
					}
					if err := wholeUnit(at, b.To.In(zone), interval); err != nil {
						t.Fatalf("%s: %v", name, err)
					}
					if b.Count != want[what] {
						t.Fatalf("%s: the %s %s has %d, want %d", name, interval, what, b.Count, want[what])
					}
					delete(want, what)
				}
				if len(want) > 0 {
					t.Fatalf("%s: left out: %v", name, want)
				}
			}
		}
	}
}

func TestTimelineDays(t *testing.T) {
	for _, c := range []struct {
		zone, interval, at string
		from, to           string
		hours              float64
	}{
		{"Europe/Berlin", "day", "2025-03-30T12:00:00Z", "2025-03-29T23:00:00Z", "2025-03-30T22:00:00Z", 23},
		{"Europe/Berlin", "day", "2025-10-26T12:00:00Z", "2025-10-25T22:00:00Z", "2025-10-26T23:00:00Z", 25},
		{"Europe/Berlin", "week", "2025-10-26T12:00:00Z", "2025-10-19T22:00:00Z", "2025-10-26T23:00:00Z", 169},
		{"America/Sao_Paulo", "day", "2018-11-04T12:00:00Z", "2018-11-04T03:00:00Z", "2018-11-05T02:00:00Z", 23},
		{"Pacific/Apia", "day", "2011-12-30T09:59:59Z", "2011-12-29T10:00:00Z", "2011-12-30T10:00:00Z", 24}, // the 29th
		{"Pacific/Apia", "day", "2011-12-30T10:00:00Z", "2011-12-30T10:00:00Z", "2011-12-31T10:00:00Z", 24}, // the 31st
		{"Asia/Shanghai", "month", "2025-11-30T18:00:00Z", "2025-11-30T16:00:00Z", "2025-12-31T16:00:00Z", 31 * 24},
		{"Asia/Kolkata", "hour", "2025-11-14T18:02:00Z", "2025-11-14T17:30:00Z", "2025-11-14T18:30:00Z", 1},
		{"Australia/Lord_Howe", "hour", "2025-04-05T15:10:00Z", "2025-04-05T15:00:00Z", "2025-04-05T15:30:00Z", .5},
		{"America/New_York", "day", "2040-12-31T23:00:00Z", "2040-12-31T05:00:00Z", "2041-01-01T05:00:00Z", 24}, // by rules for the future
		{"America/New_York", "year", "2025-01-01T04:59:59Z", "2024-01-01T05:00:00Z", "2025-01-01T05:00:00Z", 366 * 24},
	} {
		at, err := time.Parse(time.RFC3339, c.at)
		if err != nil {
			t.Fatal(err)
		}
		v, set := viewOf([]int64{at.Unix()})
		l := v.timeline(set, c.interval, loadZone(t, c.zone))
		if len(l) != 1 || l[0].Count != 1 {
			t.Errorf("%s in %s: %v", c.at, c.zone, l)
			continue
		}
		if from, to := l[0].From.Format(time.RFC3339), l[0].To.Format(time.RFC3339); from != c.from || to != c.to || l[0].To.Sub(l[0].From).Hours() != c.hours {
			t.Errorf("%s of %s in %s: %s to %s, want %s to %s", c.interval, c.at, c.zone, from, to, c.from, c.to)
		}
	}
}

// TestTimelineOldClocks: where clocks were put back over midnight, and before
// zones, buckets still follow each other and have every time once.
func TestTimelineOldClocks(t *testing.T) {
	r := rand.New(rand.NewPCG(9, 2))
	for _, name := range append([]string{"America/St_Johns", "Asia/Manila", "Europe/Amsterdam", "Africa/Monrovia"}, oddZones...) {
		zone := loadZone(t, name)
		for _, interval := range append([]string{"auto"}, intervals...) {
			from := r.Int64N(4e9) - 2e9
			if name == "America/St_Johns" { // 2006-10-29 00:01
				from = time.Date(2006, 10, 29, 0, 0, 0, 0, time.UTC).Unix()
			}
			var times []int64
			for range 200 {
				times = append(times, from+r.Int64N(5e5))
			}
			v, set := viewOf(times)
			got := v.timeline(set, interval, zone)
			slices.Sort(times)
			sum := 0
			for i, b := range got {
				if !b.From.Before(b.To) || i > 0 && !got[i-1].To.Equal(b.From) {
					t.Fatalf("%s: bucket %v", name, b)
				}
				n := 0
				for _, at := range times {
					if at >= b.From.Unix() && at < b.To.Unix() {
						n++
					}
				}
				if sum += n; n != b.Count || n == 0 && (i == 0 || i == len(got)-1) {
					t.Fatalf("%s: %v has %d", name, b, n)
				}
			}
			if sum != len(times) {
				t.Errorf("%s: %d of %d are counted", name, sum, len(times))
			}
		}
	}
}

// TestTimelineAsked: a search takes the zone.
func TestTimelineAsked(t *testing.T) {
	x := open(t, t.TempDir())
	add(t, x, &dateline.Article{
		ID: "a", URL: "https://a.example/1", Title: "Late", Body: "The memo came out late.", Outlet: dateline.Outlet{ID: "a.example"},
		Published: time.Date(2025, 11, 14, 18, 2, 0, 0, time.UTC),
	})
	res, err := x.Search(t.Context(), dateline.Query{Interval: "day", Zone: loadZone(t, "Asia/Shanghai")})
	if err != nil || len(res.Timeline) != 1 || res.Timeline[0].From.Format(time.RFC3339) != "2025-11-14T16:00:00Z" {
		t.Errorf("%v, %v", res, err)
	}
}

func BenchmarkTimeline(b *testing.B) {
	r := rand.New(rand.NewPCG(9, 3))
	var times []int64
	for range 200_000 {
		times = append(times, 1_672_531_200+r.Int64N(30*30*86400))
	}
	v, set := viewOf(times)
	for _, c := range []struct{ interval, zone string }{{"day", "UTC"}, {"month", "UTC"}, {"month", "Europe/Berlin"}, {"day", "Europe/Berlin"}} {
		zone := loadZone(b, c.zone)
		b.Run(c.interval+" in "+zone.String(), func(b *testing.B) {
			for b.Loop() {
				v.timeline(set, c.interval, zone)
			}
		})
	}
}
