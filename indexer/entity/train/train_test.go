package main

import (
	"os"
	"path/filepath"
	"reflect"
	"testing"

	"dateline/indexer/entity/tagger"
)

const dataDir = "../../../../shared/data/ner"

// TestDevSets scores the shipped model on sets that it was not trained on:
// F1 over exact spans with their types. The floors are a point below what was
// reached.
func TestDevSets(t *testing.T) {
	if _, err := os.Stat(dataDir); err != nil {
		t.Skip("labelled sets are missing: ", err)
	}
	for _, c := range []struct {
		set   string
		floor float64
	}{
		{"crossner_politics_dev", 66},
		{"uner_ewt_dev", 68},
		{"wnut17_dev", 51},
		{"gmb_dev", 75},
	} {
		var tp, fp, fn int
		err := linesOf(filepath.Join(dataDir, c.set+".jsonl.gz"), func(line []byte) error {
			_, x, err := example(line)
			if err != nil {
				return err
			}
			gold := map[tagger.Span]bool{}
			for _, s := range x.Names {
				if s.Type != tagger.Other {
					gold[s] = true
				}
			}
			for _, s := range tagger.Default().Tag(x.Text)[0] {
				s.Margin, s.Sport = 0, false
				switch {
				case s.Type == tagger.Other:
				case gold[s]:
					tp++
					delete(gold, s)
				default:
					fp++
				}
			}
			fn += len(gold)
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
		f1 := 200 * float64(tp) / float64(2*tp+fp+fn)
		t.Logf("%s: F1 %.1f (right %d, wrong %d, missed %d)", c.set, f1, tp, fp, fn)
		if f1 < c.floor {
			t.Errorf("%s: F1 %.1f is below %.1f", c.set, f1, c.floor)
		}
	}
}

func TestAgree(t *testing.T) {
	per, org, other := tagger.Span{Start: 0, End: 4}, tagger.Span{Start: 0, End: 4, Type: tagger.Organization}, tagger.Span{Start: 9, End: 12, Type: tagger.Other}
	for _, c := range []struct {
		name string
		a, b []tagger.Span
		want bool
	}{
		{"same words, other type", []tagger.Span{per}, []tagger.Span{org}, true},
		{"others do not count", []tagger.Span{per, other}, []tagger.Span{per}, true},
		{"one is missing", []tagger.Span{per}, nil, false},
		{"one is too much", nil, []tagger.Span{org}, false},
	} {
		if got := agree(c.a, c.b); got != c.want {
			t.Errorf("%s: got %v, want %v", c.name, got, c.want)
		}
	}
}

func TestHeadline(t *testing.T) {
	x := tagger.Example{Text: "The mayor of Velmora met both Ann Lee.", Names: []tagger.Span{{Start: 13, End: 20, Type: tagger.Place}, {Start: 30, End: 38}}}
	got := headline(x)
	want := tagger.Example{Text: "The Mayor of Velmora met Both Ann Lee", Names: []tagger.Span{{Start: 13, End: 20, Type: tagger.Place}, {Start: 30, End: 37}}}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("got %+v, want %+v", got, want)
	}
	if x.Names[1].End != 38 {
		t.Error("the example itself was changed")
	}
}

func TestExampleRefuses(t *testing.T) {
	for _, line := range []string{
		`{`,
		`{"text":"Ann","entities":[{"start":0,"end":4,"type":"PER"}]}`,
		`{"text":"Ann","entities":[{"start":2,"end":2,"type":"PER"}]}`,
		`{"text":"Ann","entities":[{"start":0,"end":3,"type":"GPE"}]}`,
	} {
		if _, _, err := example([]byte(line)); err == nil {
			t.Errorf("%s: no error", line)
		}
	}
}
