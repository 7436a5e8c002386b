package main

import (
	"context"
	"fmt"
	"math"
	"math/rand/v2"
	"strings"
	"time"
	"unicode"

	"dateline"
)

// corpus gives the same articles, one after the other, each time it is asked.
type corpus interface {
	each(ctx context.Context, fn func(*dateline.Article) error) error
	String() string
}

// The dates of a corpus: thirty months from its first day.
var benchStart = time.Date(2023, 1, 1, 0, 0, 0, 0, time.UTC)

const benchMonths = 30

func benchDate(r *rand.Rand) time.Time {
	length := benchStart.AddDate(0, benchMonths, 0).Sub(benchStart)
	return benchStart.Add(time.Duration(r.Int64N(int64(length)))).Truncate(time.Second)
}

const benchOutlets = 300

func outletNames() []string {
	var out []string
	for i := range benchOutlets {
		out = append(out, fmt.Sprintf("outlet-%03d.example", i))
	}
	return out
}

// invented is a corpus made from a seed.
type invented struct {
	docs int
	seed uint64
	lex  *lexicon
}

func newInvented(docs int, seed uint64) *invented {
	return &invented{docs: docs, seed: seed, lex: newLexicon(seed)}
}

func (c *invented) String() string {
	return fmt.Sprintf("%d articles invented from seed %d", c.docs, c.seed)
}

func (c *invented) each(ctx context.Context, fn func(*dateline.Article) error) error {
	w := newPressroom(c.lex, c.seed)
	for i := range c.docs {
		if err := ctx.Err(); err != nil {
			return err
		}
		if err := fn(w.article(i)); err != nil {
			return err
		}
	}
	return nil
}

// pressroom writes invented articles. All its choices are by Zipf laws: topics,
// words of the language and of a topic, who is named, and who publishes.
type pressroom struct {
	*lexicon
	r                            *rand.Rand
	general, local, topic, names *rand.Zipf
	pair, outlet                 *rand.Zipf
	recent                       []*dateline.Article // what others may reprint
}

func newPressroom(x *lexicon, seed uint64) *pressroom {
	r := rand.New(rand.NewPCG(seed, 2))
	return &pressroom{
		lexicon: x, r: r,
		general: rand.NewZipf(r, 1.08, 2.7, uint64(len(functionWords)+len(x.lemmas)-1)),
		local:   rand.NewZipf(r, 1.1, 3, uint64(x.wordsPerTopic-1)),
		topic:   rand.NewZipf(r, 1.1, 10, uint64(x.topics-1)),
		names:   rand.NewZipf(r, 1.1, 6, math.MaxUint32),
		pair:    rand.NewZipf(r, 1.1, 20, uint64(len(x.pairs)-1)),
		outlet:  rand.NewZipf(r, 1.2, 4, benchOutlets-1),
	}
}

func (w *pressroom) article(i int) *dateline.Article {
	r := w.r
	a := &dateline.Article{Lang: "en", Type: "news", Published: benchDate(r), DateSource: "import"}
	a.Outlet.ID = w.outlets[w.outlet.Uint64()]
	a.Outlet.Name = a.Outlet.ID
	a.URL = fmt.Sprintf("https://%s/news/%d", a.Outlet.ID, i)
	a.ID = dateline.ArticleID(a.URL)
	a.Authors = []string{w.bylines[r.IntN(len(w.bylines))]}
	if len(w.recent) > 0 && r.IntN(16) == 0 { // an agency's text in another paper
		b := w.recent[r.IntN(len(w.recent))]
		a.Title, a.Section, a.Given, a.Body = b.Title, b.Section, b.Given, b.Body
		if k := strings.LastIndex(a.Body, "\n\n"); k > len(a.Body)/2 {
			a.Body = a.Body[:k] // cut to fit
		}
		return a
	}
	topic := int(w.topic.Uint64())
	a.Section = w.sections[topic%len(w.sections)]
	a.Given = w.cast(topic)
	a.Title = w.title(topic, a.Given)
	a.Body = w.body(topic, a.Given)
	if w.recent = append(w.recent, a); len(w.recent) > 64 {
		w.recent = w.recent[1:]
	}
	return a
}

// cast chooses whom an article names: half of them are regulars of its topic.
func (w *pressroom) cast(topic int) []dateline.Entity {
	var out []dateline.Entity
	for range 2 + w.r.IntN(6) {
		e := dateline.Entity{Type: dateline.Person}
		l := w.people
		switch k := w.r.IntN(20); {
		case k < 7:
			e.Type, l = dateline.Organization, w.orgs
		case k < 12:
			e.Type, l = dateline.Place, w.places
		}
		n := int(w.names.Uint64()) % len(l)
		if w.r.IntN(2) == 0 {
			n = (n%40 + topic*w.spread) % len(l)
		}
		e.Name = l[n]
		out = append(out, e)
	}
	return out
}

func (w *pressroom) topicWord(topic int) string {
	n := (int(w.local.Uint64()) + topic*w.spread) % len(w.lemmas)
	return w.inflected(w.r, n)
}

// words appends the next one or two words of a text.
func (w *pressroom) words(out []string, topic int, cast []dateline.Entity) []string {
	switch k := w.r.IntN(100); {
	case k < 22:
		return append(out, w.topicWord(topic))
	case k < 26:
		p := w.pairs[w.pair.Uint64()]
		return append(out, w.lemmas[p[0]], w.lemmas[p[1]])
	case k < 31:
		return append(out, cast[w.r.IntN(len(cast))].Name)
	}
	n := int(w.general.Uint64())
	if n < len(functionWords) {
		return append(out, functionWords[n])
	}
	return append(out, w.inflected(w.r, n-len(functionWords)))
}

func (w *pressroom) title(topic int, cast []dateline.Entity) string {
	out := []string{cast[0].Name}
	for range 4 + w.r.IntN(4) {
		out = append(out, w.topicWord(topic))
	}
	w.r.Shuffle(len(out), func(i, j int) { out[i], out[j] = out[j], out[i] })
	return capitalised(strings.Join(out, " "))
}

func (w *pressroom) body(topic int, cast []dateline.Entity) string {
	left := int(math.Exp(w.r.NormFloat64()*0.6 + 5))
	left = max(30, min(left, 1500))
	var b strings.Builder
	var line []string
	for s := 1; left > 0; s++ {
		line = line[:0]
		for n := 8 + w.r.IntN(17); len(line) < n; {
			line = w.words(line, topic, cast)
			if w.r.IntN(14) == 0 && len(line) < n {
				line[len(line)-1] += ","
			}
		}
		left -= len(line)
		b.WriteString(capitalised(strings.Join(line, " ")) + ".")
		if left > 0 {
			b.WriteString([]string{" ", " ", "\n\n"}[s%3])
		}
	}
	return b.String()
}

func capitalised(s string) string {
	return string(unicode.ToUpper(rune(s[0]))) + s[1:]
}
