package extract

import (
	"strings"
	"unicode"
)

var scriptLangs = []struct {
	table *unicode.RangeTable
	langs string // plausible languages, the likeliest first
}{
	{unicode.Cyrillic, "ru uk be bg sr mk kk ky tg mn tt uz"},
	{unicode.Arabic, "ar fa ur ps ku ug sd"},
	{unicode.Hangul, "ko"},
	{unicode.Thai, "th"},
	{unicode.Devanagari, "hi mr ne sa"},
	{unicode.Greek, "el"},
	{unicode.Hebrew, "he iw yi"},
	{unicode.Bengali, "bn as"},
	{unicode.Tamil, "ta"},
	{unicode.Telugu, "te"},
	{unicode.Georgian, "ka"},
	{unicode.Armenian, "hy"},
	{unicode.Gujarati, "gu"},
	{unicode.Gurmukhi, "pa"},
	{unicode.Malayalam, "ml"},
	{unicode.Kannada, "kn"},
	{unicode.Sinhala, "si"},
	{unicode.Myanmar, "my"},
	{unicode.Khmer, "km"},
	{unicode.Ethiopic, "am ti"},
}

// scriptOf gives the languages that fit the script of a text; "" for Latin.
func scriptOf(text string) string {
	counts := make([]int, len(scriptLangs))
	han, kana, letters, seen := 0, 0, 0, 0
	for _, r := range text {
		if seen++; seen > 20000 {
			break
		}
		if !unicode.IsLetter(r) {
			continue
		}
		letters++
		if r < 0x250 {
			continue
		}
		switch {
		case unicode.Is(unicode.Han, r):
			han++
		case unicode.In(r, unicode.Hiragana, unicode.Katakana):
			kana++
		default:
			for i, s := range scriptLangs {
				if unicode.Is(s.table, r) {
					counts[i]++
					break
				}
			}
		}
	}
	if letters == 0 {
		return ""
	}
	if (han+kana)*10 > letters*3 {
		if kana*20 > han+kana {
			return "ja"
		}
		return "zh"
	}
	for i, c := range counts {
		if c*2 > letters {
			return scriptLangs[i].langs
		}
	}
	return ""
}

func primary(tag string) string {
	tag = strings.ToLower(strings.TrimSpace(tag))
	if i := strings.IndexAny(tag, "-_,; "); i >= 0 {
		tag = tag[:i]
	}
	switch tag {
	case "iw":
		return "he"
	case "in":
		return "id"
	case "nb", "nn":
		return tag
	case "cn", "zho", "chi", "cmn", "chinese":
		return "zh"
	case "jp", "jpn", "japanese":
		return "ja"
	case "eng", "english":
		return "en"
	case "deu", "ger", "german", "deutsch":
		return "de"
	case "fra", "fre", "french":
		return "fr"
	case "spa", "spanish":
		return "es"
	case "kr":
		return "ko"
	case "gr":
		return "el"
	case "cz":
		return "cs"
	case "ua":
		return "uk"
	}
	if len(tag) < 2 || len(tag) > 3 {
		return ""
	}
	for _, r := range tag {
		if r < 'a' || r > 'z' {
			return ""
		}
	}
	return tag
}

// Language guesses the language of a text by its script and its most frequent
// triples of letters: a BCP 47 primary tag, or "" where nothing is likely.
func Language(text string) string {
	fits := scriptOf(text)
	if g := guessIn(text, fits); g.best >= 0 {
		return g.language()
	}
	if fits != "" {
		return strings.Fields(fits)[0]
	}
	return ""
}

// guessIn guesses among the languages that scriptOf gave.
func guessIn(text, fits string) langGuess {
	switch {
	case fits == "":
		return guessLanguage(text, "Latin")
	case strings.HasPrefix(fits, "ru "):
		return guessLanguage(text, "Cyrillic")
	case strings.HasPrefix(fits, "ar "):
		return guessLanguage(text, "Arabic")
	case strings.HasPrefix(fits, "hi "):
		return guessLanguage(text, "Devanagari")
	}
	return langGuess{best: -1}
}

// language is the one that the page names, unless its text speaks clearly
// against it.
func (p *page) language(text string) string {
	l, source, written := p.pickLanguage(text)
	p.decide("lang", source, written)
	return l
}

func (p *page) pickLanguage(text string) (lang, source, written string) {
	fits := scriptOf(text)
	g := guessIn(text, fits)
	if g.best >= 0 {
		p.weigh("lang", "letters", g.language(), g.mean[g.best])
	} else {
		p.consider("lang", "script", fits)
	}
	var tags [][2]string
	for _, l := range p.scan.langs {
		tags = append(tags, [2]string{"html lang", l})
	}
	tags = append(tags, [2]string{"og:locale", p.firstMeta("og:locale")}, [2]string{"json-ld", p.ld.lang},
		[2]string{"meta", p.firstMeta("content-language", "language", "dc.language", "inlanguage")})
	for _, t := range tags {
		p.consider("lang", t[0], t[1])
	}
	for _, t := range tags {
		l := primary(t[1])
		switch {
		case l == "":
		case fits != "" && !strings.Contains(" "+fits+" ", " "+l+" "), fits == "" && nonLatin(l) && len(text) > 200:
			// A template's tag on a page in another script.
		default:
			if o := g.against(l); o != "" {
				return o, "letters", o
			}
			return l, t[0], t[1]
		}
	}
	if g.best >= 0 {
		return g.language(), "letters", g.language()
	}
	first, _, _ := strings.Cut(fits, " ")
	return first, "script", fits
}

func nonLatin(l string) bool {
	switch l {
	case "zh", "ja":
		return true
	case "sr", "kk", "ku", "mn":
		return false
	}
	for _, s := range scriptLangs {
		if strings.Contains(" "+s.langs+" ", " "+l+" ") {
			return true
		}
	}
	return false
}
