package indexer

import (
	"bufio"
	"bytes"
	"encoding/binary"
	"errors"
	"hash/crc32"
	"os"
	"sync"
	"unicode"
	"unicode/utf8"

	"dateline/indexer/store"
)

// What a query's words are compared with is kept by a generation: the words
// of articles with the number of articles that have each, as they are written
// and not as stems; and the words of names and of titles (names.go,
// titles.go). It is of no view: a suggestion may be a batch early or late.

// words are the words of articles. An edit counts only words that are new, as
// most were counted before, and what is deleted stays counted until the next
// reindex: the counts order suggestions, and are shown nowhere.
//
// They are in a file of their own, as the index has stems only. It is written
// now and then and at the end; after a crash, or where it is missing, the
// articles after it are read from the store again.
//
//	words file = magic, crc32c of the rest, ordinals counted, (word length, word, count)*
//
// Integers but the sum are uvarints.
type words struct {
	mu    sync.RWMutex // searches read while the writer adds
	lex   lexicon
	path  string
	upTo  int      // ordinals that are counted
	saved int      // upTo of the file
	marks []uint32 // by number: the last article that had it
	turn  uint32
}

const (
	wordsMagic = "dateline words 1\n"

	// maxWords bounds the memory to 10 MiB. A collection has as many when it is
	// large, and then those that only one article has are left out: half of
	// them are slips of the pen.
	maxWords = 1 << 18

	saveWordsEvery = 4096 // articles
)

// openWords reads the file, or begins without one.
func openWords(path string) (*words, error) {
	w := &words{path: path}
	b, err := os.ReadFile(path)
	if errors.Is(err, os.ErrNotExist) {
		return w, nil
	}
	if err != nil {
		return nil, err
	}
	rest, ok := bytes.CutPrefix(b, []byte(wordsMagic))
	if !ok || len(rest) < 4 || crc32.Checksum(rest[4:], castagnoli) != binary.LittleEndian.Uint32(rest) {
		return w, nil // counted anew from the store
	}
	r := reader{b: rest[4:]}
	upTo := int(r.uvarint())
	for len(r.b) > 0 && w.lex.len() < maxWords {
		word := string(r.bytes())
		count := r.uvarint()
		if n, ok := w.lex.add(word); ok && !r.bad {
			w.lex.count[n] = uint32(count)
		}
	}
	w.upTo, w.saved = upTo, upTo
	return w, nil
}

// countable tells whether a token is a word that somebody may mistype.
func countable(word string) bool {
	for _, r := range word {
		if unicode.IsDigit(r) {
			return false
		}
	}
	r, n := utf8.DecodeRuneInString(word)
	return n < len(word) && !isSingle(r)
}

// count takes the words of an article; of one that is edited, those that no
// article has had.
func (w *words) count(d *document, edited bool) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.turn++
	for _, part := range [][]token{d.title, d.body, d.brief} {
		for _, t := range part {
			n, ok := w.lex.find(t.word)
			if !ok && countable(t.word) {
				n, ok = w.lex.add(t.word)
			}
			if !ok {
				continue
			}
			for int(n) >= len(w.marks) {
				w.marks = append(w.marks, 0)
			}
			if w.marks[n] != w.turn && (!edited || w.lex.count[n] == 0) {
				w.marks[n] = w.turn
				w.lex.count[n]++
			}
		}
	}
	if w.lex.len() >= maxWords {
		w.forget()
	}
}

// forget drops the rarest words until a quarter of the room is free.
func (w *words) forget() {
	old := w.lex
	for least := uint32(2); w.lex.len() > maxWords*3/4; least *= 2 {
		w.lex = lexicon{}
		for i, c := range old.count {
			if c >= least {
				n, _ := w.lex.add(string(old.word(uint32(i))))
				w.lex.count[n] = c
			}
		}
	}
	w.marks = nil
}

// counted notes that articles up to an ordinal are counted, and saves them if
// many are.
func (w *words) counted(upTo int) error {
	w.upTo = upTo
	if upTo-w.saved < saveWordsEvery {
		return nil
	}
	return w.save()
}

// save writes the file. Another one takes its place at once, whole or not.
func (w *words) save() error {
	if w.upTo == w.saved {
		return nil
	}
	b := binary.AppendUvarint(nil, uint64(w.upTo))
	for i, c := range w.lex.count {
		word := w.lex.word(uint32(i))
		b = binary.AppendUvarint(b, uint64(len(word)))
		b = append(b, word...)
		b = binary.AppendUvarint(b, uint64(c))
	}
	f, err := os.Create(w.path + ".tmp")
	if err != nil {
		return err
	}
	out := bufio.NewWriter(f)
	_, _ = out.WriteString(wordsMagic) // errors stay and Flush gives them
	_, _ = out.Write(binary.LittleEndian.AppendUint32(nil, crc32.Checksum(b, castagnoli)))
	_, _ = out.Write(b)
	if err := errors.Join(out.Flush(), f.Close()); err != nil {
		return err
	}
	if err := os.Rename(f.Name(), w.path); err != nil {
		return err
	}
	w.saved = w.upTo
	return nil
}

// docs tells how many articles have a word, about.
func (w *words) docs(word string) int {
	w.mu.RLock()
	defer w.mu.RUnlock()
	if n, ok := w.lex.find(word); ok {
		return int(w.lex.count[n])
	}
	return 0
}

// like gives the n words that are most like one, but not itself.
func (w *words) like(word string, limit, n int) []nearWord {
	w.mu.RLock()
	defer w.mu.RUnlock()
	var out []nearWord
	w.lex.near(newSpeller(word, limit, false), func(k uint32, d int) {
		if d > 0 {
			out = append(out, nearWord{number: k, distance: d, count: int(w.lex.count[k]), word: string(w.lex.word(k))})
		}
	})
	return best(out, n)
}

// parts gives the two words that one is made of, if it is: of all ways to
// part it that whose rarer half is the most frequent.
func (w *words) parts(word string) (a, b string, count int) {
	w.mu.RLock()
	defer w.mu.RUnlock()
	at := 0
	for i := range word {
		if i == 0 || utf8.RuneCountInString(word[:i]) < 2 || utf8.RuneCountInString(word[i:]) < 2 {
			continue
		}
		x, ok := w.lex.find(word[:i])
		if !ok {
			continue
		}
		y, ok := w.lex.find(word[i:])
		if !ok {
			continue
		}
		if c := int(min(w.lex.count[x], w.lex.count[y])); c > count {
			at, count = i, c
		}
	}
	if count == 0 {
		return "", "", 0
	}
	return word[:at], word[at:], count
}

// uncounted gives the store rows of live articles that the words lack.
func (g *generation) uncounted() []int64 {
	var out []int64
	m := g.log.bytes()
	g.cols.live.each(func(o uint32) {
		if int(o) >= g.words.upTo {
			out = append(out, recordSeq(m.payload(g.cols.off[o])))
		}
	})
	return out
}

// learn takes the words of articles that were just indexed.
func (g *generation) learn(docs []*document, edited []bool) error {
	for i, d := range docs {
		g.words.count(d, edited[i])
	}
	return g.words.counted(g.cols.n)
}

// relearn counts articles that were indexed before.
func (g *generation) relearn(batch []store.Stored) {
	for _, d := range analyzeAll(batch) {
		g.words.count(d, false)
	}
}
