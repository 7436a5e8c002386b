package crawler

import (
	"net/url"
	"regexp"
	"strings"
	"unicode/utf8"
)

// What an address says of the page behind it. Outlets name their folders in
// their own language, so the words are those of many; an address is known by
// all of it, as some have articles in folders that others have for lists.

// folder makes an expression for the first part of a path out of words.
func folder(words ...string) *regexp.Regexp {
	return regexp.MustCompile(`(?i)^/(?:` + strings.Join(words, "|") + `)(?:/|$)`)
}

var (
	// listFolder has lists: an address below it is an article's only if it has
	// a name of several words, and a date, a further folder (an author's, say)
	// or a long number.
	listFolder = folder(
		`tags?|topics?|tema|temas|th[eè]mes?|thema|themen?|themenseiten?|tudo-sobre|assuntos?|sujets?|argomenti|onderwerpen?|emner?|[äa]mnen?|tagi|temat|etiquetas?|[ée]tiquettes?|stichwort|schlagw(?:ort|oerter)|keywords?|labels?|hubs?|konu|etiketler?`,
		`categor(?:y|ies)|kategori(?:e|en|er|a|ler)?|cat[ée]gories?|categorias?|rubri(?:k|ken|que|ques|c|ken)|r[úu]bricas?|editorias?|sections?`,
		`authors?|autor(?:es|as?|en|i)?|auteurs?|autrices?|autore|signataires?|redacteurs?|journalist(?:s|es?|in|as?)?|periodistas?|giornalisti|reporters?|contributors?|colunistas?|columnistas?|columnists?|writers?|yazar(?:lar)?|users?|profiles?|byline|by`,
		`ultimas-noticias|[úu]ltimas`,
		`теги?|темы?|тема|рубрики?|авторы?|сюжеты?`, `وسم|وسوم|تصنيف|تصنيفات|كاتب|كتاب|الكاتب|مواضيع`,
		`标签|標籤|专题|作者|分类|分類|タグ|著者|태그|기자`,
	)
	// serviceFolder has what a site offers beside articles, or articles about
	// it: those have a date or a number.
	serviceFolder = folder(
		`jobs|careers|stellenmarkt|shop|store|newsletters?`,
	)
	// daily has what is new each day and named in a word or two, or articles
	// about it, which are named in many.
	daily = folder(`weather|wetter|m[ée]t[ée]o|tiempo|horoscopes?|horoskope?|horoscopo|games|puzzles|crosswords?`)
	// service has what a site offers and never an article.
	service = folder(
		`search|suche|buscar?|busca|recherche|ricerca|zoeken|s[öo]k|поиск|بحث|搜索|検索`,
		`log-?in|log-?out|sign-?(?:in|up)|register|registrieren|anmelden|account|accounts|my-?account|mein-konto|compte|cuenta|profil|users/login`,
		`wp-admin|wp-json|wp-content|wp-includes|wp-login\.php|xmlrpc\.php|cgi-bin|api|cdn-cgi|feeds?|rss|rss-feeds?`,
		`about|privacy|terms|contact|subscribe|advertise|advertising|advertisement|impressum|datenschutz|kontakt|agb|mentions-legales|aviso-legal|politica-de-privacidad|politique-de-confidentialite|cookie-policy|privacy-policy|terms-of-use|terms-of-service|terms-and-conditions|about-us|contact-us|ueber-uns|quienes-somos|chi-siamo|quem-somos|a-propos|nous-contacter`,
		`abo|abos|abonnements?|abonnieren|abonnez-vous|subscriptions?|suscripciones|suscr[ií]bete|assine|assinaturas?|abbonamenti|help|hilfe|ayuda|aide|ajuda|faqs?|share|print|drucken|imprimir`,
	)
	emptyDate  = regexp.MustCompile(`(?i)^/(?:19|20)\d\d/?$|^(?:/[a-z_-]+)?/(?:19|20)\d\d[/-]\d\d?(?:[/-]\d\d?)?/?$`) // a day's, a month's or a year's list
	notPage    = regexp.MustCompile(`(?i)\.(jpe?g|png|gif|webp|svg|css|js|json|xml|rss|pdf|zip|gz|mp[34]|m4a|ico|woff2?)$`)
	datePath   = regexp.MustCompile(`/(19|20)\d\d[/-]?[01]?\d([/-]?[0-3]?\d)?([/-]|$)`)
	longID     = regexp.MustCompile(`\d{5,}`)
	stampID    = regexp.MustCompile(`\d{9,}`)
	shortID    = regexp.MustCompile(`\d{4,}`)
	pageExt    = regexp.MustCompile(`(?i)\.(s?html?|php|aspx?|jsp|story|ece|cms)$`)
	queryNews  = regexp.MustCompile(`(?i)(^|&)(id|p|[an]id|idx(no)?|seq|(article|art|story|news|doc|content|item|post|entry)(_?(id|no))?)=\w*\d`)
	pageQuery  = regexp.MustCompile(`(?i)(?:^|&)(?:page|paged|pg|p[áa]gina|seite|start|offset)=(?:[2-9]|[1-9]\d+)(?:&|$)`)
	groups     = regexp.MustCompile(`(?i)^/(tags?|topics?|categor(y|ies)|kategorie[ns]?|categorie|categorias?|rubriques?|rubriken?|rubrics?)/[^/]+/?$`)
	tagged     = regexp.MustCompile(`(?i)^/(tags?|topics?)/`)
	placeQuery = regexp.MustCompile(`(?i)(^|&)(page|pg|p|paged|start|offset|sort|order|lang|print|q|s|query|search|return|redirect|url)=`)
	listPath   = regexp.MustCompile(`(?i)/(?:page|seite|p[áa]gina|strona|sida|sivu|stranica|oldal)[/-]?\d+(?:\.\w+)?/?$`)
)

