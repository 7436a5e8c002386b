package indexer

import (
	"cmp"
	"context"
	"slices"
	"strings"
	"time"

	"dateline"
	"dateline/indexer/store"
)

// OffStoryError is why an article was not kept: no story is about it.
type OffStoryError struct{ URL string }

func (e *OffStoryError) Error() string { return "no story is about " + e.URL }

// Reason is the reason as stats count it.
func (e *OffStoryError) Reason() string { return "off_story" }

// prepare gives a copy of an article with its entities and stories decided.
func (x *Index) prepare(in *dateline.Article) (*dateline.Article, error) {
	c := *in
	a := &c
	if a.ID == "" {
		a.ID = dateline.ArticleID(a.URL)
	}
	if o, ok := x.outlets[a.Outlet.ID]; ok {
		if o.Name == "" {
			o.Name = a.Outlet.Name // the config has the domain alone
		}
		a.Outlet = o
	}
	if a.Outlet.ID == "" && a.Outlet.Name != "" {
		a.Outlet.ID = dateline.Slug(a.Outlet.Name)
	}
	a.Published = a.Published.UTC().Truncate(time.Second)
	a.Entities, a.Stories = nil, nil
	counts := map[entityKey]*dateline.EntityCount{}
	if !x.o.GivenOnly && x.o.Recognizer != nil {
		a.Mentions = x.o.Recognizer.Recognize(a.Title, a.Body, a.Lang)
	} else if x.o.GivenOnly {
		a.Mentions = nil
	}
	for _, m := range a.Mentions {
		k := entityKey{Type: m.Type, ID: m.EntityID}
		e := counts[k]
		if e == nil {
			e = &dateline.EntityCount{ID: m.EntityID, Name: m.Name, Type: m.Type}
			counts[k] = e
		}
		e.Count++
	}
	var learnt []dateline.Entity
	d := newDocument(a)
	for _, g := range a.Given {
		e := g
		if x.o.Recognizer != nil {
			if k, ok := x.o.Recognizer.Lookup(g.Name, g.Type); ok {
				e = k
			}
		}
		if e.ID == "" {
			e.ID = dateline.Slug(e.Name)
		}
		k := entityKey{Type: e.Type, ID: e.ID}
		if e.ID == "" || counts[k] != nil {
			continue
		}
		n := 0
		for _, name := range append([]string{e.Name}, e.Aliases...) {
			w := analyze(d.lang, name)
			if len(w) > 0 {
				n += len(findPhrase(d.title, w, false)) + len(findPhrase(d.body, w, false))
			}
		}
		counts[k] = &dateline.EntityCount{ID: e.ID, Name: e.Name, Type: e.Type, Count: max(n, 1)}
		learnt = append(learnt, e)
	}
	if x.o.Recognizer != nil {
		for _, c := range counts {
			if k, ok := x.o.Recognizer.Lookup(c.Name, c.Type); ok && k.ID == c.ID {
				learnt = append(learnt, k)
			}
		}
	}
	x.emu.Lock()
	for _, e := range learnt {
		if k, ok := x.entities[e.ID]; described(e) && (!ok || len(k.Aliases) < len(e.Aliases)) {
			x.entities[e.ID] = e
		}
	}
	x.emu.Unlock()
	for _, e := range counts {
		a.Entities = append(a.Entities, *e)
	}
	a.Quotes = findQuotes(a.Body, a.Mentions)
	slices.SortFunc(a.Entities, mostNamed)
	for _, s := range x.stories {
		if (!s.From.IsZero() || !s.To.IsZero()) && !inRange(a.Published, s.From, s.To) {
			continue
		}
		if d.matches(s.about, x.resolveFound) {
			a.Stories = append(a.Stories, s.ID)
		}
	}
	if len(a.Stories) == 0 && !x.o.KeepAll {
		return a, &OffStoryError{a.URL}
	}
	return a, nil
}

// mostNamed orders an article's entities: by count, then by id and type.
func mostNamed(p, q dateline.EntityCount) int {
	return cmp.Or(cmp.Compare(q.Count, p.Count), strings.Compare(p.ID, q.ID), cmp.Compare(p.Type, q.Type))
}

// Add stores an article; when it returns nil the article is durable, and
// within a second it is searchable.
func (x *Index) Add(ctx context.Context, a *dateline.Article) error {
	p, err := x.prepare(a)
	if err != nil {
		return err
	}
	r, err := x.put(ctx, []*dateline.Article{p}, nil, x.st.PutProgress)
	if err == nil && r[0].Status != store.Unchanged {
		x.poke()
	}
	return err
}

// BatchResult says what AddBatch did.
type BatchResult struct{ Added, Changed, Unchanged, OffStory int }

// AddBatch stores articles and how far the import of their files has come, all
// in one transaction.
func (x *Index) AddBatch(ctx context.Context, batch []*dateline.Article, p []store.Progress) (BatchResult, error) {
	return x.addBatch(ctx, batch, p, x.st.PutProgress)
}

// Replay is AddBatch for articles whose pages were observed before, at their
// LastSeen, as archives have them: it puts right what was stored for that time,
// and other texts to their place among the versions.
func (x *Index) Replay(ctx context.Context, batch []*dateline.Article, p []store.Progress) (BatchResult, error) {
	return x.addBatch(ctx, batch, p, x.st.Replay)
}

// putter stores articles with what is known of their entities.
type putter func(context.Context, []*dateline.Article, []dateline.Entity, []store.Progress) ([]store.Result, error)

func (x *Index) addBatch(ctx context.Context, batch []*dateline.Article, p []store.Progress, how putter) (BatchResult, error) {
	var res BatchResult
	var keep []*dateline.Article
	for _, a := range batch {
		c, err := x.prepare(a)
		if err != nil {
			res.OffStory++
			continue
		}
		keep = append(keep, c)
	}
	rs, err := x.put(ctx, keep, p, how)
	if err != nil {
		return BatchResult{}, err
	}
	for _, r := range rs {
		switch r.Status {
		case store.Added:
			res.Added++
		case store.Changed, store.Refreshed:
			res.Changed++
		default:
			res.Unchanged++
		}
	}
	x.poke()
	return res, nil
}

func (x *Index) put(ctx context.Context, l []*dateline.Article, p []store.Progress, how putter) ([]store.Result, error) {
	var es []dateline.Entity
	seen := map[string]bool{}
	x.emu.Lock()
	for _, a := range l {
		for _, e := range a.Entities {
			if k, ok := x.entities[e.ID]; ok && !seen[e.ID] && x.saved[e.ID] <= len(k.Aliases) {
				es, seen[e.ID] = append(es, k), true
			}
		}
	}
	x.emu.Unlock()
	// Aliases in the same transaction: a restart knows an article by all names.
	r, err := how(ctx, l, es, p)
	if err != nil {
		return nil, err
	}
	x.emu.Lock()
	for _, e := range es {
		x.saved[e.ID] = max(x.saved[e.ID], len(e.Aliases)+1)
	}
	x.emu.Unlock()
	return r, nil
}
