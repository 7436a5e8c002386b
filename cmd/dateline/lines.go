package main

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"sync"

	"dateline/crawler/extract"
)

// linesFile, in the data folder, is what the pages of each outlet were found to
// have in common.
const linesFile = "lines.mem"

// saveEvery is after how many learned pages the memory is written: a crawler that
// is killed loses what it learned of fewer.
const saveEvery = 500

// lines is the extractor's memory of outlets with its file. What was learned
// comes into force when a crawl starts, never in between: reextract gives the
// articles that the crawl gave.
type lines struct {
	*extract.Memory
	path    string
	mu      sync.Mutex
	unsaved int
}

func openLines(dir string) (*lines, error) {
	m := &lines{Memory: extract.NewMemory(), path: filepath.Join(dir, linesFile)}
	f, err := os.Open(m.path)
	if errors.Is(err, fs.ErrNotExist) {
		return m, nil
	}
	if err != nil {
		return nil, err
	}
	defer f.Close()
	if m.Memory, err = extract.ReadMemory(f); err != nil {
		return nil, fmt.Errorf("%s: %w", m.path, err)
	}
	return m, nil
}

// activate puts in force what was learned so far, for good.
func (m *lines) activate() error {
	m.Activate()
	return m.save()
}

// learn notes the lines of a page that looks like an article: lists of them
// repeat what articles begin with.
func (m *lines) learn(p *extract.Page) error {
	if p.Article.Published.IsZero() || p.NoIndex {
		return nil
	}
	m.Learn(p)
	m.mu.Lock()
	m.unsaved++
	full := m.unsaved >= saveEvery
	m.mu.Unlock()
	if !full {
		return nil
	}
	return m.save()
}

// close writes what was learned since the last time.
func (m *lines) close() error {
	m.mu.Lock()
	changed := m.unsaved > 0
	m.mu.Unlock()
	if !changed {
		return nil
	}
	return m.save()
}

// save writes the file whole or not at all.
func (m *lines) save() error {
	m.mu.Lock()
	defer m.mu.Unlock()
	f, err := os.CreateTemp(filepath.Dir(m.path), linesFile+"-*")
	if err != nil {
		return err
	}
	err = errors.Join(m.Write(f), f.Close())
	if err == nil {
		err = os.Rename(f.Name(), m.path)
	}
	if err != nil {
		return errors.Join(fmt.Errorf("%s: %w", m.path, err), os.Remove(f.Name()))
	}
	m.unsaved = 0
	return nil
}
