package extract

import (
	"regexp"
	"strconv"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"
)

// written is a date as a page writes it.
type written struct {
	t       time.Time // in the zone as written, UTC if none
	hasTime bool
	zoned   bool // the zone is written
}

func (w written) raw() string {
	if w.hasTime {
		return w.t.Format(time.RFC3339)
	}
	return w.t.Format(time.DateOnly)
}

// dateReader reads dates as a page of one language and country writes them.
type dateReader struct {
	lang       string // primary tag; "" if unknown
	monthFirst bool   // 3/4/2019 is 4 March
}

const (
	maxDateText = 300 // bytes of a text that is read as a date
	maxTokens   = 60
)

var (
	compact = regexp.MustCompile(`^((?:19|20)\d\d)(\d\d)(\d\d)(?:T?(\d\d)(\d\d)(\d\d)?)?(Z|[+-]\d\d:?\d\d)?$`)
	ansiC   = "Mon Jan _2 15:04:05 MST 2006"
)

// read finds the first date in a text.
func (r dateReader) read(s string) (written, bool) {
	s = clean(s)
	if s == "" || len(s) > maxDateText || !strings.ContainsFunc(s, unicode.IsDigit) && !strings.ContainsRune(s, '元') {
		return written{}, false
	}
	if w, ok := machineDate(s); ok {
		return w, true
	}
	s = foldDate(s)
	toks := tokens(s)
	for i := range toks {
		if t, from, to, ok := r.at(toks, i); ok {
			return withTime(t, s[toks[to-1].end:], s[:toks[from].start]), true
		}
	}
	return written{}, false
}

// machineDate reads what is a date for machines as a whole.
func machineDate(s string) (written, bool) {
	if m := compact.FindStringSubmatch(s); m != nil {
		if t, ok := day(num(m[1]), num(m[2]), num(m[3])); ok {
			if m[4] == "" {
				return written{t: t}, true
			}
			return withClock(t, num(m[4]), num(m[5]), num(m[6]), m[7]), true
		}
	}
	if n, err := strconv.ParseInt(s, 10, 64); err == nil {
		switch len(s) {
		case 13:
			n /= 1000
		case 10:
		default:
			return written{}, false
		}
		return written{time.Unix(n, 0).UTC(), true, true}, true
	}
	if t, err := time.Parse(time.RFC3339, s); err == nil {
		return written{t.Truncate(time.Second), true, true}, true
	}
	if t, err := time.Parse(ansiC, s); err == nil {
		return withClock(time.Date(t.Year(), t.Month(), t.Day(), 0, 0, 0, 0, time.UTC), t.Hour(), t.Minute(), t.Second(), t.Location().String()), true
	}
	return written{}, false
}

// foldDate is a text in small letters with the digits of ASCII, without marks
// of direction, and with one form for letters that are written in several.
func foldDate(s string) string {
	return strings.Map(func(c rune) rune {
		switch {
		case c < 0x80:
			return unicode.ToLower(c)
		case c == 'İ':
			return 'i'
		case c == 'ي' || c == 'ى':
			return 'ی'
		case c == 'ك':
			return 'ک'
		case c == 'أ' || c == 'إ' || c == 'آ':
			return 'ا'
		case c >= 0x64B && c <= 0x652 || c == 'ـ' || unicode.Is(unicode.Cf, c): // vowels, a stretched line, marks
			return -1
		case c == '／' || c == '．' || c == '：' || c == '－' || c == '，':
			return c - 0xFEE0
		case unicode.IsDigit(c):
			return '0' + digitValue(c)
		case unicode.IsSpace(c):
			return ' '
		}
		return unicode.ToLower(c)
	}, s)
}

// digitValue: the digits of a script stand in a row of ten.
func digitValue(c rune) rune {
	n := rune(0)
	for n < 9 && unicode.IsDigit(c-n-1) {
		n++
	}
	return n
}

// token is a number, a word, or a character that is neither.
type token struct {
	s          string
	n          int // value of a number, -1 for others
	start, end int
	word       bool
}

func (t token) digits() int {
	if t.n < 0 {
		return 0
	}
	return t.end - t.start
}

