package extract

import (
	"regexp"
	"slices"
	"strings"
	"unicode"
)

// wires are the news agencies whose texts outlets print: the usual name, then
// what else they are called. Names of up to four letters are also words or
// other abbreviations, so that a name counts only where a text is credited:
// alone in the brackets of a dateline, as an author, in a line of credits.
var wires = wireTable(`
Reuters|Thomson Reuters|REUTERS|Рейтер|路透|路透社|ロイター|로이터|رويترز
AP|A.P.|Associated Press|The Associated Press|ASSOCIATED PRESS|THE ASSOCIATED PRESS|美联社|美聯社|AP通信
AFP|Afp|afp|Agence France-Presse|Agence France Presse|AGENCE FRANCE-PRESSE|法新社|AFP時事|أ ف ب|أ.ف.ب
dpa|DPA|Dpa|dpa-infocom|dpa-AFX|dpa-afx|Deutsche Presse-Agentur|德新社
EFE|Efe|Agencia EFE|埃菲社
ANSA|Ansa
Xinhua|XINHUA|Xinhua News Agency|新华社|新華社|新华网|新華網|新华社客户端|Синьхуа
China News Service|中新社|中新网|中新網|中国新闻社|中国新闻网
TASS|ITAR-TASS|Tass|ТАСС|塔斯社|タス通信
RIA Novosti|РИА Новости|РИА «Новости»
Interfax|Интерфакс
Kyodo|KYODO|Kyodo News|共同|共同社|共同通信|共同通信社
Jiji|JIJI|Jiji Press|JIJI Press|時事|時事通信|時事通信社
Yonhap|Yonhap News|Yonhap News Agency|연합뉴스|韩联社|韓聯社|聯合ニュース
CNA|中央社
PTI|Press Trust of India
ANI|Asian News International
IANS|Indo-Asian News Service
AAP|Australian Associated Press
The Canadian Press|Canadian Press|THE CANADIAN PRESS|La Presse Canadienne|La Presse canadienne
PA|PA Media|PA News Agency|Press Association
UPI|United Press International
APA|Austria Presse Agentur
Keystone-SDA|SDA|sda|Keystone-ATS|ATS|ats|keystone-sda
Belga|BELGA
ANP|anp
Lusa|LUSA|Agência Lusa
NTB|©NTB
TT
Ritzau|ritzau|RITZAU
STT
PAP
ČTK|CTK
MTI
Agerpres|AGERPRES
Europa Press|EUROPA PRESS
Notimex
Télam|Telam
Agência Brasil
Estadão Conteúdo
Anadolu|Anadolu Agency|Anadolu Ajansı
DHA|Demirören Haber Ajansı
İHA|IHA|İhlas Haber Ajansı
Adnkronos|ADNKRONOS|AdnKronos
AGI
SID
epd
KNA
Bernama|BERNAMA
Antara|ANTARA
WAM
SPA|واس
Ukrinform|Укринформ|Укрінформ
BTA|БТА
Tanjug|Танјуг
Hina|HINA
`)

func wireTable(list string) map[string]string {
	m := map[string]string{}
	for l := range strings.Lines(list) {
		all := strings.Split(strings.TrimSpace(l), "|")
		for _, n := range all {
			if n != "" {
				m[n] = all[0]
			}
		}
	}
	return m
}

