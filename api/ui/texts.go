package ui

import (
	"cmp"
	"fmt"
	"strconv"
	"strings"
	"time"
)

// Langs are the languages of the pages; the first is for everyone else.
var Langs = []string{"en", "de", "zh", "ar"}

// LangNames name the languages in themselves.
var LangNames = map[string]string{"en": "English", "de": "Deutsch", "zh": "中文", "ar": "العربية"}

// Dir is the direction in which a language is written.
func Dir(lang string) string {
	if lang == "ar" {
		return "rtl"
	}
	return "ltr"
}

// T gives a text of the pages in a language, with args put in as fmt does. The
// English text is the key, or a short form of it that long spells out.
func T(lang, key string, args ...any) string {
	text := cmp.Or(long[key], key)
	if row, ok := texts[key]; ok {
		for i, l := range Langs[1:] {
			if l == lang {
				text = row[i]
			}
		}
	}
	if len(args) == 0 {
		return text
	}
	return fmt.Sprintf(text, args...)
}

// Articles counts articles in words.
func Articles(lang string, n int) string {
	if n == 1 {
		return T(lang, "1 article")
	}
	return T(lang, "%s articles", Num(lang, n))
}

// Num writes a number with its thousands apart.
func Num(lang string, n int) string {
	sep := ","
	if lang == "de" {
		sep = "."
	}
	s := strconv.Itoa(n)
	for i := len(s) - 3; i > 0 && s[i-1] != '-'; i -= 3 {
		s = s[:i] + sep + s[i:]
	}
	return s
}

var months = map[string][]string{
	"de": {"Januar", "Februar", "März", "April", "Mai", "Juni", "Juli", "August", "September", "Oktober", "November", "Dezember"},
	"ar": {"يناير", "فبراير", "مارس", "أبريل", "مايو", "يونيو", "يوليو", "أغسطس", "سبتمبر", "أكتوبر", "نوفمبر", "ديسمبر"},
}

// Month writes the month of a time, which is in UTC.
func Month(lang string, t time.Time) string {
	t = t.UTC()
	if lang == "zh" {
		return t.Format("2006年1月")
	}
	name := t.Month().String()
	if list := months[lang]; list != nil {
		name = list[t.Month()-1]
	}
	return name + " " + t.Format("2006")
}

// Day writes the date of a time, which is in UTC.
func Day(lang string, t time.Time) string {
	t = t.UTC()
	switch lang {
	case "zh":
		return t.Format("2006年1月2日")
	case "de":
		return t.Format("2. ") + Month(lang, t)
	}
	return t.Format("2 ") + Month(lang, t)
}

// Stamp writes date and time.
func Stamp(lang string, t time.Time) string {
	return Day(lang, t) + T(lang, ", ") + t.UTC().Format("15:04") + " UTC"
}

// Match picks the first language of an Accept-Language header that the pages
// have. Weights are ignored: browsers list the languages in their order.
func Match(accept string) string {
	for part := range strings.SplitSeq(accept, ",") {
		tag, _, _ := strings.Cut(strings.TrimSpace(part), ";")
		primary, _, _ := strings.Cut(strings.ToLower(tag), "-")
		for _, l := range Langs {
			if l == primary {
				return l
			}
		}
	}
	return Langs[0]
}

