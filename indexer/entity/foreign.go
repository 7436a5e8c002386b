package entity

import (
	"strings"
	"unicode/utf8"

	"dateline"
)

// Rules for organizations and persons of French, Spanish, Italian and
// Portuguese texts, whose capitals are names but for the first word of a
// sentence.

// romance are the languages of this file.
var romance = map[string]bool{"fr": true, "es": true, "it": true, "pt": true, "ca": true}

var (
	// romanceHeads begin the names of organizations.
	romanceHeads = set(`ministere ministerio ministero assemblee asamblea assemblea conseil consejo consiglio conselho cour corte camara chambre camera tribunal tribunale parquet fiscalia
 procura procuraduria procuradoria universite universidad universita universidade institut instituto istituto banque banco banca partido parti partito syndicat sindicato sindacato federation federacion
 federazione confederation confederacion confederazione association asociacion associazione associacao fondation fundacion fondazione fundacao centre centro agence agencia agenzia
 autorite autoridad autorita autoridade commission comision commissione comissao comite comitato office oficina direction direccion secretaria secretariat hospital hopital ospedale ecole
 escuela scuola escola musee museo museu observatoire observatorio osservatorio reseau ligue liga lega union unione uniao mouvement movimiento movimento front frente fronte rassemblement coalition coalicion
 coalizione alianza alliance alleanza alianca programme programa organisation organizacion organizzazione organizacao police policia polizia gendarmerie guardia academie academia accademia societe sociedad
 societa compagnie compania compagnia groupe grupo gruppo bourse bolsa borsa servicio servizio defensoria contraloria superintendencia jurado registro corporacion junta consorcio patronal
 colegio college clinica clinique caisse caja cassa haut haute alta alto cruz croix croce parquet prefecture rectorat diputacion ayuntamiento generalitat xunta gendarmeria ejercito armada fuerza fuerzas comando
 bureau foro plataforma coordinadora comunidad accion action azione acao voluntad encuentro compromis alternativa renovacion ecologistas consumidores jueces vecinos juristas gobierno gouvernement governo teatro theatre opera orchestre orquesta orchestra editorial radio television televisora canal cadena comisiones medecins medicos unidad unite bloc bloque pacto convergencia`)
	// lowHeads are written small too.
	lowHeads = set(`ministere universite cour hopital lycee ecole institut prefecture tribunal parquet chambre faculte mairie academie universita tribunale procura conseil centre`)
	// nounLinks stand between the words of a name.
	nounLinks = set(`di de du des d del della dello dei degli delle do da dos das pour para per y et e la le les los las el lo il i en sur contra contre sin sans a al au aux por`)
	// frenchNouns are small words of French names behind a link.
	frenchNouns = set(`travail commerce sante justice presse securite mer finances comptes droits homme etat agriculture industrie marches defense recherche elections developpement energie environnement
 jeunesse affaires tourisme police armees nations statistique statistiques transports communication assises appel cassation instance controle surveillance gestion logement eau forets jeux consommateurs
 medecins enseignement education culture sports concurrence liberte libertes republique emploi entreprises France nature peuple femmes enfants victimes migrants refugies aviation espace etudes plan budget
 sciences hauteur sidaction climat planete journalistes avocats notaires maires magistrature`)
	// frenchEnds end the small adjectives of French names.
	frenchEnds = strings.Fields(`al ale aux ales ique iques iste istes ien ienne ain aine ais aise if ive el elle aire aires ois oise eur ee ier iere`)
	// companyNouns stand before the name of an organization.
	companyNouns = set(`association groupe collectif syndicat societe entreprise mouvement parti ong fondation banque chaine quotidien journal hebdomadaire magazine editeur constructeur siderurgiste fabricant
 operateur avionneur laboratoire start-up startup compagnie cabinet assureur distributeur geant site enseigne club federation institut agence radio think plateforme equipementier
 empresa compania firma grupo diario periodico partido sindicato cadena canal fundacion asociacion banco aerolinea petrolera constructora consultora fabricante gigante tecnologica multinacional farmaceutica
 emisora revista semanario portal plataforma coalicion alianza organizacion aseguradora minera cementera automovilistica operadora naviera cervecera organisation
 azienda societa gruppo banca quotidiano partito sindacato associazione casa empresa jornal companhia consorcio energetica electrica`)
	pressVerbs    = set(`ecrit rapporte revele selon indique affirme informo segun revelo publico reporto secondo riporta segundo noticiou`)
	pressArticles = set(`Le La Les El Los Las Il O`)
	mediaTail     = set(`radio tv television televisio noticias news info tele canal`)
	// governments are heads that name nobody before a country.
	governments   = set(`gobierno gouvernement governo`)
	romanceTitles = set(`m mme mlle me president presidente ministre ministro ministra exministro exministra senador senadora diputado diputada depute deputee senateur senatrice avocat avocate abogado abogada
 congresista gobernador gobernadora gouverneur vicepresidente vicepresidenta portavoz vocero vocera lider dirigente director directora secretario secretaria alcalde alcaldesa maire juez jueza juge magistrado
 magistrada fiscal procureur analista economista profesor profesora professeur professeure empresario empresaria periodista journaliste actor actriz escritor escritora comisario comisaria coronel general generale
 colonel rey reina roi reine prince princesse papa pape cardenal obispo arzobispo monsenor eveque abbe pere patron delegue deleguee porte-parole chercheur chercheuse economiste historien historienne
 sociologue politologue ambassadeur ambassadrice embajador embajadora canciller chef concejal consejero consejera investigador investigadora historiador historiadora futbolista cantante chanteur chanteuse
 actrice ecrivain ecrivaine realisateur realisatrice cineasta presidenta expresidente expresidenta exalcalde candidat candidate candidato candidata premier monsieur madame senor senora don dona doctor doctora
 docteur conseiller conseillere prefet prefete capitaine capitan comandante commandant lieutenant teniente sargento activista militante militant sindicalista onorevole avvocato dottore professore deputato
 governador governadora prefeito prefeita deputado deputada advogado ministra presidenza segretario sindaco`)
	romanceVerbs = set(`a ha declare dit affirme estime lance denonce explique souligne rappelle regrette precise assure annonce ajoute juge reconnait prevent promet reclame appelle critique conclut confie raconte
 dijo afirmo aseguro declaro lamento explico anadio senalo sostuvo advirtio pidio anuncio reconocio denuncio insistio indico manifesto comento exigio rechazo nego celebro critico acuso prometio aseguraba dice
 afirma asegura sostiene explica considera cree recuerda senala habló hablo respondio recordo subrayo confirmo informo relato expreso propuso llamo reclamo apunto detallo
 detto dichiarato spiegato afferma dice disse afirmou declarou explicou pediu criticou anunciou`)
	romanceFrom = set(`selon segun secondo segundo`)
)

