package extract

import (
	_ "embed"
	"strings"
	"sync"
	"time"
)

// calendar is a way to count years and months.
type calendar uint8

const (
	gregorian calendar = iota
	jalali             // the solar calendar of Iran and Afghanistan
	hijri              // the Islamic calendar of the moon
)

// monthList has the names of months, made by make_months.py: language,
// calendar, twelve months parted by bars, a month's names by commas.
//
//go:embed months.txt
var monthList string

type month struct {
	cal calendar
	n   int
}

// monthTable finds months by their names in lower case.
type monthTable struct {
	lang map[string]map[string]month // by language
	any  map[string]month            // names that mean one month in all languages
}

// maxMonthWords is how many words a month's name has at most.
const maxMonthWords = 3

var monthNames = sync.OnceValue(func() *monthTable {
	t := &monthTable{lang: map[string]map[string]month{}, any: map[string]month{}}
	several := map[string]bool{}
	cals := map[string]calendar{"gregorian": gregorian, "jalali": jalali, "hijri": hijri}
	for line := range strings.Lines(monthList) {
		f := strings.Split(strings.TrimSuffix(line, "\n"), "\t")
		if t.lang[f[0]] == nil {
			t.lang[f[0]] = map[string]month{}
		}
		for i, names := range strings.Split(f[2], "|") {
			for _, n := range strings.Split(names, ",") {
				n, m := foldDate(n), month{cals[f[1]], i + 1}
				if _, ok := t.lang[f[0]][n]; !ok {
					t.lang[f[0]][n] = m
				}
				if o, ok := t.any[n]; ok && o != m {
					several[n] = true // listopad is November to Poles and October to Croats
				}
				if _, ok := t.any[n]; !ok {
					t.any[n] = m
				}
			}
		}
	}
	english := t.lang["en"]
	for n := range several {
		if m, ok := english[n]; ok {
			t.any[n] = m // metadata is written in English on pages of all languages
		} else {
			delete(t.any, n)
		}
	}
	return t
})

// find looks a name up in a language, then in all.
func (t *monthTable) find(name, lang string) (month, bool) {
	if m, ok := t.lang[lang][name]; ok {
		return m, true
	}
	m, ok := t.any[name]
	return m, ok
}

// date gives the day of a calendar's year, month and day at 0:00 UTC, false if
// there is no such day. Years beyond what a calendar shows today are read as
// the calendar that has them: 2563 is Buddhist, 1399 Jalali or Hijri.
func (c calendar) date(y, m, d int, lang string) (time.Time, bool) {
	if m < 1 || m > 12 || d < 1 || d > 31 {
		return time.Time{}, false
	}
	if c == gregorian && y >= 1300 && y < 1500 && m <= 12 {
		switch lang {
		case "fa", "ps", "tg", "ckb":
			c = jalali
		case "ar", "ur":
			c = hijri
		}
	}
	switch {
	case c == jalali && y >= 1300 && y < 1500:
		return jalaliDate(y, m, d)
	case c == hijri && y >= 1300 && y < 1600:
		return hijriDate(y, m, d)
	case c != gregorian:
		return time.Time{}, false
	case y >= 2500 && y < 2650:
		y -= 543
	}
	t := time.Date(y, time.Month(m), d, 0, 0, 0, 0, time.UTC)
	return t, t.Day() == d
}

// jalaliDate reckons by the cycle of 33 years with eight leap years, which
// agrees with the observed calendar from 1244 to 1472 (1865 to 2093).
func jalaliDate(y, m, d int) (time.Time, bool) {
	if m > 6 && d > 30 || m == 12 && d == 30 && !jalaliLeap(y) {
		return time.Time{}, false
	}
	newYear := func(y int) int { // days before the year, in a count of its own
		n := y + 1595
		return 365*n + n/33*8 + (n%33+3)/4
	}
	days := newYear(y)
	if m <= 7 {
		days += (m - 1) * 31
	} else {
		days += (m-7)*30 + 186
	}
	// 1 Farvardin 1399 was 20 March 2020.
	ref := time.Date(2020, time.March, 20, 0, 0, 0, 0, time.UTC)
	return ref.AddDate(0, 0, days-newYear(1399)+d-1), true
}

func jalaliLeap(y int) bool {
	switch (y + 1595) % 33 {
	case 0, 4, 8, 12, 16, 20, 24, 28:
		// The count of days before the year after this one is one more.
		return true
	}
	return false
}

// hijriDate reckons by the tabular calendar of 30 years with eleven leap
// years, which is a day off the observed one at most.
func hijriDate(y, m, d int) (time.Time, bool) {
	if d > 30 {
		return time.Time{}, false
	}
	days := (11*y+3)/30 + 354*y + 30*m - (m-1)/2 + d
	// 1 Muharram 1442 was 20 August 2020.
	first := (11*1442+3)/30 + 354*1442 + 30 + 1
	return time.Date(2020, time.August, 20, 0, 0, 0, 0, time.UTC).AddDate(0, 0, days-first), true
}

// eras are the first years of Japanese eras and of the Republic of China, less one.
var eras = map[string]int{"令和": 2018, "平成": 1988, "昭和": 1925, "民國": 1911, "民国": 1911}
