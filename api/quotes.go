package api

import (
	"slices"
	"strings"
	"unicode"

	"github.com/gin-gonic/gin"

	"dateline"
)

// quotePages bounds how many pages of articles one answer looks through for
// quotes; what is left has a cursor.
const quotePages = 20

// quotes lists who is quoted saying what, newest articles first. A page ends
// with an article: it has the matching quotes of at most limit of them, and
// articles without one are passed over.
func (s *server) quotes(c *gin.Context) {
	v, err := only(c, "speaker", "q", "limit", "cursor")
	if err != nil {
		s.fail(c, err)
		return
	}
	limit, err := intParam(v, "limit", defaultLimit, maxLimit)
	if err != nil {
		s.fail(c, err)
		return
	}
	speaker, words := strings.TrimSpace(v.Get("speaker")), searchWords(v.Get("q"))
	if len(speaker) > maxValueBytes {
		s.fail(c, &dateline.ParamError{Param: "speaker", Message: "is too long"})
		return
	}
	if fresh(c, s.tag(c, v.Encode())) {
		return
	}
	said := s.saidBy(speaker)
	q := everything(limit)
	q.Facets, q.Interval, q.Cursor = nil, "", strings.TrimSpace(v.Get("cursor"))
	q.Root = quoteRoot(speaker, words)
	out := QuotesResponse{Quotes: []QuoteJSON{}}
	for range quotePages {
		r, err := s.b.Search(c.Request.Context(), q)
		if err != nil {
			s.fail(c, err)
			return
		}
		for _, h := range r.Hits {
			for _, x := range h.Article.Quotes {
				if said(x) && hasWords(x.Text, words) {
					out.Quotes = append(out.Quotes, quoteJSON(h.Article, x))
				}
			}
		}
		out.Next, q.Cursor = r.Next, r.Next
		if r.Next == "" || len(out.Quotes) > 0 {
			break
		}
	}
	s.json(c, out)
}

// quoteRoot finds the articles that may have the quotes asked for.
func quoteRoot(speaker string, words []string) dateline.Node {
	var nodes []dateline.Node
	if speaker != "" {
		nodes = append(nodes, &dateline.FieldTerm{Field: dateline.FieldSaid, Value: speaker})
	}
	for _, w := range words {
		nodes = append(nodes, &dateline.Term{Text: w})
	}
	switch len(nodes) {
	case 0:
		return nil
	case 1:
		return nodes[0]
	}
	return &dateline.And{Nodes: nodes}
}

// saidBy tells whether a quote is of a speaker, who is named by id, name or
// alias; without one, every quote is.
func (s *server) saidBy(speaker string) func(dateline.Quote) bool {
	if speaker == "" {
		return func(dateline.Quote) bool { return true }
	}
	ids := s.b.Meaning(dateline.FieldSaid, speaker)
	return func(q dateline.Quote) bool { return slices.Contains(ids, q.SpeakerID) }
}

// searchWords are the words of a text that is not a query.
func searchWords(s string) []string {
	return strings.FieldsFunc(strings.ToLower(s), func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) && !unicode.IsMark(r) })
}

func hasWords(text string, words []string) bool {
	text = strings.ToLower(text)
	for _, w := range words {
		if !strings.Contains(text, w) {
			return false
		}
	}
	return true
}

func quoteJSON(a *dateline.Article, q dateline.Quote) QuoteJSON {
	return QuoteJSON{
		Text: excerpt(q.Text, excerptRunes), Speaker: q.Speaker, SpeakerID: q.SpeakerID,
		Article: QuoteArticle{ID: a.ID, URL: a.URL, Title: a.Title, Outlet: OutletRef{a.Outlet.ID, a.Outlet.Name}, Published: Time{a.Published}, Lang: a.Lang},
	}
}
