package api

import (
	"cmp"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/gin-gonic/gin"

	"dateline"
	"dateline/api/ui"
)

// page is what every page has.
type page struct {
	Title   string
	Version string
	Query   string // text in the search box
	Hidden  []pair // the rest of the search, kept by the form
	Data    any
	Script  bool
}

type pair struct{ Name, Value string }

// link is a facet value, a chip or a choice.
type link struct {
	Name, URL, Label, Lang string
	Count                  int
	Pct                    int // of the facet's greatest, for the bar
	On, Off                bool
	ExcludeURL             string
}

type facetView struct {
	Field, Title string
	Values       []link
}

type bar struct {
	X, Y, W, H, HitX, HitW float64
	Label, URL             string
	Count                  int
}

type timelineView struct {
	Bars        []bar
	Title       string
	First, Last string
	Undated     int
}

type hitView struct {
	*dateline.Article
	TitleHTML, SnippetHTML, Link string
	People                       []link
}

type searchView struct {
	Total, Took    string
	Count          int
	Hits           []hitView
	Facets         []facetView
	Timeline       timelineView
	Sorts, Active  []link
	From, To       string
	Next, First    string
	ClearURL       string
	Err            *errorView
	Intro, Aliases string
	Heading        string
	Kind           string
	MoreURL        string
	Stories        []link
	Outlets, Named []link
	Wikidata       string
}

type errorView struct {
	Title, Detail, Hint string
	Before, At, After   string
	HasPosition         bool
	Position            int
	Suggestions         []link
	Status              int
}

var facetTitles = map[string]string{
	dateline.FieldOutlet: "Outlets", dateline.FieldPerson: "People", dateline.FieldOrg: "Organisations",
	dateline.FieldPlace: "Places", dateline.FieldAuthor: "Authors", dateline.FieldLang: "Languages",
	dateline.FieldSection: "Sections", dateline.FieldStory: "Stories", dateline.FieldType: "Types",
}

func (s *server) routePages(r *gin.Engine, get func(gin.IRoutes, string, gin.HandlerFunc)) {
	get(r, "/", s.pageHome)
	get(r, "/search", s.pageSearch)
	get(r, "/articles/:id", s.pageArticle)
	get(r, "/entities/:id", s.pageEntity)
	get(r, "/stories/:id", s.pageStory)
	get(r, "/outlets", s.pageOutlets)
	get(r, "/outlets/:id", s.pageOutlet)
	get(r, "/embed", s.pageEmbed)
	static := http.StripPrefix("/static/", http.FileServerFS(ui.Static()))
	get(r, "/static/:file", func(c *gin.Context) {
		c.Header("Cache-Control", "public, max-age=3600")
		static.ServeHTTP(c.Writer, c.Request)
	})
	get(r, "/embed/v1/dateline-search.js", func(c *gin.Context) {
		c.Header("Cache-Control", "public, max-age=3600")
		c.Data(http.StatusOK, "text/javascript; charset=utf-8", ui.Script())
	})
}

func (s *server) render(c *gin.Context, status int, name string, p page) {
	p.Version = url.QueryEscape(s.cfg.Version)
	body, err := s.pages.Render(name, p)
	if err != nil {
		s.log.Error("page", "name", name, "error", err)
		c.String(http.StatusInternalServerError, "internal error\n")
		return
	}
	c.Header("Cache-Control", "no-cache")
	c.Data(status, "text/html; charset=utf-8", body)
}

func (s *server) pageError(c *gin.Context, status int, title, detail string) {
	s.render(c, status, "error", page{Title: title, Data: searchView{Err: &errorView{Title: title, Detail: detail, Status: status}}})
}

// pageFail shows what went wrong outside a search.
func (s *server) pageFail(c *gin.Context, err error) {
	p := problemOf(err)
	if p.Status == http.StatusInternalServerError {
		s.log.Error("page failed", "path", c.Request.URL.Path, "error", err)
	}
	s.pageError(c, p.Status, p.Title, p.Detail)
}

// searchURL is the page that shows a search.
func searchURL(q dateline.Query) string {
	if v := encode(q).Encode(); v != "" {
		return "/search?" + v
	}
	return "/search"
}

// clone copies what the links change.
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

