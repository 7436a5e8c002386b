package api

import (
	"cmp"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"github.com/gin-gonic/gin"

	"dateline"
	"dateline/api/ui"
)

// thingView is a page about a story, an entity, an outlet, or everything.
type thingView struct {
	Kind     string // story, outlet, person, organization, place; empty for everything
	Heading  string
	Aliases  string
	Wikidata string
	Count    int
	Hits     []hitView
	First    []hitView // first reports
	Timeline timelineView
	MoreURL  string
	StoryURL string // of the one story, on the first page
	Stories  []link
	Outlets  []link
	Named    []link
}

func (s *server) pageHome(c *gin.Context) {
	l := lookOf(c)
	view := thingView{Heading: l.t("Who reported what")}
	stories := s.b.Stories()
	if len(stories) == 1 {
		view.Heading, view.StoryURL = cmp.Or(stories[0].Title, view.Heading), l.path("/stories/", stories[0].ID)
		stories = nil
	}
	for _, st := range stories {
		view.Stories = append(view.Stories, link{Name: cmp.Or(st.Title, st.ID), URL: l.path("/stories/", st.ID)})
	}
	s.thing(c, everything(10), view, "Dateline", everything(defaultLimit))
}

// thing renders a page about whatever a search finds; more is the search that
// shows all of it.
func (s *server) thing(c *gin.Context, q dateline.Query, view thingView, title string, more dateline.Query) {
	l := lookOf(c)
	r, err := s.b.Search(c.Request.Context(), q)
	if err != nil {
		s.pageFail(c, err)
		return
	}
	more.Sort = ""
	view.Count, view.Hits = r.Total, s.hitViews(c, r.Hits)
	view.Timeline, view.MoreURL = l.timeline(more, r), l.search(more)
	if view.Kind != "outlet" {
		view.Outlets = l.outletLinks(r.Facets[dateline.FieldOutlet])
	}
	self := ""
	if ft, ok := q.Root.(*dateline.FieldTerm); ok {
		self = ft.Value
	}
	view.Named = l.entityLinks(namedWith(r.Facets, self, 24), 24)
	s.render(c, http.StatusOK, "thing", page{Title: title, Feeds: feeds(more), Data: view})
}

func (s *server) pageEntity(c *gin.Context) {
	e, err := s.b.Entity(c.Request.Context(), c.Param("id"))
	if err != nil {
		s.pageFail(c, err)
		return
	}
	if e.ID != c.Param("id") { // part of another, for now
		c.Redirect(http.StatusFound, lookOf(c).path("/entities/", e.ID))
		return
	}
	q := about(fieldOf(e.Type), e.ID, 10)
	s.thing(c, q, thingView{
		Kind: string(e.Type), Heading: e.Name, Aliases: aliasLine(e), Wikidata: e.Wikidata,
	}, e.Name, filtered(fieldOf(e.Type), e.ID, defaultLimit))
}

// aliasLine lists the names of an entity: those that articles use with how many
// do, most used first, then the others.
func aliasLine(e dateline.EntityInfo) string {
	out := slices.Clone(e.Aliases)
	for i, a := range out {
		if k := slices.IndexFunc(e.Names, func(n dateline.Attested) bool { return n.Name == a }); k >= 0 {
			out[i] = fmt.Sprintf("%s (%d)", a, e.Names[k].Articles)
		}
	}
	return strings.Join(out, " · ")
}

func (s *server) pageStory(c *gin.Context) {
	st, err := s.findStory(c.Param("id"))
	if err != nil {
		s.pageFail(c, err)
		return
	}
	_, first, err := s.firstReports(c.Request.Context(), st.ID, 5)
	if err != nil {
		s.pageFail(c, err)
		return
	}
	title := cmp.Or(st.Title, st.ID)
	s.thing(c, filtered(dateline.FieldStory, st.ID, 10), thingView{Kind: "story", Heading: title, First: s.hitViews(c, first.Hits)},
		title, filtered(dateline.FieldStory, st.ID, defaultLimit))
}

func (s *server) pageOutlet(c *gin.Context) {
	o, err := s.findOutlet(c.Request.Context(), c.Param("id"))
	if err != nil {
		s.pageFail(c, err)
		return
	}
	name := cmp.Or(o.Name, o.ID)
	s.thing(c, filtered(dateline.FieldOutlet, o.ID, 10), thingView{Kind: "outlet", Heading: name}, name,
		filtered(dateline.FieldOutlet, o.ID, defaultLimit))
}

func (s *server) pageOutlets(c *gin.Context) {
	l := lookOf(c)
	list, err := s.b.Outlets(c.Request.Context())
	if err != nil {
		s.pageFail(c, err)
		return
	}
	s.render(c, http.StatusOK, "list", page{Title: l.t("Outlets"), Data: l.outletLinks(list)})
}

