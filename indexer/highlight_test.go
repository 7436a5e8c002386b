package indexer

import (
	"html"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"dateline"
)

// alphabets are what the words of a language are made of here; odd ones are
// among them, as texts have them.
var alphabets = map[string]string{
	"en": "aeiostrnlydgKS'’é-", "de": "aeinrstäöüßGÄ", "fr": "aeiouyhéèçœŒÉqlsn’", "es": "aeioñáéírsnlY", "it": "aeiouàèìlrtnz",
	"nl": "aeijyëïkengtYIJ", "pt": "aeoãõçáàsmrd", "ru": "аеиоуыэюяйёстнлвЁЙш", "ar": "اأإآلوبفكتمنيهةُّٱـ",
	"xx": "aeiβγάłøæﬁſKİ中国报道阿里ガか゛ไทย한국é\u0301\u0328\u0338\u3099\u00adॐ",
}

func randomWord(r *rand.Rand, letters []rune) string {
	var b strings.Builder
	for range 1 + r.IntN(9) {
		b.WriteRune(letters[r.IntN(len(letters))])
	}
	return b.String()
}

var endings = []string{"", "s", "ed", "ing", "ly", "ies", "ung", "en", "ación", "mente", "ий", "ого", "ation", "'s", "ة"}

// TestStemsKeepFirstLetters proves what the sieve relies on.
func TestStemsKeepFirstLetters(t *testing.T) {
	check := func(lang string, tok token) {
		t.Helper()
		w, s := []rune(tok.word), []rune(tok.stem)
		if w[0] != s[0] || len(s) > 1 && w[1] != s[1] && (w[1] != 'y' || s[1] != 'i') {
			t.Fatalf("%s: the stem of %q is %q", lang, tok.word, tok.stem)
		}
	}
	r := rand.New(rand.NewPCG(5, 1))
	for lang, as := range alphabets {
		if lang == "ar" {
			continue
		}
		letters := []rune(as)
		for range 20000 {
			for _, tok := range analyze(lang, randomWord(r, letters)+endings[r.IntN(len(endings))]) {
				check(lang, tok)
			}
		}
	}
	for _, w := range strings.Fields("skis skies dying lying tying idly gently ugly early only singly sky news yes youth yacht eyed generally communism arsenal") {
		check("en", analyze("en", w)[0])
	}
}

// naiveSpans finds marks as the evaluator finds words: in all of the text.
func naiveSpans(lang, text string, title bool, words []wanted) []marked {
	toks := analyze(lang, text)
	words = slices.DeleteFunc(slices.Clone(words), func(w wanted) bool { return w.title && !title })
	if loud := slices.DeleteFunc(slices.Clone(words), func(w wanted) bool { return !w.prefix && isStopWord(lang, w.text) }); len(loud) > 0 {
		words = loud
	}
	var out []marked
	for _, w := range words {
		want := analyze(lang, w.text)
		if len(want) == 0 {
			continue
		}
		for _, i := range findPhrase(toks, want, w.prefix) {
			out = append(out, marked{span{toks[i].start, toks[i+len(want)-1].end}, w.of})
		}
		form, ok := whole(lang, w.text, want)
		for _, e := range extras(lang, text, toks) {
			one := len(want) == 1 && countExtras([]extra{e}, want[0], w.prefix) > 0
			if w.prefix && len(findPhrase(toks[e.first:e.first+1], want, true)) > 0 {
				one = false // a part of it is marked
			}
			if one || ok && !w.prefix && e.stem == form.stem {
				out = append(out, marked{span{e.start, e.end}, w.of})
			}
		}
		for i, tok := range toks {
			if ok && !w.prefix && tok.stem == form.stem {
				out = append(out, marked{span{toks[i].start, toks[i].end}, w.of})
			}
		}
	}
	return merge(text, out)
}

