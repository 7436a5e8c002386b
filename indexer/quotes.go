package indexer

import (
	"slices"
	"strings"
	"unicode/utf8"

	"dateline"
)

// quotePairs are opening marks and what closes them. Marks that also serve as
// apostrophes are left out: a wrong quote is worse than a missing one.
var quotePairs = map[rune]string{
	'"': `"`, '“': `”"`, '„': `“”"`, '«': `»`, '»': `«`, '「': `」`, '『': `』`, '《': ``,
}

// sayWords are the beginnings of words that attribute speech, folded, in the
// languages of the analyzers that write spaces, and Chinese and Japanese ones.
var sayWords = []string{
	"said", "says", "say", "saying", "told", "tells", "wrote", "writes", "added", "adds", "stated", "according", "warned", "warns",
	"argued", "argues", "called", "calls", "asked", "replied", "insisted", "insists", "denied", "denies", "claimed", "claims",
	"sagte", "sagt", "erklarte", "erklart", "schrieb", "schreibt", "betonte", "warnte", "teilte", "laut", "zufolge", "nannte", "nennt", "so",
	"dijo", "dice", "afirmo", "afirma", "aseguro", "asegura", "declaro", "explico", "senalo", "segun", "escribio", "anadio", "califico",
	"dit", "declare", "affirme", "explique", "ecrit", "selon", "assure", "estime", "disse", "dichiara", "secondo", "zei", "zegt", "volgens",
	"сказал", "заявил", "написал", "сообщил", "отметил",
}

var sayHan = []string{"说", "表示", "称", "指出", "認為", "认为", "回应", "强调", "写道", "說", "稱", "述べ", "語っ"}

const (
	maxQuote       = 2000 // bytes; more is a mark that was never closed
	minQuoteWords  = 3    // fewer are a name or a title
	minQuoteHan    = 6    // characters, where no spaces part words
	attributionGap = 160  // bytes after or before a quote in which its speaker is looked for
)

// findQuotes gives the quotes of a body with who is named as saying them: the
// entity that stands with a word of saying in the same paragraph, after the
// quote, else before it. A quote that follows another without such words goes
// on with its speaker. People are preferred to organisations, and places
// never speak.
func findQuotes(body string, mentions []dateline.Mention) []dateline.Quote {
	var speakers []dateline.Mention
	for _, m := range mentions {
		if !m.InTitle && m.Type != dateline.Place && m.Start >= 0 && m.Start < m.End && m.End <= len(body) {
			speakers = append(speakers, m)
		}
	}
	slices.SortFunc(speakers, func(a, b dateline.Mention) int { return a.Start - b.Start })
	var out []dateline.Quote
	at := 0
	for para := range strings.SplitAfterSeq(body, "\n") {
		first := len(out)
		spans := quoteSpans(para)
		for i, s := range spans {
			q := dateline.Quote{Start: at + s.start, End: at + s.end, Text: para[s.start:s.end]}
			before, after := 0, len(para)
			if i > 0 {
				before = spans[i-1].end
			}
			if i+1 < len(spans) {
				after = spans[i+1].start
			}
			m, ok := attribution(body, speakers, at+s.end, min(at+after, at+s.end+attributionGap), true)
			if !ok {
				m, ok = attribution(body, speakers, max(at+before, at+s.start-attributionGap), at+s.start, false)
			}
			if ok {
				q.Speaker, q.SpeakerID = m.Name, m.EntityID
			} else if len(out) > first {
				q.Speaker, q.SpeakerID = out[len(out)-1].Speaker, out[len(out)-1].SpeakerID
			} else if m, ok := pronoun(body, speakers, at+s.start, at+s.end, min(at+after, at+s.end+attributionGap)); ok {
				q.Speaker, q.SpeakerID = m.Name, m.EntityID
			}
			out = append(out, q)
		}
		at += len(para)
	}
	return out
}