func facetViews(q dateline.Query, r *dateline.Results) []facetView {
	var out []facetView
	for _, field := range q.Facets {
		values := r.Facets[field]
		if len(values) == 0 {
			continue
		}
		f := facetView{Field: field, Title: facetTitles[field]}
		top := 1
		for _, v := range values {
			top = max(top, v.Count)
		}
		for _, v := range values {
			l := link{Name: cmp.Or(v.Name, v.ID), Count: v.Count, Pct: v.Count * 100 / top, On: v.Selected, Off: v.Excluded}
			n := clone(q)
			switch {
			case v.Selected:
				n.Filters[field] = without(n.Filters[field], v)
				l.Label = "Remove filter"
			case v.Excluded:
				n.Excludes[field] = without(n.Excludes[field], v)
				l.Label = "Show again"
			default:
				n.Filters[field] = append(n.Filters[field], v.ID)
				l.Label = "Only"
				x := clone(q)
				x.Excludes[field] = append(x.Excludes[field], v.ID)
				l.ExcludeURL = searchURL(x)
			}
			l.URL = searchURL(n)
			f.Values = append(f.Values, l)
		}
		out = append(out, f)
	}
	return out
}

// active lists the filters of a search, each with the link that removes it.
func active(q dateline.Query, r *dateline.Results) []link {
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
			out = append(out, link{Name: name(field, v), Label: field, URL: searchURL(n), On: true})
		}
		for i, v := range q.Excludes[field] {
			n := clone(q)
			n.Excludes[field] = slices.Delete(n.Excludes[field], i, i+1)
			out = append(out, link{Name: name(field, v), Label: "not " + field, URL: searchURL(n), Off: true})
		}
	}
	if !q.From.IsZero() || !q.To.IsZero() {
		n := clone(q)
		n.From, n.To = time.Time{}, time.Time{}
		label := "any"
		switch {
		case q.To.IsZero():
			label = "since " + timeParam(q.From)
		case q.From.IsZero():
			label = "until " + toParam(q.To)
		case timeParam(q.From) == toParam(q.To):
			label = timeParam(q.From)
		default:
			label = timeParam(q.From) + " to " + toParam(q.To)
		}
		out = append(out, link{Name: label, Label: "date", URL: searchURL(n)})
	}
	return out
}

func bucketLabel(b dateline.Bucket) string {
	switch d := b.To.Sub(b.From); {
	case d < 24*time.Hour:
		return b.From.UTC().Format("2 Jan 2006, 15:04")
	case d < 48*time.Hour:
		return b.From.UTC().Format("2 January 2006")
	case d < 8*24*time.Hour:
		return "Week of " + b.From.UTC().Format("2 January 2006")
	case d < 32*24*time.Hour:
		return b.From.UTC().Format("January 2006")
	default:
		return b.From.UTC().Format("2006")
	}
}

// timelineOf draws 1000 by 100 units.
func timelineOf(q dateline.Query, r *dateline.Results) timelineView {
	out := timelineView{Undated: r.Undated}
	n := len(r.Timeline)
	if n == 0 {
		return out
	}
	top, sum := 1, 0
	var peak dateline.Bucket
	for _, b := range r.Timeline {
		sum += b.Count
		if b.Count > peak.Count {
			peak = b
		}
		top = max(top, b.Count)
	}
	step := 1000 / float64(n)
	gap := min(step*.2, 4)
	for i, b := range r.Timeline {
		d := clone(q)
		d.From, d.To = b.From, b.To
		h := float64(b.Count) * 96 / float64(top)
		if b.Count > 0 {
			h = max(h, 2)
		}
		w := min(step-gap, 60)
		out.Bars = append(out.Bars, bar{
			X: round2(float64(i)*step + (step-w)/2), Y: round2(100 - h), W: round2(w), H: round2(h),
			HitX: round2(float64(i) * step), HitW: round2(step),
			Label: bucketLabel(b), URL: searchURL(d), Count: b.Count,
		})
	}
	out.First, out.Last = bucketLabel(r.Timeline[0]), bucketLabel(r.Timeline[n-1])
	out.Title = fmt.Sprintf("Timeline: %s articles from %s to %s; most, %s, in: %s", ui.Num(sum), out.First, out.Last, ui.Num(peak.Count), bucketLabel(peak))
	return out
}

func round2(f float64) float64 { return float64(int(f*100+.5)) / 100 }

func hitViews(r *dateline.Results) []hitView {
	var out []hitView
	for _, h := range r.Hits {
		v := hitView{Article: h.Article, TitleHTML: h.TitleHTML, SnippetHTML: h.SnippetHTML, Link: ui.Web(h.Article.URL)}
		if v.Link == "" {
			v.Link = "/articles/" + url.PathEscape(h.Article.ID)
		}
		v.People = entityLinks(h.Article.Entities, 6)
		out = append(out, v)
	}
	return out
}

func entityLinks(list []dateline.EntityCount, limit int) []link {
	var out []link
	for _, e := range list[:min(len(list), limit)] {
		out = append(out, link{Name: e.Name, Count: e.Count, URL: "/entities/" + url.PathEscape(e.ID)})
	}
	return out
}

