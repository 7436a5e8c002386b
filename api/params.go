package api

import (
	"errors"
	"fmt"
	"maps"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"dateline"
)

// Limits of the search parameters.
const (
	defaultLimit     = 20
	maxLimit         = 100
	defaultFacetSize = 20
	maxFacetSize     = 1000
	maxQueryBytes    = 2000
	maxValues        = 100 // values of one filter
	maxValueBytes    = 300
)

const dateLayout = "2006-01-02"

var (
	filterFields = []string{
		dateline.FieldStory, dateline.FieldOutlet, dateline.FieldPerson, dateline.FieldOrg, dateline.FieldPlace,
		dateline.FieldAuthor, dateline.FieldLang, dateline.FieldSection, dateline.FieldType,
	}
	facetFields = []string{
		dateline.FieldOutlet, dateline.FieldPerson, dateline.FieldOrg, dateline.FieldPlace,
		dateline.FieldAuthor, dateline.FieldLang, dateline.FieldSection, dateline.FieldStory,
	}
	defaultFacets = facetFields[:4]
	sorts         = []string{dateline.SortRelevance, dateline.SortNewest, dateline.SortOldest}
	intervals     = []string{"auto", "hour", "day", "week", "month", "year"}
)

// ParseParams reads a search from URL parameters. The query text is parsed
// too. Errors are *dateline.ParamError or *dateline.QueryError.
func ParseParams(v url.Values) (dateline.Query, error) {
	q := dateline.Query{
		Filters: map[string][]string{}, Excludes: map[string][]string{},
		Limit: defaultLimit, Facets: slices.Clone(defaultFacets), FacetSize: defaultFacetSize, Interval: "auto",
	}
	for _, name := range sortedKeys(v) { // the same wrong request always gets the same error
		if err := setParam(&q, name, v[name]); err != nil {
			return q, err
		}
	}
	if !q.From.IsZero() && !q.To.IsZero() && !q.From.Before(q.To) {
		return q, &dateline.ParamError{Param: "to", Message: "must be after from"}
	}
	root, err := dateline.ParseQuery(q.Text)
	if err != nil {
		return q, err
	}
	q.Root = root
	return q, nil
}

// setParam reads one parameter.
func setParam(q *dateline.Query, name string, values []string) error {
	bad := func(format string, args ...any) error {
		return &dateline.ParamError{Param: name, Message: fmt.Sprintf(format, args...)}
	}
	for _, s := range values {
		if !isText(s) {
			return bad("is not valid UTF-8 text")
		}
	}
	field, exclude := strings.CutPrefix(name, "-")
	if slices.Contains(filterFields, field) {
		var kept []string
		for _, s := range values {
			s = strings.TrimSpace(s)
			if len(s) > maxValueBytes {
				return bad("a value is longer than %d bytes", maxValueBytes)
			}
			if s != "" && !slices.Contains(kept, s) { // an empty form field filters nothing
				kept = append(kept, s)
			}
		}
		if len(kept) > maxValues {
			return bad("has more than %d values", maxValues)
		}
		if len(kept) > 0 && exclude {
			q.Excludes[field] = kept
		} else if len(kept) > 0 {
			q.Filters[field] = kept
		}
		return nil
	}
	if len(values) > 1 {
		return bad("is given more than once")
	}
	s := ""
	if len(values) == 1 {
		s = strings.TrimSpace(values[0])
	}
	var err error
	switch name {
	case "q":
		if len(s) > maxQueryBytes {
			return bad("is longer than %d bytes", maxQueryBytes)
		}
		q.Text = s
	case "from":
		if s != "" {
			q.From, _, err = parseTime(s)
		}
	case "to":
		if s != "" {
			var day bool
			if q.To, day, err = parseTime(s); day {
				q.To = q.To.AddDate(0, 0, 1)
			}
		}
	case "sort":
		if s != "" && !slices.Contains(sorts, s) {
			return bad("must be one of %s", strings.Join(sorts, ", "))
		}
		q.Sort = s
	case "copies":
		if s != "" && s != dateline.CopiesShow && s != dateline.CopiesCollapse {
			return bad("must be %s or %s", dateline.CopiesShow, dateline.CopiesCollapse)
		}
		q.Copies = s
	case "limit":
		if s != "" {
			q.Limit, err = parseInt(s, 0, maxLimit)
		}
	case "facet_size":
		if s != "" {
			q.FacetSize, err = parseInt(s, 1, maxFacetSize)
		}
	case "cursor":
		if len(s) > maxQueryBytes {
			return bad("is not a cursor of this search")
		}
		q.Cursor = s
	case "facets":
		q.Facets = []string{}
		for f := range strings.SplitSeq(s, ",") {
			f = strings.TrimSpace(f)
			if f == "" {
				continue
			}
			if !slices.Contains(facetFields, f) {
				return bad("must be a comma list of %s", strings.Join(facetFields, ", "))
			}
			if !slices.Contains(q.Facets, f) {
				q.Facets = append(q.Facets, f)
			}
		}
	case "interval":
		if s != "" && !slices.Contains(intervals, s) {
			return bad("must be one of %s", strings.Join(intervals, ", "))
		}
		q.Interval = s
	case "tz":
		if s != "" {
			q.Zone, err = parseZone(s)
		}
	default:
		return bad("is not a parameter here")
	}
	if err != nil {
		return bad("%s", err.Error())
	}
	return nil
}

