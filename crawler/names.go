package crawler

import (
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"sync"
)

// Bounds of what is remembered of outlets' names.
const (
	maxNamedOutlets = 100_000
	maxOutletNames  = 16  // of one outlet; later ones do not count
	maxNameBytes    = 200 // of one name
	minTails        = 3   // pages whose titles end alike before that is a name
	enoughPages     = 64  // of one outlet; what is learned then stays
)

// OutletName is what one page calls its outlet.
type OutletName struct {
	Name string // "" if it does not say
	From string // "list": known for sure; "name": by a name; "address": by nothing better than an address
	Tail string // how its title ends; what many titles of an outlet end with is its name
}

// OutletNames learns what outlets are called from their pages, one after the
// other: pages of one outlet name a section, an app or an address at times, and
// all its articles should have one name. What a page is told depends on the
// pages before it alone, so that the same pages in the same order give the same
// names. The zero value knows nothing. Its methods are safe for use by several
// goroutines.
type OutletNames struct {
	mu      sync.Mutex
	outlets map[string]*outletVotes
	keep    votesKeeper // nil: in memory only
}

// votesKeeper keeps votes between runs.
type votesKeeper interface {
	outletVotes(domain string) (*outletVotes, error)
	setOutletVotes(domain string, v *outletVotes) error
}

// nameVote is a name and how many pages gave it.
type nameVote struct {
	Name  string
	Pages int
}

// outletVotes are the names of one outlet in the order in which they came up.
type outletVotes struct {
	Names, Tails []nameVote
	Pages        int
}

// Learn takes what a page calls its outlet, by the outlet's domain, and gives
// the name by which it is known now. It fails only if what was learned before
// cannot be read or kept; the name is the page's own then.
func (o *OutletNames) Learn(domain string, n OutletName) (string, error) {
	return o.name(domain, n, true)
}

// Known gives the name of an outlet without learning from the page.
func (o *OutletNames) Known(domain string, n OutletName) (string, error) {
	return o.name(domain, n, false)
}

func (o *OutletNames) name(domain string, n OutletName, learn bool) (string, error) {
	if n.From == "list" || domain == "" {
		return n.Name, nil
	}
	o.mu.Lock()
	defer o.mu.Unlock()
	v, err := o.votes(domain)
	if err != nil || v == nil {
		return n.Name, err
	}
	if learn && v.Pages < enoughPages {
		v.Pages++
		if n.From == "name" {
			vote(&v.Names, n.Name)
		}
		vote(&v.Tails, n.Tail)
		if o.keep != nil {
			err = o.keep.setOutletVotes(domain, v)
		}
	}
	if w := most(v.Names); w.Pages > 0 {
		return w.Name, err
	}
	if w := most(v.Tails); w.Pages >= minTails {
		return w.Name, err
	}
	return n.Name, err
}

// votes are those of one outlet; nil if there are too many outlets.
func (o *OutletNames) votes(domain string) (*outletVotes, error) {
	if v := o.outlets[domain]; v != nil {
		return v, nil
	}
	if len(o.outlets) >= maxNamedOutlets {
		return nil, nil
	}
	v := &outletVotes{}
	if o.keep != nil {
		kept, err := o.keep.outletVotes(domain)
		if err != nil {
			return nil, err
		}
		v = kept
	}
	if o.outlets == nil {
		o.outlets = map[string]*outletVotes{}
	}
	o.outlets[domain] = v
	return v, nil
}

func vote(list *[]nameVote, name string) {
	if name == "" || len(name) > maxNameBytes {
		return
	}
	for i := range *list {
		if (*list)[i].Name == name {
			(*list)[i].Pages++
			return
		}
	}
	if len(*list) < maxOutletNames {
		*list = append(*list, nameVote{name, 1})
	}
}

// most is the name with the most pages, of several the first that came up.
func most(list []nameVote) nameVote {
	var best nameVote
	for _, v := range list {
		if v.Pages > best.Pages {
			best = v
		}
	}
	return best
}

func (f *frontier) outletVotes(domain string) (*outletVotes, error) {
	v := &outletVotes{}
	var text string
	err := f.read(func() error {
		return f.row(`SELECT votes FROM outlet_names WHERE domain = ?`, domain).Scan(&text)
	})
	if errors.Is(err, sql.ErrNoRows) {
		return v, nil
	}
	if err == nil {
		err = json.Unmarshal([]byte(text), v)
	}
	if err != nil {
		return nil, fmt.Errorf("names of outlet %s: %w", domain, err)
	}
	return v, nil
}

func (f *frontier) setOutletVotes(domain string, v *outletVotes) error {
	text, err := json.Marshal(v)
	if err == nil {
		err = f.write(func() error {
			_, err := f.exec(`INSERT OR REPLACE INTO outlet_names VALUES (?, ?)`, domain, string(text))
			return err
		})
	}
	if err != nil {
		return fmt.Errorf("names of outlet %s: %w", domain, err)
	}
	return nil
}
