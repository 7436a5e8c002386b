package store

import (
	"encoding/json"
	"strings"
	"time"
	"unicode/utf8"

	"dateline"
)

// decodeMeta reads what encode wrote of an article. encoding/json took most of
// the time of reading a page of hits, so there is a reader of exactly what it
// writes: keys in the order of the struct's fields, no spaces, no null. All
// else is left to encoding/json.
func decodeMeta(s string) (*dateline.Article, error) {
	a := &dateline.Article{}
	if readMeta(s, a) {
		return a, nil
	}
	a = &dateline.Article{}
	return a, json.Unmarshal([]byte(s), a)
}

// The keys of each object, in order.
var (
	articleKeys = strings.Fields(`id url title authors published date_source modified first_seen last_seen outlet lang summary body image
		section keywords type paywalled agency standfirst image_width image_height image_caption teaser amp alternates pages updates corrections date_confidence
		stories given entities quotes extra`)
	outletKeys = strings.Fields("id name country language")
	entityKeys = strings.Fields("id name type wikidata aliases")
	countKeys  = strings.Fields("id name type count")
	altKeys    = strings.Fields("lang url")
	updateKeys = strings.Fields("time title text start end")
	noteKeys   = strings.Fields("time kind text")
	quoteKeys  = strings.Fields("start end text speaker speaker_id")
)

func readMeta(s string, a *dateline.Article) bool {
	if !utf8.ValidString(s) {
		return false
	}
	for i := range len(s) {
		if s[i] < ' ' {
			return false
		}
	}
	r := &metaReader{s: s}
	texts := []*string{
		0: &a.ID, 1: &a.URL, 2: &a.Title, 5: &a.DateSource, 10: &a.Lang, 11: &a.Summary, 12: &a.Body, 13: &a.Image,
		14: &a.Section, 16: &a.Type, 18: &a.Agency, 19: &a.Standfirst, 22: &a.ImageCaption, 24: &a.AMP,
	}
	r.object(articleKeys, func(k int) {
		switch k {
		case 3:
			a.Authors = r.texts()
		case 4:
			a.Published = r.time()
		case 6:
			a.Modified = r.time()
		case 7:
			a.FirstSeen = r.time()
		case 8:
			a.LastSeen = r.time()
		case 9:
			o := []*string{&a.Outlet.ID, &a.Outlet.Name, &a.Outlet.Country, &a.Outlet.Language}
			r.object(outletKeys, func(k int) { *o[k] = r.text() })
		case 15:
			a.Keywords = r.texts()
		case 17:
			a.Paywalled = r.bool()
		case 20:
			a.ImageWidth = r.int()
		case 21:
			a.ImageHeight = r.int()
		case 23:
			a.Teaser = r.bool()
		case 25:
			r.list(func() { a.Alternates = append(a.Alternates, r.alternate()) })
		case 26:
			a.Pages = r.texts()
		case 27:
			r.list(func() { a.Updates = append(a.Updates, r.update()) })
		case 28:
			r.list(func() { a.Corrections = append(a.Corrections, r.correction()) })
		case 29:
			a.DateConfidence = r.int()
		case 30:
			a.Stories = r.texts()
		case 31:
			r.list(func() { a.Given = append(a.Given, r.entity()) })
		case 32:
			r.list(func() { a.Entities = append(a.Entities, r.count()) })
		case 33:
			r.list(func() { a.Quotes = append(a.Quotes, r.quote()) })
		case 34:
			r.bad = true // whose keys are in no order: rare, and left to encoding/json
		default:
			*texts[k] = r.text()
		}
	})
	return !r.bad && r.i == len(s)
}

// metaReader reads JSON as encoding/json writes it. After a mistake it reads
// on without sense, and is bad.
type metaReader struct {
	s   string
	i   int
	bad bool
}

// is takes a byte if it is the next.
func (r *metaReader) is(c byte) bool {
	if r.i < len(r.s) && r.s[r.i] == c {
		r.i++
		return true
	}
	return false
}

func (r *metaReader) want(c byte) {
	if !r.is(c) {
		r.bad = true
	}
}

// object calls field with the place of each key among keys; each comes once,
// in their order.
func (r *metaReader) object(keys []string, field func(k int)) {
	r.want('{')
	for k := 0; !r.bad; k++ {
		if k == 0 && r.is('}') {
			return
		}
		key := r.text()
		for r.want(':'); k < len(keys) && keys[k] != key; {
			k++
		}
		if k == len(keys) {
			r.bad = true
			return
		}
		if field(k); r.is('}') {
			return
		}
		r.want(',')
	}
}

