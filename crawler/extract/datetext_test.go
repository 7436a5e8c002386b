package extract

import (
	"testing"
	"time"
)

// TestReadDate has the same two days in the ways of many languages, calendars
// and scripts.
func TestReadDate(t *testing.T) {
	const want = "2024-03-05"
	for _, c := range []struct{ lang, in string }{
		{"en", "5 March 2024"},
		{"en", "March 5th, 2024"},
		{"en", "Tuesday, Mar. 5, 2024"},
		{"en", "MARCH 5 2024"},
		{"en", "05-Mar-2024"},
		{"en", "the 5th of March, 2024"},
		{"de", "5. März 2024"},
		{"de", "Di 05.03.24 | 14:07 Uhr"},
		{"de", "5.3.2024"},
		{"fr", "5 mars 2024"},
		{"fr", "mardi 05/03/2024"},
		{"es", "5 de marzo del 2024"},
		{"it", "5 marzo 2024"},
		{"pt", "5 de mar. de 2024"},
		{"ca", "5 de març de 2024"},
		{"gl", "5 de marzo de 2024"},
		{"ro", "5 martie 2024"},
		{"nl", "5 maart 2024"},
		{"af", "5 Maart 2024"},
		{"sv", "5 mars 2024"},
		{"nb", "5. mars 2024"},
		{"da", "5. marts 2024"},
		{"is", "5. mars 2024"},
		{"fi", "5. maaliskuuta 2024"},
		{"et", "5. märts 2024"},
		{"lv", "2024. gada 5. marts"},
		{"lt", "2024 m. kovo 5 d."},
		{"hu", "2024. március 5."},
		{"pl", "5 marca 2024"},
		{"cs", "5. března 2024"},
		{"sk", "5. marca 2024"},
		{"sl", "5. marec 2024"},
		{"hr", "5. ožujka 2024."},
		{"sr", "5. март 2024."},
		{"ru", "5 марта 2024 г."},
		{"uk", "5 березня 2024"},
		{"bg", "5 март 2024"},
		{"mk", "5 март 2024"},
		{"el", "5 Μαρτίου 2024"},
		{"tr", "5 Mart 2024"},
		{"az", "5 mart 2024"},
		{"ar", "الثلاثاء، 5 مارس 2024"},
		{"ar", "٥ مارس ٢٠٢٤"},
		{"ar", "5 آذار / مارس 2024"},
		{"he", "5 במרץ 2024"},
		{"ur", "5 مارچ 2024"},
		{"fa", "۵ مارس ۲۰۲۴"},
		{"hi", "5 मार्च 2024"},
		{"bn", "৫ মার্চ ২০২৪"},
		{"ta", "5 மார்ச் 2024"},
		{"te", "5 మార్చి 2024"},
		{"id", "5 Maret 2024"},
		{"ms", "5 Mac 2024"},
		{"vi", "ngày 5 tháng 3 năm 2024"},
		{"vi", "Thứ ba, 5/3/2024"},
		{"sw", "5 Machi 2024"},
		{"fil", "Marso 5, 2024"},
		{"zh", "2024年3月5日"},
		{"zh", "2024 年 03 月 05 日 星期二"},
		{"zh", "２０２４年３月５日"},
		{"ja", "2024年3月5日(火)"},
		{"ko", "2024년 3월 5일"},
		{"ko", "2024.03.05."},
		{"ko", "2024. 3. 5."},
		{"th", "5 มีนาคม 2567"},
		{"th", "5 มี.ค. 2567"},
		{"th", "5 มีนาคม พ.ศ. 2567"},
		{"ja", "令和6年3月5日"},
		{"zh", "民國113年3月5日"},
		{"fa", "15 اسفند 1402"},
		{"fa", "سه\u200cشنبه ۱۵ اسفند ۱۴۰۲"},
		{"fa", "1402/12/15"},
		{"ps", "15 کب 1402"},
		{"ar", "24 شعبان 1445"},
		{"ar", "٢٤ شعبان ١٤٤٥ هـ"},
	} {
		w, ok := dateReader{lang: c.lang}.read(c.in)
		if got := w.t.Format(time.DateOnly); !ok || got != want {
			t.Errorf("%s %q: got %q, %v", c.lang, c.in, got, ok)
		}
	}
}

