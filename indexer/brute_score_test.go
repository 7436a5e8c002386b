package indexer

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"dateline"
)

// exactWindow is the window of the bonus for near words in the random
// searches: small, so that their matches are more.
const exactWindow = 8

// expected is what an article should score: without the bonus for near words,
// and with it.
type expected struct {
	base, bonus float64
	maybe       bool // at the edge of the window, where rounding decides who gets the bonus
}

// scores gives what each of the ranked articles should score by the formulas
// of docs/query.md and nothing else.
func (w *world) scores(q dateline.Query, ranked []*truth) map[*truth]*expected {
	out := map[*truth]*expected{}
	for _, t := range ranked {
		out[t] = &expected{}
	}
	telling := map[string]bool{} // by language
	for _, t := range w.arts {
		telling[langKey(t.a.Lang)] = says(q.Root, langKey(t.a.Lang))
	}
	var sum func(n dateline.Node)
	sum = func(n dateline.Node) {
		switch n := n.(type) {
		case *dateline.And:
			for _, c := range n.Nodes {
				sum(c)
			}
		case *dateline.Or:
			for _, c := range n.Nodes {
				sum(c)
			}
		case *dateline.Term, *dateline.Phrase, *dateline.Prefix:
			idf := w.idf(n)
			for t, e := range out {
				term, ok := n.(*dateline.Term)
				if lang := langKey(t.a.Lang); !ok || !telling[lang] || !silent(term, lang) {
					e.base += idf * w.saturated(t, t.frequency(n))
				}
			}
		case *dateline.FieldTerm:
			if !slices.Contains([]string{"person", "org", "place", "outlet"}, n.Field) {
				return
			}
			idf := w.idf(n)
			for t, e := range out {
				for id, name := range t.vals[n.Field] {
					if w.means(n.Value, id, name) {
						f := t.about(id)
						e.base += idf * f * (entityK1 + 1) / (entityK1 + f)
					}
				}
			}
		}
	}
	sum(w.expanded(q.Root))
	w.nearBonus(q.Root, telling, out)
	var all []float64
	for _, t := range ranked {
		all = append(all, out[t].base)
	}
	slices.Sort(all)
	slices.Reverse(all)
	if len(all) <= exactWindow {
		return out
	}
	edge := all[exactWindow-1]
	crowded := len(all) > 2*exactWindow && closeTo(all[2*exactWindow], edge)
	for _, e := range out {
		switch {
		case closeTo(e.base, edge):
			e.maybe = true
			if !crowded { // all that are equal have it
				e.maybe = slices.ContainsFunc(all, func(b float64) bool { return b != e.base && closeTo(b, e.base) })
			}
		case e.base < edge:
			e.bonus = 0
		}
	}
	return out
}

func closeTo(a, b float64) bool { return math.Abs(a-b) <= 1e-4*(1+math.Abs(b)) }

// idf of what a leaf of the query asks for.
func (w *world) idf(n dateline.Node) float64 {
	df := 0.0
	for _, t := range w.arts {
		if w.matches(t, n) {
			df++
		}
	}
	return math.Log(1 + (float64(len(w.arts))-df+0.5)/(df+0.5))
}

// saturated is BM25F of frequencies in title, body and lead.
func (w *world) saturated(t *truth, freq [3]float64) float64 {
	var titles, bodies float64
	for _, u := range w.arts {
		titles += float64(len(u.parts[0]))
		bodies += float64(len(u.parts[1]))
	}
	n := float64(len(w.arts))
	f := 5 * freq[0] / (1 - titleB + titleB*float64(len(t.parts[0]))/max(1, titles/n))
	f += freq[1] / (1 - bodyB + bodyB*float64(len(t.parts[1]))/max(1, bodies/n))
	f += 2 * freq[2]
	return f * (bm25K1 + 1) / (bm25K1 + f)
}

// says tells whether a query has a word that is not a stop word.
func says(n dateline.Node, lang string) bool {
	one := func(c dateline.Node) bool { return says(c, lang) }
	switch n := n.(type) {
	case *dateline.And:
		return slices.ContainsFunc(n.Nodes, one)
	case *dateline.Or:
		return slices.ContainsFunc(n.Nodes, one)
	case *dateline.Term:
		return len(analyze(lang, n.Text)) > 0 && !silent(n, lang)
	case *dateline.Phrase, *dateline.Prefix:
		return true
	}
	return false
}

func silent(n *dateline.Term, lang string) bool {
	w := analyze(lang, n.Text)
	return len(w) == 1 && stopWords()[lang][w[0].word]
}

