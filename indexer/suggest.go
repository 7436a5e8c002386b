package indexer

import (
	"context"
	"html"
	"strings"
	"unicode/utf8"

	"dateline"
)

// Suggest completes q: entities, then titles of articles, newest first.
func (x *Index) Suggest(ctx context.Context, q string, limit int) ([]dateline.Suggestion, error) {
	want := analyze(otherLang, q)
	if len(want) == 0 {
		return nil, nil
	}
	if limit <= 0 || limit > 50 {
		limit = 10
	}
	v, err := x.view()
	if err != nil {
		return nil, err
	}
	defer v.release()
	var out []dateline.Suggestion
	for _, e := range x.entitiesLike(v, want, "", max(1, limit*2/3), true) {
		out = append(out, dateline.Suggestion{Kind: "entity", Text: e.Name, TextHTML: markWords(e.Name, want), ID: e.ID, Type: e.Type, Count: e.Count})
	}
	titles, err := x.titlesLike(ctx, v, q, 4*(limit-len(out)))
	if err != nil {
		return nil, err
	}
	seen := map[string]bool{}
	for _, a := range titles {
		if f := fold(a.Title); !seen[f] && len(out) < limit {
			seen[f] = true
			out = append(out, dateline.Suggestion{Kind: "article", Text: a.Title, TextHTML: markWords(a.Title, want), ID: a.ID, URL: a.URL})
		}
	}
	return out, nil
}

// titlesLike gives the newest articles with the words in their titles, the
// last as a prefix.
func (x *Index) titlesLike(ctx context.Context, v *view, q string, limit int) ([]*dateline.Article, error) {
	if limit <= 0 {
		return nil, nil
	}
	r := &run{v: v, x: x, ctx: ctx}
	words := analyze(otherLang, q)
	set := v.live
	for i, w := range words {
		var n dateline.Node = &dateline.Term{Field: "title", Text: w.word}
		if i == len(words)-1 {
			n = &dateline.Prefix{Field: "title", Text: w.word}
		}
		s, err := r.eval(n, false)
		if err != nil {
			return nil, err
		}
		s.and(set)
		set = s
	}
	p := pager{v: v, order: dateline.SortNewest}
	ords, _ := p.page(set, limit)
	return x.articles(ctx, v, ords)
}

// markWords escapes a text and marks the words that begin with one of those
// that were typed.
func markWords(text string, want []token) string {
	var b strings.Builder
	at := 0
	for _, t := range analyze(otherLang, text) {
		for _, w := range want {
			if !strings.HasPrefix(t.word, w.word) {
				continue
			}
			end := t.end
			// Folding keeps the number of letters nearly always; where it does
			// not, the whole word is marked.
			if utf8.RuneCountInString(t.word) == utf8.RuneCountInString(text[t.start:t.end]) {
				end = t.start
				for range utf8.RuneCountInString(w.word) {
					_, n := utf8.DecodeRuneInString(text[end:])
					end += n
				}
			}
			b.WriteString(html.EscapeString(text[at:t.start]))
			b.WriteString("<mark>" + html.EscapeString(text[t.start:end]) + "</mark>")
			at = end
			break
		}
	}
	b.WriteString(html.EscapeString(text[at:]))
	return b.String()
}
