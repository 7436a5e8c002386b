package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"os"
	"slices"
	"strings"

	"dateline/crawler/extract"
	"dateline/crawler/extract/internal/body"
)

// result is one page's measure.
type result struct {
	set           string
	p, r          float64
	empty         bool
	tp, fp, fn    int // pieces
	whole, pieces bool
}

// judge prints the figures of cross-validation. It writes the texts to the file
// answers and what was thought of each line to the file lines, where named.
func judge(pages []*example, folds, inner int, how growth, answers, lines string) error {
	fmt.Println("what could be had by choosing among the lines of each page:")
	report(pages, func(p *example) string {
		var keep []int
		for i, l := range p.label {
			if l >= 0.5 && !p.doc.Outside(i) {
				keep = append(keep, i)
			}
		}
		return p.doc.Text(keep)
	})
	probs, texts, again := map[*example][]float32{}, map[*example]string{}, map[*example]string{}
	memory := extract.NewMemory()
	memory.Require(severalPages)
	for k := range folds {
		rest, in := parted(pages, k, folds, 'o')
		m := fit(rest, inner, how)
		for _, p := range in {
			probs[p] = p.doc.Judge(m)
			text, err := p.extracted(m, probs[p])
			if err != nil {
				return fmt.Errorf("%s: %w", p.ID, err)
			}
			texts[p] = text
		}
		// Once more, with what the outlets' pages have in common.
		for _, learn := range []bool{true, false} {
			for _, p := range several(in) {
				page, err := p.with(m, memory)
				if err != nil {
					return fmt.Errorf("%s: %w", p.ID, err)
				}
				if learn {
					memory.Learn(page)
				}
				again[p] = page.Article.Body
			}
			memory.Activate()
		}
	}
	fmt.Printf("\njudged by weights of other outlets, %d folds:\n", folds)
	report(pages, func(p *example) string { return texts[p] })
	fmt.Printf("\nthe pages of outlets of which there are %d or more, each by itself:\n", severalPages)
	report(several(pages), func(p *example) string { return texts[p] })
	fmt.Println("\nand with the memory of what an outlet's pages have in common:")
	report(several(pages), func(p *example) string { return again[p] })
	if err := writeAnswers(answers, pages, texts); err != nil {
		return err
	}
	return writeLines(lines, pages, probs)
}

// severalPages is how many pages there must be of an outlet for its memory to be
// judged, and how many must have a line: the data have few outlets with more.
const severalPages = 2

// several are the real pages of outlets of which there are some.
func several(pages []*example) []*example {
	n := map[string]int{}
	for _, p := range pages {
		if !p.made {
			n[p.outlet]++
		}
	}
	var out []*example
	for _, p := range pages {
		if !p.made && n[p.outlet] >= severalPages {
			out = append(out, p)
		}
	}
	return out
}

// extracted is the text of a page as readers get it: what was chosen of its
// lines by the model, with what other fields add to it.
func (e *example) extracted(m *body.Model, probs []float32) (string, error) {
	if e.made {
		return e.doc.Article(probs), nil
	}
	p, err := e.with(m, nil)
	if err != nil {
		return "", err
	}
	return p.Article.Body, nil
}

func (e *example) with(m *body.Model, memory *extract.Memory) (*extract.Page, error) {
	page, err := e.page()
	if err != nil {
		return nil, err
	}
	return extract.With(m, memory, page, "", e.URL)
}

// writeAnswers writes the texts as the scorer reads them.
func writeAnswers(name string, pages []*example, texts map[*example]string) error {
	if name == "" {
		return nil
	}
	f, err := os.Create(name)
	if err != nil {
		return err
	}
	enc := json.NewEncoder(f)
	for _, p := range pages {
		if p.made {
			continue
		}
		err := enc.Encode(map[string]any{"id": p.ID, "body": texts[p], "authors": []string{}})
		if err != nil {
			f.Close()
			return err
		}
	}
	return f.Close()
}

