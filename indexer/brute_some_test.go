package indexer

import (
	"fmt"
	"slices"

	"dateline"
)

// The answers beside the matches, by brute force: articles that have some of
// the words, and the query that was probably meant.

// checkSome says in what the articles with some of the words are wrong; found
// are the matches.
func (w *world) checkSome(q dateline.Query, r *dateline.Results, found []*truth) error {
	and, _ := q.Root.(*dateline.And)
	if and == nil || !q.SomeWords || q.Limit == 0 || r.Total >= 10 {
		if r.SomeWords != nil {
			return fmt.Errorf("some words, %+v, where none are wanted", *r.SomeWords)
		}
		return nil
	}
	var words []string
	var rest []dateline.Node
	for _, n := range and.Nodes {
		if t, ok := n.(*dateline.Term); !ok || t.Field != "" {
			rest = append(rest, n)
		} else if !slices.Contains(words, t.Text) {
			words = append(words, t.Text)
		}
	}
	given := r.SomeWords
	// A word that says nothing in the language of any article counts only
	// beside none that does.
	free := len(words)
	if tell := slices.DeleteFunc(slices.Clone(words), func(word string) bool {
		return slices.ContainsFunc(w.arts, func(t *truth) bool { return isStopWord(langKey(t.a.Lang), word) })
	}); len(tell) > 0 {
		words = tell
	}
	if given == nil {
		given = &dateline.SomeWords{Words: words}
	}
	if free < 2 && r.SomeWords == nil {
		return nil
	}
	if free < 2 || len(given.Words) != len(words) {
		return fmt.Errorf("words %q of %q", given.Words, words)
	}
	has := func(t *truth, word string) bool {
		if len(analyze(otherLang, word)) > 1 && !slices.Contains(words, word) { // corrected to two
			return w.matches(t, &dateline.Phrase{Text: word})
		}
		return w.matches(t, w.expanded(&dateline.Term{Text: word}))
	}
	for i, word := range words {
		if given.Words[i] != word && slices.ContainsFunc(w.arts, func(t *truth) bool { return has(t, word) }) {
			return fmt.Errorf("%q was replaced by %q, and articles have it", word, given.Words[i])
		}
	}
	q.Root = nil
	if len(rest) > 0 {
		q.Root = &dateline.And{Nodes: rest}
	}
	some := slices.DeleteFunc(w.filter(w.base(q), q, ""), func(t *truth) bool {
		n := 0
		for _, word := range given.Words {
			if has(t, word) {
				n++
			}
		}
		return 2*n < len(words) || slices.Contains(found, t)
	})
	want := slices.Clone(hitsOf(some, q))
	if given.Total != len(want) || len(given.Hits) != min(len(want), 10) {
		return fmt.Errorf("%d articles, %d of them given, have some of the words %q, want %d", given.Total, len(given.Hits), given.Words, len(want))
	}
	for i, h := range given.Hits {
		k := slices.IndexFunc(want, func(t *truth) bool { return t.a.ID == h.Article.ID })
		if k < 0 {
			return fmt.Errorf("hit %d, %s, lacks too many of the words %q, or comes twice", i, h.Article.ID, given.Words)
		}
		var missing []string
		for _, word := range given.Words {
			if !has(want[k], word) {
				missing = append(missing, word)
			}
		}
		if !slices.Equal(missing, h.Missing) {
			return fmt.Errorf("hit %d, %s, lacks %q, want %q", i, h.Article.ID, h.Missing, missing)
		}
		if err := w.checkHit(q, h, want[k], some); err != nil {
			return fmt.Errorf("hit %d with some words, %s: %w", i, h.Article.ID, err)
		}
		want = slices.Delete(want, k, k+1)
	}
	return inOrder(given.Hits)
}

// checkMeant says whether another query is offered that does not find far more.
func (w *world) checkMeant(q dateline.Query, r *dateline.Results) error {
	if r.DidYouMean == "" {
		return nil
	}
	root, err := dateline.ParseQuery(r.DidYouMean)
	if err != nil {
		return fmt.Errorf("did you mean %q: %w", r.DidYouMean, err)
	}
	q.Root = root
	if n := len(hitsOf(w.filter(w.base(q), q, ""), q)); r.Total >= 3 || n < max(1, 10*r.Total) {
		return fmt.Errorf("did you mean %q, which finds %d, where %d are found", r.DidYouMean, n, r.Total)
	}
	return nil
}
