package entity

import (
	"strings"
	"testing"
)

// TestLanguages has one sentence a rule, of names that no list has.
func TestLanguages(t *testing.T) {
	r := shippedOnly()
	for _, c := range []struct{ what, lang, body, want string }{
		{"legal form, and the name without it", "de", "Die Firma Quellmann Optik GmbH & Co. KG wächst. Quellmann Optik sucht Leute, sagt Quellmann.", "o Quellmann Optik, o Quellmann Optik, o Quellmann Optik"},
		{"what a company is, is no name", "de", "Der Zulieferer Ostrau Antriebe AG wächst.", "o Ostrau Antriebe"},
		{"a federal body and what it is for", "de", "Das Bundesamt für Kartographie und Geodäsie warnt.", "o Bundesamt für Kartographie und Geodäsie"},
		{"a court and its town", "de", "Das Landgericht Zwickau und die Staatsanwaltschaft Augsburg prüfen.", "o Landgericht Zwickau, o Staatsanwaltschaft Augsburg"},
		{"the genitive of a hospital", "de", "Der Chef des Universitätsklinikums Augsburg ging.", "o Universitätsklinikum Augsburg"},
		{"an adjective of a town", "de", "Das meldet die Augsburger Allgemeine.", "o Augsburger Allgemeine"},
		{"a person behind what he is", "de", "Der Gouverneur Oleh Wyschnjak schwieg, Wyschnjak ging.", "p Oleh Wyschnjak, p Oleh Wyschnjak"},
		{"German nouns are nobody", "de", "Der Vorstand der Firma sprach im Rathaus mit den Leuten aus dem Verein.", ""},
		{"French heads and adjectives", "fr", "Le Conseil supérieur du travail et le Parti pirate ont écrit.", "o Conseil supérieur du travail, o Parti pirate"},
		{"a university in small letters", "fr", "Un professeur de l'université de Valenciennes est venu.", "o université de Valenciennes"},
		{"an acronym behind it", "fr", "L'Office national des lacs (ONL) dit non. L'ONL attend.", "o Office national des lacs, o Office national des lacs, o Office national des lacs"},
		{"who speaks", "fr", "Selon Zoran Brelic, tout va bien. « Non », a répondu Brelic.", "p Zoran Brelic, p Zoran Brelic"},
		{"a title", "fr", "L'avocate Me Ornella Vastin a plaidé.", "p Ornella Vastin"},
		{"what stands before a name", "fr", "Le fabricant Lumivor ferme. Lumivor vendait des lampes.", "o Lumivor, o Lumivor"},
		{"an elided article", "fr", "L'Inde et l'Italie, d'Espagne à l'Iran.", "l India, l Italy, l Spain, l Iran"},
		{"Spanish heads", "es", "La Superintendencia de Aguas y Bosques y la Unión por el Valle se reunieron.", "o Superintendencia de Aguas y Bosques, o Unión por el Valle"},
		{"two heads are two", "es", "La Federación Agraria y la Cámara Minera protestan.", "o Federación Agraria, o Cámara Minera"},
		{"legal form", "es", "La firma Aceros Lurraga S.L. compró Hierros Ondarra S.A. ayer.", "o Aceros Lurraga, o Hierros Ondarra"},
		{"two surnames", "es", "El alcalde Íñigo Larrazu Ondarra habló. Larrazu Ondarra se fue.", "p Íñigo Larrazu Ondarra, p Íñigo Larrazu Ondarra"},
		{"a surname that is a place", "es", "El ministro Julio Valdivia habló. Valdivia se fue a Lima.", "p Julio Valdivia, p Julio Valdivia, l Lima"},
		{"Italian", "it", "Il ministro dell'Economia e l'Università di Pavia con il sindaco Aldo Brenzi.", "o Università di Pavia, p Aldo Brenzi"},
		{"Russian legal forms", "ru", "Завод ООО «Кедртех» закрыт. Кедртех молчит.", "o Кедртех, o Кедртех"},
		{"a quoted name behind what it is", "ru", "Об этом пишет газета «Вечерний Торг».", "o Вечерний Торг"},
		{"Russian surnames in cases", "ru", "Директор Иван Стрельников ушёл. Вместо Стрельникова пришла Анна Кедрова, сказали Кедровой.", "p Иван Стрельников, p Иван Стрельников, p Анна Кедрова, p Анна Кедрова"},
		{"a full name in another case", "ru", "Это сказали Сергею Стрельникову.", "p Сергей Стрельников"},
		{"Arabic heads", "ar", "قالت شركة الفرات للصناعات إن جامعة طنطا ستشارك.", "o شركة الفرات للصناعات, o جامعة طنطا"},
		{"Arabic titles", "ar", "قال الخبير محمود عبد الكريم إنه لا يعرف.", "p محمود عبد الكريم"},
		{"Japanese companies", "ja", "北浜光学株式会社は発表した。北浜光学の社長は黙った。", "o 北浜光学, o 北浜光学"},
		{"Japanese persons", "ja", "山岡健一郎社長は語った。山岡氏は去った。", "p 山岡健一郎, p 山岡健一郎"},
		{"a title in katakana", "ja", "ブレンコビッチ報道官は否定した。", "p ブレンコビッチ"},
		{"Japanese words are nobody", "ja", "同大学の関係者と大手銀行の社長は政党の代表と会った。", ""},
		{"Chinese legal forms", "zh", "杭州远帆电子有限公司昨天宣布破产。", "o 杭州远帆电子有限公司"},
		{"a person named twice", "zh", "商人马国强十年前来到这里。马国强没有回答。", "p 马国强, p 马国强"},
		{"a surname that is a country", "zh", "院长韩国栋说,他不知道。", "p 韩国栋"},
	} {
		ms := r.Recognize("", c.body, c.lang)
		check(t, "", c.body, ms)
		var got []string
		for _, m := range ms {
			k := map[string]string{"person": "p ", "organization": "o ", "place": "l "}[string(m.Type)]
			got = append(got, k+m.Name)
		}
		if g := strings.Join(got, ", "); g != c.want {
			t.Errorf("%s: %q\ngot  %s\nwant %s", c.what, c.body, g, c.want)
		}
	}
}
