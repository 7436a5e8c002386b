package dateline

import (
	"context"
	"crypto/sha256"
	"encoding/base32"
	"strings"
	"time"
)

// EntityType says what an entity is. The zero value is not valid.
type EntityType string

// The three entity types.
const (
	Person       EntityType = "person"
	Organization EntityType = "organization"
	Place        EntityType = "place"
)

// Entity is a person, an organization or a place under one canonical name.
type Entity struct {
	ID       string     `json:"id" yaml:"-"` // URL-safe, from the name: see [Slug]
	Name     string     `json:"name" yaml:"name"`
	Type     EntityType `json:"type" yaml:"type"`
	Wikidata string     `json:"wikidata,omitempty" yaml:"wikidata"` // "Q1359568", or empty
	Aliases  []string   `json:"aliases,omitempty" yaml:"aliases"`
}

// Mention is one place in an article's text where an entity is named.
// Start and End are byte offsets into the UTF-8 text that was searched,
// End exclusive, on rune borders.
type Mention struct {
	Start    int        `json:"start"`
	End      int        `json:"end"`
	Type     EntityType `json:"type"`
	Text     string     `json:"text"` // the surface form
	Name     string     `json:"name"` // the entity's canonical name
	EntityID string     `json:"entity_id"`
	InTitle  bool       `json:"-"` // offsets are into the title, not the body
}

// Quote is words in quotation marks with who said them. Start and End are byte
// offsets into the body, of the words without the marks.
type Quote struct {
	Start     int    `json:"start"`
	End       int    `json:"end"`
	Text      string `json:"text"`
	Speaker   string `json:"speaker"`    // canonical name; empty if nobody is named
	SpeakerID string `json:"speaker_id"` // id of the entity; empty if nobody is named
}

// Version is the text of an article as it was observed at one time.
type Version struct {
	Version     int       `json:"version"` // from 1
	Observed    time.Time `json:"observed"`
	Title       string    `json:"title"`
	Body        string    `json:"-"`
	Changed     []string  `json:"changed"`     // what differs from the version before: title, body; empty for the first
	Substantive bool      `json:"substantive"` // whether words changed, not only punctuation, case or space
}

// EntityCount is an entity with how often one article names it.
type EntityCount struct {
	ID    string     `json:"id"`
	Name  string     `json:"name"`
	Type  EntityType `json:"type"`
	Count int        `json:"count"`
}

// Outlet is who published an article.
type Outlet struct {
	ID       string `json:"id"` // registrable domain (eTLD+1) of the canonical URL, or a slug of the name
	Name     string `json:"name"`
	Country  string `json:"country,omitempty"`  // ISO 3166-1 alpha-2
	Language string `json:"language,omitempty"` // BCP 47 primary tag
}

// Alternate is the address of an article in another language.
type Alternate struct {
	Lang string `json:"lang"` // BCP 47, as the page has it in hreflang, or "x-default"
	URL  string `json:"url"`
}

// Update is one entry of a live blog: a passage of the body with its time.
// Start and End are byte offsets into the body, of the title and the text,
// which a blank line parts.
type Update struct {
	Time  time.Time `json:"time,omitzero"` // UTC, to the second; zero if the page gives none
	Title string    `json:"title,omitempty"`
	Text  string    `json:"text,omitempty"` // plain text, paragraphs parted by a blank line
	Start int       `json:"start"`
	End   int       `json:"end"`
}

// The kinds of a Correction.
const (
	CorrectionNote    = "correction"    // something was wrong and was put right
	ClarificationNote = "clarification" // something could be misread
	EditorsNote       = "note"          // any other note of the editors
)

// Correction is a note in which an outlet tells readers what it changed.
type Correction struct {
	Time time.Time `json:"time,omitzero"` // UTC, to the second, of the note; zero if the page gives none
	Kind string    `json:"kind"`          // CorrectionNote, ClarificationNote or EditorsNote
	Text string    `json:"text"`          // as the page has it, in one line
}

// FeedConfidence is the DateConfidence of a date that a feed or sitemap gives:
// some give the time of an update.
const FeedConfidence = 90

// Article is one piece by one outlet at one canonical URL.
type Article struct {
	ID         string    `json:"id"`  // from the canonical URL: see [ArticleID]
	URL        string    `json:"url"` // canonical
	Title      string    `json:"title"`
	Authors    []string  `json:"authors,omitempty"`
	Published  time.Time `json:"published,omitzero"`    // UTC, to the second; zero if unknown
	DateSource string    `json:"date_source,omitempty"` // "json-ld", "meta", "time", "url", "feed", "import"
	Modified   time.Time `json:"modified,omitzero"`
	FirstSeen  time.Time `json:"first_seen,omitzero"`
	LastSeen   time.Time `json:"last_seen,omitzero"`
	Outlet     Outlet    `json:"outlet"`
	Lang       string    `json:"lang,omitempty"` // BCP 47 primary tag: "en", "zh"
	Summary    string    `json:"summary,omitempty"`
	Body       string    `json:"body,omitempty"` // plain text, paragraphs parted by a blank line
	Image      string    `json:"image,omitempty"`
	Section    string    `json:"section,omitempty"`
	Keywords   []string  `json:"keywords,omitempty"`
	Type       string    `json:"type,omitempty"` // news, opinion, live, gallery, video, press, correction
	Paywalled  bool      `json:"paywalled,omitempty"`
	Agency     string    `json:"agency,omitempty"` // the wire service that the text comes from, by its usual name: "Reuters", "dpa"

	Standfirst   string       `json:"standfirst,omitempty"`    // the lines under the headline that sum the text up; the body begins with them
	ImageWidth   int          `json:"image_width,omitempty"`   // pixels, as the page says; 0 if unknown
	ImageHeight  int          `json:"image_height,omitempty"`  // pixels, as the page says; 0 if unknown
	ImageCaption string       `json:"image_caption,omitempty"` // what the page says of the image
	Teaser       bool         `json:"teaser,omitempty"`        // the body is only what stands before the paywall
	AMP          string       `json:"amp,omitempty"`           // address of the AMP version
	Alternates   []Alternate  `json:"alternates,omitempty"`    // the article in other languages, as the page has it
	Pages        []string     `json:"pages,omitempty"`         // addresses of the further pages that the body was joined from
	Updates      []Update     `json:"updates,omitempty"`       // of a live blog, in the order of the body
	Corrections  []Correction `json:"corrections,omitempty"`   // what the outlet says it corrected; in the body too

	DateConfidence int `json:"date_confidence,omitempty"` // percent of dates from such a source and place that are right; 0 if nobody knows

	Stories  []string          `json:"stories,omitempty"`
	Given    []Entity          `json:"given,omitempty"` // entities that an import names, beside those recognised
	Mentions []Mention         `json:"mentions,omitempty"`
	Entities []EntityCount     `json:"entities,omitempty"`
	Quotes   []Quote           `json:"quotes,omitempty"`
	Versions int               `json:"versions,omitempty"`
	Extra    map[string]string `json:"extra,omitempty"` // unknown fields of an imported line, JSON-encoded values
}

// ArticleID gives the identifier of the article at a canonical URL (or other
// stable key): 16 characters of lower-case base32, the first 80 bits of its
// SHA-256. The same URL always gives the same id, so adding twice changes nothing.
func ArticleID(canonical string) string {
	sum := sha256.Sum256([]byte(canonical))
	return strings.ToLower(base32.StdEncoding.EncodeToString(sum[:10]))
}

// Sink takes articles. Add is idempotent by article id; when it returns nil
// the article is durable.
type Sink interface {
	Add(ctx context.Context, a *Article) error
}
