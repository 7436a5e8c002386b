package crawler

import "sync"

// rulesCache keeps the rules of the sites asked lately, which are read for
// each request. What it has not is in the frontier.
type rulesCache struct {
	mu   sync.Mutex
	m    map[string]*hostRules
	size int // bytes of the rules
}

// rulesMax bounds the memory of the cache: a robots.txt is some kilobytes
// as a rule, and 500 KiB at most.
const rulesMax = 16 << 20

// rulesOverhead is about what an entry takes beside its text.
const rulesOverhead = 200

func newRulesCache() *rulesCache { return &rulesCache{m: map[string]*hostRules{}} }

func (r *rulesCache) get(site string) *hostRules {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.m[site]
}

func (r *rulesCache) put(site string, rules *hostRules) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.drop(site)
	for k := range r.m { // any of them: which is asked next is up to the hosts
		if r.size+len(rules.body)+rulesOverhead <= rulesMax {
			break
		}
		r.drop(k)
	}
	r.m[site] = rules
	r.size += len(rules.body) + rulesOverhead
}

func (r *rulesCache) drop(site string) {
	if old := r.m[site]; old != nil {
		r.size -= len(old.body) + rulesOverhead
		delete(r.m, site)
	}
}

// knownRules gives the rules of a site as far as they are known, expired or
// not; nil if they never were.
func (c *Crawler) knownRules(site string) (*hostRules, error) {
	if r := c.sites.get(site); r != nil {
		return r, nil
	}
	r, err := c.front.robots(site, c.agent)
	if err == nil && r != nil {
		c.sites.put(site, r)
	}
	return r, err
}

// learnRules keeps the rules of a site for later runs too.
func (c *Crawler) learnRules(site string, r *hostRules) error {
	c.sites.put(site, r)
	return c.front.setRobots(site, r)
}
