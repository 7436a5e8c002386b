package entity

import (
	"strings"
	"testing"
)

// TestOffices has one article a rule: whose office its mentions mean.
func TestOffices(t *testing.T) {
	r := shippedOnly()
	for _, c := range []struct{ what, lang, body, want string }{
		{"adjective before", "en", "The Egyptian Foreign Ministry said no.", "Egyptian Foreign Ministry=Ministry of Foreign Affairs of Egypt"},
		{"adjective before, in lower case", "en", "The Kenyan health ministry said no.", "Kenyan health ministry=Ministry of Health of Kenya"},
		{"whose it is", "en", "Kenya's Ministry of Health said no.", "Kenya=Kenya, Ministry of Health=Ministry of Health of Kenya"},
		{"country behind", "en", "The Ministry of Finance of Peru said no.", "Ministry of Finance of Peru=Ministry of Finance of Peru"},
		{"a ministry alone is nothing", "en", "The ministry said no. The foreign ministry and the ministry of health in Kenya were silent.", "Kenya=Kenya"},
		{"the article's country", "en", "Kenya votes in Nairobi. The Supreme Court will decide.", "Kenya=Kenya, Nairobi=Nairobi, Supreme Court=Supreme Court of Kenya"},
		{"the article's country by adjectives", "en", "Filipino lawmakers met in Manila. Congress voted, and Philippine police watched.", "Manila=Manila, Congress=Congress of the Philippines"},
		{"none is named", "en", "Congress voted on the bill.", "Congress=United States Congress"},
		{"a country without one", "en", "China was silent, China waited, and Congress voted in Washington.", "China=China, China=China, Congress=United States Congress, Washington=Washington, D.C."},
		{"the name goes on", "en", "The Italian Supreme Court of Cassation ruled in Rome.", "Italian Supreme Court of Cassation=Italian Supreme Court of Cassation, Rome=Rome"},
		{"party of the country", "en", "In Canberra the Labor Party of Australia won; Australian voters chose Labor.", "Canberra=Canberra, Labor Party of Australia=Australian Labor Party, Labor=Australian Labor Party"},
		{"a word that is a party only where its country is named", "en", "Labor is cheap in Paris.", "Paris=Paris"},
		{"Treasury of another country", "en", "Britain borrows more. The Treasury in London said so.", "Britain=United Kingdom, Treasury=HM Treasury, London=London"},
		{"German", "de", "Das ägyptische Außenministerium und das Verteidigungsministerium der Ukraine schweigen.", "ägyptische Außenministerium=Ministry of Foreign Affairs of Egypt, Verteidigungsministerium der Ukraine=Ministry of Defence of Ukraine"},
		{"German genitive", "de", "Der Sprecher des Innenministeriums in Wien schwieg, sagte das österreichische Fernsehen.", "Innenministeriums=Ministry of the Interior of Austria, Wien=Vienna"},
		{"Swiss", "de", "In Bern tagt der Bundesrat, danach der Ständerat.", "Bern=Bern, Bundesrat=Federal Council, Ständerat=Council of States"},
		{"German default", "de", "Der Bundesrat stimmte zu.", "Bundesrat=Bundesrat"},
		{"French", "fr", "Le ministère égyptien de la Défense, le ministère de la Santé du Mali et l'Assemblée nationale.", "ministère égyptien de la Défense=Ministry of Defence of Egypt, ministère de la Santé du Mali=Ministry of Health of Mali, Assemblée nationale=National Assembly of Mali"},
		{"French default", "fr", "L'Assemblée nationale et le Sénat votent.", "Assemblée nationale=National Assembly of France, Sénat=Senate of France"},
		{"Spanish", "es", "El Ministerio de Salud del Perú y el Congreso chileno discreparon.", "Ministerio de Salud del Perú=Ministry of Health of Peru, Congreso chileno=National Congress of Chile"},
		{"Russian", "ru", "МИД Египта и министерство обороны Украины промолчали.", "МИД Египта=Ministry of Foreign Affairs of Egypt, министерство обороны Украины=Ministry of Defence of Ukraine"},
		{"Arabic", "ar", "قالت وزارة الخارجية المصرية ذلك.", "وزارة الخارجية المصرية=Ministry of Foreign Affairs of Egypt"},
		{"Chinese", "zh", "埃及外交部和英国财政部没有回应。", "埃及外交部=Ministry of Foreign Affairs of Egypt, 英国财政部=HM Treasury"},
		{"Chinese, one character", "zh", "美国防部没有回应。", "美国防部=United States Department of Defense"},
		{"Japanese", "ja", "エジプト外務省と財務省は会見した。", "エジプト外務省=Ministry of Foreign Affairs of Egypt, 財務省=Ministry of Finance of Japan"},
	} {
		ms := r.Recognize("", c.body, c.lang)
		check(t, "", c.body, ms)
		var got []string
		for _, m := range ms {
			got = append(got, m.Text+"="+m.Name)
		}
		if g := strings.Join(got, ", "); g != c.want {
			t.Errorf("%s: %q\ngot  %s\nwant %s", c.what, c.body, g, c.want)
		}
	}
}
