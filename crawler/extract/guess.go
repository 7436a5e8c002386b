package extract

import (
	"bytes"
	"strings"
	"unicode"

	"github.com/wlynxg/chardet"
	"golang.org/x/net/html/charset"
	"golang.org/x/text/encoding"
)

// guessSample is how many bytes a charset is guessed from.
const guessSample = 64 << 10

// sureGuess is the mean score of the characters beyond ASCII from which a
// guess of ours is believed: most of them belong to one language. 1.2 is the
// most there is.
const sureGuess = 0.4

// tongue is a language with the single-byte charsets its pages are found in.
// Letters are in lower case, the most frequent first.
type tongue struct {
	charsets string
	letters  string
}

// tongues are in the order in which equals are preferred.
var tongues = []tongue{
	{"windows-1252", "éèàêçùûîïôâëœæüÿ"},             // French
	{"windows-1252", "äöüßé"},                        // German
	{"windows-1252", "áéíóúñüçàèòï"},                 // Spanish, Catalan
	{"windows-1252", "ãçáéíóõêâúôàü"},                // Portuguese
	{"windows-1252", "àèéìòùîó"},                     // Italian
	{"windows-1252", "åäöæøéüóòôêàèëïá"},             // Swedish, Danish, Norwegian, Finnish
	{"windows-1252", "ëéïèêöüóáíçà"},                 // Dutch
	{"windows-1252", "áðéíóúýþæö"},                   // Icelandic
	{"windows-1250 iso-8859-2", "ąęłóśżćńź"},         // Polish
	{"windows-1250 iso-8859-2", "áéíěščřžýůúňťďóö"},  // Czech
	{"windows-1250 iso-8859-2", "áéíčšžýúľťňôäďóĺŕ"}, // Slovak
	{"windows-1250 iso-8859-2", "áéőöüóíúű"},         // Hungarian
	{"windows-1250 iso-8859-2", "ăîşţâ"},             // Romanian
	{"windows-1250 iso-8859-2", "čšžćđ"},             // Croatian, Slovene
	{"windows-1254", "ıüşöğçi̇âîû"},                  // Turkish
	{"windows-1257", "šėųžąįčūę"},                    // Lithuanian
	{"windows-1257", "āīšēūļņžķģčŗō"},                // Latvian
	{"windows-1257", "äõüöšž"},                       // Estonian
	{"windows-1251 koi8-r koi8-u ibm866 iso-8859-5", "оеаинтсрвлкмдпуіїяыьгзбчйхжшюцщэфъёєґўђјљњћџѓќѕ"}, // Cyrillic
	{"windows-1253 iso-8859-7", "αοιετνσηρπκμλςυίόάγδωχθέήφβξζώύψϊϋΐΰ"},                                 // Greek
	{"windows-1255 iso-8859-8", "יוהלארתבמשנעדםחפקכגסןצטזףךץ"},                                          // Hebrew
	{"windows-1256 iso-8859-6", "النيموترعبةدسفقحهجأكصشطخءىضذغزثإآئظؤپچژگیک،؟"},                         // Arabic, Persian
	{"windows-874", "านรอกเงมยลวดทสตะปบค่้ิีหแจพชัุไขใ์โถธณูซศษึ็ืผำฐภฝฉญฏฎฆฟฬฮฒฑฌๆ๊๋ฤ"},                // Thai
}

// guess finds the charset of a page that names none; enc and name are what is
// taken where nothing speaks for another.
func guess(b []byte, enc encoding.Encoding, name string) (encoding.Encoding, string) {
	sample := b
	if i := bytes.IndexFunc(b, func(r rune) bool { return r >= 0x80 }); i > 4096 {
		sample = b[i-1024:]
	}
	sample = sample[:min(len(sample), guessSample)]
	if e, n := guessEastern(sample); e != nil {
		return e, n
	}
	wide := chardet.Detect(sample).Encoding
	switch strings.ToLower(wide) {
	case "cp949", "johab":
		wide = "euc-kr"
	case "cp932":
		wide = "shift_jis"
	case "gb2312":
		wide = "gb18030"
	case "tis-620":
		wide = "windows-874"
	case "ascii":
		wide = ""
	}
	e, n := charset.Lookup(wide)
	if e != nil && isWide[n] {
		return e, n
	}
	if ours, found := guessNarrow(sample); ours != nil {
		return ours, found
	}
	if e != nil {
		return e, n
	}
	return enc, name
}

// isWide are the charsets of several bytes a character, whose bytes follow
// rules that chance does not keep.
var isWide = map[string]bool{"shift_jis": true, "euc-jp": true, "gb18030": true, "gbk": true, "big5": true, "euc-kr": true}

