package entity

import (
	"strings"
	"testing"
)

// TestIdentity has articles in which one entity is named in several ways, or
// several in one way: the names of their persons and organizations, in order.
func TestIdentity(t *testing.T) {
	r := shippedOnly()
	for _, c := range []struct{ what, lang, body, want string }{
		{"surname, first name, title", "en", "Dr. Velma Ostrander spoke. Ostrander smiled, Mr. Kell left, and Velma sat down.", "Velma Ostrander, Velma Ostrander, Kell, Velma Ostrander"},
		{"husband and wife", "en", "Margaret Holloway met Peter Holloway. Mr. Holloway said no. Margaret smiled.", "Margaret Holloway, Peter Holloway, Peter Holloway, Margaret Holloway"},
		{"father and son", "en", "George H. W. Bush came before George W. Bush.", "George H. W. Bush, George W. Bush"},
		{"two of a surname that are listed", "en", "Bill Clinton and Hillary Clinton came. Hillary Clinton spoke.", "Bill Clinton, Hillary Clinton, Hillary Clinton"},
		{"a listed surname with another first name", "en", "Hunter Biden was there. Biden, a lawyer, was silent.", "Hunter Biden, Hunter Biden"},
		{"acronym after", "en", "The Holdbern Fisheries Board (HFB) met. The HFB voted.", "Holdbern Fisheries Board, Holdbern Fisheries Board, Holdbern Fisheries Board"},
		{"acronym before its expansion", "en", "The HFB (Holdbern Fisheries Board) met. HFB voted.", "Holdbern Fisheries Board, Holdbern Fisheries Board, Holdbern Fisheries Board"},
		{"acronym of initials alone", "en", "The Holdbern Fisheries Board met. The HFB voted.", "Holdbern Fisheries Board, Holdbern Fisheries Board"},
		{"an acronym that the end of a listed name spells", "es", "Ayuda al Ejército Popular de Liberación (PLA) con datos. El PLA calla.", "People's Liberation Army, People's Liberation Army, People's Liberation Army"},
		{"legal form", "en", "Holdbern Optics Inc. fell. Holdbern Optics makes lenses.", "Holdbern Optics, Holdbern Optics"},
		{"possessives", "en", "Kenya's and Alibaba's and Angela Merkel's plans.", "Alibaba Group, Angela Merkel"},
		{"peoples are no places", "en", "The Chinese, Kenyans and Swedes met the Americans.", ""},
		{"the ministry, the party, the court", "en", "The ministry said no, the party agreed, and the court was silent.", ""},
		{"Chinese names in both orders and scripts", "zh", "习近平会见了王毅。習近平還會見了李強。", "Xi Jinping, Wang Yi, Xi Jinping, Li Qiang"},
		{"Chinese name, Wade-Giles", "en", "Hsi Chin-ping met Xi Jinping, and Xi left.", "Xi Jinping, Xi Jinping, Xi Jinping"},
		{"Cyrillic in four Latin ways", "en", "Zelensky, Zelenskyy, Volodymyr Zelenskiy and Zelenskiy are one.", "Volodymyr Zelenskyy, Volodymyr Zelenskyy, Volodymyr Zelenskyy, Volodymyr Zelenskyy"},
		{"Cyrillic, German", "de", "Wolodymyr Selenskyj kam, Selenskyjs Berater nicht.", "Volodymyr Zelenskyy, Volodymyr Zelenskyy"},
		{"Cyrillic", "ru", "Зеленский ответил Зеленскому.", "Volodymyr Zelenskyy, Volodymyr Zelenskyy"},
		{"Arabic in five Latin ways", "en", "Gaddafi, Qaddafi, Muammar Gadhafi, Muammar al-Gaddafi and Gadhafi are one.", "Muammar Gaddafi, Muammar Gaddafi, Muammar Gaddafi, Muammar Gaddafi, Muammar Gaddafi"},
		{"Arabic, French and Spanish", "fr", "Mouammar Kadhafi, dit Kadhafi, est mort.", "Muammar Gaddafi, Muammar Gaddafi"},
		{"small words within a listed name", "en", "The University of Texas at the Arlington campus is not the University of Texas Arlington.", "University of Texas, University of Texas at Arlington"},
		{"one letter wrong in a long listed name", "en", "The FIRST contest (For Inspiration and Recognition of Science and Technlogy) began.", "For Inspiration and Recognition of Science and Technology, For Inspiration and Recognition of Science and Technology"},
		{"an acronym before what it spells", "en", "The FIRST contest (For Inspiration and Recognition of Science and Technology) began. FIRST grew.", "For Inspiration and Recognition of Science and Technology, For Inspiration and Recognition of Science and Technology, For Inspiration and Recognition of Science and Technology"},
		{"the longer name before", "en", "The Italian Supreme Court of Cassation ruled. The Supreme Court was clear.", "Italian Supreme Court of Cassation, Italian Supreme Court of Cassation"},
		{"party by its short name", "en", "Britain votes. Labour leads in London, and the Labour Party hopes.", "Labour Party, Labour Party"},
		{"labour is work", "en", "Labour is dear. Labour shortages hit farms.", ""},
	} {
		ms := r.Recognize("", c.body, c.lang)
		check(t, "", c.body, ms)
		var got []string
		for _, m := range ms {
			if m.Type != "place" {
				got = append(got, m.Name)
			}
		}
		if g := strings.Join(got, ", "); g != c.want {
			t.Errorf("%s: %q\ngot  %s\nwant %s", c.what, c.body, g, c.want)
		}
	}
}
