package extract

import (
	"bytes"
	"encoding/json"
	"html"
	"regexp"
	"strings"
)

// linked is what the JSON-LD blocks say of the article.
type linked struct {
	types                                            []string // of the article
	all                                              []string // of all that a page states
	headline, published, modified, body, description string
	section, lang, image, publisher                  string
	authors, keywords                                []string
	notFree                                          bool

	article map[string]any            // the object that all this is from; nil if there is none
	byID    map[string]map[string]any // objects by their @id
}

var (
	articleType = regexp.MustCompile(`(?i)(article|posting|report|review|gallery|videoobject)$`)
	ldNoise     = regexp.MustCompile(`(?:/\*\s*)?(?://\s*)?(?:<!\[CDATA\[|\]\]>)(?:\s*\*/)?|<!--|-->`)
)

// maxLDNodes bounds the values that are looked at in all blocks of a page.
const maxLDNodes = 200000

func readLinked(blocks []string) *linked {
	out := &linked{}
	var best map[string]any
	bestScore := 0
	var orgs []map[string]any
	byID := map[string]map[string]any{}
	budget := maxLDNodes
	for _, block := range blocks {
		for _, v := range lenient(block) {
			stack := []any{v}
			for len(stack) > 0 && budget > 0 {
				budget--
				top := stack[len(stack)-1]
				stack = stack[:len(stack)-1]
				switch x := top.(type) {
				case []any:
					for i := len(x) - 1; i >= 0; i-- {
						stack = append(stack, x[i])
					}
				case map[string]any:
					types := texts(x["@type"])
					if len(out.all) < maxBlocks {
						out.all = append(out.all, types...)
					}
					if id, ok := x["@id"].(string); ok && len(x) > 2 {
						byID[id] = x
					}
					for _, t := range types {
						if strings.HasSuffix(t, "Organization") || t == "WebSite" {
							orgs = append(orgs, x)
						}
					}
					if sc := articleScore(x, types); sc > bestScore {
						best, bestScore = x, sc
					}
					for _, k := range []string{"@graph", "mainEntity", "mainEntityOfPage", "subjectOf", "hasPart", "author", "publisher", "about"} {
						if c, ok := x[k]; ok {
							stack = append(stack, c)
						}
					}
				}
			}
		}
	}
	if best == nil {
		for _, o := range orgs {
			if out.publisher == "" {
				out.publisher = ldText(o["name"])
			}
		}
		return out
	}
	out.article, out.byID = best, byID
	out.types = texts(best["@type"])
	out.headline = ldText(best["headline"])
	if out.headline == "" {
		out.headline = ldText(best["name"])
	}
	out.published = ldText(first(best["datePublished"], best["uploadDate"], best["dateCreated"]))
	out.modified = ldText(best["dateModified"])
	out.description = ldText(best["description"])
	out.section = ldText(best["articleSection"])
	out.lang = ldText(best["inLanguage"])
	if m, ok := best["inLanguage"].(map[string]any); ok {
		out.lang = ldText(first(m["alternateName"], m["name"]))
	}
	if s, ok := best["articleBody"].(string); ok {
		out.body = s
	}
	for _, k := range texts(best["keywords"]) {
		for _, w := range strings.FieldsFunc(k, func(r rune) bool { return r == ',' || r == ';' || r == '、' }) {
			if w = clean(html.UnescapeString(w)); w != "" {
				out.keywords = append(out.keywords, w)
			}
		}
	}
	out.image = ldURL(best["image"], byID)
	out.authors = names(first(best["author"], best["creator"]), byID, 0)
	if pub := names(best["publisher"], byID, 0); len(pub) > 0 {
		out.publisher = pub[0]
	}
	switch f := best["isAccessibleForFree"].(type) {
	case bool:
		out.notFree = !f
	case string:
		out.notFree = strings.EqualFold(strings.TrimSpace(f), "false")
	}
	return out
}

func articleScore(x map[string]any, types []string) int {
	score := 0
	for _, t := range types {
		t = strings.TrimPrefix(strings.TrimPrefix(t, "http://schema.org/"), "https://schema.org/")
		switch {
		case !articleType.MatchString(t) && t != "Report":
			continue
		case strings.HasSuffix(t, "NewsArticle"), t == "LiveBlogPosting":
			score = max(score, 40)
		case strings.HasSuffix(t, "Article"), strings.HasSuffix(t, "BlogPosting"):
			score = max(score, 30)
		case t == "VideoObject":
			score = max(score, 5)
		default:
			score = max(score, 10)
		}
	}
	if score == 0 {
		return 0
	}
	for _, k := range []string{"headline", "datePublished", "author", "articleBody"} {
		if x[k] != nil {
			score += 3
		}
	}
	return score
}

func first(vs ...any) any {
	for _, v := range vs {
		if v != nil && v != "" {
			return v
		}
	}
	return nil
}

// texts gives the strings of a string or a list.
func texts(v any) []string {
	switch x := v.(type) {
	case string:
		return []string{strings.TrimSpace(x)}
	case []any:
		var out []string
		for _, e := range x {
			if s, ok := e.(string); ok {
				out = append(out, strings.TrimSpace(s))
			} else if m, ok := e.(map[string]any); ok {
				if s, ok := m["name"].(string); ok {
					out = append(out, strings.TrimSpace(s))
				}
			}
		}
		return out
	}
	return nil
}

func ldText(v any) string {
	switch x := v.(type) {
	case string:
		return clean(stripTags(html.UnescapeString(x)))
	case []any:
		for _, e := range x {
			if s := ldText(e); s != "" {
				return s
			}
		}
	case map[string]any:
		if s, ok := x["@value"].(string); ok {
			return clean(s)
		}
		if s, ok := x["name"].(string); ok {
			return clean(html.UnescapeString(s))
		}
	}
	return ""
}