// quoteSpans finds what stands in quotation marks in a paragraph.
func quoteSpans(s string) []span {
	var out []span
	for i := 0; i < len(s); {
		r, n := utf8.DecodeRuneInString(s[i:])
		i += n
		closing := quotePairs[r]
		if closing == "" {
			continue
		}
		limit := min(len(s), i+maxQuote)
		k := strings.IndexAny(s[i:limit], closing)
		if k < 0 {
			continue
		}
		if isQuote(s[i : i+k]) {
			out = append(out, span{i, i + k})
		}
		_, n = utf8.DecodeRuneInString(s[i+k:])
		i += k + n
	}
	return out
}

func isQuote(s string) bool {
	words, single := 0, 0
	for _, t := range analyze(otherLang, s) {
		if r, _ := utf8.DecodeRuneInString(t.word); isSingle(r) {
			single++
		} else {
			words++
		}
	}
	return words >= minQuoteWords || words+single >= minQuoteHan
}

// pronouns that stand for one person beside a word of saying.
var pronouns = []string{"he", "she", "er", "sie", "il", "elle", "ella", "lui", "lei", "hij", "zij", "он", "она"}

// pronoun finds whom "she said" after a quote means: the person who was named
// last before it, not too far back.
func pronoun(body string, speakers []dateline.Mention, start, from, to int) (dateline.Mention, bool) {
	for to < len(body) && !utf8.RuneStart(body[to]) {
		to--
	}
	text := body[from:max(from, to)]
	if k := sentenceEnd(text); k >= 0 {
		text = text[:k]
	}
	he, says := false, false
	for _, t := range analyze(otherLang, text) {
		he = he || slices.Contains(pronouns, t.word)
		says = says || slices.Contains(sayWords, t.word)
	}
	if !he || !says {
		return dateline.Mention{}, false
	}
	for _, m := range slices.Backward(speakers) {
		if m.End <= start && m.Type == dateline.Person {
			return m, start-m.End < 4*attributionGap
		}
	}
	return dateline.Mention{}, false
}

// attribution finds who is said to speak between two places of a text.
func attribution(body string, speakers []dateline.Mention, from, to int, after bool) (dateline.Mention, bool) {
	for to < len(body) && !utf8.RuneStart(body[to]) {
		to--
	}
	for from < len(body) && !utf8.RuneStart(body[from]) {
		from++
	}
	if from >= to {
		return dateline.Mention{}, false
	}
	text := body[from:to]
	// Only the sentence that goes on after a quote, or leads up to it.
	if after {
		if k := sentenceEnd(text); k >= 0 {
			text = text[:k]
		}
	} else {
		for {
			k := sentenceEnd(text)
			if k < 0 || k >= len(text) || strings.TrimSpace(text[k:]) == "" {
				break
			}
			text, from = text[k:], from+k
		}
	}
	verb := -1
	for _, t := range analyze(otherLang, text) {
		if slices.Contains(sayWords, t.word) {
			verb = from + t.start
			break
		}
	}
	if verb < 0 {
		for _, w := range sayHan {
			if k := strings.Index(text, w); k >= 0 {
				verb = from + k
				break
			}
		}
	}
	if verb < 0 {
		return dateline.Mention{}, false
	}
	best, found := dateline.Mention{}, false
	for _, m := range speakers {
		if m.Start < from || m.End > from+len(text) {
			continue
		}
		better := !found || best.Type != dateline.Person && m.Type == dateline.Person ||
			best.Type == m.Type && distance(m, verb) < distance(best, verb)
		if better {
			best, found = m, true
		}
	}
	return best, found
}

func distance(m dateline.Mention, at int) int {
	switch {
	case m.End <= at:
		return at - m.End
	case m.Start >= at:
		return m.Start - at
	}
	return 0
}

// sentenceEnd gives the place after the first mark that ends a sentence; a
// point inside a word, after an initial or a title does not.
func sentenceEnd(s string) int {
	for i, r := range s {
		switch r {
		case '。', '！', '？', '\n':
			return i + utf8.RuneLen(r)
		case '!', '?':
			return i + 1
		case '.':
			rest := s[i+1:]
			word := s[strings.LastIndexAny(s[:i], " \n")+1 : i]
			if (rest == "" || rest[0] == ' ') && utf8.RuneCountInString(word) > 3 {
				return i + 1
			}
		}
	}
	return -1
}
