package indexer

import (
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"math"
	"slices"
	"sort"
	"strings"

	"dateline"
)

// cursor is where a page ended: the next one has what comes after in the
// order. It carries all that the order depends on, so that it holds across
// restarts, and each match is given once although articles are added.
type cursor struct {
	Hash  string      `json:"h"`
	Score float32     `json:"s,omitempty"`
	Pub   int64       `json:"p,omitempty"`
	Dated bool        `json:"d,omitempty"`
	ID    string      `json:"i"`
	Stats *scoreStats `json:"c,omitempty"`
}

func (c cursor) String() string {
	b, _ := json.Marshal(c) // plain fields: cannot fail
	return base64.RawURLEncoding.EncodeToString(b)
}

// parseCursor reads one; the empty string is the beginning.
func parseCursor(s, hash string) (cursor, error) {
	var c cursor
	if s == "" {
		return c, nil
	}
	b, err := base64.RawURLEncoding.DecodeString(s)
	if err == nil {
		err = json.Unmarshal(b, &c)
	}
	if err == nil && c.Stats != nil {
		st := c.Stats
		if st.Docs < 0 || st.Titles < 0 || st.Bodies < 0 || st.Near < 0 || slices.ContainsFunc(st.Found, func(n int) bool { return n < 0 }) {
			err = fmt.Errorf("negative counts")
		}
	}
	if err != nil || c.ID == "" {
		return c, &dateline.ParamError{Param: "cursor", Message: "not a cursor that this server gave"}
	}
	if c.Hash != hash {
		return c, &dateline.ParamError{Param: "cursor", Message: "this cursor belongs to another search"}
	}
	return c, nil
}

// queryHash tells searches apart whose cursors must not be mixed.
func queryHash(q dateline.Query, order string) string {
	h := sha256.New()
	fmt.Fprintf(h, "%s\x00%s\x00%t\x00%d\x00%d\x00%s", q.Text, order, q.Copies == dateline.CopiesCollapse, q.From.Unix(), q.To.Unix(), describe(q.Root))
	for _, m := range []map[string][]string{q.Filters, q.Excludes} {
		var keys []string
		for k, v := range m {
			if len(v) > 0 {
				keys = append(keys, k)
			}
		}
		sort.Strings(keys)
		for _, k := range keys {
			v := slices.Clone(m[k])
			sort.Strings(v)
			fmt.Fprintf(h, "\x00%s=%q", k, v)
		}
		fmt.Fprint(h, "\x01")
	}
	return hex.EncodeToString(h.Sum(nil)[:8])
}

func describe(n dateline.Node) string {
	list := func(name string, l []dateline.Node) string {
		var s []string
		for _, c := range l {
			s = append(s, describe(c))
		}
		return name + "(" + strings.Join(s, ",") + ")"
	}
	switch n := n.(type) {
	case nil:
		return ""
	case *dateline.And:
		return list("and", n.Nodes)
	case *dateline.Or:
		return list("or", n.Nodes)
	case *dateline.Not:
		return "not(" + describe(n.Node) + ")"
	case *dateline.DateRange:
		return fmt.Sprintf("date(%d,%d)", n.From.Unix(), n.To.Unix())
	}
	return fmt.Sprintf("%T%+q", n, fmt.Sprintf("%+v", n))
}

// pager picks the hits of one page.
type pager struct {
	v      *view
	order  string
	scores []float32
	cur    cursor
	hash   string
	stats  *scoreStats
}

// ranked is an article with what it is ordered by: the higher the earlier.
type ranked struct {
	key int64
	ord uint32
}

// page gives the first limit of a set after the cursor, in order, and the
// cursor of what follows, empty if nothing does. A heap of limit+1 keeps the
// best, so the set is walked once and never sorted.
func (p *pager) page(set bitset, limit int) ([]uint32, string) {
	if n := set.count(); p.order == dateline.SortNewest && n > 0 && (limit+1)*p.v.n/n < n/2 {
		return p.first(set, limit)
	}
	h := make([]ranked, 0, limit+1) // the worst on top
	worse := func(a, b ranked) bool {
		if a.key != b.key {
			return a.key < b.key
		}
		return p.v.id(a.ord) > p.v.id(b.ord)
	}
	down := func(i int) {
		for {
			c := 2*i + 1
			if c >= len(h) {
				return
			}
			if c+1 < len(h) && worse(h[c+1], h[c]) {
				c++
			}
			if !worse(h[c], h[i]) {
				return
			}
			h[i], h[c] = h[c], h[i]
			i = c
		}
	}
	relevance, oldest := p.order == dateline.SortRelevance, p.order == dateline.SortOldest
	set.each(func(o uint32) {
		r := ranked{ord: o}
		if relevance { // no score is below 0, so their bits are in order
			r.key = int64(math.Float32bits(p.scores[o]))
		} else if r.key = p.v.pub[o]; oldest && r.key != undated {
			r.key = -r.key
		}
		if len(h) == limit+1 && (r.key < h[0].key || !worse(h[0], r)) {
			return
		}
		if p.cur.ID != "" && !p.after(o) {
			return
		}
		if len(h) < limit+1 {
			h = append(h, r)
			for i := len(h) - 1; i > 0; {
				up := (i - 1) / 2
				if !worse(h[i], h[up]) {
					break
				}
				h[i], h[up] = h[up], h[i]
				i = up
			}
			return
		}
		h[0] = r
		down(0)
	})
	slices.SortFunc(h, func(a, b ranked) int {
		if worse(b, a) {
			return -1
		}
		return 1
	})
	ords := make([]uint32, len(h))
	for i, r := range h {
		ords[i] = r.ord
	}
	return p.upTo(ords, limit)
}

// first is page for the newest of a set that is not small: where the articles
// are in order already, a page is found after a few steps.
func (p *pager) first(set bitset, limit int) ([]uint32, string) {
	l := p.v.inTime()
	if p.cur.ID != "" {
		l = l[sort.Search(len(l), func(i int) bool { return p.after(l[i]) }):]
	}
	ords := make([]uint32, 0, limit+1)
	for _, o := range l {
		if set.has(o) {
			if ords = append(ords, o); len(ords) > limit {
				break
			}
		}
	}
	return p.upTo(ords, limit)
}

// upTo cuts a page and gives the cursor of what follows it.
func (p *pager) upTo(ords []uint32, limit int) ([]uint32, string) {
	if len(ords) <= limit {
		return ords, ""
	}
	ords = ords[:limit]
	o := ords[limit-1]
	c := cursor{Hash: p.hash, ID: p.v.id(o)}
	if p.order == dateline.SortRelevance {
		c.Score, c.Stats = p.scores[o], p.stats
	} else if c.Dated = p.v.pub[o] != undated; c.Dated {
		c.Pub = p.v.pub[o]
	}
	return ords, c.String()
}

// after tells whether an article comes after the cursor.
func (p *pager) after(o uint32) bool {
	if p.order == dateline.SortRelevance {
		if s := p.scores[o]; s != p.cur.Score {
			return s < p.cur.Score
		}
	} else {
		pub := p.v.pub[o]
		if (pub != undated) != p.cur.Dated {
			return p.cur.Dated
		}
		if p.cur.Dated && pub != p.cur.Pub {
			return (pub < p.cur.Pub) == (p.order == dateline.SortNewest)
		}
	}
	return p.v.id(o) > p.cur.ID
}
