package extract

import (
	"strings"
	"testing"

	"golang.org/x/net/html/charset"
)

// TestGuess reads pages that name no charset, in sentences that the lists of
// letters were not made from.
func TestGuess(t *testing.T) {
	good, all := 0, 0
	for enc, sentences := range map[string][]string{
		"windows-1251": {
			"Мэр города открыл новую больницу", "Суд отложил заседание до пятницы", "ПАРЛАМЕНТ ПРИНЯЛ ЗАКОН о бюджете на следующий год",
			"Уряд оголосив про нові заходи підтримки економіки", "Кметът откри новата болница в града", "Полицијата апелира до граѓаните да бидат внимателни",
		},
		"koi8-r":      {"Мэр города открыл новую больницу", "Суд отложил заседание до пятницы", "Президент подписал указ"},
		"ibm866":      {"Суд отложил заседание до пятницы"},
		"iso-8859-5":  {"Суд отложил заседание до пятницы"},
		"shift_jis":   {"市長は病院の開設を祝った", "首相が会見で新しい計画について説明した。"},
		"euc-jp":      {"市長は病院の開設を祝った", "首相が会見で新しい計画について説明した。"},
		"iso-2022-jp": {"市長は病院の開設を祝った"},
		"gb18030":     {"市长为新医院揭幕", "法院将审理推迟到星期五", "警方呼吁市民注意安全,并公布了调查结果"},
		"big5":        {"市長為新醫院揭幕", "法院將審理延後到星期五", "警方呼籲市民注意安全"},
		"euc-kr":      {"시장이 새 병원을 열었다", "법원은 심리를 금요일로 연기했다"},
		"windows-1255": {
			"ראש העיר פתח את בית החולים החדש", "בית המשפט דחה את הדיון ליום שישי", "המשטרה קוראת לציבור לנקוט זהירות",
		},
		"windows-1256": {
			"افتتح رئيس البلدية المستشفى الجديد", "أجلت المحكمة الجلسة إلى يوم الجمعة", "أفاد مصدر أمني بوقوع انفجار قرب المطار",
		},
		"windows-1253": {"Ο δήμαρχος εγκαινίασε το νέο νοσοκομείο", "Το δικαστήριο ανέβαλε τη συνεδρίαση για την Παρασκευή"},
		"iso-8859-7":   {"Το δικαστήριο ανέβαλε τη συνεδρίαση"},
		"windows-874":  {"นายกเทศมนตรีเปิดโรงพยาบาลแห่งใหม่", "ศาลเลื่อนการพิจารณาคดีไปเป็นวันศุกร์"},
		"iso-8859-9": {
			"Belediye başkanı yeni hastaneyi açtı ve şehirde konuştu", "Mahkeme duruşmayı cuma gününe erteledi, avukatlar karşı çıktı",
		},
		"iso-8859-2": {
			"Burmistrz otworzył nowy szpital, a sąd odroczył rozprawę", "Soud odročil jednání na pátek, řekl mluvčí",
			"A bíróság péntekre halasztotta a tárgyalást, közölte a szóvivő", "Súd odročil pojednávanie na piatok, povedal hovorca, ktorý žije v Košiciach",
			"Sud je odgodio ročište za petak, a župan čeka odluku",
		},
		"windows-1250": {"Burmistrz otworzył nowy szpital, a sąd odroczył rozprawę", "Soud odročil jednání na pátek, žádá šéf úřadu"},
		"windows-1257": {"Teismas atidėjo posėdį į penktadienį, sakė šešių žmonių grupė", "Tiesa atlika sēdi uz piektdienu, paziņoja pilsētas mērs Rīgā"},
		"windows-1252": {
			"Le tribunal a reporté l’audience à vendredi, où l’accusé était présent", "Das Gericht vertagte die Verhandlung auf morgen früh, hieß es",
			"El tribunal aplazó la vista hasta mañana, según el portavoz del año", "O tribunal adiou a audiência, e a decisão não é definitiva, já que há eleições",
			"Domstolen utsatte saken på ubestemt tid, sa den øverste lederen", "Rätten sköt upp förhandlingen på måndag", "Il tribunale ha rinviato l’udienza perché la città è in festa",
			"Dómstóllinn frestaði málinu til föstudags og það þótti mörgum miður", "De rechtbank in België stelde de zitting uit; de financiële gevolgen zijn groot",
		},
		"utf-8": {"Суд отложил заседание", "法院將審理延後", "Le tribunal a reporté"},
	} {
		for _, s := range sentences {
			e, _ := charset.Lookup(enc)
			page, err := e.NewEncoder().String("<!doctype html><title>x</title><h1>" + s + "</h1><p>" + strings.Repeat(s+" ", 3) + "</p>")
			if err != nil {
				t.Errorf("%s: %q: %v", enc, s, err)
				continue
			}
			all++
			text, err := decode([]byte(page), "text/html")
			if err == nil && strings.Contains(string(text), "<h1>"+s+"</h1>") {
				good++
			} else {
				t.Logf("%s: %q is read as %q (%v)", enc, s, text, err)
			}
		}
	}
	t.Logf("%d of %d", good, all)
	if float64(good) < 0.95*float64(all) {
		t.Errorf("%d of %d sentences read as written", good, all)
	}
}

// TestDeclared believes what a page declares, in whatever way.
func TestDeclared(t *testing.T) {
	const s = "Суд отложил заседание"
	e, _ := charset.Lookup("koi8-r")
	b, err := e.NewEncoder().String(s)
	if err != nil {
		t.Fatal(err)
	}
	late := "<!--" + strings.Repeat("x", 3000) + "-->"
	for name, c := range map[string][2]string{
		"header":            {"text/html; charset=koi8-r", b},
		"header in quotes":  {`text/html; charset="KOI8-R"`, b},
		"meta":              {"text/html", `<meta charset="koi8-r">` + b},
		"meta http-equiv":   {"", `<meta http-equiv="content-type" content="text/html; charset=koi8-r">` + b},
		"late meta":         {"text/html", late + `<meta charset=koi8-r>` + b},
		"late http-equiv":   {"text/html", late + `<META content="text/html; charset=koi8-r" http-equiv=Content-Type>` + b},
		"header over meta":  {"text/html; charset=koi8-r", `<meta charset=utf-8>` + b},
		"mark over header":  {"text/html; charset=koi8-r", "\ufeff" + s},
		"unknown in header": {"text/html; charset=x-nobody", `<meta charset="koi8-r">` + b},
		"utf-16 in a meta":  {"text/html", `<meta charset="utf-16">` + s},
	} {
		text, err := decode([]byte(c[1]), c[0])
		if err != nil || !strings.HasSuffix(string(text), s) {
			t.Errorf("%s: %q, %v", name, text, err)
		}
	}
}
