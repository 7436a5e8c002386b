package extract

import (
	"strings"
	"unicode"
)

var stopWords = map[string]string{
	"en": "the and of to in that is for was with on as he his by it from at are",
	"de": "der die und das den von ist mit nicht dem ein eine auch auf für sich des im zu",
	"fr": "les des et est une dans que qui pour sur pas du au le la par avec il ce",
	"es": "el los las que del una por con para como se su al es en y más pero ha",
	"it": "il che di della per una con del non sono gli alla nel da è anche più si",
	"pt": "não uma os das dos em com para que do da ao foi mais por o pela são",
	"nl": "het een van de dat niet zijn voor met op aan ook er maar bij is te naar",
}

var scriptLangs = []struct {
	table *unicode.RangeTable
	langs string // plausible languages, the likeliest first
}{
	{unicode.Cyrillic, "ru uk be bg sr mk kk ky tg mn"},
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

func guessLatin(text string) (string, float64) {
	n := map[string]int{}
	total := 0
	for _, w := range strings.Fields(text) {
		if total++; total > 3000 {
			break
		}
		n[strings.ToLower(strings.Trim(w, ".,;:!?\"'()«»“”"))]++
	}
	best, bestN, second := "", 0, 0
	for _, l := range []string{"en", "de", "fr", "es", "it", "pt", "nl"} {
		c := 0
		for _, w := range strings.Fields(stopWords[l]) {
			c += n[w]
		}
		if c > bestN {
			best, bestN, second = l, c, bestN
		} else if c > second {
			second = c
		}
	}
	if total == 0 || bestN*12 < total || bestN < second+second/4 {
		return "", 0
	}
	return best, float64(bestN) / float64(total)
}

// Language guesses the language of a text by its script and its most frequent
// words: a BCP 47 primary tag, or "" where nothing is likely.
func Language(text string) string {
	if fits := scriptOf(text); fits != "" {
		return strings.Fields(fits)[0]
	}
	g, _ := guessLatin(text)
	return g
}

func (p *page) language(text string) string {
	fits := scriptOf(text)
	h := p.doc.Find("html").First()
	var tags []string
	for _, at := range []string{"lang", "xml:lang"} {
		if v, ok := h.Attr(at); ok {
			tags = append(tags, v)
		}
	}
	tags = append(tags, p.firstMeta("og:locale"), p.ld.lang, p.firstMeta("content-language", "language", "dc.language", "inlanguage"))
	for _, t := range tags {
		l := primary(t)
		if l == "" {
			continue
		}
		if fits != "" {
			if strings.Contains(" "+fits+" ", " "+l+" ") {
				return l
			}
			continue
		}
		if nonLatin(l) && len(text) > 200 {
			continue
		}
		// A template's "en" on a page in another language.
		if g, share := guessLatin(text); g != "" && g != l && share > 0.2 && len(text) > 600 && stopWords[l] != "" {
			return g
		}
		return l
	}
	return Language(text)
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
