package api

import (
	"cmp"
	"errors"
	"net/http"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/gin-gonic/gin"

	"dateline"
	"dateline/api/ui"
)

type facetView struct {
	Title  string
	Values []link
}

type searchView struct {
	Count         int
	Hits          []hitView
	Facets        []facetView
	Timeline      timelineView
	Sorts, Copies []link
	Active        []link
	From, To      string
	Next, First   string
	ClearURL      string
	DidYouMean    *link
	Some          []hitView // with some of the words, where few have all
	SomeCount     int
	SomeWords     string // as they were looked for
	Err           *errorView
}

type errorView struct {
	Title, Detail, Hint string
	Before, At, After   string // the query around the error
	HasPosition         bool
	Position            int
}

var facetTitles = map[string]string{
	dateline.FieldOutlet: "Outlets", dateline.FieldPerson: "People", dateline.FieldOrg: "Organisations",
	dateline.FieldPlace: "Places", dateline.FieldAuthor: "Authors", dateline.FieldLang: "Languages",
	dateline.FieldSection: "Sections", dateline.FieldStory: "Stories", dateline.FieldType: "Types",
}

func (s *server) pageSearch(c *gin.Context) {
	l := lookOf(c)
	q, _, err := searchOf(c, "hl")
	view := searchView{From: dateInput(q.From, false), To: dateInput(q.To, true), ClearURL: l.search(dateline.Query{Text: q.Text, Limit: defaultLimit, FacetSize: defaultFacetSize, Facets: defaultFacets, Interval: "auto"})}
	p := page{Title: cmp.Or(q.Text, l.t("Search")), Query: q.Text, Hidden: hidden(q), NoIndex: true}
	var r *dateline.Results
	if err == nil {
		q.SomeWords = true
		r, err = s.b.Search(c.Request.Context(), q)
	}
	view.Active = l.active(q, r)
	if err != nil {
		pr := problemOf(err)
		if pr.Status == http.StatusInternalServerError {
			s.log.Error("search page", "error", err)
		}
		view.Err = errorOf(l, pr, err)
		p.Data = view
		s.render(c, pr.Status, "search", p)
		return
	}
	s.b.Searched(q, r.Total, c.ClientIP())
	view.Count = r.Total
	view.Hits, view.Facets, view.Timeline = s.hitViews(c, r.Hits), l.facetViews(q, r), l.timeline(q, r)
	view.Sorts, view.Copies = l.sorts(q), l.copies(q)
	if r.DidYouMean != "" {
		n := clone(q)
		n.Text = r.DidYouMean
		view.DidYouMean = &link{Name: r.DidYouMean, URL: l.search(n)}
	}
	if r.SomeWords != nil {
		view.Some, view.SomeCount = s.hitViews(c, r.SomeWords.Hits), r.SomeWords.Total
		view.SomeWords = strings.Join(r.SomeWords.Words, l.t(", "))
	}
	if r.Next != "" {
		n := clone(q)
		n.Cursor = r.Next
		view.Next = l.search(n)
	}
	if q.Cursor != "" {
		view.First = l.search(clone(q))
	}
	p.Feeds = feeds(q)
	p.Data = view
	s.render(c, http.StatusOK, "search", p)
}

// feeds are the same search in other formats.
func feeds(q dateline.Query) []link {
	v := encode(clone(q))
	for _, name := range []string{"limit", "facets", "facet_size", "interval", "tz"} {
		v.Del(name)
	}
	var out []link
	for _, f := range []struct{ format, name string }{{"rss", "RSS"}, {"atom", "Atom"}, {"csv", "CSV"}, {"jsonl", "JSON"}, {"bib", "BibTeX"}, {"ris", "RIS"}} {
		u := "/api/v1/search." + f.format
		if len(v) > 0 {
			u += "?" + v.Encode()
		}
		l := link{Name: f.name, URL: u}
		if isFeed(f.format) {
			l.Label, _, _ = strings.Cut(exportTypes[f.format], ";")
		}
		out = append(out, l)
	}
	return out
}

func (l look) sorts(q dateline.Query) []link {
	current := cmp.Or(q.Sort, dateline.SortNewest)
	if q.Sort == "" && q.Text != "" {
		current = dateline.SortRelevance
	}
	var out []link
	for _, name := range sorts {
		n := clone(q)
		n.Sort = name
		out = append(out, link{Name: l.t(strings.ToUpper(name[:1]) + name[1:]), URL: l.search(n), On: name == current})
	}
	return out
}

func (l look) copies(q dateline.Query) []link {
	var out []link
	for _, choice := range []struct{ value, name string }{{dateline.CopiesShow, "Show"}, {dateline.CopiesCollapse, "Collapse"}} {
		n := clone(q)
		n.Copies = choice.value
		out = append(out, link{Name: l.t(choice.name), URL: l.search(n), On: choice.value == cmp.Or(q.Copies, dateline.CopiesShow)})
	}
	return out
}

