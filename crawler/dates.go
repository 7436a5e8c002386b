package crawler

import (
	"regexp"
	"strconv"
	"strings"
	"time"
)

// zones are the names of time zones that feeds write, in minutes east of UTC.
// The two-letter ones are American and mean standard time. Go's own parser
// takes names that it does not know for UTC.
var zones = map[string]int{
	"z": 0, "ut": 0, "utc": 0, "gmt": 0, "etc/gmt": 0, "wet": 0, "west": 60, "bst": 60, "ist": 330,
	"met": 60, "mest": 120, "cet": 60, "cest": 120, "mez": 60, "mesz": 120, "eet": 120, "eest": 180, "sast": 120,
	"msk": 180, "msd": 240, "trt": 180, "pkt": 300, "wib": 420, "ict": 420, "hkt": 480, "sgt": 480, "awst": 480,
	"jst": 540, "kst": 540, "acst": 570, "aest": 600, "aedt": 660, "nzst": 720, "nzdt": 780,
	"at": -240, "ast": -240, "adt": -180, "et": -300, "est": -300, "edt": -240, "ct": -360, "cst": -360, "cdt": -300,
	"mt": -420, "mst": -420, "mdt": -360, "pt": -480, "pst": -480, "pdt": -420, "akst": -540, "akdt": -480, "hst": -600,
	"art": -180, "brt": -180, "clt": -240, "nst": -210, "ndt": -150,
}

var months = map[string]time.Month{
	"jan": 1, "feb": 2, "mar": 3, "apr": 4, "may": 5, "jun": 6, "jul": 7, "aug": 8, "sep": 9, "oct": 10, "nov": 11, "dec": 12,
}

var (
	isoDate = regexp.MustCompile(`^(\d{4}|\d{2})(?:-?(\d{2})(?:-?(\d{2}))?|-?(\d{3}))?$`)
	clock   = regexp.MustCompile(`^(\d{1,2}):(\d{2})(?::(\d{2})(?:[.,]\d+)?)?$`)
	compact = regexp.MustCompile(`^(\d{2})(\d{2})(\d{2})?$`)
	offset  = regexp.MustCompile(`^(?:(?:gmt|utc))?([+-])(\d{1,2}):?(\d{2})?$`)
	isoTime = regexp.MustCompile(`^(.*?)(z|[+-]\d{2}:?(?:\d{2})?)?$`)
	slashed = regexp.MustCompile(`^(\d{4})/(\d{1,2})/(\d{1,2})$`)
	korean  = regexp.MustCompile(`^(\d{4})년\s*(\d{1,2})월\s*(\d{1,2})일\s+(\d{1,2}:\d{2}(?::\d{2})?)$`)
	nate    = regexp.MustCompile(`^(\d{4}-\d{2}-\d{2})\s+(오전|오후)\s+(\d{1,2})(:\d{2}(?::\d{2})?)$`)
)

// maxDate is the longest text that is looked at as a date.
const maxDate = 100

// parseDate reads the dates of feeds and sitemaps: RFC 822 and 2822 and what
// is near them, the W3C profile of ISO 8601, and two Korean forms. It gives
// UTC; zero if the text is no date that exists.
func parseDate(s string) time.Time {
	s = strings.ToLower(strings.TrimSpace(s))
	if s == "" || len(s) > maxDate {
		return time.Time{}
	}
	if m := korean.FindStringSubmatch(s); m != nil {
		return dateOf(m[1], m[2], m[3], m[4], "kst")
	}
	if m := nate.FindStringSubmatch(s); m != nil {
		h, _ := strconv.Atoi(m[3])
		if h %= 12; m[2] == "오후" {
			h += 12
		}
		return dateOf(m[1][:4], m[1][5:7], m[1][8:], strconv.Itoa(h)+m[4], "kst")
	}
	if t := parseISO(s); !t.IsZero() {
		return t
	}
	return parseWords(s)
}

// parseISO reads ISO 8601: year, month, day or day of the year, time, zone.
func parseISO(s string) time.Time {
	day, rest := s, ""
	if len(s) == 6 && strings.Trim(s, "0123456789") == "" {
		return dateOf(s[:2], s[2:4], s[4:], "", "") // ISO 8601 has no year and month without a hyphen
	}
	if i := strings.IndexAny(s, "t "); i > 0 {
		day, rest = s[:i], strings.TrimSpace(s[i+1:])
	}
	m := isoDate.FindStringSubmatch(day)
	if m == nil {
		return time.Time{}
	}
	zone := ""
	if rest != "" {
		fields := strings.Fields(rest)
		x := isoTime.FindStringSubmatch(fields[0])
		rest, zone = x[1], x[2]
		if len(fields) == 2 && zone == "" {
			zone = fields[1]
		} else if len(fields) > 1 {
			return time.Time{}
		}
		if c := compact.FindStringSubmatch(rest); c != nil {
			rest = c[1] + ":" + c[2]
			if c[3] != "" {
				rest += ":" + c[3]
			}
		}
	}
	if m[4] != "" { // day of the year
		n, _ := strconv.Atoi(m[4])
		t := dateOf(m[1], "1", "1", rest, zone)
		if t.IsZero() || n < 1 || n > 366 {
			return time.Time{}
		}
		return t.AddDate(0, 0, n-1)
	}
	month, mday := m[2], m[3]
	if month == "" {
		if len(m[1]) == 2 {
			return time.Time{}
		}
		month = "1"
	}
	if mday == "" {
		mday = "1"
	}
	return dateOf(m[1], month, mday, rest, zone)
}