// writeLines writes for each line, tabs between: page, share of it in the true
// text, weight in the fit, probability, tags around it, text.
func writeLines(name string, pages []*example, probs map[*example][]float32) error {
	if name == "" {
		return nil
	}
	f, err := os.Create(name)
	if err != nil {
		return err
	}
	w := bufio.NewWriter(f)
	for _, p := range pages {
		for i := range p.doc.Len() {
			fmt.Fprintf(w, "%s\t%.2f\t%.1f\t%.2f\t%s\t%s\n", p.ID, p.label[i], p.weight[i], probs[p][i], p.doc.Where(i), p.doc.Line(i))
		}
	}
	if err := w.Flush(); err != nil {
		f.Close()
		return err
	}
	return f.Close()
}

func measure(p *example, text string) result {
	r := result{set: p.Set}
	if p.truth != nil {
		r.whole = true
		t := body.Tokens(text)
		r.empty = len(t) == 0
		r.p, r.r = match(p.truth, runs(t))
	}
	if len(p.With)+len(p.Without) > 0 {
		r.pieces = true
		s := squash(text)
		for _, w := range p.With {
			if strings.Contains(s, squash(w)) {
				r.tp++
			} else {
				r.fn++
			}
		}
		for _, w := range p.Without {
			if strings.Contains(s, squash(w)) {
				r.fp++
			}
		}
	}
	return r
}

func harmonic(p, r float64) float64 {
	if p+r == 0 {
		return 0
	}
	return 2 * p * r / (p + r)
}

func figures(all []result, set string) (p, r, f float64, n, low int) {
	np := 0.0
	for _, x := range all {
		if !x.whole || x.set != set && set != "" {
			continue
		}
		n++
		r += x.r
		if !x.empty {
			p += x.p
			np++
		}
		if harmonic(x.p, x.r) < 0.7 {
			low++
		}
	}
	if n == 0 || np == 0 {
		return 0, 0, 0, n, low
	}
	p, r = p/np, r/float64(n)
	return p, r, harmonic(p, r), n, low
}

func mean(all []result) float64 {
	sum := 0.0
	for _, s := range figured {
		_, _, f, _, _ := figures(all, s)
		sum += f
	}
	return sum / float64(len(figured))
}

// report prints the figures of the real pages, and how many lines of made ones
// are wrong.
func report(pages []*example, text func(*example) string) {
	var all []result
	var sets []string
	var wrong, made int
	for _, p := range pages {
		if p.made {
			made++
			wrong += p.wrong(text(p))
			continue
		}
		all = append(all, measure(p, text(p)))
		sets = append(sets, p.Set)
	}
	slices.Sort(sets)
	fmt.Printf("%-17s %5s %7s %7s %7s %5s | %7s %7s %7s\n", "set", "n", "P", "R", "F1", "<.7", "pieceP", "pieceR", "pieceF1")
	for _, s := range append(slices.Compact(sets), "") {
		p, r, f, n, low := figures(all, s)
		var tp, fp, fn float64
		for _, x := range all {
			if x.set == s || s == "" {
				tp, fp, fn = tp+float64(x.tp), fp+float64(x.fp), fn+float64(x.fn)
			}
		}
		sp, sr := 0.0, 0.0
		if tp > 0 {
			sp, sr = tp/(tp+fp), tp/(tp+fn)
		}
		name := s
		if s == "" {
			name = "all"
		}
		fmt.Printf("%-17s %5d %7.3f %7.3f %7.3f %5d | %7.3f %7.3f %7.3f\n", name, n, p, r, f, low, sp, sr, harmonic(sp, sr))
	}
	fmt.Printf("mean of %s: %.4f\n", strings.Join(figured, ", "), mean(all))
	if made == 0 {
		return
	}
	fmt.Printf("%d small pages made of their lines: %d lines wrong\n", made, wrong)
}

// wrong counts the lines of a made page that are in its text and should not be,
// or the other way round.
func (e *example) wrong(text string) int {
	n := 0
	in := map[string]bool{}
	for l := range strings.SplitSeq(text, "\n\n") {
		in[l] = true
	}
	for i, y := range e.label {
		if e.weight[i] > 0 && in[e.doc.Line(i)] != (y > 0.5) {
			n++
		}
	}
	return n
}
