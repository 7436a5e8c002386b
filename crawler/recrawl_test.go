package crawler

import (
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"
)

// TestNextLook follows articles from one look to the next: minutes after the
// publication, then hours, then days, and an end.
func TestNextLook(t *testing.T) {
	found := time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)
	for _, c := range []struct {
		name      string
		published time.Duration // before it was found; 0 is not known
		edited    bool          // each look finds an edit
		within    []time.Duration
		most      int
	}{
		{"new", time.Minute, false, []time.Duration{20 * time.Minute, time.Hour, 4 * time.Hour, day}, 12},
		{"undated", 0, false, []time.Duration{20 * time.Minute, time.Hour, 4 * time.Hour, day}, 12},
		{"edited again and again", time.Minute, true, []time.Duration{20 * time.Minute, 30 * time.Minute, 50 * time.Minute, 2 * time.Hour}, 25},
		{"of last month", 30 * day, false, []time.Duration{day}, 2},
		{"of three days ago", 3 * day, false, []time.Duration{20 * time.Minute}, 12},
		{"dated tomorrow", -day, false, []time.Duration{20 * time.Minute}, 12},
	} {
		t.Run(c.name, func(t *testing.T) {
			a := &task{kind: "article", firstFetch: found.UnixMilli()}
			if c.published != 0 {
				a.published = found.Add(-c.published).UnixMilli()
			}
			var looks []time.Duration
			for now := found; ; {
				due := a.nextLook(now, c.edited && now.After(found))
				if due == never {
					break
				}
				next := time.UnixMilli(due)
				if next.Sub(now) < lookFirst-time.Second || next.Sub(now) > 8*day {
					t.Fatalf("looked at again after %v", next.Sub(now))
				}
				now = next
				if looks = append(looks, now.Sub(found)); len(looks) > 100 {
					t.Fatal("looked at for ever")
				}
			}
			for i, want := range c.within {
				if len(looks) <= i || looks[i] > want {
					t.Errorf("look %d of %v, want one within %v", i, looks, want)
				}
			}
			if n := len(looks); n > c.most || n > 0 && looks[n-1] > 8*day {
				t.Errorf("%d looks: %v, want %d at most in eight days", n, looks, c.most)
			}
		})
	}
}

// TestPollAfter polls busy sources often and quiet ones seldom, and takes what
// they ask for as a hint.
func TestPollAfter(t *testing.T) {
	// brings is the state after two weeks of an item each so many minutes.
	brings := func(minutes float64) *pollState {
		p := &pollState{at: 1}
		now, left := int64(1), 0.0
		for range 14 * 24 * 6 {
			now += (10 * time.Minute).Milliseconds()
			left += 10 / minutes
			n := int(left)
			left -= float64(n)
			p.saw(n, now)
		}
		return p
	}
	feed, page := &task{kind: "feed"}, &task{kind: "page"}
	for _, c := range []struct {
		name         string
		t            *task
		p            *pollState
		hint, cached time.Duration
		min, max     time.Duration
	}{
		{"an item a minute", feed, brings(1), 0, 0, time.Minute, 64 * time.Second},
		{"three an hour", feed, brings(20), 0, 0, 100 * time.Second, 180 * time.Second},
		{"one an hour", feed, brings(60), 0, 0, 6 * time.Minute, 9 * time.Minute},
		{"two a day", feed, brings(720), 0, 0, 9 * time.Minute, 11 * time.Minute},
		{"one a week", feed, brings(7 * 1440), 0, 0, 20 * time.Minute, time.Hour},
		{"nothing", feed, brings(1e9), 0, 0, 30 * time.Minute, pollMax},
		{"not known", feed, &pollState{}, 0, 0, pollFirst, pollFirst + pollFirst/20},
		{"busy, asks for an hour", feed, brings(20), time.Hour, 0, hintBusyMax, hintBusyMax + hintBusyMax/20},
		{"quiet, asks for an hour", feed, brings(7 * 1440), time.Hour, 0, time.Hour, 64 * time.Minute},
		{"quiet, asks for a day", feed, brings(7 * 1440), day, 0, time.Hour, 64 * time.Minute},
		{"busy, cached for three minutes", feed, brings(1), 0, 3 * time.Minute, 3 * time.Minute, 190 * time.Second},
		{"busy, cached for a day", feed, brings(1), 0, day, cacheMax, cacheMax + cacheMax/20},
		{"busy section page", page, brings(1), 0, 0, pageMin, pageMin + pageMin/20},
	} {
		for range 20 {
			if got := c.t.pollAfter(c.p, 0, c.hint, c.cached); got < c.min || got > c.max {
				t.Errorf("%s: after %v, want %v to %v", c.name, got, c.min, c.max)
				break
			}
		}
	}
}