func TestHighlightsAreWhatTheAnalyzerFinds(t *testing.T) {
	r := rand.New(rand.NewPCG(5, 2))
	marks := 0
	for lang, as := range alphabets {
		letters := []rune(as)
		for range 400 {
			var stock []string
			for range 12 {
				stock = append(stock, randomWord(r, letters[:min(len(letters), 3+r.IntN(len(letters)))]))
			}
			var b strings.Builder
			for range 60 {
				w := stock[r.IntN(len(stock))] + endings[r.IntN(len(endings))]
				if r.IntN(4) == 0 {
					w = strings.ToUpper(w)
				}
				b.WriteString(w + []string{" ", " ", ", ", ". ", "'s ", "’s ", "-", "\n\n", "'S ", "."}[r.IntN(10)])
			}
			h := &highlighter{made: map[patternsKey]*patterns{}}
			for range 1 + r.IntN(4) {
				text := stock[r.IntN(len(stock))]
				for range r.IntN(3) {
					text += []string{" ", "-"}[r.IntN(2)] + stock[r.IntN(len(stock))]
				}
				prefix := r.IntN(3) == 0
				if k := utf8.RuneCountInString(text); prefix && k > 1 {
					text = string([]rune(text)[:1+r.IntN(k-1)])
				}
				h.want(text, []string{"", "title"}[r.IntN(2)], prefix)
			}
			title := r.IntN(2) == 0
			got, want := h.spans(lang, b.String(), title, nil), naiveSpans(lang, b.String(), title, h.words)
			if !slices.Equal(got, want) {
				t.Fatalf("%s: %+v in %q:\n got %v\nwant %v", lang, h.words, b.String(), got, want)
			}
			marks += len(want)
		}
	}
	if marks < 10000 {
		t.Errorf("only %d marks were compared", marks)
	}
}

func TestSieveDropsMost(t *testing.T) {
	const text = "The embassy rejected the memo on Thursday, and officials who had read it asked whether the company knew."
	all := len(analyze("en", text))
	if got := len(analyzeSome("en", text, newSieve("en", []string{"memo"}))); got > all/4 {
		t.Errorf("%d of %d words are analyzed to find one", got, all)
	}
	// What is folded to the wanted letter is let through, and what may be.
	for _, w := range []string{"Éclair", "eclair", "ＥＣＬＡＩＲ"} {
		if len(analyzeSome("fr", w, newSieve("fr", []string{"eclair"}))) != 1 {
			t.Errorf("%q is dropped", w)
		}
	}
	if len(analyzeSome("zh", "中国", newSieve("xx", []string{"国"}))) != 1 {
		t.Error("one ideograph is wanted")
	}
}

func TestFormCacheKeepsWhatIsUsed(t *testing.T) {
	c := &formCache{}
	c.forms("en", "reporters")
	for i := range 3 * maxForms {
		c.forms("en", "w"+strings.Repeat("x", i%7)+string(rune('a'+i%26))+strings.Repeat("z", i/26%50)+strings.Repeat("q", i/1300%60))
		if i%1000 == 0 {
			c.forms("en", "reporters")
		}
	}
	if _, ok := c.m["reporters"]; !ok && c.old["reporters"].stem == "" {
		t.Error("a word that comes again and again was forgotten")
	}
	if len(c.m) > maxForms || len(c.old) > maxForms {
		t.Errorf("%d and %d words are kept, at most %d are wanted in each half", len(c.m), len(c.old), maxForms)
	}
}

// sentence fills a text with words that are in no query.
func filler(n int) string {
	return strings.TrimSpace(strings.Repeat("Nothing else was known about it at that hour. ", n))
}

func snippetFor(t testing.TB, lang, body string, words ...string) string {
	t.Helper()
	h := &highlighter{made: map[patternsKey]*patterns{}}
	for _, w := range words {
		h.want(w, "", false)
	}
	_, s := h.mark(&dateline.Article{Title: "Title", Lang: lang, Body: body})
	return s
}

