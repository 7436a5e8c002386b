package crawler

import (
	"net/url"
	"regexp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// canonicalFor gives the address of the article that was had at final and
// says rel of itself (rel=canonical); title is its headline, if that is known.
// It believes rel=canonical within the site only: else any page could put
// itself in the place of another outlet's article. And it does not believe one
// that is a template's mistake: the front page, the section, one address on all
// pages. Two articles that are taken for one lose one of them for good; one
// that is kept twice is found to be a copy.
func canonicalFor(final, rel, title string) string {
	if rel == "" {
		return final
	}
	abs := resolve(final, rel)
	if abs == "" || abs == final || !sameSite(abs, final) {
		return final
	}
	f, err := url.Parse(final)
	if err != nil {
		return final
	}
	c, err := url.Parse(abs)
	if err != nil || c.Path == "/" && c.RawQuery == "" || !samePage(f, c, title) {
		return final
	}
	return abs
}

// samePage says whether two addresses of one site can be those of one page, by
// what names the article in them: words, as a headline gives them, and numbers.
func samePage(f, c *url.URL, title string) bool {
	fn, cn := namesOf(f), namesOf(c)
	if fn.path == cn.path {
		// A query that says which article it is may not get lost.
		return fn.query == "" || cn.query == fn.query
	}
	if len(fn.words) >= slugWords && overlap(fn.words, cn.words) >= slugShare || shareAny(fn.ids, cn.ids) {
		return true
	}
	switch {
	case len(cn.ids) == 0 && len(cn.words) < slugWords:
		// No article is named there: a section, if this page lies below it by
		// a name of its own.
		below := strings.HasPrefix(fn.path, cn.path+"/")
		return !below && !fn.named() || below && cn.opaque() && !fn.namedBelow(cn.path)
	case len(fn.words) >= slugWords && len(cn.words) >= slugWords:
		// Two names: this page has got a new one if its headline says that.
		t := tokens(title)
		return overlap(cn.words, t) >= titleShare && overlap(fn.words, t) < overlap(cn.words, t)
	case len(fn.ids) > 0 && len(cn.ids) > 0 && (fn.folder() == cn.folder() || digitless(fn.path) == digitless(cn.path)):
		return false // the same kind of address with another number
	}
	return true
}

const (
	slugWords  = 3   // of the last part of an address, from which they name an article
	slugShare  = 0.5 // of the words of the shorter of two such names that the other has, too
	titleShare = 0.6 // of the words of a name that the headline has
	idDigits   = 4   // of a number in an address that names an article
	idSigns    = 6   // of one with letters in it
)

// addressNames is what names an article in its address.
type addressNames struct {
	path  string   // without form: AMP, extension, slash
	last  string   // its last part
	query string   // the parameters that name an article
	words []string // of the last part
	ids   []string // long numbers, also with letters in them
}

var (
	formPath = regexp.MustCompile(`(?i)^/(?:platform/)?amp(?:/|$)|/(?:amp|amphtml|print|drucken|full|single)/?$|\.amp(?:\.html?)?$`)
	idNumber = regexp.MustCompile(`\d+`)
	idMixed  = regexp.MustCompile(`[a-z0-9]*\d[a-z0-9]*`)
	dateLike = regexp.MustCompile(`(?:^|/)(?:19|20)\d\d(?:[/-]?[01]?\d)?(?:[/-]?[0-3]?\d)?(?:/|$)`)
)

func namesOf(u *url.URL) addressNames {
	path := formPath.ReplaceAllString(strings.ToLower(u.Path), "/")
	n := addressNames{path: strings.Trim(pageExt.ReplaceAllString(strings.TrimRight(path, "/"), ""), "/")}
	n.last = n.path[strings.LastIndexByte(n.path, '/')+1:]
	n.words = tokens(n.last)
	n.ids = longNumbers(dateLike.ReplaceAllString(n.path, "/"))
	var named []string
	for pair := range strings.SplitSeq(u.RawQuery, "&") {
		if queryNews.MatchString(pair) {
			named = append(named, strings.ToLower(pair))
			_, value, _ := strings.Cut(pair, "=")
			n.ids = append(n.ids, strings.ToLower(value))
		}
	}
	n.query = strings.Join(named, "&")
	return n
}

func longNumbers(s string) (ids []string) {
	for _, id := range idMixed.FindAllString(s, 50) {
		if len(id) >= idSigns || len(id) >= idDigits && strings.Trim(id, "0123456789") == "" {
			ids = append(ids, id)
		}
	}
	return ids
}

// folder is the path without its last part.
func (n addressNames) folder() string { return strings.TrimSuffix(n.path, n.last) }

// named says that the address names an article by words or by a number.
func (n addressNames) named() bool { return len(n.words) >= slugWords || len(n.ids) > 0 }

// opaque says that the last part is a name without words or long numbers, as
// "c4g8xyzk2wvo" is.
func (n addressNames) opaque() bool { return strings.ContainsAny(n.last, "0123456789") }

// namedBelow says that what follows a folder names an article.
func (n addressNames) namedBelow(folder string) bool {
	rest := strings.TrimPrefix(n.path, folder+"/")
	return len(tokens(rest)) >= slugWords || len(longNumbers(rest)) > 0
}

// tokens are the words of a name or a headline, in lower case; those without a
// space between them count by the character.
func tokens(s string) (out []string) {
	for _, w := range strings.FieldsFunc(strings.ToLower(s), func(r rune) bool {
		return !unicode.IsLetter(r) && !unicode.IsMark(r) && !unicode.IsNumber(r)
	}) {
		if r, _ := utf8.DecodeRuneInString(w); unicode.In(r, unicode.Han, unicode.Hiragana, unicode.Katakana, unicode.Thai) {
			out = append(out, strings.Split(w, "")...)
			continue
		}
		if strings.Trim(w, "0123456789") != "" { // numbers are no words
			out = append(out, w)
		}
	}
	return out
}

// overlap is the share of the words of the shorter list that the other has.
func overlap(a, b []string) float64 {
	if len(a) > len(b) {
		a, b = b, a
	}
	if len(a) == 0 {
		return 0
	}
	n := 0
	for _, w := range a {
		if slices.Contains(b, w) {
			n++
		}
	}
	return float64(n) / float64(len(a))
}

func shareAny(a, b []string) bool {
	return slices.ContainsFunc(a, func(x string) bool { return slices.Contains(b, x) })
}

func digitless(s string) string { return idNumber.ReplaceAllString(s, "#") }
