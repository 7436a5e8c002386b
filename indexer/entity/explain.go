package entity

import (
	"fmt"
	"strings"
	"sync"

	"dateline"
)

// Decision is a mention and what it was decided by.
type Decision struct {
	dateline.Mention
	// Why names the list and its line, the rule or the tagger that proposed the
	// mention, and behind "entity:" why it has its entity, for people to read.
	Why string
}

// Explain is Recognize, with the reason of each mention.
func (r *Recognizer) Explain(title, body, lang string) []Decision {
	texts := []string{title, body}
	if title == "" {
		texts = texts[1:]
	}
	d := &doc{r: r, texts: texts, lang: lang, explain: true}
	ms := d.recognize()
	out := make([]Decision, len(ms))
	for i, m := range ms {
		x := d.why[i]
		why := x.why(r)
		if x.resolved != "" {
			why += "; entity: " + x.resolved
		}
		out[i] = Decision{m, why}
	}
	return out
}

// why says what proposed a span.
func (s span) why(r *Recognizer) string {
	switch {
	case s.ent >= r.given:
		e := r.ents[s.ent]
		return strings.TrimRight(fmt.Sprintf("%s: %s %s", r.listLine(s.ent, s.text), e.Name, e.Wikidata), " ")
	case s.ent >= 0:
		return "story: " + r.ents[s.ent].Name
	case s.prio == prioTagger:
		return fmt.Sprintf("tagger: margin %.1f", s.margin)
	case s.office != nil:
		return fmt.Sprintf("lists/offices.tsv:%d: %s", s.office.office.line, s.office.office.name(""))
	}
	return "rule: " + s.rule
}

// listLine gives the file and the line by which a listed entity has a name.
func (r *Recognizer) listLine(ent int, text string) string {
	if ent < r.shipped {
		return fmt.Sprintf("own list, line %d", r.own[ent-r.given].Line)
	}
	e := r.ents[ent]
	lines := linesOf()[string(e.Type)+e.ID]
	k := foldName(simplify(text))
	for _, l := range lines {
		for _, name := range l.names {
			if foldName(simplify(name)) == k {
				return fmt.Sprintf("%s:%d", l.file, l.line)
			}
		}
	}
	if len(lines) == 0 { // cannot be: every shipped entity is of a line
		return "list"
	}
	return fmt.Sprintf("%s:%d", lines[0].file, lines[0].line) // a case or a genitive of it
}

// sourceLine is where a list names an entity.
type sourceLine struct {
	file  string
	line  int
	names []string
}

// linesOf gives the lines of each shipped entity, by type and id.
var linesOf = sync.OnceValue(func() map[string][]sourceLine {
	out := map[string][]sourceLine{}
	for _, file := range listFiles {
		n := 0
		for f := range numberedLines(file, &n) {
			f = append(f, "", "", "")
			if typ := listTypes[f[0]]; typ != "" && f[1] != "" {
				k := string(typ) + dateline.Slug(f[1])
				out[k] = append(out[k], sourceLine{file, n, append([]string{f[1]}, strings.Split(f[3], "|")...)})
			}
		}
	}
	return out
})
