package main

import (
	"bufio"
	"bytes"
	"compress/gzip"
	_ "embed"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"dateline/indexer/entity/tagger"
)

// labels are what relabel.py made of the text of gmb_train.
//
//go:embed labels.tsv.gz
var labels []byte

// sets are what the model is trained on, and how often each is shown. Sets
// whose text is shared alike only (CrossNER, UNER EWT, a part of re3d) are
// left out; they judge.
var sets = []struct {
	name  string
	times int
}{
	{"gmb_train", 1},
	{"wikigold", 3},
	{"wnut17_train", 1},
	{"btc", 1},
}

var types = map[string]tagger.Type{"PER": tagger.Person, "ORG": tagger.Organization, "LOC": tagger.Place, "MISC": tagger.Other}

// maxLine bounds a record of a set.
const maxLine = 16 << 20

// lines calls f with each line of a packed stream; name is for errors.
func lines(name string, r io.Reader, f func(line []byte) error) error {
	z, err := gzip.NewReader(r)
	if err != nil {
		return fmt.Errorf("%s: %w", name, err)
	}
	sc := bufio.NewScanner(z)
	sc.Buffer(nil, maxLine)
	for n := 1; sc.Scan(); n++ {
		if err := f(sc.Bytes()); err != nil {
			return fmt.Errorf("%s:%d: %w", name, n, err)
		}
	}
	if err := sc.Err(); err != nil {
		return fmt.Errorf("%s: %w", name, err)
	}
	return nil
}

func linesOf(path string, f func(line []byte) error) error {
	file, err := os.Open(path)
	if err != nil {
		return err
	}
	defer file.Close()
	return lines(path, file, f)
}

func readSets(dir string) ([]tagger.Example, error) {
	relabelled, err := readLabels()
	if err != nil {
		return nil, err
	}
	var out []tagger.Example
	for _, s := range sets {
		var one []tagger.Example
		err := linesOf(filepath.Join(dir, s.name+".jsonl.gz"), func(line []byte) error {
			id, x, err := example(line)
			if err != nil {
				return err
			}
			if second, ok := relabelled[id]; ok {
				if !agree(x.Names, second) {
					return nil
				}
				x.Names = second
			}
			one = append(one, x)
			if len(one)%headEvery == 0 {
				one = append(one, headline(x))
			}
			return nil
		})
		if err != nil {
			return nil, err
		}
		for range s.times {
			out = append(out, one...)
		}
	}
	return out, nil
}

// example reads a record of a set.
func example(line []byte) (id string, x tagger.Example, err error) {
	var rec struct {
		ID       string
		Text     string
		Entities []struct {
			Start, End int
			Type       string
		}
	}
	if err := json.Unmarshal(line, &rec); err != nil {
		return "", x, err
	}
	x.Text = rec.Text
	for _, e := range rec.Entities {
		t, ok := types[e.Type]
		if !ok || e.Start < 0 || e.End > len(x.Text) || e.Start >= e.End {
			return "", x, fmt.Errorf("name [%d, %d) of type %q in %d bytes, want PER, ORG, LOC or MISC within the text", e.Start, e.End, e.Type, len(x.Text))
		}
		x.Names = append(x.Names, tagger.Span{Start: e.Start, End: e.End, Type: t})
	}
	return rec.ID, x, nil
}

// agree reports whether two labellers found people, organizations and places
// at the same words, whatever they took them for. Where they do, the names
// are there, and the second knows better what they are.
func agree(a, b []tagger.Span) bool {
	type place struct{ start, end int }
	count := map[place]int{}
	for _, s := range a {
		if s.Type != tagger.Other {
			count[place{s.Start, s.End}]++
		}
	}
	for _, s := range b {
		if s.Type != tagger.Other {
			count[place{s.Start, s.End}]--
		}
	}
	for _, n := range count {
		if n != 0 {
			return false
		}
	}
	return true
}

// readLabels gives the names that relabel.py found, by the sentences' ids.
func readLabels() (map[string][]tagger.Span, error) {
	out := map[string][]tagger.Span{}
	err := lines("labels.tsv.gz", bytes.NewReader(labels), func(line []byte) error {
		f := strings.Split(string(line), "\t")
		names := []tagger.Span{}
		for _, s := range f[1:] {
			p := strings.Split(s, ",")
			if len(p) != 3 {
				return fmt.Errorf("name %q, want first byte, length and type", s)
			}
			start, err := strconv.Atoi(p[0])
			if err != nil {
				return err
			}
			n, err := strconv.Atoi(p[1])
			if err != nil {
				return err
			}
			t, ok := types[p[2]]
			if !ok {
				return fmt.Errorf("type %q, want PER, ORG, LOC or MISC", p[2])
			}
			names = append(names, tagger.Span{Start: start, End: start + n, Type: t})
		}
		out[f[0]] = names
		return nil
	})
	return out, err
}

// headEvery is after how many examples one is shown in title case too.
const headEvery = 12

// headline gives an example in title case, as headlines have it: no offset
// changes, since only letters of ASCII do.
func headline(x tagger.Example) tagger.Example {
	b := []byte(x.Text)
	for i := range b {
		if b[i] < 'a' || b[i] > 'z' || i > 0 && b[i-1] != ' ' {
			continue
		}
		if n := bytes.IndexByte(b[i:], ' '); n < 0 || n > 3 {
			b[i] -= 'a' - 'A'
		}
	}
	x.Text, x.Names = strings.TrimSuffix(string(b), "."), slices.Clone(x.Names)
	// The full stop was the last byte, and no name ends behind it.
	for i, n := range x.Names {
		if n.End > len(x.Text) {
			x.Names[i].End = len(x.Text)
		}
	}
	return x
}

// classes are the bits of the lists' classes.
var classes = map[string]uint16{"city": 1, "country": 2, "region": 4, "place": 4, "first": 8, "last": 16, "person": 32, "org": 64, "demonym": 128, "title": 256}

func readLists(dir string) (tagger.Lists, error) {
	ls := tagger.Lists{Clusters: map[string][2]uint16{}, Names: map[string]uint16{}}
	err := linesOf(filepath.Join(dir, "clusters_glove_128_800.tsv.gz"), func(line []byte) error {
		f := strings.Split(string(line), "\t")
		if len(f) != 3 {
			return fmt.Errorf("%q, want word, coarse and fine cluster", line)
		}
		var c [2]uint16
		for i := range c {
			n, err := strconv.ParseUint(f[i+1], 10, 15)
			if err != nil {
				return err
			}
			c[i] = uint16(n) + 1
		}
		ls.Clusters[f[0]] = c
		return nil
	})
	if err != nil {
		return ls, err
	}
	err = linesOf(filepath.Join(dir, "gazetteer.tsv.gz"), func(line []byte) error {
		class, name, _ := strings.Cut(string(line), "\t")
		bit, ok := classes[class]
		if !ok {
			return fmt.Errorf("class %q, want one of city, country, region, place, first, last, person, org, demonym, title", class)
		}
		ls.Names[name] |= bit
		return nil
	})
	return ls, err
}
