package entity

import (
	"strings"
	"unicode/utf8"

	"dateline"
)

// Rules for Arabic persons and organizations that no list has. Arabic has no
// capitals: titles, first names and the words that organizations begin with
// have to do.

var (
	arabicTitles = set(`الرئيس الوزير الوزيرة الخبير الخبيرة الدكتور الدكتورة المتحدث المتحدثة الناطق السيد السيدة النائب النائبة المحلل المحللة المحامي المحامية القاضي المدير المديرة السفير السفيرة المستشار المستشارة
 الفريق اللواء العميد الكاتب الكاتبة الصحفي الصحفية الباحث الباحثة البروفيسور الأستاذ الشيخ الأمير الملك الجنرال العقيد الفنان الفنانة اللاعب المدرب الحكومة الوزراء العام الخارجية الدفاع الداخلية المالية الجمهورية البرلمان`)
	arabicVerbs = set(`قال قالت أكد أكدت أعلن أعلنت صرح صرحت أوضح أوضحت أضاف أضافت ذكر ذكرت أشار أشارت دعا دعت طالب طالبت حذر حذرت اعتبر اعتبرت رأى رأت نفى نفت شدد شددت كشف كشفت توقع توقعت`)
	arabicFirst = set(`محمد أحمد محمود علي حسن حسين عمر عثمان خالد طارق سعيد سامي سمير ياسر ياسين يوسف إبراهيم إسماعيل مصطفى كمال جمال عادل فؤاد فيصل فهد سلطان سعود ناصر نايف بندر تركي عبد عبدالله عبدالرحمن عبدالعزيز
 معمر صدام بشار حافظ رفيق سعد وليد نبيه ميشال جبران سليم نجيب نواف جابر صباح حمد تميم هيثم قابوس زايد راشد منصور هزاع رانيا فاطمة عائشة خديجة مريم زينب ليلى سارة نور هدى منى نادية سلوى هند ريم دينا
 مروان باسل أنور كريم رامي شريف هاني وائل أيمن أشرف إيهاب شادي زياد بلال عماد عصام هشام حسام رضا صالح صلاح لطفي ماجد مازن ماهر نبيل نزار وسيم يحيى إياد أمين بدر ثامر جاسم حمزة داود رياض زهير سيف شاكر طلال غسان فارس
 قاسم لؤي مالك معاذ مهدي هادي إسراء آمنة أسماء إيمان جميلة حنان رشا سميرة شيماء عبير غادة لمى مها نجلاء هبة وفاء ياسمين فولوديمير فلاديمير دونالد إيمانويل رجب بنيامين جو أنتوني ماركو سيرغي دميتري ديمتري`)
	arabicHeads = set(`جامعة شركة بنك البنك حزب مجلس وكالة منظمة هيئة محكمة مؤسسة جمعية اتحاد نقابة حركة معهد مركز مستشفى مجموعة صندوق لجنة رابطة نادي دائرة مديرية بلدية قوات كلية جبهة تحالف`)
	// arabicBefore stand before the name and are no part of it.
	arabicBefore = set(`صحيفة قناة جريدة موقع مجلة إذاعة`)
	arabicStops  = set(`إن أن في من إلى على عن مع بعد قبل هذا هذه التي الذي كان كانت وقد قد لم لن لا ما هو هي أو ثم بين خلال حول ضد منذ حتى أمس اليوم غدا`)
)

// arabicNames finds persons behind a title, and by their first names behind a
// verb of speech.
func (d *doc) arabicNames(p int) {
	ts := d.toks[p]
	for i := 1; i < len(ts); i++ {
		t := ts[i]
		if t.glue != glueSpace || d.known[p][i] > 0 || strings.HasPrefix(t.fold, "ال") || arabicStops[t.fold] || arabicTitles[t.fold] || arabicHeads[t.fold] {
			continue
		}
		before := strings.TrimPrefix(ts[i-1].fold, "و")
		first := arabicFirst[t.fold]
		title := arabicTitles[before] || arabicTitles[ts[i-1].fold]
		if !first && !title || first && !title && !arabicVerbs[before] && !arabicVerbs[ts[i-1].fold] && nations().adjective[before] == "" {
			continue
		}
		if !first && nations().adjective[t.fold] != "" {
			continue
		}
		j := i + 1
		if t.fold == "عبد" && j < len(ts) {
			j++
		}
		n := 1
		for j < len(ts) && n < 3 && ts[j].glue == glueSpace && d.known[p][j] == 0 && !arabicStops[ts[j].fold] && !arabicTitles[ts[j].fold] && !arabicVerbs[ts[j].fold] && nations().adjective[ts[j].fold] == "" {
			if n > 1 && !strings.HasPrefix(ts[j].fold, "ال") && !arabicFirst[ts[j].fold] {
				break
			}
			if ts[j].fold == "عبد" && j+1 < len(ts) {
				j++
			}
			j++
			n++
		}
		// A title alone is enough where the second word looks like a family's, or
		// the sentence goes on behind it.
		ends := j == len(ts) || ts[j].glue != glueSpace || arabicStops[ts[j].fold]
		if n < 2 || !first && !ends && !strings.HasPrefix(ts[i+1].fold, "ال") && !arabicFirst[ts[i+1].fold] {
			continue
		}
		d.add(p, i, j, dateline.Person, 6)
		i = j - 1
	}
}

// arabicOrgs finds organizations by the word that begins their names.
func (d *doc) arabicOrgs(p int) {
	ts := d.toks[p]
	for i := 0; i+1 < len(ts); i++ {
		w := ts[i].fold
		st := i
		if c := strings.TrimPrefix(w, "و"); arabicHeads[c] && !arabicHeads[w] && c != w {
			w = c
		} else if c := strings.TrimPrefix(w, "ل"); arabicHeads[c] && c != w {
			w = c
		}
		if !arabicHeads[w] && !arabicBefore[w] || d.known[p][i] > 0 {
			continue
		}
		j := i + 1
		for j < len(ts) && j-i < 5 && ts[j].glue == glueSpace && !arabicStops[ts[j].fold] && (definite(ts[j].fold) || j == i+1 && d.known[p][j] > 0 || j == i+1 && (arabicHeads[ts[j].fold] || w == "جامعة" && !arabicVerbs[ts[j].fold])) {
			j++
			if nations().adjective[ts[j-1].fold] != "" {
				break
			}
		}
		if arabicBefore[w] && j == i+1 && j+1 < len(ts) && ts[j].glue == glueSpace && arabicStops[ts[j+1].fold] && d.known[p][j] == 0 && !arabicStops[ts[j].fold] {
			j++ // a paper of one word
		}
		if j-i < 2 {
			continue
		}
		if arabicBefore[w] {
			st = i + 1
			if d.known[p][st] > 0 || j-st > 2 {
				continue
			}
		}
		s := span{part: p, start: ts[st].start, end: ts[j-1].end, typ: dateline.Organization, ent: -1, prio: 7}
		if st == i && w != ts[i].fold { // without the particle written onto it
			s.start += len(ts[i].text) - len(w)
			if s.start < ts[i].start || !strings.HasPrefix(d.texts[p][s.start:], w) {
				continue
			}
		}
		d.spans = append(d.spans, s)
		i = j - 1
	}
}

// definite reports whether an Arabic word has an article, or "for" and one.
func definite(w string) bool {
	return (strings.HasPrefix(w, "ال") || strings.HasPrefix(w, "لل")) && utf8.RuneCountInString(w) > 3
}
