package crawler

import (
	"bytes"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"sync"
	"unicode/utf8"
)

// Some sites answer 200 with a page that is none: it says that there is
// nothing at the address (soft 404), or keeps the reader out (soft block). It
// is known by what its title and its few words say, by the marks of those who
// sell such gates, and by where the way to it led.

// softLimit is how many characters the text of such a page stays under.
const softLimit = 500

// softStart is how many characters of its text are its first words.
const softStart = 200

// softScan is how much of a page is searched for the marks of a gate.
const softScan = 128 << 10

// missing are what titles say of a page that is not there, folded as by fold.
var missing = []string{
	"not found", "page missing", "page does not exist", "page doesn't exist", "page no longer exists", "page unavailable", "page isn't available",
	"no longer available", "page cannot be found", "page can't be found", "nothing found", "error 404", "404 error", "http 404",
	"nicht gefunden", "seite existiert nicht", "nicht mehr verfügbar", "nicht verfügbar", "page introuvable", "page non trouvée", "page inexistante", "n'existe pas", "n'existe plus",
	"no encontrada", "no encontrado", "no existe", "não encontrada", "não encontrado", "não existe", "non trovata", "non trovato", "non esiste",
	"niet gevonden", "bestaat niet", "hittades inte", "kunde inte hittas", "finns inte", "ikke fundet", "findes ikke", "ikke funnet", "finnes ikke", "fant ikke",
	"ei löytynyt", "ei löydy", "fannst ekki", "nie znaleziono", "nie została znaleziona", "nie istnieje", "nenalezena", "nenalezeno", "neexistuje", "nenájdená", "nenašla",
	"nem található", "nem létezik", "nu a fost găsit", "nu există", "nije pronađen", "ne postoji", "ni bilo mogoče najti", "nerastas", "nerasta", "nav atrast", "ei leitud",
	"не найден", "не существует", "не знайдено", "не існує", "не е намерен", "није пронађен", "δεν βρέθηκε", "δεν υπάρχει",
	"bulunamadı", "mevcut değil", "tapılmadı", "غير موجود", "لم يتم العثور", "یافت نشد", "پیدا نشد", "לא נמצא", "לא קיים", "नहीं मिला", "পাওয়া যায়নি",
	"ไม่พบหน้า", "ไม่พบเพจ", "không tìm thấy", "không tồn tại", "tidak ditemukan", "tidak dijumpai", "hindi natagpuan", "haipatikani",
	"不存在", "找不到", "未找到", "無法找到", "已删除", "已刪除", "已下线", "見つかりません", "存在しません", "찾을 수 없", "존재하지 않", "삭제된 페이지",
}

// missingText are what the first words of such a page say. A short item may
// say that something does not exist, but not of itself.
var missingText = []string{
	"page not found", "page could not be found", "page cannot be found", "page can't be found", "page you requested", "page you are looking for", "page you were looking for", "page you're looking for",
	"page doesn't exist", "page does not exist", "article you are looking for", "article is no longer available", "content is no longer available", "error 404", "404 not found",
	"seite wurde nicht gefunden", "seite nicht gefunden", "gesuchte seite", "angeforderte seite", "page demandée", "page que vous recherchez", "page que vous cherchez",
	"página que busca", "página solicitada", "página que está buscando", "página que procura", "pagina che stai cercando", "pagina richiesta", "pagina die je zoekt", "pagina die u zoekt",
	"sidan du söker", "siden du leder efter", "siden du leter etter", "strona, której szukasz", "podana strona nie", "stránka, kterou hledáte", "a keresett oldal", "pagina pe care",
	"страница не найдена", "страницы не существует", "запрашиваемая страница", "сторінку не знайдено", "η σελίδα που", "aradığınız sayfa", "الصفحة التي تبحث", "הדף שחיפשת",
	"您访问的页面", "您访问的网页", "您要查看的页面", "您所訪問的頁面", "お探しのページ", "指定されたページ", "요청하신 페이지", "찾으시는 페이지",
}