var (
	bracketed = regexp.MustCompile(`[(（【\[]([^()（）【】\[\]]{2,60})[)）】\]]|(?:^|\s)/([\p{L} -]{2,30})/`)
	wireSplit = regexp.MustCompile(`\s*[/,;|&·、，；=+＝]\s*|\s+[–—-]+\s*|\s+(?:and|und|et|y|e|en|og|och|with|mit|avec|con)\s+`)
	creditBy  = regexp.MustCompile(`^(?:(?i:sources?|quellen?|fontes?|fuentes?|bron|kaynak|zdroj|źródło|kilde|källa|agency|agencies|agentur|agencia|agenzia|mit material von|with (?:reporting|files|inputs?) (?:from|by)|with|mit|avec|con|from|by|von|par|di|por)\b|来源|來源|稿源|信息来源|ソース|출처|Источник)\s*[:：]?\s*|^©\s*`)
	newsCode  = regexp.MustCompile(`^(?:[a-z]{2,4}|[A-Z]{1,3}\d*|\d[\d:.-]{0,20}(?:/\d+)?|dpa:[\d:-]+(?:/\d+)?)$`)
	signs     = regexp.MustCompile(`^(?i:staff|writers?|reporters?|correspondents?|journalist|photographer|news agency|news|sports|business|editor|newsroom|in \p{L}+)$`)
	// How Reuters signs, which a reader takes for the end of the text.
	reutersSign = regexp.MustCompile(`(?i)^\(?(?:additional )?reporting by .{3,200}[;,.] ?(?:writing by .{3,80}[;,.] ?)?editing by |^our standards: .{0,10}the thomson reuters trust principles`)
)

// wire is the agency of a name; "" if it is none.
func wire(s string) string {
	s = strings.Trim(s, " .:*-–—\"“”")
	if w, ok := wires[s]; ok {
		return w
	}
	if wide(firstRune(s)) && size(s) < 30 { // names without spaces, with a place, a date or a reporter beside them
		for _, by := range []string{"记者", "記者"} {
			s, _, _ = strings.Cut(s, by)
		}
		for i := range s {
			if w, ok := wires[s[i:]]; ok && i > 0 || ok {
				return w
			}
		}
	}
	return ""
}

// agency is the agency that a text is credited to: in its dateline, by its
// author, in a line of credits after it.
func (p *page) agency(body string, authors []string, byline string) string {
	first, _, _ := strings.Cut(body, "\n\n")
	if w := datelineWire(first); w != "" {
		return w
	}
	for _, a := range slices.Concat(authors, strings.Split(byline, " ; "), p.linkedSources()) {
		if w := bylineWire(a); w != "" {
			return w
		}
	}
	bs := p.blocks()
	for i, b := range bs {
		if b.zone&(zoneFigure|zoneBeside|zoneHeading) != 0 || len(b.text) > 400 || imageCredit(b) {
			continue
		}
		if !namesWire(b.text) {
			continue
		}
		if w := creditWire(b.text); w != "" && (wires[b.text] == "" || follows(bs, i, body)) {
			return w
		}
		if reutersSign.MatchString(b.text) {
			return "Reuters"
		}
		if len(b.text) <= 120 || !strings.Contains(body, b.text[:60]) {
			continue
		}
		if w := datelineWire(b.text); w != "" {
			return w // whose paragraph is not the first: after a standfirst
		}
	}
	return ""
}

func (p *page) linkedSources() []string {
	var out []string
	for _, k := range []string{"sourceOrganization", "contributor"} {
		out = append(out, names(p.ld.article[k], p.ld.byID, 0)...)
	}
	return out
}

// wireStarts are the first words of the names of agencies, and what Reuters
// signs with.
var wireStarts = func() map[string]bool {
	m := map[string]bool{"Editing": true, "editing": true, "Standards": true}
	for n := range wires {
		if f := wordsOf(n); len(f) > 0 {
			m[f[0]] = true
		}
	}
	return m
}()

func wordsOf(s string) []string {
	return strings.FieldsFunc(s, func(r rune) bool { return !unicode.IsLetter(r) })
}

// namesWire reports whether a text may name an agency: has a word that one
// begins with, or is of a script without spaces.
func namesWire(s string) bool {
	from := -1
	for i, r := range s {
		switch letter := unicode.IsLetter(r); {
		case letter && wide(r):
			return true
		case letter && from < 0:
			from = i
		case !letter && from >= 0:
			if wireStarts[s[from:i]] {
				return true
			}
			from = -1
		}
	}
	return from >= 0 && wireStarts[s[from:]]
}

// follows reports whether a block comes right after text of the body: a bare
// name elsewhere may be any label.
func follows(bs []block, i int, body string) bool {
	for j := i - 1; j >= 0 && j >= i-2; j-- {
		if t := bs[j].text; size(t) > 40 && strings.Contains(body, t[:40]) {
			return true
		}
	}
	return false
}

