package extract

import (
	"html"
	"net/url"
	"regexp"
	"strings"
	"unicode/utf8"

	"github.com/PuerkitoBio/goquery"
	"github.com/markusmobius/go-trafilatura"
	xhtml "golang.org/x/net/html"

	"dateline"
)

// pruned is never part of an article: consent managers, comments, sharing,
// newsletters and subscription offers.
const pruned = `#onetrust-consent-sdk, #onetrust-banner-sdk, .onetrust-pc-dark-filter, #didomi-host, #usercentrics-root, #CybotCookiebotDialog, #qc-cmp2-container, .qc-cmp2-container, #sp-cc,
div[id*="cookie-"], div[class*="cookie-banner"], div[class*="cookie-consent"], div[class*="cookie-notice"], div[class*="cookieconsent"], div[class*="gdpr"], div[id*="ccpa"], section[class*="cookie"],
#comments, #disqus_thread, .comments-area, .comment-list, ol.commentlist, div[class*="newsletter"], section[class*="newsletter"], aside[class*="newsletter"], form, div[class*="share-buttons"], div[class*="social-share"],
div[class*="related-articles"], section[class*="related-articles"], aside[class*="related"], div[class*="most-read"], div[class*="mostread"], script, style, template`

func (p *page) body(a *dateline.Article) string {
	title, top := a.Title, p.top(a)
	p.doc.Find(pruned).Each(func(_ int, s *goquery.Selection) {
		// A whole page wrapped in a form or a "gdpr" class is still a page.
		if s.Find("h1").Length() == 0 && (goquery.NodeName(s) == "script" || s.Find("p").Length() < 40) {
			s.Remove()
		}
	})
	article := p.paragraphs("article p, [itemprop~=articleBody] p, main p")
	all := p.paragraphs("p")
	ld := p.linkedBody()
	main := p.trafilatura()
	if runTogether(main, all) {
		main = ""
	}
	main, article, all, ld = trimLines(main, title), trimLines(article, title), trimLines(all, title), trimLines(ld, title)
	return top.trim(choose(main, article, all, ld))
}

func size(s string) int { return utf8.RuneCountInString(s) }

// choose takes the main extractor's text unless others show that it missed.
func choose(main, article, all, ld string) string {
	n, na, nall, nl := size(main), size(article), size(all), size(ld)
	short := 200
	if wide(firstRune(main)) {
		short = 80
	}
	switch {
	case nl > 500 && n < nl*2/5:
		return ld
	case nl > 500 && overlap(ld, main) < 0.2 && overlap(main, ld) < 0.2:
		return ld // another text altogether
	case na > 400 && n*5 < na*2:
		return article
	case nall > 600 && n*10 < nall*3 && overlap(main, all) < 0.6 || nall > 600 && n*5 < nall:
		return all
	case n < short:
		best := main
		for _, c := range []string{ld, article, all} {
			// A short text from the library has its paragraphs run together.
			if m := size(c); m > size(best) || m > 0 && best == main && m*3 >= n {
				best = c
				if m >= short {
					break
				}
			}
		}
		return best
	}
	return main
}

// overlap is the share of a's words that b has.
func overlap(a, b string) float64 {
	wa := words(a)
	if len(wa) == 0 {
		return 0
	}
	n := map[string]int{}
	for _, w := range words(b) {
		n[w]++
	}
	c := 0
	for _, w := range wa {
		if n[w] > 0 {
			n[w]--
			c++
		}
	}
	return float64(c) / float64(len(wa))
}

func (p *page) linkedBody() string {
	return bodyText(p.ld.body)
}

// bodyText is the text of an articleBody, which may have markup or not.
func bodyText(s string) string {
	if s == "" {
		return ""
	}
	s = html.UnescapeString(s)
	if strings.Contains(s, "</p>") || strings.Contains(s, "<br") {
		s = regexp.MustCompile(`(?i)</p>|<br\s*/?>|</h\d>|</li>`).ReplaceAllString(s, "\n\n")
	}
	return lines(strings.Split(stripTags(s), "\n"))
}

