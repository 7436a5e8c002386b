package body

import (
	"strings"
	"unicode"
)

// Phrases of lines that are no part of an article, lower case, without
// punctuation. A line is known by being such a phrase as a whole, or by
// beginning with one.
var (
	wholeLines = []string{
		"share", "share this", "share this article", "share this story", "comment", "comments", "print", "email", "save", "copy link", "tweet", "whatsapp", "facebook", "twitter", "instagram", "subscribe", "sign up", "sign in", "log in", "register",
		"read", "see", "watch", "listen", "related", "also read", "more", "more on this", "recommended", "dont miss", "up next", "editors picks", "editors pick", "most read", "trending", "must read", "read next", "read also", "see also", "related articles", "related article", "related stories", "related content", "related topics", "related coverage", "related reading", "related links", "related video",
		"advertisement", "advertisements", "advertising", "ad", "ads", "sponsored", "sponsored content", "photo gallery", "loading", "home", "false", "null", "news", "fact checked", "read later", "follow us", "all rights reserved", "topics", "tags", "newsletter", "view comments", "post a comment", "leave a comment", "cookie policy", "privacy policy", "terms of use", "terms of service",
		"mehr zum thema", "lesen sie auch", "auch interessant", "zum thema", "weiterlesen", "anzeige", "werbung", "kommentar", "kommentare", "teilen", "artikel teilen", "artikel drucken", "artikel merken", "zur startseite", "mehr dazu", "siehe auch", "lesetipp", "merken", "drucken", "mehr", "weitere artikel", "meistgelesen", "schlagworte",
		"lire aussi", "à lire aussi", "lire plus", "lire la suite", "publicité", "partager", "voir aussi", "commentaires", "la suite après cette publicité", "réagir", "imprimer", "sur le même sujet", "à voir aussi",
		"lea también", "lee también", "leer más", "te puede interesar", "publicidad", "compartir", "más información", "también te puede interesar", "ver más", "comentarios", "archivado en", "te recomendamos", "noticias relacionadas",
		"leggi anche", "pubblicità", "condividi", "commenti", "riproduzione riservata", "potrebbe interessarti", "leia também", "leia mais", "publicidade", "compartilhe", "compartilhar", "veja também", "saiba mais",
		"lees ook", "lees meer", "advertentie", "deel dit artikel", "czytaj też", "czytaj także", "czytaj więcej", "reklama", "zobacz też", "zobacz także", "udostępnij", "ayrıca okuyun", "reklam", "paylaş", "läs också", "läs mer", "les også", "les mer", "annons", "annonse", "dela", "læs også", "annonce", "lue myös", "mainos",
		"читайте также", "реклама", "поделиться", "комментарии", "подробнее", "читайте ещё", "читайте також", "реклама на сайті", "διαβάστε επίσης", "διαφήμιση", "čtěte také", "sdílet", "diskuse", "olvasta már", "hirdetés", "citește și", "publicitate",
		"相关阅读", "相关新闻", "相关报道", "相关推荐", "推荐阅读", "延伸閱讀", "推薦閱讀", "相關新聞", "广告", "廣告", "分享", "評論", "评论", "関連記事", "あわせて読みたい", "続きを読む", "シェア", "ログイン", "会員登録", "新規登録", "詳しくはこちら", "おすすめ記事", "広告", "관련기사", "관련 기사", "광고", "댓글", "공유", "اقرأ أيضا", "إعلان", "شارك", "مواضيع ذات صلة", "تبلیغات", "قراءة المزيد", "baca juga", "iklan", "xem thêm", "quảng cáo", "อ่านเพิ่มเติม", "ข่าวที่เกี่ยวข้อง",
	}
	lineStarts = []string{
		"sign up for", "sign up to", "subscribe to", "subscribe now", "get our", "get the latest", "follow us on", "follow us", "like us on", "join our", "read more", "see more", "learn more", "find out more", "click here", "show more", "load more", "view more", "more from", "you may also like", "you might also like", "read also", "also read", "see also", "related:", "read the full", "story continues", "article continues", "continue reading", "scroll to continue", "skip to", "skip advert", "we use cookies", "this site uses cookies", "this website uses cookies", "by signing up", "by subscribing", "by clicking", "by submitting", "by providing", "this site is protected by", "accept cookies", "manage cookies", "copyright", "all rights reserved", "this material may not be published", "reporting by", "additional reporting by", "editing by", "writing by", "our standards", "contact the author", "have a tip", "we may earn", "we may receive", "download our", "download the", "support our", "already a subscriber", "last updated", "image credit", "photo credit", "image source", "want to bookmark", "want more", "for more", "to read more", "enjoy reading", "thank you for", "your email address", "required fields", "view all", "see all", "watch now", "watch live", "listen to this article", "listen to article", "this article was originally published", "originally published", "the post", "send us",
		"lesen sie", "mehr zum thema", "jetzt abonnieren", "jetzt anmelden", "jetzt kostenlos", "newsletter", "quelle", "quellen", "stand", "lesezeit", "empfohlener redaktioneller inhalt", "hier finden sie externe", "an dieser stelle finden sie", "externer inhalt", "melden sie sich", "folgen sie uns", "dieser artikel", "mit dem absenden", "ich bin damit einverstanden", "zum newsletter", "zur startseite", "alle rechte vorbehalten", "mehr über", "foto", "bild", "wenn sie", "sie haben",
		"lire aussi", "à lire", "lire la suite", "article réservé aux abonnés", "abonnez vous", "inscrivez vous", "la suite après", "sabonner", "suivez nous", "voir aussi", "recevez", "retrouvez", "crédit photo", "tous droits réservés",
		"lea también", "lee también", "leer más", "suscríbete", "síguenos", "regístrate", "sigue leyendo", "para seguir leyendo", "recibe", "te puede interesar", "ver también", "mira también",
		"leggi anche", "iscriviti", "riproduzione riservata", "seguici", "leia também", "leia mais", "assine", "siga", "inscreva se", "clique aqui", "veja também",
		"lees ook", "lees meer", "meld je aan", "volg ons", "czytaj także", "czytaj też", "czytaj więcej", "zobacz także", "zobacz też", "źródło", "läs också", "läs mer", "les også", "læs også", "följ oss",
		"читайте также", "читайте нас", "подписывайтесь", "подпишитесь", "читати також", "читайте також", "підписуйтесь", "δείτε επίσης", "διαβάστε",
		"相关阅读", "责任编辑", "编辑", "责编", "扫码", "点击查看", "版权声明", "版权所有", "免责声明", "更多新闻", "延伸閱讀", "更多新聞", "来源", "來源", "記者", "編輯", "関連記事", "続きを読む", "この記事を", "有料会員", "無断転載", "会員登録", "이 기사를", "무단 전재", "무단전재", "저작권자", "ⓒ",
	}
)