// TestPollBegin takes the rate of a feed from the dates in it.
func TestPollBegin(t *testing.T) {
	now := time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)
	items := func(n int, each time.Duration) (list []found) {
		for i := range n {
			list = append(list, found{published: now.Add(-time.Duration(i+1) * each)})
		}
		return list
	}
	for _, c := range []struct {
		name     string
		items    []found
		min, max float64 // items an hour
	}{
		{"twenty, one each ten minutes", items(20, 10*time.Minute), 5, 7},
		{"fifty, two an hour", items(50, 30*time.Minute), 1.2, 2.2},
		{"one a month", items(20, 30*day), 0, 1.0 / 24},
		{"without dates", make([]found, 20), 0.1, 0.3},
		{"dated tomorrow", []found{{published: now.Add(day)}}, 0, 1.0 / 24},
	} {
		var p pollState
		p.begin(c.items, now.UnixMilli())
		if r := p.rate(); r < c.min || r > c.max {
			t.Errorf("%s: %.3f an hour, want %v to %v", c.name, r, c.min, c.max)
		}
	}
}

func TestCacheHint(t *testing.T) {
	now := time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)
	for in, want := range map[string]time.Duration{
		"Cache-Control: max-age=300":                                        5 * time.Minute,
		"Cache-Control: public, max-age=\"60\"":                             time.Minute,
		"Cache-Control: max-age=300, s-maxage=30":                           5 * time.Minute,
		"Cache-Control: no-cache, max-age=300":                              0,
		"Cache-Control: private":                                            0,
		"Cache-Control: max-age=x":                                          0,
		"Cache-Control: max-age=-5":                                         0,
		"Cache-Control: max-age=99999999999999999999":                       0,
		"Cache-Control: max-age=2000000000":                                 day,
		"Expires: Sun, 01 Mar 2026 12:02:00 GMT":                            2 * time.Minute,
		"Expires: 0":                                                        0,
		"Expires: Sun, 01 Mar 2026 11:00:00 GMT":                            0,
		"Cache-Control: max-age=300\nAge: 100":                              200 * time.Second,
		"Cache-Control: max-age=300\nAge: 1000":                             0,
		"Expires: Sun, 01 Mar 2026 12:02:00 GMT\nCache-Control: max-age=10": 10 * time.Second,
		"": 0,
	} {
		if got := cacheHint(headersOf(in), now); got != want {
			t.Errorf("%q: %v, want %v", in, got, want)
		}
	}
}

func TestFullEach(t *testing.T) {
	feed, article := &task{kind: "feed"}, &task{kind: "article"}
	var full []int
	for feed.same = range 200 {
		if feed.full() {
			full = append(full, feed.same)
		}
	}
	if want := []int{16, 32, 64, 128}; !slices.Equal(full, want) {
		t.Errorf("asked without conditions after %v answers without news, want %v", full, want)
	}
	if article.same = fullPage; !article.full() {
		t.Error("an article is never asked for without conditions")
	}
	if n := article.sameAfter(outcome{fetched: true}, 0); n != 0 {
		t.Errorf("%d answers without news after a whole one", n)
	}
	if n := feed.sameAfter(outcome{fetched: true}, 3); n != 0 {
		t.Errorf("%d answers without news after one with three items", n)
	}
}

// headersOf reads headers, one a line.
func headersOf(text string) http.Header {
	h := http.Header{}
	for line := range strings.Lines(text) {
		name, value, _ := strings.Cut(strings.TrimSpace(line), ": ")
		h.Add(name, value)
	}
	return h
}
