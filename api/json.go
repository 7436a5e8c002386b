package api

import (
	"bytes"
	"encoding/json"
	"time"

	"dateline"
)

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

	Expanded   []dateline.Expansion `json:"expanded,omitempty"`
	DidYouMean string               `json:"did_you_mean,omitempty"`
	SomeWords  *SomeWordsJSON       `json:"some_words,omitempty"`
}

// SomeWordsJSON are articles that have only some of the words, of a search
// that few articles match; nothing else of the answer counts them.
type SomeWordsJSON struct {
	Total int           `json:"total"`
	Words []string      `json:"words"`
	Hits  []SomeHitJSON `json:"hits"`
}

// SomeHitJSON is a hit that lacks words.
type SomeHitJSON struct {
	HitJSON
	Missing []string `json:"missing"`
}

// MentionJSON is where the article's text names an entity: byte offsets.
type MentionJSON struct {
	Start    int    `json:"start"`
	End      int    `json:"end"`
	EntityID string `json:"entity_id"`
}

// UpdateJSON is one entry of a live blog, with the byte offsets of its title
// and text in the body. Text is only there if Start and End lie in what is
// shown of the body.
type UpdateJSON struct {
	Time  Time   `json:"time,omitzero"`
	Title string `json:"title,omitempty"`
	Text  string `json:"text,omitempty"`
	Start int    `json:"start"`
	End   int    `json:"end"`
}

// CorrectionJSON is a note in which the outlet says what it changed; Text is
// an excerpt where the full text may not be shown.
type CorrectionJSON struct {
	Time Time   `json:"time,omitzero"`
	Kind string `json:"kind"`
	Text string `json:"text"`
}

// ArticleJSON is an article in full. Body is only there if the full text may
// be shown, else Excerpt is its beginning.
type ArticleJSON struct {
	HitJSON
	Summary   string   `json:"summary,omitempty"`
	Body      string   `json:"body,omitempty"`
	Excerpt   string   `json:"excerpt,omitempty"`
	Section   string   `json:"section,omitempty"`
	Keywords  []string `json:"keywords"`
	Image     string   `json:"image,omitempty"`
	Type      string   `json:"type,omitempty"`
	Paywalled bool     `json:"paywalled"`
	Agency    string   `json:"agency,omitempty"`

	Standfirst   string               `json:"standfirst,omitempty"`
	ImageWidth   int                  `json:"image_width,omitempty"`
	ImageHeight  int                  `json:"image_height,omitempty"`
	ImageCaption string               `json:"image_caption,omitempty"`
	Teaser       bool                 `json:"teaser"`
	AMP          string               `json:"amp,omitempty"`
	Alternates   []dateline.Alternate `json:"alternates,omitempty"`
	Pages        []string             `json:"pages,omitempty"`
	Updates      []UpdateJSON         `json:"updates,omitempty"`
	Corrections  []CorrectionJSON     `json:"corrections,omitempty"`

	Modified   Time   `json:"modified,omitzero"`
	FirstSeen  Time   `json:"first_seen,omitzero"`
	LastSeen   Time   `json:"last_seen,omitzero"`
	DateSource string `json:"date_source,omitempty"`

	DateConfidence int `json:"date_confidence,omitempty"`

	Mentions []MentionJSON `json:"mentions"`
	Stories  []string      `json:"stories"`
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
	Aliases   []string               `json:"aliases"` // the attested ones first, most used first
	Names     []dateline.Attested    `json:"names"`   // by which articles name it, most used first
	Parts     []string               `json:"parts,omitempty"`
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

// SimilarResponse answers /articles/{id}/similar, the nearest first.
type SimilarResponse struct {
	Similar []HitJSON `json:"similar"`
}

// QuoteArticle names the article of a quote.
type QuoteArticle struct {
	ID        string    `json:"id"`
	URL       string    `json:"url"`
	Title     string    `json:"title"`
	Outlet    OutletRef `json:"outlet"`
	Published Time      `json:"published,omitzero"`
	Lang      string    `json:"lang,omitempty"`
}

// QuoteJSON is words in quotation marks with who said them, if anybody is named.
type QuoteJSON struct {
	Text      string       `json:"text"`
	Speaker   string       `json:"speaker,omitempty"`
	SpeakerID string       `json:"speaker_id,omitempty"`
	Article   QuoteArticle `json:"article"`
}

// QuotesResponse answers /quotes, newest articles first.
type QuotesResponse struct {
	Quotes []QuoteJSON `json:"quotes"`
	Next   string      `json:"next,omitempty"`
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