func TestSnippets(t *testing.T) {
	for _, c := range []struct {
		name, lang, body string
		words            []string
		want             string
	}{
		{
			"a short text is shown whole", "en", "The memo is dated.\n\nAlibaba & others <deny> it.",
			[]string{"memo"},
			"The <mark>memo</mark> is dated.  Alibaba &amp; others &lt;deny&gt; it.",
		},
		{
			"nothing to mark: the beginning", "en", filler(10), nil,
			"Nothing else was known about it at that hour. Nothing else was known about it at that hour. Nothing else was known about it at that hour. Nothing else was known about it at that hour. Nothing else was known about it at that hour. Nothing …",
		},
		{
			"from the beginning of its sentence, and on from there", "en", filler(8) + " On Friday the memo came out. " + filler(8),
			[]string{"memo"},
			"On Friday the <mark>memo</mark> came out. Nothing else was known about it at that hour. Nothing else was known about it at that hour. Nothing else was known about it at that hour. Nothing else was known about it at that hour. Nothing else was known …",
		},
		{
			"most distinct words first, then more of them, in the order of the text", "en",
			"The memo, that memo and the memo. " + filler(8) + " A leak of the memo followed. " + filler(8) + " Officials asked Alibaba about it. " + filler(8),
			[]string{"memo", "leak", "Alibaba"},
			"The <mark>memo</mark>, that <mark>memo</mark> and the <mark>memo</mark>. … A <mark>leak</mark> of the <mark>memo</mark> followed. … Officials asked <mark>Alibaba</mark> about it. Nothing else was known about it at that hour. Nothing else was known about it at that hour. Nothing else was known about it at that …",
		},
		{
			"of the same words, the nearest", "en",
			"The memo was said, by people who had seen it long before it was known, to name Alibaba. " + strings.Repeat(filler(8)+" ", 4) + "The Alibaba memo was short but it was read by everybody who had asked for it, and by some who had never asked at all, so nobody was surprised by any line of it when, at long last, it came out. " + filler(8),
			[]string{"memo", "Alibaba"},
			"The <mark>Alibaba</mark> <mark>memo</mark> was short but it was read by everybody who had asked for it, and by some who had never asked at all, so nobody was surprised by any line of it when, at long last, it came out. Nothing else was known about it at that hour. …",
		},
		{
			"neither initials nor titles end a sentence", "en", filler(8) + " Yesterday Mr. J. Doe of the U.S. Treasury read the memo. " + filler(8),
			[]string{"memo"},
			"Yesterday Mr. J. Doe of the U.S. Treasury read the <mark>memo</mark>. Nothing else was known about it at that hour. Nothing else was known about it at that hour. Nothing else was known about it at that hour. Nothing else was known about it at that hour. …",
		},
		{
			"a quotation begins a sentence", "en", filler(8) + " \"The memo is old,\" she said. " + filler(8),
			[]string{"memo"},
			"&#34;The <mark>memo</mark> is old,&#34; she said. Nothing else was known about it at that hour. Nothing else was known about it at that hour. Nothing else was known about it at that hour. Nothing else was known about it at that hour. Nothing else was known …",
		},
		{
			"a sentence that begins too far away is cut at a word", "en", filler(8) + " Those" + strings.Repeat(" who were there", 20) + " read the memo" + strings.Repeat(" and who were there", 20) + ".",
			[]string{"memo"},
			"… there who were there who were there read the <mark>memo</mark> and who were there and who were there and who were there and who were there and who were there and who were there and who were there and who were there and who were there and who were there …",
		},
		{
			"Chinese sentences have no spaces", "zh", strings.Repeat("当天没有其他消息。", 20) + "白宫备忘录提到阿里巴巴！" + strings.Repeat("当天没有其他消息。", 20),
			[]string{"阿里巴巴"},
			"白宫备忘录提到<mark>阿里巴巴</mark>！当天没有其他消息。当天没有其他消息。当天没有其他消息。当天没有其他消息。当天没有其他消息。当天没有其他消息。当天没有其他消息。当天没有其他消息。当天没有其他消息。当天没有其他消息。当天没有其他消息。当天没有其他消息。 …",
		},
		{
			"a quotation ends a Chinese sentence", "zh", strings.Repeat("当天没有其他消息。", 20) + "他说：“不。”备忘录是旧的。" + strings.Repeat("当天没有其他消息。", 20),
			[]string{"备忘录"},
			"<mark>备忘录</mark>是旧的。当天没有其他消息。当天没有其他消息。当天没有其他消息。当天没有其他消息。当天没有其他消息。当天没有其他消息。当天没有其他消息。当天没有其他消息。当天没有其他消息。当天没有其他消息。当天没有其他消息。当天没有其他消息。当天没有其 …",
		},
	} {
		t.Run(c.name, func(t *testing.T) {
			if got := snippetFor(t, c.lang, c.body, c.words...); got != c.want {
				t.Errorf("got  %s\nwant %s", got, c.want)
			}
		})
	}
}

// checkMarked says what is wrong with HTML that must be escaped text with
// marks and nothing else.
func checkMarked(s string) string {
	if !utf8.ValidString(s) {
		return "not UTF-8"
	}
	open := false
	for rest := s; rest != ""; {
		k := strings.IndexAny(rest, `<>&"'`)
		if k < 0 {
			break
		}
		rest = rest[k:]
		tag := ""
		for _, w := range []string{"<mark>", "</mark>", "&lt;", "&gt;", "&amp;", "&#34;", "&#39;"} {
			if strings.HasPrefix(rest, w) {
				tag = w
			}
		}
		switch {
		case tag == "":
			return "not escaped: " + rest
		case tag == "<mark>" && open, tag == "</mark>" && !open:
			return "marks within each other: " + rest
		case tag[0] == '<':
			open = !open
		}
		rest = rest[len(tag):]
	}
	if open {
		return "a mark is not closed"
	}
	return ""
}