// imageCredit reports whether a block lies with a picture although it is in no
// figure.
func imageCredit(b block) bool {
	for n, i := b.in, 0; n != nil && i < 3; n, i = n.Parent, i+1 {
		m := templateNames(n)
		for _, w := range []string{"caption", "image", "photo", "picture", "credit", "media", "gallery", "slide", "video", "thumb", "copyright", "bild", "foto"} {
			if strings.Contains(m, w) {
				return true
			}
		}
	}
	return false
}

// datelineWire is the agency in a dateline: "BEIJING, Nov 14 (Reuters) -",
// "MOSCOW, November 14. /TASS/.", "新华社北京11月14日电", "【ワシントン共同】".
func datelineWire(text string) string {
	r := []rune(text)
	lead := string(r[:min(len(r), 160)])
	for _, m := range bracketed.FindAllStringSubmatchIndex(lead, 3) {
		in := ""
		for g := 2; g < len(m); g += 2 {
			if m[g] >= 0 {
				in = lead[m[g]:m[g+1]]
			}
		}
		before, after := strings.TrimSpace(lead[:m[0]]), strings.TrimSpace(lead[m[1]:])
		if !placeLike(before) && !dashed(after) || len(strings.Fields(before)) > 9 || size(before) > 80 {
			continue
		}
		for _, w := range wireSplit.Split(in, 6) {
			if n := wire(w); n != "" {
				return n
			}
		}
	}
	if wide(firstRune(lead)) {
		for n, name := range wires {
			if wide(firstRune(n)) && size(n) > 2 && strings.HasPrefix(lead, n) && strings.ContainsAny(string(r[:min(len(r), 30)]), "电電讯訊日") {
				return name
			}
		}
		return ""
	}
	// "Reuters - The ministry", "AFP – Le ministre"
	if i := strings.IndexAny(lead, "-–—:"); i > 0 && i < 30 {
		return wires[strings.TrimSpace(lead[:i])]
	}
	return ""
}

func dashed(s string) bool {
	return s == "" || strings.ContainsRune("-–—:.―－", firstRune(s))
}

// placeLike reports whether a text can be the place and date of a dateline:
// empty, in capitals, or with a day.
func placeLike(s string) bool {
	if s == "" {
		return true
	}
	upper, lower := 0, 0
	for _, r := range s {
		switch {
		case unicode.IsUpper(r):
			upper++
		case unicode.IsLower(r):
			lower++
		case unicode.IsDigit(r):
			return true
		}
	}
	return upper > lower || size(s) < 20 && len(strings.Fields(s)) <= 2 || wide(firstRune(s)) && size(s) < 15
}

// bylineWire is the agency that an author is, or is of.
func bylineWire(a string) string {
	a = clean(a)
	if len(a) > 200 {
		return ""
	}
	for _, part := range append(wireSplit.Split(a, 8), bracketParts(a)...) {
		part = byPrefix.ReplaceAllString(part, "")
		if w := wire(part); w != "" {
			return w
		}
		f := strings.Fields(part)
		for i := len(f) - 1; i > 0 && i > len(f)-4; i-- {
			if w := wires[strings.Join(f[:i], " ")]; w != "" && signs.MatchString(strings.Join(f[i:], " ")) {
				return w
			}
		}
	}
	return ""
}

func bracketParts(s string) []string {
	var out []string
	for _, m := range bracketed.FindAllStringSubmatch(s, 3) {
		out = append(out, m[1]+m[2])
	}
	return out
}

// creditWire is the first agency of a line that has agencies and nothing else
// but a word that introduces them, signs of editors and numbers.
func creditWire(l string) string {
	if size(l) > 80 {
		return ""
	}
	l = strings.Trim(l, " ()（）[]【】—–-*.")
	l = strings.TrimSpace(creditBy.ReplaceAllString(l, ""))
	found := ""
	for i, part := range wireSplit.Split(l, 8) {
		part = strings.Trim(part, " .()[]*©")
		w := wires[part]
		switch {
		case w != "" && found == "" && i == 0:
			found = w
		case w == "" && (i == 0 || !newsCode.MatchString(part)):
			return ""
		}
	}
	return found
}
