package body

import (
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// group is a set of what the names of elements, classes and ids commonly mean.
type group uint64

const (
	gBody group = 1 << iota
	gStand
	gComment
	gRelated
	gShare
	gSignup
	gAd
	gMeta
	gAuthor
	gDate
	gCaption
	gMedia
	gNav
	gSide
	gFoot
	gConsent
	gBio
	gHidden
	gTitle
	gEmbed
	gCard
	gTopic
	gQuote
	gNote
	gPay
	gLive

	gInArticle
	gInMain
	gInAside
	gInNav
	gInFooter
	gInHeader
	gInFigure
	gInForm
	gInList
	gInTable
	gInQuote
	gItemBody
	gUnseen
	gManager
	gThread
	numGroups = iota
)

// classNames are words of classes and ids, in the languages that templates are
// written in, by what they mean. A name of two words stands with a space.
var classNames = map[group]string{
	gBody:    "article body content entry post story text richtext prose articlebody storybody articletext paragraph paragraphs copy copytext bodytext texto cuerpo corpo corps artikel artikeltext noticia nota haber tresc wysiwyg markdown contenido conteudo articulo maincontent articlecontent entrycontent postcontent storycontent detail cms p par",
	gStand:   "standfirst dek deck subtitle subtitles subhead subheadline subheading lead lede intro introduction summary abstract chapo excerpt description desc sapo vorspann anleser einleitung entradilla bajada copete sumario ingress manchet sottotitolo occhiello leadtext strapline tagline preamble spoiler perex hook",
	gComment: "comment comments disqus kommentar kommentare commentaires comentarios comentario commenti discussion discuss respond reply replies livefyre spotim viafoura coral commentlist commento reacties opmerkingen yorum yorumlar komentarze forum",
	gRelated: "related recommend recommended recommendation recommendations recirc recirculation more similar readmore also suggested suggestions outbrain taboola trc zergnet popular trending mostread latest teaser teasers linklist onward carousel upnext rail nextarticle readnext further links verwandte themen weitere mehr lire voir leer lea leggi correlati relacionadas relacionados relacionado relacionada liees associes ilgili benzer powiazane czytaj morelike seealso crosslinks newslist headlines feed river list listing storylist",
	gShare:   "share shares sharing social socials follow addthis sharedaddy tools toolbar print bookmark save whatsapp facebook twitter linkedin pinterest telegram teilen partager compartir condividi sharebar actions action paylas udostepnij",
	gSignup:  "newsletter newsletters subscribe subscription subscriber signup sign optin mailing register registration login donate donation donations cta appeal contribute support membership member join abo abonnement abonnieren suscripcion suscribete inscription iscriviti email",
	gPay:     "paywall piano regwall metered premium locked gate gated wall plus",
	gAd:      "ad ads adv advert adverts advertisement advertising sponsor sponsored banner dfp googletag gpt commercial publicidad publicite pubblicita werbung anzeige reklama reklam promo promos promotion affiliate adslot mpu leaderboard native partner dianomi connatix adsense",
	gMeta:    "meta info byline credits credit source infos metadata details attribution infobar articleinfo quelle",
	gAuthor:  "author authors autor autoren auteur autore byline writer contributor contributors reporter yazar firma signature",
	gDate:    "date time timestamp published publish updated dateline datetime datum fecha datepublished pubdate posted tarih readtime reading lesezeit minutes",
	gCaption: "caption captions figcaption wp legend legende bildunterschrift bildtext imagecaption photocaption pie credit credits copyright photographer",
	gMedia:   "figure image images photo photos img media video videos gallery slideshow picture player audio podcast slide lightbox jwplayer brightcove youtube bild galerie galeria foto fotos listen playlist",
	gNav:     "nav navigation navbar menu masthead header topbar breadcrumb breadcrumbs skip pagination pager pagenav tabs search subnav toc hamburger utility",
	gSide:    "sidebar aside secondary widget widgets side col2 right rightcol rightrail complementary module",
	gFoot:    "footer foot bottom copyright legal imprint colophon disclaimer terms privacy policy",
	gConsent: "cookie cookies consent gdpr cmp onetrust ccpa didomi usercentrics modal popup overlay dialog interstitial notification alert notice toast",
	gManager: "cookie cookies consent gdpr cmp onetrust ccpa didomi usercentrics truste trustarc cookiebot cookielaw cookiebanner cookieconsent cookienotice",
	gThread:  "comment comments disqus commentlist commentslist commentsection commentaires comentarios kommentare commenti yorumlar komentarze livefyre viafoura spotim",
	gBio:     "bio biography profile authorbox authorbio aboutauthor vcard about",
	gHidden:  "hidden hide sr screenreader visuallyhidden offscreen invisible assistive noscript none",
	gTitle:   "headline title heading headings titulo titre ueberschrift header1 h1 h2 h3 crosshead",
	gEmbed:   "embed embeds tweet twitter instagram tiktok facebookpost oembed iframe widget embedded",
	gCard:    "card cards product products tile tiles item items box factbox infobox infobox2 deal deals price buy button btn rating score review",
	gTopic:   "kicker eyebrow overline topline dachzeile category categories cat rubric rubrik label labels section tag tags topic topics keywords schlagworte etiquetas sujet",
	gQuote:   "quote pullquote blockquote zitat cita citation",
	gNote:    "note editors correction corrections update disclosure hinweis tagline footnote endnote endmark standards",
	gLive:    "live liveblog ticker livestream breaking",
}

var wordGroup = func() map[uint64]group {
	out := map[uint64]group{}
	for g, names := range classNames {
		for _, w := range strings.Fields(names) {
			out[hashString(w)] |= g
		}
	}
	return out
}()

var tagGroup = map[atom.Atom]group{
	atom.Article: gInArticle, atom.Main: gInMain, atom.Aside: gInAside, atom.Nav: gInNav, atom.Footer: gInFooter, atom.Header: gInHeader,
	atom.Figure: gInFigure, atom.Figcaption: gInFigure, atom.Form: gInForm, atom.Ul: gInList, atom.Ol: gInList, atom.Dl: gInList, atom.Table: gInTable, atom.Blockquote: gInQuote,
}

var roleGroup = map[string]group{
	"navigation": gInNav, "complementary": gInAside, "contentinfo": gInFooter, "banner": gInHeader, "main": gInMain, "article": gInArticle, "dialog": gConsent, "alertdialog": gConsent, "search": gInForm,
}

// Bounds of what is read of the names of one element.
const (
	maxClass = 400 // bytes
	maxWords = 24
)

// classWords notes the words of an element's class, id and the like in
// page.words and says what they and its tag mean.
func (s *splitter) classWords(n *html.Node) group {
	g := tagGroup[n.DataAtom]
	for i := range n.Attr {
		a := &n.Attr[i]
		switch a.Key {
		case "class", "id", "data-component", "data-testid", "data-qa", "data-type", "data-module", "data-tb-region", "data-name":
			g |= s.nameWords(a.Val)
		case "itemprop":
			if strings.EqualFold(a.Val, "articleBody") {
				g |= gItemBody
			} else if strings.EqualFold(a.Val, "description") {
				g |= gStand
			}
			g |= s.nameWords(a.Val)
		case "role":
			g |= roleGroup[strings.ToLower(a.Val)]
		case "hidden":
			g |= gUnseen
		case "aria-hidden":
			if a.Val == "true" {
				g |= gUnseen
			}
		case "style":
			if strings.Contains(a.Val, "display:none") || strings.Contains(a.Val, "display: none") {
				g |= gUnseen
			}
		}
	}
	return g
}

// nameWords splits a class attribute at spaces, dashes, underscores, digits
// and where a small letter meets a capital.
func (s *splitter) nameWords(v string) group {
	if len(v) > maxClass {
		v = v[:maxClass]
	}
	var g group
	h, n, prevLow := uint64(hashSeed), 0, false
	var last uint64
	words := 0
	end := func() {
		if n > 1 && n < 20 && words < maxWords {
			s.words = append(s.words, h)
			g |= wordGroup[h]
			if last != 0 { // the compound, as in most-read
				s.words = append(s.words, mix(last, h))
			}
			last = h
			words++
		}
		h, n = hashSeed, 0
	}
	for i := 0; i < len(v); i++ {
		c := v[i]
		switch {
		case c >= 'a' && c <= 'z':
			prevLow = true
		case c >= 'A' && c <= 'Z':
			if prevLow {
				end()
			}
			prevLow = false
			c += 'a' - 'A'
		case c == ' ' || c == '\t' || c == '\n':
			end()
			last, prevLow = 0, false
			continue
		default:
			end()
			prevLow = false
			continue
		}
		h = (h ^ uint64(c)) * hashPrime
		n++
	}
	end()
	return g
}
