package api

import (
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/gin-gonic/gin"

	"dateline"
	"dateline/api/ui"
)

// page is what every page has.
type page struct {
	Title     string
	Version   string
	Lang, Dir string
	HL        string // "?hl=de" where the address asked for the language, to be kept by links
	Langs     []link
	Query     string // text in the search box
	Hidden    []pair // the rest of the search, kept by the form
	Script    bool   // whether the page has a search box element
	NoIndex   bool
	Feeds     []link // the same search as feeds
	Data      any
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

// look is the language of a page and how its links keep it.
type look struct {
	lang string
	hl   string // as the address has it; empty if the browser's preference decided
}

// lookOf takes the language from hl, else from the browser's preference.
func lookOf(c *gin.Context) look {
	if hl := c.Query("hl"); slices.Contains(ui.Langs, hl) {
		return look{hl, hl}
	}
	return look{ui.Match(c.GetHeader("Accept-Language")), ""}
}

func (l look) t(key string, args ...any) string { return ui.T(l.lang, key, args...) }

// path is the page of a thing.
func (l look) path(prefix, id string) string {
	if l.hl != "" {
		return prefix + url.PathEscape(id) + "?hl=" + l.hl
	}
	return prefix + url.PathEscape(id)
}

// changes is the page of what changed in an article.
func (l look) changes(id string) string {
	p := "/articles/" + url.PathEscape(id) + "/changes"
	if l.hl != "" {
		p += "?hl=" + l.hl
	}
	return p
}

// search is the page that shows a search.
func (l look) search(q dateline.Query) string {
	v := encode(q)
	if l.hl != "" {
		v.Set("hl", l.hl)
	}
	if len(v) == 0 {
		return "/search"
	}
	return "/search?" + v.Encode()
}

// langLinks are the same page in each language.
func langLinks(c *gin.Context, lang string) []link {
	v := c.Request.URL.Query()
	path := "/" + strings.TrimLeft(c.Request.URL.EscapedPath(), "/") // two slashes would name another host
	var out []link
	for _, l := range ui.Langs {
		v.Set("hl", l)
		out = append(out, link{Name: ui.LangNames[l], Lang: l, URL: path + "?" + v.Encode(), On: l == lang})
	}
	return out
}

func (s *server) render(c *gin.Context, status int, name string, p page) {
	l := lookOf(c)
	p.Version, p.Lang, p.Dir, p.Langs = url.QueryEscape(s.cfg.Version), l.lang, ui.Dir(l.lang), langLinks(c, l.lang)
	if l.hl != "" {
		p.HL = "?hl=" + l.hl
		p.Hidden = append(p.Hidden, pair{"hl", l.hl})
	}
	body, err := s.pages.Render(l.lang, name, p)
	if err != nil {
		s.log.Error("page", "name", name, "error", err)
		c.String(http.StatusInternalServerError, "internal error\n")
		return
	}
	c.Header("Cache-Control", "no-cache")
	c.Header("Vary", "Accept-Language")
	c.Header("Content-Language", l.lang)
	send(c, status, "text/html; charset=utf-8", body)
}

func (s *server) pageError(c *gin.Context, status int, title, detail string) {
	l := lookOf(c)
	s.render(c, status, "error", page{Title: l.t(title), NoIndex: true, Data: errorView{Title: l.t(title), Detail: detail}})
}

// pageFail shows what went wrong outside a search.
func (s *server) pageFail(c *gin.Context, err error) {
	p := problemOf(err)
	if p.Status == http.StatusInternalServerError {
		s.log.Error("page failed", "path", c.Request.URL.Path, "error", err)
	}
	s.pageError(c, p.Status, p.Title, p.Detail)
}

// entityLinks lead to the pages of the first entities of a list.
func (l look) entityLinks(list []dateline.EntityCount, limit int) []link {
	var out []link
	for _, e := range list[:min(len(list), limit)] {
		out = append(out, link{Name: e.Name, Count: e.Count, URL: l.path("/entities/", e.ID)})
	}
	return out
}

func (l look) outletLinks(list []dateline.FacetValue) []link {
	var out []link
	for _, v := range list {
		name := v.Name
		if name == "" {
			name = v.ID
		}
		out = append(out, link{Name: name, Count: v.Count, URL: l.path("/outlets/", v.ID)})
	}
	return out
}

// hitView is a hit as the pages show it.
type hitView struct {
	*dateline.Article
	TitleHTML, SnippetHTML string
	Link                   string // to the publisher, or to the record if that is no web address
	RecordURL, OutletURL   string
	People                 []link
	Special                []link // what is special about it: a reprint, edited, paywalled
}

func (s *server) hitViews(c *gin.Context, hits []dateline.Hit) []hitView {
	l := lookOf(c)
	var out []hitView
	for _, h := range hits {
		a := h.Article
		v := hitView{
			Article: a, TitleHTML: h.TitleHTML, SnippetHTML: h.SnippetHTML, Link: ui.Web(a.URL),
			RecordURL: l.path("/articles/", a.ID), OutletURL: l.path("/outlets/", a.Outlet.ID), People: l.entityLinks(a.Entities, 6),
			Special: append(s.copyNote(c, a.ID, h.Copies), l.notes(a)...),
		}
		if len(h.Missing) > 0 {
			v.Special = append(v.Special, link{Name: l.t("without %s", strings.Join(h.Missing, l.t(", ")))})
		}
		if v.Link == "" {
			v.Link = v.RecordURL
		}
		if strings.TrimSpace(a.Title) == "" {
			v.TitleHTML = "—"
		}
		out = append(out, v)
	}
	return out
}

// copyNote says that an article is a reprint, or the first of the copies.
func (s *server) copyNote(c *gin.Context, id string, copies *dateline.Copies) []link {
	l := lookOf(c)
	switch {
	case copies == nil || copies.Count < 2 && copies.Origin:
		return nil
	case copies.Origin:
		return []link{{Name: l.t("first of %s copies", ui.Num(l.lang, copies.Count)), URL: l.path("/articles/", id)}}
	}
	note := link{Name: l.t("a reprint"), URL: l.path("/articles/", copies.ID)}
	if o, err := s.b.Article(c.Request.Context(), copies.ID); err == nil && o.Outlet.Name != "" {
		note.Name = l.t("reprint of %s", o.Outlet.Name)
	}
	return []link{note}
}

// notes say what else is special about an article.
func (l look) notes(a *dateline.Article) []link {
	var out []link
	if a.Type != "" && a.Type != "news" {
		out = append(out, link{Name: l.t(a.Type)})
	}
	if a.Agency != "" && a.Agency != a.Outlet.Name {
		out = append(out, link{Name: a.Agency})
	}
	if a.Paywalled {
		out = append(out, link{Name: l.t("paywalled")})
	}
	if a.Teaser {
		out = append(out, link{Name: l.t("the beginning")})
	}
	if len(a.Corrections) > 0 {
		out = append(out, link{Name: l.t("corrected")})
	}
	if n := a.Versions - 1; n > 0 {
		text := l.t("edited %s times", ui.Num(l.lang, n))
		switch n {
		case 1:
			text = l.t("edited once")
		case 2:
			text = l.t("edited twice")
		}
		out = append(out, link{Name: text, URL: l.changes(a.ID)})
	}
	return out
}
