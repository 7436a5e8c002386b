package store

import (
	"encoding/json"
	"errors"
	"slices"
	"strconv"
	"strings"

	"dateline"
)

// Mentions are kept as "start end entity title;" each: byte offsets, the place
// of the entity among the article's, and 1 for the title. As JSON with names
// and texts, which the article has already, they took more room than it and
// most of the time of reading it.

func encodeMentions(a *dateline.Article) string {
	var b []byte
	for _, m := range a.Mentions {
		k := slices.IndexFunc(a.Entities, func(e dateline.EntityCount) bool { return e.ID == m.EntityID && e.Type == m.Type })
		text := a.Body
		if m.InTitle {
			text = a.Title
		}
		if k < 0 || m.Start < 0 || m.End > len(text) || m.Start > m.End {
			continue // not one of this text
		}
		for _, n := range []int{m.Start, m.End, k} {
			b = append(strconv.AppendInt(b, int64(n), 10), ' ')
		}
		if m.InTitle {
			b = append(b, '1')
		}
		b = append(b, ';')
	}
	return string(b)
}

var errMentions = errors.New("want start end entity title;")

func decodeMentions(a *dateline.Article, s string) error {
	if strings.HasPrefix(s, "[") {
		return decodeOldMentions(a, s)
	}
	if s == "" {
		return nil
	}
	a.Mentions = make([]dateline.Mention, 0, strings.Count(s, ";"))
	for i := 0; i < len(s); {
		var n [3]int
		for k := range n {
			from := i
			for ; i < len(s) && s[i] >= '0' && s[i] <= '9' && i-from < 18; i++ {
				n[k] = n[k]*10 + int(s[i]-'0')
			}
			if i == from || i >= len(s) || s[i] != ' ' {
				return errMentions
			}
			i++
		}
		m := dateline.Mention{Start: n[0], End: n[1]}
		text := a.Body
		if i < len(s) && s[i] == '1' {
			m.InTitle, text = true, a.Title
			i++
		}
		if i >= len(s) || s[i] != ';' || n[2] >= len(a.Entities) || m.Start > m.End {
			return errMentions
		}
		i++
		if m.End > len(text) {
			continue // the text was left out
		}
		e := &a.Entities[n[2]]
		m.Text, m.EntityID, m.Name, m.Type = text[m.Start:m.End], e.ID, e.Name, e.Type
		a.Mentions = append(a.Mentions, m)
	}
	return nil
}

// decodeOldMentions reads the JSON of stores made before; the next change of
// the article, or a reindex, writes it anew.
func decodeOldMentions(a *dateline.Article, s string) error {
	var ms []struct {
		dateline.Mention
		T bool `json:"t"`
	}
	if err := json.Unmarshal([]byte(s), &ms); err != nil {
		return err
	}
	for _, m := range ms {
		m.InTitle = m.T
		a.Mentions = append(a.Mentions, m.Mention)
	}
	return nil
}
