package indexer

import (
	"cmp"
	"crypto/rand"
	"crypto/sha256"
	"encoding/binary"
	"encoding/json"
	"errors"
	"net/netip"
	"os"
	"slices"
	"strings"
	"sync"
	"time"
	"unicode"
	"unicode/utf8"

	"dateline"
)

// pastQueries remembers what several people searched for and found something
// with, to suggest it to others.
//
// Who searched is known only as a hash of the address with a salt that is made
// anew each day, and neither leaves the memory. So clients of two days cannot
// be told apart, and a query is suggested only after enough of them asked it
// on one day. Until then it is in no file either.
type pastQueries struct {
	path string
	now  func() time.Time

	mu     sync.Mutex
	day    string // of the salt, and of all hashes
	salt   [16]byte
	fresh  map[string]*freshQuery // of today, by folded text
	askers map[uint64]int         // client of today -> fresh queries that it brought up
	known  map[string]*pastQuery
	dirty  bool
	saved  time.Time
}

// freshQuery is one that too few clients have asked.
type freshQuery struct {
	text    string
	clients []uint64
}

// pastQuery is one that may be suggested.
type pastQuery struct {
	Text    string `json:"q"`
	Clients int    `json:"clients"` // summed over days
	Last    string `json:"last"`    // day on which it was asked last

	words []token
	today map[uint64]bool
}

const (
	queryClients   = 3 // on one day, before a query is suggested
	maxQueryRunes  = 80
	maxQueryWords  = 10
	maxPastQueries = 2000
	maxFresh       = 10_000
	maxFreshOfOne  = 100 // that one client may bring up on a day
	maxTodayOfOne  = 1000
	queryDays      = 60 // after which one that nobody asks is forgotten
	savePastEvery  = 10 * time.Minute
)

// openPastQueries reads what was saved. A file that cannot be read is an
// error, one that makes no sense is begun anew.
func openPastQueries(path string, now func() time.Time) (*pastQueries, error) {
	p := &pastQueries{path: path, now: now, known: map[string]*pastQuery{}, saved: now()}
	b, err := os.ReadFile(path)
	if err != nil && !errors.Is(err, os.ErrNotExist) {
		return nil, err
	}
	var list []*pastQuery
	if json.Unmarshal(b, &list) == nil {
		for _, q := range list[:min(len(list), maxPastQueries)] {
			if q != nil && suggestible(q.Text) {
				q.words = analyze(otherLang, q.Text)
				p.known[fold(q.Text)] = q
			}
		}
	}
	p.turn()
	return p, nil
}

// turn begins a day, if it is another one: nobody of the day before is known.
func (p *pastQueries) turn() {
	day := p.now().UTC().Format(time.DateOnly)
	if day == p.day {
		return
	}
	p.day, p.fresh, p.askers = day, map[string]*freshQuery{}, map[uint64]int{}
	_, _ = rand.Read(p.salt[:]) // never fails
	oldest := p.now().UTC().AddDate(0, 0, -queryDays).Format(time.DateOnly)
	for k, q := range p.known {
		q.today = nil
		if q.Last < oldest {
			delete(p.known, k)
			p.dirty = true
		}
	}
}

// hash stands for a client until the day ends. Who has an IPv6 network has all
// addresses of it.
func (p *pastQueries) hash(client netip.Addr) uint64 {
	client = client.Unmap()
	if client.Is6() {
		client = netip.PrefixFrom(client.WithZone(""), 64).Masked().Addr()
	}
	sum := sha256.Sum256(append(p.salt[:], client.AsSlice()...))
	return binary.LittleEndian.Uint64(sum[:])
}

// note counts a search of a client. It tells whether that made the query one
// to be suggested.
func (p *pastQueries) note(text string, client netip.Addr) (isNew bool) {
	text = strings.Join(strings.Fields(text), " ")
	if !suggestible(text) {
		return false
	}
	key := fold(text)
	p.mu.Lock()
	defer p.mu.Unlock()
	p.turn()
	who := p.hash(client)
	if q := p.known[key]; q != nil {
		if !q.today[who] && len(q.today) < maxTodayOfOne {
			if q.today == nil {
				q.today = map[uint64]bool{}
			}
			q.today[who] = true
			q.Clients++
			q.Last, p.dirty = p.day, true
		}
		return false
	}
	q := p.fresh[key]
	if q == nil {
		if len(p.fresh) >= maxFresh || p.askers[who] >= maxFreshOfOne {
			return false
		}
		p.askers[who]++
		q = &freshQuery{text: text}
		p.fresh[key] = q
	}
	if slices.Contains(q.clients, who) {
		return false
	}
	if q.clients = append(q.clients, who); len(q.clients) < queryClients {
		return false
	}
	delete(p.fresh, key)
	if len(p.known) >= maxPastQueries {
		p.forget()
	}
	n := &pastQuery{Text: q.text, Clients: queryClients, Last: p.day, words: analyze(otherLang, q.text), today: map[uint64]bool{}}
	for _, c := range q.clients {
		n.today[c] = true
	}
	p.known[key], p.dirty = n, true
	return true
}