// blocked are what the title or the first words of a gate say.
var blocked = []string{
	"just a moment", "attention required", "access denied", "access to this page has been denied", "access blocked", "request blocked", "request rejected",
	"requested url was rejected", "request unsuccessful", "request could not be satisfied", "pardon our interruption", "are you a robot", "are you human", "you are not a bot", "you're not a bot", "not a robot",
	"verify you are human", "verifying you are human", "verify that you are human", "human verification", "bot verification", "robot check", "robot or human", "security check", "security checkpoint",
	"checking your browser", "one more step", "ddos protection", "unusual traffic", "suspicious activity", "automated access", "enable javascript and cookies", "please enable cookies",
	"your access to this site has been limited", "you have been blocked", "sorry, you have been blocked", "captcha", "please stand by, while we are checking",
	"not available in your country", "not available in your region", "unavailable in your region", "unavailable in your location", "unavailable due to legal reasons", "451: unavailable", "unavailable for legal reasons",
	"zugriff verweigert", "zugriff blockiert", "sicherheitsüberprüfung", "bist du ein mensch", "sind sie ein mensch", "accès refusé", "accès interdit", "accès bloqué", "êtes-vous un robot", "vérification de sécurité",
	"acceso denegado", "acceso bloqueado", "acceso restringido", "no eres un robot", "accesso negato", "accesso bloccato", "non sei un robot", "acesso negado", "acesso bloqueado", "não é um robô",
	"toegang geweigerd", "åtkomst nekad", "adgang nægtet", "ingen adgang", "tilgang nektet", "pääsy estetty", "odmowa dostępu", "dostęp zabroniony", "przístup odepřen", "přístup odepřen", "prístup zamietnutý", "hozzáférés megtagadva", "acces interzis",
	"доступ запрещен", "доступ ограничен", "доступ заборонено", "вы не робот", "проверка браузера", "достъпът е отказан", "δεν επιτρέπεται η πρόσβαση", "erişim engellendi", "erişim reddedildi", "robot musunuz",
	"تم رفض الوصول", "الوصول مرفوض", "دسترسی غیرمجاز", "הגישה נדחתה", "गया है पहुँच", "ปฏิเสธการเข้าถึง", "truy cập bị từ chối", "akses ditolak",
	"访问被拒绝", "拒绝访问", "安全验证", "人机验证", "访问验证", "存取被拒", "拒絕存取", "安全驗證", "アクセスが拒否", "アクセスできません", "ロボットではありません", "セキュリティ確認", "접근이 거부", "접근이 차단", "보안 확인",
	// Consent walls.
	"before you continue", "we value your privacy", "we and our partners", "your privacy choices", "manage your cookie", "cookie consent", "cookie preferences", "consent to cookies", "accept cookies to continue",
	"bevor sie fortfahren", "bevor du fortfährst", "mit werbung weiterlesen", "mit werbung nutzen", "werbung und tracking", "ihre zustimmung", "zustimmung zu", "wir und unsere partner", "cookies zustimmen", "datenschutzeinstellungen",
	"avant de continuer", "avant d'accéder", "continuer sans accepter", "nous et nos partenaires", "antes de continuar", "valoramos tu privacidad", "aceptar y continuar", "nosotros y nuestros socios", "prima di proseguire", "continua senza accettare", "noi e i nostri partner",
	"voordat je verdergaat", "voordat u verdergaat", "wij en onze partners", "cookies accepteren", "innan du fortsätter", "før du fortsætter", "før du fortsetter", "zanim przejdziesz dalej", "szanujemy twoją prywatność", "cenimy prywatność", "než budete pokračovat", "souhlas s cookies",
}