func isText(s string) bool { return utf8.ValidString(s) && !strings.ContainsRune(s, 0) }

func sortedKeys(v url.Values) []string { return slices.Sorted(maps.Keys(v)) }

func parseInt(s string, low, high int) (int, error) {
	n, err := strconv.Atoi(s)
	if err != nil || n < low || n > high {
		return 0, fmt.Errorf("must be a whole number from %d to %d", low, high)
	}
	return n, nil
}

// parseZone reads the name of a time zone; nil is UTC. The names are those of
// the IANA database, not what else the system's folder of them has: what is
// local here, or zones with leap seconds.
func parseZone(s string) (*time.Location, error) {
	const want = "is not an IANA time zone; want one like Europe/Berlin, America/New_York or UTC"
	for _, r := range s {
		if r >= utf8.RuneSelf || !unicode.IsLetter(r) && !unicode.IsDigit(r) && !strings.ContainsRune("/_+-", r) {
			return nil, errors.New(want)
		}
	}
	if s == "UTC" {
		return nil, nil
	}
	first, _, _ := strings.Cut(s, "/")
	if !slices.Contains([]string{"Local", "localtime", "posixrules", "right", "posix"}, first) {
		if z, err := time.LoadLocation(s); err == nil {
			return z, nil
		}
	}
	if near := capitalZone(s); near != s {
		if _, err := parseZone(near); err == nil {
			return nil, fmt.Errorf("%s; did you mean %s?", want, near)
		}
	}
	return nil, errors.New(want)
}

// capitalZone writes a name as most of them are: Europe/Berlin, UTC.
func capitalZone(s string) string {
	if len(s) <= 4 && !strings.Contains(s, "/") {
		return strings.ToUpper(s)
	}
	b := []byte(strings.ToLower(s))
	for i := range b {
		if b[i] >= 'a' && b[i] <= 'z' && (i == 0 || strings.IndexByte("/_-", b[i-1]) >= 0) {
			b[i] -= 'a' - 'A'
		}
	}
	return string(b)
}

// parseTime reads a date or an RFC 3339 date-time; day says it was a date.
func parseTime(s string) (t time.Time, day bool, err error) {
	if t, err = time.Parse(dateLayout, s); err == nil {
		return t, true, nil
	}
	if t, err = time.Parse(time.RFC3339, s); err == nil {
		return t.UTC(), false, nil
	}
	return time.Time{}, false, errors.New("must be a date like 2025-11-14 or a date-time like 2025-11-14T18:00:00Z")
}

func isMidnight(t time.Time) bool { return t.Equal(t.Truncate(24 * time.Hour)) }

func timeParam(t time.Time) string {
	if isMidnight(t) {
		return t.UTC().Format(dateLayout)
	}
	return t.UTC().Format(time.RFC3339)
}

// toParam writes the exclusive end of a range as the to parameter has it: a
// plain date includes its day.
func toParam(t time.Time) string {
	if isMidnight(t) {
		return t.UTC().AddDate(0, 0, -1).Format(dateLayout)
	}
	return t.UTC().Format(time.RFC3339)
}

// encode is the inverse of ParseParams: the one canonical form of a search,
// without what is the default.
func encode(q dateline.Query) url.Values {
	v := url.Values{}
	set := func(name, value string) {
		if value != "" {
			v.Set(name, value)
		}
	}
	set("q", q.Text)
	for f, values := range q.Filters {
		v[f] = slices.Clone(values)
	}
	for f, values := range q.Excludes {
		v["-"+f] = slices.Clone(values)
	}
	for name := range v {
		if len(v[name]) == 0 {
			delete(v, name)
			continue
		}
		if name != "q" {
			slices.Sort(v[name])
		}
	}
	if !q.From.IsZero() {
		v.Set("from", timeParam(q.From))
	}
	if !q.To.IsZero() {
		v.Set("to", toParam(q.To))
	}
	set("sort", q.Sort)
	if q.Copies != dateline.CopiesShow {
		set("copies", q.Copies)
	}
	set("cursor", q.Cursor)
	if q.Limit != defaultLimit {
		v.Set("limit", strconv.Itoa(q.Limit))
	}
	if q.FacetSize != defaultFacetSize {
		v.Set("facet_size", strconv.Itoa(q.FacetSize))
	}
	if !slices.Equal(q.Facets, defaultFacets) {
		v.Set("facets", strings.Join(q.Facets, ","))
	}
	if q.Interval != "auto" {
		v.Set("interval", q.Interval)
	}
	if q.Zone != nil {
		v.Set("tz", q.Zone.String())
	}
	return v
}