// noArticle says that an address is one that no article has: a file, the front
// page, a list of articles, what a site offers beside them.
func noArticle(u *url.URL) bool {
	path := u.Path
	switch {
	case queryNews.MatchString(u.RawQuery):
		return notPage.MatchString(path)
	case strings.Trim(path, "/") == "":
		return u.RawQuery == ""
	case pageQuery.MatchString(u.RawQuery) && strings.Count(u.RawQuery, "&") == 0: // a later page of a list or of an article
		return true
	case notPage.MatchString(path), listPath.MatchString(path), emptyDate.MatchString(path), service.MatchString(path):
		return true
	case listFolder.MatchString(path):
		return hyphens(path) < 2 || !datePath.MatchString(path) && strings.Count(strings.Trim(path, "/"), "/") < 2 && !stampID.MatchString(path)
	case daily.MatchString(path):
		return !datePath.MatchString(path) && !longID.MatchString(path) && hyphens(path) < 4
	case serviceFolder.MatchString(path):
		return !datePath.MatchString(path) && !longID.MatchString(path)
	}
	return false
}

// hyphens is how many words there are in the last part of a path, less one.
func hyphens(path string) int {
	path = strings.TrimRight(path, "/")
	last := path[strings.LastIndexByte(path, '/')+1:]
	return strings.Count(last, "-") + strings.Count(last, "_")
}

// shape is how much an address looks like that of an article: 0 not at all,
// from 2 on rather than not, 4 for sure.
func shape(raw string) int {
	u, err := url.Parse(raw)
	if err != nil || noArticle(u) {
		return -4
	}
	path := strings.Trim(u.Path, "/")
	if queryNews.MatchString(u.RawQuery) {
		return 3
	}
	if path == "" {
		return -4
	}
	segments := strings.Split(path, "/")
	last := pageExt.ReplaceAllString(segments[len(segments)-1], "")
	n := 0
	if datePath.MatchString(u.Path) {
		n += 2
	}
	switch hyphens := hyphens(last); {
	case hyphens >= 3:
		n += 3
	case hyphens == 2:
		n += 2
	case hyphens == 1 && len(segments) >= 2:
		n++
	}
	switch {
	case longID.MatchString(path):
		n += 2
	case shortID.MatchString(path):
		n++
	}
	if pageExt.MatchString(path) {
		n++
	}
	if utf8.RuneCountInString(last) >= 40 {
		n++ // a slug in a script or spelling without hyphens
	}
	return n
}