// frequency counts in each part what a leaf asks for.
func (t *truth) frequency(n dateline.Node) (freq [3]float64) {
	var field string
	var count func(i int, part []token) float64
	lang := langKey(t.a.Lang)
	rows := func(text string, prefix bool) func(int, []token) float64 {
		want := analyze(lang, text)
		return func(k int, part []token) (n float64) {
			for i := range part {
				if len(want) > 0 && rowAt(part[i:], want, prefix) {
					n++
				}
			}
			if len(want) == 1 {
				return n + t.otherForms(k, text, want, prefix)
			}
			return max(n, t.otherForms(k, text, want, prefix))
		}
	}
	switch n := n.(type) {
	case *dateline.Term:
		field, count = n.Field, rows(n.Text, false)
	case *dateline.Phrase:
		field, count = n.Field, rows(n.Text, false)
		if want := analyze(lang, n.Text); n.Slop > 0 && len(want) > 1 {
			count = func(_ int, part []token) float64 { return stretches(part, want, n.Slop) }
		}
	case *dateline.Prefix:
		field, count = n.Field, rows(n.Text, true)
		if want := analyze(otherLang, n.Text); len(want) == 1 { // a word and its stem both count
			count = func(i int, part []token) (k float64) {
				for _, e := range t.forms[i] {
					if e.stem[0] != '^' {
						part = append(part[:len(part):len(part)], e.token)
					}
				}
				for _, x := range part {
					if strings.HasPrefix(x.stem, want[0].word) {
						k++
					}
					if x.word != x.stem && strings.HasPrefix(x.word, want[0].word) {
						k++
					}
				}
				return k
			}
		}
	}
	for i, p := range t.in(field) {
		freq[i] = count(i, p)
	}
	return freq
}

func rowAt(part, want []token, prefix bool) bool {
	for k, x := range want {
		switch {
		case k == len(part):
			return false
		case prefix && k == len(want)-1:
			if !strings.HasPrefix(part[k].word, x.word) && !strings.HasPrefix(part[k].stem, x.word) {
				return false
			}
		case part[k].stem != x.stem:
			return false
		}
	}
	return true
}

// stretches counts the words from which on all that are wanted stand within
// slop words.
func stretches(part, want []token, slop int) (n float64) {
	slop = max(slop, len(want)-1)
	for i := range part {
		left := map[string]int{}
		for _, x := range want {
			left[x.stem]++
		}
		if left[part[i].stem] == 0 {
			continue
		}
		missing := len(want)
		for _, x := range part[i:min(len(part), i+slop+1)] {
			if left[x.stem] > 0 {
				left[x.stem]--
				missing--
			}
		}
		if missing == 0 {
			n++
		}
	}
	return n
}

// about tells how much an article is about an entity: how often it is named,
// in the title five times as much, in the lead twice. The lead ends with the
// first line that ends behind byte 120, or at byte 600.
func (t *truth) about(id string) float64 {
	n := 0
	for _, e := range t.a.Entities {
		if e.ID == id {
			n = e.Count
		}
	}
	lead := 0
	for at, c := range []byte(t.a.Body) {
		if at >= 120 && c == '\n' || at >= 600 {
			break
		}
		lead = at + 1
	}
	for _, m := range t.a.Mentions {
		switch {
		case m.EntityID != id:
		case m.InTitle:
			n += 4
		case m.Start < lead:
			n++
		}
	}
	return float64(max(1, min(255, n)))
}

// nearBonus computes the bonus of each article as if there were no window.
func (w *world) nearBonus(n dateline.Node, telling map[string]bool, out map[*truth]*expected) {
	var nodes []dateline.Node
	switch n := n.(type) {
	case *dateline.And:
		nodes = n.Nodes
	case *dateline.Or:
		nodes = n.Nodes
	}
	for i, c := range nodes {
		w.nearBonus(c, telling, out)
		if i == 0 {
			continue
		}
		a, ok := nodes[i-1].(*dateline.Term)
		b, ok2 := c.(*dateline.Term)
		if !ok || !ok2 || a.Field+b.Field != "" {
			continue
		}
		idf := (w.idf(a) + w.idf(b)) / 2
		for t, e := range out {
			lang := langKey(t.a.Lang)
			x, y := analyze(lang, a.Text), analyze(lang, b.Text)
			if len(x) == 0 || len(y) == 0 || stems(x) == stems(y) || telling[lang] && (silent(a, lang) || silent(b, lang)) {
				continue
			}
			var f [3]float64
			for part, toks := range t.parts {
				for i := range toks {
					for j := range toks {
						if !rowAt(toks[i:], x, false) || !rowAt(toks[j:], y, false) {
							continue
						}
						d := j - (i + len(x) - 1) // from the end of the one to the start of the other
						if i > j {
							d = i - (j + len(y) - 1)
						}
						if d >= 1 && d <= 8 && i != j {
							f[part] += 1 / float64(d)
						}
					}
				}
			}
			e.bonus += 0.4 * idf * w.saturated(t, f)
		}
	}
}

func stems(toks []token) string {
	var out []string
	for _, t := range toks {
		out = append(out, t.stem)
	}
	return strings.Join(out, " ")
}

// checkScores says which hit has a wrong score, or comes where another should.
func (w *world) checkScores(q dateline.Query, hits []dateline.Hit, ranked []*truth) error {
	want := w.scores(q, ranked)
	byID := map[string]*truth{}
	for _, t := range ranked {
		byID[t.a.ID] = t
	}
	for i, h := range hits {
		t := byID[h.Article.ID]
		e := want[t]
		if !closeTo(h.Score, e.base+e.bonus) && !(e.maybe && closeTo(h.Score, e.base)) {
			return fmt.Errorf("hit %d, %s, scores %v, want %v and a bonus of %v", i, h.Article.ID, h.Score, e.base, e.bonus)
		}
		delete(byID, h.Article.ID)
	}
	for _, t := range byID {
		s := want[t].base
		if !want[t].maybe {
			s += want[t].bonus
		}
		if last := hits[len(hits)-1].Score; s > last && !closeTo(s, last) {
			return fmt.Errorf("%s scores %v and is not among the first, the last of which has %v", t.a.ID, s, last)
		}
	}
	return nil
}