// foreignHead are words that begin names of organizations in English texts too.
var foreignHead = set(`instituto istituto universidad universita universite universidade partido parti partito ministerio ministere fundacion fondation fondazione asociacion associacao movimiento movimento
 federacion federazione federation confederacion banco banca banque institut comision corte tribunale asamblea assemblee academia sindicato colegio museo ayuntamiento fiscalia`)

// romanceOrgs finds organizations by the word that begins their name, by the
// noun before it, and by an acronym behind it.
func (d *doc) romanceOrgs(p int) {
	ts := d.toks[p]
	for i := 0; i < len(ts); i++ {
		t := ts[i]
		if t.digit || t.shout {
			continue
		}
		beside := !t.cap && companyNouns[t.fold] && i+1 < len(ts) && ts[i+1].glue == glueSpace && nameTok(ts[i+1])
		if romanceHeads[t.fold] && (t.cap || lowHeads[t.fold]) && !beside && !(i > 0 && t.glue == glueSpace && ts[i-1].cap && !ts[i-1].begin) {
			if j := d.romanceEnd(p, i); j-i >= 2 && !governments[t.fold] && (t.cap || hasCap(ts[i+1:j])) && !(t.head && !t.cap) {
				d.add(p, i, j, dateline.Organization, 7)
				i = j - 1
				continue
			}
		}
		// Whose report it is: écrit Le Progrès, según La Hora.
		if pressVerbs[t.fold] && !t.cap && i+2 < len(ts) && ts[i+1].glue == glueSpace && pressArticles[ts[i+1].text] && ts[i+2].glue == glueSpace && ts[i+2].cap && d.known[p][i+2] == 0 {
			j := i + 3
			for j < len(ts) && j-i < 6 && ts[j].glue == glueSpace && ts[j].cap {
				j++
			}
			d.add(p, i+1, j, dateline.Organization, 7)
			i = j - 1
			continue
		}
		// A station or paper of a place: Catalunya Ràdio.
		if mediaTail[t.fold] && t.cap && i > 0 && t.glue == glueSpace && d.known[p][i-1] > 0 && d.spans[d.known[p][i-1]-1].typ == dateline.Place {
			d.add(p, i-1, i+1, dateline.Organization, 7)
			continue
		}
		if beside && d.known[p][i+1] == 0 && !isFirstName(ts[i+1].fold) {
			j := i + 2
			for j < len(ts) && j-i < 5 && ts[j].glue <= glueHyphen && ts[j].glue != glueBreak && (ts[j].cap || endsName(ts, j)) && !ts[j].digit {
				j++
			}
			if j-i < 4 || !romanceVerbs[ts[j-1].fold] {
				d.add(p, i+1, j, dateline.Organization, 6)
				i = j - 1
			}
		}
	}
}