func FuzzSnippet(f *testing.F) {
	f.Add("en", "The memo & <b>Alibaba</b>. "+strings.Repeat("Some more. ", 40)+"A memo!", "memo", "alibaba memo")
	f.Add("zh", strings.Repeat("阿里巴巴。", 100), "阿里", "巴。")
	f.Add("ar", strings.Repeat("والكتاب الكبير؟ ", 40), "كتاب", "a")
	f.Add("xx", strings.Repeat("e\u0301\u200d\U0001F468", 200)+"\xff\xfe", "é", "\xff")
	f.Add("de", strings.Repeat("a", 900), "a", strings.Repeat("a", 900))
	f.Fuzz(func(t *testing.T, lang, body, word, prefix string) {
		h := &highlighter{made: map[patternsKey]*patterns{}, entities: map[string]uint64{"e": 1}}
		h.want(word, "", false)
		h.want(prefix, "", true)
		a := &dateline.Article{Title: word + body, Lang: lang, Body: body, Mentions: []dateline.Mention{{Start: len(word), End: len(word) + len(prefix), EntityID: "e"}}}
		title, snippet := h.mark(a)
		for _, s := range []string{title, snippet} {
			if wrong := checkMarked(s); wrong != "" {
				t.Fatalf("%q: %s", s, wrong)
			}
		}
		plain := html.UnescapeString(strings.NewReplacer("<mark>", "", "</mark>", "").Replace(snippet))
		if n := utf8.RuneCountInString(plain); n > 300 {
			t.Errorf("a snippet of %d characters: %q", n, plain)
		}
		if utf8.ValidString(body) {
			flat := strings.ReplaceAll(body, "\n", " ")
			for part := range strings.SplitSeq(plain, "…") { // each fragment is of the text, at whole characters
				if !strings.Contains(flat, strings.TrimSpace(part)) {
					t.Errorf("%q is not in %q", part, flat)
				}
			}
		}
		if lang = langKey(lang); len(h.spans(lang, body, false, a.Mentions)) > 0 && !strings.Contains(snippet, "<mark>") {
			t.Errorf("nothing is marked in %q of %q", snippet, body)
		}
	})
}

func BenchmarkMark(b *testing.B) {
	var text strings.Builder
	r := rand.New(rand.NewPCG(5, 3))
	stock := strings.Fields("officials said company memo customers data access denied report embassy people technology security military government the of and to in that for on with was who had been which")
	for range 400 {
		text.WriteString(stock[r.IntN(len(stock))])
		text.WriteString([]string{" ", " ", " ", " ", " ", " ", " ", ", ", ". The "}[r.IntN(9)])
	}
	a := &dateline.Article{Title: "The memo", Lang: "en", Body: text.String()}
	h := &highlighter{made: map[patternsKey]*patterns{}}
	for _, w := range []string{"memo", "customers", "embassy", "military"} {
		h.want(w, "", false)
	}
	b.Run("mark", func(b *testing.B) {
		for b.Loop() {
			h.mark(a)
		}
	})
	b.Run("analyze alone", func(b *testing.B) { // what marking once began with
		for b.Loop() {
			analyze("en", a.Body)
		}
	})
}

// TestStopWordsUnmarked: stop words are marked only where nothing else is asked.
func TestStopWordsUnmarked(t *testing.T) {
	x := open(t, t.TempDir())
	a := art(1, "The report on the bridge", "The bridge was closed. The report says so.")
	a.Lang = "en"
	add(t, x, a)
	for text, want := range map[string]string{
		"the bridge":   "The report on the <mark>bridge</mark>",
		"the on":       "<mark>The</mark> report <mark>on</mark> <mark>the</mark> bridge",
		`"the bridge"`: "The report on <mark>the bridge</mark>",
	} {
		root, err := dateline.ParseQuery(text)
		if err != nil {
			t.Fatal(err)
		}
		r, err := x.Search(t.Context(), dateline.Query{Text: text, Root: root, Limit: 1})
		if err != nil || len(r.Hits) != 1 || r.Hits[0].TitleHTML != want {
			t.Errorf("%s: %+v, %v, want %s", text, r.Hits, err, want)
		}
	}
}