// gates are what the pages of those who sell gates have in their markup or
// address, in lower case.
var gates = []string{
	"cf-challenge", "/cdn-cgi/challenge-platform", "cf_chl_opt", "cf-error-details", // Cloudflare
	"captcha-delivery.com",                            // DataDome
	"px-captcha", "perimeterx.net", "human-challenge", // HUMAN, once PerimeterX
	"_incapsula_resource",                          // Imperva
	"errors.edgesuite.net", "sec-if-cpt-container", // Akamai
	"awswaf.com", "aws-waf-token", "gokuprops", // AWS
	"sucuri website firewall", "sucuri.net/privacy", // Sucuri
	"ips.js?kpsdk", "kpsdk.js", // Kasada
	"perfdrive.com", "radware bot manager", "shieldsquare", // Radware
	"ddos-guard", "/.well-known/ddos-guard", // DDoS-Guard
	"/.within.website/x/cmd/anubis",                                                                                                                  // Anubis
	"vercel security checkpoint",                                                                                                                     // Vercel
	"generated by wordfence",                                                                                                                         // Wordfence
	"www.google.com/recaptcha/api.js", "hcaptcha.com/1/api.js", "challenges.cloudflare.com/turnstile", "geetest.com", "smartcaptcha.yandexcloud.net", // for anybody
	"consent.yahoo.com", "guce.advertising", "privacygate", "cmp.dpgmedia", "myprivacy.dpgmedia", "contentpass.net", "opencmp", // consent walls
}

var (
	titleTag    = regexp.MustCompile(`(?is)<title[^>]*>(.{0,300}?)</title>`)
	number404   = regexp.MustCompile(`\b404\b`)
	errorPlace  = regexp.MustCompile(`(?i)/(?:e?404|errors?|not[-_]?found|page[-_]?not[-_]?found|errors?/404|404[-_]?error|seite-nicht-gefunden|page-introuvable)(?:[/.]\w*)*$`)
	gatePlace   = regexp.MustCompile(`(?i)^(?:consent|guce|myprivacy|privacy|cookiewall|validate|captcha|geo\.captcha)\.|/(?:consent|cookie-?consent|cookie-?wall|privacy-?gate|privacywall|zustimmung|captcha|sorry/index|log-?in|sign-?in|signup|anmelden|connexion|acceder)(?:[/.?]|$)`)
	spaces      = regexp.MustCompile(`\s+`)
	straightens = strings.NewReplacer("’", "'", "‘", "'", "`", "'", "\u00a0", " ", "\u200b", "", "\u00ad", "", "ё", "е")
)

// fold makes one form of what people and templates write.
func fold(s string) string {
	return strings.TrimSpace(spaces.ReplaceAllString(straightens.Replace(strings.ToLower(s)), " "))
}

func anyIn(s string, phrases []string) bool {
	for _, p := range phrases {
		if strings.Contains(s, p) {
			return true
		}
	}
	return false
}

// saysMissing judges a page by its words. title is its own or its headline.
func saysMissing(title, text string) bool {
	if utf8.RuneCountInString(text) >= softLimit {
		return false
	}
	title = fold(title)
	return number404.MatchString(title) || anyIn(title, missing) ||
		anyIn(fold(firstRunes(text, softStart)), missingText)
}

// saysBlocked judges a page by its words, its markup and its headers.
func saysBlocked(header http.Header, title, text string, body []byte) bool {
	if header.Get("Cf-Mitigated") == "challenge" {
		return true
	}
	switch strings.ToLower(header.Get("X-Amzn-Waf-Action")) {
	case "challenge", "captcha":
		return true
	}
	n := utf8.RuneCountInString(text)
	if n >= softLimit {
		return false
	}
	if anyIn(fold(title), blocked) || anyIn(fold(firstRunes(text, softStart)), blocked) || wantsScript(text) {
		return true
	}
	low := string(bytes.ToLower(body[:min(len(body), softScan)]))
	return visible(low) < softLimit && anyIn(low, gates) // many good pages load a captcha for their comments
}

// firstRunes are the first n characters of a text.
func firstRunes(s string, n int) string {
	for i := range s {
		if n--; n < 0 {
			return s[:i]
		}
	}
	return s
}

var unseen = []string{"script", "style", "svg", "noscript", "template", "!--"}

