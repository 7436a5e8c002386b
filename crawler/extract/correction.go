package extract

import (
	"regexp"
	"strings"
	"time"

	"dateline"
)

// How notes of the editors begin, in many languages: the label, set off by a
// colon, a dash, a bracket or the end of the line, or a sentence about the
// article itself.
var notes = []struct {
	kind  string
	label *regexp.Regexp // at the start, with what sets it off
	says  *regexp.Regexp // at the start, as a sentence of its own
}{
	{
		dateline.CorrectionNote,
		label(`corrections?(?: and clarifications?)?|correction notice|corrected|amendment|errat(?:um|a)|korrektur(?:hinweis)?|berichtigung|richtigstellung|rectificatif|rectification|correctif|fe de erratas?|correcci[oó]n|rectificaci[oó]n|rettifica|errata corrige|correzione|corre[çc][ãa]o|errata|erramos|rectificatie|correctie|sprostowanie|korekta|errata|r[äa]ttelse|rettelse|retting|oikaisu|oprava|düzeltme|исправление|поправка|уточнение|опровержение|виправлення|更正(?:启事|說明|说明)?|勘误|勘誤|訂正(?:とお詫び)?|お詫びと訂正|おわびと訂正|정정(?:보도)?|바로잡습니다|تصحيح|تصويب`),
		regexp.MustCompile(`(?i)^(?:an earlier version of (?:this|the) |(?:a|the) previous version of this |(?:this|the) (?:article|story|post|report|piece|headline|caption|column|page|item|subheading)(?: and (?:its )?headline)? (?:has been|was|have been)(?: since)? (?:amended|corrected|updated)\b.{0,40}\b(?:to |because|after|on \d|on \p{L}+ \d|\d)|we have (?:corrected|amended) |(?:in einer|die) (?:früheren|fr[üu]here|ersten|vorherigen|urspr[üu]nglichen) (?:version|fassung)|(?:wir haben )?(?:diesen|dieser|der|den) (?:artikel|text|beitrag|fehler) (?:wurde |nachträglich |)?(?:korrigiert|berichtigt)|une (?:version (?:antérieure|précédente)|première version) de cet article|cet article a été (?:corrigé|modifié)|una versi[oó]n (?:anterior|previa) de est[ea]|est[ea] (?:artículo|noticia|texto|información) (?:ha sido|fue) (?:corregid[oa]|modificad[oa])|una (?:versione precedente|precedente versione) di quest|quest[oa] (?:articolo|notizia) è stat[oa] (?:corrett|modificat)[oa]|uma vers[ãa]o anterior d(?:este|esta|o|a) |(?:este|esta|o|a) (?:artigo|texto|mat[ée]ria|reportagem) foi (?:corrigid|alterad|atualizad)[oa] para|in een (?:eerdere|vorige) versie van dit|dit artikel is (?:aangepast|gecorrigeerd)|w (?:poprzedniej|pierwotnej|wcześniejszej) wersji (?:tego )?(?:tekstu|artykułu)|i en tidligere versjon|i en tidligere version|i en tidigare version|(?:artikeln|artikkelen|artiklen) (?:har|er|är) (?:blivit |blitt |blevet )?(?:uppdaterad|rättad|rettet|korrigerad|korrigert)|в (?:более ранней|предыдущей|первоначальной) версии|bu haberin önceki|本文(?:此前|早前|之前)?的?(?:一个)?(?:早期|较早|先前)?版本(?:曾|中|误)|此前版本|初出時|当初の記事|이 기사의 이전)`),
	},
	{
		dateline.ClarificationNote,
		label(`clarifications?|klarstellung|pr[ée]cision|aclaraci[oó]n|precisazione|chiarimento|esclarecimento|verduidelijking|wyjaśnienie|förtydligande|presisering|præcisering|разъяснение|açıklama|澄清|說明|補足`),
		regexp.MustCompile(`(?i)^(?:this (?:article|story|post|report|headline) (?:has been|was) (?:updated|amended|edited|revised)? ?(?:to clarify|to make clear)|dieser (?:artikel|text) wurde präzisiert)`),
	},
	{
		dateline.EditorsNote,
		label(`editor(?:'|’|ial |s(?:'|’)|ors )?s?(?: note|(?:'|’)s? note)|editors(?:'|’)? note|note from the editors?|anmerkung der redaktion|hinweis der redaktion|anm\. d\. red\.|note de la (?:r[ée]daction|r[ée]dactrice)|ndlr|nota de (?:la )?redacci[oó]n|nota del editor|nota della redazione|ndr|nota d[ao] reda[çc][ãa]o|nota d[oa] editora?|noot van de redactie|redactionele noot|od redakcji|nota redakcji|redaktionens (?:anm[äa]rkning|note|kommentar)|redaksjonens kommentar|toimituksen huomautus|pozn\. red\.|editörün notu|от редакции|примечание редакции|від редакції|编者按|編者按|编者注|編者註|編集部注|編集部より|편집자 ?주|ملاحظة المحرر|ملاحظة من المحرر`),
		nil,
	},
}

func label(words string) *regexp.Regexp {
	return regexp.MustCompile(`(?i)^[\s*\[【（(*•—–-]*(?:` + words + `)(?:\s*[(（][^()（）]{1,40}[)）]|,? (?:on |of |from |vom |du |del |di |van )?[\p{L}.]{0,9} ?\d{1,2}[^:：]{0,20}|\s?(?:appended|\d{1,2}/\d{1,2}(?:/\d{2,4})?))?\s*(?:[:：】\]—–|]|\s-\s|\.\s|$)`)
}

