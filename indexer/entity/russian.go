package entity

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"dateline"
)

// Rules for Russian persons and organizations that no list has. Names have
// cases: what stands for them is put into the nominative.

// russianFirst are first names in Cyrillic, folded, in the nominative.
var russianFirst = set(`александр алексеи анатолии андреи антон аркадии арсении артем артур борис вадим валентин валерии василии виктор виталии владимир владислав вячеслав геннадии георгии герман глеб григории
 даниил денис дмитрии евгении егор иван игорь илья кирилл константин лев леонид максим марат марк михаил никита николаи олег павел петр роман руслан савелии семен сергеи станислав степан тимофеи тимур федор филипп
 эдуард юрии яков ярослав ильдар рустам рамзан магомед шамиль ахмед султан ринат айрат эльвира дамир
 александра алена алина алла анастасия анна валентина валерия вера вероника виктория галина дарья диана евгения екатерина елена елизавета жанна зинаида зоя инна ирина карина ксения лариса лидия любовь людмила
 маргарита марина мария надежда наталья наталия нина оксана олеся ольга полина раиса регина римма светлана софья софия тамара татьяна ульяна юлия яна эльмира
 владимиром дональд джо эммануэль олаф ангела борис джон майкл дэвид роберт уильям джеимс томас пол питер ричард мари жан пьер ханс карл йенс урсула
 володимир олександр сергии андрии дмитро микола петро тарас богдан остап михаило ярослав іван олена юлія оксана
 нурсултан касым жомарт шавкат садыр эмомали гурбангулы сердар никол ильхам михеил ираклии`)

// russianNouns stand before the quoted name of an organization.
var russianNouns = set(`компания компании компанию компаниеи партия партии партию партиеи газета газете газеты газету банк банка банке банку завод завода заводе концерн концерна холдинг холдинга фонд фонда
 агентство агентства издание издания изданию телеканал телеканала телеканалу корпорация корпорации группа группы сервис сервиса фирма фирмы движение движения клуб клуба предприятие предприятия
 авиакомпания авиакомпании сеть сети оператор журнал журнала радиостанция портал портала застроищик девелопер ассоциация общество`)

// russianForms are legal forms before a quoted name.
var russianForms = set(`ооо пао ао зао оао нко фгуп гуп ано нао тоо чвк`)

// russianNames finds persons by their first names, in any case.
func (d *doc) russianNames(p int) {
	ts := d.toks[p]
	for i := 0; i+1 < len(ts); i++ {
		t := ts[i]
		if !cyrillic(t) || !t.cap || t.upper {
			continue
		}
		w := t.fold
		if t.also != "" {
			w = t.also
		}
		first, oblique := russianFirstName(w)
		if first == "" {
			continue
		}
		j := i + 1
		if j+1 < len(ts) && patronymic(ts[j].fold) && ts[j].glue == glueSpace {
			j++
		}
		s := ts[j]
		if s.glue != glueSpace || !s.cap || s.upper || !cyrillic(s) || utf8.RuneCountInString(s.text) < 3 || d.known[p][i] > 0 && d.known[p][i] == d.known[p][j] {
			continue
		}
		sur := s.text
		if oblique {
			sur = nominativeSurname(s.text, strings.HasSuffix(first, "а") || strings.HasSuffix(first, "я"))
		}
		d.add(p, i, j+1, dateline.Person, 6)
		if x := &d.spans[len(d.spans)-1]; oblique {
			n, given := utf8.RuneLen([]rune(first)[0]), unfold(t.text, first)
			x.full = strings.ToUpper(first[:n]) + given[n:] + " " + sur
		}
		i = j
	}
}

// unfold gives a folded first name the letters that folding takes, as far as
// the text has them.
func unfold(text, first string) string {
	rs, ts := []rune(first), []rune(strings.ToLower(text))
	for k := range rs {
		if k < len(ts) && (rs[k] == 'и' && ts[k] == 'й' || rs[k] == 'е' && ts[k] == 'ё') {
			rs[k] = ts[k]
		}
	}
	if n := len(rs); n > 2 && rs[n-1] == 'и' && (rs[n-2] == 'е' || rs[n-2] == 'и' || rs[n-2] == 'о' || rs[n-2] == 'а') {
		rs[n-1] = 'й' // Сергея is of Сергей
	}
	return string(rs)
}

