package extract

import (
	"regexp"
	"strings"

	xhtml "golang.org/x/net/html"

	"dateline"
)

var (
	// payOffer is what stands where a text stops for readers who do not pay.
	payOffer = regexp.MustCompile(`(?i)subscribe (?:now )?(?:to|and) (?:continue|read|keep|unlock|access)|(?:continue|keep|finish) reading (?:this|with|for (?:free|only|just))|to (?:continue|keep) reading|to read the (?:full|rest|entire)|(?:article|story|content) is (?:reserved )?(?:for|available (?:only )?to|exclusive to) (?:our )?(?:paid |premium |registered )?(?:subscribers|members)|(?:for|become an?) (?:subscribers?|members?) (?:only|to read)|subscriber[- ](?:only|exclusive)|already (?:a|an) (?:subscriber|member)|unlock (?:this|the) (?:article|story)|you(?:'|’)ve reached your|free articles? (?:left|remaining)|log in or subscribe|register (?:for free )?to (?:continue|read)` +
		`|(?:jetzt|hier|weiter) ?lesen mit|(?:um|dies(?:en|er)) (?:den )?(?:ganzen |gesamten |vollst[äa]ndigen )?artikel .{0,30}(?:lesen|abonn|registr|exklusiv|nur f[üu]r)|(?:nur )?f[üu]r (?:abonnenten|abonnentinnen|mitglieder)|(?:artikel|inhalt) (?:ist )?(?:nur )?(?:f[üu]r|mit) .{0,20}(?:abo|plus|abonnent)|jetzt (?:abonnieren|testen|freischalten)|weiterlesen mit|mit .{0,15}(?:plus|abo|\+) (?:weiter)?lesen|sie haben bereits ein abo` +
		`|r[ée]serv[ée]e?s? (?:à nos |aux |à )?abonn[ée]e?s|(?:il vous reste|reste) .{0,12}% (?:de cet article )?à (?:lire|d[ée]couvrir)|(?:pour|abonnez-vous pour) (?:lire|acc[ée]der|poursuivre) .{0,20}(?:suite|article|lecture)|d[ée]j[àa] abonn[ée]|la suite est r[ée]serv` +
		`|(?:contenido|art[ií]culo) (?:exclusivo|solo|s[oó]lo|reservado) (?:para|a) (?:los )?(?:suscriptores|socios|abonados)|suscr[ií]bete para (?:seguir|leer|continuar)|para (?:seguir|continuar) leyendo|¿ya eres suscriptor|(?:contenuto|articolo) (?:riservato|esclusivo) (?:a|per|agli) (?:gli )?abbonati|abbonati per (?:continua|legge)re|per continua(?:re) a leggere|sei gi[àa] abbonato` +
		`|(?:conte[úu]do|artigo|mat[ée]ria) (?:exclusiv[oa]|reservad[oa]) (?:para|a) (?:os )?assinantes|assine para (?:ler|continuar)|continue lendo|j[áa] [ée] assinante|(?:alleen|exclusief) voor abonnees|(?:verder|lees) (?:lezen|verder) met|nog geen abonnee|al abonnee|pozosta[łl]o .{0,12}(?:%|proc)|(?:tylko )?dla (?:prenumerator[óo]w|subskrybent[óo]w)|czytaj dalej .{0,20}(?:prenumerat|subskryp)|(?:endast )?f[öo]r prenumeranter|(?:kun )?for abonnenter|l[åa]s upp artikeln|bliv abonnent|abone ol(?:un|arak)|(?:только )?для подписчиков|оформите подписку` +
		`|有料(?:会員|記事)(?:限定|です|になると)?|会員限定|続きを(?:読む|お読み)|残り\s*[\d,]+\s*文字|この記事は有料|订阅后|訂閱後|付费(?:阅读|订阅|会员)|剩余\d+%|登录后(?:阅读|查看)|유료(?:회원|구독)|구독자 전용|للمشتركين`)
	payMark    = regexp.MustCompile(`pay-?_?wall|reg-?_?wall|registration-?wall|subscri(?:be|ption)-?_?(?:wall|offer|prompt|gate|box)|[\s_-]piano(?:[\s_-]|$)|tp-(?:container|modal)|premium-?_?(?:wall|content-?(?:teaser|blocked|barrier))|article-?_?(?:gate|barrier|locked|truncated)|content-?_?(?:gate|locked|barrier)|meter(?:ed)?-?_?(?:wall|gate)|gated|barrier-page|abo-?_?(?:wall|box|teaser)|plus-?_?(?:teaser|wall)|mur-?payant|muro-?de-?pago`)
	cutOff     = regexp.MustCompile(`(?:\.\.\.|…|\[…\]|\[\.\.\.\])\s*$`)
	newsletter = regexp.MustCompile(`news-?_?letter`)
	maxOffer   = 400 // runes of a block that offers the rest
)