func lines(in []string) string {
	out := in[:0:0]
	for _, l := range in {
		if l = clean(l); l != "" {
			out = append(out, l)
		}
	}
	return strings.Join(out, "\n\n")
}

// paragraphs are the <p> of a selection that are not navigation or links.
func (p *page) paragraphs(sel string) string {
	var out []string
	p.doc.Find(sel).Each(func(_ int, s *goquery.Selection) {
		if len(out) > 5000 || s.Closest(`nav, footer, aside, figure, figcaption, header nav, [class*="comment"], [class*="related"], [class*="promo"], [class*="footer"], [hidden], blockquote.twitter-tweet`).Length() > 0 {
			return
		}
		t := nodeText(s.Nodes[0])
		if size(t) < 2 {
			return
		}
		linked := 0
		s.Find("a").Each(func(_ int, a *goquery.Selection) { linked += len(clean(a.Text())) })
		if linked*10 > len(t)*8 {
			return
		}
		out = append(out, t)
	})
	return lines(out)
}

// trafilatura runs the general extractor on the parsed document.
func (p *page) trafilatura() (text string) {
	// The library and its fallbacks walk hostile trees; a fault in them must
	// cost this page's main text only, for which choose has substitutes.
	defer func() {
		if recover() != nil {
			text = ""
		}
	}()
	opts := trafilatura.Options{EnableFallback: true, ExcludeComments: true, HtmlDateMode: trafilatura.Disabled}
	if p.url.Host != "" {
		u := *p.url
		opts.OriginalURL = &u
	} else {
		opts.OriginalURL = &url.URL{Scheme: "http", Host: "localhost", Path: "/"}
	}
	res, err := trafilatura.ExtractDocument(p.root, opts)
	if err != nil || res == nil || res.ContentNode == nil {
		return ""
	}
	return blockText(res.ContentNode)
}

var blockTags = map[string]bool{
	"p": true, "div": true, "section": true, "article": true, "h1": true, "h2": true, "h3": true, "h4": true, "h5": true, "h6": true,
	"li": true, "ul": true, "ol": true, "dl": true, "dt": true, "dd": true, "blockquote": true, "pre": true, "table": true, "tr": true, "br": true, "hr": true, "figure": true, "figcaption": true, "body": true, "main": true, "header": true,
}

// blockText renders a subtree as paragraphs.
func blockText(root *xhtml.Node) string {
	var b strings.Builder
	var open []*xhtml.Node // block elements that are not closed yet
	walk(root, func(n *xhtml.Node) bool {
		for len(open) > 0 && !within(n, open[len(open)-1]) {
			open = open[:len(open)-1]
			b.WriteByte('\n')
		}
		switch n.Type {
		case xhtml.TextNode:
			b.WriteString(strings.Map(func(r rune) rune {
				if r == '\n' || r == '\r' {
					return ' '
				}
				return r
			}, n.Data))
		case xhtml.ElementNode:
			if n.Data == "script" || n.Data == "style" {
				return false
			}
			if n.Data == "td" || n.Data == "th" {
				b.WriteByte(' ')
			}
			if blockTags[n.Data] {
				b.WriteByte('\n')
				open = append(open, n)
			}
		}
		return true
	})
	return lines(strings.Split(b.String(), "\n"))
}

func within(n, ancestor *xhtml.Node) bool {
	for ; n != nil; n = n.Parent {
		if n == ancestor {
			return true
		}
	}
	return false
}

