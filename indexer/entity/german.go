package entity

import (
	"strings"
	"unicode/utf8"

	"dateline"
)

// Rules for German organizations and persons. Every German noun has a capital:
// the rules go by what names are made of.

var (
	// germanHeads are the ends of words for public bodies, behind Bundes-, Landes-.
	germanHeads = strings.Fields(`amt gericht gerichtshof hof rat bank anstalt behorde polizei wehr agentur zentrale institut stiftung kammer verband vereinigung anwaltschaft akademie archiv stelle versammlung kriminalamt
 druckerei netzagentur kartellamt tag forst werk`)
	// germanHeadStems begin them.
	germanHeadStems = strings.Fields(`bundes landes staats`)
	// germanNotHead are such words that name no body.
	germanNotHead = set(`bundesrat landesrat staatsrat staatsakt landesverrat staatsanwaltschaft bundesstaat staatsbank landesbank bundestag landtag bundesbehorde landesbehorde staatstag staatspolizei bundestrainer bundespolizeiamt staatswerk`)
	// germanWithPlace stand before the place of a body: Landgericht Heilbronn.
	germanWithPlace = set(`staatsanwaltschaft generalstaatsanwaltschaft landgericht oberlandesgericht amtsgericht verwaltungsgericht oberverwaltungsgericht arbeitsgericht sozialgericht finanzgericht kammergericht
 universitat hochschule fachhochschule universitatsklinikum uniklinik universitatsklinik universitatsmedizin klinikum polizeiprasidium polizeidirektion landespolizeidirektion stadtwerke sparkasse volksbank handelskammer
 bezirksgericht kantonsspital kantonspolizei kantonsgericht obergericht landeskriminalamt philharmonie messe verkehrsbetriebe borse konservatorium`)
	// germanNouns2 end the second word of an organization's name behind an
	// adjective: Deutsche Forschungsgemeinschaft, Heilbronner Stimme.
	germanSecond = strings.Fields(`bank bund verband aufsicht gesellschaft stiftung verein institut akademie kammer zeitung rundfunk presse agentur union partei liga borse stimme nachrichten anzeiger tageblatt kurier
 allgemeine rundschau abendblatt morgenpost volksblatt bote merkur zentrale gewerkschaftsbund gemeinschaft museum hochschule universitat kirche hilfswerk bahnen verkehrsbetriebe volkspartei philharmoniker
 symphoniker staatsoper kreuz umwelthilfe bundesbahnen bundesbank nationalbank handelskammer arztekammer rektorenkonferenz wetterdienst`)
	// germanPressOnly are those that only name papers behind a town.
	germanBare = set(`stiftung gesellschaft verein institut verband union bund`)
	germanAdj  = set(`deutsche deutscher deutsches deutschen osterreichische osterreichischer osterreichischen osterreichisches oesterreichische oesterreichischen schweizerische schweizerischer schweizerischen
 eidgenossische eidgenossischen europaische europaischer europaischen technische technischen technischer freie freien medizinische medizinischen padagogische padagogischen bayerische bayerischer bayerischen sachsische sachsischen internationale internationaler internationalen nationale evangelische katholische
 katholischen evangelischen frankfurter allgemeine allgemeiner rheinische westdeutsche norddeutsche mitteldeutsche suddeutsche hessische ostdeutsche stuttgarter`)
	// germanRoles are nouns for what a company is, before its name.
	germanRoles = set(`konzern unternehmen firma hersteller zulieferer betreiber anbieter versicherer handler versorger autobauer softwarekonzern start-up startup tochter muttergesellschaft kette verlag partei gewerkschaft
 zeitung sender nachrichtenagentur magazin fluggesellschaft airline bank holding investor finanzinvestor chiphersteller pharmakonzern energiekonzern autozulieferer medienkonzern onlinehandler dienstleister lieferant reederei
 plattform organisation verband verein umweltorganisation menschenrechtsorganisation zeitschrift werft brauerei stahlkonzern wettbewerber konkurrent mitbewerber partner eigentumer anteilseigner burgerinitiative initiative aktionsbundnis bundnis netzwerk stiftung kanzlei agentur netzbetreiber`)
	// germanPeople end the nouns for people before a person's name.
	germanPeople = strings.Fields(`sprecher sprecherin minister ministerin chef chefin prasident prasidentin kanzler kanzlerin meister meisterin vorstand experte expertin anwalt anwaltin richter richterin professor
 professorin forscher forscherin historiker historikerin politiker politikerin trainer trainerin direktor direktorin leiter leiterin berater beraterin gouverneur gouverneurin abgeordnete abgeordneter autor
 autorin grunder grunderin unternehmer unternehmerin analyst analystin okonom okonomin beauftragte beauftragter kommissar kommissarin general journalist journalistin aktivist aktivistin sanger sangerin
 schauspieler schauspielerin kandidat kandidatin fuhrer fuhrerin botschafter botschafterin wissenschaftler wissenschaftlerin schriftsteller schriftstellerin arzt arztin chefarzt bischof papst konig konigin sekretar
 sekretarin rat ratin vorsitzende vorsitzender oberst kollege kollegin inspektor pfarrer landrat regisseur regisseurin psychologe psychologin soziologe soziologin physiker virologe juristin jurist
 manager managerin spieler spielerin sportler torwart mitarbeiter nachfolger vorganger`)
)

