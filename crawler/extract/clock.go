package extract

import (
	"regexp"
	"strings"
	"time"
)

// The texts are folded: small letters, digits of ASCII.
var (
	clockRE = regexp.MustCompile(`(?:^|[^\d:.])(?:(오전|오후|上午|下午|午前|午後|晚上|凌晨|早上|中午)\s*)?(\d{1,2})(?:[:h時时点點]|시\s*)(\d\d)(?:[:分](\d\d)(?:[.,]\d+)?)?(?:분|分)?` + afterClock)
	// 4.34pm, 9 a.m.: without a colon only with the half of the day.
	halfRE = regexp.MustCompile(`(?:^|[^\d:.])()(\d{1,2})(?:\.(\d\d))?()\s*([ap]\.?\s?m\b\.?)\s*` + zoneName)
	// what follows a clock: half of the day, then the zone
	afterClock = `\s*([ap]\.?\s?m\b\.?|مساء|صباحا|[صم](?:\s|$)|ب\.?ظ|ق\.?ظ|بعدازظهر)?[،,]?\s*` + zoneName
	zoneName   = `(z\b|(?:utc|gmt)?\s?[+-]\d\d?:?\d\d|(?:utc|gmt)?\s?[+-]\d\d?\b|\(?[a-z]{2,4}\b)?`
)

// zones are the names of time zones in minutes east of UTC.
var zones = map[string]int{
	"z": 0, "utc": 0, "gmt": 0, "wet": 0, "est": -5 * 60, "edt": -4 * 60, "cst": -6 * 60, "cdt": -5 * 60, "mst": -7 * 60, "mdt": -6 * 60,
	"pst": -8 * 60, "pdt": -7 * 60, "cet": 60, "mez": 60, "cest": 120, "mesz": 120, "bst": 60, "eet": 120, "eest": 180, "msk": 180,
	"ist": 330, "pkt": 300, "wib": 420, "ict": 420, "hkt": 480, "sgt": 480, "myt": 480, "awst": 480, "jst": 540, "kst": 540,
	"aest": 600, "aedt": 660, "nzst": 720, "nzdt": 780, "sast": 120, "eat": 180, "wat": 60, "brt": -180, "art": -180, "akst": -540, "akdt": -480, "hst": -600,
}

// withTime looks for the time of a day behind its date, then before it.
func withTime(t time.Time, behind, before string) written {
	for _, s := range []string{strings.TrimLeft(behind, "t日일, "), before} {
		for _, re := range []*regexp.Regexp{clockRE, halfRE} {
			c := re.FindStringSubmatch(s)
			if c == nil {
				continue
			}
			h := num(c[2])
			switch half := c[1] + c[5]; {
			case half == "":
			case strings.HasPrefix(half, "p"), strings.HasPrefix(half, "م"), strings.HasPrefix(half, "ب"), half == "오후", half == "下午", half == "午後", half == "晚上":
				if h < 12 {
					h += 12
				}
			case h == 12 && half != "中午":
				h = 0
			}
			if h < 24 && num(c[3]) < 60 && num(c[4]) < 61 {
				return withClock(t, h, num(c[3]), num(c[4]), c[6])
			}
		}
	}
	return written{t: t}
}

// withClock adds a time of day and its zone: a name of zones, or hours and
// minutes from UTC.
func withClock(t time.Time, h, m, s int, zone string) written {
	w := written{t: time.Date(t.Year(), t.Month(), t.Day(), h, m, s, 0, time.UTC), hasTime: true}
	off, ok := zoneOffset(zone)
	if ok {
		w.zoned = true
		if off != 0 {
			w.t = time.Date(t.Year(), t.Month(), t.Day(), h, m, s, 0, time.FixedZone("", off*60))
		}
	}
	return w
}

// zoneOffset gives minutes east of UTC; false for what is no zone.
func zoneOffset(zone string) (int, bool) {
	zone = strings.Trim(strings.ToLower(zone), "( ")
	if off, ok := zones[zone]; ok {
		return off, true
	}
	zone = strings.TrimLeft(strings.TrimPrefix(strings.TrimPrefix(zone, "utc"), "gmt"), " ")
	if zone == "" || zone[0] != '+' && zone[0] != '-' {
		return 0, false
	}
	digits := strings.ReplaceAll(zone[1:], ":", "")
	off := num(digits) * 60
	if len(digits) > 2 {
		off = num(digits[:len(digits)-2])*60 + num(digits[len(digits)-2:])
	}
	if off > 14*60 {
		return 0, false
	}
	if zone[0] == '-' {
		off = -off
	}
	return off, true
}