func outletLinks(list []dateline.FacetValue) []link {
	var out []link
	for _, v := range list {
		out = append(out, link{Name: cmp.Or(v.Name, v.ID), Count: v.Count, URL: "/outlets/" + url.PathEscape(v.ID)})
	}
	return out
}

// hidden keeps the rest of a search in the form: all but text, dates and cursor.
func hidden(q dateline.Query) []pair {
	var out []pair
	v := encode(q)
	for _, skip := range []string{"q", "from", "to", "cursor"} {
		v.Del(skip)
	}
	names := make([]string, 0, len(v))
	for name := range v {
		names = append(names, name)
	}
	slices.Sort(names)
	for _, name := range names {
		for _, value := range v[name] {
			out = append(out, pair{name, value})
		}
	}
	return out
}

func dateInput(t time.Time, to bool) string {
	if t.IsZero() {
		return ""
	}
	if to {
		t = t.Add(-time.Second)
	}
	return t.UTC().Format(dateLayout)
}

func (s *server) pageSearch(c *gin.Context) {
	v, err := params(c)
	if err != nil {
		s.pageFail(c, err)
		return
	}
	v.Del("hl")
	q, err := ParseParams(v)
	view := searchView{From: dateInput(q.From, false), To: dateInput(q.To, true), ClearURL: "/search"}
	p := page{Title: "Search", Query: q.Text, Hidden: hidden(q)}
	if q.Text != "" {
		p.Title = q.Text
		view.ClearURL = "/search?" + url.Values{"q": {q.Text}}.Encode()
	}
	var r *dateline.Results
	if err == nil {
		r, err = s.b.Search(c.Request.Context(), q)
	}
	view.Active = active(q, r)
	if err != nil {
		pr := problemOf(err)
		if pr.Status == http.StatusInternalServerError {
			s.log.Error("search page", "error", err)
		}
		view.Err = errorOf(pr, err)
		p.Data = view
		s.render(c, pr.Status, "search", p)
		return
	}
	view.Count, view.Total = r.Total, ui.Num(r.Total)
	view.Hits, view.Facets, view.Timeline = hitViews(r), facetViews(q, r), timelineOf(q, r)
	current := cmp.Or(q.Sort, dateline.SortNewest)
	if q.Sort == "" && q.Text != "" {
		current = dateline.SortRelevance
	}
	for _, name := range sorts {
		n := clone(q)
		n.Sort = name
		view.Sorts = append(view.Sorts, link{Name: strings.ToUpper(name[:1]) + name[1:], URL: searchURL(n), On: name == current})
	}
	if r.Next != "" {
		n := clone(q)
		n.Cursor = r.Next
		view.Next = searchURL(n)
	}
	if q.Cursor != "" {
		view.First = searchURL(clone(q))
	}
	p.Data = view
	s.render(c, http.StatusOK, "search", p)
}