// germanRole reports whether a folded noun says what the name behind it is.
func germanRole(w string) bool {
	if germanRoles[w] {
		return true
	}
	for _, e := range []string{"konzern", "hersteller", "zulieferer", "bauer", "firma", "unternehmen", "anbieter", "betreiber", "handler", "versorger", "spezialist"} {
		if strings.HasSuffix(w, e) {
			return true
		}
	}
	return false
}

// germanPerson reports whether a folded noun says what the person behind it is.
func germanPerson(w string) bool {
	for _, v := range []string{w, strings.TrimSuffix(w, "s"), strings.TrimSuffix(w, "n"), strings.TrimSuffix(w, "en")} {
		for _, e := range germanPeople {
			if strings.HasSuffix(v, e) && (len(v) > len(e)+2 || v == e) {
				return true
			}
		}
	}
	return false
}

// germanOrgs finds organizations by what their names are made of.
func (d *doc) germanOrgs(p int) {
	ts := d.toks[p]
	for i := 0; i < len(ts); i++ {
		t := ts[i]
		if !t.cap || t.shout || d.known[p][i] > 0 {
			continue
		}
		w := nominative(t.fold)
		j := 0
		switch {
		case germanBody(w):
			j = d.germanFor(p, i+1)
			if j == i+1 && i+1 < len(ts) && ts[i+1].glue == glueSpace && d.placeAt(p, i+1) && strings.HasSuffix(w, "amt") {
				j = i + 2
			}
		case germanWithPlace[w] && i+1 < len(ts) && ts[i+1].glue == glueSpace && d.placeAt(p, i+1):
			j = d.placeEnd(p, i+1)
		case !germanWithPlace[w] && germanCompound(w) && i+1 < len(ts) && ts[i+1].glue == glueSpace && d.placeAt(p, i+1):
			j = d.placeEnd(p, i+1) // Elternbund Hessen
		case germanRole(t.fold) && i+1 < len(ts) && ts[i+1].glue == glueSpace && nameTok(ts[i+1]) && d.known[p][i+1] == 0 && !isFirstName(ts[i+1].fold) && !germanPerson(ts[i+1].fold):
			// der Netzbetreiber Tennet
			for j = i + 2; j < len(ts) && j-i < 4 && ts[j].glue == glueSpace && ts[j].cap && d.known[p][j] == 0 && !legalToken(ts[j]); j++ {
			}
			d.add(p, i+1, j, dateline.Organization, 6)
			i = j - 1
			continue
		case (germanAdj[t.fold] || d.townAdjective(t.fold)) && i+1 < len(ts) && ts[i+1].glue == glueSpace && ts[i+1].cap && germanSecondWord(nominative(ts[i+1].fold)):
			j = i + 2
			if j < len(ts) && ts[j].glue == glueSpace && ts[j].cap && germanBare[nominative(ts[i+1].fold)] && d.known[p][j] == 0 {
				j++
			}
			if j < len(ts) && ts[j].glue == glueSpace && academyWord(ts[j-1].fold) && d.placeAt(p, j) {
				j = d.placeEnd(p, j) // Technische Universität Dresden
			}
			j = d.germanFor(p, j)
		}
		if j <= i {
			continue
		}
		d.add(p, i, j, dateline.Organization, 7)
		if full := germanNominative(d.texts[p], ts[i:j], w); full != "" {
			d.spans[len(d.spans)-1].full = full
		}
		i = j - 1
	}
}

