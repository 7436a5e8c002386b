package indexer

import (
	"context"
	"slices"
	"strings"
	"unicode/utf8"

	"dateline"
)

// Limits of what is tried for a query that found nothing.
const (
	maxCorrections = 8  // words of one query
	maxNear        = 50 // terms that are alike a word
	minTypoRunes   = 4  // shorter words are like too many others
)

// didYouMean gives the query with each word that no article has replaced by
// the most frequent one that is nearly the same, if that finds something.
// Words come from the index and from the names of entities.
func (x *Index) didYouMean(ctx context.Context, v *view, q dateline.Query) (string, error) {
	var b strings.Builder
	at, changed := 0, 0
	for _, t := range analyze(otherLang, q.Text) {
		if changed == maxCorrections {
			break
		}
		// The name of a field, or a word inside of a date or an address.
		if t.end < len(q.Text) && q.Text[t.end] == ':' || utf8.RuneCountInString(t.word) < minTypoRunes || strings.ContainsAny(t.word, "0123456789") {
			continue
		}
		if w := q.Text[t.start:t.end]; w == "AND" || w == "OR" || w == "NOT" {
			continue
		}
		found, err := x.hasWord(ctx, v, t.word)
		if err != nil {
			return "", err
		}
		if found {
			continue
		}
		better, err := x.nearest(ctx, v, t.word)
		if err != nil {
			return "", err
		}
		if better != "" {
			b.WriteString(q.Text[at:t.start] + better)
			at = t.end
			changed++
		}
	}
	if changed == 0 {
		return "", nil
	}
	b.WriteString(q.Text[at:])
	q.Text = b.String()
	root, err := dateline.ParseQuery(q.Text)
	if err != nil {
		return "", nil //nolint:nilerr // a correction that breaks the query is none
	}
	q.Root, _ = x.expand(root)
	r := &run{v: v, x: x, ctx: ctx}
	set, err := r.eval(q.Root, true)
	if err != nil || set.empty() {
		return "", err
	}
	return q.Text, nil
}

// hasWord tells whether an article or a name has the word.
func (x *Index) hasWord(ctx context.Context, v *view, word string) (bool, error) {
	r := &run{v: v, x: x, ctx: ctx}
	set, err := r.eval(&dateline.Term{Text: word}, false)
	if err != nil || !set.empty() {
		return !set.empty(), err
	}
	words := x.words(v)
	_, ok := slices.BinarySearchFunc(words, word, func(w nameWord, s string) int { return strings.Compare(w.word, s) })
	return ok, nil
}

// nearest gives the word that is most like one that nothing has: of those at
// the smallest distance the one in the most articles.
func (x *Index) nearest(ctx context.Context, v *view, word string) (string, error) {
	type candidate struct {
		word     string
		distance int
		docs     int
	}
	var best candidate
	take := func(c candidate) {
		if c.word != "" && c.word != word && (best.word == "" || c.distance < best.distance || c.distance == best.distance && (c.docs > best.docs || c.docs == best.docs && c.word < best.word)) {
			best = c
		}
	}
	limit := 1
	if utf8.RuneCountInString(word) >= 8 {
		limit = 2
	}
	for _, w := range x.words(v) {
		if d := editDistance(word, w.word, limit); d <= limit {
			take(candidate{w.word, d, int(v.counts(int(w.field))[w.value])})
		}
	}
	// Terms are stems, or words under exactMark: both are looked at, and a stem
	// is given as the word that an article has for it.
	for _, mark := range []string{"", exactMark} {
		stem := word
		if mark == "" {
			stem = analyze("en", word)[0].stem
		}
		for _, f := range []string{titleField, bodyField} {
			d, err := v.snap.FieldDictFuzzy(f, mark+stem, limit, mark+firstRune(stem))
			if err != nil {
				return "", err
			}
			for range maxNear {
				e, err := d.Next()
				if err != nil {
					return "", err
				}
				if e == nil {
					break
				}
				term, isWord := strings.CutPrefix(e.Term, exactMark)
				if mark == "" && isWord {
					continue
				}
				dist := editDistance(stem, term, limit)
				if dist > limit || best.word != "" && dist > best.distance {
					continue
				}
				if mark == "" {
					if term, err = x.wordOf(ctx, v, term); err != nil {
						return "", err
					}
				}
				take(candidate{term, dist, int(e.Count)})
			}
			if err := d.Close(); err != nil {
				return "", err
			}
		}
	}
	return best.word, nil
}

// wordOf gives a word that has this stem, from an article.
func (x *Index) wordOf(ctx context.Context, v *view, stem string) (string, error) {
	r := &run{v: v, x: x, ctx: ctx}
	r.term("", stem)
	if len(r.posts) == 0 {
		return "", nil
	}
	id := v.id(r.posts[0].ord)
	as, err := x.st.GetMany(ctx, []string{id})
	if err != nil || as[id] == nil {
		return "", err
	}
	d := newDocument(as[id])
	for _, p := range d.parts("") {
		for _, t := range p {
			if t.stem == stem {
				return t.word, nil
			}
		}
	}
	return "", nil
}

func firstRune(s string) string {
	_, n := utf8.DecodeRuneInString(s)
	return s[:n]
}

// editDistance is the number of letters to change, add, leave out or swap with
// their neighbour (optimal string alignment), or limit+1 if it is more.
func editDistance(a, b string, limit int) int {
	if d := len(a) - len(b); d > 4*limit || -d > 4*limit {
		return limit + 1
	}
	s, t := []rune(a), []rune(b)
	if d := len(s) - len(t); d > limit || -d > limit {
		return limit + 1
	}
	var rows [3][]int
	for i := range rows {
		rows[i] = make([]int, len(t)+1)
	}
	for j := range rows[1] {
		rows[1][j] = j
	}
	for i, c := range s {
		two, one, now := rows[0], rows[1], rows[2]
		now[0] = i + 1
		least := now[0]
		for j, e := range t {
			cost := 1
			if c == e {
				cost = 0
			}
			n := min(one[j]+cost, one[j+1]+1, now[j]+1)
			if i > 0 && j > 0 && c == t[j-1] && s[i-1] == e {
				n = min(n, two[j-1]+1)
			}
			now[j+1] = n
			least = min(least, n)
		}
		if least > limit {
			return limit + 1
		}
		rows[0], rows[1], rows[2] = one, now, two
	}
	return min(rows[1][len(t)], limit+1)
}