func TestReadClock(t *testing.T) {
	for _, c := range []struct{ lang, in, want string }{
		{"en", "March 5, 2024 - 4.34pm", "2024-03-05T16:34:00Z"},
		{"en", "12:12 AM - 5 Mar 2024", "2024-03-05T00:12:00Z"},
		{"en", "5 Mar 2024, 22:11 GMT+10", "2024-03-05T22:11:00+10:00"},
		{"en", "March 5, 2024 at 9 a.m. EST", "2024-03-05T09:00:00-05:00"},
		{"es", "5 marzo 2024 - 2:00 a. m.", "2024-03-05T02:00:00Z"},
		{"de", "05.03.2024, 14:07 Uhr", "2024-03-05T14:07:00Z"},
		{"de", "05.03.24 | 14:07 Uhr", "2024-03-05T14:07:00Z"},
		{"fr", "5 mars 2024 à 14h07", "2024-03-05T14:07:00Z"},
		{"ko", "2024년 3월 5일 오후 2시 07분", "2024-03-05T14:07:00Z"},
		{"zh", "2024年3月5日 下午2:07", "2024-03-05T14:07:00Z"},
		{"ja", "2024年03月05日 14時07分 公開", "2024-03-05T14:07:00Z"},
		{"ar", "5 مارس 2024 09:22 مساءً", "2024-03-05T21:22:00Z"},
		{"fa", "15 اسفند 1402 - 12:09:08 ب.ظ", "2024-03-05T12:09:08Z"},
		{"en", "2024-03-05T10:00:00+0530", "2024-03-05T10:00:00+05:30"},
		{"en", "Tue Mar 5 10:00:00 UTC 2024", "2024-03-05T10:00:00Z"},
	} {
		w, ok := dateReader{lang: c.lang}.read(c.in)
		if got := w.raw(); !ok || got != c.want {
			t.Errorf("%s %q: got %q, %v, want %q", c.lang, c.in, got, ok, c.want)
		}
	}
}

// TestNoDate: numbers that are no dates.
func TestNoDate(t *testing.T) {
	for _, in := range []string{
		"2024", "March 2024", "5 March", "version 1.2.24", "192.168.12.24", "10.20.30.2024", "31 February 2024", "32 March 2024", "2024-13-01", "12:30:24", "3-2-24",
		"page 3 of 2024", "May the 4th be with you", "5 ways to save in 2024", "0 March 2024", "tel. 05 03 2024", "© 2024", "昭和100年", "999999999999999999999", "15 اسفند 99",
	} {
		if w, ok := (dateReader{lang: "en"}).read(in); ok {
			t.Errorf("%q: got %s, want none", in, w.raw())
		}
	}
}

// TestCalendars: whole years of the two other calendars follow day on day.
func TestCalendars(t *testing.T) {
	for _, c := range []struct {
		cal         calendar
		from, to    int
		first, last string
	}{
		{jalali, 1380, 1410, "2001-03-21", "2032-03-19"},
		{hijri, 1420, 1450, "1999-04-17", "2029-05-13"},
	} {
		var before time.Time
		for y := c.from; y <= c.to; y++ {
			for m := 1; m <= 12; m++ {
				for d := 1; d <= 29; d++ {
					got, ok := c.cal.date(y, m, d, "")
					if !ok {
						t.Fatalf("%d-%d-%d: no such day", y, m, d)
					}
					if gap := got.Sub(before).Hours() / 24; !before.IsZero() && (gap < 1 || gap > 3 || d > 1 && gap != 1) {
						t.Fatalf("%d-%d-%d is %v days after the day before", y, m, d, gap)
					}
					if y == c.from && m == 1 && d == 1 && got.Format(time.DateOnly) != c.first || y == c.to && m == 12 && d == 29 && got.Format(time.DateOnly) != c.last {
						t.Errorf("%d-%d-%d: got %s", y, m, d, got.Format(time.DateOnly))
					}
					before = got
				}
			}
		}
	}
	if _, ok := jalali.date(1402, 12, 30, "fa"); ok {
		t.Error("1402 was no leap year")
	}
	if got, ok := jalali.date(1403, 12, 30, "fa"); !ok || got.Format(time.DateOnly) != "2025-03-20" {
		t.Errorf("30 Esfand 1403: got %v, %v", got, ok)
	}
}

// FuzzReadDate: whatever is read is a day that exists, and reading what was
// read gives the same.
func FuzzReadDate(f *testing.F) {
	for _, s := range []string{"5 March 2024 10:00 EST", "2024年3月5日", "令和6年3月5日", "15 اسفند 1402", "24 شعبان 1445", "05.03.24", "1709632800", "", "٥ مارس ٢٠٢٤"} {
		f.Add(s, "en", true)
	}
	f.Fuzz(func(t *testing.T, s, lang string, monthFirst bool) {
		r := dateReader{lang, monthFirst}
		w, ok := r.read(s)
		if !ok {
			return
		}
		if y := w.t.Year(); y < 1000 || y > 9999 {
			return // never plausible
		}
		again, ok := r.read(w.raw())
		if !ok || again.raw() != w.raw() {
			t.Errorf("%q: read %s, and that as %s", s, w.raw(), again.raw())
		}
	})
}