// tokens parts a folded text. Blanks part tokens and are none; Han and kana
// are words of their own.
func tokens(s string) []token {
	var out []token
	for i := 0; i < len(s) && len(out) < maxTokens; {
		c, size := utf8.DecodeRuneInString(s[i:])
		j := i + size
		switch {
		case c == ' ':
			i = j
			continue
		case c >= '0' && c <= '9':
			for j < len(s) && s[j] >= '0' && s[j] <= '9' {
				j++
			}
			n := -1
			if j-i < 9 {
				n, _ = strconv.Atoi(s[i:j])
			}
			out = append(out, token{s: s[i:j], n: n, start: i, end: j})
		case unicode.IsLetter(c) && !unicode.In(c, unicode.Han, unicode.Hiragana, unicode.Katakana):
			for j < len(s) {
				d, k := utf8.DecodeRuneInString(s[j:])
				if !unicode.IsLetter(d) && !unicode.IsMark(d) && d != '\'' && d != '’' || unicode.In(d, unicode.Han, unicode.Hiragana, unicode.Katakana) {
					break
				}
				j += k
			}
			out = append(out, token{s: s[i:j], n: -1, start: i, end: j, word: true})
		default:
			out = append(out, token{s: s[i:j], n: -1, start: i, end: j, word: unicode.IsLetter(c)})
		}
		i = j
	}
	return out
}

// at reads a date that begins with token i and gives the tokens it takes.
func (r dateReader) at(toks []token, i int) (t time.Time, from, to int, ok bool) {
	t0 := toks[i]
	if t0.n < 0 {
		if t, n, ok := eraDate(toks[i:]); ok {
			return t, i, i + n, true
		}
		if t, n, ok := r.monthDayYear(toks[i:]); ok {
			return t, i, i + n, true
		}
		return time.Time{}, 0, 0, false
	}
	if i > 0 && toks[i-1].end == t0.start && strings.Contains("./-:_", toks[i-1].s) && i > 1 && toks[i-2].n >= 0 && toks[i-2].end == toks[i-1].start {
		return time.Time{}, 0, 0, false // amid a row of numbers
	}
	if i > 0 && len(toks) > i+4 && toks[i+4].digits() == 2 && toks[i-1].word && utf8.RuneCountInString(toks[i-1].s) > 3 {
		return time.Time{}, 0, 0, false // version 1.2.24
	}
	for _, f := range []func([]token) (time.Time, int, bool){r.yearMonthDay, r.dayMonthYear, r.numbers} {
		if t, n, ok := f(toks[i:]); ok {
			return t, i, i + n, true
		}
	}
	return time.Time{}, 0, 0, false
}

// yearMonthDay: 2020-07-01, 2020. 7. 1., 2020年7月1日, 2020년 7월 1일, 2020. július 1.
func (r dateReader) yearMonthDay(t []token) (time.Time, int, bool) {
	if t[0].digits() != 4 || len(t) < 3 {
		return time.Time{}, 0, false
	}
	i := 1
	for i < len(t) && i <= 3 && (t[i].s == "." || t[i].s == "m" || t[i].s == "г" || t[i].s == "," || t[i].s == "gada") { // 2020 m. liepos 1 d.
		i++
	}
	if i+2 < len(t) && i > 1 && t[i].n > 0 && t[i].digits() <= 2 && t[i+1].s == "." { // 2020. gada 1. jūlijs
		if m, n, ok := r.month(t[i+2:]); ok {
			d, ok := m.cal.date(t[0].n, m.n, t[i].n, r.lang)
			return d, i + 2 + n, ok
		}
	}
	if m, n, ok := r.month(t[i:]); ok && i+n < len(t) && t[i+n].n > 0 && t[i+n].digits() <= 2 {
		d, ok := m.cal.date(t[0].n, m.n, t[i+n].n, r.lang)
		return d, i + n + 1, ok
	}
	if len(t) < 5 || t[2].n < 0 || t[4].n < 0 || t[2].digits() > 2 || t[4].digits() > 2 {
		return time.Time{}, 0, false
	}
	switch a, b := t[1].s, t[3].s; {
	case a == b && (a == "-" || a == "/" || a == "."), a == "年" && b == "月", a == "년" && b == "월":
		d, ok := gregorian.date(t[0].n, t[2].n, t[4].n, r.lang)
		return d, 5, ok
	}
	return time.Time{}, 0, false
}

// numbers: 1.7.2020, 01/07/2020, 25.04.24.
func (r dateReader) numbers(t []token) (time.Time, int, bool) {
	if len(t) < 5 || t[0].n < 0 || t[2].n < 0 || t[4].n < 0 || t[0].digits() > 2 || t[2].digits() > 2 || t[1].s != t[3].s || !strings.Contains("./-", t[1].s) {
		return time.Time{}, 0, false
	}
	y, d, m := t[4].n, t[0].n, t[2].n
	switch t[4].digits() {
	case 4:
	case 2: // not amid numbers
		if t[1].s == "-" || t[1].s == "/" && (t[0].digits() != 2 || t[2].digits() != 2) || t[1].start != t[0].end || t[4].start != t[3].end || len(t) > 5 && (t[5].s == t[1].s || t[5].s == ":") {
			return time.Time{}, 0, false
		}
		if y += 2000; y > 2069 {
			y -= 100
		}
	default:
		return time.Time{}, 0, false
	}
	if t[1].s != "." && (m > 12 || r.monthFirst && d <= 12) {
		d, m = m, d
	}
	out, ok := gregorian.date(y, m, d, r.lang)
	return out, 5, ok
}

