package dateline

import (
	"context"
	"time"
)

// Hit is one article found.
type Hit struct {
	Article     *Article
	TitleHTML   string // escaped text and <mark> only
	SnippetHTML string // escaped text and <mark> only
	Score       float64
	Copies      *Copies // nil if no other article has this text

	Missing []string // of a hit of SomeWords: those it lacks
}

// Copies tells of the articles that have nearly the same text as a hit.
type Copies struct {
	ID     string `json:"id"`     // of the group: the id of its origin
	Count  int    `json:"count"`  // articles in the group, this one included; of those that match the search, if it collapses copies
	Origin bool   `json:"origin"` // whether this article is the earliest of them
}

// Expansion is what a word of a query was also taken to mean: an entity of
// that name or alias, the outlet of that name, or a synonym.
type Expansion struct {
	Text string `json:"text"`           // the word in the query, or the words of an outlet's name
	ID   string `json:"id,omitempty"`   // of the entity or outlet; empty for a synonym
	Type string `json:"type,omitempty"` // person, organization, place or outlet; empty for a synonym
	Name string `json:"name"`
}

// FacetValue is one value of a facet with its exact, disjunctive count.
type FacetValue struct {
	ID       string `json:"id"`
	Name     string `json:"name"`
	Count    int    `json:"count"`
	Selected bool   `json:"selected"`
	Excluded bool   `json:"excluded,omitempty"`
}

// Bucket is one bar of the timeline: [From, To) in UTC.
type Bucket struct {
	From  time.Time `json:"from"`
	To    time.Time `json:"to"`
	Count int       `json:"count"`
}

// Results answers a Query. Counts are exact.
type Results struct {
	Total    int
	Took     time.Duration
	Hits     []Hit
	Facets   map[string][]FacetValue
	Timeline []Bucket
	Undated  int    // matches without a date
	Next     string // cursor of the next page; empty at the end

	Expanded   []Expansion // what words of the query were also taken to mean
	DidYouMean string      // a query that finds more, where this one finds little; else empty
	SomeWords  *SomeWords  // if it was asked for, there are few hits, and others have some of the words
}

// SomeWords are articles that have only some of the words of a query. They
// are no matches: nothing else of the answer counts them.
type SomeWords struct {
	Total int      // articles with at least half of the words
	Words []string // of the query, mistyped ones corrected
	Hits  []Hit    // at most ten, the likest first
}

// Suggestion is one line of a search box's list.
type Suggestion struct {
	Kind     string     `json:"kind"` // entity, article or query
	Text     string     `json:"text"`
	TextHTML string     `json:"text_html,omitempty"` // escaped text and <mark> only, around the words that were typed or nearly so
	ID       string     `json:"id,omitempty"`
	Type     EntityType `json:"type,omitempty"`
	URL      string     `json:"url,omitempty"`
	Count    int        `json:"count,omitempty"`
}

// Searcher answers queries.
type Searcher interface {
	Search(ctx context.Context, q Query) (*Results, error)
}
