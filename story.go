package dateline

import (
	"strings"
	"time"
	"unicode"
)

// Story is a story that is followed.
type Story struct {
	ID       string
	Title    string
	About    string // query that decides whether an article belongs; empty takes everything
	From, To time.Time
	Entities []Entity
}

// Slug makes a short URL-safe identifier of a name: letters and digits of any
// script in lower case, everything else a single hyphen.
// Slug("People's Liberation Army") is "peoples-liberation-army".
func Slug(name string) string {
	var b strings.Builder
	hyphen := false
	for _, r := range name {
		switch {
		case unicode.IsLetter(r), unicode.IsDigit(r), unicode.IsMark(r):
			if hyphen && b.Len() > 0 {
				b.WriteByte('-')
			}
			hyphen = false
			b.WriteRune(unicode.ToLower(r))
		case r == '\'' || r == '’' || r == '.':
		default:
			hyphen = true
		}
	}
	return b.String()
}
