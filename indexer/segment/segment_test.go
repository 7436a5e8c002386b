package segment

import (
	"bytes"
	"context"
	"encoding/binary"
	"fmt"
	"hash/crc32"
	"maps"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/RoaringBitmap/roaring/v2"
	"github.com/blevesearch/bleve/v2"
	"github.com/blevesearch/bleve/v2/document"
	"github.com/blevesearch/bleve/v2/index/scorch"
	api "github.com/blevesearch/scorch_segment_api/v2"
)

// model is what a segment should hold: term, ordinal, frequency.
type model map[string]map[uint32]Freq

func (m model) without(dead map[uint32]bool) model {
	out := model{}
	for term, docs := range m {
		for o, f := range docs {
			if !dead[o] {
				if out[term] == nil {
					out[term] = map[uint32]Freq{}
				}
				out[term][o] = f
			}
		}
	}
	return out
}

// read gives everything in a segment as a model.
func (m model) of(t *testing.T, s *Segment) model {
	t.Helper()
	out := model{}
	last := ""
	for terms := s.Range(nil, nil); terms.Next(); {
		term := string(terms.Term())
		if len(out) > 0 && term <= last {
			t.Fatalf("%q comes after %q", term, last)
		}
		last = term
		out[term] = map[uint32]Freq{}
		p := terms.Postings()
		if p.Count() != terms.Count() {
			t.Fatalf("%q: %d postings, dictionary says %d", term, p.Count(), terms.Count())
		}
		readInto(s, p, out[term])
		if len(out[term]) != terms.Count() {
			t.Fatalf("%q: read %d postings of %d", term, len(out[term]), terms.Count())
		}
	}
	return out
}

func readInto(s *Segment, p Postings, into map[uint32]Freq) {
	var docs [BlockLen]uint32
	var freqs [BlockLen]Freq
	for n := p.Block(&docs, &freqs); n > 0; n = p.Block(&docs, &freqs) {
		for i, d := range docs[:n] {
			into[s.Ords()[d]] = freqs[i]
		}
	}
}

func equal(t *testing.T, what string, got, want model) {
	t.Helper()
	if !maps.EqualFunc(got, want, func(a, b map[uint32]Freq) bool { return maps.Equal(a, b) }) {
		t.Fatalf("%s: got %d terms, want %d, or other postings:\n%.600v\n%.600v", what, len(got), len(want), got, want)
	}
}

// randomBatch makes articles with ordinals from from on, with gaps.
func randomBatch(r *rand.Rand, from uint32, n int) (*Batch, model) {
	b, m := NewBatch(), model{}
	words := []string{"", "=", "a", "ab", "abc", "ß", "中", strings.Repeat("x", 300), "zz\x00", "zz\xff"}
	for range n {
		b.Begin(from)
		for range r.IntN(300) {
			w := words[r.IntN(len(words))]
			if r.IntN(2) == 0 {
				w = fmt.Sprintf("w%d", r.IntN(1+r.IntN(500)))
			}
			part := []int{Title, Lead, Body, Body, Body}[r.IntN(5)]
			b.Count(part, w)
			f := [3]int{}
			f[part] = 1
			if m[w] == nil {
				m[w] = map[uint32]Freq{}
			}
			m[w][from] = m[w][from].Add(NewFreq(f[Title], f[Lead], f[Body]))
		}
		from += 1 + uint32(r.IntN(3)*r.IntN(1000))
	}
	return b, m
}

func TestSegment(t *testing.T) {
	for seed := range uint64(40) {
		r := rand.New(rand.NewPCG(seed, 1))
		b, want := randomBatch(r, uint32(r.IntN(1000)), r.IntN(400))
		s, err := b.build()
		if err != nil {
			t.Fatal(err)
		}
		equal(t, "in memory", want.of(t, s), want)
		path := filepath.Join(t.TempDir(), "s")
		if err := s.Persist(path); err != nil {
			t.Fatal(err)
		}
		f, err := open(path)
		if err != nil {
			t.Fatal(err)
		}
		equal(t, "on disk", want.of(t, f.Segment), want)
		for _, term := range append(slices.Collect(maps.Keys(want)), "", "absent", "\xff\xff", "w") {
			got := map[uint32]Freq{}
			readInto(f.Segment, f.Postings(term), got)
			if !maps.Equal(got, want[term]) {
				t.Fatalf("%q: %v, want %v", term, got, want[term])
			}
		}
		terms := slices.Sorted(maps.Keys(want))
		for range 50 {
			from, end := fmt.Sprintf("w%d", r.IntN(600)), fmt.Sprintf("w%d", r.IntN(600))
			var got []string
			for it := f.Range([]byte(from), []byte(end)); it.Next(); {
				got = append(got, string(it.Term()))
			}
			var in []string
			for _, term := range terms {
				if term >= from && term < end {
					in = append(in, term)
				}
			}
			if !slices.Equal(got, in) {
				t.Fatalf("from %s to %s: %v, want %v", from, end, got, in)
			}
		}
		if err := f.Close(); err != nil {
			t.Fatal(err)
		}
	}
}

