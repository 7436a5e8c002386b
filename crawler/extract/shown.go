package extract

import (
	"regexp"
	"slices"
	"strings"
)

// How sure a date is that readers are shown, in points: the kind of its
// element, where it stands, what it says. Fitted by hand to pages whose
// metadata was taken away; no outlets were left out in doing so.
const (
	ptsPublished = 6.0
	ptsPublish   = 4.0
	ptsTime      = 3.0
	ptsDate      = 2.5
	ptsClock     = 2.0
	ptsInfo      = 1.0
	ptsText      = 0.5
	ptsTitle     = 1.0 // the headline itself stands best
	ptsAside     = -1.0
	ptsMonth     = 1.5 // the address has the month
	ptsModified  = -3.0
	ptsToday     = -5.0
	ptsLinked    = -0.5
	ptsWithClock = 0.5
	ptsArticle   = 0.5

	urlPoints = 3.5 // an address with a whole date
	minShown  = 1.0 // less is no date of this article
)

var (
	modifiedText  = regexp.MustCompile(`(?i)^\W*(?:last )?(?:updated?|modified|aktualisiert|stand|mis à jour|maj|modifié|actualizad[oa]|aggiornat[oa]|atualizad[oa]|bijgewerkt|uppdaterad|oppdatert|opdateret|päivitetty|zaktualizowan|aktualizov|güncelle|обновлен|оновлен|更新|تحديث|به.?روز|수정|最終更新)`)
	publishedText = regexp.MustCompile(`(?i)(?:publi[sc]|posted|veröffentlicht|erschienen|erstellt|publié|publicad|pubblicat|gepubliceerd|publicerad|publisert|julkaistu|opublikowan|zveřejněn|yayın|опубликован|опубліковано|发布|發布|公開|掲載|入力|입력|등록|نشر|انتشار|đăng)`)
	// Dates of something else: of the site, of a reader's account, of a visit.
	copyrightText = regexp.MustCompile(`(?i)©|\(c\)|copyright|\bjoined\b|member since|mitglied seit|retrieved|abgerufen|consulté le|\bborn\b`)
)

// shownDate finds the date of publication among what readers are shown.
func (p *page) shownDate() (stated, bool) {
	var best stated
	found := false
	tried := 0
	month, monthly := p.urlMonth()
	if _, whole := p.urlDate(); whole {
		monthly = false
	}
	try := func(m mark, v, from string, points float64) {
		if v == "" || tried > 400 {
			return
		}
		tried++
		w, ok := p.parse(v)
		if !ok {
			return
		}
		switch {
		case copyrightText.MatchString(v):
			return
		case m.h&atModified != 0 || modifiedText.MatchString(v):
			points += ptsModified
		case from == "text":
		case publishedText.MatchString(v):
			points++
		}
		if points += p.standing(m); w.hasTime {
			points += ptsWithClock
		}
		if monthly && w.t.Format("2006-01") == month {
			points += ptsMonth
		}
		p.weigh("published", from, v, points)
		if points >= minShown && (!found || points > best.points) {
			best, found = stated{w, "time", from, points}, true
		}
	}
	for _, m := range p.scan.marks {
		if m.h&dateHints == 0 || aside(m.in) {
			continue
		}
		text, short := shortText(m.n, maxByline-1)
		if short && copyrightText.MatchString(text) {
			continue
		}
		points := kindPoints(m.h)
		for _, a := range m.n.Attr {
			if slices.Contains(dateAttrs, a.Key) {
				late := 0.0
				if m.h&atModified == 0 && modifiedText.MatchString(text) {
					late = ptsModified
				}
				try(m, a.Val, m.n.Data+" "+a.Key, points+late+0.2)
			}
		}
		if short {
			try(m, text, m.n.Data+" text", points)
		}
	}
	if title := p.pageTitle(); p.headline != nil {
		// What follows the headline in the title: "Ferry runs - Post - 5 March 2024".
		if _, tail, ok := strings.Cut(title, withoutKicker(p.headline.n)); ok {
			try(*p.headline, tail, "title element", ptsTitle)
		}
	}
	for _, m := range p.scan.dated {
		if aside(m.in) {
			continue
		}
		text := clean(m.n.Data)
		points := ptsText
		// A date that is all of a text is more than one in a sentence.
		if letters(text) < 25 {
			points++
		}
		try(mark{n: m.n, in: m.in, at: m.at}, text, "text", points)
	}
	return best, found
}

// dateAttrs are the attributes that have dates.
var dateAttrs = []string{"datetime", "content", "data-datetime", "data-timestamp", "title"}

// aside reports whether a date is none of this article's: articles have their
// byline and date in an aside or a footer of their own at times.
func aside(in where) bool {
	return in&inRelated != 0 || in&beside != 0 && in&inArticle == 0
}

func kindPoints(h hint) float64 {
	switch {
	case h&atPublished != 0:
		return ptsPublished
	case h&atPublish != 0 && h&(atDate|atClock|atTime) != 0:
		return ptsPublish
	case h&atTime != 0:
		return ptsTime
	case h&atDate != 0:
		return ptsDate
	case h&(atClock|atPublish) != 0:
		return ptsClock
	}
	return ptsInfo
}

// standing judges where a date stands: near the headline, best behind it.
func (p *page) standing(m mark) float64 {
	points := 0.0
	if m.in&inArticle != 0 {
		points += ptsArticle
	}
	if m.in&beside != 0 {
		points += ptsAside
	}
	if m.in&inTop != 0 {
		points += ptsToday
	}
	if m.in&inLink != 0 {
		points += ptsLinked
	}
	if p.headline == nil {
		return points
	}
	switch d := m.at - p.headline.at; {
	case d < -40:
		return points - 2
	case d < -8:
		return points - 1
	case d < 0:
		return points + 1.5
	case d <= 10:
		return points + 3
	case d <= 25:
		return points + 2
	case d <= 60:
		return points + 1
	case d > 200:
		return points - 2
	}
	return points
}

var monthPath = regexp.MustCompile(`/((?:19|20)\d\d)[/-](0[1-9]|1[0-2])(?:[/-]|$)`)

// urlMonth is the year and month in the page's address, as 2006-01.
func (p *page) urlMonth() (string, bool) {
	m := monthPath.FindAllStringSubmatch(p.url.Path, -1)
	if len(m) == 0 {
		return "", false
	}
	last := m[len(m)-1] // archives put an address behind their own
	return last[1] + "-" + last[2], true
}
