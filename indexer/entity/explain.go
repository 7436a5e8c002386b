package entity

import (
	"fmt"

	"dateline"
)

// Decision is a mention and what it was decided by.
type Decision struct {
	dateline.Mention
	// Why names the list, the rule or the tagger, for people to read.
	Why string
}

// Explain is Recognize, with the reason of each mention.
func (r *Recognizer) Explain(title, body, lang string) []Decision {
	texts := []string{title, body}
	if title == "" {
		texts = texts[1:]
	}
	ms, spans := r.recognize(texts, lang)
	type place struct{ part, start int }
	by := map[place]span{}
	for _, s := range spans {
		by[place{s.part, s.start}] = s
	}
	out := make([]Decision, len(ms))
	for i, m := range ms {
		p := len(texts) - 1
		if m.InTitle {
			p = 0
		}
		out[i] = Decision{m, by[place{p, m.Start}].why(r)}
	}
	return out
}

// why says what proposed a span.
func (s span) why(r *Recognizer) string {
	switch {
	case s.ent >= r.given:
		return fmt.Sprintf("list: %s %s", r.ents[s.ent].Name, r.ents[s.ent].Wikidata)
	case s.ent >= 0:
		return "story: " + r.ents[s.ent].Name
	case s.prio == prioTagger:
		return fmt.Sprintf("tagger: margin %.1f", s.margin)
	}
	if w, ok := ruleNames[s.prio]; ok {
		return "rule: " + w
	}
	return fmt.Sprintf("rule: a %s by its title or by a word of places", s.typ)
}

// ruleNames say what the priorities of rules stand for.
var ruleNames = map[int]string{
	11: "an acronym in parentheses after the name",
	8:  "a name before its acronym in parentheses",
	7:  "a word of organizations' names",
	6:  "a first name and a surname",
	4:  "who speaks, has an age or stands alone elsewhere",
	3:  "the same name elsewhere in the article",
	2:  "an acronym that is named often or after an article",
	1:  "a place by the word before it",
}
