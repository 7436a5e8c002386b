package body

import (
	"math"
	"unicode"
	"unicode/utf8"

	"golang.org/x/net/html/atom"
)

// Input is what is known of a page before its text is looked for.
type Input struct {
	Title       string
	Authors     []string
	Labels      []string // section, keywords, parts of the address: what may stand above a headline
	Description string   // the page's own summary
	Linked      string   // JSON-LD articleBody as plain lines, often cut or absent
}

// Doc is a page with all that its blocks are scored by.
type Doc struct {
	*Page
	in       Input
	embedded string // the article as the page's scripts have it

	title, desc, linked set // single words, runs of two, runs of three
	descWords           set
	titleToks           []uint64
	titleHash           uint64
	authors             [][]uint64
	labels              set
	linkedLen           int

	h1      int32 // the headline's block, -1 if unknown
	main    int32 // the innermost element with most of the prose, -1 without any
	prose   int32 // characters of prose on the page
	repeats map[uint64]int32
	sigs    map[uint64]*sigSum
	lines   []lineFacts
}

// sigSum sums the blocks whose element and its parent look alike.
type sigSum struct {
	blocks, chars, linked, prose int32
	score                        float32
}

// lineFacts are the counts of one line's runes.
type lineFacts struct {
	letters, upper, digits, stops, commas int32
	odd                                   int32 // bars, bullets, arrows, copyright signs
	first, last                           rune
	sentence, colon, quote                bool
}

// New computes what all blocks of a page are scored by.
func New(p *Page, in Input) *Doc {
	d := &Doc{Page: p, in: in, h1: -1, main: -1}
	d.titleToks = Tokens(in.Title)
	d.titleHash = Join(d.titleToks)
	d.title = shingles(d.titleToks, 1, 200)
	dt := Tokens(in.Description)
	d.desc = shingles(dt, 2, 2000)
	d.descWords = shingles(dt, 1, 2000)
	d.embedded = embedded(p.scripts)
	lt := Tokens(in.Linked)
	if len(d.embedded) > len(in.Linked) {
		lt = Tokens(d.embedded)
	}
	d.linkedLen = len(lt)
	if len(lt) > 3 {
		d.linked = shingles(lt, 3, 50000)
	}
	for _, a := range in.Authors {
		if t := Tokens(a); len(t) > 0 && len(d.authors) < 20 {
			d.authors = append(d.authors, t)
		}
	}
	d.labels = set{}
	for _, l := range in.Labels {
		if h := Join(Tokens(l)); h != 0 && len(d.labels) < 200 {
			d.labels[h] = struct{}{}
		}
	}
	d.repeats = make(map[uint64]int32, len(p.blocks))
	d.sigs = make(map[uint64]*sigSum, 64)
	d.lines = make([]lineFacts, len(p.blocks))
	for i := range p.blocks {
		b := &p.blocks[i]
		d.repeats[b.hash]++
		s := d.sigs[d.sig(b)]
		if s == nil {
			s = &sigSum{}
			d.sigs[d.sig(b)] = s
		}
		s.blocks++
		s.chars += b.chars
		s.linked += b.linked
		d.lines[i] = facts(p.text[b.start:b.end])
	}
	d.findHeadline()
	d.markOutside()
	d.sumProse()
	d.findMain()
	return d
}

// sig is what a block's element and the one around it look like.
func (p *Page) sig(b *block) uint64 {
	e := &p.elems[b.elem]
	if e.parent < 0 {
		return e.sig
	}
	return mix(e.sig, p.elems[e.parent].sig)
}

func (d *Doc) findHeadline() {
	best := float32(0)
	for i := range d.blocks {
		b := &d.blocks[i]
		tag := d.elems[b.elem].tag
		n := b.tok[1] - b.tok[0]
		if n > 60 {
			continue
		}
		score := float32(0)
		up := tag
		if p := d.elems[b.elem].parent; p >= 0 && d.elems[p].tag == atom.H1 {
			up = atom.H1
		}
		switch {
		case up == atom.H1:
			score = 0.3
		case tag == atom.H2:
			score = 0.1
		}
		if d.titleHash != 0 {
			if b.hash == d.titleHash {
				score += 1
			} else {
				score += 0.9 * d.likeTitle(d.tokens(b))
			}
		}
		if b.ld > 0.5 {
			score -= 0.3
		}
		if score > best+0.01 && score > 0.25 {
			best, d.h1 = score, int32(i)
		}
	}
}

// likeTitle is the Dice coefficient of a line's words and the headline's.
func (d *Doc) likeTitle(t []uint64) float32 {
	if len(t) == 0 || len(d.titleToks) == 0 {
		return 0
	}
	n := 0
	for _, w := range t {
		if d.title.has(w) {
			n++
		}
	}
	return 2 * float32(min(n, len(d.titleToks))) / float32(len(t)+len(d.titleToks))
}

// notArticle are the groups whose elements are left out where the headline is
// not inside them.
const notArticle = gThread | gManager

