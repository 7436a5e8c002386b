package main

import (
	"compress/gzip"
	"context"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"path/filepath"
	"regexp"
	"strings"

	"dateline"
)

// perturbed is a corpus made of the articles of a file, again and again until
// there are enough. From the second time on an eighth of the words are taken
// from another article and the text begins in another place.
type perturbed struct {
	name string
	docs int
	seed uint64
	base []*dateline.Article
	text [][]string // words of each
}

// mostBase is how many articles of a file are held in memory.
const mostBase = 50000

func newPerturbed(file string, docs int, seed uint64) (*perturbed, error) {
	f, err := os.Open(file)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	var in io.Reader = f
	if strings.HasSuffix(file, ".gz") {
		if in, err = gzip.NewReader(f); err != nil {
			return nil, fmt.Errorf("%s: %w", file, err)
		}
	}
	c := &perturbed{name: filepath.Base(file), docs: docs, seed: seed}
	err = eachLine(in, func(n int, line []byte) error {
		if len(c.base) == mostBase {
			return nil
		}
		a, err := parseArticle(line)
		if err != nil {
			return fmt.Errorf("%s:%d: %w", file, n, err)
		}
		if t := a.Extra["topics"]; a.Section == "" && t != "" {
			if m := firstString.FindStringSubmatch(t); m != nil {
				a.Section = m[1]
			}
		}
		// One language, as the measured engines have one analyzer each.
		a.Lang, a.Extra = "en", nil
		c.base = append(c.base, a)
		c.text = append(c.text, strings.Fields(a.Body))
		return nil
	})
	if err == nil && len(c.base) == 0 {
		err = fmt.Errorf("%s: no articles", file)
	}
	return c, err
}

var (
	firstString = regexp.MustCompile(`"([^"\\]+)"`)
	nameInText  = regexp.MustCompile(`\b[A-Z][a-zA-Z&]+(?: [A-Z][a-zA-Z&]+){1,3}\b`)
)

func (c *perturbed) String() string {
	return fmt.Sprintf("%d articles from %s (%d read, words swapped with seed %d)", c.docs, c.name, len(c.base), c.seed)
}

func (c *perturbed) each(ctx context.Context, fn func(*dateline.Article) error) error {
	r := rand.New(rand.NewPCG(c.seed, 3))
	zipf := rand.NewZipf(r, 1.2, 4, benchOutlets-1)
	outlets := outletNames()
	for i := range c.docs {
		if err := ctx.Err(); err != nil {
			return err
		}
		b := i % len(c.base)
		a := *c.base[b]
		a.Outlet.ID = outlets[zipf.Uint64()]
		a.Outlet.Name = a.Outlet.ID
		a.URL = fmt.Sprintf("https://%s/news/%d", a.Outlet.ID, i)
		a.ID = dateline.ArticleID(a.URL)
		a.Published, a.DateSource = benchDate(r), "import"
		if i >= len(c.base) {
			a.Body = c.rewrite(r, c.text[b])
		}
		a.Given = withNames(a.Given, a.Body)
		if err := fn(&a); err != nil {
			return err
		}
	}
	return nil
}

// rewrite swaps words and rotates the text.
func (c *perturbed) rewrite(r *rand.Rand, words []string) string {
	ws := append([]string(nil), words...)
	other := c.text[r.IntN(len(c.text))]
	for k := range ws {
		if len(other) > 0 && r.Float64() < 0.12 {
			ws[k] = other[r.IntN(len(other))]
		}
	}
	if len(ws) > 40 {
		k := 10 + r.IntN(len(ws)-20)
		ws = append(append([]string(nil), ws[k:]...), ws[:k]...)
	}
	var b strings.Builder
	for k, w := range ws {
		switch {
		case k == 0:
		case k%11 == 0:
			b.WriteByte('\n')
		default:
			b.WriteByte(' ')
		}
		b.WriteString(w)
	}
	return b.String()
}

// withNames adds the capitalised names of a text as organizations.
func withNames(given []dateline.Entity, body string) []dateline.Entity {
	out := append([]dateline.Entity(nil), given...)
	seen := map[string]bool{}
	for _, m := range nameInText.FindAllString(strings.ReplaceAll(body, "\n", " "), -1) {
		m = strings.TrimPrefix(m, "The ")
		if !seen[m] && len(seen) < 12 {
			seen[m] = true
			out = append(out, dateline.Entity{Name: m, Type: dateline.Organization})
		}
	}
	return out
}