// plainSelector is a CSS selector whose search takes one walk over the tree:
// classes, ids and names, without functions.
var plainSelector = regexp.MustCompile(`^[\w.#>,\[\]="' -]{1,200}$`)

// longTeaser is how many runes a teaser has at most: outlets show one to some
// eight paragraphs. nearOffer is how far after it the rest is offered.
const (
	longTeaser = 6000
	nearOffer  = 6 // blocks
)

// paywalled reports whether the page says that not everybody may read it.
func (p *page) paywalled() bool {
	if p.ld.notFree || len(p.payParts()) > 0 {
		return true
	}
	for _, k := range []string{"article:content_tier", "isaccessibleforfree"} {
		for _, v := range p.meta[k] {
			switch strings.ToLower(v) {
			case "locked", "metered", "false":
				return true
			}
		}
	}
	return false
}

// payParts are the parts of the page that JSON-LD says are not free: CSS
// selectors of them, or "" where there is none.
func (p *page) payParts() []string {
	parts, ok := p.ld.article["hasPart"].([]any)
	if !ok {
		parts = []any{p.ld.article["hasPart"]}
	}
	var out []string
	for i, v := range parts {
		m, ok := v.(map[string]any)
		if !ok || i >= 20 || !isFalse(m["isAccessibleForFree"]) {
			continue
		}
		sel := texts(m["cssSelector"])
		if len(sel) == 0 {
			sel = []string{""}
		}
		out = append(out, sel[:min(len(sel), 10)]...)
	}
	return out
}

func isFalse(v any) bool {
	switch x := v.(type) {
	case bool:
		return !x
	case string:
		return strings.EqualFold(strings.TrimSpace(x), "false") || strings.HasSuffix(strings.ToLower(x), "schema.org/false")
	}
	return false
}

// offer is the block that stands where the body ends and offers the rest for
// money: one that says so or whose element is named so, not far after the
// body's last paragraph, or one of its last two; "" if there is none.
func (p *page) offer(body string) string {
	q := squash(body[strings.LastIndex(body, "\n\n")+1:])
	if q == "" {
		return ""
	}
	end := q[max(0, len(q)-40):]
	bs := p.blocks()
	last := -1
	for i, b := range bs {
		if len(b.text) >= len(end) && strings.HasSuffix(squash(b.text), end) {
			last = i
		}
	}
	for i := max(0, last-1); last >= 0 && i < len(bs) && i <= last+nearOffer; i++ {
		b := bs[i]
		if b.zone&zoneFigure != 0 || size(b.text) > maxOffer || p.named(b.in, newsletter) {
			continue
		}
		if payOffer.MatchString(b.text) || size(b.text) > 20 && p.named(b.in, payMark) {
			return b.text
		}
	}
	return ""
}

// teaser reports whether the body is only what stands before a paywall: where
// it ends, the page offers the rest, or it breaks off on a page that says that
// it is not free. Where the part that is not free is there, it is no teaser.
func (p *page) teaser(a *dateline.Article, parts []payPart) bool {
	n := size(a.Body)
	if wide(firstRune(a.Body)) {
		n *= 2
	}
	if n == 0 || n > longTeaser {
		return false
	}
	for _, part := range parts {
		if part.found && part.bytes > 600 && part.bytes*2 > len(a.Body) {
			return false
		}
	}
	tail := a.Body[max(0, len(a.Body)-4*maxOffer):]
	if !a.Paywalled && !strings.Contains(tail, "...") && !strings.Contains(tail, "…") {
		return false
	}
	text, offer := a.Body, p.offer(a.Body)
	if i := strings.LastIndex(text, "\n\n"); i > 0 && offer != "" && squash(text[i:]) == squash(offer) {
		text = text[:i]
	}
	if !a.Paywalled {
		return cutOff.MatchString(text) && n < longTeaser/2 && offer != ""
	}
	return cutOff.MatchString(text) || offer != ""
}

// payPart is a part of the page that is not free.
type payPart struct {
	found bool // an element matches the selector
	bytes int  // of text in all that do
}

// lockedParts looks for the parts that are not free in the page as it is.
func (p *page) lockedParts() []payPart {
	var out []payPart
	for _, sel := range p.payParts() {
		if !plainSelector.MatchString(sel) || strings.Count(sel, " ") > 5 {
			continue
		}
		part := payPart{}
		for i, n := range p.doc.Find(sel).Nodes {
			if i >= 200 {
				break
			}
			part.found = true
			part.bytes += textSize(n)
		}
		out = append(out, part)
	}
	return out
}

// textSize is how many bytes of text are below a node, without scripts.
func textSize(n *xhtml.Node) int {
	out := 0
	walk(n, func(c *xhtml.Node) bool {
		if c.Type == xhtml.TextNode {
			out += len(strings.TrimSpace(c.Data))
		}
		return c.Type != xhtml.ElementNode || c.Data != "script" && c.Data != "style"
	})
	return out
}