// visible estimates how many characters of a page in lower case are text.
func visible(page string) (n int) {
	for page != "" {
		i := strings.IndexByte(page, '<')
		if i < 0 {
			i = len(page)
		}
		n += utf8.RuneCountInString(spaces.ReplaceAllString(page[:i], ""))
		page = page[i:]
		end := ">"
		for _, tag := range unseen {
			if strings.HasPrefix(page[min(1, len(page)):], tag) {
				end = "</" + tag
				if tag == "!--" {
					end = "-->"
				}
			}
		}
		j := strings.Index(page, end)
		if j < 0 {
			return n
		}
		page = page[j+len(end):]
		if end != ">" && end != "-->" {
			_, page, _ = strings.Cut(page, ">")
		}
	}
	return n
}

// ledAway judges a page by where redirects led: to the front page or an error
// page is as good as 404, to a gate is a block.
func ledAway(asked, final string) string {
	a, err1 := url.Parse(asked)
	f, err2 := url.Parse(final)
	if err1 != nil || err2 != nil || asked == final {
		return ""
	}
	switch {
	case gatePlace.MatchString(f.Hostname()) && !gatePlace.MatchString(a.Hostname()), gatePlace.MatchString(f.Path) && !gatePlace.MatchString(a.Path):
		return "soft_block"
	case strings.Trim(f.Path, "/") == "" && f.RawQuery == "" && (strings.Trim(a.Path, "/") != "" || a.RawQuery != ""),
		errorPlace.MatchString(f.Path) && !errorPlace.MatchString(a.Path):
		return "soft_404"
	}
	return ""
}

// blockedAfter is how many gates in a row say that the host keeps us out and
// not only from one page.
const blockedAfter = 3

// blockCount counts by host the gates in a row.
type blockCount struct {
	mu sync.Mutex
	n  map[string]int
}

// met notes what a page of the host was, and says whether it keeps us out.
func (b *blockCount) met(host string, gate bool) bool {
	b.mu.Lock()
	defer b.mu.Unlock()
	if !gate {
		delete(b.n, host)
		return false
	}
	if b.n == nil || len(b.n) >= 10000 { // hosts; which of them is forgotten matters little
		b.n = map[string]int{}
	}
	b.n[host]++
	return b.n[host] >= blockedAfter
}

// judged leaves a host alone for a while, as after 429, that shows gates only.
func (c *Crawler) judged(res *response, reason string) {
	host := hostOf(res.url)
	if c.blocks.met(host, reason == "soft_block") {
		c.hosts.push(host, steady().Add(c.hosts.overloaded(host)), whyOverloaded)
		c.log.Warn("host keeps us out", "host", host, "url", res.url)
	}
}

// soft says why a page is none though it is answered with 200: soft_404,
// soft_block or "".
func (p *Page) soft(asked string, res *response) string {
	if away := ledAway(asked, res.url); away != "" {
		return away
	}
	title, text, dated := titleOf(res.body), "", false
	if p.Article != nil {
		title, text = p.Article.Title+" "+title, p.Article.Body
		dated = p.Article.DateSource == "json-ld" || p.Article.DateSource == "meta"
	}
	switch {
	case saysBlocked(res.header, title, text, res.body):
		return "soft_block"
	case saysMissing(title, text), !dated && missesItself(text): // a short item can tell of another page
		return "soft_404"
	}
	return ""
}

// titleOf is what stands in the title element of a page.
func titleOf(body []byte) string {
	if m := titleTag.FindSubmatch(body[:min(len(body), softScan)]); m != nil {
		return string(m[1])
	}
	return ""
}

// gateStatus are the statuses other than 200 with which gates answer; they are
// those of other refusals too, which the page tells apart.
var gateStatus = map[int]bool{http.StatusForbidden: true, http.StatusMethodNotAllowed: true, http.StatusTooManyRequests: true, http.StatusServiceUnavailable: true}

// gateStart is how many bytes of such an answer are read.
const gateStart = 64 << 10

// gated says whether an answer that is no page is a gate: the site keeps us out
// and not only from this address.
func gated(res *response) bool {
	return gateStatus[res.status] && saysBlocked(res.header, titleOf(res.body), "", res.body)
}
