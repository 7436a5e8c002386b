package indexer

import (
	"cmp"
	"context"
	"html"
	"slices"
	"strings"
	"unicode/utf8"

	"dateline"
)

// Suggestions come from two structures in memory that belong to a view: the
// words of all names of entities, sorted, so that those that begin alike are
// neighbours; and the terms of titles in bleve.

// nameWord is a word of a name or alias of an entity.
type nameWord struct {
	word  string
	field uint8
	value uint32
}

// words gives the sorted words of the names of entities that articles of this
// view name. It is made once for a view, when first asked for.
func (x *Index) words(v *view) []nameWord {
	v.wordsOnce.Do(func() {
		for f := range filterFields {
			if entityType(fields[f]) == "" {
				continue
			}
			counts := v.counts(f)
			for o, fv := range v.values[f] {
				if counts[o] == 0 {
					continue
				}
				names := []string{fv.name}
				if e, ok := x.known(fv.id); ok {
					names = append(append(names, e.Name), e.Aliases...)
				}
				from := len(v.words)
				for _, n := range names {
					for _, t := range analyze(otherLang, n) {
						if !slices.ContainsFunc(v.words[from:], func(w nameWord) bool { return w.word == t.word }) {
							v.words = append(v.words, nameWord{t.word, uint8(f), uint32(o)})
						}
					}
				}
			}
		}
		slices.SortFunc(v.words, func(a, b nameWord) int { return strings.Compare(a.word, b.word) })
	})
	return v.words
}

// entitiesLike gives entities with a name in which the words stand in a row,
// the last as a prefix, most named first.
func (x *Index) entitiesLike(v *view, q string, typ dateline.EntityType, limit int) []dateline.EntityCount {
	want := analyze(otherLang, q)
	var out []dateline.EntityCount
	add := func(f int, o uint32) {
		if t := entityType(fields[f]); typ == "" || typ == t {
			fv := v.values[f][o]
			out = append(out, dateline.EntityCount{ID: fv.id, Name: fv.name, Type: t, Count: int(v.counts(f)[o])})
		}
	}
	if len(want) == 0 {
		for f := range filterFields {
			if entityType(fields[f]) == "" {
				continue
			}
			for o, n := range v.counts(f) {
				if n > 0 {
					add(f, uint32(o))
				}
			}
		}
	} else {
		words := x.words(v)
		last := want[len(want)-1].word
		i, _ := slices.BinarySearchFunc(words, last, func(w nameWord, s string) int { return strings.Compare(w.word, s) })
		type key struct {
			f uint8
			o uint32
		}
		seen := map[key]bool{}
		for ; i < len(words) && strings.HasPrefix(words[i].word, last); i++ {
			w := words[i]
			k := key{w.field, w.value}
			if seen[k] {
				continue
			}
			seen[k] = true
			if len(want) > 1 && !x.named(v.values[w.field][w.value], want) {
				continue
			}
			add(int(w.field), w.value)
		}
	}
	slices.SortFunc(out, func(a, b dateline.EntityCount) int {
		return cmp.Or(cmp.Compare(b.Count, a.Count), strings.Compare(a.ID, b.ID))
	})
	if limit > 0 && len(out) > limit {
		out = out[:limit]
	}
	for i := range out {
		if e, ok := x.known(out[i].ID); ok && e.Name != "" {
			out[i].Name = e.Name
		}
	}
	return out
}

// named tells whether a name of a value has the words in a row.
func (x *Index) named(fv *facetValue, want []token) bool {
	names := []string{fv.name}
	if e, ok := x.known(fv.id); ok {
		names = append(append(names, e.Name), e.Aliases...)
	}
	return slices.ContainsFunc(names, func(n string) bool { return len(findPhrase(analyze(otherLang, n), want, true)) > 0 })
}

// Entities lists entities that have a name or alias with a word that begins
// with q, most named first; Count is the number of articles.
func (x *Index) Entities(_ context.Context, q string, typ dateline.EntityType, limit int) ([]dateline.EntityCount, error) {
	v, err := x.view()
	if err != nil {
		return nil, err
	}
	defer v.release()
	return x.entitiesLike(v, q, typ, limit), nil
}

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
	for _, e := range x.entitiesLike(v, q, "", max(1, limit*2/3)) {
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
