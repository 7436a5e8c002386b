package main

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"maps"
	"math"
	"net/netip"
	"os"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"gopkg.in/yaml.v3"

	"dateline"
)

// loadConfig reads the config file at path. Without a path it is
// ./config.yaml if there is one, else the config that is built in.
func loadConfig(path string) (*dateline.Config, error) {
	name := path
	if name == "" {
		name = "config.yaml"
	}
	data, err := os.ReadFile(name)
	if path == "" && errors.Is(err, fs.ErrNotExist) {
		name, data, err = "built-in config.yaml", dateline.DefaultConfig, nil
	}
	if err != nil {
		return nil, err
	}
	return decodeConfig(name, data)
}

// decodeConfig reads a config strictly: an unknown key or a value of a wrong
// type is an error with name and line. It tells all errors, a line for each.
// What is not set has its default.
func decodeConfig(name string, data []byte) (*dateline.Config, error) {
	d := &configDecoder{name: name}
	dec := yaml.NewDecoder(bytes.NewReader(data))
	var doc, more yaml.Node
	c := dateline.NewConfig()
	switch err := dec.Decode(&doc); {
	case errors.Is(err, io.EOF): // empty: all defaults
		return c, nil
	case err != nil:
		return nil, yamlError(name, err)
	}
	if err := dec.Decode(&more); err == nil {
		d.errorf(&more, "a second document: only one is read")
	} else if !errors.Is(err, io.EOF) {
		return nil, yamlError(name, err)
	}
	d.config(doc.Content[0], c)
	if len(d.errs) > 0 {
		return nil, errors.Join(d.errs...)
	}
	if err := c.Validate(); err != nil {
		lines := strings.Split(err.Error(), "\n")
		return nil, errors.New(name + ": " + strings.Join(lines, "\n"+name+": "))
	}
	return c, nil
}

var yamlLine = regexp.MustCompile(`^yaml: line (\d+): `)

// yamlError says where in name the YAML is wrong.
func yamlError(name string, err error) error {
	msg := err.Error()
	if m := yamlLine.FindStringSubmatch(msg); m != nil {
		return fmt.Errorf("%s:%s: %s", name, m[1], msg[len(m[0]):])
	}
	// The YAML package leaves the first line unnamed.
	return fmt.Errorf("%s:1: %s", name, strings.TrimPrefix(msg, "yaml: "))
}

// configDecoder walks the nodes of a config and collects what is wrong.
type configDecoder struct {
	name string
	errs []error
}

// fields says, for each key of a mapping, how to read its value.
type fields map[string]func(path string, n *yaml.Node)

func (d *configDecoder) errorf(n *yaml.Node, format string, args ...any) {
	d.errs = append(d.errs, fmt.Errorf("%s:%d: %s", d.name, n.Line, fmt.Sprintf(format, args...)))
}

func (d *configDecoder) config(n *yaml.Node, c *dateline.Config) {
	d.mapping("", n, fields{
		"data":    d.string(&c.Data),
		"stories": list(d, &c.Stories, d.story),
		"outlets": list(d, &c.Outlets, d.outlet),
		"crawler": func(path string, n *yaml.Node) {
			w := &c.Crawler
			d.mapping(path, n, fields{
				"user_agent":     d.string(&w.UserAgent),
				"delay":          d.duration(&w.Delay),
				"concurrency":    d.int(&w.Concurrency),
				"timeout":        d.duration(&w.Timeout),
				"max_page":       d.size(&w.MaxPage),
				"host_budget":    d.int(&w.HostBudget),
				"allow_networks": list(d, &w.AllowNetworks, d.network),
				"connect_to":     d.stringMap(&w.ConnectTo),
				"proxy":          d.secret(&w.Proxy),
				"archive":        d.bool(&w.Archive),
				"discover":       d.bool(&w.Discover),
				"follow_links":   d.bool(&w.FollowLinks),
			})
		},
		"indexer": func(path string, n *yaml.Node) {
			d.mapping(path, n, fields{
				"engine": d.string(&c.Indexer.Engine),
				"store":  d.string(&c.Indexer.Store),

				"recency":  d.number(&c.Indexer.Recency),
				"synonyms": d.string(&c.Indexer.Synonyms),

				"past_queries": d.bool(&c.Indexer.PastQueries),
			})
		},
		"api": func(path string, n *yaml.Node) {
			a := &c.API
			d.mapping(path, n, fields{
				"listen":        d.string(&a.Listen),
				"public_url":    d.string(&a.PublicURL),
				"admin_token":   d.secret(&a.AdminToken),
				"embed_origins": list(d, &a.EmbedOrigins, d.string),
				"rate_limit":    d.rate(&a.RateLimit),
				"full_text":     d.bool(&a.FullText),
			})
		},
	})
}