// A text about cookies has many of their words close together.
const (
	leastConsents = 4
	consentShare  = 25 // one word in so many
)

// markOutside finds the elements that are never of an article: comments, consent
// managers, navigation and footers by their names, and texts about cookies,
// however they are named, on a page that is not about them.
func (d *Doc) markOutside() {
	about := consents(d.titleToks) > 0
	for i := range d.elems {
		e := &d.elems[i]
		if e.parent >= 0 && d.elems[e.parent].outside {
			e.outside = true
			continue
		}
		around := d.h1 >= 0 && d.holds(int32(i), d.blocks[d.h1].elem)
		named := d.h1 >= 0 && e.own&gItemBody == 0 && (e.own&notArticle != 0 || e.own&(gInNav|gInFooter) != 0 && e.above&gInArticle == 0)
		cookies := !about && e.consents >= leastConsents && e.consents*consentShare >= e.wordCount
		if !around && (named || cookies) {
			e.outside = true
		}
	}
}

// sumProse adds up the prose of elements and of those that look alike.
func (d *Doc) sumProse() {
	for i := range d.blocks {
		b := &d.blocks[i]
		if d.reads(b) {
			d.sigs[d.sig(b)].prose += b.chars
			d.elems[b.elem].prose += b.chars
			d.prose += b.chars
		}
	}
	for i := len(d.elems) - 1; i > 0; i-- {
		if p := d.elems[i].parent; p >= 0 {
			d.elems[p].prose += d.elems[i].prose
		}
	}
}

// reads reports whether a block is prose that may be of the article.
func (d *Doc) reads(b *block) bool { return d.Page.prose(b) && !d.elems[b.elem].outside }

// Outside reports whether block i is in what is never of an article.
func (d *Doc) Outside(i int) bool { return d.elems[d.blocks[i].elem].outside }

// findMain goes down from the root as long as one child has most of the prose.
func (d *Doc) findMain() {
	if len(d.elems) == 0 || d.prose == 0 {
		return
	}
	// Children come after their parents, so the last that has enough is the innermost.
	for i := range d.elems {
		e := &d.elems[i]
		if e.prose*10 >= d.prose*6 && e.blocks > 1 {
			d.main = int32(i)
		}
	}
}

func facts(s []byte) lineFacts {
	var f lineFacts
	for i := 0; i < len(s); {
		r, n := rune(s[i]), 1
		if r >= utf8.RuneSelf {
			r, n = utf8.DecodeRune(s[i:])
		}
		i += n
		if f.first == 0 {
			f.first = r
		}
		if r != ' ' {
			f.last = r
		}
		switch {
		case r >= 'a' && r <= 'z':
			f.letters++
		case r >= 'A' && r <= 'Z':
			f.letters++
			f.upper++
		case r >= '0' && r <= '9':
			f.digits++
		case r == '.' || r == '!' || r == '?' || r == '。' || r == '！' || r == '？' || r == '…' || r == '؟' || r == '।':
			f.stops++
		case r == ',' || r == '，' || r == '、' || r == '،' || r == ';':
			f.commas++
		case r == '|' || r == '©' || r == '•' || r == '»' || r == '›' || r == '·' || r == '→' || r == '/' || r == '>' || r == '@' || r == '#':
			f.odd++
		case r >= utf8.RuneSelf && unicode.IsLetter(r):
			f.letters++
			if unicode.IsUpper(r) {
				f.upper++
			}
		}
	}
	switch f.last {
	case '.', '!', '?', '。', '！', '？', '…', '؟', '।':
		f.sentence = true
	case '"', '”', '“', '\'', '’', '»', ')', '）', '」', ']':
		f.sentence = f.stops > 0
		f.quote = true
	case ':', '：':
		f.colon = true
	}
	return f
}

func log2(x int32) float32 { return float32(math.Log2(float64(x) + 1)) }

// signedLog keeps the sign and dampens the size of a distance.
func signedLog(x int32) float32 {
	if x < 0 {
		return -log2(-x)
	}
	return log2(x)
}

func part(a, b int32) float32 {
	if b <= 0 {
		return 0
	}
	return float32(a) / float32(b)
}

func truth(b bool) float32 {
	if b {
		return 1
	}
	return 0
}

var tagCode = map[atom.Atom]float32{
	atom.P: 1, atom.Div: 2, atom.Section: 3, atom.Article: 4, atom.Blockquote: 5, atom.Li: 6, atom.Td: 7, atom.Tr: 8, atom.Pre: 9, atom.Dd: 10, atom.Dt: 11,
	atom.H1: 12, atom.H2: 13, atom.H3: 14, atom.H4: 15, atom.H5: 16, atom.H6: 17, atom.Figcaption: 18, atom.Figure: 19, atom.Header: 20, atom.Ul: 21, atom.Ol: 22, atom.Address: 23, atom.Aside: 24, atom.Nav: 25, atom.Footer: 26,
	atom.Body: 27, atom.Html: 28, atom.Form: 29,
}
