package crawler

import (
	"regexp"
	"strings"
	"unicode/utf8"
)

// Most pages that are none say so in a sentence of their own language, which no
// list of whole phrases has: "Leider existiert diese Seite nicht mehr". Such a
// sentence names the page and says that it is not there.

// thisPage are the words for a page, an article and an address, folded as by fold.
var thisPage = regexp.MustCompile(`\b(?:(?:web|home)?pages?|articles?|url|(?:web)?seiten?|artikel\w*|beitrag|páginas?|pàgina|artículo|artigo|pagin[aăe]i?|articol\w*|str[oa]n[aęyąie]+|artykuł\w*|stránk[auye]*|stranic[aeu]|` +
	`sidan|sida|siden|sivua?|sivu[an]\w*|oldal\w*|cikk\w*|puslapi\w*|lap[au]|lehekülge?|sayfa\w*|səhifə\w*|halaman|laman|trang|bài viết|faqja)` +
	`|člán[eo]?k|страниц|стать[яию]|сторінк|σελίδα|άρθρο|صفحة|الصفحة|المقال|صفحه|صفحہ|הדף|העמוד|דף ה|הכתבה|पृष्ठ|पेज|পৃষ্ঠা|পাতা|หน้า|เพจ|页面|网页|頁面|網頁|文章|ページ|記事|페이지|기사`)

// notThere is what is said of what is missing or was taken away, folded.
var notThere = regexp.MustCompile(`not (?:be )?found|n[o']t exist|never existed|no longer exists?|been (?:removed|deleted|unpublished)|no longer available|n[o']t available|(?:can't|cannot|couldn't|could not|unable to) (?:be )?f[io]u?nd` +
	`|nicht (?:\p{L}+ )?(?:gefunden|verfügbar|vorhanden)|existiert (?:\p{L}+ ){0,4}nicht|wurde (?:\p{L}+ ){0,3}(?:gelöscht|entfernt)` +
	`|n'existe (?:pas|plus)|introuvable|pas (?:été |pu être )?trouv|plus disponible|été supprimé|no existe|no (?:\p{L}+ ){0,3}encontr|ya no está|sido eliminad|no s'ha trobat` +
	`|não existe|não (?:\p{L}+ ){0,3}encontrad|(?:foi|sido) (?:removid|excluíd|apagad)|non esiste|non (?:\p{L}+ ){0,3}trovat|stat[ao] rimoss|non è (?:più )?disponibile` +
	`|niet (?:\p{L}+ ){0,2}gevonden|bestaat (?:\p{L}+ )?niet|niet (?:meer )?beschikbaar|inte (?:\p{L}+ )?hitta|finns (?:\p{L}+ )?inte|tagits bort|ikke (?:\p{L}+ )?(?:fundet|funnet|finde|finne)|findes ikke|finnes ikke|fin(?:der|ner) ikke|fant ikke|eksisterer ikke|er slettet` +
	`|ei löy|ei ole (?:enää )?olemassa|on poistettu|nie (?:istnieje|znale|został[ay]? (?:odnalezion|znalezion))|usunięt|neexistuje|nenalezen|neb(?:yl|ol)[aoi]? (?:nalezen|náj)|nenájd|nenašl|nelze najít|ne postoji|nije pronađen|ni bilo mogoče najti` +
	`|nem (?:található|létezik)|töröl(?:ték|t)|nu (?:a fost|a putut fi|poate fi) găsit|nu (?:mai )?există|nerasta|nav atrast|ei leitud|nuk u gjet` +
	`|не (?:была? )?найден|не удалось найти|не существует|была? удален|не знайд|не існу|видален|не е намер|не съществува|није пронађен|δεν (?:βρέθηκε|υπάρχει|είναι διαθέσιμ)` +
	`|bulunama|mevcut değil|kaldırılmış|silinmiş|tapılma|غير (?:موجود|متاح|متوفر)|لم يتم العثور|لا توجد|تم حذف|یافت نشد|پیدا نشد|وجود ندارد|حذف شده|دستیاب نہیں|לא נמצא|לא קיי|הוסר|नहीं मिल|उपलब्ध नहीं|मौजूद नहीं|हटा दि|পাওয়া যায়নি|পাওয়া যায়নি` +
	`|tidak (?:dapat )?(?:ditemukan|dijumpai|tersedia)|sudah tidak ada|telah dihapus|không (?:tìm thấy|tồn tại)|đã bị xóa|ไม่พบ|ไม่มีอยู่|ถูกลบ|不存在|找不到|未找到|(?:无法|無法)找到|已被?(?:删除|刪除|移除)|已下线|見つかりません|存在しません|削除され|찾을 수 없|존재하지 않|삭제되`)

var sentenceEnd = regexp.MustCompile(`[.!?。！？।؟…\n]+`)

// missesItself says whether a sentence among the first words of a short text
// tells that the page is not there.
func missesItself(text string) bool {
	if utf8.RuneCountInString(text) >= softLimit {
		return false
	}
	for _, s := range sentenceEnd.Split(strings.ToLower(firstRunes(text, softStart)), -1) {
		if s = fold(s); thisPage.MatchString(s) && notThere.MatchString(s) {
			return true
		}
	}
	return false
}

// scriptLimit is how many characters the text of a page stays under that asks
// for JavaScript and has nothing else.
const scriptLimit = 250

var (
	switchOn   = `(?:enabl|activat|turn (?:it )?on|switch on|requir|need|allow|aktivier|einschalten|activ[eaoá]|habilit|abilit|attiv|inschakel|aktiver|slå på|ota käyttöön|włącz|povol|zapn|engedélyez|включ|увімкн|ενεργοποι|etkinleştir|açın|تفعيل|تمكين|فعال|הפעל|सक्षम|aktifkan|bật|เปิดใช้|启用|开启|啟用|開啟|有効|활성화|사용)`
	scriptWall = regexp.MustCompile(switchOn + `.{0,60}javascript|javascript.{0,60}` + switchOn)
)

// wantsScript says whether a page has nothing but the request for JavaScript.
func wantsScript(text string) bool {
	return utf8.RuneCountInString(text) < scriptLimit && scriptWall.MatchString(fold(text))
}
