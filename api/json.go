package api

import (
	"bytes"
	"cmp"
	"encoding/json"
	"html"
	"math"
	"slices"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"dateline"
)

// excerptRunes is how much of an article's text is shown where the full text
// may not be.
const excerptRunes = 300

// Time is a time as the API writes it: RFC 3339, UTC, whole seconds.
type Time struct{ time.Time }

// MarshalJSON writes the time in UTC to the second.
func (t Time) MarshalJSON() ([]byte, error) {
	return json.Marshal(t.UTC().Format("2006-01-02T15:04:05Z"))
}

// OutletRef names an outlet.
type OutletRef struct {
	ID   string `json:"id"`
	Name string `json:"name"`
}

// HitJSON is one article of an answer.
type HitJSON struct {
	ID          string                 `json:"id"`
	URL         string                 `json:"url"`
	Title       string                 `json:"title"`
	TitleHTML   string                 `json:"title_html"`
	SnippetHTML string                 `json:"snippet_html"`
	Outlet      OutletRef              `json:"outlet"`
	Authors     []string               `json:"authors"`
	Published   Time                   `json:"published,omitzero"`
	Lang        string                 `json:"lang,omitempty"`
	Entities    []dateline.EntityCount `json:"entities"`
	Copies      *dateline.Copies       `json:"copies,omitempty"`
	Versions    int                    `json:"versions"`
	Score       float64                `json:"score"`
}

// FacetJSON holds the facets of an answer in the order they were asked for.
type FacetJSON struct {
	Order  []string
	Values map[string][]dateline.FacetValue
}

// MarshalJSON writes an object whose keys are in the order asked for.
func (f FacetJSON) MarshalJSON() ([]byte, error) {
	var b bytes.Buffer
	b.WriteByte('{')
	for i, name := range f.Order {
		if i > 0 {
			b.WriteByte(',')
		}
		key, err := json.Marshal(name)
		if err != nil {
			return nil, err
		}
		values, err := json.Marshal(notNil(f.Values[name]))
		if err != nil {
			return nil, err
		}
		b.Write(key)
		b.WriteByte(':')
		b.Write(values)
	}
	b.WriteByte('}')
	return b.Bytes(), nil
}

// BucketJSON is one bar of a timeline.
type BucketJSON struct {
	From  Time `json:"from"`
	To    Time `json:"to"`
	Count int  `json:"count"`
}

// SearchResponse is the answer to a search.
type SearchResponse struct {
	Query    string       `json:"query"`
	Total    int          `json:"total"`
	TookMS   float64      `json:"took_ms"`
	Hits     []HitJSON    `json:"hits"`
	Facets   FacetJSON    `json:"facets"`
	Timeline []BucketJSON `json:"timeline"`
	Undated  int          `json:"undated"`
	Next     string       `json:"next,omitempty"`

	DidYouMean string `json:"did_you_mean,omitempty"`
}

// MentionJSON is where the article's text names an entity: byte offsets.
type MentionJSON struct {
	Start    int    `json:"start"`
	End      int    `json:"end"`
	EntityID string `json:"entity_id"`
}

// ArticleJSON is an article in full. Body is only there if the full text may
// be shown, else Excerpt is its beginning.
type ArticleJSON struct {
	HitJSON
	Summary    string        `json:"summary,omitempty"`
	Body       string        `json:"body,omitempty"`
	Excerpt    string        `json:"excerpt,omitempty"`
	Section    string        `json:"section,omitempty"`
	Keywords   []string      `json:"keywords"`
	Image      string        `json:"image,omitempty"`
	Type       string        `json:"type,omitempty"`
	Paywalled  bool          `json:"paywalled"`
	Agency     string        `json:"agency,omitempty"`
	Modified   Time          `json:"modified,omitzero"`
	FirstSeen  Time          `json:"first_seen,omitzero"`
	LastSeen   Time          `json:"last_seen,omitzero"`
	DateSource string        `json:"date_source,omitempty"`
	Mentions   []MentionJSON `json:"mentions"`
	Stories    []string      `json:"stories"`
}

// SuggestionJSON is one line of a search box's list.
type SuggestionJSON struct {
	Kind     string              `json:"kind"`
	Text     string              `json:"text"`
	TextHTML string              `json:"text_html"`
	ID       string              `json:"id,omitempty"`
	Type     dateline.EntityType `json:"type,omitempty"`
	URL      string              `json:"url,omitempty"`
	Count    int                 `json:"count,omitempty"`
}

// SuggestResponse answers /suggest.
type SuggestResponse struct {
	Query       string           `json:"query"`
	Suggestions []SuggestionJSON `json:"suggestions"`
}

// EntitiesResponse answers /entities.
type EntitiesResponse struct {
	Entities []dateline.EntityCount `json:"entities"`
}

// EntityResponse answers /entities/{id}.
type EntityResponse struct {
	ID        string                 `json:"id"`
	Name      string                 `json:"name"`
	Type      dateline.EntityType    `json:"type"`
	Wikidata  string                 `json:"wikidata,omitempty"`
	Aliases   []string               `json:"aliases"`
	Count     int                    `json:"count"`
	Timeline  []BucketJSON           `json:"timeline"`
	Undated   int                    `json:"undated"`
	Outlets   []dateline.FacetValue  `json:"outlets"`
	NamedWith []dateline.EntityCount `json:"named_with"`
}

