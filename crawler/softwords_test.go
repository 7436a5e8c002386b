package crawler

import (
	"net/http"
	"strconv"
	"strings"
	"testing"

	"dateline"
)

// TestSentencesOfMissingPages judges short texts under the title of their
// outlet by what a sentence says, in the words of many sites and languages.
func TestSentencesOfMissingPages(t *testing.T) {
	long := strings.Repeat(" The harbour board met again on Friday and heard the fishermen.", 10)
	for text, want := range map[string]string{
		"Sorry. This article has been removed or never existed.":                     "soft_404",
		"We looked everywhere, but we couldn't find that page.":                      "soft_404",
		"The requested URL was not found on this server.":                            "soft_404",
		"Leider existiert diese Seite nicht mehr.":                                   "soft_404",
		"Der Artikel wurde inzwischen gelöscht.":                                     "soft_404",
		"Oups ! Cet article n’est plus disponible.":                                  "soft_404",
		"La page demandée n'a pas pu être trouvée.":                                  "soft_404",
		"No hemos encontrado la página. Pruebe con el buscador.":                     "soft_404",
		"Esta página no existe o ha sido eliminada.":                                 "soft_404",
		"A página que você tentou abrir não foi encontrada.":                         "soft_404",
		"Ci dispiace, questo articolo non è più disponibile.":                        "soft_404",
		"Deze pagina bestaat helaas niet.":                                           "soft_404",
		"Vi kan tyvärr inte hitta sidan.":                                            "soft_404",
		"Siden findes ikke længere.":                                                 "soft_404",
		"Beklager, vi finner ikke siden.":                                            "soft_404",
		"Etsimääsi sivua ei löytynyt.":                                               "soft_404",
		"Nie znaleźliśmy strony o tym adresie.":                                      "soft_404",
		"Tato stránka neexistuje.":                                                   "soft_404",
		"Článok nebol nájdený.":                                                      "soft_404",
		"Az oldal nem létezik.":                                                      "soft_404",
		"Pagina nu mai există.":                                                      "soft_404",
		"Stranica nije pronađena.":                                                   "soft_404",
		"Такой страницы не существует.":                                              "soft_404",
		"Статья была удалена.":                                                       "soft_404",
		"Ця сторінка не існує.":                                                      "soft_404",
		"Η σελίδα δεν υπάρχει.":                                                      "soft_404",
		"Sayfa bulunamadı.":                                                          "soft_404",
		"عفوا، هذه الصفحة غير متوفرة.":                                               "soft_404",
		"صفحه مورد نظر شما وجود ندارد.":                                              "soft_404",
		"העמוד שחיפשת לא נמצא.":                                                      "soft_404",
		"यह पृष्ठ मौजूद नहीं है।":                                                    "soft_404",
		"Halaman ini tidak tersedia.":                                                "soft_404",
		"Trang này không tồn tại.":                                                   "soft_404",
		"ขออภัย ไม่พบหน้านี้":                                                        "soft_404",
		"对不起，该文章已被删除。":                                                               "soft_404",
		"抱歉，此頁面不存在。":                                                                 "soft_404",
		"このページは削除されました。":                                                             "soft_404",
		"페이지를 찾을 수 없습니다.":                                                            "soft_404",
		"Please enable JavaScript to continue.":                                      "soft_block",
		"Bitte aktivieren Sie JavaScript in Ihrem Browser, um diese Seite zu sehen.": "soft_block",
		"Para ver este sitio es necesario habilitar JavaScript.":                     "soft_block",
		"Для просмотра сайта включите JavaScript.":                                   "soft_block",
		"本网站需要启用 JavaScript 才能正常运行。":                                                 "soft_block",

		"The minister said that the fund does not exist. The page was turned on Friday.": "",
		"Police found no trace of the boat. A page of its log was kept in the museum.":   "",
		"The mayor removed the page of the plan that nobody had read.":                   "",
		"Der Vermisste wurde nicht gefunden. Die Suche geht weiter.":                     "",
		"El barco no fue encontrado. La página oficial del puerto lo confirmó.":          "",
		"Лодка не найдена. Поиски продолжаются.":                                         "",
		"The browser maker turned JavaScript thirty years old on Monday." + long[:250]:   "",
		"Sorry, we couldn't find that page." + long + long:                               "",
	} {
		p := &Page{Article: &dateline.Article{Title: "Harbour Post", Body: text}}
		res := &response{url: "https://a.example/news/one", status: 200, header: http.Header{}}
		if got := p.soft(res.url, res); got != want {
			t.Errorf("%q: %q, want %q", text, got, want)
		}
		p.Article.DateSource = "json-ld"
		if got := p.soft(res.url, res); want == "soft_404" && got == "soft_404" && !saysMissing("", text) {
			t.Errorf("%q with a date in its metadata is %q", text, got)
		}
	}
}

