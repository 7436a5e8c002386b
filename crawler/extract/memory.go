package extract

import (
	"bufio"
	"cmp"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"net/url"
	"slices"
	"strings"
	"sync"
	"time"

	"golang.org/x/net/publicsuffix"

	"dateline/crawler/extract/internal/body"
)

// Bounds of what is remembered. At most it is 32 MB; a usual page has some
// thirty lines, and a usual outlet's part is 10 KB.
const (
	memoryOutlets = 1000 // the outlets that were learned from last
	memoryPages   = 40   // the last pages of an outlet
	memoryLines   = 100  // of one page
)

// A line is an outlet's and not an article's when at least so many of its last
// pages, and one in so many, have it. Paragraphs of background that an outlet
// copies from one report to the next are on fewer.
const (
	commonPages = 3
	commonShare = 5
)

// Memory knows which lines the pages of an outlet have in common: offers,
// biographies, rules for comments and the like, which one page alone cannot
// show. What it learns has no effect until Activate, so that pages that are read
// again between two calls give the same articles. Its methods may be called
// at the same time.
type Memory struct {
	mu      sync.Mutex
	outlets map[string]*outletMemory
	clock   uint64 // pages learned so far
	least   int    // pages that must have a line
}

type outletMemory struct {
	pages  []pageLines // the oldest first
	common []uint64    // sorted, in force
	last   uint64      // the clock when it was learned from
}

type pageLines struct {
	page  uint64 // hash of its address
	lines []uint64
}

// NewMemory is a memory of nothing.
func NewMemory() *Memory {
	return &Memory{outlets: map[string]*outletMemory{}, least: commonPages}
}

// Require says how many pages of an outlet must have a line, for data with fewer
// pages of one than a crawl has. It is not written.
func (m *Memory) Require(pages int) { m.least = pages }

// Extract is Extract without the lines that the page's outlet has in common.
func (m *Memory) Extract(page []byte, contentType, pageURL string) (*Page, error) {
	return With(body.Fitted(), m, page, contentType, pageURL)
}

// At is Extract for a page that was fetched at a given time, such as one of an
// archive: what it dates later was not published then.
func (m *Memory) At(page []byte, contentType, pageURL string, fetched time.Time) (*Page, error) {
	return with(body.Fitted(), m, page, contentType, pageURL, fetched)
}

// common gives the lines in force for an outlet.
func (m *Memory) common(outlet string) []uint64 {
	m.mu.Lock()
	defer m.mu.Unlock()
	if o := m.outlets[outlet]; o != nil {
		return o.common
	}
	return nil
}

// Learn notes the lines of a page. The same page counts once.
func (m *Memory) Learn(p *Page) {
	if p.outletKey == "" || len(p.lines) == 0 {
		return
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	m.clock++
	o := m.outlets[p.outletKey]
	if o == nil {
		o = &outletMemory{}
		m.outlets[p.outletKey] = o
		m.forget()
	}
	o.last = m.clock
	page := body.Join(body.Tokens(p.Canonical))
	o.pages = slices.DeleteFunc(o.pages, func(l pageLines) bool { return l.page == page })
	if n := len(o.pages) - memoryPages + 1; n > 0 {
		o.pages = slices.Delete(o.pages, 0, n)
	}
	o.pages = append(o.pages, pageLines{page, p.lines})
}

// forget drops the outlets that nothing was learned from for the longest time.
func (m *Memory) forget() {
	for len(m.outlets) > memoryOutlets {
		oldest := ""
		for k, o := range m.outlets {
			if b := m.outlets[oldest]; oldest == "" || o.last < b.last {
				if o.last != 0 { // 0 is the one that is being added
					oldest = k
				}
			}
		}
		delete(m.outlets, oldest)
	}
}

// Activate puts in force what was learned.
func (m *Memory) Activate() {
	m.mu.Lock()
	defer m.mu.Unlock()
	for _, o := range m.outlets {
		o.common = common(o.pages, m.least)
	}
}

func common(pages []pageLines, least int) []uint64 {
	on := map[uint64]int{}
	for _, p := range pages {
		for _, l := range p.lines {
			on[l]++
		}
	}
	var out []uint64
	for l, n := range on {
		if n >= least && n*commonShare >= len(pages) {
			out = append(out, l)
		}
	}
	slices.Sort(out)
	return out
}

const memoryMagic = "DLMEM1\n"

// Write writes the memory; the same memory gives the same bytes.
func (m *Memory) Write(w io.Writer) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	b := []byte(memoryMagic)
	put := func(x uint64) { b = binary.AppendUvarint(b, x) }
	list := func(l []uint64) {
		put(uint64(len(l)))
		for _, x := range l {
			put(x)
		}
	}
	keys := make([]string, 0, len(m.outlets))
	for k := range m.outlets {
		keys = append(keys, k)
	}
	slices.SortFunc(keys, func(a, b string) int {
		return cmp.Or(cmp.Compare(m.outlets[a].last, m.outlets[b].last), strings.Compare(a, b))
	})
	put(m.clock)
	put(uint64(len(keys)))
	for _, k := range keys {
		o := m.outlets[k]
		put(uint64(len(k)))
		b = append(b, k...)
		put(o.last)
		list(o.common)
		put(uint64(len(o.pages)))
		for _, p := range o.pages {
			put(p.page)
			list(p.lines)
		}
	}
	_, err := w.Write(b)
	return err
}

var errMemory = errors.New("extract: not a memory of lines, or damaged; it may be deleted, and is learned again")

// ReadMemory reads what Write wrote.
func ReadMemory(r io.Reader) (*Memory, error) {
	in := bufio.NewReader(r)
	head := make([]byte, len(memoryMagic))
	if _, err := io.ReadFull(in, head); err != nil || string(head) != memoryMagic {
		return nil, errMemory
	}
	var bad error
	get := func(most uint64) uint64 {
		if bad != nil {
			return 0
		}
		x, err := binary.ReadUvarint(in)
		if err != nil || x > most {
			bad = fmt.Errorf("%w (%w)", errMemory, cmp.Or(err, errors.New("a number out of range")))
			return 0
		}
		return x
	}
	const any = 1<<64 - 1
	list := func(most uint64) []uint64 {
		var out []uint64
		for n := get(most); n > 0 && bad == nil; n-- {
			out = append(out, get(any))
		}
		return out
	}
	m := NewMemory()
	m.clock = get(any)
	for n := get(memoryOutlets); n > 0 && bad == nil; n-- {
		name := make([]byte, get(300))
		if _, err := io.ReadFull(in, name); err != nil {
			return nil, errMemory
		}
		o := &outletMemory{last: get(any), common: list(memoryPages * memoryLines)}
		for k := get(memoryPages); k > 0 && bad == nil; k-- {
			o.pages = append(o.pages, pageLines{get(any), list(memoryLines)})
		}
		m.outlets[string(name)] = o
	}
	if bad != nil {
		return nil, bad
	}
	if _, err := in.ReadByte(); err != io.EOF {
		return nil, errMemory
	}
	return m, nil
}

// outletKey is the registrable domain of an address, or its host.
func outletKey(address string) string {
	u, err := url.Parse(address)
	if err != nil {
		return ""
	}
	host := strings.TrimSuffix(strings.ToLower(u.Hostname()), ".")
	if d, err := publicsuffix.EffectiveTLDPlusOne(host); err == nil {
		host = d
	}
	if len(host) > 300 {
		return ""
	}
	return host
}