// weakStarts are those of lineStarts that articles begin sentences with as well.
var weakStarts = phraseSet([]string{
	"get the latest", "for more", "want more", "thank you for", "the post", "stand", "foto", "bild", "wenn sie", "sie haben", "dieser artikel", "quelle", "quellen", "recevez", "retrouvez", "recibe", "siga", "copyright", "contact the author",
	"learn more", "find out more", "click here", "watch now", "watch live", "originally published", "this article was originally published", "to read more", "send us", "newsletter", "last updated", "download the", "source", "mehr über", "externer inhalt",
	"编辑", "来源", "來源", "記者", "編輯", "ⓒ", "źródło", "clique aqui", "more from", "writing by", "editing by", "reporting by", "additional reporting by",
})

const (
	maxPhrase = 7  // words of the longest beginning that is looked for
	maxLabel  = 45 // words of the longest line that is looked at
)

var wholeSet, startSet = phraseSet(wholeLines), phraseSet(lineStarts)

func phraseSet(in []string) set {
	out := make(set, len(in))
	for _, s := range in {
		out[Join(Tokens(strings.TrimFunc(s, unicode.IsPunct)))] = struct{}{}
	}
	return out
}

// wordSet holds each word of a list.
func wordSet(list string) set {
	out := set{}
	for _, t := range Tokens(list) {
		out[t] = struct{}{}
	}
	return out
}

