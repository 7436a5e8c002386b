package entity

import (
	"maps"
	"slices"
	"testing"
)

// TestSameFacets: an article falls into the same facets in whatever language
// it is: the persons, organizations and places of the followed story, heads of
// state, ministries and companies.
func TestSameFacets(t *testing.T) {
	r := shippedOnly()
	for _, c := range []struct {
		what  string
		texts map[string]string
	}{
		{"the story", map[string]string{
			"en": "The White House accuses Alibaba of helping the People's Liberation Army, the Financial Times reported. Beijing and Donald Trump were silent.",
			"de": "Das Weiße Haus wirft Alibaba vor, der Volksbefreiungsarmee zu helfen, berichtet die Financial Times. Peking und Donald Trump schweigen.",
			"fr": "La Maison Blanche accuse Alibaba d'aider l'Armée populaire de libération, selon le Financial Times. Pékin et Donald Trump se taisent.",
			"es": "La Casa Blanca acusa a Alibaba de ayudar al Ejército Popular de Liberación, según el Financial Times. Pekín y Donald Trump callan.",
			"zh": "《金融时报》报道,白宫指责阿里巴巴帮助解放军。北京和特朗普没有回应。",
			"ru": "Белый дом обвиняет Alibaba в помощи НОАК, пишет Financial Times. Пекин и Трамп молчат.",
			"ja": "ホワイトハウスはアリババが人民解放軍を支援したと非難した、とフィナンシャル・タイムズが報じた。北京とトランプ大統領は沈黙した。",
			"ar": "يتهم البيت الأبيض علي بابا بمساعدة جيش التحرير الشعبي، بحسب فاينانشال تايمز. ولم ترد بكين ولا ترامب.",
		}},
		{"heads of state and government", map[string]string{
			"en": "Xi Jinping, Volodymyr Zelensky, Emmanuel Macron, Friedrich Merz, Benjamin Netanyahu and Recep Tayyip Erdogan met Vladimir Putin.",
			"de": "Xi Jinping, Wolodymyr Selenskyj, Emmanuel Macron, Friedrich Merz, Benjamin Netanjahu und Recep Tayyip Erdoğan trafen Wladimir Putin.",
			"fr": "Xi Jinping, Volodymyr Zelensky, Emmanuel Macron, Friedrich Merz, Benyamin Nétanyahou et Recep Tayyip Erdogan ont vu Vladimir Poutine.",
			"es": "Xi Jinping, Volodímir Zelenski, Emmanuel Macron, Friedrich Merz, Benjamín Netanyahu y Recep Tayyip Erdogan vieron a Vladímir Putin.",
			"zh": "习近平、泽连斯基、马克龙、默茨、内塔尼亚胡和埃尔多安会见了普京。",
			"ru": "Си Цзиньпин, Владимир Зеленский, Эмманюэль Макрон, Фридрих Мерц, Биньямин Нетаньяху и Реджеп Тайип Эрдоган встретили Владимира Путина.",
			"ja": "習近平、ゼレンスキー、マクロン、メルツ、ネタニヤフ、エルドアンの各氏がプーチン大統領と会談した。",
			"ar": "التقى شي جين بينغ وزيلينسكي وماكرون وميرتس ونتنياهو وأردوغان بوتين.",
		}},
		{"ministries", map[string]string{
			"en": "The Egyptian Foreign Ministry and the Russian Defence Ministry said no.",
			"de": "Das ägyptische Außenministerium und das russische Verteidigungsministerium sagten nein.",
			"fr": "Le ministère égyptien des Affaires étrangères et le ministère russe de la Défense ont dit non.",
			"es": "El Ministerio de Exteriores egipcio y el Ministerio de Defensa ruso dijeron que no.",
			"zh": "埃及外交部和俄罗斯国防部表示拒绝。",
			"ru": "МИД Египта и министерство обороны России сказали нет.",
			"ja": "エジプト外務省とロシア国防省は否定した。",
			"ar": "رفضت وزارة الخارجية المصرية ووزارة الدفاع الروسية ذلك.",
		}},
		{"companies", map[string]string{
			"en": "Huawei, Microsoft, Tesla, Toyota and Boeing fell.",
			"de": "Huawei, Microsoft, Tesla, Toyota und Boeing fielen.",
			"fr": "Huawei, Microsoft, Tesla, Toyota et Boeing ont reculé.",
			"es": "Huawei, Microsoft, Tesla, Toyota y Boeing cayeron.",
			"zh": "华为、微软、特斯拉、丰田和波音下跌。",
			"ru": "Хуавэй, Майкрософт, Тесла, Тойота и Боинг упали.",
			"ja": "ファーウェイ、マイクロソフト、テスラ、トヨタ、ボーイングが下げた。",
			"ar": "تراجعت هواوي ومايكروسوفت وتسلا وتويوتا وبوينغ.",
		}},
		{"international bodies and places", map[string]string{
			"en": "The United Nations, NATO, the World Bank and the African Union met in Geneva on Ukraine and the Red Sea.",
			"de": "Die Vereinten Nationen, die Nato, die Weltbank und die Afrikanische Union trafen sich in Genf zur Ukraine und zum Roten Meer.",
			"fr": "Les Nations unies, l'OTAN, la Banque mondiale et l'Union africaine se sont réunies à Genève sur l'Ukraine et la mer Rouge.",
			"es": "Las Naciones Unidas, la OTAN, el Banco Mundial y la Unión Africana hablaron en Ginebra de Ucrania y del Mar Rojo.",
			"zh": "联合国、北约、世界银行和非洲联盟在日内瓦讨论乌克兰和红海。",
			"ru": "ООН, НАТО, Всемирный банк и Африканский союз обсудили в Женеве Украину и Красное море.",
			"ja": "国連、NATO、世界銀行、アフリカ連合はジュネーブでウクライナと紅海について協議した。",
			"ar": "بحثت الأمم المتحدة والناتو والبنك الدولي والاتحاد الأفريقي في جنيف أوكرانيا والبحر الأحمر.",
		}},
	} {
		want := facetsOf(r, c.texts["en"], "en")
		for _, lang := range slices.Sorted(maps.Keys(c.texts)) {
			if got := facetsOf(r, c.texts[lang], lang); !slices.Equal(got, want) {
				t.Errorf("%s, %s: got %q, want %q", c.what, lang, got, want)
			}
		}
	}
}

// facetsOf gives the types and ids of the entities in a text, sorted.
func facetsOf(r *Recognizer, text, lang string) []string {
	out := map[string]bool{}
	for _, m := range r.Recognize("", text, lang) {
		out[string(m.Type)+" "+m.EntityID] = true
	}
	return slices.Sorted(maps.Keys(out))
}