// parseWords reads a date with the month in letters, in whatever order: the
// first number is the day, the second the year, except where one of them is
// plainly the year.
func parseWords(s string) time.Time {
	var day, month, year, hour, zone string
	for i, w := range strings.FieldsFunc(s, func(r rune) bool { return r == ' ' || r == ',' || r == '\t' || r == '\n' || r == '\r' }) {
		if w = strings.TrimSuffix(w, "."); w == "" {
			continue
		}
		n, nerr := strconv.Atoi(w)
		switch {
		case slashed.MatchString(w) && month == "":
			m := slashed.FindStringSubmatch(w)
			year, month, day = m[1], m[2], m[3]
		case clock.MatchString(w) && hour == "":
			hour = w
		case (w == "am" || w == "pm") && hour != "" && zone == "":
			hour = halfDay(hour, w)
		case len(w) >= 3 && months[w[:3]] > 0 && strings.HasPrefix(monthName(w), w) && month == "":
			month = strconv.Itoa(int(months[w[:3]]))
		case nerr == nil && w[0] != '+' && w[0] != '-' && len(w) <= 2 && day == "" && n >= 1 && n <= 31:
			day = w
		case nerr == nil && w[0] != '+' && w[0] != '-' && (len(w) == 4 || len(w) == 2) && year == "":
			year = w
		case i > 0 && hour != "" && zone == "" && w[0] != '(':
			zone = w
		case i == 0 && nerr != nil, w[0] == '(' && zone != "": // the day of the week; a comment
		default:
			return time.Time{}
		}
	}
	if day == "" || month == "" || year == "" {
		return time.Time{}
	}
	return dateOf(year, month, day, hour, zone)
}

// halfDay turns a clock of twelve hours into one of 24; one that is none stays.
func halfDay(hour, half string) string {
	hh, rest, _ := strings.Cut(hour, ":")
	h, err := strconv.Atoi(hh)
	if err != nil || h < 1 || h > 12 {
		return hour
	}
	if h %= 12; half == "pm" {
		h += 12
	}
	return strconv.Itoa(h) + ":" + rest
}

func monthName(w string) string { return strings.ToLower(months[w[:3]].String()) }

// dateOf puts the parts together; zero if there is no such day or time.
func dateOf(year, month, day, hour, zone string) time.Time {
	y, err1 := strconv.Atoi(year)
	m, err2 := strconv.Atoi(month)
	d, err3 := strconv.Atoi(day)
	if err1 != nil || err2 != nil || err3 != nil {
		return time.Time{}
	}
	if len(year) == 2 {
		y += 1900
		if y < 1970 {
			y += 100
		}
	}
	var h, min, sec int
	if hour != "" {
		c := clock.FindStringSubmatch(hour)
		if c == nil {
			return time.Time{}
		}
		h, _ = strconv.Atoi(c[1])
		min, _ = strconv.Atoi(c[2])
		sec, _ = strconv.Atoi(c[3])
	}
	east, ok := zoneOf(zone)
	t := time.Date(y, time.Month(m), d, h, min, sec, 0, time.UTC)
	if !ok || h > 23 || min > 59 || sec > 59 || t.Day() != d || int(t.Month()) != m {
		return time.Time{}
	}
	return t.Add(-time.Duration(east) * time.Minute)
}

// zoneOf gives the minutes east of UTC of a zone; a name that is not known is
// taken for UTC, which is wrong by hours at most, where no date is no order.
func zoneOf(s string) (minutes int, ok bool) {
	if s == "" {
		return 0, true
	}
	if m := offset.FindStringSubmatch(s); m != nil {
		h, _ := strconv.Atoi(m[2])
		min, _ := strconv.Atoi(m[3])
		if h > 24 || min > 59 {
			return 0, false
		}
		if minutes = h*60 + min; m[1] == "-" {
			minutes = -minutes
		}
		return minutes, true
	}
	if strings.Trim(s, "abcdefghijklmnopqrstuvwxyz/_") != "" {
		return 0, false
	}
	return zones[s], true
}