// endsName reports whether a small adjective at j ends a name: parti Québec
// solidaire.
func endsName(ts []token, j int) bool {
	return frenchAdjective(ts[j].fold) && (j+1 == len(ts) || ts[j+1].glue != glueSpace || nounLinks[ts[j+1].fold])
}

func hasCap(ts []token) bool {
	for _, t := range ts {
		if t.cap {
			return true
		}
	}
	return false
}

func frenchAdjective(w string) bool {
	if utf8.RuneCountInString(w) < 5 {
		return false
	}
	for _, e := range frenchEnds {
		if strings.HasSuffix(w, e) {
			return true
		}
	}
	return false
}

// romanceEnd gives where the organization's name that begins at i ends.
func (d *doc) romanceEnd(p, i int) int {
	ts := d.toks[p]
	french := d.language() == "fr"
	end, after := i+1, false // after a link
	whose := false           // a complement has begun
	for j := i + 1; j < len(ts) && j-i < 12; j++ {
		t := ts[j]
		if t.glue != glueSpace && t.glue != glueHyphen && !t.elided || t.glue == glueParen || t.glue == glueBreak || t.glue == glueComma || ts[j-1].poss {
			break
		}
		switch {
		case t.cap && !t.digit:
			if after && (romanceHeads[t.fold] && !t.elided && whose || t.upper) {
				return end
			}
			if after && d.otherEntity(p, j) && ts[j-1].fold != "de" && ts[j-1].fold != "del" && ts[j-1].fold != "du" && !t.elided {
				return end
			}
			end, after = j+1, false
		case (t.fold == "y" || t.fold == "et" || t.fold == "e") && (!whose || after):
			return end
		case nounLinks[t.fold]:
			after = true
			whose = whose || t.fold == "de" || t.fold == "du" || t.fold == "des" || t.fold == "del" || t.fold == "d" || t.fold == "do" || t.fold == "da"
			if (t.fold == "a" || t.fold == "al" || t.fold == "au" || t.fold == "en" || t.fold == "por" || t.fold == "sur" || t.fold == "e") && !(!french && t.fold != "a" && t.fold != "en" && d.nameAfter(p, j+1)) {
				return end
			}
		case french && !after && (frenchAdjective(t.fold) || j == i+1 && ts[i].fold == "parti" && ts[i].cap && !stop[t.fold] && len(t.fold) > 3) && !romanceVerbs[t.fold]:
			end = j + 1
		case french && (after || t.elided) && frenchNouns[t.fold]:
			end, after = j+1, false
		default:
			return end
		}
	}
	return end
}