func cyrillic(t token) bool {
	c, _ := utf8.DecodeRuneInString(t.text)
	return unicode.Is(unicode.Cyrillic, c)
}

// russianFirstName gives the nominative of a first name, and whether the word
// is another case of it.
func russianFirstName(w string) (name string, oblique bool) {
	if russianFirst[w] {
		return w, false
	}
	for _, e := range russianEndings {
		for _, c := range e.cases {
			if stem, ok := strings.CutSuffix(w, c); ok && utf8.RuneCountInString(stem) > 1 && russianFirst[stem+e.end] {
				return stem + e.end, true
			}
		}
	}
	return "", false
}

func patronymic(w string) bool {
	for _, e := range []string{"ович", "евич", "ьич", "овна", "евна", "ична", "овича", "евича", "овны", "евны", "овичу", "евичу", "овичем", "евичем", "овне", "евне", "овнои", "евнои"} {
		if strings.HasSuffix(w, e) {
			return true
		}
	}
	return false
}

// nominativeSurname puts a surname in another case into the nominative.
func nominativeSurname(s string, female bool) string {
	ends := [][2]string{{"ского", "ский"}, {"скому", "ский"}, {"ским", "ский"}, {"ском", "ский"}, {"цкого", "цкий"}, {"цкому", "цкий"}, {"цким", "цкий"}, {"овым", "ов"}, {"евым", "ев"}, {"иным", "ин"}, {"ыным", "ын"}, {"ова", "ов"}, {"ева", "ев"}, {"ёва", "ёв"}, {"ина", "ин"}, {"ову", "ов"}, {"еву", "ев"}, {"ину", "ин"}, {"ове", "ов"}, {"еве", "ев"}, {"ине", "ин"}, {"ом", ""}, {"ем", "ь"}, {"а", ""}, {"у", ""}}
	if female {
		ends = [][2]string{{"скую", "ская"}, {"ской", "ская"}, {"овой", "ова"}, {"евой", "ева"}, {"иной", "ина"}, {"ову", "ова"}, {"еву", "ева"}, {"ину", "ина"}}
	}
	for _, e := range ends {
		if stem, ok := strings.CutSuffix(s, e[0]); ok && utf8.RuneCountInString(stem) > 2 {
			return stem + e[1]
		}
	}
	return s
}

// surnameCases gives the other cases of a folded Russian surname.
func surnameCases(w string) []string {
	c, _ := utf8.DecodeRuneInString(w)
	if !unicode.Is(unicode.Cyrillic, c) {
		return nil
	}
	var out []string
	add := func(stem string, ends ...string) {
		for _, e := range ends {
			out = append(out, stem+e)
		}
	}
	switch {
	case strings.HasSuffix(w, "скии") || strings.HasSuffix(w, "цкии"):
		add(strings.TrimSuffix(w, "ии"), "ого", "ому", "им", "ом")
	case strings.HasSuffix(w, "ская") || strings.HasSuffix(w, "цкая"):
		add(strings.TrimSuffix(w, "ая"), "ои", "ую")
	case strings.HasSuffix(w, "ова") || strings.HasSuffix(w, "ева") || strings.HasSuffix(w, "ина"):
		add(strings.TrimSuffix(w, "а"), "ои", "у")
	case strings.HasSuffix(w, "ов") || strings.HasSuffix(w, "ев") || strings.HasSuffix(w, "ин") || strings.HasSuffix(w, "ын"):
		add(w, "а", "у", "ым", "е")
	case strings.HasSuffix(w, "и"):
		add(strings.TrimSuffix(w, "и"), "я", "ю", "ем", "е")
	case strings.HasSuffix(w, "ь"):
		add(strings.TrimSuffix(w, "ь"), "я", "ю", "ем", "е")
	case strings.HasSuffix(w, "а"):
		add(strings.TrimSuffix(w, "а"), "ы", "и", "е", "у", "ои")
	case strings.HasSuffix(w, "о") || strings.HasSuffix(w, "е") || strings.HasSuffix(w, "у") || strings.HasSuffix(w, "ю"):
	default:
		add(w, "а", "у", "ом", "ем", "е")
	}
	return out
}

