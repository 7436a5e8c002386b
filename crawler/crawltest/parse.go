package crawltest

import (
	"embed"
	"fmt"
	"io/fs"
	"strings"
	"time"
)

//go:embed newsroom/*.txt
var newsroom embed.FS

// An Outlet is one of the invented newspapers.
type Outlet struct {
	Domain, Name, Country, Language string

	discovery string // how its articles are found: feed, atom, json, sitemap, page
	style     int    // the markup of its articles
}

// An Article is a piece as one outlet publishes it.
type Article struct {
	URL       string
	Outlet    string // domain
	Language  string
	Title     string
	Author    string
	Section   string
	Kind      string // article, wire, live, paywall, correction
	Wire      string // the wire text that it copies, if any
	Published time.Time
	Modified  time.Time
	Body      []string // paragraphs
}

// Text returns the paragraphs with an empty line between them.
func (a Article) Text() string { return strings.Join(a.Body, "\n\n") }

// A record is one entry of a data file: a line that starts with '@' and names
// its kind and fields, a title, and a paragraph a line. A line "--" is kept
// apart: a copy has its head before it and its tail after it.
type record struct {
	kind   string
	fields map[string]string
	title  string
	head   []string
	tail   []string
}

// parse reads the records of one data file. Lines that start with '#' are
// comments.
func parse(name, text string) ([]record, error) {
	var recs []record
	var r *record
	tail := false
	for i, line := range strings.Split(text, "\n") {
		line = strings.TrimSpace(line)
		switch {
		case line == "" || line[0] == '#':
		case line[0] == '@':
			words := strings.Fields(line[1:])
			if len(words) == 0 {
				return nil, fmt.Errorf("%s:%d: an entry without a kind", name, i+1)
			}
			recs = append(recs, record{kind: words[0], fields: map[string]string{}})
			r, tail = &recs[len(recs)-1], false
			for _, w := range words[1:] {
				k, v, ok := strings.Cut(w, "=")
				if !ok {
					return nil, fmt.Errorf("%s:%d: %q is not name=value", name, i+1, w)
				}
				r.fields[k] = strings.ReplaceAll(v, "_", " ")
			}
		case r == nil:
			return nil, fmt.Errorf("%s:%d: text before the first entry", name, i+1)
		case r.title == "":
			r.title = line
		case line == "--":
			tail = true
		case tail:
			r.tail = append(r.tail, line)
		default:
			r.head = append(r.head, line)
		}
	}
	return recs, nil
}

// load reads the embedded newsroom: its articles, and the edit of one of them.
func load() (articles []*Article, edit *Article, err error) {
	files, err := fs.Glob(newsroom, "newsroom/*.txt")
	if err != nil {
		return nil, nil, err
	}
	var recs []record
	for _, f := range files {
		text, err := newsroom.ReadFile(f)
		if err != nil {
			return nil, nil, err
		}
		rs, err := parse(f, string(text))
		if err != nil {
			return nil, nil, err
		}
		recs = append(recs, rs...)
	}
	wires := map[string]record{}
	for _, r := range recs {
		if r.kind == "wire" {
			wires[r.fields["id"]] = r
		}
	}
	seen := map[string]bool{}
	for _, r := range recs {
		if r.kind == "wire" {
			continue
		}
		o, ok := outletByDomain(r.fields["at"] + ".example")
		if !ok {
			return nil, nil, fmt.Errorf("%q: no outlet %q", r.title, r.fields["at"])
		}
		t, err := time.Parse("02T15:04", r.fields["on"])
		if err != nil {
			return nil, nil, fmt.Errorf("%q: %w", r.title, err)
		}
		t = time.Date(2025, time.November, t.Day(), t.Hour(), t.Minute(), 0, 0, time.UTC)
		a := &Article{
			Outlet:    o.Domain,
			Language:  o.Language,
			Title:     r.title,
			Author:    r.fields["by"],
			Section:   r.fields["section"],
			Kind:      r.kind,
			Published: t,
			Modified:  t,
			Body:      append(r.head, r.tail...),
		}
		if a.Section == "" {
			a.Section = "World"
		}
		if r.kind == "copy" {
			w, ok := wires[r.fields["of"]]
			if !ok {
				return nil, nil, fmt.Errorf("%q: no wire %q", r.title, r.fields["of"])
			}
			a.Kind, a.Wire, a.Author = "wire", r.fields["of"], agency
			a.Body = append(append(append([]string(nil), r.head...), w.head...), r.tail...)
		}
		if a.Author == "" {
			a.Author = "Newsroom"
		}
		a.URL = "http://" + o.Domain + t.Format("/2006/01/02/") + r.fields["slug"]
		if r.kind == "edit" {
			a.Kind = "article"
			edit = a
			continue
		}
		if seen[a.URL] || r.fields["slug"] == "" {
			return nil, nil, fmt.Errorf("%q: the address %s is taken", r.title, a.URL)
		}
		seen[a.URL] = true
		articles = append(articles, a)
	}
	if edit == nil {
		return nil, nil, fmt.Errorf("no edit")
	}
	return articles, edit, nil
}

// agency is the invented source of the wire texts.
const agency = "Meridian Press Agency"

// outlets are the invented newspapers.
var outlets = []Outlet{
	{"courier.example", "The Courier", "GB", "en", "feed", 0},
	{"harbourpost.example", "Harbour Post", "US", "en", "atom", 1},
	{"techledger.example", "Tech Ledger", "US", "en", "json", 2},
	{"plainsgazette.example", "Plains Gazette", "US", "en", "sitemap", 3},
	{"straitsherald.example", "Straits Herald", "SG", "en", "page", 4},
	{"marketbell.example", "Market Bell", "GB", "en", "feed", 0},
	{"defencewatch.example", "Defence Watch", "US", "en", "atom", 1},
	{"morgenblatt.example", "Das Morgenblatt", "DE", "de", "feed", 2},
	{"alpenkurier.example", "Alpenkurier", "CH", "de", "sitemap", 0},
	{"diariosur.example", "El Diario del Sur", "ES", "es", "feed", 3},
	{"lavoz.example", "La Voz", "MX", "es", "page", 1},
	{"mingri.example", "明日报", "HK", "zh", "feed", 0},
	{"beiwang.example", "北望新闻", "SG", "zh", "sitemap", 4},
	{"fieldandweather.example", "Field and Weather", "GB", "en", "json", 2},
	{"valebugle.example", "The Vale Bugle", "GB", "en", "feed", 4},
}

// outletByDomain finds one of the invented newspapers.
func outletByDomain(domain string) (Outlet, bool) {
	for _, o := range outlets {
		if o.Domain == domain {
			return o, true
		}
	}
	return Outlet{}, false
}