// OutletsResponse answers /outlets.
type OutletsResponse struct {
	Outlets []dateline.FacetValue `json:"outlets"`
}

// OutletResponse answers /outlets/{id}.
type OutletResponse struct {
	ID       string                 `json:"id"`
	Name     string                 `json:"name"`
	Country  string                 `json:"country,omitempty"`
	Language string                 `json:"language,omitempty"`
	Count    int                    `json:"count"`
	Timeline []BucketJSON           `json:"timeline"`
	Undated  int                    `json:"undated"`
	Entities []dateline.EntityCount `json:"entities"`
}

// VersionJSON is one text of an article as observed at one time.
type VersionJSON struct {
	Version     int      `json:"version"`
	Observed    Time     `json:"observed"`
	Title       string   `json:"title"`
	Changed     []string `json:"changed"`
	Substantive bool     `json:"substantive"`
}

// VersionsResponse answers /articles/{id}/versions, oldest first.
type VersionsResponse struct {
	Versions []VersionJSON `json:"versions"`
}

// CopiesResponse answers /copies/{id}: the origin first, then the reprints by time.
type CopiesResponse struct {
	ID     string    `json:"id"` // of the group: the id of its origin
	Copies []HitJSON `json:"copies"`
}

// DiffResponse answers /articles/{id}/diff. Truncated says that only the
// surroundings of the changes are shown, where the whole text may not be.
type DiffResponse struct {
	ID        string   `json:"id"`
	From      int      `json:"from"`
	To        int      `json:"to"`
	Title     []DiffOp `json:"title"`
	Body      []DiffOp `json:"body"`
	Truncated bool     `json:"truncated,omitempty"`
}

// StoryJSON is a story that is followed.
type StoryJSON struct {
	ID       string            `json:"id"`
	Title    string            `json:"title"`
	About    string            `json:"about,omitempty"`
	From     Time              `json:"from,omitzero"`
	To       Time              `json:"to,omitzero"`
	Entities []dateline.Entity `json:"entities"`
}

// StoryResponse answers /stories/{id}.
type StoryResponse struct {
	StoryJSON
	Count        int          `json:"count"`
	FirstReports []HitJSON    `json:"first_reports"`
	Timeline     []BucketJSON `json:"timeline"`
	Undated      int          `json:"undated"`
}

// StoriesResponse answers /stories.
type StoriesResponse struct {
	Stories []StoryJSON `json:"stories"`
}

// TimelineResponse answers /timeline.
type TimelineResponse struct {
	Total    int          `json:"total"`
	Timeline []BucketJSON `json:"timeline"`
	Undated  int          `json:"undated"`
}

// FacetResponse answers /facets/{name}.
type FacetResponse struct {
	Facet  string                `json:"facet"`
	Values []dateline.FacetValue `json:"values"`
}

// SearchJSON makes the answer of the API, which is also that of the command line.
func SearchJSON(q dateline.Query, r *dateline.Results) SearchResponse {
	out := SearchResponse{
		Query: q.Text, Total: r.Total, TookMS: math.Round(float64(r.Took)/float64(time.Millisecond)*100) / 100,
		Hits:     make([]HitJSON, 0, len(r.Hits)),
		Facets:   FacetJSON{Order: q.Facets, Values: r.Facets},
		Timeline: bucketsJSON(r.Timeline), Undated: r.Undated, Next: r.Next, DidYouMean: r.DidYouMean,
	}
	for _, h := range r.Hits {
		out.Hits = append(out.Hits, hitJSON(h))
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
		LastSeen: Time{a.LastSeen}, DateSource: a.DateSource, Mentions: []MentionJSON{}, Stories: notNil(a.Stories),
	}
	shown := len(ex)
	if full {
		out.Body, shown = a.Body, len(a.Body)
	} else {
		out.Excerpt = ex
	}
	for _, m := range a.Mentions {
		if !m.InTitle && 0 <= m.Start && m.Start < m.End && m.End <= shown { // offsets into what is not shown say nothing
			out.Mentions = append(out.Mentions, MentionJSON{m.Start, m.End, m.EntityID})
		}
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

// markWords escapes text and marks in it the words of q, each where a word
// begins with it if there is such a place.
func markWords(text, q string) string {
	type span struct{ from, to int }
	var spans []span
	for _, word := range strings.Fields(q) {
		best := -1
		for i, r := range text {
			end := i + len(word)
			if end > len(text) || !strings.EqualFold(text[i:end], word) {
				continue
			}
			before, _ := utf8.DecodeLastRuneInString(text[:i])
			if i == 0 || !unicode.IsLetter(before) && !unicode.IsDigit(before) {
				best = i
				break
			}
			if best < 0 && unicode.Is(unicode.Han, r) {
				best = i // no spaces tell where a word begins
			}
		}
		if best >= 0 {
			spans = append(spans, span{best, best + len(word)})
		}
	}
	slices.SortFunc(spans, func(a, b span) int { return cmp.Compare(a.from, b.from) })
	var b strings.Builder
	at := 0
	for _, s := range spans {
		if s.from < at {
			continue
		}
		b.WriteString(html.EscapeString(text[at:s.from]) + "<mark>" + html.EscapeString(text[s.from:s.to]) + "</mark>")
		at = s.to
	}
	return b.String() + html.EscapeString(text[at:])
}