// russianHeads are words before the place whose body they are, in their cases.
var russianHeads = func() map[string]string {
	out := map[string]string{}
	for _, w := range []string{"Госсовет", "Облсуд", "Горсуд", "Минздрав", "Минстрой", "Заксобрание", "Госсобрание", "Мосгорсуд", "Хурал", "Курултай"} {
		k := fold(w)
		forms := []string{"", "а", "у", "ом", "е"}
		if strings.HasSuffix(k, "ие") {
			k, forms = strings.TrimSuffix(k, "е"), []string{"е", "я", "ю", "ем", "и"}
		}
		for _, e := range forms {
			out[k+e] = w
		}
	}
	return out
}()

// russianBody gives the nominative of a word that names a federal agency by
// its parts, or nothing: Рособрнадзор, Росреестра.
func russianBody(t token) string {
	if !t.cap || t.upper || !cyrillic(t) || !strings.HasPrefix(t.fold, "рос") && !strings.HasPrefix(t.fold, "глав") {
		return ""
	}
	for _, e := range []string{"надзор", "реестр", "стат", "мониторинг", "контроль", "молодежь", "туризм", "архив", "резерв", "лесхоз", "имущество", "авиация", "водресурсы", "госэкспертиза"} {
		for _, c := range append([]string{e}, surnameCases(e)...) {
			if strings.HasSuffix(t.fold, c) && utf8.RuneCountInString(t.fold) > utf8.RuneCountInString(c)+2 {
				return strings.TrimSuffix(t.text, c) + e
			}
		}
	}
	return ""
}

// russianOrgs finds organizations whose names stand in quotation marks behind
// what they are: ООО «Уралхимтех», партия «Яблоко».
func (d *doc) russianOrgs(p int) {
	text := d.texts[p]
	ts := d.toks[p]
	for i := 0; i+1 < len(ts); i++ {
		t := ts[i]
		if w := russianBody(t); w != "" && d.known[p][i] == 0 {
			d.add(p, i, i+1, dateline.Organization, 7)
			d.spans[len(d.spans)-1].full = w
			continue
		}
		if head := russianHeads[t.fold]; head != "" && t.cap && ts[i+1].glue == glueSpace && d.known[p][i+1] > 0 && d.spans[d.known[p][i+1]-1].typ == dateline.Place {
			d.add(p, i, i+2, dateline.Organization, 7) // Госсовет Татарстана
			d.spans[len(d.spans)-1].full = head + text[t.end:ts[i+1].end]
			continue
		}
		form := russianForms[t.fold] && t.upper
		if !cyrillic(t) || !form && !russianNouns[t.fold] {
			continue
		}
		gap := text[t.end:ts[i+1].start]
		quote := strings.TrimSpace(gap)
		if quote != "«" && quote != "\"" && quote != "„" && quote != "“" {
			continue
		}
		end := ts[i+1].start
		for k := i + 1; k < len(ts) && k < i+8; k++ {
			end = ts[k].end
			if k+1 == len(ts) || strings.ContainsAny(text[ts[k].end:ts[k+1].start], "»\"”“\n") {
				break
			}
		}
		name := text[ts[i+1].start:end]
		s := span{part: p, start: ts[i+1].start, end: end, typ: dateline.Organization, ent: -1, prio: 8}
		if form {
			s.start, s.full = t.start, name
			if rest := text[end:]; strings.HasPrefix(rest, "»") {
				s.end += len("»")
			} else if strings.HasPrefix(rest, "\"") {
				s.end++
			}
		}
		d.spans = append(d.spans, s)
		if form { // the name alone, for the search for it elsewhere
			d.aliases = append(d.aliases, [2]string{name, name})
		}
	}
}
