package indexer

import (
	"cmp"
	"context"
	"slices"
	"unicode/utf8"

	"dateline"
)

// Where a search finds little, its words are compared with those that articles
// and names have: mistyped ones with the nearest, rare ones with far more
// frequent ones, and those that are one word here and two there. Of the
// queries that come of it one is offered if it finds far more; it is never
// asked unasked.

const (
	fewHits = 3  // below this, a better query is looked for
	farMore = 10 // times as many are far more

	maxMended  = 8  // words of one query that are looked at
	maxChoices = 4  // corrections of one word
	maxTries   = 16 // queries that are tried

	minTypoRunes = 4 // shorter words are like too many others
)

// queryWord is a word in the text of a query.
type queryWord struct {
	token
	found   int // articles that have it, or another word of its stem
	choices []correction
}

// correction is a text in place of some words of the query.
type correction struct {
	text     string
	distance int
	words    int // that it replaces
}

// didYouMean gives a query that finds far more than one that found total.
func (x *Index) didYouMean(ctx context.Context, v *view, q dateline.Query, total int) (string, error) {
	list, err := x.mendable(ctx, v, q.Text)
	if err != nil {
		return "", err
	}
	bestText, bestFound, bestDistance := "", 0, 0
	for _, t := range tries(q.Text, list) {
		n := q
		n.Text = t.text
		if n.Root, err = dateline.ParseQuery(n.Text); err != nil {
			continue // a correction that breaks the query is none
		}
		n.Root, _ = x.expand(n.Root)
		r := &run{v: v, x: x, ctx: ctx}
		set, err := r.matching(n)
		if err != nil {
			return "", err
		}
		found := set.count()
		if found < max(1, farMore*total) {
			continue
		}
		if bestText == "" || t.distance == bestDistance && found > bestFound || t.distance > bestDistance && found >= farMore*bestFound {
			bestText, bestFound, bestDistance = n.Text, found, t.distance
		}
	}
	return bestText, nil
}

// matching gives the articles that a query matches, its filters included, as
// a search counts them.
func (r *run) matching(q dateline.Query) (bitset, error) {
	base, err := r.base(q)
	if err != nil {
		return nil, err
	}
	set := r.x.narrow(r.v, base, q).all
	if q.Copies == dateline.CopiesCollapse {
		set = r.v.collapse(set)
	}
	return set, nil
}

// mendable gives the words of a query with what else they could be.
func (x *Index) mendable(ctx context.Context, v *view, text string) ([]queryWord, error) {
	var list []queryWord
	looked := 0
	for _, t := range analyze(otherLang, text) {
		w := queryWord{token: t, found: 1}
		if isOperator(text, t) || !countable(t.word) || looked == maxMended || v.stopIn(t.word)&v.liveLangs() != 0 {
			list = append(list, w) // stays
			continue
		}
		looked++
		r := &run{v: v, x: x, ctx: ctx}
		set, err := r.eval(&dateline.Term{Text: t.word}, false)
		if err != nil {
			return nil, err
		}
		w.found = max(set.count(), v.gen.names.docs(v, t.word))
		if utf8.RuneCountInString(t.word) >= minTypoRunes {
			w.choices = x.corrections(v, t.word, w.found)
		}
		if w.found == 0 {
			// Two words that stand together nowhere are not what was meant.
			if a, b, n := v.gen.words.parts(t.word); n > 0 {
				if set, err = r.eval(&dateline.Phrase{Text: a + " " + b}, false); err != nil {
					return nil, err
				}
				if !set.empty() {
					w.choices = append(w.choices, correction{a + " " + b, 1, 1})
				}
			}
		}
		list = append(list, w)
	}
	for i := range list[:max(0, len(list)-1)] {
		a, b := list[i], list[i+1]
		if text[a.end:b.start] != " " || isOperator(text, a.token) || isOperator(text, b.token) {
			continue
		}
		if joined := a.word + b.word; max(v.gen.words.docs(joined), v.gen.names.docs(v, joined)) > 0 {
			list[i].choices = append(list[i].choices, correction{joined, 1, 2})
		}
	}
	return list, nil
}

// isOperator tells whether a word of a query is an operator or the name of a
// field.
func isOperator(text string, t token) bool {
	if t.end < len(text) && text[t.end] == ':' {
		return true
	}
	w := text[t.start:t.end]
	return w == "AND" || w == "OR" || w == "NOT"
}

// corrections gives what a word could be that so many articles have: the
// nearest words for one that none has, far more frequent ones at one edit else.
func (x *Index) corrections(v *view, word string, found int) []correction {
	if farMore*found > v.live.count() {
		return nil // nothing can be far more frequent
	}
	limit, runes := 1, utf8.RuneCountInString(word)
	if found == 0 && runes >= 6 {
		limit = 2
	}
	list := append(v.gen.words.like(word, limit, maxChoices), v.gen.names.like(v, word, limit, maxChoices)...)
	slices.SortFunc(list, better)
	var out []correction
	for _, a := range list {
		// The first letter of a short word is seldom the wrong one.
		if runes < 6 && a.word[0] != word[0] {
			continue
		}
		if len(out) < maxChoices && a.count >= farMore*found && !slices.ContainsFunc(out, func(c correction) bool { return c.text == a.word }) {
			out = append(out, correction{a.word, a.distance, 1})
		}
	}
	return out
}

// try is a corrected query.
type try struct {
	text     string
	distance int
}

// tries gives the corrected queries, the likeliest first: those of few edits
// and of the words that come first among the choices. A word that no article
// has must be corrected if it can be; others may stay.
func tries(text string, list []queryWord) []try {
	type partial struct {
		try
		next int // word that comes next
		at   int // text that is written
		cost int
	}
	open := []partial{{}}
	var out []try
	// Each round goes one word on, with the cheapest so far.
	for range list {
		var longer []partial
		for _, p := range open {
			if p.next >= len(list) {
				longer = append(longer, p)
				continue
			}
			w := list[p.next]
			if w.found > 0 || len(w.choices) == 0 {
				longer = append(longer, partial{p.try, p.next + 1, p.at, p.cost})
			}
			for i, c := range w.choices {
				end := list[p.next+c.words-1].end
				longer = append(longer, partial{
					try{p.text + text[p.at:w.start] + c.text, p.distance + c.distance}, p.next + c.words, end, p.cost + 2*c.distance + i,
				})
			}
		}
		slices.SortStableFunc(longer, func(a, b partial) int { return cmp.Compare(a.cost, b.cost) })
		open = longer[:min(len(longer), maxTries+1)]
	}
	for _, p := range open {
		if t := p.text + text[p.at:]; t != text && len(out) < maxTries {
			out = append(out, try{t, p.distance})
		}
	}
	return out
}