// list reads a list that is not empty: empty ones are not written.
func (r *metaReader) list(element func()) {
	for r.want('['); !r.bad; r.want(',') {
		if element(); r.is(']') {
			return
		}
	}
}

func (r *metaReader) text() string {
	r.want('"')
	n := strings.IndexByte(r.s[r.i:], '"')
	if r.bad || n < 0 {
		r.bad = true
		return ""
	}
	s := r.s[r.i : r.i+n] // shares the memory of the row, which is little more than its texts
	if k := strings.IndexByte(s, '\\'); k >= 0 {
		return r.escaped(r.i + k)
	}
	r.i += n + 1
	return s
}

// escaped reads the rest of a text that has an escape at i.
func (r *metaReader) escaped(i int) string {
	for ; i < len(r.s) && r.s[i] != '"'; i++ {
		if r.s[i] == '\\' {
			i++
		}
	}
	var s string
	if i >= len(r.s) || json.Unmarshal([]byte(r.s[r.i-1:i+1]), &s) != nil {
		r.bad = true
		return ""
	}
	r.i = i + 1
	return s
}

func (r *metaReader) texts() []string {
	var out []string
	r.list(func() { out = append(out, r.text()) })
	return out
}

func (r *metaReader) time() time.Time {
	s := r.text()
	t, err := time.Parse(time.RFC3339, s)
	if err != nil || !strings.HasSuffix(s, "Z") || len(s) != len("2006-01-02T15:04:05Z") {
		r.bad = true
	}
	return t
}

func (r *metaReader) bool() bool {
	if rest := r.s[r.i:]; strings.HasPrefix(rest, "true") {
		r.i += len("true")
		return true
	}
	r.bad = true // false is not written
	return false
}

// int reads a whole number that is not negative.
func (r *metaReader) int() int {
	from, n := r.i, 0
	for r.i < len(r.s) && r.s[r.i] >= '0' && r.s[r.i] <= '9' && r.i-from < 18 {
		n = n*10 + int(r.s[r.i]-'0')
		r.i++
	}
	if r.i == from || r.s[from] == '0' && r.i > from+1 {
		r.bad = true
	}
	return n
}

func (r *metaReader) entity() (e dateline.Entity) {
	r.object(entityKeys, func(k int) {
		switch k {
		case 0:
			e.ID = r.text()
		case 1:
			e.Name = r.text()
		case 2:
			e.Type = dateline.EntityType(r.text())
		case 3:
			e.Wikidata = r.text()
		case 4:
			e.Aliases = r.texts()
		}
	})
	return e
}

func (r *metaReader) count() (e dateline.EntityCount) {
	r.object(countKeys, func(k int) {
		switch k {
		case 0:
			e.ID = r.text()
		case 1:
			e.Name = r.text()
		case 2:
			e.Type = dateline.EntityType(r.text())
		case 3:
			e.Count = r.int()
		}
	})
	return e
}

func (r *metaReader) quote() (q dateline.Quote) {
	r.object(quoteKeys, func(k int) {
		switch k {
		case 0:
			q.Start = r.int()
		case 1:
			q.End = r.int()
		case 2:
			q.Text = r.text()
		case 3:
			q.Speaker = r.text()
		case 4:
			q.SpeakerID = r.text()
		}
	})
	return q
}

func (r *metaReader) alternate() (v dateline.Alternate) {
	p := []*string{&v.Lang, &v.URL}
	r.object(altKeys, func(k int) { *p[k] = r.text() })
	return v
}

func (r *metaReader) update() (u dateline.Update) {
	r.object(updateKeys, func(k int) {
		switch k {
		case 0:
			u.Time = r.time()
		case 1:
			u.Title = r.text()
		case 2:
			u.Text = r.text()
		case 3:
			u.Start = r.int()
		case 4:
			u.End = r.int()
		}
	})
	return u
}

func (r *metaReader) correction() (c dateline.Correction) {
	r.object(noteKeys, func(k int) {
		switch k {
		case 0:
			c.Time = r.time()
		case 1:
			c.Kind = r.text()
		case 2:
			c.Text = r.text()
		}
	})
	return c
}