// dayMonthYear: 1 July 2020, 1. Juli 2020, 1er juillet 2020, 1 de julio del
// 2020, 24 نيسان / أبريل 2020, ngày 1 tháng 7 năm 2020, 1 กรกฎาคม พ.ศ. 2563.
func (r dateReader) dayMonthYear(t []token) (time.Time, int, bool) {
	if t[0].n < 1 || t[0].digits() > 2 {
		return time.Time{}, 0, false
	}
	var m month
	found := false
	i := 1
	for skipped := 0; i < len(t) && skipped < 4; skipped++ {
		if t[i].s == "tháng" && i+1 < len(t) && t[i+1].n > 0 {
			m, found = month{n: t[i+1].n}, true
			i += 2
			break
		}
		if o, n, ok := r.month(t[i:]); ok {
			m, found = o, true
			i += n
			break
		}
		if !filler(t[i]) {
			return time.Time{}, 0, false
		}
		i++
	}
	if !found {
		return time.Time{}, 0, false
	}
	if i+1 < len(t) && t[i].s == "/" {
		if o, n, ok := r.month(t[i+1:]); ok && o == m { // the month by its other name
			i += n + 1
		}
	}
	return r.year(t, i, m, t[0].n)
}

// monthDayYear: July 1, 2020; Jul. 1st 2020.
func (r dateReader) monthDayYear(t []token) (time.Time, int, bool) {
	if !t[0].word {
		return time.Time{}, 0, false
	}
	m, i, ok := r.month(t)
	if !ok {
		return time.Time{}, 0, false
	}
	if i < len(t) && t[i].s == "." {
		i++
	}
	if i >= len(t) || t[i].n < 1 || t[i].digits() > 2 {
		return time.Time{}, 0, false
	}
	return r.year(t, i+1, m, t[i].n)
}

// year ends a date whose day and month are read with the year at or behind i.
func (r dateReader) year(t []token, i int, m month, d int) (time.Time, int, bool) {
	for skipped := 0; i < len(t) && skipped < 6; skipped++ {
		if n := t[i].digits(); n == 4 {
			out, ok := m.cal.date(t[i].n, m.n, d, r.lang)
			return out, i + 1, ok
		}
		if !filler(t[i]) {
			return time.Time{}, 0, false
		}
		i++
	}
	return time.Time{}, 0, false
}

// filler is what stands between day, month and year: points, "de", "of", "г.".
func filler(t token) bool {
	if t.n >= 0 {
		return false
	}
	if t.word {
		return utf8.RuneCountInString(t.s) <= 3
	}
	return strings.Contains(".,-'’º°ª/", t.s)
}

// month reads a month's name at the start and gives how many tokens it takes.
func (r dateReader) month(t []token) (month, int, bool) {
	if len(t) == 0 || !t[0].word {
		return month{}, 0, false
	}
	table := monthNames()
	name := t[0].s
	for n, words := 1, 1; ; n++ {
		if m, ok := table.find(name, r.lang); ok {
			return m, n, true
		}
		glue := " "
		if n+1 < len(t) && t[n].s == "." && t[n].start == t[n-1].end { // มี.ค.
			glue = ""
			n++
		}
		if words++; words > maxMonthWords || n >= len(t) || !t[n].word {
			break
		}
		name += glue + t[n].s
	}
	w := []rune(t[0].s)
	if len(w) > 3 && w[0] == 'ב' { // "in" is written together with what follows
		if m, ok := table.find(string(w[1:]), r.lang); ok {
			return m, 1, true
		}
	}
	return month{}, 0, false
}

// eraDate: 令和2年7月1日, 令和元年5月1日, 民國109年7月1日.
func eraDate(t []token) (time.Time, int, bool) {
	if len(t) < 8 || !t[0].word {
		return time.Time{}, 0, false
	}
	before, ok := eras[t[0].s+t[1].s]
	if !ok || t[3].s != "年" || t[5].s != "月" || t[7].s != "日" || t[4].n < 0 || t[6].n < 0 {
		return time.Time{}, 0, false
	}
	y := t[2].n
	if t[2].s == "元" {
		y = 1
	}
	if y < 1 || y > 150 {
		return time.Time{}, 0, false
	}
	d, ok := day(before+y, t[4].n, t[6].n)
	return d, 8, ok
}

func day(y, m, d int) (time.Time, bool) {
	if m < 1 || m > 12 || d < 1 || d > 31 {
		return time.Time{}, false
	}
	t := time.Date(y, time.Month(m), d, 0, 0, 0, 0, time.UTC)
	return t, t.Day() == d
}

func num(s string) int { n, _ := strconv.Atoi(s); return n }