// guessEastern knows Japanese by its kana and Korean by its syllables, also in
// samples of a few words, where counting characters says little.
func guessEastern(sample []byte) (enc encoding.Encoding, name string) {
	for _, c := range []struct {
		name  string
		table *unicode.RangeTable
		share float64
	}{
		{"shift_jis", unicode.Hiragana, 0.25}, {"euc-jp", unicode.Hiragana, 0.25}, {"euc-kr", unicode.Hangul, 0.9},
	} {
		e, n := charset.Lookup(c.name)
		out, err := e.NewDecoder().Bytes(sample[:len(sample)-len(sample)%2])
		if err != nil {
			continue
		}
		good, bad, all := 0, 0, 0
		for _, r := range string(out) {
			switch {
			case unicode.Is(c.table, r):
				good++
				all++
			case r == unicode.ReplacementChar:
				bad++
			case unicode.IsLetter(r) && r >= 0x80:
				all++
			}
		}
		if bad <= 1 && good >= 3 && float64(good) >= c.share*float64(all) { // the sample's end may cut a character
			return e, n
		}
	}
	return nil, ""
}

// guessNarrow reads the sample in each charset of one byte a character and
// takes the one whose letters make the best words in some language; nil if
// none is good enough.
func guessNarrow(sample []byte) (best encoding.Encoding, name string) {
	most := sureGuess
	decoded := map[string][]rune{}
	for _, t := range tongues {
		letters := t.weights()
		for _, n := range strings.Fields(t.charsets) {
			e, canonical := charset.Lookup(n)
			if e == nil {
				continue
			}
			if decoded[n] == nil {
				out, err := e.NewDecoder().Bytes(sample)
				if err != nil {
					continue
				}
				decoded[n] = []rune(string(out))
			}
			if s := scoreText(decoded[n], letters); s > most {
				most, best, name = s, e, canonical
			}
		}
	}
	return best, name
}

func (t tongue) weights() map[rune]float64 {
	m := map[rune]float64{}
	all := []rune(t.letters)
	for i, r := range all {
		m[r] = 1.2 - 0.8*float64(i)/float64(len(all))
	}
	return m
}

// typographic characters stand beside letters of every language.
const typographic = "‘’‚“”„«»‹›–—…•·\u00a0€£¥©®™°§ªº¿¡´`†‡‰№\u200e\u200f\u00ad"

// finals are letters that only end words.
const finals = "ךםןףץς"

// scoreText is the mean over the characters beyond ASCII: what the letters
// weigh in a language, less what no word of it has.
func scoreText(text []rune, letters map[rune]float64) float64 {
	sum, n := 0.0, 0
	at := func(i int) rune {
		if i < 0 || i >= len(text) {
			return ' '
		}
		return text[i]
	}
	for i, r := range text {
		if r < 0x80 {
			continue
		}
		n++
		prev, next := at(i-1), at(i+1)
		low := unicode.ToLower(r)
		w := letters[low]
		switch {
		case w > 0 && low != r:
			w = 0.4
			if unicode.IsLower(prev) {
				w = -1
			}
		case w > 0:
		case strings.ContainsRune(typographic, r):
			w = 0.2
		case r == unicode.ReplacementChar || unicode.IsControl(r):
			w = -5
		default:
			w = -2 // a letter of another language, or a sign
		}
		switch {
		case strings.ContainsRune(finals, r) && unicode.IsLetter(next):
			w = -2
		case unicode.Is(unicode.Mn, r) && !unicode.IsLetter(prev) && !unicode.Is(unicode.Mn, prev):
			w = -2 // a mark on nothing
		case r >= 'เ' && r <= 'ไ' && !(next >= 'ก' && next <= 'ฮ'):
			w = -2 // a Thai vowel that is written first, before no consonant
		case w > 0 && r >= 0x370 && (latin(prev) || latin(next)):
			w = -1
		}
		sum += w
	}
	if n == 0 {
		return 0
	}
	return (sum - 2*mute(text)) / float64(n)
}

// mute counts the letters of the Cyrillic words of four and more without a
// vowel: there are next to none, but any letters make them.
func mute(text []rune) float64 {
	total, run, vowel := 0, 0, false
	for i := 0; i <= len(text); i++ {
		if i < len(text) && unicode.Is(unicode.Cyrillic, text[i]) {
			run++
			vowel = vowel || strings.ContainsRune("аеиоуыэюяёіїє", unicode.ToLower(text[i]))
			continue
		}
		if run >= 4 && !vowel {
			total += run
		}
		run, vowel = 0, false
	}
	return float64(total)
}

func latin(r rune) bool { return r|0x20 >= 'a' && r|0x20 <= 'z' || r >= 0xc0 && r < 0x250 }