// forget makes room: it drops the query that the fewest asked, of those the
// one that was asked last the longest ago.
func (p *pastQueries) forget() {
	worst := ""
	for k, q := range p.known {
		if w := p.known[worst]; w == nil || cmp.Or(cmp.Compare(q.Clients, w.Clients), strings.Compare(q.Last, w.Last), strings.Compare(k, worst)) < 0 {
			worst = k
		}
	}
	delete(p.known, worst)
}

// save writes the queries that are suggested, if they changed and, unless it
// is the end, were not written a short while ago.
func (p *pastQueries) save(end bool) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	if !p.dirty || !end && p.now().Sub(p.saved) < savePastEvery {
		return nil
	}
	list := p.list()
	b, err := json.Marshal(list)
	if err != nil {
		return err
	}
	p.saved = p.now() // also if it fails: not with each search
	if err := writeSync(p.path+".tmp", string(b)+"\n"); err != nil {
		return err
	}
	p.dirty = false
	return os.Rename(p.path+".tmp", p.path)
}

// list gives the known queries, the most asked first.
func (p *pastQueries) list() []*pastQuery {
	list := make([]*pastQuery, 0, len(p.known))
	for _, q := range p.known {
		list = append(list, q)
	}
	slices.SortFunc(list, func(a, b *pastQuery) int {
		return cmp.Or(cmp.Compare(b.Clients, a.Clients), strings.Compare(b.Last, a.Last), strings.Compare(a.Text, b.Text))
	})
	return list
}

// like gives the queries that have words that begin as those typed, or nearly
// so, but not what is typed already.
func (p *pastQueries) like(typed string, want []token, limit int) []string {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.turn()
	var exact, near []*pastQuery
	same := fold(strings.Join(strings.Fields(typed), " "))
	spellers := make([]*speller, len(want))
	for i, w := range want {
		spellers[i] = newSpeller(w.word, typoLimit(utf8.RuneCountInString(w.word)), i == len(want)-1)
	}
	for key, q := range p.known {
		if key == same {
			continue
		}
		typos := false
		ok := true
		for i, w := range want {
			switch {
			case slices.ContainsFunc(q.words, func(t token) bool { return strings.HasPrefix(t.word, w.word) }):
			case spellers[i].limit > 0 && slices.ContainsFunc(q.words, func(t token) bool { return spellers[i].distance([]byte(t.word)) <= spellers[i].limit }):
				typos = true
			default:
				ok = false
			}
		}
		if ok && typos {
			near = append(near, q)
		} else if ok {
			exact = append(exact, q)
		}
	}
	var out []string
	for _, l := range [][]*pastQuery{exact, near} {
		slices.SortFunc(l, func(a, b *pastQuery) int {
			return cmp.Or(cmp.Compare(b.Clients, a.Clients), strings.Compare(a.Text, b.Text))
		})
		for _, q := range l[:min(len(l), limit-len(out))] {
			out = append(out, q.Text)
		}
	}
	return out
}

// suggestible tells whether a query may be shown to others: not what is long,
// and not what looks like an address, a number, a password or a key of
// somebody.
func suggestible(text string) bool {
	if n := utf8.RuneCountInString(text); n < 3 || n > maxQueryRunes || !utf8.ValidString(text) || len(strings.Fields(text)) > maxQueryWords {
		return false
	}
	if strings.ContainsAny(text, "@\\<>") || strings.Contains(text, "://") || strings.Contains(strings.ToLower(text), "www.") {
		return false
	}
	digits := 0
	for _, r := range text {
		if unicode.IsControl(r) {
			return false
		}
		if unicode.IsDigit(r) {
			digits++
		}
	}
	if digits >= 6 {
		return false
	}
	for _, w := range strings.Fields(text) {
		letters, figures := 0, 0
		for _, r := range w {
			switch {
			case r >= '0' && r <= '9':
				figures++
			case r < utf8.RuneSelf:
				letters++
			}
		}
		if letters+figures >= 30 || letters > 0 && figures > 1 && letters+figures >= 10 {
			return false
		}
	}
	return len(analyze(otherLang, text)) > 0
}

// Searched notes a search that was answered, and how many articles it found,
// for Suggest. client is the address that asked.
func (x *Index) Searched(q dateline.Query, found int, client string) {
	if x.past == nil || found == 0 || q.Cursor != "" || q.Limit == 0 || unfinished(q.Root) {
		return
	}
	addr, err := netip.ParseAddr(client)
	if err != nil {
		return // this machine's own command line
	}
	if x.past.note(q.Text, addr) {
		x.changes.Add(1)
	}
	if err := x.past.save(false); err != nil {
		x.log.Warn("the queries to be suggested were not saved", "err", err)
	}
}

// unfinished tells whether a query ends with the beginning of a word: a search
// box that shows results asks so with each letter.
func unfinished(n dateline.Node) bool {
	switch n := n.(type) {
	case nil, *dateline.Prefix:
		return true
	case *dateline.And:
		return unfinished(n.Nodes[len(n.Nodes)-1])
	case *dateline.Or:
		return unfinished(n.Nodes[len(n.Nodes)-1])
	case *dateline.Not:
		return unfinished(n.Node)
	}
	return false
}
