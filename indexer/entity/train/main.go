// Command train makes the model of package tagger from labelled text:
//
//	go run ./indexer/entity/train --data DIR [--out FILE]
//
// DIR holds the sets that indexer/entity/MODEL.md names. The same sets give
// the same bytes. Second labels for the sentences of the Groningen Meaning
// Bank are in labels.tsv.gz beside this file, which relabel.py made.
package main

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"dateline/indexer/entity/tagger"
)

func main() {
	data := flag.String("data", "", "folder with the training sets")
	out := flag.String("out", filepath.Join("indexer", "entity", "tagger", "model.gz"), "where the model goes")
	runs := flag.Int("runs", 5, "how often to learn, in other orders; the model is the mean")
	flag.Parse()
	if err := run(*data, *out, *runs); err != nil {
		fmt.Fprintln(os.Stderr, "train:", err)
		os.Exit(1)
	}
}

func run(dir, out string, runs int) error {
	if dir == "" {
		return fmt.Errorf("no folder, want --data DIR with gmb_train.jsonl.gz and the other sets of MODEL.md")
	}
	examples, err := readSets(dir)
	if err != nil {
		return err
	}
	lists, err := readLists(dir)
	if err != nil {
		return err
	}
	wire, err := readWire(newswire, knownNames(examples, lists))
	if err != nil {
		return err
	}
	examples = append(examples, wire...)
	begin := time.Now()
	m := tagger.Learn(examples, lists, tagger.Options{
		Epochs: 6, Runs: runs, MinCount: 3, Least: 0.5, Seed: 1,
		Progress: func(run, epoch, wrong, words int) {
			fmt.Fprintf(os.Stderr, "run %d, epoch %d: %.2f%% of %d words wrong, %s\n", run, epoch, 100*float64(wrong)/float64(words), words, time.Since(begin).Round(time.Second))
		},
	})
	b, err := m.Encode()
	if err != nil {
		return err
	}
	if err := os.WriteFile(out, b, 0o644); err != nil {
		return err
	}
	fmt.Fprintf(os.Stderr, "%s: %d examples, %.2f MiB\n", out, len(examples), float64(len(b))/(1<<20))
	return nil
}
