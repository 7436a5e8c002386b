package dateline

import "time"

// Node is a node of a parsed query: one of *And, *Or, *Not, *Term, *Phrase,
// *Prefix, *FieldTerm, *DateRange. A nil Node matches everything.
type Node interface{ node() }

// And matches articles that match every child; it has at least two.
type And struct{ Nodes []Node }

// Or matches articles that match any child; it has at least two.
type Or struct{ Nodes []Node }

// Not matches articles that do not match its child.
type Not struct{ Node Node }

// Term is a word to be found in title, summary or body; Field is "" or "title".
type Term struct{ Field, Text string }

// Phrase is words in this order; Slop > 0 means all of them within Slop words
// of each other in any order. Field is "" or "title".
type Phrase struct {
	Field, Text string
	Slop        int
}

// Prefix is the beginning of a word. Field is "" or "title".
type Prefix struct{ Field, Text string }

// FieldTerm is a filter inside a query: person, org, place, outlet, author,
// lang, story or said, with an id, a name or an alias.
type FieldTerm struct{ Field, Value string }

// DateRange is published in [From, To); a zero time is open.
type DateRange struct{ From, To time.Time }

func (*And) node()       {}
func (*Or) node()        {}
func (*Not) node()       {}
func (*Term) node()      {}
func (*Phrase) node()    {}
func (*Prefix) node()    {}
func (*FieldTerm) node() {}
func (*DateRange) node() {}

// Facet and filter names, as parameters and in answers.
const (
	FieldOutlet  = "outlet"
	FieldPerson  = "person"
	FieldOrg     = "org"
	FieldPlace   = "place"
	FieldAuthor  = "author"
	FieldLang    = "lang"
	FieldSection = "section"
	FieldStory   = "story"
	FieldType    = "type"
	FieldSaid    = "said" // a filter inside a query only: articles that quote the entity
)

// What to do with copies: articles that have nearly the same text.
const (
	CopiesShow     = "show"
	CopiesCollapse = "collapse"
)

// Orders of hits. The empty Sort is relevance with a query, newest without.
const (
	SortRelevance = "relevance"
	SortNewest    = "newest"
	SortOldest    = "oldest"
)

// Query is one search: what GET /api/v1/search, the pages, the command line
// and the embed all ask.
type Query struct {
	Text        string              // as typed
	Root        Node                // Text parsed; nil matches everything
	Filters     map[string][]string // field -> values (ids, names or aliases): OR within, AND between
	Excludes    map[string][]string // field -> values that must not match
	From, To    time.Time           // half open [From, To) on Published; zero is open
	Sort        string
	Limit       int            // 0 to 100
	Cursor      string         // opaque, from Results.Next
	Facets      []string       // which facets to count
	FacetSize   int            // values per facet, default 20
	FacetPrefix string         // only values with a name that has a word beginning so, or an id; "" all
	Copies      string         // show or collapse: one hit for each group of copies; "" is show
	SomeWords   bool           // where few articles have all words, answer apart with those that have some
	Interval    string         // auto, hour, day, week, month, year; "" none
	Zone        *time.Location // whose hours, days, … the intervals are; nil is UTC
}