func names(v any, byID map[string]map[string]any, depth int) []string {
	if depth > 4 {
		return nil
	}
	var out []string
	switch x := v.(type) {
	case string:
		if s := clean(html.UnescapeString(x)); s != "" {
			out = append(out, s)
		}
	case []any:
		for i, e := range x {
			if i > 50 {
				break
			}
			out = append(out, names(e, byID, depth+1)...)
		}
	case map[string]any:
		if n := first(x["@list"], x["@set"], x["@value"], x["name"], x["legalName"]); n != nil {
			return names(n, byID, depth+1)
		}
		if id, ok := x["@id"].(string); ok {
			if o := byID[id]; o != nil {
				if n := first(o["name"], o["legalName"]); n != nil {
					return names(n, byID, depth+1)
				}
			}
		}
		if g, f := ldText(x["givenName"]), ldText(x["familyName"]); f != "" {
			out = append(out, strings.TrimSpace(g+" "+f))
		}
	}
	return out
}

func ldURL(v any, byID map[string]map[string]any) string {
	for range 5 {
		switch x := v.(type) {
		case string:
			return strings.TrimSpace(x)
		case []any:
			if len(x) == 0 {
				return ""
			}
			v = x[0]
		case map[string]any:
			if u := first(x["url"], x["contentUrl"]); u != nil {
				v = u
			} else if id, ok := x["@id"].(string); ok && byID[id] != nil && byID[id]["url"] != nil {
				v = byID[id]["url"]
			} else {
				return ""
			}
		default:
			return ""
		}
	}
	return ""
}

var tagRE = regexp.MustCompile(`</?[a-zA-Z][^<>]{0,500}>`)

func stripTags(s string) string {
	if !strings.Contains(s, "<") {
		return s
	}
	return tagRE.ReplaceAllString(s, " ")
}

// lenient reads the JSON values of a block as far as they can be read.
func lenient(s string) []any {
	if v, ok := decodeAll([]byte(s)); ok {
		return v
	}
	if v, ok := decodeAll(repair(ldNoise.ReplaceAllString(s, ""))); ok || len(v) > 0 {
		return v
	}
	if v, _ := decodeAll(repair(html.UnescapeString(ldNoise.ReplaceAllString(s, "")))); len(v) > 0 {
		return v
	}
	return salvage(s)
}

// pairs are the properties that are worth saving from a block that is cut off
// or broken beyond repair: those with one text for a value.
var pairs = regexp.MustCompile(`"(@type|headline|datePublished|dateModified|articleSection|inLanguage)"\s*:\s*("(?:[^"\\]|\\.){1,1000}")`)

// salvage reads the properties of the article in such a block: from the first
// type of an article on, each as it comes first.
func salvage(s string) []any {
	out := map[string]any{}
	for _, m := range pairs.FindAllStringSubmatch(s, 200) {
		var v string
		if json.Unmarshal([]byte(m[2]), &v) != nil || out["@type"] == nil && (m[1] != "@type" || !articleType.MatchString(v)) {
			continue
		}
		if out[m[1]] == nil {
			out[m[1]] = v
		}
	}
	if len(out) < 2 {
		return nil
	}
	return []any{out}
}

func decodeAll(b []byte) ([]any, bool) {
	b = bytes.TrimRight(bytes.TrimSpace(b), "; \n\r\t")
	d := json.NewDecoder(bytes.NewReader(b))
	var out []any
	for len(out) < 100 {
		var v any
		if err := d.Decode(&v); err != nil {
			return out, len(out) > 0 && !d.More()
		}
		out = append(out, v)
	}
	return out, true
}

// repair mends what page authors commonly break: raw control characters and
// bad escapes inside strings, unescaped quotes, commas before a closing bracket.
func repair(s string) []byte {
	out := make([]byte, 0, len(s)+64)
	in := false
	for i := 0; i < len(s); i++ {
		c := s[i]
		if !in {
			switch {
			case c == '"':
				in = true
			case c == '}' || c == ']':
				j := len(out)
				for j > 0 && strings.IndexByte(" \t\r\n", out[j-1]) >= 0 {
					j--
				}
				if j > 0 && out[j-1] == ',' {
					out = out[:j-1]
				}
			case c < 0x20 && c != '\n' && c != '\r' && c != '\t':
				continue
			}
			out = append(out, c)
			continue
		}
		switch {
		case c == '\\':
			if i+1 < len(s) && strings.IndexByte(`"\/bfnrtu`, s[i+1]) >= 0 {
				out = append(out, c, s[i+1])
				i++
			} else {
				out = append(out, '\\', '\\')
			}
		case c == '"':
			if !closes(s[i+1:]) {
				out = append(out, '\\', '"')
				continue
			}
			in = false
			out = append(out, c)
		case c == '\n':
			out = append(out, '\\', 'n')
		case c < 0x20:
			out = append(out, ' ')
		default:
			out = append(out, c)
		}
	}
	return out
}

// closes reports whether a quote followed by rest ends a string.
func closes(rest string) bool {
	for i := 0; i < len(rest); i++ {
		switch rest[i] {
		case ' ', '\t', '\r', '\n':
			continue
		case ':', '}', ']':
			return true
		case ',':
			for j := i + 1; j < len(rest); j++ {
				switch c := rest[j]; {
				case c == ' ' || c == '\t' || c == '\r' || c == '\n':
					continue
				default:
					return strings.IndexByte(`"{[]}-0123456789tfn`, c) >= 0
				}
			}
			return true
		default:
			return false
		}
	}
	return true
}