// TestFrequencies checks counts on both sides of what the bits hold.
func TestFrequencies(t *testing.T) {
	for _, title := range []int{0, 1, 2, 3, 4, 200, 255, 256, 1000} {
		for _, lead := range []int{0, 1, 3, 4, 255, 300} {
			for _, body := range []int{0, 1, 2, 14, 15, 16, 200, 65535, 70000} {
				f := NewFreq(title, lead, body)
				if f.Title() != min(title, 255) || f.Lead() != min(lead, 255) || f.Body() != min(body, 65535) {
					t.Fatalf("%d %d %d became %d %d %d", title, lead, body, f.Title(), f.Lead(), f.Body())
				}
				data := appendPosting(appendPosting(nil, 7, f), 1<<30, 1)
				p := Postings{data: data, left: 2}
				var docs [BlockLen]uint32
				var freqs [BlockLen]Freq
				if n := p.Block(&docs, &freqs); n != 2 || docs[0] != 7 || docs[1] != 8+1<<30 || freqs[0] != f || freqs[1] != 1 {
					t.Fatalf("%d %d %d: read %d postings: %v %v", title, lead, body, n, docs[:2], freqs[:2])
				}
			}
		}
	}
}

// TestMerge merges segments whose ordinals interleave, with deletions.
func TestMerge(t *testing.T) {
	for seed := range uint64(30) {
		r := rand.New(rand.NewPCG(seed, 2))
		want := model{}
		dead := map[uint32]bool{}
		var segs []api.Segment
		var drops []*roaring.Bitmap
		used := map[uint32]bool{}
		for range 1 + r.IntN(5) {
			b, m := randomBatch(r, uint32(r.IntN(3000)), r.IntN(60))
			if slices.ContainsFunc(b.ords, func(o uint32) bool { return used[o] }) {
				continue
			}
			s, err := b.build()
			if err != nil {
				t.Fatal(err)
			}
			drop := roaring.NewBitmap()
			for n, o := range s.Ords() {
				used[o] = true
				if r.IntN(4) == 0 {
					drop.Add(uint32(n))
					dead[o] = true
				}
			}
			if drop.IsEmpty() {
				drop = nil
			}
			segs, drops = append(segs, s), append(drops, drop)
			for term, docs := range m {
				if want[term] == nil {
					want[term] = map[uint32]Freq{}
				}
				maps.Copy(want[term], docs)
			}
		}
		path := filepath.Join(t.TempDir(), "m")
		nums, size, err := plugin{}.Merge(segs, drops, path, nil, nil)
		if err != nil {
			t.Fatal(err)
		}
		if st, err := os.Stat(path); err != nil || uint64(st.Size()) != size {
			t.Fatalf("%v: %d bytes are said to be written, file has %v", err, size, st)
		}
		m, err := open(path)
		if err != nil {
			t.Fatal(err)
		}
		want = want.without(dead)
		equal(t, "merged", want.of(t, m.Segment), want)
		for i, s := range segs {
			in, _ := Of(s)
			for n, o := range in.Ords() {
				if dead[o] != (nums[i][n] == dropped) || !dead[o] && m.Ords()[nums[i][n]] != o {
					t.Fatalf("document %d of segment %d, ordinal %d, became %d", n, i, o, nums[i][n])
				}
			}
		}
		if err := m.Close(); err != nil {
			t.Fatal(err)
		}
	}
}

func TestMergeStops(t *testing.T) {
	b, _ := randomBatch(rand.New(rand.NewPCG(1, 1)), 0, 50)
	s, err := b.build()
	if err != nil {
		t.Fatal(err)
	}
	stop := make(chan struct{})
	close(stop)
	path := filepath.Join(t.TempDir(), "m")
	if _, _, err := (plugin{}).Merge([]api.Segment{s}, []*roaring.Bitmap{nil}, path, stop, nil); err == nil {
		t.Fatal("a merge that was told to stop went on")
	}
	if _, err := os.Stat(path); !os.IsNotExist(err) {
		t.Fatalf("what it had written stayed: %v", err)
	}
}

// TestDamage flips and cuts bytes: each is noticed when the file is opened.
func TestDamage(t *testing.T) {
	b, _ := randomBatch(rand.New(rand.NewPCG(3, 3)), 5, 20)
	s, err := b.build()
	if err != nil {
		t.Fatal(err)
	}
	for i := 0; i < len(s.data); i += 1 + i%7 {
		bad := bytes.Clone(s.data)
		bad[i] ^= 0x10
		if _, err := read(bad); err == nil {
			t.Fatalf("a changed byte %d of %d was not noticed", i, len(bad))
		}
		if _, err := read(s.data[:i]); err == nil {
			t.Fatalf("%d bytes of %d were taken for a segment", i, len(s.data))
		}
	}
}