// texts has the pages' texts in German, Chinese and Arabic by the English one.
var texts = map[string][3]string{
	", ":                     {", ", " ", "، "},
	"Skip to content":        {"Zum Inhalt", "跳到正文", "انتقل إلى المحتوى"},
	"Site":                   {"Website", "网站", "الموقع"},
	"All coverage":           {"Alle Berichte", "全部报道", "كل التغطية"},
	"Outlets":                {"Medien", "媒体", "وسائل الإعلام"},
	"Embed":                  {"Einbetten", "嵌入", "التضمين"},
	"Language":               {"Sprache", "语言", "اللغة"},
	"Search news coverage":   {"Berichte durchsuchen", "搜索新闻报道", "ابحث في التغطية الإخبارية"},
	"Search":                 {"Suchen", "搜索", "بحث"},
	"Published":              {"Erschienen", "发布日期", "تاريخ النشر"},
	"From":                   {"von", "从", "من"},
	"to":                     {"bis", "至", "إلى"},
	"Filters in use":         {"Gewählte Filter", "已用筛选", "المرشحات المستخدمة"},
	"Remove filter":          {"Filter entfernen:", "移除筛选", "أزل المرشح"},
	"Clear all":              {"Alle entfernen", "全部清除", "امسح الكل"},
	"Nothing found":          {"Nichts gefunden", "没有找到", "لا توجد نتائج"},
	"Sort:":                  {"Sortieren:", "排序：", "الترتيب:"},
	"Relevance":              {"Relevanz", "相关度", "الصلة"},
	"Newest":                 {"Neueste", "最新", "الأحدث"},
	"Oldest":                 {"Älteste", "最早", "الأقدم"},
	"Copies:":                {"Kopien:", "转载：", "النسخ:"},
	"Show":                   {"Zeigen", "显示", "أظهر"},
	"Collapse":               {"Zusammenfassen", "合并", "اجمع"},
	"Did you mean":           {"Meinten Sie", "您是不是要找", "هل تقصد"},
	"With some of the words": {"Mit einigen der Wörter", "只含部分词语", "ببعض الكلمات"},
	"without %s":             {"ohne %s", "不含%s", "بلا %s"},
	"Pages":                  {"Seiten", "分页", "الصفحات"},
	"First page":             {"Erste Seite", "第一页", "الصفحة الأولى"},
	"Next page":              {"Nächste Seite", "下一页", "الصفحة التالية"},
	"Filters":                {"Filter", "筛选", "المرشحات"},
	"Only":                   {"Nur", "只看", "فقط"},
	"Show again":             {"Wieder zeigen:", "重新显示", "أظهر مجددا"},
	"Leave out":              {"Ausschließen", "排除", "استبعد"},
	"1 article":              {"1 Artikel", "1 篇报道", "مقال واحد"},
	"%s articles":            {"%s Artikel", "%s 篇报道", "المقالات: %s"},
	"articles":               {"Artikel", "篇报道", "مقالات"},
	"not":                    {"nicht", "非", "ليس"},
	"date":                   {"Datum", "日期", "التاريخ"},
	"since":                  {"seit", "自", "منذ"},
	"until":                  {"bis", "截至", "حتى"},
	"People":                 {"Personen", "人物", "أشخاص"},
	"Organisations":          {"Organisationen", "机构", "منظمات"},
	"Places":                 {"Orte", "地点", "أماكن"},
	"Authors":                {"Autoren", "作者", "الكتاب"},
	"Languages":              {"Sprachen", "语言", "اللغات"},
	"Sections":               {"Ressorts", "栏目", "الأقسام"},
	"Stories":                {"Themen", "专题", "القصص"},
	"Types":                  {"Arten", "类型", "الأنواع"},
	"outlet":                 {"Medium", "媒体", "وسيلة إعلام"},
	"person":                 {"Person", "人物", "شخص"},
	"org":                    {"Organisation", "机构", "منظمة"},
	"organization":           {"Organisation", "机构", "منظمة"},
	"place":                  {"Ort", "地点", "مكان"},
	"author":                 {"Autor", "作者", "كاتب"},
	"lang":                   {"Sprache", "语言", "اللغة"},
	"section":                {"Ressort", "栏目", "القسم"},
	"story":                  {"Thema", "专题", "قصة"},
	"type":                   {"Art", "类型", "النوع"},
	"undated":                {"ohne Datum", "日期不详", "بلا تاريخ"},
	"paywalled":              {"hinter Bezahlschranke", "付费", "باشتراك"},
	"the beginning":          {"nur der Anfang", "仅开头部分", "البداية فقط"},
	"corrected":              {"berichtigt", "有更正", "مصحَّح"},
	"Corrections":            {"Berichtigungen", "更正", "تصحيحات"},
	"Updates":                {"Einträge", "更新", "التحديثات"},
	"press":                  {"Pressemitteilung", "新闻稿", "بيان صحفي"},
	"correction":             {"Berichtigung", "更正", "تصحيح"},
	"edited once":            {"einmal geändert", "修改过 1 次", "عُدّل مرة واحدة"},
	"edited twice":           {"zweimal geändert", "修改过 2 次", "عُدّل مرتين"},
	"edited %s times":        {"%s-mal geändert", "修改过 %s 次", "مرات التعديل: %s"},
	"reprint of %s":          {"Nachdruck von %s", "转载自 %s", "نقلا عن %s"},
	"The same text in":       {"Derselbe Text in", "相同文字见于", "النص نفسه في"},
	"a reprint":              {"Nachdruck", "转载", "نسخة منقولة"},
	"first of %s copies":     {"zuerst von %s Kopien", "%s 份转载中的首发", "الأول من نسخ عددها %s"},
	"opinion":                {"Meinung", "评论", "رأي"},
	"live":                   {"Live", "直播", "مباشر"},
	"gallery":                {"Bilder", "图集", "صور"},
	"video":                  {"Video", "视频", "فيديو"},
	"Record":                 {"Eintrag", "记录", "السجل"},
	"Record of %s":           {"Eintrag zu %s", "“%s”的记录", "سجل %s"},
	"Timeline as a list":     {"Zeitachse als Liste", "时间线列表", "الخط الزمني كقائمة"},
	"%s without a date":      {"%s ohne Datum", "%s 篇日期不详", "بلا تاريخ: %s"},
	"Week of %s":             {"Woche ab %s", "%s当周", "أسبوع %s"},
	"Latest coverage":        {"Neueste Berichte", "最新报道", "أحدث التغطية"},
	"First reports":          {"Zuerst berichtet", "最早报道", "أول التقارير"},
	"Also:":                  {"Auch:", "又名：", "أيضا:"},
	"Search in them":         {"Darin suchen", "在其中搜索", "ابحث فيها"},
	"Most named":             {"Am häufigsten genannt", "提及最多", "الأكثر ذكرا"},
	"Named in these":         {"In diesen Artikeln genannt", "这些报道中提及", "مذكورون في هذه المقالات"},
	"Named in it":            {"Darin genannt", "文中提及", "مذكورون فيه"},
	"Outlets and names":      {"Medien und Namen", "媒体与名称", "وسائل الإعلام والأسماء"},
	"By":                     {"Von", "作者：", "بقلم"},
	"Read on at %s":          {"Weiterlesen bei %s", "在 %s 继续阅读", "تابع القراءة في %s"},
	"Read it at %s":          {"Lesen bei %s", "在 %s 阅读", "اقرأه في %s"},
	"None yet.":              {"Noch keine.", "暂无。", "لا شيء بعد."},
	"Not found":              {"Nicht gefunden", "未找到", "غير موجود"},
	"Query not understood":   {"Anfrage nicht verstanden", "无法理解查询", "لم يُفهم الاستعلام"},
	"Bad parameter":          {"Falscher Parameter", "参数错误", "معامل خاطئ"},
	"Try:":                   {"Versuchen Sie:", "请尝试：", "جرّب:"},
	"At character %d":        {"Bei Zeichen %d", "第 %d 个字符处", "عند الحرف %d"},
	"What you can write:":    {"Was Sie schreiben können:", "可以这样写：", "ما يمكنك كتابته:"},
	"both words":             {"beide Wörter", "两个词都有", "الكلمتان معا"},
	"a phrase":               {"eine Wortfolge", "词组", "عبارة"},
	"either":                 {"eines von beiden", "任一", "أحدهما"},
	"not that word":          {"nicht dieses Wort", "不含该词", "بدون هذه الكلمة"},
	"fields":                 {"Felder", "字段", "حقول"},
	"See all coverage":       {"Alle Berichte ansehen", "查看全部报道", "شاهد كل التغطية"},
	"beginning of a word":    {"Anfang eines Worts", "词的开头", "بداية كلمة"},
	"What changed":           {"Was sich geändert hat", "改动内容", "ما الذي تغير"},
	"Version %s":             {"Fassung %s", "版本 %s", "النسخة %s"},
	"Headline":               {"Überschrift", "标题", "العنوان"},
	"Text":                   {"Text", "正文", "النص"},
	"Back to the record":     {"Zurück zum Eintrag", "返回记录", "عودة إلى السجل"},
	"One version only":       {"Nur eine Fassung", "仅有一个版本", "نسخة واحدة فقط"},
	"Feeds and files":        {"Feeds und Dateien", "订阅与下载", "الخلاصات والملفات"},
	"Who reported what":      {"Wer was wann berichtet hat", "谁在何时报道了什么", "من نشر ماذا ومتى"},
	"Changes are shown":      {"Gestrichenes stand in der älteren Fassung, Unterstrichenes steht in der neueren.", "删除线为旧版文字，下划线为新版文字。", "المشطوب من النسخة الأقدم، والمسطر من الأحدث."},
	"Every headline":         {"Jede Überschrift führt zum Herausgeber.", "每个标题都链接到原发布者。", "كل عنوان يقود إلى ناشره."},
	"No article matches":     {"Kein Artikel passt zu allem. Versuchen Sie weniger Wörter, eine andere Schreibweise oder einen längeren Zeitraum.", "没有报道符合全部条件。请减少词语、换一种写法或放宽日期。", "لا مقال يطابق كل هذا. جرّب كلمات أقل أو تهجئة أخرى أو فترة أطول."},
	"Without filters":        {"Dieselbe Suche ohne Filter", "去掉筛选再搜", "البحث نفسه بلا مرشحات"},
	"No articles yet":        {"Noch keine Artikel. Sie erscheinen hier, sobald der Crawler welche gefunden hat.", "暂无报道。抓取到后会显示在这里。", "لا مقالات بعد. ستظهر هنا حالما يجدها الزاحف."},
	"There is no page here":  {"Unter dieser Adresse gibt es keine Seite.", "该地址没有页面。", "لا توجد صفحة في هذا العنوان."},
	"Timeline: %s from %s to %s; most, %s, in: %s": {"Zeitachse: %s von %s bis %s; die meisten, %s: %s", "时间线：%s，%s 至 %s；最多 %s 篇：%s", "الخط الزمني: %s من %s إلى %s؛ الأكثر، %s، في: %s"},
}

// long has the English of keys that are too long to be keys.
var long = map[string]string{
	"Who reported what":     "Who reported what, when",
	"Changes are shown":     "Struck out is what the older version had, underlined what the newer has.",
	"Every headline":        "Every headline links to its publisher.",
	"No article matches":    "No article matches all of this. Try fewer words, another spelling or a longer time.",
	"Without filters":       "The same search without filters",
	"No articles yet":       "No articles yet. They appear here as soon as the crawler has found some.",
	"There is no page here": "There is no page at this address.",
	"Named in these":        "Named in these articles",
	"beginning of a word":   "the beginning of a word",
}
