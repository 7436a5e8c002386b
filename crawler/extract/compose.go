package extract

import (
	"strings"

	"dateline"
)

// withStandfirst begins the body with the standfirst where it is not in it.
func withStandfirst(a *dateline.Article) {
	if a.Standfirst == "" || a.Body == "" || holds(a.Body, a.Standfirst, 8) {
		return
	}
	a.Body = a.Standfirst + "\n\n" + a.Body
}

// holds reports whether a text has a passage, perhaps with other punctuation,
// in its first n paragraphs; in all of them if n is 0.
func holds(body, passage string, n int) bool {
	want := squash(passage)
	var all strings.Builder
	i := 0
	for l := range strings.SplitSeq(body, "\n\n") {
		if i++; n > 0 && i > n {
			break
		}
		all.WriteString(squash(l))
	}
	if want == "" || strings.Contains(all.String(), want) {
		return true
	}
	i = 0
	for l := range strings.SplitSeq(body, "\n\n") {
		if i++; n > 0 && i > n {
			break
		}
		if likeness(l, passage) >= sameText {
			return true
		}
	}
	return false
}
