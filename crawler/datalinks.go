package crawler

import (
	"encoding/json"
	"regexp"
	"slices"
	"strings"

	"golang.org/x/net/html"
)

// Some outlets send their lists as data, which a script of the page makes into
// links: as JSON of its own (__NEXT_DATA__), as a value that a script begins
// with (window.__INITIAL_STATE__ = {...}), in pieces that it is handed
// (self.__next_f.push([...])), in an attribute (data-page="{...}"), or for
// search engines (ItemList in JSON-LD). An
// object of that data that has an address and a headline is a teaser, one that
// has an address and one to three words an item of a menu.

// Limits of the data of one page.
const (
	maxData      = 8 << 20 // bytes of scripts
	maxDataDepth = 100
	maxDataTries = 100 // values of one script that are no JSON
	attrData     = 50  // bytes of an attribute that can be data
	maxNested    = 3   // JSON within strings of JSON
	fewLinks     = 5   // articles that a page links to, from which its data is not read
)

var (
	addressKey = regexp.MustCompile(`(?i)(?:^@id|url|uri|href|link|path|permalink|canonical|loc)$`)
	otherKey   = regexp.MustCompile(`(?i)ima?ge?|thumb|photo|pic|logo|video|audio|avatar|icon|asset|media|file|embed|api|feed|rss|amp|comment|share|next|prev|base|author|stream|poster|script|style|font`)
	labelKey   = regexp.MustCompile(`(?i)(?:title|headline|heading|titulo|título|titel|titre|titolo|label|name|basic|text)s?$`)
	handedOver = regexp.MustCompile(`(?:[=(:]\s*|JSON\.parse\(\s*)([\[{"])`)
	rawAddress = regexp.MustCompile(`"([A-Za-z_@]{2,30})":\s?"((?:/|https?:)[^"\\\s<>]{4,500})"`)
)

// dataWalk collects the links of data.
type dataWalk struct {
	to   *linkWalk
	left int // bytes that may still be read
}

// fromData adds the links that the scripts below root name.
func (w *linkWalk) fromData(root *html.Node) {
	d := &dataWalk{to: w, left: maxData}
	var walk func(n *html.Node, depth int)
	walk = func(n *html.Node, depth int) {
		for c := n.FirstChild; c != nil && depth < maxLinkDepth; c = c.NextSibling {
			if c.Type == html.ElementNode && c.Data == "script" {
				d.script(c)
				continue
			}
			for _, a := range c.Attr { // data-page="{...}", props="{...}"
				if len(a.Val) >= attrData && (a.Val[0] == '{' || a.Val[0] == '[') {
					d.inString(a.Val, a.Key, 0, 0)
				}
			}
			walk(c, depth+1)
		}
	}
	walk(root, 0)
}

func (d *dataWalk) script(n *html.Node) {
	if n.FirstChild == nil || attr(n, "src") != "" {
		return
	}
	text := n.FirstChild.Data
	if len(text) > d.left {
		return
	}
	if strings.Contains(strings.ToLower(attr(n, "type")), "json") {
		d.left -= len(text)
		var v any
		if json.Unmarshal([]byte(text), &v) == nil {
			d.value(v, "", 0, 0)
		}
		return
	}
	tries := 0
	for text != "" && tries < maxDataTries && d.left > 0 {
		at := handedOver.FindStringSubmatchIndex(text)
		if at == nil {
			return
		}
		text = text[at[2]:]
		r := strings.NewReader(text)
		dec := json.NewDecoder(r)
		var v any
		err := dec.Decode(&v)
		d.left -= len(text) - r.Len() // what is no JSON in the end costs as much
		if err != nil {
			tries++
			text = text[1:]
			continue
		}
		d.value(v, "", 0, 0)
		text = text[dec.InputOffset():]
	}
}

// value walks over data; key is that under which it lies.
func (d *dataWalk) value(v any, key string, depth, nested int) {
	if depth > maxDataDepth || len(d.to.out.links) >= maxPageLinks {
		return
	}
	switch x := v.(type) {
	case []any:
		for _, e := range x {
			d.value(e, key, depth+1, nested)
		}
	case map[string]any:
		if t, _ := x["@type"].(string); t == "BreadcrumbList" {
			return
		}
		if !otherKey.MatchString(key) {
			d.teaser(x)
		}
		keys := make([]string, 0, len(x))
		for k := range x {
			keys = append(keys, k)
		}
		slices.Sort(keys) // the order of a page's links must not be that of a map
		for _, k := range keys {
			d.value(x[k], k, depth+1, nested)
		}
	case string:
		d.inString(x, key, depth, nested)
	}
}

// inString reads data that lies in a string, as JSON or in pieces of it.
func (d *dataWalk) inString(s, key string, depth, nested int) {
	if nested >= maxNested || len(s) < 20 || !strings.Contains(s, `":`) || len(s) > d.left {
		return
	}
	d.left -= len(s)
	var v any
	if json.Unmarshal([]byte(s), &v) == nil {
		d.value(v, key, depth+1, nested+1)
		return
	}
	for _, m := range rawAddress.FindAllStringSubmatch(s, maxPageLinks) {
		if isAddressKey(m[1]) {
			d.add(m[2], "")
		}
	}
}

// teaser adds the addresses of an object with what it calls itself.
func (d *dataWalk) teaser(x map[string]any) {
	label := ""
	better := func(k string, v any) {
		if s, ok := v.(string); ok && labelKey.MatchString(k) && len(s) > len(label) && len(s) < maxAnchor {
			label = s
		}
	}
	var all []string
	for k, v := range x {
		better(k, v)
		if inner, ok := v.(map[string]any); ok && labelKey.MatchString(k) { // {"headlines": {"basic": "..."}}
			for ik, iv := range inner {
				better(ik, iv)
			}
		}
		if s, ok := v.(string); ok && isAddressKey(k) && (strings.HasPrefix(s, "/") || strings.HasPrefix(s, "http")) {
			all = append(all, s)
		}
	}
	slices.Sort(all)
	for _, s := range all {
		d.add(s, label)
	}
}

func isAddressKey(k string) bool { return addressKey.MatchString(k) && !otherKey.MatchString(k) }

func (d *dataWalk) add(address, label string) {
	u := resolve(d.to.base, address)
	if _, known := d.to.at[u]; u == "" || known || len(d.to.out.links) >= maxPageLinks {
		return
	}
	n := words(label)
	l := link{url: u, text: label, heading: n > 3, times: 1, data: true}
	if n > 0 && n <= 3 && shape(u) <= 1 {
		l.menu, l.nav = true, true
	}
	d.to.at[u] = len(d.to.out.links)
	d.to.out.links = append(d.to.out.links, l)
}
