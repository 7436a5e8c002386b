package crawler

import (
	"regexp"
	"strings"
	"time"
	"unicode"
)

// MayIndex says whether a page may be taken whose X-Robots-Tag headers, or
// robots meta elements in the same form ("noindex", "dateline: noindex"), are
// tags. userAgent is that of the configuration, now the time for
// unavailable_after.
func MayIndex(userAgent string, tags []string, now time.Time) bool {
	noIndex, _ := robotsTag(tags, productToken(userAgent), now)
	return !noIndex
}

// own are the rules that have a colon of their own, and are no agents.
var own = map[string]bool{"unavailable_after": true, "max-snippet": true, "max-image-preview": true, "max-video-preview": true}

// notComma are the separators of rules that templates write in place of the
// comma: what asks not to be indexed is obeyed however it is written.
func notComma(r rune) bool { return r == ';' || r == '|' || unicode.IsSpace(r) }

// robotsTag reads X-Robots-Tag headers: rules for all, or for the agent named
// before a colon, which holds for the rest of its header. A page whose
// unavailable_after has passed is not to be indexed.
func robotsTag(values []string, agent string, now time.Time) (noIndex, noArchive bool) {
	for _, v := range values {
		mine := true
		parts := strings.Split(strings.ToLower(v), ",")
		for i := 0; i < len(parts); i++ {
			d := strings.TrimSpace(parts[i])
			name, rest, colon := strings.Cut(d, ":")
			name = strings.TrimSpace(name)
			if colon && !own[name] {
				mine = name == strings.ToLower(agent) || name == "*"
				d = strings.TrimSpace(rest)
				name, rest, colon = strings.Cut(d, ":")
				name = strings.TrimSpace(name)
			}
			if colon && name == "unavailable_after" {
				until := tagDate(rest)
				if until.IsZero() && i+1 < len(parts) { // "Wed, 25 Jun 2025 15:00:00 GMT"
					if until = tagDate(rest + "," + parts[i+1]); !until.IsZero() {
						i++
					}
				}
				noIndex = noIndex || mine && !until.IsZero() && now.After(until)
				continue
			}
			if !mine {
				continue
			}
			for _, word := range strings.FieldsFunc(d, notComma) {
				noIndex = noIndex || word == "noindex" || word == "none"
				noArchive = noArchive || word == "noarchive" || word == "none"
			}
		}
	}
	return noIndex, noArchive
}

var dashedDate = regexp.MustCompile(`(\d)-([a-z]{3,9})-(\d)`)

// tagDate reads the date of unavailable_after: RFC 822, RFC 850 or ISO 8601.
func tagDate(s string) time.Time {
	return parseDate(dashedDate.ReplaceAllString(s, "$1 $2 $3"))
}