// phrase says whether a line is known to be no part of an article: 2 as a
// whole, 1 by its beginning, 0 not.
func phrase(toks []uint64) int {
	if len(toks) > maxLabel || len(toks) == 0 {
		return 0
	}
	h := uint64(hashSeed)
	found := 0
	for i, t := range toks {
		h = mix(h, t)
		if startSet.has(h) {
			found = 1
		}
		if i == len(toks)-1 && wholeSet.has(h) {
			return 2
		}
		if i >= 3*maxPhrase { // wide scripts have a word per character
			break
		}
	}
	return found
}

// longestDropped is the number of words up to which a line that begins as one of
// no article is dropped without asking further.
const longestDropped = 24

// dropped reports whether a line is of no article, whatever stands around it.
func dropped(toks []uint64) bool {
	if len(toks) == 0 || len(toks) > 2*longestDropped {
		return false
	}
	h := uint64(hashSeed)
	for i, t := range toks {
		h = mix(h, t)
		if len(toks) <= longestDropped && startSet.has(h) && !weakStarts.has(h) {
			return true
		}
		if i == len(toks)-1 {
			return wholeSet.has(h)
		}
		if i >= 3*maxPhrase {
			break
		}
	}
	return false
}

// Boilerplate reports whether a line is known by its words to be of no article.
func Boilerplate(line string) bool { return dropped(Tokens(line)) }

// months are hashes of the beginnings of dates in words.
var months = wordSet("january february march april may june july august september october november december jan feb mar apr jun jul aug sep sept oct nov dec " +
	"januar februar märz mai juni juli oktober dezember janvier février mars avril juin juillet août septembre octobre novembre décembre enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre " +
	"gennaio febbraio aprile maggio giugno luglio settembre ottobre dicembre janeiro fevereiro março maio junho julho setembro outubro dezembro januari februari maart mei augustus stycznia lutego marca kwietnia maja czerwca lipca sierpnia września października listopada grudnia " +
	"ocak şubat mart nisan mayıs haziran temmuz ağustos eylül ekim kasım aralık января февраля марта апреля мая июня июля августа сентября октября ноября декабря 年 月 日 ago updated published uhr")

// dateWords counts what looks like a date in a short line: names of months, and
// digits that are most of it.
func dateWords(toks []uint64, f *lineFacts) int {
	if len(toks) > 20 {
		return 0
	}
	n := 0
	for _, t := range toks {
		if months.has(t) {
			n++
		}
	}
	if f.digits*3 > f.letters {
		n++
	}
	return min(n, 4)
}

// runeKind tells how a line begins.
func runeKind(r rune) int {
	switch {
	case unicode.IsUpper(r):
		return 3
	case unicode.IsLower(r):
		return 2
	case unicode.IsDigit(r):
		return 1
	case unicode.IsLetter(r):
		return 4
	case r == '"' || r == '“' || r == '„' || r == '«' || r == '「' || r == '‘' || r == '\'':
		return 5
	}
	return 0
}

// consentWords are those of texts about cookies and privacy.
var consentWords = wordSet("cookie cookies consent privacy gdpr ccpa opt optout personalized advertising advertisers vendors preferences browser einwilligung datenschutz datenschutzerklärung tracking confidentialité consentement traceurs privacidad consentimiento riservatezza consenso persoonsgegevens toestemming prywatności ciasteczka zgoda gizlilik çerez çerezler куки соглашение")

// consents counts the words of a line that texts about cookies are made of.
func consents(toks []uint64) int32 {
	n := int32(0)
	for _, t := range toks {
		if consentWords.has(t) {
			n++
		}
	}
	return n
}
