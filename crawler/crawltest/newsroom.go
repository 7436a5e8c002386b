package crawltest

import (
	"context"
	"maps"
	"net"
	"net/http"
	"strings"
	"sync"
	"time"
)

// hostileDomain serves the hostile pages.
const hostileDomain = "oddities.example"

// A Source is an address from which the articles of an outlet are found.
type Source struct {
	Kind string // feed, sitemap or page, as in the configuration
	URL  string
}

// An Option changes what [StartNewsroom] serves.
type Option func(*Newsroom)

// WithoutHostile leaves the hostile pages out.
func WithoutHostile() Option { return func(n *Newsroom) { n.hostile = false } }

// A Newsroom serves the invented outlets on loopback, told apart by the Host
// header. Its methods may be called at any time by several goroutines.
type Newsroom struct {
	ln      net.Listener
	srv     *http.Server
	hostile bool
	edit    *Article

	mu       sync.Mutex
	articles []*Article
	pages    map[string]Page // by host and path
	hits     map[string]int
}

// StartNewsroom starts the invented outlets on a free port of 127.0.0.1.
func StartNewsroom(opts ...Option) (*Newsroom, error) {
	n := &Newsroom{hostile: true, hits: map[string]int{}}
	for _, o := range opts {
		o(n)
	}
	var err error
	if n.articles, n.edit, err = load(); err != nil {
		return nil, err
	}
	n.render()
	if n.ln, err = (&net.ListenConfig{}).Listen(context.Background(), "tcp", "127.0.0.1:0"); err != nil {
		return nil, err
	}
	n.srv = &http.Server{Handler: n, ReadHeaderTimeout: 10 * time.Second}
	go func() { _ = n.srv.Serve(n.ln) }() // until Close
	return n, nil
}

// Addr returns the host and port at which every outlet is served.
func (n *Newsroom) Addr() string { return n.ln.Addr().String() }

// Close stops the newsroom and cuts its connections.
func (n *Newsroom) Close() { n.srv.Close() }

// Outlets returns the invented outlets.
func (n *Newsroom) Outlets() []Outlet { return append([]Outlet(nil), outlets...) }

// Sources returns the addresses from which all articles, and the hostile
// pages, can be found.
func (n *Newsroom) Sources() []Source {
	var s []Source
	for _, o := range outlets {
		base := "http://" + o.Domain
		switch o.discovery {
		case "atom":
			s = append(s, Source{"feed", base + "/atom.xml"})
		case "json":
			s = append(s, Source{"feed", base + "/feed.json"})
		case "sitemap":
			s = append(s, Source{"sitemap", base + "/sitemap.xml"})
		case "page":
			s = append(s, Source{"page", base + "/news/"})
		default:
			s = append(s, Source{"feed", base + "/feed.xml"})
		}
	}
	if n.hostile {
		s = append(s, Source{"page", "http://" + hostileDomain + "/news/"})
	}
	return s
}

// Articles returns what the outlets publish at present, the hostile pages
// left out.
func (n *Newsroom) Articles() []Article {
	n.mu.Lock()
	defer n.mu.Unlock()
	all := make([]Article, len(n.articles))
	for i, a := range n.articles {
		all[i] = *a
	}
	return all
}

// HostilePages returns the addresses of the hostile pages.
func (n *Newsroom) HostilePages() []string {
	if !n.hostile {
		return nil
	}
	var urls []string
	for _, h := range hostilePages() {
		urls = append(urls, "http://"+hostileDomain+h.path)
	}
	return urls
}

// Edit publishes the edit of the one article that changes: another title and
// body at the same address. It returns that address. A second call changes
// nothing.
func (n *Newsroom) Edit() string {
	n.mu.Lock()
	defer n.mu.Unlock()
	for i, a := range n.articles {
		if a.URL == n.edit.URL {
			e := *n.edit
			e.Modified = e.Published.Add(3 * time.Hour)
			n.articles[i] = &e
		}
	}
	n.render()
	return n.edit.URL
}

// Hits returns the number of requests by URL.
func (n *Newsroom) Hits() map[string]int {
	n.mu.Lock()
	defer n.mu.Unlock()
	return maps.Clone(n.hits)
}

// ServeHTTP answers for every outlet; a Newsroom is an [http.Handler] too.
func (n *Newsroom) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	host := strings.ToLower(r.Host)
	if h, _, err := net.SplitHostPort(host); err == nil {
		host = h
	}
	n.mu.Lock()
	n.hits["http://"+host+r.URL.RequestURI()]++
	p, ok := n.pages[host+r.URL.Path]
	n.mu.Unlock()
	if !ok {
		http.NotFound(w, r)
		return
	}
	p.serve(w, r)
}