// FuzzRead gives bytes a right checksum, so that what reads them is tested.
func FuzzRead(f *testing.F) {
	for n := range 4 {
		b, _ := randomBatch(rand.New(rand.NewPCG(uint64(n), 4)), 5, 3*n)
		s, err := b.build()
		if err != nil {
			f.Fatal(err)
		}
		f.Add(s.data)
	}
	f.Fuzz(func(_ *testing.T, data []byte) {
		s, err := read(withSum(data))
		if err != nil {
			return
		}
		var docs [BlockLen]uint32
		var freqs [BlockLen]Freq
		n := 0
		for t := s.Range([]byte("a"), nil); t.Next() && n < 1e5; n++ {
			p := t.Postings()
			for p.Block(&docs, &freqs) > 0 && n < 1e5 {
				n++
			}
		}
		s.Postings("w1")
	})
}

func withSum(data []byte) []byte {
	if len(data) < 4 {
		return data
	}
	n := len(data) - 4
	return binary.LittleEndian.AppendUint32(bytes.Clone(data[:n]), crc32.Checksum(data[:n], castagnoli))
}

// TestBleve runs bleve's own queries on the format, through batches, merges
// and a reopening, against a scan of the texts.
func TestBleve(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "x")
	config := map[string]any{"forceSegmentType": Type, "forceSegmentVersion": Version}
	x, err := bleve.NewUsing(dir, bleve.NewIndexMapping(), scorch.Name, scorch.Name, config)
	if err != nil {
		t.Fatal(err)
	}
	r := rand.New(rand.NewPCG(9, 9))
	words := []string{"river", "rivers", "bridge", "report", "mayor", "budget", "delay"}
	texts := map[uint32][]string{}
	ord := uint32(0)
	for range 8 {
		b, batch := NewBatch(), x.NewBatch()
		for range 30 {
			b.Begin(ord)
			var text []string
			for range 1 + r.IntN(4) {
				w := words[r.IntN(len(words))]
				text = append(text, w)
				b.Count(Body, w)
			}
			texts[ord] = text
			d := document.NewDocument(ID(ord))
			d.AddField(b.Field())
			if err := batch.IndexAdvanced(d); err != nil {
				t.Fatal(err)
			}
			ord++
		}
		for o := range texts {
			if o+30 < ord && r.IntN(6) == 0 {
				batch.Delete(ID(o))
				delete(texts, o)
			}
		}
		if err := x.Batch(batch); err != nil {
			t.Fatal(err)
		}
	}
	check := func(when string) {
		t.Helper()
		n, err := x.DocCount()
		if err != nil || n != uint64(len(texts)) {
			t.Fatalf("%s: %d documents, want %d: %v", when, n, len(texts), err)
		}
		for _, w := range append(words, "absent") {
			term, prefix, fuzzy := bleve.NewTermQuery(w), bleve.NewPrefixQuery(w[:4]), bleve.NewFuzzyQuery(w[:len(w)-1]+"x")
			term.SetField("b")
			prefix.SetField("b")
			fuzzy.SetField("b")
			for _, q := range []struct {
				name string
				req  *bleve.SearchRequest
				has  func(string) bool
			}{
				{"term", bleve.NewSearchRequest(term), func(s string) bool { return s == w }},
				{"prefix", bleve.NewSearchRequest(prefix), func(s string) bool { return strings.HasPrefix(s, w[:4]) }},
				{"fuzzy", bleve.NewSearchRequest(fuzzy), func(s string) bool { return s == w || w == "rivers" && s == "river" }},
			} {
				want := 0
				for _, text := range texts {
					if slices.ContainsFunc(text, q.has) {
						want++
					}
				}
				res, err := x.Search(q.req)
				if err != nil || int(res.Total) != want {
					t.Fatalf("%s: %s %s: %v, %v, want %d", when, q.name, w, err, res, want)
				}
			}
		}
	}
	check("new")
	adv, err := x.Advanced()
	if err != nil {
		t.Fatal(err)
	}
	if err := adv.(*scorch.Scorch).ForceMerge(context.Background(), nil); err != nil { //nolint:forcetypeassert // it was made as one
		t.Fatal(err)
	}
	check("merged")
	if err := x.Close(); err != nil {
		t.Fatal(err)
	}
	if x, err = bleve.OpenUsing(dir, config); err != nil {
		t.Fatal(err)
	}
	check("opened again")
	if err := x.Close(); err != nil {
		t.Fatal(err)
	}
}
