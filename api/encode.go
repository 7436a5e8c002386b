package api

import (
	"cmp"
	"html"
	"math"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"dateline"
)

// excerptRunes is how much of an article's text is shown where the full text
// may not be.
const excerptRunes = 300

// SearchJSON makes the answer of the API, which is also that of the command line.
func SearchJSON(q dateline.Query, r *dateline.Results) SearchResponse {
	out := SearchResponse{
		Query: q.Text, Total: r.Total, TookMS: math.Round(float64(r.Took)/float64(time.Millisecond)*100) / 100,
		Hits:     make([]HitJSON, 0, len(r.Hits)),
		Facets:   FacetJSON{Order: q.Facets, Values: r.Facets},
		Timeline: bucketsJSON(r.Timeline), Undated: r.Undated, Next: r.Next, Expanded: r.Expanded, DidYouMean: r.DidYouMean,
	}
	for _, h := range r.Hits {
		out.Hits = append(out.Hits, hitJSON(h))
	}
	if s := r.SomeWords; s != nil {
		out.SomeWords = &SomeWordsJSON{Total: s.Total, Words: s.Words, Hits: []SomeHitJSON{}}
		for _, h := range s.Hits {
			out.SomeWords.Hits = append(out.SomeWords.Hits, SomeHitJSON{hitJSON(h), notNil(h.Missing)})
		}
	}
	return out
}

func hitJSON(h dateline.Hit) HitJSON {
	a := h.Article
	return HitJSON{
		ID: a.ID, URL: a.URL, Title: a.Title, TitleHTML: h.TitleHTML, SnippetHTML: h.SnippetHTML,
		Outlet: OutletRef{ID: a.Outlet.ID, Name: a.Outlet.Name}, Authors: notNil(a.Authors),
		Published: Time{a.Published}, Lang: a.Lang, Entities: notNil(a.Entities), Copies: h.Copies,
		Versions: max(a.Versions, 1), Score: h.Score,
	}
}

func articleJSON(a *dateline.Article, full bool) ArticleJSON {
	ex := excerpt(a.Body, excerptRunes)
	summary := a.Summary
	if !full { // a feed may put the whole text there
		summary = excerpt(summary, excerptRunes)
	}
	out := ArticleJSON{
		HitJSON: hitJSON(dateline.Hit{
			Article: a, TitleHTML: html.EscapeString(a.Title),
			SnippetHTML: html.EscapeString(lead(a)),
		}),
		Summary: summary, Section: a.Section, Keywords: notNil(a.Keywords), Image: a.Image, Type: a.Type,
		Paywalled: a.Paywalled, Agency: a.Agency, Modified: Time{a.Modified}, FirstSeen: Time{a.FirstSeen},
		LastSeen: Time{a.LastSeen}, DateSource: a.DateSource, DateConfidence: a.DateConfidence, Mentions: []MentionJSON{}, Stories: notNil(a.Stories),
	}
	out.Standfirst, out.ImageCaption = a.Standfirst, a.ImageCaption
	if !full {
		out.Standfirst, out.ImageCaption = excerpt(a.Standfirst, excerptRunes), excerpt(a.ImageCaption, excerptRunes)
	}
	out.ImageWidth, out.ImageHeight, out.Teaser = a.ImageWidth, a.ImageHeight, a.Teaser
	out.AMP, out.Alternates, out.Pages = a.AMP, a.Alternates, a.Pages
	shown := len(ex)
	if full {
		out.Body, shown = a.Body, len(a.Body)
	} else {
		out.Excerpt = ex
	}
	out.Updates, out.Corrections = updatesJSON(a.Updates, shown), correctionsJSON(a.Corrections, full)
	for _, m := range a.Mentions {
		if !m.InTitle && 0 <= m.Start && m.Start < m.End && m.End <= shown { // offsets into what is not shown say nothing
			out.Mentions = append(out.Mentions, MentionJSON{m.Start, m.End, m.EntityID})
		}
	}
	return out
}

// updatesJSON are the entries of a live blog. Those beyond what is shown of the
// body are told by their times only.
func updatesJSON(list []dateline.Update, shown int) []UpdateJSON {
	var out []UpdateJSON
	for _, u := range list {
		v := UpdateJSON{Time: Time{u.Time}, Start: u.Start, End: u.End}
		if u.End <= shown {
			v.Title, v.Text = u.Title, u.Text
		}
		out = append(out, v)
	}
	return out
}

func correctionsJSON(list []dateline.Correction, full bool) []CorrectionJSON {
	var out []CorrectionJSON
	for _, c := range list {
		v := CorrectionJSON{Time: Time{c.Time}, Kind: c.Kind, Text: c.Text}
		if !full {
			v.Text = excerpt(v.Text, excerptRunes)
		}
		out = append(out, v)
	}
	return out
}

// excerpt is the beginning of s, at most n runes, cut at a space if one is
// near. It is a prefix of s, so that offsets into it hold.
func excerpt(s string, n int) string {
	if utf8.RuneCountInString(s) <= n {
		return s
	}
	end := 0
	for range n {
		_, size := utf8.DecodeRuneInString(s[end:])
		end += size
	}
	if i := strings.LastIndexAny(s[:end], " \n"); i > end*2/3 {
		end = i
	}
	return s[:end]
}

func bucketsJSON(in []dateline.Bucket) []BucketJSON {
	out := make([]BucketJSON, 0, len(in))
	for _, b := range in {
		out = append(out, BucketJSON{Time{b.From}, Time{b.To}, b.Count})
	}
	return out
}

func storyJSON(s dateline.Story) StoryJSON {
	return StoryJSON{s.ID, s.Title, s.About, Time{s.From}, Time{s.To}, notNil(s.Entities)}
}

// namedWith lists the entities of an answer's facets, most named first, without id itself.
func namedWith(facets map[string][]dateline.FacetValue, id string, limit int) []dateline.EntityCount {
	out := []dateline.EntityCount{}
	for _, ft := range entityFields {
		for _, v := range facets[ft.field] {
			if v.ID != id && v.Count > 0 {
				out = append(out, dateline.EntityCount{ID: v.ID, Name: v.Name, Type: ft.typ, Count: v.Count})
			}
		}
	}
	slices.SortFunc(out, func(a, b dateline.EntityCount) int {
		return cmp.Or(cmp.Compare(b.Count, a.Count), cmp.Compare(a.ID, b.ID))
	})
	return out[:min(len(out), limit)]
}

var entityFields = []struct {
	field string
	typ   dateline.EntityType
}{
	{dateline.FieldPerson, dateline.Person},
	{dateline.FieldOrg, dateline.Organization},
	{dateline.FieldPlace, dateline.Place},
}

func fieldOf(t dateline.EntityType) string {
	for _, ft := range entityFields {
		if ft.typ == t {
			return ft.field
		}
	}
	return dateline.FieldOrg
}

func notNil[T any](s []T) []T {
	if s == nil {
		return []T{}
	}
	return s
}