// TestGatesOfOtherStatuses tells gates from other refusals.
func TestGatesOfOtherStatuses(t *testing.T) {
	challenge := `<html><head><title>Just a moment...</title></head><body><script>window._cf_chl_opt={}</script></body></html>`
	for _, c := range []struct {
		status       int
		header, body string
		want         string
	}{
		{403, "", challenge, "soft_block"},
		{403, "", `<title>a.example</title><script>var dd={'host':'geo.captcha-delivery.com'}</script>`, "soft_block"},
		{403, "", `<HTML><HEAD><TITLE>Access Denied</TITLE></HEAD><BODY>Reference #18 https://errors.edgesuite.net/18</BODY></HTML>`, "soft_block"},
		{403, "", `<title>Access to this page has been denied</title><div id="px-captcha"></div>`, "soft_block"},
		{403, "Cf-Mitigated: challenge", "", "soft_block"},
		{405, "X-Amzn-Waf-Action: captcha", "", "soft_block"},
		{503, "", challenge, "soft_block"},
		{429, "", challenge, "soft_block"},
		{403, "", "<html><head><title>403 Forbidden</title></head><body><center>nginx</center></body></html>", "http_4xx"},
		{405, "", "<title>Method Not Allowed</title>", "http_4xx"},
		{503, "", "<title>Maintenance</title><p>We are back soon.</p>", "http_5xx"},
		{429, "", "<title>Too Many Requests</title>", "http_429"},
		{404, "", challenge, "gone"},
		{500, "", challenge, "http_5xx"},
	} {
		srv := answering(t, func(string) string {
			h := c.header
			if h != "" {
				h += "\r\n"
			}
			return "HTTP/1.1 " + strconv.Itoa(c.status) + " X\r\nContent-Type: text/html\r\n" + h + "Content-Length: " + strconv.Itoa(len(c.body)) + "\r\n\r\n" + c.body
		})
		_, err := visitor(t, testConfig()).Article(t.Context(), srv+"/news/one")
		wantReason(t, err, c.want)
	}
}

// TestListsThatAreNone follows a section or home page that sends its readers
// on, and says of a gate that it is one, rather than that it names nothing.
func TestListsThatAreNone(t *testing.T) {
	const front = `<title>Harbour Post</title><h3><a href="/news/a-headline-that-is-long-enough-1">A headline that is long enough</a></h3>`
	for _, kind := range []string{"page", "outlet"} {
		for name, c := range map[string]struct{ home, reason string }{
			"sends on":     {`<html><meta http-equiv="refresh" content="0; url=/en/"></html>`, ""},
			"loads again":  {`<html><meta http-equiv="refresh" content="3; url=/">` + front + `</html>`, ""},
			"a gate":       {`<title>Just a moment...</title><script>window._cf_chl_opt={}</script>`, "soft_block"},
			"without link": {`<title>Page not found</title>`, "soft_404"},
		} {
			s := newSite(t)
			s.text("/", "text/html", c.home)
			s.text("/en/", "text/html", front)
			cfg := testConfig()
			value := s.URL + "/"
			if kind == "outlet" {
				value = "paper.example"
				cfg.ConnectTo = map[string]string{"paper.example:80": s.Listener.Addr().String(), "paper.example:443": "127.0.0.1:1", "www.paper.example:443": "127.0.0.1:1"}
			}
			f := visitor(t, cfg).Source(t.Context(), Source{Kind: kind, Value: value})
			if c.reason != "" {
				wantReason(t, f.Err, c.reason)
			} else if f.Err != nil || f.Items == 0 {
				t.Errorf("%s, %s: %+v", kind, name, f)
			}
			if n := s.times("/en/"); (n == 1) != (name == "sends on") {
				t.Errorf("%s, %s: asked on %d times", kind, name, n)
			}
		}
	}
}