// germanNominative puts the name of a public body, or of an adjective and a
// noun, into the nominative, or gives nothing where it is already.
func germanNominative(text string, ts []token, w string) string {
	end := text[ts[len(ts)-1].start:ts[len(ts)-1].end]
	if !germanAdj[ts[0].fold] || len(ts) < 2 {
		if w == ts[0].fold {
			return ""
		}
		cut := len(ts[0].fold) - len(w) // the s or es of the genitive
		return ts[0].text[:len(ts[0].text)-cut] + text[ts[0].end:ts[len(ts)-1].start+len(end)]
	}
	noun := nominative(ts[1].fold)
	stem, ok := strings.CutSuffix(ts[0].text, "en")
	if !ok {
		if noun == ts[1].fold {
			return ""
		}
		stem = strings.TrimSuffix(ts[0].text, "es")
	}
	ending := "e"
	switch {
	case hasAnySuffix(noun, []string{"verband", "bund", "verein", "rat", "tag", "dienst", "rundfunk", "anzeiger", "kurier", "bote", "merkur"}):
		ending = "er"
	case hasAnySuffix(noun, []string{"institut", "museum", "kreuz", "werk", "tageblatt", "abendblatt", "volksblatt"}):
		ending = "es"
	}
	return stem + ending + text[ts[0].end:ts[1].start] + ts[1].text[:len(ts[1].text)-(len(ts[1].fold)-len(noun))] + text[ts[1].end:ts[len(ts)-1].end]
}

// academyWord reports whether a university's kind stands before its town.
func academyWord(w string) bool {
	return strings.HasSuffix(w, "universitat") || strings.HasSuffix(w, "hochschule") || strings.HasSuffix(w, "akademie")
}

// germanCompound reports whether a folded noun is made of whom an organization
// gathers and what it is: Elternbund, Flüchtlingsrat.
func germanCompound(w string) bool {
	for _, e := range []string{"bund", "verband", "verein", "rat", "kammer", "initiative", "netzwerk", "vereinigung", "gewerkschaft"} {
		if stem, ok := strings.CutSuffix(w, e); ok && len(stem) > 4 && !germanNotHead[w] && !titles[w] && !germanPerson(w) {
			return true
		}
	}
	return false
}

// nominative leaves out the genitive's s of a folded noun of a public body.
func nominative(w string) string {
	for _, e := range []string{"es", "s"} {
		if v, ok := strings.CutSuffix(w, e); ok && (germanWithPlace[v] || germanBody(v) || germanSecondWord(v) && e == "s") {
			return v
		}
	}
	return w
}

// germanBody reports whether a folded noun names a public body by itself.
func germanBody(w string) bool {
	if germanNotHead[w] {
		return false
	}
	if strings.HasSuffix(w, "ministerkonferenz") || strings.HasSuffix(w, "rektorenkonferenz") || strings.HasSuffix(w, "rechnungshof") {
		return true
	}
	for _, b := range germanHeadStems {
		if rest, ok := strings.CutPrefix(w, b); ok && utf8.RuneCountInString(rest) > 2 {
			for _, e := range germanHeads {
				if strings.HasSuffix(rest, e) {
					return true
				}
			}
		}
	}
	return false
}