// errorOf shows a problem; of a query error also the place in the query.
func errorOf(pr Problem, err error) *errorView {
	e := &errorView{Title: pr.Title, Detail: pr.Detail, Hint: pr.Hint, Status: pr.Status}
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

// everything is the search for all articles.
func everything(limit int) dateline.Query {
	q := filtered("", "", limit)
	q.Filters = map[string][]string{}
	return q
}

func (s *server) pageHome(c *gin.Context) {
	q := everything(10)
	view := searchView{Kind: "home", Heading: "Who reported what, when"}
	stories := s.b.Stories()
	for _, st := range stories {
		view.Stories = append(view.Stories, link{Name: cmp.Or(st.Title, st.ID), URL: "/stories/" + url.PathEscape(st.ID)})
	}
	if len(stories) == 1 {
		view.Heading = cmp.Or(stories[0].Title, view.Heading)
	}
	s.thing(c, q, view, "Dateline", everything(defaultLimit))
}

// thing renders a page about whatever a search finds.
func (s *server) thing(c *gin.Context, q dateline.Query, view searchView, title string, more dateline.Query) {
	r, err := s.b.Search(c.Request.Context(), q)
	if err != nil {
		s.pageFail(c, err)
		return
	}
	more.Sort = ""
	view.Count, view.Total, view.Hits = r.Total, ui.Num(r.Total), hitViews(r)
	view.Timeline, view.MoreURL = timelineOf(more, r), searchURL(more)
	if view.Kind != "outlet" {
		view.Outlets = outletLinks(r.Facets[dateline.FieldOutlet])
	}
	self := ""
	if ft, ok := q.Root.(*dateline.FieldTerm); ok {
		self = ft.Value
	}
	view.Named = entityLinks(namedWith(r.Facets, self, 24), 24)
	s.render(c, http.StatusOK, "thing", page{Title: title, Data: view})
}

func (s *server) pageEntity(c *gin.Context) {
	e, _, err := s.b.Entity(c.Request.Context(), c.Param("id"))
	if err != nil {
		s.pageFail(c, err)
		return
	}
	q := about(fieldOf(e.Type), e.ID, 10)
	s.thing(c, q, searchView{
		Kind: string(e.Type), Heading: e.Name, Aliases: strings.Join(e.Aliases, " · "), Wikidata: e.Wikidata,
	}, e.Name, filtered(fieldOf(e.Type), e.ID, defaultLimit))
}

func (s *server) pageStory(c *gin.Context) {
	st, err := s.findStory(c.Param("id"))
	if err != nil {
		s.pageFail(c, err)
		return
	}
	s.thing(c, filtered(dateline.FieldStory, st.ID, 10), searchView{Kind: "story", Heading: cmp.Or(st.Title, st.ID)},
		cmp.Or(st.Title, st.ID), filtered(dateline.FieldStory, st.ID, defaultLimit))
}

func (s *server) pageOutlet(c *gin.Context) {
	id := c.Param("id")
	list, err := s.b.Outlets(c.Request.Context())
	if err != nil {
		s.pageFail(c, err)
		return
	}
	i := slices.IndexFunc(list, func(v dateline.FacetValue) bool { return v.ID == id })
	if i < 0 {
		s.pageFail(c, &dateline.NotFoundError{Kind: "outlet", ID: id})
		return
	}
	name := cmp.Or(list[i].Name, id)
	s.thing(c, filtered(dateline.FieldOutlet, id, 10), searchView{Kind: "outlet", Heading: name}, name,
		filtered(dateline.FieldOutlet, id, defaultLimit))
}

func (s *server) pageOutlets(c *gin.Context) {
	list, err := s.b.Outlets(c.Request.Context())
	if err != nil {
		s.pageFail(c, err)
		return
	}
	s.render(c, http.StatusOK, "list", page{Title: "Outlets", Data: searchView{Heading: "Outlets", Outlets: outletLinks(list)}})
}

func (s *server) pageArticle(c *gin.Context) {
	a, err := s.b.Article(c.Request.Context(), c.Param("id"))
	if err != nil {
		s.pageFail(c, err)
		return
	}
	text := a.Body
	cut := false
	if !s.cfg.FullText {
		text = excerpt(a.Body, excerptRunes)
		cut = len(text) < len(a.Body)
	}
	data := struct {
		*dateline.Article
		Link       string
		Paragraphs []string
		Named      []link
		Cut        bool
	}{a, ui.Web(a.URL), nil, entityLinks(a.Entities, 40), cut}
	for para := range strings.SplitSeq(text, "\n\n") {
		if para = strings.TrimSpace(para); para != "" {
			data.Paragraphs = append(data.Paragraphs, para)
		}
	}
	s.render(c, http.StatusOK, "article", page{Title: a.Title, Data: data})
}

func (s *server) pageEmbed(c *gin.Context) {
	type builder struct {
		Base, Snippet                    string
		Attrs                            []pair
		Story, Outlet, Mode, Theme, Lang string
		Stories                          []dateline.Story
		Modes, Themes, Langs             []string
	}
	pick := func(name string, of []string) string {
		if v := c.Query(name); slices.Contains(of, v) {
			return v
		}
		return of[0]
	}
	b := builder{
		Base: s.base(c) + "/", Stories: s.b.Stories(), Outlet: excerpt(strings.TrimSpace(c.Query("outlet")), 100),
		Modes: []string{"suggest", "panel", "modal"}, Themes: []string{"auto", "light", "dark"}, Langs: []string{"en", "de", "zh", "ar"},
	}
	b.Mode, b.Theme, b.Lang = pick("mode", b.Modes), pick("theme", b.Themes), pick("lang", b.Langs)
	for _, st := range b.Stories {
		if st.ID == c.Query("story") {
			b.Story = st.ID
		}
	}
	for _, a := range []pair{{"story", b.Story}, {"outlet", b.Outlet}} {
		if a.Value != "" {
			b.Attrs = append(b.Attrs, a)
		}
	}
	for _, a := range []struct{ name, value, def string }{{"mode", b.Mode, "suggest"}, {"theme", b.Theme, "auto"}, {"lang", b.Lang, "en"}} {
		if a.value != a.def {
			b.Attrs = append(b.Attrs, pair{a.name, a.value})
		}
	}
	s.render(c, http.StatusOK, "embed", page{Title: "Put the search box on your site", Script: true, Data: b})
}
