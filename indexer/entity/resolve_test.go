package entity

import (
	"slices"
	"strings"
	"testing"
)

// TestResolve has one article a rule: which names its mentions get, in order.
func TestResolve(t *testing.T) {
	r := shippedOnly()
	for _, c := range []struct{ what, lang, body, want string }{
		{"surname of the list", "en", "Shares fell, Bessent said.", "Bessent=Scott Bessent"},
		{
			"surname of two goes to the last one named", "en", "He met Jack Ma. Ma smiled. Then came Pony Ma. Later Ma left.",
			"Jack Ma=Jack Ma, Ma=Jack Ma, Pony Ma=Pony Ma, Ma=Pony Ma",
		},
		{
			"a place that is a surname here", "en", "Denzel Washington came to Washington. Washington said he was glad.",
			"Denzel Washington=Denzel Washington, Washington=Washington, D.C., Washington=Denzel Washington",
		},
		{"father and son", "en", "Ferdinand Marcos Jr. came. Marcos left.", "Ferdinand Marcos Jr=Ferdinand Marcos Jr., Marcos=Ferdinand Marcos Jr."},
		{"letters from the middle of a name", "en", "The Swiss Financial Market Supervisory Authority (FINMA) met. Then FINMA left.", "Swiss Financial Market Supervisory Authority=Swiss Financial Market Supervisory Authority, FINMA=Swiss Financial Market Supervisory Authority, FINMA=Swiss Financial Market Supervisory Authority"},
		{"a government is no person", "en", "Washington said no.", "Washington=Washington, D.C."},
		{
			"legal forms", "en", "Siemens AG and Samsung Electronics Co., Ltd. sued Apple Inc. over chips.",
			"Siemens AG=Siemens, Samsung Electronics Co., Ltd.=Samsung, Apple Inc.=Apple",
		},
		{
			"whose ministry", "en", "It came from China's Ministry of Commerce.",
			"China=China, Ministry of Commerce=Ministry of Commerce of China",
		},
		{"the Treasury", "en", "It came from the Treasury. He bought Treasury bonds.", "Treasury=United States Department of the Treasury"},
		{
			"another Georgia", "en", "Brian Kemp governs Georgia from Atlanta. Tbilisi is in Georgia.",
			"Brian Kemp=Brian Kemp, Georgia=Georgia (U.S. state), Atlanta=Atlanta, Tbilisi=Tbilisi, Georgia=Georgia",
		},
		{"hackers are nobody", "en", "Salt Typhoon struck again.", ""},
		{"a listed surname with another first name", "en", "The film stars Xi Meijuan.", "Xi Meijuan=Xi Meijuan"},
		{"a dot inside", "en", "Shares of JD.com rose.", "JD.com=JD.com"},
		{"genitive", "de", "Das ist Deutschlands Antwort auf Friedrich Merz' und Pekings Plan.", "Deutschlands=Germany, Friedrich Merz=Friedrich Merz, Pekings=Beijing"},
		{"cases", "ru", "Встреча Путина с Трампом в Пекине.", "Путина=Vladimir Putin, Трампом=Donald Trump, Пекине=Beijing"},
		{"Chinese names in Latin letters", "es", "Hablaron Guo Haiyan y Wu Cheng-wen. Wu se fue.", "Guo Haiyan=Guo Haiyan, Wu Cheng-wen=Wu Cheng-wen, Wu=Wu Cheng-wen"},
		{"given names with a hyphen", "en", "He met Hau Lung-bin and Kim Shin-Wook. It was a Beijing-led, State-run talk.", "Hau Lung-bin=Hau Lung-bin, Kim Shin-Wook=Kim Shin-Wook, Beijing=Beijing"},
		{"acronym before its expansion", "en", "The NFB met. The Northern Fisheries Board (NFB) is new.", "NFB=Northern Fisheries Board, Northern Fisheries Board=Northern Fisheries Board, NFB=Northern Fisheries Board"},
		{"acronym of other words", "en", "The Italian Fisheries Board (CFI) met, and CFI left.", "Italian Fisheries Board=Italian Fisheries Board, CFI=CFI, CFI=CFI"},
		{"acronym in another order", "en", "The Italian Fisheries Board (BFI) met, and BFI left.", "Italian Fisheries Board=Italian Fisheries Board, BFI=Italian Fisheries Board, BFI=Italian Fisheries Board"},
		{"words that Arabic writes onto names", "ar", "مصر والأردن وللصين", "مصر=Egypt, الأردن=Jordan"},
		{"organization of a place", "zh", "他在德国汽车工业协会工作", "德国汽车工业协会=德国汽车工业协会"},
		{"a place inside a longer name", "zh", "马里奥来了,马里总统也来了", "马里=Mali"},
		{"a number is nobody", "en", "He quoted article XI of the law.", ""},
		{"words of nationality are no places", "en", "Chinese, Kenyan and Swedish firms met in Kenya.", "Kenya=Kenya"},
		{"title and surname first", "zh", "发言人毛小平表示,他不知道。毛小平没有回答。", "毛小平=毛小平, 毛小平=毛小平"},
		{"foreign name", "zh", "学者格雷厄姆·艾利森来了,艾利森说好。", "格雷厄姆·艾利森=格雷厄姆·艾利森, 艾利森=格雷厄姆·艾利森"},
		{"traditional", "zh", "華盛頓與習近平", "華盛頓=Washington, D.C., 習近平=Xi Jinping"},
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

// TestAgain: the same text gives the same mentions, whoever asks and how often.
func TestAgain(t *testing.T) {
	a, b := New(nil), New(nil)
	for _, lang := range goldLanguages {
		for _, g := range readGold(t, lang) {
			want := a.Recognize(g.parts[0], g.parts[1], lang)
			for _, r := range []*Recognizer{a, b} {
				if got := r.Recognize(g.parts[0], g.parts[1], lang); !slices.Equal(got, want) {
					t.Errorf("%s: %v, then %v", g.id, want, got)
				}
			}
		}
	}
}
