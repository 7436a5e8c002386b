package indexer

import (
	"context"
	"html"
	"slices"
	"strings"
	"unicode/utf8"

	"dateline"
)

// Suggest completes q: entities, those first that articles are most about,
// then titles of articles, newest first, then what others searched for, most
// asked first. What has the words as they are typed comes before what has
// nearly these.
func (x *Index) Suggest(ctx context.Context, q string, limit int) ([]dateline.Suggestion, error) {
	want := analyze(otherLang, q)
	if len(want) == 0 {
		return nil, nil
	}
	want = want[:min(len(want), maxSuggestWords)]
	if limit <= 0 || limit > 50 {
		limit = 10
	}
	v, err := x.view()
	if err != nil {
		return nil, err
	}
	defer v.release()
	var out []dateline.Suggestion
	var past []string
	if x.past != nil {
		past = x.past.like(q, want, limit)
	}
	room := limit - min(len(past), limit/4) // the rest is for queries
	// What is nearly so comes only where what is so leaves room.
	entities := x.entitiesLike(v, want, "", max(1, room*2/3), true, false)
	titles := v.titlesLike(want, room-len(entities), false)
	if len(entities)+len(titles) < room {
		entities = x.entitiesLike(v, want, "", max(1, room*2/3), true, true)
		titles = v.titlesLike(want, room-len(entities), true)
	}
	for _, e := range entities {
		out = append(out, dateline.Suggestion{Kind: "entity", Text: e.Name, TextHTML: markWords(e.Name, want), ID: e.ID, Type: e.Type, Count: e.Count})
	}
	seqs := make([]int64, len(titles))
	for i, o := range titles {
		seqs[i] = v.seq(o)
	}
	urls, err := x.st.URLs(ctx, seqs)
	if err != nil {
		return nil, err
	}
	for i, o := range titles {
		if u, ok := urls[seqs[i]]; ok { // not deleted this instant
			t := v.title(o)
			out = append(out, dateline.Suggestion{Kind: "article", Text: t, TextHTML: markWords(t, want), ID: v.id(o), URL: u})
		}
	}
	for _, t := range past[:min(len(past), limit-len(out))] {
		out = append(out, dateline.Suggestion{Kind: "query", Text: t, TextHTML: markWords(t, want)})
	}
	return out, nil
}

// maxSuggestWords bounds what is looked up of a long text in a search box.
const maxSuggestWords = 16

// markWords escapes a text and marks the words that begin with one of those
// that were typed, or the whole of those that are nearly one.
func markWords(text string, want []token) string {
	var b strings.Builder
	at := 0
	words := analyze(otherLang, text)
	var near []*speller // for what no word begins with
	for i, w := range want {
		limit := typoLimit(utf8.RuneCountInString(w.word))
		if limit > 0 && !slices.ContainsFunc(words, func(t token) bool { return strings.HasPrefix(t.word, w.word) }) {
			near = append(near, newSpeller(w.word, limit, i == len(want)-1))
		}
	}
	for _, t := range words {
		end := markedTo(text, t, want, near)
		if end == 0 {
			continue
		}
		b.WriteString(html.EscapeString(text[at:t.start]))
		b.WriteString("<mark>" + html.EscapeString(text[t.start:end]) + "</mark>")
		at = end
	}
	b.WriteString(html.EscapeString(text[at:]))
	return b.String()
}

// markedTo gives where the mark of a word ends; 0 if it is not one that is wanted.
func markedTo(text string, t token, want []token, near []*speller) int {
	for _, w := range want {
		if !strings.HasPrefix(t.word, w.word) {
			continue
		}
		// Folding keeps the number of letters nearly always; where it does
		// not, the whole word is marked.
		if utf8.RuneCountInString(t.word) != utf8.RuneCountInString(text[t.start:t.end]) {
			return t.end
		}
		end := t.start
		for range utf8.RuneCountInString(w.word) {
			_, n := utf8.DecodeRuneInString(text[end:])
			end += n
		}
		return end
	}
	if slices.ContainsFunc(near, func(s *speller) bool { return s.distance([]byte(t.word)) <= s.limit }) {
		return t.end
	}
	return 0
}