func germanSecondWord(w string) bool {
	for _, e := range germanSecond {
		if strings.HasSuffix(w, e) {
			return true
		}
	}
	return false
}

// germanFor gives where a name ends that may go on at j with what it is for:
// für Logistik und Mobilität.
func (d *doc) germanFor(p, j int) int {
	ts := d.toks[p]
	if j+1 >= len(ts) || ts[j].fold != "fur" || ts[j].glue != glueSpace {
		return j
	}
	k := j + 1
	if ts[k].fold == "die" || ts[k].fold == "den" || ts[k].fold == "das" {
		k++
	}
	for k < len(ts) && !ts[k].cap && ts[k].glue == glueSpace && strings.HasSuffix(ts[k].fold, "e") && k+1 < len(ts) && ts[k+1].cap {
		k++ // für politische Bildung
	}
	if k >= len(ts) || !ts[k].cap || ts[k].glue != glueSpace {
		return j
	}
	end := k + 1
	for end+1 < len(ts) && (ts[end].fold == "und" && ts[end].glue == glueSpace || ts[end].glue == glueComma && ts[end].cap && ts[end+1].fold == "und") {
		n := end + 1
		if ts[end].glue == glueComma {
			n = end
		}
		if !ts[n].cap || ts[n].glue == glueBreak {
			break
		}
		end = n + 1
	}
	return end
}

// placeAt reports whether a known place or town begins at a token.
func (d *doc) placeAt(p, k int) bool {
	ts := d.toks[p]
	if n := d.known[p][k]; n > 0 {
		return d.spans[n-1].typ == dateline.Place
	}
	for _, a := range d.r.inContext[ts[k].fold] {
		if matches(a, ts[k:]) {
			return true
		}
	}
	return false
}

// placeEnd gives where the place that begins at a token ends.
func (d *doc) placeEnd(p, k int) int {
	ts := d.toks[p]
	if n := d.known[p][k]; n > 0 {
		end := k + 1
		for end < len(ts) && d.known[p][end] == n {
			end++
		}
		return end
	}
	for _, a := range d.r.inContext[ts[k].fold] {
		if matches(a, ts[k:]) {
			return k + len(a.words)
		}
	}
	return k + 1
}

// townAdjective reports whether a folded word is made of a town's name:
// Heilbronner, Dresdner.
func (d *doc) townAdjective(w string) bool {
	stem, ok := strings.CutSuffix(w, "er")
	if !ok || len(stem) < 4 {
		return false
	}
	for _, town := range []string{stem, stem + "en", strings.TrimSuffix(stem, "n") + "en", stem + "e"} {
		for _, index := range []map[string][]alias{d.r.first, d.r.inContext} {
			for _, a := range index[town] {
				if len(a.words) == 1 && d.r.ents[a.ent].Type == dateline.Place {
					return true
				}
			}
		}
	}
	return false
}

// germanPersons finds persons behind nouns for what they are.
func (d *doc) germanPersons(p int) {
	ts := d.toks[p]
	for i := 0; i+2 < len(ts); i++ {
		t := ts[i]
		if !t.cap || t.poss || ts[i+1].glue != glueSpace || !germanPerson(t.fold) || !nameTok(ts[i+1]) || germanPerson(ts[i+1].fold) || d.isKnown(p, i+1, i+2) || d.known[p][i+1] > 0 {
			continue
		}
		if j := d.personEnd(p, i+1); j-i-1 >= 2 && j-i-1 <= 4 && !d.anyOrg(p, i+1, j) {
			d.add(p, i+1, j, dateline.Person, 6)
			i = j - 1
		}
	}
}
