package extract

import (
	"fmt"
	"strings"
	"testing"
)

func TestLanguageByTriples(t *testing.T) {
	tests := []struct{ want, text string }{
		{"en", "The council voted on Tuesday to close the old harbour bridge, and residents say that nobody had asked them before."},
		{"de", "Der Stadtrat hat am Dienstag beschlossen, die alte Hafenbrücke zu schließen, und die Anwohner sagen, niemand habe sie gefragt."},
		{"fr", "Le conseil municipal a décidé mardi de fermer le vieux pont du port, et les habitants disent que personne ne leur a rien demandé."},
		{"es", "El ayuntamiento decidió el martes cerrar el viejo puente del puerto, y los vecinos dicen que nadie les había preguntado antes."},
		{"it", "Il consiglio comunale ha deciso martedì di chiudere il vecchio ponte del porto, e gli abitanti dicono che nessuno li ha sentiti prima."},
		{"pt", "A câmara municipal decidiu na terça-feira fechar a velha ponte do porto, e os moradores dizem que ninguém lhes perguntou nada."},
		{"nl", "De gemeenteraad besloot dinsdag de oude havenbrug te sluiten, en de bewoners zeggen dat niemand hun iets gevraagd heeft."},
		{"sv", "Kommunfullmäktige beslutade på tisdagen att stänga den gamla hamnbron, och de boende säger att ingen har frågat dem."},
		{"pl", "Rada miasta postanowiła we wtorek zamknąć stary most portowy, a mieszkańcy mówią, że nikt ich wcześniej nie zapytał o zdanie."},
		{"cs", "Městská rada v úterý rozhodla, že uzavře starý přístavní most, a obyvatelé říkají, že se jich předtím nikdo na nic nezeptal."},
		{"tr", "Belediye meclisi salı günü eski liman köprüsünü kapatmaya karar verdi ve mahalle sakinleri daha önce kimsenin kendilerine sormadığını söylüyor."},
		{"fi", "Kaupunginvaltuusto päätti tiistaina sulkea vanhan satamasillan, ja asukkaat sanovat, ettei kukaan ollut kysynyt heiltä mitään."},
		{"hu", "A városi tanács kedden úgy döntött, hogy lezárja a régi kikötői hidat, és a lakosok szerint senki sem kérdezte meg őket erről."},
		{"ro", "Consiliul local a hotărât marți să închidă vechiul pod din port, iar locuitorii spun că nimeni nu i-a întrebat nimic înainte."},
		{"vi", "Hội đồng thành phố hôm thứ Ba đã quyết định đóng cửa cây cầu cảng cũ, và người dân nói rằng trước đó không ai hỏi ý kiến của họ."},
		{"sw", "Baraza la mji liliamua siku ya Jumanne kufunga daraja la zamani la bandari, na wakazi wanasema kwamba hakuna mtu aliyewauliza maoni yao."},
		{"ru", "Городской совет во вторник решил закрыть старый портовый мост, и жители говорят, что их никто об этом не спрашивал."},
		{"uk", "Міська рада у вівторок вирішила закрити старий портовий міст, і мешканці кажуть, що їх ніхто про це не питав."},
		{"bg", "Общинският съвет реши във вторник да затвори стария пристанищен мост, а жителите казват, че никой не ги е питал за това."},
		{"ar", "قرر المجلس البلدي يوم الثلاثاء إغلاق جسر الميناء القديم، ويقول السكان إن أحدا لم يسألهم عن رأيهم في ذلك من قبل."},
		{"fa", "شورای شهر روز سهشنبه تصمیم گرفت پل قدیمی بندر را ببندد و ساکنان میگویند که هیچ کس از آنها نظرخواهی نکرده است."},
		{"ur", "سٹی کونسل نے منگل کو بندرگاہ کا پرانا پل بند کرنے کا فیصلہ کیا اور رہائشیوں کا کہنا ہے کہ ان سے کسی نے نہیں پوچھا۔"},
		{"hi", "नगर परिषद ने मंगलवार को बंदरगाह के पुराने पुल को बंद करने का फैसला किया और निवासियों का कहना है कि उनसे किसी ने नहीं पूछा।"},
		{"zh", "市议会星期二决定关闭旧港口大桥，居民们说事先没有人问过他们的意见。"},
		{"ja", "市議会は火曜日、古い港の橋を閉鎖することを決め、住民は事前に誰からも意見を聞かれなかったと話している。"},
		{"ko", "시의회는 화요일 오래된 항구 다리를 폐쇄하기로 결정했고, 주민들은 아무도 자신들에게 묻지 않았다고 말한다."},
		{"", "A B 1234 QX-77 ZZT 9 KLM PQR"},
		{"", ""},
	}
	for _, tt := range tests {
		if got := Language(tt.text); got != tt.want {
			t.Errorf("Language(%.40q) = %q, want %q", tt.text, got, tt.want)
		}
	}
}

// TestLanguageOfPage: the page's word holds unless the text speaks clearly
// against it.
func TestLanguageOfPage(t *testing.T) {
	swahili := "Baraza la mji liliamua siku ya Jumanne kufunga daraja la zamani la bandari, na wakazi wanasema kwamba hakuna mtu aliyewauliza maoni yao. "
	bokmal := "Kommunestyret vedtok tirsdag å stenge den gamle havnebroen, og beboerne sier at ingen har spurt dem. "
	tests := []struct{ name, tag, text, want string }{
		{"a template's English", "en-US", swahili, "sw"},
		{"right", "sw", swahili, "sw"},
		{"languages that are hardly told apart", "da", bokmal, "da"},
		{"Norwegian without more", "no", bokmal, "no"},
		{"a language of no list", "tlh", swahili, "tlh"},
		{"too short to say", "de", "Harbour bridge", "de"},
		{"none named", "", swahili, "sw"},
		{"another script", "en", "Городской совет во вторник решил закрыть старый портовый мост. ", "ru"},
	}
	for _, tt := range tests {
		page := fmt.Sprintf(`<html lang=%q><body><article><h1>-</h1><p>%s</p></article></body></html>`, tt.tag, strings.Repeat(tt.text, 3))
		p, err := parsePage([]byte(page), "text/html; charset=utf-8", "https://post.example/a")
		if err != nil {
			t.Fatal(err)
		}
		if got := p.language(strings.Repeat(tt.text, 3)); got != tt.want {
			t.Errorf("%s: got %q, want %q", tt.name, got, tt.want)
		}
	}
}