func (d *configDecoder) story(s *dateline.StoryConfig) func(string, *yaml.Node) {
	return func(path string, n *yaml.Node) {
		d.mapping(path, n, fields{
			"id":       d.string(&s.ID),
			"title":    d.string(&s.Title),
			"about":    d.query(&s.About),
			"from":     d.date(&s.From, false),
			"to":       d.date(&s.To, true),
			"entities": list(d, &s.Entities, d.entity),
			"sources":  list(d, &s.Sources, d.source),
		})
	}
}

func (d *configDecoder) entity(e *dateline.Entity) func(string, *yaml.Node) {
	return func(path string, n *yaml.Node) {
		d.mapping(path, n, fields{
			"name": d.string(&e.Name),
			"type": func(path string, n *yaml.Node) {
				var s string
				d.string(&s)(path, n)
				switch e.Type = dateline.EntityType(s); e.Type {
				case dateline.Person, dateline.Organization, dateline.Place, "":
				default:
					d.errorf(n, "%s: %q must be person, organization or place", path, s)
				}
			},
			"wikidata": d.string(&e.Wikidata),
			"aliases":  list(d, &e.Aliases, d.string),
		})
		e.ID = dateline.Slug(e.Name)
	}
}

func (d *configDecoder) source(s *dateline.Source) func(string, *yaml.Node) {
	return func(path string, n *yaml.Node) {
		failed := len(d.errs)
		d.mapping(path, n, fields{
			"feed":    d.string(&s.Feed),
			"sitemap": d.string(&s.Sitemap),
			"page":    d.string(&s.Page),
			"gdelt":   d.string(&s.GDELT),
			"urls":    list(d, &s.URLs, d.string),
			"warc":    d.string(&s.WARC),
		})
		if kind, _ := s.Kind(); kind == "" && len(d.errs) == failed {
			d.errorf(n, "%s: must have exactly one of feed, sitemap, page, gdelt, urls and warc", path)
		}
	}
}

func (d *configDecoder) outlet(o *dateline.Outlet) func(string, *yaml.Node) {
	return func(path string, n *yaml.Node) {
		d.mapping(path, n, fields{
			"domain":   d.string(&o.ID),
			"name":     d.string(&o.Name),
			"country":  d.string(&o.Country),
			"language": d.string(&o.Language),
		})
	}
}

// resolve follows an alias (*name) to what it stands for.
func resolve(n *yaml.Node) *yaml.Node {
	for n.Kind == yaml.AliasNode {
		n = n.Alias
	}
	return n
}

// mapping reads the keys of n, each once. A key without a value keeps its default.
func (d *configDecoder) mapping(path string, n *yaml.Node, known fields) {
	n = resolve(n)
	where := path
	if where == "" {
		where = "the config"
	}
	if n.Tag == "!!null" {
		return
	}
	if n.Kind != yaml.MappingNode {
		d.errorf(n, "%s: must be keys with values", where)
		return
	}
	seen := map[string]bool{}
	for i := 0; i+1 < len(n.Content); i += 2 {
		key, value := n.Content[i], resolve(n.Content[i+1])
		read, ok := known[key.Value]
		switch {
		case !ok:
			near := dateline.Nearest(key.Value, slices.Sorted(maps.Keys(known)))
			d.errorf(key, "unknown key %q in %s, did you mean %q?", key.Value, where, near)
		case seen[key.Value]:
			d.errorf(key, "key %q is there twice in %s", key.Value, where)
		case value.Tag != "!!null":
			p := key.Value
			if path != "" {
				p = path + "." + p
			}
			read(p, value)
		}
		seen[key.Value] = true
	}
}

// list reads each item of a list. It replaces the default.
func list[T any](d *configDecoder, to *[]T, item func(*T) func(string, *yaml.Node)) func(string, *yaml.Node) {
	return func(path string, n *yaml.Node) {
		if n.Kind != yaml.SequenceNode {
			d.errorf(n, "%s: must be a list", path)
			return
		}
		*to = make([]T, len(n.Content))
		for i, c := range n.Content {
			item(&(*to)[i])(fmt.Sprintf("%s[%d]", path, i), resolve(c))
		}
	}
}

// scalar hands the text of a single value to read, which says what is wrong with it.
func (d *configDecoder) scalar(what string, read func(s string) error) func(string, *yaml.Node) {
	return func(path string, n *yaml.Node) {
		if n.Kind != yaml.ScalarNode {
			d.errorf(n, "%s: must be %s", path, what)
			return
		}
		switch err := read(n.Value); {
		case errors.Is(err, errWrongType):
			d.errorf(n, "%s: %q is not %s", path, n.Value, what)
		case err != nil:
			d.errorf(n, "%s: %v", path, err)
		}
	}
}

var errWrongType = errors.New("wrong type")

func (d *configDecoder) string(to *string) func(string, *yaml.Node) {
	return d.scalar("a text", func(s string) error {
		*to = s
		return nil
	})
}