// clone copies what the links change, without the cursor.
func clone(q dateline.Query) dateline.Query {
	copyOf := func(m map[string][]string) map[string][]string {
		out := map[string][]string{}
		for k, v := range m {
			out[k] = slices.Clone(v)
		}
		return out
	}
	q.Filters, q.Excludes, q.Cursor = copyOf(q.Filters), copyOf(q.Excludes), ""
	return q
}

// without takes the value off a list that names it by id, name or alias.
func without(list []string, v dateline.FacetValue) []string {
	out := slices.DeleteFunc(slices.Clone(list), func(s string) bool {
		return s == v.ID || strings.EqualFold(s, v.Name) || dateline.Slug(s) == v.ID
	})
	if len(out) == len(list) && len(list) == 1 {
		return nil // the one filter names it by an alias
	}
	return out
}

func (l look) facetViews(q dateline.Query, r *dateline.Results) []facetView {
	var out []facetView
	for _, field := range q.Facets {
		values := r.Facets[field]
		if len(values) == 0 {
			continue
		}
		f := facetView{Title: l.t(facetTitles[field])}
		top := 1
		for _, v := range values {
			top = max(top, v.Count)
		}
		for _, v := range values {
			x := link{Name: cmp.Or(v.Name, v.ID), Count: v.Count, Pct: v.Count * 100 / top, On: v.Selected, Off: v.Excluded}
			n := clone(q)
			switch {
			case v.Selected:
				n.Filters[field] = without(n.Filters[field], v)
				x.Label = l.t("Remove filter")
			case v.Excluded:
				n.Excludes[field] = without(n.Excludes[field], v)
				x.Label = l.t("Show again")
			default:
				n.Filters[field] = append(n.Filters[field], v.ID)
				x.Label = l.t("Only")
				out := clone(q)
				out.Excludes[field] = append(out.Excludes[field], v.ID)
				x.ExcludeURL = l.search(out)
			}
			x.URL = l.search(n)
			f.Values = append(f.Values, x)
		}
		out = append(out, f)
	}
	return out
}

// active lists the filters of a search, each with the link that removes it.
func (l look) active(q dateline.Query, r *dateline.Results) []link {
	var out []link
	name := func(field, value string) string {
		if r != nil {
			for _, v := range r.Facets[field] {
				if v.ID == value && v.Name != "" {
					return v.Name
				}
			}
		}
		return value
	}
	for _, field := range filterFields {
		for i, v := range q.Filters[field] {
			n := clone(q)
			n.Filters[field] = slices.Delete(n.Filters[field], i, i+1)
			out = append(out, link{Name: name(field, v), Label: l.t(field), URL: l.search(n), On: true})
		}
		for i, v := range q.Excludes[field] {
			n := clone(q)
			n.Excludes[field] = slices.Delete(n.Excludes[field], i, i+1)
			out = append(out, link{Name: name(field, v), Label: l.t("not") + " " + l.t(field), URL: l.search(n), Off: true})
		}
	}
	if q.From.IsZero() && q.To.IsZero() {
		return out
	}
	n := clone(q)
	n.From, n.To = time.Time{}, time.Time{}
	return append(out, link{Name: l.span(q.From, q.To), Label: l.t("date"), URL: l.search(n)})
}

// span writes a range of dates, whose end is exclusive.
func (l look) span(from, to time.Time) string {
	write := func(t time.Time, end bool) string {
		switch {
		case !isMidnight(t):
			return ui.Stamp(l.lang, t)
		case end:
			t = t.AddDate(0, 0, -1)
		}
		return ui.Day(l.lang, t)
	}
	switch {
	case to.IsZero():
		return l.t("since") + " " + write(from, false)
	case from.IsZero():
		return l.t("until") + " " + write(to, true)
	case write(from, false) == write(to, true):
		return write(from, false)
	}
	return write(from, false) + " – " + write(to, true)
}

// hidden keeps the rest of a search in the form: all but text, dates and cursor.
func hidden(q dateline.Query) []pair {
	var out []pair
	v := encode(q)
	for _, skip := range []string{"q", "from", "to", "cursor"} {
		v.Del(skip)
	}
	for _, name := range sortedKeys(v) {
		for _, value := range v[name] {
			out = append(out, pair{name, value})
		}
	}
	return out
}

// dateInput is a time as a date field has it; an exclusive end is the day before.
func dateInput(t time.Time, to bool) string {
	if t.IsZero() {
		return ""
	}
	if to {
		t = t.Add(-time.Second)
	}
	return t.UTC().Format(dateLayout)
}

// errorOf shows a problem; of a query error also the place in the query.
func errorOf(l look, pr Problem, err error) *errorView {
	e := &errorView{Title: l.t(pr.Title), Detail: pr.Detail, Hint: pr.Hint}
	var qe *dateline.QueryError
	if errors.As(err, &qe) && qe.Position >= 0 && qe.Position <= len(qe.Query) {
		e.HasPosition, e.Position = true, utf8.RuneCountInString(qe.Query[:qe.Position])+1
		e.Before = qe.Query[:qe.Position]
		rest := qe.Query[qe.Position:]
		_, n := utf8.DecodeRuneInString(rest)
		e.At, e.After = rest[:n], rest[n:]
	}
	return e
}