// boilerplate matches a whole short line that is no part of an article.
var boilerplate = regexp.MustCompile(`(?i)^\W*(?:` + strings.Join([]string{
	`(?:sign up|subscribe|register)\b.{0,100}\b(?:newsletters?|inbox|emails?|alerts?|updates|podcast|here|today|now|free)\b.*`,
	`(?:subscribe|sign up|sign in|log in|register|share|share this.{0,40}|comments?|print|email|save|copy link|link copied.{0,20}|tweet|whatsapp|facebook|twitter|instagram)`,
	`get .{0,60}(?:in your inbox|delivered to your inbox|newsletter).*`, `.{0,80}straight to your inbox.*`, `our (?:free )?newsletter.*`,
	`follow (?:us|me|him|her|@?\w+|.{2,50}) on (?:twitter|facebook|instagram|x|google news|telegram|linkedin|threads|bluesky|flipboard)\b.*`, `like us on facebook.*`, `join (?:us|our|the conversation).{0,80}(?:telegram|whatsapp|facebook|channel|community|conversation)?`,
	`(?:read|see|learn|find out|click (?:here )?for|view|show|load) more\b.{0,150}`, `(?:read|see|watch|listen|related|also read|more|more on this|recommended|don't miss|up next|editor'?s picks?|most read|trending|must read|read next|read also|see also|you may (?:also )?like.{0,30}|more from .{2,50}|related (?:articles?|stories|content|topics|coverage|reading|links?|video)):?`,
	`(?:read|see|also read|read also|see also|watch|related|more|more on this|must read|recommended|don't miss)\s*(?::|\|)\s*.{0,200}`, `read the full (?:story|article).{0,80}`,
	`advertisements?`, `advertising`, `ad`, `sponsored(?: content)?`, `story continues(?: below)?.*`, `article continues (?:below|after).*`, `continue reading.{0,60}`, `scroll to continue.*`, `skip (?:to|advert|ad|past).{0,80}`, `loading\W*`, `photo gallery`, `view comments.*`, `leave a comment.*`, `post a comment.*`, `\d+ comments?`,
	`(?:we|this (?:site|website)) uses? cookies.*`, `by (?:signing up|subscribing|clicking|continuing|submitting|providing).{0,60}(?:agree|accept|terms|consent|privacy).*`, `.{0,60}(?:privacy policy|terms of (?:use|service))(?: and .{0,40})? apply.*`, `this site is protected by recaptcha.*`, `(?:accept|manage) (?:all )?cookies.*`, `cookie (?:policy|settings|preferences)`,
	`(?:copyright|©|\(c\)).{0,200}`, `all rights reserved.{0,100}`, `this material may not be published, broadcast.*`, `(?:reporting|additional reporting|editing|writing|compiled) by .{2,160}`, `our standards: .{0,80}trust principles.*`, `contact (?:us|the (?:author|reporter|writer)).{0,100}`, `have (?:a tip|an? (?:news )?tip|something to say).*`, `(?:we|the .{2,40}) may (?:earn|receive) (?:a |an )?(?:affiliate )?commissions?.*`, `.{0,100}download (?:the|our) (?:free )?.{0,30}app\b.{0,60}`, `support (?:our|quality|independent) journalism.*`, `already (?:a )?(?:subscriber|registered|a member).*`, `(?:last )?(?:updated|published|posted|modified)(?: on| at)?:?\s.{0,50}\d{4}.{0,30}`, `\d+ min(?:ute)?s? (?:read|ago)`, `topics?:.{0,150}`, `tags:.{0,200}`, `(?:file )?photo:.{0,150}`, `(?:image|photo|picture) (?:credit|source|caption|courtesy).{0,150}`,
	`home`, `false`, `null`, `news`, `click here (?:to|for) .{0,80}`, `want to bookmark your favou?rite .*`, `subscribe to .{2,40} (?:premium )?to bookmark this article`, `join thought-provoking conversations.*`, `more great .{2,20} stories`, `fact-checked`, `read later`, `this article has been reviewed according to .*`,
	`(?:image|photo|foto|bild|video|picture): .{2,80}`, `スクラップ.{0,40}`, `メモ入力.{0,40}`, `記事保存.{0,40}`, `evernote保存.{0,40}`, `企業での記事共有.{0,120}`, `詳しくはこちら`, `新規登録`, `.{0,10}会員の方はログイン.{0,20}`, `この機能は.{0,60}`,
	`(?:mehr zum thema|lesen sie (?:auch|hier|mehr|dazu)|auch interessant|zum thema|weiterlesen|newsletter.{0,60}|anzeige|werbung|kommentare?|teilen|artikel (?:teilen|drucken|merken)|jetzt (?:abonnieren|anmelden|kostenlos).{0,80}|quelle: .{0,80}|stand: .{0,60}|lesezeit:? .{0,20}|zur startseite|empfohlener redaktioneller inhalt.*|hier finden sie externe.*|an dieser stelle finden sie.*)`,
	`(?:lesen sie auch|mehr zum thema|mehr dazu|siehe auch|lesetipp)\s*:.{0,200}`,
	`(?:lire aussi|à lire aussi|lire plus|lire la suite|publicité|partager|article réservé aux abonnés.{0,60}|abonnez-vous.{0,100}|inscrivez-vous.{0,120}|la suite après (?:la|cette) publicité|s'abonner.{0,40}|suivez-nous.{0,80}|voir aussi)(?:\s*:?.{0,160})`,
	`(?:lea también|lee también|leer más|te puede interesar|publicidad|compartir|suscríbete.{0,100}|síguenos.{0,100}|regístrate.{0,80}|más información|también te puede interesar|ver más)(?:\s*:.{0,160})?`,
	`(?:leggi anche|pubblicità|condividi|iscriviti.{0,100}|riproduzione riservata.{0,60}|seguici.{0,80}|leia também|leia mais|publicidade|compartilhe.{0,40}|assine.{0,80}|siga.{0,60} no (?:instagram|twitter|facebook).{0,40}|lees ook|lees meer|advertentie|deel dit artikel.{0,40}|meld je aan.{0,80}|czytaj (?:też|także|więcej)|reklama|zobacz (?:też|także)|ayrıca okuyun|reklam|läs (?:också|mer)|les også|annons)(?:\s*:.{0,160})?`,
	`(?:читайте также|подписывайтесь.{0,100}|реклама|поделиться|相关(?:阅读|新闻|报道|链接|推荐).{0,60}|责任编辑.{0,40}|【?编辑[:：].{0,30}|(?:（|\()?责编[:：].{0,30}|扫码.{0,40}|分享到.{0,30}|点击.{0,20}(?:查看|进入).{0,30}|版权(?:声明|所有).{0,200}|免责声明.{0,200}|广告|廣告|更多.{0,10}新聞.{0,40}|延伸閱讀.{0,80}|推薦閱讀.{0,80}|関連記事.{0,60}|あわせて読みたい.{0,60}|続きを読む.{0,30}|この記事を.{0,30}|有料会員.{0,60}|無断転載.{0,60}|クリップ.{0,30}|ログイン.{0,40}|会員登録.{0,40}|シェア.{0,20}|이 기사를.{0,30}|무단.{0,20}전재.{0,40})`,
}, "|") + `)\W*$`)

// trimLines drops the headline repeated at the start, boilerplate and
// lines that come twice.
func trimLines(text, title string) string {
	if text == "" {
		return ""
	}
	var out []string
	seen := map[string]bool{}
	wt := squash(title)
	for i, l := range strings.Split(text, "\n\n") {
		q := squash(l)
		if q == "" {
			continue
		}
		if i < 4 && wt != "" && (q == wt || len(out) == 0 && size(l) < 300 && likeness(l, title) > 0.9) {
			continue
		}
		if size(l) < 320 && boilerplate.MatchString(l) {
			continue
		}
		if len(q) > 30 && seen[q] {
			continue
		}
		seen[q] = true
		out = append(out, l)
	}
	return strings.Join(out, "\n\n")
}