func (d *configDecoder) stringMap(to *map[string]string) func(string, *yaml.Node) {
	return func(path string, n *yaml.Node) {
		if n.Kind != yaml.MappingNode {
			d.errorf(n, "%s: must be keys with values", path)
			return
		}
		*to = map[string]string{}
		for i := 0; i+1 < len(n.Content); i += 2 {
			key := n.Content[i].Value
			if _, ok := (*to)[key]; ok {
				d.errorf(n.Content[i], "key %q is there twice in %s", key, path)
				continue
			}
			var s string
			d.string(&s)(path+"."+key, resolve(n.Content[i+1]))
			(*to)[key] = s
		}
	}
}

func (d *configDecoder) query(to *string) func(string, *yaml.Node) {
	return d.scalar("a query", func(s string) error {
		*to = s
		_, err := dateline.ParseQuery(s)
		return err
	})
}

var envReference = regexp.MustCompile(`\$\{([A-Za-z_][A-Za-z0-9_]*)\}`)

// secret reads a text in which ${NAME} is the environment variable NAME.
func (d *configDecoder) secret(to *string) func(string, *yaml.Node) {
	return d.scalar("a text", func(s string) error {
		var unset []string
		*to = envReference.ReplaceAllStringFunc(s, func(ref string) string {
			name := ref[2 : len(ref)-1]
			v, ok := os.LookupEnv(name)
			if !ok {
				unset = append(unset, name)
			}
			return v
		})
		if len(unset) > 0 {
			return fmt.Errorf("environment variable %s is not set", strings.Join(unset, ", "))
		}
		return nil
	})
}

func (d *configDecoder) bool(to *bool) func(string, *yaml.Node) {
	return d.scalar("true or false", func(s string) error {
		switch s {
		case "true", "false":
			*to = s == "true"
			return nil
		}
		return errWrongType
	})
}

func (d *configDecoder) int(to *int) func(string, *yaml.Node) {
	return d.scalar("a whole number", func(s string) error {
		n, err := strconv.Atoi(s)
		if err != nil {
			return errWrongType
		}
		*to = n
		return nil
	})
}

func (d *configDecoder) number(to *float64) func(string, *yaml.Node) {
	return d.scalar("a number, as 0.1", func(s string) error {
		v, err := strconv.ParseFloat(s, 64)
		if err != nil || math.IsNaN(v) || math.IsInf(v, 0) {
			return errWrongType
		}
		*to = v
		return nil
	})
}

func (d *configDecoder) duration(to *time.Duration) func(string, *yaml.Node) {
	return d.scalar("a duration, as 500ms, 2s or 1m", func(s string) error {
		v, err := time.ParseDuration(s)
		if err != nil {
			return errWrongType
		}
		if v < 0 {
			return errors.New("must not be negative")
		}
		*to = v
		return nil
	})
}

var (
	sizeFormat = regexp.MustCompile(`^(\d+)\s*([A-Za-z]*)$`)
	sizeUnits  = map[string]int64{
		"": 1, "b": 1, "kb": 1e3, "mb": 1e6, "gb": 1e9, "kib": 1 << 10, "mib": 1 << 20, "gib": 1 << 30,
	}
)

func (d *configDecoder) size(to *int64) func(string, *yaml.Node) {
	return d.scalar("a size, as 10MiB, 500KiB or 1000000", func(s string) error {
		m := sizeFormat.FindStringSubmatch(s)
		if m == nil {
			return errWrongType
		}
		unit, ok := sizeUnits[strings.ToLower(m[2])]
		n, err := strconv.ParseInt(m[1], 10, 64)
		if !ok || err != nil || n > math.MaxInt64/unit {
			return errWrongType
		}
		*to = n * unit
		return nil
	})
}

func (d *configDecoder) rate(to *dateline.Rate) func(string, *yaml.Node) {
	return d.scalar("a rate, as 600/m, 10/s or 0", func(s string) error {
		if s == "0" {
			*to = dateline.Rate{}
			return nil
		}
		number, unit, _ := strings.Cut(s, "/")
		n, err := strconv.Atoi(number)
		per := map[string]time.Duration{"s": time.Second, "m": time.Minute, "h": time.Hour}[unit]
		if err != nil || n < 0 || per == 0 {
			return errWrongType
		}
		*to = dateline.Rate{N: n, Per: per}
		if n == 0 {
			*to = dateline.Rate{}
		}
		return nil
	})
}

// date reads a day. As an end it is included: the time is that of the next midnight.
func (d *configDecoder) date(to *time.Time, end bool) func(string, *yaml.Node) {
	return d.scalar("a date, as 2025-11-01", func(s string) error {
		t, err := time.Parse(time.DateOnly, s)
		if err != nil {
			return errWrongType
		}
		if end {
			t = t.AddDate(0, 0, 1)
		}
		*to = t
		return nil
	})
}

func (d *configDecoder) network(to *netip.Prefix) func(string, *yaml.Node) {
	return d.scalar("a network, as 127.0.0.0/8", func(s string) error {
		p, err := netip.ParsePrefix(s)
		if err != nil {
			return errWrongType
		}
		*to = p.Masked()
		return nil
	})
}