func (s *server) pageArticle(c *gin.Context) {
	l := lookOf(c)
	a, err := s.b.Article(c.Request.Context(), c.Param("id"))
	if err != nil {
		s.pageFail(c, err)
		return
	}
	text := a.Body
	if !s.cfg.FullText {
		text = excerpt(a.Body, excerptRunes)
	}
	data := struct {
		*dateline.Article
		Link, OutletURL string
		OutletName      string
		Paragraphs      []string
		Named, Special  []link
		Copies          []hitView
		Cut             bool
		Notes           []CorrectionJSON
		Entries         []UpdateJSON // of a live blog, those shown
	}{
		Article: a, Link: ui.Web(a.URL), OutletURL: l.path("/outlets/", a.Outlet.ID), OutletName: cmp.Or(a.Outlet.Name, a.Outlet.ID),
		Named: l.entityLinks(a.Entities, 40), Special: append(s.copyNote(c, a.ID, s.b.CopiesOf(a.ID)), l.notes(a)...), Cut: len(text) < len(a.Body),
		Notes: correctionsJSON(a.Corrections, s.cfg.FullText),
	}
	for _, u := range updatesJSON(a.Updates, len(text)) {
		if u.Title != "" && len(data.Entries) < 200 {
			data.Entries = append(data.Entries, u)
		}
	}
	if copies, err := s.b.Copies(c.Request.Context(), a.ID); err == nil && len(copies) > 1 {
		r := &dateline.Results{}
		for _, x := range copies[:min(len(copies), 50)] {
			r.Hits = append(r.Hits, dateline.Hit{Article: x})
		}
		data.Copies = s.hitViews(c, r.Hits)
	}
	for para := range strings.SplitSeq(text, "\n\n") {
		if para = strings.TrimSpace(para); para != "" {
			data.Paragraphs = append(data.Paragraphs, para)
		}
	}
	if data.Cut && len(data.Paragraphs) > 0 {
		data.Paragraphs[len(data.Paragraphs)-1] += " …"
	}
	s.render(c, http.StatusOK, "article", page{Title: cmp.Or(strings.TrimSpace(a.Title), "—"), Data: data})
}

// pageChanges shows what changed between two versions of an article.
func (s *server) pageChanges(c *gin.Context) {
	l := lookOf(c)
	ctx, id := c.Request.Context(), c.Param("id")
	a, err := s.b.Article(ctx, id)
	if err != nil {
		s.pageFail(c, err)
		return
	}
	list, err := s.b.Versions(ctx, id)
	if err != nil {
		s.pageFail(c, err)
		return
	}
	from, to, err := versionPair(c, list)
	if err != nil {
		s.pageFail(c, err)
		return
	}
	data := struct {
		*dateline.Article
		RecordURL string
		Diff      DiffResponse
		From, To  dateline.Version
		Steps     []link // each version against the one before it
	}{Article: a, RecordURL: l.path("/articles/", id), Diff: diffJSON(id, from, to, s.cfg.FullText), From: from, To: to}
	for i := 1; i < len(list); i++ {
		step := link{
			Name: ui.Stamp(l.lang, list[i].Observed), On: list[i-1].Version == from.Version && list[i].Version == to.Version,
			URL: fmt.Sprintf("%s?from=%d&to=%d", look{lang: l.lang}.changes(id), list[i-1].Version, list[i].Version),
		}
		if l.hl != "" {
			step.URL += "&hl=" + l.hl
		}
		step.Label = l.t("Version %s", strconv.Itoa(list[i].Version))
		data.Steps = append(data.Steps, step)
	}
	s.render(c, http.StatusOK, "changes", page{Title: l.t("What changed") + ": " + a.Title, Data: data})
}

func (s *server) pageDocs(c *gin.Context) {
	s.render(c, http.StatusOK, "docs", page{Title: "API", Data: docs()})
}

func (s *server) pageEmbed(c *gin.Context) {
	type builder struct {
		Base                             string
		Attrs                            []pair
		Scope                            []pair // what the plain form keeps where scripts are off
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
	outlet := ""
	if v := strings.TrimSpace(c.Query("outlet")); isText(v) {
		outlet = excerpt(v, 100)
	}
	b := builder{
		Base: s.base(c) + "/", Stories: s.b.Stories(), Outlet: outlet,
		Modes: []string{"suggest", "panel", "modal"}, Themes: []string{"auto", "light", "dark"}, Langs: ui.Langs,
	}
	b.Mode, b.Theme, b.Lang = pick("mode", b.Modes), pick("theme", b.Themes), pick("lang", b.Langs)
	for _, st := range b.Stories {
		if st.ID == c.Query("story") {
			b.Story = st.ID
		}
	}
	for _, a := range []struct{ name, value, def string }{
		{"story", b.Story, ""}, {"outlet", b.Outlet, ""}, {"mode", b.Mode, "suggest"}, {"theme", b.Theme, "auto"}, {"lang", b.Lang, "en"},
	} {
		if a.value != a.def {
			b.Attrs = append(b.Attrs, pair{a.name, a.value})
		}
	}
	for _, a := range b.Attrs {
		if a.Name == "story" || a.Name == "outlet" {
			b.Scope = append(b.Scope, a)
		}
	}
	s.render(c, http.StatusOK, "embed", page{Title: "Put the search box on your site", Script: true, Data: b})
}
