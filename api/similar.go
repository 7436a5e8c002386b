package api

import (
	"strings"
	"unicode"

	"github.com/gin-gonic/gin"

	"dateline"
)

const (
	similarNames = 3  // of the article's most named entities, of which a similar one has one
	similarTerms = 12 // of the headline
)

// similar finds articles that name one of the most named entities of an
// article and have words of its headline, the nearest first. Copies of it are
// not similar but the same, and left out.
func (s *server) similar(c *gin.Context) {
	v, err := only(c, "limit")
	if err != nil {
		s.fail(c, err)
		return
	}
	limit, err := intParam(v, "limit", 10, 50)
	if err != nil {
		s.fail(c, err)
		return
	}
	ctx, tag := c.Request.Context(), s.tag(c, v.Encode())
	a, err := s.b.Article(ctx, c.Param("id"))
	if err != nil {
		s.fail(c, err)
		return
	}
	if fresh(c, tag) {
		return
	}
	out := SimilarResponse{Similar: []HitJSON{}}
	root := similarRoot(a)
	if root == nil {
		s.json(c, out)
		return
	}
	copies, err := s.b.Copies(ctx, a.ID)
	if err != nil {
		s.fail(c, err)
		return
	}
	same := map[string]bool{a.ID: true}
	for _, x := range copies {
		same[x.ID] = true
	}
	q := everything(maxLimit)
	q.Root, q.Sort, q.Copies, q.Facets, q.Interval = root, dateline.SortRelevance, dateline.CopiesCollapse, nil, ""
	r, err := s.b.Search(ctx, q)
	if err != nil {
		s.fail(c, err)
		return
	}
	for _, h := range r.Hits {
		if !same[h.Article.ID] && len(out.Similar) < limit {
			out.Similar = append(out.Similar, hitJSON(h))
		}
	}
	s.json(c, out)
}

// similarRoot is nil for an article without a headline that could be compared.
func similarRoot(a *dateline.Article) dateline.Node {
	var names, terms []dateline.Node
	for _, e := range a.Entities[:min(len(a.Entities), similarNames)] {
		names = append(names, &dateline.FieldTerm{Field: fieldOf(e.Type), Value: e.ID})
	}
	for _, w := range headlineTerms(a.Title) {
		terms = append(terms, &dateline.Term{Text: w})
	}
	switch {
	case len(terms) == 0:
		return nil
	case len(names) == 0:
		return either(terms)
	}
	return &dateline.And{Nodes: []dateline.Node{either(names), either(terms)}}
}

func either(nodes []dateline.Node) dateline.Node {
	if len(nodes) == 1 {
		return nodes[0]
	}
	return &dateline.Or{Nodes: nodes}
}

// headlineTerms are the words of a headline without the shortest; scripts that
// write no spaces are cut into pairs of letters.
func headlineTerms(title string) []string {
	var out []string
	for _, w := range searchWords(title) {
		r := []rune(w)
		if strings.IndexFunc(w, func(r rune) bool { return unicode.In(r, unicode.Han, unicode.Hiragana, unicode.Katakana) }) < 0 {
			if len(r) > 2 {
				out = append(out, w)
			}
			continue
		}
		for i := 0; i+2 <= len(r); i += 2 {
			out = append(out, string(r[i:i+2]))
		}
	}
	return out[:min(len(out), similarTerms)]
}