// asksReaders is how outlets ask to be told of mistakes.
var asksReaders = regexp.MustCompile(`(?i)\bif you (?:are aware|spot|see|notice|find|have)\b|\b(?:report|submit|request|suggest) (?:a|an) (?:correction|error|typo)|\bsend (?:us|an e?-?mail)|haben sie (?:einen )?fehler|fehler (?:gefunden|entdeckt|melden)|signaler une erreur|reportar (?:un )?error|segnala(?:re)? un errore`)

const (
	maxNote  = 1500 // runes of a note
	maxNotes = 10   // of one page
)

// corrections are the notes in which the page says what was corrected: from
// JSON-LD and from blocks of text that begin as such notes do.
func (p *page) corrections(a *dateline.Article) []dateline.Correction {
	var out []dateline.Correction
	seen := map[string]bool{}
	add := func(c dateline.Correction) {
		c.Text = clean(c.Text)
		if k := squash(c.Text); size(c.Text) >= 15 && size(c.Text) <= maxNote && !seen[k] && k != squash(a.Title) && len(out) < maxNotes {
			seen[k] = true
			out = append(out, c)
		}
	}
	p.linkedCorrections(add)
	bs := p.blocks()
	for i := 0; i < len(bs) && len(out) < maxNotes; i++ {
		b := bs[i]
		if b.zone&zoneFigure != 0 || b.zone&zoneBeside != 0 && b.zone&zoneArticle == 0 || size(b.text) > maxNote || b.link*2 > len(b.text) {
			continue
		}
		kind, alone := noteKind(b.text)
		if kind == "" || asksReaders.MatchString(b.text) || b.zone&zoneHeading != 0 && !alone {
			continue
		}
		text := b.text
		if alone { // the label is a line of its own: the note comes after it
			if i+1 == len(bs) || size(bs[i+1].text) > maxNote || bs[i+1].zone&(zoneFigure|zoneHeading) != 0 {
				continue
			}
			i++
			text += " " + bs[i].text
		}
		add(dateline.Correction{Kind: kind, Text: text, Time: p.noteTime(text, a)})
	}
	return out
}

// noteKind is what kind of note a text begins as, and whether it is the label
// alone; "" if it is no note.
func noteKind(text string) (kind string, alone bool) {
	head := text[:min(len(text), 200)]
	if !hasStem(strings.ToLower(text[:min(len(text), 100)])) {
		return "", false
	}
	for _, n := range notes {
		if m := n.label.FindString(head); m != "" {
			rest := strings.TrimSpace(text[len(m):])
			return n.kind, rest == "" || size(rest) < 40 && strings.HasSuffix(rest, ":") && strings.ContainsAny(rest, "0123456789")
		}
		if n.says != nil && n.says.MatchString(head) {
			return n.kind, false
		}
	}
	return "", false
}

// noteStems are parts of words of which every label and sentence of notes has
// one: most blocks need no closer look.
var noteStems = strings.Fields(`corr amend errat kor bericht richtigst rectif rettif erramos retti rettel rättel oikaisu oprava düzelt исправ поправ уточн опров
	виправ 更正 勘 訂正 わび 정정 바로잡 تصحيح تصويب clarif klarst précis preci aclar chiarim esclar verduid wyja förtyd præcis presis разъяс açık 澄清 說明 補足
	editor anm. rédac redac redaz redak redaç redact toimit ред 编 編 편집 المحرر version fassung versi updated sprost wersj верси 版本 初出 当初 이전 önceki ndlr ndr artikel`)

func hasStem(s string) bool {
	for _, w := range noteStems {
		if strings.Contains(s, w) {
			return true
		}
	}
	return false
}

// noteTime is the date that a note gives of itself, near its label or in "was
// corrected on"; zero if it gives none, or one that is before the article's or
// is no day that has been.
func (p *page) noteTime(text string, a *dateline.Article) time.Time {
	r := []rune(text)
	d, ok := p.parse(string(r[:min(len(r), 120)]))
	if !ok {
		return time.Time{}
	}
	t := d.t.UTC().Truncate(time.Second)
	if !a.Published.IsZero() && t.Before(a.Published.Add(-24*time.Hour)) || t.Year() < 1995 {
		return time.Time{}
	}
	return t
}

func (p *page) linkedCorrections(add func(dateline.Correction)) {
	list, ok := p.ld.article["correction"].([]any)
	if !ok {
		list = []any{p.ld.article["correction"]}
	}
	for i, v := range list {
		if i >= maxNotes {
			return
		}
		switch x := v.(type) {
		case string:
			if !strings.Contains(x, "://") {
				add(dateline.Correction{Kind: dateline.CorrectionNote, Text: stripTags(x)})
			}
		case map[string]any:
			c := dateline.Correction{Kind: dateline.CorrectionNote}
			for _, k := range []string{"text", "description", "name"} {
				if c.Text == "" {
					c.Text = ldText(x[k])
				}
			}
			if d, ok := p.parse(ldText(x["datePublished"])); ok {
				c.Time = d.t.UTC().Truncate(time.Second)
			}
			add(c)
		}
	}
}

// withCorrections ends the body with the notes that are not in it.
func withCorrections(a *dateline.Article) {
	if a.Body == "" {
		return
	}
	for _, c := range a.Corrections {
		if !holds(a.Body, c.Text, 0) {
			a.Body += "\n\n" + c.Text
		}
	}
}