// nameAfter reports whether a word with a capital stands at a token, or behind
// an article there, that begins no other entity.
func (d *doc) nameAfter(p, j int) bool {
	ts := d.toks[p]
	if j < len(ts) && nounLinks[ts[j].fold] && !ts[j].cap {
		j++
	}
	return j < len(ts) && ts[j].cap && ts[j].glue == glueSpace && !d.otherEntity(p, j)
}

// otherEntity reports whether a known person or organization begins at a token.
func (d *doc) otherEntity(p, j int) bool {
	n := d.known[p][j]
	return n > 0 && d.spans[n-1].typ != dateline.Place
}

// romancePersons finds persons whose names no list has, where they speak, or
// stand beside what they are.
func (d *doc) romancePersons(p int) {
	ts := d.toks[p]
	for i := 0; i < len(ts); i++ {
		t := ts[i]
		if !nameTok(t) || t.head || t.shout || particles[t.fold] || romanceTitles[t.fold] || romanceHeads[t.fold] || i > 0 && t.glue <= glueHyphen && t.glue != glueBreak && ts[i-1].cap && !romanceTitles[ts[i-1].fold] && !ts[i-1].begin {
			continue
		}
		j := d.personEnd(p, i)
		n := j - i
		if n < 1 || n > 5 || d.isKnown(p, i, j) || d.anyOrg(p, i, j) || d.known[p][i] > 0 || romanceHeads[ts[j-1].fold] {
			continue
		}
		before := ""
		if i > 0 && (t.glue == glueSpace || t.glue == glueComma && !t.begin) {
			before = ts[i-1].fold
		}
		title := romanceTitles[before] && t.glue == glueSpace
		verb := j < len(ts) && ts[j].glue == glueSpace && romanceVerbs[ts[j].fold] || i > 0 && t.glue == glueSpace && (romanceVerbs[before] && len(before) > 2 || romanceFrom[before])
		beside := t.glue == glueComma && j < len(ts) && (ts[j].glue == glueComma || ts[j].glue == glueBreak) || j+1 < len(ts) && ts[j].glue == glueComma && romanceTitles[ts[j].fold]
		short := n == 1 && (before == "m" || before == "mme" || before == "mlle" || before == "me" || before == "senor" || before == "senora" || before == "don" || before == "dona")
		alone := n > 1 && n <= 3 && !t.begin && d.aloneOnce(ts[j-1].fold)
		if n >= 2 && (title || verb || beside || alone) || short && title {
			d.add(p, i, j, dateline.Person, 6)
			i = j - 1
		}
	}
}

// aloneOnce is alone, for languages where what has a capital is a name.
func (d *doc) aloneOnce(w string) bool {
	d.alone(w)
	return d.single[w] >= 1
}

// legalNames finds organizations by the legal form that ends their names.
func (d *doc) legalNames(p int) {
	ts := d.toks[p]
	for k := 1; k < len(ts); k++ {
		if !legalToken(ts[k]) || ts[k].glue != glueSpace && ts[k].glue != glueComma || ts[k].head && !ts[k].upper {
			continue
		}
		i := k
		for i > 0 && k-i < 6 && (i == k || ts[i].glue == glueSpace || ts[i].glue == glueHyphen) && !ts[i-1].poss {
			if w := ts[i-1]; !w.cap && w.text != "&" || w.digit || w.begin && stop[w.fold] || d.de && germanRole(w.fold) || legalToken(w) {
				break
			}
			i--
		}
		for i < k && !ts[i].cap {
			i++
		}
		if i < k && !ts[i].shout && (d.known[p][i] == 0 || k-i > 1) {
			d.add(p, i, k+1, dateline.Organization, 8)
		}
	}
}

// legalToken reports whether a word is a company's legal form as it is written.
func legalToken(t token) bool {
	switch strings.ReplaceAll(t.text, ".", "") {
	case "SA", "SAS", "SARL", "SASU", "SL", "SLU", "SAU", "GmbH", "AG", "SE", "KG", "KGaA", "OHG", "UG", "SpA", "SRL", "Srl", "Ltda", "Lda", "NV", "BV", "AB", "ASA", "Oyj", "mbH", "eG", "SAC":
		return true
	}
	return false
}
